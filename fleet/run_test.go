package fleet_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// An item that is canceled while its operation runs keeps the result; those
// that haven't begun never do, until the run is retried.
func TestCancelAndRetry(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var calls tally
		begun, release := make(chan string, 10), make(chan struct{})
		op := fleet.Define("hold", func(ctx context.Context, j *fleet.Job[fleet.None]) (string, error) {
			defer calls.begin(j.Key)()
			begun <- j.Key
			select {
			case <-release:
				return "released", nil
			case <-ctx.Done():
				return "", ctx.Err()
			}
		})
		f := openFleet(t, newTwilio(t, 5), db.open(t))
		work(t, f, 1, op)
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{}); err != nil {
			t.Fatal(err)
		}
		first := <-begun
		eventually(t, "the list is read", func() bool { return look(t, f, "run").Planned })
		if err := f.Cancel(t.Context(), "run"); err != nil {
			t.Fatal(err)
		}
		if p := watch(t, f, "run"); p.Canceled != 5 || !p.Over() {
			t.Errorf("after Cancel: %+v", p)
		}
		if runs, err := f.Runs(t.Context()); err != nil || len(runs) != 1 || !runs[0].Canceled {
			t.Errorf("Runs: %+v, %v", runs, err)
		}
		close(release)
		eventually(t, "the result is recorded", func() bool { return look(t, f, "run").Canceled == 4 })
		for key, item := range results(t, f, op, "run") {
			if key == first && (item.Err != nil || item.Result != "released") {
				t.Errorf("in flight: %+v", item)
			}
			if key != first && !errors.Is(item.Err, fleet.ErrCanceled) {
				t.Errorf("not begun: %+v", item)
			}
		}
		if err := f.Retry(t.Context(), "run"); err != nil {
			t.Fatal(err)
		}
		if p := watch(t, f, "run"); p.Done != 5 || p.Canceled != 0 {
			t.Errorf("after Retry: %+v", p)
		}
		if n := calls.of(first); n != 1 {
			t.Errorf("%d calls for an item that was done", n)
		}
		if runs, err := f.Runs(t.Context()); err != nil || len(runs) != 1 || runs[0].Canceled || runs[0].Operation != "hold" || runs[0].Done != 5 {
			t.Errorf("Runs: %+v, %v", runs, err)
		}
	})
}

func look(t *testing.T, f *fleet.Fleet, run string) fleet.Progress {
	t.Helper()
	for p, err := range f.Watch(t.Context(), run) {
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	return fleet.Progress{}
}

// A store that calls a function behind each transaction.
type behindStore struct {
	engine.Store
	behind func()
}

func (s behindStore) Engine() engine.Store { return s }

func (s behindStore) Tx(ctx context.Context, do func(engine.Tx) error) error {
	defer s.behind()
	return s.Store.Tx(ctx, do)
}

// Items that fail again while Retry is busy with others don't keep it from
// returning, and start no third time.
func TestRetryStartsEachItemOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var calls tally
		op := fleet.Define("fails", func(_ context.Context, j *fleet.Job[fleet.None]) (fleet.None, error) {
			defer calls.begin(j.Key)()
			return fleet.None{}, &twilio.ParamError{Field: "key", Reason: "isn't liked"}
		})
		srv, store := newTwilio(t, 3), db.open(t)
		f := openFleet(t, srv, store, unhurried)
		work(t, f, 1, op)
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{}); err != nil {
			t.Fatal(err)
		}
		watch(t, f, "run")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		transactions := 0
		slow := openFleet(t, srv, behindStore{store.Engine(), func() {
			watch(t, f, "run")
			if transactions++; transactions == 20 {
				cancel()
			}
		}})
		if err := slow.Retry(ctx, "run"); err != nil {
			t.Error(err)
		}
		for key := range results(t, f, op, "run") {
			if n := calls.of(key); n != 2 {
				t.Errorf("%s: %d calls", key, n)
			}
		}
	})
}

func TestADeletedRunCanStartAgain(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var calls tally
		op := echo("echo", &calls)
		f := openFleet(t, newTwilio(t, 2), db.open(t))
		work(t, f, 2, op)
		for _, params := range []string{"a", "b"} {
			if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, params); err != nil {
				t.Fatal(err)
			}
			watch(t, f, "run")
			for _, item := range results(t, f, op, "run") {
				if item.Result != params {
					t.Errorf("got %+v", item)
				}
			}
			if err := f.Delete(t.Context(), "run"); err != nil {
				t.Fatal(err)
			}
		}
		if runs, err := f.Runs(t.Context()); err != nil || len(runs) != 0 {
			t.Errorf("Runs: %+v, %v", runs, err)
		}
	})
}

// A list that Twilio refuses ends Watch with an error, and Retry goes on.
func TestAListThatFails(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var calls tally
		op := echo("echo", &calls)
		srv := newTwilio(t, 120)
		srv.Inject(twiliotest.Fault{Path: "/Accounts.json", Skip: 2, Status: http.StatusBadRequest, Code: 20001})
		f := openFleet(t, srv, db.open(t))
		work(t, f, 4, op)
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{PageSize: 20}, ""); err != nil {
			t.Fatal(err)
		}
		var err error
		for _, err = range f.Watch(t.Context(), "run") {
			continue
		}
		if e, ok := errors.AsType[*fleet.PlanError](err); !ok || e.Run != "run" {
			t.Fatalf("got %v", err)
		}
		if err := f.Retry(t.Context(), "run"); err != nil {
			t.Fatal(err)
		}
		if p := watch(t, f, "run"); p.Total != 120 || p.Done != 120 {
			t.Errorf("got %+v", p)
		}
		for key := range results(t, f, op, "run") {
			if calls.of(key) != 1 {
				t.Errorf("%s: %d calls", key, calls.of(key))
			}
		}
	})
}

// A list that was interrupted behind its last page isn't read again.
func TestAListThatIsInterruptedAtItsEnd(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var calls tally
		op, store, srv := echo("echo", &calls), db.open(t), newTwilio(t, 50)
		f := openFleet(t, srv, store)
		work(t, f, 4, op)
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{PageSize: 20}, ""); err != nil {
			t.Fatal(err)
		}
		watch(t, f, "run")
		pages := len(srv.Requests())
		// As if Cancel had come before the end of the list was recorded.
		if _, err := store.Engine().Exec(t.Context(), "update ~fleet_items set state = 'canceled', result = null where key = ''"); err != nil {
			t.Fatal(err)
		}
		if err := f.Retry(t.Context(), "run"); err != nil {
			t.Fatal(err)
		}
		if p := watch(t, f, "run"); p.Done != 50 || p.Total != 50 || !p.Planned {
			t.Errorf("got %+v", p)
		}
		if n := len(srv.Requests()); pages != 3 || n != pages {
			t.Errorf("%d pages, and %d after Retry", pages, n)
		}
	})
}
