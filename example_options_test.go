package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExampleWithSubaccount() {
	client, err := twilio.NewClient(
		twilio.AuthToken("AC00000000000000000000000000000001", "the main account's AuthToken"),
		twilio.WithSubaccount("AC00000000000000000000000000000002"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.AccountSID())
	// Output: AC00000000000000000000000000000002
}

// tracing stands for a RoundTripper such as that of otelhttp.
type tracing struct{ next http.RoundTripper }

func (t tracing) RoundTrip(r *http.Request) (*http.Response, error) {
	fmt.Println(r.Method, twilio.OperationFromContext(r.Context()))
	return t.next.RoundTrip(r)
}

func ExampleWithHTTPClient() {
	srv := twiliotest.NewUnstartedServer()
	client, err := twilio.NewClient(
		twilio.AuthToken(srv.AccountSID, srv.AuthToken),
		twilio.WithHTTPClient(&http.Client{Transport: tracing{srv.Transport()}}))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.Calls.List(context.Background(), twilio.CallListParams{}); err != nil {
		log.Fatal(err)
	}
	// Output: GET calls.list
}

func ExampleOperationFromContext() {
	// A RoundTripper calls it, as in the example of WithHTTPClient.
	fmt.Printf("%q\n", twilio.OperationFromContext(context.Background()))
	// Output: ""
}

func ExampleWithBaseURL() {
	srv := twiliotest.NewServer() // or cmd/twilio-fake, or a proxy of yours
	defer srv.Close()
	client, err := twilio.NewClient(twilio.AuthToken(srv.AccountSID, srv.AuthToken), twilio.WithBaseURL(srv.URL))
	if err != nil {
		log.Fatal(err)
	}
	account, err := client.Accounts.Get(context.Background(), srv.AccountSID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(account.Status)

	_, err = twilio.NewClient(twilio.AuthToken(srv.AccountSID, srv.AuthToken), twilio.WithBaseURL("http://example.com"))
	fmt.Println(err)
	// Output:
	// active
	// twilio: WithBaseURL is plain http to a host that isn't this machine; use https, since each request carries credentials, or WithInsecureHTTP for a fake
}

// hostPrinter shows where requests would go.
type hostPrinter struct{}

func (hostPrinter) RoundTrip(r *http.Request) (*http.Response, error) {
	fmt.Println(r.URL.Host, r.UserAgent())
	return nil, errors.New("nobody is there")
}

func ExampleWithRegion() {
	client, err := twilio.NewClient(
		twilio.AuthToken("AC00000000000000000000000000000001", "a token of that region"),
		twilio.WithRegion("ie1"),
		twilio.WithUserAgent("billing/2.1"),
		twilio.WithMaxRetries(0),
		twilio.WithHTTPClient(&http.Client{Transport: hostPrinter{}}))
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Balance.Get(context.Background())
	fmt.Println(err != nil)
	// Output:
	// api.dublin.ie1.twilio.com billing/2.1
	// true
}

func ExampleWithEdge() {
	client, err := twilio.NewClient(
		twilio.AuthToken("AC00000000000000000000000000000001", "a token of region us1"),
		twilio.WithEdge("frankfurt"),
		twilio.WithUserAgent("billing/2.1"),
		twilio.WithMaxRetries(0),
		twilio.WithHTTPClient(&http.Client{Transport: hostPrinter{}}))
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Balance.Get(context.Background())
	fmt.Println(err != nil)
	// Output:
	// api.frankfurt.us1.twilio.com billing/2.1
	// true
}

func ExampleWithUserAgent() {
	client, err := twilio.NewClient(
		twilio.AuthToken("AC00000000000000000000000000000001", "an AuthToken"),
		twilio.WithUserAgent("billing/2.1"),
		twilio.WithMaxRetries(0),
		twilio.WithHTTPClient(&http.Client{Transport: hostPrinter{}}))
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Balance.Get(context.Background())
	fmt.Println(err != nil)
	// Output:
	// api.twilio.com billing/2.1
	// true
}

// The log has operation, account and status, but no query and no body.
func ExampleWithLogger() {
	srv := twiliotest.NewUnstartedServer()
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			switch a.Key {
			case slog.TimeKey, "account", "duration", "request_id": // differ from run to run
				return slog.Attr{}
			}
			return a
		},
	}))
	client := srv.Client(twilio.WithLogger(logger))
	if _, err := client.Messages.Create(context.Background(), twilio.MessageCreateParams{
		From: "+14158141829", To: "+16518675310", Body: "Ahoy there!",
	}); err != nil {
		log.Fatal(err)
	}
	// Output: level=DEBUG msg="twilio request" operation=messages.create method=POST status=201 attempt=1
}

