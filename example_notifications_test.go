package twilio_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExampleNotificationService_All() {
	srv := twiliotest.NewUnstartedServer()
	noon := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	srv.AddNotification(srv.AccountSID, twilio.Notification{ErrorCode: 11200, Log: twilio.NotificationError, MessageDate: noon})
	srv.AddNotification(srv.AccountSID, twilio.Notification{ErrorCode: 14107, Log: twilio.NotificationWarning, MessageDate: noon})

	for notification, err := range srv.Client().Notifications.All(context.Background(), twilio.NotificationListParams{
		Log: new(twilio.NotificationError), MessageDateAfter: noon.Add(-time.Hour),
	}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(notification.ErrorCode, notification.MoreInfo)
	}
	// Output: 11200 https://www.twilio.com/docs/errors/11200
}
