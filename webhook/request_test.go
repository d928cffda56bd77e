package webhook_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

// post is a request with a form as Twilio sends it, its parameters separated by
// spaces and unescaped; a tilde stands for a space.
func post(params string) *http.Request {
	form := url.Values{}
	for pair := range strings.FieldsSeq(params) {
		name, value, _ := strings.Cut(pair, "=")
		form.Add(name, strings.ReplaceAll(value, "~", " "))
	}
	r := httptest.NewRequest(http.MethodPost, "https://hooks.example.com/?tenant=7&CallSid=mine", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	r.Header.Set("I-Twilio-Idempotency-Token", "f4ee7c4c-5c6c-4a3c-8b7b-0d2d6d7d9c55")
	return r
}

// must fails the test if an event can't be read.
func must[E any](t *testing.T) func(E, error) E {
	t.Helper()
	return func(event E, err error) E {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return event
	}
}

func equal[V comparable](t *testing.T, what string, got, want V) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func TestRequestHasWhatAllWebhooksHave(t *testing.T) {
	t.Parallel()
	r := post("AccountSid=" + accountSID + " ApiVersion=2010-04-01 MessageSid=SM1 Brand-New=a~b Empty=")
	m := must[*webhook.Message](t)(webhook.ParseMessage(r))
	equal(t, "AccountSID", m.AccountSID, accountSID)
	equal(t, "APIVersion", m.APIVersion, "2010-04-01")
	equal(t, "IdempotencyToken", m.IdempotencyToken, "f4ee7c4c-5c6c-4a3c-8b7b-0d2d6d7d9c55")
	equal(t, "an unknown parameter", m.Params.Get("Brand-New"), "a b")
	equal(t, "an empty parameter", m.Params.Has("Empty"), true)
	equal(t, "a parameter of the URL of a POST", m.Params.Has("tenant"), false)
	// The form can be read afterwards, and before.
	equal(t, "the handler's own form", r.PostFormValue("Brand-New"), "a b")
	m = must[*webhook.Message](t)(webhook.ParseMessage(r))
	equal(t, "a parameter of a form that was parsed", m.SID, "SM1")
	// With GET the parameters are in the URL.
	r = httptest.NewRequest(http.MethodGet, "https://hooks.example.com/?MessageSid=SM2&Body=a;b", nil)
	m = must[*webhook.Message](t)(webhook.ParseMessage(r))
	equal(t, "a parameter of a GET", m.SID+m.Body, "SM2a;b")
	equal(t, "no account", m.AccountSID, "")
}

// The account that was verified stands in where there is no AccountSid.
func TestEventsHaveTheVerifiedAccount(t *testing.T) {
	t.Parallel()
	v := newVerifier(t, webhook.Static(accountSID, token))
	r := signed(t, hook, token, url.Values{"CallSid": {"CA1"}})
	record(v, r, func(_ http.ResponseWriter, r *http.Request) {
		equal(t, "AccountSID", must[*webhook.CallStatus](t)(webhook.ParseCallStatus(r)).AccountSID, accountSID)
	})
}

// Whoever has one account's token can name any account in the parameters.
func TestTheVerifiedAccountComesFirst(t *testing.T) {
	t.Parallel()
	const other = "ACbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	v := newVerifier(t, webhook.Static(accountSID, token), webhook.WithAccount(func(*http.Request) string { return accountSID }))
	send := func(handler http.HandlerFunc, pairs ...string) {
		t.Helper()
		if w := record(v, signed(t, hook, token, form(other, pairs...)), handler); w.Code != http.StatusOK {
			t.Errorf("status %d", w.Code)
		}
	}
	send(func(_ http.ResponseWriter, r *http.Request) {
		equal(t, "a message's account", must[*webhook.Message](t)(webhook.ParseMessage(r)).AccountSID, accountSID)
	}, "MessageSid", "SM1")
	send(func(_ http.ResponseWriter, r *http.Request) {
		trigger := must[*webhook.UsageTrigger](t)(webhook.ParseUsageTrigger(r))
		equal(t, "a trigger's accounts", trigger.AccountSID+trigger.Trigger.AccountSID, accountSID+accountSID)
	}, "UsageTriggerSid", "UT1")
	debugger := func(want string) http.HandlerFunc {
		return func(_ http.ResponseWriter, r *http.Request) {
			equal(t, "the debugger's account", must[*webhook.DebuggerEvent](t)(webhook.ParseDebugger(r)).AccountSID, want)
		}
	}
	send(debugger(accountSID), "Payload", "{}")
	// A main account speaks for its subaccounts.
	send(debugger(other), "Payload", "{}", "ParentAccountSid", accountSID)
}

func TestTimesAndNumbers(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 26, 1, 5, 9, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"Thu,~26~Nov~2026~01:05:09~+0000": at,
		"Thu,~26~Nov~2026~01:05:09~GMT":   at,
		"26~Nov~2026~02:05:09~+0100":      at,
		"2026-11-26T01:05:09Z":            at,
		"2026-11-25T20:05:09-05:00":       at,
		"2026-11-26T01:05:09+0000":        at,
		"Thu,~26~Nov~2026~01:05:09~PST":   {}, // nobody says how far that is from UTC
		"1764119109":                      {},
	} {
		c, err := webhook.ParseCallStatus(post("CallSid=CA1 Timestamp=" + text))
		if c.Timestamp != want || (err != nil) != want.IsZero() {
			t.Errorf("%s is read as %v, %v", text, c.Timestamp, err)
		}
	}
	for _, text := range []string{"NaN", "Inf", "-inf", "1e999"} {
		c, err := webhook.ParseCallStatus(post("CallSid=CA1 Confidence=" + text))
		if c.Confidence != 0 || err == nil {
			t.Errorf("%s is read as %v", text, c.Confidence)
		}
	}
}

