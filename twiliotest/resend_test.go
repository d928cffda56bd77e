package twiliotest_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestResendObeysTwiML(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var received []string
	broken := true
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		mu.Lock()
		defer mu.Unlock()
		received = append(received, r.URL.Path+" "+r.Form.Get("MessageStatus"))
		switch {
		case broken:
			w.WriteHeader(http.StatusInternalServerError)
		case r.URL.Path == "/sms":
			w.Header().Set("Content-Type", "text/xml")
			_, _ = io.WriteString(w, "<Response><Message>Diving</Message></Response>")
		}
	})))
	srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550100", SMSURL: "https://example.com/sms"})
	srv.ReceiveMessage(twiliotest.InboundMessage{From: "+16518675310", To: "+14155550100", Body: "Surface!"})
	_, err := srv.Client().Messages.Create(t.Context(), twilio.MessageCreateParams{
		From: "+14155550100", To: "+16518675310", Body: "Dive!", StatusCallback: "https://example.com/status"})
	if err != nil {
		t.Fatal(err)
	}
	srv.Advance(time.Minute)
	mu.Lock()
	received, broken = nil, false
	mu.Unlock()

	all := srv.Deliveries()
	for _, d := range all {
		if d.Kind == twiliotest.WebhookMessage || d.Form.Get("MessageStatus") == "delivered" {
			if !srv.Resend(d.ID) {
				t.Errorf("%s is unknown", d.ID)
			}
		}
	}
	if got := strings.Join(received, ", "); got != "/sms , /status delivered" {
		t.Errorf("received %s", got)
	}
	messages, err := srv.Client().Messages.List(t.Context(), twilio.MessageListParams{To: "+16518675310"})
	if err != nil || len(messages.Items) != 2 || messages.Items[0].Body != "Diving" {
		t.Errorf("the reply is missing: %+v, %v", messages, err)
	}
	last := srv.Deliveries()[len(srv.Deliveries())-1]
	if last.ID != all[len(all)-1].ID || last.Status != http.StatusOK {
		t.Errorf("%+v", last)
	}
	if srv.Resend("unknown") {
		t.Error("an unknown webhook was sent")
	}
}

// A webhook is sent again as it was.
func TestResend(t *testing.T) {
	t.Parallel()
	h := new(receiver)
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(h))
	d := sendTo(t, srv, "https://example.com/status")[0]
	if srv.Resend("nothing") || !srv.Resend(d.ID) {
		t.Error("Resend doesn't tell what there is")
	}
	if len(h.got) != 2 || h.got[0].body != h.got[1].body || h.got[0].Header.Get("X-Twilio-Signature") != h.got[1].Header.Get("X-Twilio-Signature") {
		t.Errorf("%d webhooks: %v", len(h.got), h.got)
	}
	if got := srv.Deliveries(); len(got) != 2 || got[1].ID != d.ID || got[1].Attempts != 1 {
		t.Errorf("deliveries: %+v", got)
	}
}
