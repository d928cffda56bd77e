package operations

import (
	"context"
	"fmt"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

const (
	fromPhone      = "+15005550006"
	toPhone        = "+14155550100"
	availablePhone = "+14155550123"
)

var (
	newAddress = twilio.AddressCreateParams{CustomerName: "C", Street: "1 Main St", City: "Oakland",
		Region: "CA", PostalCode: "94607", ISOCountry: "US"}
	newParticipant  = twilio.ParticipantCreateParams{From: fromPhone, To: toPhone}
	newUsageTrigger = twilio.UsageTriggerCreateParams{CallbackURL: "https://example.com/",
		TriggerValue: "+30", UsageCategory: twilio.UsageCategoryCalls}
	newPayment      = twilio.PaymentCreateParams{IdempotencyKey: "1", StatusCallback: "https://example.com/"}
	newStream       = twilio.StreamCreateParams{URL: "wss://example.com/"}
	newSubscription = twilio.UserDefinedMessageSubscriptionCreateParams{Callback: "https://example.com/"}
	newAddOn        = twilio.AssignedAddOnCreateParams{InstalledAddOnSID: "XE0123456789abcdef0123456789abcdef"}
)

// pair adds two things and returns the SID of the first.
func pair(add func() (sid string)) []string {
	first := add()
	add()
	return []string{first}
}

func subaccounts(srv *twiliotest.Server) []string {
	n := 0
	return pair(func() string {
		n++
		sid := fmt.Sprintf("AC%032d", 1000+n)
		srv.AddSubaccounts(twilio.Account{SID: sid, FriendlyName: "sub"})
		return sid
	})
}

func addresses(srv *twiliotest.Server) []string {
	return pair(func() string { return srv.AddAddress(srv.AccountSID, twilio.Address{CustomerName: "C"}).SID })
}

func addressWithNumbers(srv *twiliotest.Server) []string {
	sids := addresses(srv)
	for range 2 {
		srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{AddressSID: sids[0]})
	}
	return sids
}

func applications(srv *twiliotest.Server) []string {
	return pair(func() string {
		return must(srv.Client().Applications.Create(context.Background(), twilio.ApplicationCreateParams{})).SID
	})
}

// country is one that has the kind of number in question.
func country(code string) func(*twiliotest.Server) []string {
	return func(*twiliotest.Server) []string { return []string{code} }
}

func authorizedConnectApps(srv *twiliotest.Server) []string {
	return pair(func() string {
		return srv.AddAuthorizedConnectApp(srv.AccountSID, twilio.AuthorizedConnectApp{}).ConnectAppSID
	})
}

func connectApps(srv *twiliotest.Server) []string {
	return pair(func() string { return srv.AddConnectApp(srv.AccountSID, twilio.ConnectApp{}).SID })
}

func notifications(srv *twiliotest.Server) []string {
	return pair(func() string { return srv.AddNotification(srv.AccountSID, twilio.Notification{ErrorCode: 11200}).SID })
}

func shortCodes(srv *twiliotest.Server) []string {
	return pair(func() string { return srv.AddShortCode(srv.AccountSID, twilio.ShortCode{ShortCode: "894546"}).SID })
}

func calls(srv *twiliotest.Server) []string {
	return pair(func() string {
		return srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress}).SID
	})
}

func endedCalls(srv *twiliotest.Server) []string {
	return pair(func() string {
		return srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusCompleted}).SID
	})
}

func conferences(srv *twiliotest.Server) []string {
	n := 0
	return pair(func() string {
		n++
		return addParticipant(srv, fmt.Sprint("room ", n)).ConferenceSID
	})
}

func participants(srv *twiliotest.Server) []string {
	conference := ""
	call := pair(func() string {
		p := addParticipant(srv, "room")
		conference = p.ConferenceSID
		return p.CallSID
	})
	return append([]string{conference}, call...)
}

func addParticipant(srv *twiliotest.Server, conference string) *twilio.Participant {
	return must(srv.Client().Conferences.Participants.Create(context.Background(), conference, newParticipant))
}

func callWithEvents(srv *twiliotest.Server) []string {
	c, ctx := srv.Client().Calls, context.Background()
	call := must(c.Create(ctx, twilio.CallCreateParams{From: fromPhone, To: toPhone, TwiML: "<Response/>"}))
	must(c.Update(ctx, call.SID, twilio.CallUpdateParams{TimeLimit: new(60)}))
	return []string{call.SID}
}

func callNotifications(srv *twiliotest.Server) []string {
	sids := calls(srv)
	return append(sids, pair(func() string {
		n := twilio.Notification{CallSID: sids[0], ErrorCode: 11200}
		return srv.AddNotification(srv.AccountSID, n).SID
	})...)
}

func payments(srv *twiliotest.Server) []string {
	sids := calls(srv)
	return append(sids, must(srv.Client().Calls.Payments.Create(context.Background(), sids[0], newPayment)).SID)
}

func siprecSessions(srv *twiliotest.Server) []string {
	sids := calls(srv)
	return append(sids, must(srv.Client().Calls.Siprec.Create(context.Background(), sids[0], twilio.SiprecCreateParams{})).SID)
}

