package twiliotest

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A response is a whole HTTP response, and how much of it reaches the client.
type response struct {
	status int
	header http.Header
	body   []byte

	reset    bool // break the connection instead of responding
	truncate int  // send only so many bytes of the body; 0 sends it all
}

// maxBody bounds the body of a request; Twilio's own forms stay far below.
const maxBody = 1 << 20

func tooLargeBody() *problem {
	return &problem{
		Message: "twiliotest, the fake of Twilio, accepts requests of at most 1 MiB",
		Status:  http.StatusRequestEntityTooLarge,
	}
}

// process serves one request: the fault that it meets, the API and the log. It
// is the one way in, from a socket and from [Server.Transport]. The error is
// that of a client that gave up.
func (s *Server) process(r *http.Request) (response, error) {
	started := time.Now()
	path, _ := strings.CutPrefix(r.URL.EscapedPath(), root)
	path, _ = strings.CutSuffix(path, ".json")
	entry := Request{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), AccountSID: accountInPath(path)}
	entry.User, _, _ = r.BasicAuth()

	counted := cmp.Or(entry.AccountSID, entry.User)
	if s.state.sharedConcurrency {
		counted = ""
	}
	inFlight := s.inFlight.enter(counted)
	defer s.inFlight.leave(counted)

	form, body, tooLarge, err := readForm(r)
	if err != nil {
		return response{}, err
	}
	entry.Form = withoutSecrets(form)

	var resp response
	if s.state.concurrency > 0 && inFlight > s.state.concurrency { // it meets no fault, and so isn't in progress for long
		resp = problemResponse(fail(20429))
	} else {
		resp, err = s.withFault(r, func() response {
			if tooLarge {
				return problemResponse(tooLargeBody())
			}
			if resp, ok := s.delegate(r, body); ok {
				return resp
			}
			return s.state.serve(r, form)
		})
	}
	entry.Status = resp.status
	s.log.add(entry)
	if err != nil || resp.reset {
		return resp, err
	}
	duration := time.Since(started).Seconds()
	resp.header.Set("Twilio-Request-Id", fmt.Sprintf("RQ%032x", s.served.Add(1)))
	resp.header.Set("Twilio-Concurrent-Requests", strconv.Itoa(inFlight))
	resp.header.Set("Twilio-Request-Duration", strconv.FormatFloat(duration, 'f', 3, 64))
	return resp, nil
}

// A gauge counts the requests in progress, by account.
type gauge struct {
	mu       sync.Mutex
	requests map[string]int
}

// enter counts a request, and returns how many there are with it.
func (g *gauge) enter(account string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.requests == nil {
		g.requests = map[string]int{}
	}
	g.requests[account]++
	return g.requests[account]
}

func (g *gauge) leave(account string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.requests[account]--; g.requests[account] == 0 {
		delete(g.requests, account)
	}
}

func readForm(r *http.Request) (form url.Values, body []byte, tooLarge bool, err error) {
	if r.Body == nil {
		return url.Values{}, nil, false, nil
	}
	body, err = io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, nil, false, fmt.Errorf("twiliotest: read the request: %w", err)
	}
	if len(body) > maxBody {
		return url.Values{}, nil, true, nil
	}
	// A semicolon is a part of a value, while net/url refuses one. Pairs that
	// can't be parsed are missing.
	form, _ = url.ParseQuery(strings.ReplaceAll(string(body), ";", "%3B"))
	return form, body, false, nil
}

func accountInPath(path string) string {
	rest, ok := strings.CutPrefix(path, "/Accounts/")
	if !ok {
		return ""
	}
	sid, _, _ := strings.Cut(rest, "/")
	return sid
}

// serve is the API: it finds the route, the caller and the account, and encodes
// what the route's handler returns.
func (s *state) serve(r *http.Request, form url.Values) response {
	lock := s.write
	if r.Method == http.MethodGet {
		lock = s.read
	}
	defer lock()()

	product := productOf(hostOf(r))
	path := strings.TrimPrefix(r.URL.EscapedPath(), root)
	if route, ok := publicRoutes.find(path)[r.Method]; ok && product == "" && isFile(path) && !s.testCredentials {
		return s.respond(route, &request{path: path, vars: route.arguments(path), query: r.URL.Query()}, caller{s.main, nil})
	}
	user, password, _ := r.BasicAuth()
	caller, prob := s.authenticate(user, password)
	if prob != nil {
		return problemResponse(prob)
	}
	if product != "" {
		return s.serveProduct(product, r, form, caller)
	}
	route, path, prob := s.findRoute(r)
	if prob != nil {
		return problemResponse(prob)
	}
	rq := &request{path: path, vars: route.arguments(path), query: r.URL.Query(), form: form}
	return s.respond(route, rq, caller)
}

// respond runs the handler of a route.
func (s *state) respond(route *route, rq *request, caller caller) response {
	rq.state, rq.now, rq.caller = s, s.now(), caller
	if sid, ok := rq.vars["AccountSid"]; ok {
		var prob *problem
		if rq.account, prob = s.accountFor(caller, sid); prob != nil {
			return problemResponse(prob)
		}
	}
	body, prob := route.handle(rq)
	if prob != nil {
		return problemResponse(prob)
	}
	switch body := body.(type) {
	case nil:
		return response{status: http.StatusNoContent, header: make(http.Header)}
	case redirect:
		resp := jsonResponse(route.status, s.encoder.encode(map[string]any{"redirect_to": body.location}))
		resp.header.Set("Location", body.location)
		return resp
	case file:
		return response{
			status: route.status,
			header: http.Header{"Content-Type": {body.contentType}},
			body:   body.content,
		}
	}
	return jsonResponse(route.status, s.encoder.encode(body))
}

// A redirect is a response that leads elsewhere.
type redirect struct{ location string }

// isFile reports whether a path is that of a file and not of its description. A
// SID has no dots, and only recordings come in several formats.
func isFile(name string) bool {
	switch extension := path.Ext(name); extension {
	case "":
		return true
	case ".wav", ".mp3":
		return strings.HasPrefix(path.Base(name), "RE")
	default:
		return false
	}
}

// A file is the body of a response that isn't JSON.
type file struct {
	contentType string
	content     []byte
}

// findRoute matches the request to a route, and returns its path without the
// version and .json. With test credentials only their own routes exist.
func (s *state) findRoute(r *http.Request) (*route, string, *problem) {
	path, versioned := strings.CutPrefix(r.URL.EscapedPath(), root)
	path, isJSON := strings.CutSuffix(path, ".json")
	table := routes
	if s.testCredentials {
		table = testRoutes
	}
	methods := table.find(path)
	switch route, ok := methods[r.Method]; {
	case ok && versioned && isJSON:
		return route, path, nil
	case s.testCredentials:
		return nil, "", fail(20008)
	case !versioned:
	case !isJSON:
		path = strings.TrimSuffix(strings.TrimSuffix(path, ".xml"), ".csv")
		if table.find(path) != nil {
			return nil, "", notModelled("XML; add .json to the path")
		}
	case methods != nil:
		return nil, "", fail(20004)
	}
	return nil, "", failf(20404, "The requested resource %s was not found", r.URL.Path)
}

func jsonResponse(status int, body []byte) response {
	return response{
		status: status,
		header: http.Header{"Content-Type": {"application/json;charset=utf-8"}},
		body:   body,
	}
}

func problemResponse(p *problem) response {
	resp := jsonResponse(p.Status, appendAny(nil, p))
	if p.Status == http.StatusUnauthorized {
		resp.header.Set("WWW-Authenticate", `Basic realm="Twilio API"`)
	}
	return resp
}
