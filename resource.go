package twilio

import (
	"context"
	"errors"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// resource describes one resource of the API. Its methods are the verbs, which
// every service method goes through.
type resource[T any] struct {
	name string   // begins the operations' names: "calls"
	path string   // under the account: "/Calls"
	list string   // the member of a list's answer that holds the items
	sid  []string // what the SIDs begin with
	root bool     // lives beside the account, as Accounts does, not under it
	// times are an item's dates that lists have ranges of, in the order of the
	// params' ranges.
	times func(*T) []time.Time
}

// request begins a request to the resource or, given a tail, below it.
func (r resource[T]) request(c *Client, verb, method, tail string) *request {
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

// value sends a request that answers with one T.
func (r resource[T]) value(ctx context.Context, c *Client, req *request, opts []RequestOption) (*T, error) {
	v := new(T)
	if err := c.do(ctx, req, newSettings(opts), func(body []byte) error { return decode(body, v) }); err != nil {
		return nil, err
	}
	return v, nil
}

// create is never repeated once it may have taken effect.
func (r resource[T]) create(ctx context.Context, c *Client, params any, opts []RequestOption) (*T, error) {
	req := r.request(c, "create", http.MethodPost, "")
	var err error
	if req.form, err = encode(params); err != nil {
		return nil, refuse(req.operation, err)
	}
	return r.value(ctx, c, req, opts)
}

// get reads the instance that sid names.
func (r resource[T]) get(ctx context.Context, c *Client, sid string, opts []RequestOption) (*T, error) {
	if err := checkSID("sid", sid, r.sid...); err != nil {
		return nil, refuse(r.name+".get", err)
	}
	return r.value(ctx, c, r.request(c, "get", http.MethodGet, "/"+sid), opts)
}

// update sets absolute values, so that it is repeated unless its params say
// otherwise.
func (r resource[T]) update(ctx context.Context, c *Client, sid string, params any, opts []RequestOption) (*T, error) {
	req := r.request(c, "update", http.MethodPost, "/"+sid)
	err := checkSID("sid", sid, r.sid...)
	if err == nil {
		req.form, err = encode(params)
	}
	if err != nil {
		return nil, refuse(req.operation, err)
	}
	p, ok := params.(repeater)
	req.safe = !ok || p.repeatable()
	return r.value(ctx, c, req, opts)
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

// delete removes the instance that sid names. Where an earlier attempt was lost,
// "not found" means that it did its work.
func (r resource[T]) delete(ctx context.Context, c *Client, sid string, opts []RequestOption) error {
	req := r.request(c, "delete", http.MethodDelete, "/"+sid)
	if err := checkSID("sid", sid, r.sid...); err != nil {
		return refuse(req.operation, err)
	}
	err := c.do(ctx, req, newSettings(opts), nil)
	if e, ok := errors.AsType[*Error](err); ok && e.repeated && e.StatusCode == http.StatusNotFound {
		return nil
	}
	return err
}

// listing prepares a list, whose first page isn't read yet.
func (r resource[T]) listing(c *Client, params lister, set settings) (*listing[T], error) {
	req := r.request(c, "list", http.MethodGet, "")
	limit, size := params.paging()
	form, err := encode(params)
	if err := firstOf(err, atLeastZero("Limit", limit), between("PageSize", size, 0, maxPageSize)); err != nil {
		return nil, refuse(req.operation, err)
	}
	l := &listing[T]{resource: r, client: c, settings: set, first: req.url, left: -1}
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
func (r resource[T]) page(ctx context.Context, c *Client, params lister, opts []RequestOption) (*Page[T], error) {
	l, err := r.listing(c, params, newSettings(opts))
	if err != nil {
		return nil, err
	}
	return l.hand(l.fetch(ctx, l.first, l.left, nil))
}

// all iterates over a list from its first page. A caller who has gone through a
// whole page is likely to want the rest, so from then on the next page is
// fetched while the current one is worked on.
func (r resource[T]) all(ctx context.Context, c *Client, params lister, opts []RequestOption) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		if set := newSettings(opts); set.parallelism > 1 {
			r.parallel(ctx, c, params, set, yield)
			return
		}
		page, err := r.page(ctx, c, params, opts)
		var pages <-chan fetched[T]
		for {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, item := range page.Items {
				if !yield(item, nil) {
					return
				}
			}
			switch l := page.listing; {
			case !page.HasNext():
				return
			case l.settings.lookahead == 0:
				page, err = page.Next(ctx)
			case pages == nil:
				aheadCtx, cancel := context.WithCancel(ctx)
				pages = l.ahead(aheadCtx, page, l.settings.lookahead)
				defer func() {
					cancel()
					for range pages { // until the goroutine has ended
					}
				}()
				fallthrough
			default:
				next, open := <-pages
				if !open { // ctx was done before a page came
					next = l.after(ctx, page)
				}
				page, err = l.hand(next)
			}
		}
	}
}

// resume reads the page that a cursor stands for.
func (r resource[T]) resume(ctx context.Context, c *Client, text string, opts []RequestOption) (*Page[T], error) {
	req := r.request(c, "list", http.MethodGet, "")
	at, err := parseCursor(text)
	l := &listing[T]{resource: r, client: c, settings: newSettings(opts)}
	switch {
	case err != nil:
	case at.List != r.name:
		err = errOtherCursor
	case !r.fits(at.Ranges), at.Then != nil && !r.fits(at.Then.Ranges):
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
func (r resource[T]) fits(ranges []timeRange) bool {
	return len(ranges) == 0 || r.times != nil && len(ranges) == len(r.times(new(T)))
}
