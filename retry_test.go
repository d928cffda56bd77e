package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

const (
	numberSID = "PN00000000000000000000000000000004"
	errorBody = `{"code":%d,"message":"no","more_info":"https://www.twilio.com/docs/errors/%[1]d","status":%d}`
)

// apiError answers with one of Twilio's errors.
func apiError(status, code int, header ...string) step {
	return answer(status, fmt.Sprintf(errorBody, code, status), header...)
}

// repetition says when an operation may be sent again.
type repetition int

const (
	never      repetition = iota // once it may have taken effect
	always                       // doing it twice is the same as once
	bySettings                   // the caller says that it is, and can't know whether it was done
)

var retried = []struct {
	name   string
	repeat repetition
	call   func(context.Context, *twilio.Client) error
	status int // of a success
	body   string
}{
	{"get", always, func(ctx context.Context, c *twilio.Client) error {
		_, err := c.Calls.Get(ctx, callSID)
		return err
	}, 200, `{}`},
	{"list", always, func(ctx context.Context, c *twilio.Client) error {
		_, err := c.Calls.List(ctx, twilio.CallListParams{PageSize: 50})
		return err
	}, 200, `{"calls":[]}`},
	{"delete", always, func(ctx context.Context, c *twilio.Client) error {
		return c.Calls.Delete(ctx, callSID)
	}, 204, ``},
	{"do GET", always, func(ctx context.Context, c *twilio.Client) error {
		return c.Do(ctx, "GET", "/2010-04-01/Accounts/"+mainSID+"/Queues.json", nil, nil)
	}, 200, `{}`},
	{"update of a status", always, func(ctx context.Context, c *twilio.Client) error {
		_, err := c.Accounts.Update(ctx, subSID, twilio.AccountUpdateParams{Status: new(twilio.AccountStatusClosed)})
		return err
	}, 200, `{}`},
	{"update of a name", always, func(ctx context.Context, c *twilio.Client) error {
		_, err := c.Accounts.Update(ctx, subSID, twilio.AccountUpdateParams{FriendlyName: new("Submarine")})
		return err
	}, 200, `{}`},
	{"transfer", always, func(ctx context.Context, c *twilio.Client) error {
		_, err := c.IncomingPhoneNumbers.Update(ctx, numberSID, twilio.IncomingPhoneNumberUpdateParams{AccountSID: new(subSID)})
		return err
	}, 200, `{}`},
	{"end of a call", always, func(ctx context.Context, c *twilio.Client) error {
		_, err := c.Calls.Update(ctx, callSID, twilio.CallUpdateParams{Status: new(twilio.CallStatusCompleted)})
		return err
	}, 200, `{}`},
	{"redirect of a call by URL", never, func(ctx context.Context, c *twilio.Client) error {
		_, err := c.Calls.Update(ctx, callSID, twilio.CallUpdateParams{URL: new("https://example.com")})
		return err
	}, 200, `{}`},
	{"redirect of a call by TwiML", never, func(ctx context.Context, c *twilio.Client) error {
		_, err := c.Calls.Update(ctx, callSID, twilio.CallUpdateParams{TwiML: new("<Response/>")})
		return err
	}, 200, `{}`},
	{"account", never, func(ctx context.Context, c *twilio.Client) error {
		_, err := c.Accounts.Create(ctx, twilio.AccountCreateParams{})
		return err
	}, 201, `{}`},
	{"call", never, createCall, 201, `{}`},
	{"message", never, func(ctx context.Context, c *twilio.Client) error {
		_, err := c.Messages.Create(ctx, twilio.MessageCreateParams{To: "+15005550006", From: "+15005550006", Body: "Ahoy"})
		return err
	}, 201, `{}`},
	{"key", never, func(ctx context.Context, c *twilio.Client) error {
		_, err := c.Keys.Create(ctx, twilio.KeyCreateParams{})
		return err
	}, 201, `{}`},
	{"address", never, func(ctx context.Context, c *twilio.Client) error {
		_, err := c.Addresses.Create(ctx, twilio.AddressCreateParams{
			CustomerName: "n", Street: "s", City: "c", Region: "r", PostalCode: "p", ISOCountry: "US"})
		return err
	}, 201, `{}`},
	{"number by area code", never, func(ctx context.Context, c *twilio.Client) error {
		_, err := c.IncomingPhoneNumbers.Create(ctx, twilio.IncomingPhoneNumberCreateParams{AreaCode: "510"})
		return err
	}, 201, `{}`},
	{"do POST", never, func(ctx context.Context, c *twilio.Client) error {
		return c.Do(ctx, "POST", "/2010-04-01/Accounts/"+mainSID+"/Queues.json", url.Values{"FriendlyName": {"q"}}, nil)
	}, 201, `{}`},
	{"create WithIdempotent", bySettings, func(ctx context.Context, c *twilio.Client) error {
		_, err := c.Calls.Create(ctx, twilio.CallCreateParams{To: "+15005550006", From: "+15005550006", TwiML: "<Response/>"}, twilio.WithIdempotent())
		return err
	}, 201, `{}`},
}

