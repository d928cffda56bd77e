package twilio

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/shopspring/decimal"
)

// The API is careless about form: one field comes as a string, a number, null,
// "" or not at all, dates have three forms, and names of members vary in case.
// encoding/json can't be told to accept that for plain Go types, and takes most
// of the time of a list. So jsontext splits the document into values, and this
// file says what a value means for a Go type.
//
// A type's reader is put together once, by reflection, and kept. It reads every
// type that users may decode into; what has a decoding method of its own, and
// what the API has no form for, goes to the JSON library.

// errEmptyDocument is the cause of the error for a body with nothing in it.
const errEmptyDocument sentinel = "the document is empty"

// A decodeError says which part of a document makes no sense. Neither path nor
// problem quotes the document: values may be phone numbers or tokens, and so
// may names that aren't names of our fields.
type decodeError struct {
	path    string // such as calls[3].price, empty for the whole document
	problem string
	cause   error
}

func (e *decodeError) Error() string {
	if e.path == "" {
		return e.problem
	}
	return e.path + ": " + e.problem
}

func (e *decodeError) Unwrap() error { return e.cause }

// within adds a step to the path of an error on its way out.
func within(step string, err error) error {
	if e, ok := errors.AsType[*decodeError](err); ok {
		if e.path != "" && e.path[0] != '[' {
			step += "."
		}
		e.path = step + e.path
	}
	return err
}

func withinElement(i int, err error) error { return within(fmt.Sprintf("[%d]", i), err) }

// decode fills v, a pointer, from one JSON document. Members that the document
// doesn't have are left as they are; null, and "" for what isn't a string, set
// the zero value. Of members with one name the last wins. After an error v may
// be filled in part.
func decode(body []byte, v any) error {
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return &decodeError{problem: fmt.Sprintf("can't decode into %T: want a pointer that isn't nil", v)}
	}
	read := readerOf(target.Type().Elem())
	return readDocument(body, func(d *document) error {
		_, err := read(d, target.Elem())
		return err
	})
}

// decodePage reads one page of a list: the items are in the member that list
// names, beside the URI of the next page, "" if there is none.
func decodePage[T any](body []byte, list string) (items []*T, nextPageURI string, err error) {
	readItem := readerOf(reflect.TypeFor[T]())
	err = readDocument(body, func(d *document) error {
		items, nextPageURI = nil, ""
		found := false
		some, err := d.enter('{', "an object with a list")
		if err != nil {
			return err
		}
		for some && d.PeekKind() != '}' {
			name, err := d.name()
			if err != nil {
				return err
			}
			switch string(name) {
			case list:
				found = true
				items, err = readItems[T](d, readItem)
				err = within(list, err)
			case "next_page_uri":
				_, err = readString(d, reflect.ValueOf(&nextPageURI).Elem())
				err = within("next_page_uri", err)
			default:
				_, err = d.ReadValue()
			}
			if err != nil {
				return err
			}
		}
		if !found {
			return &decodeError{path: list, problem: "want a list, but the document has none"}
		}
		return d.leave()
	})
	if err != nil {
		return nil, "", err
	}
	return items, nextPageURI, nil
}

func readItems[T any](d *document, readItem readFunc) ([]*T, error) {
	var items []*T
	some, err := d.enter('[', "a list")
	if !some {
		return nil, err
	}
	for d.PeekKind() != ']' {
		item := new(T)
		some, err := readItem(d, reflect.ValueOf(item).Elem())
		if err == nil && !some {
			err = &decodeError{problem: "want an item of the list, got nothing"}
		}
		if err != nil {
			return nil, withinElement(len(items), err)
		}
		items = append(items, item)
	}
	return items, d.leave()
}

// A document is a JSON document that is being read.
type document struct {
	*jsontext.Decoder
	tolerant bool            // of what isn't Unicode
	escapes  bool            // are somewhere in the document
	text     strings.Builder // see keep
	textSize int
	scratch  []byte
	members  []textMember                // of the text map read last
	orders   map[*structReader][]*member // of the structs read last
	options  jsonv2.Options
}

type textMember struct{ name, text string }

// readDocument hands the one value of a document to read.
func readDocument(body []byte, read func(*document) error) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return &decodeError{problem: errEmptyDocument.Error(), cause: errEmptyDocument}
	}
	err := readWhole(body, false, read)
	// Text that isn't Unicode is rare and slower to read, but some senders of
	// messages do produce it: what can't be understood becomes U+FFFD.
	if _, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		err = readWhole(body, true, read)
	}
	if e, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return &decodeError{problem: "the document is cut off", cause: io.ErrUnexpectedEOF}
		}
		return &decodeError{problem: fmt.Sprintf("not JSON from byte %d on", e.ByteOffset)}
	}
	return err
}

