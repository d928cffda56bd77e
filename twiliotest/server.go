package twiliotest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// A Server is an in-memory Twilio. Its exported fields are set when it is made and must not be changed. Its methods are
// safe for concurrent use.
type Server struct {
	// URL is the base URL, of the form http://127.0.0.1:port, without a slash at its end. Until Start it is one that
	// only [Server.Transport] answers.
	URL string
	// AccountSID and AuthToken are the credentials of the main account.
	AccountSID, AuthToken string

	state    *state
	faults   faults
	log      requestLog
	inFlight atomic.Int64
	served   atomic.Uint64

	http *http.Server // nil until Start
	done chan struct{}
}

// NewServer starts a server on a free port of 127.0.0.1. The caller should call Close when it is finished.
func NewServer(opts ...Option) *Server {
	s := NewUnstartedServer(opts...)
	s.Start()
	return s
}

// NewUnstartedServer makes a server without a socket and without a goroutine. It serves through [Server.Transport] and
// [Server.ServeHTTP], also inside a bubble of testing/synctest, and may be left to the garbage collector.
func NewUnstartedServer(opts ...Option) *Server {
	c := newConfig(opts)
	st := newState(c)
	return &Server{
		URL:        "http://127.0.0.1:0",
		AccountSID: st.main.SID,
		AuthToken:  st.main.token,
		state:      st,
		faults:     faults{dice: rand.New(newDice(c.seed))},
		log:        requestLog{size: c.requestLog},
	}
}

// Start makes the server listen on a free port of 127.0.0.1 and sets URL. Like net/http/httptest it panics when it
// can't listen.
func (s *Server) Start() {
	if s.http != nil {
		panic("twiliotest: Server already started")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(fmt.Sprintf("twiliotest: %v", err))
	}
	s.URL = "http://" + listener.Addr().String()
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	s.done = make(chan struct{})
	go func() {
		defer close(s.done)
		_ = s.http.Serve(listener) // ends with http.ErrServerClosed
	}()
}

// Close stops listening and breaks off the connections that are open. It is for servers that were started, and does
// nothing to others.
func (s *Server) Close() {
	if s.http != nil {
		_ = s.http.Close() // what the listener has to say about its end is nobody's business
		<-s.done
	}
}

// Client returns a client with the main account's credentials that speaks to this server, over a socket if the server
// was started and in memory otherwise. It panics when the options are such that [twilio.NewClient] refuses them.
func (s *Server) Client(opts ...twilio.Option) *twilio.Client {
	all := []twilio.Option{twilio.WithBaseURL(s.URL)}
	if s.http == nil {
		all = append(all, twilio.WithHTTPClient(&http.Client{Transport: s.Transport()}))
	}
	client, err := twilio.NewClient(twilio.AuthToken(s.AccountSID, s.AuthToken), append(all, opts...)...)
	if err != nil {
		panic(fmt.Sprintf("twiliotest: %v", err))
	}
	return client
}

// Now returns the time on the server's clock, which is [DefaultStart] until Advance moves it, unless an option says
// otherwise.
func (s *Server) Now() time.Time {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	return s.state.now()
}

// Advance moves the server's clock on: calls ring, are answered, end and get a price, messages are sent and delivered,
// and closed accounts are deleted where [WithAutoDelete] says so, each at its own time. A negative d is ignored.
func (s *Server) Advance(d time.Duration) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	s.state.skew += max(0, d)
	s.state.settle()
}

// ServeHTTP answers a request, so that the server can be mounted wherever a handler can.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, d, err := s.exchange(r)
	if err != nil {
		panic(http.ErrAbortHandler) // the client is gone; net/http closes the connection without a word
	}
	if d.reset {
		reset(w)
		return
	}
	maps.Copy(w.Header(), a.header)
	if a.status != http.StatusNoContent {
		w.Header().Set("Content-Length", fmt.Sprint(len(a.body)))
	}
	w.WriteHeader(a.status)
	if d.truncate > 0 && d.truncate < len(a.body) {
		_, _ = w.Write(a.body[:d.truncate])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler) // closes the connection with the rest unsent
	}
	_, _ = w.Write(a.body) // fails only when the client is gone
}

// reset breaks the connection with a TCP RST, as a peer that crashed does.
func reset(w http.ResponseWriter) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// Transport returns a round tripper that serves requests in memory, in the goroutine that makes them. It stands for
// this server's URL and for Twilio's own hosts; for any other host it answers as if there were none, so that a test
// sees where requests go.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

type transport struct{ server *Server }

// RoundTrip serves the request as the network would, down to the errors.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
	}
	if err := r.Context().Err(); err != nil {
		return nil, context.Cause(r.Context())
	}
	if host := r.URL.Hostname(); r.URL.Scheme+"://"+r.URL.Host != t.server.URL && !isTwilio(host) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
	}
	a, d, err := t.server.exchange(r)
	if err != nil {
		return nil, err
	}
	if d.reset {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	}
	var body io.Reader = strings.NewReader(string(a.body))
	if d.truncate > 0 && d.truncate < len(a.body) {
		body = io.MultiReader(strings.NewReader(string(a.body[:d.truncate])), brokenOff{})
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)), StatusCode: a.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, ContentLength: int64(len(a.body)),
		Body: &respectfulBody{ctx: r.Context(), reader: body}, Request: r,
	}, nil
}

func isTwilio(host string) bool {
	return host == "twilio.com" || strings.HasSuffix(host, ".twilio.com")
}

// brokenOff is the end of a body that lacks its rest.
type brokenOff struct{}

func (brokenOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// respectfulBody fails as a body from the network does once its request is cancelled or it is closed.
type respectfulBody struct {
	ctx    context.Context //nolint:containedctx // a response's body lives as long as its request's context
	reader io.Reader
	closed atomic.Bool
}

func (b *respectfulBody) Read(p []byte) (int, error) {
	if b.closed.Load() {
		return 0, errors.New("http: read on closed response body")
	}
	if b.ctx.Err() != nil {
		return 0, context.Cause(b.ctx)
	}
	return b.reader.Read(p)
}

func (b *respectfulBody) Close() error {
	b.closed.Store(true)
	return nil
}
