package fleet_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// The client's own retries come first; then the operation runs five times.
func TestFailures(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		srv := newTwilio(t, 0)
		names := []string{"outage", "flaky", "gone", "refused", "panics", "exits", "other"}
		sids := map[string]string{}
		for _, name := range names {
			sids[name] = srv.AddSubaccount(twilio.Account{FriendlyName: name}).SID
		}
		path := func(name string) string { return "/Accounts/" + sids[name] + ".json" }
		srv.Inject(
			twiliotest.Fault{Path: path("outage"), Status: http.StatusServiceUnavailable, Times: -1},
			twiliotest.Fault{Path: path("flaky"), Status: http.StatusServiceUnavailable, Times: 10},
			twiliotest.Fault{Path: path("gone"), Status: http.StatusNotFound, Code: twilio.CodeNotFound, Times: -1},
		)
		var mu sync.Mutex
		attempts := map[string][]int{}
		op := fleet.Define("get", func(ctx context.Context, j *fleet.Job[fleet.None]) (string, error) {
			mu.Lock()
			attempts[j.Key] = append(attempts[j.Key], j.Attempt)
			mu.Unlock()
			switch j.Key {
			case sids["refused"]:
				return "", &twilio.ParamError{Field: "key", Reason: "isn't liked"}
			case sids["panics"]:
				panic("private")
			case sids["exits"]:
				runtime.Goexit()
			case sids["other"]:
				return "", errors.New("something else")
			}
			account, err := j.Client.Accounts.Get(ctx, j.Key)
			if err != nil {
				return "", err
			}
			return account.FriendlyName, nil
		})
		f := openFleet(t, srv, db.open(t))
		work(t, f, 8, op)
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{}); err != nil {
			t.Fatal(err)
		}
		if p := watch(t, f, "run"); p.Failed != 6 || p.Done != 7 {
			t.Errorf("got %+v", p)
		}
		got := results(t, f, op, "run")
		mu.Lock()
		defer mu.Unlock()
		for name, want := range map[string]struct {
			attempts []int
			text     string
		}{
			"outage":  {[]int{1, 2, 3, 4, 5}, "503"},
			"flaky":   {[]int{1, 2, 3}, ""},
			"gone":    {[]int{1}, "20404"},
			"refused": {[]int{1}, "isn't liked"},
			"panics":  {[]int{1}, "panic with a value of type string"},
			"exits":   {[]int{1}, "Goexit"},
			"other":   {[]int{1, 2, 3, 4, 5}, "something else"},
		} {
			if have := attempts[sids[name]]; !slices.Equal(have, want.attempts) {
				t.Errorf("%s: attempts %v", name, have)
			}
			item := got[sids[name]]
			if want.text == "" && (item.Err != nil || item.Result != name) {
				t.Errorf("%s: %+v", name, item)
			}
			if e, ok := errors.AsType[*fleet.ItemError](item.Err); want.text != "" && (!ok || !strings.Contains(e.Text, want.text)) {
				t.Errorf("%s: %v", name, item.Err)
			}
		}
	})
}

func TestRetryBeginsAnew(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var broken atomic.Bool
		broken.Store(true)
		op := fleet.Define("op", func(ctx context.Context, j *fleet.Job[fleet.None]) (int, error) {
			state := 0
			if err := errors.Join(j.Resume(&state), j.Checkpoint(ctx, state+1)); err != nil {
				return 0, err
			}
			if broken.Load() {
				return 0, &twilio.Error{StatusCode: http.StatusConflict}
			}
			return 10*state + j.Attempt, nil
		})
		f := openFleet(t, newTwilio(t, 1), db.open(t))
		work(t, f, 1, op)
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{}); err != nil {
			t.Fatal(err)
		}
		if p := watch(t, f, "run"); p.Failed != 1 {
			t.Errorf("got %+v", p)
		}
		broken.Store(false)
		if err := f.Retry(t.Context(), "run"); err != nil {
			t.Fatal(err)
		}
		watch(t, f, "run")
		for _, item := range results(t, f, op, "run") {
			if item.Err != nil || item.Result != 1 { // no checkpoint, first attempt
				t.Errorf("got %+v", item)
			}
		}
	})
}

