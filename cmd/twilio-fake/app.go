package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// An app is the fake with what is around it: its control endpoints, and its
// certificates.
type app struct {
	ca      *authority
	build   func() (*twiliotest.Server, error)
	current atomic.Pointer[twiliotest.Server]

	closing chan struct{} // closed when the program stops, for streams of events

	mu        sync.Mutex
	snapshots map[string]*twiliotest.Snapshot // of the current server
}

func newApp(ca *authority, build func() (*twiliotest.Server, error)) *app {
	return &app{ca: ca, build: build, closing: make(chan struct{})}
}

// fake is the server that serves now.
func (a *app) fake() *twiliotest.Server { return a.current.Load() }

// restart puts a new server in place of the current one.
func (a *app) restart() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	fake, err := a.build()
	if err != nil {
		return err
	}
	a.snapshots = make(map[string]*twiliotest.Snapshot)
	if before := a.current.Swap(fake); before != nil {
		before.Close()
	}
	return nil
}

// shutdownTimeout is how long requests have to finish when the program stops.
const shutdownTimeout = 3 * time.Second

// serve listens until the context ends, and prints one line when it is ready. It
// writes the certificate of its CA only once it listens, since that of a server
// which has the address already may be in the file.
func (a *app) serve(ctx context.Context, addr, tlsAddr, caFile string, stdout io.Writer) error {
	defer func() { a.fake().Close() }()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	ready := struct {
		URL        string `json:"url"`
		TLSURL     string `json:"tls_url,omitempty"`
		AccountSID string `json:"account_sid"`
		AuthToken  string `json:"auth_token"`
	}{URL: urlOf("http", listener.Addr()), AccountSID: a.fake().AccountSID, AuthToken: a.fake().AuthToken}

	tunnels := newTunnels(listener.Addr())
	handler := a.handler(tunnels)
	plain := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	secure := &http.Server{
		Handler: handler, ReadHeaderTimeout: time.Minute, TLSConfig: a.ca.config(),
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){}, // HTTP/1.1 only
	}
	failed := make(chan error, 3)
	if tlsAddr != "" {
		front, err := new(net.ListenConfig).Listen(ctx, "tcp", tlsAddr)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		ready.TLSURL = urlOf("https", front.Addr())
		go func() { failed <- secure.ServeTLS(front, "", "") }()
	}
	go func() { failed <- secure.ServeTLS(tunnels, "", "") }()
	go func() { failed <- plain.Serve(listener) }()

	if caFile != "" {
		err = os.WriteFile(caFile, a.ca.pem(), 0o644) //nolint:gosec // a certificate is public
	}
	if err == nil {
		err = json.NewEncoder(stdout).Encode(ready) //nolint:gosec // printing the token is the purpose of the line
	}
	if err != nil {
		return errors.Join(err, plain.Close(), secure.Close())
	}
	select {
	case err := <-failed:
		return errors.Join(err, plain.Close(), secure.Close())
	case <-ctx.Done():
	}
	close(a.closing)
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if errors.Join(plain.Shutdown(last), secure.Shutdown(last)) != nil {
		return errors.Join(plain.Close(), secure.Close()) // ends what is still in progress, such as the delay of a fault
	}
	return nil
}

// urlOf returns the URL at which a client on this machine reaches the listener.
func urlOf(scheme string, addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if ip := net.ParseIP(host); err == nil && ip.IsUnspecified() {
		return scheme + "://127.0.0.1:" + port
	}
	return scheme + "://" + addr.String()
}

// handler serves the API and, under /_fake/, its control endpoints, and is a
// proxy for Twilio's hosts. A ServeMux for all of it would redirect paths with
// empty segments, which is a page of HTML to a client that expects JSON.
func (a *app) handler(tunnels *tunnels) http.Handler {
	control := a.control()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := hostName(r.Host)
		switch {
		case r.Method == http.MethodConnect:
			tunnels.connect(w, r)
		case r.URL.IsAbs() && !isTwilio(host) && !isOwn(r):
			refuseProxy(w, r.Host)
		case isTwilio(host):
			a.api(w, r)
		case r.URL.Path == "/_fake", r.URL.Path == "/" && wantsHTML(r): // somebody opens the URL
			http.Redirect(w, r, "/_fake/", http.StatusSeeOther)
		case strings.HasPrefix(r.URL.Path, "/_fake/"):
			control.ServeHTTP(w, r)
		default:
			a.api(w, r)
		}
	})
}

// wantsHTML reports whether a request is that of a browser for a page.
func wantsHTML(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "text/html") }

// isOwn reports whether a request to a proxy is for the proxy itself.
func isOwn(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return ok && (r.Host == local.String() || local.IP.IsLoopback() && r.Host == fmt.Sprintf("localhost:%d", local.Port))
}

// hostName is a host without its port, in lower case.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(host)
}

// cors are the headers of Twilio's responses that let web pages use its API.
var cors = map[string]string{
	"Access-Control-Allow-Origin":      "*",
	"Access-Control-Allow-Headers":     "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since, Idempotency-Key",
	"Access-Control-Allow-Methods":     "GET, POST, DELETE, OPTIONS",
	"Access-Control-Expose-Headers":    "ETag",
	"Access-Control-Allow-Credentials": "true",
}

// api serves Twilio's API. A browser asks with OPTIONS first, and without
// credentials.
func (a *app) api(w http.ResponseWriter, r *http.Request) {
	for name, value := range cors {
		w.Header().Set(name, value)
	}
	if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	a.fake().ServeHTTP(w, r)
}
