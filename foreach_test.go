package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// newFleet makes a fake with n subaccounts, and a transport that lists them in
// pages of two.
func newFleet(n int) (*twiliotest.Server, *interceptor) {
	srv := twiliotest.NewUnstartedServer()
	for i := range n {
		srv.AddSubaccounts(twilio.Account{SID: subaccountSID(i)})
	}
	return srv, &interceptor{srv: srv}
}

func subaccountSID(i int) string { return fmt.Sprintf("AC%032d", i) }

// visits counts how often each account was visited.
type visits struct {
	mu   sync.Mutex
	seen map[string]int
}

// add counts a visit and returns how many accounts have been visited.
func (v *visits) add(sid string) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.seen == nil {
		v.seen = map[string]int{}
	}
	v.seen[sid]++
	return len(v.seen)
}

func TestForEachVisitsEachSubaccountOnce(t *testing.T) {
	t.Parallel()
	srv, g := newFleet(25)
	var seen visits
	var busy atomic.Bool
	var done []twilio.ForEachProgress
	err := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: g})).Accounts.ForEach(t.Context(), twilio.AccountListParams{}, twilio.ForEachParams{
		Progress: func(p twilio.ForEachProgress) {
			if !busy.CompareAndSwap(false, true) {
				t.Error("calls of Progress overlap")
			}
			done = append(done, p)
			runtime.Gosched()
			busy.Store(false)
		},
	}, func(ctx context.Context, sub *twilio.Client, account *twilio.Account) error {
		if sub.AccountSID() != account.SID {
			t.Errorf("the client of %s acts on %s", account.SID, sub.AccountSID())
		}
		seen.add(account.SID)
		_, err := sub.Calls.List(ctx, twilio.CallListParams{Limit: 1})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(seen.seen) != 25 || len(done) != 25 || seen.seen[srv.AccountSID] != 0 {
		t.Errorf("%d accounts visited, %d reported, main account %d times", len(seen.seen), len(done), seen.seen[srv.AccountSID])
	}
	for i, p := range done {
		if seen.seen[p.Account.SID] != 1 || p.Done != i+1 || p.Failed != 0 || p.Err != nil || p.Cursor == "" {
			t.Errorf("report %d: %+v", i, p)
		}
	}
}

func TestForEachGoesOnAfterFailures(t *testing.T) {
	t.Parallel()
	srv, g := newFleet(9)
	boom := errors.New("boom")
	var seen visits
	var failed atomic.Int64
	err := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: g})).Accounts.ForEach(t.Context(), twilio.AccountListParams{}, twilio.ForEachParams{
		Concurrency: 3,
		Progress:    func(p twilio.ForEachProgress) { failed.Store(int64(p.Failed)) },
	}, func(_ context.Context, _ *twilio.Client, account *twilio.Account) error {
		seen.add(account.SID)
		if account.SID == subaccountSID(2) || account.SID == subaccountSID(7) {
			return boom
		}
		return nil
	})
	if len(seen.seen) != 9 || failed.Load() != 2 || !errors.Is(err, boom) {
		t.Errorf("%d visited, %d failed, error %v", len(seen.seen), failed.Load(), err)
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("%T isn't joined", err)
	}
	var sids []string
	for _, err := range joined.Unwrap() {
		e, ok := errors.AsType[*twilio.AccountError](err)
		if !ok || !strings.Contains(err.Error(), e.AccountSID+": boom") {
			t.Fatalf("%q (%T) doesn't name the account", err, err)
		}
		sids = append(sids, e.AccountSID)
	}
	slices.Sort(sids)
	if !slices.Equal(sids, []string{subaccountSID(2), subaccountSID(7)}) {
		t.Errorf("failures of %v", sids)
	}
}

