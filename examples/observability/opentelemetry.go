package observability

import (
	"fmt"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Tracing starts a span for each attempt of a request. No span holds a URL, an
// error's text, a SID or a phone number.
type Tracing struct {
	Tracer trace.Tracer
	Next   http.RoundTripper
}

// RoundTrip sends the request by way of Next.
func (t Tracing) RoundTrip(r *http.Request) (*http.Response, error) {
	operation := twilio.OperationFromContext(r.Context())
	ctx, span := t.Tracer.Start(r.Context(), "twilio "+operation,
		trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(
			attribute.String("twilio.operation", operation),
			attribute.String("http.request.method", r.Method),
			attribute.String("server.address", r.URL.Hostname())))
	defer span.End()

	response, err := t.Next.RoundTrip(r.WithContext(ctx))
	if err != nil {
		span.SetAttributes(attribute.String("error.type", fmt.Sprintf("%T", err)))
		span.SetStatus(codes.Error, "no response")
		return nil, err
	}
	span.SetAttributes(
		attribute.Int("http.response.status_code", response.StatusCode),
		attribute.String("twilio.request_id", response.Header.Get("Twilio-Request-Id")))
	if response.StatusCode >= 400 {
		span.SetStatus(codes.Error, http.StatusText(response.StatusCode))
	}
	return response, nil
}
