package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// EndAll lists the calls again, so that a call that begins in the meantime ends
// too, without a suspension.
func TestEndAllEndsCallsThatBeginMeanwhile(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	begun := false
	w.transport.intercept = func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		// Queued calls have been looked for by the time that running ones are
		// ended.
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, acmeCall+".json") && !begun {
			begun = true
			w.srv.AddCall(acme, twilio.Call{From: "+15005550006", To: "+14155550401", Status: "queued"})
		}
		return send()
	}
	ended, err := w.client.Subaccount(acme).Calls.EndAll(t.Context())
	if err != nil || len(ended) != 7 || !begun {
		t.Errorf("%d calls ended, want 7; error %v", len(ended), err)
	}
}

// A call that can't be ended doesn't stop EndAll, and the error names it.
func TestEndAllNamesCallsThatItCannotEnd(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	w.srv.Inject(twiliotest.Fault{Method: "POST", Path: acmeCall, Times: -1, Status: 403, Code: 20008})
	report, err := w.client.Accounts.Suspend(t.Context(), acme, twilio.SuspendParams{EndCalls: true})
	if !errors.Is(err, twilio.ErrForbidden) || !strings.Contains(err.Error(), acmeCall) || len(report.EndedCalls) != 5 {
		t.Errorf("%d calls ended, want 5; error %v", len(report.EndedCalls), err)
	}
	// Nothing that can't be undone happens after it.
	closed, err := w.client.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: other})
	if !errors.Is(err, twilio.ErrForbidden) || w.status(acme) != twilio.AccountStatusSuspended || len(w.numbers(acme)) != 5 {
		t.Errorf("Close: %+v, %v; %s", closed, err, w.state())
	}
}

// A slowNetwork takes its time for each request, and counts.
type slowNetwork struct {
	srv   *twiliotest.Server
	delay time.Duration
	// meet decides about a request before it takes effect: nil lets it pass.
	meet func(r *http.Request) (*http.Response, error)

	mu    sync.Mutex
	sent  map[string]int // by method
	tried map[string]bool
}

func (s *slowNetwork) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	if s.sent == nil {
		s.sent, s.tried = map[string]int{}, map[string]bool{}
	}
	s.sent[r.Method]++
	if r.Method == http.MethodPost {
		s.tried[r.URL.Path] = true
	}
	s.mu.Unlock()
	select {
	case <-time.After(s.delay):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	if s.meet != nil {
		if res, err := s.meet(r); res != nil || err != nil {
			return res, err
		}
	}
	return s.srv.Transport().RoundTrip(r)
}

// requests is how many requests of a method were sent so far. While others are
// on their way, sent may not be read without it.
func (s *slowNetwork) requests(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent[method]
}

func (s *slowNetwork) client(opts ...twilio.Option) *twilio.Client {
	return s.srv.Client(append(opts, twilio.WithHTTPClient(&http.Client{Transport: s}))...)
}

// busy is a main account with n calls in progress.
func busy(n int) *slowNetwork {
	srv := twiliotest.NewUnstartedServer()
	for i := range n {
		srv.AddCall(srv.AccountSID, twilio.Call{SID: fmt.Sprintf("CA%032d", i), From: "+15005550006", To: "+14155550100", Status: "in-progress"})
	}
	return &slowNetwork{srv: srv, delay: 20 * time.Millisecond}
}

// 200 calls that take 20 ms each end in the time of 25 unless the caller
// chooses, by one request each.
func TestEndAllEndsAFewAtATime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		params  []twilio.EndAllOption
		batches int
	}{
		{nil, 25},
		{[]twilio.EndAllOption{twilio.EndAllParams{}}, 25},
		{[]twilio.EndAllOption{twilio.EndAllParams{Concurrency: 1}}, 200},
		{[]twilio.EndAllOption{twilio.EndAllParams{Concurrency: 50}}, 4},
		{[]twilio.EndAllOption{twilio.EndAllParams{Concurrency: 1 << 50}}, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			net := busy(200)
			begun := time.Now()
			ended, err := net.client().Calls.EndAll(t.Context(), c.params...)
			if err != nil || len(ended) != 200 || net.sent["POST"] != 200 || net.sent["GET"] != 6 {
				t.Errorf("%v: %d ended, %v sent; error %v", c.params, len(ended), net.sent, err)
			}
			for i, call := range ended {
				if want := fmt.Sprintf("CA%032d", 199-i); call.SID != want {
					t.Fatalf("call %d is %s, want %s: the order isn't that of the list", i, call.SID, want)
				}
			}
			lists := 4 // the three of the first time are read at once
			if c.batches == 200 {
				lists = 6
			}
			if took, want := time.Since(begun), time.Duration(c.batches+lists)*net.delay; took != want {
				t.Errorf("%v: took %v, want %v", c.params, took, want)
			}
		})
	}
}

