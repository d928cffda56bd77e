package twilio

import (
	"context"
	"iter"
	"time"

	"github.com/shopspring/decimal"
)

// A CallStatus is the state of a call. The set is open: a value that is not
// among the constants passes through.
type CallStatus string

// The states of a call. The last five are final.
const (
	CallStatusQueued     CallStatus = "queued"
	CallStatusRinging    CallStatus = "ringing"
	CallStatusInProgress CallStatus = "in-progress"
	CallStatusCompleted  CallStatus = "completed"
	CallStatusBusy       CallStatus = "busy"
	CallStatusFailed     CallStatus = "failed"
	CallStatusNoAnswer   CallStatus = "no-answer"
	CallStatusCanceled   CallStatus = "canceled"
)

// A CallEvent is a change in a call that StatusCallback can receive. The set is
// open: a value that is not among the constants passes through.
type CallEvent string

// The events of a call.
const (
	CallEventInitiated CallEvent = "initiated"
	CallEventRinging   CallEvent = "ringing"
	CallEventAnswered  CallEvent = "answered"
	CallEventCompleted CallEvent = "completed"
)

// A CallDirection says who started a call. The set is open: a value that is not
// among the constants passes through.
type CallDirection string

// The directions of a call: to the account; made over the API; made by a Dial
// verb; and by Elastic SIP Trunking from, or to, the phone network.
const (
	CallDirectionInbound             CallDirection = "inbound"
	CallDirectionOutboundAPI         CallDirection = "outbound-api"
	CallDirectionOutboundDial        CallDirection = "outbound-dial"
	CallDirectionTrunkingOriginating CallDirection = "trunking-originating"
	CallDirectionTrunkingTerminating CallDirection = "trunking-terminating"
)

// An AnsweredBy is what answering machine detection found. The set is open: a
// value that is not among the constants passes through.
//
// See https://www.twilio.com/docs/voice/answering-machine-detection.
type AnsweredBy string

// The results of detection. A machine is machine_start with
// MachineDetectionEnable, and with MachineDetectionDetectMessageEnd one of the
// machine_end values, at the end of its greeting.
const (
	AnsweredByHuman             AnsweredBy = "human"
	AnsweredByFax               AnsweredBy = "fax"
	AnsweredByUnknown           AnsweredBy = "unknown"
	AnsweredByMachineStart      AnsweredBy = "machine_start"
	AnsweredByMachineEndBeep    AnsweredBy = "machine_end_beep"
	AnsweredByMachineEndSilence AnsweredBy = "machine_end_silence"
	AnsweredByMachineEndOther   AnsweredBy = "machine_end_other"
)

// A MachineDetection says when answering machine detection reports. The set is
// open: a value that is not among the constants passes through.
//
// See https://www.twilio.com/docs/voice/answering-machine-detection.
type MachineDetection string

// Detection reports as soon as it knows who answered, or, for a machine, at the
// end of its greeting, in order to leave a message.
const (
	MachineDetectionEnable           MachineDetection = "Enable"
	MachineDetectionDetectMessageEnd MachineDetection = "DetectMessageEnd"
)

// An AsyncAMD says whether the call continues during answering machine
// detection. The set is open: a value that is not among the constants passes
// through.
type AsyncAMD string

// The call continues during detection, or waits for it (Twilio's default).
const (
	AsyncAMDTrue  AsyncAMD = "true"
	AsyncAMDFalse AsyncAMD = "false"
)

