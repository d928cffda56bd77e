package lenient

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"math/bits"
)

// This file is the grammar of JSON. What is rare in responses, escapes and bare
// numbers, is left to encoding/json.

// A kind is a kind of JSON value.
type kind uint8

const (
	_ kind = iota // none
	kindObject
	kindArray
	kindString
	kindNumber
	kindBool
	kindNull
)

// kinds has the kind of a value by its first byte.
var kinds = [256]kind{
	'{': kindObject, '[': kindArray, '"': kindString, 't': kindBool, 'f': kindBool, 'n': kindNull, '-': kindNumber,
	'0': kindNumber, '1': kindNumber, '2': kindNumber, '3': kindNumber, '4': kindNumber, '5': kindNumber, '6': kindNumber, '7': kindNumber, '8': kindNumber, '9': kindNumber,
}

// errSyntax says that a document isn't JSON; badJSON says where.
var errSyntax = errors.New("not JSON")

// maxDepth is that of encoding/json.
const maxDepth = 10000

// byte skips white space and returns the byte that follows, 0 at the end.
func (r *reader) byte() byte {
	for ; r.at < len(r.body); r.at++ {
		switch c := r.body[r.at]; c {
		case ' ', '\n', '\r', '\t':
		default:
			return c
		}
	}
	return 0
}

// next skips white space and returns the kind of the value that follows.
func (r *reader) next() kind { return kinds[r.byte()] }

// skip reads a value of any kind.
func (r *reader) skip() error {
	switch r.next() {
	case kindObject:
		return r.members(func([]byte) error { return r.skip() })
	case kindArray:
		return r.elements(func(int) error { return r.skip() })
	case kindString:
		_, err := r.string()
		return err
	default:
		return r.literal()
	}
}

// raw reads a value of any kind, and returns it as it is in the document.
func (r *reader) raw() ([]byte, error) {
	r.next()
	start := r.at
	if err := r.skip(); err != nil {
		return nil, err
	}
	return r.body[start:r.at], nil
}

// members reads an object: each is called to read each member's value. The name
// is valid until then.
func (r *reader) members(each func(name []byte) error) error {
	if err := r.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		name, more, err := r.member(first)
		if err != nil || !more {
			return err
		}
		if err := each(name); err != nil {
			return err
		}
	}
}

// enter reads the bracket that an object or an array begins with.
func (r *reader) enter() error {
	if r.depth++; r.depth > maxDepth {
		return errSyntax
	}
	r.at++
	return nil
}

// member reads up to the value of the next member of an object that was
// entered. It reports false at the object's end.
func (r *reader) member(first bool) (name []byte, more bool, err error) {
	if more, err = r.separator(first, '}'); !more {
		return nil, false, err
	}
	if r.next() != kindString {
		return nil, false, errSyntax
	}
	name, err = r.string()
	if err != nil || r.byte() != ':' {
		return nil, false, errSyntax
	}
	r.at++
	r.next()
	return name, true, nil
}

// elements reads an array: each is called to read each element.
func (r *reader) elements(each func(i int) error) error {
	if err := r.enter(); err != nil {
		return err
	}
	for i := 0; ; i++ {
		if more, err := r.separator(i == 0, ']'); !more {
			return err
		}
		if err := each(i); err != nil {
			return err
		}
	}
}

// separator reads what is before the next member or element, or the bracket
// that ends them all.
func (r *reader) separator(first bool, end byte) (more bool, err error) {
	switch c := r.byte(); {
	case c == end:
		r.at++
		r.depth--
		return false, nil
	case first:
	case c != ',':
		return false, errSyntax
	default:
		r.at++
	}
	return true, nil
}

// string reads a string. The result is valid until the next read.
func (r *reader) string() ([]byte, error) {
	start := r.at + 1
	end := start + plainLen(r.body[start:])
	if end < len(r.body) && r.body[end] == '"' {
		r.at = end + 1
		return r.body[start:end], nil
	}
	for end < len(r.body) && r.body[end] != '"' {
		if r.body[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(r.body) {
		return nil, errSyntax
	}
	r.at = end + 1
	var text string
	if json.Unmarshal(r.body[start-1:r.at], &text) != nil {
		return nil, errSyntax
	}
	return []byte(text), nil
}

// plainLen returns how many bytes at the start of text are what they mean in a
// string: all up to a quote, a backslash or a control character. It looks at
// eight at a time.
func plainLen(text []byte) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	n := 0
	for ; len(text)-n >= 8; n += 8 {
		word := binary.LittleEndian.Uint64(text[n:])
		quote, backslash := word^'"'*ones, word^'\\'*ones
		// The top bit of each byte, up to the first that is set, says whether
		// the byte is 0 here, or was below a space.
		special := ((quote-ones)&^quote | (backslash-ones)&^backslash | (word-' '*ones)&^word) & tops
		if special != 0 {
			return n + bits.TrailingZeros64(special)/8
		}
	}
	for n < len(text) && text[n] >= ' ' && text[n] != '"' && text[n] != '\\' {
		n++
	}
	return n
}

// literal reads a number, true, false or null.
func (r *reader) literal() error {
	start := r.at
	for r.at < len(r.body) && isLiteral(r.body[r.at]) {
		r.at++
	}
	if value := r.body[start:r.at]; string(value) != "null" && !json.Valid(value) {
		return errSyntax
	}
	return nil
}

func isLiteral(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || c == 'E' || c == '-' || c == '+' || c == '.'
}
