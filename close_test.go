package twilio_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A change by somebody else during a Close with MoveNumbersTo never loses a
// number, and no call is left once Close has succeeded.
func TestWorkflowsSurviveOthersChanges(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	admin := func(w *customer) *twilio.Client { return w.srv.Client().Subaccount(acme) }
	changes := []struct {
		name   string
		owned  int // numbers that there are afterwards, if the change could be made
		change func(t *testing.T, w *customer) error
	}{
		{"a number comes", 7, func(_ *testing.T, w *customer) error {
			_, err := admin(w).IncomingPhoneNumbers.Create(ctx, twilio.IncomingPhoneNumberCreateParams{PhoneNumber: "+14155550400"})
			return err
		}},
		{"a number is moved in", 6, func(_ *testing.T, w *customer) error {
			for n, err := range w.srv.Client().Subaccount(other).IncomingPhoneNumbers.All(ctx, twilio.IncomingPhoneNumberListParams{PhoneNumber: "+14155550301"}) {
				if err != nil {
					return err
				}
				_, err = w.srv.Client().Subaccount(other).IncomingPhoneNumbers.Transfer(ctx, n.SID, twilio.TransferParams{To: acme})
				return err
			}
			return errors.New("not there")
		}},
		{"a number is moved away", 6, func(_ *testing.T, w *customer) error {
			_, err := admin(w).IncomingPhoneNumbers.Transfer(ctx, acmeNumber, twilio.TransferParams{To: other})
			return err
		}},
		{"a number is released", 5, func(_ *testing.T, w *customer) error { return admin(w).IncomingPhoneNumbers.Delete(ctx, acmeNumber) }},
		{"a call begins", 6, func(_ *testing.T, w *customer) error {
			_, err := admin(w).Calls.Create(ctx, twilio.CallCreateParams{From: "+15005550006", To: "+14155550401", URL: "https://example.com/"})
			return err
		}},
		{"a call ends", 6, func(_ *testing.T, w *customer) error { _, err := admin(w).Calls.End(ctx, acmeCall); return err }},
		{"calls go on and end", 6, func(_ *testing.T, w *customer) error { w.srv.Advance(6 * time.Second); return nil }},
		{"all calls end", 6, func(_ *testing.T, w *customer) error { w.srv.Advance(time.Minute); return nil }},
		{"the account is suspended", 6, func(_ *testing.T, w *customer) error {
			_, err := w.srv.Client().Accounts.Suspend(ctx, acme, twilio.SuspendParams{})
			return err
		}},
	}
	for _, c := range changes {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for n, met := 1, true; met; n++ {
				w := newCustomer(t, noRetries)
				changed := errors.New("never tried")
				w.transport.intercept = func(i int, _ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
					if i == n {
						changed = c.change(t, w)
					}
					return send()
				}
				err := closeAcme(ctx, w)
				met = w.transport.count() >= n
				if err != nil && w.status(acme) == twilio.AccountStatusClosed {
					t.Errorf("before request %d: closed after a failure: %v", n, err)
				}
				w.transport.intercept = nil
				if err := closeAcme(ctx, w); err != nil {
					t.Errorf("before request %d, once more: %v", n, err)
				}
				want := 6
				if changed == nil {
					want = c.owned
				}
				if got := w.numberCount(); got != want {
					t.Errorf("before request %d: %d numbers, want %d; %s", n, got, want, w.state())
				}
				if got := w.status(acme); got != twilio.AccountStatusClosed {
					t.Errorf("before request %d: the account is %s", n, got)
				}
				for _, status := range []twilio.CallStatus{"queued", "ringing", "in-progress"} {
					if calls := collect(t, admin(w).Calls.All(ctx, twilio.CallListParams{Status: status})); len(calls) > 0 {
						t.Errorf("before request %d: %d calls are still %s", n, len(calls), status)
					}
				}
			}
		})
	}
}

