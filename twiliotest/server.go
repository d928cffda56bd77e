package twiliotest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// A Server is an in-memory Twilio. Its exported fields are set when it is
// created and must not be changed. Its methods are safe for concurrent use.
type Server struct {
	// URL is the base URL, of the form http://127.0.0.1:port, with no trailing
	// slash. Until Start it is one that only [Server.Transport] serves.
	URL string
	// AccountSID and AuthToken are the credentials of the main account.
	AccountSID, AuthToken string

	state    *state
	faults   faults
	log      requestLog
	inFlight gauge
	served   atomic.Uint64

	handlersMu sync.Mutex
	handlers   map[string]http.Handler // of Handle, by product

	decoder func() (*twilio.Client, error) // of what is seeded

	http *http.Server // nil until Start
	done chan struct{}
}

// NewServer starts a server on a free port of 127.0.0.1. The caller should call
// Close when finished, to shut it down.
func NewServer(opts ...Option) *Server {
	s := NewUnstartedServer(opts...)
	s.Start()
	return s
}

// NewUnstartedServer returns a server without a socket and without a goroutine.
// It serves through [Server.Transport] and [Server.ServeHTTP], also inside a
// bubble of testing/synctest, and needs no Close unless its clock runs by
// itself ([WithClock]) or it calls webhooks over sockets.
func NewUnstartedServer(opts ...Option) *Server {
	c := newConfig(opts)
	st := newState(c)
	return &Server{
		URL:        "http://127.0.0.1:0",
		AccountSID: st.main.SID,
		AuthToken:  st.main.token,
		state:      st,
		faults:     faults{random: rand.New(newSource(c.seed))},
		log:        requestLog{size: c.requestLog},
		decoder:    sync.OnceValues(newDecoder),
	}
}

// Start makes the server listen on a free port of 127.0.0.1 and sets URL. Like
// net/http/httptest it panics if it can't listen.
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

// Close stops a started server and closes its open connections. It ends the
// webhooks that are under way, waits for their handlers ([WithWebhooks]), and
// sends no more.
func (s *Server) Close() {
	s.state.stop()
	if s.http != nil {
		_ = s.http.Close() // an error of the listener no longer matters
		<-s.done
	}
}

// Client returns a client with the main account's credentials that speaks to
// this server: over a socket if the server was started, in memory otherwise. It
// panics if [twilio.NewClient] refuses the options.
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

// Now returns the time on the server's clock, in UTC: the time at which the
// server was created, to the second, until Advance moves it, unless [WithStart]
// or [WithClock] is set.
func (s *Server) Now() time.Time {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	return s.state.now()
}

// Advance moves the server's clock forward: calls ring, are answered, end and
// get a price, messages are sent and delivered, and closed accounts are deleted
// if [WithAutoDelete] is set, each at its own time. A negative d is ignored,
// and the clock stops at the end of the year 9999.
//
// When Advance returns, the webhooks that were due by then have been delivered,
// in order, each at its own time on the clock. Advance(0) delivers those that
// are due already, such as the callback for a change by the last request. A
// webhook's handler may call the API, and Advance itself; what is about the same
// message or call then waits until the handler has returned. If handlers undo
// what each other does, and no time passes, the server stops calling them after
// 1,000 webhooks about the same thing; the Error of the last of the
// [Server.Deliveries] says so.
func (s *Server) Advance(d time.Duration) { s.state.advance(d) }

// ServeHTTP serves a request, so that the server can be mounted like any other
// handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	resp, err := s.process(r)
	if err != nil {
		panic(http.ErrAbortHandler) // the client is gone; net/http closes the connection
	}
	if resp.reset {
		reset(w)
		return
	}
	maps.Copy(w.Header(), resp.header)
	if resp.status != http.StatusNoContent {
		w.Header().Set("Content-Length", fmt.Sprint(len(resp.body)))
	}
	w.WriteHeader(resp.status)
	if resp.truncate > 0 && resp.truncate < len(resp.body) {
		_, _ = w.Write(resp.body[:resp.truncate])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler) // closes the connection with the rest unsent
	}
	_, _ = w.Write(resp.body) // fails only if the client is gone
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
	for { // TLS, for instance, is a connection around another
		inner, ok := conn.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		conn = inner.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