// A Call is one leg of a phone call.
//
// See https://www.twilio.com/docs/voice/api/call-resource.
type Call struct {
	// SID identifies the call: CA and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that made or received the call.
	AccountSID string `json:"account_sid"`
	// ParentCallSID is the call that made this leg, if one did.
	ParentCallSID string `json:"parent_call_sid"`
	// GroupSID is the group that the call belongs to, if any.
	GroupSID string `json:"group_sid"`
	// PhoneNumberSID is the incoming number that received the call, or the
	// verified caller ID that placed it.
	PhoneNumberSID string `json:"phone_number_sid"`
	// TrunkSID is the SIP trunk that carried the call, if one did.
	TrunkSID string `json:"trunk_sid"`
	// To is the callee: a number in E.164 form, a SIP address, a client
	// identifier or a SIM.
	To string `json:"to"`
	// ToFormatted is To in a form for display.
	ToFormatted string `json:"to_formatted"`
	// From is the caller, in the same forms as To.
	From string `json:"from"`
	// FromFormatted is From in a form for display.
	FromFormatted string `json:"from_formatted"`
	// ForwardedFrom is the number that forwarded an incoming call, where the
	// carrier says so.
	ForwardedFrom string `json:"forwarded_from"`
	// CallerName is the caller's name, for incoming calls to numbers that look
	// it up.
	CallerName string `json:"caller_name"`
	// Direction is inbound, outbound-api, outbound-dial, trunking-originating
	// or trunking-terminating.
	Direction CallDirection `json:"direction"`
	// AnsweredBy is the result of answering machine detection; empty if it
	// wasn't enabled.
	AnsweredBy AnsweredBy `json:"answered_by"`
	// Annotation is a note on the call. Twilio sends it, though its
	// specification doesn't have it.
	Annotation string `json:"annotation"`
	// Status is the state of the call.
	Status CallStatus `json:"status"`
	// StartTime is when the call started, in UTC; zero while it is queued.
	StartTime time.Time `json:"start_time"`
	// EndTime is when the call ended, in UTC; zero until then.
	EndTime time.Time `json:"end_time"`
	// Duration is the length of the call in seconds; zero until it has ended,
	// and for a call that wasn't answered.
	Duration int `json:"duration"`
	// QueueTime is how long the call waited before it was placed, in
	// milliseconds.
	QueueTime int `json:"queue_time"`
	// Price is the charge for the whole call, whatever its duration, in
	// PriceUnit. Charges are negative, as Twilio sends them. It is null until
	// Twilio has priced the call, some time after its end.
	Price decimal.NullDecimal `json:"price"`
	// PriceUnit is the currency of Price: an ISO 4217 code such as USD. It may
	// differ from call to call.
	PriceUnit string `json:"price_unit"`
	// DateCreated is when the call resource was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the call resource was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// APIVersion is the version of the API that made the call.
	APIVersion string `json:"api_version"`
	// SubresourceURIs has the paths of what belongs to the call, by name
	// ("recordings", "events", …).
	SubresourceURIs SubresourceURIs `json:"subresource_uris"`
	// URI is the call's own path.
	URI string `json:"uri"`
}

func (c *Call) dates() []time.Time { return []time.Time{c.StartTime, c.EndTime} }

func (c *Call) current() map[string]string { return map[string]string{"Status": string(c.Status)} }

