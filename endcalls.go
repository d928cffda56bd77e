package twilio

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// hasEnded reports whether a call is over.
func (c *Call) hasEnded() bool {
	switch c.Status {
	case CallStatusQueued, CallStatusRinging, CallStatusInProgress:
		return false
	default:
		return true
	}
}

// End ends a call, whether it is queued, ringing or running, and returns it. A
// call that has ended by itself is no error.
func (s *CallService) End(ctx context.Context, sid string) (*Call, error) {
	call, err := s.Update(ctx, sid, CallUpdateParams{Status: new(CallStatusCompleted)})
	if e, ok := errors.AsType[*Error](err); ok && e.Code == CodeCallNotInProgress {
		if now, lookErr := s.Get(ctx, sid); lookErr == nil && now.hasEnded() {
			return now, nil
		}
	}
	return call, err
}

// EndAll ends every queued, ringing and running call of the account, looks again
// until none is left, and returns them all as they are now. An account that
// isn't suspended may start calls faster than they are ended; the context sets
// the limit. The error joins those of the calls that couldn't be ended, each
// with the call's SID.
func (s *CallService) EndAll(ctx context.Context) ([]*Call, error) {
	var ended []*Call
	err := untilNoneLeft("call", s.unfinished(ctx), (*Call).sid, func(call *Call) error {
		now, err := s.End(ctx, call.SID)
		if err == nil {
			ended = append(ended, now)
		}
		return err
	})
	return ended, err
}

// unfinished iterates over the calls that haven't ended, in the order of a call's
// life: one that moves on in the meantime is met in its next state.
func (s *CallService) unfinished(ctx context.Context) iter.Seq2[*Call, error] {
	return func(yield func(*Call, error) bool) {
		for _, status := range []CallStatus{CallStatusQueued, CallStatusRinging, CallStatusInProgress} {
			for call, err := range s.All(ctx, CallListParams{Status: status}) {
				if !yield(call, err) {
					return
				}
			}
		}
	}
}

func (c *Call) sid() string { return c.SID }

// untilNoneLeft works on every item of a list, once each, and reads the list
// again until it has no new ones. The error joins those of the items that failed,
// each with its kind and SID, and that of the list.
func untilNoneLeft[T any](kind string, items iter.Seq2[*T, error], sid func(*T) string, do func(*T) error) error {
	var errs []error
	tried := map[string]bool{}
	for found := true; found; {
		found = false
		for item, err := range items {
			if err != nil {
				return joinErrors(append(errs, err)...)
			}
			if tried[sid(item)] {
				continue
			}
			tried[sid(item)], found = true, true
			if err := do(item); err != nil {
				errs = append(errs, fmt.Errorf("%s %s: %w", kind, sid(item), err))
			}
		}
	}
	return joinErrors(errs...)
}
