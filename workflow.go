package twilio

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

// What the workflows share: the check that a client is usable, a bounded number
// of goroutines, and the loop that works through a list until it has no new
// items.

// defaultConcurrency is how many items a workflow works on at once where the
// caller doesn't choose.
const defaultConcurrency = 8

// outageAfter is how many failures in a row, each after the client's own
// retries, a workflow takes for an outage.
const outageAfter = 5

func errZeroClient() error {
	return &ParamError{Field: "Client", Reason: "is a zero value; make one with NewClient"}
}

// ready refuses an endpoint that no client has made.
func (e endpoint) ready() error {
	if e.client == nil || e.client.shared == nil {
		return errZeroClient()
	}
	return nil
}

// findOrCreate returns what find finds, or else what create creates; created
// says which. If the outcome of create is unknown, it looks again.
func findOrCreate[T any](find, create func() (*T, error)) (v *T, created bool, err error) {
	if v, err = find(); v != nil || err != nil {
		return v, false, err
	}
	v, err = create()
	if errors.Is(err, ErrOutcomeUnknown) {
		if found, lookErr := find(); found != nil && lookErr == nil {
			return found, true, nil
		}
	}
	return v, v != nil, err
}

// readItems collects the items of a list that can be read, those with a price
// that can't be read included. unreadable is the error of the first item that
// can't be read at all; err is why the list ended early.
func readItems[T any](list iter.Seq2[*T, error]) (items []*T, unreadable, err error) {
	for item, err := range list {
		switch {
		case item != nil:
			items = append(items, item)
		case hasValue(err):
			unreadable = firstError(unreadable, err)
		default:
			return items, unreadable, err
		}
	}
	return items, unreadable, nil
}

// A PanicError is a panic in a goroutine that this package started, such as
// that of a callback of [AccountService.ForEach].
type PanicError struct {
	// Value is what panic was called with.
	Value any
	// Stack is the stack of the goroutine that panicked.
	Stack []byte
}

// Error names the type of the value, and not the value, whose text may be
// private.
func (e *PanicError) Error() string {
	return fmt.Sprintf("twilio: panic with a value of type %T", e.Value)
}

// An itemError is the error of one item of a workflow, or of one of the
// caller's functions.
type itemError struct {
	what string // and which: "call CA…"
	err  error
}

func (e *itemError) Error() string { return e.what + ": " + e.err.Error() }

func (e *itemError) Unwrap() error { return e.err }

// callbackError is the error of one of the caller's functions.
func callbackError(operation, name string, err error) error {
	return &itemError{"twilio: " + operation + ": " + name, err}
}

// LogValue leaves out the API's message, as that of [Error] does.
func (e *itemError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("item", e.what), slog.Attr{Key: "error", Value: logValue(e.err)})
}

// errGoexit is the end of a goroutine that neither returned nor panicked.
const errGoexit sentinel = "twilio: the goroutine was ended by runtime.Goexit, which t.FailNow and t.SkipNow call"

// A group runs functions for the goroutine that owns it, each in a goroutine of
// its own and at most size at once.
type group struct {
	size, running int
	ends          chan func() // for the owner to receive and to call
	panicked      *PanicError // the first
}

func newGroup(size int) *group { return &group{size: size, ends: make(chan func())} }

// start calls do in a goroutine. When that ends, whether do returned, panicked
// or called runtime.Goexit, ends receives a function that passes the error to
// ended.
func (c *group) start(do func() error, ended func(error)) {
	c.running++
	go func() {
		err := error(errGoexit)
		defer func() {
			if value := recover(); value != nil {
				err = &PanicError{Value: value, Stack: debug.Stack()}
			}
			c.ends <- func() {
				c.running--
				if e, ok := err.(*PanicError); ok && c.panicked == nil { //nolint:errorlint // that of this function, as it came
					c.panicked = e
				}
				ended(err)
			}
		}()
		err = do()
	}()
}

// run starts do for each number below n, as long as more allows it, and waits
// for all. It panics with the value of the first that panicked, after which it
// starts no other.
func (c *group) run(n int, more func() bool, do func(i int) error, ended func(i int, err error)) {
	defer c.wait()
	for next := 0; ; {
		for next < n && c.running < c.size && c.panicked == nil && more() {
			i := next
			next++
			c.start(func() error { return do(i) }, func(err error) { ended(i, err) })
		}
		if c.running == 0 {
			c.repanic()
			return
		}
		(<-c.ends)()
	}
}

