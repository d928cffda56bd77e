package webhook

import (
	"net/http"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// A Call is a request for TwiML: for a new call, or with the result of a verb
// in earlier TwiML.
//
// See https://www.twilio.com/docs/voice/twiml#request-parameters.
type Call struct {
	Request
	// SID identifies the call: CA and 32 hex digits.
	SID string
	// Status is the state of the call.
	Status twilio.CallStatus
	// Direction is inbound, outbound-api or outbound-dial.
	Direction twilio.CallDirection
	// From and To are phone numbers in E.164 form, SIP addresses or names of
	// clients ("client:alice"). From is a word such as "anonymous" where the
	// caller withholds it.
	From, To string
	// FromPlace and ToPlace are where the numbers are registered.
	FromPlace, ToPlace Place
	// ForwardedFrom is the number that forwarded the call, if the carrier
	// reports it.
	ForwardedFrom string
	// CallerName is the caller's name, for numbers with VoiceCallerIDLookup.
	CallerName string
	// ParentCallSID is the call that created this leg, or empty.
	ParentCallSID string
	// CallToken lets a call that forwards this one keep its caller ID.
	CallToken string
	// StirVerstat is the result of verifying the caller ID, such as
	// "TN-Validation-Passed-A".
	StirVerstat string
	// ApplicationSID is the application whose URL is requested, or empty.
	ApplicationSID string
	// SIP is nil unless the call came in over SIP.
	SIP *SIP
	// AnsweredBy is the result of answering machine detection, such as human or
	// machine_start.
	AnsweredBy twilio.AnsweredBy
	// MachineDetectionDuration is how long that took, in milliseconds.
	MachineDetectionDuration int

	// Digits and FinishedOnKey are the keys of Gather or Record.
	Digits, FinishedOnKey string
	// SpeechResult is what Gather recognized, with a Confidence from 0 to 1.
	SpeechResult string
	Confidence   float64
	// DialCallSID, DialCallStatus and DialCallDuration (in seconds) are the
	// result of Dial.
	DialCallSID      string
	DialCallStatus   twilio.CallStatus
	DialCallDuration int
	// RecordingSID, RecordingURL and RecordingDuration (in seconds) are the
	// result of Record.
	RecordingSID, RecordingURL string
	RecordingDuration          int
	// QueueSID, QueueResult and QueueTime (in seconds) are the result of
	// Enqueue.
	QueueSID, QueueResult string
	QueueTime             int
	// ErrorCode and ErrorURL say why a fallback URL is requested, and which URL
	// has failed.
	ErrorCode int
	ErrorURL  string
}

// SIP is the part of a [Call] that only calls over SIP have.
//
// See https://www.twilio.com/docs/voice/api/receiving-sip.
type SIP struct {
	// Domain is the SIP domain that received the call, such as
	// "acme.sip.twilio.com".
	Domain string
	// DomainSID identifies the domain: SD and 32 hex digits.
	DomainSID string
	// CallID is the Call-ID header of the SIP INVITE.
	CallID string
	// SourceIP is the address that sent the INVITE.
	SourceIP string
	// Headers are the call's custom headers, such as X-Tenant.
	Headers map[string]string
}

// ParseCall reads a request for TwiML. It returns the same errors as
// [ParseMessage].
func ParseCall(r *http.Request) (*Call, error) {
	f, err := parse(r, "webhook.call", "CallSid")
	if err != nil {
		return nil, err
	}
	c := f.call()
	return &c, f.error()
}

func (f *form) call() Call {
	c := Call{
		Request:                  f.Request,
		SID:                      f.text("CallSid"),
		Status:                   twilio.CallStatus(f.text("CallStatus")),
		Direction:                twilio.CallDirection(f.text("Direction")),
		From:                     f.text("From"),
		To:                       f.text("To"),
		FromPlace:                f.place("From"),
		ToPlace:                  f.place("To"),
		ForwardedFrom:            f.text("ForwardedFrom"),
		CallerName:               f.text("CallerName"),
		ParentCallSID:            f.text("ParentCallSid"),
		CallToken:                f.text("CallToken"),
		StirVerstat:              f.text("StirVerstat"),
		ApplicationSID:           f.text("ApplicationSid"),
		AnsweredBy:               twilio.AnsweredBy(f.text("AnsweredBy")),
		MachineDetectionDuration: f.number("MachineDetectionDuration"),
		Digits:                   f.text("Digits"),
		FinishedOnKey:            f.text("FinishedOnKey"),
		SpeechResult:             f.text("SpeechResult"),
		Confidence:               f.fraction("Confidence"),
		DialCallSID:              f.text("DialCallSid"),
		DialCallStatus:           twilio.CallStatus(f.text("DialCallStatus")),
		DialCallDuration:         f.number("DialCallDuration"),
		RecordingSID:             f.text("RecordingSid"),
		RecordingURL:             f.text("RecordingUrl"),
		RecordingDuration:        f.number("RecordingDuration"),
		QueueSID:                 f.text("QueueSid"),
		QueueResult:              f.text("QueueResult"),
		QueueTime:                f.number("QueueTime"),
		ErrorCode:                f.number("ErrorCode"),
		ErrorURL:                 f.text("ErrorUrl"),
	}
	sip := SIP{f.text("SipDomain"), f.text("SipDomainSid"), f.text("SipCallId"), f.text("SipSourceIp"), f.prefixed("SipHeader_")}
	if sip.Domain != "" || sip.DomainSID != "" || sip.CallID != "" || sip.SourceIP != "" || sip.Headers != nil {
		c.SIP = &sip
	}
	return c
}

// A CallStatus is a change in the state of a call, which Twilio sends to the
// call's StatusCallback. Callbacks may arrive out of order and before the
// response to Create: see [Later].
//
// See https://www.twilio.com/docs/voice/api/call-resource#statuscallback.
type CallStatus struct {
	Call
	// DurationSeconds is the length of a call that has ended, in seconds
	// (Twilio's CallDuration).
	DurationSeconds int
	// DurationMinutes is the same in started minutes, which are what Twilio
	// charges for (Twilio's Duration).
	DurationMinutes int
	// SequenceNumber counts a call's events from 0; it is -1 where Twilio sends
	// none.
	SequenceNumber int
	// Timestamp is when the event took place, in UTC.
	Timestamp time.Time
	// CallbackSource is what sent the callback, such as call-progress-events.
	CallbackSource string
	// SIPResponseCode is why a call has ended, such as 486 for busy; it is zero
	// where Twilio sends none.
	SIPResponseCode int
}

// ParseCallStatus reads a request about the state of a call, or about the
// result of asynchronous answering machine detection, whose Status is empty. It
// returns the same errors as [ParseMessage].
func ParseCallStatus(r *http.Request) (*CallStatus, error) {
	f, err := parse(r, "webhook.call_status", "CallSid")
	if err != nil {
		return nil, err
	}
	c := &CallStatus{
		Call:            f.call(),
		DurationSeconds: f.number("CallDuration"),
		DurationMinutes: f.number("Duration"),
		SequenceNumber:  f.sequence("SequenceNumber"),
		Timestamp:       f.time("Timestamp"),
		CallbackSource:  f.text("CallbackSource"),
		SIPResponseCode: f.number("SipResponseCode"),
	}
	return c, f.error()
}
