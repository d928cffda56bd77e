package fleet

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
)

// A worker runs the jobs of one call of Work.
type worker struct {
	river.WorkerDefaults[engine.Args]
	fleet      *Fleet
	id         string
	operations map[string]AnyOperation
	client     *twilio.Client
	gate       *gate
	recorder   *recorder
	stopping   <-chan struct{}
	running    atomic.Int64 // operations
	apart      atomic.Bool  // whether one runs that has to, see count

	mu   sync.Mutex
	jobs map[int64]bool // in this process
	runs map[int64]runRow
	// suspects are jobs that River ascribes to this process, and that it didn't
	// have at the last sweep.
	suspects map[int64]bool
}

func newWorker(f *Fleet, id string, n int, operations map[string]AnyOperation, locks engine.Locks, stopping <-chan struct{}) *worker {
	return &worker{
		fleet: f, id: id, operations: operations, client: f.throttled(), stopping: stopping,
		jobs: map[int64]bool{}, runs: map[int64]runRow{}, suspects: map[int64]bool{},
		recorder: newRecorder(f.store),
		gate: &gate{
			locks: locks, fleet: f, stopping: stopping,
			permits: make(chan struct{}, n), turn: make(chan struct{}, 1), freed: make(chan struct{}, 1),
		},
	}
}

// Work implements river.Worker. A nil error completes the job.
func (w *worker) Work(ctx context.Context, job *river.Job[engine.Args]) error {
	w.mu.Lock()
	w.jobs[job.ID] = true
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.jobs, job.ID)
	}()
	fetched := time.Now()
	for {
		again, err := w.work(ctx, job)
		if again == nil {
			return w.outcome(ctx, err)
		}
		if time.Since(fetched)+*again > limitedWait || !w.wait(ctx, *again) {
			return river.JobSnooze(*again)
		}
	}
}

// limitedWait is how long a job stays here after responses with 429. Its time is
// limited, and the operation needs most of it.
const limitedWait = 5 * time.Second

// outcome turns the end of a job into what River does with it: errors that aren't
// the operation's put it back, without counting an attempt.
func (w *worker) outcome(ctx context.Context, err error) error {
	_, failed := errors.AsType[*jobError](err)
	_, snoozed := errors.AsType[*rivertype.JobSnoozeError](err)
	switch {
	case err == nil || failed || snoozed:
		return err
	case errors.Is(err, errSuperseded):
		return nil // there is another job for the item, or it is over
	case errors.Is(err, errKeyBusy), errors.Is(err, errApart):
		return river.JobSnooze(w.fleet.cfg.BusyWait + rand.N(w.fleet.cfg.BusyWait))
	case errors.Is(err, errNoSlot):
		return river.JobSnooze(rand.N(time.Second))
	case errors.Is(err, errTurnEnded), errors.Is(err, errStopping), ctx.Err() != nil:
		return river.JobSnooze(0)
	default: // the database
		w.fleet.cfg.Logger.WarnContext(ctx, "fleet: a job goes back to the queue", "error", err)
		return river.JobSnooze(w.fleet.cfg.BusyWait)
	}
}

// load reads the job's item. There is no turn if nothing is left to do.
func (w *worker) load(ctx context.Context, job *river.Job[engine.Args]) (*turn, error) {
	run, err := w.run(ctx, job.Args.Run)
	if err != nil || run.uid == 0 {
		return nil, err
	}
	t := &turn{fleet: w.fleet, client: w.client, run: run, key: job.Args.Key, job: job.ID, stopping: w.stopping}
	state, current := "", int64(0)
	err = w.fleet.store.Query(ctx, "select state, job, failures, starts, params, checkpoint from ~fleet_items where run = $1 and key = $2",
		[]any{run.uid, t.key}, func(scan func(...any) error) error {
			return scan(&state, &current, &t.failures, &t.starts, &t.params, &t.saved)
		})
	if err != nil || state != statePending || current != job.ID {
		return nil, err
	}
	if job.Attempt > 1 {
		t.starts = max(t.starts, 1) // River itself may have rescued the job
	}
	return t, nil
}

