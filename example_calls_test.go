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

func ExampleCallService_Create() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()

	call, err := client.Calls.Create(ctx, twilio.CallCreateParams{
		From: "+14158141829", To: "+16518675310", URL: "https://example.com/voice",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.Status, call.Price.Valid)

	srv.Advance(time.Minute)
	if call, err = client.Calls.Get(ctx, call.SID); err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.Status, call.Price.Decimal, call.PriceUnit) // a charge is negative
	// Output:
	// queued false
	// completed -0.014 USD
}

func ExampleCallService_Update() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	call := srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress})

	// The call continues with other instructions.
	call, err := srv.Client().Calls.Update(ctx, call.SID, twilio.CallUpdateParams{TwiML: new("<Response><Say>Goodbye</Say></Response>")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.Status)
	// Output: in-progress
}

// The afternoon of a day, exactly: from noon, and before six.
func ExampleCallService_All() {
	srv := twiliotest.NewUnstartedServer()
	for _, hour := range []int{9, 12, 15, 18} {
		srv.AddCall(srv.AccountSID, twilio.Call{
			Status: twilio.CallStatusCompleted, StartTime: time.Date(2026, 1, 14, hour, 0, 0, 0, time.UTC),
		})
	}
	for call, err := range srv.Client().Calls.All(context.Background(), twilio.CallListParams{
		StartTimeAfter:  time.Date(2026, 1, 14, 12, 0, 0, 0, time.UTC),
		StartTimeBefore: time.Date(2026, 1, 14, 18, 0, 0, 0, time.UTC),
	}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(call.StartTime)
	}
	// Output:
	// 2026-01-14 15:00:00 +0000 UTC
	// 2026-01-14 12:00:00 +0000 UTC
}

func ExampleCallService_End() {
	srv := twiliotest.NewUnstartedServer()
	call := srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress})

	call, err := srv.Client().Calls.End(context.Background(), call.SID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.Status)
	// Output: completed
}

func ExampleCallService_EndAll() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress})
	srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusRinging})
	srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusCompleted})

	ended, err := srv.Client().Calls.EndAll(context.Background())
	fmt.Println(len(ended), err)
	// Output: 2 <nil>
}

// Prices in two currencies are two sums. A call without a price is counted
// separately.
func ExampleCallService_Spend() {
	srv := twiliotest.NewUnstartedServer()
	day := time.Date(2026, 1, 14, 9, 0, 0, 0, time.UTC)
	for _, charge := range []struct{ price, unit string }{{"-0.200", "USD"}, {"-0.03000", "usd"}, {"-0.100", "JPY"}} {
		srv.AddCall(srv.AccountSID, twilio.Call{
			Status: twilio.CallStatusCompleted, StartTime: day, Duration: 90,
			Price: decimal.NewNullDecimal(decimal.RequireFromString(charge.price)), PriceUnit: charge.unit,
		})
	}
	srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress, StartTime: day})

	spend, err := srv.Client().Calls.Spend(context.Background(), twilio.CallListParams{StartTime: day})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(spend.Items, "calls,", spend.Unpriced, "not priced yet,", spend.Duration)
	fmt.Println("USD", spend.Totals["USD"], "JPY", spend.Totals["JPY"])
	// Output:
	// 4 calls, 1 not priced yet, 4m30s
	// USD 0.23 JPY 0.1
}
