package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// The steps of a rotation, for the account that authenticates.
func ExampleAuthTokenService_Promote() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	own := srv.Client().WithCredentials(customer.Credentials())

	second, err := own.AuthTokens.CreateSecondary(ctx)
	if err != nil {
		log.Fatal(err)
	}
	// Store second.AuthToken now. Both tokens work.
	renewed := own.WithCredentials(twilio.AuthToken(customer.SID, second.AuthToken.Reveal()))
	if _, err := renewed.AuthTokens.Promote(ctx); err != nil {
		log.Fatal(err)
	}
	_, err = renewed.Balance.Get(ctx)
	fmt.Println(err)
	// Output: <nil>
}

func ExampleAuthTokenService_CreateSecondary() {
	srv := twiliotest.NewUnstartedServer()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	own := srv.Client().WithCredentials(customer.Credentials())

	second, err := own.AuthTokens.CreateSecondary(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(second.AccountSID == customer.SID, second.AuthToken)
	// Output: true [redacted]
}

func ExampleAuthTokenService_DeleteSecondary() {
	srv := twiliotest.NewUnstartedServer()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	own := srv.Client().WithCredentials(customer.Credentials())

	err := own.AuthTokens.DeleteSecondary(context.Background())
	fmt.Println(errors.Is(err, twilio.ErrNotFound)) // there is none
	// Output: true
}

// A key that may read messages, and nothing else.
func ExampleIAMKeyService_Create() {
	srv := twiliotest.NewUnstartedServer()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	own := srv.Client().WithCredentials(customer.Credentials())

	key, err := own.IAM.Keys.Create(context.Background(), twilio.IAMKeyCreateParams{
		FriendlyName: "reports",
		KeyType:      twilio.IAMKeyTypeRestricted,
		Policy:       twilio.IAMPolicy{Allow: []string{"/twilio/messaging/messages/read"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(key.FriendlyName, key.Policy.Allow, key.Secret)
	// Output: reports [/twilio/messaging/messages/read] [redacted]
}
