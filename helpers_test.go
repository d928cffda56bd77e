package twilio_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// startServer serves a handler and counts the connections to it. start starts
// the server, after any changes to it.
func startServer(t *testing.T, handler http.Handler, start func(*httptest.Server)) (srv *httptest.Server, opened *atomic.Int32) {
	t.Helper()
	srv, opened = httptest.NewUnstartedServer(handler), new(atomic.Int32)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // handshakes that fail on purpose
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

// clientFor makes a client of the main account for a local server.
func clientFor(t *testing.T, origin string, opts ...twilio.Option) *twilio.Client {
	t.Helper()
	client, err := twilio.NewClient(twilio.AuthToken(mainSID, mainToken), append([]twilio.Option{twilio.WithBaseURL(origin), twilio.WithRetryWait(0, 0)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// fakeWithCall makes a fake with one call, and returns the call's SID.
func fakeWithCall(t *testing.T) (*twiliotest.Server, string) {
	t.Helper()
	srv := twiliotest.NewUnstartedServer(twiliotest.WithAccount(mainSID, mainToken))
	return srv, srv.AddCall(mainSID, twilio.Call{Status: twilio.CallStatusCompleted}).SID
}

func getCall(ctx context.Context, client *twilio.Client) error {
	_, err := client.Calls.Get(ctx, callSID)
	return err
}

const callSID = "CA00000000000000000000000000000003"

// newClient makes a client of the main account whose requests end in rt.
func newClient(t *testing.T, rt http.RoundTripper, opts ...twilio.Option) *twilio.Client {
	t.Helper()
	opts = append([]twilio.Option{twilio.WithHTTPClient(&http.Client{Transport: rt})}, opts...)
	client, err := twilio.NewClient(twilio.AuthToken(mainSID, mainToken), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// eventually waits for something that is about to happen.
func eventually(happened func() bool) bool {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for range 2500 {
		if happened() {
			return true
		}
		<-tick.C
	}
	return happened()
}

const (
	mainSID   = "AC00000000000000000000000000000001"
	subSID    = "AC00000000000000000000000000000002"
	mainToken = "main-token"
	subToken  = "sub-token"
	keySID    = "SK00000000000000000000000000000001"
	keySecret = "key-secret"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

const callsPath = "/2010-04-01/Accounts/" + mainSID + "/Calls.json"

func sidsOf(calls []*twilio.Call) (sids []string) {
	for _, call := range calls {
		sids = append(sids, call.SID)
	}
	return sids
}

// remainingSIDs returns the SIDs of a page and of all pages after it.
func remainingSIDs(t *testing.T, page *twilio.Page[twilio.Call], err error) (sids []string) {
	t.Helper()
	for {
		if err != nil {
			t.Fatal(err)
		}
		sids = append(sids, sidsOf(page.Items)...)
		if !page.HasNext() {
			return sids
		}
		page, err = page.Next(t.Context())
	}
}

// fakeWithManyCalls is a server whose main account has n calls, a minute apart.
func fakeWithManyCalls(t *testing.T, n int) *twiliotest.Server {
	t.Helper()
	srv := twiliotest.NewUnstartedServer(twiliotest.WithAccount(mainSID, mainToken))
	for i := range n {
		at := twiliotest.DefaultStart.Add(time.Duration(i-n) * time.Minute)
		srv.AddCall(mainSID, twilio.Call{Status: twilio.CallStatusCompleted, DateCreated: at, StartTime: at, EndTime: at.Add(time.Second)})
	}
	return srv
}

func isParamError(err error, field string) bool {
	e, ok := errors.AsType[*twilio.ParamError](err)
	return ok && e.Field == field
}

func listSIDs(t *testing.T, c *twilio.Client, params twilio.CallListParams, opts ...twilio.RequestOption) ([]string, error) {
	t.Helper()
	var got []string
	for call, err := range c.Calls.All(t.Context(), params, opts...) {
		if err != nil {
			return got, err
		}
		got = append(got, call.SID)
	}
	return got, nil
}

const (
	numberSID = "PN00000000000000000000000000000004"
	errorBody = `{"code":%d,"message":"no","more_info":"https://www.twilio.com/docs/errors/%[1]d","status":%d}`
)

func createCall(ctx context.Context, c *twilio.Client) error {
	_, err := c.Calls.Create(ctx, twilio.CallCreateParams{To: "+15005550006", From: "+15005550006", TwiML: "<Response/>"})
	return err
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

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// clientResponding makes a client without retries whose requests get the
// responses of a function.
func clientResponding(t *testing.T, answer func(*http.Request) (status int, body string)) *twilio.Client {
	t.Helper()
	client, err := twilio.NewClient(twilio.AuthToken(mainSID, mainToken), twilio.WithMaxRetries(0),
		twilio.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			status, body := answer(r)
			return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		})}))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// anyResource is JSON that can be read as a resource of any type.
const anyResource = `{"sid":"XX1","account_sid":"AC1","call_sid":"CA1","country_code":"US","url":"https://example.com"}`

// heapGrowth is by how much a function makes the heap grow.
func heapGrowth(do func()) int64 {
	before := heapInUse()
	do()
	return heapInUse() - before
}

// heapInUse is what is reachable. A sync.Pool keeps what it holds through one
// collection, and under the race detector it drops some of it at random, so
// that only an emptied pool weighs the same twice.
func heapInUse() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// isTyped reports whether an error is of this package, or joins such.
func isTyped(err error) bool {
	switch e := err.(type) { //nolint:errorlint // what the error is, not what is in it
	case nil, *twilio.Error, *twilio.TransportError, *twilio.ParamError, *twilio.DecodeError:
		return true
	case interface{ Unwrap() []error }:
		return !slices.ContainsFunc(e.Unwrap(), func(err error) bool { return !isTyped(err) })
	default:
		inner := errors.Unwrap(err)
		return inner != nil && isTyped(inner)
	}
}
