package fleetotel_test

import (
	"context"
	"fmt"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetotel"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetsqlite"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestSpansAndMetrics(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewServer()
	defer srv.Close()
	for range 3 {
		srv.AddSubaccount(twilio.Account{})
	}
	store, err := fleetsqlite.Open(t.TempDir() + "/fleet.db")
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	spans, metrics := tracetest.NewSpanRecorder(), sdkmetric.NewManualReader()
	f, err := fleet.Open(t.Context(), srv.Client(), store, fleetotel.With(
		sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)),
		sdkmetric.NewMeterProvider(sdkmetric.WithReader(metrics))))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- f.Work(ctx, 2, fleet.Suspend) }()
	if err := fleet.Suspend.Start(ctx, f, "run", twilio.AccountListParams{}, twilio.SuspendParams{}); err != nil {
		t.Fatal(err)
	}
	for _, err := range f.Watch(ctx, "run") {
		if err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	var data metricdata.ResourceMetrics
	if err := metrics.Collect(t.Context(), &data); err != nil {
		t.Fatal(err)
	}
	count := int64(0)
	for _, scope := range data.ScopeMetrics {
		for _, m := range scope.Metrics {
			sum, ok := m.Data.(metricdata.Sum[int64])
			if !ok || m.Name != "river.work_count" {
				continue
			}
			for _, point := range sum.DataPoints {
				if queue, _ := point.Attributes.Value(attribute.Key("queue")); queue.AsString() == "suspend" {
					count += point.Value
				}
			}
		}
	}
	if count != 3 {
		t.Errorf("river.work_count of suspend is %d: %s", count, fmt.Sprint(data))
	}
	if n := len(spans.Ended()); n < 3 {
		t.Errorf("%d spans", n)
	}
}
