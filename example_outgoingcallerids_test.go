package twilio_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// Twilio calls the number; its owner enters the code.
func ExampleOutgoingCallerIDService_Validate() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	request, err := client.OutgoingCallerIDs.Validate(ctx, twilio.ValidationRequestParams{PhoneNumber: "+14158675310"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(request.ValidationCode), "digits")

	srv.Advance(time.Minute)
	page, err := client.OutgoingCallerIDs.List(ctx, twilio.OutgoingCallerIDListParams{PhoneNumber: request.PhoneNumber})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(page.Items), "verified")
	// Output:
	// 6 digits
	// 1 verified
}
