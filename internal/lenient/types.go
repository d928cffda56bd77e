package lenient

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/shopspring/decimal"
)

// A decodeFunc reads the next value into v, which it leaves zero and reports
// false if the value stands for nothing.
type decodeFunc func(r *reader, v reflect.Value) (bool, error)

var readers sync.Map // from reflect.Type to decodeFunc

func readerOf(t reflect.Type) decodeFunc {
	if read, ok := readers.Load(t); ok {
		return read.(decodeFunc)
	}
	read := newReader(t, map[reflect.Type]*decodeFunc{})
	readers.Store(t, read)
	return read
}

// newReader makes the reader of a type; pending has those being made, for types
// that contain themselves.
func newReader(t reflect.Type, pending map[reflect.Type]*decodeFunc) decodeFunc {
	if read, ok := pending[t]; ok {
		if *read != nil {
			return *read
		}
		return func(r *reader, v reflect.Value) (bool, error) { return (*read)(r, v) }
	}
	read := new(decodeFunc)
	pending[t] = read
	*read = makeReader(t, pending)
	return *read
}

func makeReader(t reflect.Type, pending map[reflect.Type]*decodeFunc) decodeFunc {
	switch t {
	case reflect.TypeFor[time.Time]():
		return readTime
	case reflect.TypeFor[decimal.Decimal]():
		return readDecimal
	case reflect.TypeFor[decimal.NullDecimal]():
		return readNullDecimal
	}
	switch {
	case isTextMap(t):
		return readTextMap
	case implements[json.Unmarshaler](t) && !isRead(t):
		return decodeWithEncodingJSON
	case implements[encoding.TextUnmarshaler](t):
		return readText
	}
	switch t.Kind() {
	case reflect.String:
		return readString
	case reflect.Bool:
		return readBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return readInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return readUint
	case reflect.Float32, reflect.Float64:
		return readFloat
	case reflect.Pointer:
		return pointerReader(newReader(t.Elem(), pending), t)
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 { // []byte is base64 in JSON
			return sliceReader(newReader(t.Elem(), pending), t)
		}
	case reflect.Map:
		if t.Key().Kind() == reflect.String && !implements[encoding.TextUnmarshaler](t.Key()) {
			return mapReader(newReader(t.Elem(), pending), t)
		}
	case reflect.Array:
		return arrayReader(newReader(t.Elem(), pending))
	case reflect.Struct:
		s := &structReader{map[string]*member{}}
		s.add(t, nil, nil, pending)
		return s.read
	}
	return decodeWithEncodingJSON
}

func implements[T any](t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[T]())
}

// root is the path of the package that this one serves.
var root = strings.TrimSuffix(reflect.TypeFor[ValueError]().PkgPath(), "/internal/lenient")

// isRead reports whether a type with an UnmarshalJSON is read without it. Those
// of the root package have one for encoding/json, which ends up here. A struct
// with one of them embedded has inherited it, and has more fields than that
// knows.
func isRead(t reflect.Type) bool {
	if t.PkgPath() == root {
		return true
	}
	if t.Kind() != reflect.Struct {
		return false
	}
	for f := range t.Fields() {
		if inner := embeddedStruct(f); f.Anonymous && inner != nil && inner.PkgPath() == root && implements[json.Unmarshaler](inner) {
			return true
		}
	}
	return false
}

// decodeWithEncodingJSON reads what has no reader here.
func decodeWithEncodingJSON(r *reader, v reflect.Value) (bool, error) {
	some := r.next() != kindNull
	value, err := r.raw()
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(value, v.Addr().Interface()); err != nil {
		// The library's own errors quote values; that of a user's method is for
		// its author to know.
		if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			err = nil
		}
		return false, doesNotFit(v, err)
	}
	return some, nil
}

func doesNotFit(v reflect.Value, cause error) error {
	return &ValueError{Text: fmt.Sprintf("doesn't fit the Go type %v", v.Type()), Cause: cause}
}

func mapReader(readElem decodeFunc, t reflect.Type) decodeFunc {
	return func(r *reader, v reflect.Value) (bool, error) {
		m := reflect.MakeMap(t)
		some, err := r.object("an object", func(name []byte) error {
			key := reflect.ValueOf(r.keep(name)).Convert(t.Key())
			elem := reflect.New(t.Elem()).Elem()
			err := r.value("*", elem, readElem)
			m.SetMapIndex(key, elem)
			return err
		})
		if !some {
			v.SetZero()
			return false, err
		}
		v.Set(m)
		return true, err
	}
}

func sliceReader(readElem decodeFunc, t reflect.Type) decodeFunc {
	return func(r *reader, v reflect.Value) (bool, error) {
		v.SetZero()
		if r.next() == kindArray { // an empty list isn't none
			v.Set(reflect.MakeSlice(t, 0, 0))
		}
		return r.array("a list", func(i int) error {
			v.Grow(1)
			v.SetLen(i + 1)
			return r.element(i, v.Index(i), readElem)
		})
	}
}

