// Package lenient reads JSON whose form can't be relied on into Go values: one
// field comes as a string, a number, null, "" or not at all, dates have three
// forms, and names of members vary in case. What a value means is read
// strictly: nonsense is never silently zero.
//
// encoding/json can't be told to accept that for plain Go types, and takes most
// of the time of a list. Here a document is read once, from left to right, and
// what the items of a list have in common is recognized by comparing bytes. A
// type's reader is built once, by reflection, and kept. It reads every type that
// users may decode into; encoding/json reads types with a decoding method of
// their own, and the few that have no form in JSON of this kind.
package lenient

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"
)

// ErrEmpty is the cause of the error for a body with nothing in it.
var ErrEmpty = errors.New("the document is empty")

// An Error says why a document can't be read at all. Its text doesn't quote the
// document: values may be phone numbers or tokens, and so may names that aren't
// names of our fields.
type Error struct {
	Text  string
	Cause error
}

// Error returns the text.
func (e *Error) Error() string { return e.Text }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// A ValueError is a value that makes no sense for its target, which is left
// zero. Like an Error it doesn't quote the document.
type ValueError struct {
	Path  string // such as calls[3].price
	Text  string // such as "want a date, got true or false"
	Type  reflect.Type
	Item  int   // where the value is in a page's items
	Cause error // what a decoding method of a user's type returned
}

// Error says where the value is and what is wrong with it.
func (p *ValueError) Error() string {
	if p.Path == "" {
		return p.Text
	}
	return p.Path + ": " + p.Text
}

// Unwrap returns the cause.
func (p *ValueError) Unwrap() error { return p.Cause }

// Unmarshal fills v, a pointer, from one JSON document. Members that the
// document doesn't have are left as they are; null, and "" for what isn't a
// string, set the zero value. Of members with one name the last wins. What
// makes no sense for a field leaves that field zero and is returned as a
// ValueError. After an error v may be filled in part.
func Unmarshal(body []byte, v any) ([]*ValueError, error) {
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return nil, &Error{Text: fmt.Sprintf("can't decode into %T: want a pointer that isn't nil", v)}
	}
	read := readerOf(target.Type().Elem())
	return readDocument(body, func(r *reader) error {
		some, err := read(r, target.Elem())
		if err == nil && !some && target.Elem().Kind() == reflect.Struct {
			err = &Error{Text: "want an object, got nothing"}
		}
		return err
	})
}

// A Page is one page of a list.
type Page struct {
	Items []any  // pointers to the items, nil for what is no item at all
	Next  string // where the next page is, "" if there is none
}

// UnmarshalPage reads one page of a list: items of a type are in the member
// that list names. next has the names of members that may say where the next
// page is, such as "next_page_uri meta.next_page_url"; empty ones don't count.
func UnmarshalPage(body []byte, list, next string, item reflect.Type) (p Page, problems []*ValueError, err error) {
	found := false
	problems, err = readDocument(body, func(r *reader) error {
		some, err := r.object("an object with a list", func(name []byte) error {
			if string(name) == list {
				some, err := r.items(list, item, &p)
				found = some
				return r.fatal(list, err)
			}
			return r.link(string(name), next, &p.Next)
		})
		if err == nil && !(some && found) {
			err = &Error{Text: list + ": want a list, but the document has none"}
		}
		return err
	})
	if err != nil {
		return Page{}, nil, err
	}
	p.Next = strings.Clone(p.Next) // no part of an item's text
	return p, problems, nil
}

// link reads a member into link if it is the one that next names, or holds that
// one, and skips it otherwise.
func (r *reader) link(name, next string, link *string) error {
	inner := ""
	for path := range strings.FieldsSeq(next) {
		switch outer, rest, nested := strings.Cut(path, "."); {
		case outer != name:
		case nested:
			inner = rest
		default:
			text := ""
			_, err := readString(r, reflect.ValueOf(&text).Elem())
			if text != "" {
				*link = text
			}
			return r.fatal(name, err)
		}
	}
	if inner == "" {
		return r.skip()
	}
	_, err := r.object("an object", func(member []byte) error { return r.link(string(member), inner, link) })
	return r.fatal(name, err)
}

// items reads the items of a page.
func (r *reader) items(list string, item reflect.Type, p *Page) (bool, error) {
	read := readerOf(item)
	r.isList = true
	p.Items, r.problems = nil, nil // of members with one name the last wins
	return r.array("a list", func(i int) error {
		v := reflect.New(item)
		noted := len(r.problems)
		some, err := read(r, v.Elem())
		p.Items = append(p.Items, v.Interface())
		if err == nil && !some {
			err = &ValueError{Text: "want an item of the list, got nothing"}
		}
		if err == nil && noted == len(r.problems) {
			return nil
		}
		if err != nil {
			p.Items[i] = nil
		}
		err = r.note(list, noted, v.Elem(), r.note(fmt.Sprintf("[%d]", i), noted, v.Elem(), err))
		for _, problem := range r.problems[noted:] {
			problem.Item = i
		}
		return err
	})
}

// readDocument passes the one value of a document to read.
func readDocument(body []byte, read func(*reader) error) ([]*ValueError, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, &Error{Text: ErrEmpty.Error(), Cause: ErrEmpty}
	}
	r := &reader{
		body:     body,
		tolerant: !utf8.Valid(body),
		textSize: min(len(body), maxTextSize),
	}
	err := read(r)
	if err == nil {
		if r.next(); r.at == len(body) {
			return r.problems, nil
		}
		if err = r.skip(); err == nil {
			return nil, &Error{Text: "want one document, got something after it"}
		}
	}
	if err = r.fatal("", err); isOurs(err) {
		return nil, err
	}
	return nil, badJSON(body)
}

// fatal makes an Error of a ValueError without whose value nothing is of use.
func (r *reader) fatal(path string, err error) error {
	p, ok := errors.AsType[*ValueError](err)
	if !ok {
		return err
	}
	if path != "" {
		p.Path = path
	}
	return &Error{Text: p.Error(), Cause: p.Cause}
}

func isOurs(err error) bool { _, ok := errors.AsType[*Error](err); return ok }

// badJSON says where a document isn't JSON, which encoding/json knows exactly.
// A document that is valid up to its end fails at the NUL that is appended.
func badJSON(body []byte) error {
	e, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(append(bytes.Clone(body), 0), new(json.RawMessage)))
	switch {
	case !ok, json.Valid(body):
		return &Error{Text: "not JSON"}
	case int(e.Offset) > len(body):
		return &Error{Text: "the document is cut off", Cause: io.ErrUnexpectedEOF}
	default:
		return &Error{Text: fmt.Sprintf("not JSON from byte %d on", e.Offset-1)}
	}
}
