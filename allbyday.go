package twilio

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// allByDay iterates over a list with up to as many pages under way at once as
// WithParallelism says. Twilio says only on a page where the next one is, so
// that what can be read at once are parts of the range of dates.
func (q *query) allByDay(ctx context.Context, params listParams, yield func(item any, err error) bool) {
	d, err := q.divide(params)
	if err = firstError(err, checkContext(ctx)); err != nil {
		q.first.config.clearMeta()
		yield(nil, withOperation(q.first.operation, err))
		return
	}
	first, err := q.firstPage(ctx)
	switch {
	case err != nil, q.remaining >= 0, !first.hasNext(), !d.pays(first):
		// Who cancels is told so, whether the list was divided or not.
		if q.allFrom(ctx, first, err, yield) && ctx.Err() != nil {
			yield(nil, d.ended(ctx))
		}
	case q.first.config.anyOrder:
		d.inAnyOrder(ctx, yield)
	default:
		d.inOrder(ctx, yield)
	}
}

// divided is a list whose range of dates is read in parts, newest first. Parts
// are made as they are needed: a range may be as long as it likes.
type divided struct {
	*query
	params dateSplittable
	n      int // how many pages may be in memory

	mu       sync.Mutex
	left     timeRange // what no part has yet
	days     int       // how many days the next part has
	expected int       // how many pages a part has, as far as is known

	// Of an ordered list alone:
	running sync.WaitGroup
	queue   []*part       // the parts that are begun, but whose turn hasn't come
	unread  int           // how many of these aren't read to their end
	ahead   chan struct{} // holds the pages that are read ahead, so many at most
	turn    chan struct{} // one page more, for the part whose turn it is
}

// part is a list of one or several days. It knows the list of all the time
// before, with which a cursor continues after the part.
type part struct {
	*query
	pages  chan heldPage
	turn   chan struct{} // closed when the part's turn has come
	isHead bool
	isRead bool
}

// heldPage is a page that waits, and where it is counted.
type heldPage struct {
	pageResult
	counted chan struct{}
}

// divide prepares to read a list in parts.
func (q *query) divide(params listParams) (*divided, error) {
	p, ok := params.(dateSplittable)
	switch {
	case !ok || p.span().After.IsZero() || p.span().Before.IsZero():
		return nil, &ParamError{Field: "WithParallelism",
			Reason: "needs a range of dates with both ends to divide; set the After and the Before of StartTime or DateSent"}
	case q.first.err != nil:
		return nil, q.first.err
	case p.span().isSetBy(q.first.config.form):
		return nil, &ParamError{Field: "WithForm", Reason: "replaces the range of dates that WithParallelism divides; set the range in the params"}
	}
	return &divided{query: q, params: p, n: q.first.config.parallelism, left: p.span(), days: 1, expected: 1}, nil
}

// pays decides, by the first page, whether to divide the list: not if only a few
// pages follow. A part costs a request even with nothing in it, and a page that
// isn't full at its end, so it should hold at least two pages, and four where
// there are enough for everybody.
func (d *divided) pays(first *page) bool {
	var newest, oldest time.Time
	for _, item := range first.items {
		item, ok := readable(item).(dated)
		if !ok {
			continue
		}
		at := item.dates()[0]
		if at.IsZero() {
			continue
		}
		if newest.IsZero() || at.After(newest) {
			newest = at
		}
		if oldest.IsZero() || at.Before(oldest) {
			oldest = at
		}
	}
	if newest.IsZero() {
		return true // all of the page lies after the range: who knows
	}
	perPage := max(time.Second, newest.Sub(oldest))
	if oldest.Sub(d.left.After)/perPage < 4 {
		return false
	}
	days := func(d time.Duration) int { return int((d + oneDay - 1) / oneDay) } // begun
	fair := days(d.left.Before.Sub(d.left.After)) / d.n
	d.days = max(1, days(2*perPage), min(days(4*perPage), fair))
	d.expected = max(1, d.days*int(oneDay/time.Second)/int(perPage/time.Second))
	return true
}

// cut makes the next part, the newest that is left; nil at the end. d.mu is held.
func (d *divided) cut() *part {
	if !d.left.Before.After(d.left.After) {
		return nil
	}
	span := d.left
	span.After = d.left.Before.Add(-1).UTC().Truncate(oneDay).AddDate(0, 0, 1-d.days)
	if !span.After.After(d.left.After) {
		span.After = d.left.After
	}
	d.left.Before = span.After
	p := &part{query: d.within(span)}
	if d.left.Before.After(d.left.After) {
		p.rest = d.within(d.left)
	}
	return p
}

// within is the same list over a part of its range of dates.
func (d *divided) within(span timeRange) *query {
	return d.first.query(d.params.within(span), d.first.opts, d.first.args)
}

// learn notes how many pages a part had, for those to come. d.mu is held.
func (d *divided) learn(pages int) {
	d.expected = pages
	switch {
	case pages == 1:
		d.days = min(2*d.days, 1<<20) // little is there, perhaps nothing for years
	case pages > 8:
		d.days = max(1, d.days/2)
	}
}

// read passes each page of the part on, until take refuses one, and returns how
// many there were, and whether that is all.
func (p *part) read(ctx context.Context, before func() bool, take func(pageResult) bool) (pages int, complete bool) {
	for r := (pageResult{}); ; {
		if !before() {
			return pages, false
		}
		r = recovered(func() pageResult {
			if pages == 0 {
				return p.fetch(ctx, p.first.url, p.remaining, progress{})
			}
			return p.next(ctx, r.page)
		})
		pages++
		if !take(r) || r.err != nil {
			return pages, false
		}
		if r.page.nextURI == "" {
			return pages, true
		}
	}
}