// A 429 frees the slot at once, waits for Retry-After, and isn't a failure,
// however often it comes.
func TestALimitFreesTheSlotAndIsNoFailure(t *testing.T) {
	t.Parallel()
	const others, retryAfter = 10, 2 * time.Second
	onEach(t, func(t *testing.T, db database) {
		srv := newTwilio(t, 0)
		limited := srv.AddSubaccount(twilio.Account{FriendlyName: "limited"}).SID
		for range others {
			srv.AddSubaccount(twilio.Account{FriendlyName: "other"})
		}
		srv.Inject(twiliotest.Fault{Path: "/Accounts/" + limited + ".json", Times: -1,
			Status: http.StatusTooManyRequests, Code: twilio.CodeTooManyRequests, Header: http.Header{"Retry-After": {"2"}}})
		var mu sync.Mutex
		begun := map[string][]time.Time{}
		var attempts []int
		op := fleet.Define("get", func(ctx context.Context, j *fleet.Job[fleet.None]) (fleet.None, error) {
			mu.Lock()
			begun[j.Key] = append(begun[j.Key], time.Now())
			if j.Key == limited {
				attempts = append(attempts, j.Attempt)
			}
			mu.Unlock()
			_, err := j.Client.Accounts.Get(ctx, j.Key)
			return fleet.None{}, err
		})
		// One slot: if the limited operation held it while it waits, the others
		// couldn't begin. Sweeps that are too close take a job for lost that goes back
		// to the queue to wait there.
		f := openFleet(t, srv, db.open(t), fleet.WithConcurrency(1), fleet.WithTimings(fleet.Timings{Sweep: 10 * time.Second}))
		work(t, f, 4, op)
		if err := op.Start(t.Context(), f, "limited", twilio.AccountListParams{FriendlyName: "limited"}, fleet.None{}); err != nil {
			t.Fatal(err)
		}
		refusals := func(n int) func() bool {
			return func() bool {
				mu.Lock()
				defer mu.Unlock()
				return len(attempts) >= n
			}
		}
		// A list that takes its time may leave the others nothing of one wait.
		slotWasFree := false
		for n := 1; n <= 10 && !slotWasFree; n++ {
			eventually(t, "the limited operation begins", refusals(n))
			name := fmt.Sprint("other", n)
			if err := op.Start(t.Context(), f, name, twilio.AccountListParams{FriendlyName: "other"}, fleet.None{}); err != nil {
				t.Fatal(err)
			}
			if p := watch(t, f, name); p.Done != others || p.Failed != 0 {
				t.Errorf("got %+v", p)
			}
			mu.Lock()
			for _, refused := range begun[limited] {
				for key, times := range begun {
					slotWasFree = slotWasFree || key != limited && slices.ContainsFunc(times, func(at time.Time) bool {
						return at.After(refused) && at.Before(refused.Add(retryAfter))
					})
				}
			}
			mu.Unlock()
		}
		if !slotWasFree {
			t.Error("all operations waited for the limited one")
		}
		eventually(t, "it has been refused twice", refusals(3))
		srv.ClearFaults()
		if p := watch(t, f, "limited"); p.Done != 1 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
		mu.Lock()
		defer mu.Unlock()
		if want := slices.Repeat([]int{1}, len(attempts)); len(attempts) < 3 || !slices.Equal(attempts, want) {
			t.Fatalf("attempts %v", attempts)
		}
		for i, refused := range begun[limited][:len(attempts)-1] {
			if wait := begun[limited][i+1].Sub(refused); wait < retryAfter {
				t.Errorf("began again after %s; Retry-After is %s", wait, retryAfter)
			}
		}
		requests := 0
		for _, r := range srv.Requests() {
			if strings.HasSuffix(r.Path, limited+".json") {
				requests++
			}
		}
		if requests != len(attempts) {
			t.Errorf("%d requests: the SDK retried while it held the slot", requests)
		}
	})
}

