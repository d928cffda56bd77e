package webhook

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// An OptOut is the kind of an opt-out keyword in an inbound message, to which
// Twilio has already responded. The set is open: a value that is not among the
// constants passes through.
type OptOut string

// The keywords of advanced opt-out. After a STOP, Twilio refuses messages to
// that number with [twilio.CodeUnsubscribed] until its START.
const (
	OptOutStop  OptOut = "STOP"
	OptOutStart OptOut = "START"
	OptOutHelp  OptOut = "HELP"
)

// A Message is an inbound message. Twilio sends it to the SMSURL of the number
// or the InboundRequestURL of the messaging service that received it. The
// response may be TwiML with a reply.
//
// See https://www.twilio.com/docs/messaging/guides/webhook-request.
type Message struct {
	Request
	// SID identifies the message: SM or MM and 32 hex digits.
	SID string
	// MessagingServiceSID is the service that received the message, or empty.
	MessagingServiceSID string
	// From and To are phone numbers in E.164 form, or addresses of another
	// channel, such as "whatsapp:+14155550100".
	From, To string
	// Body is the text.
	Body string
	// NumSegments is the number of segments of the message; each is charged.
	NumSegments int
	// Media has the files that came with the message.
	Media []Media
	// Status is received.
	Status twilio.MessageStatus
	// OptOutType is set if the sender used a keyword of advanced opt-out.
	OptOutType OptOut
	// FromPlace and ToPlace are empty for channels other than SMS.
	FromPlace, ToPlace Place
	// WhatsApp is nil unless the message came over WhatsApp.
	WhatsApp *WhatsApp
	// ErrorCode and ErrorURL say why a fallback URL is requested, and which URL
	// has failed.
	ErrorCode int
	ErrorURL  string
}

// Media is a file that came with a message. To download it, use
// [twilio.MediaService.Download] of a client that acts on the message's
// account.
type Media struct{ URL, ContentType string }

// WhatsApp is the part of a [Message] that only messages over WhatsApp have.
//
// See https://www.twilio.com/docs/whatsapp/api.
type WhatsApp struct {
	// ProfileName is the sender's name, which the sender chooses.
	ProfileName string
	// WaID is the sender's WhatsApp ID.
	WaID string
	// MessageType is text, image, button, location or another type.
	MessageType string
	// ButtonText, ButtonPayload and ButtonType describe the button that was
	// pressed.
	ButtonText, ButtonPayload, ButtonType string
	// RepliedMessageSID and RepliedMessageSender identify the message that this
	// one replies to.
	RepliedMessageSID, RepliedMessageSender string
	// Forwarded reports whether the sender forwarded the message, and
	// FrequentlyForwarded whether it has been forwarded many times.
	Forwarded, FrequentlyForwarded bool
	// Location is the place that was sent, or nil.
	Location *Location
	// Referral has the parameters of the advertisement that led to the message,
	// by their names without the prefix Referral: Body, Headline, SourceId and
	// others.
	Referral map[string]string
	// ChannelMetadata, InteractiveData and FlowData are JSON.
	ChannelMetadata, InteractiveData, FlowData string
}

// A Location is a place on a map.
type Location struct {
	// Latitude and Longitude are degrees, positive to the north and east.
	Latitude, Longitude float64
	// Address and Label are what the sender calls the place, or empty.
	Address, Label string
}

// Channel returns the channel that the message came over: sms (also for MMS),
// whatsapp, messenger or another.
func (m *Message) Channel() string {
	if channel, _, ok := strings.Cut(m.From, ":"); ok {
		return channel
	}
	return "sms"
}

// ParseMessage reads the webhook of an inbound message. If parameters can't be
// read, the error is a [*twilio.DecodeError] that names them, and the Message
// has the others. The Message is nil if the request isn't the webhook of a
// message.
func ParseMessage(r *http.Request) (*Message, error) {
	f, err := parse(r, "webhook.message", "MessageSid")
	if err != nil {
		return nil, err
	}
	m := &Message{
		Request:             f.Request,
		SID:                 f.text("MessageSid"),
		MessagingServiceSID: f.text("MessagingServiceSid"),
		From:                f.text("From"),
		To:                  f.text("To"),
		Body:                f.text("Body"),
		NumSegments:         f.number("NumSegments"),
		Media:               f.media(),
		Status:              twilio.MessageStatus(f.text("SmsStatus")),
		OptOutType:          OptOut(f.text("OptOutType")),
		FromPlace:           f.place("From"),
		ToPlace:             f.place("To"),
		ErrorCode:           f.number("ErrorCode"),
		ErrorURL:            f.text("ErrorUrl"),
	}
	if m.Channel() == "whatsapp" {
		m.WhatsApp = f.whatsApp()
	}
	return m, f.error()
}

