package twilio_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A list of another product, which has no types here. Handle stands for that
// product in tests.
func ExampleAll() {
	srv := twiliotest.NewUnstartedServer()
	srv.Handle("studio.twilio.com", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"flows":[{"sid":"FW1","friendly_name":"IVR"}],"meta":{"key":"flows","next_page_url":null}}`)
	}))
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	own := srv.Client().WithCredentials(customer.Credentials())

	type Flow struct {
		SID          string `json:"sid"`
		FriendlyName string `json:"friendly_name"`
	}
	for flow, err := range twilio.All[Flow](context.Background(), own, "https://studio.twilio.com/v2/Flows", nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(flow.SID, flow.FriendlyName)
	}
	// Output: FW1 IVR
}

// A messaging service is on a host where a subaccount's own credentials are used.
func ExampleMessagingServiceService_Create() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	own := srv.Client().WithCredentials(customer.Credentials())

	service, err := own.MessagingServices.Create(ctx, twilio.MessagingServiceCreateParams{
		FriendlyName:      "notifications",
		InboundRequestURL: "https://example.com/sms",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(service.FriendlyName, service.AccountSID == customer.SID)
	// Output: notifications true
}

// Adding a number twice is a success.
func ExampleMessagingServicePhoneNumberService_Create() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	number := srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: "+14158141829"})
	service := srv.AddMessagingService(srv.AccountSID)

	for range 2 {
		sender, err := client.MessagingServices.PhoneNumbers.Create(ctx, service, twilio.MessagingServicePhoneNumberCreateParams{PhoneNumberSID: number.SID})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(sender.PhoneNumber)
	}
	// Output:
	// +14158141829
	// +14158141829
}

func ExampleMessagingServiceShortCodeService_Create() {
	srv := twiliotest.NewUnstartedServer()
	service := srv.AddMessagingService(srv.AccountSID)

	sender, err := srv.Client().MessagingServices.ShortCodes.Create(context.Background(), service,
		twilio.MessagingServiceShortCodeCreateParams{ShortCodeSID: "SC00000000000000000000000000000001"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(sender.SID)
	// Output: SC00000000000000000000000000000001
}

func ExampleMessagingServiceAlphaSenderService_Create() {
	srv := twiliotest.NewUnstartedServer()
	service := srv.AddMessagingService(srv.AccountSID)

	sender, err := srv.Client().MessagingServices.AlphaSenders.Create(context.Background(), service,
		twilio.MessagingServiceAlphaSenderCreateParams{AlphaSender: "Submarine"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(sender.AlphaSender)
	// Output: Submarine
}

// A regulated number that moves to a customer needs a bundle of the customer's.
func ExampleBundleService_Clone() {
	srv := twiliotest.NewUnstartedServer()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	bundle := srv.AddBundle(srv.AccountSID, twilio.Bundle{FriendlyName: "Germany, local"})

	clone, err := srv.Client().Regulatory.Bundles.Clone(context.Background(), bundle.SID, twilio.BundleCloneParams{TargetAccountSID: customer.SID})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(clone.FriendlyName, clone.Status, clone.AccountSID == customer.SID)
	// Output: Germany, local twilio-approved true
}

// The customer may dial where the main account may.
func ExampleVoiceSettingsService_Update() {
	srv := twiliotest.NewUnstartedServer()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	own := srv.Client().WithCredentials(customer.Credentials())

	settings, err := own.VoiceSettings.Update(context.Background(), twilio.VoiceSettingsUpdateParams{DialingPermissionsInheritance: new(true)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(settings.DialingPermissionsInheritance)
	// Output: true
}
