package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// visitEach visits the fleet of a server, page by page.
func visitEach(t *testing.T, g *gate, params twilio.ForEachParams, do func(ctx context.Context, account *twilio.Account) error) error {
	t.Helper()
	return g.srv.Client(once, twilio.WithHTTPClient(&http.Client{Transport: g})).Accounts.ForEach(t.Context(), twilio.AccountListParams{}, params,
		func(ctx context.Context, _ *twilio.Client, account *twilio.Account) error { return do(ctx, account) })
}

// A callback that ends its goroutine, as t.Fatal does, is an account that failed.
func TestForEachSurvivesGoexit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, g := fleet(25)
		var seen visits
		var told []string
		err := visitEach(t, g, twilio.ForEachParams{Concurrency: 2, Progress: func(p twilio.ForEachProgress) {
			if p.Err != nil {
				told = append(told, p.Account.SID)
			}
		}}, func(_ context.Context, account *twilio.Account) error {
			seen.note(account.SID)
			if account.SID == member(3) || account.SID == member(4) || account.SID == member(24) {
				runtime.Goexit()
			}
			return nil
		})
		e, ok := errors.AsType[*twilio.ForEachError](err)
		if !ok || e.Failed != 3 || e.Done != 25 || len(e.Accounts) != 3 || e.Err != nil || e.Cursor != "" || len(seen.seen) != 25 || len(told) != 3 {
			t.Errorf("%d visited, told of %v: %+v", len(seen.seen), told, e)
		}
		if !strings.Contains(err.Error(), member(24)) || !strings.Contains(err.Error(), "Goexit") {
			t.Errorf("%v", err)
		}
	})
}

// A panic of the callback arrives where ForEach was called, with its own value,
// once every other account had its turn and nothing runs any more.
func TestForEachPanicsInItsCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, g := fleet(25)
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
			seen.note(account.SID)
			if account.SID == member(3) {
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
		_, g := fleet(25)
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

// A slow account keeps its own goroutine busy and no other, and the cursor at its
// page until it is done.
func TestForEachDoesNotWaitForTheSlowest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, g := fleet(101) // pages of two, the main account on the last
		slow := member(100)  // on the first, newest accounts come first
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
		err = visitEach(t, &gate{srv: srv}, twilio.ForEachParams{Cursor: kept}, func(_ context.Context, account *twilio.Account) error {
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

// MaxFailures and ErrStop begin no further account, and the cursor leads to those
// that are left.
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
			srv, g := fleet(11)
			var first visits
			done := 0
			c.params.Progress = func(p twilio.ForEachProgress) { done = p.Done }
			err := visitEach(t, g, c.params, func(_ context.Context, account *twilio.Account) error { return c.ending(first.note(account.SID)) })
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
			err = visitEach(t, &gate{srv: srv}, twilio.ForEachParams{Cursor: e.Cursor}, func(_ context.Context, account *twilio.Account) error {
				rest.note(account.SID)
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
			srv, g := fleet(41)
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
					done.note(account.SID)
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
				if err := visitEach(t, &gate{srv: srv}, twilio.ForEachParams{Cursor: cursor}, func(_ context.Context, account *twilio.Account) error {
					rest.note(account.SID)
					return nil
				}); err != nil {
					t.Error(err)
				}
				for i := range 41 {
					if sid := member(i); done.seen[sid]+rest.seen[sid] == 0 {
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

// A transport of the user's that ends its goroutine, or panics, in a request for
// the next page hangs nothing.
func TestForEachSurvivesTheTransport(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(){"Goexit": runtime.Goexit, "panic": func() { panic("boom") }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, g := fleet(9)
				g.pass = func(n int, _ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
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