// inAnyOrder yields pages as they come. There are always n under way, until no
// part is left to begin.
func (d *divided) inAnyOrder(ctx context.Context, yield func(item any, err error) bool) {
	partsCtx, cancel := context.WithCancel(ctx)
	pages := make(chan pageResult)
	var readers sync.WaitGroup
	var cutShort atomic.Bool
	take := func(r pageResult) bool {
		select {
		case pages <- r:
			return true
		case <-partsCtx.Done():
			return false
		}
	}
	for range d.n {
		readers.Go(func() {
			isDone := false
			defer func() {
				if !isDone { // however it ended
					cutShort.Store(true)
				}
			}()
			for {
				d.mu.Lock()
				p := d.cut()
				d.mu.Unlock()
				if p == nil {
					isDone = true
					return
				}
				n, complete := p.read(partsCtx, func() bool { return partsCtx.Err() == nil }, take)
				if !complete {
					return
				}
				d.mu.Lock()
				d.learn(n)
				d.mu.Unlock()
			}
		})
	}
	go func() {
		readers.Wait()
		close(pages)
	}()
	defer func() {
		cancel()
		for range pages { // until all readers have ended
		}
	}()
	for r := range pages {
		page, err := d.deliver(r)
		if err != nil {
			yield(nil, withCursor(err, "")) // other parts are missing, too
			return
		}
		if !page.each(yield) {
			return
		}
	}
	if cutShort.Load() {
		yield(nil, d.ended(ctx))
	}
}

// ended is the error of a list that wasn't read to its end: because its context
// ended or, without that, a goroutine.
func (d *divided) ended(ctx context.Context) error {
	inv := &invocation{operation: d.first.operation, account: d.first.account}
	return inv.transportError(firstError(ctx.Err(), safeError(errGoexit)), false)
}

// inOrder yields the parts one after the other. While the caller goes through
// one, those that follow are read ahead. All of them together have n pages in
// memory, in flight or waiting.
func (d *divided) inOrder(ctx context.Context, yield func(item any, err error) bool) {
	defer d.running.Wait()
	partsCtx, cancel := context.WithCancel(ctx)
	defer cancel()
	d.ahead, d.turn = make(chan struct{}, d.n-1), make(chan struct{}, 1)
	for p := d.take(partsCtx); p != nil; p = d.take(partsCtx) {
		at := p.first.url.RequestURI()
		for held := range p.pages {
			page, err := p.deliver(held.pageResult)
			if err != nil {
				yield(nil, withCursor(err, p.cursor(at, p.remaining)))
				return
			}
			if !page.each(yield) {
				return
			}
			at = page.nextURI
			<-held.counted
			d.mu.Lock()
			d.begin(partsCtx)
			d.mu.Unlock()
		}
		if at != "" { // the part wasn't read to its end
			yield(nil, withCursor(d.ended(ctx), p.cursor(at, p.remaining)))
			return
		}
	}
}

// take gives the next part its turn; nil at the end.
func (d *divided) take(ctx context.Context) *part {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.queue) == 0 && !d.beginOne(ctx) {
		return nil
	}
	p := d.queue[0]
	d.queue = d.queue[1:]
	if p.isHead = true; !p.isRead {
		d.unread--
	}
	close(p.turn)
	d.begin(ctx)
	return p
}

// begin begins as many parts as can be expected to fill the pages that may be
// read ahead. With more, each would hold a page or two, and none would be
// ready when its turn comes. d.mu is held.
func (d *divided) begin(ctx context.Context) {
	for ctx.Err() == nil && d.unread*d.expected < cap(d.ahead)-len(d.ahead) && d.beginOne(ctx) {
	}
}

func (d *divided) beginOne(ctx context.Context) bool {
	p := d.cut()
	if p == nil {
		return false
	}
	p.pages, p.turn = make(chan heldPage, d.n), make(chan struct{})
	d.queue = append(d.queue, p)
	d.unread++
	d.running.Go(func() { d.readAhead(ctx, p) })
	return true
}

// readAhead reads a part, as far as there is room for its pages.
func (d *divided) readAhead(ctx context.Context, p *part) {
	defer close(p.pages)
	var counted chan struct{}
	pages, _ := p.read(ctx, func() bool {
		counted = d.room(ctx, p)
		return counted != nil
	}, func(r pageResult) bool {
		p.pages <- heldPage{r, counted} // it has room for all that is counted
		return true
	})
	d.mu.Lock()
	defer d.mu.Unlock()
	if p.isRead = true; !p.isHead {
		d.unread--
	}
	if pages > 0 {
		d.learn(pages)
	}
	d.begin(ctx)
}

// room waits until a page of the part may be read, and counts it; nil once ctx
// is done. The part whose turn it is always gets on.
func (d *divided) room(ctx context.Context, p *part) chan struct{} {
	select {
	case d.ahead <- struct{}{}:
		return d.ahead
	case <-ctx.Done():
		return nil
	case <-p.turn:
	}
	select {
	case d.ahead <- struct{}{}:
		return d.ahead
	case d.turn <- struct{}{}:
		return d.turn
	case <-ctx.Done():
		return nil
	}
}
