package fleet_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetsqlite"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// exampleFleet returns the fleet of a fake with three customers.
func exampleFleet(ctx context.Context, opts ...fleet.Option) (f *fleet.Fleet, store *fleetsqlite.Store, closeAll func()) {
	srv := twiliotest.NewServer(twiliotest.WithStart(twiliotest.DefaultStart))
	for _, name := range []string{"acme", "globex", "initech"} {
		account := srv.AddSubaccount(twilio.Account{FriendlyName: name})
		srv.AddMessage(account.SID, twilio.Message{Status: twilio.MessageStatusDelivered, DateSent: srv.Now().AddDate(0, 0, -1),
			Price: decimal.NewNullDecimal(decimal.New(-int64(len(name)), -2)), PriceUnit: "USD"})
	}
	dir, err := os.MkdirTemp("", "fleet")
	if err != nil {
		log.Fatal(err)
	}
	if store, err = fleetsqlite.Open(filepath.Join(dir, "fleet.db")); err != nil {
		log.Fatal(err)
	}
	if f, err = fleet.Open(ctx, srv.Client(), store, opts...); err != nil {
		log.Fatal(err)
	}
	return f, store, func() {
		if err := errors.Join(store.Close(), os.RemoveAll(dir)); err != nil {
			log.Print(err)
		}
		srv.Close()
	}
}

// until runs a worker until the run is over.
func until(ctx context.Context, f *fleet.Fleet, run string, operations ...fleet.AnyOperation) {
	working, stop := context.WithCancel(ctx)
	worked := make(chan error, 1)
	go func() { worked <- f.Work(working, 4, operations...) }()
	for p, err := range f.Watch(ctx, run) {
		if err != nil {
			log.Print(err)
		}
		if p.Over() {
			fmt.Printf("%d of %d, %d failed\n", p.Done, p.Total, p.Failed)
		}
	}
	stop()
	if err := <-worked; err != nil {
		log.Print(err)
	}
}

func Example() {
	ctx := context.Background()
	f, _, closeAll := exampleFleet(ctx)
	defer closeAll()

	january := fleet.Days{From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)}
	for range 2 { // a second time it does nothing
		if err := fleet.MessageSpend.Start(ctx, f, "bills-2026-01", twilio.AccountListParams{}, january); err != nil {
			log.Fatal(err)
		}
	}
	until(ctx, f, "bills-2026-01", fleet.MessageSpend)
	total := decimal.Zero
	for item, err := range fleet.MessageSpend.Results(ctx, f, "bills-2026-01") {
		if err != nil {
			log.Fatal(err)
		}
		if item.Err != nil {
			fmt.Println(item.Key, item.Err)
			continue
		}
		total = total.Add(item.Result.Totals["USD"])
	}
	fmt.Println(total, "USD")
	// Output:
	// 3 of 3, 0 failed
	// 0.17 USD
}

func ExampleDefine() {
	ctx := context.Background()
	f, _, closeAll := exampleFleet(ctx)
	defer closeAll()

	rename := fleet.Define("rename", func(ctx context.Context, j *fleet.Job[string]) (string, error) {
		account, err := j.Client.Accounts.Get(ctx, j.Key)
		if err != nil {
			return "", err
		}
		name := j.Params + account.FriendlyName
		_, err = j.Client.Accounts.Update(ctx, j.Key, twilio.AccountUpdateParams{FriendlyName: &name})
		return name, err
	})
	err := rename.Start(ctx, f, "rename-2026", twilio.AccountListParams{FriendlyName: "acme"}, "customer ")
	if err != nil {
		log.Fatal(err)
	}
	until(ctx, f, "rename-2026", rename)
	for item, err := range rename.Results(ctx, f, "rename-2026") {
		fmt.Println(item.Result, item.Err, err)
	}
	// Output:
	// 1 of 1, 0 failed
	// customer acme <nil> <nil>
}

