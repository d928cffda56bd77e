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

// ForEachParams are the parameters of [AccountService.ForEach].
type ForEachParams struct {
	// Concurrency is how many accounts are worked on at once; 8 by default.
	Concurrency int
	// MaxFailures ends the run early: once so many accounts have failed, no
	// further one is started. Zero sets no limit.
	MaxFailures int
	// Progress is called for each account that is done, in the goroutine that
	// called ForEach.
	Progress func(ForEachProgress)
	// Cursor continues an earlier run: set it to that of a ForEachProgress or a
	// ForEachError. The list then has the filters of the earlier run.
	Cursor string
}

// A ForEachProgress says how far [AccountService.ForEach] has come.
type ForEachProgress struct {
	// Account is the account that is done, and Err its error, if any.
	Account *Account
	Err     error
	// Done counts the accounts that are done, those that failed included.
	Done, Failed int
	// Cursor is where another run would continue: at the first page with an
	// account that isn't done. The run visits the other accounts of the page
	// again.
	Cursor string
}

// ErrStop ends [AccountService.ForEach] early when the callback returns it: no
// further account is started. An error that wraps it does the same, and also
// counts as a failure of its account.
const ErrStop sentinel = "twilio: stop"

// maxAccountErrors is how many failures a ForEachError keeps.
const maxAccountErrors = 100

// A ForEachError says what went wrong in [AccountService.ForEach]. [errors.Is]
// and [errors.As] look into Err and into each of Accounts.
type ForEachError struct {
	// Done counts the accounts that are done, those that failed included.
	Done, Failed int
	// Accounts are the first 100 failures, in the order in which they occurred.
	// ForEachParams.Progress receives all of them.
	Accounts []*AccountError
	// Err is why accounts were left out: the error of a page or of the context,
	// or ErrStop, for MaxFailures too. If accounts on the list can't be read,
	// the others are visited, and Err wraps a [*DecodeError]. It is nil if
	// every account was visited.
	Err error
	// Cursor is where another run continues, for ForEachParams.Cursor: at the
	// first page with an account that wasn't started, or that failed after the
	// context was done. It is empty if every account was visited.
	Cursor string
}

// Error counts the failures and lists those in Accounts.
func (e *ForEachError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "twilio: accounts.for_each: %d of %s failed", e.Failed, plural(e.Done, "account"))
	if e.Err != nil {
		b.WriteString("; not all accounts were visited: " + e.Err.Error())
	}
	for _, account := range e.Accounts {
		b.WriteString("\n" + account.Error())
	}
	if more := e.Failed - len(e.Accounts); more > 0 {
		fmt.Fprintf(&b, "\nand %d more", more)
	}
	return b.String()
}

// Unwrap returns Err, if there is one, and the errors of the accounts.
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

// An AccountError is the error of one account of a fleet.
type AccountError struct {
	// AccountSID is the account.
	AccountSID string
	// Err is what the callback returned, or a [*PanicError] if it panicked.
	Err error
}

// Error names the account and says what went wrong.
func (e *AccountError) Error() string { return fmt.Sprintf("account %s: %v", e.AccountSID, e.Err) }

// Unwrap returns what the callback returned.
func (e *AccountError) Unwrap() error { return e.Err }

// LogValue makes slog print the error as a group, without the API's message,
// which may quote a phone number.
func (e *AccountError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("account", e.AccountSID), slog.Attr{Key: "error", Value: logValue(e.Err)})
}

