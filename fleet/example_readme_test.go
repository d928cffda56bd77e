package fleet_test

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetpg"
)

// The README has this function.
var _ = makeBills

func makeBills(ctx context.Context, client *twilio.Client, pool *pgxpool.Pool, october fleet.Days) error {
	store := fleetpg.New(pool) // or fleetsqlite.Open("fleet.db")
	// 40 operations at once, in all processes together.
	f, err := fleet.Open(ctx, client, store, fleet.WithConcurrency(40))
	if err != nil {
		return err
	}
	go f.Work(ctx, 16, fleet.MessageSpend) // on as many machines as you like

	// Once per ID, however often it is called.
	err = fleet.MessageSpend.Start(ctx, f, "bills-2026-10", twilio.AccountListParams{}, october)
	if err != nil {
		return err
	}
	for p, err := range f.Watch(ctx, "bills-2026-10") { // until it is over
		fmt.Println(p.Done, "of", p.Total, err)
	}
	for item, err := range fleet.MessageSpend.Results(ctx, f, "bills-2026-10") {
		fmt.Println(item.Key, item.Result, item.Err, err)
	}
	return nil
}
