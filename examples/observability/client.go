package observability

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// NewClient returns a client whose requests are traced and counted.
func NewClient(
	cred twilio.Credentials, tracer trace.Tracer, registry prometheus.Registerer,
	opts ...twilio.Option,
) (*twilio.Client, error) {
	observe := func(base http.RoundTripper) http.RoundTripper {
		return Tracing{Tracer: tracer, Next: NewMetrics(registry, base)}
	}
	opts = append([]twilio.Option{twilio.WithTransport(observe)}, opts...)
	return twilio.NewClient(cred, opts...)
}