// CallCreateParams are the parameters of [CallService.Create]. To, From and one
// of URL, TwiML and ApplicationSID are required.
type CallCreateParams struct {
	// To is whom to call: a number in E.164 form, a SIP address or a client
	// identifier.
	To string `url:"To,omitempty"`
	// From is the caller ID: a number of the account or a verified one, or a
	// client identifier.
	From string `url:"From,omitempty"`
	// URL is where Twilio fetches the TwiML once the call connects.
	URL string `url:"Url,omitempty"`
	// TwiML has the instructions themselves, at most 4000 characters.
	TwiML string `url:"Twiml,omitempty"`
	// ApplicationSID is the [Application] whose URLs handle the call. It
	// overrides the other URLs.
	ApplicationSID string `url:"ApplicationSid,omitempty"`
	// Method is how URL is requested: GET or POST (Twilio's default).
	Method HTTPMethod `url:"Method,omitempty"`
	// FallbackURL is requested when URL or its TwiML fails.
	FallbackURL string `url:"FallbackUrl,omitempty"`
	// FallbackMethod is GET or POST (Twilio's default).
	FallbackMethod HTTPMethod `url:"FallbackMethod,omitempty"`
	// StatusCallback receives the StatusCallbackEvent events.
	StatusCallback string `url:"StatusCallback,omitempty"`
	// StatusCallbackEvent selects the events; Twilio's default is completed.
	StatusCallbackEvent []CallEvent `url:"StatusCallbackEvent,omitempty"`
	// StatusCallbackMethod is GET or POST (Twilio's default).
	StatusCallbackMethod HTTPMethod `url:"StatusCallbackMethod,omitempty"`
	// SendDigits are keys to press once connected: digits, #, *, w to wait half
	// a second and W to wait a second.
	SendDigits string `url:"SendDigits,omitempty"`
	// Timeout is how long the phone may ring, in seconds: 60 by default, at
	// most 600.
	Timeout int `url:"Timeout,omitempty"`
	// TimeLimit is the longest that the call may last, in seconds.
	TimeLimit int `url:"TimeLimit,omitempty"`
	// Record records the call.
	Record bool `url:"Record,omitempty"`
	// RecordingChannels is mono (default) or dual.
	RecordingChannels RecordingChannels `url:"RecordingChannels,omitempty"`
	// RecordingTrack is inbound, outbound or both (default).
	RecordingTrack RecordingTrack `url:"RecordingTrack,omitempty"`
	// RecordingStatusCallback receives the RecordingStatusCallbackEvent events.
	RecordingStatusCallback string `url:"RecordingStatusCallback,omitempty"`
	// RecordingStatusCallbackMethod is GET or POST (default).
	RecordingStatusCallbackMethod HTTPMethod `url:"RecordingStatusCallbackMethod,omitempty"`
	// RecordingStatusCallbackEvent selects among in-progress, completed
	// (default) and absent.
	RecordingStatusCallbackEvent []RecordingEvent `url:"RecordingStatusCallbackEvent,omitempty"`
	// Trim is trim-silence (default) or do-not-trim.
	Trim RecordingTrim `url:"Trim,omitempty"`
	// MachineDetection is Enable or DetectMessageEnd.
	MachineDetection MachineDetection `url:"MachineDetection,omitempty"`
	// MachineDetectionTimeout is in seconds; 30 by default.
	MachineDetectionTimeout int `url:"MachineDetectionTimeout,omitempty"`
	// MachineDetectionSpeechThreshold is in milliseconds, 1000 to 6000; 2400 by
	// default.
	MachineDetectionSpeechThreshold int `url:"MachineDetectionSpeechThreshold,omitempty"`
	// MachineDetectionSpeechEndThreshold is in milliseconds, 500 to 5000; 1200
	// by default.
	MachineDetectionSpeechEndThreshold int `url:"MachineDetectionSpeechEndThreshold,omitempty"`
	// MachineDetectionSilenceTimeout is in milliseconds, 2000 to 10000; 5000 by
	// default.
	MachineDetectionSilenceTimeout int `url:"MachineDetectionSilenceTimeout,omitempty"`
	// AsyncAMD is true to detect machines while the call continues.
	AsyncAMD AsyncAMD `url:"AsyncAmd,omitempty"`
	// AsyncAMDStatusCallback receives what AsyncAMD found.
	AsyncAMDStatusCallback string `url:"AsyncAmdStatusCallback,omitempty"`
	// AsyncAMDStatusCallbackMethod is GET or POST (default).
	AsyncAMDStatusCallbackMethod HTTPMethod `url:"AsyncAmdStatusCallbackMethod,omitempty"`
	// SIPAuthUsername authenticates a call to a SIP address.
	SIPAuthUsername string `url:"SipAuthUsername,omitempty"`
	// SIPAuthPassword goes with SIPAuthUsername; [NewSecret] makes it.
	SIPAuthPassword Secret `url:"SipAuthPassword,omitempty"`
	// CallerID is shown to a SIP callee in place of From.
	CallerID string `url:"CallerId,omitempty"`
	// CallReason is shown on the callee's phone (branded calls).
	CallReason string `url:"CallReason,omitempty"`
	// CallToken comes with an incoming call. Forwarding the call with its
	// caller ID requires it.
	CallToken string `url:"CallToken,omitempty"`
	// BYOC is the SID of a bring-your-own-carrier trunk to use.
	BYOC string `url:"Byoc,omitempty"`
	// ClientNotificationURL delivers a push notification of the call.
	ClientNotificationURL string `url:"ClientNotificationUrl,omitempty"`
}