func createCall(ctx context.Context, c *twilio.Client) error {
	_, err := c.Calls.Create(ctx, twilio.CallCreateParams{To: "+15005550006", From: "+15005550006", TwiML: "<Response/>"})
	return err
}

// effect says what an attempt that failed may have done.
type effect int

const (
	none    effect = iota // nothing, and it is worth another attempt
	denied                // nothing, and it won't ever
	perhaps               // everything, and it is worth another attempt
	vain                  // everything, and it won't get better
)

var failures = []struct {
	name   string
	effect effect
	step   step
	status int // of the *Error, 0 for a *TransportError
}{
	{"429 with code 20429", none, apiError(429, 20429), 429},
	{"429 without a code", none, answer(429, `{"message":"slow down"}`), 429},
	{"429 of a proxy", none, answer(429, "<html>"), 429},
	{"429 with code 21611", denied, apiError(429, 21611), 429},
	{"dial", none, fail(&net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}), 0},
	{"dial that times out", none, fail(&net.OpError{Op: "dial", Net: "tcp", Err: context.DeadlineExceeded}), 0},
	{"DNS", none, fail(&net.DNSError{Err: "no such host", IsNotFound: true}), 0},
	{"500", perhaps, apiError(500, 20500), 500},
	{"502", perhaps, answer(502, ""), 502},
	{"503", perhaps, answer(503, "<html><body>Service Unavailable</body></html>"), 503},
	{"504", perhaps, answer(504, "upstream request timeout"), 504},
	{"503 whose body breaks off", perhaps, broken(503, "<html>"), 503},
	{"501", vain, answer(501, ""), 501},
	{"reset", perhaps, reset, 0},
	{"reset while writing", perhaps, fail(&net.OpError{Op: "write", Err: syscall.EPIPE}), 0},
	{"end instead of an answer", perhaps, fail(io.EOF), 0},
	{"attempt times out", perhaps, hang, 0},
	{"success whose body breaks off", perhaps, broken(200, `{"calls":[{"sid":"CA`), 0},
	{"success larger than memory should be", vain, body(200, endless{}), 0},
	{"400", denied, apiError(400, 20001), 400},
	{"401", denied, apiError(401, 20003), 401},
	{"403", denied, apiError(403, 20008), 403},
	{"404", denied, apiError(404, 20404), 404},
	{"409", denied, apiError(409, 0), 409},
	{"302", denied, answer(302, "", "Location", "https://example.com/"), 302},
	{"307", denied, answer(307, "", "Location", "/2010-04-01/Accounts.json"), 307},
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// TestRetryTable fails every operation in every way, for ever and once.
func TestRetryTable(t *testing.T) {
	t.Parallel()
	for _, op := range retried {
		for _, f := range failures {
			again := f.effect == none || f.effect == perhaps && op.repeat != never
			unknown := (f.effect == perhaps || f.effect == vain) && op.repeat != always
			attempts := 1
			if again {
				attempts = 4
			}
			t.Run(op.name+"/"+f.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					s := newScript(t, times(attempts, f.step)...)
					err := op.call(t.Context(), newClient(t, s))
					wantFailure(t, err, f.status, attempts, unknown)
					for _, a := range s.sent[1:] {
						if first := s.sent[0]; a.Method != first.Method || a.Path != first.Path ||
							a.Query.Encode() != first.Query.Encode() || a.Form.Encode() != first.Form.Encode() ||
							a.Header.Get("Authorization") != first.Header.Get("Authorization") {
							t.Errorf("sent %s %s %v again as %s %s %v", first.Method, first.Path, first.Form, a.Method, a.Path, a.Form)
						}
					}
					if !again {
						return
					}
					s = newScript(t, f.step, answer(op.status, op.body))
					if err := op.call(t.Context(), newClient(t, s)); err != nil {
						t.Errorf("after one failure: %v", err)
					}
				})
			})
		}
	}
}

