package twilio

import (
	"cmp"
	"context"
	"errors"
	"hash/maphash"
	"maps"
	"net/http"
	"net/url"
	"path"
	"reflect"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxPageSize is the largest page that Twilio returns.
const maxPageSize = 1000

// Interfaces of the params of lists.
type (
	// listParams is a list's Limit and PageSize.
	listParams interface{ paging() (limit, pageSize int) }
	// dateFiltered is a list with exact ranges of dates, in the order in which
	// its items return their dates.
	dateFiltered interface{ ranges() []timeRange }
	// dateSplittable is a list that can be divided by a range of dates: its
	// items come newest first by the date that span has bounds of.
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
	rest    *query
	visited visited
}

// query prepares a list, whose first page isn't read yet.
func (e endpoint) query(params listParams, opts []RequestOption, args ...string) *query {
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
		for i, r := range q.ranges {
			r = r.without(q.first.config.form)
			if q.ranges[i] = r; !r.wholeDays && !isMidnight(r.After) {
				q.first.form.Set(r.param+">", wireTime(r.After))
			}
		}
	}
	if size == 0 {
		size = cmp.Or(q.first.pageSize, maxPageSize)
		// Items that the range drops would have to be fetched in small pages.
		if limit > 0 && !q.isRanged() {
			size = min(limit, size)
		}
	}
	form := q.first.form
	if values, set := q.first.config.form["PageSize"]; !set {
		form.Set("PageSize", strconv.Itoa(size))
	} else if len(values) > 0 {
		q.first.err = inRange("PageSize", number(values[0]), 1, maxPageSize)
	}
	q.first.url.RawQuery, q.first.form = form.Encode(), nil
	return q
}

// of sets what the items of the list are. The ranges of a cursor have to suit
// them.
func (q *query) of(item reflect.Type) *query {
	q.first.item = item
	if q.rest != nil {
		q.rest.of(item)
		q.first.err = firstError(q.first.err, q.rest.first.err)
	}
	if !q.hasDates(len(q.ranges)) {
		q.first.err = firstError(q.first.err, errNoCursor())
	}
	return q
}

// isRanged reports whether the client has to drop items.
func (q *query) isRanged() bool {
	return slices.ContainsFunc(q.ranges, func(r timeRange) bool { return !r.isOpen() })
}

// A page is a page of a list, whatever its type. A Page has a pointer to it,
// which package fmt doesn't follow: a list's filters may be phone numbers.
type page struct {
	items     []any // pointers, or oddItems
	query     *query
	seen      progress // before it
	order     listOrder
	uri       string // where the page is
	nextURI   string // Twilio's next_page_uri
	nextURL   *url.URL
	nextErr   error // why nextURI isn't followed
	before    int   // how many items the limit allowed before this page; -1 for any number
	remaining int   // and after it

	unreadable []FieldError
	odd        []any // the items once they are the caller's, if there are oddItems
}

// progress is what a list has seen before a page.
type progress struct {
	pages int
	order listOrder
}

// progress is what a list has seen after the page.
func (p *page) progress() progress { return progress{p.seen.pages + 1, p.order} }

func (p *page) hasNext() bool {
	// A Page that a caller made has none.
	return p != nil && p.remaining != 0 && (p.nextURI != "" || p.query.rest != nil)
}

// describe counts the items of a Page.
func (p *page) describe(items int) string {
	s := "twilio.Page(" + strconv.Itoa(items) + " items"
	if p.hasNext() {
		s += ", more to come"
	}
	return s + ")"
}

// next reads the next page and delivers it to the caller.
func (p *page) next(ctx context.Context) (*page, error) {
	if !p.hasNext() {
		if p != nil {
			p.query.first.config.clearMeta()
		}
		return nil, &ParamError{Field: "Next", Reason: "was called on the last page; check HasNext first"}
	}
	return p.query.deliver(p.query.next(ctx, p))
}

// visited detects lists whose pages form a loop. It maps the hash of a page's
// URI to the page's number. A list may have a hundred thousand pages, so beyond
// maxVisited it keeps every second page, then every fourth and so on; a loop in
// a long list is detected once it reaches one of those.
type visited struct {
	mu    sync.Mutex
	seed  maphash.Seed
	every int // one in so many pages is recorded
	pages map[uint64]int
}

const maxVisited = 1000

// visit records a page, and reports whether the list has been there before.
func (v *visited) visit(uri string, number int) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.pages == nil {
		v.seed, v.every, v.pages = maphash.MakeSeed(), 1, map[uint64]int{}
	}
	hash := maphash.String(v.seed, uri)
	first, was := v.pages[hash]
	if was && first < number {
		return true
	}
	if number%v.every == 0 {
		v.pages[hash] = number // the same page again is no loop: Next can be called twice
	}
	if len(v.pages) > maxVisited {
		v.every *= 2
		maps.DeleteFunc(v.pages, func(_ uint64, number int) bool { return number%v.every != 0 })
	}
	return false
}

// pageResult is a page, or the error in its place, before it is delivered.
type pageResult struct {
	page *page
	err  error
	meta ResponseMeta
}

// single reads the first page for a method that reads no others.
func (q *query) single(ctx context.Context) (*page, error) {
	q.first.err = firstError(q.first.err, q.first.config.checkSingle())
	return q.firstPage(ctx)
}

// firstPage reads the first page and delivers it to the caller.
func (q *query) firstPage(ctx context.Context) (*page, error) {
	return q.deliver(q.fetch(ctx, q.first.url, q.remaining, progress{}))
}

