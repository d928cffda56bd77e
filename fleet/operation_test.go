package fleet_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetpg"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetsqlite"
)

// echo returns its params, and counts.
func echo(name string, calls *tally) *fleet.Operation[string, string] {
	return fleet.Define(name, func(_ context.Context, j *fleet.Job[string]) (string, error) {
		defer calls.begin(j.Key)()
		return j.Params, nil
	})
}

func TestStartTwiceIsOneRun(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var calls tally
		op, other := echo("echo", &calls), echo("other", &calls)
		f := openFleet(t, newTwilio(t, 3), db.open(t))
		work(t, f, 4, op, other)
		start := func(op *fleet.Operation[string, string], filter twilio.AccountListParams, params string) error {
			return op.Start(t.Context(), f, "run", filter, params)
		}
		if err := start(op, twilio.AccountListParams{}, "a"); err != nil {
			t.Fatal(err)
		}
		if err := start(op, twilio.AccountListParams{}, "a"); err != nil {
			t.Errorf("the same again: %v", err)
		}
		watch(t, f, "run")
		if err := start(op, twilio.AccountListParams{}, "a"); err != nil {
			t.Errorf("the same after its end: %v", err)
		}
		for name, err := range map[string]error{
			"params":    start(op, twilio.AccountListParams{}, "b"),
			"filter":    start(op, twilio.AccountListParams{Status: twilio.AccountStatusActive}, "a"),
			"operation": start(other, twilio.AccountListParams{}, "a"),
		} {
			if !errors.Is(err, fleet.ErrRunExists) {
				t.Errorf("other %s under the same ID: %v", name, err)
			}
		}
		for key := range results(t, f, op, "run") {
			if calls.of(key) != 1 {
				t.Errorf("%s: %d calls", key, calls.of(key))
			}
		}
	})
}

// Two machines that start the same run at the same time start one, and if their
// params differ, exactly one of them gets an error.
func TestTwoMachinesStartOneRun(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var calls tally
		op := echo("echo", &calls)
		srv, store := newTwilio(t, 2), db.open(t)
		machines := []*fleet.Fleet{openFleet(t, srv, store), openFleet(t, srv, store)}
		for run, params := range map[string][2]string{"same": {"a", "a"}, "different": {"a", "b"}} {
			errs := make([]error, 2)
			var wg sync.WaitGroup
			for i, machine := range machines {
				wg.Go(func() { errs[i] = op.Start(t.Context(), machine, run, twilio.AccountListParams{}, params[i]) })
			}
			wg.Wait()
			refused := 0
			for _, err := range errs {
				if errors.Is(err, fleet.ErrRunExists) {
					refused++
				} else if err != nil {
					t.Error(err)
				}
			}
			if want := len(run) / len("different"); refused != want {
				t.Errorf("%s: %d refused", run, refused)
			}
		}
		work(t, machines[0], 2, op)
		work(t, machines[1], 2, op)
		for _, run := range []string{"same", "different"} {
			if p := watch(t, machines[0], run); p.Total != 2 || p.Done != 2 {
				t.Errorf("%s: %+v", run, p)
			}
		}
		for key := range results(t, machines[0], op, "same") {
			if calls.of(key) != 2 {
				t.Errorf("%s: %d calls in two runs", key, calls.of(key))
			}
		}
	})
}

