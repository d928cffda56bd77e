//go:build unix

package fleet_test

import (
	"context"
	"slices"
	"syscall"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
)

// SIGTERM: what can end within the time ends; the rest is available at once, and
// no attempt is counted.
func TestAWorkerIsTerminated(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		srv, s := newTwilio(t, 4), newSite(t, 0)
		op := visit(s.URL)
		startRun(t, srv, db, func(f *fleet.Fleet) error {
			return op.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{})
		})
		s.hold()
		first := startWorker(t, srv, db, s, 2, 2, func(spec *workerSpec) { spec.Stop = 300 * time.Millisecond })
		eventually(t, "two operations run", func() bool { return s.inProgress() == 2 })
		first.signal(t, syscall.SIGTERM)
		<-first.ended
		if first.err != nil {
			t.Errorf("the worker ended with %v", first.err)
		}
		if n := s.count(); n != 2 {
			t.Errorf("%d operations began, of them %d after SIGTERM", n, n-2)
		}
		s.release()
		attempts := make(chan int, 4)
		counting := fleet.Define("visit", func(_ context.Context, j *fleet.Job[fleet.None]) (string, error) {
			attempts <- j.Attempt
			return "", nil
		})
		store := db.open(t)
		f := openFleet(t, srv, store)
		if running := runningJobs(t, db, store); running != 0 {
			t.Errorf("%d jobs are left running", running)
		}
		work(t, f, 2, counting)
		if p := watch(t, f, "run"); p.Done != 4 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
		close(attempts)
		for attempt := range attempts {
			if attempt != 1 {
				t.Errorf("attempt %d", attempt)
			}
		}
	})
}

// runningJobs counts the jobs that River takes for running.
func runningJobs(t *testing.T, db database, store fleet.Store) (n int) {
	t.Helper()
	prefix := ""
	if db.kind == "postgres" {
		prefix = db.name + "."
	}
	err := store.Engine().Query(t.Context(), "select count(*) from "+prefix+"river_job where state = 'running'", nil,
		func(scan func(...any) error) error { return scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// SIGTERM leaves time to finish.
func TestATerminatedWorkerFinishesWhatRuns(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		srv, s := newTwilio(t, 6), newSite(t, 0)
		op := visit(s.URL)
		startRun(t, srv, db, func(f *fleet.Fleet) error {
			return op.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{})
		})
		s.hold()
		first := startWorker(t, srv, db, s, 2, 2, func(spec *workerSpec) { spec.Stop = 30 * time.Second })
		eventually(t, "two operations run", func() bool { return s.inProgress() == 2 })
		first.signal(t, syscall.SIGTERM)
		<-s.terminated
		s.release()
		<-first.ended
		if first.err != nil {
			t.Errorf("the worker ended with %v", first.err)
		}
		f := openFleet(t, srv, db.open(t))
		if p := look(t, f, "run"); p.Done != 2 || p.Total != 6 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
	})
}

// An operation whose workers were killed some times goes on, and so does one
// whose workers were stopped after that, however often.
func TestWorkersThatAreKilledAndStoppedFailNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		srv, s := newTwilio(t, 1), newSite(t, 0)
		op := visit(s.URL)
		startRun(t, srv, db, func(f *fleet.Fleet) error {
			return op.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{})
		})
		s.hold()
		signals := slices.Concat(slices.Repeat([]syscall.Signal{syscall.SIGKILL}, 5), slices.Repeat([]syscall.Signal{syscall.SIGTERM}, 2))
		for i, sig := range signals {
			worker := startWorker(t, srv, db, s, 1, 1, func(spec *workerSpec) { spec.Stop = 100 * time.Millisecond })
			eventually(t, "the operation runs", func() bool { return s.inProgress() == 1 })
			worker.signal(t, sig)
			<-worker.ended
			eventually(t, "the operation has ended", func() bool { return s.inProgress() == 0 })
			if n := s.count(); n != i+1 {
				t.Errorf("%d visits of %d workers", n, i+1)
			}
		}
		s.release()
		f := openFleet(t, srv, db.open(t))
		work(t, f, 1, op)
		if p := watch(t, f, "run"); p.Done != 1 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
	})
}

// A process that is stopped keeps the lock of its key, so that a job that River
// takes for stuck waits for it.
func TestAStoppedProcessKeepsItsKey(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, db database) {
		srv, s := newTwilio(t, 0), newSite(t, 0)
		signUp := ensure(s.URL)
		store := db.open(t)
		f := openFleet(t, srv, store)
		s.hold()
		first := startWorker(t, srv, db, s, 2, 10)
		if err := inTx(t, db, store, func(tx fleet.Tx) error {
			return signUp.StartTx(t.Context(), tx, "customer", fleet.None{})
		}); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the first process has made the account", func() bool { return s.inProgress() == 1 })
		first.signal(t, syscall.SIGSTOP)
		work(t, f, 2, signUp)
		// As River does with a job that has been running for too long.
		exec1(t, db, "update %s.river_job set state = 'available' where state = 'running'")
		eventually(t, "the second process tries it", func() bool {
			return scalar(t, db, "select coalesce(max((metadata ->> 'snoozes')::int), 0) from %s.river_job") >= 3
		})
		if n := s.count(); n != 1 {
			t.Errorf("%d operations on one key", n)
		}
		s.release()
		first.signal(t, syscall.SIGCONT)
		if p := watch(t, f, "ensure"); p.Done != 1 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
		oneAccount(t, srv.Client(), "customer", results(t, f, signUp, "ensure")["customer"].Result)
		if _, overlaps := s.most(); overlaps > 0 {
			t.Errorf("%d operations at once on one key", overlaps)
		}
	})
}
