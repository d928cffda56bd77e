package twilio_test

import (
	"context"
	"fmt"
	"log"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// Numbers that refer to an application are configured in one place.
func ExampleApplicationService_Create() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	number := srv.AddPhoneNumber(customer.SID, twilio.IncomingPhoneNumber{PhoneNumber: "+15005550006"})
	sub := srv.Client().Subaccount(customer.SID)

	app, err := sub.Applications.Create(ctx, twilio.ApplicationCreateParams{
		FriendlyName: "Switchboard",
		VoiceURL:     "https://example.com/voice",
		SMSURL:       "https://example.com/sms",
	})
	if err != nil {
		log.Fatal(err)
	}
	number, err = sub.IncomingPhoneNumbers.Update(ctx, number.SID, twilio.IncomingPhoneNumberUpdateParams{
		VoiceApplicationSID: new(app.SID),
		SMSApplicationSID:   new(app.SID),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(app.FriendlyName, app.VoiceURL)
	fmt.Println(number.VoiceApplicationSID == app.SID)
	// Output:
	// Switchboard https://example.com/voice
	// true
}
