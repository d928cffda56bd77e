package observability

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Metrics counts and times each attempt of a request, by operation and status.
type Metrics struct {
	// Seconds has the labels operation and status, in this order.
	Seconds *prometheus.HistogramVec
	Next    http.RoundTripper
}

// NewMetrics registers the histogram twilio_request_duration_seconds.
func NewMetrics(registry prometheus.Registerer, next http.RoundTripper) Metrics {
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "twilio_request_duration_seconds",
		Help: "Time from sending an attempt to its response's header.",
	}, []string{"operation", "status"})
	registry.MustRegister(seconds)
	return Metrics{Seconds: seconds, Next: next}
}

// RoundTrip sends the request by way of Next.
func (m Metrics) RoundTrip(r *http.Request) (*http.Response, error) {
	start := time.Now()
	response, err := m.Next.RoundTrip(r)
	status := "none" // no response
	if err == nil {
		status = strconv.Itoa(response.StatusCode)
	}
	m.Seconds.WithLabelValues(twilio.OperationFromContext(r.Context()), status).
		Observe(time.Since(start).Seconds())
	return response, err
}
