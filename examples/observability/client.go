package observability

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// NewClient returns a client whose requests are traced and counted.
func NewClient(
	cred twilio.Credentials, tracer trace.Tracer, registry prometheus.Registerer,
	opts ...twilio.Option,
) (*twilio.Client, error) {
	base := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: 100, // as many as the SDK's own
		IdleConnTimeout:     90 * time.Second,
	}
	transport := Tracing{Tracer: tracer, Next: NewMetrics(registry, base)}
	traced := twilio.WithHTTPClient(&http.Client{Transport: transport})
	return twilio.NewClient(cred, append([]twilio.Option{traced}, opts...)...)
}
