package twiliotest

import (
	"bytes"
	"io"
	"net/http"
	"strings"
)

// Reader returns a round tripper for tools that show what the server holds. It
// serves GET requests for the API as the main account's credentials would, in
// memory, whatever state the account is in. Faults don't apply to them,
// [Server.Requests] doesn't have them, and webhooks aren't made by them.
func (s *Server) Reader() http.RoundTripper { return reader{s.state} }

type reader struct{ state *state }

// RoundTrip reads.
func (r reader) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
	resp := problemResponse(failf(20404, "The requested resource %s was not found", req.URL.Path))
	path, ok := strings.CutPrefix(req.URL.EscapedPath(), root)
	path, isJSON := strings.CutSuffix(path, ".json")
	if route := routes.find(path)[http.MethodGet]; ok && isJSON && req.Method == http.MethodGet && route != nil {
		unlock := r.state.read()
		resp = r.state.respond(route, &request{path: path, vars: route.arguments(path), query: req.URL.Query()}, caller{r.state.main, nil})
		unlock()
	}
	return &http.Response{
		StatusCode: resp.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: resp.header,
		ContentLength: int64(len(resp.body)), Body: io.NopCloser(bytes.NewReader(resp.body)), Request: req,
	}, nil
}

// HasAccount reports whether the server has an account of the SID.
func (s *Server) HasAccount(accountSID string) bool {
	defer s.state.read()()
	_, ok := s.state.accounts.get(accountSID)
	return ok
}