// TestCloseRefusesANumberThatCannotMove: a number without the address that it
// requires is named before anything changes; with the address, Close goes on.
func TestCloseRefusesANumberThatCannotMove(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	stuck := w.srv.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550500", AddressRequirements: "any"})
	before := w.state()
	report, err := w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other})
	wantNothingChanged(t, w, before, "AddressSID", stuck.SID, err)
	if len(report.NotMoved) != 1 || report.NotMoved[0].Number.SID != stuck.SID || report.Account.Status != twilio.AccountStatusActive {
		t.Errorf("%+v", report)
	}
	address := w.srv.AddAddress(other, twilio.Address{CustomerName: "Other", Street: "1 Main St", City: "Springfield", Region: "IL", PostalCode: "62701"})
	report, err = w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other, AddressSID: address.SID})
	if err != nil || report.Account.Status != twilio.AccountStatusClosed || len(report.MovedNumbers) != 6 || len(report.EndedCalls) != 6 || len(w.numbers(other)) != 7 {
		t.Errorf("with an address: %+v, %v; %s", report, err, w.state())
	}
}

func TestCloseRefuses(t *testing.T) {
	t.Parallel()
	closing := func(c *twilio.Client, sid string, params twilio.CloseParams) error {
		_, err := c.Accounts.Close(t.Context(), sid, params)
		return err
	}
	closeCustomer := func(params twilio.CloseParams) func(*customer) error {
		return func(w *customer) error { return closing(w.client, acme, params) }
	}
	testRefusals(t, []refusal{
		{name: "numbers and no instruction", operation: "accounts.close", field: "MoveNumbersTo", reason: "5 phone numbers", afterReads: true,
			run: closeCustomer(twilio.CloseParams{})},
		{name: "both instructions", operation: "accounts.close", field: "ReleaseNumbers", reason: "one of them",
			run: closeCustomer(twilio.CloseParams{MoveNumbersTo: other, ReleaseNumbers: true})},
		{name: "moving to itself", operation: "accounts.close", field: "MoveNumbersTo", reason: "the account to close",
			run: closeCustomer(twilio.CloseParams{MoveNumbersTo: acme})},
		{name: "moving to a number", operation: "accounts.close", field: "MoveNumbersTo",
			run: closeCustomer(twilio.CloseParams{MoveNumbersTo: "PNcanary"})},
		{name: "webhooks of numbers that don't move", operation: "accounts.close", field: "ClearWebhooks", reason: "set MoveNumbersTo",
			run: closeCustomer(twilio.CloseParams{ReleaseNumbers: true, ClearWebhooks: true})},
		{name: "bundles of numbers that don't move", operation: "accounts.close", field: "CloneBundle",
			run: closeCustomer(twilio.CloseParams{CloneBundle: true})},
		{name: "an address for numbers that don't move", operation: "accounts.close", field: "AddressSID",
			run: closeCustomer(twilio.CloseParams{AddressSID: "ADcanary"})},
		{name: "the main account", operation: "accounts.close", field: "sid",
			run: func(w *customer) error {
				return closing(w.client, w.srv.AccountSID, twilio.CloseParams{ReleaseNumbers: true})
			}},
		{name: "no account", operation: "accounts.close", field: "sid",
			run: func(w *customer) error { return closing(w.client, "", twilio.CloseParams{}) }},
		{name: "with its own credentials", operation: "accounts.close", field: "sid",
			run: func(w *customer) error { return closing(w.ownClient(), acme, twilio.CloseParams{ReleaseNumbers: true}) }},
		{name: "with a key", operation: "accounts.close", field: "Subaccount", reason: "AuthToken",
			run: func(w *customer) error { return closing(w.keyClient(), acme, twilio.CloseParams{ReleaseNumbers: true}) }},
		{name: "with a key and no instruction", operation: "accounts.close", field: "Subaccount",
			run: func(w *customer) error { return closing(w.keyClient(), acme, twilio.CloseParams{}) }},
	})
}

// An account that starts a call whenever somebody looks is closed all the same,
// and no call is left running.
func TestCloseEndsOnABusyAccount(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	w.transport.intercept = func(n int, _ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		if n > 100 {
			return respond(http.StatusForbidden, `{"message":"more requests than it can take"}`)(nil)
		}
		_, _ = w.srv.Client().Subaccount(acme).Calls.Create(t.Context(),
			twilio.CallCreateParams{From: "+15005550006", To: "+14155550401", URL: "https://example.com/"})
		return send()
	}
	report, err := w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other})
	if err != nil || report.Reactivated || report.Account.Status != twilio.AccountStatusClosed {
		t.Fatalf("%+v, %v", report, err)
	}
	calls := w.srv.Client().Subaccount(acme).Calls
	for _, status := range []twilio.CallStatus{"queued", "ringing", "in-progress"} {
		if left := collect(t, calls.All(t.Context(), twilio.CallListParams{Status: status})); len(left) > 0 {
			t.Errorf("%d calls are %s", len(left), status)
		}
	}
}

