package twilio

import "context"

// all iterates over a list from its first page.
func (q *query) all(ctx context.Context, params listParams, yield func(item any, err error) bool) {
	if q.first.config.parallelism > 1 {
		q.allByDay(ctx, params, yield)
		return
	}
	page, err := q.firstPage(ctx)
	q.allFrom(ctx, page, err, yield)
}

// allFrom iterates over a list from a page, or the error in its place. A caller
// who has gone through a whole page is likely to want the rest, so from then on
// the next page is fetched while the current one is processed. It reports
// whether the caller went through the list to its end.
func (q *query) allFrom(ctx context.Context, page *page, err error, yield func(item any, err error) bool) bool {
	var pages <-chan pageResult
	for {
		if err != nil {
			yield(nil, err)
			return false
		}
		if !page.each(yield) {
			return false
		}
		if done := q.first.config.afterPage; done != nil {
			if err := done(page.nextCursor()); err != nil {
				yield(nil, err)
				return false
			}
		}
		switch {
		case !page.hasNext():
			return true
		case q.first.config.lookahead == 0:
			page, err = page.next(ctx)
		case pages == nil:
			aheadCtx, cancel := context.WithCancel(ctx)
			pages = page.query.prefetch(aheadCtx, page, q.first.config.lookahead)
			defer func() {
				cancel()
				for range pages { // until the goroutine has ended
				}
			}()
			fallthrough
		default:
			next, open := <-pages
			if !open { // ctx was done before a page came
				next = page.query.next(ctx, page)
			}
			page, err = q.deliver(next)
		}
	}
}

// each yields the items of a page, and reports whether the caller wants more.
func (p *page) each(yield func(item any, err error) bool) bool {
	for i, item := range p.items {
		p.items[i] = nil // so that only the caller keeps it in memory
		if !yield(unpack(item)) {
			return false
		}
	}
	return true
}

// prefetch fetches the pages after p while the caller works on those before, up
// to n of them, and sends them in order. It ends with the list, with an error,
// or with ctx.
func (q *query) prefetch(ctx context.Context, p *page, n int) <-chan pageResult {
	pages := make(chan pageResult, n-1) // the goroutine holds one more
	go func() {
		defer close(pages)
		for p.hasNext() {
			next := recovered(func() pageResult { return q.next(ctx, p) })
			select {
			case pages <- next:
			case <-ctx.Done():
				return
			}
			if next.err != nil {
				return
			}
			p = next.page
		}
	}()
	return pages
}
