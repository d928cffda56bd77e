package twilio_test

import (
	"context"
	"fmt"
	"log"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExampleAddressService_Create() {
	address, err := twiliotest.NewUnstartedServer().Client().Addresses.Create(context.Background(), twilio.AddressCreateParams{
		CustomerName: "Captain Nemo", Street: "2 Hasselhoff Lane", City: "San Francisco", Region: "CA",
		PostalCode: "94109", ISOCountry: "US",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(address.CustomerName, address.City, address.ISOCountry)
	// Output: Captain Nemo San Francisco US
}

func ExampleDependentPhoneNumberService_All() {
	srv := twiliotest.NewUnstartedServer()
	address := srv.AddAddress(srv.AccountSID, twilio.Address{CustomerName: "Captain Nemo"})
	srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: "+15105647903", AddressSID: address.SID})

	for number, err := range srv.Client().Addresses.DependentPhoneNumbers.All(context.Background(), address.SID,
		twilio.DependentPhoneNumberListParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(number.PhoneNumber)
	}
	// Output: +15105647903
}
