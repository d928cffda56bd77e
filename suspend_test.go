package twilio_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Calls that change or begin until the account is suspended are all ended, and
// none is an error.
func TestSuspendMeetsCallsThatChange(t *testing.T) {
	t.Parallel()
	for _, step := range []time.Duration{time.Second, 5 * time.Second, 20 * time.Second} {
		for n, met := 1, true; met; n++ {
			w := newCustomer(t, noRetries)
			w.transport.intercept = func(i int, _ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
				if i == n {
					_, _ = w.srv.Client().Subaccount(acme).Calls.Create(t.Context(),
						twilio.CallCreateParams{From: "+15005550006", To: "+14155550401", URL: "https://example.com/"})
					w.srv.Advance(step)
				}
				return send()
			}
			report, err := w.client.Accounts.Suspend(t.Context(), acme, twilio.SuspendParams{EndCalls: true})
			met = w.transport.count() >= n
			if err != nil {
				t.Fatalf("%v before request %d: %v", step, n, err)
			}
			if report.Account.Status != twilio.AccountStatusSuspended {
				t.Errorf("the account is reported as %s", report.Account.Status)
			}
			for _, call := range report.EndedCalls {
				if call.Status != twilio.CallStatusCompleted {
					t.Errorf("call %s is reported as %s", call.SID, call.Status)
				}
			}
			if state := w.state(); strings.Contains(strings.SplitN(state, "\n", 2)[0], "in-progress") || strings.Contains(state, "queued") {
				t.Errorf("%v before request %d: %s", step, n, state)
			}
		}
	}
}

func TestSuspendRefuses(t *testing.T) {
	t.Parallel()
	suspend := func(c *twilio.Client, sid string) error {
		_, err := c.Accounts.Suspend(t.Context(), sid, twilio.SuspendParams{EndCalls: true})
		return err
	}
	testRefusals(t, []refusal{
		{name: "the main account", operation: "accounts.suspend", field: "sid",
			run: func(w *customer) error { return suspend(w.client, w.srv.AccountSID) }},
		{name: "with its own credentials", operation: "accounts.suspend", field: "sid",
			run: func(w *customer) error { return suspend(w.ownClient(), acme) }},
		{name: "with a key", operation: "accounts.suspend", field: "Subaccount",
			run: func(w *customer) error { return suspend(w.keyClient(), acme) }},
	})
}
