package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"sync"
)

// tunnels are the connections of programs that use the fake as their HTTPS proxy,
// as a net.Listener for a TLS server.
type tunnels struct {
	addr   net.Addr
	queue  chan net.Conn
	closed chan struct{}
	close  func()
}

// connect makes the connection of a client one to the TLS server, if it is for a
// host of Twilio's. The proxy connects to nothing.
func (t *tunnels) connect(w http.ResponseWriter, r *http.Request) {
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil || !isTwilio(host) || port != "443" {
		refuseProxy(w, r.Host)
		return
	}
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "CONNECT requires HTTP/1.1", http.StatusHTTPVersionNotSupported)
		return
	}
	if _, err := conn.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n")); err != nil {
		_ = conn.Close()
		return
	}
	t.add(tunnel{conn, buffered.Reader})
}

func refuseProxy(w http.ResponseWriter, host string) {
	http.Error(w, fmt.Sprintf("twilio-fake: as a proxy it serves only Twilio's hosts, HTTPS at port 443, and not %q; "+
		"add that to NO_PROXY", host), http.StatusForbidden)
}

// A tunnel is the connection of a client, which may have sent more than the
// CONNECT already.
type tunnel struct {
	net.Conn
	reader *bufio.Reader
}

func (t tunnel) Read(p []byte) (int, error) { return t.reader.Read(p) }

// NetConn returns the connection to the client, so that a fault can reset it.
func (t tunnel) NetConn() net.Conn { return t.Conn }

func newTunnels(addr net.Addr) *tunnels {
	closed := make(chan struct{})
	return &tunnels{addr, make(chan net.Conn), closed, sync.OnceFunc(func() { close(closed) })}
}

func (t *tunnels) add(conn net.Conn) {
	select {
	case t.queue <- conn:
	case <-t.closed:
		_ = conn.Close()
	}
}

// Accept waits for a connection.
func (t *tunnels) Accept() (net.Conn, error) {
	select {
	case conn := <-t.queue:
		return conn, nil
	case <-t.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept.
func (t *tunnels) Close() error {
	t.close()
	return nil
}

// Addr returns the address of the proxy.
func (t *tunnels) Addr() net.Addr { return t.addr }
