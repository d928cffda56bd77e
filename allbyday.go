package twilio

import (
	"context"
	"sync"
)

// dayQuery is a part of a list whose range of dates is divided.
type dayQuery struct {
	*query
	pages chan pageResult
}

// read fetches the day's pages. Each waits until it is wanted.
func (d *dayQuery) read(ctx context.Context) {
	defer close(d.pages)
	r := d.fetch(ctx, d.first.url, d.remaining, 0)
	for {
		select {
		case d.pages <- r:
		case <-ctx.Done():
			return
		}
		if r.err != nil || r.page.nextURI == "" || r.page.remaining == 0 {
			return
		}
		r = d.next(ctx, r.page)
	}
}

// allByDay iterates over a list day by day, with up to as many days under way at
// once as WithParallelism says, and delivers their items in order.
func (q *query) allByDay(ctx context.Context, params listParams, yield func(item any, err error) bool) {
	days, err := q.splitByDay(params)
	if err = firstError(err, checkContext(ctx)); err != nil {
		yield(nil, withOperation(q.first.operation, err))
		return
	}
	var running sync.WaitGroup
	defer running.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	begin := func(i int) {
		if i < len(days) {
			running.Go(func() { days[i].read(ctx) })
		}
	}
	for i := range q.first.config.parallelism {
		begin(i)
	}
	remaining := q.remaining
	for i, d := range days {
		at := d.first.url.RequestURI()
		for r := range d.pages {
			page, err := d.deliver(r)
			if err != nil {
				yield(nil, withCursor(err, d.cursor(at, remaining)))
				return
			}
			for _, item := range page.items {
				if !yield(unpack(item)) {
					return
				}
				if remaining > 0 {
					if remaining--; remaining == 0 {
						return
					}
				}
			}
			at = page.nextURI
		}
		if at != "" && ctx.Err() != nil { // the day wasn't read to its end
			inv := &invocation{operation: q.first.operation, account: q.first.account}
			yield(nil, withCursor(inv.transportError(ctx.Err(), false), d.cursor(at, remaining)))
			return
		}
		begin(i + q.first.config.parallelism)
	}
}

// splitByDay divides a list into days. Each knows the list of all the time before
// it, with which a cursor continues after the day.
func (q *query) splitByDay(params listParams) ([]*dayQuery, error) {
	p, ok := params.(dateSplittable)
	if !ok || p.span().After.IsZero() || p.span().Before.IsZero() {
		return nil, &ParamError{Field: "WithParallelism",
			Reason: "needs a range of dates with both ends to divide; set the After and the Before of StartTime or DateSent"}
	}
	if q.first.err != nil {
		return nil, q.first.err
	}
	if p.span().isSetBy(q.first.config.form) {
		return nil, &ParamError{Field: "WithForm", Reason: "replaces the range of dates that WithParallelism divides; set the range in the params"}
	}
	var days []*dayQuery
	first := p.span().After
	for _, span := range p.span().days() {
		day := q.within(p, span)
		if span.After.After(first) {
			day.rest = q.within(p, timeRange{After: first, Before: span.After, param: span.param})
		}
		days = append(days, &dayQuery{query: day, pages: make(chan pageResult)})
	}
	return days, nil
}

// within is the same list over a part of its range of dates.
func (q *query) within(p dateSplittable, span timeRange) *query {
	return q.first.query(p.within(span), q.first.opts, q.first.args)
}
