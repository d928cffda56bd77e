package twilio_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// TestHTTPClientIsNotChanged compares the caller's http.Client with what it was
// before, field by field, after several kinds of requests.
func TestHTTPClientIsNotChanged(t *testing.T) {
	t.Parallel()
	twin, sid := fakeWithCall(t)
	twin.Inject(twiliotest.Fault{Status: 503}, twiliotest.Fault{Status: 302, Header: http.Header{"Location": {"/"}}}, twiliotest.Fault{Code: 20429})
	srv, _ := startServer(t, twin, overTLS)
	pool := srv.Client().Transport.(*http.Transport)
	pool.MaxIdleConnsPerHost, pool.ResponseHeaderTimeout, pool.DisableCompression = 3, time.Minute, true
	pool.ProxyConnectHeader = http.Header{"X-Mine": {"1"}}
	given := &http.Client{
		Transport:     pool,
		Timeout:       time.Minute,
		Jar:           must(cookiejar.New(nil)),
		CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("mine") },
	}
	clientBefore, poolBefore := snapshot(given), snapshot(pool)
	client := clientFor(t, srv.URL, twilio.WithHTTPClient(given))
	for range 4 {
		_, _ = client.Calls.Get(t.Context(), sid)
		_, _ = client.Subaccount(subSID).WithCredentials(twilio.APIKey(mainSID, keySID, "s")).Calls.Get(t.Context(), sid)
	}
	client.CloseIdleConnections()
	if after := snapshot(given); !reflect.DeepEqual(after, clientBefore) {
		t.Errorf("the client was %v and is %v", clientBefore, after)
	}
	if after := snapshot(pool); !reflect.DeepEqual(after, poolBefore) {
		t.Errorf("the transport was %v and is %v", poolBefore, after)
	}
	// Changing it later has no effect on the library.
	given.Transport, given.Jar = nil, nil
	if _, err := client.Calls.Get(t.Context(), sid); err != nil {
		t.Error(err)
	}
}

// snapshot has the exported fields of a struct: functions and pointers by their
// address, all else by what is in it.
func snapshot(v any) map[string]string {
	fields := map[string]string{}
	for field, value := range reflect.ValueOf(v).Elem().Fields() {
		if !field.IsExported() {
			continue
		}
		text := ""
		switch value.Kind() {
		case reflect.Func, reflect.Pointer:
			text = fmt.Sprint(value.Pointer())
		case reflect.Interface:
			if e := value.Elem(); e.IsValid() {
				text = fmt.Sprint(e.Type(), e.Pointer())
			}
		default:
			text = fmt.Sprintf("%#v", value.Interface())
		}
		fields[field.Name] = text
	}
	return fields
}

// TestCookies uses the jar of the caller's client.
func TestCookies(t *testing.T) {
	t.Parallel()
	var got atomic.Value
	srv, _ := startServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got.Store(r.Header.Get("Cookie"))
		http.SetCookie(w, &http.Cookie{Name: "edge", Value: "7"})
		_, _ = io.WriteString(w, anyResource)
	}), (*httptest.Server).Start)
	client := clientFor(t, srv.URL, twilio.WithHTTPClient(&http.Client{Jar: must(cookiejar.New(nil))}))
	for _, want := range []string{"", "edge=7"} {
		if err := getCall(t.Context(), client); err != nil || got.Load() != want {
			t.Errorf("sent the cookies %q, want %q; %v", got.Load(), want, err)
		}
	}
}

// TestCookiesOfARetry: each attempt has the cookies that are in the jar then,
// once.
func TestCookiesOfARetry(t *testing.T) {
	t.Parallel()
	script := newScript(t, respond(503, "", "Set-Cookie", "edge=7"), respond(503, "", "Set-Cookie", "edge=8"), respond(503, ""), respond(200, anyResource))
	client := newClient(t, nil, twilio.WithRetryWait(0, 0), twilio.WithHTTPClient(&http.Client{Jar: must(cookiejar.New(nil)), Transport: script}))
	if err := getCall(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"", "edge=7", "edge=8", "edge=8"} {
		if got := script.sent[i].Header.Get("Cookie"); got != want {
			t.Errorf("attempt %d: sent %q, want %q", i+1, got, want)
		}
	}
}

