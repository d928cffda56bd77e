package twilio_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A customer's life, from the first day to the last. The server of package
// twiliotest stands for Twilio, here and in the other examples.
func Example() {
	ctx := context.Background()
	srv := twiliotest.NewServer()
	defer srv.Close()
	client := srv.Client() // or twilio.NewClient(twilio.AuthToken(accountSID, authToken))

	customer, err := client.Accounts.Create(ctx, twilio.AccountCreateParams{FriendlyName: "Submarine"})
	if err != nil {
		log.Fatal(err)
	}
	sub := client.Subaccount(customer.SID)
	if _, err := sub.Calls.Create(ctx, twilio.CallCreateParams{
		From: "+14158141829", To: "+16518675310", URL: "https://example.com/voice",
	}); err != nil {
		log.Fatal(err)
	}
	srv.Advance(time.Minute) // the call rings, is answered, ends and gets a price

	spend, err := sub.Calls.Spend(ctx, twilio.CallListParams{StartTime: srv.Now()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(spend.Items, "call,", spend.Duration, "USD", spend.Totals["USD"])

	report, err := client.Accounts.Close(ctx, customer.SID, twilio.CloseParams{MoveNumbersTo: client.AccountSID()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Account.FriendlyName, "is", report.Account.Status)
	// Output:
	// 1 call, 15s USD 0.014
	// Submarine is closed
}

func ExampleNewClient() {
	client, err := twilio.NewClient(twilio.AuthToken("AC00000000000000000000000000000001", "the main account's AuthToken"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.AccountSID())

	_, err = twilio.NewClient(twilio.AuthToken("AC00000000000000000000000000000001", ""))
	fmt.Println(err)
	// Output:
	// AC00000000000000000000000000000001
	// twilio: AuthToken is empty; Twilio also leaves an account's AuthToken blank when it was read with an API key
}

func ExampleNewClientFromEnv() {
	for name, value := range map[string]string{
		"TWILIO_ACCOUNT_SID":    "AC00000000000000000000000000000001",
		"TWILIO_AUTH_TOKEN":     "the main account's AuthToken",
		"TWILIO_SUBACCOUNT_SID": "AC00000000000000000000000000000002", // optional
		"TWILIO_REGION":         "ie1",                                // optional
	} {
		if err := os.Setenv(name, value); err != nil {
			log.Fatal(err)
		}
	}
	client, err := twilio.NewClientFromEnv()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.AccountSID())
	// Output: AC00000000000000000000000000000002
}

func ExampleAuthToken() {
	credentials := twilio.AuthToken("AC00000000000000000000000000000001", "an AuthToken")
	fmt.Println(strings.Contains(fmt.Sprintf("%+v", credentials), "an AuthToken"))
	// Output: false
}

// A key reaches the account that it belongs to. The main account's don't reach
// its subaccounts, and the request isn't sent.
func ExampleAPIKey() {
	client, err := twilio.NewClient(twilio.APIKey(
		"AC00000000000000000000000000000001", "SK00000000000000000000000000000001", "the key's secret"))
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Subaccount("AC00000000000000000000000000000002").Calls.List(context.Background(), twilio.CallListParams{})
	refusal, ok := errors.AsType[*twilio.ParamError](err)
	fmt.Println(ok, refusal.Field)
	// Output: true Subaccount
}

func ExampleClient_Subaccount() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})

	sub := client.Subaccount(customer.SID) // cheap, and client stays as it is
	message, err := sub.Messages.Create(ctx, twilio.MessageCreateParams{
		From: "+14158141829", To: "+16518675310", Body: "Ahoy there!",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(message.AccountSID == customer.SID, client.AccountSID() == srv.AccountSID)
	// Output: true true
}

// A program that works for one customer only need not be able to reach others.
func ExampleClient_WithCredentials() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	customer, err := client.Accounts.Create(ctx, twilio.AccountCreateParams{FriendlyName: "Submarine"})
	if err != nil {
		log.Fatal(err)
	}

	own := client.WithCredentials(customer.Credentials())
	if _, err := own.Calls.List(ctx, twilio.CallListParams{}); err != nil {
		log.Fatal(err)
	}
	_, err = own.Accounts.Get(ctx, srv.AccountSID)
	fmt.Println(errors.Is(err, twilio.ErrUnauthorized))
	// Output: true
}

// Recordings have no type here. They travel through the same pipeline as all
// else, and the path comes with the account.
func ExampleClient_Do() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	account, err := client.Accounts.Get(ctx, client.AccountSID())
	if err != nil {
		log.Fatal(err)
	}

	var list struct {
		Recordings []struct {
			SID string `json:"sid"`
		} `json:"recordings"`
	}
	if err := client.Do(ctx, http.MethodGet, account.SubresourceURIs["recordings"], nil, &list); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(list.Recordings))
	// Output: 0
}

