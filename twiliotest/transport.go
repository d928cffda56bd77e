package twiliotest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
)

// Transport returns a round tripper that serves requests in memory, in the
// goroutine of the caller. It stands for this server's URL and for Twilio's own
// hosts; for any other host it fails as if the host didn't exist, so that a
// test sees where requests go.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

type transport struct{ server *Server }

// RoundTrip serves the request as the network would, down to the errors.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
	}
	if r.Context().Err() != nil {
		return nil, context.Cause(r.Context())
	}
	if host := r.URL.Hostname(); r.URL.Scheme+"://"+r.URL.Host != t.server.URL && !isTwilio(host) {
		noHost := &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: noHost}
	}
	resp, err := t.server.process(r)
	if err != nil {
		return nil, err
	}
	if resp.reset {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	}
	var body io.Reader = bytes.NewReader(resp.body)
	if resp.truncate > 0 && resp.truncate < len(resp.body) {
		body = io.MultiReader(bytes.NewReader(resp.body[:resp.truncate]), truncatedBody{})
	}
	return &http.Response{
		Status:     fmt.Sprintf("%d %s", resp.status, http.StatusText(resp.status)),
		StatusCode: resp.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: resp.header, ContentLength: int64(len(resp.body)),
		Body: &cancelableBody{ctx: r.Context(), reader: body}, Request: r,
	}, nil
}

func isTwilio(host string) bool {
	return host == "twilio.com" || strings.HasSuffix(host, ".twilio.com")
}

// truncatedBody is the end of a body whose rest is missing.
type truncatedBody struct{}

func (truncatedBody) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// cancelableBody fails as a body from the network does once its request is
// canceled or it is closed.
type cancelableBody struct {
	ctx    context.Context //nolint:containedctx // a body lives as long as its request's context
	reader io.Reader
	closed atomic.Bool
}

func (b *cancelableBody) Read(p []byte) (int, error) {
	if b.closed.Load() {
		return 0, errors.New("http: read on closed response body")
	}
	if b.ctx.Err() != nil {
		return 0, context.Cause(b.ctx)
	}
	return b.reader.Read(p)
}

func (b *cancelableBody) Close() error {
	b.closed.Store(true)
	return nil
}
