package twiliotest

import (
	"strconv"
	"strings"
	"time"
)

// enqueueCall obeys Enqueue: the call waits in a queue, hearing what waitUrl
// says, until it is taken out, leaves or hangs up.
func (s *state) enqueueCall(c *call, e *element) bool {
	sc := c.script
	q := s.queueNamed(c.account, e.text)
	m := s.enqueue(q, c)
	if m == nil {
		s.log(&sc.exchange, 14207, logWarning, "Enqueue: the queue has reached its maximum size")
		s.dequeued(c, e, q, "queue-full", s.now())
		return true
	}
	enqueued, after := s.now(), sc.verbs
	sc.turn++
	sc.verbs = nil
	left := func(result string) {
		sc.atEnd, sc.leave, sc.abandon = nil, nil, nil
		sc.verbs = after
		c.leaveQueue()
		s.dequeued(c, e, q, result, enqueued)
	}
	sc.leave = left
	sc.abandon = func() {
		if c.finished() {
			left("hangup")
		} else {
			left("redirected")
		}
	}
	if url := sc.resolve(e.attr("waitUrl")); url != "" {
		wait := hook{url, e.method("waitUrlMethod")}
		sc.atEnd = func() { // and from the beginning
			s.wait(c, soundTime, func() { s.consult(c, wait, m.params()) })
		}
		s.consult(c, wait, m.params())
	}
	s.serveQueue(q)
	return true
}

// params are those of a request about a call that waits.
func (m *queueMember) params() pairs {
	return pairs{
		{"QueueSid", m.queue.SID}, {"QueuePosition", strconv.Itoa(m.place())}, {"QueueTime", strconv.Itoa(m.wait())},
		{"AvgQueueTime", strconv.Itoa(m.queue.averageWait())}, {"CurrentQueueSize", strconv.Itoa(m.queue.members.len())},
		{"MaxQueueSize", strconv.Itoa(m.queue.MaxSize)},
	}
}

// dequeued goes on with a call that is no longer in the queue.
func (s *state) dequeued(c *call, e *element, q *queue, result string, enqueued time.Time) {
	sc := c.script
	sc.turn++
	sc.generation++ // what waitUrl says comes too late
	p := pairs{
		{"QueueResult", result}, {"QueueSid", q.SID},
		{"QueueTime", strconv.Itoa(int(s.now().Sub(enqueued) / time.Second))},
	}
	action := hook{sc.resolve(e.attr("action")), e.method("method")}
	switch {
	case c.finished(), strings.HasPrefix(result, "redirected"):
		s.tell(c, action, p)
	case action.url != "":
		s.consult(c, action, p)
	default:
		s.step(c)
	}
}

// leaveQueue obeys Leave, with which the instructions for the wait end it.
func (s *state) leaveQueue(c *call, _ *element) bool {
	leave := c.script.leave
	if leave == nil {
		return false
	}
	leave("leave")
	return true
}
