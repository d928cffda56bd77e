package twilio_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExampleUserDefinedMessageService_Create() {
	srv := twiliotest.NewUnstartedServer()
	call := srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress})

	message, err := srv.Client().Calls.UserDefinedMessages.Create(context.Background(), call.SID,
		twilio.UserDefinedMessageCreateParams{Content: `{"position": 3}`, IdempotencyKey: rand.Text()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(message.CallSID == call.SID)
	// Output: true
}

func ExampleUserDefinedMessageSubscriptionService_Create() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	call := srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress})
	subscriptions := srv.Client().Calls.UserDefinedMessageSubscriptions

	subscription, err := subscriptions.Create(ctx, call.SID, twilio.UserDefinedMessageSubscriptionCreateParams{
		Callback: "https://example.com/messages", IdempotencyKey: rand.Text(),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(subscriptions.Delete(ctx, call.SID, subscription.SID))
	// Output: <nil>
}
