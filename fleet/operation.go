package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/riverqueue/river"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
)

// An Operation is what a run does to each of its items. Params is the type of
// its parameters and Result that of its result; encoding/json must be able to
// encode both and to decode them again.
type Operation[Params, Result any] struct {
	name string
	do   func(context.Context, *Job[Params]) (Result, error)
}

// Define returns an operation. The name is stored with its runs, so it has to
// stay the same: lower-case letters, digits, hyphens and underscores, at most 50
// of them. A wrong name is refused by Start and Work.
//
// The function works on one item. It must tolerate that it runs again after it
// has taken effect, has 90 seconds (see the package documentation), must end soon
// after its context does, and returns
//
//   - nil, when the item is done;
//   - a [*twilio.ParamError], or a [*twilio.Error] of a status 4xx that isn't
//     429, when the item has failed permanently;
//   - any other error to run again after 2, 4, 8 and 16 seconds; the fifth
//     failure in a row, without a new checkpoint in between, is permanent.
//
// If it panics, or ends its goroutine, the item has failed permanently. If its
// process dies while it runs, the item starts again; the sixth death in a row,
// without a new checkpoint in between, is permanent.
func Define[Params, Result any](name string, do func(ctx context.Context, j *Job[Params]) (Result, error)) *Operation[Params, Result] {
	return &Operation[Params, Result]{name: name, do: do}
}

// AnyOperation is an [*Operation], whatever its types.
type AnyOperation interface {
	// Name returns the name that the operation was defined with.
	Name() string

	check() error
	run(ctx context.Context, t *turn) (result string, err error)
}

// Name returns the name that the operation was defined with.
func (o *Operation[Params, Result]) Name() string { return o.name }

var (
	operationName = regexp.MustCompile(`^[a-z0-9]+([_-][a-z0-9]+)*$`)
	planning      = Define("planning", plan)
)

func (o *Operation[Params, Result]) check() error {
	switch {
	case o == nil || o.do == nil:
		return paramError("define", "do", "is nil; pass a function that works on one item")
	case len(o.name) > 50 || !operationName.MatchString(o.name):
		return paramError("define", "name", "isn't one of lower-case letters and digits, with hyphens or underscores between, of at most 50 characters")
	case o.name == planning.name:
		return paramError("define", "name", "is the name of an operation that this package has; use another")
	default:
		return nil
	}
}

// Start starts a run: the operation, on each subaccount that matches the filter,
// with these params. It returns once the run is in the store; workers read the
// list of accounts.
//
// A run starts once: with an ID that exists, Start does nothing if operation,
// filter and params are the same, and returns an error that is [ErrRunExists] if
// they aren't. The ID is any text of up to 200 bytes, such as "bills-2026-10".
//
// As in [twilio.AccountService.ForEach], the main account is left out, and
// closed accounts are included unless the filter has a Status.
func (o *Operation[Params, Result]) Start(ctx context.Context, f *Fleet, run string, accounts twilio.AccountListParams, params Params) error {
	if f == nil {
		return paramError("start", "f", "is nil; use fleet.Open")
	}
	filter, err := encode("start", "accounts", accounts)
	if err != nil {
		return err
	}
	text, err := o.encode("start", "run", run, params)
	if err != nil {
		return err
	}
	err = f.store.Tx(ctx, func(tx engine.Tx) error {
		row := runRow{id: run, operation: o.name, filter: filter, params: text, state: stateRunning}
		created, err := row.create(ctx, tx)
		if err != nil || !created {
			return err
		}
		return addItem(ctx, tx, row, planning.name, "", nil)
	})
	return wrap("start", err)
}

