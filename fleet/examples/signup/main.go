// Signup signs customers up: the row of a customer and the order to set them up
// at Twilio are one transaction, so that neither is ever without the other.
//
//	go run ./examples/signup
//
// uses an in-memory fake of Twilio and a SQLite file. With PostgreSQL the
// transaction is one of pgx, and the rest is the same.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetsqlite"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func main() {
	dir, err := os.MkdirTemp("", "signup")
	if err == nil {
		defer os.RemoveAll(dir)
		err = run(context.Background(), filepath.Join(dir, "signup.db"), os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "signup:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, name string, out io.Writer) error {
	srv := twiliotest.NewServer()
	defer srv.Close()
	store, err := fleetsqlite.Open(name)
	if err != nil {
		return err
	}
	defer store.Close()
	f, err := fleet.Open(ctx, srv.Client(), store, fleet.WithKeyStore(saveKey))
	if err != nil {
		return err
	}
	if _, err := store.DB().ExecContext(ctx, "create table customers (id text primary key, plan text not null)"); err != nil {
		return err
	}
	for _, customer := range []struct{ id, plan string }{{"acme", "gold"}, {"globex", "silver"}, {"acme", "gold"}} {
		if err := signUp(ctx, store, customer.id, customer.plan); err != nil {
			fmt.Fprintf(out, "%-8s refused: nothing is set up for it\n", customer.id)
			continue
		}
		fmt.Fprintf(out, "%-8s signed up\n", customer.id)
	}

	// Workers may run here or on other machines, now or later.
	working, stop := context.WithCancel(ctx)
	worked := make(chan error, 1)
	go func() { worked <- f.Work(working, 4, fleet.Provision) }()
	for p, err := range f.Watch(ctx, fleet.Provision.Name()) {
		if err != nil {
			stop()
			return errors.Join(err, <-worked)
		}
		if p.Over() {
			fmt.Fprintf(out, "%d customers set up, %d failed\n", p.Done, p.Failed)
		}
	}
	stop()
	if err := <-worked; err != nil {
		return err
	}
	for item, err := range fleet.Provision.Results(ctx, f, fleet.Provision.Name()) {
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%-8s account %t, number %t, error %v\n", item.Key, item.Result.AccountSID != "", item.Result.NumberSID != "", item.Err)
	}
	return nil
}

// signUp inserts a customer and has them set up, in one transaction.
func signUp(ctx context.Context, store *fleetsqlite.Store, id, plan string) error {
	tx, err := store.DB().BeginTx(ctx, &sql.TxOptions{})
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it does nothing
	if _, err := tx.ExecContext(ctx, "insert into customers values (?, ?)", id, plan); err != nil {
		return err
	}
	err = fleet.Provision.StartTx(ctx, store.Tx(tx), id, twilio.ProvisionParams{
		Key:    &twilio.KeyCreateParams{FriendlyName: "backend"},
		Number: &twilio.BuyParams{Country: "US"},
	})
	if err != nil {
		return err
	}
	return tx.Commit()
}

// saveKey stores a customer's API key, in your secret store.
func saveKey(_ context.Context, _ string, _ *twilio.Key) error { return nil }
