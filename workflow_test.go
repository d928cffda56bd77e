package twilio_test

import (
	"context"
	"errors"
	"testing/synctest"
	"time"

	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

const (
	acme  = "AC0000000000000000000000000000acce" // the account that the workflows work on
	other = "AC000000000000000000000000000000be" // the one that gets its numbers, or nothing to do with it
	pn1   = "PN00000000000000000000000000000001"
	ca1   = "CA00000000000000000000000000000001"
)

// pass decides about the nth request, from 1. send lets it take effect.
type pass func(n int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error)

// A gate is a RoundTripper with a say in what becomes of each request. It also
// makes pages small, so that every list has several.
type gate struct {
	srv *twiliotest.Server
	// held says that numbers can't leave a suspended account.
	held bool

	mu   sync.Mutex
	sent int
	pass pass
}

func (g *gate) RoundTrip(r *http.Request) (*http.Response, error) {
	g.mu.Lock()
	g.sent++
	n, pass := g.sent, g.pass
	g.mu.Unlock()
	if query := r.URL.Query(); query.Get("PageSize") == "1000" {
		r = r.Clone(r.Context())
		query.Set("PageSize", "2")
		r.URL.RawQuery = query.Encode()
	}
	send := func() (*http.Response, error) {
		if g.held && r.Method == http.MethodPost && strings.Contains(r.URL.Path, acme+"/IncomingPhoneNumbers/") {
			account, err := g.srv.Client().Accounts.Get(r.Context(), acme)
			if err != nil {
				return nil, err
			}
			if account.Status == twilio.AccountStatusSuspended {
				return answer(http.StatusForbidden, `{"code":20005,"status":403}`)(r)
			}
		}
		return g.srv.Transport().RoundTrip(r)
	}
	if pass == nil {
		return send()
	}
	return pass(n, r, send)
}

func (g *gate) requests() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.sent
}

// A stage is a fake Twilio with a customer that has something of everything.
type stage struct {
	t    *testing.T
	srv  *twiliotest.Server
	gate *gate
	// client is the main account's, through the gate.
	client *twilio.Client
	// target gets the numbers of closing accounts.
	target string
}

func newStage(t *testing.T, opts ...twilio.Option) *stage {
	t.Helper()
	srv := twiliotest.NewUnstartedServer()
	w := &stage{t: t, srv: srv, gate: &gate{srv: srv}, target: srv.AccountSID}
	w.client = srv.Client(append(opts, twilio.WithHTTPClient(&http.Client{Transport: w.gate}))...)
	srv.AddSubaccounts(twilio.Account{SID: acme, FriendlyName: "Acme"}, twilio.Account{SID: other, FriendlyName: "Other"})
	for i, status := range []twilio.CallStatus{"in-progress", "queued", "ringing", "in-progress", "in-progress", "queued", "completed"} {
		srv.AddCall(acme, twilio.Call{SID: fmt.Sprintf("CA%032d", i+1), From: "+15005550006", To: fmt.Sprintf("+1415555010%d", i), Status: status})
	}
	for i := range 5 {
		srv.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{SID: fmt.Sprintf("PN%032d", i+1), PhoneNumber: fmt.Sprintf("+1415555020%d", i)})
	}
	srv.AddCall(other, twilio.Call{From: "+15005550006", To: "+14155550300", Status: "in-progress"})
	srv.AddPhoneNumber(other, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550301"})
	return w
}

// once is an option of clients that try everything once.
var once = twilio.WithMaxRetries(0)

// list reads a whole list, or ends the test.
func list[T any](t *testing.T, items func(func(*T, error) bool)) []*T {
	t.Helper()
	var all []*T
	for item, err := range items {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, item)
	}
	return all
}

// numbers are the phone numbers of an account.
func (w *stage) numbers(account string) []string {
	w.t.Helper()
	var numbers []string
	for _, n := range list(w.t, w.srv.Client().Subaccount(account).IncomingPhoneNumbers.All(w.t.Context(), twilio.IncomingPhoneNumberListParams{})) {
		numbers = append(numbers, n.PhoneNumber)
	}
	slices.Sort(numbers)
	return numbers
}