// StartTx starts the operation on one key, such as a customer's ID, in the
// application's own transaction: if that is committed, a worker runs the
// operation, and otherwise nothing happens. [Job.Key] is the key. A [Fleet] must
// have been opened on the store before.
//
// A key starts once: for one that exists, StartTx does nothing if the params
// are the same, and returns an error that is [ErrRunExists] if they aren't.
//
// All that StartTx has started is one run, whose ID is the operation's name.
//
// A transaction of PostgreSQL's at REPEATABLE READ or SERIALIZABLE may fail, in
// StartTx or when it is committed, because another one has started the same key
// or the first key of the operation. The error wraps a *pgconn.PgError of code
// 40001; roll back, and retry the whole transaction.
func (o *Operation[Params, Result]) StartTx(ctx context.Context, tx Tx, key string, params Params) error {
	text, err := o.encode("start_tx", "key", key, params)
	if err != nil {
		return err
	}
	if tx == nil {
		return paramError("start_tx", "tx", "is nil; use the method Tx of the store")
	}
	row := runRow{id: o.name, operation: o.name, state: stateOpen}
	_, err = row.create(ctx, tx)
	if err == nil {
		err = addItem(ctx, tx, row, o.name, key, &text)
	}
	return wrap("start_tx", err)
}

// encode checks what a run or an item begins with, and returns its params.
func (o *Operation[Params, Result]) encode(operation, field, id string, params Params) (string, error) {
	if err := o.check(); err != nil {
		return "", err
	}
	if err := checkID(operation, field, id); err != nil {
		return "", err
	}
	if p, ok := any(params).(interface{ check() error }); ok {
		if err := p.check(); err != nil {
			return "", err
		}
	}
	return encode(operation, "params", params)
}

// encode returns JSON that every database can hold: what a RawMessage or a
// MarshalJSON contributes may not be UTF-8.
func encode(operation, field string, value any) (string, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return "", paramError(operation, field, fmt.Sprintf("can't be encoded as JSON (%T)", err))
	}
	return validText(string(text)), nil
}

func checkID(operation, field, id string) error {
	switch {
	case id == "":
		return paramError(operation, field, "is empty")
	case len(id) > 200:
		return paramError(operation, field, "is longer than 200 bytes")
	case !utf8.ValidString(id) || strings.ContainsRune(id, 0):
		return paramError(operation, field, "isn't UTF-8, or has a character NUL")
	default:
		return nil
	}
}

// wrap says where an error came from.
func wrap(operation string, err error) error {
	if err == nil || errors.Is(err, ErrNoRun) || errors.Is(err, ErrRunExists) {
		return err
	}
	if _, ok := errors.AsType[*twilio.ParamError](err); ok {
		return err
	}
	return fmt.Errorf("fleet: %s: %w", operation, err)
}

// addItem adds an item and its job. An item that exists with the same params
// stays as it is.
func addItem(ctx context.Context, tx engine.Tx, run runRow, queue, key string, params *string) error {
	added, err := tx.Exec(ctx, `insert into ~fleet_items (run, key, state, failures, job, params)
		values ($1, $2, 'pending', 0, 0, $3) on conflict do nothing`, run.uid, key, params)
	if err != nil {
		return err
	}
	if added == 0 {
		var before *string
		err := tx.Query(ctx, "select params from ~fleet_items where run = $1 and key = $2", []any{run.uid, key},
			func(scan func(...any) error) error { return scan(&before) })
		if err == nil && params != nil && (before == nil || *before != *params) {
			err = fmt.Errorf("%w: key %q of %s", ErrRunExists, key, run.operation)
		}
		return err
	}
	return newJobs(ctx, tx, run, queue, key)
}

// newJobs makes jobs for items, in place of those that they have.
func newJobs(ctx context.Context, tx engine.Tx, run runRow, queue string, keys ...string) error {
	ids, err := insertJobs(ctx, tx, run, queue, keys)
	for i := 0; err == nil && i < len(ids); i++ {
		_, err = tx.Exec(ctx, "update ~fleet_items set job = $1 where run = $2 and key = $3", ids[i], run.uid, keys[i])
	}
	return err
}

// maxAttempts is more than a job ever has: River's limit isn't what ends it.
const maxAttempts = 30_000

func insertJobs(ctx context.Context, tx engine.Tx, run runRow, queue string, keys []string) ([]int64, error) {
	jobs := make([]river.InsertManyParams, len(keys))
	for i, key := range keys {
		jobs[i] = river.InsertManyParams{
			Args:       engine.Args{Run: run.uid, RunID: run.id, Operation: run.operation, Key: key},
			InsertOpts: &river.InsertOpts{Queue: queue, MaxAttempts: maxAttempts},
		}
	}
	if len(jobs) == 0 {
		return nil, nil
	}
	return tx.Insert(ctx, jobs)
}

