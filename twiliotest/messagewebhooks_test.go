package twiliotest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// The callback tells every status but the one that the response to the create
// had.
func TestMessageStatusCallbacks(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name            string
		outcome         twiliotest.Outcome
		service         bool
		scheduled       bool
		want, codes, at string
	}{
		{"delivered", twiliotest.Outcome{}, false, false, "sent delivered", " ", " 2601151200"},
		{"of a service", twiliotest.Outcome{}, true, false, "queued sent delivered", "  ", "  2601151200"},
		{"read", twiliotest.Outcome{MessageStatus: "read"}, false, false, "sent delivered read", "  ", " 2601151200 "},
		{"undelivered", twiliotest.Outcome{MessageStatus: "undelivered", ErrorCode: 30003}, false, false, "sent undelivered", " 30003", " 2601151200"},
		{"failed", twiliotest.Outcome{MessageStatus: "failed", ErrorCode: 30005}, false, false, "failed", "30005", ""},
		{"sent only", twiliotest.Outcome{MessageStatus: "sent"}, false, false, "sent", "", ""},
		{"canceled", twiliotest.Outcome{}, true, true, "canceled", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := new(receiver)
			srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(h), twiliotest.WithStart(twiliotest.DefaultStart))
			srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: ours})
			test.outcome.To = theirs
			srv.SetOutcome(test.outcome)
			params := twilio.MessageCreateParams{From: ours, To: theirs, Body: "Ahoy", StatusCallback: "https://example.com/status"}
			if test.service {
				params.From, params.MessagingServiceSID = "", srv.AddMessagingService(srv.AccountSID, ours)
			}
			if test.scheduled {
				params.ScheduleType, params.SendAt = "fixed", srv.Now().Add(time.Hour)
			}
			m, err := srv.Client().Messages.Create(t.Context(), params)
			if err != nil {
				t.Fatal(err)
			}
			if test.scheduled {
				srv.Advance(time.Minute)
				if _, err := srv.Client().Messages.Update(t.Context(), m.SID, twilio.MessageUpdateParams{Status: new(twilio.MessageStatusCanceled)}); err != nil {
					t.Fatal(err)
				}
			}
			srv.Advance(2 * time.Hour)
			for name, want := range map[string]string{"MessageStatus": test.want, "SmsStatus": test.want, "ErrorCode": test.codes, "RawDlrDoneDate": test.at} {
				if got := strings.Join(h.values("/status", name), " "); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			for _, sid := range h.values("/status", "MessagingServiceSid") {
				if sid != params.MessagingServiceSID {
					t.Errorf("MessagingServiceSid is %q", sid)
				}
			}
		})
	}
}

// A place that isn't known is empty, and not absent. Channels have none.
func TestPlacesOfMessages(t *testing.T) {
	t.Parallel()
	var forms []map[string][]string
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		forms = append(forms, r.PostForm)
	})))
	srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: ours, SMSURL: "https://example.com/sms"})
	srv.ReceiveMessage(twiliotest.InboundMessage{From: "12345", To: ours, Body: "x"})
	srv.ReceiveMessage(twiliotest.InboundMessage{From: "whatsapp:" + theirs, To: "whatsapp:" + ours, Body: "x"})
	for _, name := range []string{"FromCity", "FromState", "FromZip", "FromCountry", "ToCity", "ToState", "ToZip", "ToCountry"} {
		if got, ok := forms[0][name]; !ok || strings.HasPrefix(name, "From") && got[0] != "" {
			t.Errorf("%s of an SMS: %q", name, got)
		}
		if got, ok := forms[1][name]; ok {
			t.Errorf("%s of WhatsApp: %q", name, got)
		}
	}
}
