package twiliotest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A room is a conference on the server.
type room struct {
	*api
	sid string
}

// room dials somebody into a new conference.
func (a *api) room(name string, form ...string) room {
	a.t.Helper()
	created := a.post(a.main("/Conferences/"+name+"/Participants.json"),
		append([]string{"From", "+14158141829", "To", "+16518675310"}, form...)...).ok()
	return room{a, str(created, "conference_sid")}
}

func (r room) path(below string) string { return r.main("/Conferences/" + r.sid + below + ".json") }

func (r room) get(below string, query ...string) reply {
	r.t.Helper()
	return r.api.get(r.path(below), query...)
}

// dial adds a participant to the conference and returns the SID of the call.
func (r room) dial(form ...string) string {
	r.t.Helper()
	return str(r.post(r.path("/Participants"), append([]string{"From", "+14158141829", "To", "+16518675310"}, form...)...).ok(), "call_sid")
}

func (r room) call(sid string) string { return r.main("/Calls/" + sid + ".json") }

// wantsEnd checks that the conference is completed, and why.
func (r room) wantsEnd(reason string, call any) {
	r.t.Helper()
	wants(r.t, r.get("").ok(), "status", "completed", "reason_conference_ended", reason, "call_sid_ending_conference", call)
	if left := r.get("/Participants").items(); len(left) != 0 {
		r.t.Errorf("a completed conference lists %v", left)
	}
}

func TestConferenceLivesAsLongAsItsCalls(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	room := a.room("room", "Label", "host")
	wants(t, room.get("").ok(), "status", "init", "friendly_name", "room", "region", "us1", "reason_conference_ended", nil,
		"call_sid_ending_conference", nil)
	for _, step := range []struct {
		wait                    time.Duration
		participant, conference string
	}{{0, "queued", "init"}, {second, "ringing", "init"}, {4 * second, "connected", "in-progress"}} {
		a.srv.Advance(step.wait)
		wants(t, room.get("/Participants/host").ok(), "status", step.participant)
		wants(t, room.get("").ok(), "status", step.conference)
	}
	call := str(room.get("/Participants/host").ok(), "call_sid")
	a.srv.Advance(15 * second)
	wants(t, a.get(room.call(call)).ok(), "status", "completed", "duration", "15")
	room.wantsEnd("last-participant-left", call)
	room.get("/Participants/host").fails(404, 20404)
	a.post(room.path(""), "Status", "completed").fails(400, 16022)
}

func TestConferenceWaitsForAParticipantWhoStartsIt(t *testing.T) {
	t.Parallel()
	a := newAPI(t, twiliotest.WithCallDuration(time.Hour))
	room := a.room("room", "StartConferenceOnEnter", "false")
	a.srv.Advance(10 * second)
	wants(t, room.get("").ok(), "status", "init")
	room.dial()
	a.srv.Advance(10 * second)
	wants(t, room.get("").ok(), "status", "in-progress")
}

func TestEndsOfConferences(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, reason string
		end          func(r room, host string)
		byHost       bool
		host         []string
	}{
		{"over the API", "conference-ended-via-api", func(r room, _ string) { r.post(r.path(""), "Status", "completed").ok() }, false, nil},
		{"moderator hangs up", "participant-with-end-conference-on-exit-left", func(r room, host string) {
			r.post(r.call(host), "Status", "completed").ok()
		}, true, []string{"EndConferenceOnExit", "true"}},
		{"moderator is removed", "participant-with-end-conference-on-exit-kicked", func(r room, host string) {
			r.delete(r.path("/Participants/" + host)).ok()
		}, true, []string{"EndConferenceOnExit", "true"}},
		{"moderator is sent elsewhere", "participant-with-end-conference-on-exit-left", func(r room, host string) {
			r.post(r.call(host), "Twiml", "<Response/>").ok()
		}, true, []string{"EndConferenceOnExit", "true"}},
		{"everybody is removed", "last-participant-kicked", func(r room, host string) {
			for _, p := range r.get("/Participants").items() {
				if str(p, "call_sid") != host {
					r.delete(r.path("/Participants/" + str(p, "call_sid"))).ok()
				}
			}
			r.delete(r.path("/Participants/" + host)).ok()
		}, true, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := newAPI(t, twiliotest.WithCallDuration(time.Hour))
			room := a.room("room", append(c.host, "Label", "host")...)
			guest := room.dial()
			a.srv.Advance(10 * second)
			host := str(room.get("/Participants/host").ok(), "call_sid")
			c.end(room, host)
			var by any
			if c.byHost {
				by = host
			}
			room.wantsEnd(c.reason, by)
			wants(t, a.get(room.call(guest)).ok(), "status", "completed")
		})
	}
}