func ExampleClient_CloseIdleConnections() {
	srv := twiliotest.NewServer()
	defer srv.Close()
	client := srv.Client()
	defer client.CloseIdleConnections()

	_, err := client.Balance.Get(context.Background())
	fmt.Println(err)
	// Output: <nil>
}

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
	// A RoundTripper asks for it, as that of the example of WithHTTPClient does.
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
	// twilio: WithBaseURL is plain http to a host that isn't this machine; use https, since each request carries credentials
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

// Operation, account and status are logged, and neither query nor body.
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

// A read is repeated when Twilio has an outage, and tells how often.
func ExampleWithMaxRetries() {
	srv := twiliotest.NewUnstartedServer()
	srv.Inject(twiliotest.Fault{Status: http.StatusServiceUnavailable, Body: "<html>Sorry</html>", Times: -1})
	client := srv.Client(twilio.WithMaxRetries(2), twilio.WithRetryWait(0, time.Millisecond))

	_, err := client.Balance.Get(context.Background())
	e, ok := errors.AsType[*twilio.Error](err)
	fmt.Println(ok, e.StatusCode, e.Attempts)
	// Output: true 503 3
}

// Past the longest wait, a Retry-After is the caller's decision.
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
	client := srv.Client(twilio.WithTimeout(10 * time.Millisecond)) // too short for life

	_, err := client.Accounts.Create(context.Background(), twilio.AccountCreateParams{FriendlyName: "Submarine"})
	e, ok := errors.AsType[*twilio.TransportError](err)
	fmt.Println(ok, e.Timeout(), errors.Is(err, context.DeadlineExceeded), errors.Is(err, twilio.ErrOutcomeUnknown))
	// Output: true true true true
}

// budget lets a number of requests pass. A *rate.Limiter of
// golang.org/x/time/rate fits as it is.
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

// Adding the same note twice does no harm in this program, so it may be sent
// again after an outage.
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

func ExampleWithLookahead() {
	srv := twiliotest.NewUnstartedServer()
	for range 5 {
		srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusCompleted})
	}
	n := 0
	for _, err := range srv.Client().Calls.All(context.Background(), twilio.CallListParams{PageSize: 2}, twilio.WithLookahead(2)) {
		if err != nil {
			log.Fatal(err)
		}
		n++
	}
	fmt.Println(n)
	// Output: 5
}

func ExampleWithParallelism() {
	srv := twiliotest.NewUnstartedServer()
	for day := range 30 {
		srv.AddMessage(srv.AccountSID, twilio.Message{
			Status: twilio.MessageStatusDelivered, DateSent: time.Date(2026, 1, 1+day, 9, 30, 0, 0, time.UTC), NumSegments: 2,
		})
	}
	spend, err := srv.Client().Messages.Spend(context.Background(), twilio.MessageListParams{
		DateSentAfter:  time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		DateSentBefore: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC),
	}, twilio.WithParallelism(8))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(spend.Items, spend.Segments)
	// Output: 30 60
}

func ExamplePage_Next() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	for range 5 {
		srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusCompleted})
	}
	page, err := srv.Client().Calls.List(ctx, twilio.CallListParams{PageSize: 2})
	for err == nil {
		fmt.Println(len(page.Items))
		if !page.HasNext() {
			break
		}
		page, err = page.Next(ctx)
	}
	fmt.Println(err)
	// Output:
	// 2
	// 2
	// 1
	// <nil>
}