func (CallCreateParams) check(r *request) error {
	return firstError(
		required("To", r.form.Get("To")),
		required("From", r.form.Get("From")),
		exactlyOne(namedParam{"URL", r.form.Get("Url")}, namedParam{"TwiML", r.form.Get("Twiml")},
			namedParam{"ApplicationSID", r.form.Get("ApplicationSid")}),
	)
}

// CallUpdateParams are the parameters of [CallService.Update]. A nil field
// leaves its value unchanged.
type CallUpdateParams struct {
	// Status ends the call: completed, or canceled for one that is queued or
	// ringing.
	Status *CallStatus `url:"Status,omitempty"`
	// URL redirects the call to other TwiML.
	URL *string `url:"Url,omitempty"`
	// TwiML redirects the call to these instructions.
	TwiML *string `url:"Twiml,omitempty"`
	// Method is how URL is requested: GET or POST.
	Method *HTTPMethod `url:"Method,omitempty"`
	// FallbackURL is requested when URL or its TwiML fails.
	FallbackURL *string `url:"FallbackUrl,omitempty"`
	// FallbackMethod is GET or POST.
	FallbackMethod *HTTPMethod `url:"FallbackMethod,omitempty"`
	// StatusCallback is requested when the call ends.
	StatusCallback *string `url:"StatusCallback,omitempty"`
	// StatusCallbackMethod is GET or POST.
	StatusCallbackMethod *HTTPMethod `url:"StatusCallbackMethod,omitempty"`
	// TimeLimit is the longest that the call may last, in seconds.
	TimeLimit *int `url:"TimeLimit,omitempty"`
}

func (CallUpdateParams) check(r *request) error {
	if r.form.Has("Url") && r.form.Has("Twiml") {
		return &ParamError{Field: "TwiML", Reason: "is set beside URL; set one of them"}
	}
	return nil
}

// repeatable is false for a redirect, which the callee might hear twice.
func (CallUpdateParams) repeatable(r *request) bool {
	return !r.form.Has("Url") && !r.form.Has("Twiml")
}

