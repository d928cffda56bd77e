package twilio

import (
	"bytes"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/lenient"
)

// An invocation is one request with all of its attempts. The context of the
// HTTP requests carries it.
type invocation struct {
	operation string
	account   string
	// idempotent is true if it may be retried after it may have taken effect.
	idempotent bool

	number             int  // of the attempt that is being made or prepared
	attempts           int  // that were made
	maybeApplied       bool // the latest attempt may have taken effect
	maybeAppliedBefore bool // an earlier one may have
	noRetry            bool // a retry won't help
	// outOfTime is true if the latest attempt couldn't begin before the context
	// ends; the fields below are then about the one before.
	outOfTime bool

	timeout          time.Duration // of an attempt; 0 for none
	waitMin, waitMax time.Duration
	wait             time.Duration // before the next attempt

	// The latest response. The status is 0 where there was none.
	status  int
	header  http.Header
	body    *bytes.Buffer
	fault   errorBody
	failure error // in place of a whole response

	download *download // where the body of a success goes, if not into body
	// unreadable are the fields of a success that make no sense.
	unreadable []*lenient.ValueError
}

type invocationKey struct{}

func invocationFrom(ctx context.Context) *invocation {
	inv, _ := ctx.Value(invocationKey{}).(*invocation)
	return inv
}

// A RequestInfo describes a request to a RoundTripper or a [RateLimiter].
type RequestInfo struct {
	// Operation names the operation, such as "calls.create". Requests of
	// [Client.Do] are named by method and path, without SIDs.
	Operation string
	// AccountSID is the account that the request acts on.
	AccountSID string
	// Attempt counts the attempts of the request, from 1.
	Attempt int
}

// RequestFromContext says which request an HTTP request or a wait belongs to,
// for use in a RoundTripper ([WithTransport]) or a [RateLimiter]. It reports
// false for contexts of other requests.
func RequestFromContext(ctx context.Context) (RequestInfo, bool) {
	inv := invocationFrom(ctx)
	if inv == nil {
		return RequestInfo{}, false
	}
	return RequestInfo{Operation: inv.operation, AccountSID: inv.account, Attempt: inv.number}, true
}

// OperationFromContext names the operation that an HTTP request belongs to,
// such as "calls.create", for use in a RoundTripper ([WithTransport]). It is
// empty for other requests.
func OperationFromContext(ctx context.Context) string {
	if inv := invocationFrom(ctx); inv != nil {
		return inv.operation
	}
	return ""
}

// do makes attempts until one is final, and waits between them.
func (inv *invocation) do(client *http.Client, maxRetries int, r *retryablehttp.Request) error {
	retries := retryablehttp.Client{
		HTTPClient:   client,
		RetryMax:     maxRetries,
		CheckRetry:   inv.checkRetry,
		Backoff:      func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return inv.wait },
		PrepareRetry: withoutCookies,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	_, err := retries.Do(r) //nolint:bodyclose // the transport has read and closed the body
	if inv.outOfTime && inv.attempts > 0 {
		return inv.failure // nil where the attempt before has a response
	}
	return err
}

// withoutCookies undoes what http.Client did to the request for the attempt
// before: it would add the cookies of its jar to those.
func withoutCookies(r *http.Request) error {
	if r.Header["Cookie"] != nil {
		r.Header = r.Header.Clone() // a RoundTripper may have kept the other
		r.Header.Del("Cookie")
	}
	return nil
}

// begin records that another attempt is made.
func (inv *invocation) begin() {
	inv.attempts++
	inv.maybeAppliedBefore = inv.maybeAppliedBefore || inv.maybeApplied
	inv.maybeApplied, inv.status, inv.header, inv.fault, inv.failure = false, 0, nil, errorBody{}, nil
}

// outcomeUnknown reports whether any attempt may have taken effect.
func (inv *invocation) outcomeUnknown() bool { return inv.maybeApplied || inv.maybeAppliedBefore }

// shouldRetry is the retry policy: a request that was never processed is always
// retried, and one that may have been only if doing it twice is the same as
// doing it once.
func (inv *invocation) shouldRetry(err error) bool {
	switch {
	case inv.noRetry:
		return false
	case err != nil:
		return !inv.maybeApplied || inv.idempotent
	case rateLimited(inv.status, inv.fault.code):
		return true
	}
	return isServerFailure(inv.status) && inv.idempotent
}

// isServerFailure reports whether a status says that another attempt may
// succeed where this one failed.
func isServerFailure(status int) bool {
	switch status {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	default:
		return false
	}
}

// checkRetry decides, with the signature that retryablehttp wants, whether the
// request is sent again, and how long to wait before.
func (inv *invocation) checkRetry(ctx context.Context, _ *http.Response, err error) (bool, error) {
	after := retryAfter(inv.header)
	retry := inv.shouldRetry(err) && after <= inv.waitMax
	// A final response goes to the caller even if the context has ended: it may
	// say that a create succeeded.
	if (retry || err != nil) && ctx.Err() != nil {
		if err == nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return false, nil // the time is up, and the response says more
		}
		if inv.download != nil && inv.download.isStarted {
			return false, nil // the error says how many bytes were written
		}
		return false, ctx.Err()
	}
	if !retry {
		return false, nil
	}
	if inv.wait = after + jitter(inv.waitMin, inv.waitMax, inv.attempts-1); inv.wait < 0 {
		inv.wait = math.MaxInt64
	}
	// If the next attempt can't begin before the context ends, waiting would
	// only hide the result of this one.
	deadline, limited := ctx.Deadline()
	return !limited || time.Until(deadline) > inv.wait, nil
}

// jitter draws a random wait up to a bound that doubles with each attempt (full
// jitter). It is added to what the server asked for, so that clients that were
// refused together don't return together.
func jitter(shortest, longest time.Duration, attempt int) time.Duration {
	bound := longest
	if attempt < 32 && shortest<<attempt>>attempt == shortest {
		bound = min(shortest<<attempt, longest)
	}
	return rand.N(max(bound, 1)) // N panics for 0
}

// retryAfter reads the header in both of its forms, and with a fraction, which
// HTTP doesn't have but servers send. It returns 0 if it is missing or can't be
// read.
func retryAfter(header http.Header) time.Duration {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if wait, ok := parseSeconds(value); ok {
		return wait
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}

// parseSeconds reads a number of seconds that a header has.
func parseSeconds(text string) (d time.Duration, ok bool) {
	// A number that is out of range comes back as infinity.
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) || math.IsNaN(seconds) {
		return 0, false
	}
	return time.Duration(min(max(0, seconds), math.MaxInt32) * float64(time.Second)), true
}

// mayHaveTakenEffect reports whether a request may have taken effect though the
// response isn't a success: after an outage, or a status that the API doesn't
// send itself, except for redirects that ask for the same request elsewhere.
// 303 even says that it did.
func mayHaveTakenEffect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return false
	default:
		return status < 200 || status >= 300 && status < 400 || status >= 500
	}
}