// media returns the files that are there, whatever NumMedia says.
func (f *form) media() (media []Media) {
	for {
		n := strconv.Itoa(len(media))
		if !f.Params.Has("MediaUrl" + n) {
			return media
		}
		media = append(media, Media{f.text("MediaUrl" + n), f.text("MediaContentType" + n)})
	}
}

func (f *form) whatsApp() *WhatsApp {
	w := &WhatsApp{
		ProfileName:          f.text("ProfileName"),
		WaID:                 f.text("WaId"),
		MessageType:          f.text("MessageType"),
		ButtonText:           f.text("ButtonText"),
		ButtonPayload:        f.text("ButtonPayload"),
		ButtonType:           f.text("ButtonType"),
		RepliedMessageSID:    f.text("OriginalRepliedMessageSid"),
		RepliedMessageSender: f.text("OriginalRepliedMessageSender"),
		Forwarded:            f.flag("Forwarded"),
		FrequentlyForwarded:  f.flag("FrequentlyForwarded"),
		Referral:             f.prefixed("Referral"),
		ChannelMetadata:      f.text("ChannelMetadata"),
		InteractiveData:      f.text("InteractiveData"),
		FlowData:             f.text("FlowData"),
	}
	delete(w.Referral, "NumMedia") // which is ReferralNumMedia, of every message
	if len(w.Referral) == 0 {
		w.Referral = nil
	}
	if f.text("Latitude") != "" || f.text("Longitude") != "" {
		w.Location = &Location{f.fraction("Latitude"), f.fraction("Longitude"), f.text("Address"), f.text("Label")}
	}
	return w
}

// A MessageStatus is a new state of an outbound message, which Twilio sends to
// the message's StatusCallback. The state in the response to Create has no
// callback. Callbacks may arrive out of order and before that response: see
// [Later].
//
// See
// https://www.twilio.com/docs/messaging/guides/track-outbound-message-status.
type MessageStatus struct {
	Request
	// SID identifies the message: SM or MM and 32 hex digits.
	SID string
	// MessagingServiceSID is the service that sent the message, or empty.
	MessagingServiceSID string
	// From and To are phone numbers, or addresses of another channel.
	From, To string
	// Status is the new state.
	Status twilio.MessageStatus
	// ErrorCode says why the message is failed or undelivered; it is zero
	// otherwise.
	ErrorCode int
	// DeliveryTime is when the carrier delivered the message or failed to, in
	// UTC and to the minute; zero if the carrier doesn't say.
	DeliveryTime time.Time
	// ChannelPrefix, ChannelInstallSID, ChannelStatusMessage and EventType are
	// set for channels other than SMS. EventType is READ for messages that the
	// recipient has read.
	ChannelPrefix, ChannelInstallSID, ChannelStatusMessage, EventType string
}

// ParseMessageStatus reads a request about the state of a message. It returns
// the same errors as [ParseMessage].
func ParseMessageStatus(r *http.Request) (*MessageStatus, error) {
	f, err := parse(r, "webhook.message_status", "MessageStatus")
	if err != nil {
		return nil, err
	}
	m := &MessageStatus{
		Request:              f.Request,
		SID:                  cmp.Or(f.text("MessageSid"), f.text("SmsSid")),
		MessagingServiceSID:  f.text("MessagingServiceSid"),
		From:                 f.text("From"),
		To:                   f.text("To"),
		Status:               twilio.MessageStatus(f.text("MessageStatus")),
		ErrorCode:            f.number("ErrorCode"),
		ChannelPrefix:        f.text("ChannelPrefix"),
		ChannelInstallSID:    f.text("ChannelInstallSid"),
		ChannelStatusMessage: f.text("ChannelStatusMessage"),
		EventType:            f.text("EventType"),
	}
	if m.SID == "" {
		f.problem("MessageSid", "is missing")
	}
	if done := f.text("RawDlrDoneDate"); done != "" {
		if m.DeliveryTime, err = time.Parse("0601021504", done); err != nil {
			f.problem("RawDlrDoneDate", "want YYMMDDhhmm")
		}
	}
	return m, f.error()
}
