package twilio_test

import (
	"errors"
	"net/url"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// TestSendersThatAreThere: adding a sender to the pool that it is in is a success,
// whatever became of the first response; to another pool it isn't.
func TestSendersThatAreThere(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	client, ctx := newClientOf(t, srv, srv.Transport()), t.Context()
	one, two := srv.AddMessagingService(srv.AccountSID), srv.AddMessagingService(srv.AccountSID)
	number := srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{}).SID
	code, other := "SC00000000000000000000000000000001", "SC00000000000000000000000000000002"
	services := client.MessagingServices
	for name, add := range map[string]func(service string) (sid string, err error){
		"phone number": func(service string) (string, error) {
			sender, err := services.PhoneNumbers.Create(ctx, service, twilio.MessagingServicePhoneNumberCreateParams{PhoneNumberSID: number})
			if err != nil {
				return "", err
			}
			return sender.SID, nil
		},
		"short code, by a form": func(service string) (string, error) {
			sender, err := services.ShortCodes.Create(ctx, service, twilio.MessagingServiceShortCodeCreateParams{ShortCodeSID: other},
				twilio.WithForm(url.Values{"ShortCodeSid": {code}}))
			if err != nil {
				return "", err
			}
			return sender.SID, nil
		},
		"alpha sender": func(service string) (string, error) {
			sender, err := services.AlphaSenders.Create(ctx, service, twilio.MessagingServiceAlphaSenderCreateParams{AlphaSender: "Acme"})
			if err != nil {
				return "", err
			}
			return sender.SID, nil
		},
	} {
		srv.Inject(twiliotest.Fault{Method: "POST", Reset: twiliotest.ResetAfter})
		first, err := add(one)
		second, err2 := add(one)
		if err != nil || err2 != nil || first == "" || first != second {
			t.Errorf("%s: %s, %v, then %s, %v", name, first, err, second, err2)
		}
		_, err = add(two)
		e, ok := errors.AsType[*twilio.Error](err)
		if isShared := name == "alpha sender"; isShared != (err == nil) || !isShared && (!ok || e.Code != twilio.CodeNumberInOtherService) {
			t.Errorf("%s of another service: %v", name, err)
		}
	}
}