// Concurrency is how many work at once, 8 by default: no more and no fewer.
func TestForEachConcurrency(t *testing.T) {
	t.Parallel()
	for concurrency, want := range map[int]int64{0: 8, 1: 1, 5: 5, 40: 40, 1000: 60} {
		t.Run(fmt.Sprint(concurrency), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv, _ := newFleet(60)
				var running, most atomic.Int64
				start := time.Now()
				err := srv.Client().Accounts.ForEach(t.Context(), twilio.AccountListParams{}, twilio.ForEachParams{Concurrency: concurrency},
					func(context.Context, *twilio.Client, *twilio.Account) error {
						n := running.Add(1)
						defer running.Add(-1)
						for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
						}
						<-time.After(time.Second)
						return nil
					})
				if err != nil || most.Load() != want {
					t.Errorf("%d at once, want %d; error %v", most.Load(), want, err)
				}
				if took, ideal := time.Since(start), time.Duration((60+want-1)/want)*time.Second; took != ideal {
					t.Errorf("took %v, want %v", took, ideal)
				}
			})
		})
	}
}

func TestForEachStopsWhenCanceled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, g := newFleet(50)
		client := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: g}))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var seen, after visits
		start := time.Now()
		err := client.Accounts.ForEach(ctx, twilio.AccountListParams{PageSize: 20}, twilio.ForEachParams{Concurrency: 4},
			func(ctx context.Context, _ *twilio.Client, account *twilio.Account) error {
				if ctx.Err() != nil {
					after.add(account.SID)
				}
				if seen.add(account.SID) == 24 {
					cancel()
				}
				select {
				case <-ctx.Done():
				case <-time.After(time.Second):
				}
				return nil
			})
		if took := time.Since(start); took > 7*time.Second || !errors.Is(err, context.Canceled) || len(after.seen) > 0 {
			t.Errorf("took %v, begun after the end: %d, error %v", took, len(after.seen), err)
		}
		e, ok := errors.AsType[*twilio.TransportError](err)
		if !ok || e.Cursor == "" {
			t.Fatalf("%T has no cursor", err)
		}
		err = client.Accounts.ForEach(t.Context(), twilio.AccountListParams{}, twilio.ForEachParams{Cursor: e.Cursor},
			func(_ context.Context, _ *twilio.Client, account *twilio.Account) error {
				seen.add(account.SID)
				return nil
			})
		if err != nil || len(seen.seen) != 50 {
			t.Errorf("%d of 50 visited in both runs; error %v", len(seen.seen), err)
		}
	})
}

// Wherever the list breaks off, the error's cursor and that of the last report
// lead to the accounts that are left.
func TestForEachResumes(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 6; n++ {
		srv, g := newFleet(11)
		srv.Inject(twiliotest.Fault{Path: "/Accounts.json", Skip: n, Times: -1, Status: 503})
		client := srv.Client(noRetries, twilio.WithHTTPClient(&http.Client{Transport: g}))
		var first visits
		var reported string
		visit := func(v *visits) func(context.Context, *twilio.Client, *twilio.Account) error {
			return func(_ context.Context, _ *twilio.Client, account *twilio.Account) error {
				v.add(account.SID)
				return nil
			}
		}
		err := client.Accounts.ForEach(t.Context(), twilio.AccountListParams{}, twilio.ForEachParams{
			Progress: func(p twilio.ForEachProgress) { reported = p.Cursor },
		}, visit(&first))
		var cursors []string
		if e, ok := errors.AsType[*twilio.Error](err); ok {
			cursors = []string{e.Cursor, reported}
		} else if n < 6 || err != nil {
			t.Errorf("page %d failed, and the error is %v", n+1, err)
		}
		srv.ClearFaults()
		for i, cursor := range cursors {
			var rest visits
			if err := client.Accounts.ForEach(t.Context(), twilio.AccountListParams{}, twilio.ForEachParams{Cursor: cursor}, visit(&rest)); err != nil {
				t.Error(err)
			}
			again := 0
			for sid := range rest.seen {
				again += first.seen[sid]
			}
			if i == 0 && again != 0 || again > 2 || len(first.seen)+len(rest.seen)-again != 11 {
				t.Errorf("failed at page %d, cursor %d: %d and %d visited, %d of them twice", n+1, i, len(first.seen), len(rest.seen), again)
			}
		}
	}
}