// isPost reports whether a request changes what it finds under a path.
func isPost(r *http.Request, path string) bool {
	return r.Method == http.MethodPost && strings.Contains(r.URL.Path, path)
}

// Where numbers can't leave a suspended account, whatever Twilio says then, it
// is activated noRetries, and a call that begins while it is active ends.
func TestCloseMovesNumbersThatOnlyAnActiveAccountGivesUp(t *testing.T) {
	t.Parallel()
	for _, refusal := range []step{
		respond(http.StatusUnauthorized, `{"code":20003,"status":401}`),
		respond(http.StatusForbidden, `{"code":20005,"status":403}`),
		respond(http.StatusForbidden, ""),
		respond(http.StatusBadRequest, `{"code":21472,"status":400}`),
		respond(http.StatusBadRequest, `{"code":10001,"status":400}`),
	} {
		w := newCustomer(t, noRetries)
		var called atomic.Bool
		w.transport.intercept = func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
			if isPost(r, acme+"/IncomingPhoneNumbers/") {
				if w.status(acme) == twilio.AccountStatusSuspended {
					return refusal(r)
				}
				if called.CompareAndSwap(false, true) {
					w.srv.AddCall(acme, twilio.Call{From: "+15005550006", To: "+14155550401", Status: "in-progress"})
				}
			}
			return send()
		}
		report, err := w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other})
		if err != nil || !report.Reactivated || len(report.MovedNumbers) != 5 || len(report.NotMoved) != 0 || len(report.EndedCalls) != 7 {
			t.Errorf("%+v, %v", report, err)
		}
		if w.status(acme) != twilio.AccountStatusClosed || len(w.numbers(other)) != 6 || strings.Contains(strings.SplitN(w.state(), "\n", 2)[0], "in-progress") {
			t.Errorf("%s", w.state())
		}
	}
}

// The fall-back is tried once; a refusal that names its reason isn't taken for
// one; and whatever goes wrong, the report says how the account is.
func TestCloseReactivatesOnceAtMost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		refuse      step
		stuck       bool // the account can't be suspended for a second time
		activations int
		status      twilio.AccountStatus
	}{
		{"refused for good", respond(http.StatusForbidden, `{"code":20005}`), false, 1, twilio.AccountStatusSuspended},
		{"not suspended again", respond(http.StatusForbidden, `{"code":20005}`), true, 1, twilio.AccountStatusActive},
		{"a bundle is required", respond(http.StatusBadRequest, `{"code":21649}`), false, 0, twilio.AccountStatusSuspended},
		{"an outage", respond(http.StatusServiceUnavailable, ""), false, 0, twilio.AccountStatusSuspended},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newCustomer(t, noRetries)
			activations, suspensions := 0, 0
			w.transport.intercept = func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
				switch {
				case isPost(r, acme+"/IncomingPhoneNumbers/"):
					return c.refuse(r)
				case isPost(r, "/Accounts/"+acme+".json"):
					if w.status(acme) == twilio.AccountStatusSuspended {
						activations++
					} else if suspensions++; suspensions == 2 && c.stuck {
						return respond(http.StatusServiceUnavailable, "")(r)
					}
				}
				return send()
			}
			report, err := w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other})
			if err == nil || activations != c.activations || report.Reactivated != (c.activations > 0) {
				t.Errorf("activated %d times, want %d; %+v, %v", activations, c.activations, report, err)
			}
			if report.Account.Status != c.status || w.status(acme) != c.status {
				t.Errorf("reported as %s, is %s, want %s", report.Account.Status, w.status(acme), c.status)
			}
			if len(report.NotMoved) != 5 || len(report.MovedNumbers) != 0 || len(w.numbers(acme)) != 5 {
				t.Errorf("%d moved, %d not; %s", len(report.MovedNumbers), len(report.NotMoved), w.state())
			}
		})
	}
}

