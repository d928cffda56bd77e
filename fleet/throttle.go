package fleet

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// throttle notices responses with 429, and ends the operation that got one: its
// slot is freed, instead of being held while the SDK waits and retries.
type throttle struct{ base http.RoundTripper }

// RoundTrip makes one attempt.
func (t *throttle) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := t.base.RoundTrip(r)
	if err != nil || res.StatusCode != http.StatusTooManyRequests {
		return res, err
	}
	limited, _ := r.Context().Value(limitedKey{}).(*limited)
	if limited == nil {
		return res, nil
	}
	// A body of the API's is short. What can't be read is left to the SDK.
	body, err := io.ReadAll(io.LimitReader(res.Body, maxErrorBody))
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), res.Body), res.Body}
	var problem struct {
		Code int `json:"code"`
	}
	// Another code is about a sender's own queue.
	if err == nil && (json.Unmarshal(body, &problem) != nil || problem.Code == 0 || problem.Code == twilio.CodeTooManyRequests) {
		limited.report(retryAfter(res.Header))
	}
	return res, nil
}

const maxErrorBody = 1 << 16

// retryAfter reads the header; 0 if it has none that can be read.
func retryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(max(0, min(seconds, 3600))) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(time.Hour, max(0, time.Until(at)))
	}
	return 0
}

type limitedKey struct{}

// limited records that one of an operation's requests got a 429.
type limited struct {
	cancel context.CancelCauseFunc
	hit    atomic.Bool
	after  atomic.Int64 // the longest Retry-After
}

func (l *limited) report(after time.Duration) {
	for old := l.after.Load(); int64(after) > old && !l.after.CompareAndSwap(old, int64(after)); old = l.after.Load() {
	}
	l.hit.Store(true)
	l.cancel(errLimited)
}
