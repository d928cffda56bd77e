package twilio

import (
	"context"
	"iter"
	"time"

	"github.com/shopspring/decimal"
)

// A MessageStatus is the state of a message. The set is open: a value that is
// not among the constants passes through.
type MessageStatus string

// The states of a message. An outgoing message is accepted (by a Messaging
// Service) or scheduled, then queued, sending and sent, and ends as delivered,
// undelivered or failed; some channels add read. An incoming message is
// receiving, then received.
const (
	MessageStatusAccepted           MessageStatus = "accepted"
	MessageStatusScheduled          MessageStatus = "scheduled"
	MessageStatusCanceled           MessageStatus = "canceled"
	MessageStatusQueued             MessageStatus = "queued"
	MessageStatusSending            MessageStatus = "sending"
	MessageStatusSent               MessageStatus = "sent"
	MessageStatusDelivered          MessageStatus = "delivered"
	MessageStatusPartiallyDelivered MessageStatus = "partially_delivered"
	MessageStatusUndelivered        MessageStatus = "undelivered"
	MessageStatusFailed             MessageStatus = "failed"
	MessageStatusRead               MessageStatus = "read"
	MessageStatusReceiving          MessageStatus = "receiving"
	MessageStatusReceived           MessageStatus = "received"
)

// isUnfinished reports whether the message is still on its way. Until then it
// can't be deleted.
func (s MessageStatus) isUnfinished() bool {
	switch s {
	case MessageStatusAccepted, MessageStatusScheduled, MessageStatusQueued, MessageStatusSending, MessageStatusReceiving:
		return true
	default:
		return false
	}
}

// A MessageDirection says who sent a message, and how. The set is open: a value
// that is not among the constants passes through.
type MessageDirection string

// A message is incoming, or is sent through this API, during a call, or in
// reply to an incoming one.
const (
	MessageDirectionInbound       MessageDirection = "inbound"
	MessageDirectionOutboundAPI   MessageDirection = "outbound-api"
	MessageDirectionOutboundCall  MessageDirection = "outbound-call"
	MessageDirectionOutboundReply MessageDirection = "outbound-reply"
)

// A MessageContentRetention says whether Twilio keeps a message's text.
type MessageContentRetention string

// The text is kept (Twilio's default) or discarded.
const (
	MessageContentRetentionRetain  MessageContentRetention = "retain"
	MessageContentRetentionDiscard MessageContentRetention = "discard"
)

// A MessageAddressRetention says whether Twilio keeps a recipient's number.
type MessageAddressRetention string

// The number is kept (Twilio's default) or made unreadable.
const (
	MessageAddressRetentionRetain    MessageAddressRetention = "retain"
	MessageAddressRetentionObfuscate MessageAddressRetention = "obfuscate"
)

// A MessageTrafficType is a class of traffic that Twilio handles differently.
type MessageTrafficType string

// MessageTrafficTypeFree is traffic without a charge.
const MessageTrafficTypeFree MessageTrafficType = "free"

// A MessageScheduleType is how a message is scheduled.
type MessageScheduleType string

// MessageScheduleTypeFixed sends the message at SendAt.
const MessageScheduleTypeFixed MessageScheduleType = "fixed"

// A MessageRiskCheck turns the protection against SMS pumping on or off.
type MessageRiskCheck string

// The check is on (Twilio's default) or off for one message.
const (
	MessageRiskCheckEnable  MessageRiskCheck = "enable"
	MessageRiskCheckDisable MessageRiskCheck = "disable"
)

