package webhook_test

import (
	"math/rand/v2"
	"testing"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

// In whichever order they come, and twice, the last state is what remains.
func TestLater(t *testing.T) {
	t.Parallel()
	everyOrderEndsWell(t, twilio.MessageStatusScheduled, twilio.MessageStatusAccepted, twilio.MessageStatusQueued,
		twilio.MessageStatusSending, twilio.MessageStatusSent, twilio.MessageStatusPartiallyDelivered, "brand-new", twilio.MessageStatusDelivered, twilio.MessageStatusRead)
	everyOrderEndsWell(t, twilio.MessageStatusQueued, twilio.MessageStatusSent, twilio.MessageStatusUndelivered)
	everyOrderEndsWell(t, twilio.MessageStatusQueued, twilio.MessageStatusSending, twilio.MessageStatusFailed)
	everyOrderEndsWell(t, twilio.MessageStatusScheduled, twilio.MessageStatusCanceled)
	everyOrderEndsWell(t, twilio.MessageStatusReceiving, twilio.MessageStatusReceived)
	for _, end := range []twilio.CallStatus{twilio.CallStatusCompleted, twilio.CallStatusBusy, twilio.CallStatusFailed, twilio.CallStatusNoAnswer, twilio.CallStatusCanceled} {
		everyOrderEndsWell(t, twilio.CallStatusQueued, "initiated", twilio.CallStatusRinging, twilio.CallStatusInProgress, end)
	}
	// The first of two final states remains.
	if got := webhook.Later(twilio.MessageStatusDelivered, twilio.MessageStatusFailed); got != twilio.MessageStatusDelivered {
		t.Errorf("after delivered comes %s", got)
	}
}

func everyOrderEndsWell[S twilio.MessageStatus | twilio.CallStatus](t *testing.T, states ...S) {
	t.Helper()
	for range 200 {
		var current S
		for range 2 {
			for _, i := range rand.Perm(len(states)) {
				current = webhook.Later(current, states[i])
			}
		}
		if want := states[len(states)-1]; current != want {
			t.Errorf("%v end as %s", states, current)
		}
	}
}
