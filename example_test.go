package twilio_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A customer's subaccount from its creation to its closing. Here and in the
// other examples, a twiliotest server takes Twilio's place.
func Example() {
	ctx := context.Background()
	srv := twiliotest.NewServer(twiliotest.WithStart(twiliotest.DefaultStart))
	defer srv.Close()
	client := srv.Client() // or twilio.NewClient(twilio.AuthToken(accountSID, authToken))

	customer, err := client.Accounts.Create(ctx, twilio.AccountCreateParams{FriendlyName: "Submarine"})
	if err != nil {
		log.Fatal(err)
	}
	sub := client.Subaccount(customer.SID)
	if _, err := sub.Calls.Create(ctx, twilio.CallCreateParams{
		From: "+14158141829", To: "+16518675310", URL: "https://example.com/voice",
	}); err != nil {
		log.Fatal(err)
	}
	srv.Advance(time.Minute) // the call rings, is answered, ends and gets a price

	spend, err := sub.Calls.Spend(ctx, twilio.CallListParams{StartTime: srv.Now()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(spend.Items, "call,", spend.Duration, "USD", spend.Totals["USD"])

	report, err := client.Accounts.Close(ctx, customer.SID, twilio.CloseParams{MoveNumbersTo: client.AccountSID()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Account.FriendlyName, "is", report.Account.Status)
	// Output:
	// 1 call, 15s USD 0.014
	// Submarine is closed
}