// proxy is a proxy for plain requests and for tunnels.
type proxy struct {
	status  int // of every response, 0 to forward
	pool    http.Transport
	mu      sync.Mutex
	asked   []string
	headers []http.Header
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked = append(p.asked, r.Method+" "+r.RequestURI)
	p.headers = append(p.headers, r.Header.Clone())
	p.mu.Unlock()
	switch {
	case p.status != 0:
		w.WriteHeader(p.status)
	case r.Method == http.MethodConnect:
		there, err := new(net.Dialer).DialContext(r.Context(), "tcp", r.Host)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer there.Close()
		w.WriteHeader(http.StatusOK)
		here, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer here.Close()
		go func() { _, _ = io.Copy(there, buffered); _ = there.Close() }()
		_, _ = io.Copy(here, there)
	default:
		r.RequestURI = ""
		res, err := p.pool.RoundTrip(r)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer res.Body.Close()
		w.WriteHeader(res.StatusCode)
		_, _ = io.Copy(w, res.Body)
	}
}

// TestProxies uses the caller's proxy. In a tunnel it sees neither the
// credentials nor the request.
func TestProxies(t *testing.T) {
	t.Parallel()
	const password = "canary-of-the-proxy"
	for _, tt := range []struct {
		name   string
		start  func(*httptest.Server)
		refuse int
		asked  string // of the proxy first
		major  int32
	}{
		{"plain", (*httptest.Server).Start, 0, "POST http://", 1},
		{"tunnel", overTLS, 0, "CONNECT 127.0.0.1:", 1},
		{"tunnel, HTTP/2", overHTTP2, 0, "CONNECT 127.0.0.1:", 2},
		{"tunnel that is refused", overTLS, 407, "CONNECT 127.0.0.1:", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			twin, sid := fakeWithCall(t)
			var major atomic.Int32
			srv, opened := startServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				major.Store(int32(r.ProtoMajor))
				twin.ServeHTTP(w, r)
			}), tt.start)
			through := &proxy{status: tt.refuse}
			t.Cleanup(through.pool.CloseIdleConnections)
			front, _ := startServer(t, through, (*httptest.Server).Start)
			pool := srv.Client().Transport.(*http.Transport).Clone()
			address := must(url.Parse(front.URL))
			address.User = url.UserPassword("me", password)
			pool.Proxy = http.ProxyURL(address)
			t.Cleanup(pool.CloseIdleConnections)
			client := clientFor(t, srv.URL, twilio.WithHTTPClient(&http.Client{Transport: pool}))

			err := createCall(t.Context(), client)
			if tt.refuse == 0 {
				if err != nil {
					t.Error(err)
				}
				for range 3 {
					if call, err := client.Calls.Get(t.Context(), sid); err != nil || call.SID != sid {
						t.Errorf("got %v, %v", call, err)
					}
				}
				if opened.Load() > 1+lost || major.Load() != tt.major {
					t.Errorf("%d connections to the server, HTTP/%d", opened.Load(), major.Load())
				}
			} else {
				wantFailure(t, err, 0, 4, false) // nobody was reached
				if strings.Contains(err.Error(), password) || opened.Load() != 0 {
					t.Errorf("%d connections; %v", opened.Load(), err)
				}
			}
			through.mu.Lock()
			defer through.mu.Unlock()
			if len(through.asked) == 0 || !strings.HasPrefix(through.asked[0], tt.asked) {
				t.Fatalf("the proxy was asked for %q", through.asked)
			}
			for i, header := range through.headers {
				if strings.HasPrefix(through.asked[i], "CONNECT") && (header.Get("Authorization") != "" || strings.Contains(through.asked[i], mainSID)) {
					t.Errorf("the proxy sees %s with %v", through.asked[i], header)
				}
			}
		})
	}
}

// TestCustomTLS uses the caller's roots and certificates.
func TestCustomTLS(t *testing.T) {
	t.Parallel()
	twin, sid := fakeWithCall(t)
	srv, _ := startServer(t, twin, func(srv *httptest.Server) {
		srv.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12}
		srv.StartTLS()
	})
	with := func(change func(*tls.Config)) *twilio.Client {
		pool := srv.Client().Transport.(*http.Transport).Clone()
		change(pool.TLSClientConfig)
		t.Cleanup(pool.CloseIdleConnections)
		return clientFor(t, srv.URL, twilio.WithHTTPClient(&http.Client{Transport: pool}))
	}
	if call, err := with(func(c *tls.Config) { c.Certificates = srv.TLS.Certificates }).Calls.Get(t.Context(), sid); err != nil || call.SID != sid {
		t.Errorf("got %v, %v", call, err)
	}
	wantFailure(t, createCall(t.Context(), with(func(c *tls.Config) { c.RootCAs = nil })), 0, 4, false)
	wantFailure(t, getCall(t.Context(), with(func(*tls.Config) {})), 0, 4, false) // without a certificate
	// In TLS 1.2 the handshake fails before anything is sent. In TLS 1.3 the
	// server refuses the certificate later, when a create may have been
	// processed.
	wantFailure(t, createCall(t.Context(), with(func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 })), 0, 4, false)
}