// An Item is one key of a run that is over.
type Item[Result any] struct {
	// Key is the SID of a subaccount, or the key of StartTx.
	Key string
	// Result is what the operation returned; zero with an Err.
	Result Result
	// Err is nil for an item that is done, an [*ItemError] for one that failed,
	// and [ErrCanceled] for one that was canceled.
	Err error
	// EndedAt is when the item ended, in UTC.
	EndedAt time.Time
}

// resultPage is how many items are read at once.
const resultPage = 1000

// Results iterates over the items of a run that are over, by key, also while
// others aren't. A run that another operation started is a [*twilio.ParamError].
func (o *Operation[Params, Result]) Results(ctx context.Context, f *Fleet, run string) iter.Seq2[Item[Result], error] {
	return func(yield func(Item[Result], error) bool) {
		if f == nil {
			yield(Item[Result]{}, paramError("results", "f", "is nil; use fleet.Open"))
			return
		}
		row, err := findRun(ctx, f.store, run)
		if err == nil && row.operation != o.name {
			err = paramError("results", "run", fmt.Sprintf("is one of the operation %q", row.operation))
		}
		for after := ""; err == nil; {
			var page []Item[Result]
			if page, err = o.page(ctx, f, row, after); len(page) == 0 {
				break
			}
			for _, item := range page {
				if !yield(item, nil) {
					return
				}
			}
			after = page[len(page)-1].Key
		}
		if err != nil {
			yield(Item[Result]{}, wrap("results", err))
		}
	}
}

func (o *Operation[Params, Result]) page(ctx context.Context, f *Fleet, run runRow, after string) ([]Item[Result], error) {
	var items []Item[Result]
	err := f.store.Query(ctx, `select key, state, result, error, ended_at from ~fleet_items
		where run = $1 and key > $2 and state <> 'pending' order by key limit $3`, []any{run.uid, after, resultPage},
		func(scan func(...any) error) error {
			var (
				item         Item[Result]
				state        string
				result, text *string
				ended        int64
			)
			if err := scan(&item.Key, &state, &result, &text, &ended); err != nil {
				return err
			}
			item.EndedAt = time.UnixMilli(ended).UTC()
			switch state {
			case stateDone:
				if err := json.Unmarshal([]byte(*result), &item.Result); err != nil {
					return fmt.Errorf("the result of %s isn't one of %s: %w", item.Key, o.name, err)
				}
			case stateFailed:
				item.Err = &ItemError{Key: item.Key, Text: *text}
			default:
				item.Err = ErrCanceled
			}
			items = append(items, item)
			return nil
		})
	return items, err
}

// run runs the operation on one item, in a goroutine of its own, which it may
// end, as t.FailNow does.
func (o *Operation[Params, Result]) run(ctx context.Context, t *turn) (text string, err error) {
	ended := make(chan error)
	go func() {
		err := error(errGoexit)
		defer func() {
			if value := recover(); value != nil {
				err = &twilio.PanicError{Value: value, Stack: debug.Stack()}
			}
			ended <- err
		}()
		text, err = o.call(ctx, t)
	}()
	err = <-ended
	return text, err
}

// call calls the operation with the item's params, and encodes its result. All
// of it is the user's code, which may panic.
func (o *Operation[Params, Result]) call(ctx context.Context, t *turn) (text string, err error) {
	job := &Job[Params]{Run: t.run.id, Key: t.key, Client: t.client, Sub: t.client.Subaccount(t.key), Attempt: t.failures + 1, turn: t}
	params := t.run.params
	if t.params != nil {
		params = *t.params
	}
	if err := json.Unmarshal([]byte(params), &job.Params); err != nil {
		return "", paramError(o.name, "params", "in the store aren't those of this operation; was its type changed?")
	}
	result, err := o.do(ctx, job)
	if err != nil {
		callMethods(err)
		return "", err
	}
	return encode(o.name, "Result", result)
}

// callMethods calls the methods of an error that the worker calls later. Those
// of a nil pointer panic, which here fails the item, and there would start it
// again without end.
func callMethods(err error) {
	_, _, _ = isFinal(err), errors.Is(err, twilio.ErrRateLimited), logText(err)
	_ = err.Error()
}
