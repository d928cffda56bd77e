package twiliotest

import (
	"net/url"
	"slices"
	"sync"
)

// A Request is what [Server.Requests] tells about a request that arrived. It holds no secret.
type Request struct {
	Method string
	// Path is the whole path, such as /2010-04-01/Accounts.json.
	Path  string
	Query url.Values
	Form  url.Values
	// User is the user name of the credentials: the SID of an account or an API key.
	User string
	// AccountSID is the account that the path names, if it names one.
	AccountSID string
	// Status is that of the answer, 0 if the fault that the request met left none.
	Status int
}

// requestLog is a ring of the latest requests.
type requestLog struct {
	mu   sync.Mutex
	size int
	ring []Request
	next int // where the oldest is, once the ring is full
}

func (l *requestLog) add(r Request) {
	if r.Form.Has("SipAuthPassword") {
		r.Form.Set("SipAuthPassword", "[redacted]")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ring) < l.size {
		l.ring = append(l.ring, r)
	} else if l.size > 0 {
		l.ring[l.next] = r
		l.next = (l.next + 1) % l.size
	}
}

// Requests returns what arrived, in the order of the answers: the latest 10,000 requests, or as many as
// [WithRequestLog] says.
func (s *Server) Requests() []Request {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return slices.Concat(s.log.ring[s.log.next:], s.log.ring[:s.log.next])
}

// ResetRequests forgets the requests so far.
func (s *Server) ResetRequests() {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	s.log.ring, s.log.next = nil, 0
}
