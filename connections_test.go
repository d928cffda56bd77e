package twilio_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
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
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// listening serves a handler, counts the connections to it, and may be told
// more before it starts.
func listening(t *testing.T, handler http.Handler, start func(*httptest.Server)) (srv *httptest.Server, opened *atomic.Int32) {
	t.Helper()
	srv, opened = httptest.NewUnstartedServer(handler), new(atomic.Int32)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // about handshakes that are meant to fail
	srv.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	start(srv)
	t.Cleanup(srv.Close)
	return srv, opened
}

func overTLS(srv *httptest.Server) { srv.StartTLS() }

func overHTTP2(srv *httptest.Server) {
	srv.EnableHTTP2 = true
	srv.StartTLS()
}

// speaking makes a client of the main account for a server of ours.
func speaking(t *testing.T, origin string, opts ...twilio.Option) *twilio.Client {
	t.Helper()
	client, err := twilio.NewClient(twilio.AuthToken(mainSID, mainToken), append([]twilio.Option{twilio.WithBaseURL(origin), twilio.WithRetryWait(0, 0)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// oneCall is Twilio in memory, with one call in it.
func oneCall(t *testing.T) (*twiliotest.Server, string) {
	t.Helper()
	srv := twiliotest.NewUnstartedServer(twiliotest.WithAccount(mainSID, mainToken))
	return srv, srv.AddCall(mainSID, twilio.Call{Status: twilio.CallStatusCompleted}).SID
}

func get(ctx context.Context, client *twilio.Client) error {
	_, err := client.Calls.Get(ctx, callSID)
	return err
}

// TestFailuresShareAConnection: whatever the answers are, one request after the
// other takes the connection of the one before.
func TestFailuresShareAConnection(t *testing.T) {
	t.Parallel()
	answers := []struct {
		status int
		body   string
	}{
		{302, ""}, {400, `{"code":21211,"message":"no"}`}, {401, `{"code":20003}`}, {403, "no"}, {404, `{"code":20404}`}, {409, ""},
		{429, `{"code":21611}`}, {429, `{"code":20429}`}, {500, "<html>"}, {502, ""}, {503, "<html>" + strings.Repeat("down ", 50_000)}, {504, "late"},
		{200, "<html>Welcome</html>"}, {200, ""}, {200, `{"sid":{}}`},
	}
	for name, start := range map[string]func(*httptest.Server){"HTTP/1.1": (*httptest.Server).Start, "TLS": overTLS, "HTTP/2": overHTTP2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var n atomic.Int32
			srv, opened := listening(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				a := answers[int(n.Add(1))%len(answers)]
				w.WriteHeader(a.status)
				_, _ = io.WriteString(w, a.body)
			}), start)
			client := speaking(t, srv.URL, twilio.WithHTTPClient(srv.Client()))
			if name == "HTTP/1.1" {
				client = speaking(t, srv.URL)
			}
			for range 25 {
				if get(t.Context(), client) == nil || createCall(t.Context(), client) == nil {
					t.Error("a failure is a success")
				}
			}
			if n.Load() < 50 || opened.Load() != 1 {
				t.Errorf("%d connections for %d requests that failed", opened.Load(), n.Load())
			}
		})
	}
}

