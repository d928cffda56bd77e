package twilio

import (
	"context"
	"time"
)

// A MessageFeedbackOutcome says whether a recipient did what a message asked
// for. The set is open: a value that is not among the constants passes through.
type MessageFeedbackOutcome string

// The recipient did so (Twilio's default), or isn't known to have done so.
const (
	MessageFeedbackOutcomeConfirmed   MessageFeedbackOutcome = "confirmed"
	MessageFeedbackOutcomeUnconfirmed MessageFeedbackOutcome = "unconfirmed"
)

// MessageFeedback is what you told Twilio about a message: whether it is known
// to have reached its recipient, for example because the recipient entered the
// code in it.
//
// See https://www.twilio.com/docs/messaging/api/message-feedback-resource.
type MessageFeedback struct {
	// AccountSID is the account that sent the message.
	AccountSID string `json:"account_sid"`
	// MessageSID is the message.
	MessageSID string `json:"message_sid"`
	// Outcome is confirmed or unconfirmed.
	Outcome MessageFeedbackOutcome `json:"outcome"`
	// DateCreated is when the feedback was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the feedback was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the feedback's own path, which can't be read.
	URI string `json:"uri"`
}

// MessageFeedbackCreateParams are the parameters of
// [MessageFeedbackService.Create].
type MessageFeedbackCreateParams struct {
	// Outcome is confirmed (default) or unconfirmed.
	Outcome MessageFeedbackOutcome `url:"Outcome,omitempty"`
}

// repeatable is true: setting the same outcome twice changes nothing.
func (MessageFeedbackCreateParams) repeatable(*request) bool { return true }

// A MessageFeedbackService tells Twilio what became of a message that was
// created with ProvideFeedback.
//
// See https://www.twilio.com/docs/messaging/api/message-feedback-resource.
type MessageFeedbackService struct{ feedback endpoint }

func (s *MessageFeedbackService) endpoint() endpoint { return orEmpty(s).feedback }

var messageFeedback = &route{name: "messages.feedback", path: "/Messages/{messageSID:SM|MM}/Feedback"}

// Create sets the outcome of a message, and replaces an earlier one.
func (s *MessageFeedbackService) Create(ctx context.Context, messageSID string, params MessageFeedbackCreateParams, opts ...RequestOption) (*MessageFeedback, error) {
	return send[*MessageFeedback](ctx, s.endpoint().create(params, opts, messageSID))
}
