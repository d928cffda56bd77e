package twiliotest

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// An encoder writes responses as encoding/json does, for the types that this
// package is made of and with a fraction of the allocations: a page holds up to
// a thousand resources of some thirty fields. It remembers how it writes each
// type. Its zero value is ready for use.
type encoder struct{ types sync.Map } // of reflect.Type to writer

// encode returns the JSON form of any value.
func (e *encoder) encode(value any) []byte {
	return e.append(make([]byte, 0, 2048), value)
}

// A writer appends the JSON form of a value, which is addressable.
type writer func(b []byte, v reflect.Value) []byte

// An appender knows its JSON form. The wire types are appenders.
type appender interface{ appendJSON(b []byte) []byte }

// append appends the JSON form of any value.
func (e *encoder) append(b []byte, value any) []byte {
	switch value := value.(type) {
	case nil:
		return append(b, "null"...)
	case string:
		return appendString(b, value)
	case appender:
		return value.appendJSON(b)
	case []any:
		b = append(b, '[')
		for i, item := range value {
			start := len(b)
			if i > 0 {
				b = append(b, ',')
			}
			b = e.append(b, item)
			if i == 0 { // the others are about as long
				b = slices.Grow(b, (len(b)-start)*len(value)*9/8)
			}
		}
		return append(b, ']')
	case map[string]any:
		b = append(b, '{')
		for i, key := range slices.Sorted(maps.Keys(value)) {
			b = appendKey(b, i, key)
			b = e.append(b, value[key])
		}
		return append(b, '}')
	}
	if v := reflect.ValueOf(value); v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Struct {
		return e.writerOf(v.Type().Elem())(b, v.Elem())
	}
	return appendAny(b, value)
}

// appendAny leaves the value to encoding/json.
func appendAny(b []byte, value any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(value) != nil {
		return append(b, "null"...) // the values of this package always encode
	}
	return append(b, bytes.TrimSuffix(text.Bytes(), []byte("\n"))...)
}

func appendKey(b []byte, i int, key string) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	return append(appendString(b, key), ':')
}

// appendString appends a JSON string.
func appendString(b []byte, s string) []byte {
	ascii := true
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c == '"', c == '\\':
			return appendAny(b, s)
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	if !ascii && !utf8.ValidString(s) {
		return appendAny(b, s)
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

func (e *encoder) writerOf(t reflect.Type) writer {
	if w, ok := e.types.Load(t); ok {
		return w.(writer)
	}
	w := e.newWriter(t)
	e.types.Store(t, w)
	return w
}

func (e *encoder) newWriter(t reflect.Type) writer {
	switch t { // the most frequent, without the detour over an interface
	case reflect.TypeFor[nullString]():
		return func(b []byte, v reflect.Value) []byte { return nullString(v.String()).appendJSON(b) }
	case reflect.TypeFor[intString]():
		return func(b []byte, v reflect.Value) []byte { return intString(v.Int()).appendJSON(b) }
	case reflect.TypeFor[timestamp]():
		return func(b []byte, v reflect.Value) []byte { return v.Addr().Interface().(*timestamp).appendJSON(b) }
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[appender]()) {
		return func(b []byte, v reflect.Value) []byte { return v.Addr().Interface().(appender).appendJSON(b) }
	}
	switch t.Kind() {
	case reflect.String:
		return func(b []byte, v reflect.Value) []byte { return appendString(b, v.String()) }
	case reflect.Bool:
		return func(b []byte, v reflect.Value) []byte { return strconv.AppendBool(b, v.Bool()) }
	case reflect.Struct:
		return e.newStructWriter(t)
	}
	return func(b []byte, v reflect.Value) []byte { return appendAny(b, v.Interface()) }
}

func (e *encoder) newStructWriter(t reflect.Type) writer {
	type member struct {
		key       string // with quotes and colon
		index     []int
		omitEmpty bool
		write     writer
	}
	var members []member
	for _, field := range reflect.VisibleFields(t) {
		key, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		promoted, ok := t.FieldByName(field.Name)
		if key == "" || key == "-" || !ok || !slices.Equal(promoted.Index, field.Index) || within(t, field, "-") {
			continue // untagged, left out, or hidden by a field of the same name
		}
		key = string(append(appendString(nil, key), ':'))
		members = append(members, member{key, field.Index, options == "omitempty", e.newWriter(field.Type)})
	}
	return func(b []byte, v reflect.Value) []byte {
		b = append(b, '{')
		first := true
		for i := range members {
			m := &members[i]
			value := v
			for _, at := range m.index {
				if value.Kind() == reflect.Pointer {
					value = value.Elem()
				}
				value = value.Field(at)
			}
			if m.omitEmpty && value.IsZero() {
				continue
			}
			if !first {
				b = append(b, ',')
			}
			first = false
			b = append(b, m.key...)
			b = m.write(b, value)
		}
		return append(b, '}')
	}
}

// within reports whether a field belongs to an embedded struct with that tag.
func within(t reflect.Type, field reflect.StructField, tag string) bool {
	for i := 1; i < len(field.Index); i++ {
		if t.FieldByIndex(field.Index[:i]).Tag.Get("json") == tag {
			return true
		}
	}
	return false
}
