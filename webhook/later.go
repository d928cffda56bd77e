package webhook

import twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"

// Later returns the one of two states of a message or a call that it has
// reached later. Keep it, and a state never goes backwards, although callbacks
// arrive in any order, more than once, and before the response to Create:
//
//	row.Status = webhook.Later(row.Status, event.Status)
//
// An empty state, such as that of a row that isn't there yet, is the earliest.
// Of two states of which none comes after the other, such as two final ones,
// Later returns current. A state that this version doesn't know comes after
// all but the final ones.
func Later[S twilio.MessageStatus | twilio.CallStatus](current, next S) S {
	if stage(string(next)) > stage(string(current)) {
		return next
	}
	return current
}

// stage returns how far a message or call is. What both can be is as far for
// the one as for the other.
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
