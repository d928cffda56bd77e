package twilio

import "context"

// all iterates over a list from its first page. A caller who has gone through a
// whole page is likely to want the rest, so from then on the next page is
// fetched while the current one is worked on.
func (q *query) all(ctx context.Context, params listParams, yield func(item any, err error) bool) {
	if q.first.config.parallelism > 1 {
		q.allByDay(ctx, params, yield)
		return
	}
	page, err := q.firstPage(ctx)
	q.follow(ctx, page, err, yield)
}

// follow iterates over what a page has and over the pages after it.
func (q *query) follow(ctx context.Context, page *page, err error, yield func(item any, err error) bool) {
	var pages <-chan pageResult
	for {
		if err != nil {
			yield(nil, err)
			return
		}
		for i, item := range page.items {
			page.items[i] = nil // the caller's to keep or to let go
			if !yield(unpack(item)) {
				return
			}
		}
		switch {
		case !page.hasNext():
			return
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

// prefetch fetches the pages after p while the caller works on those before, up
// to n of them, and sends them in order. It ends with the list, with an error, or
// with ctx.
func (q *query) prefetch(ctx context.Context, p *page, n int) <-chan pageResult {
	pages := make(chan pageResult, n-1) // one more is in the goroutine's hand
	go func() {
		defer close(pages)
		for p.hasNext() {
			next := q.next(ctx, p)
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
