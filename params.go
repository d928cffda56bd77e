package twilio

import (
	"fmt"
	"maps"
	"math"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	querystring "github.com/google/go-querystring/query"
	"github.com/shopspring/decimal"
)

// A normalizer is a Params type whose values differ from what Twilio expects.
// It returns a copy that Twilio accepts.
type normalizer interface{ normalized() any }

// encode turns params into a form.
func encode(params any) (url.Values, error) {
	if p, ok := params.(normalizer); ok {
		params = p.normalized()
	}
	v := reflect.ValueOf(params)
	return paramTableOf(v.Type()).encode(v)
}

// A paramTable says how to encode the fields of a Params type. Strings, secrets,
// numbers and bools are encoded here: of forty fields most are empty, and
// go-querystring parses the tags of all of them each time. It encodes the rest:
// times, which have layouts, and lists.
type paramTable struct {
	plain    []plainParam
	numbered []plainParam // maps, whose entries are parameters with numbers
	rest     reflect.Type // a struct of the other fields
	index    []int        // where those are

	single map[string]bool // the names that take one value
}

type plainParam struct {
	name      string
	index     int
	omitEmpty bool
}

var paramTables sync.Map // from reflect.Type to *paramTable

func paramTableOf(t reflect.Type) *paramTable {
	if table, ok := paramTables.Load(t); ok {
		return table.(*paramTable)
	}
	table := &paramTable{single: map[string]bool{}}
	var rest []reflect.StructField
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("url"), ",")
		table.single[name] = f.Type.Kind() != reflect.Slice
		switch {
		case name == "-":
		case f.Type == reflect.TypeFor[map[string]string]():
			table.numbered = append(table.numbered, plainParam{name: name, index: f.Index[0]})
		case isPlain(f.Type):
			table.plain = append(table.plain, plainParam{name, f.Index[0], options == "omitempty"})
		default:
			rest = append(rest, reflect.StructField{Name: f.Name, Type: f.Type, Tag: f.Tag})
			table.index = append(table.index, f.Index[0])
		}
	}
	table.rest = reflect.StructOf(rest)
	paramTables.Store(t, table)
	return table
}

func isPlain(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t {
	case reflect.TypeFor[decimal.NullDecimal](), reflect.TypeFor[Secret]():
		return true
	}
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Float64:
		return true
	default:
		return false
	}
}

func (t *paramTable) encode(params reflect.Value) (url.Values, error) {
	form := make(url.Values, 8)
	for _, p := range t.plain {
		v := params.Field(p.index)
		if p.omitEmpty && v.IsZero() {
			continue
		}
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				continue
			}
			v = v.Elem()
		}
		if v.Kind() == reflect.Float64 && (math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0)) {
			return nil, &ParamError{Field: p.name, Reason: "isn't a number; use one"}
		}
		form[p.name] = []string{plainText(v)}
	}
	for _, p := range t.numbered {
		setNumbered(form, p.name, params.Field(p.index).Interface().(map[string]string))
	}
	var rest reflect.Value
	for i, index := range t.index {
		v := params.Field(index)
		if v.IsZero() {
			continue
		}
		if !rest.IsValid() {
			rest = reflect.New(t.rest).Elem()
		}
		rest.Field(i).Set(inUTC(v))
	}
	if !rest.IsValid() {
		return form, nil
	}
	values, err := querystring.Values(rest.Interface())
	if err != nil {
		return nil, &ParamError{Field: "params", Reason: "can't be encoded"}
	}
	maps.Copy(form, values)
	return form, nil
}

// setNumbered writes the entries of a map as Parameter1.Name, Parameter1.Value,
// Parameter2.Name and so on, in the order of their names, so that the same map
// always makes the same request.
func setNumbered(form url.Values, param string, entries map[string]string) {
	for i, name := range slices.Sorted(maps.Keys(entries)) {
		prefix := param + strconv.Itoa(i+1)
		form.Set(prefix+".Name", name)
		form.Set(prefix+".Value", entries[name])
	}
}

// checkForm refuses several values of a parameter that takes one. Twilio might
// use another of them than the one that is checked here.
func checkForm(params any, form url.Values) error {
	for name, values := range form {
		if len(values) > 1 && paramTableOf(reflect.TypeOf(params)).single[name] {
			return &ParamError{Field: "WithForm", Reason: "has several values of " + name + ", which takes one"}
		}
	}
	return nil
}

