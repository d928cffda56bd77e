package twilio

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync"
	"time"
)

const (
	// maxBody bounds a response. A page of 1,000 messages with the longest
	// bodies is about 10 MiB.
	maxBody = 32 << 20
	// maxErrorBody bounds what is read of a response that isn't a success.
	maxErrorBody = 1 << 20
	// maxPooled bounds the buffers that are kept for the next response.
	maxPooled = 8 << 20
)

// transport makes one attempt. It waits for the rate limiter, bounds the time,
// and reads the response to its end, so that one that breaks off is retried
// like a connection that does.
type transport struct {
	base      http.RoundTripper
	isNetHTTP bool              // base is a *http.Transport, with nothing around it
	pool      http.RoundTripper // at the bottom of base, where that is known
	limiter   RateLimiter
	logger    *slog.Logger
	buffers   sync.Pool
}

// newHTTPClient returns the client that makes single attempts, and its
// transport.
func newHTTPClient(cfg *config) (*http.Client, *transport) {
	var own http.Client
	if cfg.httpClient != nil {
		own = *cfg.httpClient
	}
	if own.Transport == nil {
		own.Transport = newTransport()
	}
	pool := own.Transport
	for _, wrap := range cfg.wrappers {
		own.Transport = wrap(own.Transport)
	}
	_, isNetHTTP := own.Transport.(*http.Transport)
	t := &transport{
		base:      own.Transport,
		pool:      pool,
		isNetHTTP: isNetHTTP,
		limiter:   cfg.limiter,
		logger:    cfg.logger,
		buffers:   sync.Pool{New: func() any { return new(bytes.Buffer) }},
	}
	own.Transport = t
	return &own, t
}

// wrapped returns a transport that does the same through another RoundTripper.
func (t *transport) wrapped(wrap func(base http.RoundTripper) http.RoundTripper) *transport {
	w := &transport{
		pool:    t.pool,
		limiter: t.limiter,
		logger:  t.logger,
		buffers: sync.Pool{New: t.buffers.New},
	}
	if wrap != nil {
		w.base = wrap(t.base)
	}
	return w
}

// newTransport returns a transport of the client's own, which other code can't
// configure or fill. It has net/http's defaults, but keeps many idle
// connections to one host.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          100,
		MaxIdleConnsPerHost:   100,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// RoundTrip makes one attempt. What it learns goes into the invocation; the
// response that it returns has no body left.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	inv := invocationFrom(ctx)
	inv.number = inv.attempts + 1
	if err := t.await(ctx); err != nil {
		_, limited := ctx.Deadline()
		inv.noRetry, inv.outOfTime = true, limited && !errors.Is(ctx.Err(), context.Canceled)
		return nil, err
	}
	wait, cancel := func(bool) {}, func() {}
	if inv.download != nil {
		ctx, wait, cancel = idleTimeout(ctx, inv.timeout)
	} else if inv.timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, inv.timeout)
	}
	defer cancel()
	inv.begin()
	connected := &connections{target: r.URL, isNetHTTP: t.isNetHTTP}
	ctx = httptrace.WithClientTrace(ctx, connected.trace())
	start := time.Now()
	attempt := r.WithContext(ctx)
	res, err := t.send(attempt)
	if err == nil && inv.download != nil {
		res, err = t.redirected(attempt, res)
	}
	if err == nil {
		inv.status, inv.header = res.StatusCode, res.Header
		err = t.read(inv, res, wait)
	}
	if inv.download != nil && err != nil {
		inv.noRetry = inv.noRetry || inv.download.isStarted
		if cause := cmp.Or(r.Context().Err(), context.Cause(ctx)); cause != nil {
			err = withCause(err, cause)
		}
	}
	switch {
	case err == nil:
		inv.maybeApplied = mayHaveTakenEffect(inv.status)
	case inv.status == 0 && connected.refused():
		inv.noRetry = true
	default:
		inv.maybeApplied = inv.status != 0 || !connected.never(ctx, err)
	}
	inv.failure = err
	t.log(r, inv, time.Since(start), err)
	if err != nil {
		return nil, err
	}
	res.Body = http.NoBody
	// http.Client would follow a redirect, with the credentials, and as a GET
	// even after a POST. A Location that isn't a URL would make it return an
	// error in place of the response.
	if res.Header.Get("Location") != "" {
		res.Header = res.Header.Clone()
		res.Header.Del("Location")
	}
	return res, nil
}