func TestEndAllRefuses(t *testing.T) {
	t.Parallel()
	net := busy(1)
	for field, params := range map[string][]twilio.EndAllOption{
		"Concurrency":        {twilio.EndAllParams{Concurrency: -1}},
		"params":             {twilio.EndAllParams{}, twilio.EndAllParams{}},
		"WithRequestTimeout": {nil, twilio.WithRequestTimeout(-1)},
	} {
		meta := twilio.ResponseMeta{StatusCode: 200} // of an earlier response
		_, err := net.client().Calls.EndAll(t.Context(), append(params, twilio.WithResponseInto(&meta))...)
		if meta.StatusCode != 0 {
			t.Errorf("%s: the ResponseMeta is an earlier response's", field)
		}
		if e, ok := errors.AsType[*twilio.ParamError](err); !ok || e.Field != field || e.Operation != "calls.end_all" || len(net.sent) > 0 {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// In an outage a few calls are tried, not all; and what wasn't tried isn't
// named.
func TestEndAllStopsInAnOutage(t *testing.T) {
	t.Parallel()
	for name, outage := range map[string]step{
		"503": respond(http.StatusServiceUnavailable, "<html>"),
		"401": respond(http.StatusUnauthorized, `{"code":20003}`),
		"429": respond(http.StatusTooManyRequests, `{"code":20429}`),
		"no response": func(*http.Request) (*http.Response, error) {
			return nil, errors.New("connection lost")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				net := busy(200)
				net.meet = func(r *http.Request) (*http.Response, error) {
					if r.Method == http.MethodPost {
						return outage(r)
					}
					return nil, nil
				}
				ended, err := net.client().Calls.EndAll(t.Context())
				if len(ended) != 0 || len(net.tried) < 5 || len(net.tried) > 15 || !isTyped(err) {
					t.Errorf("%d ended, %d tried; error %v", len(ended), len(net.tried), err)
				}
				if named := strings.Count(err.Error(), "call CA"); named != len(net.tried) || !strings.Contains(err.Error(), fmt.Sprintf("%d calls not tried", 200-named)) {
					t.Errorf("%d tried, but the error says: %v", len(net.tried), err)
				}
			})
		})
	}
}

// Failures that are few, or not of Twilio's making, keep no call from being
// ended.
func TestEndAllGoesOnAfterFailures(t *testing.T) {
	t.Parallel()
	for name, met := range map[string]struct {
		every  int // request
		answer step
	}{
		"every second 503": {2, respond(http.StatusServiceUnavailable, "")},
		"each forbidden":   {1, respond(http.StatusForbidden, `{"code":20008}`)},
	} {
		net := busy(40)
		net.delay = 0
		posts := 0
		var mu sync.Mutex
		net.meet = func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			if r.Method == http.MethodPost {
				if posts++; posts%met.every == 0 {
					return met.answer(r)
				}
			}
			return nil, nil
		}
		ended, err := net.client(noRetries).Calls.EndAll(t.Context(), twilio.EndAllParams{Concurrency: 1})
		if want := 40 - 40/met.every; len(net.tried) != 40 || len(ended) != want || strings.Count(fmt.Sprint(err), "call CA") != 40-want {
			t.Errorf("%s: %d tried, %d ended, %v", name, len(net.tried), len(ended), err)
		}
	}
}

// A call that changes state while the lists are read at once, and so is on none
// of them, ends all the same. A quiet account costs two requests for that.
func TestEndAllFindsACallThatChangesState(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		net := busy(0)
		net.meet = func(r *http.Request) (*http.Response, error) {
			if r.URL.Query().Get("Status") == "ringing" && net.requests("GET") == 3 {
				<-time.After(time.Second) // the list of calls in progress has been read
				net.srv.AddCall(net.srv.AccountSID, twilio.Call{SID: acmeCall, From: "+15005550006", To: "+14155550100", Status: "in-progress"})
			}
			return nil, nil
		}
		ended, err := net.client().Calls.EndAll(t.Context())
		if err != nil || len(ended) != 1 || ended[0].SID != acmeCall {
			t.Errorf("%d ended, error %v", len(ended), err)
		}
		net.meet, net.sent = nil, map[string]int{}
		if ended, err := net.client().Calls.EndAll(t.Context()); err != nil || len(ended) > 0 || net.sent["GET"] != 5 {
			t.Errorf("then %d ended by %v, error %v", len(ended), net.sent, err)
		}
	})
}

