package twilio

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// maxPageSize is the largest page that Twilio answers with.
const maxPageSize = 1000

// Page is one page of a list.
type Page[T any] struct {
	// Items are the page's items, in Twilio's order. A page may have none and
	// still have a next one, where a date range dropped them.
	Items []*T

	page *page
}

// HasNext reports whether there is a page after this one.
func (p *Page[T]) HasNext() bool { return p.page.hasNext() }

// Next reads the page after this one. Where there is none, that is a
// [*ParamError]; ask HasNext first.
//
// Twilio says where the next page is, and is followed only on the host that the
// client is configured for, and never to a page that the list has been on.
func (p *Page[T]) Next(ctx context.Context) (*Page[T], error) { return pageOf[T](p.page.after(ctx)) }

// Cursor stands for the page after this one, for Resume, in this process or
// another; it is empty on the last page. It holds the list's filters, phone
// numbers included, and no credentials.
func (p *Page[T]) Cursor() string { return p.page.cursorAfter() }

// String counts the page's items, and shows none of the list's filters.
func (p *Page[T]) String() string {
	s := "twilio.Page(" + strconv.Itoa(len(p.Items)) + " items"
	if p.HasNext() {
		s += ", more to come"
	}
	return s + ")"
}

// GoString is String, for %#v.
func (p *Page[T]) GoString() string { return p.String() }

// pageOf gives a page its type.
func pageOf[T any](p *page, err error) (*Page[T], error) {
	if err != nil {
		return nil, err
	}
	typed := &Page[T]{page: p}
	for _, item := range p.items {
		typed.Items = append(typed.Items, item.(*T))
	}
	p.items = nil // they are the caller's to keep or to let go
	return typed, nil
}

// page is a page of a list of whatever type. Package fmt follows no pointer into
// it from a Page: a list's filters may be phone numbers.
type page struct {
	items   []any // pointers
	listing *listing
	trail   *trail
	before  int // how many items the limit allowed before this page; -1 for any number
	left    int // and after it
}

func (p *page) hasNext() bool {
	// A Page that somebody made has none.
	return p != nil && p.left != 0 && (p.trail.next != "" || p.listing.then != nil)
}

// after reads the next page, for the caller to have now.
func (p *page) after(ctx context.Context) (*page, error) {
	if !p.hasNext() {
		return nil, &ParamError{Field: "Next", Reason: "was called on the last page; ask HasNext first"}
	}
	return p.listing.hand(p.listing.after(ctx, p))
}

// cursor is where the page itself is.
func (p *page) cursor() string { return p.listing.cursor(p.trail.uri, p.before) }

// cursorAfter is where the page after it is.
func (p *page) cursorAfter() string {
	switch {
	case !p.hasNext():
		return ""
	case p.trail.next == "":
		then := p.listing.then
		return then.cursor(then.first.RequestURI(), p.left)
	default:
		return p.listing.cursor(p.trail.next, p.left)
	}
}

// trail is the way that a list has come, newest page first. It is no part of the
// page, or a list would keep all pages that it has been on in memory.
type trail struct {
	uri    string
	next   string // Twilio's next_page_uri, as it came, but without our own origin
	before *trail
}

func (t *trail) has(uri string) bool {
	for ; t != nil; t = t.before {
		if t.uri == uri {
			return true
		}
	}
	return false
}

// listing is what the pages of one list share.
type listing struct {
	route    *route
	item     reflect.Type
	client   *Client
	settings settings
	ranges   []timeRange
	first    *url.URL // path and query of the first page
	left     int      // how many items the limit allows in all; -1 for any number
	// then is the list that this one goes on with, where a range was divided.
	then *listing
}

// ranged reports whether items have to be dropped here.
func (l *listing) ranged() bool {
	return slices.ContainsFunc(l.ranges, func(r timeRange) bool { return !r.open() })
}

// fetched is a page, or the error in its place, before it is handed out.
type fetched struct {
	page *page
	err  error
	meta ResponseMeta
}

// hand gives a page to the caller. Only now does the caller's ResponseMeta
// change: a page may have been fetched ahead, while the caller looked at it.
func (l *listing) hand(f fetched) (*page, error) {
	if l.settings.meta != nil && f.meta.Attempts > 0 {
		*l.settings.meta = f.meta
	}
	return f.page, f.err
}

// after reads the page that follows another.
func (l *listing) after(ctx context.Context, p *page) fetched {
	if p.trail.next == "" {
		return l.then.fetch(ctx, l.then.first, p.left, nil)
	}
	at, err := l.follow(p.trail.next, p.trail)
	if err != nil {
		return fetched{err: err}
	}
	return l.fetch(ctx, at, p.left, p.trail)
}

