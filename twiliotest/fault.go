package twiliotest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
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

// A Fault is something that goes wrong with a request; see [Server.Inject].
//
// Method, Path, Skip, Times and Rate select the requests; the other fields say
// what happens to them. A fault with a response of its own (Status, Code, Body
// or NoBody) replaces the request's effect, unless After is set. A fault
// without one lets the request through and may delay it (Delay), change its
// response (Header, Rewrite) or cut it off (Truncate, Reset).
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
	// Path is a substring of the requests' paths, in which * stands for any
	// characters: "/Calls.json" is the list of calls, "/Calls/*.json" are the
	// calls themselves. Empty means any.
	Path string
	// Skip is how many matching requests pass first.
	Skip int
	// Times is how many requests the fault applies to; 0 means one, -1 means
	// every matching request from now on.
	Times int
	// Rate is the probability with which the fault applies to a matching
	// request, above 0 and up to 1; 0 means always. [WithSeed] varies the
	// random numbers.
	Rate float64

	// Delay is a wait before the effect or, with After, between the effect and
	// the response. It ends early if the client gives up; an effect that it
	// precedes doesn't take place then. It is real time, which is virtual
	// inside testing/synctest.
	Delay time.Duration
	// After lets the effect take place before the fault's response or Delay.
	After bool
	// Reset breaks the connection instead of responding: over a socket by a TCP
	// reset, through [Server.Transport] by an error that wraps
	// syscall.ECONNRESET.
	Reset When

	// Status is the HTTP status of the response. Zero means the status that
	// goes with Code (429 for 20429, 401 for 20003, 400 for most), or 200 if
	// only Body is set.
	Status int
	// Code is Twilio's error code in the JSON body that is sent if Body is
	// empty; 0 leaves it out.
	Code int
	// Body is the body of the response.
	Body string
	// NoBody sends a response without a body.
	NoBody bool
	// ContentType is that of Body. Empty means the one that its beginning
	// suggests: JSON, XML, HTML or plain text.
	ContentType string
	// Header is added to the response, for instance Retry-After or Location.
	Header http.Header
	// Rewrite, if set, changes the body of any response, for instance to break
	// its JSON or to change next_page_uri. It must be safe for concurrent use.
	Rewrite func(body string) string
	// Truncate cuts the body off after so many bytes, while Content-Length
	// promises all of it.
	Truncate int
}

// Inject makes the requests that match go wrong. Faults are tried in the order
// in which they were injected; the first that matches a request and isn't used
// up applies to it. A fault that isn't valid is a mistake of the test, and
// panics; see [Fault.Validate].
func (s *Server) Inject(faults ...Fault) {
	for _, fault := range faults {
		if err := fault.Validate(); err != nil {
			panic(err.Error())
		}
	}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	for _, fault := range faults {
		s.faults.list = append(s.faults.list, &armedFault{fault, cmp.Or(fault.Times, 1)})
	}
}

// Validate returns an error that names the field which no fault can have, or
// nil.
func (f Fault) Validate() error {
	methods := []string{"", "CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"}
	switch {
	case !slices.Contains(methods, f.Method):
		return fmt.Errorf("twiliotest: Fault.Method is %q; use an HTTP method in capitals", f.Method)
	case f.Skip < 0:
		return fmt.Errorf("twiliotest: Fault.Skip is %d; use 0 or more", f.Skip)
	case f.Times < -1:
		return fmt.Errorf("twiliotest: Fault.Times is %d; use -1 for all requests", f.Times)
	case !(f.Rate >= 0 && f.Rate <= 1): // so that NaN is refused, too
		return fmt.Errorf("twiliotest: Fault.Rate is %v; use a probability from 0 to 1", f.Rate)
	case f.Delay < 0:
		return fmt.Errorf("twiliotest: Fault.Delay is %v; use 0 or more", f.Delay)
	case f.Reset < ResetNever || f.Reset > ResetAfter:
		return fmt.Errorf("twiliotest: Fault.Reset is %d; use one of the constants", f.Reset)
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("twiliotest: Fault.Status is %d; use 200 to 599", f.Status)
	case f.Code < 0:
		return fmt.Errorf("twiliotest: Fault.Code is %d; use an error code of Twilio's", f.Code)
	case f.NoBody && f.Body != "":
		return errors.New("twiliotest: Fault.Body and Fault.NoBody exclude each other")
	case f.Truncate < 0:
		return fmt.Errorf("twiliotest: Fault.Truncate is %d; use 0 or more", f.Truncate)
	}
	return nil
}