// wantFailure checks the error of a request; status is 0 for a TransportError.
func wantFailure(t *testing.T, err error, status, attempts int, unknown bool) {
	t.Helper()
	api, isAPI := errors.AsType[*twilio.Error](err)
	transport, isTransport := errors.AsType[*twilio.TransportError](err)
	switch {
	case isAPI && status != 0:
		if api.StatusCode != status || api.Attempts != attempts {
			t.Errorf("status %d after %d attempts, want %d after %d", api.StatusCode, api.Attempts, status, attempts)
		}
		if got, want := errors.Is(err, twilio.ErrRateLimited), status == 429 && api.Code != 21611; got != want {
			t.Errorf("ErrRateLimited: %t, want %t", got, want)
		}
	case isTransport && status == 0:
		if transport.Attempts != attempts {
			t.Errorf("%d attempts, want %d", transport.Attempts, attempts)
		}
	default:
		t.Fatalf("got %T %v, want status %d", err, err, status)
	}
	if got := errors.Is(err, twilio.ErrOutcomeUnknown); got != unknown {
		t.Errorf("ErrOutcomeUnknown: %t, want %t: %v", got, unknown, err)
	}
	if got := strings.Contains(err.Error(), "outcome unknown"); got != unknown {
		t.Errorf("the text says that the outcome is unknown: %t, want %t: %v", got, unknown, err)
	}
}

// TestUnreadableSuccess is sent once, whatever the operation: the answer to a
// create that can't be understood doesn't say what was created.
func TestUnreadableSuccess(t *testing.T) {
	t.Parallel()
	for _, op := range retried {
		if op.name == "delete" || strings.HasPrefix(op.name, "do ") {
			continue // they read nothing
		}
		s := newScript(t, answer(200, "<html>Welcome</html>"))
		wantFailure(t, op.call(t.Context(), newClient(t, s)), 0, 1, op.repeat != always)
	}
}

func TestMaxRetries(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 5} {
		synctest.Test(t, func(t *testing.T) {
			s := newScript(t, times(n+1, reset)...)
			var meta twilio.ResponseMeta
			_, err := newClient(t, s, twilio.WithMaxRetries(n)).Calls.Get(t.Context(), callSID, twilio.WithResponseInto(&meta))
			wantFailure(t, err, 0, n+1, false)
			if meta.Attempts != n+1 || meta.StatusCode != 0 {
				t.Errorf("meta says %d attempts and status %d", meta.Attempts, meta.StatusCode)
			}
		})
	}
}