// wait waits until nothing runs any more, and drops the results.
func (c *group) wait() {
	for ; c.running > 0; c.running-- {
		<-c.ends
	}
}

// repanic passes a panic on to the goroutine that owns the group.
func (c *group) repanic() {
	if c.panicked != nil {
		panic(c.panicked.Value) //nolint:forbidigo // the caller's own, in the caller's goroutine
	}
}

// each calls do for each number below n, a few at once, until one fails, and
// returns the first error.
func each(size, n int, do func(i int) error) (first error) {
	newGroup(size).run(n, func() bool { return first == nil }, do, func(_ int, err error) {
		if first == nil {
			first = err
		}
	})
	return first
}

// A drain works on every item of a list, once each and a few at a time, and
// reads the list again until it has no new ones.
type drain[T any] struct {
	operation, account string
	kind               string // what an item is, for errors
	concurrency        int

	sid func(*T) string
	// list reads the items. Those that it found before an error count too.
	list func(context.Context) ([]*T, error)
	// do works on one item, beside others.
	do func(context.Context, *T) (*T, error)
	// isFatal reports whether an error says more about Twilio than about the
	// item. Several of them in a row end the drain.
	isFatal func(error) bool
}

// drained is an item of a drain.
type drained[T any] struct {
	item  *T // as it was listed
	now   *T // as do returned it
	tried bool
	err   error
}

// run returns the items in the order of the list. The error is that of the
// list, or says why items were left out; those of the items are with the items.
func (d *drain[T]) run(ctx context.Context) ([]*drained[T], error) {
	var all []*drained[T]
	known := map[string]bool{}
	for {
		items, err := d.list(ctx)
		fresh := len(all)
		for _, item := range items {
			if sid := d.sid(item); !known[sid] {
				known[sid] = true
				all = append(all, &drained[T]{item: item})
			}
		}
		if len(all) == fresh {
			return all, err
		}
		if err = joinErrors(d.work(ctx, all[fresh:]), err); err != nil {
			return all, err
		}
	}
}

// work works on items until all have been tried, ctx is done or an outage
// shows.
func (d *drain[T]) work(ctx context.Context, items []*drained[T]) error {
	failing, untried := 0, len(items)
	more := func() bool { return failing < outageAfter && ctx.Err() == nil }
	newGroup(d.concurrency).run(len(items), more, func(i int) (err error) {
		items[i].now, err = d.do(ctx, items[i].item)
		return err
	}, func(i int, err error) {
		item := items[i]
		if item.now != nil || !neverTried(ctx, err) {
			item.tried, item.err = true, err
			untried--
		}
		failing++
		if !d.isFatal(item.err) {
			failing = 0
		}
	})
	switch {
	case untried == 0:
		return nil
	case ctx.Err() != nil:
		return newTransportError(d.operation, d.account, ctx.Err())
	default:
		return newTransportError(d.operation, d.account,
			safeError(fmt.Sprintf("stopped after %d failures in a row; %s not tried", outageAfter, plural(untried, d.kind))))
	}
}

// neverTried reports whether a request wasn't sent because ctx was done first.
func neverTried(ctx context.Context, err error) bool {
	e, ok := err.(*TransportError) //nolint:errorlint // one around it would know more
	return ok && e.Attempts == 0 && ctx.Err() != nil
}

// isOutage reports whether an error means that Twilio can't be reached or
// serves no requests at the moment, whatever the item.
func isOutage(err error) bool {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.StatusCode >= 500 || e.StatusCode == http.StatusUnauthorized || errors.Is(e, ErrRateLimited)
	}
	_, ok := errors.AsType[*TransportError](err)
	return ok
}

// mayHaveApplied reports whether a request that failed may have taken effect.
func mayHaveApplied(err error) bool {
	if e, ok := errors.AsType[*Error](err); ok {
		return mayHaveTakenEffect(e.StatusCode) || e.maybeAppliedBefore
	}
	e, ok := errors.AsType[*TransportError](err)
	return ok && e.Attempts > 0
}

// pause waits for d, or until ctx is done.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// plural formats a number of things.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// identified is an item of which only the SID matters.
type identified struct {
	SID string `json:"sid"`
}

// limited are the params of a list without filters.
type limited struct{ limit int }

func (l limited) paging() (limit, pageSize int) { return l.limit, 0 }