func readWhole(body []byte, tolerant bool, read func(*document) error) error {
	d := &document{
		Decoder: jsontext.NewDecoder(bytes.NewBuffer(body),
			jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(tolerant)),
		tolerant: tolerant,
		escapes:  bytes.IndexByte(body, '\\') >= 0,
		textSize: min(len(body), maxTextSize),
	}
	if err := read(d); err != nil {
		return err
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		if err == nil {
			err = &decodeError{problem: "want one document, got something after it"}
		}
		return err
	}
	return nil
}

// enter begins to read an object ('{') or an array ('['). It reports false,
// with the value read, for what stands for nothing: null, "", and [], which is
// how PHP writes an empty object.
func (d *document) enter(kind jsontext.Kind, want string) (bool, error) {
	if d.PeekKind() == kind {
		_, err := d.ReadToken()
		return err == nil, err
	}
	value, err := d.ReadValue()
	if err != nil {
		return false, err
	}
	switch {
	case value.Kind() == 'n', string(value) == `""`:
		return false, nil
	case value.Kind() == '[' && len(bytes.TrimSpace(value[1:len(value)-1])) == 0:
		return false, nil
	}
	return false, unwanted(want, value.Kind())
}

func (d *document) leave() error {
	_, err := d.ReadToken()
	return err
}

// name reads the name of a member. It is valid until the next read.
func (d *document) name() ([]byte, error) {
	value, err := d.ReadValue()
	if err != nil {
		return nil, err
	}
	return d.unquote(value), nil
}

// scalar reads what isn't text but may be written as a string. It returns nil
// for null and for blank strings. The result is valid until the next read.
func (d *document) scalar(want string) ([]byte, jsontext.Kind, error) {
	value, err := d.ReadValue()
	if err != nil {
		return nil, 0, err
	}
	switch kind := value.Kind(); kind {
	case 'n':
		return nil, kind, nil
	case '"':
		text := bytes.TrimSpace(d.unquote(value))
		if len(text) == 0 {
			return nil, kind, nil
		}
		return text, kind, nil
	case '{', '[':
		return nil, kind, unwanted(want, kind)
	default:
		return value, kind, nil
	}
}

// unquote returns what a JSON string says, valid until the next read.
func (d *document) unquote(value jsontext.Value) []byte {
	if !d.tolerant && (!d.escapes || bytes.IndexByte(value, '\\') < 0) {
		return value[1 : len(value)-1]
	}
	// The error would be about Unicode; the text has U+FFFD there.
	d.scratch, _ = jsontext.AppendUnquote(d.scratch[:0], value)
	return d.scratch
}

// maxTextSize is about the text of one call, so that who keeps one string of a
// page keeps about one item's text alive and not the page's.
const maxTextSize = 2 << 10

// keep returns text as a string. Strings are parts of larger ones, to save an
// allocation for each.
func (d *document) keep(text []byte) string {
	if len(text) == 0 {
		return "" // and no part of anything
	}
	if len(text) > d.text.Cap()-d.text.Len() {
		if len(text) > d.textSize/4 {
			return string(text)
		}
		d.text.Reset()
		d.text.Grow(d.textSize)
	}
	start := d.text.Len()
	d.text.Write(text)
	return d.text.String()[start:]
}

func unwanted(want string, got jsontext.Kind) error {
	what := "a string that is not one"
	switch got {
	case '0':
		what = "a number that is not one"
	case 't', 'f':
		what = "true or false"
	case '{':
		what = "an object"
	case '[':
		what = "an array"
	}
	return &decodeError{problem: "want " + want + ", got " + what}
}

// A readFunc reads the next value into v, which it leaves zero and reports
// false if the value stands for nothing.
type readFunc func(d *document, v reflect.Value) (bool, error)

var readers sync.Map // from reflect.Type to readFunc

func readerOf(t reflect.Type) readFunc {
	if read, ok := readers.Load(t); ok {
		return read.(readFunc)
	}
	read := newReader(t, map[reflect.Type]*readFunc{})
	readers.Store(t, read)
	return read
}

