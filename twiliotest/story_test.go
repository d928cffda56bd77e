package twiliotest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

// An app is a web service, over sockets, that only listens to what its accounts
// sign.
type app struct {
	*receiver
	url    string
	srv    *twiliotest.Server
	client *twilio.Client
	tokens *webhook.Cache
}

func newApp(t *testing.T, opts ...twiliotest.Option) *app {
	t.Helper()
	srv := twiliotest.NewServer(append([]twiliotest.Option{twiliotest.WithStart(twiliotest.DefaultStart)}, opts...)...)
	t.Cleanup(srv.Close)
	a := &app{receiver: new(receiver), srv: srv, client: srv.Client(), tokens: webhook.FromMain(srv.Client())}
	var verified http.Handler
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { verified.ServeHTTP(w, r) }))
	t.Cleanup(service.Close)
	verifier, err := webhook.NewVerifier(a.tokens, webhook.WithPublicURL(service.URL))
	if err != nil {
		t.Fatal(err)
	}
	a.url, verified = service.URL, verifier.Middleware(a.receiver)
	return a
}

// A caller chooses support, waits, talks to an agent whom the service calls, and
// leaves a message for the second time.
func TestStoryOfASupportLine(t *testing.T) {
	t.Parallel()
	const agent = "+16518675310"
	a := newApp(t, twiliotest.WithCallDuration(time.Hour))
	customer := a.srv.AddSubaccount(twilio.Account{FriendlyName: "Customer"})
	a.srv.AddPhoneNumber(customer.SID, twilio.IncomingPhoneNumber{
		PhoneNumber: ours, VoiceURL: a.url + "/menu", StatusCallback: a.url + "/ended",
	})
	sub := a.client.Subaccount(customer.SID)

	a.on("/menu", `<Response><Gather numDigits="1" action="/choice"><Say>Press 1 for support</Say></Gather><Say>Goodbye</Say></Response>`)
	a.handle("/choice", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		if r.FormValue("Digits") != "1" {
			_, _ = io.WriteString(w, `<Response><Redirect>/menu</Redirect></Response>`)
			return
		}
		if _, err := sub.Calls.Create(context.Background(), twilio.CallCreateParams{From: ours, To: agent, URL: a.url + "/agent"}); err != nil {
			t.Error(err)
		}
		_, _ = io.WriteString(w, `<Response><Enqueue waitUrl="/music" action="/after">support</Enqueue></Response>`)
	})
	a.on("/music", `<Response><Play>https://example.com/music.mp3</Play></Response>`)
	a.on("/agent", `<Response><Dial record="record-from-answer-dual" recordingStatusCallback="/recorded"><Queue url="/hint">support</Queue></Dial></Response>`)
	a.on("/hint", `<Response><Say>Here is your agent</Say></Response>`)
	a.on("/after", `<Response><Say>Tell us how it was</Say><Record transcribe="true" transcribeCallback="/transcribed" recordingStatusCallback="/recorded" action="/thanks"/></Response>`)
	a.on("/thanks", `<Response><Hangup/></Response>`)

	caller := a.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours, Digits: "91"})
	if got := a.values("/choice", "Digits"); fmt.Sprint(got) != "[9 1]" {
		t.Fatalf("choices: %v", got)
	}
	a.srv.Advance(3 * time.Second) // the agent's telephone rings
	queue, err := sub.Queues.List(t.Context(), twilio.QueueListParams{})
	if err != nil || len(queue.Items) != 1 || queue.Items[0].CurrentSize != 1 {
		t.Fatalf("queues: %+v, %v", queue, err)
	}
	a.srv.Advance(30 * time.Second)
	page, err := sub.Calls.List(t.Context(), twilio.CallListParams{To: agent})
	if err != nil || len(page.Items) != 1 || page.Items[0].Status != twilio.CallStatusInProgress {
		t.Fatalf("the agent's call: %+v, %v", page, err)
	}
	a.srv.HangUp(page.Items[0].SID)
	a.srv.Advance(time.Minute)

	wantEqual(t, "connected", a.values("/hint", "DequeingCallSid"), []string{page.Items[0].SID})
	wantEqual(t, "after", a.values("/after", "QueueResult"), []string{"bridged"})
	wantEqual(t, "recordings", a.values("/recorded", "RecordingSource"), []string{"DialVerb", "RecordVerb"})
	wantEqual(t, "channels", a.values("/recorded", "RecordingChannels"), []string{"2", "1"})
	wantEqual(t, "transcriptions", a.values("/transcribed", "TranscriptionStatus"), []string{"completed"})
	wantEqual(t, "ended", a.values("/ended", "CallSid"), []string{caller.SID})
	wantEqual(t, "status", a.values("/ended", "CallStatus"), []string{"completed"})
	for i, sid := range a.values("/recorded", "RecordingSid") {
		var sound bytes.Buffer
		if _, err := sub.Recordings.Media(t.Context(), sid, twilio.RecordingMediaParams{}, &sound); err != nil || sound.Len() == 0 {
			t.Errorf("recording %d: %d bytes, %v", i, sound.Len(), err)
		}
	}
	for _, d := range a.srv.Deliveries() {
		if d.Error != "" || d.Attempts != 1 || d.AccountSID != customer.SID {
			t.Errorf("delivery: %+v", d)
		}
	}
	if page, err := sub.Notifications.List(t.Context(), twilio.NotificationListParams{}); err != nil || len(page.Items) > 0 {
		t.Errorf("notifications: %+v, %v", page, err)
	}
}

