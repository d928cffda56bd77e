package twilio

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
)

// ForEachParams say how [AccountService.ForEach] works.
type ForEachParams struct {
	// Concurrency is how many accounts are worked on at once; 8 by default.
	Concurrency int
	// MaxFailures ends the run early: once so many accounts have failed, no
	// further one is begun. Zero sets no limit.
	MaxFailures int
	// Progress is told of each account that is done, in the goroutine that called
	// ForEach.
	Progress func(ForEachProgress)
	// Cursor begins where an earlier run got to, in place of the list's beginning:
	// a ForEachProgress or a ForEachError has it. The list's filters are those of
	// the earlier run then.
	Cursor string
}

// ForEachProgress is how far [AccountService.ForEach] has come.
type ForEachProgress struct {
	// Account is the account that is done, and Err what went wrong with it.
	Account *Account
	Err     error
	// Done counts the accounts that are done, those that failed included.
	Done, Failed int
	// Cursor is where another run would go on: at the first page of accounts of
	// which one isn't done, whose other accounts are visited again.
	Cursor string
}

// ErrStop ends [AccountService.ForEach] early when the callback returns it: no
// further account is begun. An error that wraps it does the same, and counts as a
// failure of its account besides.
const ErrStop sentinel = "twilio: stop"

// maxAccountErrors is how many failures a ForEachError keeps.
const maxAccountErrors = 100

// ForEachError is what went wrong in [AccountService.ForEach]. [errors.Is] and
// [errors.As] look into Err and into each of Accounts.
type ForEachError struct {
	// Done counts the accounts that are done, those that failed included.
	Done, Failed int
	// Accounts are the failures, the first 100 of them in the order in which they
	// came. ForEachParams.Progress is told of each one.
	Accounts []*AccountError
	// Err is what ended the run before the list's end: the error of a page of
	// accounts, that of the context, or ErrStop, for MaxFailures too. It is nil
	// where every account had its turn.
	Err error
	// Cursor is where another run goes on, for ForEachParams.Cursor: at the first
	// page of accounts of which one wasn't begun, or failed after the context was
	// done. Empty where every account had its turn.
	Cursor string
}

// Error counts the failures and says each that is kept.
func (e *ForEachError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "twilio: accounts.for_each: %d of %s failed", e.Failed, count(e.Done, "account"))
	if e.Err != nil {
		b.WriteString("; ended early: " + e.Err.Error())
	}
	for _, account := range e.Accounts {
		b.WriteString("\n" + account.Error())
	}
	if more := e.Failed - len(e.Accounts); more > 0 {
		fmt.Fprintf(&b, "\nand %d more", more)
	}
	return b.String()
}

// Unwrap returns Err, where there is one, and the errors of the accounts.
func (e *ForEachError) Unwrap() []error {
	var errs []error
	if e.Err != nil {
		errs = append(errs, e.Err)
	}
	for _, account := range e.Accounts {
		errs = append(errs, account)
	}
	return errs
}

// LogValue makes slog print the error as a group, without the API's messages,
// which may quote a phone number.
func (e *ForEachError) LogValue() slog.Value {
	attrs := []slog.Attr{slog.Int("done", e.Done), slog.Int("failed", e.Failed)}
	if errs := e.Unwrap(); len(errs) > 0 {
		attrs = append(attrs, slog.Attr{Key: "errors", Value: logValue(joinErrors(errs...))})
	}
	return slog.GroupValue(attrs...)
}

// AccountError is what went wrong with one account of a fleet.
type AccountError struct {
	// AccountSID is the account.
	AccountSID string
	// Err is what the callback returned; a [*PanicError] where it panicked.
	Err error
}

// Error names the account and says what went wrong.
func (e *AccountError) Error() string { return "account " + e.AccountSID + ": " + e.Err.Error() }

// Unwrap returns what the callback returned.
func (e *AccountError) Unwrap() error { return e.Err }

// LogValue makes slog print the error as a group, without the API's message, which
// may quote a phone number.
func (e *AccountError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("account", e.AccountSID), slog.Attr{Key: "error", Value: logValue(e.Err)})
}

