package fleet

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
)

// The states of a run, and those of an item.
const (
	stateRunning  = "running"
	stateOpen     = "open" // StartTx adds items to it
	statePending  = "pending"
	stateDone     = "done"
	stateFailed   = "failed"
	stateCanceled = "canceled" // of a run too
)

// A runRow is a run as it is stored.
type runRow struct {
	uid            int64
	id, operation  string
	filter, params string
	state          string
	startedAt      int64
}

// create adds the run unless it exists, and then compares it.
func (r *runRow) create(ctx context.Context, tx engine.Tx) (created bool, err error) {
	n, err := tx.Exec(ctx, `insert into ~fleet_runs (id, operation, filter, params, state, started_at)
		values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
		r.id, r.operation, r.filter, r.params, r.state, time.Now().UnixMilli())
	if err != nil {
		return false, err
	}
	before, err := findRun(ctx, tx, r.id)
	if err != nil {
		return false, err
	}
	if before.operation != r.operation || before.filter != r.filter || before.params != r.params {
		return false, fmt.Errorf("%w: %q", ErrRunExists, r.id)
	}
	*r = before
	return n == 1, nil
}

const runColumns = "select uid, id, operation, filter, params, state, started_at from ~fleet_runs "

func (r *runRow) scan(scan func(...any) error) error {
	return scan(&r.uid, &r.id, &r.operation, &r.filter, &r.params, &r.state, &r.startedAt)
}

func findRun(ctx context.Context, q engine.Querier, id string) (runRow, error) {
	return queryRun(ctx, q, id, "where id = $1")
}

// lockRun finds a run, to which no other transaction can add items then.
func lockRun(ctx context.Context, tx engine.Tx, id string) (runRow, error) {
	return queryRun(ctx, tx, id, "where id = $1 "+tx.Dialect().ForUpdate)
}

func queryRun(ctx context.Context, q engine.Querier, id, where string) (runRow, error) {
	var row runRow
	if err := q.Query(ctx, runColumns+where, []any{id}, row.scan); err != nil {
		return row, err
	}
	if row.uid == 0 {
		return row, fmt.Errorf("%w: %q", ErrNoRun, id)
	}
	return row, nil
}

// A Progress says how far a run is.
type Progress struct {
	// Total counts the items that are known; more come until Planned is true.
	Total int
	// Planned is true once the whole list of accounts has been read. It is always
	// true for the run of StartTx, which grows with each call.
	Planned bool
	// Done counts the items that are over, those that failed or were canceled
	// included.
	Done, Failed, Canceled int
}

// Over reports whether no item is left to work on.
func (p Progress) Over() bool { return p.Planned && p.Done == p.Total }

// A Run is a run of a store.
type Run struct {
	// ID is the run's ID.
	ID string
	// Operation is the name of the operation.
	Operation string
	// StartedAt is when the run was started, in UTC.
	StartedAt time.Time
	// Canceled is true if the run was canceled, and not retried since.
	Canceled bool
	Progress
}

// Runs returns the runs of the store, the newest first.
func (f *Fleet) Runs(ctx context.Context) ([]Run, error) {
	var rows []runRow
	err := f.store.Query(ctx, runColumns+"order by uid desc", nil, func(scan func(...any) error) error {
		var row runRow
		err := row.scan(scan)
		rows = append(rows, row)
		return err
	})
	var runs []Run
	for i := 0; err == nil && i < len(rows); i++ {
		row := rows[i]
		run := Run{ID: row.id, Operation: row.operation, StartedAt: time.UnixMilli(row.startedAt).UTC(), Canceled: row.state == stateCanceled}
		run.Progress, _, err = f.progress(ctx, row)
		runs = append(runs, run)
	}
	return runs, wrap("runs", err)
}

// Watch yields a run's progress, at first at once and then each second, until
// the run is over. It is then over for now: Retry, or StartTx, can add to it. If
// the list of accounts can't be read, Watch ends with a [*PlanError].
func (f *Fleet) Watch(ctx context.Context, run string) iter.Seq2[Progress, error] {
	return func(yield func(Progress, error) bool) {
		ticker := time.NewTicker(f.cfg.WatchEvery)
		defer ticker.Stop()
		for {
			progress, err := f.look(ctx, run)
			if !yield(progress, err) || err != nil || progress.Over() {
				return
			}
			select {
			case <-ctx.Done():
				yield(progress, ctx.Err())
				return
			case <-ticker.C:
			}
		}
	}
}

func (f *Fleet) look(ctx context.Context, run string) (Progress, error) {
	row, err := findRun(ctx, f.store, run)
	if err != nil {
		return Progress{}, wrap("watch", err)
	}
	progress, failed, err := f.progress(ctx, row)
	if err == nil && failed != nil {
		return progress, &PlanError{Run: run, Text: *failed}
	}
	return progress, wrap("watch", err)
}

// progress counts the items. planFailed is why the list of accounts can't be
// read.
func (f *Fleet) progress(ctx context.Context, row runRow) (p Progress, planFailed *string, err error) {
	p.Planned = row.state == stateOpen
	err = f.store.Query(ctx, `select key = '', state, count(*), min(case when key = '' then error end) from ~fleet_items
		where run = $1 group by 1, 2`, []any{row.uid},
		func(scan func(...any) error) error {
			var (
				isPlan bool
				state  string
				n      int
				text   *string
			)
			if err := scan(&isPlan, &state, &n, &text); err != nil {
				return err
			}
			switch {
			case isPlan && state == stateFailed:
				planFailed = cmp.Or(text, new(""))
			case isPlan:
				p.Planned = state != statePending
			default:
				p = p.with(state, n)
			}
			return nil
		})
	return p, planFailed, err
}

// with returns the progress with n more items in a state.
func (p Progress) with(state string, n int) Progress {
	p.Total += n
	switch state {
	case statePending:
		return p
	case stateFailed:
		p.Failed = n
	case stateCanceled:
		p.Canceled = n
	}
	p.Done += n
	return p
}

// Cancel ends a run: items that aren't over are canceled. An operation that is
// running is left to finish, or to reach a checkpoint, and its result still
// counts. A run that is over stays as it is.
func (f *Fleet) Cancel(ctx context.Context, run string) error {
	err := f.store.Tx(ctx, func(tx engine.Tx) error {
		row, err := findRun(ctx, tx, run)
		if err != nil {
			return err
		}
		// The planning first: once that is locked, it adds no more items.
		var canceled int64
		for _, which := range []string{"key = ''", "key > ''"} {
			n, err := tx.Exec(ctx, `with pending as materialized (
					select key from ~fleet_items where run = $2 and state = 'pending' and `+which+` order by key `+tx.Dialect().ForUpdate+`
				)
				update ~fleet_items set state = 'canceled', ended_at = $1 where run = $2 and key in (select key from pending)`,
				time.Now().UnixMilli(), row.uid)
			if err != nil {
				return err
			}
			canceled += n
		}
		if canceled > 0 && row.state == stateRunning {
			_, err = tx.Exec(ctx, "update ~fleet_runs set state = 'canceled' where uid = $1", row.uid)
		}
		return err
	})
	return wrap("cancel", err)
}

// Retry starts the items of a run again that failed or were canceled, from
// their beginning, and the list of its accounts where that failed or was
// canceled. An item that fails again before Retry returns stays failed.
func (f *Fleet) Retry(ctx context.Context, run string) error {
	_, err := f.retryPage(ctx, run, "key = $2", "") // the planning
	for last := ""; err == nil; {
		var keys []string
		if keys, err = f.retryPage(ctx, run, "key > $2", last); len(keys) == 0 {
			break
		}
		last = keys[len(keys)-1]
	}
	return wrap("retry", err)
}

// retryItems is how many items one transaction starts again.
const retryItems = 1000

// retryPage starts the first items again of those that a condition on their
// keys selects, and returns their keys.
func (f *Fleet) retryPage(ctx context.Context, run, which, key string) (keys []string, err error) {
	err = f.store.Tx(ctx, func(tx engine.Tx) error {
		row, err := findRun(ctx, tx, run)
		if err == nil && row.state == stateCanceled {
			_, err = tx.Exec(ctx, "update ~fleet_runs set state = 'running' where uid = $1", row.uid)
		}
		if err == nil {
			_, err = tx.Exec(ctx, `with again as materialized (
					select key from ~fleet_items where run = $1 and `+which+` and state in ('failed', 'canceled')
					order by key limit $3 `+tx.Dialect().ForUpdate+`
				)
				update ~fleet_items set state = 'pending', failures = 0, starts = 0, job = 0, error = null, ended_at = null,
					checkpoint = case when key = '' then checkpoint end
				where run = $1 and key in (select key from again)`, row.uid, key, retryItems)
		}
		if err == nil {
			// In the database's order of keys, which may not be Go's. With the plus,
			// SQLite takes the index of jobs; by that of runs it reads all items.
			err = tx.Query(ctx, "select key from ~fleet_items where job = 0 and state = 'pending' and +run = $1 and "+which+" order by key",
				[]any{row.uid, key}, func(scan func(...any) error) error {
					keys = append(keys, "")
					return scan(&keys[len(keys)-1])
				})
		}
		queue := row.operation
		if slices.Contains(keys, "") {
			queue = planning.name
		}
		if err == nil {
			err = newJobs(ctx, tx, row, queue, keys...)
		}
		return err
	})
	return keys, err
}

// Delete removes a run and its results; its ID can be used again. A run that
// isn't over is a [*twilio.ParamError]: cancel it first. Delete waits for
// transactions in which StartTx has added to the run.
func (f *Fleet) Delete(ctx context.Context, run string) error {
	err := f.store.Tx(ctx, func(tx engine.Tx) error {
		row, err := lockRun(ctx, tx, run)
		pending := 0
		if err == nil {
			err = tx.Query(ctx, "select count(*) from ~fleet_items where run = $1 and state = 'pending'", []any{row.uid},
				func(scan func(...any) error) error { return scan(&pending) })
		}
		if err == nil && pending > 0 {
			err = paramError("delete", "run", "isn't over; cancel it first")
		}
		if err == nil {
			_, err = tx.Exec(ctx, "delete from ~fleet_runs where uid = $1", row.uid)
		}
		return err
	})
	return wrap("delete", err)
}
