package twiliotest

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// params reads parameters and records the first problem with one.
type params struct {
	url.Values
	prob *problem
}

func (p *params) reject(prob *problem) {
	if p.prob == nil {
		p.prob = prob
	}
}

// required returns a parameter that must not be empty, and otherwise rejects
// with the code.
func (p *params) required(key string, code int) string {
	value := p.Get(key)
	if value == "" {
		p.reject(fail(code))
	}
	return value
}

// set copies a parameter if the request has it; an empty one clears.
func set[S ~string](p *params, key string, to *S) {
	if p.Has(key) {
		*to = S(p.Get(key))
	}
}

// setURL is set for an absolute http or https URL.
func setURL[S ~string](p *params, key string, to *S, code int) {
	if value := p.Get(key); value != "" && !isURL(value) {
		p.reject(failf(code, "%s is not a valid URL", key))
	}
	set(p, key, to)
}

// fallback checks that a fallback URL in the request has a primary one.
func (p *params) fallback(key, primary string, code int) {
	if p.Get(key) != "" && primary == "" {
		p.reject(fail(code))
	}
}

// setMethod is set for the HTTP method of a webhook.
func setMethod(p *params, key string, to *string, code int) {
	switch value := p.Get(key); value {
	case "":
	case "GET", "POST":
		*to = value
	default:
		p.reject(failf(code, "%s must be GET or POST", key))
	}
}

// webhook checks the URL and the method of a webhook that is called and not
// stored.
func (p *params) webhook(urlKey, methodKey string) {
	var ignored string
	setURL(p, urlKey, &ignored, 21402)
	setMethod(p, methodKey, &ignored, 21403)
}

// setBool is set for true and false.
func setBool(p *params, key string, to *bool) {
	if wanted := p.bool(key); wanted != nil {
		*to = *wanted
	}
}

// bool returns nil if the parameter is missing or empty.
func (p *params) bool(key string) *bool {
	switch strings.ToLower(p.Get(key)) {
	case "":
		return nil
	case "true":
		return new(true)
	case "false":
		return new(false)
	}
	p.reject(failf(20001, "%s must be true or false", key))
	return nil
}

// oneOf returns a parameter that is one of the choices, or empty if it is
// missing.
func (p *params) oneOf(key string, code int, choices ...string) string {
	value := p.Get(key)
	if value == "" {
		return ""
	}
	if slices.Contains(choices, value) {
		return value
	}
	p.reject(failf(code, "%s must be one of %s", key, strings.Join(choices, ", ")))
	return ""
}

// int returns a whole number of at least 0, or the default if the parameter is
// missing.
func (p *params) int(key string, missing int) int {
	value := p.Get(key)
	if value == "" {
		return missing
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		p.reject(failf(20001, "%s must be a whole number", key))
	}
	return n
}

// sid returns a parameter that is empty or a SID of the kind.
func (p *params) sid(key, prefix string, code int) string {
	value := p.Get(key)
	if value != "" && !isSID(value, prefix) {
		p.reject(failf(code, "%s is not valid", key))
	}
	return value
}

// A dateFilter lets [from, until) pass; a zero end is open.
type dateFilter struct{ from, until time.Time }

func (s dateFilter) holds(t time.Time) bool {
	if s == (dateFilter{}) {
		return true
	}
	return !t.IsZero() && !t.Before(s.from) && (s.until.IsZero() || t.Before(s.until))
}

// dateFilter reads the three keys of a date filter: Key is that day (UTC), Key>
// is on or after, Key< is before. Unless secondGrain is set the time of day in
// the value is ignored.
func (p *params) dateFilter(key string, secondGrain bool) dateFilter {
	var s dateFilter
	day := func(t time.Time) time.Time { return t.Truncate(24 * time.Hour) }
	bound := day
	if secondGrain {
		bound = func(t time.Time) time.Time { return t }
	}
	if t, ok := p.date(key); ok {
		s.from, s.until = day(t), day(t).AddDate(0, 0, 1)
	}
	if t, ok := p.date(key + ">"); ok && bound(t).After(s.from) {
		s.from = bound(t)
	}
	if t, ok := p.date(key + "<"); ok && (s.until.IsZero() || bound(t).Before(s.until)) {
		s.until = bound(t)
	}
	return s
}

// date reads a date or a date with a time. A value that begins with an
// operator, as in ?StartTime=>2018-01-15, is no date.
func (p *params) date(key string) (time.Time, bool) {
	value := p.Get(key)
	if value == "" {
		return time.Time{}, false
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339, time.DateTime, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, value); err == nil {
			return t.UTC(), true
		}
	}
	p.reject(failf(20001, "%s is not a date in the form YYYY-MM-DD", key))
	return time.Time{}, false
}

func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// isSID reports whether s looks like a SID of the kind. Placeholders as in
// Twilio's documentation (ACXXXX…) pass.
func isSID(s, prefix string) bool {
	return len(s) == 34 && strings.HasPrefix(s, prefix) && strings.Trim(s, lettersAndDigits) == ""
}

const lettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
