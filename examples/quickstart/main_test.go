package main

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

const wholeOutput = `In-memory fake: nothing is called, sent or charged.

Create a subaccount
  created    AC1 "Submarine", active
  AuthToken  prints as [redacted]
  by SID     AC1 "Submarine", active
  owner      AC2, the main account
  by name    AC1 "Submarine", active

Call and send a message with it
  bought     PN1 +14152654321, Submarine
  called     CA1, queued, with main credentials
  sent       SM1, queued, with main credentials
  called     CA2, queued, with own credentials
  sent       SM2, queued, with own credentials
  refused    own credentials on the main account, by Twilio: 401 (code 20003)
  refused    the main account's API key on the subaccount, before sending:
             …
  ended      CA1, completed
  ended      CA2, completed

Calculate its bill
  calls that started on 2026-01-15 (UTC); a price is for the whole call
  SID  started  seconds  charge
  CA2  12:00:05  15  USD 0.014
  CA1  12:00:05  15  USD 0.014
  CA3  11:00:00  3  JPY 0.1
  3 calls, 0 not priced yet; the total in each currency:
  JPY 0.1
  USD 0.028

Suspend it
  suspended  AC1 is suspended
  refused    a new call, by Twilio: 401 (code 20003)
  continues  CA4 is in-progress:
             suspending an account does not end its calls
  ended      CA4 is completed
  activated  AC1 is active

Exchange phone numbers
  bought     PN2 +16282654321, main account
  moved      PN2
  owner      AC1, Submarine
  moved      PN2
  owner      AC2, the main account

Close it
  refused    closing it while it owns a number, before sending:
             …
  closed     AC1 is closed
  released   1 phone number
  refused    reopening it, by Twilio: 400 (code 21479)
  refused    closing the main account, before sending:
             …
  history    4 calls can still be read
`

// plain replaces SIDs by names, and leaves out how refusals are worded and how
// tables are aligned.
func plain(out string) string {
	names, count := map[string]string{}, map[string]int{}
	replace := func(pattern, by string) {
		out = regexp.MustCompile(pattern).ReplaceAllString(out, by)
	}
	out = regexp.MustCompile(`(AC|CA|SM|PN)[0-9a-f]{32}`).
		ReplaceAllStringFunc(out, func(sid string) string {
			if names[sid] == "" {
				count[sid[:2]]++
				names[sid] = sid[:2] + string(rune('0'+count[sid[:2]]))
			}
			return names[sid]
		})
	replace(`(before sending:\n)(             .*\n)+`, "$1             …\n")
	replace(`(\S) {2,}`, "$1  ")
	return out
}

func TestTheWholeOutput(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	if err := stage.Run(t.Context(), example(), nil, nil, &buf); err != nil {
		t.Fatal(err)
	}
	out := buf.String()
	if got, want := plain(out), plain(wholeOutput); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	for line := range strings.Lines(out) {
		if len(line) > len("\n")+80 {
			t.Errorf("a line of %d columns: %s", len(line)-1, line)
		}
	}
}

// live runs the program with -live, on a fake whose clock is the bubble's.
func live(
	t *testing.T, reply string, faults ...twiliotest.Fault,
) (srv *twiliotest.Server, out string, err error) {
	t.Helper()
	srv = twiliotest.NewUnstartedServer(
		twiliotest.WithClock(time.Now), twiliotest.WithOwnedSenders())
	srv.Inject(faults...)
	t.Setenv("TWILIO_ACCOUNT_SID", srv.AccountSID)
	t.Setenv("TWILIO_AUTH_TOKEN", srv.AuthToken)
	for _, name := range []string{
		"TWILIO_SUBACCOUNT_SID", "TWILIO_EDGE", "TWILIO_REGION",
	} {
		t.Setenv(name, "")
	}
	var buf bytes.Buffer
	args := []string{"-live", "-to", "+16518675310"}
	err = stage.Run(t.Context(), example(), args, strings.NewReader(reply), &buf,
		twilio.WithHTTPClient(&http.Client{Transport: srv.Transport()}))
	return srv, buf.String(), err
}

//nolint:paralleltest // it sets the environment
func TestLiveAsksFirst(t *testing.T) {
	for name, reply := range map[string]string{
		"end of input":   "",
		"no":             "n\n",
		"nothing":        "\n",
		"something else": "yesterday\n",
	} {
		t.Run(name, func(t *testing.T) {
			srv, out, err := live(t, reply)
			question := "about 2.40 USD\nContinue? [y/N]"
			if err == nil || !strings.Contains(out, question) {
				t.Errorf("error %v after:\n%s", err, out)
			}
			for _, r := range srv.Requests() {
				if r.Method != http.MethodGet {
					t.Errorf("%s %s without a yes", r.Method, r.Path)
				}
			}
		})
	}
}

func TestLiveNeedsAPhone(t *testing.T) {
	t.Parallel()
	args := []string{"-live"}
	err := stage.Run(t.Context(), example(), args, nil, &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "-to") {
		t.Errorf("got %v", err)
	}
}

//nolint:paralleltest // it sets the environment
func TestLiveRunsAllStepsAndLeavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, out, err := live(t, "y\n")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out, "2 calls, 0 not priced yet") ||
			strings.Contains(out, "+16518675310") ||
			strings.Contains(out, srv.AuthToken) {
			t.Errorf("got:\n%s", out)
		}
		nothingLeft(t, srv)
	})
}

// Whichever request fails, the subaccount is closed and the phone numbers are
// released. Four failures exhaust the retries.
//
//nolint:paralleltest // it sets the environment
func TestLiveLeavesNothingAfterAFailure(t *testing.T) {
	for _, path := range []string{
		"/Calls.json",
		"/Messages.json",
		"/Calls/*.json",
		"/AvailablePhoneNumbers/US/Local.json",
	} {
		for skip := range 2 {
			synctest.Test(t, func(t *testing.T) {
				srv, _, err := live(t, "y\n", twiliotest.Fault{
					Path:   path,
					Skip:   skip,
					Times:  4,
					Status: http.StatusInternalServerError,
				})
				if err == nil {
					t.Errorf("%s: no error", path)
				}
				nothingLeft(t, srv)
			})
		}
	}
}

func nothingLeft(t *testing.T, srv *twiliotest.Server) {
	t.Helper()
	client := srv.Client()
	for account, err := range client.Accounts.All(t.Context(),
		twilio.AccountListParams{Status: twilio.AccountStatusActive}) {
		if err != nil {
			t.Fatal(err)
		}
		if account.SID != srv.AccountSID {
			t.Errorf("%s is left open", account.SID)
		}
	}
	for number, err := range client.IncomingPhoneNumbers.All(t.Context(),
		twilio.IncomingPhoneNumberListParams{}) {
		if err != nil {
			t.Fatal(err)
		}
		t.Errorf("%s is left", number.SID)
	}
}