func streams(srv *twiliotest.Server) []string {
	sids := calls(srv)
	return append(sids, must(srv.Client().Calls.Streams.Create(context.Background(), sids[0], newStream)).SID)
}

func realtimeTranscriptions(srv *twiliotest.Server) []string {
	sids, params := calls(srv), twilio.RealtimeTranscriptionCreateParams{}
	return append(sids, must(srv.Client().Calls.Transcriptions.Create(context.Background(), sids[0], params)).SID)
}

func subscriptions(srv *twiliotest.Server) []string {
	sids := calls(srv)
	return append(sids, must(srv.Client().Calls.UserDefinedMessageSubscriptions.Create(context.Background(), sids[0], newSubscription)).SID)
}

func queues(srv *twiliotest.Server) []string {
	return pair(func() string {
		return must(srv.Client().Queues.Create(context.Background(), twilio.QueueCreateParams{FriendlyName: "queue"})).SID
	})
}

func queueMembers(srv *twiliotest.Server) []string {
	var queue string
	sids := pair(func() string {
		m := srv.Enqueue(srv.AccountSID, "queue", calls(srv)[0])
		queue = m.QueueSID
		return m.CallSID
	})
	return append([]string{queue}, sids...)
}

func addOns(srv *twiliotest.Server) []string {
	sids, service, ctx := phoneNumbers(srv), srv.Client().IncomingPhoneNumbers.AssignedAddOns, context.Background()
	sids = append(sids, pair(func() string { return must(service.Create(ctx, sids[0], newAddOn)).SID })...)
	extensions := must(service.Extensions.List(ctx, sids[0], sids[1], twilio.AddOnExtensionListParams{}))
	return append(sids, extensions.Items[0].SID)
}

func phoneNumbers(srv *twiliotest.Server) []string { return addNumbers(srv, "+1415555020") }

func mobileNumbers(srv *twiliotest.Server) []string { return addNumbers(srv, "+44791112345") }

func tollFreeNumbers(srv *twiliotest.Server) []string { return addNumbers(srv, "+1888555020") }

func addNumbers(srv *twiliotest.Server, prefix string) []string {
	n := 0
	return pair(func() string {
		n++
		number := twilio.IncomingPhoneNumber{PhoneNumber: fmt.Sprint(prefix, n)}
		return srv.AddPhoneNumber(srv.AccountSID, number).SID
	})
}

func keys(srv *twiliotest.Server) []string {
	return pair(func() string {
		return must(srv.Client().Keys.Create(context.Background(), twilio.KeyCreateParams{})).SID
	})
}

func messages(srv *twiliotest.Server) []string {
	return pair(func() string {
		return srv.AddMessage(srv.AccountSID, twilio.Message{Status: twilio.MessageStatusDelivered}).SID
	})
}

func callerIDs(srv *twiliotest.Server) []string {
	params := twilio.OutgoingCallerIDListParams{}
	return pair(func() string {
		srv.AddCallerID(srv.AccountSID, toPhone)
		return must(srv.Client().OutgoingCallerIDs.List(context.Background(), params)).Items[0].SID
	})
}

func signingKeys(srv *twiliotest.Server) []string {
	return pair(func() string {
		return must(srv.Client().SigningKeys.Create(context.Background(), twilio.SigningKeyCreateParams{})).SID
	})
}

// sipPassword is one that Twilio accepts.
var sipPassword = twilio.NewSecret("IWasAtSignal2018")

// These lists are there to be mapped to a domain.
const (
	sipCredentialListSID      = "CL00000000000000000000000000000009"
	sipIPAccessControlListSID = "AL00000000000000000000000000000009"
)

func sipCredentialLists(srv *twiliotest.Server) []string {
	return pair(func() string {
		return srv.AddSIPCredentialList(srv.AccountSID, twilio.SIPCredentialList{FriendlyName: "list"}).SID
	})
}

func sipCredentials(srv *twiliotest.Server) []string {
	list, n := sipCredentialLists(srv)[0], 0
	return append([]string{list}, pair(func() string {
		n++
		return must(srv.Client().SIP.CredentialLists.Credentials.Create(context.Background(), list,
			twilio.SIPCredentialCreateParams{Username: fmt.Sprint("user", n), Password: sipPassword})).SID
	})...)
}

func sipIPAccessControlLists(srv *twiliotest.Server) []string {
	return pair(func() string {
		return srv.AddSIPIPAccessControlList(srv.AccountSID, twilio.SIPIPAccessControlList{FriendlyName: "list"}).SID
	})
}

func sipIPAddresses(srv *twiliotest.Server) []string {
	list := sipIPAccessControlLists(srv)[0]
	return append([]string{list}, pair(func() string {
		return must(srv.Client().SIP.IPAccessControlLists.IPAddresses.Create(context.Background(), list,
			twilio.SIPIPAddressCreateParams{FriendlyName: "address", IPAddress: "192.0.2.1"})).SID
	})...)
}