// newReader makes the reader of a type; pending has those being made, for types
// that contain themselves.
func newReader(t reflect.Type, pending map[reflect.Type]*readFunc) readFunc {
	if read, ok := pending[t]; ok {
		if *read != nil {
			return *read
		}
		return func(d *document, v reflect.Value) (bool, error) { return (*read)(d, v) }
	}
	read := new(readFunc)
	pending[t] = read
	*read = makeReader(t, pending)
	return *read
}

func makeReader(t reflect.Type, pending map[reflect.Type]*readFunc) readFunc {
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
	if p := reflect.PointerTo(t); p.Implements(reflect.TypeFor[json.Unmarshaler]()) ||
		p.Implements(reflect.TypeFor[jsonv2.UnmarshalerFrom]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return readByLibrary
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
	case reflect.Struct:
		members := map[string]*member{}
		if addMembers(members, t, nil, pending) {
			return (&structReader{members}).read
		}
	}
	return readByLibrary
}

// readByLibrary reads what has no reader here as the JSON library does, but for
// the dates inside.
func readByLibrary(d *document, v reflect.Value) (bool, error) {
	if d.options == nil {
		d.options = jsonv2.WithUnmarshalers(jsonv2.UnmarshalFromFunc(
			func(_ *jsontext.Decoder, t *time.Time) error {
				_, err := readTime(d, reflect.ValueOf(t).Elem())
				return err
			}))
	}
	some := d.PeekKind() != 'n'
	err := jsonv2.UnmarshalDecode(d.Decoder, v.Addr().Interface(), d.options)
	if e, ok := errors.AsType[*jsonv2.SemanticError](err); ok {
		// Its text quotes values. What it wraps may be the error of the user's
		// own decoding method.
		return false, &decodeError{problem: fmt.Sprintf("doesn't fit the Go type %v", v.Type()), cause: e.Err}
	}
	return some, err
}

func readString(d *document, v reflect.Value) (bool, error) {
	value, err := d.ReadValue()
	if err != nil {
		return false, err
	}
	switch kind := value.Kind(); kind {
	case '"':
		v.SetString(d.keep(d.unquote(value)))
	case '{', '[':
		return false, unwanted("a string", kind)
	case 'n':
		v.SetZero()
		return false, nil
	default:
		v.SetString(d.keep(value))
	}
	return true, nil
}

func readSecret(d *document, v reflect.Value) (bool, error) {
	var text string
	some, err := readString(d, reflect.ValueOf(&text).Elem())
	// A copy of its own, so that a token doesn't stay in memory for as long as
	// another field of its item does.
	v.Set(reflect.ValueOf(newSecret(strings.Clone(text))))
	return some, err
}

func readBool(d *document, v reflect.Value) (bool, error) {
	const want = "true or false"
	text, kind, err := d.scalar(want)
	if text == nil {
		v.SetZero()
		return false, err
	}
	b, err := strconv.ParseBool(strings.ToLower(string(text)))
	if err != nil {
		return false, unwanted(want, kind)
	}
	v.SetBool(b)
	return true, nil
}

func readInt(d *document, v reflect.Value) (bool, error) {
	text, kind, err := d.scalar("a whole number")
	if text == nil {
		v.SetZero()
		return false, err
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		whole, ok := parseDecimal(string(text)) // 15.0, 1e3
		if !ok || !whole.IsInteger() || !whole.BigInt().IsInt64() {
			return false, unwanted("a whole number", kind)
		}
		n = whole.BigInt().Int64()
	}
	if v.OverflowInt(n) {
		return false, unwanted("a whole number", kind)
	}
	v.SetInt(n)
	return true, nil
}

func readUint(d *document, v reflect.Value) (bool, error) {
	const want = "a whole number that isn't negative"
	text, kind, err := d.scalar(want)
	if text == nil {
		v.SetZero()
		return false, err
	}
	whole, ok := parseDecimal(string(text))
	if !ok || !whole.IsInteger() || !whole.BigInt().IsUint64() || v.OverflowUint(whole.BigInt().Uint64()) {
		return false, unwanted(want, kind)
	}
	v.SetUint(whole.BigInt().Uint64())
	return true, nil
}

func readFloat(d *document, v reflect.Value) (bool, error) {
	const want = "a number"
	text, kind, err := d.scalar(want)
	if text == nil {
		v.SetZero()
		return false, err
	}
	// ParseFloat alone would take words such as Inf, and digits in base 16.
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || !isDecimal(text) || v.OverflowFloat(f) {
		return false, unwanted(want, kind)
	}
	v.SetFloat(f)
	return true, nil
}

