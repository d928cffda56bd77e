package twiliotest

import (
	"slices"
	"strconv"
	"time"
)

// resultParams are what the action of a verb that records is told.
func (r *recording) resultParams() pairs {
	return pairs{
		{"RecordingUrl", apiOrigin + r.path()}, {"RecordingSid", r.SID},
		{"RecordingDuration", strconv.Itoa(int(r.heard / time.Second))},
	}
}

// reportRecording tells the status callback that a recording has begun or is
// completed.
func (s *state) reportRecording(r *recording) {
	if !r.report.wants(r.Status, "completed") {
		return
	}
	var duration string
	if r.Status == "completed" {
		duration = strconv.Itoa(int(r.Duration))
	}
	s.send(r.account, WebhookRecording, r.SID, r.report.hook, slices.Concat(
		pairs{
			{"RecordingSource", r.Source}, {"RecordingTrack", r.track}, {"RecordingSid", r.SID},
			{"RecordingUrl", apiOrigin + r.path()}, {"RecordingStatus", r.Status},
			{"RecordingChannels", strconv.Itoa(r.Channels)}, {"ErrorCode", "0"},
		},
		optional("CallSid", string(r.CallSID)), optional("ConferenceSid", string(r.ConferenceSID)),
		pairs{{"RecordingStartTime", r.StartTime.Format(time.RFC1123Z)}, {"AccountSid", r.AccountSID}},
		optional("RecordingDuration", duration),
	))
}