func TestResponseMeta(t *testing.T) {
	t.Parallel()
	header := []string{"Twilio-Request-Id", "RQ1", "Twilio-Concurrent-Requests", "7", "Twilio-Request-Duration", "0.080", "X-Other", "kept"}
	want := func(t *testing.T, meta twilio.ResponseMeta, status, attempts int) {
		t.Helper()
		if meta.StatusCode != status || meta.RequestID != "RQ1" || meta.ConcurrentRequests != 7 || meta.Duration != 80*time.Millisecond ||
			meta.Attempts != attempts || meta.Header.Get("X-Other") != "kept" {
			t.Errorf("got %+v", meta)
		}
	}
	var meta twilio.ResponseMeta
	into := twilio.WithResponseInto(&meta)
	noWait := twilio.WithRetryWait(0, 0)

	s := newScript(t, respond(429, ""), respond(200, anyResource, header...))
	if _, err := newClient(t, s, noWait).Calls.Get(t.Context(), callSID, into); err != nil {
		t.Fatal(err)
	}
	want(t, meta, 200, 2)

	s = newScript(t, respond(404, `{}`, header...))
	_, err := newClient(t, s).Calls.Get(t.Context(), callSID, into)
	want(t, meta, 404, 1)
	if e, ok := errors.AsType[*twilio.Error](err); !ok || e.RequestID != "RQ1" {
		t.Errorf("got %v", err)
	}

	s = newScript(t, respond(201, `<html>`, header...))
	_, err = newClient(t, s).Accounts.Create(t.Context(), twilio.AccountCreateParams{}, into)
	want(t, meta, 201, 1)
	if e, ok := errors.AsType[*twilio.TransportError](err); !ok || e.RequestID != "RQ1" {
		t.Errorf("got %v", err)
	}

	// Nothing of an earlier response stays.
	s = newScript(t, respond(503, "", header...), connReset)
	_, err = newClient(t, s, noWait, twilio.WithMaxRetries(1)).Calls.Get(t.Context(), callSID, into)
	if meta.StatusCode != 0 || meta.Header != nil || meta.RequestID != "" || meta.Attempts != 2 || err == nil {
		t.Errorf("got %+v, %v", meta, err)
	}

	for _, odd := range []string{"many", "-1", "NaN", "-1e300", "-Inf"} {
		s = newScript(t, respond(200, anyResource, "Twilio-Concurrent-Requests", odd, "Twilio-Request-Duration", odd))
		if _, err := newClient(t, s).Calls.Get(t.Context(), callSID, into); err != nil || meta.ConcurrentRequests != 0 || meta.Duration != 0 {
			t.Errorf("%s: got %+v, %v", odd, meta, err)
		}
	}
	s = newScript(t, respond(200, anyResource, "Twilio-Request-Duration", "1e300"))
	if _, err := newClient(t, s).Calls.Get(t.Context(), callSID, into); err != nil || meta.Duration < time.Hour {
		t.Errorf("got %+v, %v", meta, err)
	}
}

