package twilio

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxPageSize is the largest page that Twilio returns.
const maxPageSize = 1000

// What the params of a list may say of themselves.
type (
	// listParams is a list's Limit and PageSize.
	listParams interface{ paging() (limit, pageSize int) }
	// dateFiltered is a list with exact ranges of dates, in the order in which
	// its items return their dates.
	dateFiltered interface{ ranges() []timeRange }
	// dateSplittable is a list that can be divided by a range of dates: its items
	// come newest first by the date that span has bounds of.
	dateSplittable interface {
		span() timeRange
		within(timeRange) listParams
	}
)

// dated is an item whose list has ranges of dates.
type dated interface{ dates() []time.Time }

// A query is a list that is being read: what its pages share.
type query struct {
	first     *request // of the first page, and the model of the others
	ranges    []timeRange
	remaining int // how many items the limit allows in all; -1 for any number
	// rest is the list that this one continues with, where a range was divided.
	rest *query
}

// query prepares a list, whose first page isn't read yet.
func (e endpoint) query(params listParams, opts []RequestOption, args []string) *query {
	q := &query{first: e.request("list", http.MethodGet, params, opts, args), remaining: -1}
	limit, size := params.paging()
	q.first.err = firstError(q.first.err, nonNegative("Limit", limit), inRange("PageSize", size, 0, maxPageSize))
	if q.first.err != nil {
		return q
	}
	if limit > 0 {
		q.remaining = limit
	}
	if p, ok := params.(dateFiltered); ok {
		q.ranges = p.ranges()
		for i := range q.ranges {
			q.ranges[i].leaveTo(q.first.config.form)
			if r := q.ranges[i]; !isMidnight(r.After) {
				q.first.form.Set(r.param+">", wireTime(r.After))
			}
		}
	}
	if size == 0 {
		size = maxPageSize
		// What a range drops here would have to be fetched in small pages.
		if limit > 0 && !q.isRanged() {
			size = min(limit, maxPageSize)
		}
	}
	form := q.first.form
	if _, set := q.first.config.form["PageSize"]; !set {
		form.Set("PageSize", strconv.Itoa(size))
	}
	q.first.url.RawQuery, q.first.form = form.Encode(), nil
	return q
}

// isRanged reports whether items have to be dropped here.
func (q *query) isRanged() bool {
	return slices.ContainsFunc(q.ranges, func(r timeRange) bool { return !r.isOpen() })
}

// page is a page of a list of whatever type. Package fmt follows no pointer into
// it from a Page: a list's filters may be phone numbers.
type page struct {
	items     []any // pointers
	query     *query
	visited   *visited
	before    int // how many items the limit allowed before this page; -1 for any number
	remaining int // and after it
}

// visited are the pages that a list has been on, newest first. It is no part of
// the page, or a list would keep all of its pages in memory.
type visited struct {
	uri    string
	next   string // Twilio's next_page_uri, as it came, but without our own origin
	before *visited
	order  listOrder
}

func (v *visited) has(uri string) bool {
	for ; v != nil; v = v.before {
		if v.uri == uri {
			return true
		}
	}
	return false
}

func (p *page) hasNext() bool {
	// A Page that somebody made has none.
	return p != nil && p.remaining != 0 && (p.visited.next != "" || p.query.rest != nil)
}

// next reads the next page, for the caller to have now.
func (p *page) next(ctx context.Context) (*page, error) {
	if !p.hasNext() {
		return nil, &ParamError{Field: "Next", Reason: "was called on the last page; ask HasNext first"}
	}
	return p.query.deliver(p.query.next(ctx, p))
}

// pageResult is a page, or the error in its place, before it is delivered.
type pageResult struct {
	page *page
	err  error
	meta ResponseMeta
}

// firstPage reads the first page, for the caller to have now.
func (q *query) firstPage(ctx context.Context) (*page, error) {
	return q.deliver(q.fetch(ctx, q.first.url, q.remaining, nil))
}

// deliver passes a page to the caller. Only now does the caller's ResponseMeta
// change: a page may have been fetched ahead, while the caller looked at it.
func (q *query) deliver(r pageResult) (*page, error) {
	if meta := q.first.config.meta; meta != nil && r.meta.Attempts > 0 {
		*meta = r.meta
	}
	return r.page, r.err
}

// next reads the page that follows another.
func (q *query) next(ctx context.Context, p *page) pageResult {
	if p.visited.next == "" {
		return q.rest.fetch(ctx, q.rest.first.url, p.remaining, nil)
	}
	if r, ok := q.skip(ctx, p); ok {
		return r
	}
	at, err := q.resolveNext(p.visited)
	if err != nil {
		return pageResult{err: err}
	}
	return q.fetch(ctx, at, p.remaining, p.visited)
}

// fetch reads the page at a URL. remaining is how many items it may hold.
func (q *query) fetch(ctx context.Context, at *url.URL, remaining int, before *visited) pageResult {
	var meta ResponseMeta
	r := *q.first
	r.url, r.config.meta = at, &meta
	if r.err != nil {
		return pageResult{err: r.do(ctx, nil)}
	}
	p := &page{query: q, visited: &visited{uri: at.RequestURI(), before: before}, before: remaining, remaining: remaining}
	err := r.do(ctx, func(body []byte) (err error) {
		p.items, p.visited.next, err = decodePage(body, r.list, r.item)
		if path, ok := strings.CutPrefix(p.visited.next, r.client.shared.origin.String()+"/"); ok {
			p.visited.next = "/" + path
		}
		return err
	})
	if err != nil {
		return pageResult{err: withCursor(err, q.cursor(at.RequestURI(), remaining)), meta: meta}
	}
	if q.isRanged() {
		q.look(p)
		p.items = slices.DeleteFunc(p.items, q.isOutside)
	}
	if remaining >= 0 {
		p.items = p.items[:min(remaining, len(p.items))]
		p.remaining -= len(p.items)
	}
	return pageResult{page: p, meta: meta}
}

// isOutside reports whether an item lies outside of a range. Twilio's filters
// may be as coarse as a day.
func (q *query) isOutside(item any) bool {
	for i, t := range item.(dated).dates() {
		if !q.ranges[i].contains(t) {
			return true
		}
	}
	return false
}

// resolveNext checks where Twilio says that the next page is.
func (q *query) resolveNext(from *visited) (*url.URL, error) {
	refuse := func(why safeText) (*url.URL, error) {
		inv := &invocation{operation: q.first.operation, account: q.first.account}
		return nil, inv.transportError(why, false)
	}
	at, err := url.Parse(from.next)
	switch {
	case err != nil:
		return refuse("next_page_uri isn't a URL; not followed")
	case at.IsAbs() || at.Host != "":
		return refuse("next_page_uri leads to another host; not followed")
	case at.Path != q.first.url.Path:
		return refuse("next_page_uri leads to another list or another account; not followed")
	case from.has(at.RequestURI()):
		return refuse("next_page_uri leads back to a page that was read already; not followed")
	default:
		return at, nil
	}
}