func TestForEachRefuses(t *testing.T) {
	t.Parallel()
	do := func(context.Context, *twilio.Client, *twilio.Account) error { t.Error("called"); return nil }
	w, client := newSilentAPI(t)
	key := w.client(twilio.APIKey(mainSID, keySID, keySecret))
	all := twilio.AccountListParams{}
	for _, test := range []struct {
		operation, field string
		err              error
	}{
		{"accounts.for_each", "Concurrency", client.Accounts.ForEach(t.Context(), all, twilio.ForEachParams{Concurrency: -1}, do)},
		{"accounts.for_each", "do", client.Accounts.ForEach(t.Context(), all, twilio.ForEachParams{}, nil)},
		{"accounts.for_each", "Subaccount", key.Accounts.ForEach(t.Context(), all, twilio.ForEachParams{}, do)},
		{"accounts.list", "cursor", client.Accounts.ForEach(t.Context(), all, twilio.ForEachParams{Cursor: "canary"}, do)},
	} {
		wantRefusal(t, w, test.err, test.operation, test.field, "canary")
	}
}

// BenchmarkForEach visits a hundred thousand subaccounts that take ten
// milliseconds each. peak-MiB is the largest heap beyond that of the fake;
// ratio is the time over that of an ideal run: that of one subaccount times N,
// divided by the concurrency.
func BenchmarkForEach(b *testing.B) {
	const members, concurrency, each = 100_000, 64, 10 * time.Millisecond
	srv, _ := newFleet(members)
	client := srv.Client()
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for b.Loop() {
		runtime.GC()
		before, peak, visited := heap(), uint64(0), 0
		var one atomic.Int64 // nanoseconds that the visits took together
		start := time.Now()
		err := client.Accounts.ForEach(b.Context(), twilio.AccountListParams{}, twilio.ForEachParams{
			Concurrency: concurrency,
			Progress: func(p twilio.ForEachProgress) {
				if visited = p.Done; visited%10_000 == 0 {
					runtime.GC() // what counts is what stays
					peak = max(peak, heap())
				}
			},
		}, func(context.Context, *twilio.Client, *twilio.Account) error {
			begun := time.Now()
			<-time.After(each)
			one.Add(int64(time.Since(begun)))
			return nil
		})
		took := time.Since(start)
		if err != nil || visited != members {
			b.Fatalf("%d visited; error %v", visited, err)
		}
		b.ReportMetric(float64(peak-min(peak, before))/(1<<20), "peak-MiB")
		b.ReportMetric(float64(took)/(float64(one.Load())/concurrency), "ratio")
	}
}

// visitEach visits the fleet of a server, page by page.
func visitEach(t *testing.T, g *interceptor, params twilio.ForEachParams, do func(ctx context.Context, account *twilio.Account) error) error {
	t.Helper()
	return g.srv.Client(noRetries, twilio.WithHTTPClient(&http.Client{Transport: g})).Accounts.ForEach(t.Context(), twilio.AccountListParams{}, params,
		func(ctx context.Context, _ *twilio.Client, account *twilio.Account) error { return do(ctx, account) })
}

// A callback that ends its goroutine, as t.Fatal does, is an account that
// failed.
func TestForEachSurvivesGoexit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, g := newFleet(25)
		var seen visits
		var told []string
		err := visitEach(t, g, twilio.ForEachParams{Concurrency: 2, Progress: func(p twilio.ForEachProgress) {
			if p.Err != nil {
				told = append(told, p.Account.SID)
			}
		}}, func(_ context.Context, account *twilio.Account) error {
			seen.add(account.SID)
			if account.SID == subaccountSID(3) || account.SID == subaccountSID(4) || account.SID == subaccountSID(24) {
				runtime.Goexit()
			}
			return nil
		})
		e, ok := errors.AsType[*twilio.ForEachError](err)
		if !ok || e.Failed != 3 || e.Done != 25 || len(e.Accounts) != 3 || e.Err != nil || e.Cursor != "" || len(seen.seen) != 25 || len(told) != 3 {
			t.Errorf("%d visited, told of %v: %+v", len(seen.seen), told, e)
		}
		if !strings.Contains(err.Error(), subaccountSID(24)) || !strings.Contains(err.Error(), "Goexit") {
			t.Errorf("%v", err)
		}
	})
}

