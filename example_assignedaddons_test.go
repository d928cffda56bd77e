package twilio_test

import (
	"context"
	"fmt"
	"log"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExampleAssignedAddOnService_Create() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	number := srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: "+15105647903"})
	addOns := srv.Client().IncomingPhoneNumbers.AssignedAddOns

	addOn, err := addOns.Create(ctx, number.SID,
		twilio.AssignedAddOnCreateParams{InstalledAddOnSID: "XE0123456789abcdef0123456789abcdef"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(addOn.ResourceSID == number.SID)
	// Output: true
}

func ExampleAddOnExtensionService_All() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	number := srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: "+15105647903"})
	addOns := srv.Client().IncomingPhoneNumbers.AssignedAddOns
	addOn, err := addOns.Create(ctx, number.SID,
		twilio.AssignedAddOnCreateParams{InstalledAddOnSID: "XE0123456789abcdef0123456789abcdef"})
	if err != nil {
		log.Fatal(err)
	}
	for extension, err := range addOns.Extensions.All(ctx, number.SID, addOn.SID, twilio.AddOnExtensionListParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(extension.UniqueName, extension.Enabled)
	}
	// Output:
	// sms-incoming true
	// voice-incoming true
}
