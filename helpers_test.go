package twilio_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

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
