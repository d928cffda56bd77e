package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/loopback"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// lost is how many connections net/http may close without a reason: one whose
// request it hasn't noticed to be written 50 ms after the response, which happens
// on a busy machine.
const lost = 1

// TestFailuresShareAConnection checks that failed requests leave their
// connection to the next one.
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
			srv, opened := startServer(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				a := answers[int(n.Add(1))%len(answers)]
				w.WriteHeader(a.status)
				_, _ = io.WriteString(w, a.body)
			}), start)
			client := clientFor(t, srv.URL, twilio.WithHTTPClient(srv.Client()))
			if name == "HTTP/1.1" {
				client = clientFor(t, srv.URL)
			}
			for range 25 {
				if getCall(t.Context(), client) == nil || createCall(t.Context(), client) == nil {
					t.Error("a failure is a success")
				}
			}
			// Each answer came three times or more: one that costs the connection would
			// have opened more.
			if n.Load() < 50 || opened.Load() > 1+lost {
				t.Errorf("%d connections for %d requests that failed", opened.Load(), n.Load())
			}
		})
	}
}

// TestGivingUpLeavesOthersAlone checks that giving up a request closes its own
// connection and no idle ones.
func TestGivingUpLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	const many = 8
	for name, give := range map[string]func(*twilio.Client) error{
		"by the caller": func(client *twilio.Client) error {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			defer cancel()
			return getCall(ctx, client)
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
			srv, opened := startServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case strings.HasSuffix(r.URL.Path, "/Down.json"):
					w.WriteHeader(http.StatusServiceUnavailable)
				case strings.HasSuffix(r.URL.Path, callSID+".json"):
					<-r.Context().Done() // never responds
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
			client := clientFor(t, srv.URL)
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
			// The connection of the request that was given up is replaced.
			if extra := opened.Load() - before; extra > 1 {
				t.Errorf("%d new connections where at most one was lost", extra)
			}
		})
	}
}

// TestOwnPool checks that by default a client has connections of its own, and
// shares none with http.DefaultClient.
func TestOwnPool(t *testing.T) {
	t.Parallel()
	twin, sid := fakeWithCall(t)
	srv, opened := startServer(t, twin, (*httptest.Server).Start)
	client := clientFor(t, srv.URL)
	for range 3 {
		if _, err := client.Calls.Get(t.Context(), sid); err != nil {
			t.Fatal(err)
		}
		http.DefaultClient.CloseIdleConnections() //nolint:forbidigo // what the rest of the program may do
	}
	if opened.Load() > 1+lost {
		t.Errorf("%d connections, so that the default client's are used", opened.Load())
	}
}

// TestHTTP2 has many requests at once on one connection; some fail, and some
// are given up.
func TestHTTP2(t *testing.T) {
	t.Parallel()
	const many = 60
	twin, sid := fakeWithCall(t)
	twin.Inject(twiliotest.Fault{Times: -1, Rate: 0.1, Status: 503}, twiliotest.Fault{Times: -1, Rate: 0.1, Code: 20429})
	var major, atOnce atomic.Int32
	var isConnected atomic.Bool
	crowd := make(chan struct{}) // closed once a quarter of the requests is there at once
	reached := sync.OnceFunc(func() { close(crowd) })
	srv, opened := startServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		major.Store(int32(r.ProtoMajor))
		now := atOnce.Add(1)
		defer atOnce.Add(-1)
		if now == many/4 {
			reached()
		}
		if strings.HasSuffix(r.URL.Path, callSID+".json") {
			<-r.Context().Done()
			return
		}
		if isConnected.Load() {
			select {
			case <-crowd:
			case <-r.Context().Done():
			}
		}
		twin.ServeHTTP(w, r)
	}), overHTTP2)
	client := clientFor(t, srv.URL, twilio.WithHTTPClient(srv.Client()), twilio.WithMaxRetries(9))
	if _, err := client.Calls.Get(t.Context(), sid); err != nil {
		t.Fatal(err) // the first one makes the connection
	}
	isConnected.Store(true)
	var wait sync.WaitGroup
	for i := range many {
		wait.Go(func() {
			if i%6 == 0 {
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
				defer cancel()
				if err := getCall(ctx, client); !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
			}
			if call, err := client.Calls.Get(t.Context(), sid); err != nil || call.SID != sid {
				t.Errorf("got %v, %v", call, err)
			}
		})
	}
	wait.Wait()
	if major.Load() != 2 || opened.Load() != 1 {
		t.Errorf("HTTP/%d, %d connections", major.Load(), opened.Load())
	}
}

