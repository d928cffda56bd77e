package twiliotest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// Why participants leave has underscores, and why conferences end has hyphens.
func TestReasonsOfConferences(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		do     func(l *line, cf, first, second string) error
		left   string // first to leave
		then   string // the other
		ended  string
		status string // of the call that leaves
	}{
		{"they hang up", func(l *line, _, first, second string) error {
			l.srv.HangUp(first)
			l.srv.HangUp(second)
			return nil
		}, "participant_hung_up", "participant_hung_up", "last-participant-left", "completed"},
		{"the API ends the conference", func(l *line, cf, _, _ string) error {
			_, err := l.client.Conferences.Update(l.Context(), cf, twilio.ConferenceUpdateParams{Status: new(twilio.ConferenceStatusCompleted)})
			return err
		}, "conference_ended_via_api", "conference_ended_via_api", "conference-ended-via-api", "in-progress"},
		{"the API removes them", func(l *line, cf, first, second string) error {
			if err := l.client.Conferences.Participants.Delete(l.Context(), cf, first); err != nil {
				return err
			}
			return l.client.Conferences.Participants.Delete(l.Context(), cf, second)
		}, "participant_updated_via_api", "participant_updated_via_api", "last-participant-kicked", "in-progress"},
		{"the one who ends it leaves", func(l *line, cf, first, _ string) error {
			_, err := l.client.Conferences.Participants.Update(l.Context(), cf, first, twilio.ParticipantUpdateParams{EndConferenceOnExit: new(true)})
			l.srv.HangUp(first)
			return err
		}, "participant_hung_up", "moderator_ended_conference", "participant-with-end-conference-on-exit-left", "completed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := newLine(t, twiliotest.WithCallDuration(time.Hour))
			var sids []string
			for _, callback := range []string{"/conference", "/second"} {
				p, err := l.client.Conferences.Participants.Create(t.Context(), "Room", twilio.ParticipantCreateParams{
					From: ours, To: theirs, ConferenceStatusCallback: "https://example.com" + callback,
					ConferenceStatusCallbackEvent: []twilio.ConferenceEvent{"start", "end", "join", "leave"},
				})
				if err != nil {
					t.Fatal(err)
				}
				sids = append(sids, p.CallSID)
			}
			l.srv.Advance(10 * time.Second)
			cf := l.values("/conference", "ConferenceSid")[0]
			if err := test.do(l, cf, sids[0], sids[1]); err != nil {
				t.Fatal(err)
			}
			l.srv.Advance(time.Minute)
			l.wants("events", l.values("/conference", "StatusCallbackEvent"),
				"[participant-join conference-start participant-join participant-leave participant-leave conference-end]")
			l.wants("left", l.values("/conference", "ReasonParticipantLeft"), []string{"", "", "", test.left, test.then, ""})
			l.wants("ended", l.values("/conference", "ReasonConferenceEnded")[5], test.ended)
			l.wants("the resource's reason", l.values("/conference", "Reason")[5], test.ended)
			l.wants("status", l.values("/conference", "ParticipantCallStatus")[3], test.status)
			// Only the first participant's callback counts.
			l.wants("the second's", len(l.values("/second", "ConferenceSid")), 0)
		})
	}
}

// Handlers that undo what each other does cause webhooks without an end, while
// the clock stands still. Advance returns all the same, and says why.
func TestHandlersThatUndoEachOther(t *testing.T) {
	t.Parallel()
	l := newLine(t, twiliotest.WithCallDuration(time.Hour))
	l.handle("/conference", func(_ http.ResponseWriter, r *http.Request) {
		event := r.PostFormValue("StatusCallbackEvent")
		if event == "participant-join" || event == "participant-mute" || event == "participant-unmute" {
			mute := twilio.ParticipantUpdateParams{Muted: new(event != "participant-mute")}
			if _, err := l.client.Conferences.Participants.Update(l.Context(), r.PostFormValue("ConferenceSid"), r.PostFormValue("CallSid"), mute); err != nil {
				t.Error(err)
			}
		}
	})
	participant := func() *twilio.Participant {
		p, err := l.client.Conferences.Participants.Create(t.Context(), "Room", twilio.ParticipantCreateParams{
			From: ours, To: theirs, ConferenceStatusCallback: "https://example.com/conference",
			ConferenceStatusCallbackEvent: []twilio.ConferenceEvent{"join", "mute"},
		})
		if err != nil {
			t.Fatal(err)
		}
		l.srv.Advance(10 * time.Second)
		return p
	}
	first := participant()
	sent := len(l.values("/conference", "ConferenceSid"))
	all := l.srv.Deliveries()
	last := all[len(all)-1]
	if sent != 1001 || last.Called || !strings.Contains(last.Error, "1000 webhooks about "+last.SID) {
		t.Errorf("%d webhooks; the last: %+v", sent, last)
	}
	// It is only then that they aren't sent, and not if the test causes them.
	l.handle("/conference", nil)
	for i := range 1500 {
		mute := twilio.ParticipantUpdateParams{Muted: new(i%2 == 1)}
		if _, err := l.client.Conferences.Participants.Update(t.Context(), first.ConferenceSID, first.CallSID, mute); err != nil {
			t.Fatal(err)
		}
	}
	l.srv.Advance(0)
	l.wants("caused by the test", len(l.values("/conference", "ConferenceSid")), sent+1500)
	l.srv.HangUp(first.CallSID)
	participant()
	l.wants("later", len(l.values("/conference", "ConferenceSid")), sent+1501)
}

func TestParticipantsWhoCannotBeReachedLeave(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.srv.SetOutcome(twiliotest.Outcome{To: theirs, CallStatus: "busy"})
	if _, err := l.client.Conferences.Participants.Create(t.Context(), "Room", twilio.ParticipantCreateParams{
		From: ours, To: theirs, ConferenceStatusCallback: "https://example.com/conference",
		ConferenceStatusCallbackEvent: []twilio.ConferenceEvent{"leave"},
	}); err != nil {
		t.Fatal(err)
	}
	l.srv.Advance(time.Minute)
	l.wants("reasons", l.values("/conference", "ReasonParticipantLeft"), "[participant_add_failed]")
	l.wants("status", l.values("/conference", "ParticipantCallStatus"), "[busy]")
}
