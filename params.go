package twilio

import (
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	querystring "github.com/google/go-querystring/query"
)

// normalizer is a Params type whose values aren't yet those that Twilio expects;
// it returns a copy in which they are.
type normalizer interface{ normalized() any }

// encode turns params into a form. Nil params make an empty one.
func encode(params any) (url.Values, error) {
	if params == nil {
		return url.Values{}, nil
	}
	if p, ok := params.(normalizer); ok {
		params = p.normalized()
	}
	form, err := querystring.Values(inUTC(params))
	if err != nil {
		return nil, &ParamError{Field: "params", Reason: "can't be encoded"}
	}
	return form, nil
}

// inUTC returns params with their times in UTC: go-querystring formats a time in
// the zone that it finds.
func inUTC(params any) any {
	v := reflect.New(reflect.TypeOf(params)).Elem()
	v.Set(reflect.ValueOf(params))
	for _, field := range v.Fields() {
		switch field.Type() {
		case reflect.TypeFor[time.Time]():
			field.Set(reflect.ValueOf(field.Interface().(time.Time).UTC()))
		case reflect.TypeFor[*time.Time]():
			if t := field.Interface().(*time.Time); t != nil {
				field.Set(reflect.ValueOf(new(t.UTC())))
			}
		}
	}
	return v.Interface()
}

// firstError returns the first error that isn't nil.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func required(field, value string) error {
	if value == "" {
		return &ParamError{Field: field, Reason: "is empty, but Twilio requires it"}
	}
	return nil
}

func checkFriendlyName(form url.Values) error {
	if n := utf8.RuneCountInString(form.Get("FriendlyName")); n > 64 {
		return &ParamError{Field: "FriendlyName", Reason: fmt.Sprintf("has %d characters, more than the 64 that Twilio accepts", n)}
	}
	return nil
}

func nonNegative(field string, n int) error {
	if n < 0 {
		return &ParamError{Field: field, Reason: "is negative"}
	}
	return nil
}

func inRange(field string, n, least, most int) error {
	if n < least || n > most {
		return &ParamError{Field: field, Reason: fmt.Sprintf("isn't between %d and %d", least, most)}
	}
	return nil
}

// number reads a parameter that is a whole number; what isn't one is Twilio's to
// refuse.
func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// namedParam is a parameter by its name, to be counted with others.
type namedParam struct{ field, value string }

func exactlyOne(fields ...namedParam) error {
	var names, have []string
	for _, f := range fields {
		names = append(names, f.field)
		if f.value != "" {
			have = append(have, f.field)
		}
	}
	choice := strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
	switch len(have) {
	case 0:
		return &ParamError{Field: names[0], Reason: "is empty; set exactly one of " + choice}
	case 1:
		return nil
	default:
		return &ParamError{Field: have[1], Reason: "is set beside " + have[0] + "; set exactly one of " + choice}
	}
}

// timeRange is half-open: [after, before). A zero end is open.
type timeRange struct {
	After  time.Time `json:"after,omitzero"`
	Before time.Time `json:"before,omitzero"`

	param string // the name that its ends have in a query, without < and >
}

func (r timeRange) isOpen() bool { return r.After.IsZero() && r.Before.IsZero() }

// isSetBy reports whether a form of the caller's has an end of the range.
func (r timeRange) isSetBy(form url.Values) bool {
	return form.Has(r.param) || form.Has(r.param+">") || form.Has(r.param+"<")
}

// leaveTo opens the ends that a form of the caller's replaces.
func (r *timeRange) leaveTo(form url.Values) {
	if form.Has(r.param + ">") {
		r.After = time.Time{}
	}
	if form.Has(r.param + "<") {
		r.Before = time.Time{}
	}
}

func (r timeRange) contains(t time.Time) bool {
	return r.isOpen() || !t.IsZero() && !t.Before(r.After) && (r.Before.IsZero() || t.Before(r.Before))
}

// oneRange checks the three fields that select by one date.
func oneRange(field string, day, after, before time.Time) error {
	switch {
	case !day.IsZero() && (!after.IsZero() || !before.IsZero()):
		return &ParamError{Field: field, Reason: "selects a whole day; set it alone, or " + field + "After and " + field + "Before"}
	case !after.IsZero() && !before.IsZero() && before.Before(after):
		return &ParamError{Field: field + "Before", Reason: "lies before " + field + "After, so that nothing can match"}
	default:
		return nil
	}
}

// nextDay is the end of the UTC day that t lies in, the first day that a filter
// "before t" by whole days may leave out. Midnight ends the day before.
func nextDay(t time.Time) time.Time {
	day := t.UTC().Truncate(24 * time.Hour)
	if t.IsZero() || day.Equal(t) {
		return t
	}
	return day.AddDate(0, 0, 1)
}
