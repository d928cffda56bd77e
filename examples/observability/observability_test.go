package observability_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/observability"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A URL escapes the plus sign, so that the tests look for the digits.
const (
	from = "+14158141829"
	to   = "+16518675310"
)

// useTwilio makes requests that succeed, that Twilio refuses, that are retried
// and that get no response, and have phone numbers in the query and the body.
func useTwilio(
	t *testing.T, srv *twiliotest.Server, transport http.RoundTripper,
) (secrets []string) {
	t.Helper()
	client := srv.Client(twilio.WithRetryWait(0, 0),
		twilio.WithHTTPClient(&http.Client{Transport: transport}))
	ctx := t.Context()
	call, err := client.Calls.Create(ctx, twilio.CallCreateParams{
		From: from, To: to, URL: "https://example.com/voice",
	})
	if err != nil {
		t.Fatal(err)
	}
	srv.Inject(twiliotest.Fault{Path: "/Calls.json", Status: 503})
	if _, err := client.Calls.List(ctx, twilio.CallListParams{To: to}); err != nil {
		t.Fatal(err)
	}
	srv.Inject(twiliotest.Fault{Path: "/Messages.json", Reset: twiliotest.ResetBefore})
	_, err = client.Messages.Create(ctx, twilio.MessageCreateParams{
		From: from, To: to, Body: "Ahoy there!",
	})
	if !errors.Is(err, twilio.ErrOutcomeUnknown) {
		t.Fatal(err)
	}
	return []string{
		strings.TrimPrefix(from, "+"), strings.TrimPrefix(to, "+"),
		call.SID, srv.AccountSID, srv.AuthToken,
	}
}

func TestASpanForEachAttempt(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	recorder := tracetest.NewSpanRecorder()
	tracer := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder)).
		Tracer("test")
	secrets := useTwilio(t, srv,
		observability.Tracing{Tracer: tracer, Next: srv.Transport()})

	var got []string
	for _, span := range recorder.Ended() {
		attributes := attribute.NewSet(span.Attributes()...)
		status, _ := attributes.Value("http.response.status_code")
		got = append(got, fmt.Sprintf("%s, %d, %s",
			span.Name(), status.AsInt64(), span.Status().Code))
		all := fmt.Sprintf("%+v", tracetest.SpanStubFromReadOnlySpan(span))
		for _, secret := range secrets {
			if strings.Contains(all, secret) {
				t.Errorf("%q is in the span %s", secret, all)
			}
		}
		if id, ok := attributes.Value("twilio.request_id"); ok == (status.AsInt64() == 0) ||
			ok && !strings.HasPrefix(id.AsString(), "RQ") {
			t.Errorf("%s has the request ID %q", span.Name(), id.AsString())
		}
	}
	want := []string{
		"twilio calls.create, 201, " + codes.Unset.String(),
		"twilio calls.list, 503, " + codes.Error.String(),
		"twilio calls.list, 200, " + codes.Unset.String(),
		"twilio messages.create, 0, " + codes.Error.String(),
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestACountForEachAttempt(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	registry := prometheus.NewPedanticRegistry()
	secrets := useTwilio(t, srv,
		observability.NewMetrics(registry, srv.Transport()))

	families, err := registry.Gather()
	if err != nil || len(families) != 1 {
		t.Fatalf("%d metrics, %v", len(families), err)
	}
	all := families[0].String()
	for _, secret := range secrets {
		if strings.Contains(all, secret) {
			t.Errorf("%q is in %s", secret, all)
		}
	}
	var got []string
	for _, metric := range families[0].GetMetric() {
		var labels []string
		for _, label := range metric.GetLabel() {
			labels = append(labels, label.GetName()+"="+label.GetValue())
		}
		got = append(got, fmt.Sprintf("%s %d", strings.Join(labels, " "),
			metric.GetHistogram().GetSampleCount()))
	}
	want := []string{
		"operation=calls.create status=201 1",
		"operation=calls.list status=200 1",
		"operation=calls.list status=503 1",
		"operation=messages.create status=none 1",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if problems, err := testutil.GatherAndLint(registry); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

func TestClientIsTracedAndCounted(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewServer()
	t.Cleanup(srv.Close)
	recorder := tracetest.NewSpanRecorder()
	tracer := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder)).
		Tracer("test")
	registry := prometheus.NewPedanticRegistry()
	client, err := observability.NewClient(
		twilio.AuthToken(srv.AccountSID, srv.AuthToken), tracer, registry,
		twilio.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	if _, err := client.Balance.Get(t.Context()); err != nil {
		t.Fatal(err)
	}
	series, err := testutil.GatherAndCount(registry)
	if spans := len(recorder.Ended()); err != nil || spans != 1 || series != 1 {
		t.Errorf("%d spans, %d series, %v; want one of each", spans, series, err)
	}
}