// TestLostEarlier has a first attempt that may have taken effect, and a last
// one that surely hasn't.
func TestLostEarlier(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, last := range []step{apiError(400, 20001), apiError(429, 21611), answer(302, "")} {
			s := newScript(t, reset, last)
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
				const retries, rounds = 8, 50
				var longest [retries]time.Duration
				shortest := [retries]time.Duration{time.Hour, time.Hour, time.Hour, time.Hour, time.Hour, time.Hour, time.Hour, time.Hour}
				for range rounds {
					s := newScript(t, times(retries+1, answer(503, ""))...)
					_, err := newClient(t, s, append(tt.opts, twilio.WithMaxRetries(retries))...).Calls.Get(t.Context(), callSID)
					wantFailure(t, err, 503, retries+1, false)
					for i := range retries {
						wait := s.sent[i+1].At.Sub(s.sent[i].At)
						longest[i], shortest[i] = max(longest[i], wait), min(shortest[i], wait)
					}
				}
				// The jitter is full: waits fill the range from 0 to the bound. That 50
				// of them all miss a fifth of it happens once in 70,000 times.
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

// TestBackoffWithoutBound asks for the longest waits that there are.
func TestBackoffWithoutBound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t, answer(503, ""))
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
		{"over the cap", func() string { return "11" }, 11 * time.Second},
		{"a date over the cap", func() string { return date(time.Hour) }, time.Hour},
		{"a day", func() string { return "86400" }, 24 * time.Hour},
		{"for ever", func() string { return "99999999999999999999" }, math.MaxInt32 * time.Second},
	} {
		for _, status := range []int{429, 503} {
			t.Run(fmt.Sprintf("%s/%d", tt.name, status), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					first := apiError(status, 0, "Retry-After", tt.value())
					over := tt.want > 10*time.Second
					steps := []step{first, answer(200, `{}`)}
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
			s := newScript(t, apiError(429, 20429, "Retry-After", "3600"), answer(201, `{}`))
			start := time.Now()
			err := createCall(t.Context(), newClient(t, s, twilio.WithRetryWait(0, 2*time.Hour)))
			if took := time.Since(start); err != nil || took < time.Hour {
				t.Errorf("%v after %v", err, took)
			}
		})
	})
	t.Run("told where nothing is retried", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, apiError(503, 0, "Retry-After", "3"))
		err := createCall(t.Context(), newClient(t, s))
		if e, ok := errors.AsType[*twilio.Error](err); !ok || e.RetryAfter != 3*time.Second {
			t.Errorf("got %v", err)
		}
	})
}