// inTx runs do in a transaction of the application's, and commits it if do
// returns nil.
func inTx(t *testing.T, db database, store fleet.Store, do func(fleet.Tx) error) error {
	t.Helper()
	ctx := t.Context()
	switch store := store.(type) {
	case *fleetsqlite.Store:
		tx, err := store.DB().BeginTx(ctx, &sql.TxOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := do(store.Tx(tx)); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return tx.Commit()
	case *fleetpg.Store:
		return pgx.BeginFunc(ctx, newPool(t, postgres), func(tx pgx.Tx) error { return do(store.Tx(tx)) })
	default:
		return fmt.Errorf("no transactions in %s", db.kind)
	}
}

func TestACommittedTransactionStartsAndARolledBackOneDoesNot(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var calls tally
		signUp := echo("sign-up", &calls)
		store := db.open(t)
		f := openFleet(t, newTwilio(t, 0), store)
		errRolledBack := errors.New("rolled back")
		start := func(key, params string, end error) error {
			return inTx(t, db, store, func(tx fleet.Tx) error {
				if err := signUp.StartTx(t.Context(), tx, key, params); err != nil {
					return err
				}
				return end
			})
		}
		if err := start("customer 1", "gold", nil); err != nil {
			t.Fatal(err)
		}
		if err := start("customer 2", "gold", errRolledBack); !errors.Is(err, errRolledBack) {
			t.Fatal(err)
		}
		if err := start("customer 1", "gold", nil); err != nil {
			t.Errorf("the same again: %v", err)
		}
		if err := start("customer 1", "silver", nil); !errors.Is(err, fleet.ErrRunExists) {
			t.Errorf("other params: %v", err)
		}
		work(t, f, 4, signUp)
		if p := watch(t, f, "sign-up"); p.Total != 1 || p.Done != 1 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
		got := results(t, f, signUp, "sign-up")
		if len(got) != 1 || got["customer 1"].Result != "gold" || calls.of("customer 1") != 1 {
			t.Errorf("got %+v", got)
		}
		if err := start("customer 3", "silver", nil); err != nil {
			t.Fatal(err)
		}
		if p := watch(t, f, "sign-up"); p.Done != 2 {
			t.Errorf("another sign-up: %+v", p)
		}
	})
}