// originOf returns where a client's requests go.
func originOf(t *testing.T, opts ...twilio.Option) string {
	t.Helper()
	w := newMockAPI(t)
	w.respondToAll(200, anyResource)
	if _, err := w.client(twilio.AuthToken(mainSID, mainToken), opts...).Balance.Get(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w.request().origin
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	for region, edge := range map[string]string{
		"au1": "sydney", "br1": "sao-paulo", "de1": "frankfurt", "ie1": "dublin", "jp1": "tokyo", "jp2": "osaka", "sg1": "singapore", "us1": "ashburn", "us2": "umatilla",
	} {
		if got, want := originOf(t, twilio.WithRegion(region)), "https://api."+edge+"."+region+".twilio.com"; got != want {
			t.Errorf("region %s goes to %s, want %s", region, got, want)
		}
		if got, want := originOf(t, twilio.WithEdge(edge)), "https://api."+edge+".us1.twilio.com"; got != want {
			t.Errorf("edge %s goes to %s, want %s", edge, got, want)
		}
	}
	for want, opts := range map[string][]twilio.Option{
		"https://api.twilio.com":             nil,
		"https://api.dublin.au1.twilio.com":  {twilio.WithRegion("au1"), twilio.WithEdge("dublin")},
		"https://api.roaming.xx9.twilio.com": {twilio.WithRegion("xx9"), twilio.WithEdge("roaming")},
		"https://twilio.example:8443":        {twilio.WithBaseURL("https://twilio.example:8443/"), twilio.WithRegion("xx9"), twilio.WithEdge("canary.")},
		"http://localhost:8080":              {twilio.WithBaseURL("http://localhost:8080")},
		"http://127.9.9.9":                   {twilio.WithBaseURL("http://127.9.9.9/")},
		"http://[::1]:1":                     {twilio.WithBaseURL("http://[::1]:1")},
	} {
		if got := originOf(t, opts...); got != want {
			t.Errorf("goes to %s, want %s", got, want)
		}
	}
}

// intervalLimiter lets one request pass in each interval, first come, first
// served.
type intervalLimiter struct {
	every time.Duration
	mu    sync.Mutex
	next  time.Time
}

func (p *intervalLimiter) Wait(ctx context.Context) error {
	p.mu.Lock()
	now := time.Now()
	if p.next.Before(now) {
		p.next = now
	}
	wait := p.next.Sub(now)
	p.next = p.next.Add(p.every)
	p.mu.Unlock()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// requestTimes keeps the time of each request.
type requestTimes struct {
	base http.RoundTripper
	mu   sync.Mutex
	at   []time.Time
}

func (s *requestTimes) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.at = append(s.at, time.Now())
	s.mu.Unlock()
	return s.base.RoundTrip(r)
}

// TestRateLimiterPacesEveryAttempt has fifty goroutines share a limiter:
// retries wait for their turn like first attempts, no slot is lost, and nobody
// starves.
func TestRateLimiterPacesEveryAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const goroutines, each, every = 50, 10, 10 * time.Millisecond
		srv := twiliotest.NewUnstartedServer()
		srv.Inject(twiliotest.Fault{Times: 100, Rate: 0.2, Status: 429, Code: 20429})
		seen := &requestTimes{base: srv.Transport()}
		client := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: seen}), twilio.WithRateLimiter(&intervalLimiter{every: every}),
			twilio.WithMaxRetries(20), twilio.WithRetryWait(0, 100*time.Millisecond))
		start := time.Now()
		ends := make([]time.Duration, goroutines)
		var wait sync.WaitGroup
		for i := range goroutines {
			wait.Go(func() {
				for range each {
					if _, err := client.Accounts.Get(t.Context(), srv.AccountSID); err != nil {
						t.Error(err)
					}
				}
				ends[i] = time.Since(start)
			})
		}
		wait.Wait()
		if len(seen.at) != goroutines*each+100 {
			t.Errorf("%d requests, want %d and 100 retries", len(seen.at), goroutines*each)
		}
		for i := 1; i < len(seen.at); i++ {
			if gap := seen.at[i].Sub(seen.at[i-1]); gap < every {
				t.Fatalf("request %d came %v after the one before it", i, gap)
			}
		}
		took, allowed := time.Since(start), time.Duration(len(seen.at)-1)*every
		if took > allowed*11/10 {
			t.Errorf("took %v, where the limit allows %v", took, allowed)
		}
		for i, end := range ends {
			if end < took/2 {
				t.Errorf("goroutine %d was through after %v of %v: others starved", i, end, took)
			}
		}
	})
}

// TestNoStampedeAfterRetryAfter has a hundred goroutines get a 429 with the
// same Retry-After: they wait that long, and don't retry at the same time.
func TestNoStampedeAfterRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const goroutines, asked = 100, 2 * time.Second
		srv := twiliotest.NewUnstartedServer()
		srv.Inject(twiliotest.Fault{Times: goroutines, Status: 429, Code: 20429, Header: http.Header{"Retry-After": {"2"}}})
		seen := &requestTimes{base: srv.Transport()}
		client := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: seen}))
		start := time.Now()
		var wait sync.WaitGroup
		for range goroutines {
			wait.Go(func() {
				if _, err := client.Accounts.Get(t.Context(), srv.AccountSID); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if len(seen.at) != 2*goroutines {
			t.Fatalf("%d requests, want %d", len(seen.at), 2*goroutines)
		}
		slots := map[time.Duration]int{}
		for _, at := range seen.at[goroutines:] {
			if at.Sub(start) < asked {
				t.Errorf("came back after %v, where the server asked for %v", at.Sub(start), asked)
			}
			slots[at.Sub(start).Truncate(50*time.Millisecond)]++
		}
		for slot, n := range slots {
			if n > goroutines/3 {
				t.Errorf("%d of %d came back within 50 ms, at %v", n, goroutines, slot)
			}
		}
	})
}