// TestDeletedByALostAttempt: "not found" is a success for a delete that an
// earlier attempt may have done, and for no other.
func TestDeletedByALostAttempt(t *testing.T) {
	t.Parallel()
	gone := apiError(404, 20404)
	for name, tt := range map[string]struct {
		first   []step
		deleted bool
	}{
		"reset":              {[]step{reset}, true},
		"503":                {[]step{answer(503, "")}, true},
		"time-out":           {[]step{hang}, true},
		"reset, then 429":    {[]step{reset, apiError(429, 20429)}, true},
		"at first":           {nil, false},
		"429":                {[]step{apiError(429, 20429)}, false},
		"never connected":    {[]step{fail(&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED})}, false},
		"resolved by no one": {[]step{fail(&net.DNSError{})}, false},
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

// TestSettledUpdates repeats updates whose first attempt took effect unseen.
func TestSettledUpdates(t *testing.T) {
	t.Parallel()
	const (
		account  = "/2010-04-01/Accounts/" + subSID + ".json"
		call     = "/2010-04-01/Accounts/" + mainSID + "/Calls/" + callSID + ".json"
		number   = "/2010-04-01/Accounts/" + mainSID + "/IncomingPhoneNumbers/" + numberSID + ".json"
		newPlace = "/2010-04-01/Accounts/" + subSID + "/IncomingPhoneNumbers/" + numberSID + ".json"
	)
	closing := func(ctx context.Context, c *twilio.Client) (string, error) {
		a, err := c.Accounts.Update(ctx, subSID, twilio.AccountUpdateParams{Status: new(twilio.AccountStatusClosed)})
		if err != nil {
			return "", err
		}
		return string(a.Status), nil
	}
	ending := func(ctx context.Context, c *twilio.Client) (string, error) {
		call, err := c.Calls.Update(ctx, callSID, twilio.CallUpdateParams{Status: new(twilio.CallStatusCompleted)})
		if err != nil {
			return "", err
		}
		return string(call.Status), nil
	}
	moving := func(ctx context.Context, c *twilio.Client) (string, error) {
		n, err := c.IncomingPhoneNumbers.Update(ctx, numberSID, twilio.IncomingPhoneNumberUpdateParams{AccountSID: new(subSID)})
		if err != nil {
			return "", err
		}
		return n.AccountSID, nil
	}
	for _, tt := range []struct {
		name  string
		run   func(context.Context, *twilio.Client) (string, error)
		steps []step
		paths string
		want  string // or the error's code
		code  int
	}{
		{"closed", closing, []step{reset, apiError(400, 21479), answer(200, `{"status":"closed"}`)},
			"POST " + account + " POST " + account + " GET " + account, "closed", 0},
		{"closed after 503", closing, []step{answer(503, ""), apiError(400, 21479), answer(200, `{"status":"closed"}`)},
			"POST " + account + " POST " + account + " GET " + account, "closed", 0},
		{"closed by somebody else before", closing, []step{apiError(400, 21479)}, "POST " + account, "", 21479},
		{"closed by somebody else after 429", closing, []step{apiError(429, 20429), apiError(400, 21479)},
			"POST " + account + " POST " + account, "", 21479},
		{"not closed after all", closing, []step{reset, apiError(400, 21475), answer(200, `{"status":"active"}`)},
			"POST " + account + " POST " + account + " GET " + account, "", 21475},
		{"nobody can tell", closing, []step{reset, apiError(400, 21479), apiError(401, 20003)},
			"POST " + account + " POST " + account + " GET " + account, "", 21479},
		{"an outage isn't a refusal", closing, times(4, apiError(503, 20500)), strings.TrimSpace(strings.Repeat("POST "+account+" ", 4)), "", 20500},
		{"turned away isn't refused", closing, append([]step{reset}, times(3, apiError(429, 20429))...), strings.TrimSpace(strings.Repeat("POST "+account+" ", 4)), "", 20429},
		{"ended", ending, []step{reset, apiError(400, 21220), answer(200, `{"status":"completed"}`)},
			"POST " + call + " POST " + call + " GET " + call, "completed", 0},
		{"ended by itself before", ending, []step{apiError(400, 21220)}, "POST " + call, "", 21220},
		{"ended otherwise", ending, []step{reset, apiError(400, 21220), answer(200, `{"status":"busy"}`)},
			"POST " + call + " POST " + call + " GET " + call, "", 21220},
		{"moved", moving, []step{reset, apiError(404, 20404), answer(200, `{"account_sid":"`+subSID+`"}`)},
			"POST " + number + " POST " + number + " GET " + newPlace, subSID, 0},
		{"never there", moving, []step{apiError(404, 20404)}, "POST " + number, "", 20404},
		{"lost on the way", moving, []step{reset, apiError(404, 20404), apiError(404, 20404)},
			"POST " + number + " POST " + number + " GET " + newPlace, "", 20404},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newScript(t, tt.steps...)
				got, err := tt.run(t.Context(), newClient(t, s))
				e, _ := errors.AsType[*twilio.Error](err)
				switch {
				case tt.code == 0 && (err != nil || got != tt.want):
					t.Errorf("got %q, %v; want %q", got, err, tt.want)
				case tt.code != 0 && (e == nil || e.Code != tt.code):
					t.Errorf("got %q, %v; want code %d", got, err, tt.code)
				}
				if errors.Is(err, twilio.ErrOutcomeUnknown) {
					t.Errorf("unknown outcome of an update that can be repeated: %v", err)
				}
				var paths []string
				for _, a := range s.sent {
					paths = append(paths, a.Method+" "+a.Path)
				}
				if got := strings.Join(paths, " "); got != tt.paths {
					t.Errorf("sent %s\nwant %s", got, tt.paths)
				}
			})
		})
	}
}

