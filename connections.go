package twilio

import (
	"crypto/tls"
	"net"
	"net/http/httptrace"
	"net/url"
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
}

func (c *connections) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(address string) {
			if c.isNetHTTP {
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
		GotConn: func(httptrace.GotConnInfo) { c.had.Store(true) },
	}
}

// refused reports whether net/http refused the request before it asked for a
// connection.
func (c *connections) refused() bool { return c.isNetHTTP && !c.asked.Load() }

// never reports whether the attempt that failed with err had no connection.
func (c *connections) never(err error) bool {
	switch {
	case c.had.Load():
		return false
	case c.asked.Load():
		return true
	default:
		// A RoundTripper that doesn't report its connections. Only its error
		// itself counts: what that wraps may be about another host.
		return isConnectError(err)
	}
}

// isConnectError reports whether an error means that no connection was made.
func isConnectError(err error) bool {
	switch e := err.(type) { //nolint:errorlint // see never
	case *net.OpError:
		return e.Op == "dial"
	case *net.DNSError, *tls.CertificateVerificationError, tls.RecordHeaderError:
		return true
	default:
		return false
	}
}
