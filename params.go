package twilio

import (
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/google/go-querystring/query"
)

// What a Params type may say of itself beyond its fields. All are optional.
type (
	// checker refuses what Twilio's rules say can't work.
	checker interface{ check() error }
	// wirer returns a copy of the params in the values that Twilio expects.
	wirer interface{ wire() any }
	// repeater says whether doing an update twice is the same as once, where
	// that isn't a matter of course.
	repeater interface{ repeatable() bool }
	// lister is a list's Limit and PageSize.
	lister interface{ paging() (limit, pageSize int) }
	// ranger is a list's exact date ranges, in the order of resource.times.
	ranger interface{ ranges() []timeRange }
	// splitter is a list that can be divided by a range of dates: its items come
	// newest first by the date that span has bounds of.
	splitter interface {
		span() timeRange
		within(timeRange) lister
	}
)

// encode checks params and turns them into a form. Nil params make an empty one.
func encode(params any) (url.Values, error) {
	if params == nil {
		return url.Values{}, nil
	}
	if p, ok := params.(checker); ok {
		if err := p.check(); err != nil {
			return nil, err
		}
	}
	if p, ok := params.(wirer); ok {
		params = p.wire()
	}
	form := url.Values{}
	v := reflect.ValueOf(params)
	for _, f := range formFieldsOf(v.Type()) {
		field := v.Field(f.index)
		if f.omitEmpty && field.IsZero() {
			continue
		}
		one := reflect.New(f.alone).Elem()
		one.Field(0).Set(inUTC(field))
		values, err := query.Values(one.Interface())
		if err != nil {
			return nil, &ParamError{Field: f.alone.Field(0).Name, Reason: "can't be encoded"}
		}
		maps.Copy(form, values)
	}
	return form, nil
}

// A formField is a field of a Params type that goes into the form. alone is a struct with this field and no other: go-querystring takes the
// tags of all fields of a struct apart each time, and of forty most are empty.
type formField struct {
	index     int
	omitEmpty bool
	alone     reflect.Type
}

var formFields sync.Map // from reflect.Type to []formField

func formFieldsOf(t reflect.Type) []formField {
	if fields, ok := formFields.Load(t); ok {
		return fields.([]formField)
	}
	var fields []formField
	for f := range t.Fields() {
		tag := f.Tag.Get("url")
		if tag == "-" {
			continue
		}
		fields = append(fields, formField{
			index:     f.Index[0],
			omitEmpty: strings.Contains(tag, ",omitempty"),
			alone:     reflect.StructOf([]reflect.StructField{{Name: f.Name, Type: f.Type, Tag: f.Tag}}),
		})
	}
	formFields.Store(t, fields)
	return fields
}

// inUTC returns a field with its time in UTC: go-querystring formats a time in
// the zone that it finds.
func inUTC(field reflect.Value) reflect.Value {
	switch t := field.Interface().(type) {
	case time.Time:
		return reflect.ValueOf(t.UTC())
	case *time.Time:
		return reflect.ValueOf(new(t.UTC()))
	default:
		return field
	}
}

// firstOf returns the first error that isn't nil.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func required(field, value string) error {
	if value == "" {
		return &ParamError{Field: field, Reason: "is empty, but Twilio needs it"}
	}
	return nil
}

func checkFriendlyName(name string) error {
	if n := utf8.RuneCountInString(name); n > 64 {
		return &ParamError{Field: "FriendlyName", Reason: fmt.Sprintf("has %d characters, more than the 64 that Twilio takes", n)}
	}
	return nil
}

func atLeastZero(field string, n int) error {
	if n < 0 {
		return &ParamError{Field: field, Reason: "is negative"}
	}
	return nil
}

func between(field string, n, least, most int) error {
	if n < least || n > most {
		return &ParamError{Field: field, Reason: fmt.Sprintf("isn't between %d and %d", least, most)}
	}
	return nil
}

// given is a parameter by its name, to be counted with others.
type given struct{ field, value string }

func exactlyOne(fields ...given) error {
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
		return &ParamError{Field: names[0], Reason: "is empty; give exactly one of " + choice}
	case 1:
		return nil
	default:
		return &ParamError{Field: have[1], Reason: "is given beside " + have[0] + "; give exactly one of " + choice}
	}
}

// checkSID asks for the prefix and for characters that leave the path alone.
// It doesn't insist on hex: Twilio's own documents use placeholders.
func checkSID(field, sid string, prefixes ...string) error {
	if sid == "" {
		return &ParamError{Field: field, Reason: "is empty; give a SID that begins with " + strings.Join(prefixes, " or ")}
	}
	if !hasPrefix(sid, prefixes) {
		return &ParamError{Field: field, Reason: "is not a SID of the right kind; give one that begins with " + strings.Join(prefixes, " or ")}
	}
	for i := range len(sid) {
		switch c := sid[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_':
		default:
			return &ParamError{Field: field, Reason: "has a character that no SID has"}
		}
	}
	return nil
}

func hasPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) && len(s) > len(p) {
			return true
		}
	}
	return false
}

// timeRange is half-open: [after, before). A zero end is open.
type timeRange struct {
	After  time.Time `json:"after,omitzero"`
	Before time.Time `json:"before,omitzero"`
}

func (r timeRange) open() bool { return r.After.IsZero() && r.Before.IsZero() }

func (r timeRange) contains(t time.Time) bool {
	return r.open() || !t.IsZero() && !t.Before(r.After) && (r.Before.IsZero() || t.Before(r.Before))
}

// days divides a range that has both ends into UTC days, newest first.
func (r timeRange) days() []timeRange {
	var days []timeRange
	for end := r.Before; end.After(r.After); {
		begin := end.Add(-1).UTC().Truncate(24 * time.Hour)
		if begin.Before(r.After) {
			begin = r.After
		}
		days = append(days, timeRange{begin, end})
		end = begin
	}
	return days
}

// oneRange checks the three fields that select by one date.
func oneRange(field string, day, after, before time.Time) error {
	switch {
	case !day.IsZero() && !(timeRange{after, before}).open():
		return &ParamError{Field: field, Reason: "selects a whole day; give it alone, or " + field + "After and " + field + "Before"}
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