// BenchmarkRateLimit reports how much of what the limiter allows is used, while
// a few percent of the requests get a 429.
func BenchmarkRateLimit(b *testing.B) {
	const every = 200 * time.Microsecond
	srv := twiliotest.NewUnstartedServer(twiliotest.WithRequestLog(0))
	srv.Inject(twiliotest.Fault{Times: -1, Rate: 0.03, Status: 429, Code: 20429})
	seen := &requestCounter{base: srv.Transport()}
	client := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: seen}), twilio.WithRateLimiter(&intervalLimiter{every: every}),
		twilio.WithMaxRetries(20), twilio.WithRetryWait(0, time.Millisecond))
	b.SetParallelism(32)
	start := time.Now()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := client.Accounts.Get(b.Context(), srv.AccountSID); err != nil {
				b.Error(err)
			}
		}
	})
	allowed := float64(time.Since(start)) / float64(every)
	b.ReportMetric(float64(seen.n.Load())/allowed, "achieved/allowed")
}

type requestCounter struct {
	base http.RoundTripper
	n    atomic.Int64
}

func (c *requestCounter) RoundTrip(r *http.Request) (*http.Response, error) {
	c.n.Add(1)
	return c.base.RoundTrip(r)
}

// TestRateLimiter waits before each attempt; an error of the limiter ends the
// request.
func TestRateLimiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		waits := 0
		limiter := limiterFunc(func(context.Context) error {
			if waits++; waits == 3 {
				return errors.New("the queue is too long for +15005550006")
			}
			return nil
		})
		s := newScript(t, repeat(2, respondError(429, 20429))...)
		err := createCall(t.Context(), newClient(t, s, twilio.WithRateLimiter(limiter)))
		wantFailure(t, err, 0, 2, false)
		if waits != 3 || strings.Contains(err.Error(), "555") {
			t.Errorf("waited %d times: %v", waits, err)
		}
	})
}

type limiterFunc func(context.Context) error

func (w limiterFunc) Wait(ctx context.Context) error { return w(ctx) }

func TestWithForm(t *testing.T) {
	t.Parallel()
	w := newMockAPI(t)
	w.respondToAll(200, `{"sid":"CA1","calls":[],"next_page_uri":"/2010-04-01/Accounts/`+mainSID+`/Calls.json?Page=1&New=1"}`)
	form := url.Values{"New": {"1"}}
	page, err := w.mainClient().Calls.List(t.Context(), twilio.CallListParams{}, twilio.WithForm(form))
	if err != nil {
		t.Fatal(err)
	}
	w.requests()
	if _, err := page.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.request().rawQuery; got != "Page=1&New=1" {
		t.Errorf("the next page is asked for with %s, which isn't Twilio's own text", got)
	}
	if _, err := w.mainClient().Calls.Create(t.Context(), twilio.CallCreateParams{From: "a", To: "b", TwiML: "c"}, twilio.WithForm(form)); err != nil {
		t.Fatal(err)
	}
	path, own := "/2010-04-01/Accounts/"+mainSID+"/Queues.json", url.Values{"FriendlyName": {"q"}}
	if err := w.mainClient().Do(t.Context(), "POST", path, own, nil, twilio.WithForm(form)); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(form, url.Values{"New": {"1"}}) || !reflect.DeepEqual(own, url.Values{"FriendlyName": {"q"}}) {
		t.Errorf("the caller's forms are %v and %v now", form, own)
	}
}

