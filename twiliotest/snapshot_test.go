package twiliotest_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// everything returns what the API says of an account.
func everything(t *testing.T, srv *twiliotest.Server, accountSID string) string {
	t.Helper()
	var all strings.Builder
	for _, path := range []string{
		"", "/Addresses", "/Applications", "/Balance", "/Calls", "/Conferences", "/IncomingPhoneNumbers", "/Keys",
		"/Messages", "/OutgoingCallerIds", "/Queues", "/Recordings", "/SIP/Domains", "/Usage/Records", "/Usage/Triggers",
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/2010-04-01/Accounts/"+accountSID+path+".json", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth(srv.AccountSID, srv.AuthToken)
		response, err := srv.Transport().RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		all.WriteString(path + " " + response.Status + " " + string(body) + "\n")
	}
	return all.String()
}

// difference returns the first line that differs.
func difference(got, want string) string {
	lines := strings.Split(want, "\n")
	for i, line := range strings.Split(got, "\n") {
		if line != lines[i] {
			return "got\n" + line + "\nwant\n" + lines[i]
		}
	}
	return ""
}

// live uses the server: what it does depends on nothing but the server.
func live(t *testing.T, srv *twiliotest.Server) {
	t.Helper()
	client := srv.Client()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	acct, err := client.Accounts.Create(t.Context(), twilio.AccountCreateParams{FriendlyName: "Submarine"})
	must(err)
	number, err := client.IncomingPhoneNumbers.Create(t.Context(), twilio.IncomingPhoneNumberCreateParams{AreaCode: "415"})
	must(err)
	_, err = client.Calls.Create(t.Context(), twilio.CallCreateParams{From: number.PhoneNumber, To: "+16518675310", TwiML: "<Response/>"})
	must(err)
	_, err = client.Messages.Create(t.Context(), twilio.MessageCreateParams{From: number.PhoneNumber, To: "+16518675310", Body: "Surface"})
	must(err)
	_, err = client.Conferences.Participants.Create(t.Context(), "room", twilio.ParticipantCreateParams{From: number.PhoneNumber, To: "+16518675311"})
	must(err)
	_, err = client.Queues.Create(t.Context(), twilio.QueueCreateParams{FriendlyName: "support"})
	must(err)
	must(client.Do(t.Context(), http.MethodPost, "/2010-04-01/Accounts/"+srv.AccountSID+"/IncomingPhoneNumbers/"+number.SID+".json",
		url.Values{"AccountSid": {acct.SID}}, nil))
	messages, err := client.Messages.List(t.Context(), twilio.MessageListParams{})
	must(err)
	oldest := messages.Items[len(messages.Items)-1]
	if oldest.Status == twilio.MessageStatusDelivered {
		must(client.Messages.Delete(t.Context(), oldest.SID))
	}
	srv.Advance(10 * time.Second)
}

func TestRestoreReturnsToASnapshot(t *testing.T) {
	t.Parallel()
	clock := twiliotest.DefaultStart
	srv := twiliotest.NewUnstartedServer(twiliotest.WithClock(func() time.Time { return clock }))
	for range 3 {
		live(t, srv)
	}
	before := everything(t, srv, srv.AccountSID)
	start, snapshot := srv.Now(), srv.Snapshot()

	follow := func() string {
		for range 3 {
			live(t, srv)
		}
		srv.Advance(40 * 24 * time.Hour) // calls end, are priced, and numbers are rented again
		return everything(t, srv, srv.AccountSID)
	}
	first := follow()
	later := srv.Snapshot()
	if first == before {
		t.Fatal("nothing happened")
	}
	for range 2 {
		clock = clock.Add(time.Hour)
		srv.Restore(snapshot)
		if now := srv.Now(); !now.Equal(start) {
			t.Errorf("the clock shows %v, want %v", now, start)
		}
		if after := everything(t, srv, srv.AccountSID); after != before {
			t.Error(difference(after, before))
		}
		if again := follow(); again != first {
			t.Errorf("what followed: %s", difference(again, first))
		}
	}
	srv.Restore(snapshot)
	srv.Restore(later)
	if after := everything(t, srv, srv.AccountSID); after != first {
		t.Errorf("after the later snapshot: %s", difference(after, first))
	}
}

func TestRestoreReturnsFaults(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	srv.Inject(twiliotest.Fault{Status: 418, Times: 2})
	snapshot := srv.Snapshot()
	status := func() int {
		var meta twilio.ResponseMeta
		_, _ = srv.Client().Accounts.Get(t.Context(), srv.AccountSID, twilio.WithResponseInto(&meta))
		return meta.StatusCode
	}
	want := []int{418, 418, 200}
	for range 2 {
		for i, w := range want {
			if got := status(); got != w {
				t.Errorf("request %d: %d, want %d", i, got, w)
			}
		}
		srv.Restore(snapshot)
	}
}

func TestSnapshotOfAnotherServerPanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	twiliotest.NewUnstartedServer().Restore(twiliotest.NewUnstartedServer().Snapshot())
}