// state is all that a workflow may change, in words.
func (w *stage) state() string {
	w.t.Helper()
	var lines []string
	client, ctx := w.srv.Client(), w.t.Context()
	for _, a := range list(w.t, client.Accounts.All(ctx, twilio.AccountListParams{})) {
		var calls []string
		for _, c := range list(w.t, client.Subaccount(a.SID).Calls.All(ctx, twilio.CallListParams{})) {
			calls = append(calls, c.To+" "+string(c.Status))
		}
		slices.Sort(calls)
		lines = append(lines, fmt.Sprintf("%s is %s, has %v, calls %v", a.FriendlyName, a.Status, w.numbers(a.SID), calls))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// owned counts the numbers of all accounts.
func (w *stage) owned() int {
	return len(w.numbers(w.srv.AccountSID)) + len(w.numbers(acme)) + len(w.numbers(other))
}

func (w *stage) status(sid string) twilio.AccountStatus {
	w.t.Helper()
	account, err := w.srv.Client().Accounts.Get(w.t.Context(), sid)
	if err != nil {
		w.t.Fatal(err)
	}
	return account.Status
}

// workflow is one of the calls that take several requests.
type workflow struct {
	name string
	run  func(ctx context.Context, w *stage) error
	// releases says that numbers are given up on purpose.
	releases bool
	// sibling says that numbers move to the sibling, not to the main account.
	sibling bool
	// held says that numbers can't leave a suspended account.
	held bool
}

var repeatables = []workflow{
	{name: "Ensure makes", run: func(ctx context.Context, w *stage) error {
		_, _, err := w.client.Accounts.Ensure(ctx, "New")
		return err
	}},
	{name: "Ensure finds", run: func(ctx context.Context, w *stage) error {
		account, created, err := w.client.Accounts.Ensure(ctx, "Acme")
		if err == nil && (created || account.SID != acme) {
			w.t.Errorf("Ensure returned %s, created %t", account.SID, created)
		}
		return err
	}},
	{name: "Suspend", run: func(ctx context.Context, w *stage) error {
		_, err := w.client.Accounts.Suspend(ctx, acme, twilio.SuspendParams{EndCalls: true})
		return err
	}},
	{name: "Suspend and Activate", run: func(ctx context.Context, w *stage) error {
		if _, err := w.client.Accounts.Suspend(ctx, acme, twilio.SuspendParams{}); err != nil {
			return err
		}
		_, err := w.client.Accounts.Activate(ctx, acme)
		return err
	}},
	{name: "Close, moving numbers to the main account", run: closeAcme},
	{name: "Close, moving numbers to a sibling", run: closeAcme, sibling: true},
	{name: "Close, where numbers can't leave a suspended account", run: closeAcme, held: true},
	{name: "Close, releasing numbers", releases: true, run: func(ctx context.Context, w *stage) error {
		_, err := w.client.Accounts.Close(ctx, acme, twilio.CloseParams{ReleaseNumbers: true})
		return err
	}},
	{name: "Transfer", sibling: true, run: func(ctx context.Context, w *stage) error {
		number, err := w.client.Subaccount(acme).IncomingPhoneNumbers.Transfer(ctx, pn1, twilio.TransferParams{To: w.target})
		if err == nil && number.AccountSID != w.target {
			w.t.Errorf("the number is said to be at %s", number.AccountSID)
		}
		return err
	}},
	{name: "TransferAll", sibling: true, run: func(ctx context.Context, w *stage) error {
		_, err := w.client.Subaccount(acme).IncomingPhoneNumbers.TransferAll(ctx, twilio.TransferParams{To: w.target})
		return err
	}},
	{name: "End", run: func(ctx context.Context, w *stage) error {
		_, err := w.client.Subaccount(acme).Calls.End(ctx, ca1)
		return err
	}},
	{name: "EndAll", run: func(ctx context.Context, w *stage) error {
		_, err := w.client.Subaccount(acme).Calls.EndAll(ctx)
		return err
	}},
}

func closeAcme(ctx context.Context, w *stage) error {
	_, err := w.client.Accounts.Close(ctx, acme, twilio.CloseParams{MoveNumbersTo: w.target})
	return err
}

func (f workflow) stage(t *testing.T, opts ...twilio.Option) *stage {
	t.Helper()
	w := newStage(t, opts...)
	if f.sibling {
		w.target = other
	}
	w.gate.held = f.held
	return w
}

// end is the state after a run in which nothing goes wrong.
func (f workflow) end(t *testing.T) string {
	t.Helper()
	w := f.stage(t, once)
	if err := f.run(t.Context(), w); err != nil {
		t.Fatalf("with nothing going wrong: %v", err)
	}
	return w.state()
}

// sane checks what holds at every moment, whatever went wrong.
func (f workflow) sane(t *testing.T, w *stage) {
	t.Helper()
	if w.owned() != 6 && !f.releases {
		t.Errorf("a number was lost: %s", w.state())
	}
	if f.releases && w.status(acme) != twilio.AccountStatusClosed && w.owned() != 6 {
		t.Errorf("numbers were released before the account was closed: %s", w.state())
	}
}

// A workflow that is killed at any request, before or after the effect, and run
// again ends where it ends otherwise.
func TestWorkflowsSurviveBeingKilledAnywhere(t *testing.T) {
	t.Parallel()
	for _, f := range repeatables {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			want := f.end(t)
			for _, after := range []bool{false, true} {
				for n, dead := 1, true; dead; n++ {
					w := f.stage(t, once)
					w.gate.pass = func(i int, _ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
						if i < n {
							return send()
						}
						if i == n && after {
							_, _ = send()
						}
						return nil, syscall.ECONNRESET
					}
					err := f.run(t.Context(), w)
					if dead = w.gate.requests() >= n; dead && n == 1 && err == nil {
						t.Errorf("no error, but the first request failed")
					}
					f.sane(t, w)
					w.gate.pass = nil
					if err := f.run(t.Context(), w); err != nil {
						t.Errorf("run again after it was killed at request %d (after its effect: %t): %v", n, after, err)
					}
					if got := w.state(); got != want {
						t.Errorf("killed at request %d (after its effect: %t):\n%s\nwant\n%s", n, after, got, want)
					}
				}
			}
		})
	}
}

