package twiliotest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// raw sends a request and returns the response as it is.
func raw(ctx context.Context, srv *twiliotest.Server, client *http.Client, method, path string) (int, http.Header, string, error) {
	r, err := http.NewRequestWithContext(ctx, method, srv.URL+"/2010-04-01"+path, nil)
	if err != nil {
		return 0, nil, "", err
	}
	r.SetBasicAuth(srv.AccountSID, srv.AuthToken)
	response, err := client.Do(r)
	if err != nil {
		return 0, nil, "", err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, response.Header, string(body), err
}

// overBoth runs a test over a socket and in memory.
func overBoth(t *testing.T, test func(t *testing.T, srv *twiliotest.Server, client *http.Client)) {
	t.Helper()
	t.Run("socket", func(t *testing.T) {
		t.Parallel()
		srv := twiliotest.NewServer()
		defer srv.Close()
		transport := &http.Transport{}
		defer transport.CloseIdleConnections()
		test(t, srv, &http.Client{Transport: transport})
	})
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		srv := twiliotest.NewUnstartedServer()
		test(t, srv, &http.Client{Transport: srv.Transport()})
	})
}

// accounts counts the accounts on the server.
func accounts(t *testing.T, srv *twiliotest.Server) int {
	t.Helper()
	_, _, body, err := raw(t.Context(), srv, &http.Client{Transport: srv.Transport()}, "GET", "/Accounts.json")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(body, `"owner_account_sid"`)
}

func TestFaultResponses(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, srv *twiliotest.Server, client *http.Client) {
		t.Helper()
		for _, c := range []struct {
			fault             twiliotest.Fault
			status            int
			contentType, body string
		}{
			{twiliotest.Fault{Code: 20429}, 429, "application/json;charset=utf-8",
				`{"code":20429,"message":"Too many concurrent requests","more_info":"https://www.twilio.com/docs/errors/20429","status":429}`},
			{twiliotest.Fault{Code: 21611}, 429, "application/json;charset=utf-8", ""},
			{twiliotest.Fault{Status: 429}, 429, "application/json;charset=utf-8", `{"message":"Too Many Requests","status":429}`},
			{twiliotest.Fault{Status: 503, Body: "<html>down</html>"}, 503, "text/html", "<html>down</html>"},
			{twiliotest.Fault{Status: 500, Body: "<?xml version='1.0'?><e/>"}, 500, "application/xml", "<?xml version='1.0'?><e/>"},
			{twiliotest.Fault{Status: 502, Body: "down"}, 502, "text/plain", "down"},
			{twiliotest.Fault{Status: 504, Body: "{", ContentType: "text/weird"}, 504, "text/weird", "{"},
			{twiliotest.Fault{Status: 503, NoBody: true}, 503, "", ""},
		} {
			srv.Inject(c.fault)
			status, header, body, err := raw(t.Context(), srv, client, "POST", "/Accounts.json")
			if err != nil || status != c.status || header.Get("Content-Type") != c.contentType || c.body != "" && body != c.body {
				t.Errorf("%+v: %d %q %q %v", c.fault, status, header.Get("Content-Type"), body, err)
			}
		}
		if got := accounts(t, srv); got != 1 {
			t.Errorf("%d accounts: a fault let something through", got)
		}
	})
}

func TestFaultsPickTheirRequests(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	client := &http.Client{Transport: srv.Transport()}
	status := func(method, path string) int {
		status, _, _, err := raw(t.Context(), srv, client, method, path)
		if err != nil {
			t.Fatal(err)
		}
		return status
	}
	calls := "/Accounts/" + srv.AccountSID + "/Calls.json"
	srv.Inject(
		twiliotest.Fault{Method: "POST", Path: "/Accounts.json", Status: 500, Skip: 1, Times: 2},
		twiliotest.Fault{Path: "/Accounts/*/Calls.json", Status: 502},
		twiliotest.Fault{Method: "GET", Path: "/Accounts.json", Status: 503, Times: -1},
	)
	for i, c := range []struct {
		method, path string
		want         int
	}{
		{"POST", "/Accounts.json", 201}, {"POST", "/Accounts.json", 500}, {"POST", "/Accounts.json", 500}, {"POST", "/Accounts.json", 201},
		{"GET", "/Accounts/" + srv.AccountSID + ".json", 200},
		{"GET", calls, 502}, {"GET", calls, 200},
		{"GET", "/Accounts.json", 503}, {"GET", "/Accounts.json", 503},
	} {
		if got := status(c.method, c.path); got != c.want {
			t.Errorf("%d: %s %s: %d, want %d", i, c.method, c.path, got, c.want)
		}
	}
	srv.ClearFaults()
	if got := status("GET", "/Accounts.json"); got != 200 {
		t.Errorf("after ClearFaults: %d", got)
	}

	srv.Inject(twiliotest.Fault{Rate: 0.3, Status: 500, Times: -1})
	met := 0
	for range 1000 {
		if status("GET", calls) == 500 {
			met++
		}
	}
	if met < 250 || met > 350 {
		t.Errorf("a rate of 0.3 met %d of 1000", met)
	}
}