// A call that gets other instructions leaves the conference and goes on.
func TestRedirectedCallLeavesItsConference(t *testing.T) {
	t.Parallel()
	a := newAPI(t, twiliotest.WithCallDuration(time.Hour))
	room := a.room("room")
	other := room.dial()
	a.srv.Advance(10 * second)
	a.post(room.call(other), "Url", "https://example.com/elsewhere").ok()
	room.get("/Participants/"+other).fails(404, 20404)
	wants(t, a.get(room.call(other)).ok(), "status", "in-progress")
	wants(t, room.get("").ok(), "status", "in-progress")
}

func TestOneLiveConferenceForEachName(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	first, second := a.room("room"), a.room("room")
	if first.sid != second.sid {
		t.Error("two live conferences with one name")
	}
	a.post(first.path(""), "Status", "completed").ok()
	third := a.room("room")
	if third.sid == first.sid {
		t.Error("a completed conference goes on")
	}
	a.post(first.path("/Participants"), "From", "+14158141829", "To", "+16518675310").fails(400, 16022)
	a.post(a.main("/Conferences/"+sid("CF", 1)+"/Participants.json"), "From", "+14158141829", "To", "+16518675310").fails(400, 16022)
	a.post(a.main("/Conferences/"+strings.Repeat("x", 129)+"/Participants.json"), "From", "+14158141829", "To", "+16518675310").fails(400, 20001)
	if got := a.get(a.main("/Conferences.json"), "FriendlyName", "room", "Status", "completed").items(); len(got) != 1 {
		t.Errorf("%d completed conferences, want 1", len(got))
	}
}

func TestConferenceFilters(t *testing.T) {
	t.Parallel()
	a := newAPI(t, twiliotest.WithStart(time.Date(2018, 1, 14, 23, 59, 50, 0, time.UTC)), twiliotest.WithCallDuration(time.Hour))
	old := a.room("old")
	a.srv.Advance(24 * time.Hour) // it was updated on the 15th
	young := a.room("young")
	for want, query := range map[string][]string{
		young.sid + " " + old.sid: nil,
		old.sid:                   {"DateCreated<", "2018-01-15"},
		young.sid:                 {"DateCreated>", "2018-01-15"},
		"":                        {"DateUpdated", "2018-01-14"},
	} {
		if got := column(a.get(a.main("/Conferences.json"), query...).items(), "sid"); got != want {
			t.Errorf("%v: %s, want %s", query, got, want)
		}
	}
	if got := column(a.get(a.main("/Conferences.json"), "FriendlyName", "old").items(), "sid"); got != old.sid {
		t.Errorf("by name: %s", got)
	}
	a.get(a.main("/Conferences.json"), "Status", "over").fails(400, 20001)
	a.post(young.path(""), "AnnounceUrl", "nowhere").fails(400, 21402)
	a.post(young.path(""), "AnnounceUrl", "https://example.com", "AnnounceMethod", "PUT").fails(400, 21403)
	a.post(young.path(""), "AnnounceUrl", "https://example.com").ok()
}
