package twiliotest

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// products are Twilio's other hosts, as far as they are modelled, by the first
// part of the host. Their paths name no account: requests act on the account that
// authenticates.
var products = map[string]*router{
	"accounts":  newRouter(authTokenRoutes),
	"iam":       newRouter(iamKeyRoutes),
	"messaging": newRouter(messagingServiceRoutes),
	"numbers":   newRouter(bundleRoutes),
	"voice":     newRouter(voiceSettingsRoutes),
}

// Handle makes a handler of yours serve a host of Twilio's that the server
// doesn't model, such as "studio.twilio.com", with edges and regions, or one that
// it models, in place of its own. Requests are told apart by their Host header.
// Credentials are checked before, as everywhere: the handler gets only requests
// that authenticate, whose user name ([http.Request.BasicAuth]) is an account's
// SID or a key's. Faults apply to them.
//
// The API itself can't be replaced; a host that isn't another product's is a
// mistake of the test, and panics.
func (s *Server) Handle(host string, handler http.Handler) {
	if !isOtherHost(host) || handler == nil {
		panic(fmt.Sprintf("twiliotest: Handle of %q: use a host of another product, such as studio.twilio.com, and a handler", host))
	}
	s.handlersMu.Lock()
	defer s.handlersMu.Unlock()
	if s.handlers == nil {
		s.handlers = make(map[string]http.Handler)
	}
	s.handlers[productOf(host)] = handler
}

// productOf is the first part of a host, for hosts of other products.
func productOf(host string) string {
	if !isOtherHost(host) {
		return ""
	}
	product, _, _ := strings.Cut(host, ".")
	return product
}

func hostOf(r *http.Request) string {
	host, _, _ := strings.Cut(cmp.Or(r.Host, r.URL.Host), ":")
	return strings.ToLower(host)
}

// delegate lets a handler of [Server.Handle] serve the request, if there is one.
func (s *Server) delegate(r *http.Request, body []byte) (resp response, ok bool) {
	s.handlersMu.Lock()
	handler := s.handlers[productOf(hostOf(r))]
	s.handlersMu.Unlock()
	if handler == nil {
		return response{}, false
	}
	user, password, _ := r.BasicAuth()
	unlock := s.state.read()
	_, prob := s.state.authenticate(user, password)
	unlock()
	if prob != nil {
		return problemResponse(prob), true
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	rec := &recorder{header: make(http.Header)}
	handler.ServeHTTP(rec, r)
	return response{status: cmp.Or(rec.status, http.StatusOK), header: rec.header, body: rec.body.Bytes()}, true
}

// A recorder keeps the response of a handler.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
}

func (r *recorder) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(p)
}

// Flush sends the header; the body is handed over as a whole.
func (r *recorder) Flush() { r.WriteHeader(http.StatusOK) }

// serveProduct is a product with a host of its own.
func (s *state) serveProduct(product string, r *http.Request, form url.Values, caller caller) response {
	path := r.URL.EscapedPath()
	table := products[product]
	if table == nil {
		return problemResponse(notModelled("%s", hostOf(r)))
	}
	methods := table.find(path)
	route, ok := methods[r.Method]
	switch {
	case s.testCredentials:
		return problemResponse(fail(20008))
	case methods == nil:
		return problemResponse(notModelled("%s %s of %s", r.Method, r.URL.Path, hostOf(r)))
	case !ok:
		return problemResponse(fail(20004))
	}
	return s.respond(route, &request{
		host: product + ".twilio.com", path: path, vars: route.arguments(path),
		query: r.URL.Query(), form: form, account: caller.account,
	}, caller)
}

// url is where a resource of a product is.
func (rq *request) url(path string) string { return "https://" + rq.host + path }

// isoTime is in the form of products on the wire, RFC 3339; the zero time is null.
type isoTime struct{ time.Time }

func (t isoTime) appendJSON(b []byte) []byte {
	if t.IsZero() {
		return append(b, "null"...)
	}
	b = append(b, '"')
	b = t.UTC().AppendFormat(b, time.RFC3339)
	return append(b, '"')
}

// isoDates are the dates of a record of a product. Beside an embedded record they
// take the place of its own.
type isoDates struct {
	Created isoTime `json:"date_created"`
	Updated isoTime `json:"date_updated"`
}

func (r *record) isoDates() isoDates {
	return isoDates{isoTime{r.Created.Time}, isoTime{r.Updated.Time}}
}

// links are URLs below a resource, by name.
type links map[string]string
