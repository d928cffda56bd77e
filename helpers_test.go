package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// listening serves a handler, counts the connections to it, and may be told
// more before it starts.
func listening(t *testing.T, handler http.Handler, start func(*httptest.Server)) (srv *httptest.Server, opened *atomic.Int32) {
	t.Helper()
	srv, opened = httptest.NewUnstartedServer(handler), new(atomic.Int32)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // about handshakes that are meant to fail
	srv.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	start(srv)
	t.Cleanup(srv.Close)
	return srv, opened
}

func overTLS(srv *httptest.Server) { srv.StartTLS() }

func overHTTP2(srv *httptest.Server) {
	srv.EnableHTTP2 = true
	srv.StartTLS()
}

// speaking makes a client of the main account for a server of ours.
func speaking(t *testing.T, origin string, opts ...twilio.Option) *twilio.Client {
	t.Helper()
	client, err := twilio.NewClient(twilio.AuthToken(mainSID, mainToken), append([]twilio.Option{twilio.WithBaseURL(origin), twilio.WithRetryWait(0, 0)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// oneCall is Twilio in memory, with one call in it.
func oneCall(t *testing.T) (*twiliotest.Server, string) {
	t.Helper()
	srv := twiliotest.NewUnstartedServer(twiliotest.WithAccount(mainSID, mainToken))
	return srv, srv.AddCall(mainSID, twilio.Call{Status: twilio.CallStatusCompleted}).SID
}

func get(ctx context.Context, client *twilio.Client) error {
	_, err := client.Calls.Get(ctx, callSID)
	return err
}

const callSID = "CA00000000000000000000000000000003"

// newClient makes a client of the main account whose requests end in rt.
func newClient(t *testing.T, rt http.RoundTripper, opts ...twilio.Option) *twilio.Client {
	t.Helper()
	opts = append([]twilio.Option{twilio.WithHTTPClient(&http.Client{Transport: rt})}, opts...)
	client, err := twilio.NewClient(twilio.AuthToken(mainSID, mainToken), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// A step is what becomes of one HTTP request.
type step func(*http.Request) (*http.Response, error)

// script is a RoundTripper that knows beforehand what will be asked of it: one
// request for each step, no more and no fewer.
type script struct {
	t     *testing.T
	mu    sync.Mutex
	steps []step
	sent  []attempt
	open  int // bodies of answers that nobody has closed
}

// attempt is a request as a script met it.
type attempt struct {
	Method, Path string
	RawQuery     string
	Query, Form  url.Values
	Header       http.Header
	At           time.Time
}

func newScript(t *testing.T, steps ...step) *script {
	t.Helper()
	s := &script{t: t, steps: steps}
	t.Cleanup(func() {
		if n := len(s.steps); n > 0 {
			t.Errorf("%d requests fewer than expected", n)
		}
		if s.open != 0 {
			t.Errorf("%d bodies of answers are open", s.open)
		}
	})
	return s
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	a := attempt{Method: r.Method, Path: r.URL.Path, RawQuery: r.URL.RawQuery, Query: r.URL.Query(),
		Header: r.Header.Clone(), At: time.Now()}
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			s.t.Errorf("can't read the body of the request: %v", err)
		}
		if a.Form, err = url.ParseQuery(string(body)); err != nil {
			s.t.Errorf("the body isn't a form: %v", err)
		}
	}
	s.mu.Lock()
	s.sent = append(s.sent, a)
	next := answer(http.StatusTeapot, "") // which nobody retries
	if len(s.steps) == 0 {
		s.t.Errorf("unexpected request: %s %s", r.Method, r.URL)
	} else {
		next, s.steps = s.steps[0], s.steps[1:]
	}
	s.mu.Unlock()
	res, err := next(r)
	if err == nil {
		s.count(1)
		res.Body = &countedBody{ReadCloser: res.Body, script: s}
	}
	return res, err
}

func (s *script) count(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open += n
}

// countedBody tells its script that it was closed.
type countedBody struct {
	io.ReadCloser
	script *script
	once   sync.Once
}

func (b *countedBody) Close() error {
	b.once.Do(func() { b.script.count(-1) })
	return b.ReadCloser.Close()
}

func times(n int, s step) []step {
	steps := make([]step, n)
	for i := range steps {
		steps[i] = s
	}
	return steps
}

// answer answers with a status, a body, and pairs of header names and values.
func answer(status int, body string, header ...string) step {
	return func(r *http.Request) (*http.Response, error) {
		res := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}
		for i := 0; i < len(header); i += 2 {
			res.Header.Set(header[i], header[i+1])
		}
		return res, nil
	}
}

// fail has no answer, but an error.
func fail(err error) step {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// reset is how a connection breaks.
var reset = fail(syscall.ECONNRESET)

// hang never answers.
func hang(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// late answers as s does, after a while.
func late(d time.Duration, s step) step {
	return func(r *http.Request) (*http.Response, error) {
		select {
		case <-time.After(d):
			return s(r)
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
}

// broken answers with a body that breaks off.
func broken(status int, start string) step {
	return func(r *http.Request) (*http.Response, error) { // a reader for each request
		return body(status, io.MultiReader(strings.NewReader(start), brokenReader{}))(r)
	}
}

// body answers with a body of any kind, once unless reading it changes nothing.
func body(status int, r io.Reader) step {
	return func(req *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(r), Request: req}, nil
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// eventually waits for something that is about to happen.
func eventually(happened func() bool) bool {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for range 2500 {
		if happened() {
			return true
		}
		<-tick.C
	}
	return happened()
}

const (
	mainSID   = "AC00000000000000000000000000000001"
	subSID    = "AC00000000000000000000000000000002"
	mainToken = "main-token"
	subToken  = "sub-token"
	keySID    = "SK00000000000000000000000000000001"
	keySecret = "key-secret"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// wire answers a client as it is told, and remembers what it was sent. What it
// has no answer for fails the test.
type wire struct {
	t    *testing.T
	mock *httpmock.MockTransport

	mu   sync.Mutex
	sent []sentRequest
}

type sentRequest struct {
	operation, method, origin, path string
	rawQuery                        string
	query, form                     url.Values
	header                          http.Header
}

// credentials are what the request authenticates with.
func (s sentRequest) credentials() (user, secret string) {
	user, secret, _ = (&http.Request{Header: s.header}).BasicAuth()
	return user, secret
}

func newWire(t *testing.T) *wire {
	t.Helper()
	w := &wire{t: t, mock: httpmock.NewMockTransport()}
	w.mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		t.Errorf("sent what nobody expects: %s %s", r.Method, r.URL)
		return nil, errors.New("no answer for this")
	})
	return w
}

// client makes a client of the wire.
func (w *wire) client(cred twilio.Credentials, opts ...twilio.Option) *twilio.Client {
	w.t.Helper()
	c, err := twilio.NewClient(cred, append(opts, w.transport(), twilio.WithMaxRetries(0))...)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// transport makes a client's requests end here.
func (w *wire) transport() twilio.Option {
	return twilio.WithHTTPClient(&http.Client{Transport: w.mock})
}

// main makes a client of the main account.
func (w *wire) main() *twilio.Client {
	w.t.Helper()
	return w.client(twilio.AuthToken(mainSID, mainToken))
}

// answer sets the answer to a method and path, whatever the query.
func (w *wire) answer(method, path string, status int, body func(query url.Values) string) {
	w.mock.RegisterResponder(method, "https://api.twilio.com"+path, w.respond(status, body))
}

// answerAll sets the answer to everything.
func (w *wire) answerAll(status int, body string) {
	w.mock.RegisterNoResponder(w.respond(status, func(url.Values) string { return body }))
}

func (w *wire) respond(status int, body func(query url.Values) string) httpmock.Responder {
	return func(r *http.Request) (*http.Response, error) {
		s := sentRequest{
			operation: twilio.OperationFromContext(r.Context()),
			method:    r.Method, origin: r.URL.Scheme + "://" + r.URL.Host, path: r.URL.EscapedPath(),
			rawQuery: r.URL.RawQuery, query: r.URL.Query(), form: url.Values{}, header: r.Header.Clone(),
		}
		if r.Body != nil {
			text, err := io.ReadAll(r.Body)
			if err == nil {
				s.form, err = url.ParseQuery(string(text))
			}
			if err != nil {
				w.t.Errorf("body of %s %s: %v", s.method, s.path, err)
			}
		}
		w.mu.Lock()
		w.sent = append(w.sent, s)
		w.mu.Unlock()
		return httpmock.NewStringResponse(status, body(s.query)), nil
	}
}

// take returns what was sent since the last time.
func (w *wire) take() []sentRequest {
	w.mu.Lock()
	defer w.mu.Unlock()
	sent := w.sent
	w.sent = nil
	return sent
}

// one returns the one request that was sent since the last time.
func (w *wire) one() sentRequest {
	w.t.Helper()
	sent := w.take()
	if len(sent) != 1 {
		w.t.Fatalf("sent %d requests, want one", len(sent))
	}
	return sent[0]
}

// refused checks that an error is a refusal on this side that names a field and
// doesn't quote what it refuses, and that nothing was sent.
func refused(t *testing.T, w *wire, err error, operation, field string, quotes ...string) {
	t.Helper()
	if w != nil {
		if sent := w.take(); len(sent) > 0 {
			t.Errorf("sent %s %s", sent[0].method, sent[0].path)
		}
	}
	e, ok := errors.AsType[*twilio.ParamError](err)
	if !ok {
		t.Errorf("error %v, want a *ParamError about %s", err, field)
		return
	}
	if e.Operation != operation || e.Field != field || e.Reason == "" {
		t.Errorf("refused %s %s: %q\nwant    %s %s", e.Operation, e.Field, e.Reason, operation, field)
	}
	for _, quote := range quotes {
		if quote != "" && strings.Contains(err.Error(), quote) {
			t.Errorf("error %q quotes %q", err, quote)
		}
	}
}

const callsPath = "/2010-04-01/Accounts/" + mainSID + "/Calls.json"

// callPage answers with a page of calls and a next_page_uri.
func callPage(next string, sids ...string) step {
	var calls []string
	for _, sid := range sids {
		calls = append(calls, fmt.Sprintf(`{"sid":%q}`, sid))
	}
	return answer(200, fmt.Sprintf(`{"calls":[%s],"next_page_uri":%q}`, strings.Join(calls, ","), next))
}

func sidsOf(calls []*twilio.Call) (sids []string) {
	for _, call := range calls {
		sids = append(sids, call.SID)
	}
	return sids
}

// rest reads a page and all that follow it.
func rest(t *testing.T, page *twilio.Page[twilio.Call], err error) (sids []string) {
	t.Helper()
	for {
		if err != nil {
			t.Fatal(err)
		}
		sids = append(sids, sidsOf(page.Items)...)
		if !page.HasNext() {
			return sids
		}
		page, err = page.Next(t.Context())
	}
}

// manyCalls is a server whose main account has n calls, a minute apart.
func manyCalls(t *testing.T, n int) *twiliotest.Server {
	t.Helper()
	srv := twiliotest.NewUnstartedServer(twiliotest.WithAccount(mainSID, mainToken))
	for i := range n {
		at := twiliotest.DefaultStart.Add(time.Duration(i-n) * time.Minute)
		srv.AddCall(mainSID, twilio.Call{Status: twilio.CallStatusCompleted, DateCreated: at, StartTime: at, EndTime: at.Add(time.Second)})
	}
	return srv
}

func isParamError(err error, field string) bool {
	e, ok := errors.AsType[*twilio.ParamError](err)
	return ok && e.Field == field
}

func sids(t *testing.T, c *twilio.Client, params twilio.CallListParams, opts ...twilio.RequestOption) ([]string, error) {
	t.Helper()
	var got []string
	for call, err := range c.Calls.All(t.Context(), params, opts...) {
		if err != nil {
			return got, err
		}
		got = append(got, call.SID)
	}
	return got, nil
}

// silent makes a wire that has no answer, since nothing must be sent.
func silent(t *testing.T) (*wire, *twilio.Client) {
	t.Helper()
	w := newWire(t)
	return w, w.main()
}

const (
	numberSID = "PN00000000000000000000000000000004"
	errorBody = `{"code":%d,"message":"no","more_info":"https://www.twilio.com/docs/errors/%[1]d","status":%d}`
)

// apiError answers with one of Twilio's errors.
func apiError(status, code int, header ...string) step {
	return answer(status, fmt.Sprintf(errorBody, code, status), header...)
}

func createCall(ctx context.Context, c *twilio.Client) error {
	_, err := c.Calls.Create(ctx, twilio.CallCreateParams{To: "+15005550006", From: "+15005550006", TwiML: "<Response/>"})
	return err
}

// wantFailure checks the error of a request; status is 0 for a TransportError.
func wantFailure(t *testing.T, err error, status, attempts int, unknown bool) {
	t.Helper()
	api, isAPI := errors.AsType[*twilio.Error](err)
	transport, isTransport := errors.AsType[*twilio.TransportError](err)
	switch {
	case isAPI && status != 0:
		if api.StatusCode != status || api.Attempts != attempts {
			t.Errorf("status %d after %d attempts, want %d after %d", api.StatusCode, api.Attempts, status, attempts)
		}
		if got, want := errors.Is(err, twilio.ErrRateLimited), status == 429 && api.Code != 21611; got != want {
			t.Errorf("ErrRateLimited: %t, want %t", got, want)
		}
	case isTransport && status == 0:
		if transport.Attempts != attempts {
			t.Errorf("%d attempts, want %d", transport.Attempts, attempts)
		}
	default:
		t.Fatalf("got %T %v, want status %d", err, err, status)
	}
	if got := errors.Is(err, twilio.ErrOutcomeUnknown); got != unknown {
		t.Errorf("ErrOutcomeUnknown: %t, want %t: %v", got, unknown, err)
	}
	if got := strings.Contains(err.Error(), "outcome unknown"); got != unknown {
		t.Errorf("the text says that the outcome is unknown: %t, want %t: %v", got, unknown, err)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// onePage answers as every list does, with a second page after the first.
func onePage(path string) func(url.Values) string {
	const lists = `"accounts addresses dependent_phone_numbers countries available_phone_numbers calls incoming_phone_numbers ` +
		`keys messages outgoing_caller_ids signing_keys usage_records usage_triggers"`
	var members strings.Builder
	for list := range strings.FieldsSeq(strings.Trim(lists, `"`)) {
		fmt.Fprintf(&members, `%q:[],`, list)
	}
	return func(query url.Values) string {
		next := "null"
		if !query.Has("PageToken") {
			next = fmt.Sprintf(`"%s?%s"`, path, secondPage)
		}
		return "{" + members.String() + `"next_page_uri":` + next + "}"
	}
}

const secondPage = "To=%2B15005550006&StartTime%3C=2026-03-01&PageSize=2&Page=1&PageToken=PAabc%2F1"

// answering makes a client whose requests are answered on the spot, once each.
func answering(t *testing.T, answer func(*http.Request) (status int, body string)) *twilio.Client {
	t.Helper()
	client, err := twilio.NewClient(twilio.AuthToken(mainSID, mainToken), twilio.WithMaxRetries(0),
		twilio.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			status, body := answer(r)
			return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		})}))
	if err != nil {
		t.Fatal(err)
	}
	return client
}