// A panic of the callback arrives where ForEach was called, with its own value,
// once every other account had its turn and nothing runs any more.
func TestForEachPanicsInItsCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, g := newFleet(25)
		var seen visits
		var running atomic.Int64
		var stack string
		boom := errors.New("boom")
		defer func() {
			if p := recover(); p != boom { //nolint:errorlint // the very value
				t.Errorf("recovered %v", p)
			}
			if len(seen.seen) != 25 || running.Load() != 0 || !strings.Contains(stack, "deepInTheCallback") {
				t.Errorf("%d visited, %d running; stack %s", len(seen.seen), running.Load(), stack)
			}
		}()
		err := visitEach(t, g, twilio.ForEachParams{Progress: func(p twilio.ForEachProgress) {
			if e, ok := errors.AsType[*twilio.PanicError](p.Err); ok && e.Value == any(boom) && p.Failed == 1 {
				stack = string(e.Stack)
			}
		}}, func(_ context.Context, account *twilio.Account) error {
			running.Add(1)
			defer running.Add(-1)
			seen.add(account.SID)
			if account.SID == subaccountSID(3) {
				deepInTheCallback(boom)
			}
			<-time.After(time.Second)
			return nil
		})
		t.Errorf("returned %v", err)
	})
}

//go:noinline

func deepInTheCallback(value any) { panic(value) }

// Where Progress panics, nothing is left running either.
func TestForEachLeavesNothingWhenProgressPanics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, g := newFleet(25)
		var running atomic.Int64
		defer func() {
			if p := recover(); p != "full" || running.Load() != 0 {
				t.Errorf("recovered %v, %d running", p, running.Load())
			}
		}()
		_ = visitEach(t, g, twilio.ForEachParams{Progress: func(p twilio.ForEachProgress) {
			if p.Done == 5 {
				panic("full")
			}
		}}, func(context.Context, *twilio.Account) error {
			running.Add(1)
			defer running.Add(-1)
			<-time.After(time.Second)
			return nil
		})
	})
}

// A slow account keeps its own goroutine busy and no other, and the cursor at
// its page until it is done.
func TestForEachDoesNotWaitForTheSlowest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, g := newFleet(101)    // pages of two, the main account on the last
		slow := subaccountSID(100) // on the first, newest accounts come first
		begun := time.Now()
		var kept string
		err := visitEach(t, g, twilio.ForEachParams{Concurrency: 5, Progress: func(p twilio.ForEachProgress) {
			if p.Done == 50 {
				kept = p.Cursor
			}
		}}, func(_ context.Context, account *twilio.Account) error {
			if account.SID == slow {
				<-time.After(30 * time.Second)
				return nil
			}
			<-time.After(time.Second)
			return nil
		})
		if took := time.Since(begun); err != nil || took != 30*time.Second {
			t.Errorf("took %v, want 30 s; error %v", took, err)
		}
		var found atomic.Bool
		err = visitEach(t, &interceptor{srv: srv}, twilio.ForEachParams{Cursor: kept}, func(_ context.Context, account *twilio.Account) error {
			if account.SID == slow {
				found.Store(true)
			}
			return nil
		})
		if err != nil || !found.Load() {
			t.Errorf("a run from the cursor of that time misses the slow account; error %v", err)
		}
	})
}