func TestWrongArguments(t *testing.T) {
	t.Parallel()
	db := database{"sqlite", t.TempDir() + "/fleet.db"}
	store := db.open(t)
	f := openFleet(t, newTwilio(t, 0), store)
	var calls tally
	op := echo("echo", &calls)
	ctx := t.Context()
	start := func(name, run string) error {
		return echo(name, &calls).Start(ctx, f, run, twilio.AccountListParams{}, "")
	}
	unencodable := fleet.Define("name", func(context.Context, *fleet.Job[func()]) (string, error) { return "", nil })
	for what, err := range map[string]error{
		"an empty name":        start("", "run"),
		"a name with spaces":   start("two words", "run"),
		"a name that is taken": start("planning", "run"),
		"a long name":          start(strings.Repeat("a", 51), "run"),
		"an empty run":         start("name", ""),
		"a long run":           start("name", strings.Repeat("a", 201)),
		"a run with NUL":       start("name", "a\x00"),
		"a run in Latin-1":     start("name", "\xe4"),
		"no function":          (&fleet.Operation[string, string]{}).Start(ctx, f, "run", twilio.AccountListParams{}, ""),
		"params without JSON":  unencodable.Start(ctx, f, "run", twilio.AccountListParams{}, func() {}),
		"no transaction":       op.StartTx(ctx, nil, "key", ""),
		"an empty key":         op.StartTx(ctx, nil, "", ""),
		"no workers":           f.Work(ctx, 0, op),
		"nil operation":        f.Work(ctx, 1, nil),
		"two of a name":        f.Work(ctx, 1, op, op),
		"results of another": func() error {
			if err := start("another", "run"); err != nil {
				return err
			}
			for _, err := range op.Results(ctx, f, "run") {
				return err
			}
			return nil
		}(),
		"delete of what isn't over": f.Delete(ctx, "run"),
		"no fleet":                  op.Start(ctx, nil, "run", twilio.AccountListParams{}, ""),
		"results of no fleet": func() error {
			for _, err := range op.Results(ctx, nil, "run") {
				return err
			}
			return nil
		}(),
		"a nil transaction of SQLite's": op.StartTx(ctx, store.(*fleetsqlite.Store).Tx(nil), "key", ""),
		"a nil transaction of pgx's":    op.StartTx(ctx, fleetpg.New(nil, nil).Tx(nil), "key", ""),
		"a zero client":                 openErr(ctx, &twilio.Client{}, store),
		"a nil store of SQLite's":       openErr(ctx, newTwilio(t, 0).Client(), (*fleetsqlite.Store)(nil)),
		"a nil store of pgx's":          openErr(ctx, newTwilio(t, 0).Client(), (*fleetpg.Store)(nil)),
		"no client":                     openErr(ctx, nil, store),
		"no store":                      openErr(ctx, newTwilio(t, 0).Client(), nil),
		"another main account":          openErr(ctx, newTwilio(t, 0).Client(), store),
		"no concurrency":                openErr(ctx, newTwilio(t, 0).Client(), store, fleet.WithConcurrency(0)),
		"no logger":                     openErr(ctx, newTwilio(t, 0).Client(), store, fleet.WithLogger(nil)),
	} {
		if e, ok := errors.AsType[*twilio.ParamError](err); !ok || e.Field == "" || e.Reason == "" {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, err := range map[string]error{
		"cancel": f.Cancel(ctx, "none"), "retry": f.Retry(ctx, "none"), "delete": f.Delete(ctx, "none"),
		"watch": func() error {
			for _, err := range f.Watch(ctx, "none") {
				return err
			}
			return nil
		}(),
	} {
		if !errors.Is(err, fleet.ErrNoRun) {
			t.Errorf("%s of no run: %v", what, err)
		}
	}
}

// A bomb panics when it is encoded.
type bomb struct{ Text string }

func (bomb) MarshalJSON() ([]byte, error) { panic("private") }

// A fuse panics when it is decoded.
type fuse struct{ Text string }

func (*fuse) UnmarshalJSON([]byte) error { panic("private") }

// Params and results that can't be decoded or encoded fail once: the operation
// may have taken effect, and no other attempt would help.
func TestParamsAndResultsThatFail(t *testing.T) {
	t.Parallel()
	var calls tally
	results := fleet.Define("results", func(context.Context, *fleet.Job[fleet.None]) (bomb, error) {
		defer calls.begin("results")()
		return bomb{}, nil
	})
	params := fleet.Define("params", func(context.Context, *fleet.Job[fuse]) (string, error) { return "", nil })
	function := fleet.Define("function", func(context.Context, *fleet.Job[fleet.None]) (func(), error) { return func() {}, nil })
	f := openFleet(t, newTwilio(t, 1), database{"sqlite", t.TempDir() + "/fleet.db"}.open(t))
	work(t, f, 1, results, params, function)
	for run, err := range map[string]error{
		"results":  results.Start(t.Context(), f, "results", twilio.AccountListParams{}, fleet.None{}),
		"params":   params.Start(t.Context(), f, "params", twilio.AccountListParams{}, fuse{}),
		"function": function.Start(t.Context(), f, "function", twilio.AccountListParams{}, fleet.None{}),
	} {
		if err != nil {
			t.Fatal(err)
		}
		if p := watch(t, f, run); p.Failed != 1 {
			t.Errorf("%s: %+v", run, p)
		}
	}
	if n := calls.of("results"); n != 1 {
		t.Errorf("%d calls", n)
	}
}

// Errors that panic when they are asked what they are, as nil pointers do, are
// a panic of the operation.
func TestErrorsThatPanic(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var calls tally
		errs := map[string]error{
			"nil":         (*twilio.Error)(nil),
			"wrapped":     fmt.Errorf("wrapped: %w", (*twilio.Error)(nil)),
			"param-error": (*twilio.ParamError)(nil),
		}
		store := db.open(t)
		f := openFleet(t, newTwilio(t, 0), store, unhurried)
		op := fleet.Define("nil-errors", func(_ context.Context, j *fleet.Job[fleet.None]) (fleet.None, error) {
			defer calls.begin(j.Key)()
			return fleet.None{}, errs[j.Key]
		})
		for key := range errs {
			if err := inTx(t, db, store, func(tx fleet.Tx) error { return op.StartTx(t.Context(), tx, key, fleet.None{}) }); err != nil {
				t.Fatal(err)
			}
		}
		work(t, f, 1, op)
		watch(t, f, "nil-errors")
		got := results(t, f, op, "nil-errors")
		for key := range errs {
			if e, ok := errors.AsType[*fleet.ItemError](got[key].Err); !ok || !strings.Contains(e.Text, "panic") || calls.of(key) != 1 {
				t.Errorf("%s: %d calls, %v", key, calls.of(key), got[key].Err)
			}
		}
	})
}

func openErr(ctx context.Context, client *twilio.Client, store fleet.Store, opts ...fleet.Option) error {
	_, err := fleet.Open(ctx, client, store, opts...)
	return err
}