// ForEach calls do for each subaccount that matches, several at once, with a
// client that acts on it. The main account, which is on the same list, is left
// out. Without a Status filter, closed accounts are visited too: their history
// can be read until Twilio deletes them, 30 days after they were closed if
// automatic deletion is on.
//
// An account that fails doesn't stop the others, except with MaxFailures or
// [ErrStop]. If anything went wrong the error is a [*ForEachError], or a
// [*ParamError] if nothing was started. Once ctx is done no further account is
// started. ForEach returns after all calls of do have returned.
//
// Each call of do runs in a goroutine of its own. If it ends that goroutine
// with [runtime.Goexit], as t.FailNow does, the account has failed. If it
// panics, the account has failed too, and once the others are done ForEach
// panics with the same value, in the goroutine that called it. Progress
// receives a [*PanicError], which has the stack.
//
// At most two pages of accounts are in memory at a time, besides those in
// progress. A slow account holds up only its own goroutine, and the cursor. The
// options apply to each request for a page of accounts.
func (s *AccountService) ForEach(ctx context.Context, params AccountListParams, each ForEachParams, do func(ctx context.Context, sub *Client, account *Account) error, opts ...RequestOption) error {
	err := firstError(s.endpoint().ready(), checkContext(ctx), checkWorkflowOptions(opts))
	if err == nil {
		err = each.check(s.endpoint().client)
	}
	if err == nil && do == nil {
		err = &ParamError{Field: "do", Reason: "is nil; pass a function to call for each account"}
	}
	if err != nil {
		return withOperation(forEachOperation, err)
	}
	each.Concurrency = cmp.Or(each.Concurrency, defaultConcurrency)
	run := &forEachRun{
		client:  s.endpoint().client,
		params:  each,
		do:      do,
		workers: newGroup(each.Concurrency),
		fetcher: newGroup(1),
	}
	return run.run(ctx, func(ctx context.Context) (*Page[Account], error) {
		if each.Cursor != "" {
			return s.Resume(ctx, each.Cursor, opts...)
		}
		return s.List(ctx, params, opts...)
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

// forEachRun is the state of one ForEach. It belongs to the goroutine that
// called ForEach, which alone starts accounts and receives their results.
type forEachRun struct {
	client *Client
	params ForEachParams
	do     func(context.Context, *Client, *Account) error

	workers *group // call do
	fetcher *group // reads the next page ahead

	page    *Page[Account] // whose accounts are being started
	left    []*Account     // those of them that haven't started
	next    *Page[Account] // the page after it, if it has been read
	listErr error          // why it couldn't be read, or not in full

	// open are the pages with accounts that aren't done, oldest first.
	open []*openPage
	// unreadable are the errors of pages with accounts that can't be read,
	// which stay open. There are as many as of failures.
	unreadable []error

	stopped  bool // no further account is started
	done     int
	failed   int
	failures []*AccountError
}

// openPage is a page with accounts that aren't done.
type openPage struct {
	cursor string
	undone int
}

func (r *forEachRun) run(ctx context.Context, first func(context.Context) (*Page[Account], error)) error {
	fetchCtx, cancel := context.WithCancel(ctx)
	// Nothing is left running, even if Progress panics.
	defer func() {
		cancel()
		r.workers.wait()
		r.fetcher.wait()
	}()
	canceled := ctx.Done()
	r.fetch(fetchCtx, first)
	for {
		for r.advance(fetchCtx) && r.workers.running < r.workers.size && !r.stopped && ctx.Err() == nil {
			r.begin(ctx)
		}
		if r.workers.running == 0 && (r.fetcher.running == 0 || r.stopped || ctx.Err() != nil) {
			break
		}
		select {
		case end := <-r.workers.ends:
			end()
		case end := <-r.fetcher.ends:
			end()
		case <-canceled:
			canceled = nil
		}
	}
	r.workers.repanic()
	r.fetcher.repanic()
	return r.result(ctx)
}

// fetch reads a page in the background.
func (r *forEachRun) fetch(ctx context.Context, read func(context.Context) (*Page[Account], error)) {
	var page *Page[Account]
	r.fetcher.start(func() (err error) {
		page, err = read(ctx)
		return err
	}, func(err error) {
		r.next, r.listErr = page, err
		r.stopped = r.stopped || r.fetcher.panicked != nil
	})
}

// advance moves on to the next page once the current one has no more accounts,
// and reports whether there is an account to start.
func (r *forEachRun) advance(fetchCtx context.Context) bool {
	for len(r.left) == 0 && r.next != nil && !r.stopped {
		r.page, r.next = r.next, nil
		for _, account := range r.page.Items {
			if account.SID != account.OwnerAccountSID {
				r.left = append(r.left, account)
			}
		}
		undone := len(r.left)
		if r.listErr != nil {
			undone++
			if len(r.unreadable) < maxAccountErrors {
				r.unreadable = append(r.unreadable, r.listErr)
			}
			r.listErr = nil
		}
		if undone > 0 {
			r.open = append(r.open, &openPage{cursor: r.page.page.cursor(), undone: undone})
		}
		if r.page.HasNext() {
			r.fetch(fetchCtx, r.page.Next)
		}
	}
	return len(r.left) > 0
}

// begin starts the next account of the current page.
func (r *forEachRun) begin(ctx context.Context) {
	account, page := r.left[0], r.open[len(r.open)-1]
	r.left = r.left[1:]
	r.workers.start(func() error { return r.do(ctx, r.client.Subaccount(account.SID), account) },
		func(err error) { r.finish(ctx, account, page, err) })
}

// finish records the result of an account.
func (r *forEachRun) finish(ctx context.Context, account *Account, page *openPage, err error) {
	r.done++
	// An account that the context cut off is left to another run.
	if cutOff := err != nil && ctx.Err() != nil; !cutOff {
		page.undone--
	}
	if page.undone == 0 {
		r.open = slices.DeleteFunc(r.open, func(p *openPage) bool { return p == page })
	}
	if errors.Is(err, ErrStop) {
		r.stopped = true
	}
	if err == ErrStop { //nolint:errorlint // one that wraps it says more
		err = nil
	}
	if err != nil {
		r.failed++
		if len(r.failures) < maxAccountErrors {
			r.failures = append(r.failures, &AccountError{AccountSID: account.SID, Err: err})
		}
		if r.failed == r.params.MaxFailures {
			r.stopped = true
		}
	}
	if r.params.Progress != nil {
		r.params.Progress(ForEachProgress{Account: account, Err: err, Done: r.done, Failed: r.failed, Cursor: r.cursor()})
	}
}

// cursor returns the position before which every account is done.
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
		e.Err = withCursor(newTransportError(forEachOperation, r.client.credentials.accountSID, ctx.Err()), r.cursor())
	case r.stopped:
		e.Err = ErrStop
	default:
		e.Err = r.listErr
		if r.unreadable != nil {
			e.Err = joinErrors(append(r.unreadable, r.listErr)...)
		}
	}
	if e.Err != nil {
		e.Cursor = r.cursor()
	}
	if e.Err == nil && e.Failed == 0 {
		return nil
	}
	return e
}

// cursorOf returns where a list failed.
func cursorOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Cursor
	}
	if e, ok := errors.AsType[*TransportError](err); ok {
		return e.Cursor
	}
	return ""
}
