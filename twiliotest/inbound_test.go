package twiliotest_test

import (
	"bytes"
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

func TestWhatIsWrongWithAReplyIsLogged(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		twiml string
		code  int
		level int
	}{
		{`<Response><Say>Ahoy</Say></Response>`, 14110, 1},
		{`<Response><Speak>Ahoy</Speak></Response>`, 12200, 1},
		{`<Response><Message><Say>Ahoy</Say>x</Message></Response>`, 14110, 1},
		{`<Response><Message to="nobody">Ahoy</Message></Response>`, 14101, 1},
		{`<Response><Message from="+1">Ahoy</Message></Response>`, 14102, 1},
		{`<Response><Message/></Response>`, 14103, 1},
		{`<Message>Ahoy</Message>`, 12102, 0},
		{`Ahoy`, 12100, 0},
		{``, 11770, 0},
	} {
		h := new(receiver)
		h.on("/sms", test.twiml)
		srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(h))
		srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: ours, SMSURL: "https://example.com/sms"})
		srv.ReceiveMessage(twiliotest.InboundMessage{From: theirs, To: ours, Body: "Ahoy"})
		page, err := srv.Client().Notifications.List(t.Context(), twilio.NotificationListParams{})
		if err != nil || len(page.Items) != 1 || page.Items[0].ErrorCode != test.code || page.Items[0].Log != test.level {
			t.Errorf("%s: notifications: %+v, %v", test.twiml, page, err)
		}
	}
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
	page, err := srv.Client().Notifications.List(t.Context(), twilio.NotificationListParams{})
	if err != nil || len(page.Items) != 2 || page.Items[0].ErrorCode != 11215 || page.Items[1].ErrorCode != 14106 {
		t.Errorf("notifications: %+v, %v", page, err)
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

// Messages between phone numbers of two customers are sent by one and received by
// the other, whose reply comes back.
func TestMessagesBetweenAccountsArrive(t *testing.T) {
	t.Parallel()
	const second = "+15105647904"
	for _, rules := range []twiliotest.WebhookRules{{}, {OneWay: true}} {
		h := new(receiver)
		h.on("/second", `<Response><Message>Thanks</Message></Response>`)
		h.on("/first", `<Response/>`)
		srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(h), twiliotest.WithWebhookRules(rules))
		one, two := srv.AddSubaccount(twilio.Account{FriendlyName: "One"}), srv.AddSubaccount(twilio.Account{FriendlyName: "Two"})
		srv.AddPhoneNumber(one.SID, twilio.IncomingPhoneNumber{PhoneNumber: ours, SMSURL: "https://example.com/first"})
		srv.AddPhoneNumber(two.SID, twilio.IncomingPhoneNumber{PhoneNumber: second, SMSURL: "https://example.com/second"})
		sent, err := srv.Client().Subaccount(one.SID).Messages.Create(t.Context(), twilio.MessageCreateParams{
			From: ours, To: second, Body: "Ahoy", MediaURL: []string{"https://example.com/a.gif"},
		})
		if err != nil {
			t.Fatal(err)
		}
		srv.Advance(time.Minute)
		messages := func(sid string) (all []string) {
			for m, err := range srv.Client().Subaccount(sid).Messages.All(t.Context(), twilio.MessageListParams{}) {
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, string(m.Direction)+" "+m.Body+" "+string(m.Status))
			}
			return all
		}
		if rules.OneWay {
			wantEqual(t, "first", messages(one.SID), []string{"outbound-api Ahoy delivered"})
			wantEqual(t, "second", messages(two.SID), nil)
			continue
		}
		wantEqual(t, "first", messages(one.SID), []string{"inbound Thanks received", "outbound-api Ahoy delivered"})
		wantEqual(t, "second", messages(two.SID), []string{"outbound-reply Thanks delivered", "inbound Ahoy received"})
		wantEqual(t, "accounts", h.values("/second", "AccountSid"), []string{two.SID})
		wantEqual(t, "senders", h.values("/second", "From"), []string{ours})
		wantEqual(t, "files", h.values("/second", "MediaContentType0"), []string{"image/gif"})
		if sid := h.values("/second", "MessageSid")[0]; sid == sent.SID {
			t.Error("the message that arrives is the one that was sent")
		}
		// What arrives can be fetched under the URL that the webhook has.
		var picture bytes.Buffer
		link := h.values("/second", "MediaUrl0")[0]
		if err := srv.Client().Do(t.Context(), "GET", link, nil, &picture); err != nil || !bytes.HasPrefix(picture.Bytes(), []byte("GIF8")) {
			t.Errorf("%s: %q, %v", link, picture.Bytes(), err)
		}
	}
}

