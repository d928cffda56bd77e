package fleet

import (
	"context"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
)

// A recorder writes results. Those that come while it writes share the next
// transaction, since each costs the database a write to its disk.
type recorder struct {
	store engine.Store
	// writing belongs to the one call that writes, and waiting to those that
	// have put their result into it.
	writing chan struct{}
	waiting chan *recording
}

// A recording is a result that isn't written yet.
type recording struct {
	turn   *turn
	result string
	ended  int64
	done   chan error
}

const (
	// maxRecordings is how many results one transaction has.
	maxRecordings = 64
	// enoughBytes is the size of results from which on a transaction has no
	// further one. Several large ones could take longer than recordTimeout, each
	// time that their operations run again.
	enoughBytes = 1 << 20
)

// recordTimeout bounds the writing of how an operation ended, which goes on when
// the job's own context is over.
const recordTimeout = 5 * time.Second

func newRecorder(store engine.Store) *recorder {
	return &recorder{store: store, writing: make(chan struct{}, 1), waiting: make(chan *recording, maxRecordings)}
}

// record ends the item and its job. The first result counts, also that of an
// item that was canceled in the meantime.
func (r *recorder) record(ctx context.Context, t *turn, result string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	mine := &recording{t, result, time.Now().UnixMilli(), make(chan error, 1)}
	waiting, timeout := r.waiting, ctx.Done()
	for {
		select {
		case waiting <- mine:
			waiting, timeout = nil, nil // it is in, and each write before it is bounded
		case r.writing <- struct{}{}:
			r.write(ctx)
			<-r.writing
		case err := <-mine.done:
			return err
		case <-timeout:
			return ctx.Err()
		}
	}
}

// write writes what waits.
func (r *recorder) write(ctx context.Context) {
	var batch []*recording
	for size := 0; len(batch) < maxRecordings && size < enoughBytes; {
		select {
		case next := <-r.waiting:
			batch = append(batch, next)
			size += len(next.result)
			continue
		default:
		}
		break
	}
	if len(batch) == 0 {
		return
	}
	// The results are those of others too, whatever is left of this call's time.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	err := r.store.Tx(ctx, func(tx engine.Tx) error {
		items, jobs := make([][4]any, len(batch)), make([]int64, len(batch))
		for i, one := range batch {
			items[i] = [4]any{one.turn.run.uid, one.turn.key, one.result, one.ended}
			jobs[i] = one.turn.job
		}
		text, err := encode("record", "results", items)
		if err == nil {
			_, err = tx.Exec(ctx, tx.Dialect().RecordItems, text)
		}
		if err == nil {
			err = tx.Complete(ctx, jobs)
		}
		return err
	})
	for _, one := range batch {
		one.done <- err
	}
}
