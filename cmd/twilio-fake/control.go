package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// handler serves the API and, under /_fake/, its control endpoints.
func handler(fake *twiliotest.Server) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", fake)
	mux.HandleFunc("POST /_fake/advance", func(w http.ResponseWriter, r *http.Request) {
		d, err := time.ParseDuration(r.FormValue("d"))
		if err != nil || d < 0 {
			http.Error(w, "d must be a duration such as 90s, 1m or 24h", http.StatusBadRequest)
			return
		}
		fake.Advance(d)
		respond(w, map[string]any{"now": fake.Now()})
	})
	mux.HandleFunc("GET /_fake/requests", func(w http.ResponseWriter, _ *http.Request) { respond(w, fake.Requests()) })
	mux.HandleFunc("POST /_fake/faults", func(w http.ResponseWriter, r *http.Request) {
		fault, err := faultOf(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		fake.Inject(fault)
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("DELETE /_fake/faults", func(w http.ResponseWriter, _ *http.Request) {
		fake.ClearFaults()
		w.WriteHeader(http.StatusNoContent)
	})
	return mux
}

func respond(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body) // fails only when the client is gone
}

// faultOf reads a fault from a form.
func faultOf(r *http.Request) (twiliotest.Fault, error) {
	fault := twiliotest.Fault{
		Method: r.FormValue("method"), Path: r.FormValue("path"),
		Body: r.FormValue("body"), ContentType: r.FormValue("content_type"),
	}
	if name, value, ok := strings.Cut(r.FormValue("header"), ":"); ok {
		fault.Header = http.Header{name: {strings.TrimSpace(value)}}
	}
	for key, field := range map[string]*int{
		"skip": &fault.Skip, "times": &fault.Times, "status": &fault.Status, "code": &fault.Code, "truncate": &fault.Truncate,
	} {
		if err := parse(r, key, field, strconv.Atoi); err != nil {
			return fault, err
		}
	}
	if fault.Status != 0 && (fault.Status < 200 || fault.Status > 599) {
		return fault, fmt.Errorf("status: %d is not the HTTP status of a response; use 200 to 599", fault.Status)
	}
	number := func(s string) (float64, error) { return strconv.ParseFloat(s, 64) }
	for _, err := range []error{
		parse(r, "rate", &fault.Rate, number),
		parse(r, "delay", &fault.Delay, time.ParseDuration),
		parse(r, "after", &fault.After, strconv.ParseBool),
		parse(r, "reset", &fault.Reset, func(s string) (twiliotest.When, error) {
			switch s {
			case "before":
				return twiliotest.ResetBefore, nil
			case "after":
				return twiliotest.ResetAfter, nil
			}
			return twiliotest.ResetNever, fmt.Errorf("%q is neither before nor after", s)
		}),
	} {
		if err != nil {
			return fault, err
		}
	}
	return fault, nil
}

// parse reads a value of the form into a field, if it is present.
func parse[T any](r *http.Request, key string, to *T, from func(string) (T, error)) error {
	text := r.FormValue(key)
	if text == "" {
		return nil
	}
	value, err := from(text)
	if err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	*to = value
	return nil
}
