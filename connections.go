package twilio

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
)

// connections tells whether an attempt that failed can have reached Twilio.
// Whatever its error says: a RoundTripper of the caller's may fail after its
// exchange with Twilio, at an audit log that can't be reached, say, or may be
// following a redirect to a host that is down.
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
				// By itself net/http asks again only where nothing was sent: on a
				// connection that had been closed while it was idle.
				c.had.Store(false)
			}
			// Nobody else's call says anything of the one to Twilio; the address may
			// be a proxy's.
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
		// After a connection that failed, a RoundTripper may have turned to
		// something that doesn't tell. Then the failure isn't the error any more.
		return c.isNetHTTP || hasConnectError(err)
	default:
		// A RoundTripper that doesn't tell. Only what it returns as it is counts,
		// nothing that is further down in the chain.
		return c.isStandIn(err)
	}
}

// hasConnectError reports whether a connection that wasn't made is in the chain of
// an error.
func hasConnectError(err error) bool {
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "dial" {
		return true
	}
	_, isDNS := errors.AsType[*net.DNSError](err)
	_, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, isRecord := errors.AsType[tls.RecordHeaderError](err)
	return isDNS || isCertificate || isRecord
}

// isStandIn knows what stands in for the errors of connections that were never
// made where there is no network, such as in tests. Those of a real connection name
// the other side, which may be anybody: an audit log, say.
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
