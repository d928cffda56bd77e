package fleet

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// A Job is one item that an operation works on.
type Job[Params any] struct {
	// Run is the ID of the run; the operation's name for items of StartTx.
	Run string
	// Key is the SID of the subaccount, or the key of StartTx.
	Key string
	// Params are those of Start or StartTx.
	Params Params
	// Client acts on the main account.
	Client *twilio.Client
	// Sub acts on the subaccount whose SID is Key. If Key isn't a SID, its
	// requests fail with a [*twilio.ParamError].
	Sub *twilio.Client
	// Attempt is 1 at first, and one more after each failure since the last new
	// checkpoint.
	Attempt int

	turn *turn
}

// A turn is one call of an operation.
type turn struct {
	fleet    *Fleet
	client   *twilio.Client
	run      runRow
	key      string
	params   *string
	failures int
	starts   int     // see count
	saved    *string // checkpoint
	job      int64
	ends     time.Time
	stopping <-chan struct{}
}

// Resume decodes the last checkpoint into state, which is a pointer. Without a
// checkpoint it changes nothing.
func (j *Job[Params]) Resume(state any) error {
	if j.turn.saved == nil {
		return nil
	}
	if err := json.Unmarshal([]byte(*j.turn.saved), state); err != nil {
		return paramError("resume", "state", "isn't what the checkpoint can be decoded into; was its type changed?")
	}
	return nil
}

// Checkpoint saves the state from which the operation continues if it is
// interrupted, encoded as JSON. A state other than the last is progress:
// failures are counted from zero again.
//
// Return its error: it is one not only if the state can't be saved, but also if
// the operation's turn has ended (after a minute, or because the worker stops),
// the run was canceled, or another worker has taken over.
func (j *Job[Params]) Checkpoint(ctx context.Context, state any) error {
	text, err := encode("checkpoint", "state", state)
	if err != nil {
		return err
	}
	return j.turn.checkpoint(ctx, text)
}

func (t *turn) checkpoint(ctx context.Context, state string) error {
	failures := 0
	if t.saved != nil && *t.saved == state {
		failures = t.failures
	}
	saved, err := t.fleet.store.Exec(ctx, `update ~fleet_items set checkpoint = $1, failures = $2,
			starts = case when checkpoint = $1 then starts else 0 end
		where run = $3 and key = $4 and job = $5 and state = 'pending'`, state, failures, t.run.uid, t.key, t.job)
	switch {
	case err != nil:
		return fmt.Errorf("fleet: checkpoint: %w", err)
	case saved == 0:
		return errSuperseded
	}
	t.saved, t.failures = &state, failures
	return t.ended()
}

// ended returns an error if the turn has ended.
func (t *turn) ended() error {
	select {
	case <-t.stopping:
		return errTurnEnded
	default:
	}
	if time.Now().After(t.ends) {
		return errTurnEnded
	}
	return nil
}
