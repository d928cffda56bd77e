package webhook

import (
	"cmp"
	"maps"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// maxForm bounds forms that no [Verifier] has read before, in bytes.
const maxForm = 10 << 20

// A Request is what all webhooks have in common.
type Request struct {
	// AccountSID is the account that the request is about: the one that
	// [Verifier.Middleware] has verified or, without it, the parameter
	// AccountSid.
	AccountSID string
	// APIVersion is 2010-04-01; some webhooks leave it out.
	APIVersion string
	// IdempotencyToken is the same when Twilio retries a request, or empty if
	// Twilio sends none. Store it to handle each request once.
	IdempotencyToken string
	// Params has all parameters, including those without a field. Twilio may
	// add new ones at any time.
	Params url.Values
}

// A form reads parameters into an event, and collects those that can't be read.
type form struct {
	Request
	event  string
	fields []twilio.FieldError
}

// parse reads the parameters of a request: of its form, or of its URL if the
// method is GET. It fails without the required parameter, which distinguishes
// the request from those of other kinds.
func parse(r *http.Request, event, required string) (*form, error) {
	f := &form{event: event}
	params, err := paramsOf(r)
	if err != nil {
		f.problem("the request", err.Error())
		return nil, f.error()
	}
	accountSID := cmp.Or(AccountSID(r.Context()), params.Get("AccountSid"))
	f.Request = Request{accountSID, params.Get("ApiVersion"), r.Header.Get("I-Twilio-Idempotency-Token"), params}
	if params.Get(required) == "" {
		f.problem(required, "is missing; pass a request of the kind that this function reads")
		return nil, f.error()
	}
	return f, nil
}

func paramsOf(r *http.Request) (url.Values, error) {
	text := r.URL.RawQuery
	switch {
	case len(r.PostForm) > 0:
		return maps.Clone(r.PostForm), nil // the handler has parsed it
	case isForm(r) && r.Body != nil:
		body, err := readBody(r, maxForm)
		if err != nil {
			return nil, err
		}
		if len(body) > 0 {
			text = string(body)
		}
	}
	pairs, err := parsePairs(text)
	params := url.Values{}
	for _, p := range pairs {
		params.Add(p.name, p.value)
	}
	return params, err
}

func (f *form) problem(param, problem string) {
	f.fields = append(f.fields, twilio.FieldError{Path: param, Problem: problem})
}

// error returns the parameters that can't be read, or nil.
func (f *form) error() error {
	if len(f.fields) == 0 {
		return nil
	}
	e := &twilio.DecodeError{Operation: f.event, Fields: f.fields}
	if isAccountSID(f.AccountSID) { // an error has no other part of the request
		e.AccountSID = f.AccountSID
	}
	return e
}

// text returns a parameter.
func (f *form) text(name string) string { return f.Params.Get(name) }

// number returns a whole number, zero if the parameter is missing or empty.
func (f *form) number(name string) int {
	text := f.text(name)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		f.problem(name, "want a whole number")
		return 0
	}
	return n
}

// sequence returns a number that counts from zero, or -1 if it is missing.
func (f *form) sequence(name string) int {
	if f.text(name) == "" {
		return -1
	}
	return f.number(name)
}

func (f *form) fraction(name string) float64 {
	text := f.text(name)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		f.problem(name, "want a number")
		return 0
	}
	return n
}

// flag returns whether a parameter is true.
func (f *form) flag(name string) bool { return strings.EqualFold(f.text(name), "true") }

// timeLayouts are RFC 2822, which voice sends, and ISO 8601, which the debugger
// sends. A date without a time is midnight UTC.
var timeLayouts = []string{
	"Mon, 2 Jan 2006 15:04:05 -0700",
	"Mon, 2 Jan 2006 15:04:05 GMT",
	"2 Jan 2006 15:04:05 -0700",
	time.RFC3339,
	"2006-01-02T15:04:05-0700",
	time.DateOnly,
}

// time returns a time in UTC, zero if the parameter is missing or empty.
func (f *form) time(name string) time.Time {
	text := f.text(name)
	if text == "" {
		return time.Time{}
	}
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC()
		}
	}
	f.problem(name, "want a date in the format of RFC 2822 or ISO 8601")
	return time.Time{}
}

// A Place is where a phone number is registered. Fields that Twilio doesn't
// know are empty.
type Place struct {
	City  string
	State string
	Zip   string
	// Country has two letters, such as US.
	Country string
}

func (f *form) place(of string) Place {
	return Place{f.text(of + "City"), f.text(of + "State"), f.text(of + "Zip"), f.text(of + "Country")}
}

// prefixed returns the parameters whose names have a prefix, by the rest of
// their names, and nil if there are none.
func (f *form) prefixed(prefix string) map[string]string {
	var values map[string]string
	for name := range f.Params {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			if values == nil {
				values = map[string]string{}
			}
			values[rest] = f.text(name)
		}
	}
	return values
}
