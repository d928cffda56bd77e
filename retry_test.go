package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// effect says what a failed attempt may have done at Twilio.
type effect int

const (
	noneRetry  effect = iota // nothing, and a retry may succeed
	noneFinal                // nothing, and a retry fails too
	maybeRetry               // everything, and a retry may succeed
	maybeFinal               // everything, and a retry fails too
)

var failures = []struct {
	name   string
	effect effect
	step   step
	status int // of the *Error, 0 for a *TransportError
}{
	{"429 with code 20429", noneRetry, respondError(429, 20429), 429},
	{"429 without a code", noneRetry, respond(429, `{"message":"slow down"}`), 429},
	{"429 of a proxy", noneRetry, respond(429, "<html>"), 429},
	{"429 with code 21611", noneFinal, respondError(429, 21611), 429},
	{"dial", noneRetry, failWith(&net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}), 0},
	{"dial that times out", noneRetry, failWith(&net.OpError{Op: "dial", Net: "tcp", Err: context.DeadlineExceeded}), 0},
	{"DNS", noneRetry, failWith(&net.DNSError{Err: "no such host", IsNotFound: true}), 0},
	{"500", maybeRetry, respondError(500, 20500), 500},
	{"502", maybeRetry, respond(502, ""), 502},
	{"503", maybeRetry, respond(503, "<html><body>Service Unavailable</body></html>"), 503},
	{"504", maybeRetry, respond(504, "upstream request timeout"), 504},
	{"503 whose body breaks off", maybeRetry, cutOff(503, "<html>"), 503},
	{"501", maybeFinal, respond(501, ""), 501},
	{"reset", maybeRetry, connReset, 0},
	{"reset while writing", maybeRetry, failWith(&net.OpError{Op: "write", Err: syscall.EPIPE}), 0},
	{"end instead of a response", maybeRetry, failWith(io.EOF), 0},
	{"attempt times out", maybeRetry, hang, 0},
	{"success whose body breaks off", maybeRetry, cutOff(200, `{"calls":[{"sid":"CA`), 0},
	{"success larger than memory should be", maybeFinal, respondBody(200, endless{}), 0},
	{"success that can't be read", maybeFinal, respond(200, "<html>Welcome</html>"), 0},
	{"400", noneFinal, respondError(400, 20001), 400},
	{"401", noneFinal, respondError(401, 20003), 401},
	{"403", noneFinal, respondError(403, 20008), 403},
	{"404", noneFinal, respondError(404, 20404), 404},
	{"409", noneFinal, respondError(409, 0), 409},
	{"302", noneFinal, respond(302, "", "Location", "https://example.com/"), 302},
	{"307", noneFinal, respond(307, "", "Location", "/2010-04-01/Accounts.json"), 307},
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// TestWithIdempotent fails a create that the caller allows to retry, without
// end and once. Whether it was done stays unknown where it may have been.
func TestWithIdempotent(t *testing.T) {
	t.Parallel()
	create := func(ctx context.Context, c *twilio.Client) error {
		params := twilio.CallCreateParams{To: "+15005550006", From: "+15005550006", TwiML: "<Response/>"}
		_, err := c.Calls.Create(ctx, params, twilio.WithIdempotent())
		return err
	}
	for _, f := range failures {
		retried := f.effect == noneRetry || f.effect == maybeRetry
		unknown := f.effect == maybeRetry || f.effect == maybeFinal
		attempts := 1
		if retried {
			attempts = 4
		}
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newScript(t, repeat(attempts, f.step)...)
				wantFailure(t, create(t.Context(), newClient(t, s)), f.status, attempts, unknown)
				for _, a := range s.sent[1:] {
					if first := s.sent[0]; a.Method != first.Method || a.Path != first.Path ||
						a.Query.Encode() != first.Query.Encode() || a.Form.Encode() != first.Form.Encode() ||
						a.Header.Get("Authorization") != first.Header.Get("Authorization") {
						t.Errorf("sent %s %s %v again as %s %s %v", first.Method, first.Path, first.Form, a.Method, a.Path, a.Form)
					}
				}
				if !retried {
					return
				}
				s = newScript(t, f.step, respond(201, anyResource))
				if err := create(t.Context(), newClient(t, s)); err != nil {
					t.Errorf("after one failure: %v", err)
				}
			})
		})
	}
}

