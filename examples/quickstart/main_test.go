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

const wholeStory = `On a Twilio in memory: nothing is called, sent or charged.

Create a subaccount
  created    AC1 "Submarine", active; its AuthToken prints as [redacted]
  by SID     AC1 "Submarine", owned by AC2
  by name    AC1 "Submarine", active

Call and send a message with it
  bought     PN1 +14152654321 to call from
  called     CA1, queued, with main credentials
  sent       SM1, queued, with main credentials
  called     CA2, queued, with its own credentials
  sent       SM2, queued, with its own credentials
  refused    its own credentials on the main account, by Twilio: 401 (code 20003)
  refused    an API key of the main account on the subaccount, before anything was sent: …
  over       CA1, completed
  over       CA2, completed

Calculate its bill
  calls that began on 2026-01-15 (UTC); a price is the charge for the whole call
  SID  began  seconds  charge
  CA2  12:00:05  15  USD 0.014
  CA1  12:00:05  15  USD 0.014
  CA3  11:00:00  3  JPY 0.1
  3 calls, 0 not priced yet; the sum in each currency:
  JPY 0.1
  USD 0.028

Suspend it
  suspended  AC1 is suspended
  refused    a new call, by Twilio: 401 (code 20003)
  goes on    CA4 is in-progress: a suspension ends no calls
  ended      CA4 is completed
  activated  AC1 is active

Exchange phone numbers
  bought     PN2 +16282654321 for the main account
  moved      PN2 to AC1, Submarine
  moved      PN2 to AC2, the main account

Close it
  refused    closing it while it owns a number, before anything was sent: …
  closed     AC1 is closed, and 1 phone number is released
  refused    reopening it, by Twilio: 400 (code 21479)
  refused    closing the main account, before anything was sent: …
  its past   4 calls can be read still
`

// plain makes names of SIDs, and leaves out how refusals are worded and tables are aligned.
func plain(out string) string {
	names, count := map[string]string{}, map[string]int{}
	out = regexp.MustCompile(`(AC|CA|SM|PN)[0-9a-f]{32}`).ReplaceAllStringFunc(out, func(sid string) string {
		if names[sid] == "" {
			count[sid[:2]]++
			names[sid] = sid[:2] + string(rune('0'+count[sid[:2]]))
		}
		return names[sid]
	})
	out = regexp.MustCompile(`(anything was sent: ).*`).ReplaceAllString(out, "$1…")
	return regexp.MustCompile(`(\S) {2,}`).ReplaceAllString(out, "$1  ")
}

func TestTheWholeStory(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := stage.Run(t.Context(), quickstart(), nil, nil, &out); err != nil {
		t.Fatal(err)
	}
	if got, want := plain(out.String()), plain(wholeStory); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// live runs the program as with -live, on a fake whose clock is the bubble's.
func live(t *testing.T, answer string, faults ...twiliotest.Fault) (srv *twiliotest.Server, out string, err error) {
	t.Helper()
	srv = twiliotest.NewUnstartedServer(twiliotest.WithClock(time.Now), twiliotest.WithOwnedSenders())
	srv.Inject(faults...)
	t.Setenv("TWILIO_ACCOUNT_SID", srv.AccountSID)
	t.Setenv("TWILIO_AUTH_TOKEN", srv.AuthToken)
	for _, name := range []string{"TWILIO_SUBACCOUNT_SID", "TWILIO_EDGE", "TWILIO_REGION"} {
		t.Setenv(name, "")
	}
	var buf bytes.Buffer
	err = stage.Run(t.Context(), quickstart(), []string{"-live", "-to", "+16518675310"}, strings.NewReader(answer), &buf,
		twilio.WithHTTPClient(&http.Client{Transport: srv.Transport()}))
	return srv, buf.String(), err
}

func TestLiveAsksFirst(t *testing.T) { //nolint:paralleltest // it sets the environment
	for name, answer := range map[string]string{"end of input": "", "no": "n\n", "nothing": "\n", "something else": "yesterday\n"} {
		t.Run(name, func(t *testing.T) {
			srv, out, err := live(t, answer)
			if err == nil || !strings.Contains(out, "about 2.40 USD\nGo on? [y/N]") {
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
	if err := stage.Run(t.Context(), quickstart(), []string{"-live"}, nil, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "-to") {
		t.Errorf("got %v", err)
	}
}

func TestLiveTellsTheStoryAndLeavesNothing(t *testing.T) { //nolint:paralleltest // it sets the environment
	synctest.Test(t, func(t *testing.T) {
		srv, out, err := live(t, "y\n")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out, "2 calls, 0 not priced yet") || strings.Contains(out, "+16518675310") || strings.Contains(out, srv.AuthToken) {
			t.Errorf("got:\n%s", out)
		}
		nothingLeft(t, srv)
	})
}

// Whatever request fails, what was made is closed and released. Twice, so that a repeat doesn't hide it.
func TestLiveLeavesNothingAfterAFailure(t *testing.T) { //nolint:paralleltest // it sets the environment
	for _, path := range []string{"/Calls.json", "/Messages.json", "/Calls/*.json", "/AvailablePhoneNumbers/US/Local.json"} {
		for skip := range 2 {
			synctest.Test(t, func(t *testing.T) {
				srv, _, err := live(t, "y\n", twiliotest.Fault{Path: path, Skip: skip, Times: 4, Status: http.StatusInternalServerError})
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
	for account, err := range srv.Client().Accounts.All(t.Context(), twilio.AccountListParams{Status: twilio.AccountStatusActive}) {
		if err != nil {
			t.Fatal(err)
		}
		if account.SID != srv.AccountSID {
			t.Errorf("%s is left open", account.SID)
		}
	}
	for number, err := range srv.Client().IncomingPhoneNumbers.All(t.Context(), twilio.IncomingPhoneNumberListParams{}) {
		if err != nil {
			t.Fatal(err)
		}
		t.Errorf("%s is left", number.SID)
	}
}
