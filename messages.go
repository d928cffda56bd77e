package twilio

import (
	"time"

	"github.com/shopspring/decimal"
)

// Message is one text message, sent or received, over SMS, MMS or another
// channel such as WhatsApp.
//
// https://www.twilio.com/docs/messaging/api/message-resource
type Message struct {
	// SID names the message: "SM…", or "MM…" when it carries media.
	SID string `json:"sid"`
	// AccountSID is the account that sent or received the message.
	AccountSID string `json:"account_sid"`
	// APIVersion is the version of the API that handled the message.
	APIVersion string `json:"api_version"`
	// MessagingServiceSID is the Messaging Service ("MG…") that the message
	// went through. Empty when there was none.
	MessagingServiceSID string `json:"messaging_service_sid"`

	// From is the sender: a number in E.164 form, an alphanumeric sender ID, a
	// short code or a channel address such as "whatsapp:+14155550100". It stays
	// empty until a Messaging Service has picked a sender.
	From string `json:"from"`
	// To is the recipient, in E.164 form or as a channel address.
	To string `json:"to"`
	// Body is the text. It is empty once it was redacted.
	Body string `json:"body"`
	// Tags are the caller's own labels on the message, in those answers that
	// hold any.
	Tags map[string]string `json:"tags"`
	// NumMedia counts the media files; they are listed at
	// SubresourceURIs["media"].
	NumMedia int `json:"num_media"`
	// NumSegments counts the SMS segments that the text takes, which is what is
	// billed. It is 0 until a Messaging Service has picked a sender.
	NumSegments int `json:"num_segments"`

	// Direction says who began: this account through the API, a reply, or the
	// other side.
	Direction MessageDirection `json:"direction"`
	// Status is how far the message has come.
	Status MessageStatus `json:"status"`
	// ErrorCode says why a message ended as MessageStatusFailed or
	// MessageStatusUndelivered; otherwise it is 0. This is about the delivery:
	// a refused request is an *Error instead.
	// https://www.twilio.com/docs/api/errors
	ErrorCode int `json:"error_code"`
	// ErrorMessage is ErrorCode in words. The text may change at any time.
	ErrorMessage string `json:"error_message"`

	// Price is the charge for the whole message, all segments together. It is
	// negative, and not valid until Twilio has priced the message, for which
	// there is no promised time.
	Price decimal.NullDecimal `json:"price"`
	// PriceUnit is the currency of Price, an ISO 4217 code in either case
	// ("USD", "usd"). It may differ between the messages of one list.
	PriceUnit string `json:"price_unit"`

	// DateCreated is when the resource was made, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateSent is when Twilio sent the message, or handed an incoming one to the
	// webhook, in UTC. Zero until then.
	DateSent time.Time `json:"date_sent"`
	// DateUpdated is when the resource last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`

	// SubresourceURIs are the paths of what belongs to the message, such as
	// "media" and "feedback". Client.Do takes them as they are.
	SubresourceURIs map[string]string `json:"subresource_uris"`
	// URI is the path of this resource on the API's host.
	URI string `json:"uri"`
}

// MessageStatus is how far a message has come. Values that this package has no
// constant for pass through unchanged.
type MessageStatus string

// The statuses of an outgoing message run from accepted or scheduled, queued,
// sending and sent to one of delivered, undelivered and failed, and to read on
// channels that report it. An incoming message is receiving, then received.
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

// MessageDirection says who began a message.
type MessageDirection string

// A message comes in, or goes out through this API, from within a call, or as
// the reply to an incoming message.
const (
	MessageDirectionInbound       MessageDirection = "inbound"
	MessageDirectionOutboundAPI   MessageDirection = "outbound-api"
	MessageDirectionOutboundCall  MessageDirection = "outbound-call"
	MessageDirectionOutboundReply MessageDirection = "outbound-reply"
)

// MessageContentRetention says whether Twilio keeps the text of a message.
type MessageContentRetention string

// Twilio keeps the text unless it is told to discard it.
const (
	MessageContentRetentionRetain  MessageContentRetention = "retain"
	MessageContentRetentionDiscard MessageContentRetention = "discard"
)

// MessageAddressRetention says whether Twilio keeps the recipient's number.
type MessageAddressRetention string

// Twilio keeps the number unless it is told to obfuscate its end.
const (
	MessageAddressRetentionRetain    MessageAddressRetention = "retain"
	MessageAddressRetentionObfuscate MessageAddressRetention = "obfuscate"
)

// MessageTrafficType is a class of traffic that is treated apart.
type MessageTrafficType string

// MessageTrafficTypeFree marks a message as one that isn't charged for.
const MessageTrafficTypeFree MessageTrafficType = "free"

// MessageScheduleType is the way in which a message is scheduled.
type MessageScheduleType string

// MessageScheduleTypeFixed sends at the time in MessageCreateParams.SendAt.
const MessageScheduleTypeFixed MessageScheduleType = "fixed"

// MessageRiskCheck turns the check of a message for SMS pumping on or off.
type MessageRiskCheck string

// The check is enabled unless it is disabled for the message.
const (
	MessageRiskCheckEnable  MessageRiskCheck = "enable"
	MessageRiskCheckDisable MessageRiskCheck = "disable"
)

