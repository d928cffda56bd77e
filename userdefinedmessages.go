package twilio

import (
	"context"
	"time"
)

// A UserDefinedMessage is a message to an application of yours that takes part
// in a call with Twilio's Voice SDK.
//
// See https://www.twilio.com/docs/voice/api/userdefinedmessage-resource.
type UserDefinedMessage struct {
	// SID identifies the message: KX and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the call belongs to.
	AccountSID string `json:"account_sid"`
	// CallSID is the call that the message was sent to.
	CallSID string `json:"call_sid"`
	// DateCreated is when the message was created, in UTC.
	DateCreated time.Time `json:"date_created"`
}

// UserDefinedMessageCreateParams are the parameters of
// [UserDefinedMessageService.Create]. Content is required.
type UserDefinedMessageCreateParams struct {
	// Content is the message: JSON text.
	Content string `url:"Content,omitempty"`
	// IdempotencyKey is a string of your own that no other message has, such as
	// a random one. Creates with the same key send one message.
	IdempotencyKey string `url:"IdempotencyKey,omitempty"`
}

func (UserDefinedMessageCreateParams) check(r *request) error {
	return required("Content", r.form.Get("Content"))
}

func (UserDefinedMessageCreateParams) repeatable(r *request) bool { return hasIdempotencyKey(r) }

// A UserDefinedMessageService sends messages to applications of yours that take
// part in calls.
//
// See https://www.twilio.com/docs/voice/api/userdefinedmessage-resource.
type UserDefinedMessageService struct{ messages endpoint }

func (s *UserDefinedMessageService) endpoint() endpoint { return orEmpty(s).messages }

var userDefinedMessages = &route{name: "calls.user_defined_messages", path: "/Calls/{callSID:CA}/UserDefinedMessages"}

// Create sends a message. The client retries it if it has an IdempotencyKey,
// and otherwise never once it may have reached Twilio: the error then matches
// [ErrOutcomeUnknown].
func (s *UserDefinedMessageService) Create(ctx context.Context, callSID string, params UserDefinedMessageCreateParams, opts ...RequestOption) (*UserDefinedMessage, error) {
	return send[*UserDefinedMessage](ctx, s.endpoint().create(params, opts, callSID))
}

// A UserDefinedMessageSubscription lets a URL of yours receive the messages
// that an application sends in a call with Twilio's Voice SDK.
//
// See
// https://www.twilio.com/docs/voice/api/userdefinedmessagesubscription-resource.
type UserDefinedMessageSubscription struct {
	// SID identifies the subscription: ZY and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the call belongs to.
	AccountSID string `json:"account_sid"`
	// CallSID is the call whose messages are received.
	CallSID string `json:"call_sid"`
	// DateCreated is when the subscription was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// URI is the subscription's own path.
	URI string `json:"uri"`
}

// UserDefinedMessageSubscriptionCreateParams are the parameters of
// [UserDefinedMessageSubscriptionService.Create]. Callback is required.
type UserDefinedMessageSubscriptionCreateParams struct {
	// Callback is the URL that receives the messages. Its host name can't have
	// underscores.
	Callback string `url:"Callback,omitempty"`
	// Method is how Callback is requested; POST by default.
	Method HTTPMethod `url:"Method,omitempty"`
	// IdempotencyKey is a string of your own that no other subscription has,
	// such as a random one. Creates with the same key make one subscription.
	IdempotencyKey string `url:"IdempotencyKey,omitempty"`
}

func (UserDefinedMessageSubscriptionCreateParams) check(r *request) error {
	return required("Callback", r.form.Get("Callback"))
}

func (UserDefinedMessageSubscriptionCreateParams) repeatable(r *request) bool {
	return hasIdempotencyKey(r)
}

// A UserDefinedMessageSubscriptionService subscribes to the messages that
// applications of yours send in calls.
//
// See
// https://www.twilio.com/docs/voice/api/userdefinedmessagesubscription-resource.
type UserDefinedMessageSubscriptionService struct{ subscriptions endpoint }

func (s *UserDefinedMessageSubscriptionService) endpoint() endpoint { return orEmpty(s).subscriptions }

var userDefinedMessageSubscriptions = &route{name: "calls.user_defined_message_subscriptions",
	path: "/Calls/{callSID:CA}/UserDefinedMessageSubscriptions/{sid:ZY}"}

// Create subscribes a URL to the messages of a call. The client retries it if
// it has an IdempotencyKey, and otherwise never once it may have reached
// Twilio: the error then matches [ErrOutcomeUnknown].
func (s *UserDefinedMessageSubscriptionService) Create(ctx context.Context, callSID string, params UserDefinedMessageSubscriptionCreateParams, opts ...RequestOption) (*UserDefinedMessageSubscription, error) {
	return send[*UserDefinedMessageSubscription](ctx, s.endpoint().create(params, opts, callSID))
}

// Delete ends a subscription.
func (s *UserDefinedMessageSubscriptionService) Delete(ctx context.Context, callSID, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, callSID, sid)
}
