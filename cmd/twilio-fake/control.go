package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// handler serves the API and, under /_fake/, its control endpoints. A ServeMux
// for all of it would redirect paths with empty segments, which is a page of
// HTML to a client that expects JSON.
func handler(fake *twiliotest.Server) http.Handler {
	control := controlHandler(fake)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/_fake/") {
			control.ServeHTTP(w, r)
			return
		}
		fake.ServeHTTP(w, r)
	})
}

func controlHandler(fake *twiliotest.Server) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /_fake/advance", func(w http.ResponseWriter, r *http.Request) {
		err := checkNames(r, "d")
		d, invalid := time.ParseDuration(r.FormValue("d"))
		if invalid != nil || d < 0 {
			err = cmp.Or(err, errors.New("d must be a duration such as 90s, 1m or 24h"))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		fake.Advance(d)
		respond(w, map[string]any{"now": fake.Now()})
	})
	mux.HandleFunc("GET /_fake/requests", func(w http.ResponseWriter, _ *http.Request) {
		respond(w, fake.Requests())
	})
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
	err := checkNames(r, "method", "path", "skip", "times", "rate", "delay", "after", "reset",
		"status", "code", "body", "content_type", "header", "truncate")
	if err != nil {
		return twiliotest.Fault{}, err
	}
	fault := twiliotest.Fault{
		Method: r.FormValue("method"), Path: r.FormValue("path"),
		Body: r.FormValue("body"), ContentType: r.FormValue("content_type"),
	}
	number := func(s string) (float64, error) { return strconv.ParseFloat(s, 64) }
	for _, err := range []error{
		parse(r, "skip", &fault.Skip, strconv.Atoi),
		parse(r, "times", &fault.Times, strconv.Atoi),
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
		parse(r, "status", &fault.Status, strconv.Atoi),
		parse(r, "code", &fault.Code, strconv.Atoi),
		parse(r, "header", &fault.Header, func(s string) (http.Header, error) {
			name, value, ok := strings.Cut(s, ":")
			if !ok {
				return nil, fmt.Errorf("%q has no colon; use Name: value", s)
			}
			return http.Header{name: {strings.TrimSpace(value)}}, nil
		}),
		parse(r, "truncate", &fault.Truncate, strconv.Atoi),
	} {
		if err != nil {
			return fault, err
		}
	}
	return fault, fault.Validate()
}

// checkNames refuses a form with names that mean nothing.
func checkNames(r *http.Request, known ...string) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(r.Form)) {
		if !slices.Contains(known, name) {
			return fmt.Errorf("%q is unknown; use %s", name, strings.Join(known, ", "))
		}
	}
	return nil
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
