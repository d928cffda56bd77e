// Package observability traces and counts the requests of a client with
// OpenTelemetry and Prometheus. Copy opentelemetry.go or prometheus.go, or both
// with client.go.
//
// Ready-made RoundTrippers such as otelhttp's record the URL of a request.
// Those of Twilio hold SIDs and, where a list is filtered, phone numbers. These
// here record the name of the operation instead, such as "calls.create", which
// also keeps the number of time series small.
//
// It is a module of its own, so that users of the SDK don't inherit
// OpenTelemetry and Prometheus.
package observability
