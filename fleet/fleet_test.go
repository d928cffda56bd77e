package fleet_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
)

// Every account has one item, and each operation runs once if nothing fails.
func TestARunVisitsEachAccountOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		srv, begin := newTwilio(t, 300), time.Now().Truncate(time.Millisecond)
		var calls tally
		op := fleet.Define("name", func(ctx context.Context, j *fleet.Job[string]) (string, error) {
			defer calls.begin(j.Key)()
			account, err := j.Client.Accounts.Get(ctx, j.Key)
			if err != nil {
				return "", err
			}
			return j.Params + account.FriendlyName, nil
		})
		f := openFleet(t, srv, db.open(t), fleet.WithConcurrency(10))
		work(t, f, 8, op)
		if err := op.Start(t.Context(), f, "names", twilio.AccountListParams{PageSize: 50}, "is "); err != nil {
			t.Fatal(err)
		}
		p := watch(t, f, "names")
		if p.Total != 300 || p.Done != 300 || p.Failed != 0 || !p.Planned {
			t.Errorf("got %+v", p)
		}
		got := results(t, f, op, "names")
		for account, err := range srv.Client().Accounts.All(t.Context(), twilio.AccountListParams{}) {
			if err != nil {
				t.Fatal(err)
			}
			item, ok := got[account.SID]
			if account.SID == srv.AccountSID {
				if ok {
					t.Error("the main account is an item")
				}
				continue
			}
			if item.Err != nil || item.Result != "is "+account.FriendlyName {
				t.Errorf("%s: got %+v", account.SID, item)
			}
			if n := calls.of(account.SID); n != 1 {
				t.Errorf("%s: %d calls", account.SID, n)
			}
			if item.EndedAt.Before(begin) || item.EndedAt.After(time.Now()) {
				t.Errorf("%s: ended at %s", account.SID, item.EndedAt)
			}
		}
		if len(got) != 300 {
			t.Errorf("%d results", len(got))
		}
	})
}

// A database that an earlier version made is brought up to date.
func TestADatabaseOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		var calls tally
		op := echo("echo", &calls)
		srv, store := newTwilio(t, 2), db.open(t)
		f := openFleet(t, srv, store)
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, "a"); err != nil {
			t.Fatal(err)
		}
		for _, statement := range []string{"alter table ~fleet_items drop column starts", "update ~fleet_meta set version = 1"} {
			if _, err := store.Engine().Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		f = openFleet(t, srv, store)
		work(t, f, 1, op)
		if p := watch(t, f, "run"); p.Done != 2 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
	})
}

// Several parts of a program, or several machines, may open a new database at
// the same time.
func TestOpenedManyTimesAtOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		srv, store := newTwilio(t, 2), db.open(t)
		ctx, cancel := context.WithTimeout(t.Context(), inTime)
		defer cancel()
		errs := make([]error, 8)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { errs[i] = openErr(ctx, srv.Client(), store) })
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		var calls tally
		op, f := echo("echo", &calls), openFleet(t, srv, store)
		work(t, f, 1, op)
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, ""); err != nil {
			t.Fatal(err)
		}
		if p := watch(t, f, "run"); p.Done != 2 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
	})
}
