package twilio_test

import (
	"context"
	"fmt"
	"log"

	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExampleMessageService_Create() {
	srv := twiliotest.NewUnstartedServer()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})

	message, err := srv.Client().Subaccount(customer.SID).Messages.Create(context.Background(), twilio.MessageCreateParams{
		From: "+14158141829", To: "+16518675310", Body: "Ahoy there!",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(message.Body, message.Status, message.NumSegments)
	// Output: Ahoy there! queued 1
}

// new("") clears the text of a message. Everything else is kept.
func ExampleMessageService_Update() {
	srv := twiliotest.NewUnstartedServer()
	message := srv.AddMessage(srv.AccountSID, twilio.Message{Status: twilio.MessageStatusDelivered, Body: "a code, say", To: "+16518675310"})

	message, err := srv.Client().Messages.Update(context.Background(), message.SID, twilio.MessageUpdateParams{Body: new("")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%q %s\n", message.Body, message.To)
	// Output: "" +16518675310
}

func ExampleMessageService_All() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddMessage(srv.AccountSID, twilio.Message{Status: twilio.MessageStatusFailed, ErrorCode: 30005, To: "+16518675310"})
	srv.AddMessage(srv.AccountSID, twilio.Message{Status: twilio.MessageStatusDelivered, To: "+16518675310"})

	for message, err := range srv.Client().Messages.All(context.Background(), twilio.MessageListParams{To: "+16518675310"}) {
		if err != nil {
			log.Fatal(err)
		}
		if message.Status == twilio.MessageStatusFailed {
			fmt.Println("failed with", message.ErrorCode)
		}
	}
	// Output: failed with 30005
}

func ExampleMessageService_Spend() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddMessage(srv.AccountSID, twilio.Message{
		Status: twilio.MessageStatusDelivered, DateSent: srv.Now(), NumSegments: 3,
		Price: decimal.NewNullDecimal(decimal.RequireFromString("-0.0249")), PriceUnit: "USD",
	})
	spend, err := srv.Client().Messages.Spend(context.Background(), twilio.MessageListParams{DateSent: srv.Now()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(spend.Items, spend.Segments, spend.Totals["USD"])
	// Output: 1 3 0.0249
}