// After a cancellation no call is named that wasn't tried.
func TestEndAllStopsWhenCanceled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		net := busy(200)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond+5*20*time.Millisecond+time.Millisecond)
		defer cancel()
		ended, err := net.client().Calls.EndAll(ctx)
		if len(ended) != 40 || len(net.tried) != 48 || !errors.Is(err, context.DeadlineExceeded) || !isTyped(err) {
			t.Errorf("%d ended, %d tried; error %v", len(ended), len(net.tried), err)
		}
		if named := strings.Count(err.Error(), "call CA"); named != 8 {
			t.Errorf("%d calls are named, of 8 that were on their way: %v", named, err)
		}
	})
}

// A gateOpenFor lets so many requests pass.
type gateOpenFor struct{ left atomic.Int64 }

func (g *gateOpenFor) Wait(ctx context.Context) error {
	if g.left.Add(-1) >= 0 {
		return nil
	}
	<-ctx.Done()
	return ctx.Err()
}

// What the rate limiter held back until the end wasn't tried.
func TestEndAllDoesNotNameWhatWasHeldBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		net := busy(20)
		limiter := &gateOpenFor{}
		limiter.left.Store(3 + 10)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		ended, err := net.client(twilio.WithRateLimiter(limiter)).Calls.EndAll(ctx)
		if len(ended) != 10 || !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "call CA") {
			t.Errorf("%d ended; error %v", len(ended), err)
		}
	})
}

// What stands before Twilio answers for calls in a table: first the update,
// then each look.
func TestEndNeedsAnEndThatItKnows(t *testing.T) {
	t.Parallel()
	call := func(status string) step {
		return respond(http.StatusOK, `{"sid":"`+acmeCall+`","status":"`+status+`"}`)
	}
	refused := respond(http.StatusBadRequest, `{"code":21220,"status":400}`)
	for name, c := range map[string]struct {
		update, look step
		status       twilio.CallStatus // empty for an error
	}{
		"it ends":                                {call("completed"), nil, "completed"},
		"it has ended by itself":                 {refused, call("no-answer"), "no-answer"},
		"it is refused in a state of the future": {refused, call("parked"), ""},
		"it is refused and goes on":              {refused, call("in-progress"), ""},
		"the end takes effect later":             {call("in-progress"), call("completed"), "completed"},
		"it goes on all the same":                {call("in-progress"), call("in-progress"), ""},
		"it is in a state of the future":         {call("parked"), call("parked"), ""},
		"the response is lost":                   {respond(http.StatusBadGateway, ""), call("completed"), "completed"},
		"nothing is known":                       {respond(http.StatusBadGateway, ""), respond(http.StatusBadGateway, ""), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := twiliotest.NewUnstartedServer()
			srv.AddCall(srv.AccountSID, twilio.Call{SID: acmeCall, Status: "in-progress"})
			net := &slowNetwork{srv: srv, meet: func(r *http.Request) (*http.Response, error) {
				switch {
				case r.Method == http.MethodPost:
					return c.update(r)
				case strings.HasSuffix(r.URL.Path, acmeCall+".json"):
					return c.look(r)
				default:
					return nil, nil
				}
			}}
			ended, err := net.client(noRetries).Calls.End(t.Context(), acmeCall)
			if (err == nil) != (c.status != "") || err == nil && ended.Status != c.status || err != nil && (ended != nil || !isTyped(err)) {
				t.Errorf("End: %+v, %v", ended, err)
			}
			all, err := net.client(noRetries).Calls.EndAll(t.Context())
			if (err == nil) != (c.status != "") || len(all) > 0 != (err == nil) || err != nil && !strings.Contains(err.Error(), acmeCall) {
				t.Errorf("EndAll: %v, %v", all, err)
			}
		})
	}
}

// A transport of the user's that panics, or ends its goroutine, does so to the
// caller, or to one call.
func TestEndAllSurvivesTheTransport(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(){"Goexit": runtime.Goexit, "panic": func() { panic("boom") }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				net := busy(20)
				net.meet = func(r *http.Request) (*http.Response, error) {
					if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "07.json") {
						fail()
					}
					return nil, nil
				}
				defer func() {
					if p := recover(); (p == "boom") != (name == "panic") {
						t.Errorf("recovered %v", p)
					}
				}()
				ended, err := net.client().Calls.EndAll(t.Context())
				if len(ended) != 19 || strings.Count(fmt.Sprint(err), "call CA") != 1 {
					t.Errorf("%d ended; error %v", len(ended), err)
				}
			})
		})
	}
}

