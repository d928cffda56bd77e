package twilio

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-faster/jx"
	"github.com/shopspring/decimal"
)

// A decodeFunc reads the next value into v, which it leaves zero and reports
// false if the value stands for nothing.
type decodeFunc func(d *jsonReader, v reflect.Value) (bool, error)

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
		return func(d *jsonReader, v reflect.Value) (bool, error) { return (*read)(d, v) }
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
	case reflect.TypeFor[Secret]():
		return readSecret
	case reflect.TypeFor[map[string]string]():
		return readTextMap
	}
	if p := reflect.PointerTo(t); p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return decodeWithEncodingJSON
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
		if t.Key().Kind() == reflect.String && !reflect.PointerTo(t.Key()).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
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

// decodeWithEncodingJSON reads what has no reader here.
func decodeWithEncodingJSON(d *jsonReader, v reflect.Value) (bool, error) {
	some := d.Next() != jx.Null
	value, err := d.Raw()
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(value, v.Addr().Interface()); err != nil {
		// The library's own errors quote values; that of a user's method is for
		// its author to know.
		if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			err = nil
		}
		return false, &decodeError{problem: fmt.Sprintf("doesn't fit the Go type %v", v.Type()), cause: err}
	}
	return some, nil
}

// readTextMap reads a map[string]string, the map that every item of a list has.
// The map is made once all of its members are known, in the right size.
func readTextMap(d *jsonReader, v reflect.Value) (bool, error) {
	n := 0
	some, err := d.object("an object", func(name []byte) error {
		if n == len(d.members) {
			d.members = append(d.members, textMember{})
		}
		m := &d.members[n]
		n++
		if m.name != string(name) { // else it is the same as in the item before
			m.name = d.keep(name)
		}
		_, err := readString(d, reflect.ValueOf(&m.text).Elem())
		return withPath("*", err)
	})
	if !some {
		v.SetZero()
		return false, err
	}
	texts := make(map[string]string, n)
	for _, m := range d.members[:n] {
		texts[m.name] = m.text
	}
	*v.Addr().Interface().(*map[string]string) = texts
	return true, err
}

func mapReader(readElem decodeFunc, t reflect.Type) decodeFunc {
	return func(d *jsonReader, v reflect.Value) (bool, error) {
		m := reflect.MakeMap(t)
		some, err := d.object("an object", func(name []byte) error {
			key := reflect.ValueOf(d.keep(name)).Convert(t.Key())
			elem := reflect.New(t.Elem()).Elem()
			_, err := readElem(d, elem)
			m.SetMapIndex(key, elem)
			return withPath("*", err)
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
	return func(d *jsonReader, v reflect.Value) (bool, error) {
		v.SetZero()
		if d.Next() == jx.Array { // an empty list isn't none
			v.Set(reflect.MakeSlice(t, 0, 0))
		}
		return d.array("a list", func(i int) error {
			v.Grow(1)
			v.SetLen(i + 1)
			_, err := readElem(d, v.Index(i))
			return err
		})
	}
}

func arrayReader(readElem decodeFunc) decodeFunc {
	return func(d *jsonReader, v reflect.Value) (bool, error) {
		v.SetZero()
		n := 0
		some, err := d.array("a list", func(i int) (err error) {
			if n = i + 1; n > v.Len() {
				return d.Skip()
			}
			_, err = readElem(d, v.Index(i))
			return err
		})
		if err == nil && n > v.Len() {
			err = &decodeError{problem: fmt.Sprintf("want a list of at most %d, got more", v.Len())}
		}
		return some, err
	}
}

func pointerReader(readElem decodeFunc, t reflect.Type) decodeFunc {
	return func(d *jsonReader, v reflect.Value) (bool, error) {
		if v.IsNil() {
			v.Set(reflect.New(t.Elem()))
		}
		some, err := readElem(d, v.Elem())
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

// add collects the members that a struct has fields for. A field has the name in
// its json tag, or its own, and those in its also tag:
//
//	SMS bool `json:"sms" also:"SMS"`
//
// Options in the tag are about writing, or about what is done here anyway. outer
// are the structs that t is embedded in, at index.
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

func (s *structReader) read(d *jsonReader, v reflect.Value) (bool, error) {
	order, place := d.orderOf(s), 0
	some, err := d.object("an object", func(name []byte) error {
		var m *member
		if place < len(order) && order[place] != nil && order[place].name == string(name) {
			m = order[place]
		} else if m = s.members[string(name)]; m == nil {
			return d.Skip()
		} else if place < len(order) {
			order[place] = m
		}
		place++
		_, err := m.read(d, m.field(v))
		return withPath(m.name, err)
	})
	if !some {
		v.SetZero()
	}
	return some, err
}

// orderOf returns the members that a struct read last had, by place. All items
// of a list have the same members in the same order, so the one that was at this
// place in the item before is nearly always the right one.
func (d *jsonReader) orderOf(s *structReader) []*member {
	if !d.isList {
		return nil
	}
	order := d.orders[s]
	if order == nil {
		order = make([]*member, len(s.members))
		if d.orders == nil {
			d.orders = map[*structReader][]*member{}
		}
		d.orders[s] = order
	}
	return order
}
