package twilio

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"
)

func TestExpand(t *testing.T) {
	t.Parallel()
	const account = "AC00000000000000000000000000000001"
	participants := &route{path: "/Conferences/{conferenceSID:CF}/Participants/{callSID:*}"}
	for _, test := range []struct {
		route *route
		args  []string
		want  string // below the API's root
	}{
		{accounts, nil, "/Accounts.json"},
		{accounts, []string{"AC2"}, "/Accounts/AC2.json"},
		{balances, nil, "/Accounts/" + account + "/Balance.json"},
		{messages, []string{"MM1"}, "/Accounts/" + account + "/Messages/MM1.json"},
		{availableLocal, []string{"us"}, "/Accounts/" + account + "/AvailablePhoneNumbers/US/Local.json"},
		{participants, []string{"CF1"}, "/Accounts/" + account + "/Conferences/CF1/Participants.json"},
		{participants, []string{"CF1", "CA1"}, "/Accounts/" + account + "/Conferences/CF1/Participants/CA1.json"},
		{participants, []string{"CF1", "the boss/50%?"}, "/Accounts/" + account + "/Conferences/CF1/Participants/the%20boss%2F50%25%3F.json"},
		{participants, []string{"CF1", "..."}, "/Accounts/" + account + "/Conferences/CF1/Participants/....json"},
	} {
		u, err := test.route.expand(account, test.args)
		if err != nil {
			t.Errorf("%s with %q: %v", test.route.path, test.args, err)
			continue
		}
		if got := u.RequestURI(); got != apiRoot+test.want {
			t.Errorf("%s with %q is %s, want %s", test.route.path, test.args, got, apiRoot+test.want)
		}
	}
	for _, test := range []struct {
		args  []string
		field string
	}{
		{[]string{""}, "conferenceSID"},
		{[]string{"CA1"}, "conferenceSID"},
		{[]string{"CF1/x"}, "conferenceSID"},
		{[]string{"CF1", ""}, "callSID"},
		{[]string{"CF1", "."}, "callSID"},
		{[]string{"CF1", ".."}, "callSID"},
	} {
		u, err := participants.expand(account, test.args)
		if e, ok := errors.AsType[*ParamError](err); !ok || e.Field != test.field {
			t.Errorf("%q made %v, %v; want a refusal of %s", test.args, u, err, test.field)
		}
	}
}

// TestSubaccountAllocations: a fleet makes a client for each account.
//
//nolint:paralleltest // counts allocations
func TestSubaccountAllocations(t *testing.T) {
	client, err := NewClient(AuthToken("AC00000000000000000000000000000001", "token"))
	if err != nil {
		t.Fatal(err)
	}
	var sub *Client
	if n := testing.AllocsPerRun(100, func() { sub = client.Subaccount("AC00000000000000000000000000000002") }); n > 3 {
		t.Errorf("Subaccount makes %v allocations, want at most 3", n)
	}
	if sub.Calls.calls.client != sub {
		t.Error("a service of the copy belongs to another client")
	}
}

// TestEffectiveForm: what counts is what is sent, WithForm included.
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
	for name, r := range map[string]*request{
		"TwiML":      prepare(calls, "create", CallCreateParams{TwiML: "<Response/>"}, to),
		"To":         prepare(calls, "create", CallCreateParams{To: "+15005550006", From: "+15005550006", TwiML: "<Response/>"}, url.Values{"To": {""}}),
		"AccountSID": prepare(numbers, "update", IncomingPhoneNumberUpdateParams{}, url.Values{"AccountSid": {"PN1"}}, "PN1"),
		"Status":     prepare(client.Accounts.accounts, "update", AccountUpdateParams{}, url.Values{"Status": {"closed"}}, client.AccountSID()),
		"MediaURL": prepare(client.Messages.messages, "create", MessageCreateParams{To: "+1", From: "+1"},
			url.Values{"MediaUrl": make([]string, 11), "Body": {"x"}}),
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

// TestHasValues: an update is confirmed only where everything that was sent can
// be seen.
func TestHasValues(t *testing.T) {
	t.Parallel()
	current := (&Account{FriendlyName: "Submarine", Status: AccountStatusClosed}).current()
	for _, test := range []struct {
		form url.Values
		want bool
	}{
		{url.Values{"Status": {"closed"}}, true},
		{url.Values{"Status": {"closed"}, "FriendlyName": {"Submarine"}}, true},
		{url.Values{"Status": {"closed"}, "FriendlyName": {"Boat"}}, false},
		{url.Values{"Status": {"closed"}, "New": {"x"}}, false},
	} {
		if got := hasValues(current, test.form); got != test.want {
			t.Errorf("%v: %v, want %v", test.form, got, test.want)
		}
	}
}

// TestHTTPClientWithoutTransport has the SDK's connections, whatever else the
// caller sets.
func TestHTTPClientWithoutTransport(t *testing.T) {
	t.Parallel()
	client, err := NewClient(AuthToken("AC00000000000000000000000000000001", "token"), WithHTTPClient(&http.Client{Timeout: time.Minute}))
	if err != nil {
		t.Fatal(err)
	}
	base, ok := client.shared.transport.base.(*http.Transport)
	if !ok || base.MaxIdleConnsPerHost != newTransport().MaxIdleConnsPerHost {
		t.Errorf("got %T with %d idle connections", client.shared.transport.base, base.MaxIdleConnsPerHost)
	}
}
