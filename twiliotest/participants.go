package twiliotest

import (
	"strings"
	"time"
	"unicode/utf8"
)

// The last segment of a participant's path is the SID of its call or its label.
var participantRoutes = []route{
	{"GET", "/Conferences/{ConferenceSid}/Participants", listParticipants, 200},
	{"POST", "/Conferences/{ConferenceSid}/Participants", whileActive(createParticipant), 201},
	{"GET", "/Conferences/{ConferenceSid}/Participants/{CallSid}", fetchParticipant, 200},
	{"POST", "/Conferences/{ConferenceSid}/Participants/{CallSid}", updateParticipant, 200},
	{"DELETE", "/Conferences/{ConferenceSid}/Participants/{CallSid}", deleteParticipant, 204},
}

const (
	maxParticipants = 250 // in a conference
	maxLabel        = 128
)

// A participant is a call in a conference, or on its way there. It exists as
// long as the call and the conference go on and belong together.
type participant struct {
	record         `json:"-"` // its SID is that of the call
	CallSIDToCoach nullString `json:"call_sid_to_coach"`
	Coaching       bool       `json:"coaching"`
	EndOnExit      bool       `json:"end_conference_on_exit"`
	Hold           bool       `json:"hold"`
	Label          nullString `json:"label"`
	Muted          bool       `json:"muted"`
	StartOnEnter   bool       `json:"start_conference_on_enter"`

	call       *call
	conference *conference
	toRecord   *recording // of the conference, which starts with it
}

func (p *participant) wire() any { return p.view(unsetInt) }

// view is the participant with a queue time, which only the response to its
// creation has.
func (p *participant) view(queueTime intString) any {
	return &struct {
		*participant
		AccountSID    string    `json:"account_sid"`
		CallSID       string    `json:"call_sid"`
		ConferenceSID string    `json:"conference_sid"`
		DateCreated   timestamp `json:"date_created"`
		DateUpdated   timestamp `json:"date_updated"`
		QueueTime     intString `json:"queue_time"`
		Status        string    `json:"status"`
		URI           string    `json:"uri"`
	}{
		p, p.call.AccountSID, p.call.SID, p.conference.SID, p.Created, p.Updated, queueTime,
		p.status(), p.conference.path() + "/Participants/" + p.call.SID + ".json",
	}
}

func (p *participant) status() string {
	switch p.call.Status {
	case "queued", "ringing":
		return p.call.Status
	case "in-progress":
		return "connected"
	case "completed":
		return "complete"
	}
	return "failed"
}

// addParticipant puts a call into a conference.
func (s *state) addParticipant(c *conference, p *participant, cl *call) {
	p.SID, p.call, p.conference = cl.SID, cl, c
	s.initRecord(&p.record, "CA")
	cl.participant = p
	c.participants.add(p)
	if cl.Status == "in-progress" {
		s.joined(p, s.now())
	}
}

// joined lets a participant in who is connected.
func (s *state) joined(p *participant, now time.Time) {
	s.reportConference(p.conference, "participant-join", p, nil)
	s.startConference(p, now)
}

// startConference lets a participant who is connected start the conference, and
// its recording.
func (s *state) startConference(p *participant, now time.Time) {
	c := p.conference
	if p.call.Status != "in-progress" {
		return
	}
	if p.StartOnEnter && c.Status == "init" {
		c.Status, c.Updated = "in-progress", at(now)
		s.reportConference(c, "conference-start", nil, nil)
	}
	if c.toRecord == nil && running(c.recordings) == nil {
		c.toRecord, p.toRecord = p.toRecord, nil
	}
	if c.toRecord != nil && c.Status == "in-progress" {
		c.toRecord.ConferenceSID = nullString(c.SID)
		s.addRecording(p.call.account, c.toRecord, now)
		c.toRecord = nil
	}
}

