package twilio

import (
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	querystring "github.com/google/go-querystring/query"
)

// normalizer is a Params type whose values aren't yet those that Twilio expects;
// it returns a copy in which they are.
type normalizer interface{ normalized() any }

// encode turns params into a form.
func encode(params any) (url.Values, error) {
	if p, ok := params.(normalizer); ok {
		params = p.normalized()
	}
	v := reflect.ValueOf(params)
	return paramTableOf(v.Type()).encode(v)
}

// A paramTable knows how the fields of a Params type go into a form. What is a
// single text, number or bool is written here: of forty fields most are empty, and
// go-querystring takes the tags of all of them apart each time. The rest is its
// work: times, which have layouts, and lists.
type paramTable struct {
	plain []plainParam
	rest  reflect.Type // a struct of the other fields
	index []int        // where those are

	single map[string]bool // the names that have one value
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
		form[p.name] = []string{plainText(v)}
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

// checkForm refuses several values of what has one. Which of them counts would be
// Twilio's to choose, and what is checked here might be another.
func checkForm(params any, form url.Values) error {
	single := paramTableOf(reflect.TypeOf(params)).single
	for name, values := range form {
		if len(values) > 1 && single[name] {
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
	default:
		return v.String()
	}
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
	return checkLength("FriendlyName", form.Get("FriendlyName"), 64)
}

func checkLength(field, text string, most int) error {
	if n := utf8.RuneCountInString(text); n > most {
		return &ParamError{Field: field, Reason: fmt.Sprintf("has %d characters, more than the %d that Twilio accepts", n, most)}
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

	param     string // the name that its ends have in a query, without < and >
	wholeDays bool   // the query accepts no time of day
}

func (r timeRange) isOpen() bool { return r.After.IsZero() && r.Before.IsZero() }

// isSetBy reports whether a form of the caller's has an end of the range.
func (r timeRange) isSetBy(form url.Values) bool {
	return form.Has(r.param) || form.Has(r.param+">") || form.Has(r.param+"<")
}

// without is the range but for the ends that a form of the caller's replaces.
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
