package operations

import (
	"context"
	"fmt"
	"strings"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// products has the operations of Twilio's other hosts. IDs are of our own.
var products = []Operation{
	{"CreateSecondaryAuthToken", "POST https://accounts.twilio.com/v1/AuthTokens/Secondary", "auth_tokens.create_secondary", "AuthTokens.CreateSecondary", nil, nil},
	{"DeleteSecondaryAuthToken", "DELETE https://accounts.twilio.com/v1/AuthTokens/Secondary", "auth_tokens.delete_secondary", "AuthTokens.DeleteSecondary", secondaryToken, nil},
	{"PromoteAuthToken", "POST https://accounts.twilio.com/v1/AuthTokens/Promote", "auth_tokens.promote", "AuthTokens.Promote", secondaryToken, nil},

	{"CreateIAMKey", "POST https://iam.twilio.com/v1/Keys", "iam.keys.create", "IAM.Keys.Create", keys, newIAMKey},
	{"FetchIAMKey", "GET https://iam.twilio.com/v1/Keys/{sid:SK}", "iam.keys.get", "IAM.Keys.Get", keys, nil},
	{"UpdateIAMKey", "POST https://iam.twilio.com/v1/Keys/{sid:SK}", "iam.keys.update", "IAM.Keys.Update", keys, twilio.IAMKeyUpdateParams{FriendlyName: new("new")}},
	{"DeleteIAMKey", "DELETE https://iam.twilio.com/v1/Keys/{sid:SK}", "iam.keys.delete", "IAM.Keys.Delete", keys, nil},
	{"ListIAMKey", "GET https://iam.twilio.com/v1/Keys", "iam.keys.list", "IAM.Keys.List", keys, nil},

	{"CreateMessagingService", "POST https://messaging.twilio.com/v1/Services", "messaging_services.create", "MessagingServices.Create", messagingServices, twilio.MessagingServiceCreateParams{FriendlyName: "new"}},
	{"FetchMessagingService", "GET https://messaging.twilio.com/v1/Services/{sid:MG}", "messaging_services.get", "MessagingServices.Get", messagingServices, nil},
	{"UpdateMessagingService", "POST https://messaging.twilio.com/v1/Services/{sid:MG}", "messaging_services.update", "MessagingServices.Update", messagingServices, twilio.MessagingServiceUpdateParams{FriendlyName: new("new")}},
	{"DeleteMessagingService", "DELETE https://messaging.twilio.com/v1/Services/{sid:MG}", "messaging_services.delete", "MessagingServices.Delete", messagingServices, nil},
	{"ListMessagingService", "GET https://messaging.twilio.com/v1/Services", "messaging_services.list", "MessagingServices.List", messagingServices, nil},

	{"CreateMessagingServicePhoneNumber", "POST https://messaging.twilio.com/v1/Services/{serviceSID:MG}/PhoneNumbers", "messaging_services.phone_numbers.create", "MessagingServices.PhoneNumbers.Create", poolNumbers, twilio.MessagingServicePhoneNumberCreateParams{PhoneNumberSID: freeNumber}},
	{"FetchMessagingServicePhoneNumber", "GET https://messaging.twilio.com/v1/Services/{serviceSID:MG}/PhoneNumbers/{sid:PN}", "messaging_services.phone_numbers.get", "MessagingServices.PhoneNumbers.Get", poolNumbers, nil},
	{"DeleteMessagingServicePhoneNumber", "DELETE https://messaging.twilio.com/v1/Services/{serviceSID:MG}/PhoneNumbers/{sid:PN}", "messaging_services.phone_numbers.delete", "MessagingServices.PhoneNumbers.Delete", poolNumbers, nil},
	{"ListMessagingServicePhoneNumber", "GET https://messaging.twilio.com/v1/Services/{serviceSID:MG}/PhoneNumbers", "messaging_services.phone_numbers.list", "MessagingServices.PhoneNumbers.List", poolNumbers, nil},

	{"CreateMessagingServiceShortCode", "POST https://messaging.twilio.com/v1/Services/{serviceSID:MG}/ShortCodes", "messaging_services.short_codes.create", "MessagingServices.ShortCodes.Create", poolShortCodes, twilio.MessagingServiceShortCodeCreateParams{ShortCodeSID: "SC000000000000000000000000000000f3"}},
	{"FetchMessagingServiceShortCode", "GET https://messaging.twilio.com/v1/Services/{serviceSID:MG}/ShortCodes/{sid:SC}", "messaging_services.short_codes.get", "MessagingServices.ShortCodes.Get", poolShortCodes, nil},
	{"DeleteMessagingServiceShortCode", "DELETE https://messaging.twilio.com/v1/Services/{serviceSID:MG}/ShortCodes/{sid:SC}", "messaging_services.short_codes.delete", "MessagingServices.ShortCodes.Delete", poolShortCodes, nil},
	{"ListMessagingServiceShortCode", "GET https://messaging.twilio.com/v1/Services/{serviceSID:MG}/ShortCodes", "messaging_services.short_codes.list", "MessagingServices.ShortCodes.List", poolShortCodes, nil},

	{"CreateMessagingServiceAlphaSender", "POST https://messaging.twilio.com/v1/Services/{serviceSID:MG}/AlphaSenders", "messaging_services.alpha_senders.create", "MessagingServices.AlphaSenders.Create", poolAlphaSenders, twilio.MessagingServiceAlphaSenderCreateParams{AlphaSender: "Acme"}},
	{"FetchMessagingServiceAlphaSender", "GET https://messaging.twilio.com/v1/Services/{serviceSID:MG}/AlphaSenders/{sid:AI}", "messaging_services.alpha_senders.get", "MessagingServices.AlphaSenders.Get", poolAlphaSenders, nil},
	{"DeleteMessagingServiceAlphaSender", "DELETE https://messaging.twilio.com/v1/Services/{serviceSID:MG}/AlphaSenders/{sid:AI}", "messaging_services.alpha_senders.delete", "MessagingServices.AlphaSenders.Delete", poolAlphaSenders, nil},
	{"ListMessagingServiceAlphaSender", "GET https://messaging.twilio.com/v1/Services/{serviceSID:MG}/AlphaSenders", "messaging_services.alpha_senders.list", "MessagingServices.AlphaSenders.List", poolAlphaSenders, nil},

	{"FetchBundle", "GET https://numbers.twilio.com/v2/RegulatoryCompliance/Bundles/{sid:BU}", "regulatory.bundles.get", "Regulatory.Bundles.Get", bundles, nil},
	{"ListBundle", "GET https://numbers.twilio.com/v2/RegulatoryCompliance/Bundles", "regulatory.bundles.list", "Regulatory.Bundles.List", bundles, nil},
	{"CloneBundle", "POST https://numbers.twilio.com/v2/RegulatoryCompliance/Bundles/{sid:BU}/Clones", "regulatory.bundles.clone", "Regulatory.Bundles.Clone", bundles, twilio.BundleCloneParams{TargetAccountSID: cloneTarget}},

	{"FetchVoiceSettings", "GET https://voice.twilio.com/v1/Settings", "voice_settings.get", "VoiceSettings.Get", nil, nil},
	{"UpdateVoiceSettings", "POST https://voice.twilio.com/v1/Settings", "voice_settings.update", "VoiceSettings.Update", nil, twilio.VoiceSettingsUpdateParams{DialingPermissionsInheritance: new(true)}},
}

// IsProduct reports whether the operation is on another host than the API's, where
// credentials act on their own account.
func (op Operation) IsProduct() bool { return strings.Contains(op.Request, " https://") }

// OfAPI returns the operations of the API of 2010-04-01, which has a
// specification.
func OfAPI() []Operation {
	var api []Operation
	for _, op := range All {
		if !op.IsProduct() {
			api = append(api, op)
		}
	}
	return api
}

// URL is that of the request for an account, with the examples of Args.
func (op Operation) URL(account string) string {
	if op.IsProduct() {
		return op.fill(op.Template())
	}
	return "https://api.twilio.com" + op.Path(account)
}

const (
	freeNumber  = "PN000000000000000000000000000000f3"
	cloneTarget = "AC000000000000000000000000000000f3"
)

var newIAMKey = twilio.IAMKeyCreateParams{KeyType: twilio.IAMKeyTypeRestricted,
	Policy: twilio.IAMPolicy{Allow: []string{"/twilio/messaging/messages/read"}}}

func secondaryToken(srv *twiliotest.Server) []string {
	must(srv.Client().AuthTokens.CreateSecondary(context.Background()))
	return nil
}

func messagingServices(srv *twiliotest.Server) []string {
	return pair(func() string { return srv.AddMessagingService(srv.AccountSID) })
}

// pool makes a service and returns its SID and that of the first of two senders.
func pool(srv *twiliotest.Server, add func(service string) (sid string)) []string {
	service := srv.AddMessagingService(srv.AccountSID)
	return append([]string{service}, pair(func() string { return add(service) })...)
}

func poolNumbers(srv *twiliotest.Server) []string {
	srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{SID: freeNumber, PhoneNumber: "+14155550299"})
	senders := srv.Client().MessagingServices.PhoneNumbers
	n := 0
	return pool(srv, func(service string) string {
		n++
		number := srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: fmt.Sprint("+1415555020", n)})
		return must(senders.Create(context.Background(), service, twilio.MessagingServicePhoneNumberCreateParams{PhoneNumberSID: number.SID})).SID
	})
}

func poolShortCodes(srv *twiliotest.Server) []string {
	senders := srv.Client().MessagingServices.ShortCodes
	n := 0
	return pool(srv, func(service string) string {
		n++
		params := twilio.MessagingServiceShortCodeCreateParams{ShortCodeSID: fmt.Sprintf("SC%032d", n)}
		return must(senders.Create(context.Background(), service, params)).SID
	})
}

func poolAlphaSenders(srv *twiliotest.Server) []string {
	senders := srv.Client().MessagingServices.AlphaSenders
	n := 0
	return pool(srv, func(service string) string {
		n++
		params := twilio.MessagingServiceAlphaSenderCreateParams{AlphaSender: fmt.Sprint("Sender ", n)}
		return must(senders.Create(context.Background(), service, params)).SID
	})
}

func bundles(srv *twiliotest.Server) []string {
	srv.AddSubaccounts(twilio.Account{SID: cloneTarget})
	return pair(func() string { return srv.AddBundle(srv.AccountSID, twilio.Bundle{}).SID })
}
