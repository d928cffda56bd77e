package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// deadAddress is one of this machine's that nobody listens at.
func deadAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// TestFailureAfterTheExchange: whatever goes wrong in the caller's RoundTripper
// once Twilio was reached, a create isn't sent again, and its outcome is unknown.
func TestFailureAfterTheExchange(t *testing.T) {
	t.Parallel()
	dead := deadAddress(t)
	get := func(ctx context.Context, url string) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		res, err := http.DefaultTransport.RoundTrip(r)
		if err == nil {
			res.Body.Close()
		}
		return err
	}
	exchange := func(r *http.Request) error {
		res, err := http.DefaultTransport.RoundTrip(r)
		if err == nil {
			res.Body.Close()
		}
		return err
	}
	for name, roundTrip := range map[string]func(*http.Request) error{
		"an audit log that can't be reached": func(r *http.Request) error {
			return errors.Join(exchange(r), get(r.Context(), "http://"+dead))
		},
		"an audit log with a context of its own": func(r *http.Request) error {
			if err := exchange(r); err != nil {
				return err
			}
			return get(context.Background(), "http://"+dead)
		},
		"an audit log behind an exchange that nobody sees": func(r *http.Request) error {
			if err := exchange(r.WithContext(context.WithoutCancel(untraced{r.Context()}))); err != nil {
				return err
			}
			return fmt.Errorf("audit: %w", get(r.Context(), "http://"+dead))
		},
		"a redirect to a dead host": func(r *http.Request) error {
			if err := exchange(r); err != nil {
				return err
			}
			return get(r.Context(), "http://"+dead)
		},
		"a second edge": func(r *http.Request) error {
			if err := exchange(r); err != nil {
				return err
			}
			r = r.Clone(r.Context())
			r.URL.Host = dead
			r.Body, _ = r.GetBody()
			return exchange(r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var sent atomic.Int32
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				sent.Add(1)
				w.WriteHeader(http.StatusCreated)
			}))
			defer srv.Close()
			rt := roundTripperFunc(func(r *http.Request) (*http.Response, error) { return nil, roundTrip(r) })
			client := newClient(t, rt, twilio.WithBaseURL(srv.URL), twilio.WithRetryWait(0, time.Millisecond))
			err := createCall(t.Context(), client)
			if n := sent.Load(); n != 1 || !errors.Is(err, twilio.ErrOutcomeUnknown) {
				t.Errorf("sent %d times: %v", n, err)
			}
		})
	}
}

// untraced hides the values of a context, and with them httptrace.
type untraced struct{ context.Context }

func (untraced) Value(any) any { return nil }

type roundTripperFunc func(*http.Request) (*http.Response, error)

func (f roundTripperFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestStaleConnection: net/http notices that an idle connection was closed and
// asks for another. Nothing was sent when there is none, which only its own word
// can tell.
func TestStaleConnection(t *testing.T) {
	t.Parallel()
	for name, wrapped := range map[string]bool{"net/http": false, "something around net/http": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusNotFound)
			}))
			defer srv.Close()
			var conn net.Conn
			base := &http.Transport{DialContext: func(ctx context.Context, network, address string) (c net.Conn, err error) {
				if conn != nil {
					return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
				}
				conn, err = (&net.Dialer{}).DialContext(ctx, network, address)
				conn = staleConn{conn, new(atomic.Bool)}
				return conn, err
			}}
			defer base.CloseIdleConnections()
			var rt http.RoundTripper = base
			if wrapped {
				rt = roundTripperFunc(base.RoundTrip)
			}
			client := newClient(t, rt, twilio.WithBaseURL(srv.URL), twilio.WithMaxRetries(0))
			if _, err := client.Calls.Get(t.Context(), callSID); !errors.Is(err, twilio.ErrNotFound) {
				t.Fatal(err)
			}
			conn.(staleConn).stale.Store(true)
			err := createCall(t.Context(), client)
			if errors.Is(err, twilio.ErrOutcomeUnknown) != wrapped || err == nil {
				t.Errorf("got %v", err)
			}
		})
	}
}

