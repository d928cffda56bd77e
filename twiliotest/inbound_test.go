package twiliotest_test

import (
	"errors"
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestReceiveMessageObeysTwiML(t *testing.T) {
	t.Parallel()
	h := new(receiver)
	h.on("/sms", `<?xml version="1.0"?><Response><Message statusCallback="/status">Thanks</Message><Redirect>more?n=2</Redirect><Message>never</Message></Response>`)
	h.on("/more", `<Response><Message to="+16518675310"><Body>Forwarded</Body><Media>https://example.com/a.png</Media></Message></Response>`)
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(h))
	sub := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	srv.AddPhoneNumber(sub.SID, twilio.IncomingPhoneNumber{PhoneNumber: ours, SMSURL: "https://example.com/sms"})

	received := srv.ReceiveMessage(twiliotest.InboundMessage{From: theirs, To: ours, Body: "Hello", Media: []string{"photo.png"}})
	if received.AccountSID != sub.SID || received.Direction != "inbound" || received.Status != "received" || received.NumMedia != 1 {
		t.Errorf("received: %+v", received)
	}
	wantEqual(t, "bodies", h.values("/sms", "Body"), []string{"Hello"})
	wantEqual(t, "types", h.values("/sms", "MediaContentType0"), []string{"image/png"})
	wantEqual(t, "after the redirect", h.values("/more", "MessageSid"), []string{received.SID})
	srv.Advance(time.Minute)

	var bodies []string
	for m, err := range srv.Client().Subaccount(sub.SID).Messages.All(t.Context(), twilio.MessageListParams{}) {
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, string(m.Direction)+" "+m.To+" "+m.Body+" "+string(m.Status))
	}
	wantEqual(t, "messages", bodies, []string{
		"outbound-reply +16518675310 Forwarded delivered", "outbound-reply " + theirs + " Thanks delivered", "inbound " + ours + " Hello received",
	})
	wantEqual(t, "statuses", h.values("/status", "MessageStatus"), []string{"sent", "delivered"})
}

// TwiML that leads to itself comes to an end.
func TestRedirectsEnd(t *testing.T) {
	t.Parallel()
	h := new(receiver)
	h.on("/loop", `<Response><Redirect>/loop</Redirect></Response>`)
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(h))
	srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{
		PhoneNumber: ours, SMSURL: "https://example.com/loop", VoiceURL: "https://example.com/loop",
	})
	srv.ReceiveMessage(twiliotest.InboundMessage{From: theirs, To: ours, Body: "Hello"})
	if n := len(h.values("/loop", "MessageSid")); n != 101 {
		t.Errorf("%d requests", n)
	}
	if c := srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours}); c.Status != "completed" {
		t.Errorf("the call is %s", c.Status)
	}
}

func TestReceiveMessageKeepsOptOuts(t *testing.T) {
	t.Parallel()
	h := new(receiver)
	h.on("/sms", `<Response><Message>Thanks</Message></Response>`)
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(h), twiliotest.WithWebhookRules(twiliotest.WebhookRules{AdvancedOptOut: true}))
	srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: ours, SMSURL: "https://example.com/sms"})
	send := func() error {
		_, err := srv.Client().Messages.Create(t.Context(), twilio.MessageCreateParams{From: ours, To: theirs, Body: "Ahoy"})
		return err
	}
	srv.ReceiveMessage(twiliotest.InboundMessage{From: theirs, To: ours, Body: "Stop"})
	if e, ok := errors.AsType[*twilio.Error](send()); !ok || e.Code != 21610 {
		t.Errorf("after STOP: %v", e)
	}
	srv.ReceiveMessage(twiliotest.InboundMessage{From: theirs, To: ours, Body: "help"})
	srv.ReceiveMessage(twiliotest.InboundMessage{From: theirs, To: ours, Body: "START"})
	if err := send(); err != nil {
		t.Errorf("after START: %v", err)
	}
	wantEqual(t, "types", h.values("/sms", "OptOutType"), []string{"STOP", "HELP", "START"})
	// The replies to STOP and HELP aren't sent.
	page, err := srv.Client().Notifications.List(t.Context(), twilio.NotificationListParams{})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range page.Items {
		if n.ErrorCode != 21610 {
			t.Errorf("notification: %+v", n)
		}
	}
	if len(page.Items) != 2 {
		t.Errorf("%d notifications", len(page.Items))
	}
}

// With a clock that goes on by itself a webhook may be under way before
// ReceiveMessage looks for it.
func TestReceiveMessageWaitsForWhatTheBackgroundSends(t *testing.T) {
	t.Parallel()
	var called atomic.Int64
	srv := twiliotest.NewUnstartedServer(twiliotest.WithClock(time.Now), twiliotest.WithWebhooks(http.HandlerFunc(
		func(http.ResponseWriter, *http.Request) {
			runtime.Gosched()
			called.Add(1)
		})))
	defer srv.Close()
	srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: ours, SMSURL: "https://example.com/sms"})
	for i := range int64(1000) {
		srv.ReceiveMessage(twiliotest.InboundMessage{From: theirs, To: ours, Body: "Surface!"})
		if got := called.Load(); got != i+1 {
			t.Fatalf("after %d messages, %d webhooks have returned", i+1, got)
		}
	}
}
