package twilio_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// An account that starts a call whenever somebody looks is closed all the same,
// and no call is left running.
func TestCloseEndsOnABusyAccount(t *testing.T) {
	t.Parallel()
	w := newStage(t, once)
	w.gate.pass = func(n int, _ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		if n > 100 {
			return answer(http.StatusForbidden, `{"message":"more requests than it can take"}`)(nil)
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
		if left := list(t, calls.All(t.Context(), twilio.CallListParams{Status: status})); len(left) > 0 {
			t.Errorf("%d calls are %s", len(left), status)
		}
	}
}

// isPost reports whether a request changes what it finds under a path.
func isPost(r *http.Request, path string) bool {
	return r.Method == http.MethodPost && strings.Contains(r.URL.Path, path)
}

// Where numbers can't leave a suspended account, whatever Twilio says then, it is
// activated once, and a call that begins while it is active ends.
func TestCloseMovesNumbersThatOnlyAnActiveAccountGivesUp(t *testing.T) {
	t.Parallel()
	for _, refusal := range []step{
		answer(http.StatusUnauthorized, `{"code":20003,"status":401}`),
		answer(http.StatusForbidden, `{"code":20005,"status":403}`),
		answer(http.StatusForbidden, ""),
		answer(http.StatusBadRequest, `{"code":21472,"status":400}`),
		answer(http.StatusBadRequest, `{"code":10001,"status":400}`),
	} {
		w := newStage(t, once)
		var called atomic.Bool
		w.gate.pass = func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
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
		{"refused for good", answer(http.StatusForbidden, `{"code":20005}`), false, 1, twilio.AccountStatusSuspended},
		{"not suspended again", answer(http.StatusForbidden, `{"code":20005}`), true, 1, twilio.AccountStatusActive},
		{"a bundle is required", answer(http.StatusBadRequest, `{"code":21649}`), false, 0, twilio.AccountStatusSuspended},
		{"an outage", answer(http.StatusServiceUnavailable, ""), false, 0, twilio.AccountStatusSuspended},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newStage(t, once)
			activations, suspensions := 0, 0
			w.gate.pass = func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
				switch {
				case isPost(r, acme+"/IncomingPhoneNumbers/"):
					return c.refuse(r)
				case isPost(r, "/Accounts/"+acme+".json"):
					if w.status(acme) == twilio.AccountStatusSuspended {
						activations++
					} else if suspensions++; suspensions == 2 && c.stuck {
						return answer(http.StatusServiceUnavailable, "")(r)
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
			return answer(http.StatusOK, `{"short_codes":[{"sid":"`+codes[0]+`","short_code":"12345"},{"sid":"`+codes[1]+`"}],"next_page_uri":null}`)(r)
		}
		return send()
	}
	for _, params := range []twilio.CloseParams{{}, {MoveNumbersTo: other}, {ReleaseNumbers: true}, {ReleaseNumbers: true, ReleaseHostedNumbers: true}} {
		w := newStage(t, once)
		w.gate.pass = leased
		before := w.state()
		_, err := w.client.Accounts.Close(t.Context(), acme, params)
		refusedHere(t, w, before, "ReleaseShortCodes", codes[0]+", "+codes[1], err)
	}
	w := newStage(t, once)
	w.gate.pass = leased
	report, err := w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other, ReleaseShortCodes: true})
	if err != nil || w.status(acme) != twilio.AccountStatusClosed || !slices.Equal(report.ReleasedShortCodes, codes) || len(report.MovedNumbers) != 5 {
		t.Errorf("%+v, %v", report, err)
	}
}

// A hosted number that Twilio refuses to move keeps the account open, unless it
// may be released.
func TestCloseNamesHostedNumbers(t *testing.T) {
	t.Parallel()
	w := newStage(t, once)
	hosted := w.srv.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550500", Origin: "hosted"})
	before := w.state()
	_, err := w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{ReleaseHostedNumbers: true})
	refusedHere(t, w, before, "MoveNumbersTo", "5 phone numbers", err)

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
		w := newStage(t, once)
		w.srv.SetStatus(other, status)
		before := w.state()
		_, err := w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other})
		refusedHere(t, w, before, "MoveNumbersTo", "isn't active", err)
	}
}

// Where only the response to the last request is lost, the report is as whole as
// otherwise.
func TestCloseReportsWhatALostResponseHides(t *testing.T) {
	t.Parallel()
	w := newStage(t, once)
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
	w := newStage(t, once)
	w.gate.pass = func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		if isPost(r, acme+"/IncomingPhoneNumbers/"+pn1) {
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
