package fleet

import (
	"context"
	"fmt"
)

// An operation may end its process, with os.Exit, a fatal error or by using up
// the memory, and would do so again in every process that starts it. So the
// starts of such an item are counted before the operation runs.
//
// Counting costs a transaction. So it begins once a worker has died that had the
// item, perhaps only in its queue: ~fleet_items.starts is 0 up to then, 1 from
// then on, and one more for each start that hasn't ended in another way.

// maxDeaths is how often in a row, without a new checkpoint, the process may die
// while the operation runs, before its item has failed permanently.
const maxDeaths = 5

const (
	// errDied is the failure of an operation that ends its process each time.
	errDied sentinel = "fleet: the process died, or was cut off from the database, each time the operation ran"
	// errApart sends a job back to the queue.
	errApart sentinel = "fleet: another operation whose process has died is running"
)

// count counts a start of an item whose worker has died before. The caller calls
// the function that it returns when the operation has ended.
//
// An operation takes down those that run beside it. After it has died once while
// it was counted, it runs apart from others of which that is true: so the count
// of those that do nothing wrong doesn't grow with that of the one that does.
func (w *worker) count(ctx context.Context, t *turn) (end func(), err error) {
	apart := t.starts > 1
	if apart && !w.apart.CompareAndSwap(false, true) {
		return nil, errApart
	}
	rejoin := func() {
		if apart {
			w.apart.Store(false)
		}
	}
	t.starts++
	n, err := w.fleet.store.Exec(ctx, `update ~fleet_items set starts = $1 where run = $2 and key = $3 and job = $4 and state = 'pending'`,
		t.starts, t.run.uid, t.key, t.job)
	if err == nil && n == 0 {
		err = errSuperseded
	}
	if err != nil {
		rejoin()
		return nil, err
	}
	return func() {
		defer rejoin()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
		defer cancel()
		// Not after a new checkpoint, which has set it to 0.
		_, err := w.fleet.store.Exec(ctx, `update ~fleet_items set starts = starts - 1 where run = $1 and key = $2 and job = $3 and starts = $4`,
			t.run.uid, t.key, t.job, t.starts)
		if err != nil {
			w.fleet.cfg.Logger.WarnContext(ctx, "fleet: an operation has ended, and counts as one whose process died", "run", t.run.id, "key", t.key, "error", err)
		}
	}, nil
}

// diedTooOften is the failure of an item whose process has died too often; nil
// before.
func (t *turn) diedTooOften() error {
	if deaths := t.starts - 1; deaths >= maxDeaths {
		return fmt.Errorf("%w, at least %d times", errDied, deaths)
	}
	return nil
}
