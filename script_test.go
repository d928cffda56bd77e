package twilio_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A step is the result of one HTTP request.
type step func(*http.Request) (*http.Response, error)

// A script is a RoundTripper that expects one request for each step, no more
// and no fewer.
type script struct {
	t     *testing.T
	mu    sync.Mutex
	steps []step
	sent  []attempt
	open  int // response bodies that aren't closed
}

// attempt is a request that a script has received.
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
			t.Errorf("%d response bodies are open", s.open)
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
	next := respond(http.StatusTeapot, "") // which nobody retries
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

// countedBody tells its script when it is closed.
type countedBody struct {
	io.ReadCloser
	script *script
	once   sync.Once
}

func (b *countedBody) Close() error {
	b.once.Do(func() { b.script.count(-1) })
	return b.ReadCloser.Close()
}

func repeat(n int, s step) []step {
	steps := make([]step, n)
	for i := range steps {
		steps[i] = s
	}
	return steps
}

// respond responds with a status, a body, and pairs of header names and values.
func respond(status int, body string, header ...string) step {
	return func(r *http.Request) (*http.Response, error) {
		res := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}
		for i := 0; i < len(header); i += 2 {
			res.Header.Set(header[i], header[i+1])
		}
		return res, nil
	}
}

// failWith fails without a response.
func failWith(err error) step {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// connReset breaks the connection.
var connReset = failWith(syscall.ECONNRESET)

// hang never responds.
func hang(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// respondAfter delays a step.
func respondAfter(d time.Duration, s step) step {
	return func(r *http.Request) (*http.Response, error) {
		select {
		case <-time.After(d):
			return s(r)
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
}

// cutOff responds with a body that breaks off.
func cutOff(status int, start string) step {
	return func(r *http.Request) (*http.Response, error) { // a reader for each request
		return respondBody(status, io.MultiReader(strings.NewReader(start), brokenReader{}))(r)
	}
}

// respondBody responds with a body that can be read once.
func respondBody(status int, r io.Reader) step {
	return func(req *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(r), Request: req}, nil
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// respondPage responds with a page of calls and a next_page_uri.
func respondPage(next string, sids ...string) step {
	var calls []string
	for _, sid := range sids {
		calls = append(calls, fmt.Sprintf(`{"sid":%q}`, sid))
	}
	return respond(200, fmt.Sprintf(`{"calls":[%s],"next_page_uri":%q}`, strings.Join(calls, ","), next))
}

// respondError responds with one of Twilio's errors.
func respondError(status, code int, header ...string) step {
	return respond(status, fmt.Sprintf(errorBody, code, status), header...)
}

// hangingBody responds at once with a body that never comes.
func hangingBody(status int) step {
	return func(r *http.Request) (*http.Response, error) {
		pr, pw := io.Pipe()
		context.AfterFunc(r.Context(), func() { pw.CloseWithError(r.Context().Err()) })
		return respondBody(status, pr)(r)
	}
}
