package twiliotest_test

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestPaymentsHaveIdempotencyKeys(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	call := a.main("/Calls/" + a.caller())
	form := func(more ...string) []string {
		return append([]string{"StatusCallback", "https://example.com"}, more...)
	}
	first := a.post(call+"/Payments.json", form("IdempotencyKey", "1")...).ok()
	wants(t, a.post(call+"/Payments.json", form("IdempotencyKey", "1")...).ok(), "sid", first["sid"])
	if second := a.post(call+"/Payments.json", form("IdempotencyKey", "2")...).ok(); second["sid"] == first["sid"] {
		t.Error("two keys are one session")
	}
	for _, wrong := range [][]string{
		{"IdempotencyKey", "3"}, form(), form("IdempotencyKey", "3", "ChargeAmount", "1000000"), form("IdempotencyKey", "3", "ChargeAmount", "-1"),
		form("IdempotencyKey", "3", "Timeout", "601"), form("IdempotencyKey", "3", "TokenType", "x"),
	} {
		a.post(call+"/Payments.json", wrong...).fails(400, 20001)
	}

	session := call + "/Payments/" + str(first, "sid") + ".json"
	a.post(session, form("IdempotencyKey", "1")...).fails(400, 20001)
	a.post(session, form("IdempotencyKey", "1", "Capture", "security-code", "Status", "cancel")...).fails(400, 20001)
	a.post(session, form("IdempotencyKey", "1", "Capture", "security-code")...).ok()
	a.post(session, form("IdempotencyKey", "2", "Status", "complete")...).ok()
	a.post(session, form("IdempotencyKey", "2", "Status", "complete")...).ok() // seen
	a.post(session, form("IdempotencyKey", "3", "Status", "complete")...).fails(400, 20001)

	a.post(call+".json", "Status", "completed").ok()
	a.post(call+"/Payments.json", form("IdempotencyKey", "9")...).fails(400, 21220)
}

func TestMediaSessionsStop(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"/Siprec", "/Streams", "/Transcriptions"} {
		a := newAPI(t)
		call := a.main("/Calls/" + a.caller())
		wants(t, a.post(call+kind+".json", "Url", "wss://example.com", "Name", "a b").ok(), "status", "in-progress", "name", "a b")
		other := str(a.post(call+kind+".json", "Url", "wss://example.com").ok(), "sid")
		a.post(call+kind+"/a%20b.json", "Status", "in-progress").fails(400, 20001)
		wants(t, a.post(call+kind+"/a%20b.json", "Status", "stopped").ok(), "status", "stopped")
		a.post(call+kind+"/b.json", "Status", "stopped").fails(404, 20404)
		a.post(call+kind+".json", "Url", "wss://example.com", "Track", "x").fails(400, 20001)

		wants(t, a.post(call+kind+"/"+other+".json", "Status", "stopped").ok(), "status", "stopped", "sid", other)

		a.srv.Advance(time.Minute) // the call ends
		a.post(call+kind+".json", "Url", "wss://example.com").fails(400, 21220)
	}
}

func TestUserDefinedMessagesAndSubscriptions(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	call := a.main("/Calls/" + a.caller())
	for path, form := range map[string][]string{
		"/UserDefinedMessages.json":             {"Content", "{}"},
		"/UserDefinedMessageSubscriptions.json": {"Callback", "https://example.com"},
	} {
		a.post(call+path, "IdempotencyKey", "1").fails(400, 20001)
		first := a.post(call+path, append(form, "IdempotencyKey", "1")...).ok()
		wants(t, a.post(call+path, append(form, "IdempotencyKey", "1")...).ok(), "sid", first["sid"])
		if a.post(call+path, form...).ok()["sid"] == a.post(call+path, form...).ok()["sid"] {
			t.Errorf("%s: without a key two are one", path)
		}
	}
	sub := call + "/UserDefinedMessageSubscriptions/" + str(a.post(call+"/UserDefinedMessageSubscriptions.json", "Callback", "https://example.com").ok(), "sid") + ".json"
	a.delete(sub).ok()
	a.delete(sub).fails(404, 20404)
}