func readDecimal(d *document, v reflect.Value) (bool, error) {
	const want = "a decimal number"
	text, kind, err := d.scalar(want)
	if text == nil {
		v.SetZero()
		return false, err
	}
	n, ok := parseDecimal(d.keep(text))
	if !ok {
		return false, unwanted(want, kind)
	}
	*v.Addr().Interface().(*decimal.Decimal) = n
	return true, nil
}

func readNullDecimal(d *document, v reflect.Value) (bool, error) {
	some, err := readDecimal(d, v.FieldByName("Decimal"))
	v.Addr().Interface().(*decimal.NullDecimal).Valid = some
	return some, err
}

func readTime(d *document, v reflect.Value) (bool, error) {
	const want = "a date"
	text, kind, err := d.scalar(want)
	if text == nil {
		v.SetZero()
		return false, err
	}
	t, ok := parseDate(text)
	if !ok || kind != '"' {
		return false, unwanted(want, kind)
	}
	*v.Addr().Interface().(*time.Time) = t
	return true, nil
}

// readTextMap reads a map[string]string, the map that every item of a list has.
// The map is made once all of its members are known, in the right size.
func readTextMap(d *document, v reflect.Value) (bool, error) {
	some, err := d.enter('{', "an object")
	if !some {
		v.SetZero()
		return false, err
	}
	n := 0
	for ; d.PeekKind() != '}'; n++ {
		name, err := d.name()
		if err != nil {
			return false, err
		}
		if n == len(d.members) {
			d.members = append(d.members, textMember{})
		}
		m := &d.members[n]
		if m.name != string(name) { // else it is the same as in the item before
			m.name = string(name)
		}
		if _, err := readString(d, reflect.ValueOf(&m.text).Elem()); err != nil {
			return false, within("*", err)
		}
	}
	texts := make(map[string]string, n)
	for _, m := range d.members[:n] {
		texts[m.name] = m.text
	}
	*v.Addr().Interface().(*map[string]string) = texts
	return true, d.leave()
}

func mapReader(readElem readFunc, t reflect.Type) readFunc {
	return func(d *document, v reflect.Value) (bool, error) {
		some, err := d.enter('{', "an object")
		if !some {
			v.SetZero()
			return false, err
		}
		m := reflect.MakeMap(t)
		for d.PeekKind() != '}' {
			name, err := d.name()
			if err != nil {
				return false, err
			}
			key := reflect.ValueOf(string(name)).Convert(t.Key())
			elem := reflect.New(t.Elem()).Elem()
			if _, err := readElem(d, elem); err != nil {
				return false, within("*", err)
			}
			m.SetMapIndex(key, elem)
		}
		v.Set(m)
		return true, d.leave()
	}
}

func sliceReader(readElem readFunc, t reflect.Type) readFunc {
	return func(d *document, v reflect.Value) (bool, error) {
		if d.PeekKind() == '[' {
			v.Set(reflect.MakeSlice(t, 0, 0))
		} else {
			v.SetZero()
		}
		some, err := d.enter('[', "a list")
		if !some {
			return false, err
		}
		for n := 0; d.PeekKind() != ']'; n++ {
			v.Grow(1)
			v.SetLen(n + 1)
			if _, err := readElem(d, v.Index(n)); err != nil {
				return false, withinElement(n, err)
			}
		}
		return true, d.leave()
	}
}