// MessageCreateParams says what to send, to whom and from where. To, one of From
// and MessagingServiceSID, and one of Body, MediaURL and ContentSID are
// required.
type MessageCreateParams struct {
	// To is the recipient: a number in E.164 form such as "+16518675310", or a
	// channel address such as "whatsapp:+16518675310".
	To string `url:"To,omitempty"`
	// From is the sender, which has to belong to the account that sends: a
	// number in E.164 form, an alphanumeric sender ID, a short code or a channel
	// address. With MessagingServiceSID it picks one sender of the service.
	From string `url:"From,omitempty"`
	// MessagingServiceSID ("MG…") lets a Messaging Service choose the sender.
	MessagingServiceSID string `url:"MessagingServiceSid,omitempty"`
	// FallbackFrom is the SMS sender for a recipient that RCS doesn't reach: a
	// number, sender ID or short code of the account. It needs a
	// MessagingServiceSID whose service has an RCS sender.
	FallbackFrom string `url:"FallbackFrom,omitempty"`

	// Body is the text, at most 1,600 characters. An SMS is billed by the
	// segment: up to 160 characters of GSM-7, or 70 as soon as one character
	// lies outside of it.
	Body string `url:"Body,omitempty"`
	// MediaURL are the public addresses of up to ten pictures or other files,
	// 5 MB each for JPEG, PNG and GIF and 500 KB for other types.
	MediaURL []string `url:"MediaUrl,omitempty"`
	// ContentSID ("HX…") sends a template of the Content API.
	ContentSID string `url:"ContentSid,omitempty"`
	// ContentVariables fills in the template's variables: a JSON object such as
	// {"1":"Ada"}. It needs ContentSID.
	ContentVariables string `url:"ContentVariables,omitempty"`
	// PersistentAction holds rich actions for channels other than SMS and MMS,
	// such as "geo:37.78,-122.39|label" on WhatsApp.
	PersistentAction []string `url:"PersistentAction,omitempty"`
	// SendAsMMS sends a single MMS, with media or without.
	SendAsMMS bool `url:"SendAsMms,omitempty"`
	// SmartEncoded replaces Unicode characters by look-alikes of GSM-7, which
	// saves segments. Nil leaves it to the Messaging Service's setting.
	SmartEncoded *bool `url:"SmartEncoded,omitempty"`
	// ShortenURLs shortens the links in Body. It needs a MessagingServiceSID
	// with link shortening set up.
	ShortenURLs bool `url:"ShortenUrls,omitempty"`

	// ScheduleType is MessageScheduleTypeFixed to send at SendAt.
	ScheduleType MessageScheduleType `url:"ScheduleType,omitempty"`
	// SendAt is when to send. It needs ScheduleType and MessagingServiceSID.
	SendAt time.Time `url:"SendAt,omitempty"`
	// ValidityPeriod is how long, in seconds, the message may wait in Twilio's
	// queue before it fails: 1 to 36000, which is the default. More than 5 is
	// advisable.
	ValidityPeriod int `url:"ValidityPeriod,omitempty"`
	// Attempt is how often the message has been tried, this time included,
	// whichever provider tried it.
	Attempt int `url:"Attempt,omitempty"`

	// StatusCallback is the URL that hears of every change of Status. It comes
	// before the Messaging Service's own and before ApplicationSID. Twilio takes
	// no host name with an underscore.
	StatusCallback string `url:"StatusCallback,omitempty"`
	// ApplicationSID ("AP…") is the TwiML app whose message status callback
	// hears of changes. StatusCallback overrides it.
	ApplicationSID string `url:"ApplicationSid,omitempty"`
	// ProvideFeedback says that you will report whether the message arrived.
	// https://www.twilio.com/docs/messaging/api/message-feedback-resource
	ProvideFeedback bool `url:"ProvideFeedback,omitempty"`

	// ContentRetention says whether Twilio keeps the text.
	ContentRetention MessageContentRetention `url:"ContentRetention,omitempty"`
	// AddressRetention says whether Twilio keeps the recipient's number.
	AddressRetention MessageAddressRetention `url:"AddressRetention,omitempty"`
	// RiskCheck turns the check for SMS pumping off, or on.
	RiskCheck MessageRiskCheck `url:"RiskCheck,omitempty"`
	// TrafficType marks traffic that is treated apart.
	TrafficType MessageTrafficType `url:"TrafficType,omitempty"`
	// ForceDelivery is reserved by Twilio.
	ForceDelivery bool `url:"ForceDelivery,omitempty"`
	// MaxPrice has had no effect since 2024-06-03. It was the most that the
	// message might cost, in US dollars.
	MaxPrice float64 `url:"MaxPrice,omitempty"`
}

// MessageUpdateParams changes a message that exists: redact its text, or cancel
// it while it is scheduled.
type MessageUpdateParams struct {
	// Body redacts the text: new("") is the only value that Twilio takes.
	Body *string `url:"Body,omitempty"`
	// Status cancels a scheduled message: MessageStatusCanceled is the only
	// value that Twilio takes.
	Status *MessageStatus `url:"Status,omitempty"`
}

// MessageListParams selects messages. The zero value selects all.
type MessageListParams struct {
	// To selects one recipient, in E.164 form or as a channel address.
	To string `url:"To,omitempty"`
	// From selects one sender, written as in Message.From.
	From string `url:"From,omitempty"`
	// DateSent selects the messages that were sent on that day, in UTC.
	DateSent time.Time `url:"DateSent,omitempty" layout:"2006-01-02"`
	// DateSentAfter selects messages that were sent at that moment or later.
	DateSentAfter time.Time `url:"DateSent>,omitempty" layout:"2006-01-02"`
	// DateSentBefore selects messages that were sent before that moment, which
	// itself is left out: [DateSentAfter, DateSentBefore) is half-open.
	DateSentBefore time.Time `url:"DateSent<,omitempty" layout:"2006-01-02"`

	// Limit ends the iteration of All after that many messages. 0 means no limit.
	Limit int `url:"-"`
	// PageSize is how many messages a page holds, at most 1000.
	PageSize int `url:"PageSize,omitempty"`
}
