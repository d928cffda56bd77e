package twilio_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// TestParticipantUpdatesThatAreLost: a value is set once however often it is
// sent, and an announcement is sent once.
func TestParticipantUpdatesThatAreLost(t *testing.T) {
	t.Parallel()
	settings := twilio.ParticipantUpdateParams{Muted: new(true), Hold: new(false), Coaching: new(true),
		CallSIDToCoach: new(callSID), EndConferenceOnExit: new(true)}
	const applied = `{"call_sid":"CA1","muted":true,"hold":false,"coaching":true,"call_sid_to_coach":"` + callSID + `","end_conference_on_exit":true}`
	coachedOnHold := respondError(403, 16027)
	for name, tt := range map[string]struct {
		steps  []step
		params twilio.ParticipantUpdateParams
		opts   []twilio.RequestOption
		want   error // a success where it is nil
	}{
		"set again":   {[]step{connReset, respond(200, applied)}, settings, nil, nil},
		"set already": {[]step{connReset, coachedOnHold, respond(200, applied)}, settings, nil, nil},
		"not set":     {[]step{connReset, coachedOnHold, respond(200, strings.Replace(applied, `"muted":true`, `"muted":false`, 1))}, settings, nil, twilio.ErrForbidden},
		"gone":        {[]step{connReset, respondError(404, 20404), respondError(404, 20404)}, settings, nil, twilio.ErrNotFound},
		"announcement": {[]step{connReset}, twilio.ParticipantUpdateParams{AnnounceURL: new("https://example.com/")}, nil,
			twilio.ErrOutcomeUnknown},
		"announcement by form": {[]step{connReset}, settings,
			[]twilio.RequestOption{twilio.WithForm(url.Values{"AnnounceUrl": {"https://example.com/"}})}, twilio.ErrOutcomeUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p, err := newClient(t, newScript(t, tt.steps...)).Conferences.Participants.Update(t.Context(), conferenceSID, "the boss", tt.params, tt.opts...)
				switch {
				case tt.want == nil && (err != nil || !p.Muted):
					t.Errorf("got %+v, %v", p, err)
				case !errors.Is(err, tt.want):
					t.Errorf("got %v, want %v", err, tt.want)
				}
			})
		})
	}
}

// TestConferenceNames: on create a name is as good as a SID, up to what Twilio
// accepts.
func TestConferenceNames(t *testing.T) {
	t.Parallel()
	params := twilio.ParticipantCreateParams{From: "a", To: "b"}
	for _, name := range []string{conferenceSID, "room", "CA-team", "team 4/50%?", strings.Repeat("é", 128)} {
		w := newMockAPI(t)
		w.respondToAll(201, `{"call_sid":"CA1"}`)
		if _, err := w.mainClient().Conferences.Participants.Create(t.Context(), name, params); err != nil {
			t.Fatal(err)
		}
		if want := "/2010-04-01/Accounts/" + mainSID + "/Conferences/" + url.PathEscape(name) + "/Participants.json"; w.request().path != want {
			t.Errorf("%q isn't sent as %s", name, want)
		}
	}
	w, c := newSilentAPI(t)
	_, err := c.Conferences.Participants.Create(t.Context(), strings.Repeat("é", 129), params)
	wantRefusal(t, w, err, "conferences.participants.create", "conference", "é")
}

// TestWaitURL: music and silence while waiting are two things.
func TestWaitURL(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]twilio.ParticipantCreateParams{
		"From=a&To=b":          {From: "a", To: "b"},
		"From=a&To=b&WaitUrl=": {From: "a", To: "b", WaitURL: new("")},
	} {
		w := newMockAPI(t)
		w.respondToAll(201, `{"call_sid":"CA1"}`)
		if _, err := w.mainClient().Conferences.Participants.Create(t.Context(), "room", p); err != nil {
			t.Fatal(err)
		}
		if got := w.request().form.Encode(); got != want {
			t.Errorf("sent %s, want %s", got, want)
		}
	}
}