// CallListParams are the filters of [CallService.List] and [CallService.All].
//
// The ranges are half-open, [After, Before), and exact to the second: Twilio
// may filter by whole UTC days, and the client drops what lies outside. A call
// without a start (or end) is in no range.
//
// The client stops reading a list once it has passed StartTimeAfter. In case
// Twilio lists calls by creation, it still finds a call that started up to an
// hour after its creation, or twice as long as any call on the list took.
// Ranges of whole days don't depend on this.
type CallListParams struct {
	// To selects calls to this number, SIP address, client or SIM.
	To string `url:"To,omitempty"`
	// From selects calls from this number, SIP address, client or SIM.
	From string `url:"From,omitempty"`
	// ParentCallSID selects the calls that this one made.
	ParentCallSID string `url:"ParentCallSid,omitempty"`
	// Status selects calls in this state.
	Status CallStatus `url:"Status,omitempty"`
	// StartTime selects the calls that started on the UTC day of this time.
	StartTime time.Time `url:"StartTime,omitempty" layout:"2006-01-02"`
	// StartTimeAfter selects calls that started at this time or later.
	StartTimeAfter time.Time `url:"StartTime>,omitempty" layout:"2006-01-02"`
	// StartTimeBefore selects calls that started before this time.
	StartTimeBefore time.Time `url:"StartTime<,omitempty" layout:"2006-01-02"`
	// EndTime selects the calls that ended on the UTC day of this time.
	EndTime time.Time `url:"EndTime,omitempty" layout:"2006-01-02"`
	// EndTimeAfter selects calls that ended at this time or later.
	EndTimeAfter time.Time `url:"EndTime>,omitempty" layout:"2006-01-02"`
	// EndTimeBefore selects calls that ended before this time.
	EndTimeBefore time.Time `url:"EndTime<,omitempty" layout:"2006-01-02"`
	// Limit ends the list after so many calls; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many calls one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p CallListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

func (p CallListParams) check(r *request) error {
	return firstError(
		oneRange(r, "StartTime", p.StartTimeAfter, p.StartTimeBefore),
		oneRange(r, "EndTime", p.EndTimeAfter, p.EndTimeBefore),
	)
}

func (p CallListParams) normalized() any {
	p.StartTimeBefore, p.EndTimeBefore = nextDay(p.StartTimeBefore), nextDay(p.EndTimeBefore)
	return p
}

func (p CallListParams) ranges() []timeRange {
	return []timeRange{p.span(), {After: p.EndTimeAfter, Before: p.EndTimeBefore, param: "EndTime"}}
}

func (p CallListParams) span() timeRange {
	return timeRange{After: p.StartTimeAfter, Before: p.StartTimeBefore, param: "StartTime"}
}

func (p CallListParams) within(r timeRange) listParams {
	p.StartTimeAfter, p.StartTimeBefore = r.After, r.Before
	return p
}

// A CallService creates, reads, updates and deletes the calls of the account
// that the client acts on.
//
// See https://www.twilio.com/docs/voice/api/call-resource.
type CallService struct {
	// Events has the HTTP requests of a call.
	Events *CallEventService
	// Notifications has the errors and warnings of a call.
	Notifications *CallNotificationService
	// Payments lets callers pay during a call.
	Payments *PaymentService
	// Recordings has the recordings of a call.
	Recordings *CallRecordingService
	// Siprec sends a call's audio to recorders, by SIPREC.
	Siprec *SiprecService
	// Streams sends a call's audio to WebSockets.
	Streams *StreamService
	// Transcriptions turns what is said in a call into text.
	Transcriptions *RealtimeTranscriptionService
	// UserDefinedMessages sends messages to applications in a call.
	UserDefinedMessages *UserDefinedMessageService
	// UserDefinedMessageSubscriptions receives the messages of applications in
	// a call.
	UserDefinedMessageSubscriptions *UserDefinedMessageSubscriptionService

	calls endpoint
}

func (s *CallService) endpoint() endpoint { return orEmpty(s).calls }

var calls = &route{name: "calls", path: "/Calls/{sid:CA}", list: "calls"}

// Create starts a call. The client never retries it once it may have reached
// Twilio: an error that matches [ErrOutcomeUnknown] means that the phone may be
// ringing.
//
// A suspended or closed account can't call: the error matches [ErrUnauthorized]
// or [ErrForbidden].
func (s *CallService) Create(ctx context.Context, params CallCreateParams, opts ...RequestOption) (*Call, error) {
	return send[*Call](ctx, s.endpoint().create(params, opts))
}

// Get reads one call.
func (s *CallService) Get(ctx context.Context, sid string, opts ...RequestOption) (*Call, error) {
	return send[*Call](ctx, s.endpoint().get(opts, sid))
}

// Update ends a call or redirects it to other instructions. Twilio returns
// [CodeCallNotInProgress] when the state of the call doesn't allow that, which
// for ending it means that it has ended already.
//
// A redirect is an action, not a value that is set. The client never retries it
// once it may have reached Twilio: an error that matches [ErrOutcomeUnknown]
// means that the call may have been redirected.
func (s *CallService) Update(ctx context.Context, sid string, params CallUpdateParams, opts ...RequestOption) (*Call, error) {
	return send[*Call](ctx, s.endpoint().update(params, opts, sid))
}

// Delete deletes the record of a call that has ended. Twilio returns
// [CodeDeleteUnfinished] for a call that hasn't.
func (s *CallService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, sid)
}

// List returns the first page of the calls that match, newest first.
func (s *CallService) List(ctx context.Context, params CallListParams, opts ...RequestOption) (*Page[Call], error) {
	return pageOf[Call](ctx, s.endpoint().query(params, opts))
}

// All iterates over the calls that match, newest first, fetching pages as they
// are needed.
func (s *CallService) All(ctx context.Context, params CallListParams, opts ...RequestOption) iter.Seq2[*Call, error] {
	return all[*Call](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *CallService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[Call], error) {
	return pageOf[Call](ctx, s.endpoint().resumed(cursor, opts))
}