// TestRedirectsGetNothing checks that no redirect is followed.
func TestRedirectsGetNothing(t *testing.T) {
	t.Parallel()
	var stolen atomic.Int32
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { stolen.Add(1) }))
	t.Cleanup(thief.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				http.Redirect(w, r, thief.URL+r.URL.Path, status)
			}))
			t.Cleanup(srv.Close)
			follows := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
			client, err := twilio.NewClient(twilio.AuthToken(mainSID, mainToken), twilio.WithBaseURL(srv.URL), twilio.WithHTTPClient(follows))
			if err != nil {
				t.Fatal(err)
			}
			_, getErr := client.Calls.Get(t.Context(), callSID)
			_, listErr := client.Calls.List(t.Context(), twilio.CallListParams{})
			for _, err := range []error{getErr, listErr, createCall(t.Context(), client), client.Calls.Delete(t.Context(), callSID)} {
				if e, ok := errors.AsType[*twilio.Error](err); !ok || e.StatusCode != status {
					t.Errorf("got %v, want status %d", err, status)
				}
			}
			if n := asked.Load(); n != 4 {
				t.Errorf("%d requests, want 4", n)
			}
			if follows.CheckRedirect(nil, nil) != nil || follows.Transport != nil {
				t.Error("the caller's http.Client was changed")
			}
		})
	}
	t.Cleanup(func() {
		if n := stolen.Load(); n != 0 {
			t.Errorf("%d requests followed a redirect", n)
		}
	})
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
		{"in the middle of a body", createCall, []step{hangingBody(201)}, time.Second, 1, true},
		{"in a back-off", get, []step{respondError(503, 0, "Retry-After", "5")}, time.Second, 1, false},
		{"in the second back-off", get, []step{respondError(429, 0, "Retry-After", "5"), respondError(429, 0, "Retry-After", "9")}, 6 * time.Second, 2, false},
		{"in the second attempt", get, []step{respondError(503, 0, "Retry-After", "5"), hang}, 6 * time.Second, 2, false},
		{"in the back-off of a create", createCall, []step{respondError(429, 20429, "Retry-After", "5")}, time.Second, 1, false},
		{"in the second attempt of a create", createCall, []step{respondError(429, 20429, "Retry-After", "5"), hang}, 6 * time.Second, 2, true},
	} {
		for _, how := range []error{context.Canceled, context.DeadlineExceeded} {
			if how == context.DeadlineExceeded && strings.Contains(tt.name, "back-off") { //nolint:errorlint // it is this one, not one like it
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
		{"each attempt has 31 s", nil, time.Hour, get, repeat(4, hang), 4 * 31 * time.Second, 4, false},
		{"each attempt has its own", []twilio.Option{twilio.WithTimeout(5 * time.Second)}, time.Hour, get, repeat(4, hang), 20 * time.Second, 4, false},
		{"the body's time counts", []twilio.Option{twilio.WithTimeout(5 * time.Second)}, time.Hour, get, repeat(4, hangingBody(200)), 20 * time.Second, 4, false},
		{"a create has one", nil, time.Hour, createCall, []step{hang}, 31 * time.Second, 1, true},
		{"the caller's deadline is for all", []twilio.Option{twilio.WithTimeout(5 * time.Second)}, 12 * time.Second, get, repeat(3, hang), 12 * time.Second, 3, false},
		{"the caller's deadline comes first", nil, 3 * time.Second, get, []step{hang}, 3 * time.Second, 1, false},
		{"the caller's deadline ends a create", nil, 3 * time.Second, createCall, []step{hang}, 3 * time.Second, 1, true},
		{"a slow answer in time", nil, time.Hour, get, []step{respondAfter(30*time.Second, respond(200, anyResource))}, 30 * time.Second, 0, false},
		{"none at all", []twilio.Option{twilio.WithTimeout(0)}, time.Hour, get, []step{respondAfter(10*time.Minute, respond(200, anyResource))}, 10 * time.Minute, 0, false},
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

// TestHTTPClientTimeout applies the time-out of the caller's http.Client to
// each attempt.
func TestHTTPClientTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t, repeat(4, hang)...)
		_, err := newClient(t, s, twilio.WithHTTPClient(&http.Client{Transport: s, Timeout: 2 * time.Second})).Calls.Get(t.Context(), callSID)
		wantFailure(t, err, 0, 4, false)
		if e, _ := errors.AsType[*twilio.TransportError](err); !e.Timeout() {
			t.Errorf("got %v, want a time-out", err)
		}
	})
}