// leave takes a participant out of its conference, which ends if it is empty or
// if the participant is one who ends it. The call may go on.
func (s *state) leave(p *participant, kicked bool, now time.Time) {
	c := p.conference
	p.call.participant = nil
	c.participants.remove(p)
	switch {
	case kicked, !p.call.finished():
		s.reportLeave(c, p, updatedViaAPI)
	case p.call.answered:
		s.reportLeave(c, p, hungUp)
	default:
		s.reportLeave(c, p, addFailed)
	}
	var reason string
	switch {
	case p.EndOnExit && kicked:
		reason = moderatorKicked
	case p.EndOnExit:
		reason = moderatorLeft
	case c.participants.len() > 0:
		return
	case kicked:
		reason = lastParticipantKicked
	default:
		reason = lastParticipantLeft
	}
	s.complete(c, reason, p, now)
}

// byCallOrLabel finds a participant by the SID of its call or its label.
func (c *conference) byCallOrLabel(key string) (*participant, bool) {
	if p, ok := c.participants.get(key); ok {
		return p, true
	}
	for p := range c.participants.all() {
		if p.Label != "" && string(p.Label) == key {
			return p, true
		}
	}
	return nil, false
}

func lookupParticipant(rq *request) (*participant, *problem) {
	c, prob := lookupBy[*conference](rq, "ConferenceSid")
	if prob != nil {
		return nil, prob
	}
	p, ok := c.byCallOrLabel(rq.vars["CallSid"])
	if !ok {
		return nil, rq.notFound()
	}
	return p, nil
}

func listParticipants(rq *request) (any, *problem) {
	c, prob := lookupBy[*conference](rq, "ConferenceSid")
	if prob != nil {
		return nil, prob
	}
	f := rq.filters()
	muted, hold, coaching := f.bool("Muted"), f.bool("Hold"), f.bool("Coaching")
	if f.prob != nil {
		return nil, f.prob
	}
	return page(rq, "participants", &c.participants, func(p *participant) bool {
		return (muted == nil || p.Muted == *muted) && (hold == nil || p.Hold == *hold) &&
			(coaching == nil || p.Coaching == *coaching)
	}, (*participant).wire)
}

func fetchParticipant(rq *request) (any, *problem) {
	p, prob := lookupParticipant(rq)
	if prob != nil {
		return nil, prob
	}
	return p.wire(), nil
}

// createParticipant dials a number and puts the call into a conference: a live
// one by its SID, or one by its name, which is created if it isn't live.
func createParticipant(rq *request) (any, *problem) {
	name := rq.vars["ConferenceSid"]
	c, live := rq.conferences[conferenceName{rq.account.SID, name}]
	if isSID(name, "CF") {
		c, live = resourcesOf[*conference](rq.account).get(name)
		if !live || c.completed() {
			return nil, fail(16022)
		}
	}
	if !live {
		c = &conference{FriendlyName: name}
	}
	f := rq.params()
	p := &participant{
		StartOnEnter: true,
		Label:        nullString(f.Get("Label")),
	}
	setBool(f, "StartConferenceOnEnter", &p.StartOnEnter)
	p.apply(f)
	for _, key := range []string{
		"StatusCallback", "ConferenceStatusCallback", "RecordingStatusCallback",
		"ConferenceRecordingStatusCallback", "AmdStatusCallback",
	} {
		f.webhook(key, key+"Method")
	}
	switch f.oneOf("ConferenceRecord", 20001, "true", "false", "record-from-start", "do-not-record") {
	case "true", "record-from-start":
		p.toRecord = &recording{Source: "Conference", report: f.subscription("ConferenceRecordingStatusCallback")}
	}
	f.oneOf("ConferenceTrim", 20001, "trim-silence", "do-not-trim")
	limit := f.int("MaxParticipants", maxParticipants)
	dialed := rq.dial(f)
	dialed.recordIfAsked(f)
	rq.readHooks(dialed, f)
	dialed.script.machine = hook{f.Get("AmdStatusCallback"), f.Get("AmdStatusCallbackMethod")}
	dialed.script.async = dialed.script.machine.url != ""
	report := f.subscription("ConferenceStatusCallback")
	switch {
	case utf8.RuneCountInString(name) > maxConferenceName:
		f.reject(failf(20001, "The name of a conference must have at most %d characters", maxConferenceName))
	case !validLabel(string(p.Label)):
		f.reject(fail(16024))
	case limit < 2 || limit > maxParticipants:
		f.reject(failf(20001, "MaxParticipants must be from 2 to %d", maxParticipants))
	}
	if f.prob != nil {
		return nil, f.prob
	}
	if _, taken := c.byCallOrLabel(string(p.Label)); taken && p.Label != "" {
		return nil, fail(16026)
	}
	if live && c.participants.len() >= c.maxParticipants {
		return nil, fail(16020)
	}
	if prob := p.checkCoaching(c); prob != nil {
		return nil, prob
	}
	if prob := rq.checkCaller(dialed); prob != nil {
		return nil, prob
	}
	if !live {
		c.maxParticipants, c.report = limit, report
		rq.addConference(rq.account, c)
	}
	rq.addCall(rq.account, dialed)
	rq.addParticipant(c, p, dialed)
	return p.view(intString(queueTime.Milliseconds())), nil
}

