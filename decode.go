package twilio

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// The API is careless about form: one field comes as a string, a number, null,
// "" or not at all, dates have three forms, and names of members vary in case.
// encoding/json can't be told to accept that for plain Go types, and takes most
// of the time of a list. So jsontext splits the document into values, and this
// file says what a value means for a Go type.
//
// A type's reader is put together once, by reflection, and kept. It reads every
// type that users may decode into; types that have a decoding method of their
// own, and the few that the API has no form for, go to encoding/json. (Not to
// jsontext's neighbour, the new encoding/json: it would add a megabyte and
// a second of building to every program, for what hardly any needs.)

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
}

type textMember struct{ name, text string }

// readDocument hands the one value of a document to read.
func readDocument(body []byte, read func(*document) error) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return &decodeError{problem: errEmptyDocument.Error(), cause: errEmptyDocument}
	}
	err := readWhole(body, false, read)
	// Text that isn't Unicode is rare and slower to read, but it does turn up in
	// what people send: what can't be understood becomes U+FFFD.
	if isSyntactic(err) {
		err = readWhole(body, true, read)
	}
	if isSyntactic(err) {
		return badJSON(err)
	}
	return err
}

// isSyntactic reports whether the JSON is bad, and not a value in it. (What a
// user's own decoding method says of the text in a string is about a value.)
func isSyntactic(err error) bool {
	_, ok := errors.AsType[*decodeError](err)
	return err != nil && !ok
}

func badJSON(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return &decodeError{problem: "the document is cut off", cause: io.ErrUnexpectedEOF}
	}
	problem := "not JSON"
	if e, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		problem = fmt.Sprintf("not JSON from byte %d on", e.ByteOffset)
	}
	return &decodeError{problem: problem}
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