// run returns a run. What is kept of it never changes.
func (w *worker) run(ctx context.Context, uid int64) (runRow, error) {
	w.mu.Lock()
	row, ok := w.runs[uid]
	w.mu.Unlock()
	if ok {
		return row, nil
	}
	if err := w.fleet.store.Query(ctx, runColumns+"where uid = $1", []any{uid}, row.scan); err != nil || row.uid == 0 {
		return row, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.runs[uid] = row
	return row, nil
}

// work runs the operation, once there is a slot for it. If Twilio refused it for
// a moment, it is to run again after a wait.
func (w *worker) work(ctx context.Context, job *river.Job[engine.Args]) (again *time.Duration, err error) {
	key, operation := job.Args.Key, w.operations[job.Args.Operation]
	if key == "" {
		key, operation = fmt.Sprintf("%s %d", planning.name, job.Args.Run), AnyOperation(planning)
	}
	grant, err := w.gate.enter(ctx, key)
	if err != nil {
		return nil, err
	}
	leave := sync.OnceFunc(func() { w.gate.leave(grant) })
	defer leave()
	// Not before: the item may have been canceled, or done, while the job waited.
	t, err := w.load(ctx, job)
	if err != nil || t == nil {
		return nil, err
	}
	if err := t.diedTooOften(); err != nil {
		return nil, w.fail(ctx, t, err)
	}
	if t.starts > 0 {
		end, err := w.count(ctx, t)
		if err != nil {
			return nil, err
		}
		defer end()
	}
	w.running.Add(1)
	defer w.running.Add(-1)

	started := time.Now()
	t.ends = started.Add(w.fleet.cfg.Turn)
	limitedCtx, end := context.WithTimeout(ctx, w.fleet.cfg.Timeout)
	defer end()
	opCtx, cancel := context.WithCancelCause(limitedCtx)
	defer cancel(nil)
	stop := context.AfterFunc(grant.Held, //nolint:contextcheck // it ends what the session held
		func() { cancel(errSessionLost) })
	defer stop()
	hit := &limited{cancel: cancel}
	result, err := operation.run(context.WithValue(opCtx, limitedKey{}, hit), t)
	if err == nil {
		// Nothing runs at Twilio any more: another operation has the slot while the
		// result is written.
		leave()
		if err = w.recorder.record(ctx, t, result); err == nil {
			w.fleet.cfg.Logger.DebugContext(ctx, "fleet: done", "run", t.run.id, "key", t.key, "duration", time.Since(started))
		}
		return nil, err
	}
	if e, ok := errors.AsType[*twilio.Error](err); ok && errors.Is(err, twilio.ErrRateLimited) {
		hit.report(e.RetryAfter) // of a client that isn't the job's
	}
	if hit.hit.Load() {
		w.gate.shrink(ctx, grant)
		leave()
		return new(time.Duration(hit.after.Load()) + 50*time.Millisecond + rand.N(200*time.Millisecond)), nil
	}
	switch {
	case errors.Is(err, errSuperseded), errors.Is(err, errTurnEnded):
		return nil, err
	case errors.Is(context.Cause(opCtx), errSessionLost):
		return nil, errSessionLost
	case ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, errStopping
	default:
		return nil, w.fail(ctx, t, err)
	}
}

// wait reports whether it has waited; if the worker stops, it hasn't.
func (w *worker) wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-w.stopping:
		return false
	case <-ctx.Done():
		return false
	}
}

// maxFailures is how often an operation fails in a row before its item has
// failed permanently.
const maxFailures = 5

// fail counts a failure.
func (w *worker) fail(ctx context.Context, t *turn, failure error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	t.failures++
	final := isFinal(failure) || t.failures >= maxFailures
	state, ended := statePending, (*int64)(nil)
	if final {
		state, ended = stateFailed, new(time.Now().UnixMilli())
	}
	n, err := w.fleet.store.Exec(ctx, `update ~fleet_items set state = $1, failures = $2, error = $3, ended_at = $4
		where run = $5 and key = $6 and job = $7 and state = 'pending'`,
		state, t.failures, validText(failure.Error()), ended, t.run.uid, t.key, t.job)
	if err != nil || n == 0 {
		return err
	}
	text := logText(failure)
	if !final {
		w.fleet.cfg.Logger.InfoContext(ctx, "fleet: failed, and starts again", "run", t.run.id, "key", t.key, "failures", t.failures, "error", text)
		return &jobError{text}
	}
	w.fleet.cfg.Logger.WarnContext(ctx, "fleet: failed permanently", "run", t.run.id, "key", t.key, "failures", t.failures, "error", text)
	return river.JobCancel(&jobError{text})
}

// A jobError is a failure as River keeps and logs it.
type jobError struct{ text string }

// Error returns the text.
func (e *jobError) Error() string { return e.text }

// backoff is the wait before an operation runs again: it doubles from failure to
// failure, up to eight times the first.
type backoff time.Duration

// NextRetry implements river.ClientRetryPolicy.
func (b backoff) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(time.Duration(b) << min(len(job.Errors), maxFailures-2))
}