// isReset reports whether the connection was reset rather than closed. Windows
// has a number of its own for it, which syscall names on Windows only.
func isReset(err error) bool {
	const windows = syscall.Errno(10054)
	return errors.Is(err, syscall.ECONNRESET) || runtime.GOOS == "windows" && errors.Is(err, windows)
}

func TestResets(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, srv *twiliotest.Server, client *http.Client) {
		t.Helper()
		srv.Inject(twiliotest.Fault{Reset: twiliotest.ResetBefore})
		if _, _, _, err := raw(t.Context(), srv, client, "POST", "/Accounts.json"); !isReset(err) {
			t.Errorf("before: %v", err)
		}
		if got := accounts(t, srv); got != 1 {
			t.Errorf("before: %d accounts, want 1", got)
		}
		srv.Inject(twiliotest.Fault{Reset: twiliotest.ResetAfter})
		if _, _, _, err := raw(t.Context(), srv, client, "POST", "/Accounts.json"); !isReset(err) {
			t.Errorf("after: %v", err)
		}
		if got := accounts(t, srv); got != 2 {
			t.Errorf("after: %d accounts, want 2", got)
		}
	})
}

func TestErrorAfterTheEffect(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	srv.Inject(twiliotest.Fault{Status: 500, After: true})
	status, _, _, err := raw(t.Context(), srv, &http.Client{Transport: srv.Transport()}, "POST", "/Accounts.json")
	if status != 500 || err != nil || accounts(t, srv) != 2 {
		t.Errorf("%d, %v, %d accounts", status, err, accounts(t, srv))
	}
}

func TestTruncatedAndRewrittenBodies(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, srv *twiliotest.Server, client *http.Client) {
		t.Helper()
		srv.Inject(twiliotest.Fault{Truncate: 40})
		status, header, body, err := raw(t.Context(), srv, client, "GET", "/Accounts.json")
		if status != 200 || len(body) != 40 || !errors.Is(err, io.ErrUnexpectedEOF) || header.Get("Twilio-Request-Id") == "" {
			t.Errorf("%d, %d bytes, %v", status, len(body), err)
		}
		srv.Inject(twiliotest.Fault{
			Header:  http.Header{"Retry-After": {"7"}},
			Rewrite: func(body string) string { return strings.ReplaceAll(body, "active", "asleep") },
		})
		_, header, body, err = raw(t.Context(), srv, client, "GET", "/Accounts.json")
		if err != nil || !strings.Contains(body, "asleep") || header.Get("Retry-After") != "7" {
			t.Errorf("%v %v %s", err, header, body)
		}
	})
}

func TestDelays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := twiliotest.NewUnstartedServer()
		client := &http.Client{Transport: srv.Transport()}
		start := time.Now()
		srv.Inject(twiliotest.Fault{Delay: time.Minute})
		if status, _, _, err := raw(t.Context(), srv, client, "GET", "/Accounts.json"); status != 200 || err != nil || time.Since(start) != time.Minute {
			t.Errorf("%d, %v after %v", status, err, time.Since(start))
		}
		for _, c := range []struct {
			after bool
			want  int
		}{{false, 1}, {true, 2}} {
			srv.Inject(twiliotest.Fault{Delay: time.Minute, After: c.after})
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			_, _, _, err := raw(ctx, srv, client, "POST", "/Accounts.json")
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			if got := accounts(t, srv); got != c.want {
				t.Errorf("a time-out with After %v leaves %d accounts, want %d", c.after, got, c.want)
			}
		}
	})
}

