package twiliotest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// An answer is a whole HTTP response.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// maxBody bounds what a request may send; Twilio's own forms stay far below.
const maxBody = 1 << 20

// exchange serves one request up to the point where it goes on the wire: faults, the API itself, and the log. It is the
// one way in, from a socket and from [Server.Transport].
func (s *Server) exchange(r *http.Request) (answer, delivery, error) {
	started := time.Now()
	inFlight := s.inFlight.Add(1)
	defer s.inFlight.Add(-1)

	form, err := readForm(r)
	if err != nil {
		return answer{}, delivery{}, err
	}
	path, _ := strings.CutPrefix(r.URL.EscapedPath(), root)
	path, _ = strings.CutSuffix(path, ".json")
	entry := Request{
		Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Form: form,
		AccountSID: accountInPath(path),
	}
	entry.User, _, _ = r.BasicAuth()

	a, d, err := s.withFault(r, func() answer {
		if s.state.concurrency > 0 && int(inFlight) > s.state.concurrency {
			return problemAnswer(fail(20429))
		}
		return s.state.serve(r, form)
	})
	entry.Status = a.status
	s.log.add(entry)
	if err != nil || d.reset {
		return a, d, err
	}
	a.header.Set("Twilio-Request-Id", fmt.Sprintf("RQ%032x", s.served.Add(1)))
	a.header.Set("Twilio-Concurrent-Requests", strconv.FormatInt(inFlight, 10))
	a.header.Set("Twilio-Request-Duration", strconv.FormatFloat(time.Since(started).Seconds(), 'f', 3, 64))
	return a, d, nil
}

func readForm(r *http.Request) (url.Values, error) {
	if r.Body == nil {
		return url.Values{}, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return nil, fmt.Errorf("twiliotest: reading the request: %w", err)
	}
	form, _ := url.ParseQuery(string(body)) // what can't be read isn't there, and is missed by its name
	return form, nil
}

func accountInPath(path string) string {
	rest, ok := strings.CutPrefix(path, "/Accounts/")
	if !ok {
		return ""
	}
	sid, _, _ := strings.Cut(rest, "/")
	return sid
}

// serve is the API: it finds the route, the caller and the account, and encodes what the route's handler returns.
func (s *state) serve(r *http.Request, form url.Values) answer {
	lock := s.write
	if r.Method == http.MethodGet {
		lock = s.read
	}
	defer lock()()

	user, password, _ := r.BasicAuth()
	who, bad := s.authenticate(user, password)
	if bad != nil {
		return problemAnswer(bad)
	}
	route, rq, bad := s.find(r)
	if bad != nil {
		return problemAnswer(bad)
	}
	rq.state, rq.now, rq.caller, rq.form = s, s.now(), who, form
	if sid, ok := rq.vars["AccountSid"]; ok {
		if rq.account, bad = s.reach(who, sid); bad != nil {
			return problemAnswer(bad)
		}
	}
	body, bad := route.handle(rq)
	if bad != nil {
		return problemAnswer(bad)
	}
	if body == nil {
		return answer{status: http.StatusNoContent, header: make(http.Header)}
	}
	return jsonAnswer(route.status, body)
}

// find matches the request to a route. With test credentials only the routes that have a magic twin exist.
func (s *state) find(r *http.Request) (*route, *request, *problem) {
	path, versioned := strings.CutPrefix(r.URL.EscapedPath(), root)
	path, isJSON := strings.CutSuffix(path, ".json")
	table := routes
	if s.testCredentials {
		table = testRoutes
	}
	methods := table.find(path)
	switch route, ok := methods[r.Method]; {
	case s.testCredentials && !ok:
		return nil, nil, fail(20008)
	case !versioned || !isJSON || methods == nil:
		return nil, nil, failf(20404, "The requested resource %s was not found", r.URL.Path)
	case !ok:
		return nil, nil, fail(20004)
	default:
		return route, &request{path: path, vars: route.arguments(path), query: r.URL.Query()}, nil
	}
}

func jsonAnswer(status int, body any) answer {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		return problemAnswer(&problem{Message: err.Error(), Status: http.StatusInternalServerError})
	}
	return answer{
		status: status,
		header: http.Header{"Content-Type": {"application/json;charset=utf-8"}},
		body:   bytes.TrimSuffix(b.Bytes(), []byte("\n")),
	}
}

func problemAnswer(p *problem) answer {
	a := jsonAnswer(p.Status, p)
	if p.Status == http.StatusUnauthorized {
		a.header.Set("WWW-Authenticate", `Basic realm="Twilio API"`)
	}
	return a
}
