package twilio_test

import (
	"context"
	"fmt"
	"log"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExampleAvailablePhoneNumberService_Get() {
	country, err := twiliotest.NewUnstartedServer().Client().AvailablePhoneNumbers.Get(context.Background(), "GB")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(country.Country, country.SubresourceURIs.Get("mobile") != "")
	// Output: United Kingdom true
}

func ExampleAvailablePhoneNumberKindService_List() {
	page, err := twiliotest.NewUnstartedServer().Client().AvailablePhoneNumbers.TollFree.List(context.Background(), "US",
		twilio.AvailablePhoneNumberListParams{Contains: "+1800", Limit: 3})
	if err != nil {
		log.Fatal(err)
	}
	for _, number := range page.Items {
		fmt.Println(number.PhoneNumber[:5], number.Capabilities.Voice)
	}
	// Output:
	// +1800 true
	// +1800 true
	// +1800 true
}