// TestBuyingANumber isn't repeated blindly; it looks whether the number is
// owned now.
func TestBuyingANumber(t *testing.T) {
	t.Parallel()
	const number = "+15005550006"
	for name, tt := range map[string]struct {
		steps   []step
		bought  bool
		unknown bool
	}{
		"owned":            {[]step{reset, answer(200, `{"incoming_phone_numbers":[{"sid":"PN1","phone_number":"`+number+`"}]}`)}, true, false},
		"not owned":        {[]step{reset, answer(200, `{"incoming_phone_numbers":[]}`)}, false, true},
		"another is owned": {[]step{reset, answer(200, `{"incoming_phone_numbers":[{"sid":"PN1","phone_number":"+150055500060"}]}`)}, false, true},
		"can't be seen":    {[]step{reset, apiError(401, 20003)}, false, true},
		"refused":          {[]step{apiError(400, 21422)}, false, false},
		"turned away":      {[]step{apiError(429, 20429), answer(201, `{"sid":"PN1","phone_number":"`+number+`"}`)}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newScript(t, tt.steps...)
				n, err := newClient(t, s).IncomingPhoneNumbers.Create(t.Context(), twilio.IncomingPhoneNumberCreateParams{PhoneNumber: number})
				if tt.bought != (err == nil && n.PhoneNumber == number) || errors.Is(err, twilio.ErrOutcomeUnknown) != tt.unknown {
					t.Errorf("got %v, %v; want bought %t, unknown %t", n, err, tt.bought, tt.unknown)
				}
				if len(s.sent) > 1 && s.sent[1].Method == http.MethodGet && s.sent[1].Query.Get("PhoneNumber") != number {
					t.Errorf("looked for %v", s.sent[1].Query)
				}
			})
		})
	}
}

func TestCancellation(t *testing.T) {
	t.Parallel()
	get := func(ctx context.Context, c *twilio.Client) error {
		_, err := c.Calls.Get(ctx, callSID)
		return err
	}
	for _, tt := range []struct {
		name     string
		call     func(context.Context, *twilio.Client) error
		steps    []step
		at       time.Duration
		attempts int
		unknown  bool
	}{
		{"before a get", get, nil, 0, 0, false},
		{"before a create", createCall, nil, 0, 0, false},
		{"in the middle of a get", get, []step{hang}, time.Second, 1, false},
		{"in the middle of a create", createCall, []step{hang}, time.Second, 1, true},
		{"in the middle of a body", createCall, []step{slowBody(201)}, time.Second, 1, true},
		{"in a back-off", get, []step{apiError(503, 0, "Retry-After", "5")}, time.Second, 1, false},
		{"in the second back-off", get, []step{apiError(429, 0, "Retry-After", "5"), apiError(429, 0, "Retry-After", "9")}, 6 * time.Second, 2, false},
		{"in the second attempt", get, []step{apiError(503, 0, "Retry-After", "5"), hang}, 6 * time.Second, 2, false},
		{"in the back-off of a create", createCall, []step{apiError(429, 20429, "Retry-After", "5")}, time.Second, 1, false},
		{"in the second attempt of a create", createCall, []step{apiError(429, 20429, "Retry-After", "5"), hang}, 6 * time.Second, 2, true},
	} {
		for _, how := range []error{context.Canceled, context.DeadlineExceeded} {
			if how == context.DeadlineExceeded && strings.Contains(tt.name, "back-off") { //nolint:errorlint // it is this one
				continue // TestDeadlineInBackoff
			}
			t.Run(tt.name+"/"+how.Error(), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithCancel(t.Context())
					if how == context.DeadlineExceeded { //nolint:errorlint // it is this one, not one like it
						ctx, cancel = context.WithTimeout(t.Context(), tt.at)
					} else if tt.at == 0 {
						cancel()
					} else {
						time.AfterFunc(tt.at, cancel)
					}
					defer cancel()
					s := newScript(t, tt.steps...)
					start := time.Now()
					err := tt.call(ctx, newClient(t, s))
					if took := time.Since(start); took != tt.at || !errors.Is(err, how) {
						t.Errorf("got %v after %v, want %v after %v", err, took, how, tt.at)
					}
					wantFailure(t, err, 0, tt.attempts, tt.unknown)
					var timeout interface{ Timeout() bool }
					if want := how == context.DeadlineExceeded; !errors.As(err, &timeout) || timeout.Timeout() != want { //nolint:errorlint // as above
						t.Errorf("Timeout isn't %t", want)
					}
				})
			})
		}
	}
}

