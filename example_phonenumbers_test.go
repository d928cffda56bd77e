package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// Search for a number, then buy it. It isn't reserved in between.
func ExampleIncomingPhoneNumberService_Create() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	page, err := client.AvailablePhoneNumbers.Local.List(ctx, "US", twilio.AvailablePhoneNumberListParams{
		AreaCode: "415", SMSEnabled: new(true), Limit: 1,
	})
	if err != nil {
		log.Fatal(err)
	}
	number, err := client.IncomingPhoneNumbers.Create(ctx, twilio.IncomingPhoneNumberCreateParams{
		PhoneNumber: page.Items[0].PhoneNumber, VoiceURL: "https://example.com/voice",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(number.PhoneNumber[:5], number.Capabilities.SMS, number.VoiceURL)
	// Output: +1415 true https://example.com/voice
}

// Buy searches and buys in one call. Where another customer of Twilio's has
// bought the first number in the meantime, it buys the next.
func ExampleIncomingPhoneNumberService_Buy() {
	srv := twiliotest.NewUnstartedServer()
	srv.Inject(twiliotest.Fault{
		Method: http.MethodPost, Path: "/IncomingPhoneNumbers.json", Code: twilio.CodePhoneNumberNotAvailable,
	})
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	sub := srv.Client().Subaccount(customer.SID)

	number, err := sub.IncomingPhoneNumbers.Buy(context.Background(), twilio.BuyParams{
		Country: "US",
		Type:    twilio.PhoneNumberLocal,
		Search:  twilio.AvailablePhoneNumberListParams{AreaCode: "415", SMSEnabled: new(true)},
		Number:  twilio.IncomingPhoneNumberCreateParams{FriendlyName: "main line", SMSURL: "https://example.com/sms"},
	})
	if errors.Is(err, twilio.ErrNoPhoneNumber) {
		log.Fatal("try another area code")
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(number.FriendlyName, number.PhoneNumber[:5], number.SMSURL)
	// Output: main line +1415 https://example.com/sms
}

func ExampleIncomingPhoneNumberService_Update() {
	srv := twiliotest.NewUnstartedServer()
	number := srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{
		PhoneNumber: "+15105647903", FriendlyName: "My Company Line", VoiceURL: "https://example.com/voice",
	})
	// nil leaves a value unchanged, new("") clears it.
	number, err := srv.Client().IncomingPhoneNumbers.Update(context.Background(), number.SID,
		twilio.IncomingPhoneNumberUpdateParams{VoiceURL: new("")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%q %q\n", number.FriendlyName, number.VoiceURL)
	// Output: "My Company Line" ""
}

func ExampleIncomingPhoneNumberService_All() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: "+15105647903"})
	srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: "+14158141829"})

	for number, err := range srv.Client().IncomingPhoneNumbers.All(context.Background(),
		twilio.IncomingPhoneNumberListParams{PhoneNumber: "+1510*"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(number.PhoneNumber)
	}
	// Output: +15105647903
}

func ExampleIncomingPhoneNumberService_Transfer() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	number := srv.AddPhoneNumber(client.AccountSID(), twilio.IncomingPhoneNumber{PhoneNumber: "+15105647903"})

	number, err := client.IncomingPhoneNumbers.Transfer(ctx, number.SID, twilio.TransferParams{To: customer.SID})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(number.AccountSID == customer.SID)

	_, err = client.IncomingPhoneNumbers.Get(ctx, number.SID)
	fmt.Println(errors.Is(err, twilio.ErrNotFound)) // it isn't where it was
	// Output:
	// true
	// true
}

// A number that requires an address isn't moved, and the report says why.
func ExampleIncomingPhoneNumberService_TransferAll() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	srv.AddPhoneNumber(customer.SID, twilio.IncomingPhoneNumber{PhoneNumber: "+15105647903"})
	srv.AddPhoneNumber(customer.SID, twilio.IncomingPhoneNumber{
		PhoneNumber: "+4930901820", AddressRequirements: twilio.AddressRequirementLocal,
	})

	report, err := client.Subaccount(customer.SID).IncomingPhoneNumbers.TransferAll(ctx, twilio.TransferParams{To: client.AccountSID()})
	fmt.Println(len(report.Moved), "moved,", len(report.Failed), "not:", report.Failed[0].Number.AddressRequirements, err != nil)
	// Output: 1 moved, 1 not: local true
}

// Local, Mobile and TollFree accept only numbers of their kind.
func ExampleIncomingPhoneNumberKindService_Create() {
	ctx := context.Background()
	client := twiliotest.NewUnstartedServer().Client()
	page, err := client.AvailablePhoneNumbers.TollFree.List(ctx, "US", twilio.AvailablePhoneNumberListParams{Limit: 1})
	if err != nil {
		log.Fatal(err)
	}
	number, err := client.IncomingPhoneNumbers.TollFree.Create(ctx, twilio.IncomingPhoneNumberCreateParams{
		PhoneNumber: page.Items[0].PhoneNumber,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(number.Status)
	// Output: in-use
}
