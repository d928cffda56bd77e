package webhook

import (
	"net/http"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// A Recording is a new state of a recording, which Twilio sends to its
// RecordingStatusCallback.
//
// See https://www.twilio.com/docs/voice/api/recording#recordingstatuscallback.
type Recording struct {
	Request
	// SID identifies the recording: RE and 32 hex digits.
	SID string
	// CallSID is the call that was recorded, or empty. If the call has two
	// legs, it is the parent.
	CallSID string
	// ConferenceSID is the conference that was recorded, or empty.
	ConferenceSID string
	// URL is where the recording is, without an extension.
	// [twilio.RecordingService.Media] downloads it.
	URL string
	// Status is in-progress, completed or absent.
	Status twilio.RecordingStatus
	// Duration is the length in seconds; zero until it is completed.
	Duration int
	// Channels is 1 or 2.
	Channels int
	// StartTime is when the recording began, in UTC.
	StartTime time.Time
	// Source is what started the recording.
	Source twilio.RecordingSource
	// Track is whose voice was recorded.
	Track twilio.RecordingTrack
	// ErrorCode is why the recording is absent; zero otherwise.
	ErrorCode int
}

// ParseRecording reads a request about the state of a recording. It returns the
// same errors as [ParseMessage].
func ParseRecording(r *http.Request) (*Recording, error) {
	f, err := parse(r, "webhook.recording", "RecordingSid")
	if err != nil {
		return nil, err
	}
	recording := &Recording{
		Request:       f.Request,
		SID:           f.text("RecordingSid"),
		CallSID:       f.text("CallSid"),
		ConferenceSID: f.text("ConferenceSid"),
		URL:           f.text("RecordingUrl"),
		Status:        twilio.RecordingStatus(f.text("RecordingStatus")),
		Duration:      f.number("RecordingDuration"),
		Channels:      f.number("RecordingChannels"),
		StartTime:     f.time("RecordingStartTime"),
		Source:        twilio.RecordingSource(f.text("RecordingSource")),
		Track:         twilio.RecordingTrack(f.text("RecordingTrack")),
		ErrorCode:     f.number("ErrorCode"),
	}
	return recording, f.error()
}