func arrayReader(readElem decodeFunc) decodeFunc {
	return func(r *reader, v reflect.Value) (bool, error) {
		v.SetZero()
		n := 0
		some, err := r.array("a list", func(i int) error {
			if n = i + 1; n > v.Len() {
				return r.skip()
			}
			return r.element(i, v.Index(i), readElem)
		})
		if err == nil && n > v.Len() {
			err = &ValueError{Text: fmt.Sprintf("want a list of at most %d, got more", v.Len())}
		}
		return some, err
	}
}

func pointerReader(readElem decodeFunc, t reflect.Type) decodeFunc {
	return func(r *reader, v reflect.Value) (bool, error) {
		if v.IsNil() {
			v.Set(reflect.New(t.Elem()))
		}
		some, err := readElem(r, v.Elem())
		if !some {
			v.SetZero()
		}
		return some, err
	}
}

// A structReader reads objects into structs of one type.
type structReader struct{ members map[string]*member }

// A member is a member of an object that the struct has a field for.
type member struct {
	name  string
	index []int // more than one for a field of an embedded struct
	read  decodeFunc
}

// add collects the members that a struct has fields for. A field has the name
// in its json tag, or its own, and those in its also tag:
//
//	SMS bool `json:"sms" also:"SMS"`
//
// Options in the tag are about writing, or about what is done here anyway.
// outer are the structs that t is embedded in, at index.
func (s *structReader) add(t reflect.Type, index []int, outer []reflect.Type, pending map[reflect.Type]*decodeFunc) {
	outer = append(outer, t)
	var embedded []reflect.StructField
	for f := range t.Fields() {
		tag := f.Tag.Get("json")
		name, _, _ := strings.Cut(tag, ",")
		if tag == "-" {
			continue
		}
		if f.Anonymous && name == "" && embeddedStruct(f) != nil {
			embedded = append(embedded, f)
			continue
		}
		if !f.IsExported() {
			continue
		}
		if name == "" {
			name = f.Name
		}
		read := newReader(f.Type, pending)
		for _, name := range append(strings.Fields(f.Tag.Get("also")), name) {
			if s.members[name] == nil {
				s.members[name] = &member{name, slices.Concat(index, f.Index), read}
			}
		}
	}
	// Last, because fields of the struct itself hide those of embedded ones.
	for _, f := range embedded {
		if inner := embeddedStruct(f); !slices.Contains(outer, inner) {
			s.add(inner, slices.Concat(index, f.Index), outer, pending)
		}
	}
}

// embeddedStruct returns the type of an embedded struct that can be reached.
func embeddedStruct(f reflect.StructField) reflect.Type {
	t := f.Type
	if t.Kind() == reflect.Pointer && f.IsExported() { // no other can be set
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	return t
}

// field returns the field of v, a struct, that the member goes to.
func (m *member) field(v reflect.Value) reflect.Value {
	if len(m.index) == 1 {
		return v.Field(m.index[0])
	}
	for _, i := range m.index {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v
}

func (s *structReader) read(r *reader, v reflect.Value) (bool, error) {
	if some, err := r.want(kindObject, "an object"); !some {
		v.SetZero()
		return false, err
	}
	if err := r.enter(); err != nil {
		return true, err
	}
	places := r.placesOf(s)
	for n := 0; ; n++ {
		p := &r.other
		if n < len(places) {
			p = &places[n]
		} else {
			*p = place{}
		}
		if more, err := s.member(r, p, n == 0); err != nil || !more {
			return true, err
		}
		if p.member == nil {
			if err := r.skip(); err != nil {
				return true, err
			}
			continue
		}
		r.previous = nil
		if r.isList {
			r.previous = p
		}
		if err := r.value(p.member.name, p.member.field(v), p.member.read); err != nil {
			return true, err
		}
	}
}

// member reads up to the value of the next member, and says in p which it is.
// It reports false at the end of the object.
func (s *structReader) member(r *reader, p *place, first bool) (more bool, err error) {
	if p.lead != nil && bytes.HasPrefix(r.body[r.at:], p.lead) {
		r.at += len(p.lead)
		return true, nil
	}
	start := r.at
	name, more, err := r.member(first)
	if err == nil && more {
		p.lead, p.member = r.body[start:r.at], s.members[string(name)]
	}
	return more, err
}

// placesOf returns what a struct read last had, by place. All items of a list
// have the same members in the same order, so the one that was at this place in
// the item before is nearly always the right one.
func (r *reader) placesOf(s *structReader) []place {
	if !r.isList {
		return nil
	}
	places := r.orders[s]
	if places == nil {
		places = make([]place, len(s.members)+extraPlaces)
		if r.orders == nil {
			r.orders = map[*structReader][]place{}
		}
		r.orders[s] = places
	}
	return places
}

// extraPlaces are for members that a struct has no fields for.
const extraPlaces = 16