// TestWithFormOfSeveralValues: what is checked is the value that is sent, so that
// there is one where Twilio takes one.
func TestWithFormOfSeveralValues(t *testing.T) {
	t.Parallel()
	w, client := newSilentAPI(t)
	_, err := client.Accounts.Update(t.Context(), mainSID, twilio.AccountUpdateParams{}, twilio.WithForm(url.Values{"Status": {"active", "closed"}}))
	wantRefusal(t, w, err, "accounts.update", "WithForm")
	_, err = client.Calls.Create(t.Context(), twilio.CallCreateParams{To: "a", From: "b", TwiML: "c"}, twilio.WithForm(url.Values{"Url": {"", "https://example.com"}}))
	wantRefusal(t, w, err, "calls.create", "WithForm")
	_, err = client.Calls.List(t.Context(), twilio.CallListParams{}, twilio.WithForm(url.Values{"StartTime>": {"2026-01-01", "2026-01-02"}}))
	wantRefusal(t, w, err, "calls.list", "WithForm")

	s := newScript(t, respond(201, `{"sid":"`+callSID+`"}`), respond(200, `{"calls":[]}`))
	client = newClient(t, s)
	if _, err = client.Calls.Create(t.Context(), twilio.CallCreateParams{To: "a", From: "b", TwiML: "c"},
		twilio.WithForm(url.Values{"StatusCallbackEvent": {"initiated", "ringing"}, "New": {"1", "2"}})); err != nil {
		t.Error(err)
	}
	// A name without values takes the client's own choice out, too.
	if _, err = client.Calls.List(t.Context(), twilio.CallListParams{}, twilio.WithForm(url.Values{"PageSize": nil})); err != nil || s.sent[1].RawQuery != "" {
		t.Errorf("got %v, %v", s.sent, err)
	}
}

func TestWithHeader(t *testing.T) {
	t.Parallel()
	w := newMockAPI(t)
	w.respondToAll(200, anyResource)
	c := w.client(twilio.AuthToken(mainSID, mainToken), twilio.WithUserAgent("billing/2"))
	get := func(opts ...twilio.RequestOption) error {
		_, err := c.Balance.Get(t.Context(), opts...)
		return err
	}
	if err := get(twilio.WithHeader("x-trace", "1"), twilio.WithHeader("X-Trace", "2"), twilio.WithHeader("accept", "text/plain")); err != nil {
		t.Fatal(err)
	}
	got := w.request().header
	got.Del("Authorization")
	if want := (http.Header{"X-Trace": {"2"}, "Accept": {"text/plain"}, "User-Agent": {"billing/2"}}); !reflect.DeepEqual(got, want) {
		t.Errorf("headers %v, want %v", got, want)
	}
	for _, key := range []string{
		"Authorization", "authorization", "Proxy-Authorization", "cookie", "HOST", "Content-Type", "Content-Length",
		"Transfer-Encoding", "Connection", "Accept-Encoding", "Idempotency-Key", "X-Idempotency-Key",
	} {
		wantRefusal(t, w, get(twilio.WithHeader(key, "canary-value")), "balance.get", "WithHeader", "canary-value")
	}
	for key, value := range map[string]string{
		"": "canary-value", "canary key": "canary-value", "canary\r\nkey": "canary-value", "Authorization ": "canary-value", "canary:": "canary-value",
		"X-Trace": "canary-value\r\nX-Other: 1", "X-Other": "canary-value\x00",
	} {
		wantRefusal(t, w, get(twilio.WithHeader(key, value)), "balance.get", "WithHeader", "canary")
	}
}

func TestListOptionsRefuse(t *testing.T) {
	t.Parallel()
	w, client := newSilentAPI(t)
	for _, test := range []struct {
		field string
		opt   twilio.RequestOption
	}{
		{"WithLookahead", twilio.WithLookahead(-1)}, {"WithLookahead", twilio.WithLookahead(1 << 50)},
		{"WithParallelism", twilio.WithParallelism(0)}, {"WithParallelism", twilio.WithParallelism(1 << 50)},
	} {
		field, opt := test.field, test.opt
		seen := 0
		for _, err := range client.Calls.All(t.Context(), twilio.CallListParams{}, opt) {
			seen++
			wantRefusal(t, w, err, "calls.list", field)
		}
		if seen != 1 {
			t.Errorf("%s: %d errors, want one", field, seen)
		}
	}
}