// A read is retried when Twilio has an outage, and reports its attempts.
func ExampleWithMaxRetries() {
	srv := twiliotest.NewUnstartedServer()
	srv.Inject(twiliotest.Fault{Status: http.StatusServiceUnavailable, Body: "<html>Sorry</html>", Times: -1})
	client := srv.Client(twilio.WithMaxRetries(2), twilio.WithRetryWait(0, time.Millisecond))

	_, err := client.Balance.Get(context.Background())
	e, ok := errors.AsType[*twilio.Error](err)
	fmt.Println(ok, e.StatusCode, e.Attempts)
	// Output: true 503 3
}

// Beyond the longest wait, the caller decides about a Retry-After.
func ExampleWithRetryWait() {
	srv := twiliotest.NewUnstartedServer()
	srv.Inject(twiliotest.Fault{Code: twilio.CodeTooManyRequests, Header: http.Header{"Retry-After": {"600"}}})
	client := srv.Client(twilio.WithRetryWait(100*time.Millisecond, 30*time.Second))

	_, err := client.Balance.Get(context.Background())
	e, ok := errors.AsType[*twilio.Error](err)
	fmt.Println(ok, e.RetryAfter, errors.Is(err, twilio.ErrRateLimited))
	// Output: true 10m0s true
}

func ExampleWithTimeout() {
	srv := twiliotest.NewUnstartedServer()
	srv.Inject(twiliotest.Fault{Method: http.MethodPost, Delay: time.Hour, After: true})
	client := srv.Client(twilio.WithTimeout(100 * time.Millisecond)) // too short for life

	_, err := client.Accounts.Create(context.Background(), twilio.AccountCreateParams{FriendlyName: "Submarine"})
	e, ok := errors.AsType[*twilio.TransportError](err)
	fmt.Println(ok, e.Timeout(), errors.Is(err, context.DeadlineExceeded), errors.Is(err, twilio.ErrOutcomeUnknown))
	// Output: true true true true
}

// budget lets a number of requests pass. A *rate.Limiter of
// golang.org/x/time/rate is a RateLimiter too.
type budget struct{ left int }

func (g *budget) Wait(context.Context) error {
	if g.left == 0 {
		return errors.New("enough for today")
	}
	g.left--
	return nil
}

func ExampleWithRateLimiter() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client(twilio.WithRateLimiter(&budget{left: 1}))

	_, first := client.Balance.Get(ctx)
	_, second := client.Balance.Get(ctx)
	fmt.Println(first == nil, second == nil)
	// Output: true false
}

func ExampleWithResponseInto() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()

	var meta twilio.ResponseMeta
	_, err := client.Accounts.Get(ctx, client.AccountSID(), twilio.WithResponseInto(&meta))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(meta.StatusCode, meta.Attempts, meta.ConcurrentRequests, len(meta.RequestID))
	// Output: 200 1 1 34
}

// Adding the same note twice does no harm in this program, so the client may
// retry it after an outage.
func ExampleWithIdempotent() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client(twilio.WithRetryWait(0, time.Millisecond))
	srv.Inject(twiliotest.Fault{Method: http.MethodPost, Status: http.StatusBadGateway, NoBody: true})

	var meta twilio.ResponseMeta
	_, err := client.Messages.Create(ctx, twilio.MessageCreateParams{From: "+14158141829", To: "+16518675310", Body: "Ahoy there!"},
		twilio.WithIdempotent(), twilio.WithResponseInto(&meta))
	fmt.Println(err, meta.Attempts)
	// Output: <nil> 2
}

