// Package fleetotel reports what workers of package fleet do to OpenTelemetry:
//
//	f, err := fleet.Open(ctx, client, store, fleetotel.With(tracerProvider, meterProvider))
package fleetotel

import (
	"github.com/riverqueue/rivercontrib/otelriver"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
)

// With reports a span for each turn of an operation, and metrics such as
// river.work_count and river.work_duration, in seconds. The attribute queue is
// the operation's name; no span or metric has a key, a parameter or a result.
// The requests to Twilio are children of the span where the client traces them.
func With(tracers trace.TracerProvider, meters metric.MeterProvider) fleet.Option {
	return func(c *engine.Config) {
		c.Plugins = append(c.Plugins, otelriver.NewMiddleware(&otelriver.MiddlewareConfig{
			TracerProvider: tracers,
			MeterProvider:  meters,
		}))
	}
}
