package lenient

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/go-faster/jx"
)

// A reader reads one JSON document.
type reader struct {
	*jx.Decoder
	problems []*ValueError
	tolerant bool // of text that isn't Unicode
	isList   bool // so that the items are alike

	text     strings.Builder // see share
	textSize int
	previous *string // the text of the member that is being read, in the item before
	orders   map[*structReader][]place
}

// A place is what a struct read before had at one place of its members' order.
type place struct {
	member *member
	text   string
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
	if some, err := r.enter(jx.Object, want); !some {
		return false, err
	}
	members, err := r.ObjIter()
	for err == nil && members.Next() {
		err = each(members.Key())
	}
	return true, firstError(err, members.Err())
}

// array reads an array: each is called to read each element. It reports false
// for what stands for nothing.
func (r *reader) array(want string, each func(i int) error) (bool, error) {
	if some, err := r.enter(jx.Array, want); !some {
		return false, err
	}
	elements, err := r.ArrIter()
	for i := 0; err == nil && elements.Next(); i++ {
		err = each(i)
	}
	return true, firstError(err, elements.Err())
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

// enter finds out whether an object or an array comes next. It reports false,
// with the value read, for what stands for nothing: null, "", and [], which is
// how PHP writes an empty object.
func (r *reader) enter(kind jx.Type, want string) (bool, error) {
	got := r.Next()
	if got == kind {
		return true, nil
	}
	value, err := r.Raw()
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
func (r *reader) scalar(want string) ([]byte, jx.Type, error) {
	switch kind := r.Next(); kind {
	case jx.Null:
		return nil, kind, r.Null()
	case jx.String:
		text, err := r.StrBytes()
		if text = bytes.TrimSpace(text); len(text) == 0 {
			return nil, kind, err
		}
		return text, kind, err
	case jx.Object, jx.Array:
		return nil, kind, firstError(r.Skip(), typeMismatch(want, kind))
	default:
		value, err := r.Raw()
		return value, kind, err
	}
}

const (
	// maxOwnText is the longest text that has memory of its own. Callers keep
	// identifiers, numbers and names for long, and nothing else should stay in
	// memory with them.
	maxOwnText = 64
	// maxTextSize is about the text of one call, so that keeping one string of
	// a page keeps the text of about one item in memory, not that of the page.
	maxTextSize = 2 << 10
)

// keep returns text as a string. In a list it is the string of the item before,
// if that had the same text, as it has for an account's SID or a state.
func (r *reader) keep(text []byte) string {
	switch {
	case len(text) == 0:
		return "" // and no part of anything
	case r.tolerant && !utf8.Valid(text):
		return validText(text)
	case len(text) > maxOwnText:
		return r.share(text)
	case r.previous == nil:
		return string(text)
	case *r.previous != string(text):
		*r.previous = string(text)
	}
	return *r.previous
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