// await waits until an attempt may begin.
func (t *transport) await(ctx context.Context) error {
	if t.limiter != nil {
		if err := t.limiter.Wait(ctx); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// send tolerates what net/http tolerates of a RoundTripper.
func (t *transport) send(r *http.Request) (*http.Response, error) {
	res, err := t.base.RoundTrip(r)
	switch {
	case err != nil:
		if res != nil && res.Body != nil {
			_ = res.Body.Close()
		}
		return nil, err
	case res == nil:
		return nil, safeError("the RoundTripper returned neither a response nor an error")
	case res.Body == nil && res.ContentLength > 0:
		res.Body = io.NopCloser(cutOff{})
	case res.Body == nil:
		res.Body = http.NoBody
	}
	return res, nil
}

// cutOff is a body that is missing.
type cutOff struct{}

func (cutOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// read reads the response's body into the invocation and closes it. The status
// of a response that isn't a success counts even if its body breaks off.
func (t *transport) read(inv *invocation, res *http.Response, wait func(on bool)) error {
	defer res.Body.Close()
	if inv.status == http.StatusSwitchingProtocols {
		return nil // its body is the connection, which reads on past any context
	}
	success := inv.status >= 200 && inv.status <= 299
	if success && inv.download != nil {
		return inv.download.copy(res, wait)
	}
	limit := int64(maxErrorBody)
	if success {
		limit = maxBody
	}
	if inv.body == nil {
		inv.body = t.buffers.Get().(*bytes.Buffer)
	}
	inv.body.Reset()
	// If the length is known, the buffer doesn't have to grow step by step. A
	// false length takes no more memory than a few pages.
	if n := min(res.ContentLength, limit, maxPooled/2) + bytes.MinRead; n > int64(inv.body.Cap()) {
		inv.body = bytes.NewBuffer(make([]byte, 0, n+n/8)) // the next page may be a little longer
	}
	_, err := inv.body.ReadFrom(io.LimitReader(res.Body, limit+1))
	switch {
	case !success:
		// The body may be cut off, or a proxy's page; the status counts.
		inv.fault = readErrorBody(inv.body.Bytes())
		return nil
	case err != nil:
		return err
	case int64(inv.body.Len()) > limit:
		inv.noRetry = true
		return safeError("the response is larger than " + strconv.Itoa(maxBody>>20) + " MiB")
	case bytes.HasPrefix(inv.body.Bytes(), byteOrderMark):
		inv.body.Next(len(byteOrderMark)) // proxies put it there, and it says nothing
	}
	return nil
}

var byteOrderMark = []byte("\uFEFF")

// release returns the invocation's buffer to the pool.
func (t *transport) release(inv *invocation) {
	if inv.body != nil && inv.body.Cap() <= maxPooled {
		t.buffers.Put(inv.body)
	}
	inv.body = nil
}

func (t *transport) log(r *http.Request, inv *invocation, took time.Duration, err error) {
	if t.logger == nil {
		return
	}
	level := logLevel(inv.status)
	if err != nil {
		level = slog.LevelWarn
	}
	if !t.logger.Enabled(r.Context(), level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("operation", inv.operation),
		slog.String("account", inv.account),
		slog.String("method", r.Method),
		slog.Int("status", inv.status),
		slog.Int("attempt", inv.attempts),
		slog.Duration("duration", took),
		slog.String("request_id", inv.header.Get("Twilio-Request-Id")),
	}
	if inv.fault.code != 0 {
		attrs = append(attrs, slog.Int("code", inv.fault.code))
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", safeDescription(err)))
	}
	t.logger.LogAttrs(r.Context(), level, "twilio request", attrs...)
}

// logLevel returns the level of a response: warnings for what indicates a
// problem, and less for what may be expected, such as 404.
func logLevel(status int) slog.Level {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusTooManyRequests,
		status >= 500, status >= 300 && status < 400:
		return slog.LevelWarn
	case status >= 400:
		return slog.LevelInfo
	default:
		return slog.LevelDebug
	}
}

// closeIdleConnections doesn't have the name that http.Client looks for:
// retryablehttp closes idle connections whenever it gives up on a request, and
// other requests need them.
func (t *transport) closeIdleConnections() {
	for _, rt := range []http.RoundTripper{t.base, t.pool} {
		if c, ok := rt.(interface{ CloseIdleConnections() }); ok {
			c.CloseIdleConnections()
		}
	}
}