// A call that obeys TwiML goes on from a snapshot as it did before, wherever it
// was.
func TestRestoreCallsThatObeyTwiML(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer(twiliotest.WithStart(twiliotest.DefaultStart),
		twiliotest.WithWebhooks(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/xml")
			switch r.FormValue("Digits") {
			case "":
				_, _ = io.WriteString(w, `<Response><Gather numDigits="1" timeout="20"><Say>One or two</Say></Gather><Hangup/></Response>`)
			case "1":
				_, _ = io.WriteString(w, `<Response><Dial record="record-from-answer"><Number>+16518675311</Number></Dial><Pause length="3"/></Response>`)
			case "2":
				_, _ = io.WriteString(w, `<Response><Dial><Conference>room</Conference></Dial></Response>`)
			}
		})))
	srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550100", VoiceURL: "https://example.com/voice"})
	call := srv.ReceiveCall(twiliotest.InboundCall{From: "+16518675310", To: "+14155550100"})
	srv.Advance(2 * time.Second)
	choose := func(digits string) func() {
		return func() {
			if !srv.Press(call.SID, digits) {
				t.Fatal("the call is over")
			}
		}
	}
	wait := func(d time.Duration) func() { return func() { srv.Advance(d) } }
	for name, steps := range map[string][]func(){
		"dial":       {choose("1"), wait(3 * time.Second), wait(4 * time.Second), wait(time.Minute)},
		"conference": {choose("2"), wait(time.Second), wait(time.Minute)},
		"nothing":    {wait(10 * time.Second), wait(time.Minute)},
	} {
		start := srv.Snapshot()
		snapshots, seen := make([]*twiliotest.Snapshot, len(steps)), make([]string, len(steps))
		for i, step := range steps {
			snapshots[i] = srv.Snapshot()
			step()
			seen[i] = everything(t, srv, srv.AccountSID)
		}
		for i, step := range steps {
			srv.Restore(snapshots[i])
			step()
			if again := everything(t, srv, srv.AccountSID); again != seen[i] {
				t.Errorf("%s, step %d: %s", name, i, difference(again, seen[i]))
			}
		}
		if seen[0] == seen[len(seen)-1] {
			t.Errorf("%s: nothing happened", name)
		}
		srv.Restore(start)
	}
}

// A call goes on from where it was at the snapshot, as often as that is restored:
// half way through the keys of a Gather, and with a leg that rings.
func TestRestoreGoesOnWithCalls(t *testing.T) {
	t.Parallel()
	l := newLine(t, twiliotest.WithCallDuration(time.Hour))
	l.on("/voice", `<Response><Gather numDigits="2" action="/menu"/></Response>`)
	l.on("/menu", `<Response><Dial action="/dialed">+16518675310</Dial></Response>`)
	l.on("/dialed", `<Response><Hangup/></Response>`)
	c := l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
	l.srv.Press(c.SID, "1")
	typed := l.srv.Snapshot()
	l.srv.Press(c.SID, "2")
	l.srv.Advance(3 * time.Second)
	rings := l.srv.Snapshot()
	for _, outcome := range []twilio.CallStatus{"busy", "failed", "completed"} {
		l.srv.Restore(typed)
		l.srv.Press(c.SID, "3")
		l.srv.SetOutcome(twiliotest.Outcome{To: "+16518675310", CallStatus: outcome, HangUpAfter: 5 * time.Second})
		l.srv.Advance(time.Minute)
		l.srv.Restore(rings)
		l.srv.Advance(2 * time.Second)
		l.srv.HangUp(l.children(c.SID)[0].SID)
		l.wants("call", l.get(c.SID).Status, "completed")
	}
	l.wants("digits", l.values("/menu", "Digits"), "[12 13 13 13]")
	l.wants("dialed", l.values("/dialed", "DialCallStatus"), "[busy completed failed completed completed completed]")
}

// What is under way when the server goes back has no effect.
func TestRestoreForgetsWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	var srv *twiliotest.Server
	var before *twiliotest.Snapshot
	srv = twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		srv.Restore(before)
		_, _ = io.WriteString(w, "<Response><Message>Late</Message></Response>")
	})))
	srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: ours, SMSURL: "https://example.com/sms"})
	before = srv.Snapshot()
	srv.ReceiveMessage(twiliotest.InboundMessage{From: theirs, To: ours, Body: "Hello"})
	srv.Advance(time.Minute)
	page, err := srv.Client().Messages.List(t.Context(), twilio.MessageListParams{})
	if err != nil || len(page.Items) != 0 || len(srv.Deliveries()) != 0 {
		t.Errorf("messages: %+v, %v; deliveries: %+v", page, err, srv.Deliveries())
	}
}

// A snapshot can be taken and restored while others send webhooks and read them.
func TestSnapshotsWhileWebhooksAreUnderWay(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<Response><Message>Dive!</Message></Response>")
	})))
	srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: ours, SMSURL: "https://example.com/sms"})
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			for range 100 {
				srv.ReceiveMessage(twiliotest.InboundMessage{From: theirs, To: ours, Body: "Surface!"})
			}
		})
	}
	all.Go(func() {
		for range 100 {
			srv.Restore(srv.Snapshot())
		}
	})
	all.Go(func() {
		for range 100 {
			for _, d := range srv.Deliveries() {
				if form := d.Form; form.Get("Body") != "Surface!" || form.Get("From") != theirs {
					t.Errorf("sent %v", form)
				}
			}
		}
	})
	all.Wait()
}