// inBubble runs a test inside of a bubble of synctest, where back-off takes no
// time.
func inBubble(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, f)
	})
}

// attempts numbers the attempts of each request, from 1. Several requests are on
// their way at once.
func attempts() func(*http.Request) int {
	var mu sync.Mutex
	made := map[string]int{}
	return func(r *http.Request) int {
		mu.Lock()
		defer mu.Unlock()
		key := r.Method + " " + r.URL.RequestURI()
		made[key]++
		return made[key]
	}
}

// What goes wrong on the way, with retries on, is nothing that a workflow's
// caller hears of.
func TestWorkflowsSurviveFaults(t *testing.T) {
	t.Parallel()
	limited := answer(http.StatusTooManyRequests, `{"code":20429,"status":429}`)
	faults := map[string]func() pass{
		"429 storm": func() pass {
			attempt := attempts()
			return func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
				if attempt(r)%3 != 0 { // each request needs three attempts
					return limited(r)
				}
				return send()
			}
		},
		"answer lost after the effect": func() pass {
			attempt := attempts()
			return func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
				res, err := send()
				if attempt(r)%2 == 1 {
					return nil, syscall.ECONNRESET
				}
				return res, err
			}
		},
		"answer to a change lost after the effect": func() pass {
			attempt := attempts()
			return func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
				res, err := send()
				if r.Method == http.MethodPost && attempt(r) == 1 {
					return answer(http.StatusBadGateway, "<html>")(r)
				}
				return res, err
			}
		},
	}
	for _, f := range repeatables {
		for name, fault := range faults {
			inBubble(t, f.name+"/"+name, func(t *testing.T) {
				want := f.end(t)
				w := f.stage(t)
				w.gate.pass = fault()
				if err := f.run(t.Context(), w); err != nil {
					t.Error(err)
				}
				if got := w.state(); got != want {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
			})
		}
		inBubble(t, f.name+"/429 for good", func(t *testing.T) {
			want := f.end(t)
			for n := 1; ; n++ {
				w := f.stage(t)
				w.gate.pass = func(i int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
					if i < n {
						return send()
					}
					return limited(r)
				}
				err := f.run(t.Context(), w)
				if w.gate.requests() < n {
					return
				}
				if !errors.Is(err, twilio.ErrRateLimited) {
					t.Errorf("error %v isn't ErrRateLimited", err)
				}
				f.sane(t, w)
				w.gate.pass = nil
				if err := f.run(t.Context(), w); err != nil {
					t.Error(err)
				}
				if got := w.state(); got != want {
					t.Errorf("limited from request %d on:\n%s\nwant\n%s", n, got, want)
				}
			}
		})
	}
}

