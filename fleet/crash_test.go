package fleet_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// crash visits the site twice for an account, and for one of them ends its
// process between the visits.
func crash(site string) *fleet.Operation[string, string] {
	return fleet.Define("crash", func(ctx context.Context, j *fleet.Job[string]) (string, error) {
		if _, err := get(ctx, site, j.Key); err != nil {
			return "", err
		}
		if j.Key == j.Params {
			os.Exit(3)
		}
		return get(ctx, site, j.Key)
	})
}

// stumble ends its process behind each new checkpoint but the last.
func stumble(site string) *fleet.Operation[int, int] {
	return fleet.Define("stumble", func(ctx context.Context, j *fleet.Job[int]) (int, error) {
		page := 0
		if err := j.Resume(&page); err != nil {
			return 0, err
		}
		page++
		if err := j.Checkpoint(ctx, page); err != nil {
			return 0, err
		}
		if _, err := get(ctx, site, j.Key); err != nil {
			return 0, err
		}
		if page < j.Params {
			os.Exit(3)
		}
		return page, nil
	})
}

// workUntilOver starts a worker again each time that it dies, as a supervisor
// does, until the run is over.
func workUntilOver(t *testing.T, srv *twiliotest.Server, db database, s *site, atOnce int, run string, between func()) {
	t.Helper()
	for range 20 {
		worker := startWorker(t, srv, db, s, atOnce, 10, func(spec *workerSpec) { spec.Until = run })
		<-worker.ended
		if worker.err == nil {
			return
		}
		if code := worker.ProcessState.ExitCode(); code != 3 {
			t.Fatalf("the worker ended with %v", worker.err)
		}
		between()
	}
	t.Fatal("the operation ends its process again and again")
}

// An operation that ends its process fails permanently after some times. What ran
// beside it, or waited in the same process, doesn't.
func TestAnOperationThatEndsItsProcess(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		srv, s := newTwilio(t, 0), newSite(t, 100*time.Millisecond)
		poison := srv.AddSubaccount(twilio.Account{FriendlyName: "poison"}).SID
		srv.AddSubaccounts(make([]twilio.Account, 7)...)
		op := crash(s.URL)
		startRun(t, srv, db, func(f *fleet.Fleet) error {
			return op.Start(t.Context(), f, "run", twilio.AccountListParams{}, poison)
		})
		workUntilOver(t, srv, db, s, 8, "run", func() {})
		checkPoisoned(t, srv, db, s, op, poison, 8)
	})
}

func checkPoisoned(t *testing.T, srv *twiliotest.Server, db database, s *site, op *fleet.Operation[string, string], poison string, all int) {
	t.Helper()
	f := openFleet(t, srv, db.open(t))
	if p := look(t, f, "run"); p.Done != all || p.Total != all || p.Failed != 1 {
		t.Errorf("got %+v", p)
	}
	for key, item := range results(t, f, op, "run") {
		if key != poison && (item.Err != nil || item.Result != "seen "+key) {
			t.Errorf("an innocent item: %+v", item)
		}
		if key == poison && (item.Err == nil || !strings.Contains(item.Err.Error(), "at least 5 times")) {
			t.Errorf("the operation that ends its process: %v", item.Err)
		}
	}
	if n := s.of(poison); n != 6 {
		t.Errorf("it ran %d times", n)
	}
}

// It also fails if River has started its job again.
func TestAnOperationThatEndsItsProcessAndIsRescuedByRiver(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, db database) {
		srv, s := newTwilio(t, 0), newSite(t, 0)
		poison := srv.AddSubaccount(twilio.Account{FriendlyName: "poison"}).SID
		op := crash(s.URL)
		startRun(t, srv, db, func(f *fleet.Fleet) error {
			return op.Start(t.Context(), f, "run", twilio.AccountListParams{}, poison)
		})
		workUntilOver(t, srv, db, s, 1, "run", func() {
			exec1(t, db, "update %s.river_job set state = 'available' where state = 'running'")
		})
		checkPoisoned(t, srv, db, s, op, poison, 1)
	})
}

// With a new checkpoint, the count begins anew.
func TestAnOperationThatEndsItsProcessAndProceeds(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		srv, s := newTwilio(t, 1), newSite(t, 0)
		op := stumble(s.URL)
		startRun(t, srv, db, func(f *fleet.Fleet) error {
			return op.Start(t.Context(), f, "run", twilio.AccountListParams{}, 9)
		})
		workUntilOver(t, srv, db, s, 1, "run", func() {})
		f := openFleet(t, srv, db.open(t))
		for _, item := range results(t, f, op, "run") {
			if item.Err != nil || item.Result != 9 || s.count() != 9 {
				t.Errorf("got %+v, and %d calls", item, s.count())
			}
		}
	})
}
