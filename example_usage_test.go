package twilio_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// Twilio's own figure. Categories overlap, so select one.
func ExampleUsageRecordService_All() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddUsageRecord(srv.AccountSID, twilio.UsageRecord{
		Category: twilio.UsageCategoryCallsOutbound, StartDate: time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC), Count: 12,
		Price: decimal.NewNullDecimal(decimal.RequireFromString("1.68")),
	})
	for record, err := range srv.Client().Usage.Records.All(context.Background(), twilio.UsageRecordListParams{
		Category:  twilio.UsageCategoryCalls,
		StartDate: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		EndDate:   time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC),
	}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(record.Count, record.CountUnit, record.Price.Decimal, record.PriceUnit) // positive here
	}
	// Output: 12 calls 1.68 usd
}

func ExampleUsageRecordPeriodService_All() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddUsageRecord(srv.AccountSID, twilio.UsageRecord{
		Category: twilio.UsageCategorySMS, Count: 3, Price: decimal.NewNullDecimal(decimal.RequireFromString("0.0249")),
	})
	for record, err := range srv.Client().Usage.Records.Today.All(context.Background(),
		twilio.UsageRecordListParams{Category: twilio.UsageCategoryTotalPrice}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(record.Price.Decimal)
	}
	// Output: 0.0249
}

func ExampleUsageService_Reconcile() {
	srv := twiliotest.NewUnstartedServer(twiliotest.WithStart(twiliotest.DefaultStart))
	srv.AddCall(srv.AccountSID, twilio.Call{
		Status: twilio.CallStatusCompleted, Direction: "outbound-api", StartTime: srv.Now().Add(-time.Hour),
		Price: decimal.NewNullDecimal(decimal.RequireFromString("-0.014")), PriceUnit: "USD",
	})
	bill, err := srv.Client().Usage.Reconcile(context.Background(), twilio.ReconcileParams{StartDate: srv.Now(), EndDate: srv.Now()})
	if err != nil {
		log.Fatal(err)
	}
	for _, line := range bill.Lines {
		if line.Kind == "calls" {
			fmt.Println(line.Items, line.Currency, line.Sum, line.Official, line.Difference)
		}
	}
	// Output: 1 USD 0.014 0.014 0
}

// A webhook at 50 dollars a month.
// The second run finds the trigger that the first created, and changes where it
// leads.
func ExampleUsageTriggerService_Ensure() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	triggers := srv.Client().Subaccount(customer.SID).Usage.Triggers

	for _, url := range []string{"https://example.com/alert", "https://example.com/v2/alert"} {
		trigger, created, err := triggers.Ensure(ctx, twilio.UsageTriggerCreateParams{
			FriendlyName: "50 dollars a month", CallbackURL: url,
			UsageCategory: twilio.UsageCategoryTotalPrice, TriggerBy: twilio.UsageTriggerFieldPrice, TriggerValue: "50",
			Recurring: twilio.UsageTriggerRecurringMonthly,
		})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(created, trigger.CallbackURL)
	}
	// Output:
	// true https://example.com/alert
	// false https://example.com/v2/alert
}

func ExampleUsageTriggerService_Create() {
	trigger, err := twiliotest.NewUnstartedServer().Client().Usage.Triggers.Create(context.Background(), twilio.UsageTriggerCreateParams{
		UsageCategory: twilio.UsageCategoryTotalPrice, TriggerBy: twilio.UsageTriggerFieldPrice, TriggerValue: "50",
		Recurring: twilio.UsageTriggerRecurringMonthly, CallbackURL: "https://example.com/alert",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(trigger.TriggerValue.Decimal, trigger.Recurring)
	// Output: 50 monthly
}
