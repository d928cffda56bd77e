package twilio

import (
	"cmp"
	"context"
	"iter"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// A ParticipantStatus is the state of a participant. The set is open: a value
// that is not among the constants passes through.
type ParticipantStatus string

// The states of a participant. Complete and failed are final.
const (
	ParticipantStatusQueued     ParticipantStatus = "queued"
	ParticipantStatusConnecting ParticipantStatus = "connecting"
	ParticipantStatusRinging    ParticipantStatus = "ringing"
	ParticipantStatusConnected  ParticipantStatus = "connected"
	ParticipantStatusComplete   ParticipantStatus = "complete"
	ParticipantStatusFailed     ParticipantStatus = "failed"
)

// A ConferenceEvent is a change in a conference that ConferenceStatusCallback
// can receive. The set is open: a value that is not among the constants passes
// through.
type ConferenceEvent string

// The events of a conference.
const (
	ConferenceEventStart        ConferenceEvent = "start"
	ConferenceEventEnd          ConferenceEvent = "end"
	ConferenceEventJoin         ConferenceEvent = "join"
	ConferenceEventLeave        ConferenceEvent = "leave"
	ConferenceEventMute         ConferenceEvent = "mute"
	ConferenceEventHold         ConferenceEvent = "hold"
	ConferenceEventModify       ConferenceEvent = "modify"
	ConferenceEventSpeaker      ConferenceEvent = "speaker"
	ConferenceEventAnnouncement ConferenceEvent = "announcement"
)

// A ConferenceBeep says when a beep is played to a conference. The set is open:
// a value that is not among the constants passes through.
type ConferenceBeep string

// The beep is played when the participant enters and leaves (Twilio's default),
// never, only on entering, or only on leaving.
const (
	ConferenceBeepTrue    ConferenceBeep = "true"
	ConferenceBeepFalse   ConferenceBeep = "false"
	ConferenceBeepOnEnter ConferenceBeep = "onEnter"
	ConferenceBeepOnExit  ConferenceBeep = "onExit"
)

// A ConferenceRecord says whether a conference is recorded. The set is open: a
// value that is not among the constants passes through.
type ConferenceRecord string

// The first two record the conference from its start, the others don't.
const (
	ConferenceRecordTrue        ConferenceRecord = "true"
	ConferenceRecordFromStart   ConferenceRecord = "record-from-start"
	ConferenceRecordFalse       ConferenceRecord = "false"
	ConferenceRecordDoNotRecord ConferenceRecord = "do-not-record"
)

// A ConferenceRegion is where a conference's audio is mixed. The set is open: a
// value that is not among the constants passes through.
type ConferenceRegion string

// The regions: two in the United States, and Ireland, Germany, Singapore,
// Brazil, Australia and Japan.
const (
	ConferenceRegionUS1 ConferenceRegion = "us1"
	ConferenceRegionUS2 ConferenceRegion = "us2"
	ConferenceRegionIE1 ConferenceRegion = "ie1"
	ConferenceRegionDE1 ConferenceRegion = "de1"
	ConferenceRegionSG1 ConferenceRegion = "sg1"
	ConferenceRegionBR1 ConferenceRegion = "br1"
	ConferenceRegionAU1 ConferenceRegion = "au1"
	ConferenceRegionJP1 ConferenceRegion = "jp1"
)

// A JitterBufferSize says how much a participant's audio is smoothed before it
// is mixed, at the cost of a delay. The set is open: a value that is not among
// the constants passes through.
type JitterBufferSize string

// The sizes of the buffer.
const (
	JitterBufferSizeOff    JitterBufferSize = "off"
	JitterBufferSizeSmall  JitterBufferSize = "small"
	JitterBufferSizeMedium JitterBufferSize = "medium"
	JitterBufferSizeLarge  JitterBufferSize = "large"
)

// A Participant is a call in a conference. It exists while the call is in the
// conference and the conference is live: afterwards, the error of reading it
// matches [ErrNotFound].
//
// See https://www.twilio.com/docs/voice/api/conference-participant-resource.
type Participant struct {
	// CallSID is the participant's call, and identifies the participant within
	// the conference: CA and 32 hex digits.
	CallSID string `json:"call_sid"`
	// AccountSID is the account that the conference belongs to.
	AccountSID string `json:"account_sid"`
	// ConferenceSID is the conference that the call is in.
	ConferenceSID string `json:"conference_sid"`
	// Label is a name of your own for the participant, if you set one. It can
	// stand for CallSID.
	Label string `json:"label"`
	// Status is the state of the participant's call.
	Status ParticipantStatus `json:"status"`
	// Muted is true when the others can't hear the participant.
	Muted bool `json:"muted"`
	// Hold is true when the participant is on hold: it can neither hear the
	// others nor be heard.
	Hold bool `json:"hold"`
	// Coaching is true when only the participant in CallSIDToCoach hears this
	// one.
	Coaching bool `json:"coaching"`
	// CallSIDToCoach is the call of the participant that this one coaches.
	CallSIDToCoach string `json:"call_sid_to_coach"`
	// StartConferenceOnEnter is true when the conference starts once the
	// participant joins.
	StartConferenceOnEnter bool `json:"start_conference_on_enter"`
	// EndConferenceOnExit is true when the conference ends, for all, once the
	// participant leaves.
	EndConferenceOnExit bool `json:"end_conference_on_exit"`
	// QueueTime is how long the call waits before Twilio places it, in
	// milliseconds. Only the response to [ParticipantService.Create] has it.
	QueueTime int `json:"queue_time"`
	// DateCreated is when the participant was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the participant was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the participant's own path.
	URI string `json:"uri"`
}

func (p *Participant) current() map[string]string {
	return map[string]string{
		"Muted": strconv.FormatBool(p.Muted), "Hold": strconv.FormatBool(p.Hold),
		"Coaching": strconv.FormatBool(p.Coaching), "CallSidToCoach": p.CallSIDToCoach,
		"EndConferenceOnExit": strconv.FormatBool(p.EndConferenceOnExit),
	}
}

// ParticipantCreateParams are the parameters of [ParticipantService.Create]. To
// and From are required.
type ParticipantCreateParams struct {
	// To is whom to call: a number in E.164 form, a SIP address, a client
	// identifier, or app: and the SID of an application.
	To string `url:"To,omitempty"`
	// From is the caller ID: a number of the account or a verified one, a
	// client identifier, or the user name of a SIP address.
	From string `url:"From,omitempty"`
	// Label names the participant, in at most 128 characters without a slash,
	// so that it can be addressed by a name of your own. It must be unique in
	// the conference and can't be the SID of a call.
	Label string `url:"Label,omitempty"`
	// CallerID is shown to the callee in place of From, in the same forms.
	CallerID string `url:"CallerId,omitempty"`
	// CallerDisplayName is the name in the From header of a call to a SIP
	// address: 2 to 255 characters.
	CallerDisplayName string `url:"CallerDisplayName,omitempty"`
	// CallReason is shown on the callee's phone (branded calls).
	CallReason string `url:"CallReason,omitempty"`
	// CallToken comes with an incoming call. Forwarding the call with its
	// caller ID requires it.
	CallToken string `url:"CallToken,omitempty"`
	// BYOC is the SID of a bring-your-own-carrier trunk to use for a call to a
	// number.
	BYOC string `url:"Byoc,omitempty"`
	// SIPAuthUsername authenticates a call to a SIP address.
	SIPAuthUsername string `url:"SipAuthUsername,omitempty"`
	// SIPAuthPassword goes with SIPAuthUsername; [NewSecret] makes it.
	SIPAuthPassword Secret `url:"SipAuthPassword,omitempty"`
	// ClientNotificationURL delivers a push notification of the call.
	ClientNotificationURL string `url:"ClientNotificationUrl,omitempty"`
	// Timeout is how long the phone may ring, in seconds: 5 to 600, to which
	// Twilio adds 5. Twilio's default is 60.
	Timeout int `url:"Timeout,omitempty"`
	// TimeLimit is the longest that the call may last, in seconds.
	TimeLimit int `url:"TimeLimit,omitempty"`

	// Muted mutes the participant.
	Muted bool `url:"Muted,omitempty"`
	// Coaching lets only the participant in CallSIDToCoach, which it requires,
	// hear this one.
	Coaching bool `url:"Coaching,omitempty"`
	// CallSIDToCoach is the call of the participant to coach. Set alone, it
	// implies Coaching.
	CallSIDToCoach string `url:"CallSidToCoach,omitempty"`
	// StartConferenceOnEnter is new(false) for a participant who waits, muted
	// and with music, until another one starts the conference. Twilio's default
	// is to start it.
	StartConferenceOnEnter *bool `url:"StartConferenceOnEnter,omitempty"`
	// EndConferenceOnExit ends the conference, for all, once the participant
	// leaves.
	EndConferenceOnExit bool `url:"EndConferenceOnExit,omitempty"`
	// EarlyMedia is new(false) to keep the ringing and messages of the call
	// from the conference. Twilio's default is to let it hear them.
	EarlyMedia *bool `url:"EarlyMedia,omitempty"`
	// Beep is when to play a beep to the conference: true (Twilio's default),
	// false, onEnter or onExit.
	Beep ConferenceBeep `url:"Beep,omitempty"`
	// WaitURL plays until the conference starts: an MP3 or WAV file, or TwiML.
	// Nil leaves Twilio's music, new("") plays nothing.
	WaitURL *string `url:"WaitUrl,omitempty"`
	// WaitMethod is how WaitURL is requested: GET, which lets Twilio cache a
	// file, or POST (Twilio's default).
	WaitMethod HTTPMethod `url:"WaitMethod,omitempty"`
	// JitterBufferSize smooths the participant's audio: off, small, medium or
	// large (Twilio's default).
	JitterBufferSize JitterBufferSize `url:"JitterBufferSize,omitempty"`
	// MaxParticipants is how many participants the conference may have, 2 to
	// 250 (Twilio's default).
	MaxParticipants int `url:"MaxParticipants,omitempty"`
	// Region is where to mix the audio: us1, us2, ie1, de1, sg1, br1, au1 or
	// jp1.
	Region ConferenceRegion `url:"Region,omitempty"`

	// StatusCallback receives the StatusCallbackEvent events of the call.
	StatusCallback string `url:"StatusCallback,omitempty"`
	// StatusCallbackMethod is GET or POST (Twilio's default).
	StatusCallbackMethod HTTPMethod `url:"StatusCallbackMethod,omitempty"`
	// StatusCallbackEvent selects the events; Twilio's default is completed.
	StatusCallbackEvent []CallEvent `url:"StatusCallbackEvent,omitempty"`
	// ConferenceStatusCallback receives the ConferenceStatusCallbackEvent
	// events of the conference. Only the first participant's counts.
	ConferenceStatusCallback string `url:"ConferenceStatusCallback,omitempty"`
	// ConferenceStatusCallbackMethod is GET or POST (Twilio's default).
	ConferenceStatusCallbackMethod HTTPMethod `url:"ConferenceStatusCallbackMethod,omitempty"`
	// ConferenceStatusCallbackEvent selects the events; Twilio's default is
	// start and end.
	ConferenceStatusCallbackEvent []ConferenceEvent `url:"ConferenceStatusCallbackEvent,omitempty"`

	// Record records the participant's call, the time between conferences
	// included.
	Record bool `url:"Record,omitempty"`
	// RecordingChannels is mono (Twilio's default) or dual.
	RecordingChannels RecordingChannels `url:"RecordingChannels,omitempty"`
	// RecordingTrack is inbound, outbound or both (Twilio's default).
	RecordingTrack RecordingTrack `url:"RecordingTrack,omitempty"`
	// Trim is trim-silence (Twilio's default) or do-not-trim.
	Trim RecordingTrim `url:"Trim,omitempty"`
	// RecordingStatusCallback receives the RecordingStatusCallbackEvent events
	// of the recording.
	RecordingStatusCallback string `url:"RecordingStatusCallback,omitempty"`
	// RecordingStatusCallbackMethod is GET or POST (Twilio's default).
	RecordingStatusCallbackMethod HTTPMethod `url:"RecordingStatusCallbackMethod,omitempty"`
	// RecordingStatusCallbackEvent selects among started, in-progress, paused,
	// resumed, stopped, completed, failed and absent.
	RecordingStatusCallbackEvent []RecordingEvent `url:"RecordingStatusCallbackEvent,omitempty"`
	// ConferenceRecord records the conference: true or record-from-start, or
	// false (Twilio's default) or do-not-record.
	ConferenceRecord ConferenceRecord `url:"ConferenceRecord,omitempty"`
	// ConferenceTrim is trim-silence (Twilio's default) or do-not-trim.
	ConferenceTrim RecordingTrim `url:"ConferenceTrim,omitempty"`
	// ConferenceRecordingStatusCallback receives the
	// ConferenceRecordingStatusCallbackEvent events of the conference's
	// recording.
	ConferenceRecordingStatusCallback string `url:"ConferenceRecordingStatusCallback,omitempty"`
	// ConferenceRecordingStatusCallbackMethod is GET or POST (Twilio's
	// default).
	ConferenceRecordingStatusCallbackMethod HTTPMethod `url:"ConferenceRecordingStatusCallbackMethod,omitempty"`
	// ConferenceRecordingStatusCallbackEvent selects among in-progress,
	// completed, failed and absent.
	ConferenceRecordingStatusCallbackEvent []RecordingEvent `url:"ConferenceRecordingStatusCallbackEvent,omitempty"`

	// MachineDetection is Enable or DetectMessageEnd.
	MachineDetection MachineDetection `url:"MachineDetection,omitempty"`
	// MachineDetectionTimeout is in seconds; Twilio's default is 30.
	MachineDetectionTimeout int `url:"MachineDetectionTimeout,omitempty"`
	// MachineDetectionSpeechThreshold is in milliseconds, 1000 to 6000;
	// Twilio's default is 2400.
	MachineDetectionSpeechThreshold int `url:"MachineDetectionSpeechThreshold,omitempty"`
	// MachineDetectionSpeechEndThreshold is in milliseconds, 500 to 5000;
	// Twilio's default is 1200.
	MachineDetectionSpeechEndThreshold int `url:"MachineDetectionSpeechEndThreshold,omitempty"`
	// MachineDetectionSilenceTimeout is in milliseconds, 2000 to 10000;
	// Twilio's default is 5000.
	MachineDetectionSilenceTimeout int `url:"MachineDetectionSilenceTimeout,omitempty"`
	// AMDStatusCallback receives what machine detection found.
	AMDStatusCallback string `url:"AmdStatusCallback,omitempty"`
	// AMDStatusCallbackMethod is GET or POST (Twilio's default).
	AMDStatusCallbackMethod HTTPMethod `url:"AmdStatusCallbackMethod,omitempty"`
}

func (ParticipantCreateParams) check(r *request) error {
	return firstError(
		checkLength("conference", r.args[0], 128),
		required("To", r.form.Get("To")),
		required("From", r.form.Get("From")),
		checkLabel(r.form.Get("Label")),
		checkCoaching(r.form),
		inRange("MaxParticipants", cmp.Or(number(r.form.Get("MaxParticipants")), maxParticipants), 2, maxParticipants),
	)
}

// maxParticipants is how many participants a conference can have, and Twilio's
// default.
const maxParticipants = 250

// checkLabel refuses a label that can't name its participant.
func checkLabel(label string) error {
	switch {
	case strings.Contains(label, "/") || label == "." || label == "..":
		return &ParamError{Field: "Label", Reason: "can't be part of a path; remove the slashes, and don't use . or .."}
	case len(label) == 34 && strings.HasPrefix(label, "CA"):
		return &ParamError{Field: "Label", Reason: "looks like the SID of a call; use another"}
	default:
		return checkLength("Label", label, 128)
	}
}

func checkCoaching(form url.Values) error {
	if form.Get("Coaching") == "true" && form.Get("CallSidToCoach") == "" {
		return &ParamError{Field: "CallSIDToCoach", Reason: "is empty though Coaching is set; set the call to coach"}
	}
	return nil
}

// ParticipantUpdateParams are the parameters of [ParticipantService.Update]. A
// nil field leaves its value unchanged.
type ParticipantUpdateParams struct {
	// Muted mutes the participant, or lets it be heard again.
	Muted *bool `url:"Muted,omitempty"`
	// Hold puts the participant on hold, or back into the conference.
	Hold *bool `url:"Hold,omitempty"`
	// HoldURL plays while the participant is on hold: an MP3 or WAV file, or
	// TwiML with Play, Say, Pause and Redirect.
	HoldURL *string `url:"HoldUrl,omitempty"`
	// HoldMethod is how HoldURL is requested: GET (Twilio's default) or POST.
	HoldMethod *HTTPMethod `url:"HoldMethod,omitempty"`
	// AnnounceURL plays an announcement to the participant alone, once: an MP3
	// or WAV file, or TwiML with Play, Say, Pause and Redirect.
	AnnounceURL *string `url:"AnnounceUrl,omitempty"`
	// AnnounceMethod is how AnnounceURL is requested: GET or POST (Twilio's
	// default).
	AnnounceMethod *HTTPMethod `url:"AnnounceMethod,omitempty"`
	// WaitURL plays until the conference starts: an MP3 or WAV file, or TwiML.
	// new("") plays nothing.
	WaitURL *string `url:"WaitUrl,omitempty"`
	// WaitMethod is how WaitURL is requested: GET, which lets Twilio cache a
	// file, or POST (Twilio's default).
	WaitMethod *HTTPMethod `url:"WaitMethod,omitempty"`
	// BeepOnExit plays a beep to the conference when the participant leaves.
	BeepOnExit *bool `url:"BeepOnExit,omitempty"`
	// EndConferenceOnExit ends the conference, for all, once the participant
	// leaves.
	EndConferenceOnExit *bool `url:"EndConferenceOnExit,omitempty"`
	// Coaching lets only the participant in CallSIDToCoach hear this one, or
	// all of them again.
	Coaching *bool `url:"Coaching,omitempty"`
	// CallSIDToCoach is the call of the participant to coach.
	CallSIDToCoach *string `url:"CallSidToCoach,omitempty"`
}

// repeatable is false for an announcement, which might be heard twice.
func (ParticipantUpdateParams) repeatable(r *request) bool { return !r.form.Has("AnnounceUrl") }

// ParticipantListParams are the filters of [ParticipantService.List] and
// [ParticipantService.All].
type ParticipantListParams struct {
	// Muted selects by whether a participant is muted; nil selects both.
	Muted *bool `url:"Muted,omitempty"`
	// Hold selects by whether a participant is on hold; nil selects both.
	Hold *bool `url:"Hold,omitempty"`
	// Coaching selects by whether a participant coaches another; nil selects
	// both.
	Coaching *bool `url:"Coaching,omitempty"`
	// Limit ends the list after so many participants; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many participants one request asks for, 1 to 1000. Zero
	// lets the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p ParticipantListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// A ParticipantService adds participants to a conference, and reads, updates
// and removes them. A participant is named by the SID of its call or by its
// label.
//
// See https://www.twilio.com/docs/voice/api/conference-participant-resource.
type ParticipantService struct{ participants, newParticipants endpoint }

func (s *ParticipantService) endpoint() endpoint { return orEmpty(s).participants }

var (
	participants = &route{name: "conferences.participants",
		path: "/Conferences/{conferenceSID:CF}/Participants/{callSID:*}", list: "participants"}
	// newParticipants may name a conference that doesn't exist yet.
	newParticipants = &route{name: participants.name, path: "/Conferences/{conference:*}/Participants"}
)

// Create makes a call and adds it to a conference, named by its SID or by its
// FriendlyName of at most 128 characters. If no live conference has the
// FriendlyName, Twilio creates one.
//
// The client never retries it once it may have reached Twilio: an error that
// matches [ErrOutcomeUnknown] means that the phone may be ringing. If you have
// set a Label, Get shows whether the participant exists.
//
// By default Twilio places one such call a second and queues the others. It
// refuses with code 16020 when the conference is full, 16022 when no live
// conference has the SID, 16026 when the Label is taken, and 16027 or 16028
// when the participant to coach is on hold or absent.
func (s *ParticipantService) Create(ctx context.Context, conference string, params ParticipantCreateParams, opts ...RequestOption) (*Participant, error) {
	return send[*Participant](ctx, orEmpty(s).newParticipants.create(params, opts, conference))
}

// Get reads one participant, by the SID of its call or by its label.
func (s *ParticipantService) Get(ctx context.Context, conferenceSID, callSID string, opts ...RequestOption) (*Participant, error) {
	return send[*Participant](ctx, s.endpoint().get(opts, conferenceSID, callSID))
}

// Update changes a participant, named by the SID of its call or by its label,
// or plays an announcement to it.
//
// An update with AnnounceURL is an action, not a value that is set. The client
// never retries it once it may have reached Twilio: an error that matches
// [ErrOutcomeUnknown] means that the announcement may have been heard.
func (s *ParticipantService) Update(ctx context.Context, conferenceSID, callSID string, params ParticipantUpdateParams, opts ...RequestOption) (*Participant, error) {
	return send[*Participant](ctx, s.endpoint().update(params, opts, conferenceSID, callSID))
}

// Delete removes a participant from the conference, named by the SID of its
// call or by its label.
func (s *ParticipantService) Delete(ctx context.Context, conferenceSID, callSID string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, conferenceSID, callSID)
}

// List returns the first page of a conference's participants that match. It is
// empty once the conference is completed.
func (s *ParticipantService) List(ctx context.Context, conferenceSID string, params ParticipantListParams, opts ...RequestOption) (*Page[Participant], error) {
	return pageOf[Participant](ctx, s.endpoint().query(params, opts, conferenceSID))
}

// All iterates over a conference's participants that match, fetching pages as
// they are needed.
func (s *ParticipantService) All(ctx context.Context, conferenceSID string, params ParticipantListParams, opts ...RequestOption) iter.Seq2[*Participant, error] {
	return all[*Participant](ctx, s.endpoint(), params, opts, conferenceSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *ParticipantService) Resume(ctx context.Context, conferenceSID, cursor string, opts ...RequestOption) (*Page[Participant], error) {
	return pageOf[Participant](ctx, s.endpoint().resumed(cursor, opts, conferenceSID))
}
