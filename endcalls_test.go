package twilio_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// EndAll lists the calls again, so that a call that begins in the meantime ends
// too, without a suspension.
func TestEndAllEndsCallsThatBeginMeanwhile(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	begun := false
	w.transport.intercept = func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		// Queued calls have been looked for by the time that running ones are ended.
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, acmeCall+".json") && !begun {
			begun = true
			w.srv.AddCall(acme, twilio.Call{From: "+15005550006", To: "+14155550401", Status: "queued"})
		}
		return send()
	}
	ended, err := w.client.Subaccount(acme).Calls.EndAll(t.Context())
	if err != nil || len(ended) != 7 || !begun {
		t.Errorf("%d calls ended, want 7; error %v", len(ended), err)
	}
}

// A call that can't be ended doesn't stop EndAll, and the error names it.
func TestEndAllNamesCallsThatItCannotEnd(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	w.srv.Inject(twiliotest.Fault{Method: "POST", Path: acmeCall, Times: -1, Status: 403, Code: 20008})
	report, err := w.client.Accounts.Suspend(t.Context(), acme, twilio.SuspendParams{EndCalls: true})
	if !errors.Is(err, twilio.ErrForbidden) || !strings.Contains(err.Error(), acmeCall) || len(report.EndedCalls) != 5 {
		t.Errorf("%d calls ended, want 5; error %v", len(report.EndedCalls), err)
	}
	// Nothing that can't be undone happens after it.
	closed, err := w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other})
	if !errors.Is(err, twilio.ErrForbidden) || w.status(acme) != twilio.AccountStatusSuspended || len(w.numbers(acme)) != 5 {
		t.Errorf("Close: %+v, %v; %s", closed, err, w.state())
	}
}
