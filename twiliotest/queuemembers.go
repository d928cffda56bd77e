package twiliotest

import (
	"math"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// The last segment of a member's path is the SID of its call or Front.
var queueMemberRoutes = []route{
	{"GET", "/Queues/{QueueSid}/Members", listQueueMembers, 200},
	{"GET", "/Queues/{QueueSid}/Members/{CallSid}", fetchQueueMember, 200},
	{"POST", "/Queues/{QueueSid}/Members/{CallSid}", updateQueueMember, 200},
}

// A queueMember is a call in a queue, until it is taken out or ends.
type queueMember struct {
	record // its SID is that of the call

	enqueued time.Time
	call     *call
	queue    *queue
}

func (m *queueMember) wire() any {
	return &struct {
		CallSID      string    `json:"call_sid"`
		DateEnqueued timestamp `json:"date_enqueued"`
		Position     int       `json:"position"`
		QueueSID     string    `json:"queue_sid"`
		URI          string    `json:"uri"`
		WaitTime     int       `json:"wait_time"`
	}{
		m.SID, at(m.enqueued), m.place(), m.queue.SID, m.queue.path() + "/Members/" + m.SID + ".json", m.wait(),
	}
}

// wait is how long the member has waited, in seconds.
func (m *queueMember) wait() int { return int(m.queue.clock().Sub(m.enqueued) / time.Second) }

// place is the member's position in the queue, from 1.
func (m *queueMember) place() int {
	place := 1
	for other := range m.queue.members.all() {
		if other.seq > m.seq {
			place++
		}
	}
	return place
}

// enqueue puts a call at the end of a queue, and returns nil if that is full.
func (s *state) enqueue(q *queue, c *call) *queueMember {
	if q.members.len() >= q.MaxSize {
		return nil
	}
	c.leaveQueue()
	m := &queueMember{enqueued: s.now(), call: c, queue: q}
	// Lists run from the highest position to the lowest. The first to enter a
	// queue is the first in its list.
	m.record = record{SID: c.SID, seq: math.MaxUint32 - s.next()}
	c.member = m
	q.members.add(m)
	return m
}

// leaveQueue takes a call out of its queue, if it is in one.
func (c *call) leaveQueue() {
	if c.member != nil {
		c.member.queue.members.remove(c.member)
		c.member = nil
	}
}

// Enqueue puts a call in progress at the end of a queue, as the TwiML verb
// Enqueue does: an account that has no queue of that name gets one. It returns
// nil if the queue is full.
func (s *Server) Enqueue(accountSID, queueName, callSID string) *twilio.QueueMember {
	return added[twilio.QueueMember](s, func() resource {
		a := s.mustAccount(accountSID)
		c, ok := resourcesOf[*call](a).get(callSID)
		if !ok || c.Status != "in-progress" {
			panic("twiliotest: the account has no call " + callSID + " in progress")
		}
		if m := s.state.enqueue(s.state.queueNamed(a, queueName), c); m != nil {
			s.state.serveQueue(m.queue)
			return m
		}
		return nil
	})
}

func listQueueMembers(rq *request) (any, *problem) {
	q, prob := lookupBy[*queue](rq, "QueueSid")
	if prob != nil {
		return nil, prob
	}
	return page(rq, "queue_members", &q.members, all, (*queueMember).wire)
}

func lookupQueueMember(rq *request) (*queueMember, *problem) {
	q, prob := lookupBy[*queue](rq, "QueueSid")
	if prob != nil {
		return nil, prob
	}
	m, ok := q.members.get(rq.vars["CallSid"])
	if rq.vars["CallSid"] == twilio.QueueFront {
		m, ok = q.members.newest()
	}
	if !ok {
		return nil, rq.notFound()
	}
	return m, nil
}

func fetchQueueMember(rq *request) (any, *problem) {
	m, prob := lookupQueueMember(rq)
	if prob != nil {
		return nil, prob
	}
	return m.wire(), nil
}

// updateQueueMember takes a call out of the queue. The response is the member
// as it was.
func updateQueueMember(rq *request) (any, *problem) {
	m, prob := lookupQueueMember(rq)
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	p.required("Url", 21205)
	p.webhook("Url", "Method")
	if p.prob != nil {
		return nil, p.prob
	}
	view := m.wire()
	rq.redirectCall(m.call, hook{p.Get("Url"), p.Get("Method")}, "")
	m.call.leaveQueue()
	return view, nil
}
