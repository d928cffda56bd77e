package twilio

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// allByDay iterates over a list and reads as many pages at once as
// WithParallelism allows. Only a page says where the next one is, so parts of
// the date range are read in parallel, not pages of one list.
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
		// A caller who cancels gets an error, whether or not the list was
		// divided.
		if q.allFrom(ctx, first, err, yield) && ctx.Err() != nil {
			yield(nil, d.ended(ctx))
		}
	case q.first.config.anyOrder:
		d.inAnyOrder(ctx, yield)
	default:
		d.inOrder(ctx, yield)
	}
}

// divided is a list whose date range is read in parts, newest first. Parts are
// made as needed, because a range may span any number of years.
type divided struct {
	*query
	params dateSplittable
	n      int // how many pages may be in memory

	mu       sync.Mutex
	left     timeRange // what no part covers yet
	days     int       // how many days the next part has
	expected int       // how many pages a part is likely to have

	// For ordered lists only:
	running sync.WaitGroup
	queue   []*part       // parts being read whose turn hasn't come
	unread  int           // how many of these aren't fully read
	ahead   chan struct{} // counts the pages read ahead; its capacity is the limit
	turn    chan struct{} // one more page, for the part whose turn it is
}

// A part is a list of one or several days. Its rest is the list of all earlier
// days, where a cursor continues after the part.
type part struct {
	*query
	pages  chan heldPage
	turn   chan struct{} // closed when the part's turn has come
	isHead bool
	isRead bool
}

// A heldPage is a page that waits for its turn, and the channel that counts it.
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
			Reason: "needs a date range with both ends; set StartTimeAfter and StartTimeBefore, or DateSentAfter and DateSentBefore"}
	case q.first.err != nil:
		return nil, q.first.err
	case p.span().isSetBy(q.first.config.form):
		return nil, &ParamError{Field: "WithForm", Reason: "replaces the range of dates that WithParallelism divides; set the range in the params"}
	}
	return &divided{query: q, params: p, n: q.first.config.parallelism, left: p.span(), days: 1, expected: 1}, nil
}

// pays decides by the first page whether to divide the list: not if only a few
// pages follow. A part costs a request even if it is empty, and its last page
// isn't full, so it should hold at least two pages, or four if there are enough
// to share.
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
		return true // the whole page lies after the range: unknown
	}
	perPage := max(time.Second, newest.Sub(oldest))
	if oldest.Sub(d.left.After)/perPage < 4 {
		return false
	}
	d.days = max(wholeDays(2*perPage), min(wholeDays(4*perPage), d.share()))
	d.expected = max(1, d.days*int(oneDay/time.Second)/int(perPage/time.Second))
	return true
}

// share returns how many days a part has if n parts share what is left.
func (d *divided) share() int {
	return wholeDays(d.left.Before.Sub(d.left.After) / time.Duration(d.n))
}

// wholeDays rounds up.
func wholeDays(d time.Duration) int { return int((d + oneDay - 1) / oneDay) }

// cut returns the next part, the newest one left, or nil at the end. The caller
// holds d.mu.
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

// within returns the same list over a part of its date range.
func (d *divided) within(span timeRange) *query {
	return d.first.query(d.params.within(span), d.first.opts, d.first.args...).of(d.first.item)
}

// learn sizes later parts by how many pages one had. The caller holds d.mu.
func (d *divided) learn(pages int) {
	d.expected = pages
	switch {
	case pages == 1:
		// Sparse: perhaps nothing for years. But what is dense again further on
		// mustn't be all in one part.
		d.days = max(d.days, min(2*d.days, d.share()))
	case pages > 8:
		d.days = max(1, d.days/2)
	}
}

// read passes each page of the part to take until take returns false. It
// returns how many pages it read, and whether those were all.
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

// inAnyOrder yields pages as they arrive. It keeps n parts in progress until
// none is left to start.
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
	return newTransportError(d.first.operation, d.first.account, firstError(ctx.Err(), safeError(errGoexit)))
}

// inOrder yields the parts one after the other. While the caller processes one,
// the following ones are read ahead. Together they have at most n pages, in
// flight or waiting.
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

// take returns the next part, whose turn it is now, or nil at the end.
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

// begin starts as many parts as should fill the pages that may be read ahead.
// With more, each would hold a page or two, and none would be ready when its
// turn comes. The caller holds d.mu.
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

// readAhead reads a part while there is room for its pages.
func (d *divided) readAhead(ctx context.Context, p *part) {
	defer close(p.pages)
	var counted chan struct{}
	pages, _ := p.read(ctx, func() bool {
		counted = d.room(ctx, p)
		return counted != nil
	}, func(r pageResult) bool {
		// This never blocks, because room counts no more pages than the channel
		// can hold.
		p.pages <- heldPage{r, counted}
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

// room waits until a page of the part may be read, and counts it. It returns
// nil once ctx is done. The part whose turn it is can always proceed.
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
