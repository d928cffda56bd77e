package webhook

import (
	"net/http"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// A ConferenceEvent is what has happened in a conference. The set is open: a
// value that is not among the constants passes through. The constants of
// [twilio.ConferenceEvent], which select events, have other names.
type ConferenceEvent string

// The events of a conference.
const (
	ConferenceStart        ConferenceEvent = "conference-start"
	ConferenceEnd          ConferenceEvent = "conference-end"
	ParticipantJoin        ConferenceEvent = "participant-join"
	ParticipantLeave       ConferenceEvent = "participant-leave"
	ParticipantMute        ConferenceEvent = "participant-mute"
	ParticipantUnmute      ConferenceEvent = "participant-unmute"
	ParticipantHold        ConferenceEvent = "participant-hold"
	ParticipantUnhold      ConferenceEvent = "participant-unhold"
	ParticipantModify      ConferenceEvent = "participant-modify"
	ParticipantSpeechStart ConferenceEvent = "participant-speech-start"
	ParticipantSpeechStop  ConferenceEvent = "participant-speech-stop"
	AnnouncementEnd        ConferenceEvent = "announcement-end"
	AnnouncementFail       ConferenceEvent = "announcement-fail"
)

// A Conference is an event of a conference. Twilio sends it to the
// StatusCallback that the first participant set for the conference.
//
// See
// https://www.twilio.com/docs/voice/twiml/conference#attributes-statusCallback.
type Conference struct {
	Request
	// SID identifies the conference: CF and 32 hex digits.
	SID string
	// FriendlyName is the conference's name.
	FriendlyName string
	// Event is what has happened.
	Event ConferenceEvent
	// SequenceNumber counts the conference's events; it is -1 where Twilio
	// sends none.
	SequenceNumber int
	// Timestamp is when it happened, in UTC.
	Timestamp time.Time

	// CallSID and ParticipantLabel identify the participant that the event is
	// about; they are empty if it is about none.
	CallSID, ParticipantLabel string
	// Muted, Hold, Coaching, StartConferenceOnEnter and EndConferenceOnExit are
	// that participant's settings.
	Muted, Hold, Coaching                       bool
	StartConferenceOnEnter, EndConferenceOnExit bool
	// ParticipantCallStatus is the state of the call of a participant who has
	// left.
	ParticipantCallStatus twilio.CallStatus
	// ReasonParticipantLeft says why, such as participant_hung_up.
	ReasonParticipantLeft string

	// EndingCallSID and EndingParticipantLabel identify the participant who
	// ended the conference; they are empty otherwise.
	EndingCallSID, EndingParticipantLabel string
	// ReasonEnded says why the conference ended, and Reason says it in words.
	ReasonEnded twilio.ConferenceEndReason
	Reason      string
}

// ParseConference reads a request about an event of a conference. It returns
// the same errors as [ParseMessage].
func ParseConference(r *http.Request) (*Conference, error) {
	f, err := parse(r, "webhook.conference", "ConferenceSid")
	if err != nil {
		return nil, err
	}
	c := &Conference{
		Request:                f.Request,
		SID:                    f.text("ConferenceSid"),
		FriendlyName:           f.text("FriendlyName"),
		Event:                  ConferenceEvent(f.text("StatusCallbackEvent")),
		SequenceNumber:         f.sequence("SequenceNumber"),
		Timestamp:              f.time("Timestamp"),
		CallSID:                f.text("CallSid"),
		ParticipantLabel:       f.text("ParticipantLabel"),
		Muted:                  f.flag("Muted"),
		Hold:                   f.flag("Hold"),
		Coaching:               f.flag("Coaching"),
		StartConferenceOnEnter: f.flag("StartConferenceOnEnter"),
		EndConferenceOnExit:    f.flag("EndConferenceOnExit"),
		ParticipantCallStatus:  twilio.CallStatus(f.text("ParticipantCallStatus")),
		ReasonParticipantLeft:  f.text("ReasonParticipantLeft"),
		EndingCallSID:          f.text("CallSidEndingConference"),
		EndingParticipantLabel: f.text("ParticipantLabelEndingConference"),
		ReasonEnded:            twilio.ConferenceEndReason(f.text("ReasonConferenceEnded")),
		Reason:                 f.text("Reason"),
	}
	return c, f.error()
}