func pointerReader(readElem readFunc, t reflect.Type) readFunc {
	return func(d *document, v reflect.Value) (bool, error) {
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

// A member is a member of an object that a struct has a field for.
type member struct {
	name  string
	index []int
	read  readFunc
}

// addMembers collects the members that a struct has fields for, by name. A
// field has the name in its json tag, or its own, and those in its also tag:
//
//	SMS bool `json:"sms" also:"SMS"`
//
// It reports false for structs that ask for what only the JSON library does.
func addMembers(members map[string]*member, t reflect.Type, index []int, pending map[reflect.Type]*readFunc) bool {
	var embedded []reflect.StructField
	for f := range t.Fields() {
		tag, _ := f.Tag.Lookup("json")
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case tag == "-":
			continue
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			embedded = append(embedded, f)
			continue
		case f.Anonymous && name == "":
			return false
		case !f.IsExported():
			continue
		}
		for option := range strings.SplitSeq(options, ",") {
			if option != "" && option != "omitempty" && option != "omitzero" && option != "string" {
				return false
			}
		}
		if name == "" {
			name = f.Name
		}
		read := newReader(f.Type, pending)
		for _, name := range append(strings.Fields(f.Tag.Get("also")), name) {
			if members[name] == nil {
				members[name] = &member{name, slices.Concat(index, f.Index), read}
			}
		}
	}
	// Last, because fields of the struct itself hide those of embedded ones.
	for _, f := range embedded {
		if !addMembers(members, f.Type, slices.Concat(index, f.Index), pending) {
			return false
		}
	}
	return true
}

// A structReader reads objects into structs of one type.
type structReader struct{ members map[string]*member }

func (s *structReader) read(d *document, v reflect.Value) (bool, error) {
	some, err := d.enter('{', "an object")
	if !some {
		v.SetZero()
		return false, err
	}
	// All items of a list have the same members in the same order, so the one
	// that was at this place in the item before is nearly always the right one.
	order := d.orders[s]
	if order == nil {
		order = make([]*member, len(s.members))
		if d.orders == nil {
			d.orders = map[*structReader][]*member{}
		}
		d.orders[s] = order
	}
	for place := 0; d.PeekKind() != '}'; {
		name, err := d.name()
		if err != nil {
			return false, err
		}
		var m *member
		if place < len(order) && order[place] != nil && order[place].name == string(name) {
			m = order[place]
		} else if m = s.members[string(name)]; m == nil {
			if _, err := d.ReadValue(); err != nil {
				return false, err
			}
			continue
		} else if place < len(order) {
			order[place] = m
		}
		place++
		if _, err := m.read(d, v.FieldByIndex(m.index)); err != nil {
			return false, within(m.name, err)
		}
	}
	return true, d.leave()
}

// maxNumberSize bounds the time that a number takes, which grows with the
// square of its length.
const maxNumberSize = 1000

// parseDecimal reads a number exactly. Exponents are bounded by the library.
func parseDecimal(text string) (decimal.Decimal, bool) {
	if len(text) > maxNumberSize {
		return decimal.Decimal{}, false
	}
	n, err := decimal.NewFromString(text)
	return n, err == nil
}

func isDecimal(text []byte) bool {
	return len(text) <= maxNumberSize && len(bytes.Trim(text, "+-.0123456789eE")) == 0
}

// dateLayouts are the forms of RFC 2822, RFC 3339 and days.
var dateLayouts = []string{
	"Mon, 2 Jan 2006 15:04:05 -0700",
	"2 Jan 2006 15:04:05 -0700",
	"Mon, 2 Jan 2006 15:04:05 GMT",
	time.RFC3339,
	time.DateOnly,
}

// parseDate reads a date in any of the API's forms. The result is in UTC.
func parseDate(text []byte) (time.Time, bool) {
	if t, ok := parseRFC2822(text); ok {
		return t, true
	}
	const longest = len("Thursday, 30 Jul 2015 20:00:00.000000000 +0000")
	if len(text) > longest {
		return time.Time{}, false
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, string(text)); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// parseRFC2822 reads the one form that nearly all dates have, in which every
// character has its place. time.Parse takes several times as long.
func parseRFC2822(text []byte) (time.Time, bool) {
	const form = "Thu, 30 Jul 2015 20:00:00 +0000"
	if len(text) != len(form) || string(text[3:5]) != ", " || text[7] != ' ' || text[11] != ' ' || text[16] != ' ' ||
		text[19] != ':' || text[22] != ':' || string(text[25:]) != " +0000" {
		return time.Time{}, false
	}
	month := strings.Index("JanFebMarAprMayJunJulAugSepOctNovDec", string(text[8:11]))
	day, century, year := twoDigits(text[5:]), twoDigits(text[12:]), twoDigits(text[14:])
	hour, minute, second := twoDigits(text[17:]), twoDigits(text[20:]), twoDigits(text[23:])
	if month < 0 || month%3 != 0 || min(day, century, year, hour, minute, second) < 0 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	t := time.Date(century*100+year, time.Month(month/3+1), day, hour, minute, second, 0, time.UTC)
	// This catches days that the month doesn't have, too.
	if t.Weekday().String()[:3] != string(text[:3]) || t.Day() != day {
		return time.Time{}, false
	}
	return t, true
}

// twoDigits returns a negative number unless text starts with two digits.
func twoDigits(text []byte) int {
	tens, ones := int(text[0])-'0', int(text[1])-'0'
	if tens < 0 || tens > 9 || ones < 0 || ones > 9 {
		return -1
	}
	return tens*10 + ones
}
