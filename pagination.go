package twilio

import (
	"context"
	"iter"
	"reflect"
)

// A Page is one page of a list.
type Page[T any] struct {
	// Items are the page's items, in Twilio's order. A page may have none and
	// still have a next one, where a date range dropped them.
	Items []*T
	// Unreadable are the fields of the page that make no sense and are zero in
	// Items, and the items that can't be read at all and are missing from them.
	// Beside a page with such an item, or with a price or currency that can't
	// be read, List and Next return a [*DecodeError].
	Unreadable []FieldError

	page *page
}

// HasNext reports whether there is a page after this one.
func (p *Page[T]) HasNext() bool { return p.page.hasNext() }

// Next reads the page after this one. If there is none, the error is a
// [*ParamError]; check HasNext first.
//
// The client follows Twilio's link to the next page only on the host that it is
// configured for. A link to a page that the list has already read is an error.
// In a list of more than 1,000 pages not every page is remembered, so the error
// may come some pages late.
func (p *Page[T]) Next(ctx context.Context) (*Page[T], error) { return typedPage[T](p.page.next(ctx)) }

// All iterates over the items of this page and of all pages after it, with the
// options of the request that returned this page. After Resume it is the rest
// of a list:
//
//	page, err := sub.Calls.Resume(ctx, cursor)
//	…
//	for call, err := range page.All(ctx) {
//
// A page can be iterated over again; the pages after it are then read again.
func (p *Page[T]) All(ctx context.Context) iter.Seq2[*T, error] {
	return itemsFrom(ctx, p.page, p.Items)
}

// Cursor returns the position of the page after this one, for Resume, in this
// process or another; it is empty on the last page. It holds the list's
// filters, phone numbers included, and no credentials.
func (p *Page[T]) Cursor() string { return p.page.nextCursor() }

// String counts the page's items, and shows none of the list's filters.
func (p *Page[T]) String() string { return p.page.describe(len(p.Items)) }

// GoString is String, for %#v.
func (p *Page[T]) GoString() string { return p.String() }

// pageOf reads one page of a list.
func pageOf[T any](ctx context.Context, q *query) (*Page[T], error) {
	item := reflect.TypeFor[*T]().Elem() // TypeFor[T] would be compiled for each T
	return typedPage[T](q.of(item).single(ctx))
}

func typedPage[T any](p *page, err error) (*Page[T], error) {
	if err != nil {
		return nil, err
	}
	items, err := typedItems[*T](p.takeItems())
	return &Page[T]{Items: items, Unreadable: p.unreadable, page: p}, err
}

//go:noinline
func typedItems[P any](items []any, err error) ([]P, error) {
	var typed []P
	for _, item := range items {
		typed = append(typed, item.(P))
	}
	return typed, err
}

// itemsFrom iterates over the items of a page, and of all pages after it.
//
//go:noinline
func itemsFrom[P any](ctx context.Context, p *page, items []P) iter.Seq2[P, error] {
	return func(yield func(P, error) bool) {
		next := func(item any, err error) bool {
			v, _ := item.(P) // nil beside an error
			return yield(v, err)
		}
		if p != nil && p.odd != nil {
			for _, item := range p.odd {
				if !next(unpack(item)) {
					return
				}
			}
		} else {
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
		}
		if p.hasNext() {
			p.query.allFrom(ctx, p, nil, next)
		}
	}
}
