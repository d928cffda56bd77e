package twiliotest

import (
	"time"
	"unicode/utf8"
)

var queueRoutes = []route{
	{"GET", "/Queues", listQueues, 200},
	{"POST", "/Queues", createQueue, 201},
	{"GET", "/Queues/{Sid}", fetch[*queue], 200},
	{"POST", "/Queues/{Sid}", updateQueue, 200},
	{"DELETE", "/Queues/{Sid}", deleteQueue, 204},
}

const (
	defaultQueueSize = 1000
	maxQueueSize     = 5000
)

// A queue is a line of waiting calls. It stays when it is empty.
type queue struct {
	record
	AccountSID   string `json:"account_sid"`
	FriendlyName string `json:"friendly_name"`
	MaxSize      int    `json:"max_size"`

	members collection[*queueMember]
	callers []*queueCaller // who wait for a member
	clock   func() time.Time
}

func (q *queue) path() string { return root + "/Accounts/" + q.AccountSID + "/Queues/" + q.SID }

func (q *queue) wire() any {
	return &struct {
		*queue
		AverageWaitTime int    `json:"average_wait_time"`
		CurrentSize     int    `json:"current_size"`
		URI             string `json:"uri"`
	}{q, q.averageWait(), q.members.len(), q.path() + ".json"}
}

// averageWait is in seconds.
func (q *queue) averageWait() int {
	n, sum := q.members.len(), 0
	if n == 0 {
		return 0
	}
	for m := range q.members.all() {
		sum += m.wait()
	}
	return sum / n
}

func (s *state) addQueue(a *account, q *queue) {
	s.initRecord(&q.record, "QU")
	q.AccountSID, q.clock = a.SID, s.now
	addTo(a, q)
}

// queueNamed returns the account's queue of that name. A call that enters a
// queue that doesn't exist creates it.
func (s *state) queueNamed(a *account, name string) *queue {
	for q := range resourcesOf[*queue](a).all() {
		if q.FriendlyName == name {
			return q
		}
	}
	q := &queue{FriendlyName: name, MaxSize: defaultQueueSize}
	s.addQueue(a, q)
	return q
}

func listQueues(rq *request) (any, *problem) { return list(rq, "queues", all[*queue]) }

// configure sets the parameters that create and update share.
func (q *queue) configure(p *params) *problem {
	set(p, "FriendlyName", &q.FriendlyName)
	q.MaxSize = p.int("MaxSize", q.MaxSize)
	switch {
	case q.FriendlyName == "", utf8.RuneCountInString(q.FriendlyName) > maxFriendlyName:
		p.reject(failf(20001, "FriendlyName must have from 1 to %d characters", maxFriendlyName))
	case q.MaxSize > maxQueueSize:
		p.reject(failf(20001, "MaxSize must be at most %d", maxQueueSize))
	}
	return p.prob
}

func createQueue(rq *request) (any, *problem) {
	q := &queue{MaxSize: defaultQueueSize}
	if prob := q.configure(rq.params()); prob != nil {
		return nil, prob
	}
	rq.addQueue(rq.account, q)
	return q.wire(), nil
}

func updateQueue(rq *request) (any, *problem) {
	q, prob := lookup[*queue](rq)
	if prob != nil {
		return nil, prob
	}
	next := *q
	if prob := next.configure(rq.params()); prob != nil {
		return nil, prob
	}
	next.Updated = at(rq.now)
	*q = next
	return q.wire(), nil
}

// deleteQueue removes an empty queue. Which code the refusal of another one has
// isn't documented.
func deleteQueue(rq *request) (any, *problem) {
	if q, prob := lookup[*queue](rq); prob == nil && q.members.len() > 0 {
		return nil, failf(20001, "The queue is not empty: %d calls are waiting", q.members.len())
	}
	return remove[*queue](rq)
}