// MaxFailures and ErrStop begin no further account, and the cursor leads to
// those that are left.
func TestForEachStopsEarly(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		params twilio.ForEachParams
		ending func(n int) error // of the nth account
		begun  int
		failed int
		early  bool
	}{
		"MaxFailures":                      {twilio.ForEachParams{Concurrency: 1, MaxFailures: 3}, func(int) error { return errBoom }, 3, 3, true},
		"MaxFailures at the last account":  {twilio.ForEachParams{Concurrency: 1, MaxFailures: 11}, func(int) error { return errBoom }, 11, 11, false},
		"ErrStop":                          {twilio.ForEachParams{Concurrency: 1}, func(n int) error { return map[int]error{5: twilio.ErrStop}[n] }, 5, 0, true},
		"ErrStop at the last account":      {twilio.ForEachParams{Concurrency: 1}, func(n int) error { return map[int]error{11: twilio.ErrStop}[n] }, 11, 0, false},
		"an error that wraps ErrStop":      {twilio.ForEachParams{Concurrency: 1}, func(n int) error { return map[int]error{5: fmt.Errorf("broke: %w", twilio.ErrStop)}[n] }, 5, 1, true},
		"a stop among failures that count": {twilio.ForEachParams{Concurrency: 1}, func(n int) error { return map[int]error{2: errBoom, 4: twilio.ErrStop}[n] }, 4, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, g := newFleet(11)
			var first visits
			done := 0
			c.params.Progress = func(p twilio.ForEachProgress) { done = p.Done }
			err := visitEach(t, g, c.params, func(_ context.Context, account *twilio.Account) error { return c.ending(first.add(account.SID)) })
			if len(first.seen) != c.begun || done != c.begun {
				t.Errorf("%d begun, %d done, want %d", len(first.seen), done, c.begun)
			}
			if !c.early && c.failed == 0 {
				if err != nil {
					t.Errorf("every account had its turn: %v", err)
				}
				return
			}
			e, ok := errors.AsType[*twilio.ForEachError](err)
			if !ok || e.Failed != c.failed || e.Done != c.begun || errors.Is(e.Err, twilio.ErrStop) != c.early || (e.Cursor != "") != c.early {
				t.Fatalf("%+v", e)
			}
			if !c.early {
				return
			}
			var rest visits
			err = visitEach(t, &interceptor{srv: srv}, twilio.ForEachParams{Cursor: e.Cursor}, func(_ context.Context, account *twilio.Account) error {
				rest.add(account.SID)
				return nil
			})
			again := 0
			for sid := range rest.seen {
				again += first.seen[sid]
			}
			if err != nil || len(first.seen)+len(rest.seen)-again != 11 || again > 1 {
				t.Errorf("%d and %d visited, %d of them twice; error %v", len(first.seen), len(rest.seen), again, err)
			}
		})
	}
}

var errBoom = errors.New("boom")

// Whenever a run is canceled, with accounts of all speeds, the runs from its
// error's cursor and from the last one that Progress was told of visit every
// account that wasn't done.
func TestForEachSkipsNoAccount(t *testing.T) {
	t.Parallel()
	for at := range 30 {
		synctest.Test(t, func(t *testing.T) {
			srv, g := newFleet(41)
			client := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: g}))
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(at)*time.Second+time.Millisecond)
			defer cancel()
			var done visits
			var told string
			err := client.Accounts.ForEach(ctx, twilio.AccountListParams{}, twilio.ForEachParams{Concurrency: 3,
				Progress: func(p twilio.ForEachProgress) { told = p.Cursor },
			}, func(ctx context.Context, _ *twilio.Client, account *twilio.Account) error {
				var n int
				_, _ = fmt.Sscanf(account.SID[30:], "%d", &n)
				select {
				case <-time.After(time.Duration(1+n*n%11) * time.Second):
					done.add(account.SID)
					return nil
				case <-ctx.Done():
					return ctx.Err()
				}
			})
			e, ok := errors.AsType[*twilio.ForEachError](err)
			if !ok || !errors.Is(e.Err, context.DeadlineExceeded) {
				t.Fatalf("after %d s: %v", at, err)
			}
			for _, cursor := range []string{e.Cursor, told} {
				var rest visits
				if err := visitEach(t, &interceptor{srv: srv}, twilio.ForEachParams{Cursor: cursor}, func(_ context.Context, account *twilio.Account) error {
					rest.add(account.SID)
					return nil
				}); err != nil {
					t.Error(err)
				}
				for i := range 41 {
					if sid := subaccountSID(i); done.seen[sid]+rest.seen[sid] == 0 {
						t.Errorf("after %d s: %s is never done", at, sid)
					}
				}
			}
		})
	}
}