// TestOptionsWithoutMeaning: what a method can't honor is refused, and nothing
// is sent. So is what an earlier response left in a ResponseMeta.
func TestOptionsWithoutMeaning(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	client := newClient(t, newScript(t))
	meta := twilio.ResponseMeta{StatusCode: 200}
	into := twilio.WithResponseInto(&meta)
	for name, call := range map[string]func(twilio.RequestOption) error{
		"Get":    func(opt twilio.RequestOption) error { _, err := client.Calls.Get(ctx, callSID, into, opt); return err },
		"Delete": func(opt twilio.RequestOption) error { return client.Calls.Delete(ctx, callSID, into, opt) },
		"List": func(opt twilio.RequestOption) error {
			_, err := client.Calls.List(ctx, twilio.CallListParams{}, into, opt)
			return err
		},
		"Do": func(opt twilio.RequestOption) error {
			return client.Do(ctx, "GET", "/2010-04-01/Accounts/"+mainSID+".json", nil, nil, into, opt)
		},
	} {
		for option, opt := range map[string]twilio.RequestOption{"WithLookahead": twilio.WithLookahead(2), "WithParallelism": twilio.WithParallelism(2)} {
			meta.StatusCode = 200
			if e, ok := errors.AsType[*twilio.ParamError](call(opt)); !ok || e.Field != option || meta.StatusCode != 0 {
				t.Errorf("%s of %s: %v, meta %d", option, name, e, meta.StatusCode)
			}
		}
	}
	for name, call := range map[string]func() error{
		"Next": func() error {
			page, err := newClient(t, newScript(t, respond(200, `{"calls":[]}`))).Calls.List(ctx, twilio.CallListParams{}, into)
			if err != nil {
				return err
			}
			_, err = page.Next(ctx)
			return err
		},
		"All": func() (err error) {
			for _, err = range client.Calls.All(ctx, twilio.CallListParams{}, into, twilio.WithParallelism(2)) {
			}
			return err
		},
		"Bill": func() error { _, err := client.Usage.Bill(ctx, twilio.BillParams{}, into); return err },
		"Reconcile": func() error {
			_, err := client.Usage.Reconcile(ctx, twilio.ReconcileParams{}, into)
			return err
		},
		"Suspend": func() error {
			_, err := client.Accounts.Suspend(ctx, "acme", twilio.SuspendParams{}, into)
			return err
		},
		"Close": func() error { _, err := client.Accounts.Close(ctx, "", twilio.CloseParams{}, into); return err },
		"RotateAuthToken": func() error {
			_, err := client.Accounts.RotateAuthToken(ctx, mainSID, twilio.RotateAuthTokenParams{}, into)
			return err
		},
		"ForEach": func() error {
			return client.Accounts.ForEach(ctx, twilio.AccountListParams{}, twilio.ForEachParams{Concurrency: -1}, nil, into)
		},
		"Transfer": func() error {
			_, err := client.IncomingPhoneNumbers.Transfer(ctx, "acme", twilio.TransferParams{}, into)
			return err
		},
		"TransferAll": func() error {
			_, err := client.IncomingPhoneNumbers.TransferAll(nil, twilio.TransferParams{}, into) //nolint:staticcheck // on purpose
			return err
		},
		"Ensure": func() error {
			_, _, err := client.Accounts.Ensure(ctx, "acme", twilio.WithHeader("Host", "x"), into)
			return err
		},
		"Erase recordings": func() error {
			_, err := client.Recordings.Erase(ctx, twilio.RecordingListParams{IncludeSoftDeleted: true}, twilio.EraseParams{}, into)
			return err
		},
		"Erase messages": func() error {
			_, err := client.Messages.Erase(ctx, twilio.MessageListParams{}, twilio.EraseParams{Concurrency: -1}, into)
			return err
		},
	} {
		meta.StatusCode = 200
		if e, ok := errors.AsType[*twilio.ParamError](call()); !ok || meta.StatusCode != 0 {
			t.Errorf("%s: %v, meta %d", name, e, meta.StatusCode)
		}
	}
	cursor := "eyJsaXN0IjoiY2FsbHMifQ"
	_, err := client.Calls.Resume(ctx, cursor, twilio.WithForm(url.Values{"To": {"+15005550006"}}))
	if e, ok := errors.AsType[*twilio.ParamError](err); !ok || e.Field != "WithForm" {
		t.Errorf("a form beside a cursor: %v", err)
	}
}

