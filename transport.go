package twilio

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	// maxBody bounds an answer. A page of 1,000 messages with the longest
	// bodies is about 10 MiB.
	maxBody = 32 << 20
	// maxErrorBody bounds what is read of an answer that isn't a success.
	maxErrorBody = 1 << 20
	// maxPooled bounds the buffers that are kept for the next answer.
	maxPooled = 8 << 20
)

// invocation is one request's way through its attempts. It travels in the
// context, because a retry policy of retryablehttp doesn't see the request.
type invocation struct {
	operation string
	account   string
	// idempotent says that it may be sent again after it may have taken effect.
	idempotent bool

	attempts           int
	maybeApplied       bool // the latest attempt may have taken effect
	maybeAppliedBefore bool // an earlier one may have
	noRetry            bool // whatever went wrong, sending it again won't help

	// The latest answer. The status is 0 where there was none.
	status int
	header http.Header
	body   *bytes.Buffer
	answer errorBody
}

// errorBody is what Twilio says in an answer that isn't a success.
type errorBody struct {
	Code     int    `json:"code"`
	Message  string `json:"message"`
	MoreInfo string `json:"more_info"`
	Details  any    `json:"details"`
}

type invocationKey struct{}

func invocationFrom(ctx context.Context) *invocation {
	inv, _ := ctx.Value(invocationKey{}).(*invocation)
	return inv
}

// OperationFromContext names the operation that an HTTP request belongs to, such
// as "calls.create", for use in a RoundTripper given by [WithHTTPClient]. It is
// empty for requests of others.
func OperationFromContext(ctx context.Context) string {
	if inv := invocationFrom(ctx); inv != nil {
		return inv.operation
	}
	return ""
}

// transport makes one attempt. It waits for the rate limiter, bounds the time,
// and reads the answer to its end, so that an answer that breaks off is retried
// like a connection that does.
type transport struct {
	base    http.RoundTripper
	limiter RateLimiter
	timeout time.Duration
	logger  *slog.Logger
	buffers sync.Pool
}

// newRetryClient puts the retrying client together.
func newRetryClient(cfg *config) (*retryablehttp.Client, *transport) {
	own := http.Client{Transport: newTransport()}
	if cfg.httpClient != nil {
		own = *cfg.httpClient
	}
	if own.Transport == nil {
		own.Transport = http.DefaultTransport //nolint:forbidigo // what a nil transport of net/http means
	}
	// The credentials would follow a redirect, and a POST would become a GET.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	attempts := &transport{
		base:    own.Transport,
		limiter: cfg.limiter,
		timeout: cfg.timeout,
		logger:  cfg.logger,
		buffers: sync.Pool{New: func() any { return new(bytes.Buffer) }},
	}
	own.Transport = attempts
	return &retryablehttp.Client{
		HTTPClient:   &own,
		RetryMax:     cfg.maxRetries,
		RetryWaitMin: cfg.waitMin,
		RetryWaitMax: cfg.waitMax,
		CheckRetry: func(ctx context.Context, _ *http.Response, err error) (bool, error) {
			inv := invocationFrom(ctx)
			retry := inv.shouldRetry(err) && retryAfter(inv.header) <= cfg.waitMax
			// An answer that stands is the caller's, also where the time is up by
			// now: it may say that a create was done.
			if (retry || err != nil) && ctx.Err() != nil {
				return false, ctx.Err()
			}
			return retry, nil
		},
		Backoff:      backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}, attempts
}

// newTransport is a transport of our own, so that nobody else's settings or load
// reach it. It has net/http's defaults, but keeps many connections to the one
// host that there is.
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

// outcomeUnknown reports whether any attempt may have taken effect.
func (inv *invocation) outcomeUnknown() bool { return inv.maybeApplied || inv.maybeAppliedBefore }

// shouldRetry is the retry policy: what was never processed is sent again whatever
// it is, what may have been only if doing it twice is the same as once.
func (inv *invocation) shouldRetry(err error) bool {
	switch {
	case inv.noRetry:
		return false
	case err != nil:
		return !inv.maybeApplied || inv.idempotent
	case rateLimited(inv.status, inv.answer.Code):
		return true
	}
	switch inv.status {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return inv.idempotent
	default:
		return false
	}
}

// backoff draws the wait before the next attempt: anything up to a bound that
// doubles (full jitter), after what the server asked for. The jitter stays on
// top of the server's wish, so that clients that were turned away together don't
// come back together.
func backoff(shortest, longest time.Duration, attempt int, res *http.Response) time.Duration {
	bound := longest
	if attempt < 32 && shortest<<attempt>>attempt == shortest {
		bound = min(shortest<<attempt, longest)
	}
	wait := rand.N(max(bound, 1)) // N takes no 0
	if res != nil {
		wait += retryAfter(res.Header)
	}
	return wait
}