// Twilio may have parameters that this package doesn't know yet.
func ExampleWithForm() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	if _, err := client.Messages.Create(ctx, twilio.MessageCreateParams{From: "+14158141829", To: "+16518675310", Body: "Ahoy there!"},
		twilio.WithForm(url.Values{"Tags": {`{"campaign_name":"Spring Sale 2022"}`}})); err != nil {
		log.Fatal(err)
	}
	for _, r := range srv.Requests() {
		fmt.Println(r.Form.Get("Tags"))
	}
	// Output: {"campaign_name":"Spring Sale 2022"}
}

func ExampleWithHeader() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()

	_, err := client.Balance.Get(ctx, twilio.WithHeader("X-Correlation-Id", "7"))
	fmt.Println(err)
	_, err = client.Balance.Get(ctx, twilio.WithHeader("Authorization", "Basic …"))
	fmt.Println(err)
	// Output:
	// <nil>
	// twilio: balance.get: WithHeader can't set Authorization, which belongs to the client
}

// Attempts are counted by operation. An operation's name doesn't identify a
// customer, so it can be a label of metrics.
func ExampleWithTransport() {
	srv := twiliotest.NewUnstartedServer()
	counts := map[string]int{}
	client, err := twilio.NewClient(twilio.AuthToken(srv.AccountSID, srv.AuthToken),
		twilio.WithHTTPClient(&http.Client{Transport: srv.Transport()}),
		twilio.WithTransport(func(base http.RoundTripper) http.RoundTripper {
			return roundTripper(func(r *http.Request) (*http.Response, error) {
				info, _ := twilio.RequestFromContext(r.Context())
				counts[info.Operation]++
				return base.RoundTrip(r)
			})
		}))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.Calls.List(context.Background(), twilio.CallListParams{}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(counts)
	// Output: map[calls.list:1]
}

// A limiter can delay retries only, or one customer only.
func ExampleRequestFromContext() {
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client(twilio.WithRateLimiter(limiterFunc(func(ctx context.Context) error {
		info, ok := twilio.RequestFromContext(ctx)
		fmt.Println(info.Operation, info.AccountSID == srv.AccountSID, info.Attempt, ok)
		return nil
	})))
	if _, err := client.Balance.Get(context.Background()); err != nil {
		log.Fatal(err)
	}
	// Output: balance.get true 1 true
}

// In a network of containers a fake has no certificate.
func ExampleWithInsecureHTTP() {
	_, err := twilio.NewClient(twilio.AuthToken("AC00000000000000000000000000000001", "made up"),
		twilio.WithBaseURL("http://twilio-fake:8080"), twilio.WithInsecureHTTP())
	fmt.Println(err)
	// Output: <nil>
}

func ExampleWithRequestTimeout() {
	srv := twiliotest.NewUnstartedServer()
	_, err := srv.Client().Calls.List(context.Background(), twilio.CallListParams{}, twilio.WithRequestTimeout(time.Minute))
	fmt.Println(err)
	// Output: <nil>
}

func ExampleWithRequestRetries() {
	srv := twiliotest.NewUnstartedServer()
	srv.Inject(twiliotest.Fault{Status: 503})
	_, err := srv.Client().Balance.Get(context.Background(), twilio.WithRequestRetries(0))
	e, ok := errors.AsType[*twilio.Error](err)
	fmt.Println(ok, e.StatusCode, e.Attempts)
	// Output: true 503 1
}

func ExampleClient_WithTransport() {
	srv := twiliotest.NewServer()
	defer srv.Close()
	client := srv.Client()
	counted := 0
	copied := client.WithTransport(func(base http.RoundTripper) http.RoundTripper {
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			counted++
			return base.RoundTrip(r)
		})
	})
	for _, c := range []*twilio.Client{client, copied} {
		if _, err := c.Accounts.Get(context.Background(), srv.AccountSID); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(counted)
	// Output: 1
}
