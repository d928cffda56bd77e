package twilio

import (
	"context"
	"errors"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"time"
)

// route describes one resource of the API: what its requests and answers look
// like, but for the type of an answer.
//
// The verbs of a resource are the functions below, which only put that type on
// what the methods of its route do: whatever depends on a type parameter is
// compiled once more for each type, and again in the packages of users.
type route struct {
	name string   // begins the operations' names: "calls"
	path string   // under the account: "/Calls"
	list string   // the member of a list's answer that holds the items
	sid  []string // what the SIDs begin with
	root bool     // lives beside the account, as Accounts does, not under it
	// times are an item's dates that lists have ranges of, in the order of the
	// params' ranges. The item is a pointer.
	times func(item any) []time.Time
}

func create[T any](ctx context.Context, c *Client, r *route, params any, opts []RequestOption) (*T, error) {
	v := new(T)
	return answered(v, r.create(ctx, c, params, v, opts))
}

func get[T any](ctx context.Context, c *Client, r *route, sid string, opts []RequestOption) (*T, error) {
	v := new(T)
	return answered(v, r.get(ctx, c, sid, v, opts))
}

// single reads what has no SID: tail is its path below the resource's.
func single[T any](ctx context.Context, c *Client, r *route, tail string, opts []RequestOption) (*T, error) {
	v := new(T)
	return answered(v, c.value(ctx, r.request(c, "get", http.MethodGet, tail), v, opts))
}

func update[T any](ctx context.Context, c *Client, r *route, sid string, params any, opts []RequestOption) (*T, error) {
	v := new(T)
	return answered(v, r.update(ctx, c, sid, params, v, opts))
}

func answered[T any](v *T, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	return v, nil
}

func list[T any](ctx context.Context, c *Client, r *route, params lister, opts []RequestOption) (*Page[T], error) {
	return pageOf[T](r.page(ctx, c, reflect.TypeFor[T](), params, newSettings(opts)))
}

func resume[T any](ctx context.Context, c *Client, r *route, cursor string, opts []RequestOption) (*Page[T], error) {
	return pageOf[T](r.resume(ctx, c, reflect.TypeFor[T](), cursor, newSettings(opts)))
}

func all[T any](ctx context.Context, c *Client, r *route, params lister, opts []RequestOption) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		r.all(ctx, c, reflect.TypeFor[T](), params, newSettings(opts), func(item any, err error) bool {
			v, _ := item.(*T) // nil beside an error
			return yield(v, err)
		})
	}
}

// request begins a request to the resource or, given a tail, below it.
func (r *route) request(c *Client, verb, method, tail string) *request {
	account := c.accountSID
	path := apiRoot + "/Accounts/" + account + r.path + tail + ".json"
	if r.root {
		account, path = c.credentials.accountSID, apiRoot+"/Accounts"+tail+".json"
	}
	return &request{
		operation: r.name + "." + verb,
		method:    method,
		account:   account,
		url:       &url.URL{Path: path},
		safe:      method != http.MethodPost,
	}
}

// value sends a request whose answer fills v, a pointer.
func (c *Client) value(ctx context.Context, req *request, v any, opts []RequestOption) error {
	return c.do(ctx, req, newSettings(opts), func(body []byte) error { return decode(body, v) })
}

// create is never repeated once it may have taken effect.
func (r *route) create(ctx context.Context, c *Client, params, v any, opts []RequestOption) error {
	req := r.request(c, "create", http.MethodPost, "")
	var err error
	if req.form, err = encode(params); err != nil {
		return refuse(req.operation, err)
	}
	return c.value(ctx, req, v, opts)
}

// get reads the instance that sid names.
func (r *route) get(ctx context.Context, c *Client, sid string, v any, opts []RequestOption) error {
	if err := checkSID("sid", sid, r.sid...); err != nil {
		return refuse(r.name+".get", err)
	}
	return c.value(ctx, r.request(c, "get", http.MethodGet, "/"+sid), v, opts)
}

// update sets absolute values, so that it is repeated unless its params say
// otherwise.
func (r *route) update(ctx context.Context, c *Client, sid string, params, v any, opts []RequestOption) error {
	req := r.request(c, "update", http.MethodPost, "/"+sid)
	err := checkSID("sid", sid, r.sid...)
	if err == nil {
		req.form, err = encode(params)
	}
	if err != nil {
		return refuse(req.operation, err)
	}
	p, ok := params.(repeater)
	req.safe = !ok || p.repeatable()
	return c.value(ctx, req, v, opts)
}

