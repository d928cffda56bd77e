package twiliotest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A dialing is a Dial that calls others: its legs, one of which may be answered.
type dialing struct {
	parent *call
	verb   *element
	legs   []*leg // that have not ended

	talking *leg // nil until a leg is answered
	since   time.Time
	over    bool
}

// A leg is a call that a Dial makes.
type leg struct {
	*call
	dialing *dialing
	whisper hook // asked for what the callee hears first
}

// dial obeys Dial. What is dialed is its text, or the nouns in it.
func (s *state) dial(c *call, e *element) bool {
	nouns := e.children
	if len(nouns) == 0 {
		nouns = []*element{{name: "Number", text: e.text}}
	}
	switch nouns[0].name {
	case "Conference":
		s.dialConference(c, e, nouns[0])
	case "Queue":
		s.dialQueue(c, e, nouns[0])
	default:
		s.dialCalls(c, e, nouns)
	}
	return true
}

// dialCalls calls numbers, clients and SIP addresses, all at once. The first that
// is answered gets the call.
func (s *state) dialCalls(c *call, e *element, nouns []*element) {
	d := &dialing{parent: c, verb: e}
	sc := c.script
	if !s.operates(c.account) {
		nouns = nil // it calls nobody
	}
	for _, noun := range nouns {
		to := noun.text
		switch noun.name {
		case "Number":
			to = normalize(to)
		case "Client":
			to = "client:" + cmp.Or(to, noun.child("Identity"))
		case "Sip":
		case "Sim":
			to = "sim:" + to
		default:
			s.warnOfVerb(&sc.exchange, noun)
			continue
		}
		if !isCallable(to) {
			s.log(&sc.exchange, 13223, logWarning, "Dial: the phone number is not valid")
			continue
		}
		s.dialLeg(d, noun, to)
	}
	if len(d.legs) == 0 {
		s.endDial(c, e, pairs{{"DialCallStatus", "failed"}})
		return
	}
	sc.turn++
	sc.talking = true
	sc.dialing = d
	sc.abandon = func() { s.abandonDial(d) }
	s.continueCall(c, s.now())
	if d.verb.flag("hangupOnStar", false) {
		sc.heard = func() { s.hangUpOnStar(d) }
	}
}

// child is the text of an element in this one.
func (e *element) child(name string) string {
	i := slices.IndexFunc(e.children, func(child *element) bool { return child.name == name })
	if i < 0 {
		return ""
	}
	return e.children[i].text
}

// dialLeg makes one of the calls.
func (s *state) dialLeg(d *dialing, noun *element, to string) {
	parent := d.parent
	c := &call{
		To: to, From: cmp.Or(normalize(d.verb.attr("callerId")), parent.From),
		Status: "queued", Direction: "outbound-dial", Duration: unsetInt, QueueTime: unsetInt, PriceUnit: "USD",
		ParentCallSID: nullString(parent.SID), limit: d.verb.seconds("timeLimit", 0),
	}
	sc := newScript(c)
	sc.ringFor = d.verb.seconds("timeout", 30)
	sc.progress = noun.subscription(&parent.script.exchange, "statusCallback")
	sc.leg = &leg{call: c, dialing: d, whisper: hook{parent.script.resolve(noun.attr("url")), noun.method("method")}}
	c.script = sc
	d.legs = append(d.legs, sc.leg)
	s.addCall(parent.account, c)
}

// legAnswered connects a leg with its parent, once it has heard what only it is to
// hear. The other legs are canceled.
func (s *state) legAnswered(l *leg) {
	d := l.dialing
	if d.over || d.talking != nil {
		s.endCall(l.call, "completed", s.now())
		return
	}
	d.talking = l
	for _, other := range slices.Clone(d.legs) {
		if other != l {
			s.endCall(other.call, "canceled", s.now())
		}
	}
	if l.whisper.url == "" {
		s.bridge(l)
		return
	}
	l.script.atEnd = func() { s.bridge(l) }
	l.script.ask(s, l.whisper, nil)
}

// bridge lets a leg and its parent talk.
func (s *state) bridge(l *leg) {
	d := l.dialing
	d.since = s.now()
	s.recordDial(d.parent, d.verb)
}

// recordDial records a call that talks to the one that it has dialed, if the Dial
// says so.
func (s *state) recordDial(c *call, e *element) {
	mode := e.attr("record")
	if mode == "" || mode == "do-not-record" || mode == "false" {
		return
	}
	r := &recording{Source: "DialVerb", Channels: 1, report: e.subscription(&c.script.exchange, "recordingStatusCallback")}
	if strings.HasSuffix(mode, "dual") {
		r.Channels = 2
	}
	s.recordCall(c, r, s.now())
}

// dialRecorded ends the recording of a Dial that has connected calls since then,
// and returns what its action is told of it.
func (s *state) dialRecorded(c *call, since time.Time) pairs {
	i := slices.IndexFunc(c.recordings, func(r *recording) bool { return r.Source == "DialVerb" && !r.Created.Before(since) })
	if i < 0 || since.IsZero() {
		return nil
	}
	s.stopRecording(c.recordings[i], s.now())
	return c.recordings[i].resultParams()
}

// legEnded ends a Dial when the leg that was answered has ended, or the last of
// those that were not.
func (s *state) legEnded(l *leg) {
	d := l.dialing
	d.legs = slices.DeleteFunc(d.legs, func(other *leg) bool { return other == l })
	if d.over || d.talking != l && (d.talking != nil || len(d.legs) > 0) {
		return
	}
	d.over = true
	d.parent.script.abandon = nil
	s.endDial(d.parent, d.verb, s.dialed(d, l))
}

// dialed is the result of a Dial: what became of a leg.
func (s *state) dialed(d *dialing, l *leg) pairs {
	p := pairs{{"DialCallSid", l.SID}, {"DialCallStatus", l.Status}}
	if d.talking == l {
		p = append(p, pairs{{"DialCallDuration", strconv.Itoa(int(l.Duration))}, {"DialBridged", strconv.FormatBool(!d.since.IsZero())}}...)
	}
	return append(p, s.dialRecorded(d.parent, d.since)...)
}

// endDial goes on with a call after its Dial.
func (s *state) endDial(c *call, e *element, result pairs) {
	sc := c.script
	sc.turn++
	sc.heard, sc.talking, sc.patient = nil, false, s.now()
	action := hook{sc.resolve(e.attr("action")), e.method("method")}
	switch {
	case c.finished(): // what the action says comes too late
		s.tell(c, action, result)
	case action.url != "":
		s.continueCall(c, s.now())
		s.consult(c, action, result)
	default:
		s.continueCall(c, s.now())
		s.step(c)
	}
}

// abandonDial ends the legs of a Dial whose call has ended or was sent elsewhere.
func (s *state) abandonDial(d *dialing) {
	d.over = true
	legs := slices.Clone(d.legs)
	for _, l := range legs {
		status := "canceled"
		if l.Status == "in-progress" {
			status = "completed"
		}
		s.endCall(l.call, status, s.now())
	}
	if d.parent.finished() && len(legs) > 0 {
		s.endDial(d.parent, d.verb, s.dialed(d, legs[0]))
	}
	d.parent.script.talking, d.parent.script.patient = false, s.now()
}

// hangUpOnStar ends the leg that is talked to when the caller presses the star.
func (s *state) hangUpOnStar(d *dialing) {
	sc := d.parent.script
	_, rest, pressed := strings.Cut(sc.keys, "*")
	if pressed && d.talking != nil {
		sc.keys = rest
		s.endCall(d.talking.call, "completed", s.now())
	}
}