// ForEach calls do for each subaccount that matches, several at once, with a
// client that acts on it. The main account, which Twilio has in the same list,
// is left out. Without a Status among the filters closed accounts are visited
// too, and their history can be read; Twilio deletes them 30 days after their
// closing, where automatic deletion is on.
//
// An account that fails doesn't stop the others, unless MaxFailures or [ErrStop]
// says so. Where anything went wrong the error is a [*ForEachError], or a
// [*ParamError] where nothing was begun. When ctx is done no further account is
// begun. ForEach returns once all calls of do have.
//
// Each call of do has a goroutine of its own. One that ends it by
// [runtime.Goexit], as t.FailNow does, is an account that failed. One that panics
// is an account that failed too; once the others are done ForEach panics with the
// same value, in the goroutine that called it. Progress is told of it with a
// [*PanicError], which has the stack.
//
// The accounts of two pages are in memory at a time, and those that are worked
// on. A slow account keeps only its own goroutine busy, and the cursor at its
// page.
func (s *AccountService) ForEach(ctx context.Context, params AccountListParams, each ForEachParams, do func(ctx context.Context, sub *Client, account *Account) error) error {
	err := firstError(s.ready(), checkContext(ctx))
	if err == nil {
		err = each.check(s.accounts.client)
	}
	if err == nil && do == nil {
		err = &ParamError{Field: "do", Reason: "is nil; pass what is to be done with each account"}
	}
	if err != nil {
		return withOperation(forEachOperation, err)
	}
	each.Concurrency = cmp.Or(each.Concurrency, defaultConcurrency)
	run := &forEachRun{
		client: s.accounts.client,
		params: each,
		do:     do,
		ends:   make(chan forEachEnd),
		pages:  make(chan forEachPage),
	}
	return run.run(ctx, func(ctx context.Context) (*Page[Account], error) {
		if each.Cursor != "" {
			return s.Resume(ctx, each.Cursor)
		}
		return s.List(ctx, params)
	})
}

const forEachOperation = "accounts.for_each"

func (p ForEachParams) check(c *Client) error {
	err := firstError(c.invalid, nonNegative("Concurrency", p.Concurrency), nonNegative("MaxFailures", p.MaxFailures))
	if err == nil && c.credentials.isKey() {
		err = errMainKey()
	}
	return err
}

// forEachRun is the state of one ForEach. It belongs to the goroutine that called
// ForEach, which alone hands out accounts and hears of their ends.
type forEachRun struct {
	client *Client
	params ForEachParams
	do     func(context.Context, *Client, *Account) error

	ends    chan forEachEnd
	running int // calls of do

	pages    chan forEachPage
	fetching bool

	page    *Page[Account] // whose accounts are handed out
	left    []*Account     // those of them that are to come
	next    *Page[Account] // the page after it, where that has been read
	listErr error          // why it couldn't be read

	// open are the pages with accounts that aren't done, oldest first.
	open []*openPage

	stopped  bool // no further account is begun
	done     int
	failed   int
	failures []*AccountError
	panicked *PanicError
}

type (
	// openPage is a page with accounts that aren't done.
	openPage struct {
		cursor string
		undone int
	}
	// forEachEnd is the end of an account.
	forEachEnd struct {
		account *Account
		page    *openPage
		err     error
	}
	// forEachPage is the end of a request for a page.
	forEachPage struct {
		page *Page[Account]
		err  error
	}
)

func (r *forEachRun) run(ctx context.Context, first func(context.Context) (*Page[Account], error)) error {
	fetchCtx, cancel := context.WithCancel(ctx)
	// Nothing is left running, also where Progress panics.
	defer func() {
		cancel()
		for ; r.running > 0; r.running-- {
			<-r.ends
		}
		if r.fetching {
			<-r.pages
		}
	}()
	canceled := ctx.Done()
	r.fetch(fetchCtx, first)
	for {
		for r.advance(fetchCtx) && r.running < r.params.Concurrency && !r.stopped && ctx.Err() == nil {
			r.begin(ctx)
		}
		if r.running == 0 && (!r.fetching || r.stopped || ctx.Err() != nil) {
			break
		}
		select {
		case end := <-r.ends:
			r.finish(ctx, end)
		case p := <-r.pages:
			r.fetching, r.next, r.listErr = false, p.page, p.err
			if e, ok := p.err.(*PanicError); ok { //nolint:errorlint // one of start, as it came
				r.stopped, r.panicked = true, e
			}
		case <-canceled:
			canceled = nil
		}
	}
	if r.panicked != nil {
		panic(r.panicked.Value) //nolint:forbidigo // the callback's own, in the goroutine of ForEach's caller
	}
	return r.result(ctx)
}

