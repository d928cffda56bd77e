package twilio

import (
	"context"
	"reflect"
	"sync"
)

// day is a part of a list whose range of dates is divided.
type day struct {
	listing *listing
	pages   chan fetched
}

// read fetches the day's pages. Each waits until it is wanted.
func (d *day) read(ctx context.Context) {
	defer close(d.pages)
	f := d.listing.fetch(ctx, d.listing.first, d.listing.left, nil)
	for {
		select {
		case d.pages <- f:
		case <-ctx.Done():
			return
		}
		if f.err != nil || f.page.trail.next == "" || f.page.left == 0 {
			return
		}
		f = d.listing.after(ctx, f.page)
	}
}

// parallel iterates over a list day by day, with up to set.parallelism days
// under way at once, and hands them out in order.
func (r *route) parallel(ctx context.Context, c *Client, item reflect.Type, params lister, set settings, yield func(item any, err error) bool) {
	days, left, err := r.split(c, item, params, set)
	if err == nil {
		err = refuse(r.name+".list", checkContext(ctx))
	}
	if err != nil {
		yield(nil, err)
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
	for i := range set.parallelism {
		begin(i)
	}
	for i, d := range days {
		at := d.listing.first.RequestURI()
		for f := range d.pages {
			page, err := d.listing.hand(f)
			if err != nil {
				yield(nil, withCursor(err, d.listing.cursor(at, left)))
				return
			}
			for _, item := range page.items {
				if !yield(item, nil) {
					return
				}
				if left > 0 {
					if left--; left == 0 {
						return
					}
				}
			}
			at = page.trail.next
		}
		if at != "" && ctx.Err() != nil { // the day wasn't read to its end
			x := &exchange{operation: r.name + ".list", account: d.listing.client.accountSID}
			yield(nil, withCursor(x.transportError(ctx.Err(), false), d.listing.cursor(at, left)))
			return
		}
		begin(i + set.parallelism)
	}
}

// split divides a list into days. Each knows the list of all the time before
// it, with which a cursor goes on after the day.
func (r *route) split(c *Client, item reflect.Type, params lister, set settings) (days []*day, left int, err error) {
	p, ok := params.(splitter)
	if !ok || p.span().After.IsZero() || p.span().Before.IsZero() {
		return nil, 0, &ParamError{Operation: r.name + ".list", Field: "WithParallelism",
			Reason: "needs a range of dates with both ends to divide; give the After and the Before of StartTime or DateSent"}
	}
	whole, err := r.listing(c, item, params, set)
	if err != nil {
		return nil, 0, err
	}
	first := p.span().After
	for _, span := range p.span().days() {
		l, err := r.listing(c, item, p.within(span), set)
		if err == nil && span.After.After(first) {
			l.then, err = r.listing(c, item, p.within(timeRange{first, span.After}), set)
		}
		if err != nil {
			return nil, 0, err
		}
		days = append(days, &day{listing: l, pages: make(chan fetched)})
	}
	return days, whole.left, nil
}
