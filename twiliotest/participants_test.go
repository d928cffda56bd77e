package twiliotest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestParticipantIsDialedAndUpdated(t *testing.T) {
	t.Parallel()
	a := newAPI(t, twiliotest.WithCallDuration(time.Hour))
	created := a.post(a.main("/Conferences/My%20Room/Participants.json"), "From", "+14158141829", "To", "+16518675310",
		"Label", "the host", "Muted", "true", "EndConferenceOnExit", "true").ok()
	wants(t, created, "label", "the host", "muted", true, "hold", false, "coaching", false, "call_sid_to_coach", nil,
		"start_conference_on_enter", true, "end_conference_on_exit", true, "status", "queued", "queue_time", "1000",
		"account_sid", a.srv.AccountSID)
	if _, ok := created["sid"]; ok {
		t.Error("a participant has a SID of its own")
	}
	wants(t, a.get(a.main("/Calls/"+str(created, "call_sid")+".json")).ok(), "to", "+16518675310", "direction", "outbound-api")
	room := room{a, str(created, "conference_sid")}
	wants(t, room.get("").ok(), "friendly_name", "My Room")

	byLabel := room.path("/Participants/the%20host")
	wants(t, a.get(byLabel).ok(), "call_sid", created["call_sid"], "queue_time", nil)
	wants(t, room.get("/Participants/"+str(created, "call_sid")).ok(), "label", "the host")
	wants(t, a.post(byLabel, "Hold", "true", "Muted", "perhaps", "EndConferenceOnExit", "false").ok(),
		"hold", true, "muted", false, "end_conference_on_exit", false)
	a.post(byLabel, "Hold", "perhaps").fails(400, 20001)
	a.post(byLabel, "HoldUrl", "nowhere").fails(400, 21402)
	a.delete(byLabel).ok()
	a.get(byLabel).fails(404, 20404)
	a.post(byLabel, "Muted", "true").fails(404, 20404)
	wants(t, a.get(a.main("/Calls/"+str(created, "call_sid")+".json")).ok(), "status", "completed")
}

func TestParticipantFilters(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	room := a.room("room", "Label", "one")
	first := str(room.get("/Participants/one").ok(), "call_sid")
	room.dial("Label", "two", "Muted", "true")
	room.dial("Label", "three", "Coaching", "true", "CallSidToCoach", first)
	a.post(room.path("/Participants/two"), "Hold", "true").ok()
	for want, query := range map[string][]string{
		"three two one": nil,
		"two":           {"Muted", "true"},
		"three one":     {"Hold", "false"},
		"three":         {"Coaching", "true"},
	} {
		if got := column(room.get("/Participants", query...).items(), "label"); got != want {
			t.Errorf("%v: %s, want %s", query, got, want)
		}
	}
	room.get("/Participants", "Muted", "perhaps").fails(400, 20001)
	a.get(a.main("/Conferences/"+sid("CF", 1)+"/Participants.json")).fails(404, 20404)
}

func TestBadParticipants(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	room := a.room("room", "Label", "one")
	first := str(room.get("/Participants/one").ok(), "call_sid")
	dial := func(form ...string) reply {
		return a.post(room.path("/Participants"), append([]string{"From", "+14158141829", "To", "+16518675310"}, form...)...)
	}
	dial("Label", strings.Repeat("x", 128)).ok()
	for _, label := range []string{strings.Repeat("x", 129), "a/b", sid("CA", 1)} {
		dial("Label", label).fails(400, 16024)
	}
	dial("Label", "one").fails(400, 16026)
	dial("Coaching", "true", "CallSidToCoach", sid("CA", 1)).fails(400, 16028)
	dial("Coaching", "true").fails(400, 16028)
	a.post(room.path("/Participants/one"), "Hold", "true").ok()
	dial("Coaching", "true", "CallSidToCoach", first).fails(400, 16027)
	dial("MaxParticipants", "1").fails(400, 20001)
	dial("MaxParticipants", "251").fails(400, 20001)
	dial("StatusCallback", "nowhere").fails(400, 21402)
	a.post(room.path("/Participants"), "From", "+14158141829").fails(400, 21201)
	a.post(room.path("/Participants"), "To", "+16518675310").fails(400, 21213)
	if got := len(room.get("/Participants").items()); got != 2 {
		t.Errorf("%d participants, want 2: what was refused had an effect", got)
	}
	if got := len(a.get(a.main("/Calls.json")).items()); got != 2 {
		t.Errorf("%d calls, want 2", got)
	}

	a.post(a.main("/Conferences//Participants.json"), "From", "+14158141829", "To", "+16518675310").fails(404, 20404)

	small := a.room("small", "MaxParticipants", "2")
	small.dial()
	a.post(small.path("/Participants"), "From", "+14158141829", "To", "+16518675310").fails(400, 16020)

	sub, _ := a.subaccount("sub")
	a.post("/Accounts/"+sub+".json", "Status", "suspended").ok()
	a.post(under(sub, "/Conferences/room/Participants.json"), "From", "+14158141829", "To", "+16518675310").fails(401, 20003)
}

// A label is free again once its participant has left.
func TestParticipantsTimeLimit(t *testing.T) {
	t.Parallel()
	a := newAPI(t, twiliotest.WithCallDuration(time.Hour))
	room := a.room("room")
	room.dial("Label", "guest", "TimeLimit", "10")
	a.srv.Advance(15 * second)
	room.get("/Participants/guest").fails(404, 20404)
	room.dial("Label", "guest")
	wants(t, room.get("").ok(), "status", "in-progress")
}
