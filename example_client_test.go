package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExampleNewClient() {
	client, err := twilio.NewClient(twilio.AuthToken("AC00000000000000000000000000000001", "the main account's AuthToken"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.AccountSID())

	_, err = twilio.NewClient(twilio.AuthToken("AC00000000000000000000000000000001", ""))
	fmt.Println(err)
	// Output:
	// AC00000000000000000000000000000001
	// twilio: AuthToken is empty; Twilio also leaves an account's AuthToken blank when it was read with an API key
}

func ExampleNewClientFromEnv() {
	for name, value := range map[string]string{
		"TWILIO_ACCOUNT_SID":    "AC00000000000000000000000000000001",
		"TWILIO_AUTH_TOKEN":     "the main account's AuthToken",
		"TWILIO_SUBACCOUNT_SID": "AC00000000000000000000000000000002", // optional
		"TWILIO_REGION":         "ie1",                                // optional
	} {
		if err := os.Setenv(name, value); err != nil {
			log.Fatal(err)
		}
	}
	client, err := twilio.NewClientFromEnv()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.AccountSID())
	// Output: AC00000000000000000000000000000002
}

func ExampleAuthToken() {
	credentials := twilio.AuthToken("AC00000000000000000000000000000001", "an AuthToken")
	fmt.Println(strings.Contains(fmt.Sprintf("%+v", credentials), "an AuthToken"))
	// Output: false
}

// A key reaches the account that it belongs to. The main account's don't reach
// its subaccounts, and the request isn't sent.
func ExampleAPIKey() {
	client, err := twilio.NewClient(twilio.APIKey(
		"AC00000000000000000000000000000001", "SK00000000000000000000000000000001", "the key's secret"))
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Subaccount("AC00000000000000000000000000000002").Calls.List(context.Background(), twilio.CallListParams{})
	refusal, ok := errors.AsType[*twilio.ParamError](err)
	fmt.Println(ok, refusal.Field)
	// Output: true Subaccount
}

func ExampleClient_Subaccount() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})

	sub := client.Subaccount(customer.SID) // cheap, and client stays as it is
	message, err := sub.Messages.Create(ctx, twilio.MessageCreateParams{
		From: "+14158141829", To: "+16518675310", Body: "Ahoy there!",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(message.AccountSID == customer.SID, client.AccountSID() == srv.AccountSID)
	// Output: true true
}

// A program that works for one customer only need not be able to reach others.
func ExampleClient_WithCredentials() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	customer, err := client.Accounts.Create(ctx, twilio.AccountCreateParams{FriendlyName: "Submarine"})
	if err != nil {
		log.Fatal(err)
	}

	own := client.WithCredentials(customer.Credentials())
	if _, err := own.Calls.List(ctx, twilio.CallListParams{}); err != nil {
		log.Fatal(err)
	}
	_, err = own.Accounts.Get(ctx, srv.AccountSID)
	fmt.Println(errors.Is(err, twilio.ErrUnauthorized))
	// Output: true
}

// Do requests resources that have no type here. The account has their paths.
func ExampleClient_Do() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	account, err := client.Accounts.Get(ctx, client.AccountSID())
	if err != nil {
		log.Fatal(err)
	}

	var list struct {
		Recordings []struct {
			SID string `json:"sid"`
		} `json:"recordings"`
	}
	if err := client.Do(ctx, http.MethodGet, account.SubresourceURIs.Get("recordings"), nil, &list); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(list.Recordings))
	// Output: 0
}

func ExampleClient_CloseIdleConnections() {
	srv := twiliotest.NewServer()
	defer srv.Close()
	client := srv.Client()
	defer client.CloseIdleConnections()

	_, err := client.Balance.Get(context.Background())
	fmt.Println(err)
	// Output: <nil>
}
