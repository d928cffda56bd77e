package fleet_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
)

// cancelJobs cancels the jobs of a queue as riverui does, at most so many.
func cancelJobs(t *testing.T, store fleet.Store, queue string, most int) {
	t.Helper()
	client, err := store.Engine().Client(&river.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var ids []int64
	err = store.Engine().Query(t.Context(), "select id from ~river_job where queue = $1 and finalized_at is null order by id limit $2",
		[]any{queue, most}, func(scan func(...any) error) error {
			ids = append(ids, 0)
			return scan(&ids[len(ids)-1])
		})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		canceler := client.(interface {
			JobCancel(ctx context.Context, id int64) (*rivertype.JobRow, error)
		})
		if _, err := canceler.JobCancel(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
}

// planned starts a run and reads its list, without working on its items.
func planned(t *testing.T, f *fleet.Fleet, op *fleet.Operation[string, string]) {
	t.Helper()
	var calls tally
	stop := work(t, f, 1, echo("another", &calls))
	if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, "a"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the list is read", func() bool { return look(t, f, "run").Planned })
	if err := stop(); err != nil {
		t.Fatal(err)
	}
}

// An item whose job was canceled in riverui is canceled, and Retry starts it
// again.
func TestAJobThatIsCanceledInRiver(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var calls tally
		op, store := echo("echo", &calls), db.open(t)
		f := openFleet(t, newTwilio(t, 5), store)
		planned(t, f, op)
		// A worker has one of the jobs, and dies before it hears of its end.
		_, err := store.Engine().Exec(t.Context(), `update ~river_job set state = 'running', attempted_by = $1
			where id = (select min(id) from ~river_job where queue = 'echo')`, map[string]any{
			"postgres": []string{"somebody"}, "sqlite": `["somebody"]`,
		}[db.kind])
		if err != nil {
			t.Fatal(err)
		}
		cancelJobs(t, store, "echo", 3)
		work(t, f, 2, op)
		if p := watch(t, f, "run"); p.Total != 5 || p.Done != 5 || p.Canceled != 3 {
			t.Errorf("got %+v", p)
		}
		for key, item := range results(t, f, op, "run") {
			if item.Err != nil && (!errors.Is(item.Err, fleet.ErrCanceled) || calls.of(key) != 0) {
				t.Errorf("%d calls, %+v", calls.of(key), item)
			}
		}
		if err := f.Retry(t.Context(), "run"); err != nil {
			t.Fatal(err)
		}
		if p := watch(t, f, "run"); p.Done != 5 || p.Canceled+p.Failed != 0 {
			t.Errorf("after Retry: %+v", p)
		}
	})
}

// The worker that has the job hears of it, and its operation ends.
func TestAJobThatIsCanceledInRiverWhileItRuns(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var calls tally
		begun := make(chan struct{}, 1)
		op := fleet.Define("wait", func(ctx context.Context, j *fleet.Job[fleet.None]) (fleet.None, error) {
			defer calls.begin(j.Key)()
			begun <- struct{}{}
			<-ctx.Done()
			return fleet.None{}, ctx.Err()
		})
		store := db.open(t)
		f := openFleet(t, newTwilio(t, 1), store)
		work(t, f, 1, op)
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{}); err != nil {
			t.Fatal(err)
		}
		<-begun
		cancelJobs(t, store, "wait", 1)
		if p := watch(t, f, "run"); p.Canceled != 1 || p.Total != 1 {
			t.Errorf("got %+v", p)
		}
		for key, item := range results(t, f, op, "run") {
			if !errors.Is(item.Err, fleet.ErrCanceled) || calls.of(key) != 1 {
				t.Errorf("%d calls, %+v", calls.of(key), item)
			}
		}
	})
}

// Without its list, a run would look as if it were over.
func TestAListThatIsCanceledInRiver(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var calls tally
		op, store := echo("echo", &calls), db.open(t)
		f := openFleet(t, newTwilio(t, 2), store)
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, "a"); err != nil {
			t.Fatal(err)
		}
		cancelJobs(t, store, "planning", 1)
		work(t, f, 1, op)
		var err error
		for _, err = range f.Watch(t.Context(), "run") {
			continue
		}
		if e, ok := errors.AsType[*fleet.PlanError](err); !ok || !strings.Contains(e.Text, "canceled") {
			t.Errorf("got %v", err)
		}
		if err := f.Retry(t.Context(), "run"); err != nil {
			t.Fatal(err)
		}
		if p := watch(t, f, "run"); p.Done != 2 || p.Canceled+p.Failed != 0 {
			t.Errorf("after Retry: %+v", p)
		}
	})
}
