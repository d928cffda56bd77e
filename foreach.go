package twilio

import (
	"context"
	"log/slog"
	"sync"
)

// ForEachParams say how [AccountService.ForEach] goes about it.
type ForEachParams struct {
	// Concurrency is how many accounts are worked on at once; 8 by default.
	Concurrency int
	// Progress is told of each account that is done. Calls of it don't overlap.
	Progress func(ForEachProgress)
	// Cursor begins where an earlier run got to, in place of the list's
	// beginning: a ForEachProgress or an error has it. The list's filters are
	// those of the earlier run then.
	Cursor string
}

// ForEachProgress is how far [AccountService.ForEach] has come.
type ForEachProgress struct {
	// Account is the account that is done, and Err what went wrong with it.
	Account *Account
	Err     error
	// Done counts the accounts that are done, those that failed included.
	Done, Failed int
	// Cursor is where another run would go on: at the page of accounts that is
	// being worked on, whose accounts are visited again.
	Cursor string
}

// AccountError is what went wrong with one account of a fleet.
type AccountError struct {
	// AccountSID is the account.
	AccountSID string
	// Err is what the callback returned.
	Err error
}

// Error names the account and says what went wrong.
func (e *AccountError) Error() string { return "account " + e.AccountSID + ": " + e.Err.Error() }

// Unwrap returns what the callback returned.
func (e *AccountError) Unwrap() error { return e.Err }

// LogValue makes slog print the error as a group, without a message of the API's.
func (e *AccountError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("account", e.AccountSID), slog.Attr{Key: "error", Value: logValue(e.Err)})
}

// ForEach calls do for each subaccount that matches, several at once, with a
// client that acts on it. The main account, which Twilio has in the same list,
// is left out. Without a Status among the filters closed accounts are visited
// too; their history can be read.
//
// An account that fails doesn't stop the others. The error joins an
// [*AccountError] for each that did, and what ended the list early: then its
// Cursor is where to go on, with ForEachParams.Cursor. When ctx is done no
// further account is begun, and ForEach returns once the calls of do have.
//
// Two pages of accounts are in memory at a time.
func (s *AccountService) ForEach(ctx context.Context, params AccountListParams, each ForEachParams, do func(ctx context.Context, sub *Client, account *Account) error) error {
	const operation = "accounts.for_each"
	err := firstError(s.accounts.client.invalid, nonNegative("Concurrency", each.Concurrency))
	switch {
	case err != nil:
	case s.accounts.client.credentials.isKey():
		err = errMainKey()
	case do == nil:
		err = &ParamError{Field: "do", Reason: "is nil; give what is to be done with each account"}
	}
	if err != nil {
		return withOperation(operation, err)
	}
	if each.Concurrency == 0 {
		each.Concurrency = 8
	}
	var page *Page[Account]
	if each.Cursor == "" {
		page, err = s.List(ctx, params)
	} else {
		page, err = s.Resume(ctx, each.Cursor)
	}
	run := forEachRun{service: s, params: each, do: do}
	for err == nil {
		run.cursor = page.page.cursor()
		// The next page is fetched while this one is worked on.
		var (
			ahead   sync.WaitGroup
			next    *Page[Account]
			nextErr error
		)
		if page.HasNext() {
			ahead.Go(func() { next, nextErr = page.Next(ctx) })
		}
		complete := run.page(ctx, page.Items)
		ahead.Wait()
		if !complete {
			inv := &invocation{operation: operation, account: s.accounts.client.credentials.accountSID}
			err = withCursor(inv.transportError(ctx.Err(), false), run.cursor)
			break
		}
		if !page.HasNext() {
			break
		}
		page, err = next, nextErr
	}
	if err != nil {
		run.errs = append(run.errs, err)
	}
	return joinErrors(run.errs...)
}

// forEachRun is the state of one ForEach.
type forEachRun struct {
	service *AccountService
	params  ForEachParams
	do      func(context.Context, *Client, *Account) error
	cursor  string

	mu   sync.Mutex
	done int
	errs []error
}

// page works on one page of accounts, returns when nothing runs any more, and
// says whether every account had its turn.
func (r *forEachRun) page(ctx context.Context, accounts []*Account) bool {
	work := make(chan *Account)
	var workers sync.WaitGroup
	for range min(r.params.Concurrency, len(accounts)) {
		workers.Go(func() {
			for account := range work {
				r.finish(account, r.do(ctx, r.service.accounts.client.Subaccount(account.SID), account))
			}
		})
	}
	defer workers.Wait()
	defer close(work)
	for _, account := range accounts {
		if account.SID == account.OwnerAccountSID {
			continue
		}
		// With a worker free, select would toss a coin.
		if ctx.Err() != nil {
			return false
		}
		select {
		case <-ctx.Done():
			return false
		case work <- account:
		}
	}
	return true
}

func (r *forEachRun) finish(account *Account, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done++
	if err != nil {
		r.errs = append(r.errs, &AccountError{AccountSID: account.SID, Err: err})
	}
	if r.params.Progress != nil {
		r.params.Progress(ForEachProgress{Account: account, Err: err, Done: r.done, Failed: len(r.errs), Cursor: r.cursor})
	}
}
