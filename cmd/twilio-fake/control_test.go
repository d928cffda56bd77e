package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A testApp is the app behind a socket.
type testApp struct {
	*app
	url string
}

func newTestApp(t *testing.T) *testApp {
	t.Helper()
	ca, err := newAuthority()
	if err != nil {
		t.Fatal(err)
	}
	a := newApp(ca, func() (*twiliotest.Server, error) {
		return twiliotest.NewUnstartedServer(twiliotest.WithStart(twiliotest.DefaultStart)), nil
	})
	if err := a.restart(); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(a.handler(newTunnels(nil)))
	t.Cleanup(server.Close)
	return &testApp{a, server.URL}
}

func (a *testApp) client(t *testing.T) *twilio.Client {
	t.Helper()
	client, err := twilio.NewClient(twilio.AuthToken(a.fake().AccountSID, a.fake().AuthToken), twilio.WithBaseURL(a.url))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// send sends a request with headers, in pairs of names and values, and returns
// the status and the body.
func (a *testApp) send(t *testing.T, method, path, body string, headers ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, a.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	response, err := new(http.Client).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func (a *testApp) form(t *testing.T, method, path string, form url.Values) (int, string) {
	t.Helper()
	return a.send(t, method, path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

func (a *testApp) json(t *testing.T, method, path, body string) (int, string) {
	t.Helper()
	return a.send(t, method, path, body, "Content-Type", "application/json")
}

func TestAdvance(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	client := a.client(t)
	call, err := client.Calls.Create(t.Context(), twilio.CallCreateParams{From: "+14158141829", To: "+16518675310", TwiML: "<Response/>"})
	if err != nil {
		t.Fatal(err)
	}
	if status, body := a.form(t, "POST", "/_fake/advance", url.Values{"d": {"30s"}}); status != 200 || !strings.Contains(body, "12:00:30") {
		t.Errorf("%d %s", status, body)
	}
	if status, body := a.json(t, "POST", "/_fake/advance", `{"d":"30s"}`); status != 200 || !strings.Contains(body, "12:01:00") {
		t.Errorf("%d %s", status, body)
	}
	if call, err = client.Calls.Get(t.Context(), call.SID); err != nil || call.Status != twilio.CallStatusCompleted || !call.Price.Valid {
		t.Errorf("%+v, %v", call, err)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	client := a.client(t)
	fault := url.Values{"status": {"418"}, "method": {"GET"}, "path": {"/Calls.json"}, "times": {"-1"}, "header": {"X-Why: test"}}
	if status, body := a.form(t, "POST", "/_fake/faults", fault); status != 204 {
		t.Errorf("%d %s", status, body)
	}
	if status, body := a.json(t, "POST", "/_fake/faults", `{"delay":"1ms","after":true,"reset":"after","rate":0.5,"method":"PUT"}`); status != 204 {
		t.Errorf("%d %s", status, body)
	}
	want := `[{"method":"GET","path":"/Calls.json","times":-1,"status":418,"header":{"X-Why":["test"]}},` +
		`{"method":"PUT","times":1,"rate":0.5,"delay":"1ms","after":true,"reset":"after"}]`
	if status, body := a.send(t, "GET", "/_fake/faults", ""); status != 200 || strings.TrimSpace(body) != want {
		t.Errorf("%d %s", status, body)
	}
	if _, err := client.Calls.List(t.Context(), twilio.CallListParams{}); err == nil {
		t.Error("no fault")
	}
	if status, _ := a.send(t, "DELETE", "/_fake/faults", ""); status != 204 {
		t.Error(status)
	}
	if _, err := client.Calls.List(t.Context(), twilio.CallListParams{}); err != nil {
		t.Error(err)
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	if _, err := a.client(t).Calls.List(t.Context(), twilio.CallListParams{}); err != nil {
		t.Fatal(err)
	}
	if status, body := a.send(t, "GET", "/_fake/requests", ""); status != 200 || strings.Count(body, "/Calls.json") != 1 {
		t.Errorf("%d %s", status, body)
	}
	if status, _ := a.send(t, "DELETE", "/_fake/requests", ""); status != 204 {
		t.Error(status)
	}
	if status, body := a.send(t, "GET", "/_fake/requests", ""); status != 200 || strings.TrimSpace(body) != "[]" {
		t.Errorf("%d %s", status, body)
	}
}

// What an endpoint doesn't understand is refused, with the name of the field,
// and changes nothing.
func TestControlIsStrict(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	if status, body := a.form(t, "POST", "/_fake/snapshots", url.Values{"name": {"kept"}}); status != 204 {
		t.Fatal(status, body)
	}
	inactive := a.fake().AddSubaccount(twilio.Account{Status: twilio.AccountStatusSuspended}).SID
	state := func() string {
		var all strings.Builder
		for _, path := range []string{"health", "faults", "snapshots"} {
			_, body := a.send(t, "GET", "/_fake/"+path, "")
			all.WriteString(body)
		}
		accounts, err := a.client(t).Accounts.List(t.Context(), twilio.AccountListParams{})
		if err != nil {
			t.Fatal(err)
		}
		messages, err := a.client(t).Messages.List(t.Context(), twilio.MessageListParams{})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal([]any{accounts.Items, messages.Items})
		if err != nil {
			t.Fatal(err)
		}
		return all.String() + string(text)
	}
	before := state()
	for _, bad := range []struct {
		method, path string
		form, json   string
		names        string // what the error names
	}{
		{"POST", "advance", "d=-1m", `{"d":"-1m"}`, "d must"},
		{"POST", "advance", "", `{}`, "d must"},
		{"POST", "advance", "by=1m", `{"by":"1m"}`, `"by"`},
		{"POST", "advance", "d=1m&by=1m", `{"d":"1m","by":"1m"}`, `"by"`},
		{"POST", "advance", "d=1m&d=1m", "", `"d" is set twice`},
		{"POST", "advance", "", `{"d":["1m"]}`, "d must be a string"},
		{"POST", "advance", "", `{"d":"1m"} {}`, "JSON"},
		{"POST", "advance", "", `[]`, "JSON"},
		{"POST", "advance", "", `{"d":`, "JSON"},
		{"POST", "advance?d=1m", "", `{"d":"1m"}`, `"d" is set twice`},
		{"POST", "advance", "d=%zz", "", "form"},
		{"POST", "advance", "", `{"d":"1m","d":"2m"}`, `"d" is set twice`},
		{"POST", "advance", "", `"1m"`, "an object is expected"},
		{"POST", "faults", "times=3", `{}`, "nothing would go wrong"},
		{"POST", "faults", "status=503&header=X Y: 1", "", "header"},
		{"POST", "faults", "status=503&header=X: 1%0D%0AY: 2", "", "header"},
		{"POST", "faults", "body=x&content_type=text/html%0D%0AY: 2", "", "content_type"},
		{"POST", "faults", "status=503&after=yes", `{"status":503,"after":"yes"}`, `after: "yes" is neither true nor false`},
		{"POST", "faults", "status=many", "", "status"},
		{"POST", "faults", "status=99", `{"status":99}`, "status"},
		{"POST", "faults", "status=503.5", `{"status":503.5}`, "status"},
		{"POST", "faults", "reset=sometimes", "", "reset"},
		{"POST", "faults", "delay=long", "", "delay"},
		{"POST", "faults", "rate=5", `{"rate":5}`, "rate"},
		{"POST", "faults", "rate=NaN", "", "rate"},
		{"POST", "faults", "rate=-0.1", "", "rate"},
		{"POST", "faults", "status=503&rate=0", `{"status":503,"rate":0}`, "rate: 0 is never"},
		{"POST", "faults", "status=503&times=0", `{"status":503,"times":0}`, "times: 0 is none"},
		{"POST", "faults", "stauts=503", `{"stauts":503}`, `"stauts"`},
		{"POST", "faults", "method=get", "", "method"},
		{"POST", "faults", "times=-2", `{"times":-2}`, "times"},
		{"POST", "faults", "header=Retry-After 1", "", "header"},
		{"DELETE", "faults?name=x", "", "", `"name"`},
		{"DELETE", "requests?since=1", "", "", `"since"`},
		{"GET", "requests?since=1", "", "", `"since"`},
		{"GET", "health?verbose=1", "", "", `"verbose"`},
		{"POST", "inbound_messages", "to=%2B14155550100&from=%2B16518675310", "", "to: no account"},
		{"POST", "inbound_messages", "to=%2B14155550100", "", "from"},
		{"POST", "inbound_messages", "to=+14155550100&from=%2B16518675310", "", "--data-urlencode"},
		{"POST", "inbound_messages", "to=%2B14155550100&from=%2B16518675310&account_sid=AC1", "", "account_sid"},
		{"POST", "inbound_messages", "from=%2B16518675310&to=9&media=a.png,&account_sid=" + a.fake().AccountSID, "", "media"},
		{"POST", "inbound_messages", "from=%2B16518675310&to=9&media=" + strings.Repeat("a,", 10) + "a&account_sid=" + a.fake().AccountSID, "", "media"},
		{"POST", "inbound_messages", "from=%2B16518675310&account_sid=" + a.fake().AccountSID, "", "to is empty"},
		{"POST", "inbound_messages", "from=%2B16518675310&to=%2B14155550100&account_sid=" + inactive, "", "suspended"},
		{"POST", "inbound_calls", "to=%2B14155550100&from=%2B16518675310", "", "to: no account"},
		{"POST", "inbound_calls", "from=%2B16518675310&to=%2B14155550100&account_sid=" + inactive, "", "suspended"},
		{"POST", "inbound_calls", "to=%2B14155550100&from=%2B16518675310&digits=x", "", "digits"},
		{"POST", "press", "call_sid=CA1&digits=1", "", "call_sid"},
		{"POST", "press", "call_sid=CA1&digits=", "", "digits"},
		{"POST", "hang_up", "", `{}`, "call_sid"},
		{"POST", "outcomes", "", `{}`, "to is empty"},
		{"POST", "outcomes", "to=%2B16518675310&message_status=lost", "", "message_status"},
		{"POST", "outcomes", "to=%2B16518675310&hang_up_after=-1s", "", "hang_up_after"},
		{"POST", "outcomes", "to=%2B16518675310&error_code=x", "", "error_code"},
		{"POST", "outcomes", "to=%2B16518675310&error_code=30003", "", "set message_status"},
		{"POST", "resend", "id=none", `{"id":"none"}`, "id"},
		{"POST", "webhook_faults", "lost=maybe", "", "lost"},
		{"POST", "webhook_faults", "lost=false", `{"twice":false}`, "nothing would go wrong"},
		{"POST", "webhook_faults", "rate=2", `{"rate":2}`, "rate"},
		{"POST", "webhook_faults", "lost=true&rate=0", `{"lost":true,"rate":0}`, "rate: 0 is never"},
		{"POST", "webhook_faults", "lost=true&times=0", `{"lost":true,"times":0}`, "times: 0 is none"},
		{"POST", "webhook_faults", "lost=true&kind=sms", `{"lost":true,"kind":"sms"}`, `kind is "sms"`},
		{"POST", "webhook_faults", "status=500", "", `"status"`},
		{"DELETE", "webhook_faults?kind=call", "", "", `"kind"`},
		{"DELETE", "requests", "", "null", "an object is expected"},
		{"POST", "subaccounts", "", " null\n", "an object is expected"},
		{"POST", "reset", "", "null", "an object is expected"},
		{"POST", "reset", "hard=true", `{"hard":true}`, `"hard"`},
		{"POST", "snapshots", "name=", `{}`, "name"},
		{"POST", "snapshots", "name=../x", "", "name"},
		{"DELETE", "snapshots", "name=other", `{"name":"other"}`, `no snapshot "other"`},
		{"DELETE", "faults", "name=other", `{"name":"other"}`, `"name" is unknown`},
		{"POST", "restore", "name=other", `{"name":"other"}`, "name"},
		{"DELETE", "snapshots?name=other", "", "", "name"},
		{"POST", "subaccounts", "status=open", "", "status"},
		{"POST", "subaccounts", "name=Submarine", "", `"name"`},
		{"POST", "phone_numbers", "phone_number=5", "", "phone_number"},
		{"POST", "messages", "from=%2B14155550100", "", "to"},
		{"POST", "messages", "from=%2B14155550100&to=%2B14155550101&date_sent=yesterday", "", "date_sent"},
		{"POST", "messages", "from=%2B14155550100&to=%2B14155550101&price=cheap", "", "price"},
		{"POST", "messages", "from=%2B14155550100&to=%2B14155550101&price=1e999999999", "", "price"},
		{"POST", "calls", "from=%2B14155550100&to=%2B14155550101&duration=1.5", "", "duration"},
		{"POST", "calls", "from=%2B14155550100&to=%2B14155550101&account_sid=AC1", "", "account_sid"},
		{"POST", "usage_records", "category=sms&count=-1", "", "count"},
		{"POST", "seed", "", `{"subaccounts":[],"subaccounts":[{}]}`, `"subaccounts" is set twice`},
		{"POST", "seed", "", `{"subaccounts":[{"friendly_name":"a","friendly_name":"b"}]}`, `"friendly_name" is set twice`},
		{"POST", "seed", "", `{"subaccounts":"x"}`, "a list is expected"},
		{"POST", "seed", "", `null`, "an object is expected"},
		{"POST", "seed", "", `{"subaccounts":null}`, "subaccounts is null, where a list"},
		{"POST", "seed", "", `{"subaccounts":[{},null]}`, "subaccounts[1]: is null, where an object"},
		{"POST", "seed", "", `{"subaccounts":[{"friendly_name":"` + strings.Repeat("é", 65) + `"}]}`, "subaccounts[0].friendly_name"},
		{"POST", "seed", "", "{\"calls\": [\n\n{\"from\": +1}]}", "in line 3"},
		{"POST", "seed", "", "{\"calls\": [\n{\"from\": \"+1", "in line 2"},
		{"POST", "seed", "", "{\"calls\": [\n{}],\n\"messages\": 5\n}", "in line 3, where a list"},
		{"POST", "seed", "", "{}\n\n{}", "in line 3"},
		{"POST", "seed", "messages=x", `{"mesages":[]}`, ""},
		{"POST", "seed", "", `{"messages":[{"from":"+14155550100","to":"+14155550101"},{"from":"+14155550100"}]}`, "messages[1].to"},
		{"POST", "seed", "", `{"messages":[{"from":"+14155550100","too":"+14155550101"}]}`, `messages[0]: "too"`},
		{"POST", "seed", "", `{"subaccounts":[{}],"calls":[{}]}`, "calls[0].to"},
	} {
		type attempt struct{ contentType, body string }
		attempts := []attempt{{"application/x-www-form-urlencoded", bad.form}}
		if bad.json != "" {
			attempts = append(attempts, attempt{"application/json", bad.json})
		}
		if bad.json != "" && bad.form == "" {
			attempts = attempts[1:]
		}
		for _, attempt := range attempts {
			status, body := a.send(t, bad.method, "/_fake/"+bad.path, attempt.body, "Content-Type", attempt.contentType)
			if status != 400 || !strings.Contains(body, bad.names) {
				t.Errorf("%s %s %s: %d %s", bad.method, bad.path, attempt.body, status, body)
			}
		}
	}
	if status, body := a.send(t, "POST", "/_fake/advance", "d=1m", "Content-Type", "text/plain"); status != 400 || !strings.Contains(body, "Content-Type") {
		t.Errorf("%d %s", status, body)
	}
	if status, _ := a.send(t, "PUT", "/_fake/advance", ""); status != 405 {
		t.Error(status)
	}
	if after := state(); after != before {
		t.Errorf("got\n%s\nwant\n%s", after, before)
	}
}

func TestSeedOverHTTP(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	sidOf := func(status int, body string) string {
		t.Helper()
		var added struct{ SID string }
		if err := json.Unmarshal([]byte(body), &added); err != nil || status != 200 {
			t.Errorf("%d %s", status, body)
		}
		return added.SID
	}
	customer := sidOf(a.form(t, "POST", "/_fake/subaccounts", url.Values{"friendly_name": {"Submarine"}}))
	sub := a.client(t).Subaccount(customer)

	number := sidOf(a.json(t, "POST", "/_fake/phone_numbers", `{"account_sid":"`+customer+`","phone_number":"+14155550100","sms_url":"http://127.0.0.1:1/sms"}`))
	if n, err := sub.IncomingPhoneNumbers.Get(t.Context(), number); err != nil || n.SMSURL != "http://127.0.0.1:1/sms" {
		t.Errorf("%+v, %v", n, err)
	}
	message := sidOf(a.form(t, "POST", "/_fake/messages", url.Values{
		"account_sid": {customer}, "from": {"+16518675310"}, "to": {"+14155550100"}, "body": {"Surface!"},
		"direction": {"inbound"}, "status": {"received"}, "date_sent": {"2024-02-29"}, "price": {"-0.0079"},
	}))
	if m, err := sub.Messages.Get(t.Context(), message); err != nil || m.Direction != "inbound" || m.Price.Decimal.String() != "-0.0079" ||
		!m.DateSent.Equal(time.Date(2024, time.February, 29, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v, %v", m, err)
	}
	call := sidOf(a.json(t, "POST", "/_fake/calls",
		`{"from":"+16518675310","to":"+14155550100","direction":"inbound","status":"busy","start_time":"-1h","answered_by":null}`))
	if c, err := a.client(t).Calls.Get(t.Context(), call); err != nil || c.Status != "busy" || !c.StartTime.Equal(a.fake().Now().Add(-time.Hour)) {
		t.Errorf("%+v, %v", c, err)
	}
	if status, body := a.json(t, "POST", "/_fake/usage_records", `{"category":"sms-outbound","count":7,"price":0.0553}`); status != 204 {
		t.Errorf("%d %s", status, body)
	}
	usage, err := a.client(t).Usage.Records.List(t.Context(), twilio.UsageRecordListParams{Category: "sms-outbound"})
	if err != nil || usage.Items[0].Count != 7 || usage.Items[0].Price.Decimal.String() != "0.0553" {
		t.Errorf("%+v, %v", usage, err)
	}
	if status, body := a.json(t, "POST", "/_fake/seed", `{"messages":[{"from":"+14155550100","to":"+16518675310"},{"from":"+14155550100","to":"+16518675311"}]}`); status != 204 {
		t.Errorf("%d %s", status, body)
	}
	messages, err := a.client(t).Messages.List(t.Context(), twilio.MessageListParams{})
	if err != nil || len(messages.Items) != 2 {
		t.Errorf("%+v, %v", messages, err)
	}
}

func TestWebhooksOverHTTP(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	var mu sync.Mutex
	var bodies []string
	application := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		bodies = append(bodies, r.FormValue("Body"))
		mu.Unlock()
		w.Header().Set("Content-Type", "text/xml")
		if r.URL.Path == "/voice" {
			_, _ = io.WriteString(w, `<Response><Gather numDigits="1" action="/voice"/><Pause length="60"/></Response>`)
		}
	}))
	t.Cleanup(application.Close)
	do := func(method, path, form string) string {
		t.Helper()
		status, body := a.send(t, method, "/_fake/"+path, form, "Content-Type", "application/x-www-form-urlencoded")
		if status > 299 {
			t.Errorf("%s %s: %d %s", method, path, status, body)
		}
		return body
	}
	do("POST", "phone_numbers", "phone_number=%2B14155550100&sms_url="+application.URL+"/sms&voice_url="+application.URL+"/voice")
	message := "from=%2B16518675310&to=%2B14155550100&body="
	do("POST", "inbound_messages", message+"one")
	do("POST", "webhook_faults", "lost=true&kind=message")
	do("POST", "inbound_messages", message+"lost")
	do("POST", "webhook_faults", "lost=true&kind=message&delay=5s&url=/sms")
	if got, want := do("GET", "webhook_faults", ""), `[{"kind":"message","url":"/sms","times":1,"lost":true,"delay":"5s"}]`; strings.TrimSpace(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
	do("DELETE", "webhook_faults", "")
	do("POST", "inbound_messages", message+"two&media=cat.png")
	var webhooks []struct {
		ID     string
		Called bool
		Form   url.Values
	}
	if err := json.Unmarshal([]byte(do("GET", "webhooks", "")), &webhooks); err != nil || len(webhooks) != 3 || webhooks[1].Called {
		t.Fatalf("%+v, %v", webhooks, err)
	}
	do("POST", "resend", "id="+webhooks[1].ID)
	mu.Lock()
	if got := strings.Join(bodies, " "); got != "one two lost" {
		t.Errorf("the application received %s", got)
	}
	mu.Unlock()

	do("POST", "outcomes", "to=%2B16518675311&message_status=undelivered&error_code=30003")
	sent, err := a.client(t).Messages.Create(t.Context(), twilio.MessageCreateParams{From: "+14155550100", To: "+16518675311", Body: "three"})
	if err != nil {
		t.Fatal(err)
	}
	do("POST", "advance", "d=1m")
	if sent, err = a.client(t).Messages.Get(t.Context(), sent.SID); err != nil || sent.Status != "undelivered" || sent.ErrorCode != 30003 {
		t.Errorf("%+v, %v", sent, err)
	}

	var call struct{ SID string }
	if err := json.Unmarshal([]byte(do("POST", "inbound_calls", "from=%2B16518675310&to=%2B14155550100")), &call); err != nil {
		t.Fatal(err)
	}
	do("POST", "press", "call_sid="+call.SID+"&digits=1")
	do("POST", "hang_up", "call_sid="+call.SID)
	if c, err := a.client(t).Calls.Get(t.Context(), call.SID); err != nil || c.Status != "completed" {
		t.Errorf("%+v, %v", c, err)
	}
	if all := a.fake().Deliveries(); all[len(all)-1].Form.Get("Digits") != "1" {
		t.Errorf("%+v", all[len(all)-1])
	}
}

func TestSnapshotsAndReset(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	count := func() int {
		t.Helper()
		accounts, err := a.client(t).Accounts.List(t.Context(), twilio.AccountListParams{})
		if err != nil {
			t.Fatal(err)
		}
		return len(accounts.Items)
	}
	add := func() { a.form(t, "POST", "/_fake/subaccounts", nil) }
	do := func(method, path, name string) {
		t.Helper()
		if status, body := a.form(t, method, "/_fake/"+path, url.Values{"name": {name}}); status > 299 {
			t.Errorf("%s %s: %d %s", method, path, status, body)
		}
	}
	add()
	do("POST", "snapshots", "one")
	add()
	do("POST", "snapshots", "two")
	add()
	for name, want := range map[string]int{"one": 2, "two": 3} {
		do("POST", "restore", name)
		if got := count(); got != want {
			t.Errorf("after %s: %d accounts, want %d", name, got, want)
		}
	}
	if status, body := a.form(t, "POST", "/_fake/reset", nil); status != 204 || count() != 1 {
		t.Errorf("%d %s, and %d accounts", status, body, count())
	}
	if status, _ := a.form(t, "POST", "/_fake/restore", url.Values{"name": {"two"}}); status != 400 {
		t.Error("a snapshot of before the reset is still there")
	}
	do("POST", "snapshots", "two")
	do("POST", "snapshots", "one")
	if _, body := a.send(t, "GET", "/_fake/snapshots", ""); strings.TrimSpace(body) != `["one","two"]` {
		t.Error(body)
	}
	do("DELETE", "snapshots", "one")
	if status, _ := a.form(t, "POST", "/_fake/restore", url.Values{"name": {"one"}}); status != 400 {
		t.Error("a snapshot that was deleted is still there")
	}
}

// A body that isn't said to be a form or JSON is never ignored.
func TestBodyNeedsAContentType(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.fake().AddSubaccount(twilio.Account{SID: "AC00000000000000000000000000000001"})
	if status, body := a.send(t, "POST", "/_fake/reset", "hard=true"); status != 400 || !strings.Contains(body, "Content-Type") {
		t.Errorf("%d %s", status, body)
	}
	if !a.fake().HasAccount("AC00000000000000000000000000000001") {
		t.Error("the fake was reset")
	}
}

func TestIndexAndHealth(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	if status, body := a.send(t, "GET", "/_fake/health", ""); status != 200 || !strings.Contains(body, `"status":"ok"`) {
		t.Errorf("%d %s", status, body)
	}
	_, body := a.send(t, "GET", "/_fake/", "")
	var index struct {
		Endpoints []struct{ Method, Path string }
	}
	if err := json.Unmarshal([]byte(body), &index); err != nil || len(index.Endpoints) < 10 {
		t.Fatalf("%v in %s", err, body)
	}
	for _, e := range index.Endpoints {
		method := e.Method
		if status, body := a.send(t, method, e.Path, "", "Content-Type", "text/plain"); status == 404 || status == 405 {
			t.Errorf("%s %s: %d %s", method, e.Path, status, body)
		}
	}
	if strings.Contains(body, a.fake().AuthToken) {
		t.Error("the index shows the token")
	}
}

// A web page that is open in the browser of somebody who runs the fake can't
// control it.
func TestOtherSitesCannotControlTheFake(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	form := "application/x-www-form-urlencoded"
	for _, attack := range [][]string{
		{"Origin", "https://example.com"},
		{"Origin", "null"},
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
		{"Host", "rebound.example.com"},
		{"Host", "rebound.example.com:8080", "Origin", "http://rebound.example.com:8080"},
	} {
		if status, body := a.send(t, "POST", "/_fake/advance", "d=1m", append(attack, "Content-Type", form)...); status != 403 {
			t.Errorf("%v: %d %s", attack, status, body)
		}
	}
	if status, body := a.send(t, "GET", "/_fake/requests", "", "Host", "rebound.example.com"); status != 403 {
		t.Errorf("%d %s", status, body)
	}
	if now := a.fake().Now(); !now.Equal(twiliotest.DefaultStart) {
		t.Errorf("the clock shows %v", now)
	}
	for _, fine := range [][]string{{"Origin", a.url}, {"Sec-Fetch-Site", "same-origin"}, {"Host", "twilio-fake:8080"}, {"Host", "localhost"}, {"Host", "[::1]:8080"}} {
		if status, body := a.send(t, "POST", "/_fake/advance", "d=1m", append(fine, "Content-Type", form)...); status != 200 {
			t.Errorf("%v: %d %s", fine, status, body)
		}
	}
}
