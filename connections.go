package twilio

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http/httptrace"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
)

// connections records whether a failed attempt may have reached Twilio. Its
// error alone doesn't tell: a caller's RoundTripper may fail after Twilio has
// responded, at an unreachable audit log for example, or while it follows a
// redirect to a host that is down.
type connections struct {
	target    *url.URL // of the request
	isNetHTTP bool
	asked     atomic.Bool // for a connection to the target
	had       atomic.Bool // a connection to anything

	mu     sync.Mutex
	failed []error  // of handshakes
	conn   net.Conn // the latest connection
	wrote  bool     // the header of the request
	sent   bool     // that, over HTTP/2
}

func (c *connections) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(address string) {
			if c.isNetHTTP && !c.sentOverHTTP2() {
				// net/http asks again only if nothing was sent, because its
				// idle connection had been closed.
				c.had.Store(false)
			}
			// Another RoundTripper may connect to other hosts, which says
			// nothing about Twilio. With net/http itself, the address may be a
			// proxy's.
			if c.isNetHTTP || address == net.JoinHostPort(c.target.Hostname(), portOf(c.target)) {
				c.asked.Store(true)
			}
		},
		GotConn: func(info httptrace.GotConnInfo) {
			c.had.Store(true)
			c.mu.Lock()
			defer c.mu.Unlock()
			c.conn = info.Conn
		},
		WroteHeaders: func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.wrote = true
		},
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.failed = append(c.failed, err)
		},
	}
}

// sentOverHTTP2 reports whether the request was sent over HTTP/2, where
// net/http sends it again if the server resets its stream with PROTOCOL_ERROR,
// which may be after the effect. Over HTTP/1.1 a header that was written may
// not have left this machine.
func (c *connections) sentOverHTTP2() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if conn, ok := c.conn.(*tls.Conn); ok && c.wrote && conn.ConnectionState().NegotiatedProtocol == "h2" {
		c.sent = true
	}
	return c.sent
}

// isEndOf reports whether an error is about the end of a context, or the cause
// of that, which net/http returns in its place.
func isEndOf(ctx context.Context, err error) bool {
	return ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx)))
}

// refused reports whether net/http refused the request before it asked for a
// connection.
func (c *connections) refused() bool { return c.isNetHTTP && !c.asked.Load() }

// never reports whether the attempt that failed with err had no connection. ctx
// is that of the attempt.
func (c *connections) never(ctx context.Context, err error) bool {
	switch {
	case c.had.Load():
		return false
	case c.asked.Load():
		// After a connection that failed, a RoundTripper may have used another
		// that it doesn't report. Then the error isn't that of the failure.
		return c.isNetHTTP || hasConnectError(err) || c.hasFailed(err) || isEndOf(ctx, err)
	default:
		// A RoundTripper that doesn't report its connections. Only its error
		// itself counts: what that wraps may be about another host.
		return c.isStandIn(err)
	}
}

// hasFailed reports whether a TLS handshake failed with this error. There are
// too many types of these to list.
func (c *connections) hasFailed(err error) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.ContainsFunc(c.failed, func(failed error) bool { return failed != nil && errors.Is(err, failed) })
}

// hasConnectError reports whether an error wraps that of a connection that
// wasn't made.
func hasConnectError(err error) bool {
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "dial" {
		return true
	}
	_, isDNS := errors.AsType[*net.DNSError](err)
	return isDNS
}

// isStandIn recognizes errors that stand in for those of connections where
// there is no network, such as in tests. Errors of real connections name the
// other side, which may be another host, such as that of an audit log.
func (c *connections) isStandIn(err error) bool {
	switch e := err.(type) { //nolint:errorlint // see never
	case *net.OpError:
		dns, isDNS := errors.AsType[*net.DNSError](e.Err)
		return e.Op == "dial" && e.Addr == nil && (!isDNS || c.isTarget(dns))
	case *net.DNSError:
		return c.isTarget(e)
	case *tls.CertificateVerificationError:
		return len(e.UnverifiedCertificates) == 0
	case tls.RecordHeaderError:
		return e.Conn == nil
	default:
		return false
	}
}

func (c *connections) isTarget(e *net.DNSError) bool {
	return e.Name == "" || e.Name == c.target.Hostname()
}