// What a cursor left over is an iterator away.
func ExamplePage_All() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	for range 5 {
		srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusCompleted})
	}
	client := srv.Client()
	page, err := client.Calls.List(ctx, twilio.CallListParams{PageSize: 2})
	if err != nil {
		log.Fatal(err)
	}

	page, err = client.Calls.Resume(ctx, page.Cursor())
	if err != nil {
		log.Fatal(err)
	}
	n := 0
	for _, err := range page.All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		n++
	}
	fmt.Println(n)
	// Output: 3
}

// A cursor is a text. Keep it, and go on tomorrow or in another process.
func ExamplePage_Cursor() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	for range 5 {
		srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusCompleted})
	}
	client := srv.Client()
	page, err := client.Calls.List(ctx, twilio.CallListParams{PageSize: 3})
	if err != nil {
		log.Fatal(err)
	}
	cursor := page.Cursor()

	page, err = client.Calls.Resume(ctx, cursor)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(page.Items), page.HasNext())
	// Output: 2 false
}

// A list that fails on its second page: what was read is kept, and the error
// says where to go on.
func ExampleError_cursor() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	for range 5 {
		srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusCompleted})
	}
	client := srv.Client(twilio.WithMaxRetries(0))
	srv.Inject(twiliotest.Fault{Path: "/Calls.json", Skip: 1, Status: http.StatusServiceUnavailable})

	var read []string
	var cursor string
	for call, err := range client.Calls.All(ctx, twilio.CallListParams{PageSize: 3}) {
		if e, ok := errors.AsType[*twilio.Error](err); ok {
			cursor = e.Cursor
			break
		}
		read = append(read, call.SID)
	}
	page, err := client.Calls.Resume(ctx, cursor)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(read), "and", len(page.Items))
	// Output: 3 and 2
}

func ExampleError() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	closed := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine", Status: twilio.AccountStatusClosed})

	_, err := client.Accounts.Activate(ctx, closed.SID)
	if e, ok := errors.AsType[*twilio.Error](err); ok && e.Code == twilio.CodeSubaccountClosed {
		fmt.Println("closed for ever:", e.Operation, e.StatusCode, e.Attempts)
	}

	_, err = client.Calls.Get(ctx, "CA00000000000000000000000000000000")
	if errors.Is(err, twilio.ErrNotFound) {
		fmt.Println("no such call")
	}
	// Output:
	// closed for ever: accounts.update 400 1
	// no such call
}

// The answer of a create is lost. Nobody knows whether it happened: look before
// you repeat it.
func ExampleTransportError() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	srv.Inject(twiliotest.Fault{Method: http.MethodPost, Path: "/Messages.json", Reset: twiliotest.ResetAfter})

	_, err := client.Messages.Create(ctx, twilio.MessageCreateParams{From: "+14158141829", To: "+16518675310", Body: "Ahoy there!"})
	fmt.Println(errors.Is(err, twilio.ErrOutcomeUnknown))

	sent, err := client.Messages.List(ctx, twilio.MessageListParams{To: "+16518675310"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(sent.Items))
	// Output:
	// true
	// 1
}

func ExampleParamError() {
	srv := twiliotest.NewUnstartedServer()
	_, err := srv.Client().Calls.Create(context.Background(), twilio.CallCreateParams{From: "+14158141829", To: "+16518675310"})
	if e, ok := errors.AsType[*twilio.ParamError](err); ok {
		fmt.Println(e.Operation, e.Field)
	}
	fmt.Println(len(srv.Requests()), "requests sent")
	// Output:
	// calls.create URL
	// 0 requests sent
}

func ExampleSecret() {
	srv := twiliotest.NewUnstartedServer()
	account, err := srv.Client().Accounts.Create(context.Background(), twilio.AccountCreateParams{FriendlyName: "Submarine"})
	if err != nil {
		log.Fatal(err)
	}
	text, err := json.Marshal(account.AuthToken)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(account.AuthToken, string(text), len(account.AuthToken.Reveal()))
	// Output: [redacted] null 32
}
