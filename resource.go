package twilio

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"reflect"
	"slices"
)

// The verbs of a resource. An endpoint prepares requests and lists, which know
// no type of ours; send, pageOf and all carry them out and put a type on what
// they return. Whatever depends on a type parameter is compiled again for each
// type, and again in the packages of users, except that all pointer types share
// one copy. So P is always a pointer type, and all but the smallest functions
// must not be inlined.

// send sends a request and returns the resource that P, a pointer, points to.
func send[P any](ctx context.Context, r *request) (P, error) {
	v, err := r.resource(ctx, reflect.TypeFor[P]().Elem())
	resource, _ := v.(P) // nil beside an error
	return resource, err
}

// all iterates over a list whose items P, a pointer, points to.
//
//go:noinline
func all[P any](ctx context.Context, e endpoint, params listParams, opts []RequestOption, args ...string) iter.Seq2[P, error] {
	return func(yield func(P, error) bool) {
		q := e.query(params, opts, args...).of(reflect.TypeFor[P]().Elem())
		q.all(ctx, params, func(item any, err error) bool {
			v, _ := item.(P) // nil beside an error
			return yield(v, err)
		})
	}
}

// resumeAll iterates over the rest of a list from a cursor, which has the
// list's filters, those of WithForm included.
func resumeAll[P any](ctx context.Context, e endpoint, cursor string, opts []RequestOption, args ...string) iter.Seq2[P, error] {
	return func(yield func(P, error) bool) {
		q := e.resumed(cursor, append(slices.Clip(opts), func(c *requestConfig) { c.form = nil }), args...).of(reflect.TypeFor[P]().Elem())
		page, err := q.firstPage(ctx)
		q.allFrom(ctx, page, err, func(item any, err error) bool {
			v, _ := item.(P) // nil beside an error
			return yield(v, err)
		})
	}
}

func valueOrError[P any](v P, err error) (P, error) {
	if !hasValue(err) {
		return *new(P), err
	}
	return v, err
}

func (e endpoint) create(params any, opts []RequestOption, args ...string) *request {
	return e.request("create", http.MethodPost, params, opts, args)
}

func (e endpoint) get(opts []RequestOption, args ...string) *request {
	return e.request("get", http.MethodGet, nil, opts, args)
}

func (e endpoint) getWith(params any, opts []RequestOption, args ...string) *request {
	return e.request("get", http.MethodGet, params, opts, args)
}

func (e endpoint) update(params any, opts []RequestOption, args ...string) *request {
	r := e.request("update", http.MethodPost, params, opts, args)
	r.isUpdate = true
	return r
}

// resource sends the request and returns a pointer to the resource, of type t,
// unless the error leaves none.
func (r *request) resource(ctx context.Context, t reflect.Type) (any, error) {
	v := reflect.New(t).Interface()
	err := r.into(ctx, v)
	if r.isUpdate {
		err = r.confirmUpdate(ctx, v, err)
	}
	if !hasValue(err) {
		return nil, err
	}
	return v, err
}

func (e endpoint) delete(ctx context.Context, opts []RequestOption, args ...string) error {
	return e.request("delete", http.MethodDelete, nil, opts, args).do(ctx, deleted)
}

// deleted refuses a success that has an error's body, or a page that a proxy
// returned in place of Twilio.
func deleted(inv *invocation) error {
	body := bytes.TrimLeft(inv.body.Bytes(), " \t\r\n")
	switch e := readErrorBody(body); {
	case e.code != 0 || e.message != "":
		return safeError("want an empty response, got an error")
	case inv.status != http.StatusNoContent && bytes.HasPrefix(body, []byte("<")):
		return safeError("want an empty response, got a page; is there a proxy in between?")
	}
	return nil
}

// updatable is an item that can show whether an update has taken effect: its
// current values, by the names of the parameters that set them.
type updatable interface{ current() map[string]string }

// removable is an item that an update removes from its path, so that it isn't
// found there afterwards. removed fills in what the path says about it.
type removable interface{ removed(args []string) }

// confirmUpdate finds out what an update did if the response to one attempt was
// lost and Twilio refused the last attempt, perhaps because an earlier one took
// effect. The update has succeeded if the item now has every value that was
// sent. An outage or a rate limit isn't a refusal, and another request would
// only add to it.
func (r *request) confirmUpdate(ctx context.Context, v any, err error) error {
	e, failed := errors.AsType[*Error](err)
	if !failed || !e.maybeAppliedBefore || e.StatusCode >= 500 || errors.Is(e, ErrRateLimited) {
		return err
	}
	if item, ok := v.(removable); ok && r.idempotent && e.StatusCode == http.StatusNotFound {
		item.removed(r.args)
		return nil
	}
	item, ok := v.(updatable)
	if !ok {
		return err
	}
	at := r.endpoint
	if owner := r.form.Get("AccountSid"); owner != "" {
		at.client = at.client.Subaccount(owner) // a number that moved isn't found where it was
	}
	if lookErr := at.request("get", http.MethodGet, nil, withoutOwnOptions(r.opts), r.args).into(ctx, v); lookErr != nil || !hasValues(item.current(), r.form) {
		return err
	}
	return nil
}

// hasValues reports whether current has every value of a form.
func hasValues(current map[string]string, form url.Values) bool {
	for name := range form {
		if value, known := current[name]; !known || value != form.Get(name) {
			return false
		}
	}
	return true
}