// Short codes can't be got back: they are named, and go only when asked for.
func TestCloseNamesShortCodes(t *testing.T) {
	t.Parallel()
	codes := []string{"SC00000000000000000000000000000001", "SC00000000000000000000000000000002"}
	leased := func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, acme+"/SMS/ShortCodes.json") {
			return respond(http.StatusOK, `{"short_codes":[{"sid":"`+codes[0]+`","short_code":"12345"},{"sid":"`+codes[1]+`"}],"next_page_uri":null}`)(r)
		}
		return send()
	}
	for _, params := range []twilio.CloseParams{{}, {MoveNumbersTo: other}, {ReleaseNumbers: true}, {ReleaseNumbers: true, ReleaseHostedNumbers: true}} {
		w := newCustomer(t, noRetries)
		w.transport.intercept = leased
		before := w.state()
		_, err := w.client.Accounts.Close(t.Context(), acme, params)
		wantNothingChanged(t, w, before, "ReleaseShortCodes", codes[0]+", "+codes[1], err)
	}
	w := newCustomer(t, noRetries)
	w.transport.intercept = leased
	report, err := w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other, ReleaseShortCodes: true})
	if err != nil || w.status(acme) != twilio.AccountStatusClosed || !slices.Equal(report.ReleasedShortCodes, codes) || len(report.MovedNumbers) != 5 {
		t.Errorf("%+v, %v", report, err)
	}
}

// A hosted number that Twilio refuses to move keeps the account open, unless it
// may be released.
func TestCloseNamesHostedNumbers(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	hosted := w.srv.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550500", Origin: "hosted"})
	before := w.state()
	_, err := w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{ReleaseHostedNumbers: true})
	wantNothingChanged(t, w, before, "MoveNumbersTo", "5 phone numbers", err)

	report, err := w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other})
	e, ok := errors.AsType[*twilio.Error](err)
	if !ok || e.Code != twilio.CodeHostedNumber || !strings.Contains(err.Error(), hosted.SID) || report.Reactivated {
		t.Errorf("%+v, %v", report, err)
	}
	if len(report.MovedNumbers) != 5 || len(report.NotMoved) != 1 || w.status(acme) != twilio.AccountStatusSuspended || len(report.ReleasedNumbers) != 0 {
		t.Errorf("%+v; %s", report, w.state())
	}

	report, err = w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other, ReleaseHostedNumbers: true})
	if err != nil || w.status(acme) != twilio.AccountStatusClosed || len(report.ReleasedNumbers) != 1 || report.ReleasedNumbers[0].SID != hosted.SID {
		t.Errorf("%+v, %v", report, err)
	}
}

// What can't get numbers is found out before anything changes.
func TestCloseRefusesAnAccountThatCannotGetNumbers(t *testing.T) {
	t.Parallel()
	for _, status := range []twilio.AccountStatus{twilio.AccountStatusSuspended, twilio.AccountStatusClosed} {
		w := newCustomer(t, noRetries)
		w.srv.SetStatus(other, status)
		before := w.state()
		_, err := w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other})
		wantNothingChanged(t, w, before, "MoveNumbersTo", "isn't an active account", err)
	}
}

// Where only the response to the last request is lost, the report is as whole
// as otherwise.
func TestCloseReportsWhatALostResponseHides(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	w.srv.Inject(twiliotest.Fault{Method: "POST", Path: "/Accounts/" + acme + ".json", Skip: 1, After: true, Status: 502})
	report, err := w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{ReleaseNumbers: true})
	if err != nil || report.Account.Status != twilio.AccountStatusClosed || len(report.ReleasedNumbers) != 5 {
		t.Errorf("%+v, %v", report, err)
	}
}

// A number that somebody else's closing has released isn't a success of a Close
// that was to move it.
func TestCloseTellsOfNumbersThatAnotherLost(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	w.transport.intercept = func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		if isPost(r, acme+"/IncomingPhoneNumbers/"+acmeNumber) {
			w.srv.SetStatus(acme, twilio.AccountStatusClosed)
		}
		return send()
	}
	report, err := w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other, Concurrency: 1})
	if err == nil || report.Account.Status != twilio.AccountStatusClosed || len(report.ReleasedNumbers) == 0 ||
		len(report.ReleasedNumbers)+len(report.MovedNumbers) != 5 || len(w.numbers(other)) != 1+len(report.MovedNumbers) {
		t.Errorf("%+v, %v; %s", report, err, w.state())
	}
}
