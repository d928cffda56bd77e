package webhook

import twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"

// Later returns whichever of two states of a message or a call comes later.
// Callbacks may arrive out of order, more than once, and before the response to
// Create; with Later, a stored state never goes backwards:
//
//	row.Status = webhook.Later(row.Status, event.Status)
//
// The empty state, that of a row that doesn't exist yet, is the earliest. If
// neither state comes after the other, such as two final ones, Later returns
// current. States that this package doesn't know come before the final ones and
// after all others.
func Later[S twilio.MessageStatus | twilio.CallStatus](current, next S) S {
	if stage(string(next)) > stage(string(current)) {
		return next
	}
	return current
}

// stage returns how far a message or call has progressed. The states that both
// have are at the same stage for both.
func stage(status string) int {
	switch status {
	case "":
		return 0
	case "scheduled":
		return 1
	case "accepted", "receiving":
		return 2
	case "queued":
		return 3
	case "initiated", "sending":
		return 4
	case "ringing", "sent":
		return 5
	case "in-progress", "partially_delivered":
		return 6
	case "delivered", "undelivered", "failed", "canceled", "received",
		"completed", "busy", "no-answer":
		return 8
	case "read":
		return 9
	default:
		return 7
	}
}
