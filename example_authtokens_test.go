package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A customer's token has leaked. Save stores the new one before it takes the place
// of the old one.
func ExampleAccountService_RotateAuthToken() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	leaked := client.WithCredentials(customer.Credentials())

	vault := map[string]twilio.Secret{}
	account, err := client.Accounts.RotateAuthToken(ctx, customer.SID, twilio.RotateAuthTokenParams{
		Save: func(_ context.Context, token twilio.Secret) error {
			vault[customer.SID] = token
			return nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	_, err = leaked.Balance.Get(ctx)
	fmt.Println(errors.Is(err, twilio.ErrUnauthorized), account.AuthToken.Reveal() == vault[customer.SID].Reveal())
	// Output: true true
}

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

// The old key works for a minute more, until all servers have the new one.
func ExampleKeyService_Rotate() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	old, err := client.Keys.Create(ctx, twilio.KeyCreateParams{FriendlyName: "billing"})
	if err != nil {
		log.Fatal(err)
	}
	key, err := client.Keys.Rotate(ctx, old.SID, twilio.KeyRotateParams{
		Grace: time.Millisecond, // time.Minute
		Save: func(_ context.Context, key *twilio.Key) error {
			fmt.Println("stored:", key.Secret) // in place of a vault
			return nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Keys.Get(ctx, old.SID)
	fmt.Println(key.FriendlyName, key.SID != old.SID, err != nil)
	// Output:
	// stored: [redacted]
	// billing true true
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
