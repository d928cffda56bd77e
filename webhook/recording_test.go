package webhook_test

import (
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

func TestParseRecording(t *testing.T) {
	t.Parallel()
	got := *must[*webhook.Recording](t)(webhook.ParseRecording(post(`AccountSid=AC1 CallSid=CA1 ConferenceSid=CF1 RecordingSid=RE1
		RecordingUrl=https://api.twilio.com/r RecordingStatus=completed RecordingDuration=7 RecordingChannels=2
		RecordingStartTime=Thu,~26~Nov~2026~01:05:09~+0000 RecordingSource=DialVerb RecordingTrack=both ErrorCode=0`)))
	equal(t, "SIDs", got.SID+got.CallSID+got.ConferenceSID, "RE1CA1CF1")
	equal(t, "URL", got.URL, "https://api.twilio.com/r")
	equal(t, "Status", got.Status, twilio.RecordingStatusCompleted)
	equal(t, "Duration", got.Duration, 7)
	equal(t, "Channels", got.Channels, 2)
	equal(t, "StartTime", got.StartTime, time.Date(2026, 11, 26, 1, 5, 9, 0, time.UTC))
	equal(t, "Source", got.Source, twilio.RecordingSourceDialVerb)
	equal(t, "Track", got.Track, twilio.RecordingTrackBoth)
	equal(t, "ErrorCode", got.ErrorCode, 0)
}
