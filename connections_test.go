package twilio_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/loopback"
)

// plainTransport is what the RoundTrippers here send with.
var plainTransport = &http.Transport{DisableKeepAlives: true}

// TestFailureAfterTheExchange: whatever goes wrong in the caller's RoundTripper
// once Twilio was reached, a create isn't sent again, and its outcome is
// unknown.
func TestFailureAfterTheExchange(t *testing.T) {
	t.Parallel()
	dead := loopback.DeadAddress(t)
	get := func(ctx context.Context, url string) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		res, err := plainTransport.RoundTrip(r)
		if err == nil {
			res.Body.Close()
		}
		return err
	}
	exchange := func(r *http.Request) error {
		res, err := plainTransport.RoundTrip(r)
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
		"an audit log alone, behind an exchange that nobody sees": func(r *http.Request) error {
			if err := exchange(r.WithContext(untraced{r.Context()})); err != nil {
				return err
			}
			_, err := new(net.Dialer).DialContext(context.Background(), "tcp", dead)
			return err
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
			rt := roundTripper(func(r *http.Request) (*http.Response, error) { return nil, roundTrip(r) })
			client := newClient(t, rt, twilio.WithBaseURL(srv.URL), twilio.WithRetryWait(0, time.Millisecond))
			err := createCall(t.Context(), client)
			if n := sent.Load(); n != 1 || !errors.Is(err, twilio.ErrOutcomeUnknown) {
				t.Errorf("sent %d times: %v", n, err)
			}
		})
	}
}

// TestFailoverThatNobodySees: that the first edge can't be reached says nothing of
// the second.
func TestFailoverThatNobodySees(t *testing.T) {
	t.Parallel()
	var sent atomic.Int32
	second := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { sent.Add(1) }))
	defer second.Close()
	rt := roundTripper(func(r *http.Request) (*http.Response, error) {
		if res, err := plainTransport.RoundTrip(r); err == nil {
			return res, nil
		}
		again := r.Clone(untraced{r.Context()})
		again.URL.Host = second.Listener.Addr().String()
		again.Body, _ = r.GetBody()
		if res, err := plainTransport.RoundTrip(again); err == nil {
			res.Body.Close()
		}
		return nil, errors.New("no audit")
	})
	client := newClient(t, rt, twilio.WithBaseURL("http://"+loopback.DeadAddress(t)), twilio.WithRetryWait(0, 0))
	err := createCall(t.Context(), client)
	if n := sent.Load(); n != 1 || !errors.Is(err, twilio.ErrOutcomeUnknown) {
		t.Errorf("sent %d times: %v", n, err)
	}
}

// TestCanceledWhileConnecting: a call that was given up before there was a
// connection was never made, whatever the reason, and whichever of its names
// net/http uses for it.
func TestCanceledWhileConnecting(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]twilio.Option{"net/http": nil, "a RoundTripper around it": {twilio.WithTransport(func(base http.RoundTripper) http.RoundTripper {
		return roundTripper(base.RoundTrip)
	})}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancelCause(t.Context())
			isDone := make(chan struct{})
			defer close(isDone)
			dial := func(context.Context, string, string) (net.Conn, error) {
				cancel(errBoom)
				<-isDone
				return nil, errBoom
			}
			err := createCall(ctx, newClient(t, &http.Transport{DialContext: dial}, opts...))
			if !errors.Is(err, context.Canceled) || errors.Is(err, twilio.ErrOutcomeUnknown) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// untraced hides the values of a context, and with them httptrace.
type untraced struct{ context.Context } //nolint:containedctx // it is one

func (untraced) Value(any) any { return nil }

// TestStaleConnection: net/http notices that an idle connection was closed and
// asks for another. Nothing was sent when there is none, which only its own
// word can tell.
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
				rt = roundTripper(base.RoundTrip)
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

// TestResetOverHTTP2: a server that resets the stream of a create with
// PROTOCOL_ERROR may have processed it. net/http then asks for another
// connection to send it again; that there is none doesn't mean that nothing was
// sent.
func TestResetOverHTTP2(t *testing.T) {
	t.Parallel()
	const (
		preface   = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
		settings  = "\x00\x00\x00\x04\x00\x00\x00\x00\x00"
		reset     = "\x00\x00\x04\x03\x00\x00\x00\x00\x01\x00\x00\x00\x01" // of the first stream
		data      = 0
		endStream = 1
	)
	var sent atomic.Int32
	srv := httptest.NewUnstartedServer(nil)
	srv.TLS = &tls.Config{NextProtos: []string{"h2"}}
	srv.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){"h2": func(_ *http.Server, conn *tls.Conn, _ http.Handler) {
		_, err := io.CopyN(io.Discard, conn, int64(len(preface)))
		if err == nil {
			_, err = io.WriteString(conn, settings)
		}
		for header := make([]byte, 9); err == nil; {
			if _, err = io.ReadFull(conn, header); err != nil {
				return
			}
			_, err = io.CopyN(io.Discard, conn, int64(header[0])<<16|int64(header[1])<<8|int64(header[2]))
			if header[3] == data && header[4] == endStream {
				sent.Add(1)
				_ = srv.Listener.Close()
				_, err = io.WriteString(conn, reset)
			}
		}
	}}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	base := srv.Client().Transport.(*http.Transport)
	base.ForceAttemptHTTP2 = true
	err := createCall(t.Context(), newClient(t, base, twilio.WithBaseURL(srv.URL), twilio.WithRetryWait(0, time.Millisecond)))
	if n := sent.Load(); n != 1 || !errors.Is(err, twilio.ErrOutcomeUnknown) {
		t.Errorf("sent %d times: %v", n, err)
	}
}