// A 429 about something else than the number of requests is an error like others.
// A worker that stops while a job waits for Retry-After leaves the rest of the
// wait to the next worker.
func TestAWorkerIsStoppedWhileAJobWaits(t *testing.T) {
	t.Parallel()
	const retryAfter = 4 * time.Second
	onEach(t, func(t *testing.T, db database) {
		srv := newTwilio(t, 1)
		srv.Inject(twiliotest.Fault{Path: "/Accounts/AC*.json", Status: http.StatusTooManyRequests,
			Code: twilio.CodeTooManyRequests, Header: http.Header{"Retry-After": {"4"}}})
		begun, refused := make(chan time.Time, 2), make(chan struct{}, 2)
		op := fleet.Define("get", func(ctx context.Context, j *fleet.Job[fleet.None]) (fleet.None, error) {
			begun <- time.Now()
			defer func() { refused <- struct{}{} }()
			_, err := j.Client.Accounts.Get(ctx, j.Key)
			return fleet.None{}, err
		})
		f := openFleet(t, srv, db.open(t), unhurried)
		stop := work(t, f, 1, op)
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{}); err != nil {
			t.Fatal(err)
		}
		<-refused
		if err := stop(); err != nil {
			t.Error(err)
		}
		work(t, f, 1, op)
		if p := watch(t, f, "run"); p.Done != 1 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
		first, second := <-begun, <-begun
		if wait := second.Sub(first); wait < retryAfter {
			t.Errorf("began again after %s; Retry-After is %s", wait, retryAfter)
		}
	})
}

func TestASendersQueueIsNoLimit(t *testing.T) {
	t.Parallel()
	srv := newTwilio(t, 1)
	srv.Inject(twiliotest.Fault{Path: "/Accounts/AC*.json", Times: -1, Status: http.StatusTooManyRequests, Code: twilio.CodeSenderQueueFull})
	var calls tally
	op := fleet.Define("get", func(ctx context.Context, j *fleet.Job[fleet.None]) (fleet.None, error) {
		defer calls.begin(j.Key)()
		_, err := j.Client.Accounts.Get(ctx, j.Key)
		return fleet.None{}, err
	})
	f := openFleet(t, srv, database{"sqlite", t.TempDir() + "/fleet.db"}.open(t))
	work(t, f, 4, op)
	if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{}); err != nil {
		t.Fatal(err)
	}
	if p := watch(t, f, "run"); p.Failed != 1 {
		t.Errorf("got %+v", p)
	}
	for key, item := range results(t, f, op, "run") {
		if !strings.Contains(item.Err.Error(), "21611") || calls.of(key) != 5 {
			t.Errorf("%d calls, and %v", calls.of(key), item.Err)
		}
	}
}

// A long operation goes on at its checkpoint when its turn ends.
func TestTurnsAndCheckpoints(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		type state struct{ Page, Sum int }
		var calls, pages tally
		op := fleet.Define("sum", func(ctx context.Context, j *fleet.Job[int]) (int, error) {
			defer calls.begin(j.Key)()
			var s state
			if err := j.Resume(&s); err != nil {
				return 0, err
			}
			for ; s.Page < j.Params; s.Page++ {
				if s.Page > 0 {
					if err := j.Checkpoint(ctx, s); err != nil {
						return 0, err
					}
				}
				pages.begin(j.Key)()
				s.Sum += s.Page
				pause(ctx, t, 5*time.Millisecond, "a page")
			}
			return s.Sum, nil
		})
		f := openFleet(t, newTwilio(t, 3), db.open(t), fleet.WithTimings(fleet.Timings{Turn: 100 * time.Millisecond}))
		work(t, f, 2, op)
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, 60); err != nil {
			t.Fatal(err)
		}
		watch(t, f, "run")
		got := results(t, f, op, "run")
		if len(got) != 3 {
			t.Errorf("%d results", len(got))
		}
		for key, item := range got {
			if item.Err != nil || item.Result != 60*59/2 {
				t.Errorf("got %+v", item)
			}
			if calls.of(key) < 3 || pages.of(key) != 60 {
				t.Errorf("%d turns, %d pages", calls.of(key), pages.of(key))
			}
		}
	})
}