// TestGivingUpLeavesOthersAlone: a request that is given up takes its own
// connection with it, and none of those that wait for the next request.
func TestGivingUpLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	const many = 8
	for name, give := range map[string]func(*twilio.Client) error{
		"by the caller": func(client *twilio.Client) error {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			defer cancel()
			return get(ctx, client)
		},
		"when retries are used up": func(client *twilio.Client) error {
			return client.Do(t.Context(), http.MethodGet, "/2010-04-01/Down.json", nil, nil)
		},
		"as a create": func(client *twilio.Client) error {
			return client.Do(t.Context(), http.MethodPost, "/2010-04-01/Down.json", nil, nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			together := make(chan struct{}, many)
			srv, opened := listening(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case strings.HasSuffix(r.URL.Path, "/Down.json"):
					w.WriteHeader(http.StatusServiceUnavailable)
				case strings.HasSuffix(r.URL.Path, callSID+".json"):
					<-r.Context().Done() // an answer that never comes
				default: // each waits until all are here, so that each has a connection
					together <- struct{}{}
					for len(together) < many && r.Context().Err() == nil {
						select {
						case <-time.After(time.Millisecond):
						case <-r.Context().Done():
						}
					}
					_, _ = io.WriteString(w, `{"calls":[]}`)
				}
			}), (*httptest.Server).Start)
			client := speaking(t, srv.URL)
			all := func() {
				var wait sync.WaitGroup
				for range many {
					wait.Go(func() {
						if _, err := client.Calls.List(t.Context(), twilio.CallListParams{}); err != nil {
							t.Error(err)
						}
					})
				}
				wait.Wait()
				for range many {
					<-together
				}
			}
			all()
			before := opened.Load()
			if give(client) == nil {
				t.Error("gave up nothing")
			}
			all()
			// What was given up in the middle needs one in its place.
			if extra := opened.Load() - before; extra > 1 {
				t.Errorf("%d new connections where at most one was lost", extra)
			}
		})
	}
}

// TestGivenClientIsNotChanged compares what a caller gave with what it was
// before, field by field, after all sorts of requests.
func TestGivenClientIsNotChanged(t *testing.T) {
	t.Parallel()
	twin, sid := oneCall(t)
	twin.Inject(twiliotest.Fault{Status: 503}, twiliotest.Fault{Status: 302, Header: http.Header{"Location": {"/"}}}, twiliotest.Fault{Code: 20429})
	srv, _ := listening(t, twin, overTLS)
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
	client := speaking(t, srv.URL, twilio.WithHTTPClient(given))
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
	// It can be changed later without effect on the library, too.
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

// TestOwnPool: without a client of the caller's the library has connections of
// its own, and shares none with the rest of the program.
func TestOwnPool(t *testing.T) {
	t.Parallel()
	twin, sid := oneCall(t)
	srv, opened := listening(t, twin, (*httptest.Server).Start)
	client := speaking(t, srv.URL)
	for range 3 {
		if _, err := client.Calls.Get(t.Context(), sid); err != nil {
			t.Fatal(err)
		}
		http.DefaultClient.CloseIdleConnections() //nolint:forbidigo // what the rest of the program may do
	}
	if opened.Load() != 1 {
		t.Errorf("%d connections, so that the default client's are used", opened.Load())
	}
}

// TestCookies: the jar of the caller's client is used.
func TestCookies(t *testing.T) {
	t.Parallel()
	var got atomic.Value
	srv, _ := listening(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got.Store(r.Header.Get("Cookie"))
		http.SetCookie(w, &http.Cookie{Name: "edge", Value: "7"})
		_, _ = io.WriteString(w, "{}")
	}), (*httptest.Server).Start)
	client := speaking(t, srv.URL, twilio.WithHTTPClient(&http.Client{Jar: must(cookiejar.New(nil))}))
	for _, want := range []string{"", "edge=7"} {
		if err := get(t.Context(), client); err != nil || got.Load() != want {
			t.Errorf("sent the cookies %q, want %q; %v", got.Load(), want, err)
		}
	}
}