// fetch reads the page at a place. left is how many items it may hold.
func (l *listing) fetch(ctx context.Context, at *url.URL, left int, way *trail) fetched {
	req := l.route.request(l.client, "list", http.MethodGet, "")
	req.url = at
	var meta ResponseMeta
	set := l.settings
	set.meta = &meta
	set.form = nil // the first page's query has it, and Twilio repeats it in the next one's
	page := &page{listing: l, trail: &trail{uri: at.RequestURI(), before: way}, before: left, left: left}
	err := l.client.do(ctx, req, set, func(body []byte) (err error) {
		page.items, page.trail.next, err = decodePage(body, l.route.list, l.item)
		if path, ok := strings.CutPrefix(page.trail.next, l.client.core.origin.String()+"/"); ok {
			page.trail.next = "/" + path
		}
		return err
	})
	if err != nil {
		return fetched{err: withCursor(err, l.cursor(at.RequestURI(), left)), meta: meta}
	}
	if l.ranged() {
		page.items = slices.DeleteFunc(page.items, l.outside)
	}
	if left >= 0 {
		page.items = page.items[:min(left, len(page.items))]
		page.left -= len(page.items)
	}
	return fetched{page: page, meta: meta}
}

// ahead fetches the pages after p while the caller works on those before, up to
// n of them, and sends them in order. It ends with the list, with an error, or
// with ctx.
func (l *listing) ahead(ctx context.Context, p *page, n int) <-chan fetched {
	pages := make(chan fetched, n-1) // one more is in the goroutine's hand
	go func() {
		defer close(pages)
		for p.hasNext() {
			next := l.after(ctx, p)
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

// outside reports whether an item lies outside of a range. Twilio's filters may
// be as coarse as a day.
func (l *listing) outside(item any) bool {
	for i, t := range l.route.times(item) {
		if !l.ranges[i].contains(t) {
			return true
		}
	}
	return false
}

// follow checks where Twilio says that the next page is.
func (l *listing) follow(next string, way *trail) (*url.URL, error) {
	refuse := func(why plainError) (*url.URL, error) {
		x := &exchange{operation: l.route.name + ".list", account: l.client.accountSID}
		return nil, x.transportError(why, false)
	}
	at, err := url.Parse(next)
	if err != nil {
		return refuse("next_page_uri isn't a URL; not followed")
	}
	if at.IsAbs() || at.Host != "" {
		return refuse("next_page_uri leads to another host; not followed")
	}
	if at.Path != l.first.Path {
		return refuse("next_page_uri leads to another list or another account; not followed")
	}
	if way.has(at.RequestURI()) {
		return refuse("next_page_uri leads back to a page that was read already; not followed")
	}
	return at, nil
}

// cursor is the text form of a place in a list.
type cursor struct {
	List string `json:"list"`
	Left int    `json:"left"`
	place
	Then *place `json:"then,omitempty"` // the list to go on with
}

// place is a page of a list, and what of it counts.
type place struct {
	URI    string      `json:"uri"`
	Ranges []timeRange `json:"ranges,omitempty"`
}

// url is the place's path and query. A cursor may have been in the hands of
// others, so it leads nowhere but to the list that it is used on.
func (p place) url(path string) (*url.URL, error) {
	u, err := url.Parse(p.URI)
	switch {
	case err != nil || u.IsAbs() || u.Host != "":
		return nil, errNoCursor
	case u.Path != path:
		return nil, errOtherCursor
	default:
		return u, nil
	}
}

var (
	errNoCursor    = &ParamError{Field: "cursor", Reason: "isn't one; give what Cursor of a page or an error returned"}
	errOtherCursor = &ParamError{Field: "cursor", Reason: "belongs to another list or another account"}
)

func (l *listing) cursor(uri string, left int) string {
	c := cursor{List: l.route.name, Left: left, place: place{URI: uri, Ranges: l.ranges}}
	if l.then != nil {
		c.Then = &place{URI: l.then.first.RequestURI(), Ranges: l.then.ranges}
	}
	text, err := json.Marshal(c)
	if err != nil {
		return "" // a time of a year beyond 9999, which no list has
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func parseCursor(text string) (cursor, error) {
	var c cursor
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil {
		return cursor{}, errNoCursor
	}
	return c, nil
}

// withCursor notes in an error of a list where to go on.
func withCursor(err error, cursor string) error {
	if e, ok := errors.AsType[*Error](err); ok {
		e.Cursor = cursor
	} else if e, ok := errors.AsType[*TransportError](err); ok {
		e.Cursor = cursor
	}
	return err
}
