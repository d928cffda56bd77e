package twilio_test

import (
	"slices"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A range of notifications is exact, though the server's filter selects days.
func TestCallNotificationRange(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	call := srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusCompleted})
	at := func(hour int) time.Time { return time.Date(2026, time.January, 14, hour, 0, 0, 0, time.UTC) }
	for _, hour := range []int{9, 12, 15, 18} {
		srv.AddNotification(srv.AccountSID, twilio.Notification{CallSID: call.SID, MessageDate: at(hour)})
	}
	var hours []int
	for n, err := range srv.Client().Calls.Notifications.All(t.Context(), call.SID,
		twilio.NotificationListParams{MessageDateAfter: at(12), MessageDateBefore: at(18)}) {
		if err != nil {
			t.Fatal(err)
		}
		hours = append(hours, n.MessageDate.Hour())
	}
	if slices.Sort(hours); !slices.Equal(hours, []int{12, 15}) {
		t.Errorf("hours %v, want 12 and 15", hours)
	}
}