// TestOptionsAreValues: every option is made once and used by many requests at
// the same time; of several forms all are sent.
func TestOptionsAreValues(t *testing.T) {
	t.Parallel()
	form := url.Values{"New": {"a"}, "To": {"+15005550001"}}
	opts := []twilio.RequestOption{
		twilio.WithIdempotent(), twilio.WithHeader("x-a", "1"), twilio.WithHeader("x-b", "2"),
		twilio.WithForm(form), twilio.WithForm(url.Values{"Other": {"b"}, "From": nil}),
	}
	form.Set("New", "changed")
	client := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
		_ = r.ParseForm()
		if got := r.PostForm.Encode(); got != "New=a&Other=b&Status=completed&To=%2B15005550001" {
			t.Errorf("sent %s", got)
		}
		if r.Header.Get("X-A") != "1" || r.Header.Get("X-B") != "2" {
			t.Errorf("sent %v", r.Header)
		}
		return respond(200, `{"sid":"`+callSID+`"}`)(r)
	}))
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := client.Calls.Update(t.Context(), callSID, twilio.CallUpdateParams{Status: new(twilio.CallStatusCompleted)}, opts...); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	list := []twilio.RequestOption{twilio.WithLookahead(2), twilio.WithParallelism(1), opts[1]}
	lister := newClient(t, &pages{answer: func(url.Values) (int, string) { return 200, pageBody("", "CA1") }})
	for range 20 {
		all.Go(func() {
			for _, err := range lister.Calls.All(t.Context(), twilio.CallListParams{}, list...) {
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// TestRefusedBeforeNetHTTP: what net/http would refuse on the way is refused
// before, where it can be said that nothing was sent.
func TestRefusedBeforeNetHTTP(t *testing.T) {
	t.Parallel()
	var noTransport *http.Transport
	var noLimiter *intervalLimiter
	for _, test := range []struct {
		field string
		opts  []twilio.Option
	}{
		{"WithUserAgent", []twilio.Option{twilio.WithUserAgent("me\r\nX-Evil: 1")}},
		{"WithTransport", []twilio.Option{twilio.WithTransport(func(http.RoundTripper) http.RoundTripper { return noTransport })}},
		{"WithTransport", []twilio.Option{twilio.WithTransport(func(http.RoundTripper) http.RoundTripper { return roundTripper(nil) })}},
		{"WithHTTPClient", []twilio.Option{twilio.WithHTTPClient(&http.Client{Transport: noTransport})}},
		{"WithHTTPClient", []twilio.Option{twilio.WithHTTPClient(&http.Client{Transport: roundTripper(nil)})}},
		{"WithRateLimiter", []twilio.Option{twilio.WithRateLimiter(noLimiter)}},
		{"WithRateLimiter", []twilio.Option{twilio.WithRateLimiter(limiterFunc(nil))}},
		{"WithBaseURL", []twilio.Option{twilio.WithBaseURL("https://пример.example")}},
		{"WithEdge", []twilio.Option{twilio.WithEdge("-dublin")}},
		{"WithRegion", []twilio.Option{twilio.WithEdge("dublin"), twilio.WithRegion(strings.Repeat("a", 64))}},
	} {
		_, err := twilio.NewClient(twilio.AuthToken(mainSID, mainToken), test.opts...)
		if !isParamError(err, test.field) {
			t.Errorf("%s: %v", test.field, err)
		}
	}
	_, err := twilio.NewClient(twilio.AuthToken(mainSID, mainToken), twilio.WithUserAgent(strings.Repeat("a", 9000)))
	if !isParamError(err, "WithUserAgent") {
		t.Errorf("a long product: %v", err)
	}
	client := newClient(t, newScript(t))
	for name, opts := range map[string][]twilio.RequestOption{
		"Upgrade": {twilio.WithHeader("Upgrade", "h2c")},
		"Te":      {twilio.WithHeader("te", "gzip")},
		"large":   {twilio.WithHeader("X-A", strings.Repeat("a", 5000)), twilio.WithHeader("X-B", strings.Repeat("a", 5000))},
		"invalid": {twilio.WithHeader("X-A", "a\x00"), twilio.WithHeader("X-B", "fine")},
	} {
		_, err := client.Calls.Get(t.Context(), callSID, opts...)
		if e, ok := errors.AsType[*twilio.ParamError](err); !ok || e.Field != "WithHeader" {
			t.Errorf("%s: %v", name, err)
		}
	}
	// And what slips through never had a connection.
	broken := &http.Transport{Proxy: func(*http.Request) (*url.URL, error) { return nil, errors.New("no such proxy") }}
	err = createCall(t.Context(), newClient(t, broken))
	if e, ok := errors.AsType[*twilio.TransportError](err); !ok || errors.Is(err, twilio.ErrOutcomeUnknown) || e.Attempts != 1 {
		t.Errorf("a proxy that isn't one: %v", err)
	}
}