// A change by somebody else at any moment of a Close with MoveNumbersTo never
// costs a number, and leaves no call running, once Close says that it is done.
func TestWorkflowsSurviveOthersChanges(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	admin := func(w *stage) *twilio.Client { return w.srv.Client().Subaccount(acme) }
	changes := []struct {
		name   string
		owned  int // numbers that there are afterwards, if the change could be made
		change func(t *testing.T, w *stage) error
	}{
		{"a number comes", 7, func(_ *testing.T, w *stage) error {
			_, err := admin(w).IncomingPhoneNumbers.Create(ctx, twilio.IncomingPhoneNumberCreateParams{PhoneNumber: "+14155550400"})
			return err
		}},
		{"a number is moved in", 6, func(_ *testing.T, w *stage) error {
			for n, err := range w.srv.Client().Subaccount(other).IncomingPhoneNumbers.All(ctx, twilio.IncomingPhoneNumberListParams{PhoneNumber: "+14155550301"}) {
				if err != nil {
					return err
				}
				_, err = w.srv.Client().Subaccount(other).IncomingPhoneNumbers.Transfer(ctx, n.SID, twilio.TransferParams{To: acme})
				return err
			}
			return errors.New("not there")
		}},
		{"a number is moved away", 6, func(_ *testing.T, w *stage) error {
			_, err := admin(w).IncomingPhoneNumbers.Transfer(ctx, pn1, twilio.TransferParams{To: other})
			return err
		}},
		{"a number is released", 5, func(_ *testing.T, w *stage) error { return admin(w).IncomingPhoneNumbers.Delete(ctx, pn1) }},
		{"a call begins", 6, func(_ *testing.T, w *stage) error {
			_, err := admin(w).Calls.Create(ctx, twilio.CallCreateParams{From: "+15005550006", To: "+14155550401", URL: "https://example.com/"})
			return err
		}},
		{"a call ends", 6, func(_ *testing.T, w *stage) error { _, err := admin(w).Calls.End(ctx, ca1); return err }},
		{"calls go on and end", 6, func(_ *testing.T, w *stage) error { w.srv.Advance(6 * time.Second); return nil }},
		{"all calls end", 6, func(_ *testing.T, w *stage) error { w.srv.Advance(time.Minute); return nil }},
		{"the account is suspended", 6, func(_ *testing.T, w *stage) error {
			_, err := w.srv.Client().Accounts.Suspend(ctx, acme, twilio.SuspendParams{})
			return err
		}},
	}
	for _, c := range changes {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for n, met := 1, true; met; n++ {
				w := newStage(t, once)
				changed := errors.New("never tried")
				w.gate.pass = func(i int, _ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
					if i == n {
						changed = c.change(t, w)
					}
					return send()
				}
				err := closeAcme(ctx, w)
				met = w.gate.requests() >= n
				if err != nil && w.status(acme) == twilio.AccountStatusClosed {
					t.Errorf("before request %d: closed after a failure: %v", n, err)
				}
				w.gate.pass = nil
				if err := closeAcme(ctx, w); err != nil {
					t.Errorf("before request %d, once more: %v", n, err)
				}
				want := 6
				if changed == nil {
					want = c.owned
				}
				if got := w.owned(); got != want {
					t.Errorf("before request %d: %d numbers, want %d; %s", n, got, want, w.state())
				}
				if got := w.status(acme); got != twilio.AccountStatusClosed {
					t.Errorf("before request %d: the account is %s", n, got)
				}
				for _, status := range []twilio.CallStatus{"queued", "ringing", "in-progress"} {
					if calls := list(t, admin(w).Calls.All(ctx, twilio.CallListParams{Status: status})); len(calls) > 0 {
						t.Errorf("before request %d: %d calls are still %s", n, len(calls), status)
					}
				}
			}
		})
	}
}