// Two runs work on the same accounts, in one process and in two, but never at
// the same time.
func TestNeverTwoOperationsOnOneKey(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var calls tally
		slow := func(name string) *fleet.Operation[fleet.None, fleet.None] {
			return fleet.Define(name, func(ctx context.Context, j *fleet.Job[fleet.None]) (fleet.None, error) {
				defer calls.begin(j.Key)()
				calls.until(ctx, 2)
				pause(ctx, t, 20*time.Millisecond, "the work")
				return fleet.None{}, nil
			})
		}
		one, two := slow("one"), slow("two")
		srv, store := newTwilio(t, 10), db.open(t)
		f, g := openFleet(t, srv, store), openFleet(t, srv, store)
		for _, op := range []*fleet.Operation[fleet.None, fleet.None]{one, two} {
			if err := op.Start(t.Context(), f, op.Name(), twilio.AccountListParams{}, fleet.None{}); err != nil {
				t.Fatal(err)
			}
		}
		work(t, f, 8, one, two)
		work(t, g, 8, one, two)
		for _, run := range []string{"one", "two"} {
			if p := watch(t, f, run); p.Done != 10 || p.Failed != 0 {
				t.Errorf("%s: %+v", run, p)
			}
		}
		peak, overlaps := calls.most()
		if overlaps > 0 {
			t.Errorf("%d operations began while another worked on the key", overlaps)
		}
		if peak < 2 {
			t.Error("nothing ran at once")
		}
	})
}

// The bound is for all workers together, and it is used.
func TestNeverMoreThanTheBound(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var calls tally
		op := fleet.Define("slow", func(ctx context.Context, j *fleet.Job[fleet.None]) (fleet.None, error) {
			defer calls.begin(j.Key)()
			calls.until(ctx, 5)
			pause(ctx, t, 20*time.Millisecond, "the work")
			return fleet.None{}, nil
		})
		srv, store := newTwilio(t, 150), db.open(t)
		var f *fleet.Fleet
		for range 3 {
			f = openFleet(t, srv, store, fleet.WithConcurrency(5))
			work(t, f, 4, op)
		}
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{}); err != nil {
			t.Fatal(err)
		}
		if p := watch(t, f, "run"); p.Done != 150 {
			t.Errorf("got %+v", p)
		}
		if peak, _ := calls.most(); peak != 5 {
			t.Errorf("%d at once, under a bound of 5", peak)
		}
	})
}

// A worker leaves operations alone that it doesn't have.
func TestUnknownOperationsWait(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var calls tally
		known, unknown := echo("known", &calls), echo("unknown", &calls)
		f := openFleet(t, newTwilio(t, 3), db.open(t))
		stop := work(t, f, 4, known)
		if err := unknown.Start(t.Context(), f, "waits", twilio.AccountListParams{}, "a"); err != nil {
			t.Fatal(err)
		}
		if err := known.Start(t.Context(), f, "runs", twilio.AccountListParams{}, "b"); err != nil {
			t.Fatal(err)
		}
		watch(t, f, "runs")
		eventually(t, "the list is read", func() bool { return look(t, f, "waits").Planned })
		if p := look(t, f, "waits"); p.Total != 3 || p.Done != 0 {
			t.Errorf("got %+v", p)
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		work(t, f, 4, unknown)
		if p := watch(t, f, "waits"); p.Done != 3 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
		for key, item := range results(t, f, unknown, "waits") {
			if item.Result != "a" || calls.of(key) != 2 {
				t.Errorf("%d calls, %+v", calls.of(key), item)
			}
		}
	})
}

