package twilio_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExampleSecret() {
	srv := twiliotest.NewUnstartedServer()
	account, err := srv.Client().Accounts.Create(context.Background(), twilio.AccountCreateParams{FriendlyName: "Submarine"})
	if err != nil {
		log.Fatal(err)
	}
	text, err := json.Marshal(account.AuthToken)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(account.AuthToken, string(text), len(account.AuthToken.Reveal()))
	// Output: [redacted] null 32
}