// A suspension meets calls that end by themselves or go on, and new ones up to
// the suspension itself: none is left, and none is a failure.
func TestSuspendMeetsCallsThatChange(t *testing.T) {
	t.Parallel()
	for _, step := range []time.Duration{time.Second, 5 * time.Second, 20 * time.Second} {
		for n, met := 1, true; met; n++ {
			w := newStage(t, once)
			w.gate.pass = func(i int, _ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
				if i == n {
					_, _ = w.srv.Client().Subaccount(acme).Calls.Create(t.Context(),
						twilio.CallCreateParams{From: "+15005550006", To: "+14155550401", URL: "https://example.com/"})
					w.srv.Advance(step)
				}
				return send()
			}
			report, err := w.client.Accounts.Suspend(t.Context(), acme, twilio.SuspendParams{EndCalls: true})
			met = w.gate.requests() >= n
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

// Twenty at once, on one account, end where one does.
func TestWorkflowsAtOnce(t *testing.T) {
	t.Parallel()
	for _, f := range repeatables {
		if f.held {
			continue // one would suspend the account while another has activated it
		}
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			want := f.end(t)
			w := f.stage(t, once)
			var running sync.WaitGroup
			var lock sync.Mutex // that Ensure's doc asks for
			for range 20 {
				running.Go(func() {
					if strings.HasPrefix(f.name, "Ensure") {
						lock.Lock()
						defer lock.Unlock()
					}
					if err := f.run(t.Context(), w); err != nil {
						t.Error(err)
					}
				})
			}
			running.Wait()
			if got := w.state(); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// All workflows at once, in any order: whatever they make of the account, no
// number is lost, and Close finishes the job afterwards.
func TestDifferentWorkflowsAtOnce(t *testing.T) {
	t.Parallel()
	w := newStage(t, once)
	var running sync.WaitGroup
	for range 3 {
		for _, f := range repeatables {
			if !f.releases && f.name != "Ensure makes" && f.name != "Ensure finds" {
				running.Go(func() { _ = f.run(t.Context(), w) }) // they may well refuse, after one that closed the account
			}
		}
	}
	running.Wait()
	if w.owned() != 6 {
		t.Errorf("a number was lost: %s", w.state())
	}
	if err := closeAcme(t.Context(), w); err != nil {
		t.Error(err)
	}
	if w.owned() != 6 || len(w.numbers(acme)) != 0 || w.status(acme) != twilio.AccountStatusClosed {
		t.Errorf("after Close: %s", w.state())
	}
}

// EndAll looks again: a call that begins while it works is ended too, without
// a suspension.
func TestEndAllEndsCallsThatBeginMeanwhile(t *testing.T) {
	t.Parallel()
	w := newStage(t, once)
	begun := false
	w.gate.pass = func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		// Queued calls have been looked for by the time that running ones are ended.
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, ca1+".json") && !begun {
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

// A call that can't be ended doesn't keep the others from it, and is named.
func TestEndAllNamesCallsThatItCannotEnd(t *testing.T) {
	t.Parallel()
	w := newStage(t, once)
	w.srv.Inject(twiliotest.Fault{Method: "POST", Path: ca1, Times: -1, Status: 403, Code: 20008})
	report, err := w.client.Accounts.Suspend(t.Context(), acme, twilio.SuspendParams{EndCalls: true})
	if !errors.Is(err, twilio.ErrForbidden) || !strings.Contains(err.Error(), ca1) || len(report.EndedCalls) != 5 {
		t.Errorf("%d calls ended, want 5; error %v", len(report.EndedCalls), err)
	}
	// Nothing that can't be undone happens after it.
	closed, err := w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other})
	if !errors.Is(err, twilio.ErrForbidden) || w.status(acme) != twilio.AccountStatusSuspended || len(w.numbers(acme)) != 5 {
		t.Errorf("Close: %+v, %v; %s", closed, err, w.state())
	}
}

// A number without the address that it requires is named before anything changes;
// with the address, Close goes on.
func TestCloseRefusesANumberThatCannotMove(t *testing.T) {
	t.Parallel()
	w := newStage(t, once)
	stuck := w.srv.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550500", AddressRequirements: "any"})
	before := w.state()
	report, err := w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other})
	refusedHere(t, w, before, "AddressSID", stuck.SID, err)
	if len(report.NotMoved) != 1 || report.NotMoved[0].Number.SID != stuck.SID || report.Account.Status != twilio.AccountStatusActive {
		t.Errorf("%+v", report)
	}
	address := w.srv.AddAddress(other, twilio.Address{CustomerName: "Other", Street: "1 Main St", City: "Springfield", Region: "IL", PostalCode: "62701"})
	report, err = w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other, AddressSID: address.SID})
	if err != nil || report.Account.Status != twilio.AccountStatusClosed || len(report.MovedNumbers) != 6 || len(report.EndedCalls) != 6 || len(w.numbers(other)) != 7 {
		t.Errorf("with an address: %+v, %v; %s", report, err, w.state())
	}
}

