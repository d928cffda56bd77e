package twilio

import (
	"cmp"
	"context"
	"errors"
	"slices"
)

// EndAllParams are the parameters of [CallService.EndAll].
type EndAllParams struct {
	// Concurrency is how many calls are ended at once; 8 by default.
	Concurrency int
}

// An EndAllOption is an [EndAllParams] or a [RequestOption].
type EndAllOption interface{ applyToEndAll(c *endAllConfig) }

// endAllConfig is what EndAll was called with.
type endAllConfig struct {
	params []EndAllParams
	opts   []RequestOption
}

func (p EndAllParams) applyToEndAll(c *endAllConfig) { c.params = append(c.params, p) }

func (o RequestOption) applyToEndAll(c *endAllConfig) { c.opts = append(c.opts, o) }

// hasEnded reports whether a call has ended. An unknown status doesn't count.
func (c *Call) hasEnded() bool {
	switch c.Status {
	case CallStatusCompleted, CallStatusBusy, CallStatusFailed, CallStatusNoAnswer, CallStatusCanceled:
		return true
	default:
		return false
	}
}

// End ends a call, whether it is queued, ringing or in progress, and returns it
// as it is afterwards. A call that has already ended isn't an error. You can
// run End again after any error.
//
// If the response doesn't say that the call has ended, End reads the call; if
// it still hasn't ended, the error is a [*TransportError]. The options apply to
// each request.
//
// See
// https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource.
func (s *CallService) End(ctx context.Context, sid string, opts ...RequestOption) (*Call, error) {
	if err := firstError(s.endpoint().ready(), checkWorkflowOptions(opts)); err != nil {
		return nil, withOperation("calls.end", err)
	}
	call, err := s.hangUp(ctx, sid, opts)
	if !hasValue(err) || call.hasEnded() {
		return call, err
	}
	return s.confirmEnd(ctx, sid, opts)
}

// hangUp asks Twilio to end a call. It reads the call only if the request
// failed and the call may have ended anyway.
func (s *CallService) hangUp(ctx context.Context, sid string, opts []RequestOption) (*Call, error) {
	call, err := s.Update(ctx, sid, CallUpdateParams{Status: new(CallStatusCompleted)}, opts...)
	e, _ := errors.AsType[*Error](err)
	if refused := e != nil && e.Code == CodeCallNotInProgress; refused || mayHaveApplied(err) {
		if now, lookErr := s.Get(ctx, sid, opts...); now != nil && now.hasEnded() {
			return now, lookErr
		}
	}
	return call, err
}

// confirmEnd reads a call whose end Twilio has accepted.
func (s *CallService) confirmEnd(ctx context.Context, sid string, opts []RequestOption) (*Call, error) {
	now, err := s.Get(ctx, sid, opts...)
	if hasValue(err) && !now.hasEnded() {
		err = newTransportError("calls.end", s.endpoint().client.accountSID, safeError("Twilio accepted the request, but the call hasn't ended; end it again"))
	}
	return valueOrError(now, err)
}

// EndAll ends every queued, ringing and in-progress call of the account, lists
// again until there is no new one, and returns those that have ended, as they
// are now. Pass at most one EndAllParams, and any RequestOptions, which apply
// to each request. An account that isn't suspended may start calls faster than
// EndAll ends them; only the context limits that.
//
// The error joins those of the calls that couldn't be ended, each with the
// call's SID, and the reason why EndAll stopped early, if it did: the error of
// the list or the context, or a [*TransportError] after 5 failures in a row
// that indicate an outage (no response, or status 5xx, 429 or 401). Calls that
// weren't tried are in neither result. A call with a price that can't be read
// is ended like the others, and returned without it. You can run EndAll again
// after any error.
func (s *CallService) EndAll(ctx context.Context, opts ...EndAllOption) ([]*Call, error) {
	var c endAllConfig
	for _, opt := range opts {
		if opt != nil {
			opt.applyToEndAll(&c)
		}
	}
	if len(c.params) > 1 {
		return nil, withOperation(endAllOperation, firstError(
			&ParamError{Field: "params", Reason: "have more than one EndAllParams; pass one"}, checkWorkflowOptions(c.opts)))
	}
	return s.endAll(ctx, append(c.params, EndAllParams{})[0], c.opts)
}

const endAllOperation = "calls.end_all"

func (s *CallService) endAll(ctx context.Context, p EndAllParams, opts []RequestOption) ([]*Call, error) {
	if err := firstError(s.endpoint().ready(), checkContext(ctx), nonNegative("Concurrency", p.Concurrency), checkWorkflowOptions(opts)); err != nil {
		return nil, withOperation(endAllOperation, err)
	}
	calls := drain[Call]{
		operation:   endAllOperation,
		account:     s.endpoint().client.accountSID,
		kind:        "call",
		concurrency: cmp.Or(p.Concurrency, defaultConcurrency),
		sid:         func(c *Call) string { return c.SID },
		list:        s.unfinished(cmp.Or(p.Concurrency, defaultConcurrency), opts),
		do: func(ctx context.Context, c *Call) (*Call, error) {
			return callOrError(s.hangUp(ctx, c.SID, opts))
		},
		isFatal: isOutage,
	}
	done, err := calls.run(ctx)
	var (
		ended []*Call
		errs  []error
	)
	for _, call := range done {
		if call.tried && call.err == nil && !call.now.hasEnded() {
			call.now, call.err = callOrError(s.confirmEnd(ctx, call.item.SID, opts))
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

// callOrError drops an error that comes with the call: whether it has ended
// doesn't depend on a price that can't be read.
func callOrError(call *Call, err error) (*Call, error) {
	if call != nil {
		return call, nil
	}
	return nil, err
}

// unfinished returns a function that reads the calls that haven't ended, in the
// order of a call's life: one that changes state in the meantime is found in
// its next state. All are read before the first of them ends, which would shift
// the pages of the list.
//
// The first time, the states are read concurrently, to save time while calls
// cost money. If that finds any, the list is read again anyway. Otherwise the
// later states are read a second time, one after the other.
func (s *CallService) unfinished(concurrency int, opts []RequestOption) func(context.Context) ([]*Call, error) {
	states := []CallStatus{CallStatusQueued, CallStatusRinging, CallStatusInProgress}
	isFirst := true
	return func(ctx context.Context) ([]*Call, error) {
		if !isFirst || concurrency == 1 {
			return s.inStates(ctx, states, 1, opts)
		}
		isFirst = false
		calls, err := s.inStates(ctx, states, concurrency, opts)
		if len(calls) == 0 && err == nil {
			return s.inStates(ctx, states[1:], 1, opts)
		}
		return calls, err
	}
}

// inStates reads the calls in some states, a few states at once. A call that
// can't be read doesn't keep those after it from being read.
func (s *CallService) inStates(ctx context.Context, states []CallStatus, atOnce int, opts []RequestOption) ([]*Call, error) {
	lists, unreadable := make([][]*Call, len(states)), make([]error, len(states))
	err := each(atOnce, len(states), func(i int) (err error) {
		lists[i], unreadable[i], err = readItems(s.All(ctx, CallListParams{Status: states[i]}, opts...))
		return err
	})
	return slices.Concat(lists...), joinErrors(joinErrors(unreadable...), err)
}