// Two customers use one service. A recipient says STOP to the one, which the other
// doesn't notice, and the token of one is changed in the middle of it.
func TestStoryOfTwoCustomers(t *testing.T) {
	t.Parallel()
	a := newApp(t, twiliotest.WithOwnedSenders())
	a.on("/sms", `<Response><Message statusCallback="/status">Thanks</Message></Response>`)
	a.on("/status", ``)
	type customer struct {
		*twilio.Client
		sid, number, pool string
	}
	customers := []*customer{{number: ours}, {number: "+15105647904"}}
	for i, c := range customers {
		c.sid = a.srv.AddSubaccount(twilio.Account{FriendlyName: fmt.Sprint("Customer ", i)}).SID
		a.srv.AddPhoneNumber(c.sid, twilio.IncomingPhoneNumber{PhoneNumber: c.number, SMSURL: a.url + "/nowhere"})
		c.pool = a.srv.AddMessagingService(c.sid, c.number)
		c.Client = a.client.Subaccount(c.sid)
		own := a.client.WithCredentials(a.srv.Credentials(c.sid))
		if _, err := own.MessagingServices.Update(t.Context(), c.pool, twilio.MessagingServiceUpdateParams{
			InboundRequestURL: new(a.url + "/sms"), StatusCallback: new(a.url + "/status"),
		}); err != nil {
			t.Fatal(err)
		}
	}
	send := func(c *customer) error {
		_, err := c.Messages.Create(t.Context(), twilio.MessageCreateParams{MessagingServiceSID: c.pool, To: theirs, Body: "News"})
		a.srv.Advance(time.Minute)
		return err
	}
	for _, c := range customers {
		if err := send(c); err != nil {
			t.Fatal(err)
		}
	}
	wantEqual(t, "accounts", a.values("/status", "AccountSid"), []string{
		customers[0].sid, customers[0].sid, customers[0].sid, customers[1].sid, customers[1].sid, customers[1].sid,
	})
	wantEqual(t, "senders", a.values("/status", "From")[2:4], []string{ours, customers[1].number})

	a.srv.ReceiveMessage(twiliotest.InboundMessage{From: theirs, To: customers[0].number, Body: "stop"})
	if e, ok := errors.AsType[*twilio.Error](send(customers[0])); !ok || e.Code != 21610 {
		t.Errorf("after STOP: %v", e)
	}
	if err := send(customers[1]); err != nil {
		t.Errorf("the other customer: %v", err)
	}
	if _, err := a.client.Accounts.RotateAuthToken(t.Context(), customers[0].sid, twilio.RotateAuthTokenParams{
		Save: func(context.Context, twilio.Secret) error { return nil },
	}); err != nil {
		t.Fatal(err)
	}
	a.tokens.Forget(customers[0].sid)
	a.srv.ReceiveMessage(twiliotest.InboundMessage{From: theirs, To: customers[0].number, Body: "START"})
	if err := send(customers[0]); err != nil {
		t.Errorf("after START: %v", err)
	}
	wantEqual(t, "received", a.values("/sms", "Body"), []string{"stop", "START"})
	wantEqual(t, "services", a.values("/sms", "MessagingServiceSid"), []string{customers[0].pool, customers[0].pool})
	for _, d := range a.srv.Deliveries() {
		if d.Status != http.StatusOK {
			t.Errorf("delivery: %+v", d)
		}
	}

	// Who isn't Twilio isn't heard.
	forged := url.Values{"AccountSid": {customers[0].sid}, "MessageSid": {"SM1"}, "From": {theirs}, "Body": {"STOP"}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.url+"/sms", strings.NewReader(forged.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if err := webhook.Sign(r, a.srv.AuthToken); err != nil { // that of the main account
		t.Fatal(err)
	}
	transport := new(http.Transport)
	defer transport.CloseIdleConnections()
	resp, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden || len(a.values("/sms", "Body")) != 2 {
		t.Errorf("forged: %s", resp.Status)
	}
}