// TestResponseAsTheContextEnds checks that a response that has arrived when the
// context ends counts.
func TestResponseAsTheContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	call, err := newClient(t, newScript(t, func(r *http.Request) (*http.Response, error) {
		cancel()
		return respond(201, `{"sid":"`+callSID+`"}`)(r)
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
		"refused":     {respondError(400, 21211), 400, false},
		"an outage":   {respondError(503, 20500), 503, true},
		"turned away": {respondError(429, 20429), 0, false}, // and there is no time for a second attempt
		"broken off":  {cutOff(201, `{"sid":`), 0, true},
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

// TestResponseAtTheDeadline: an outage that is told as the time runs out is still
// the response.
func TestResponseAtTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		client := newClient(t, newScript(t, func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return respondError(503, 20500)(r)
		}), twilio.WithTimeout(0))
		wantFailure(t, getCall(ctx, client), 503, 1, false)
	})
}

// TestRedirectToNowhere: a redirect is a response like others, wherever it leads.
func TestRedirectToNowhere(t *testing.T) {
	t.Parallel()
	for _, location := range []string{"%zz", "http://[::1", ":"} {
		client := newClient(t, newScript(t, func(r *http.Request) (*http.Response, error) {
			res, err := respond(302, "")(r)
			res.Header.Set("Location", location)
			return res, err
		}))
		wantFailure(t, createCall(t.Context(), client), 302, 1, false)
	}
}

// TestConnectionRefused has the error of a real network: a create that reached
// nobody is sent again.
func TestConnectionRefused(t *testing.T) {
	t.Parallel()
	client, err := twilio.NewClient(twilio.AuthToken(mainSID, mainToken), twilio.WithBaseURL("http://"+loopback.DeadAddress(t)), twilio.WithRetryWait(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	wantFailure(t, createCall(t.Context(), client), 0, 4, false)
}

// TestConnectionsAreKept checks that 50 failures use one connection, and that
// giving up closes none that others use.
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
	opened := connections.Load()
	if opened > 1+lost {
		t.Errorf("opened %d connections for requests that follow each other", opened)
	}
	client.CloseIdleConnections()
	wantFailure(t, createCall(t.Context(), client), 503, 1, true)
	if n := connections.Load(); n != opened+1 {
		t.Errorf("%d connections after the idle one was closed, want one more than %d", n, opened)
	}
}

// TestRoundTripperThatIsCareless: what net/http tolerates of a RoundTripper is
// no reason to panic.
func TestRoundTripperThatIsCareless(t *testing.T) {
	t.Parallel()
	closed := false
	for name, test := range map[string]struct {
		res  *http.Response
		err  error
		want func(error) bool
	}{
		"no body":   {&http.Response{StatusCode: http.StatusNotFound}, nil, func(err error) bool { return errors.Is(err, twilio.ErrNotFound) }},
		"no header": {&http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody}, nil, func(err error) bool { return errors.Is(err, twilio.ErrNotFound) }},
		"no body where there has to be one": {&http.Response{StatusCode: http.StatusOK, ContentLength: 9}, nil,
			func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
		"nothing": {nil, nil, func(err error) bool {
			_, ok := errors.AsType[*twilio.TransportError](err)
			return ok && strings.Contains(err.Error(), "neither a response nor an error")
		}},
		"both": {&http.Response{StatusCode: http.StatusOK, Body: closer{func() { closed = true }}}, io.ErrNoProgress,
			func(err error) bool { return errors.Is(err, io.ErrNoProgress) && closed }},
	} {
		rt := roundTripper(func(*http.Request) (*http.Response, error) { return test.res, test.err })
		client := newClient(t, rt, twilio.WithMaxRetries(0))
		if _, err := client.Calls.Get(t.Context(), callSID); !test.want(err) {
			t.Errorf("%s: %v", name, err)
		}
		if err := createCall(t.Context(), client); err == nil {
			t.Errorf("%s: a create succeeds", name)
		}
	}
}

type closer struct{ close func() }

func (closer) Read([]byte) (int, error) { return 0, io.EOF }

func (c closer) Close() error { c.close(); return nil }