func ExampleJob_Checkpoint() {
	ctx := context.Background()
	f, _, closeAll := exampleFleet(ctx)
	defer closeAll()

	type state struct{ Page, Sum int }
	sum := fleet.Define("sum", func(ctx context.Context, j *fleet.Job[int]) (int, error) {
		var s state
		if err := j.Resume(&s); err != nil {
			return 0, err
		}
		for s.Page < j.Params {
			s.Page++
			s.Sum += s.Page // in place of a request
			if err := j.Checkpoint(ctx, s); err != nil {
				return 0, err
			}
		}
		return s.Sum, nil
	})
	if err := sum.Start(ctx, f, "sum", twilio.AccountListParams{FriendlyName: "acme"}, 100); err != nil {
		log.Fatal(err)
	}
	until(ctx, f, "sum", sum)
	for item, err := range sum.Results(ctx, f, "sum") {
		fmt.Println(item.Result, item.Err, err)
	}
	// Output:
	// 1 of 1, 0 failed
	// 5050 <nil> <nil>
}

func ExampleOperation_StartTx() {
	ctx := context.Background()
	f, store, closeAll := exampleFleet(ctx)
	defer closeAll()

	signUp := func(customer string) error {
		tx, err := store.DB().BeginTx(ctx, &sql.TxOptions{})
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // after Commit it does nothing
		// Insert the customer's row here.
		err = fleet.Provision.StartTx(ctx, store.Tx(tx), customer, twilio.ProvisionParams{Number: &twilio.BuyParams{Country: "US"}})
		if err != nil || customer == "umbrella" {
			return err // rolled back
		}
		return tx.Commit()
	}
	for _, customer := range []string{"hooli", "umbrella"} {
		if err := signUp(customer); err != nil {
			log.Fatal(err)
		}
	}
	until(ctx, f, fleet.Provision.Name(), fleet.Provision)
	for item, err := range fleet.Provision.Results(ctx, f, fleet.Provision.Name()) {
		fmt.Println(item.Key, item.Result.NumberSID != "", item.Err, err)
	}
	// Output:
	// 1 of 1, 0 failed
	// hooli true <nil> <nil>
}

func ExampleWithTokenStore() {
	ctx := context.Background()
	tokens := make(chan twilio.Secret, 3)
	f, _, closeAll := exampleFleet(ctx, fleet.WithTokenStore(func(_ context.Context, _ string, token twilio.Secret) error {
		tokens <- token // into your secret store
		return nil
	}))
	defer closeAll()

	err := fleet.RotateAuthToken.Start(ctx, f, "leak-2026-01", twilio.AccountListParams{Status: twilio.AccountStatusActive}, fleet.RotateParams{})
	if err != nil {
		log.Fatal(err)
	}
	until(ctx, f, "leak-2026-01", fleet.RotateAuthToken)
	fmt.Println(len(tokens), "new tokens, such as", <-tokens)
	// Output:
	// 3 of 3, 0 failed
	// 3 new tokens, such as [redacted]
}

func ExampleFleet_Retry() {
	ctx := context.Background()
	f, _, closeAll := exampleFleet(ctx)
	defer closeAll()

	broken := true
	check := fleet.Define("check", func(_ context.Context, _ *fleet.Job[fleet.None]) (fleet.None, error) {
		if broken {
			return fleet.None{}, &twilio.ParamError{Field: "number", Reason: "is missing"}
		}
		return fleet.None{}, nil
	})
	if err := check.Start(ctx, f, "check", twilio.AccountListParams{}, fleet.None{}); err != nil {
		log.Fatal(err)
	}
	until(ctx, f, "check", check)
	broken = false
	if err := f.Retry(ctx, "check"); err != nil {
		log.Fatal(err)
	}
	until(ctx, f, "check", check)
	// Output:
	// 3 of 3, 3 failed
	// 3 of 3, 0 failed
}