// retryAfter reads the header in both of its forms, 0 where it isn't there or
// can't be read.
func retryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if value == "" {
		return 0
	}
	// A number that is out of range comes back as the nearest one within.
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil || errors.Is(err, strconv.ErrRange) {
		return max(0, time.Duration(seconds)*time.Second)
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}

// RoundTrip makes one attempt. What it learns goes into the exchange; the
// response that it returns has no body left.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	inv := invocationFrom(ctx)
	inv.maybeAppliedBefore = inv.maybeAppliedBefore || inv.maybeApplied
	inv.maybeApplied, inv.status, inv.header, inv.answer = false, 0, nil, errorBody{}
	if t.limiter != nil {
		if err := t.limiter.Wait(ctx); err != nil {
			inv.noRetry = true
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if t.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, t.timeout)
		defer cancel()
	}
	// Where net/http asks for a connection and never gets one, nothing was sent.
	var unconnected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { unconnected.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { unconnected.Store(false) },
	})

	inv.attempts++
	start := time.Now()
	res, err := t.base.RoundTrip(r.WithContext(ctx))
	if err == nil {
		inv.status, inv.header = res.StatusCode, res.Header
		err = t.read(inv, res)
	}
	switch {
	case err != nil:
		inv.maybeApplied = !unconnected.Load() && !neverSent(err)
	default:
		inv.maybeApplied = mayHaveTakenEffect(inv.status)
	}
	t.log(r, inv, time.Since(start), err)
	if err != nil {
		return nil, err
	}
	res.Body = http.NoBody
	return res, nil
}

// mayHaveTakenEffect reports whether an answer that isn't a success leaves that
// open: an outage does, and so does what no API says by itself, but for the
// redirects that ask for the same request elsewhere. 303 even says that it did.
func mayHaveTakenEffect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return false
	default:
		return status < 200 || status >= 300 && status < 400 || status >= 500
	}
}

// read takes the answer's body into the exchange and closes it. The status of
// an answer that isn't a success counts even if its body breaks off.
func (t *transport) read(inv *invocation, res *http.Response) error {
	defer res.Body.Close()
	if inv.status == http.StatusSwitchingProtocols {
		return nil // its body is the connection, which reads on past any context
	}
	success := inv.status >= 200 && inv.status <= 299
	limit := int64(maxErrorBody)
	if success {
		limit = maxBody
	}
	if inv.body == nil {
		inv.body = t.buffers.Get().(*bytes.Buffer)
	}
	inv.body.Reset()
	// Where the length is known the buffer need not double its way up to it. A
	// length that is a lie takes no more than some pages would.
	if n := min(res.ContentLength, limit, maxPooled/2) + bytes.MinRead; n > int64(inv.body.Cap()) {
		inv.body = bytes.NewBuffer(make([]byte, 0, n+n/8)) // the next page may be a little longer
	}
	_, err := inv.body.ReadFrom(io.LimitReader(res.Body, limit+1))
	switch {
	case !success:
		// Parts of a page of a proxy, or nothing, say less than the status does.
		_ = decode(inv.body.Bytes(), &inv.answer)
		return nil
	case err != nil:
		return err
	case int64(inv.body.Len()) > limit:
		inv.noRetry = true
		return safeText("the answer is larger than " + strconv.Itoa(maxBody>>20) + " MiB")
	default:
		return nil
	}
}

// release gives the exchange's buffer to the next one.
func (t *transport) release(inv *invocation) {
	if inv.body != nil && inv.body.Cap() <= maxPooled {
		t.buffers.Put(inv.body)
	}
	inv.body = nil
}

// neverSent knows the errors of connections that were never made, for
// RoundTrippers that don't tell httptrace.
func neverSent(err error) bool {
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "dial" {
		return true
	}
	_, name := errors.AsType[*net.DNSError](err)
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, record := errors.AsType[tls.RecordHeaderError](err) // the other side speaks no TLS
	return name || certificate || record
}

func (t *transport) log(r *http.Request, inv *invocation, took time.Duration, err error) {
	if t.logger == nil {
		return
	}
	level := slog.LevelDebug
	if err != nil || inv.status >= 400 {
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
	if inv.answer.Code != 0 {
		attrs = append(attrs, slog.Int("code", inv.answer.Code))
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", safeDescription(err)))
	}
	t.logger.LogAttrs(r.Context(), level, "twilio request", attrs...)
}

// closeIdleConnections isn't named as http.Client would look for it:
// retryablehttp closes the idle connections whenever it gives up on a request,
// and others are using them.
func (t *transport) closeIdleConnections() {
	if c, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