// slowBody answers at once, with a body that never comes.
func slowBody(status int) step {
	return func(r *http.Request) (*http.Response, error) {
		pr, pw := io.Pipe()
		context.AfterFunc(r.Context(), func() { pw.CloseWithError(r.Context().Err()) })
		return body(status, pr)(r)
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	get := func(ctx context.Context, c *twilio.Client) (err error) {
		_, err = c.Calls.Get(ctx, callSID)
		return err
	}
	for _, tt := range []struct {
		name     string
		opts     []twilio.Option
		deadline time.Duration
		call     func(context.Context, *twilio.Client) error
		steps    []step
		took     time.Duration
		attempts int // 0 for a success
		unknown  bool
	}{
		{"each attempt has 31 s", nil, time.Hour, get, times(4, hang), 4 * 31 * time.Second, 4, false},
		{"each attempt has its own", []twilio.Option{twilio.WithTimeout(5 * time.Second)}, time.Hour, get, times(4, hang), 20 * time.Second, 4, false},
		{"the body's time counts", []twilio.Option{twilio.WithTimeout(5 * time.Second)}, time.Hour, get, times(4, slowBody(200)), 20 * time.Second, 4, false},
		{"a create has one", nil, time.Hour, createCall, []step{hang}, 31 * time.Second, 1, true},
		{"the caller's deadline is for all", []twilio.Option{twilio.WithTimeout(5 * time.Second)}, 12 * time.Second, get, times(3, hang), 12 * time.Second, 3, false},
		{"the caller's deadline comes first", nil, 3 * time.Second, get, []step{hang}, 3 * time.Second, 1, false},
		{"the caller's deadline ends a create", nil, 3 * time.Second, createCall, []step{hang}, 3 * time.Second, 1, true},
		{"a slow answer in time", nil, time.Hour, get, []step{late(30*time.Second, answer(200, `{}`))}, 30 * time.Second, 0, false},
		{"none at all", []twilio.Option{twilio.WithTimeout(0)}, time.Hour, get, []step{late(10*time.Minute, answer(200, `{}`))}, 10 * time.Minute, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), tt.deadline)
				defer cancel()
				s := newScript(t, tt.steps...)
				start := time.Now()
				err := tt.call(ctx, newClient(t, s, append(tt.opts, twilio.WithRetryWait(0, 0))...))
				if took := time.Since(start); took != tt.took {
					t.Errorf("took %v, want %v", took, tt.took)
				}
				if tt.attempts == 0 {
					if err != nil {
						t.Error(err)
					}
					return
				}
				wantFailure(t, err, 0, tt.attempts, tt.unknown)
				if e, _ := errors.AsType[*twilio.TransportError](err); !e.Timeout() || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v, want a time-out", err)
				}
			})
		})
	}
}

// TestHTTPClientTimeout: the limit of the caller's http.Client is an attempt's.
func TestHTTPClientTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t, times(4, hang)...)
		_, err := newClient(t, s, twilio.WithHTTPClient(&http.Client{Transport: s, Timeout: 2 * time.Second})).Calls.Get(t.Context(), callSID)
		wantFailure(t, err, 0, 4, false)
		if e, _ := errors.AsType[*twilio.TransportError](err); !e.Timeout() {
			t.Errorf("got %v, want a time-out", err)
		}
	})
}

// TestAnswerInTheLastMoment: an answer that is here when the context ends says
// what became of the request. It isn't thrown away.
func TestAnswerInTheLastMoment(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	call, err := newClient(t, newScript(t, func(r *http.Request) (*http.Response, error) {
		cancel()
		return answer(201, `{"sid":"`+callSID+`"}`)(r)
	})).Calls.Create(ctx,
		twilio.CallCreateParams{To: "+15005550006", From: "+15005550006", URL: "https://example.com"})
	if err != nil || call.SID != callSID {
		t.Errorf("got %v, %v for a call that was created", call, err)
	}
	for name, tt := range map[string]struct {
		last    step
		status  int
		unknown bool
	}{
		"refused":     {apiError(400, 21211), 400, false},
		"an outage":   {apiError(503, 20500), 503, true},
		"turned away": {apiError(429, 20429), 0, false}, // and there is no time for a second attempt
		"broken off":  {broken(201, `{"sid":`), 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			err := createCall(ctx, newClient(t, newScript(t, func(r *http.Request) (*http.Response, error) {
				cancel()
				return tt.last(r)
			})))
			wantFailure(t, err, tt.status, 1, tt.unknown)
		})
	}
}

