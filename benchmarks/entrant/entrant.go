// Package entrant is what a scenario knows of the libraries that it compares:
// each fetches a call, creates one and iterates over a list, in its own way and
// with its own type for a call.
package entrant

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"time"
)

// The account that every entrant uses, and the call that every entrant creates.
const (
	AccountSID = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	AuthToken  = "0123456789abcdef0123456789abcdef"

	From = "+14158141829"
	To   = "+16518675310"
	URL  = "https://example.com/voice?customer=42"

	// PageSize is the largest page that the API returns; every entrant requests
	// it.
	PageSize = 1000
)

// Query selects the calls of a list: those that started in [From, To), both
// midnight UTC, or all when both are zero.
type Query struct {
	From, To time.Time
	// Parallelism is how many pages an entrant that can do so may fetch at
	// once.
	Parallelism int
}

// Record is what must be the same in the calls of all entrants. Times are in
// Unix seconds, the price in millionths, and what is null in the response is
// zero.
type Record struct {
	SID, AccountSID, From, To, Status, Direction, PriceUnit string
	Recordings                                              string // of the subresource URIs
	Created, Updated, Started, Ended                        int64
	Seconds, QueueMillis                                    int
	Micros                                                  int64
}

// See is called with each call as it arrives. Measurements only count the
// calls; the tests request the record.
type See func(record func() (Record, error))

// Entrant is a library without its type for a call, so that one scenario serves
// all.
type Entrant interface {
	Get(ctx context.Context, sid string, see See) error
	Create(ctx context.Context, see See) error
	List(ctx context.Context, query Query, see See) error
	// Keep returns a slice of all calls.
	Keep(ctx context.Context) (calls any, err error)
}

// Library is a library as it is used; C is its own type for a call. Nothing is
// converted during a measurement: Record does that, for the tests.
//
// The linker keeps every method that has the name of one of these, whatever its
// type, since C is a type parameter. ListCalls isn't called List because each
// service of this SDK has a method of that name.
type Library[C any] interface {
	Get(ctx context.Context, sid string) (C, error)
	Create(ctx context.Context) (C, error)
	ListCalls(ctx context.Context, query Query) iter.Seq2[C, error]
	Record(C) (Record, error)
}

// Keeper is a Library whose List returns the same C again and again.
type Keeper interface {
	Keep(ctx context.Context) (calls any, err error)
}

// Of hides the type of a library's calls.
func Of[C any](library Library[C]) Entrant { return hidden[C]{library} }

type hidden[C any] struct{ library Library[C] }

func (h hidden[C]) one(call C, err error, see See) error {
	if err == nil {
		see(func() (Record, error) { return h.library.Record(call) })
	}
	return err
}

func (h hidden[C]) Get(ctx context.Context, sid string, see See) error {
	call, err := h.library.Get(ctx, sid)
	return h.one(call, err, see)
}

func (h hidden[C]) Create(ctx context.Context, see See) error {
	call, err := h.library.Create(ctx)
	return h.one(call, err, see)
}

func (h hidden[C]) List(ctx context.Context, query Query, see See) error {
	var current C // one closure for the whole list, so that the harness adds nothing per call
	record := func() (Record, error) { return h.library.Record(current) }
	for call, err := range h.library.ListCalls(ctx, query) {
		if err != nil {
			return err
		}
		current = call
		see(record)
	}
	return nil
}

func (h hidden[C]) Keep(ctx context.Context) (any, error) {
	if own, ok := h.library.(Keeper); ok {
		return own.Keep(ctx)
	}
	var calls []C
	for call, err := range h.library.ListCalls(ctx, Query{}) {
		if err != nil {
			return nil, err
		}
		calls = append(calls, call)
	}
	return slices.Clip(calls), nil
}

// Micros parses a price as it is in the response, for libraries that leave it a
// string. Empty is zero.
func Micros(price string) (int64, error) {
	if price == "" {
		return 0, nil
	}
	value, err := strconv.ParseFloat(price, 64)
	if err != nil {
		return 0, fmt.Errorf("price: %w", err)
	}
	return int64(math.Round(value * 1e6)), nil
}