// Faults returns the injected faults that aren't used up, in the order in which
// they are tried. Times is how many requests each still applies to, and Skip how
// many pass first.
func (s *Server) Faults() []Fault {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	all := make([]Fault, 0, len(s.faults.list))
	for _, armed := range s.faults.list {
		fault := armed.Fault
		fault.Times = max(-1, armed.remaining)
		all = append(all, fault)
	}
	return all
}

// ClearFaults removes all injected faults.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = nil
}

type armedFault struct {
	Fault
	remaining int // how many requests it still applies to; negative means all
}

type faults struct {
	mu     sync.Mutex
	random *rand.Rand
	list   []*armedFault
}

// match returns the fault that applies to a request, or one that does nothing.
func (f *faults) match(method, path string) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, fault := range f.list {
		if fault.Method != "" && fault.Method != method || !matchesPath(fault.Path, path) ||
			!applies(&fault.Skip, &fault.remaining, fault.Rate, f.random) {
			continue
		}
		if fault.remaining == 0 {
			f.list = slices.Delete(f.list, i, i+1)
		}
		return fault.Fault
	}
	return Fault{}
}

// applies reports whether a fault applies to what it matches, and counts what it
// lets pass and what it applies to.
func applies(skip, remaining *int, rate float64, random *rand.Rand) bool {
	switch {
	case *skip > 0:
		*skip--
		return false
	case rate > 0 && random.Float64() >= rate:
		return false
	}
	*remaining--
	return true
}

// matchesPath reports whether the pieces between the stars of the pattern
// follow each other in the path.
func matchesPath(pattern, path string) bool {
	for piece := range strings.SplitSeq(pattern, "*") {
		var ok bool
		if _, path, ok = strings.Cut(path, piece); !ok {
			return false
		}
	}
	return true
}

// withFault serves a request with the fault that applies to it. The error is
// that of a client that gave up.
func (s *Server) withFault(r *http.Request, effect func() response) (response, error) {
	fault := s.faults.match(r.Method, r.URL.Path)
	if !fault.After {
		if err := sleep(r.Context(), fault.Delay); err != nil {
			return response{}, err
		}
	}
	if fault.Reset == ResetBefore {
		return response{reset: true}, nil
	}
	var resp response
	own := fault.Status != 0 || fault.Code != 0 || fault.Body != "" || fault.NoBody
	if !own || fault.After || fault.Reset == ResetAfter {
		resp = effect()
	}
	if own {
		resp = fault.response()
	}
	if fault.After {
		if err := sleep(r.Context(), fault.Delay); err != nil {
			return resp, err
		}
	}
	if fault.Reset == ResetAfter {
		resp.reset = true
		return resp, nil
	}
	for name, values := range fault.Header {
		resp.header[http.CanonicalHeaderKey(name)] = values
	}
	if fault.Rewrite != nil {
		resp.body = []byte(fault.Rewrite(string(resp.body)))
	}
	resp.truncate = fault.Truncate
	return resp, nil
}

// response is the response of the fault itself.
func (f Fault) response() response {
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
		return jsonResponse(status, appendAny(nil, p))
	}
	resp := response{status: status, header: make(http.Header), body: []byte(f.Body)}
	if contentType := cmp.Or(f.ContentType, guessType(f.Body)); contentType != "" {
		resp.header.Set("Content-Type", contentType)
	}
	return resp
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
