// Alerts has Twilio call a webhook when a customer has spent 50 dollars in a month, so that you hear of it before the bill
// does. It can be run again at any time, and makes one alert.
//
//	go run ./examples/alerts
//	go run ./examples/alerts -live -account AC… -webhook https://example.com/alert
//
// Live it costs nothing.
package main

import (
	"context"
	"flag"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func main() { stage.Main(alerts()) }

func alerts() stage.Example {
	var account, webhook string
	return stage.Example{
		Name:  "alerts",
		Live:  []string{"create a usage trigger in the subaccount -account, unless it is there; that is free"},
		Needs: []string{"account", "webhook"},
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&account, "account", "", "the `SID` of the subaccount")
			flags.StringVar(&webhook, "webhook", "", "the `URL` that Twilio calls")
		},
		Fake: func(srv *twiliotest.Server) {
			account, webhook = srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"}).SID, "https://example.com/alert"
		},
		Run: func(ctx context.Context, st *stage.Stage) error {
			sub := st.Client.Subaccount(account)
			trigger, err := ensure(ctx, sub, webhook)
			if err != nil {
				return err
			}
			show(st, trigger)
			if st.Fake == nil {
				return nil
			}
			st.Fake.AddUsageRecord(account, twilio.UsageRecord{
				Category: twilio.UsageCategoryCalls, Count: 4200, Price: decimal.NewNullDecimal(decimal.RequireFromString("58.80")),
			})
			if trigger, err = ensure(ctx, sub, webhook); err != nil {
				return err
			}
			show(st, trigger)
			return nil
		},
	}
}

const name = "50 dollars a month"

// ensure returns the alert, and makes it if it isn't there.
func ensure(ctx context.Context, sub *twilio.Client, webhook string) (*twilio.UsageTrigger, error) {
	for trigger, err := range sub.Usage.Triggers.All(ctx, twilio.UsageTriggerListParams{UsageCategory: twilio.UsageCategoryTotalPrice}) {
		if err != nil || trigger.FriendlyName == name {
			return trigger, err
		}
	}
	return sub.Usage.Triggers.Create(ctx, twilio.UsageTriggerCreateParams{
		FriendlyName:  name,
		UsageCategory: twilio.UsageCategoryTotalPrice,
		TriggerBy:     twilio.UsageTriggerFieldPrice,
		TriggerValue:  "50",
		Recurring:     twilio.UsageTriggerRecurringMonthly,
		CallbackURL:   webhook,
	})
}

func show(st *stage.Stage, trigger *twilio.UsageTrigger) {
	state := "not reached yet"
	if trigger.CurrentValue.Decimal.GreaterThanOrEqual(trigger.TriggerValue.Decimal) {
		state = "reached: Twilio calls " + trigger.CallbackURL
	}
	st.Say("%s: %s USD so far, %s", trigger.FriendlyName, trigger.CurrentValue.Decimal.StringFixed(2), state)
}