// "While an account is suspended it cannot make or receive phone calls or send
// and receive SMS messages", Twilio's documentation of subaccounts says, and all
// are suspended if the main account is.
func TestSuspendedAccountsReceiveNothing(t *testing.T) {
	t.Parallel()
	const suspended, active = twilio.AccountStatusSuspended, twilio.AccountStatusActive
	h := new(receiver)
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(h))
	sub := srv.AddSubaccount(twilio.Account{})
	srv.AddPhoneNumber(sub.SID, twilio.IncomingPhoneNumber{PhoneNumber: ours, SMSURL: "https://example.com/sms", VoiceURL: "https://example.com/voice"})
	receive := func(accountSID string) (message, call bool) {
		m := srv.ReceiveMessage(twiliotest.InboundMessage{From: theirs, To: ours, Body: "Hello", AccountSID: accountSID})
		c := srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours, AccountSID: accountSID})
		return m != nil, c != nil
	}
	for _, account := range []string{sub.SID, srv.AccountSID} {
		srv.SetStatus(account, suspended)
		if message, call := receive(""); message || call || len(srv.Deliveries()) > 0 {
			t.Errorf("received a message: %t, a call: %t; %d webhooks", message, call, len(srv.Deliveries()))
		}
		srv.SetStatus(account, active)
	}
	if message, call := receive(""); !message || !call {
		t.Errorf("once it is active again, received a message: %t, a call: %t", message, call)
	}
	srv.SetStatus(sub.SID, twilio.AccountStatusClosed)
	if message, call := receive(sub.SID); message || call {
		t.Errorf("once it is closed, received a message: %t, a call: %t", message, call)
	}
}

// The calls that go on neither call others nor send messages.
func TestCallsOfSuspendedAccountsCallNobody(t *testing.T) {
	t.Parallel()
	h := new(receiver)
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(h))
	sub := srv.AddSubaccount(twilio.Account{})
	srv.AddPhoneNumber(sub.SID, twilio.IncomingPhoneNumber{PhoneNumber: ours, VoiceURL: "https://example.com/voice"})
	h.on("/voice", `<Response><Pause length="5"/><Sms>Hello</Sms><Dial action="/dialed">+16518675310</Dial></Response>`)
	call := srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
	srv.SetStatus(sub.SID, twilio.AccountStatusSuspended)
	srv.Advance(time.Minute)
	wantEqual(t, "dialed", h.values("/dialed", "DialCallStatus"), []string{"failed"})
	client := srv.Client().Subaccount(sub.SID)
	calls, err := client.Calls.List(t.Context(), twilio.CallListParams{})
	messages, errMessages := client.Messages.List(t.Context(), twilio.MessageListParams{})
	if err := errors.Join(err, errMessages); err != nil {
		t.Fatal(err)
	}
	if len(calls.Items) != 1 || calls.Items[0].SID != call.SID || len(messages.Items) > 0 {
		t.Errorf("%d calls and %d messages", len(calls.Items), len(messages.Items))
	}
}

// What an account receives at another's phone number isn't for the URLs of that
// number, which would be called with the wrong account's signature.
func TestNumbersOfOthersAreNotCalled(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(new(receiver)))
	sub := srv.AddSubaccount(twilio.Account{})
	srv.AddPhoneNumber(sub.SID, twilio.IncomingPhoneNumber{
		PhoneNumber: ours, SMSURL: "https://example.com/sms", VoiceURL: "https://example.com/voice", StatusCallback: "https://example.com/ended",
	})
	m := srv.ReceiveMessage(twiliotest.InboundMessage{From: theirs, To: ours, Body: "Hello", AccountSID: srv.AccountSID})
	c := srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours, AccountSID: srv.AccountSID})
	srv.Advance(time.Minute)
	if m.AccountSID != srv.AccountSID || c.AccountSID != srv.AccountSID || c.PhoneNumberSID != "" {
		t.Errorf("received: %+v, %+v", m, c)
	}
	if deliveries := srv.Deliveries(); len(deliveries) > 0 {
		t.Errorf("%d webhooks, the first to %s", len(deliveries), deliveries[0].URL)
	}
}