// A Message is a message, sent or received, by SMS, MMS or another channel such
// as WhatsApp.
//
// See https://www.twilio.com/docs/messaging/api/message-resource.
type Message struct {
	// SID identifies the message: SM, or MM for one with media, and 32 hex
	// digits.
	SID string `json:"sid"`
	// AccountSID is the account that sent or received the message.
	AccountSID string `json:"account_sid"`
	// MessagingServiceSID is the Messaging Service that the message went
	// through, if one did.
	MessagingServiceSID string `json:"messaging_service_sid"`
	// To is the recipient: a number in E.164 form, or a channel address such as
	// whatsapp:+16518675310.
	To string `json:"to"`
	// From is the sender: a number in E.164 form, an alphanumeric sender ID, a
	// short code or a channel address. It is empty until a Messaging Service
	// has chosen one.
	From string `json:"from"`
	// Body is the text; empty once it has been redacted.
	Body string `json:"body"`
	// Tags are labels that the sender set. Twilio sends them, though its
	// specification doesn't have them.
	Tags map[string]string `json:"tags"`
	// NumMedia is how many files came with the text. [MediaService] has them.
	NumMedia int `json:"num_media"`
	// NumSegments is how many SMS segments the text takes, each of which is
	// charged. It is zero until a Messaging Service has chosen a sender.
	NumSegments int `json:"num_segments"`
	// Direction says who sent the message, and how.
	Direction MessageDirection `json:"direction"`
	// Status is the state of the message.
	Status MessageStatus `json:"status"`
	// ErrorCode says why a message has failed or is undelivered; it is zero
	// otherwise. See https://www.twilio.com/docs/api/errors.
	ErrorCode int `json:"error_code"`
	// ErrorMessage is ErrorCode in words, which Twilio may change.
	ErrorMessage string `json:"error_message"`
	// Price is the charge for the whole message, all segments together, in
	// PriceUnit. Charges are negative, as Twilio sends them. It is null until
	// Twilio has priced the message, some time after it was sent.
	Price decimal.NullDecimal `json:"price"`
	// PriceUnit is the currency of Price: an ISO 4217 code such as USD. It may
	// differ from message to message.
	PriceUnit string `json:"price_unit"`
	// DateSent is when Twilio sent the message, or delivered an incoming one,
	// in UTC; zero until then.
	DateSent time.Time `json:"date_sent"`
	// DateCreated is when the message resource was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the message resource was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// APIVersion is the version of the API that handled the message.
	APIVersion string `json:"api_version"`
	// SubresourceURIs has the paths of what belongs to the message, by name
	// ("media", "feedback").
	SubresourceURIs SubresourceURIs `json:"subresource_uris"`
	// URI is the message's own path.
	URI string `json:"uri"`
}

func (m *Message) dates() []time.Time { return []time.Time{m.DateSent} }

func (m *Message) current() map[string]string {
	return map[string]string{"Body": m.Body, "Status": string(m.Status)}
}

// MessageCreateParams are the parameters of [MessageService.Create]. To, From
// or MessagingServiceSID, and one of Body, MediaURL and ContentSID are
// required.
type MessageCreateParams struct {
	// To is the recipient: a number in E.164 form, or a channel address such as
	// whatsapp:+16518675310.
	To string `url:"To,omitempty"`
	// From is the sender, which must belong to the account: a number in E.164
	// form, an alphanumeric sender ID, a short code or a channel address. With
	// MessagingServiceSID it selects a sender of that service.
	From string `url:"From,omitempty"`
	// MessagingServiceSID is the Messaging Service that chooses the sender.
	MessagingServiceSID string `url:"MessagingServiceSid,omitempty"`
	// FallbackFrom is a number, sender ID or short code that sends an SMS where
	// RCS doesn't reach the recipient. It requires MessagingServiceSID.
	FallbackFrom string `url:"FallbackFrom,omitempty"`
	// Body is the text, at most 1600 characters. It is charged by the segment,
	// which has at most 160 characters if all are in GSM-7 and 70 otherwise, or
	// somewhat fewer if there are several segments.
	Body string `url:"Body,omitempty"`
	// MediaURL has the public URLs of at most 10 files to send: 5 MB each for
	// JPEG, PNG and GIF, 500 kB for other types.
	MediaURL []string `url:"MediaUrl,omitempty"`
	// ContentSID is a template of the Content API.
	ContentSID string `url:"ContentSid,omitempty"`
	// ContentVariables are the values for ContentSID's placeholders, as a JSON
	// object such as {"1":"Ada"}.
	ContentVariables string `url:"ContentVariables,omitempty"`
	// PersistentAction has rich actions for channels other than SMS and MMS,
	// such as a location on WhatsApp.
	PersistentAction []string `url:"PersistentAction,omitempty"`
	// SendAsMMS sends a single MMS, even without media.
	SendAsMMS bool `url:"SendAsMms,omitempty"`
	// SmartEncoded replaces characters with similar ones of GSM-7, so that the
	// text takes fewer segments. Nil leaves the choice to the Messaging
	// Service.
	SmartEncoded *bool `url:"SmartEncoded,omitempty"`
	// ShortenURLs shortens the links in Body. It requires MessagingServiceSID,
	// with link shortening set up there.
	ShortenURLs bool `url:"ShortenUrls,omitempty"`
	// ScheduleType is fixed to send the message at SendAt.
	ScheduleType MessageScheduleType `url:"ScheduleType,omitempty"`
	// SendAt is when to send, to the second. It requires ScheduleType and
	// MessagingServiceSID.
	SendAt time.Time `url:"SendAt,omitempty"`
	// ValidityPeriod is how long the message may wait in Twilio's queue before
	// it fails, in seconds: 1 to 36000 (Twilio's default). Use more than 5.
	ValidityPeriod int `url:"ValidityPeriod,omitempty"`
	// Attempt is how many times the message was sent, through any provider,
	// this one included.
	Attempt int `url:"Attempt,omitempty"`
	// StatusCallback receives each change of status, in place of the Messaging
	// Service's own callback. Its host name can't have underscores.
	StatusCallback string `url:"StatusCallback,omitempty"`
	// ApplicationSID is the [Application] whose MessageStatusCallback receives
	// the status. StatusCallback overrides it.
	ApplicationSID string `url:"ApplicationSid,omitempty"`
	// ProvideFeedback says that you will confirm the delivery; see
	// https://www.twilio.com/docs/messaging/api/message-feedback-resource.
	ProvideFeedback bool `url:"ProvideFeedback,omitempty"`
	// ContentRetention is retain (default) or discard.
	ContentRetention MessageContentRetention `url:"ContentRetention,omitempty"`
	// AddressRetention is retain (default) or obfuscate.
	AddressRetention MessageAddressRetention `url:"AddressRetention,omitempty"`
	// RiskCheck is enable (default) or disable.
	RiskCheck MessageRiskCheck `url:"RiskCheck,omitempty"`
	// TrafficType is a class of traffic that Twilio handles differently.
	TrafficType MessageTrafficType `url:"TrafficType,omitempty"`
	// ForceDelivery is reserved by Twilio.
	ForceDelivery bool `url:"ForceDelivery,omitempty"`
	// MaxPrice has had no effect since June 2024, according to Twilio.
	MaxPrice float64 `url:"MaxPrice,omitempty"`
}