func plainText(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64)
	case reflect.Struct:
		if secret, ok := reflect.TypeAssert[Secret](v); ok {
			return secret.Reveal()
		}
		return v.Interface().(decimal.NullDecimal).Decimal.String()
	default:
		return v.String()
	}
}

// inUTC returns a field with its time in UTC: go-querystring formats a time in
// its own zone.
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
		return &ParamError{Field: field, Reason: "is empty; set it, because Twilio requires it"}
	}
	return nil
}

func checkFriendlyName(form url.Values) error {
	return checkLength("FriendlyName", form.Get("FriendlyName"), 64)
}

func checkLength(field, text string, most int) error {
	if n := utf8.RuneCountInString(text); n > most {
		return &ParamError{Field: field, Reason: fmt.Sprintf("has %d characters; Twilio accepts %d", n, most)}
	}
	return nil
}

func nonNegative(field string, n int) error {
	if n < 0 {
		return &ParamError{Field: field, Reason: "is negative; use 0 or more"}
	}
	return nil
}

func inRange(field string, n, least, most int) error {
	if n < least || n > most {
		return &ParamError{Field: field, Reason: fmt.Sprintf("is out of range; use %d to %d", least, most)}
	}
	return nil
}

// checkNumbered checks the parameters that setNumbered made of a map.
func checkNumbered(field string, form url.Values) error {
	switch {
	case form.Has("Parameter100.Name"):
		return &ParamError{Field: field, Reason: "has more than the 99 entries that Twilio accepts"}
	case form.Has("Parameter1.Name") && form.Get("Parameter1.Name") == "": // it sorts first
		return &ParamError{Field: field, Reason: "has an entry without a name"}
	default:
		return nil
	}
}

// hasIdempotencyKey reports whether Twilio can tell that a create is one that it
// has seen.
func hasIdempotencyKey(r *request) bool { return r.form.Get("IdempotencyKey") != "" }

// number reads a parameter that is a whole number; what isn't one is Twilio's to
// refuse.
func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// A namedParam is a parameter and its name, for exactlyOne.
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

// A timeRange is half-open: [After, Before). A zero end is open.
type timeRange struct {
	After  time.Time `json:"after,omitzero"`
	Before time.Time `json:"before,omitzero"`

	param     string // the name that its ends have in a query, without < and >
	wholeDays bool   // the query accepts no time of day
}

func (r timeRange) isOpen() bool { return r.After.IsZero() && r.Before.IsZero() }

// isSetBy reports whether the caller's form has an end of the range.
func (r timeRange) isSetBy(form url.Values) bool {
	return form.Has(r.param) || form.Has(r.param+">") || form.Has(r.param+"<")
}

// without returns the range without the ends that the caller's form replaces.
func (r timeRange) without(form url.Values) timeRange {
	if form.Has(r.param + ">") {
		r.After = time.Time{}
	}
	if form.Has(r.param + "<") {
		r.Before = time.Time{}
	}
	return r
}

func (r timeRange) contains(t time.Time) bool {
	return r.isOpen() || !t.IsZero() && !t.Before(r.After) && (r.Before.IsZero() || t.Before(r.Before))
}

// oneRange checks the three parameters that select by one date.
func oneRange(r *request, field string, after, before time.Time) error {
	set := func(name string) bool { return r.form.Get(name) != "" }
	span := timeRange{After: after, Before: before, param: field}.without(r.config.form)
	switch {
	case set(field) && (set(field+">") || set(field+"<")):
		return &ParamError{Field: field, Reason: "selects a whole day; set it alone, or " + field + "After and " + field + "Before"}
	case !span.After.IsZero() && !span.Before.IsZero() && span.Before.Before(span.After):
		return &ParamError{Field: field + "Before", Reason: "is before " + field + "After, so nothing can match; swap them"}
	default:
		return nil
	}
}

// nextDay is the end of the UTC day that t lies in, the first day that a filter
// "before t" by whole days may leave out. Midnight ends the day before.
func nextDay(t time.Time) time.Time {
	day := t.UTC().Truncate(oneDay)
	if t.IsZero() || day.Equal(t) {
		return t
	}
	return day.AddDate(0, 0, 1)
}