func TestWhatMakesNoSenseIsAnErrorBesideTheRest(t *testing.T) {
	t.Parallel()
	c, err := webhook.ParseCallStatus(post("AccountSid=" + accountSID + " CallSid=CA1 CallDuration=+14155550100x Duration= Timestamp=soon SequenceNumber=1.5 Confidence=high CallStatus=new"))
	if c == nil || c.SID != "CA1" || c.Status != "new" || c.SequenceNumber != 0 {
		t.Errorf("got %+v", c)
	}
	e, ok := errors.AsType[*twilio.DecodeError](err)
	if !ok || e.AccountSID != accountSID {
		t.Fatalf("got %v", err)
	}
	const want = "twilio: webhook.call_status: can't read Confidence: want a number; CallDuration: want a whole number; SequenceNumber: want a whole number; Timestamp: want a date in the format of RFC 2822 or ISO 8601"
	equal(t, "the error", err.Error(), want)
}

// Whatever the parameters are, neither the error nor its log line has one.
func TestErrorsHaveNoPartOfTheRequest(t *testing.T) {
	t.Parallel()
	var params strings.Builder
	for name := range strings.FieldsSeq(`AccountSid MessageSid MessageStatus CallSid RecordingSid ConferenceSid UsageTriggerSid
		Payload NumSegments ErrorCode RawDlrDoneDate CallDuration Timestamp RecordingChannels RecordingStartTime
		TriggerValue CurrentValue DateFired SequenceNumber MachineDetectionDuration`) {
		params.WriteString(name + "=+14155550100x ")
	}
	for name, parse := range parsers {
		var log bytes.Buffer
		_, err := parse(post(params.String()))
		slog.New(slog.NewTextHandler(&log, nil)).Info("webhook", "err", err)
		if err == nil || strings.Contains(err.Error()+log.String(), "4155550100") {
			t.Errorf("%s: %v, logged as %s", name, err, log.String())
		}
	}
}

// parsers are all functions that read an event, as ones that return whether
// they returned one.
var parsers = map[string]func(*http.Request) (bool, error){
	"message":        parser(webhook.ParseMessage),
	"message status": parser(webhook.ParseMessageStatus),
	"call":           parser(webhook.ParseCall),
	"call status":    parser(webhook.ParseCallStatus),
	"recording":      parser(webhook.ParseRecording),
	"conference":     parser(webhook.ParseConference),
	"usage trigger":  parser(webhook.ParseUsageTrigger),
	"debugger":       parser(webhook.ParseDebugger),
}

func parser[E any](parse func(*http.Request) (*E, error)) func(*http.Request) (bool, error) {
	return func(r *http.Request) (bool, error) {
		event, err := parse(r)
		return event != nil, err
	}
}

func TestOtherRequestsAreNoEvents(t *testing.T) {
	t.Parallel()
	for name, parse := range parsers {
		json := httptest.NewRequest(http.MethodPost, "https://hooks.example.com/", strings.NewReader(`{"MessageSid":"SM1"}`))
		json.Header.Set("Content-Type", "application/json")
		broken := post("")
		broken.Body = http.NoBody
		undecodable := httptest.NewRequest(http.MethodPost, "https://hooks.example.com/", strings.NewReader("MessageSid=%zz"))
		undecodable.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for kind, r := range map[string]*http.Request{"JSON": json, "empty": broken, "another event": post("AccountSid=AC1"), "undecodable": undecodable} {
			if kind == "empty" {
				r.URL.RawQuery = ""
			}
			event, err := parse(r)
			if e, ok := errors.AsType[*twilio.DecodeError](err); event || !ok || len(e.Fields) != 1 {
				t.Errorf("%s of %s: %v, %v", name, kind, event, err)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("MessageSid=SM1&MessageStatus=sent&NumMedia=9999999999&MediaUrl0=a&RawDlrDoneDate=2611260101&From=whatsapp%3A%2B1&Latitude=1e999")
	f.Add("CallSid=CA1&CallDuration=-1&Timestamp=Mon%2C+1+Jan+2026+00%3A00%3A00+%2B0000&SipHeader_X=1")
	f.Add("RecordingSid=RE1&ConferenceSid=CF1&UsageTriggerSid=UT1&TriggerValue=1e9999999&CurrentValue=x")
	f.Add("Payload=%7B%22error_code%22%3A%2232009%22%2C%22more_info%22%3A%5B%5D%7D")
	f.Fuzz(func(t *testing.T, body string) {
		for name, parse := range parsers {
			r := httptest.NewRequest(http.MethodPost, "https://hooks.example.com/", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			event, err := parse(r)
			if !event && err == nil {
				t.Errorf("%s: neither an event nor an error", name)
			}
			if _, ok := errors.AsType[*twilio.DecodeError](err); err != nil && !ok {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
