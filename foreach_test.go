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
// milliseconds each. peak-MiB is the largest heap beyond that of the fake; ratio
// is the time over that of an ideal run: that of one subaccount times N, divided
// by the concurrency.
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
