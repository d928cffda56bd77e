package faults

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// An exposure says which requests meet a fault.
type exposure int

const (
	undisturbed  exposure = iota // none
	firstRequest                 // the first
	eachOnce                     // each, the first time that it is sent
	everyChange                  // all but reads, every time
	everyRequest                 // all
)

// A session is a client and a fake, with a network between them on which
// something goes wrong.
type session struct {
	srv      *twiliotest.Server
	net      *network
	base     *http.Transport
	client   *twilio.Client
	fault    fault
	exposure exposure

	mu          sync.Mutex
	met         map[string]bool // requests that have met the fault
	metAtServer map[string]bool // attempts that have met it at the server
	sent        map[string]int  // attempts, by method
	hosts       map[string]bool
	attempts    []func() error // Err of the context of each attempt
	requests    []string       // method, URI, credentials and form of each attempt
	streams     map[*connEnd]uint32
	effects     int // changes that the fake has made
}

type (
	connKey struct{} // the server's end of a connection
	metKey  struct{} // whether an attempt meets the fault
)

// attemptHeader numbers the attempts that meet a fault at the server.
const attemptHeader = "Test-Attempt"

func (e exposure) String() string {
	return [...]string{"none", "on the first request", "on each request once", "on every change", "on every request"}[e]
}

// RoundTrip counts an attempt of the client and decides whether it meets the
// fault.
func (s *session) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.sent[r.Method]++
	s.hosts[r.URL.Host] = true
	s.attempts = append(s.attempts, r.Context().Err)
	s.requests = append(s.requests, requestText(r))
	key := r.Method + " " + r.URL.RequestURI()
	var met bool
	switch s.exposure {
	case undisturbed:
	case firstRequest:
		met = len(s.met) == 0
	case eachOnce:
		met = !s.met[key]
	case everyChange:
		met = r.Method != http.MethodGet
	case everyRequest:
		met = true
	}
	if met {
		s.met[key] = true
		r = r.Clone(context.WithValue(r.Context(), metKey{}, true))
		r.Header.Set(attemptHeader, strconv.Itoa(len(s.attempts)))
		if s.fault.expectContinue {
			r.Header.Set("Expect", "100-continue")
		}
	}
	s.mu.Unlock()
	return s.base.RoundTrip(r)
}

// dial makes a connection, or what the fault makes of it.
func (s *session) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if s.fault.slowDial {
		select {
		case <-time.After(5 * time.Second):
		case <-ctx.Done():
			return nil, dialError(ctx.Err())
		}
	}
	switch met, _ := ctx.Value(metKey{}).(bool); {
	case met && s.fault.dial != nil:
		return nil, s.fault.dial(ctx)
	case met && s.fault.peer != nil:
		client, server := s.net.pair()
		if s.fault.buffer > 0 {
			server.capacity = s.fault.buffer
		}
		go s.fault.peer(server)
		return client, nil
	default:
		return s.net.connect(ctx)
	}
}

// meetsFault reports whether a request meets the fault at the server. A request
// that net/http sends twice by itself meets it once, as a retry of the client
// would.
func (s *session) meetsFault(r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	attempt := r.Header.Get(attemptHeader)
	again := s.metAtServer[attempt]
	s.metAtServer[attempt] = true
	return s.fault.respond != nil && attempt != "" && (!again || s.exposure == everyChange || s.exposure == everyRequest)
}

// streamID is the HTTP/2 stream of the newest request on a connection.
func (s *session) streamID(conn *connEnd) uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return 2*s.streams[conn] - 1
}

// ServeHTTP is the server.
func (s *session) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.streams[r.Context().Value(connKey{}).(*connEnd)]++
	s.mu.Unlock()
	meets := s.meetsFault(r)
	if !meets || !s.fault.expectContinue {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	if meets {
		s.fault.respond(faultyRequest{s, w, r})
		return
	}
	forward(w, s.effect(r))
}

// effect lets the fake process a request.
func (s *session) effect(r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	s.srv.ServeHTTP(rec, r)
	if r.Method != http.MethodGet && rec.Code < 300 {
		s.mu.Lock()
		s.effects++
		s.mu.Unlock()
	}
	return rec
}

