package twilio_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// A mockAPI gives fixed responses and keeps the requests. A request that it has
// no response for fails the test.
type mockAPI struct {
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

func newMockAPI(t *testing.T) *mockAPI {
	t.Helper()
	w := &mockAPI{t: t, mock: httpmock.NewMockTransport()}
	w.mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		t.Errorf("sent what nobody expects: %s %s", r.Method, r.URL)
		return nil, errors.New("no answer for this")
	})
	return w
}

// client makes a client of the mock.
func (w *mockAPI) client(cred twilio.Credentials, opts ...twilio.Option) *twilio.Client {
	w.t.Helper()
	c, err := twilio.NewClient(cred, append(opts, w.transport(), twilio.WithMaxRetries(0))...)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// transport is the option that makes a client use the mock.
func (w *mockAPI) transport() twilio.Option {
	return twilio.WithHTTPClient(&http.Client{Transport: w.mock})
}

// mainClient makes a client of the main account.
func (w *mockAPI) mainClient() *twilio.Client {
	w.t.Helper()
	return w.client(twilio.AuthToken(mainSID, mainToken))
}

// respondTo sets the response to a method and path with any query.
func (w *mockAPI) respondTo(method, path string, status int, body func(query url.Values) string) {
	w.mock.RegisterResponder(method, "https://api.twilio.com"+path, w.responder(status, body))
}

// respondToAll sets the response to every request.
func (w *mockAPI) respondToAll(status int, body string) {
	w.mock.RegisterNoResponder(w.responder(status, func(url.Values) string { return body }))
}

func (w *mockAPI) responder(status int, body func(query url.Values) string) httpmock.Responder {
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

// requests returns the requests since the last time.
func (w *mockAPI) requests() []sentRequest {
	w.mu.Lock()
	defer w.mu.Unlock()
	sent := w.sent
	w.sent = nil
	return sent
}

// request returns the only request since the last time.
func (w *mockAPI) request() sentRequest {
	w.t.Helper()
	sent := w.requests()
	if len(sent) != 1 {
		w.t.Fatalf("sent %d requests, want one", len(sent))
	}
	return sent[0]
}

// wantRefusal checks that an error is a *ParamError that names an operation and
// a field and doesn't quote the value, and that nothing was sent.
func wantRefusal(t *testing.T, w *mockAPI, err error, operation, field string, quotes ...string) {
	t.Helper()
	if w != nil {
		if sent := w.requests(); len(sent) > 0 {
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

// newSilentAPI makes a mock that expects no request.
func newSilentAPI(t *testing.T) (*mockAPI, *twilio.Client) {
	t.Helper()
	w := newMockAPI(t)
	return w, w.mainClient()
}

// emptyPage responds as every list does at once, and has a second page after
// the first.
func emptyPage(path string) func(url.Values) string {
	var members strings.Builder
	for _, list := range listMembers() {
		fmt.Fprintf(&members, `%q:[],`, list)
	}
	return func(query url.Values) string {
		next := "null"
		if !query.Has("PageToken") {
			next = fmt.Sprintf(`"%s?%s"`, path, secondPage)
		}
		return strings.TrimSuffix(anyResource, "}") + "," + members.String() + `"next_page_uri":` + next + "}"
	}
}

var listMembers = sync.OnceValue(func() []string {
	return twilio.ListMembers(must(twilio.NewClient(twilio.AuthToken(mainSID, mainToken))))
})

const secondPage = "To=%2B15005550006&StartTime%3C=2026-03-01&PageSize=2&Page=1&PageToken=PAabc%2F1"