func (MessageCreateParams) check(r *request) error {
	set := func(name string) bool { return r.form.Get(name) != "" }
	switch {
	case !set("To"):
		return required("To", "")
	case !set("From") && !set("MessagingServiceSid"):
		return &ParamError{Field: "From", Reason: "is empty; set it, MessagingServiceSID or both"}
	case !set("Body") && !set("MediaUrl") && !set("ContentSid"):
		return &ParamError{Field: "Body", Reason: "is empty; set it, MediaURL or ContentSID"}
	case len(r.form["MediaUrl"]) > 10:
		return &ParamError{Field: "MediaURL", Reason: "has more than the 10 files that Twilio accepts; send several messages"}
	case set("ContentVariables") && !set("ContentSid"):
		return &ParamError{Field: "ContentVariables", Reason: "is set without ContentSID; set the template that has the variables"}
	case set("ShortenUrls") && !set("MessagingServiceSid"):
		return &ParamError{Field: "ShortenURLs", Reason: "is set without MessagingServiceSID; set the service that shortens the links"}
	// Without one of these Twilio may send the message at once, which can't be
	// undone.
	case set("SendAt") && !set("ScheduleType"):
		return &ParamError{Field: "ScheduleType", Reason: "is empty though SendAt is set; set MessageScheduleTypeFixed"}
	case set("ScheduleType") && !set("SendAt"):
		return &ParamError{Field: "SendAt", Reason: "is zero though ScheduleType is set; set the time to send at"}
	case set("ScheduleType") && !set("MessagingServiceSid"):
		return &ParamError{Field: "MessagingServiceSID", Reason: "is empty though ScheduleType is set; set the service that schedules the message"}
	default:
		return nil
	}
}

// MessageUpdateParams are the parameters of [MessageService.Update]. A nil
// field leaves its value unchanged.
type MessageUpdateParams struct {
	// Body redacts the text: Twilio accepts only new("").
	Body *string `url:"Body,omitempty"`
	// Status cancels a scheduled message: Twilio accepts only canceled.
	Status *MessageStatus `url:"Status,omitempty"`
}

