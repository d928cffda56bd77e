package twiliotest_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func Example() {
	ctx := context.Background()
	srv := twiliotest.NewServer()
	defer srv.Close()

	call, err := srv.Client().Calls.Create(ctx, twilio.CallCreateParams{
		From: "+14158141829", To: "+16518675310", URL: "https://example.com/voice",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(call.Status, call.Price.Valid)

	srv.Advance(time.Minute)
	if call, err = srv.Client().Calls.Get(ctx, call.SID); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(call.Status, call.Duration, call.Price.Decimal, call.PriceUnit)
	// Output:
	// queued false
	// completed 15 -0.014 USD
}

func ExampleServer_Inject() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()

	// The subaccount is made, and the answer is lost.
	srv.Inject(twiliotest.Fault{Method: "POST", Path: "/Accounts.json", Reset: twiliotest.ResetAfter})
	_, err := client.Accounts.Create(ctx, twilio.AccountCreateParams{FriendlyName: "Submarine"})
	fmt.Println(errors.Is(err, twilio.ErrOutcomeUnknown))

	page, err := client.Accounts.List(ctx, twilio.AccountListParams{FriendlyName: "Submarine"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(page.Items))
	// Output:
	// true
	// 1
}