// The errors of workflows keep Twilio's own texts, which may quote a phone
// number, out of logs, and say which call, number or account it was.
func TestWorkflowErrorsAreSafeToLog(t *testing.T) {
	t.Parallel()
	const phone = "+14155550199"
	net := rich(2)
	net.srv.AddCall(acme, twilio.Call{SID: acmeCall, Status: "in-progress"})
	net.delay, net.meet = 0, func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPost {
			return respond(http.StatusBadRequest, `{"code":21649,"message":"No bundle for `+phone+`"}`)(r)
		}
		return nil, nil
	}
	client := net.client(noRetries)
	_, endErr := client.Subaccount(acme).Calls.EndAll(t.Context())
	_, moveErr := client.Subaccount(acme).IncomingPhoneNumbers.TransferAll(t.Context(), twilio.TransferParams{To: other})
	eachErr := client.Accounts.ForEach(t.Context(), twilio.AccountListParams{}, twilio.ForEachParams{}, func(_ context.Context, sub *twilio.Client, _ *twilio.Account) error {
		_, err := sub.Calls.End(t.Context(), acmeCall)
		return err
	})
	accountErr, _ := errors.AsType[*twilio.AccountError](eachErr)
	for name, c := range map[string]struct {
		err  error
		says string
	}{"one account": {accountErr, accountErr.AccountSID}, "EndAll": {endErr, acmeCall}, "TransferAll": {moveErr, acmeNumber}, "ForEach": {eachErr, acme}} {
		var out strings.Builder
		slog.New(slog.NewTextHandler(&out, nil)).Error("failed", "err", c.err)
		if text := out.String(); strings.Contains(text, phone) || !strings.Contains(text, c.says) || !strings.Contains(text, "21649") {
			t.Errorf("%s: %s", name, text)
		}
		if !strings.Contains(c.err.Error(), phone) {
			t.Errorf("%s: the error has lost Twilio's message: %v", name, c.err)
		}
	}
}

// A price that can't be read, or an item that is no call, keeps no call from
// being ended: calls cost money until then.
func TestEndAllEndsCallsBesideOddOnes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		listed, response string
		unreadable       bool
	}{
		"listed price":   {`{"sid":"CA1","status":"in-progress","price":"free"},{"sid":"CA2","status":"in-progress"}`, `{"sid":"CA1","status":"completed"}`, false},
		"returned price": {`{"sid":"CA1","status":"in-progress"},{"sid":"CA2","status":"in-progress"}`, `{"sid":"CA1","status":"completed","price":"free"}`, false},
		"read price":     {`{"sid":"CA1","status":"in-progress"},{"sid":"CA2","status":"in-progress"}`, `{"sid":"CA1","status":"in-progress","price":"free"}`, false},
		"no call":        {`null,{"sid":"CA1","status":"in-progress"},5,{"sid":"CA2","status":"in-progress"}`, `{"sid":"CA1","status":"completed"}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := clientResponding(t, func(r *http.Request) (int, string) {
				switch {
				case r.Method == http.MethodPost:
					return 200, c.response
				case r.URL.Query().Get("Status") == "in-progress":
					return 200, `{"calls":[` + c.listed + `]}`
				case r.URL.Query().Has("Status"):
					return 200, `{"calls":[]}`
				default:
					return 200, `{"sid":"CA1","status":"completed","price":"free"}`
				}
			})
			ended, err := client.Calls.EndAll(t.Context())
			if len(ended) != 2 {
				t.Errorf("%d calls ended, want 2", len(ended))
			}
			if _, unreadable := errors.AsType[*twilio.DecodeError](err); unreadable != c.unreadable || !unreadable && err != nil {
				t.Errorf("error %v", err)
			}
		})
	}
}

// End doesn't take a call that continues for ended because its price can't be
// read.
func TestEndLooksBehindAnOddPrice(t *testing.T) {
	t.Parallel()
	const refused = `{"code":21220,"message":"Call is not in-progress"}`
	for name, c := range map[string]struct {
		status         int
		response, read string
		ended          bool
	}{
		"ended":                     {200, `{"sid":"CA1","status":"completed","price":"free"}`, "", true},
		"ended, as read":            {200, `{"sid":"CA1","status":"in-progress","price":"free"}`, `{"sid":"CA1","status":"completed","price":"free"}`, true},
		"continues":                 {200, `{"sid":"CA1","status":"in-progress","price":"free"}`, `{"sid":"CA1","status":"in-progress","price":"free"}`, false},
		"refused since it ended":    {400, refused, `{"sid":"CA1","status":"completed","price":"free"}`, true},
		"refused for another cause": {400, refused, `{"sid":"CA1","status":"in-progress","price":"free"}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := clientResponding(t, func(r *http.Request) (int, string) {
				if r.Method == http.MethodPost {
					return c.status, c.response
				}
				return 200, c.read
			})
			call, err := client.Calls.End(t.Context(), "CA1")
			_, isPrice := errors.AsType[*twilio.DecodeError](err)
			if c.ended != (call != nil && call.Status == twilio.CallStatusCompleted) || isPrice != c.ended || err == nil {
				t.Errorf("got %+v, error %v", call, err)
			}
		})
	}
}