func TestMaxRetries(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 5} {
		synctest.Test(t, func(t *testing.T) {
			s := newScript(t, repeat(n+1, connReset)...)
			var meta twilio.ResponseMeta
			_, err := newClient(t, s, twilio.WithMaxRetries(n)).Calls.Get(t.Context(), callSID, twilio.WithResponseInto(&meta))
			wantFailure(t, err, 0, n+1, false)
			if meta.Attempts != n+1 || meta.StatusCode != 0 {
				t.Errorf("meta says %d attempts and status %d", meta.Attempts, meta.StatusCode)
			}
		})
	}
}

// TestUnknownOutcomeOfAnEarlierAttempt has a first attempt that may have taken
// effect, and a last one that has not.
func TestUnknownOutcomeOfAnEarlierAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, last := range []step{respondError(400, 20001), respondError(429, 21611), respond(302, "")} {
			s := newScript(t, connReset, last)
			_, err := newClient(t, s).Messages.Create(t.Context(),
				twilio.MessageCreateParams{To: "+15005550006", From: "+15005550006", Body: "Ahoy"}, twilio.WithIdempotent())
			if _, ok := errors.AsType[*twilio.Error](err); !ok || !errors.Is(err, twilio.ErrOutcomeUnknown) {
				t.Errorf("got %v, want an *Error with an unknown outcome", err)
			}
		}
	})
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name              string
		shortest, longest time.Duration
		opts              []twilio.Option
	}{
		{"default", 500 * time.Millisecond, 10 * time.Second, nil},
		{"its own", time.Second, 3 * time.Second, []twilio.Option{twilio.WithRetryWait(time.Second, 3*time.Second)}},
		{"none", 0, 0, []twilio.Option{twilio.WithRetryWait(0, 0)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const retries, rounds = 8, 100
				var longest [retries]time.Duration
				shortest := [retries]time.Duration{time.Hour, time.Hour, time.Hour, time.Hour, time.Hour, time.Hour, time.Hour, time.Hour}
				for range rounds {
					s := newScript(t, repeat(retries+1, respond(503, ""))...)
					_, err := newClient(t, s, append(tt.opts, twilio.WithMaxRetries(retries))...).Calls.Get(t.Context(), callSID)
					wantFailure(t, err, 503, retries+1, false)
					for i := range retries {
						wait := s.sent[i+1].At.Sub(s.sent[i].At)
						longest[i], shortest[i] = max(longest[i], wait), min(shortest[i], wait)
					}
				}
				// The jitter is full: waits fill the range from 0 to the bound.
				// That 100 of them all miss a fifth of it happens once in 5 billion
				// times.
				for i := range retries {
					bound := min(tt.shortest<<i, tt.longest)
					if longest[i] > bound || longest[i] < bound*4/5 || shortest[i] < 0 || shortest[i] > bound/5 {
						t.Errorf("retry %d waits %v to %v, want 0 to %v", i+1, shortest[i], longest[i], bound)
					}
				}
			})
		})
	}
}

// TestBackoffWithoutBound sets the longest possible waits.
func TestBackoffWithoutBound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t, respond(503, ""))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Nanosecond, cancel)
		_, err := newClient(t, s, twilio.WithRetryWait(math.MaxInt64, math.MaxInt64)).Calls.Get(ctx, callSID)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	date := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	for _, tt := range []struct {
		name  string
		value func() string
		want  time.Duration
	}{
		{"seconds", func() string { return "7" }, 7 * time.Second},
		{"date", func() string { return date(7 * time.Second) }, 7 * time.Second},
		{"at the cap", func() string { return "10" }, 10 * time.Second},
		{"zero", func() string { return "0" }, 0},
		{"a date that has passed", func() string { return date(-time.Hour) }, 0},
		{"negative", func() string { return "-5" }, 0},
		{"not a number", func() string { return "soon" }, 0},
		{"NaN", func() string { return "NaN" }, 0},
		{"a fraction", func() string { return " 1.5 " }, 1500 * time.Millisecond},
		{"over the cap", func() string { return "11" }, 11 * time.Second},
		{"a date over the cap", func() string { return date(time.Hour) }, time.Hour},
		{"a day", func() string { return "86400" }, 24 * time.Hour},
		{"for ever", func() string { return "99999999999999999999" }, math.MaxInt32 * time.Second},
	} {
		for _, status := range []int{429, 503} {
			t.Run(fmt.Sprintf("%s/%d", tt.name, status), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					first := respondError(status, 0, "Retry-After", tt.value())
					over := tt.want > 10*time.Second
					steps := []step{first, respond(200, anyResource)}
					if over {
						steps = steps[:1]
					}
					s := newScript(t, steps...)
					start := time.Now()
					_, err := newClient(t, s).Calls.Get(t.Context(), callSID)
					took := time.Since(start)
					if !over {
						if err != nil || took < tt.want || took > tt.want+500*time.Millisecond {
							t.Errorf("%v after %v, want a success after %v and at most 500ms more", err, took, tt.want)
						}
						return
					}
					wantFailure(t, err, status, 1, false)
					if e, _ := errors.AsType[*twilio.Error](err); took != 0 || e.RetryAfter != tt.want {
						t.Errorf("RetryAfter %v after %v, want %v at once", e.RetryAfter, took, tt.want)
					}
				})
			})
		}
	}

	t.Run("the cap is WithRetryWait's", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := newScript(t, respondError(429, 20429, "Retry-After", "3600"), respond(201, anyResource))
			start := time.Now()
			err := createCall(t.Context(), newClient(t, s, twilio.WithRetryWait(0, 2*time.Hour)))
			if took := time.Since(start); err != nil || took < time.Hour {
				t.Errorf("%v after %v", err, took)
			}
		})
	})
	t.Run("told where nothing is retried", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, respondError(503, 0, "Retry-After", "3"))
		err := createCall(t.Context(), newClient(t, s))
		if e, ok := errors.AsType[*twilio.Error](err); !ok || e.RetryAfter != 3*time.Second {
			t.Errorf("got %v", err)
		}
	})
}

