package twilio

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// TestEffectiveForm checks that validators see what is sent, WithForm included.
func TestEffectiveForm(t *testing.T) {
	t.Parallel()
	client, err := NewClient(AuthToken("AC00000000000000000000000000000001", "token"))
	if err != nil {
		t.Fatal(err)
	}
	prepare := func(e endpoint, verb string, params any, form url.Values, args ...string) *request {
		return e.request(verb, http.MethodPost, params, []RequestOption{WithForm(form)}, args)
	}
	calls, numbers := client.Calls.calls, client.IncomingPhoneNumbers.numbers
	to := url.Values{"To": {"+15005550006"}, "From": {"+15005550006"}, "Url": {"https://example.com"}}
	if r := prepare(calls, "create", CallCreateParams{}, to); r.err != nil || r.form.Get("To") != "+15005550006" {
		t.Errorf("required parameters in the form: %v", r.err)
	}
	day := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	for name, r := range map[string]*request{
		"a day that the form takes out": prepare(calls, "list", CallListParams{StartTime: day}, url.Values{"StartTime": nil, "StartTime>": {"2026-03-01"}}),
		"an end that the form replaces": prepare(calls, "list", CallListParams{StartTimeAfter: day, StartTimeBefore: day.AddDate(0, 0, -1)}, url.Values{"StartTime<": {"2026-03-02"}}),
		"a day that isn't a date":       prepare(client.Usage.Records.records, "list", UsageRecordListParams{StartDate: day}, url.Values{"EndDate": {"-1days"}}),
	} {
		if r.err != nil {
			t.Errorf("%s: %v", name, r.err)
		}
	}
	for name, r := range map[string]*request{
		"TwiML":      prepare(calls, "create", CallCreateParams{TwiML: "<Response/>"}, to),
		"To":         prepare(calls, "create", CallCreateParams{To: "+15005550006", From: "+15005550006", TwiML: "<Response/>"}, url.Values{"To": {""}}),
		"AccountSID": prepare(numbers, "update", IncomingPhoneNumberUpdateParams{}, url.Values{"AccountSid": {"PN1"}}, "PN1"),
		"Status":     prepare(client.Accounts.accounts, "update", AccountUpdateParams{}, url.Values{"Status": {"closed"}}, client.AccountSID()),
		"MediaURL": prepare(client.Messages.messages, "create", MessageCreateParams{To: "+1", From: "+1"},
			url.Values{"MediaUrl": make([]string, 11), "Body": {"x"}}),
		"StartTime": prepare(calls, "list", CallListParams{StartTimeAfter: day}, url.Values{"StartTime": {"2026-03-02"}}),
		"DateSent":  prepare(client.Messages.messages, "list", MessageListParams{DateSent: day}, url.Values{"DateSent<": {"2026-03-02"}}),
		"EndDate":   prepare(client.Usage.Records.records, "list", UsageRecordListParams{StartDate: day}, url.Values{"EndDate": {"2026-02-28"}}),
	} {
		if e, ok := errors.AsType[*ParamError](r.err); !ok || e.Field != name {
			t.Errorf("%s in the form: %v", name, r.err)
		}
	}
	for name, idempotent := range map[string]bool{"Url": false, "Twiml": false, "Status": true} {
		if r := prepare(calls, "update", CallUpdateParams{}, url.Values{name: {"x"}}, "CA1"); r.err != nil || r.idempotent != idempotent {
			t.Errorf("update of a call by %s: %v, idempotent %v, want %v", name, r.err, r.idempotent, idempotent)
		}
	}
}

// TestRepeatable checks what may be sent twice, by path and by effective form.
func TestRepeatable(t *testing.T) {
	t.Parallel()
	client, err := NewClient(AuthToken("AC00000000000000000000000000000001", "token"))
	if err != nil {
		t.Fatal(err)
	}
	url1, key := url.Values{"Url": {"https://example.com"}}, url.Values{"IdempotencyKey": {"1"}}
	members, calls := client.Queues.Members.members, client.Calls
	message := UserDefinedMessageCreateParams{Content: "{}"}
	subscription := UserDefinedMessageSubscriptionCreateParams{Callback: "https://example.com"}
	payment := PaymentCreateParams{StatusCallback: "https://example.com"}
	for _, tt := range []struct {
		name   string
		at     endpoint
		verb   string
		params any
		form   url.Values
		args   []string
		want   bool
	}{
		{"a call in a queue", members, "update", QueueMemberUpdateParams{}, url1, []string{"QU1", "CA1"}, true},
		{"the front", members, "update", QueueMemberUpdateParams{}, url1, []string{"QU1", "Front"}, false},
		{"the front in other letters", members, "update", QueueMemberUpdateParams{}, url1, []string{"QU1", "front"}, false},
		{"payment", calls.Payments.payments, "create", payment, key, []string{"CA1"}, true},
		{"message", calls.UserDefinedMessages.messages, "create", message, nil, []string{"CA1"}, false},
		{"message with a key", calls.UserDefinedMessages.messages, "create", message, key, []string{"CA1"}, true},
		{"subscription", calls.UserDefinedMessageSubscriptions.subscriptions, "create", subscription, nil, []string{"CA1"}, false},
		{"subscription with a key", calls.UserDefinedMessageSubscriptions.subscriptions, "create", subscription, key, []string{"CA1"}, true},
	} {
		r := tt.at.request(tt.verb, http.MethodPost, tt.params, []RequestOption{WithForm(tt.form)}, tt.args)
		if r.err != nil || r.idempotent != tt.want {
			t.Errorf("%s: %v, idempotent %v, want %v", tt.name, r.err, r.idempotent, tt.want)
		}
	}
}