// MessageListParams are the filters of [MessageService.List] and
// [MessageService.All].
//
// The range is half-open, [After, Before), and exact to the second: Twilio may
// filter by whole UTC days, and the client drops what lies outside. A message
// that hasn't been sent yet is in no range.
//
// The client stops reading a list once it has passed DateSentAfter, if the
// items show that the list is ordered by DateSent. In case Twilio lists
// messages by creation, it reads the whole day, because a message may have been
// scheduled weeks before.
type MessageListParams struct {
	// To selects messages to this number or channel address.
	To string `url:"To,omitempty"`
	// From selects messages from this number, sender ID or channel address.
	From string `url:"From,omitempty"`
	// DateSent selects the messages that were sent on the UTC day of this time.
	DateSent time.Time `url:"DateSent,omitempty" layout:"2006-01-02"`
	// DateSentAfter selects messages that were sent at this time or later.
	DateSentAfter time.Time `url:"DateSent>,omitempty" layout:"2006-01-02"`
	// DateSentBefore selects messages that were sent before this time.
	DateSentBefore time.Time `url:"DateSent<,omitempty" layout:"2006-01-02"`
	// Limit ends the list after so many messages; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many messages one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p MessageListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

func (p MessageListParams) check(r *request) error {
	return oneRange(r, "DateSent", p.DateSentAfter, p.DateSentBefore)
}

func (p MessageListParams) normalized() any {
	p.DateSentBefore = nextDay(p.DateSentBefore)
	return p
}

func (p MessageListParams) ranges() []timeRange {
	return []timeRange{p.span()}
}

func (p MessageListParams) span() timeRange {
	return timeRange{After: p.DateSentAfter, Before: p.DateSentBefore, param: "DateSent"}
}

func (p MessageListParams) within(r timeRange) listParams {
	p.DateSentAfter, p.DateSentBefore = r.After, r.Before
	return p
}

// A MessageService sends, reads, redacts and deletes the messages of the
// account that the client acts on.
//
// See https://www.twilio.com/docs/messaging/api/message-resource.
type MessageService struct {
	// Feedback tells Twilio what became of a message.
	Feedback *MessageFeedbackService
	// Media has the files of a message.
	Media *MediaService

	messages endpoint
}

func (s *MessageService) endpoint() endpoint { return orEmpty(s).messages }

var messages = &route{name: "messages", path: "/Messages/{sid:SM|MM}", list: "messages"}

// Create sends a message. The client never retries it once it may have reached
// Twilio: an error that matches [ErrOutcomeUnknown] means that the recipient
// may be reading it.
//
// Twilio refuses a recipient with [CodeInvalidTo], [CodeGeoPermission],
// [CodeUnsubscribed] or [CodeUnroutable], and a sender with [CodeInvalidFrom],
// [CodeNotSMSCapable] or [CodeSenderQueueFull]. A failure after that is in the
// message's Status and ErrorCode. For a suspended or closed account the error
// matches [ErrUnauthorized] or [ErrForbidden].
func (s *MessageService) Create(ctx context.Context, params MessageCreateParams, opts ...RequestOption) (*Message, error) {
	return send[*Message](ctx, s.endpoint().create(params, opts))
}

// Get reads one message.
func (s *MessageService) Get(ctx context.Context, sid string, opts ...RequestOption) (*Message, error) {
	return send[*Message](ctx, s.endpoint().get(opts, sid))
}

// Update redacts a message's text, or cancels a scheduled message.
func (s *MessageService) Update(ctx context.Context, sid string, params MessageUpdateParams, opts ...RequestOption) (*Message, error) {
	return send[*Message](ctx, s.endpoint().update(params, opts, sid))
}

// Delete deletes the record of a message that has been sent or received. Twilio
// returns [CodeDeleteUnfinished] for a message that is still on its way.
func (s *MessageService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, sid)
}

// List returns the first page of the messages that match, newest first.
func (s *MessageService) List(ctx context.Context, params MessageListParams, opts ...RequestOption) (*Page[Message], error) {
	return pageOf[Message](ctx, s.endpoint().query(params, opts))
}

// All iterates over the messages that match, newest first, fetching pages as
// they are needed.
func (s *MessageService) All(ctx context.Context, params MessageListParams, opts ...RequestOption) iter.Seq2[*Message, error] {
	return all[*Message](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *MessageService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[Message], error) {
	return pageOf[Message](ctx, s.endpoint().resumed(cursor, opts))
}
