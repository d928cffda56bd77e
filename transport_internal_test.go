package twilio

import (
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"
)

// FuzzRetryAfter checks that the wait is never negative, and zero for a
// malformed header.
func FuzzRetryAfter(f *testing.F) {
	for _, value := range []string{"", "0", "1", "-1", "120", "1.5", "99999999999999999999", "2147483647", "2147483648", "Fri, 01 Jan 2100 00:00:00 GMT",
		"Thu, 01 Jan 1970 00:00:00 GMT", "Friday, 01-Jan-70 00:00:00 GMT", "soon", " 1", "1 ", "+1", "0x10", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		header := http.Header{"Retry-After": {value}}
		wait := retryAfter(header)
		if wait < 0 {
			t.Errorf("%q is %v", value, wait)
		}
		const longest = time.Second
		inv := &invocation{header: header, status: http.StatusTooManyRequests, attempts: 1, waitMin: time.Millisecond, waitMax: longest}
		retry, err := inv.checkRetry(t.Context(), nil, nil)
		if err != nil || retry != (wait <= longest) {
			t.Errorf("%q: retried %v, %v", value, retry, err)
		}
		if retry && (inv.wait < wait-time.Second || inv.wait > wait+longest) {
			t.Errorf("%q makes a wait of %v", value, inv.wait)
		}
	})
}

// TestPool checks the transport that a client uses by default: HTTP/2, the
// environment's proxy, an idle time-out, and many connections to one host.
func TestPool(t *testing.T) {
	t.Parallel()
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Proto", r.Proto)
	}))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	pool := newTransport()
	t.Cleanup(pool.CloseIdleConnections)
	pool.TLSClientConfig = srv.Client().Transport.(*http.Transport).TLSClientConfig
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := pool.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if proto := res.Header.Get("Proto"); proto != "HTTP/2.0" {
		t.Errorf("speaks %s", proto)
	}
	if reflect.ValueOf(pool.Proxy).Pointer() != reflect.ValueOf(http.ProxyFromEnvironment).Pointer() {
		t.Error("the environment's proxy isn't used")
	}
	if pool.MaxIdleConnsPerHost < 50 || pool.MaxIdleConns < pool.MaxIdleConnsPerHost || pool.MaxConnsPerHost != 0 ||
		pool.IdleConnTimeout <= 0 || pool.IdleConnTimeout > 5*time.Minute {
		t.Errorf("keeps connections by %d, %d, %d, %v", pool.MaxIdleConns, pool.MaxIdleConnsPerHost, pool.MaxConnsPerHost, pool.IdleConnTimeout)
	}
}

// TestFalseContentLength checks that a response takes the memory of its body,
// whatever its Content-Length.
//
//nolint:paralleltest // measures memory
func TestFalseContentLength(t *testing.T) {
	client, err := NewClient(AuthToken(fuzzAccount, "token"), WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, ContentLength: 1 << 50, Body: io.NopCloser(strings.NewReader(`{"sid":"CA1"}`)), Request: r}, nil
	})}))
	if err != nil {
		t.Fatal(err)
	}
	if got := Allocated(func() { _, err = client.Calls.Get(t.Context(), "CA1") }); err != nil || got > 8<<20 {
		t.Errorf("%d bytes allocated for two, %v", got, err)
	}
}

// TestHTTPClientWithoutTransport checks that a caller's http.Client without a
// transport has the SDK's own connections, whatever else it sets.
func TestHTTPClientWithoutTransport(t *testing.T) {
	t.Parallel()
	client, err := NewClient(AuthToken(fuzzAccount, "token"), WithHTTPClient(&http.Client{Timeout: time.Minute}))
	if err != nil {
		t.Fatal(err)
	}
	base, ok := client.shared.transport.base.(*http.Transport)
	if !ok || base.MaxIdleConnsPerHost != newTransport().MaxIdleConnsPerHost {
		t.Errorf("got %T with %d idle connections", client.shared.transport.base, base.MaxIdleConnsPerHost)
	}
}