// refusedHere checks that a workflow was refused here, with nothing changed.
func refusedHere(t *testing.T, w *stage, before, field, reason string, err error) {
	t.Helper()
	e, ok := errors.AsType[*twilio.ParamError](err)
	if !ok || e.Field != field || !strings.Contains(e.Reason, reason) || e.Operation == "" {
		t.Errorf("error %v, want one about %s that says %q", err, field, reason)
	}
	if got := w.state(); got != before {
		t.Errorf("a refusal changed\n%s\ninto\n%s", before, got)
	}
	for _, r := range w.srv.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s was sent", r.Method, r.Path)
		}
	}
}

func TestWorkflowsRefuse(t *testing.T) {
	t.Parallel()
	own := func(w *stage) *twilio.Client { return w.client.WithCredentials(w.srv.Credentials(acme)) }
	key := func(w *stage) *twilio.Client {
		cred, _ := w.srv.AddKey(w.srv.AccountSID, "key")
		return w.client.WithCredentials(cred)
	}
	closing := func(sid func(*stage) string, params twilio.CloseParams) func(*stage) error {
		return func(w *stage) error {
			_, err := w.client.Accounts.Close(t.Context(), sid(w), params)
			return err
		}
	}
	customer, mainAccount := func(*stage) string { return acme }, func(w *stage) string { return w.srv.AccountSID }
	transfer := func(client func(*stage) *twilio.Client, sid, to string) func(*stage) error {
		return func(w *stage) error {
			_, err := client(w).IncomingPhoneNumbers.Transfer(t.Context(), sid, twilio.TransferParams{To: to})
			return err
		}
	}
	asMain := func(w *stage) *twilio.Client { return w.client.Subaccount(acme) }
	for _, c := range []struct {
		name, field, reason string
		run                 func(*stage) error
	}{
		{"Close with numbers and no instruction", "MoveNumbersTo", "5 phone numbers", closing(customer, twilio.CloseParams{})},
		{"Close with both instructions", "ReleaseNumbers", "one of them", closing(customer, twilio.CloseParams{MoveNumbersTo: other, ReleaseNumbers: true})},
		{"Close moving to itself", "MoveNumbersTo", "to be closed", closing(customer, twilio.CloseParams{MoveNumbersTo: acme})},
		{"Close moving to no account", "MoveNumbersTo", "", closing(customer, twilio.CloseParams{MoveNumbersTo: pn1})},
		{"Close the main account", "sid", "", closing(mainAccount, twilio.CloseParams{ReleaseNumbers: true})},
		{"Close no account", "sid", "", closing(func(*stage) string { return "" }, twilio.CloseParams{})},
		{"Close with its own credentials", "sid", "", func(w *stage) error {
			_, err := own(w).Accounts.Close(t.Context(), acme, twilio.CloseParams{ReleaseNumbers: true})
			return err
		}},
		{"Close with a key", "Subaccount", "AuthToken", func(w *stage) error {
			_, err := key(w).Accounts.Close(t.Context(), acme, twilio.CloseParams{ReleaseNumbers: true})
			return err
		}},
		{"Suspend the main account", "sid", "", func(w *stage) error {
			_, err := w.client.Accounts.Suspend(t.Context(), w.srv.AccountSID, twilio.SuspendParams{EndCalls: true})
			return err
		}},
		{"Suspend with its own credentials", "sid", "", func(w *stage) error {
			_, err := own(w).Accounts.Suspend(t.Context(), acme, twilio.SuspendParams{EndCalls: true})
			return err
		}},
		{"Transfer with the subaccount's credentials", "credentials", "main account", transfer(own, pn1, other)},
		{"Transfer with a key", "credentials", "AuthToken", func(w *stage) error {
			_, err := key(w).IncomingPhoneNumbers.Transfer(t.Context(), pn1, twilio.TransferParams{To: w.srv.AccountSID})
			return err
		}},
		{"Transfer of no number", "sid", "", transfer(asMain, acme, other)},
		{"Transfer to no account", "To", "", transfer(asMain, pn1, "")},
		{"TransferAll to itself", "To", "has the numbers", func(w *stage) error {
			_, err := asMain(w).IncomingPhoneNumbers.TransferAll(t.Context(), twilio.TransferParams{To: acme})
			return err
		}},
		{"Ensure without a name", "friendlyName", "", func(w *stage) error { _, _, err := w.client.Accounts.Ensure(t.Context(), ""); return err }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newStage(t, once)
			before := w.state()
			refusedHere(t, w, before, c.field, c.reason, c.run(w))
		})
	}
	for requirement, kind := range map[twilio.AddressRequirement]string{
		"any": "an address anywhere", "local": "in the number's own country", "foreign": "outside of the number's own country",
	} {
		t.Run("Transfer without the address: "+string(requirement), func(t *testing.T) {
			t.Parallel()
			w := newStage(t, once)
			number := w.srv.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550500", AddressRequirements: requirement})
			before := w.state()
			refusedHere(t, w, before, "AddressSID", kind, transfer(asMain, number.SID, other)(w))
		})
	}
}

