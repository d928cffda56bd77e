package twiliotest

import (
	"slices"
	"strconv"
	"time"
)

// A queueCaller is a Dial that waits for a call in a queue, and then talks to it.
type queueCaller struct {
	call   *call
	verb   *element
	noun   *element
	member *call // nil while it waits
	since  time.Time
}

// dialQueue obeys Dial with a Queue: the call talks to the first of those who
// wait, or waits for one.
func (s *state) dialQueue(c *call, e, noun *element) {
	q := s.queueNamed(c.account, noun.text)
	d := &queueCaller{call: c, verb: e, noun: noun}
	q.callers = append(q.callers, d)
	sc := c.script
	sc.talking = true
	sc.serving = d
	sc.abandon = func() { s.endQueueCall(q, d) }
	s.continueCall(c, s.now())
	s.wait(c, e.seconds("timeout", 30), func() {
		sc.abandon = nil
		q.callers = slices.DeleteFunc(q.callers, func(other *queueCaller) bool { return other == d })
		s.endDial(c, e, pairs{{"DialCallStatus", "no-answer"}})
	})
	s.serveQueue(q)
}

// serveQueue connects calls that wait in a queue with those who ask for one.
func (s *state) serveQueue(q *queue) {
	for len(q.callers) > 0 && q.members.len() > 0 {
		d := q.callers[0]
		q.callers = q.callers[1:]
		m, _ := q.members.newest() // the first in
		s.connectQueued(q, d, m)
	}
}

// connectQueued lets a call talk to one that waits, which first hears what the
// Queue's url says.
func (s *state) connectQueued(q *queue, d *queueCaller, m *queueMember) {
	member, sc := m.call, s.scriptOf(m.call)
	d.member = member
	waited := pairs{{"QueueSid", q.SID}, {"QueueTime", strconv.Itoa(m.wait())}, {"DequeingCallSid", d.call.SID}}
	member.leaveQueue()
	d.call.script.turn++ // it waits no longer
	leave := sc.leave
	sc.turn++
	sc.generation++
	sc.leave, sc.atEnd, sc.verbs = nil, nil, nil
	sc.talking = true
	talk := func() {
		sc.atEnd = nil
		d.since = s.now()
		s.recordDial(d.call, d.verb)
	}
	over := func(result string) {
		sc.talking, sc.patient, sc.abandon = false, s.now(), nil
		s.finishQueueCall(d)
		if leave != nil {
			s.continueCall(member, s.now())
			leave(result)
		} else if !member.finished() && result == "bridged" {
			s.endCall(member, "completed", s.now())
		}
	}
	d.call.script.abandon = func() { over("bridged") }
	sc.abandon = func() {
		if member.finished() {
			over("bridged")
		} else {
			over("redirected-from-bridged")
		}
	}
	s.continueCall(member, s.now())
	if url := d.call.script.resolve(d.noun.attr("url")); url != "" {
		sc.atEnd = talk
		sc.ask(s, hook{url, d.noun.method("method")}, waited)
		return
	}
	talk()
}

// finishQueueCall goes on with the call that talked to one from a queue.
func (s *state) finishQueueCall(d *queueCaller) {
	talked := s.now()
	if !d.since.IsZero() {
		talked = d.since
	}
	d.call.script.abandon = nil
	s.endDial(d.call, d.verb, append(pairs{
		{"DialCallSid", d.member.SID}, {"DialCallStatus", "completed"},
		{"DialCallDuration", strconv.Itoa(int(s.now().Sub(talked) / time.Second))}, {"DialBridged", "true"},
	}, s.dialRecorded(d.call, d.since)...))
}

// endQueueCall stops waiting for a call in the queue.
func (s *state) endQueueCall(q *queue, d *queueCaller) {
	q.callers = slices.DeleteFunc(q.callers, func(other *queueCaller) bool { return other == d })
	if d.call.finished() {
		s.endDial(d.call, d.verb, pairs{{"DialCallStatus", "no-answer"}})
	}
}
