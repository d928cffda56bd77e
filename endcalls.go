package twilio

import (
	"cmp"
	"context"
	"errors"
)

// EndAllParams say how [CallService.EndAll] works.
type EndAllParams struct {
	// Concurrency is how many calls are ended at once; 8 by default.
	Concurrency int
}

// hasEnded reports whether a call is over. A status that isn't known is no end.
func (c *Call) hasEnded() bool {
	switch c.Status {
	case CallStatusCompleted, CallStatusBusy, CallStatusFailed, CallStatusNoAnswer, CallStatusCanceled:
		return true
	default:
		return false
	}
}

// End ends a call, whether it is queued, ringing or in progress, and returns it as
// it is then. A call that has ended by itself is no error. Run it again after any
// error.
//
// Where the response doesn't say that the call is over, End reads the call once
// more; a call that isn't over by then is a [*TransportError].
//
// See https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource.
func (s *CallService) End(ctx context.Context, sid string) (*Call, error) {
	if err := s.ready(); err != nil {
		return nil, withOperation("calls.end", err)
	}
	call, err := s.hangUp(ctx, sid)
	if err != nil || call.hasEnded() {
		return call, err
	}
	return s.confirmEnd(ctx, sid)
}

// hangUp asks Twilio to end a call. Only where the request failed, and the call
// may be over all the same, it reads the call.
func (s *CallService) hangUp(ctx context.Context, sid string) (*Call, error) {
	call, err := s.Update(ctx, sid, CallUpdateParams{Status: new(CallStatusCompleted)})
	e, _ := errors.AsType[*Error](err)
	if refused := e != nil && e.Code == CodeCallNotInProgress; refused || inDoubt(err) {
		if now, lookErr := s.Get(ctx, sid); lookErr == nil && now.hasEnded() {
			return now, nil
		}
	}
	return call, err
}

// confirmEnd reads a call whose end Twilio has accepted.
func (s *CallService) confirmEnd(ctx context.Context, sid string) (*Call, error) {
	now, err := s.Get(ctx, sid)
	if err == nil && !now.hasEnded() {
		inv := &invocation{operation: "calls.end", account: s.calls.client.accountSID}
		err = inv.transportError(safeError("Twilio accepted the request, but the call isn't over; end it again"), false)
	}
	return valueOrError(now, err)
}

// EndAll ends every queued, ringing and running call of the account, looks again
// until there is no new one, and returns those that have ended, as they are now.
// It takes at most one EndAllParams. An account that isn't suspended may start
// calls faster than they are ended; the context sets the limit.
//
// The error joins those of the calls that couldn't be ended, each with the call's
// SID, and what ended the work early: that of the list, of the context, or a
// [*TransportError] after 5 failures in a row that show an outage: no response, a
// status of 5xx, 429 or 401. Calls that weren't tried by then are in neither
// result. Run it again after any error.
func (s *CallService) EndAll(ctx context.Context, params ...EndAllParams) ([]*Call, error) {
	const operation = "calls.end_all"
	var p EndAllParams
	err := firstError(s.ready(), checkContext(ctx))
	switch {
	case err != nil:
	case len(params) > 1:
		err = &ParamError{Field: "params", Reason: "are more than one; pass one EndAllParams"}
	case len(params) == 1:
		p = params[0]
		err = nonNegative("Concurrency", p.Concurrency)
	}
	if err != nil {
		return nil, withOperation(operation, err)
	}
	calls := drain[Call]{
		operation:   operation,
		account:     s.calls.client.accountSID,
		kind:        "call",
		concurrency: cmp.Or(p.Concurrency, defaultConcurrency),
		sid:         func(c *Call) string { return c.SID },
		list:        s.unfinished,
		do:          func(ctx context.Context, c *Call) (*Call, error) { return s.hangUp(ctx, c.SID) },
		hopeless:    isOutage,
	}
	done, err := calls.run(ctx)
	var (
		ended []*Call
		errs  []error
	)
	for _, call := range done {
		if call.tried && call.err == nil && !call.now.hasEnded() {
			call.now, call.err = s.confirmEnd(ctx, call.item.SID)
		}
		switch {
		case call.err != nil:
			errs = append(errs, &itemError{"call " + call.item.SID, call.err})
		case call.tried:
			ended = append(ended, call.now)
		}
	}
	return ended, joinErrors(append(errs, err)...)
}

// unfinished reads the calls that haven't ended, in the order of a call's life:
// one that moves on in the meantime is met in its next state. All are read before
// the first of them ends, which would shift the pages of the list.
func (s *CallService) unfinished(ctx context.Context) ([]*Call, error) {
	var calls []*Call
	for _, status := range []CallStatus{CallStatusQueued, CallStatusRinging, CallStatusInProgress} {
		for call, err := range s.All(ctx, CallListParams{Status: status}) {
			if err != nil {
				return calls, err
			}
			calls = append(calls, call)
		}
	}
	return calls, nil
}
