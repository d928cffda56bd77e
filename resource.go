package twilio

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"reflect"
	"slices"
)

// The verbs of a resource. They only put a type on what the methods of an
// endpoint do: whatever depends on a type parameter is compiled again for each
// type, and again in the packages of users.

func create[T any](ctx context.Context, e endpoint, params any, opts []RequestOption, args ...string) (*T, error) {
	v := new(T)
	return valueOrError(v, e.fill(ctx, "create", http.MethodPost, params, opts, args, v))
}

func get[T any](ctx context.Context, e endpoint, opts []RequestOption, args ...string) (*T, error) {
	v := new(T)
	return valueOrError(v, e.fill(ctx, "get", http.MethodGet, nil, opts, args, v))
}

func getWith[T any](ctx context.Context, e endpoint, params any, opts []RequestOption, args ...string) (*T, error) {
	v := new(T)
	return valueOrError(v, e.fill(ctx, "get", http.MethodGet, params, opts, args, v))
}

func update[T any](ctx context.Context, e endpoint, params any, opts []RequestOption, args ...string) (*T, error) {
	v := new(T)
	return valueOrError(v, e.update(ctx, params, opts, args, v))
}

func list[T any](ctx context.Context, e endpoint, params listParams, opts []RequestOption, args ...string) (*Page[T], error) {
	e.item = reflect.TypeFor[T]()
	return pageOf[T](e.query(params, opts, args).single(ctx))
}

func resume[T any](ctx context.Context, e endpoint, cursor string, opts []RequestOption, args ...string) (*Page[T], error) {
	e.item = reflect.TypeFor[T]()
	return pageOf[T](e.resumed(cursor, opts, args).single(ctx))
}

func all[T any](ctx context.Context, e endpoint, params listParams, opts []RequestOption, args ...string) iter.Seq2[*T, error] {
	e.item = reflect.TypeFor[T]()
	return func(yield func(*T, error) bool) {
		e.query(params, opts, args).all(ctx, params, func(item any, err error) bool {
			v, _ := item.(*T) // nil beside an error
			return yield(v, err)
		})
	}
}

// resumeAll iterates over the rest of a list from a cursor, which has the
// list's filters, those of WithForm included.
func resumeAll[T any](ctx context.Context, e endpoint, cursor string, opts []RequestOption, args ...string) iter.Seq2[*T, error] {
	e.item = reflect.TypeFor[T]()
	return func(yield func(*T, error) bool) {
		q := e.resumed(cursor, append(slices.Clip(opts), func(c *requestConfig) { c.form = nil }), args)
		page, err := q.firstPage(ctx)
		q.allFrom(ctx, page, err, func(item any, err error) bool {
			v, _ := item.(*T) // nil beside an error
			return yield(v, err)
		})
	}
}

func valueOrError[T any](v *T, err error) (*T, error) {
	if !hasValue(err) {
		return nil, err
	}
	return v, err
}

// fill sends a request and fills v, a pointer, from the response.
func (e endpoint) fill(ctx context.Context, verb, method string, params any, opts []RequestOption, args []string, v any) error {
	return e.request(verb, method, params, opts, args).into(ctx, v)
}

func (e endpoint) delete(ctx context.Context, opts []RequestOption, args ...string) error {
	return e.request("delete", http.MethodDelete, nil, opts, args).do(ctx, deleted)
}

// deleted refuses a success that has an error's body.
func deleted(inv *invocation) error {
	if e := readErrorBody(inv.body.Bytes()); e.code != 0 || e.message != "" {
		return safeError("want an empty response, got an error")
	}
	return nil
}

func (e endpoint) update(ctx context.Context, params any, opts []RequestOption, args []string, v any) error {
	r := e.request("update", http.MethodPost, params, opts, args)
	return r.confirmUpdate(ctx, v, r.into(ctx, v))
}

// updatable is an item that can show whether an update has taken effect: its
// current values, by the names of the parameters that set them.
type updatable interface{ current() map[string]string }

// removable is an item that an update takes away from its path, so that it
// isn't found there afterwards. removed fills in what the path says of it.
type removable interface{ removed(args []string) }

// confirmUpdate finds out what an update did when an attempt of it was lost and
// Twilio refuses the last: that may be because the first took effect. It has
// succeeded if the item now has every value that was sent. An outage or a rate
// limit is no refusal, and looking would only add to it.
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
	if lookErr := at.request("get", http.MethodGet, nil, nil, r.args).into(ctx, v); lookErr != nil || !hasValues(item.current(), r.form) {
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