func sipDomains(srv *twiliotest.Server) []string {
	n := 0
	return pair(func() string {
		n++
		return must(srv.Client().SIP.Domains.Create(context.Background(),
			twilio.SIPDomainCreateParams{DomainName: fmt.Sprint("domain", n, ".sip.twilio.com")})).SID
	})
}

func sipCallCredentials(srv *twiliotest.Server) []string {
	return mappedSIPCredentials(srv, srv.Client().SIP.Domains.Auth.Calls.CredentialListMappings)
}

func sipRegistrationCredentials(srv *twiliotest.Server) []string {
	return mappedSIPCredentials(srv, srv.Client().SIP.Domains.Auth.Registrations.CredentialListMappings)
}

// mappedSIPCredentials is a domain with two mapped lists. A third isn't mapped.
func mappedSIPCredentials(srv *twiliotest.Server, mappings *twilio.SIPCredentialListMappingService) []string {
	srv.AddSIPCredentialList(srv.AccountSID, twilio.SIPCredentialList{SID: sipCredentialListSID, FriendlyName: "new"})
	domain := sipDomains(srv)[0]
	return append([]string{domain}, pair(func() string {
		params := twilio.SIPCredentialListMappingCreateParams{CredentialListSID: sipCredentialLists(srv)[0]}
		return must(mappings.Create(context.Background(), domain, params)).SID
	})...)
}

// sipCallAddresses is a domain with two mapped lists. A third isn't mapped.
func sipCallAddresses(srv *twiliotest.Server) []string {
	srv.AddSIPIPAccessControlList(srv.AccountSID, twilio.SIPIPAccessControlList{SID: sipIPAccessControlListSID, FriendlyName: "new"})
	domain := sipDomains(srv)[0]
	return append([]string{domain}, pair(func() string {
		params := twilio.SIPIPAccessControlListMappingCreateParams{IPAccessControlListSID: sipIPAccessControlLists(srv)[0]}
		mappings := srv.Client().SIP.Domains.Auth.Calls.IPAccessControlListMappings
		return must(mappings.Create(context.Background(), domain, params)).SID
	})...)
}

func usageTriggers(srv *twiliotest.Server) []string {
	return pair(func() string {
		return must(srv.Client().Usage.Triggers.Create(context.Background(), newUsageTrigger)).SID
	})
}

// media are those of a message.
func media(srv *twiliotest.Server) []string {
	message := srv.AddMessage(srv.AccountSID, twilio.Message{NumMedia: 2}).SID
	files := must(srv.Client().Messages.Media.List(context.Background(), message, twilio.MediaListParams{}))
	return []string{message, files.Items[0].SID}
}

func recordings(srv *twiliotest.Server) []string {
	return pair(func() string { return srv.AddRecording(srv.AccountSID, twilio.Recording{Duration: 1}).SID })
}

// callRecordings are finished ones of a call that goes on.
func callRecordings(srv *twiliotest.Server) []string {
	return recordingsOfCall(srv, twilio.RecordingStatusCompleted)
}

func runningRecordings(srv *twiliotest.Server) []string {
	return recordingsOfCall(srv, twilio.RecordingStatusInProgress)
}

func recordingsOfCall(srv *twiliotest.Server, status twilio.RecordingStatus) []string {
	call := calls(srv)[0]
	return append([]string{call}, pair(func() string {
		return srv.AddRecording(srv.AccountSID, twilio.Recording{CallSID: call, Status: status}).SID
	})...)
}

func transcriptions(srv *twiliotest.Server) []string { return recordingTranscriptions(srv)[1:] }

func recordingTranscriptions(srv *twiliotest.Server) []string {
	recording := recordings(srv)[0]
	return append([]string{recording}, pair(func() string {
		return srv.AddTranscription(srv.AccountSID, twilio.Transcription{RecordingSID: recording}).SID
	})...)
}

func addOnResults(srv *twiliotest.Server) []string {
	recording := recordings(srv)[0]
	return append([]string{recording}, pair(func() string {
		return srv.AddAddOnResult(srv.AccountSID, twilio.AddOnResult{ReferenceSID: recording}).SID
	})...)
}

func addOnPayloads(srv *twiliotest.Server) []string {
	sids := addOnResults(srv)
	return append(sids, pair(func() string {
		return srv.AddAddOnPayload(srv.AccountSID, twilio.AddOnPayload{AddOnResultSID: sids[1]}, []byte(`{"words":[]}`)).SID
	})...)
}

func conferenceRecordings(srv *twiliotest.Server) []string {
	return recordingsOfConference(srv, twilio.RecordingStatusCompleted)
}

func runningConferenceRecordings(srv *twiliotest.Server) []string {
	return recordingsOfConference(srv, twilio.RecordingStatusInProgress)
}

func recordingsOfConference(srv *twiliotest.Server, status twilio.RecordingStatus) []string {
	conference := conferences(srv)[0]
	return append([]string{conference}, pair(func() string {
		return srv.AddRecording(srv.AccountSID, twilio.Recording{ConferenceSID: conference, Status: status}).SID
	})...)
}
