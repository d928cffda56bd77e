package twilio_test

import (
	"context"
	"fmt"
	"log"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExampleCallEventService_All() {
	ctx := context.Background()
	client := twiliotest.NewUnstartedServer().Client()
	call, err := client.Calls.Create(ctx, twilio.CallCreateParams{
		From: "+14158141829", To: "+16518675310", URL: "https://example.com/voice",
	})
	if err != nil {
		log.Fatal(err)
	}
	for entry, err := range client.Calls.Events.All(ctx, call.SID, twilio.CallEventListParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(entry.Request.Method, entry.Request.Parameters["url"], entry.Response.ResponseCode)
	}
	// Output: POST https://example.com/voice 201
}

// Errors only, without warnings.
func ExampleCallNotificationService_All() {
	srv := twiliotest.NewUnstartedServer()
	call := srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusCompleted})
	srv.AddNotification(srv.AccountSID, twilio.Notification{CallSID: call.SID, Log: 0, ErrorCode: 11200})
	srv.AddNotification(srv.AccountSID, twilio.Notification{CallSID: call.SID, Log: 1, ErrorCode: 15003})

	for n, err := range srv.Client().Calls.Notifications.All(context.Background(), call.SID,
		twilio.NotificationListParams{Log: new(0)}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(n.ErrorCode, n.MoreInfo)
	}
	// Output: 11200 https://www.twilio.com/docs/errors/11200
}
