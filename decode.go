package twilio

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/go-faster/jx"
)

// The API is careless about form: one field comes as a string, a number, null,
// "" or not at all, dates have three forms, and names of members vary in case.
// encoding/json can't be told to accept that for plain Go types, and takes most
// of the time of a list. So jx splits the document into values, and this file
// says what a value means for a Go type.
//
// A type's reader is put together once, by reflection, and kept. It reads every
// type that users may decode into; types that have a decoding method of their
// own, and the few that the API has no form for, go to encoding/json.

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

// withPath adds a step to the path of an error on its way out.
func withPath(step string, err error) error {
	if e, ok := errors.AsType[*decodeError](err); ok {
		if e.path != "" && e.path[0] != '[' {
			step += "."
		}
		e.path = step + e.path
	}
	return err
}

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
	return readDocument(body, func(d *jsonReader) error {
		_, err := read(d, target.Elem())
		return err
	})
}

// decodePage reads one page of a list: items of a type are in the member that
// list names, beside the URI of the next page, "" if there is none. The items
// are pointers.
func decodePage(body []byte, list string, item reflect.Type) (items []any, nextPageURI string, err error) {
	err = readDocument(body, func(d *jsonReader) error {
		found := false
		_, err := d.object("an object with a list", func(name []byte) (err error) {
			switch string(name) {
			case list:
				found = true
				items, err = readItems(d, item)
				return withPath(list, err)
			case "next_page_uri":
				_, err = readString(d, reflect.ValueOf(&nextPageURI).Elem())
				return withPath("next_page_uri", err)
			case "meta": // of the lists of other products
				meta := struct {
					NextPageURL string `json:"next_page_url"`
				}{nextPageURI}
				_, err = readerOf(reflect.TypeOf(meta))(d, reflect.ValueOf(&meta).Elem())
				nextPageURI = meta.NextPageURL
				return withPath("meta", err)
			default:
				return d.Skip()
			}
		})
		if err == nil && !found {
			err = &decodeError{path: list, problem: "want a list, but the document has none"}
		}
		return err
	})
	if err != nil {
		return nil, "", err
	}
	return items, strings.Clone(nextPageURI), nil // no part of an item's text
}

func readItems(d *jsonReader, item reflect.Type) (items []any, err error) {
	read := readerOf(item)
	d.isList = true
	_, err = d.array("a list", func(int) error {
		v := reflect.New(item)
		some, err := read(d, v.Elem())
		if err == nil && !some {
			err = &decodeError{problem: "want an item of the list, got nothing"}
		}
		items = append(items, v.Interface())
		return err
	})
	return items, err
}

// A jsonReader reads one JSON document.
type jsonReader struct {
	*jx.Decoder
	tolerant bool            // of text that isn't Unicode
	isList   bool            // so that the items are alike
	text     strings.Builder // see keep
	textSize int
	members  []textMember                // of the text map read last
	orders   map[*structReader][]*member // of the structs read last
}

type textMember struct{ name, text string }

// readDocument hands the one value of a document to read.
func readDocument(body []byte, read func(*jsonReader) error) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return &decodeError{problem: errEmptyDocument.Error(), cause: errEmptyDocument}
	}
	d := &jsonReader{
		Decoder:  jx.DecodeBytes(body),
		tolerant: !utf8.Valid(body),
		textSize: min(len(body), maxTextSize),
	}
	err := read(d)
	if err == nil {
		if err = d.Skip(); errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			return &decodeError{problem: "want one document, got something after it"}
		}
	}
	if _, ok := errors.AsType[*decodeError](err); ok {
		return err
	}
	return badJSON(body)
}

// badJSON says where a document is no JSON, which encoding/json tells exactly. A
// document that is right up to its end goes on to the NUL that is put there.
func badJSON(body []byte) error {
	e, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(append(bytes.Clone(body), 0), new(json.RawMessage)))
	switch {
	case !ok, json.Valid(body):
		return &decodeError{problem: "not JSON"}
	case int(e.Offset) > len(body):
		return &decodeError{problem: "the document is cut off", cause: io.ErrUnexpectedEOF}
	default:
		return &decodeError{problem: fmt.Sprintf("not JSON from byte %d on", e.Offset-1)}
	}
}

// object reads an object: each is called to read each member's value. The name is
// valid until then. It reports false for what stands for nothing.
func (d *jsonReader) object(want string, each func(name []byte) error) (bool, error) {
	if some, err := d.enter(jx.Object, want); !some {
		return false, err
	}
	members, err := d.ObjIter()
	for err == nil && members.Next() {
		err = each(members.Key())
	}
	return true, firstError(err, members.Err())
}

// array reads an array: each is called to read each element. It reports false
// for what stands for nothing.
func (d *jsonReader) array(want string, each func(i int) error) (bool, error) {
	if some, err := d.enter(jx.Array, want); !some {
		return false, err
	}
	elements, err := d.ArrIter()
	for i := 0; err == nil && elements.Next(); i++ {
		if err = each(i); err != nil {
			err = withPath(fmt.Sprintf("[%d]", i), err)
		}
	}
	return true, firstError(err, elements.Err())
}

// enter finds out whether an object or an array comes next. It reports false,
// with the value read, for what stands for nothing: null, "", and [], which is
// how PHP writes an empty object.
func (d *jsonReader) enter(kind jx.Type, want string) (bool, error) {
	got := d.Next()
	if got == kind {
		return true, nil
	}
	value, err := d.Raw()
	if err != nil {
		return false, err
	}
	switch {
	case got == jx.Null, string(value) == `""`:
		return false, nil
	case got == jx.Array && len(bytes.TrimSpace(value[1:len(value)-1])) == 0:
		return false, nil
	}
	return false, typeMismatch(want, got)
}

// scalar reads what isn't text but may be written as a string. It returns nil
// for null and for blank strings. The result is valid until the next read.
func (d *jsonReader) scalar(want string) ([]byte, jx.Type, error) {
	switch kind := d.Next(); kind {
	case jx.Null:
		return nil, kind, d.Null()
	case jx.String:
		text, err := d.StrBytes()
		if text = bytes.TrimSpace(text); len(text) == 0 {
			return nil, kind, err
		}
		return text, kind, err
	case jx.Object, jx.Array:
		return nil, kind, firstError(d.Skip(), typeMismatch(want, kind))
	default:
		value, err := d.Raw()
		return value, kind, err
	}
}

// maxTextSize is about the text of one call, so that who keeps one string of a
// page keeps about one item's text alive and not the page's.
const maxTextSize = 2 << 10

// keep returns text as a string. Strings are parts of larger ones, to save an
// allocation for each.
func (d *jsonReader) keep(text []byte) string {
	if len(text) == 0 {
		return "" // and no part of anything
	}
	if d.tolerant && !utf8.Valid(text) {
		return string([]rune(string(text))) // with U+FFFD for what can't be understood
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

func typeMismatch(want string, got jx.Type) error {
	what := "a string that is not one"
	switch got {
	case jx.Number:
		what = "a number that is not one"
	case jx.Bool:
		what = "true or false"
	case jx.Object:
		what = "an object"
	case jx.Array:
		what = "an array"
	}
	return &decodeError{problem: "want " + want + ", got " + what}
}
