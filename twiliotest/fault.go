package twiliotest

import (
	"cmp"
	"context"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// When says on which side of a request's effect something happens.
type When int

// The moments at which a [Fault] may reset the connection.
const (
	ResetNever  When = iota // no reset
	ResetBefore             // before the request has any effect
	ResetAfter              // after its effect, so that the client can't know
)

// A Fault is something that goes wrong with a request, for [Server.Inject].
//
// Method, Path, Skip, Times and Rate say which requests it meets; the other fields say what happens to them. A fault
// that gives an answer of its own (Status, Code or Body) takes the place of the request's effect, unless After is set.
// A fault that gives none lets the request through and may delay it (Delay), change its answer (Header, Rewrite) or cut
// it off (Truncate, Reset).
//
//	Fault{Status: 429, Code: 20429, Header: http.Header{"Retry-After": {"1"}}}
//	Fault{Status: 503, Body: "<html><h1>Service Unavailable</h1></html>", Times: 3}
//	Fault{Status: 502, NoBody: true, Method: "GET"}
//	Fault{Method: "POST", Path: "/Messages.json", Reset: ResetAfter}
//	Fault{Path: "/Calls.json", Skip: 2, Truncate: 100}
//	Fault{Delay: 40 * time.Second, After: true, Times: -1, Rate: 0.01}
type Fault struct {
	// Method is the HTTP method of the requests; empty means any.
	Method string
	// Path is a text that occurs in the path of the requests, in which * stands for any characters: "/Calls.json" is
	// the list of calls, "/Calls/*.json" are the calls themselves. Empty means any.
	Path string
	// Skip lets so many matching requests pass first.
	Skip int
	// Times is how many requests the fault meets before it is used up; 0 means one, -1 means all from now on.
	Times int
	// Rate is the probability with which a matching request is met, for faults that come now and then; 0 means always.
	// The dice are loaded by [WithSeed].
	Rate float64

	// Delay is a wait before the effect or, with After, between the effect and the answer. It ends early when the
	// client gives up; the effect that it comes before doesn't take place then. It waits in real time, which inside
	// testing/synctest is virtual.
	Delay time.Duration
	// After lets the effect take place before the fault's answer or Delay.
	After bool
	// Reset breaks the connection in place of an answer: over a socket by a TCP reset, through [Server.Transport] by an
	// error that wraps syscall.ECONNRESET.
	Reset When

	// Status is the HTTP status of the answer. Empty means the one that goes with the Code (429 for 20429, 401 for 20003,
	// 400 for most), and 200 for a Body alone.
	Status int
	// Code is Twilio's error code in the JSON body that is sent when there is no Body; 0 leaves the code out.
	Code int
	// Body is the body of the answer.
	Body string
	// NoBody sends an answer with no body at all.
	NoBody bool
	// ContentType is that of the body; empty means the one that its beginning suggests: JSON, XML, HTML or plain text.
	ContentType string
	// Header is added to the answer, such as Retry-After or Location.
	Header http.Header
	// Rewrite, if it is set, changes the body of the answer, whoever made it: to break JSON, or to bend next_page_uri.
	// It must be safe for concurrent use.
	Rewrite func(body string) string
	// Truncate cuts the body off after so many bytes, while Content-Length promises all of it.
	Truncate int
}

// Inject makes the requests that match go wrong. Faults are tried in the order of their injection, and a request is met
// by the first that matches it and is not used up.
func (s *Server) Inject(faults ...Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	for _, fault := range faults {
		s.faults.list = append(s.faults.list, &armedFault{Fault: fault, left: cmp.Or(fault.Times, 1)})
	}
}

// ClearFaults takes all faults back that are not used up.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = nil
}

type armedFault struct {
	Fault
	left int // how often it still strikes; negative means for ever
}

type faults struct {
	mu   sync.Mutex
	dice *rand.Rand
	list []*armedFault
}

// meet returns the fault that a request meets, or one that does nothing.
func (f *faults) meet(method, path string) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, fault := range f.list {
		switch {
		case fault.Method != "" && fault.Method != method, !occurs(fault.Path, path):
			continue
		case fault.Skip > 0:
			fault.Skip--
			continue
		case fault.Rate > 0 && f.dice.Float64() >= fault.Rate:
			continue
		}
		if fault.left--; fault.left == 0 {
			f.list = slices.Delete(f.list, i, i+1)
		}
		return fault.Fault
	}
	return Fault{}
}

// occurs reports whether the pieces between the stars of the pattern follow each other in the path.
func occurs(pattern, path string) bool {
	for piece := range strings.SplitSeq(pattern, "*") {
		var ok bool
		if _, path, ok = strings.Cut(path, piece); !ok {
			return false
		}
	}
	return true
}

// A delivery says how an answer goes on the wire.
type delivery struct {
	reset    bool
	truncate int // 0 sends it all
}

// withFault runs a request past the fault that it meets. The error is that of a client who gave up.
func (s *Server) withFault(r *http.Request, effect func() answer) (answer, delivery, error) {
	fault := s.faults.meet(r.Method, r.URL.Path)
	if !fault.After {
		if err := sleep(r.Context(), fault.Delay); err != nil {
			return answer{}, delivery{}, err
		}
	}
	if fault.Reset == ResetBefore {
		return answer{}, delivery{reset: true}, nil
	}
	var a answer
	own := fault.Status != 0 || fault.Code != 0 || fault.Body != "" || fault.NoBody
	if !own || fault.After || fault.Reset == ResetAfter {
		a = effect()
	}
	if own {
		a = fault.answer()
	}
	if fault.After {
		if err := sleep(r.Context(), fault.Delay); err != nil {
			return a, delivery{}, err
		}
	}
	if fault.Reset == ResetAfter {
		return a, delivery{reset: true}, nil
	}
	for name, values := range fault.Header {
		a.header[http.CanonicalHeaderKey(name)] = values
	}
	if fault.Rewrite != nil {
		a.body = []byte(fault.Rewrite(string(a.body)))
	}
	return a, delivery{truncate: fault.Truncate}, nil
}

// answer is what the fault says in place of the API.
func (f Fault) answer() answer {
	status := f.Status
	if status == 0 && f.Code != 0 {
		status = cmp.Or(problems[f.Code].status, http.StatusBadRequest)
	}
	status = cmp.Or(status, http.StatusOK)
	if f.Body == "" && !f.NoBody {
		p := &problem{Code: f.Code, Message: http.StatusText(status), Status: status}
		if f.Code != 0 {
			p.Message = cmp.Or(problems[f.Code].message, p.Message)
			p.MoreInfo = "https://www.twilio.com/docs/errors/" + strconv.Itoa(f.Code)
		}
		return jsonAnswer(status, p)
	}
	a := answer{status: status, header: make(http.Header), body: []byte(f.Body)}
	if contentType := cmp.Or(f.ContentType, guessType(f.Body)); contentType != "" {
		a.header.Set("Content-Type", contentType)
	}
	return a
}

func guessType(body string) string {
	switch start := strings.TrimSpace(body); {
	case start == "":
		return ""
	case strings.HasPrefix(start, "{"), strings.HasPrefix(start, "["):
		return "application/json"
	case strings.HasPrefix(start, "<?xml"):
		return "application/xml"
	case strings.HasPrefix(start, "<"):
		return "text/html"
	}
	return "text/plain"
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