// staleConn takes nothing any more once it is stale.
type staleConn struct {
	net.Conn
	stale *atomic.Bool
}

func (c staleConn) Write(b []byte) (int, error) {
	if c.stale.Load() {
		return 0, errors.New("closed by the other side")
	}
	return c.Conn.Write(b)
}

// TestDeadlineInBackoff: where the context ends before the next attempt can
// begin, the response that there is comes back, at once.
func TestDeadlineInBackoff(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		steps    []step
		opts     []twilio.Option
		status   int
		attempts int
	}{
		"Retry-After": {[]step{apiError(429, 20429, "Retry-After", "5")}, nil, 429, 1},
		"the wait that was drawn": {[]step{apiError(503, 0)},
			[]twilio.Option{twilio.WithRetryWait(time.Hour, time.Hour)}, 503, 1},
		"the second back-off": {[]step{apiError(429, 0), apiError(503, 0, "Retry-After", "9")}, nil, 503, 2},
		"a limiter that sees it coming": {[]step{apiError(503, 0)},
			[]twilio.Option{twilio.WithRateLimiter(limiterAfter(1, errors.New("would exceed context deadline")))}, 503, 1},
		"a limiter that waits it out": {[]step{apiError(503, 0)},
			[]twilio.Option{twilio.WithRateLimiter(limiterAfter(1, nil))}, 503, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
				defer cancel()
				_, err := newClient(t, newScript(t, test.steps...), test.opts...).Calls.Get(ctx, callSID)
				e, ok := errors.AsType[*twilio.Error](err)
				if !ok || e.StatusCode != test.status || e.Attempts != test.attempts {
					t.Errorf("got %v", err)
				}
				if name != "a limiter that waits it out" && ctx.Err() != nil {
					t.Error("waited for the end")
				}
			})
		})
	}
}

// limiterAfter lets n requests pass. Then it fails or, without an error to fail
// with, waits for the context.
func limiterAfter(n int, err error) waiter {
	return func(ctx context.Context) error {
		if n--; n >= 0 {
			return nil
		}
		if err != nil {
			return err
		}
		<-ctx.Done()
		return ctx.Err()
	}
}

// TestRoundTripperThatIsCareless: what net/http tolerates of a RoundTripper is
// no reason to panic.
func TestRoundTripperThatIsCareless(t *testing.T) {
	t.Parallel()
	closed := false
	for name, test := range map[string]struct {
		res  *http.Response
		err  error
		want func(error) bool
	}{
		"no body":   {&http.Response{StatusCode: 404}, nil, func(err error) bool { return errors.Is(err, twilio.ErrNotFound) }},
		"no header": {&http.Response{StatusCode: 404, Body: http.NoBody}, nil, func(err error) bool { return errors.Is(err, twilio.ErrNotFound) }},
		"no body where there has to be one": {&http.Response{StatusCode: 200, ContentLength: 9}, nil,
			func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
		"nothing": {nil, nil, func(err error) bool {
			_, ok := errors.AsType[*twilio.TransportError](err)
			return ok && strings.Contains(err.Error(), "neither a response nor an error")
		}},
		"both": {&http.Response{StatusCode: 200, Body: closer{func() { closed = true }}}, io.ErrNoProgress,
			func(err error) bool { return errors.Is(err, io.ErrNoProgress) && closed }},
	} {
		rt := roundTripperFunc(func(*http.Request) (*http.Response, error) { return test.res, test.err })
		client := newClient(t, rt, twilio.WithMaxRetries(0))
		if _, err := client.Calls.Get(t.Context(), callSID); !test.want(err) {
			t.Errorf("%s: %v", name, err)
		}
		if err := createCall(t.Context(), client); err == nil {
			t.Errorf("%s: a create succeeds", name)
		}
	}
}

type closer struct{ close func() }

func (closer) Read([]byte) (int, error) { return 0, io.EOF }

func (c closer) Close() error { c.close(); return nil }