// fetch reads a page in the meantime.
func (r *forEachRun) fetch(ctx context.Context, read func(context.Context) (*Page[Account], error)) {
	var page *Page[Account]
	r.fetching = true
	start(func() (err error) {
		page, err = read(ctx)
		return err
	}, func(err error) { r.pages <- forEachPage{page, err} })
}

// advance moves on to the next page where the current one has no more accounts,
// and reports whether there is one to begin with.
func (r *forEachRun) advance(fetchCtx context.Context) bool {
	for len(r.left) == 0 && r.next != nil && !r.stopped {
		r.page, r.next = r.next, nil
		for _, account := range r.page.Items {
			if account.SID != account.OwnerAccountSID {
				r.left = append(r.left, account)
			}
		}
		if len(r.left) > 0 {
			r.open = append(r.open, &openPage{cursor: r.page.page.cursor(), undone: len(r.left)})
		}
		if r.page.HasNext() {
			r.fetch(fetchCtx, r.page.Next)
		}
	}
	return len(r.left) > 0
}

// begin begins the next account of the current page.
func (r *forEachRun) begin(ctx context.Context) {
	account, page := r.left[0], r.open[len(r.open)-1]
	r.left = r.left[1:]
	r.running++
	start(func() error { return r.do(ctx, r.client.Subaccount(account.SID), account) },
		func(err error) { r.ends <- forEachEnd{account, page, err} })
}

// finish takes note of the end of an account.
func (r *forEachRun) finish(ctx context.Context, end forEachEnd) {
	r.running--
	r.done++
	// What the context cut off is for another run to do.
	if cutOff := end.err != nil && ctx.Err() != nil; !cutOff {
		end.page.undone--
	}
	if end.page.undone == 0 {
		r.open = slices.DeleteFunc(r.open, func(p *openPage) bool { return p == end.page })
	}
	if errors.Is(end.err, ErrStop) {
		r.stopped = true
	}
	if end.err == ErrStop { //nolint:errorlint // one that wraps it says more
		end.err = nil
	}
	if end.err != nil {
		r.failed++
		if len(r.failures) < maxAccountErrors {
			r.failures = append(r.failures, &AccountError{AccountSID: end.account.SID, Err: end.err})
		}
		if r.failed == r.params.MaxFailures {
			r.stopped = true
		}
		if e, ok := end.err.(*PanicError); ok && r.panicked == nil { //nolint:errorlint // one of start, as it came
			r.panicked = e
		}
	}
	if r.params.Progress != nil {
		r.params.Progress(ForEachProgress{Account: end.account, Err: end.err, Done: r.done, Failed: r.failed, Cursor: r.cursor()})
	}
}

// cursor is the place before which every account is done.
func (r *forEachRun) cursor() string {
	switch {
	case len(r.open) > 0:
		return r.open[0].cursor
	case r.next != nil:
		return r.next.page.cursor()
	case r.page == nil:
		return cmp.Or(cursorOf(r.listErr), r.params.Cursor)
	case r.page.HasNext():
		return r.page.Cursor()
	default:
		return r.page.page.cursor()
	}
}

// result is what ForEach returns.
func (r *forEachRun) result(ctx context.Context) error {
	e := &ForEachError{Done: r.done, Failed: r.failed, Accounts: r.failures}
	switch {
	case r.page == nil && r.listErr != nil:
		if refused, ok := errors.AsType[*ParamError](r.listErr); ok {
			return refused
		}
		e.Err = r.listErr
	case r.page != nil && !r.page.HasNext() && len(r.left) == 0 && len(r.open) == 0:
	case ctx.Err() != nil:
		inv := &invocation{operation: forEachOperation, account: r.client.credentials.accountSID}
		e.Err = withCursor(inv.transportError(ctx.Err(), false), r.cursor())
	case r.stopped:
		e.Err = ErrStop
	default:
		e.Err = r.listErr
	}
	if e.Err != nil {
		e.Cursor = r.cursor()
	}
	if e.Err == nil && e.Failed == 0 {
		return nil
	}
	return e
}

// cursorOf is the place in a list where an error came up.
func cursorOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Cursor
	}
	if e, ok := errors.AsType[*TransportError](err); ok {
		return e.Cursor
	}
	return ""
}
