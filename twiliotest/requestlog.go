package twiliotest

import (
	"maps"
	"net/url"
	"slices"
	"sync"
)

// A Request is a request that the server received, as [Server.Requests] returns
// it. It holds no secret.
type Request struct {
	Method string
	// Path is the whole path, such as /2010-04-01/Accounts.json.
	Path  string
	Query url.Values
	Form  url.Values
	// User is the user name of the credentials: the SID of an account or an API
	// key.
	User string
	// AccountSID is the account that the path names, or empty.
	AccountSID string
	// Status is the HTTP status of the response; 0 if a fault left none.
	Status int
}

// requestLog is a ring of the latest requests.
type requestLog struct {
	mu     sync.Mutex
	size   int
	ring   []Request
	oldest int // an index, once the ring is full
}

// withoutSecrets returns a form as the log and the events of calls have it. The
// request itself goes on with its own.
func withoutSecrets(form url.Values) url.Values {
	out := form
	for _, secret := range []string{"Password", "SipAuthPassword"} {
		if form.Has(secret) {
			out = maps.Clone(out)
			out.Set(secret, "[redacted]")
		}
	}
	return out
}

func (l *requestLog) add(r Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ring) < l.size {
		l.ring = append(l.ring, r)
	} else if l.size > 0 {
		l.ring[l.oldest] = r
		l.oldest = (l.oldest + 1) % l.size
	}
}

// Requests returns the requests that the server received, in the order of the
// responses: the latest 10,000, or as many as [WithRequestLog] sets.
func (s *Server) Requests() []Request {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return slices.Concat(s.log.ring[s.log.oldest:], s.log.ring[:s.log.oldest])
}

// ResetRequests empties the log that [Server.Requests] returns.
func (s *Server) ResetRequests() {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	s.log.ring, s.log.oldest = nil, 0
}
