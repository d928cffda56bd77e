package webhook_test

import (
	"fmt"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

func TestParseConference(t *testing.T) {
	t.Parallel()
	c := must[*webhook.Conference](t)(webhook.ParseConference(post(`ConferenceSid=CF1 FriendlyName=Standup AccountSid=AC1 SequenceNumber=5
		Timestamp=Thu,~26~Nov~2026~01:05:09~+0000 StatusCallbackEvent=participant-leave CallSid=CA1 ParticipantLabel=ada
		Muted=true Hold=false Coaching=true StartConferenceOnEnter=true EndConferenceOnExit=false
		ParticipantCallStatus=completed ReasonParticipantLeft=participant_hung_up`)))
	equal(t, "names", c.SID+c.FriendlyName+c.CallSID+c.ParticipantLabel, "CF1StandupCA1ada")
	equal(t, "Event", c.Event, webhook.ParticipantLeave)
	equal(t, "SequenceNumber", c.SequenceNumber, 5)
	equal(t, "Timestamp", c.Timestamp, time.Date(2026, 11, 26, 1, 5, 9, 0, time.UTC))
	equal(t, "settings", fmt.Sprint(c.Muted, c.Hold, c.Coaching, c.StartConferenceOnEnter, c.EndConferenceOnExit), "true false true true false")
	equal(t, "ParticipantCallStatus", c.ParticipantCallStatus, twilio.CallStatusCompleted)
	equal(t, "ReasonParticipantLeft", c.ReasonParticipantLeft, "participant_hung_up")

	c = must[*webhook.Conference](t)(webhook.ParseConference(post(`ConferenceSid=CF1 StatusCallbackEvent=conference-end
		CallSidEndingConference=CA1 ParticipantLabelEndingConference=ada Reason=Last~left ReasonConferenceEnded=last-participant-left`)))
	equal(t, "Event", c.Event, webhook.ConferenceEnd)
	equal(t, "who ended it", c.EndingCallSID+c.EndingParticipantLabel, "CA1ada")
	equal(t, "ReasonEnded", c.ReasonEnded, twilio.ConferenceEndReasonLastParticipantLeft)
	equal(t, "Reason", c.Reason, "Last left")
	equal(t, "no SequenceNumber", c.SequenceNumber, -1)
}
