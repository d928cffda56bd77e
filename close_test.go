package twilio_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
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

// A number that can't move keeps the account open, and the error names it and
// says why; the others have moved. With the missing address Close continues.
func TestCloseStopsAtANumberThatCannotMove(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	stuck := w.srv.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550500", AddressRequirements: "any"})
	report, err := w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other})
	if e, ok := errors.AsType[*twilio.ParamError](err); !ok || e.Field != "AddressSID" || !strings.Contains(err.Error(), stuck.SID) {
		t.Errorf("error %v", err)
	}
	if len(report.MovedNumbers) != 5 || len(report.NotMoved) != 1 || report.NotMoved[0].Number.SID != stuck.SID || len(report.EndedCalls) != 6 {
		t.Errorf("%d moved, %d not, %d calls ended", len(report.MovedNumbers), len(report.NotMoved), len(report.EndedCalls))
	}
	if w.status(acme) != twilio.AccountStatusActive || !slices.Equal(w.numbers(acme), []string{stuck.PhoneNumber}) {
		t.Errorf("after a failure: %s", w.state())
	}
	address := w.srv.AddAddress(other, twilio.Address{CustomerName: "Other", Street: "1 Main St", City: "Springfield", Region: "IL", PostalCode: "62701"})
	report, err = w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other, AddressSID: address.SID})
	if err != nil || report.Account.Status != twilio.AccountStatusClosed || len(report.MovedNumbers) != 1 || len(w.numbers(other)) != 7 {
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
		{name: "numbers and no instruction", operation: "accounts.close", field: "MoveNumbersTo", reason: "(5)", afterReads: true,
			run: closeCustomer(twilio.CloseParams{})},
		{name: "both instructions", operation: "accounts.close", field: "ReleaseNumbers", reason: "one of them",
			run: closeCustomer(twilio.CloseParams{MoveNumbersTo: other, ReleaseNumbers: true})},
		{name: "moving to itself", operation: "accounts.close", field: "MoveNumbersTo", reason: "to be closed",
			run: closeCustomer(twilio.CloseParams{MoveNumbersTo: acme})},
		{name: "moving to a number", operation: "accounts.close", field: "MoveNumbersTo",
			run: closeCustomer(twilio.CloseParams{MoveNumbersTo: "PNcanary"})},
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
