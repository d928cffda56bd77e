package twiliotest

import (
	"time"
)

var conferenceRoutes = []route{
	{"GET", "/Conferences", listConferences, 200},
	{"GET", "/Conferences/{Sid}", fetch[*conference], 200},
	{"POST", "/Conferences/{Sid}", updateConference, 200},
}

// The reasons for the end of a conference.
const (
	endedViaAPI           = "conference-ended-via-api"
	lastParticipantLeft   = "last-participant-left"
	lastParticipantKicked = "last-participant-kicked"
	moderatorLeft         = "participant-with-end-conference-on-exit-left"
	moderatorKicked       = "participant-with-end-conference-on-exit-kicked"
)

const maxConferenceName = 128

var conferenceStatuses = []string{"init", "in-progress", "completed"}

// A conference is a room in which calls meet. It lives as long as anyone is in
// it: it is init until a participant who may start it is connected, then
// in-progress, and completed once it is empty.
type conference struct {
	record
	AccountSID              string     `json:"account_sid"`
	APIVersion              string     `json:"api_version"`
	CallSIDEndingConference nullString `json:"call_sid_ending_conference"`
	FriendlyName            string     `json:"friendly_name"`
	ReasonConferenceEnded   nullString `json:"reason_conference_ended"`
	Region                  string     `json:"region"`
	Status                  string     `json:"status"`

	participants    collection[*participant] // who are in it or on their way
	maxParticipants int
	recordings      []*recording
	toRecord        *recording   // to start once it is in progress
	report          subscription // that is told of its events: that of the first participant
	sequence        int          // of the last event that was told
}

func (c *conference) path() string {
	return root + "/Accounts/" + c.AccountSID + "/Conferences/" + c.SID
}

func (c *conference) wire() any {
	return &struct {
		*conference
		SubresourceURIs subresources `json:"subresource_uris"`
		URI             string       `json:"uri"`
	}{c, subresources{c.path(), conferenceSubresources}, c.path() + ".json"}
}

var conferenceSubresources = []subresource{
	{"participants", "/Participants.json"}, {"recordings", "/Recordings.json"},
}

func (c *conference) completed() bool { return c.Status == "completed" }

func (s *state) addConference(a *account, c *conference) {
	s.initRecord(&c.record, "CF")
	c.AccountSID, c.APIVersion = a.SID, apiVersion
	if c.Status == "" {
		c.Status = "init"
	}
	if c.Region == "" {
		c.Region = "us1"
	}
	if c.maxParticipants == 0 {
		c.maxParticipants = maxParticipants
	}
	addTo(a, c)
	if c.completed() {
		return
	}
	s.conferences[conferenceName{a.SID, c.FriendlyName}] = c
}

// A conferenceName is unique among the conferences that are not completed.
type conferenceName struct{ accountSID, name string }

// complete ends a conference and the calls of all who are still in it.
func (s *state) complete(c *conference, reason string, ending *participant, now time.Time) {
	if c.completed() {
		return
	}
	delete(s.conferences, conferenceName{c.AccountSID, c.FriendlyName})
	c.Status, c.Updated = "completed", at(now)
	s.stopRecordings(c.recordings, now)
	c.ReasonConferenceEnded = nullString(reason)
	if ending != nil {
		c.CallSIDEndingConference = nullString(ending.call.SID)
	}
	remaining := c.participants
	c.participants = collection[*participant]{}
	why := moderatorEnded
	if reason == endedViaAPI {
		why = leftByEndViaAPI
	}
	for p := range remaining.all() {
		p.call.participant = nil
		s.reportLeave(c, p, why)
	}
	s.reportEnd(c, ending)
	for p := range remaining.all() {
		if !p.call.finished() {
			s.leftConference(p.call, now)
		}
	}
}

// leftConference goes on with a call whose conference has ended: with its TwiML,
// or by hanging up.
func (s *state) leftConference(c *call, now time.Time) {
	if sc := c.script; sc != nil && sc.resume != nil && c.Status == "in-progress" {
		resume := sc.resume
		sc.resume = nil
		resume()
		return
	}
	s.endCall(c, "completed", now)
}

func listConferences(rq *request) (any, *problem) {
	p := rq.filters()
	created := p.dateFilter("DateCreated", rq.secondGrain)
	updated := p.dateFilter("DateUpdated", rq.secondGrain)
	name, status := p.Get("FriendlyName"), p.oneOf("Status", 20001, conferenceStatuses...)
	if p.prob != nil {
		return nil, p.prob
	}
	return list(rq, "conferences", func(c *conference) bool {
		return (name == "" || c.FriendlyName == name) && (status == "" || c.Status == status) &&
			created.holds(c.Created.Time) && updated.holds(c.Updated.Time)
	})
}

func updateConference(rq *request) (any, *problem) {
	c, prob := lookup[*conference](rq)
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	status := p.oneOf("Status", 20001, "completed")
	p.webhook("AnnounceUrl", "AnnounceMethod")
	switch {
	case p.prob != nil:
		return nil, p.prob
	case c.completed():
		return nil, fail(16022)
	case status != "":
		rq.complete(c, endedViaAPI, nil, rq.now)
	default:
		rq.announce(c, nil, hook{p.Get("AnnounceUrl"), p.Get("AnnounceMethod")})
	}
	return c.wire(), nil
}
