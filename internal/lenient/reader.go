package lenient

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// A reader reads one JSON document, from left to right. Its methods for values
// are called at the first byte of one.
type reader struct {
	body     []byte
	at       int // what is read next
	depth    int // of objects and arrays
	problems []*ValueError
	tolerant bool // of text that isn't Unicode
	isList   bool // so that the items are alike

	text     strings.Builder // see share
	textSize int
	previous *place // of the member that is being read, as the item before had it; nil outside a list
	orders   map[*structReader][]place
	other    place                      // one that isn't in orders
	numbers  map[string]decimal.Decimal // those seen before
}

// A place is what a struct read before had at one place of its members' order.
type place struct {
	lead   []byte  // from the value before to the member's own
	member *member // nil for one to be skipped
	text   string
	object string // the json of a TextMap
}

// note takes the error of a value that was read into v, at a step of the path,
// since when problems were noted already. A value that makes no sense is noted
// and v left zero, so that reading continues after it; what isn't JSON ends it.
func (r *reader) note(step string, noted int, v reflect.Value, err error) error {
	if p, ok := errors.AsType[*ValueError](err); ok {
		err = nil
		v.SetZero()
		p.Type = v.Type()
		r.problems = append(r.problems, p)
	}
	for _, p := range r.problems[noted:] {
		p.addStep(step)
	}
	return err
}

// maxPath bounds the path of a problem: types that contain themselves may be as
// deep as the document.
const maxPath = 200

// addStep puts a step before the path.
func (p *ValueError) addStep(step string) {
	switch {
	case len(p.Path) > maxPath:
	case p.Path != "" && p.Path[0] != '[':
		p.Path = step + "." + p.Path
	default:
		p.Path = step + p.Path
	}
}

// object reads an object: each is called to read each member's value. The name
// is valid until then. It reports false for what stands for nothing.
func (r *reader) object(want string, each func(name []byte) error) (bool, error) {
	if some, err := r.want(kindObject, want); !some {
		return false, err
	}
	return true, r.members(each)
}

// array reads an array: each is called to read each element. It reports false
// for what stands for nothing.
func (r *reader) array(want string, each func(i int) error) (bool, error) {
	if some, err := r.want(kindArray, want); !some {
		return false, err
	}
	return true, r.elements(each)
}

// element reads the element of an array at i into v.
func (r *reader) element(i int, v reflect.Value, read decodeFunc) error {
	noted := len(r.problems)
	_, err := read(r, v)
	if err == nil && noted == len(r.problems) {
		return nil
	}
	return r.note(fmt.Sprintf("[%d]", i), noted, v, err)
}

// value reads the value of an object's member into v.
func (r *reader) value(name string, v reflect.Value, read decodeFunc) error {
	noted := len(r.problems)
	_, err := read(r, v)
	if err == nil && noted == len(r.problems) {
		return nil
	}
	return r.note(name, noted, v, err)
}

// want finds out whether an object or an array comes next. It reports false,
// with the value read, for what stands for nothing: null, "", and [], which is
// how PHP writes an empty object.
func (r *reader) want(kind kind, want string) (bool, error) {
	got := r.next()
	if got == kind {
		return true, nil
	}
	value, err := r.raw()
	if err != nil {
		return false, err
	}
	switch {
	case got == kindNull, string(value) == `""`:
		return false, nil
	case got == kindArray && len(bytes.TrimSpace(value[1:len(value)-1])) == 0:
		return false, nil
	}
	return false, typeMismatch(want, got)
}

// scalar reads what isn't text but may be written as a string. It returns nil
// for null and for blank strings. The result is valid until the next read.
func (r *reader) scalar(want string) ([]byte, kind, error) {
	switch kind := r.next(); kind {
	case kindNull:
		return nil, kind, r.skip()
	case kindString:
		text, err := r.string()
		if text = bytes.TrimSpace(text); len(text) == 0 {
			return nil, kind, err
		}
		return text, kind, err
	case kindObject, kindArray:
		return nil, kind, firstError(r.skip(), typeMismatch(want, kind))
	default:
		value, err := r.raw()
		return value, kind, err
	}
}

const (
	// Texts of these lengths have memory of their own: they are identifiers,
	// which callers keep for long, and nothing else should stay in memory with
	// them.
	minOwnText = 30
	maxOwnText = 64
	// maxTextSize bounds what stays in memory with any other text.
	maxTextSize = 512
)

// keep returns text as a string. In a list it is the string of the item before,
// if that had the same text, as it has for an account's SID or a state.
func (r *reader) keep(text []byte) string {
	switch {
	case len(text) == 0:
		return "" // and no part of anything
	case r.tolerant && !utf8.Valid(text):
		return validText(text)
	case r.previous == nil:
		return r.own(text)
	case r.previous.text != string(text):
		r.previous.text = r.own(text)
	}
	return r.previous.text
}

func (r *reader) own(text []byte) string {
	if len(text) < minOwnText || len(text) > maxOwnText {
		return r.share(text)
	}
	return string(text)
}

// validText has U+FFFD for what can't be understood.
func validText(text []byte) string { return string([]rune(string(text))) }

// share returns text as a part of a larger string, to save an allocation for
// each.
func (r *reader) share(text []byte) string {
	if len(text) > r.text.Cap()-r.text.Len() {
		if len(text) > r.textSize/4 {
			return string(text)
		}
		r.text.Reset()
		r.text.Grow(r.textSize)
	}
	start := r.text.Len()
	r.text.Write(text)
	return r.text.String()[start:]
}

func typeMismatch(want string, got kind) error {
	what := "a string that is not one"
	switch got {
	case kindNumber:
		what = "a number that is not one"
	case kindBool:
		what = "true or false"
	case kindObject:
		what = "an object"
	case kindArray:
		what = "an array"
	}
	return &ValueError{Text: "want " + want + ", got " + what}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
