package twilio_test

import (
	"context"
	"fmt"
	"log"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// Twilio returns the secret once, in the response to the create.
func ExampleKeyService_Create() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})

	key, err := client.Subaccount(customer.SID).Keys.Create(ctx, twilio.KeyCreateParams{FriendlyName: "their backend"})
	if err != nil {
		log.Fatal(err)
	}
	own := client.WithCredentials(twilio.APIKey(customer.SID, key.SID, key.Secret.Reveal()))
	_, err = own.Calls.List(ctx, twilio.CallListParams{})
	fmt.Println(key.FriendlyName, key.Secret, err)
	// Output: their backend [redacted] <nil>
}

func ExampleSigningKeyService_Create() {
	key, err := twiliotest.NewUnstartedServer().Client().SigningKeys.Create(context.Background(),
		twilio.SigningKeyCreateParams{FriendlyName: "access tokens"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(key.FriendlyName, key.Secret.IsZero())
	// Output: access tokens false
}