// settle finds out what an update did when an attempt of it was lost and
// Twilio refuses the last: that may be because the first took effect. It looks,
// and has succeeded if what it sees is done. An outage or a rate limit is no
// refusal, and looking would only add to it.
func settle[T any](v *T, err error, look func() (*T, error), done func(*T) bool) (*T, error) {
	if e, ok := errors.AsType[*Error](err); !ok || !e.repeated || e.StatusCode >= 500 || errors.Is(e, ErrRateLimited) {
		return v, err
	}
	if now, lookErr := look(); lookErr == nil && done(now) {
		return now, nil
	}
	return v, err
}

// delete removes the instance that sid names.
func (r *route) delete(ctx context.Context, c *Client, sid string, opts []RequestOption) error {
	req := r.request(c, "delete", http.MethodDelete, "/"+sid)
	if err := checkSID("sid", sid, r.sid...); err != nil {
		return refuse(req.operation, err)
	}
	return c.do(ctx, req, newSettings(opts), nil)
}

// listing prepares a list, whose first page isn't read yet.
func (r *route) listing(c *Client, item reflect.Type, params lister, set settings) (*listing, error) {
	req := r.request(c, "list", http.MethodGet, "")
	limit, size := params.paging()
	form, err := encode(params)
	if err := firstOf(err, atLeastZero("Limit", limit), between("PageSize", size, 0, maxPageSize)); err != nil {
		return nil, refuse(req.operation, err)
	}
	l := &listing{route: r, item: item, client: c, settings: set, first: req.url, left: -1}
	if limit > 0 {
		l.left = limit
	}
	if p, ok := params.(ranger); ok {
		l.ranges = p.ranges()
	}
	if size == 0 {
		size = maxPageSize
		// What a range drops here would have to be fetched in small pages.
		if limit > 0 && !l.ranged() {
			size = min(limit, maxPageSize)
		}
	}
	form.Set("PageSize", strconv.Itoa(size))
	maps.Copy(form, set.form)
	l.first.RawQuery = form.Encode()
	return l, nil
}

// page reads the first page of a list.
func (r *route) page(ctx context.Context, c *Client, item reflect.Type, params lister, set settings) (*page, error) {
	l, err := r.listing(c, item, params, set)
	if err != nil {
		return nil, err
	}
	return l.hand(l.fetch(ctx, l.first, l.left, nil))
}

// all iterates over a list from its first page. A caller who has gone through a
// whole page is likely to want the rest, so from then on the next page is
// fetched while the current one is worked on.
func (r *route) all(ctx context.Context, c *Client, item reflect.Type, params lister, set settings, yield func(item any, err error) bool) {
	if set.parallelism > 1 {
		r.parallel(ctx, c, item, params, set, yield)
		return
	}
	page, err := r.page(ctx, c, item, params, set)
	var pages <-chan fetched
	for {
		if err != nil {
			yield(nil, err)
			return
		}
		for i, item := range page.items {
			page.items[i] = nil // the caller's to keep or to let go
			if !yield(item, nil) {
				return
			}
		}
		switch {
		case !page.hasNext():
			return
		case set.lookahead == 0:
			page, err = page.after(ctx)
		case pages == nil:
			aheadCtx, cancel := context.WithCancel(ctx)
			pages = page.listing.ahead(aheadCtx, page, set.lookahead)
			defer func() {
				cancel()
				for range pages { // until the goroutine has ended
				}
			}()
			fallthrough
		default:
			next, open := <-pages
			if !open { // ctx was done before a page came
				next = page.listing.after(ctx, page)
			}
			page, err = page.listing.hand(next)
		}
	}
}

// resume reads the page that a cursor stands for.
func (r *route) resume(ctx context.Context, c *Client, item reflect.Type, text string, set settings) (*page, error) {
	req := r.request(c, "list", http.MethodGet, "")
	at, err := parseCursor(text)
	l := &listing{route: r, item: item, client: c, settings: set}
	switch {
	case err != nil:
	case at.List != r.name:
		err = errOtherCursor
	case !r.fits(item, at.Ranges), at.Then != nil && !r.fits(item, at.Then.Ranges):
		err = errNoCursor
	}
	if err == nil {
		l.first, err = at.place.url(req.url.Path)
		l.ranges = at.Ranges
	}
	if err == nil && at.Then != nil {
		then := *l
		then.first, err = at.Then.url(req.url.Path)
		then.ranges = at.Then.Ranges
		l.then = &then
	}
	if err != nil {
		return nil, refuse(req.operation, err)
	}
	return l.hand(l.fetch(ctx, l.first, at.Left, nil))
}

// fits reports whether the ranges of a cursor can be those of the resource's
// lists.
func (r *route) fits(item reflect.Type, ranges []timeRange) bool {
	return len(ranges) == 0 || r.times != nil && len(ranges) == len(r.times(reflect.New(item).Interface()))
}