// TestDeletedByALostAttempt: "not found" is a success for a delete that an
// earlier attempt may have done, however many follow, and for no other. The
// fault matrix has the attempts that fail alone.
func TestDeletedByALostAttempt(t *testing.T) {
	t.Parallel()
	gone := respondError(404, 20404)
	for name, tt := range map[string]struct {
		first   []step
		deleted bool
	}{
		"reset, then 429":    {[]step{connReset, respondError(429, 20429)}, true},
		"429":                {[]step{respondError(429, 20429)}, false},
		"never connected":    {[]step{failWith(&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED})}, false},
		"resolved by no one": {[]step{failWith(&net.DNSError{})}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newScript(t, append(tt.first, gone)...)
				switch err := newClient(t, s).Calls.Delete(t.Context(), callSID); {
				case tt.deleted && err != nil:
					t.Errorf("got %v, want a success", err)
				case !tt.deleted && !errors.Is(err, twilio.ErrNotFound):
					t.Errorf("got %v, want not found", err)
				}
			})
		})
	}
}

// TestDeadlineInBackoff: where the context ends before the next attempt can
// begin, the response that there is comes back, at once.
func TestDeadlineInBackoff(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		steps    []step
		opts     []twilio.Option
		status   int
		attempts int
	}{
		"Retry-After": {[]step{respondError(429, 20429, "Retry-After", "5")}, nil, 429, 1},
		"the wait that was drawn": {[]step{respondError(503, 0)},
			[]twilio.Option{twilio.WithRetryWait(time.Hour, time.Hour)}, 503, 1},
		"the second back-off": {[]step{respondError(429, 0), respondError(503, 0, "Retry-After", "9")}, nil, 503, 2},
		"a limiter that sees it coming": {[]step{respondError(503, 0)},
			[]twilio.Option{twilio.WithRateLimiter(limiterAfter(1, errors.New("would exceed context deadline")))}, 503, 1},
		"a limiter that waits it out": {[]step{respondError(503, 0)},
			[]twilio.Option{twilio.WithRateLimiter(limiterAfter(1, nil))}, 503, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
				defer cancel()
				_, err := newClient(t, newScript(t, test.steps...), test.opts...).Calls.Get(ctx, callSID)
				e, ok := errors.AsType[*twilio.Error](err)
				if !ok || e.StatusCode != test.status || e.Attempts != test.attempts {
					t.Errorf("got %v", err)
				}
				if name != "a limiter that waits it out" && ctx.Err() != nil {
					t.Error("waited for the end")
				}
			})
		})
	}
}

// limiterAfter lets n requests pass. Then it fails or, without an error to fail
// with, waits for the context.
func limiterAfter(n int, err error) limiterFunc {
	return func(ctx context.Context) error {
		if n--; n >= 0 {
			return nil
		}
		if err != nil {
			return err
		}
		<-ctx.Done()
		return ctx.Err()
	}
}