func TestCallNotifications(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	call := a.caller()
	list := a.main("/Calls/" + call + "/Notifications.json")
	day := time.Date(2026, time.January, 10, 12, 0, 0, 0, time.UTC)
	for i := range 3 {
		a.srv.AddNotification(a.srv.AccountSID, twilio.Notification{
			CallSID: call, Log: i % 2, ErrorCode: 11200 + i, MessageDate: day.AddDate(0, 0, i), ResponseBody: "oops",
		})
	}
	for _, tt := range []struct {
		query []string
		want  int
	}{
		{nil, 3}, {[]string{"Log", "0"}, 2}, {[]string{"Log", "1"}, 1}, {[]string{"MessageDate", "2026-01-10"}, 1},
		{[]string{"MessageDate>", "2026-01-11"}, 2}, {[]string{"MessageDate<", "2026-01-11"}, 1},
	} {
		if got := a.get(list, tt.query...).items(); len(got) != tt.want {
			t.Errorf("%v: %d notifications, want %d", tt.query, len(got), tt.want)
		}
	}
	item := a.get(list).items()[0]
	if _, ok := item["response_body"]; ok {
		t.Error("a list has bodies")
	}
	wants(t, a.get(str(item, "uri")).ok(), "error_code", "11202", "response_body", "oops")

	// They are among the account's, and no other call's.
	n := str(item, "sid")
	wants(t, a.get(a.main("/Notifications/"+n+".json")).ok(), "call_sid", call)
	other := a.caller()
	if got := a.get(a.main("/Calls/" + other + "/Notifications.json")).items(); len(got) > 0 {
		t.Errorf("another call has %d notifications", len(got))
	}
	a.get(a.main("/Calls/"+other+"/Notifications/"+n+".json")).fails(404, 20404)
}

func TestCallEventsAreRequests(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	call := str(a.post(a.main("/Calls.json"), append([]string{"StatusCallbackMethod", "GET"}, aCall...)...).ok(), "sid")
	a.post(a.main("/Calls/"+call+".json"), "Status", "completed").ok()
	a.post(a.main("/Calls/"+call+".json"), "Status", "completed").fails(400, 21220)
	events := a.get(a.main("/Calls/" + call + "/Events.json")).items()
	if len(events) != 2 {
		t.Fatalf("%d events, want those of the create and the update", len(events))
	}
	created := events[1]["request"].(object)
	wants(t, created, "method", "POST", "url", "https://api.twilio.com/2010-04-01"+a.main("/Calls.json"))
	wants(t, created["parameters"].(object), "status_callback_method", "GET", "account_sid", a.srv.AccountSID)
	wants(t, events[1]["response"].(object), "response_code", 201.0)
}

// The events of a call have no password, also while the request that made the
// call is on its way to the log.
func TestCallEventsHaveNoSecrets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAPI(t)
		inSecond := func(method, path string) {
			a.srv.Inject(twiliotest.Fault{Method: method, Path: path, Delay: time.Second, After: method == "POST"})
		}
		inSecond("POST", "/Calls.json")
		inSecond("GET", "/Events.json")
		var created sync.WaitGroup
		created.Go(func() {
			a.post(a.main("/Calls.json"), append([]string{"SipAuthPassword", "Ahoy"}, aCall...)...).ok()
		})
		synctest.Wait()
		call := str(a.get(a.main("/Calls.json")).items()[0], "sid")
		event := a.get(a.main("/Calls/" + call + "/Events.json")).items()[0]
		wants(t, event["request"].(object)["parameters"].(object), "sip_auth_password", "[redacted]")
		created.Wait()
		for _, r := range a.srv.Requests() {
			if got := r.Form.Get("SipAuthPassword"); r.Method == http.MethodPost && got != "[redacted]" {
				t.Errorf("the log has %q", got)
			}
		}
	})
}