// Two customers of one name are an error that lists them; closed ones and the
// main account don't count.
func TestEnsureTellsNamesApart(t *testing.T) {
	t.Parallel()
	w := newStage(t, once)
	w.srv.AddSubaccounts(twilio.Account{FriendlyName: "Gone", Status: "closed"}, twilio.Account{SID: member(1), FriendlyName: "Twin"})
	for _, name := range []string{"Gone", "Main account"} {
		account, created, err := w.client.Accounts.Ensure(t.Context(), name)
		if err != nil || !created || account.Status != twilio.AccountStatusActive || account.SID == w.srv.AccountSID {
			t.Errorf("%s: %+v, created %t, %v", name, account, created, err)
		}
	}
	if account, created, err := w.client.Accounts.Ensure(t.Context(), "Twin"); err != nil || created || account.SID != member(1) {
		t.Errorf("Twin: %+v, created %t, %v", account, created, err)
	}
	w.srv.AddSubaccounts(twilio.Account{SID: member(2), FriendlyName: "Twin", Status: "suspended"})
	_, created, err := w.client.Accounts.Ensure(t.Context(), "Twin")
	if e, ok := errors.AsType[*twilio.ParamError](err); !ok || created || !strings.Contains(e.Reason, member(1)) || !strings.Contains(e.Reason, member(2)) {
		t.Errorf("two of a name: created %t, %v", created, err)
	}
	if e, ok := errors.AsType[*twilio.DuplicateAccountsError](err); !ok || e.FriendlyName != "Twin" || len(e.Accounts) != 2 ||
		e.Accounts[0].SID != member(1) || e.Accounts[1].SID != member(2) || strings.Contains(err.Error(), "Twin") {
		t.Errorf("two of a name: %T %v", err, err)
	}
}