// An operation that takes too long fails, and its error says why.
func TestAnOperationThatTakesTooLong(t *testing.T) {
	t.Parallel()
	var calls tally
	op := fleet.Define("slow", func(ctx context.Context, j *fleet.Job[fleet.None]) (fleet.None, error) {
		defer calls.begin(j.Key)()
		<-ctx.Done()
		return fleet.None{}, ctx.Err()
	})
	srv, store := newTwilio(t, 1), database{"sqlite", t.TempDir() + "/fleet.db"}.open(t)
	// The list may take its time.
	plans := openFleet(t, srv, store)
	stop := work(t, plans, 1, echo("none", &calls))
	if err := op.Start(t.Context(), plans, "run", twilio.AccountListParams{}, fleet.None{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the list is read", func() bool { return look(t, plans, "run").Planned })
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	f := openFleet(t, srv, store, fleet.WithTimings(fleet.Timings{Timeout: 50 * time.Millisecond}))
	work(t, f, 1, op)
	if p := watch(t, f, "run"); p.Failed != 1 {
		t.Errorf("got %+v", p)
	}
	for key, item := range results(t, f, op, "run") {
		if calls.of(key) != 5 || !strings.Contains(item.Err.Error(), "deadline exceeded") {
			t.Errorf("%d calls, %v", calls.of(key), item.Err)
		}
	}
}

// A store that ends the worker's context before the worker has begun.
type endingStore struct {
	engine.Store
	end context.CancelFunc
}

func (s endingStore) Engine() engine.Store { return s }

func (s endingStore) Locks(ctx context.Context, account, worker string, logger *slog.Logger) (engine.Locks, error) {
	s.end()
	return s.Store.Locks(ctx, account, worker, logger)
}

// A worker that is stopped while it starts has stopped, as one later.
func TestAWorkerIsStoppedWhileItStarts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var calls tally
		op := echo("echo", &calls)
		ctx, end := context.WithCancel(t.Context())
		defer end()
		f := openFleet(t, newTwilio(t, 1), endingStore{db.open(t).Engine(), end})
		for range 2 { // and a second time, with a context that is over
			if err := f.Work(ctx, 1, op); err != nil {
				t.Error(err)
			}
		}
	})
}

// A checkpoint with the state that is saved already isn't progress: five failures
// in a row are for good.
func TestACheckpointWithoutProgress(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var calls tally
		op := fleet.Define("stuck", func(ctx context.Context, j *fleet.Job[fleet.None]) (fleet.None, error) {
			defer calls.begin(j.Key)()
			if err := j.Checkpoint(ctx, 7); err != nil {
				return fleet.None{}, err
			}
			return fleet.None{}, errors.New("something else")
		})
		f := openFleet(t, newTwilio(t, 1), db.open(t))
		work(t, f, 1, op)
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{}); err != nil {
			t.Fatal(err)
		}
		watch(t, f, "run")
		for key, item := range results(t, f, op, "run") {
			if n := calls.of(key); item.Err == nil || n != 5 {
				t.Errorf("%d calls, %v", n, item.Err)
			}
		}
	})
}

// Text that isn't UTF-8 is kept as JSON's encoder keeps it elsewhere.
func TestTextThatIsNotUTF8(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		op := fleet.Define("raw", func(ctx context.Context, j *fleet.Job[json.RawMessage]) (json.RawMessage, error) {
			if err := j.Checkpoint(ctx, j.Params); err != nil {
				return nil, err
			}
			var state json.RawMessage
			err := j.Resume(&state)
			return state, err
		})
		f := openFleet(t, newTwilio(t, 1), db.open(t))
		work(t, f, 1, op)
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, json.RawMessage("\"a\xff\"")); err != nil {
			t.Fatal(err)
		}
		watch(t, f, "run")
		for _, item := range results(t, f, op, "run") {
			if item.Err != nil || string(item.Result) != "\"a\uFFFD\"" {
				t.Errorf("got %q, %v", item.Result, item.Err)
			}
		}
	})
}