// The limit counts the requests of each account, or of all together. Those that
// are refused are refused at once.
func TestConcurrencyLimitIsAnAccounts(t *testing.T) {
	t.Parallel()
	for _, isShared := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			opts := []twiliotest.Option{twiliotest.WithConcurrencyLimit(2)}
			if isShared {
				opts = append(opts, twiliotest.WithSharedConcurrency())
			}
			srv := twiliotest.NewUnstartedServer(opts...)
			const sub = "AC00000000000000000000000000000001"
			srv.AddSubaccounts(twilio.Account{SID: sub})
			client := &http.Client{Transport: srv.Transport()}
			srv.Inject(twiliotest.Fault{Delay: time.Minute, Times: -1})
			for range 2 {
				go func() { _, _, _, _ = raw(t.Context(), srv, client, "GET", "/Accounts.json") }()
			}
			synctest.Wait()
			begun := time.Now()
			status, header, _, _ := raw(t.Context(), srv, client, "GET", "/Accounts/"+sub+"/Calls.json")
			want, count, took := 200, "1", time.Minute
			if isShared {
				want, count, took = 429, "3", 0
			}
			if status != want || header.Get("Twilio-Concurrent-Requests") != count || time.Since(begun) != took {
				t.Errorf("shared %t: %d after %v with %s in progress", isShared, status, time.Since(begun), header.Get("Twilio-Concurrent-Requests"))
			}
			<-time.After(time.Hour)
		})
	}
}

func TestConcurrencyLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := twiliotest.NewUnstartedServer(twiliotest.WithConcurrencyLimit(2))
		client := &http.Client{Transport: srv.Transport()}
		srv.Inject(twiliotest.Fault{Delay: time.Minute, Times: 2})
		for range 2 {
			go func() { _, _, _, _ = raw(t.Context(), srv, client, "GET", "/Accounts.json") }()
		}
		synctest.Wait()
		if status, _, body, _ := raw(t.Context(), srv, client, "GET", "/Accounts.json"); status != 429 || !strings.Contains(body, "20429") {
			t.Errorf("%d %s", status, body)
		}
		<-time.After(time.Minute)
		synctest.Wait()
		if status, _, _, _ := raw(t.Context(), srv, client, "GET", "/Accounts.json"); status != 200 {
			t.Errorf("%d when the others are done", status)
		}
	})
}

func TestTransportStandsForTwilioOnly(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	client := &http.Client{Transport: srv.Transport()}
	for url, want := range map[string]bool{
		"https://api.twilio.com/2010-04-01/Accounts.json":            true,
		"https://api.dublin.ie1.twilio.com/2010-04-01/Accounts.json": true,
		"https://twilio.com.example.com/2010-04-01/Accounts.json":    false,
		"http://127.0.0.1:1/2010-04-01/Accounts.json":                false,
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Do(r)
		if (err == nil) != want {
			t.Errorf("%s: %v", url, err)
		}
		if err == nil {
			_ = response.Body.Close()
		}
	}
}

// A fault that isn't valid is refused where it is injected: later it would take
// the place of one that is.
func TestInvalidFaultsAreRefused(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	for field, fault := range map[string]twiliotest.Fault{
		"Method":   {Method: "get"},
		"Skip":     {Skip: -1},
		"Times":    {Times: -2},
		"Rate":     {Rate: math.NaN()},
		"Delay":    {Delay: -1},
		"Reset":    {Reset: 3},
		"Status":   {Status: 42},
		"Code":     {Code: -1},
		"Body":     {Body: "x", NoBody: true},
		"Truncate": {Truncate: -1},
	} {
		if err := fault.Validate(); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%+v: %v", fault, err)
		}
		if text := panicOf(func() { srv.Inject(twiliotest.Fault{Status: 503}, fault) }); !strings.Contains(text, field) {
			t.Errorf("%+v: panic %q", fault, text)
		}
	}
	for _, rate := range []float64{5, -0.1, math.Inf(1)} {
		if (twiliotest.Fault{Rate: rate}).Validate() == nil {
			t.Errorf("a rate of %v is accepted", rate)
		}
	}
	if status, _, _, err := raw(t.Context(), srv, &http.Client{Transport: srv.Transport()}, "GET", "/Accounts.json"); status != 200 || err != nil {
		t.Errorf("a fault beside one that isn't valid applied: %d, %v", status, err)
	}
}

func panicOf(f func()) (text string) {
	defer func() { text = fmt.Sprint(recover()) }()
	f()
	return ""
}

func TestFaultsAreThoseThatAreNotUsedUp(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	srv.Inject(twiliotest.Fault{Status: 500, Times: 2}, twiliotest.Fault{Status: 501}, twiliotest.Fault{Path: "/Calls", Times: -1})
	left := func() []int {
		var times []int
		for _, f := range srv.Faults() {
			times = append(times, f.Times)
		}
		return times
	}
	for _, want := range [][]int{{2, 1, -1}, {1, 1, -1}, {1, -1}, {-1}, {-1}} {
		if got := left(); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		_, _ = srv.Client(twilio.WithMaxRetries(0)).Accounts.Get(t.Context(), srv.AccountSID)
	}
}