// TestRateLimiter holds back each attempt; when it gives up, so does the request.
func TestRateLimiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		waits := 0
		limiter := waiter(func(context.Context) error {
			if waits++; waits == 3 {
				return errors.New("the queue is too long for +15005550006")
			}
			return nil
		})
		s := newScript(t, times(2, apiError(429, 20429))...)
		err := createCall(t.Context(), newClient(t, s, twilio.WithRateLimiter(limiter)))
		wantFailure(t, err, 0, 2, false)
		if waits != 3 || strings.Contains(err.Error(), "555") {
			t.Errorf("waited %d times: %v", waits, err)
		}
	})
}

type waiter func(context.Context) error

func (w waiter) Wait(ctx context.Context) error { return w(ctx) }

// TestNeverConnected uses net/http's own errors: a create that found nobody to
// talk to is sent again.
func TestNeverConnected(t *testing.T) {
	t.Parallel()
	strange := httptest.NewUnstartedServer(http.NotFoundHandler())
	strange.Config.ErrorLog = log.New(io.Discard, "", 0) // it would complain about us
	strange.StartTLS()
	t.Cleanup(strange.Close)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	hangsUp, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = hangsUp.Close() })
	go func() {
		for {
			conn, err := hangsUp.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	for name, origin := range map[string]string{
		"refused":             closed.URL,
		"no handshake":        "https://" + hangsUp.Addr().String(),
		"certificate":         strange.URL,
		"no TLS on that side": strings.Replace(plain.URL, "http:", "https:", 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := twilio.NewClient(twilio.AuthToken(mainSID, mainToken), twilio.WithBaseURL(origin), twilio.WithRetryWait(0, 0))
			if err != nil {
				t.Fatal(err)
			}
			wantFailure(t, createCall(t.Context(), client), 0, 4, false)
		})
	}
}

// TestCutOff uses net/http's own errors: the server got the request.
func TestCutOff(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(srv.Close)
	client, err := twilio.NewClient(twilio.AuthToken(mainSID, mainToken), twilio.WithBaseURL(srv.URL), twilio.WithRetryWait(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	wantFailure(t, createCall(t.Context(), client), 0, 1, true)
	if n := requests.Swap(0); n != 1 {
		t.Errorf("the call was created %d times", n)
	}
	_, err = client.Calls.Get(t.Context(), callSID)
	wantFailure(t, err, 0, 4, false)
	if n := requests.Load(); n != 4 {
		t.Errorf("%d requests for 4 attempts", n)
	}
}

// TestConnectionsAreKept: 50 failures use one connection, and giving up closes
// none that others use.
func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	var connections atomic.Int32
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" { // the neighbour
			return
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, "<html>"+strings.Repeat("down ", 10_000)+"</html>")
	}))
	srv.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	srv.Start()
	t.Cleanup(srv.Close)
	shared := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(shared.CloseIdleConnections)
	client, err := twilio.NewClient(twilio.AuthToken(mainSID, mainToken), twilio.WithBaseURL(srv.URL),
		twilio.WithHTTPClient(shared), twilio.WithMaxRetries(1), twilio.WithRetryWait(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		if i%2 == 0 {
			wantFailure(t, createCall(t.Context(), client), 503, 1, true)
		} else {
			_, err := client.Calls.Get(t.Context(), callSID)
			wantFailure(t, err, 503, 2, false)
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := shared.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("opened %d connections for requests that follow each other", n)
	}
	client.CloseIdleConnections()
	wantFailure(t, createCall(t.Context(), client), 503, 1, true)
	if n := connections.Load(); n != 2 {
		t.Errorf("%d connections after the idle one was closed, want a second", n)
	}
}