// deliver passes a page to the caller. Only now does the caller's ResponseMeta
// change: a page may have been fetched ahead, while the caller was reading it.
// A panic while it was fetched reaches the caller here, too.
func (q *query) deliver(r pageResult) (*page, error) {
	if e, ok := r.err.(*PanicError); ok { //nolint:errorlint // one of recovered, as it came
		panic(e.Value) //nolint:forbidigo // of the caller's own RoundTripper, say, in the caller's goroutine
	}
	if meta := q.first.config.meta; meta != nil {
		*meta = r.meta
	}
	return r.page, r.err
}

// recovered reads a page in a goroutine that isn't the caller's, where nobody
// else could recover from a panic.
func recovered(read func() pageResult) (r pageResult) {
	defer func() {
		if value := recover(); value != nil {
			r = pageResult{err: &PanicError{Value: value, Stack: debug.Stack()}}
		}
	}()
	return read()
}

// next reads the page that follows another.
func (q *query) next(ctx context.Context, p *page) pageResult {
	if p.nextURI == "" {
		return q.rest.fetch(ctx, q.rest.first.url, p.remaining, progress{})
	}
	if r, ok := q.skip(ctx, p); ok {
		return r
	}
	at, err := p.nextURL, p.nextErr
	if err == nil && q.visited.visit(at.RequestURI(), p.seen.pages+1) {
		err = safeError("next_page_uri leads back to a page that was already read; not followed")
	}
	if err != nil {
		return pageResult{err: newTransportError(q.first.operation, q.first.account, err)}
	}
	return q.fetch(ctx, at, p.remaining, p.progress())
}

// fetch reads the page at a URL. remaining is how many items it may hold. A
// page that was too large for the server is requested again with fewer items.
func (q *query) fetch(ctx context.Context, at *url.URL, remaining int, seen progress) pageResult {
	result := q.fetchOnce(ctx, q.first, at, remaining, seen)
	if !isOverload(result.err) {
		return result
	}
	if smaller, ok := withSmallerPages(at); ok {
		once := *q.first
		once.noRetry = true
		if retried := q.fetchOnce(ctx, &once, smaller, remaining, seen); retried.err == nil {
			return retried
		}
	}
	return result
}

// isOverload reports whether a server failed, perhaps because a page was too
// large.
func isOverload(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && isServerFailure(e.StatusCode)
}

// minPageSize is Twilio's default.
const minPageSize = 50

// withSmallerPages returns the same position in a list, with a tenth of its
// page size. In the middle of a list, a token keeps the position; a page number
// alone would not.
func withSmallerPages(at *url.URL) (*url.URL, bool) {
	query := at.Query()
	size := number(query.Get("PageSize"))
	if size <= minPageSize || query.Has("Page") && !query.Has("PageToken") {
		return nil, false
	}
	query.Set("PageSize", strconv.Itoa(max(size/10, minPageSize)))
	smaller := *at
	smaller.RawQuery = query.Encode()
	return &smaller, true
}

func (q *query) fetchOnce(ctx context.Context, model *request, at *url.URL, remaining int, seen progress) pageResult {
	var meta ResponseMeta
	r := *model
	r.url, r.config.meta = at, &meta
	if r.err != nil {
		return pageResult{err: r.do(ctx, nil)}
	}
	p := &page{query: q, seen: seen, uri: at.RequestURI(), before: remaining, remaining: remaining}
	q.visited.visit(p.uri, seen.pages)
	err := r.do(ctx, func(inv *invocation) error {
		read, err := q.readPage(inv, p.uri, remaining)
		p.items, p.nextURI = read.Items, read.Next
		if p.nextURL, p.nextErr = q.locate(p.nextURI); p.nextErr == nil {
			p.nextURI = p.nextURL.RequestURI() // a cursor may be used on another edge
		}
		return err
	})
	if err != nil {
		return pageResult{err: withCursor(err, q.cursor(p.uri, remaining)), meta: meta}
	}
	p.unreadable = meta.Unreadable
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

// isOutside reports whether an item lies outside a range. Twilio's filters may
// be as coarse as a day.
func (q *query) isOutside(item any) bool {
	if odd, ok := item.(*oddItem); ok {
		if odd.undated || odd.item == nil {
			return false
		}
		item = odd.item
	}
	for i, t := range item.(dated).dates() {
		if !q.ranges[i].contains(t) {
			return true
		}
	}
	return false
}

// locate checks the URI of a page: it must be on the client's origin and on the
// list's own path, in any spelling. The request uses the list's own spelling.
func (q *query) locate(uri string) (*url.URL, error) {
	u, err := url.Parse(uri)
	switch {
	case err != nil:
		return nil, safeError("next_page_uri isn't a URL; not followed")
	case (u.IsAbs() || u.Host != "" || u.Opaque != "") && !q.isHost(u):
		return nil, safeError("next_page_uri leads to another host; not followed")
	case plainPath(u) != plainPath(q.first.url):
		return nil, safeError("next_page_uri leads to another list or another account; not followed")
	}
	at := *q.first.url
	at.RawQuery = u.RawQuery
	return &at, nil
}

// isHost reports whether a URL is on the host of the list.
func (q *query) isHost(u *url.URL) bool {
	shared := q.first.client.shared
	target, _ := shared.target(q.first.url)
	return isOrigin(u, &target) || q.first.url.Host != "" && isOrigin(u, &url.URL{Scheme: "https", Host: q.first.url.Host})
}

// isOrigin reports whether a URL is on an origin, which has no path.
func isOrigin(u, origin *url.URL) bool {
	return u.User == nil && u.Opaque == "" && u.Scheme == origin.Scheme &&
		strings.EqualFold(u.Hostname(), origin.Hostname()) && portOf(u) == portOf(origin)
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	default:
		return "80"
	}
}

// plainPath returns one spelling of a path for all that mean the same.
func plainPath(u *url.URL) string {
	return strings.TrimSuffix(path.Clean(u.Path), ".json")
}
