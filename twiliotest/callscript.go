package twiliotest

import (
	"net/http/cookiejar"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// defaultRing is how long a call rings that nobody answers.
const defaultRing = 60 * time.Second

// A script is how a call follows TwiML, and who is told of it. The verbs are
// obeyed one after the other. One that takes time waits, until it is over or
// something else happens to the call.
type script struct {
	exchange

	applicationSID string
	first          hook   // asked for TwiML when the call is answered
	twiml          string // in place of it
	progress       subscription
	sequence       int // of the next event that is told
	ringFor        time.Duration

	asking         bool // what to do about a call that rings
	detects, async bool // machines, and while the call goes on
	machine        hook

	verbs    []*element          // that are still to be obeyed
	obeyed   bool                // there was a verb
	atEnd    func()              // follows the last verb; nil to hang up
	turn     int                 // counts what the call has waited for
	heard    func()              // what keys and speech lead to; nil if nobody listens
	keys     string              // that were pressed and not yet heard
	speech   string              // that was said and not yet heard
	gathered string              // the keys that a Gather has heard
	dialing  *dialing            // the Dial that is under way
	serving  *queueCaller        // the Dial of a queue that is under way
	abandon  func()              // ends the verb that is under way, if the call ends or is sent elsewhere; nil for most
	resume   func()              // follows the conference that the call is in
	leave    func(result string) // ends the wait in a queue; nil outside of one
	leg      *leg                // of the Dial that made the call
	talking  bool                // to another call, so that it doesn't hang up by itself
	patient  time.Time           // since when nothing else has kept it from hanging up
}

func newScript(c *call) *script {
	jar, err := cookiejar.New(nil)
	if err != nil {
		jar = nil // it never fails
	}
	sc := new(script)
	sc.exchange = exchange{kind: WebhookCall, call: c, jar: jar, params: c.params}
	return sc
}

// scriptOf is the call's script. A call that was seeded gets one when it needs
// it.
func (s *state) scriptOf(c *call) *script {
	if c.script == nil {
		c.script = newScript(c)
		s.bind(c)
	}
	return c.script
}

// bind connects the script of a call that has been stored.
func (s *state) bind(c *call) {
	sc := c.script
	sc.account, sc.sid = c.account, c.SID
	sc.obey = func(doc *document) { s.follow(c, doc) }
	sc.failed = func() { s.giveUp(c) }
	sc.silent = func() {
		if c.Status == "ringing" { // and is answered all the same
			sc.asking = false
			s.continueCall(c, s.now())
		}
	}
	sc.keys += s.outcomes[c.party()].Digits
	sc.speech = s.outcomes[c.party()].Speech
}

// party is the address at the other end of the line.
func (c *call) party() string {
	if c.Direction == "inbound" {
		return c.From
	}
	return c.To
}

// begin asks for the instructions of a call, or obeys those that it came with.
func (s *state) begin(c *call) {
	sc := c.script
	if sc == nil {
		return
	}
	if sc.twiml == "" {
		sc.ask(s, sc.first, nil)
		return
	}
	doc, err := parseTwiML(sc.twiml)
	if err != nil {
		s.log(&sc.exchange, parseCode(err), logError, "Document parse failure: "+err.Error())
		s.giveUp(c)
		return
	}
	s.follow(c, doc)
}

// giveUp ends a call whose instructions can't be had.
func (s *state) giveUp(c *call) {
	switch c.Status {
	case "ringing":
		s.endCall(c, "failed", s.now())
	case "in-progress":
		s.endCall(c, "completed", s.now())
	}
}

// follow obeys a document from its beginning. It answers an incoming call,
// unless the document rejects it.
func (s *state) follow(c *call, doc *document) {
	c.script.verbs = doc.verbs
	if c.Status == "ringing" {
		if len(doc.verbs) > 0 && doc.verbs[0].name == "Reject" {
			s.reject(c, doc.verbs[0])
			return
		}
		s.answerCall(c, s.now())
	}
	s.step(c)
}

// step obeys a call's verbs until one takes time or leads elsewhere. A call that
// was told to do anything is hung up after the last verb. One with an empty
// document stays open, as one without instructions does.
func (s *state) step(c *call) {
	sc := c.script
	for c.Status == "in-progress" {
		if len(sc.verbs) == 0 {
			switch {
			case sc.atEnd != nil:
				sc.atEnd()
			case sc.obeyed:
				s.endCall(c, "completed", s.now())
			}
			return
		}
		e := sc.verbs[0]
		sc.verbs = sc.verbs[1:]
		verb, ok := s.callVerbs[e.name]
		if !ok {
			s.warnOfVerb(&sc.exchange, e)
			continue
		}
		sc.obeyed = true
		if verb(s, c, e) {
			return
		}
	}
}

// wait goes on with the call after a time, unless something else happens to it
// first.
func (s *state) wait(c *call, d time.Duration, then func()) {
	sc := c.script
	sc.turn++
	turn := sc.turn
	s.after(s.now(), d, func(time.Time) {
		if sc.turn == turn && c.Status == "in-progress" {
			sc.heard = nil
			then()
		}
	})
}

// waitAndStep goes on with the next verb after a time.
func (s *state) waitAndStep(c *call, d time.Duration) bool {
	s.wait(c, d, func() { s.step(c) })
	return true
}

// consult asks a URL what the call does next.
func (s *state) consult(c *call, to hook, extra pairs) {
	c.script.turn++
	c.script.heard = nil
	c.script.ask(s, to, extra)
}

// tell asks a URL what a call would do next, if it went on.
func (s *state) tell(c *call, to hook, extra pairs) {
	s.send(c.account, WebhookCall, c.SID, to, append(c.params(), extra...)).jar = c.script.jar
}

// interrupt takes a call out of what it is doing.
func (s *state) interrupt(c *call) {
	sc := c.script
	sc.turn++
	sc.generation++
	sc.heard, sc.resume, sc.leave, sc.atEnd, sc.verbs = nil, nil, nil, nil, nil
	if abandon := sc.abandon; abandon != nil {
		sc.abandon = nil
		abandon()
	}
}

// redirectCall sends a call to other instructions.
func (s *state) redirectCall(c *call, to hook, twiml string) {
	s.interrupt(s.scripted(c))
	c.script.first, c.script.twiml = to, twiml
	generation := c.script.generation
	s.after(s.now(), 0, func(time.Time) {
		if c.script.generation == generation && c.Status == "in-progress" {
			s.begin(c)
		}
	})
}

// scripted is the call with a script.
func (s *state) scripted(c *call) *call {
	s.scriptOf(c)
	return c
}

// answerCall connects a call that rings.
func (s *state) answerCall(c *call, now time.Time) {
	c.Status, c.StartTime, c.Updated = "in-progress", at(now), at(now)
	if sc := c.script; sc != nil && sc.detects && !sc.async {
		c.AnsweredBy = nullString(c.answeredBy(s))
	}
	if c.recorded != nil {
		s.recordCall(c, c.recorded, now)
	}
	s.continueCall(c, now)
	s.reportCall(c, "answered")
	if c.participant != nil {
		s.joined(c.participant, now)
	}
}

// connected does what a call does once it was answered.
func (s *state) connected(c *call) {
	sc := c.script
	if sc == nil {
		return
	}
	if sc.detects && sc.async {
		s.after(s.now(), machineDetectionTime, func(time.Time) {
			c.AnsweredBy = nullString(c.answeredBy(s))
			s.reportMachine(c)
		})
	}
	if sc.leg != nil {
		s.legAnswered(sc.leg)
		return
	}
	s.begin(c)
}

// answeredBy is who answers the call.
func (c *call) answeredBy(s *state) string {
	if by := s.outcomes[c.party()].AnsweredBy; by != "" {
		return by
	}
	return "human"
}

// Press presses keys on the telephone at the other end of a call in progress: 0
// to 9, * and #. A Gather or a Record that listens hears them, otherwise the
// next one does. What follows has happened, and the webhooks that it leads to
// have been delivered, when Press returns. It reports whether the call was in
// progress.
func (s *Server) Press(callSID, digits string) bool {
	return s.onLine(callSID, func(c *call) { c.script.keys += digits })
}

// Speak says something at the other end of a call in progress. A Gather that
// listens for speech hears it; see [Server.Press].
func (s *Server) Speak(callSID, words string) bool {
	return s.onLine(callSID, func(c *call) { c.script.speech = words })
}

func (s *Server) onLine(callSID string, act func(*call)) bool {
	done := s.withCall(callSID, func(c *call) bool {
		if c.Status != "in-progress" {
			return false
		}
		act(s.state.scripted(c))
		if heard := c.script.heard; heard != nil {
			heard()
		}
		return true
	})
	s.Advance(0)
	return done
}

// HangUp hangs up at the other end of a call that isn't over: who was called
// ends the call, or declines it, and a caller gives up. It reports whether there
// was such a call; see [Server.Press].
func (s *Server) HangUp(callSID string) bool {
	done := s.withCall(callSID, func(c *call) bool {
		switch {
		case c.finished():
			return false
		case c.Status == "in-progress":
			s.state.endCall(c, "completed", s.state.now())
		case c.Direction == "inbound":
			s.state.endCall(c, "no-answer", s.state.now())
		default:
			s.state.endCall(c, "busy", s.state.now())
		}
		return true
	})
	s.Advance(0)
	return done
}

// withCall finds a call of any account.
func (s *Server) withCall(sid string, act func(*call) bool) bool {
	defer s.state.write()()
	for a := range s.state.accounts.all() {
		if c, ok := resourcesOf[*call](a).get(sid); ok {
			return act(c)
		}
	}
	return false
}

// hangsUpAfter is how long the other side stays on the line.
func (s *state) hangsUpAfter(c *call) (d time.Duration, strict bool) {
	if d := s.outcomes[c.party()].HangUpAfter; d > 0 {
		return d, true
	}
	return s.callDuration, false
}

// outcomeOf is how a call ends that isn't answered, or empty.
func (s *state) outcomeOf(c *call) string {
	status := s.outcomes[c.To].CallStatus
	if c.Direction == "inbound" || status == twilio.CallStatusCompleted {
		return ""
	}
	return string(status)
}