// validLabel reports whether a participant can have the label, which must be
// different from a SID and fill one segment of a path.
func validLabel(label string) bool {
	return utf8.RuneCountInString(label) <= maxLabel && !strings.Contains(label, "/") && !isSID(label, "CA")
}

// apply sets the parameters that create and update share.
func (p *participant) apply(f *params) {
	if f.Has("Muted") { // anything but true is false
		p.Muted = strings.EqualFold(f.Get("Muted"), "true")
	}
	setBool(f, "EndConferenceOnExit", &p.EndOnExit)
	setBool(f, "Coaching", &p.Coaching)
	f.sid("CallSidToCoach", "CA", 20001)
	set(f, "CallSidToCoach", &p.CallSIDToCoach)
	f.webhook("WaitUrl", "WaitMethod")
}

// checkCoaching checks that the one to coach is there to be coached.
func (p *participant) checkCoaching(c *conference) *problem {
	if !p.Coaching {
		return nil
	}
	switch coached, ok := c.participants.get(string(p.CallSIDToCoach)); {
	case !ok:
		return fail(16028)
	case coached.Hold:
		return fail(16027)
	}
	return nil
}

func updateParticipant(rq *request) (any, *problem) {
	p, prob := lookupParticipant(rq)
	if prob != nil {
		return nil, prob
	}
	f := rq.params()
	next := *p
	next.apply(f)
	setBool(f, "Hold", &next.Hold)
	f.bool("BeepOnExit")
	f.webhook("HoldUrl", "HoldMethod")
	f.webhook("AnnounceUrl", "AnnounceMethod")
	if f.prob != nil {
		return nil, f.prob
	}
	if prob := next.checkCoaching(p.conference); prob != nil {
		return nil, prob
	}
	next.Updated = at(rq.now)
	was := *p
	*p = next
	rq.reportChanges(p, was)
	rq.announce(p.conference, p, hook{f.Get("AnnounceUrl"), f.Get("AnnounceMethod")})
	if p.Hold && !was.Hold {
		rq.tell(rq.scripted(p.call), hook{f.Get("HoldUrl"), f.Get("HoldMethod")}, nil)
	}
	return p.wire(), nil
}

// deleteParticipant removes a participant, which hangs up.
func deleteParticipant(rq *request) (any, *problem) {
	p, prob := lookupParticipant(rq)
	if prob != nil {
		return nil, prob
	}
	rq.leave(p, true, rq.now)
	rq.endCall(p.call, "completed", rq.now)
	return nil, nil
}
