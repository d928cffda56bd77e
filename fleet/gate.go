package fleet

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
)

// A gate lets operations of one worker begin: so many at once in this process,
// each with a slot of all processes and the lock of its key.
type gate struct {
	locks   engine.Locks
	fleet   *Fleet
	permits chan struct{} // of this process
	// turn belongs to the one operation that asks the database for a slot.
	turn  chan struct{}
	freed chan struct{} // a slot of this process
	// stopping is closed when nothing is to begin any more.
	stopping <-chan struct{}
}

// Why enter returns without a grant. The job goes back to the queue.
const (
	errKeyBusy  sentinel = "fleet: another operation works on the key"
	errNoSlot   sentinel = "fleet: no slot is free"
	errStopping sentinel = "fleet: the worker is stopping"
)

// permitWait is how long a job waits while this process is busy. Then another
// may have it, which is perhaps idle.
const permitWait = 2 * time.Second

// askAgain is how long a worker waits before it asks again for a slot of other
// processes. A slot of its own it hears of at once.
func askAgain() time.Duration { return 5*time.Millisecond + rand.N(10*time.Millisecond) }

// enter waits for a slot. The caller calls leave with the grant.
func (g *gate) enter(ctx context.Context, key string) (engine.Grant, error) {
	soon := time.NewTimer(permitWait)
	defer soon.Stop()
	if err := g.take(ctx, g.permits, soon.C); err != nil {
		return engine.Grant{}, err
	}
	timeout := time.NewTimer(g.fleet.cfg.SlotWait)
	defer timeout.Stop()
	grant, err := g.slot(ctx, key, timeout.C)
	if err != nil {
		<-g.permits
	}
	return grant, err
}

// take puts something into a channel that bounds.
func (g *gate) take(ctx context.Context, bound chan struct{}, timeout <-chan time.Time) error {
	select {
	case <-g.stopping:
		return errStopping
	default:
	}
	select {
	case bound <- struct{}{}:
		return nil
	case <-timeout:
		return errNoSlot
	case <-g.stopping:
		return errStopping
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *gate) slot(ctx context.Context, key string, timeout <-chan time.Time) (engine.Grant, error) {
	if err := g.take(ctx, g.turn, timeout); err != nil {
		return engine.Grant{}, err
	}
	defer func() { <-g.turn }()
	for {
		grant, err := g.locks.TryAcquire(ctx, g.fleet.cfg.Concurrency, key)
		if err == nil && grant.KeyBusy {
			return grant, errKeyBusy
		}
		if err == nil {
			g.raise(ctx, grant)
		}
		if err == nil && grant.Slot > 0 {
			return grant, nil
		}
		// No slot is free, or the session with the database is being set up again.
		if err := g.pause(ctx, timeout); err != nil {
			return engine.Grant{}, err
		}
	}
}

// pause waits until it makes sense to ask for a slot again.
func (g *gate) pause(ctx context.Context, timeout <-chan time.Time) error {
	again := time.NewTimer(askAgain())
	defer again.Stop()
	select {
	case <-g.freed:
		return nil
	case <-again.C:
		return nil
	case <-timeout:
		return errNoSlot
	case <-g.stopping:
		return errStopping
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *gate) leave(grant engine.Grant) {
	g.locks.Release(grant)
	<-g.permits
	select {
	case g.freed <- struct{}{}:
	default: // whoever asks is told already
	}
}

// raise raises the limit if that is due.
func (g *gate) raise(ctx context.Context, grant engine.Grant) {
	bound := g.fleet.cfg.Concurrency
	if !grant.Limit.Due(bound, grant.Now) {
		return
	}
	g.update(ctx, func(l engine.Limit, now int64) engine.Limit { return l.Raise(bound, now) })
}

// shrink lowers the limit after a 429, unless it has shrunk since the operation
// began: that it began then is what the limit has been lowered for.
func (g *gate) shrink(ctx context.Context, grant engine.Grant) {
	g.update(ctx, func(l engine.Limit, now int64) engine.Limit {
		if l.Epoch != grant.Limit.Epoch {
			return l
		}
		return l.Shrink(g.fleet.cfg.Concurrency, now)
	})
}

func (g *gate) update(ctx context.Context, change func(engine.Limit, int64) engine.Limit) {
	var before, after engine.Limit
	err := g.locks.UpdateLimit(ctx, func(l engine.Limit, now int64) engine.Limit {
		before, after = l, change(l, now)
		return after
	})
	bound := g.fleet.cfg.Concurrency
	switch {
	case err != nil:
		g.fleet.cfg.Logger.WarnContext(ctx, "fleet: the limit after a 429 can't be changed", "error", err)
	case after.Of(bound) < before.Of(bound):
		g.fleet.cfg.Logger.WarnContext(ctx, "fleet: Twilio responded with 429; fewer operations run at once", "limit", after.Of(bound))
	case after.Of(bound) > before.Of(bound):
		g.fleet.cfg.Logger.InfoContext(ctx, "fleet: more operations run at once again", "limit", after.Of(bound))
	}
}
