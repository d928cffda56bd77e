package twiliotest

import (
	"context"
	"sync"
)

// changes counts the changes of the state and wakes those who wait for one.
type changes struct {
	mu     sync.Mutex
	count  uint64
	waiter chan struct{} // closed by the next change; nil if nobody waits
}

func (c *changes) notify() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	if c.waiter != nil {
		close(c.waiter)
		c.waiter = nil
	}
}

// after returns the count, and a channel that is closed by the next change if
// there was none since.
func (c *changes) after(seen uint64) (count uint64, next <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count != seen {
		return c.count, nil
	}
	if c.waiter == nil {
		c.waiter = make(chan struct{})
	}
	return c.count, c.waiter
}

// WaitForChange waits until the server has changed since it returned seen, and
// returns a number to pass as seen the next time; zero returns at once. A change
// is a request that may write, an event on the clock, a webhook that was
// delivered, or an addition by the test. Reads are none. The error is that of
// the context.
//
//	for seen, err := srv.WaitForChange(ctx, 0); err == nil; seen, err = srv.WaitForChange(ctx, seen) {
//		show(srv.Deliveries())
//	}
func (s *Server) WaitForChange(ctx context.Context, seen uint64) (uint64, error) {
	count, next := s.state.changes.after(seen)
	for next != nil {
		select {
		case <-next:
		case <-ctx.Done():
			return seen, context.Cause(ctx)
		}
		count, next = s.state.changes.after(seen)
	}
	return count, nil
}
