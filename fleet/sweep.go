package fleet

import (
	"context"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
)

// sweep makes new jobs for items whose job is lost, until ctx is done.
//
// River starts a job again that has been running for too long. A worker that
// dies is noticed sooner by its locks; and a job that River has ended, by its
// own rules or because somebody deleted it, would leave its item pending for
// ever.
func (w *worker) sweep(ctx context.Context) {
	ticker := time.NewTicker(w.fleet.cfg.SweepEvery)
	defer ticker.Stop()
	for n := 0; ; n++ {
		w.sweepOnce(ctx, n%sweepAll == 0)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// sweepAll is how many sweeps look at running jobs only, for one that looks at
// all items.
const sweepAll = 6

// A lostJob is a job that nobody works on.
type lostJob struct {
	id, run int64
	key     string
	died    bool // the worker did
	// canceled is true if somebody canceled it, in riverui for example.
	canceled bool
}

func (w *worker) sweepOnce(ctx context.Context, all bool) {
	lost, err := w.abandoned(ctx)
	if err == nil && all {
		var ended []lostJob
		ended, err = w.ended(ctx)
		lost = append(lost, ended...)
	}
	replaced := 0
	for i := 0; err == nil && i < len(lost); i++ {
		if lost[i].canceled {
			err = w.cancel(ctx, lost[i])
			continue
		}
		var ok bool
		if ok, err = w.replace(ctx, lost[i]); ok {
			replaced++
		}
	}
	if err != nil && ctx.Err() == nil {
		w.fleet.cfg.Logger.WarnContext(ctx, "fleet: lost jobs can't be looked for", "error", err)
	}
	if replaced > 0 {
		w.fleet.cfg.Logger.WarnContext(ctx, "fleet: jobs that no worker has any more start again", "jobs", replaced)
	}
}

// ended returns the items whose job is gone or over.
func (w *worker) ended(ctx context.Context) ([]lostJob, error) {
	var lost []lostJob
	err := w.fleet.store.Query(ctx, `select i.job, i.run, i.key, coalesce(j.state = 'cancelled', false)
		from ~fleet_items i left join ~river_job j on j.id = i.job
		where i.state = 'pending' and (j.id is null or j.state in ('cancelled', 'completed', 'discarded')) limit 10000`, nil,
		func(scan func(...any) error) error {
			var job lostJob
			err := scan(&job.id, &job.run, &job.key, &job.canceled)
			lost = append(lost, job)
			return err
		})
	return lost, err
}

// abandoned returns the running jobs of workers that are gone, and those that
// this worker doesn't have.
func (w *worker) abandoned(ctx context.Context) ([]lostJob, error) {
	dialect, byWorker := w.fleet.store.Dialect(), map[string][]lostJob{}
	err := w.fleet.store.Query(ctx, `select j.id, i.run, i.key, `+dialect.CancelRequested+", "+dialect.LastWorker+`
		from ~river_job j join ~fleet_items i on i.job = j.id and i.state = 'pending' where j.state = 'running'`, nil,
		func(scan func(...any) error) error {
			var job lostJob
			var worker *string
			err := scan(&job.id, &job.run, &job.key, &job.canceled, &worker)
			if worker != nil {
				byWorker[*worker] = append(byWorker[*worker], job)
			}
			return err
		})
	if err != nil {
		return nil, err
	}
	lost := w.mislaid(byWorker[w.id])
	delete(byWorker, w.id)
	if len(byWorker) == 0 {
		return lost, nil
	}
	workers := make([]string, 0, len(byWorker))
	for worker := range byWorker {
		workers = append(workers, worker)
	}
	alive, err := w.gate.locks.Alive(ctx, workers)
	for worker, jobs := range byWorker {
		if alive[worker] {
			continue
		}
		for _, job := range jobs {
			job.died = true
			lost = append(lost, job)
		}
	}
	return lost, err
}

// mislaid returns the jobs that this worker should have, and hasn't had for two
// sweeps: River couldn't put them back while the database was down.
func (w *worker) mislaid(jobs []lostJob) (lost []lostJob) {
	w.mu.Lock()
	defer w.mu.Unlock()
	suspects := map[int64]bool{}
	for _, job := range jobs {
		switch {
		case w.jobs[job.id]:
		case w.suspects[job.id]:
			lost = append(lost, job)
		default:
			suspects[job.id] = true
		}
	}
	w.suspects = suspects
	return lost
}

// replace makes a new job for an item, unless it has one by now.
func (w *worker) replace(ctx context.Context, job lostJob) (replaced bool, err error) {
	run, err := w.run(ctx, job.run)
	if err != nil || run.uid == 0 {
		return false, err
	}
	queue := run.operation
	if job.key == "" {
		queue = planning.name
	}
	err = w.fleet.store.Tx(ctx, func(tx engine.Tx) error {
		starts := 0
		if job.died {
			starts = 1
		}
		n, err := tx.Exec(ctx, `update ~fleet_items set job = 0, starts = case when starts = 0 then $1 else starts end
			where run = $2 and key = $3 and job = $4 and state = 'pending'`, starts, run.uid, job.key, job.id)
		if err != nil || n == 0 {
			return err
		}
		replaced = true
		return newJobs(ctx, tx, run, queue, job.key)
	})
	return replaced && err == nil, err
}

// cancel ends an item whose job was canceled. A canceled list would make the run
// look as if it were over, so that it has failed.
func (w *worker) cancel(ctx context.Context, job lostJob) error {
	state, text := stateCanceled, (*string)(nil)
	if job.key == "" {
		state, text = stateFailed, new("its job was canceled in River")
	}
	n, err := w.fleet.store.Exec(ctx, `update ~fleet_items set state = $1, error = $2, ended_at = $3
		where run = $4 and key = $5 and job = $6 and state = 'pending'`,
		state, text, time.Now().UnixMilli(), job.run, job.key, job.id)
	if n > 0 {
		w.fleet.cfg.Logger.WarnContext(ctx, "fleet: canceled, because its job was canceled in River", "key", job.key)
	}
	return err
}