// A hundred thousand failures are counted; the first hundred are kept.
func TestForEachKeepsTheFirstFailures(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	srv.AddSubaccounts(make([]twilio.Account, 20_000)...)
	var told atomic.Int64
	err := srv.Client().Accounts.ForEach(t.Context(), twilio.AccountListParams{}, twilio.ForEachParams{Progress: func(p twilio.ForEachProgress) {
		if p.Err != nil {
			told.Add(1)
		}
	}}, func(context.Context, *twilio.Client, *twilio.Account) error { return errBoom })
	e, ok := errors.AsType[*twilio.ForEachError](err)
	if !ok || e.Failed != 20_000 || e.Done != 20_000 || len(e.Accounts) != 100 || told.Load() != 20_000 || !errors.Is(err, errBoom) {
		t.Fatalf("%d failed, %d kept, told of %d", e.Failed, len(e.Accounts), told.Load())
	}
	if text := err.Error(); !strings.Contains(text, "20000 of 20000 accounts failed") || !strings.Contains(text, "and 19900 more") || strings.Count(text, "\n") != 101 {
		t.Errorf("%.300s", text)
	}
}

// A transport of the user's that ends its goroutine, or panics, in a request
// for the next page hangs nothing.
func TestForEachSurvivesTheTransport(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(){"Goexit": runtime.Goexit, "panic": func() { panic("boom") }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, g := newFleet(9)
				g.intercept = func(n int, _ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
					if n == 3 {
						fail()
					}
					return send()
				}
				defer func() {
					if p := recover(); (p != nil) != (name == "panic") {
						t.Errorf("recovered %v", p)
					}
				}()
				err := visitEach(t, g, twilio.ForEachParams{}, func(context.Context, *twilio.Account) error { return nil })
				e, ok := errors.AsType[*twilio.ForEachError](err)
				if !ok || e.Done != 4 || e.Cursor == "" {
					t.Errorf("%+v", e)
				}
			})
		})
	}
}

// An account that can't be read doesn't keep the others from being visited, and
// isn't forgotten: the error and the cursor stay with its page.
func TestForEachTellsOfUnreadableAccounts(t *testing.T) {
	t.Parallel()
	const acme, other = `{"sid":"AC7","owner_account_sid":"AC1"}`, `{"sid":"AC8","owner_account_sid":"AC1"}`
	for name, pages := range map[string][2]string{
		"first page": {"null," + acme, other},
		"last page":  {acme, other + ",5"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := clientResponding(t, func(r *http.Request) (int, string) {
				if r.URL.Query().Get("Page") == "1" {
					return 200, `{"accounts":[` + pages[1] + `]}`
				}
				return 200, `{"accounts":[` + pages[0] + `],"next_page_uri":"/2010-04-01/Accounts.json?Page=1&PageToken=PA1"}`
			})
			var visited []string
			visit := func(cursor string) error {
				visited = nil
				return client.Accounts.ForEach(t.Context(), twilio.AccountListParams{}, twilio.ForEachParams{Concurrency: 1, Cursor: cursor},
					func(_ context.Context, _ *twilio.Client, account *twilio.Account) error {
						visited = append(visited, account.SID)
						return nil
					})
			}
			err := visit("")
			e, ok := errors.AsType[*twilio.ForEachError](err)
			if _, unreadable := errors.AsType[*twilio.DecodeError](err); !ok || !unreadable || e.Failed != 0 || e.Err == nil {
				t.Fatalf("got %v", err)
			}
			if want := []string{"AC7", "AC8"}; !slices.Equal(visited, want) {
				t.Errorf("visited %v, want %v", visited, want)
			}
			err = visit(e.Cursor)
			if _, unreadable := errors.AsType[*twilio.DecodeError](err); !unreadable {
				t.Errorf("a run from the cursor leaves the account out: %v", err)
			}
		})
	}
}
