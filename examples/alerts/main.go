// Alerts has Twilio request a webhook when a customer has spent 50 dollars in a
// month, so that you know before the bill arrives. You can run it again at any
// time; it creates one alert. The file to copy is alerts.go.
//
//	go run ./examples/alerts
//	go run ./examples/alerts -live -account AC… -webhook https://example.com/a
//
// Live, it is free.
package main

import (
	"context"
	"flag"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func main() { stage.Main(example()) }

func example() stage.Example {
	var account, webhook string
	return stage.Example{
		Name: "alerts",
		Live: []string{
			"create a usage trigger in the subaccount -account, unless it",
			"exists; that is free",
		},
		Needs: []string{"account", "webhook"},
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&account, "account", "", "`SID` of the subaccount")
			flags.StringVar(&webhook, "webhook", "", "`URL` that Twilio requests")
		},
		Fake: func(srv *twiliotest.Server) {
			account = srv.AddSubaccount(twilio.Account{
				FriendlyName: "Submarine",
			}).SID
			webhook = "https://example.com/alert"
		},
		Run: func(ctx context.Context, st *stage.Stage) error {
			err := show(ctx, st, account, webhook)
			if err != nil || st.Fake == nil {
				return err
			}
			st.Fake.AddUsageRecord(account, twilio.UsageRecord{
				Category: twilio.UsageCategoryCalls,
				Count:    4200,
				Price: decimal.NewNullDecimal(
					decimal.RequireFromString("58.80")),
			})
			return show(ctx, st, account, webhook)
		},
	}
}

func show(ctx context.Context, st *stage.Stage, account, webhook string) error {
	trigger, err := EnsureAlert(ctx, st.Client.Subaccount(account), webhook)
	if err != nil {
		return err
	}
	st.Printf("%s: %s USD so far\n", trigger.FriendlyName,
		trigger.CurrentValue.Decimal.StringFixed(2))
	if Reached(trigger) {
		st.Printf("  reached: Twilio requests %s\n", trigger.CallbackURL)
	} else {
		st.Printf("  not reached yet\n")
	}
	return nil
}