// newSession starts a session inside a bubble. The client has its default
// settings, and the transport those of the client's own one.
func newSession(t *testing.T, srv *twiliotest.Server, f fault) (s *session, stop func()) {
	t.Helper()
	s = &session{srv: srv, net: newNetwork(), fault: f, met: map[string]bool{}, metAtServer: map[string]bool{}, sent: map[string]int{},
		hosts: map[string]bool{}, streams: map[*connEnd]uint32{}}
	base := &http.Transport{
		DialContext:           s.dial,
		MaxIdleConns:          100,
		MaxIdleConnsPerHost:   100,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		// The limit is 10 MB otherwise, which is much for so many responses.
		MaxResponseHeaderBytes: 8 << 10,
		DisableKeepAlives:      f.dial != nil || f.peer != nil, // so that every attempt makes a connection
		Protocols:              new(http.Protocols),
	}
	base.Protocols.SetHTTP1(!f.http2)
	base.Protocols.SetUnencryptedHTTP2(f.http2)
	s.base = base
	opts := []twilio.Option{twilio.WithHTTPClient(&http.Client{Transport: s})}
	server := &http.Server{
		Handler:   s,
		ErrorLog:  log.New(io.Discard, "", 0),
		Protocols: base.Protocols,
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, peerOf(conn))
		},
	}
	var listener net.Listener = s.net
	if f.tls == nil {
		opts = append(opts, twilio.WithBaseURL("http://127.0.0.1"))
	} else {
		base.TLSClientConfig = f.tls.clientConfig()
		listener = tls.NewListener(s.net, f.tls.serverConfig())
	}
	var err error
	if s.client, err = twilio.NewClient(twilio.AuthToken(srv.AccountSID, srv.AuthToken), opts...); err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	return s, func() {
		base.CloseIdleConnections()
		_ = server.Close()
	}
}

// peerOf returns the server's end of a connection.
func peerOf(conn net.Conn) *connEnd {
	if c, ok := conn.(*tls.Conn); ok {
		conn = c.NetConn()
	}
	return conn.(*connEnd)
}

// withDeadline calls a function with the deadline of the fault, if it has one.
func (s *session) withDeadline(ctx context.Context, do func(context.Context) error) (took time.Duration, err error) {
	if s.fault.deadline > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.fault.deadline)
		defer cancel()
	}
	begin := time.Now()
	err = do(ctx)
	return time.Since(begin), err
}

// leftovers names what a session has left behind once its call has returned.
func (s *session) leftovers() (problems []string) {
	for _, ended := range s.attempts {
		if ended() == nil {
			problems = append(problems, "the context of an attempt is never canceled")
		}
	}
	for host := range s.hosts {
		if len(s.hosts) > 1 && !strings.HasSuffix(host, ".twilio.com") {
			problems = append(problems, fmt.Sprintf("requests went to %d hosts", len(s.hosts)))
		}
	}
	s.client.CloseIdleConnections()
	// A dial that ends just as its request gives up leaves a connection that is
	// idle only now.
	for range 2 {
		s.base.CloseIdleConnections()
		synctest.Wait()
	}
	// A server closes a connection a second after its GOAWAY.
	if s.fault.http2 && s.net.open.Load() > 0 {
		<-time.After(2 * time.Second)
		synctest.Wait()
	}
	if open := s.net.open.Load(); open > 0 {
		problems = append(problems, fmt.Sprintf("%d connections are left", open))
	}
	return problems
}

// requestText is what a retry has to have in common with the first attempt.
func requestText(r *http.Request) string {
	form := ""
	if r.GetBody != nil {
		if body, err := r.GetBody(); err == nil {
			text, _ := io.ReadAll(body)
			form = string(text)
		}
	}
	return fmt.Sprint(r.Method, " ", r.URL, " ", r.Header.Get("Authorization"), " ", form)
}

// changedRetries names the attempts of a method that differ from its first.
func (s *session) changedRetries(method string) (problems []string) {
	first := ""
	for _, request := range s.requests {
		switch {
		case !strings.HasPrefix(request, method+" "):
		case first == "":
			first = request
		case request != first:
			problems = append(problems, "a retry is another request than the first attempt")
		}
	}
	return problems
}