// proxy forwards what it is asked to, in both ways that there are: plain
// requests by their whole URL, and tunnels.
type proxy struct {
	status  int // to refuse with, 0 to forward
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

// TestProxies: the caller's proxy is used. In a tunnel it sees neither the
// credentials nor what is asked.
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
			twin, sid := oneCall(t)
			var major atomic.Int32
			srv, opened := listening(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				major.Store(int32(r.ProtoMajor))
				twin.ServeHTTP(w, r)
			}), tt.start)
			through := &proxy{status: tt.refuse}
			t.Cleanup(through.pool.CloseIdleConnections)
			front, _ := listening(t, through, (*httptest.Server).Start)
			pool := srv.Client().Transport.(*http.Transport).Clone()
			address := must(url.Parse(front.URL))
			address.User = url.UserPassword("me", password)
			pool.Proxy = http.ProxyURL(address)
			t.Cleanup(pool.CloseIdleConnections)
			client := speaking(t, srv.URL, twilio.WithHTTPClient(&http.Client{Transport: pool}))

			err := createCall(t.Context(), client)
			if tt.refuse == 0 {
				if err != nil {
					t.Error(err)
				}
				if call, err := client.Calls.Get(t.Context(), sid); err != nil || call.SID != sid {
					t.Errorf("got %v, %v", call, err)
				}
				if opened.Load() != 1 || major.Load() != tt.major {
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

// TestCustomTLS: roots and certificates of the caller's are used.
func TestCustomTLS(t *testing.T) {
	t.Parallel()
	twin, sid := oneCall(t)
	srv, _ := listening(t, twin, func(srv *httptest.Server) {
		srv.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12}
		srv.StartTLS()
	})
	with := func(change func(*tls.Config)) *twilio.Client {
		pool := srv.Client().Transport.(*http.Transport).Clone()
		change(pool.TLSClientConfig)
		t.Cleanup(pool.CloseIdleConnections)
		return speaking(t, srv.URL, twilio.WithHTTPClient(&http.Client{Transport: pool}))
	}
	if call, err := with(func(c *tls.Config) { c.Certificates = srv.TLS.Certificates }).Calls.Get(t.Context(), sid); err != nil || call.SID != sid {
		t.Errorf("got %v, %v", call, err)
	}
	wantFailure(t, createCall(t.Context(), with(func(c *tls.Config) { c.RootCAs = nil })), 0, 4, false)
	wantFailure(t, get(t.Context(), with(func(*tls.Config) {})), 0, 4, false) // without a certificate
	// In TLS 1.2 that is known before anything is sent. In TLS 1.3 the server
	// says it afterwards, and who creates something can't know.
	wantFailure(t, createCall(t.Context(), with(func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 })), 0, 4, false)
}

// TestHTTP2 has many requests at once on one connection, where some fail, and
// some are given up.
func TestHTTP2(t *testing.T) {
	t.Parallel()
	const many = 60
	twin, sid := oneCall(t)
	twin.Inject(twiliotest.Fault{Times: -1, Rate: 0.1, Status: 503}, twiliotest.Fault{Times: -1, Rate: 0.1, Code: 20429})
	var major, atOnce, most atomic.Int32
	srv, opened := listening(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		major.Store(int32(r.ProtoMajor))
		now := atOnce.Add(1)
		defer atOnce.Add(-1)
		for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
		}
		if strings.HasSuffix(r.URL.Path, callSID+".json") {
			<-r.Context().Done()
			return
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-r.Context().Done():
		}
		twin.ServeHTTP(w, r)
	}), overHTTP2)
	client := speaking(t, srv.URL, twilio.WithHTTPClient(srv.Client()), twilio.WithMaxRetries(9))
	if _, err := client.Calls.Get(t.Context(), sid); err != nil {
		t.Fatal(err) // the first one makes the connection
	}
	var wait sync.WaitGroup
	for i := range many {
		wait.Go(func() {
			if i%6 == 0 {
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
				defer cancel()
				if err := get(ctx, client); !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
			}
			if call, err := client.Calls.Get(t.Context(), sid); err != nil || call.SID != sid {
				t.Errorf("got %v, %v", call, err)
			}
		})
	}
	wait.Wait()
	if major.Load() != 2 || opened.Load() != 1 || most.Load() < many/4 {
		t.Errorf("HTTP/%d, %d connections, at most %d requests at once", major.Load(), opened.Load(), most.Load())
	}
}
