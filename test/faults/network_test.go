package faults

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// A network is one in memory, for bubbles of synctest: whoever waits for it is
// durably blocked, so that no time-out takes any time.
type network struct {
	backlog chan net.Conn
	down    chan struct{}
	stop    func()
	open    atomic.Int64 // connections that the client hasn't closed
}

func newNetwork() *network {
	n := &network{backlog: make(chan net.Conn), down: make(chan struct{})}
	n.stop = sync.OnceFunc(func() { close(n.down) })
	return n
}

// Accept, Close and Addr make the network a net.Listener.
func (n *network) Accept() (net.Conn, error) {
	select {
	case conn := <-n.backlog:
		return conn, nil
	case <-n.down:
		return nil, net.ErrClosed
	}
}

// Close makes the server stop.
func (n *network) Close() error {
	n.stop()
	return nil
}

// Addr is that of a server of plain HTTP.
func (n *network) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

// connect makes a connection to the server.
func (n *network) connect(ctx context.Context) (net.Conn, error) {
	client, server := n.pair()
	select {
	case n.backlog <- server:
		return client, nil
	case <-ctx.Done():
		_ = client.Close()
		return nil, dialError(ctx.Err())
	}
}

// pair makes both ends of a connection.
func (n *network) pair() (client, server *connEnd) {
	l := &pipe{}
	l.changed.L = &l.mu
	client, server = &connEnd{pipe: l, capacity: 8 << 10}, &connEnd{pipe: l, capacity: 8 << 10}
	client.peer, server.peer = server, client
	n.open.Add(1)
	client.closing = sync.OnceFunc(func() { n.open.Add(-1) })
	server.closing = func() {}
	return client, server
}

func dialError(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }

// A pipe is a connection. One lock guards all of it.
type pipe struct {
	mu      sync.Mutex
	changed sync.Cond
	broken  bool
}

// An connEnd is one end of a connection.
type connEnd struct {
	*pipe

	peer     *connEnd
	arrived  []byte // has arrived and isn't read yet
	capacity int    // how long it may get
	closed   bool
	closing  func()

	readDeadline, writeDeadline time.Time
	readTimer, writeTimer       *time.Timer
}

// ready reports whether something may be read or written, as far as the end
// itself is concerned.
func (e *connEnd) ready(op string, by time.Time) error {
	var err error
	switch {
	case e.closed:
		err = net.ErrClosed
	case e.broken:
		err = os.NewSyscallError(op, syscall.ECONNRESET)
	case !by.IsZero() && !time.Now().Before(by):
		err = os.ErrDeadlineExceeded
	default:
		return nil
	}
	return &net.OpError{Op: op, Net: "tcp", Err: err}
}

func (e *connEnd) Read(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for {
		if err := e.ready("read", e.readDeadline); err != nil {
			return 0, err
		}
		if len(e.arrived) > 0 || len(p) == 0 {
			n := copy(p, e.arrived)
			e.arrived = e.arrived[n:]
			e.changed.Broadcast()
			return n, nil
		}
		if e.peer.closed {
			return 0, io.EOF
		}
		e.changed.Wait()
	}
}

func (e *connEnd) Write(p []byte) (written int, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for len(p) > 0 {
		if err := e.ready("write", e.writeDeadline); err != nil {
			return written, err
		}
		if e.peer.closed {
			return written, &net.OpError{Op: "write", Net: "tcp", Err: os.NewSyscallError("write", syscall.EPIPE)}
		}
		if n := min(len(p), e.peer.capacity-len(e.peer.arrived)); n > 0 {
			e.peer.arrived = append(e.peer.arrived, p[:n]...)
			p, written = p[n:], written+n
			e.changed.Broadcast()
			continue
		}
		e.changed.Wait()
	}
	return written, nil
}

// Close ends the connection. The peer may read what is under way to it.
func (e *connEnd) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed, e.arrived = true, nil
	e.changed.Broadcast()
	e.closing()
	return nil
}

// reset breaks the connection, as a TCP RST does: what is under way is lost.
func (e *connEnd) reset() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.broken, e.arrived, e.peer.arrived = true, nil, nil
	e.changed.Broadcast()
}

func (e *connEnd) LocalAddr() net.Addr  { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }
func (e *connEnd) RemoteAddr() net.Addr { return e.LocalAddr() }

func (e *connEnd) SetDeadline(t time.Time) error {
	return errors.Join(e.SetReadDeadline(t), e.SetWriteDeadline(t))
}

func (e *connEnd) SetReadDeadline(t time.Time) error {
	e.setDeadline(&e.readDeadline, &e.readTimer, t)
	return nil
}

func (e *connEnd) SetWriteDeadline(t time.Time) error {
	e.setDeadline(&e.writeDeadline, &e.writeTimer, t)
	return nil
}

// setDeadline sets a deadline, and wakes who waits when it is reached.
func (e *connEnd) setDeadline(by *time.Time, timer **time.Timer, t time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	*by = t
	if *timer != nil {
		(*timer).Stop()
	}
	e.changed.Broadcast()
	if wait := time.Until(t); !t.IsZero() && wait > 0 {
		*timer = time.AfterFunc(wait, func() {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.changed.Broadcast()
		})
	}
}

// A certificate is one of a server, and those who trust it.
type certificate struct {
	server  tls.Certificate
	trusted *x509.CertPool
}

// newCertificate makes a certificate of Twilio's hosts.
func newCertificate(from, to time.Time) certificate {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: from, NotAfter: to,
		DNSNames: []string{"*.twilio.com"}, BasicConstraintsValid: true, IsCA: true,
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
	leaf := must(x509.ParseCertificate(der))
	c := certificate{tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, x509.NewCertPool()}
	c.trusted.AddCert(leaf)
	return c
}

// serverConfig and clientConfig speak TLS with the key exchange that is
// quickest, under the race detector, too.
func (c certificate) serverConfig() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, CurvePreferences: []tls.CurveID{tls.CurveP256}, Certificates: []tls.Certificate{c.server}}
}

func (c certificate) clientConfig() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, CurvePreferences: []tls.CurveID{tls.CurveP256}, RootCAs: c.trusted}
}

// The network behaves as one does.
func TestFaultNetwork(t *testing.T) {
	t.Parallel()
	inBubble(t, "what is written before a close arrives", func(t *testing.T) {
		client, server := newNetwork().pair()
		_, _ = client.Write([]byte("Ahoy"))
		_ = client.Close()
		if got, err := io.ReadAll(server); string(got) != "Ahoy" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
		if _, err := server.Write([]byte("x")); !errors.Is(err, syscall.EPIPE) {
			t.Errorf("written to a connection that is closed: %v", err)
		}
	})
	inBubble(t, "a reset loses what is under way", func(t *testing.T) {
		client, server := newNetwork().pair()
		_, _ = client.Write([]byte("Ahoy"))
		client.reset()
		if n, err := server.Read(make([]byte, 9)); n != 0 || !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("%d bytes, %v", n, err)
		}
	})
	inBubble(t, "writing waits for room, and ends at its deadline", func(t *testing.T) {
		client, server := newNetwork().pair()
		server.capacity = 2
		begin := time.Now()
		_ = client.SetDeadline(begin.Add(time.Minute))
		n, err := client.Write([]byte("Ahoy"))
		if n != 2 || !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begin) != time.Minute {
			t.Errorf("%d bytes in %v, %v", n, time.Since(begin), err)
		}
		if _, err := client.Read(make([]byte, 9)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
		synctest.Wait()
	})
}

// inBubble runs a test in a bubble of synctest.
func inBubble(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, f)
	})
}
