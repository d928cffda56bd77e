package lenient

import (
	"bytes"
	"encoding"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// str reads text. The result is valid until the next read.
func (r *reader) str() (value []byte, some bool, err error) {
	switch kind := r.next(); kind {
	case kindString:
		value, err = r.string()
	case kindNull:
		return nil, false, r.skip()
	case kindObject, kindArray:
		return nil, false, firstError(r.skip(), typeMismatch("a string", kind))
	default:
		value, err = r.raw()
	}
	return value, err == nil, err
}

func readString(r *reader, v reflect.Value) (bool, error) {
	text, some, err := r.str()
	v.SetString(r.keep(text))
	return some, err
}

// readText reads into a type that takes texts.
func readText(r *reader, v reflect.Value) (bool, error) {
	text, some, err := r.str()
	if !some {
		v.SetZero()
		return false, err
	}
	if r.tolerant {
		text = []byte(validText(text))
	}
	if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText(text); err != nil {
		return false, doesNotFit(v, err)
	}
	return true, nil
}

func readBool(r *reader, v reflect.Value) (bool, error) {
	const want = "true or false"
	text, kind, err := r.scalar(want)
	if text == nil {
		v.SetZero()
		return false, err
	}
	b, err := strconv.ParseBool(strings.ToLower(string(text)))
	if err != nil {
		return false, typeMismatch(want, kind)
	}
	v.SetBool(b)
	return true, nil
}

func readInt(r *reader, v reflect.Value) (bool, error) {
	const want = "a whole number"
	text, kind, err := r.scalar(want)
	if text == nil {
		v.SetZero()
		return false, err
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		whole, ok := parseWhole(string(text)) // 15.0, 1e3
		if !ok || !whole.IsInt64() {
			return false, typeMismatch(want, kind)
		}
		n = whole.Int64()
	}
	if v.OverflowInt(n) {
		return false, typeMismatch(want, kind)
	}
	v.SetInt(n)
	return true, nil
}

func readUint(r *reader, v reflect.Value) (bool, error) {
	const want = "a whole number that isn't negative"
	text, kind, err := r.scalar(want)
	if text == nil {
		v.SetZero()
		return false, err
	}
	whole, ok := parseWhole(string(text))
	if !ok || !whole.IsUint64() || v.OverflowUint(whole.Uint64()) {
		return false, typeMismatch(want, kind)
	}
	v.SetUint(whole.Uint64())
	return true, nil
}

func readFloat(r *reader, v reflect.Value) (bool, error) {
	const want = "a number"
	text, kind, err := r.scalar(want)
	if text == nil {
		v.SetZero()
		return false, err
	}
	// ParseFloat alone would take words such as Inf, and digits in base 16.
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || !isDecimal(text) || v.OverflowFloat(f) {
		return false, typeMismatch(want, kind)
	}
	v.SetFloat(f)
	return true, nil
}

func readDecimal(r *reader, v reflect.Value) (bool, error) {
	n, some, err := r.decimal()
	*v.Addr().Interface().(*decimal.Decimal) = n
	return some, err
}

func readNullDecimal(r *reader, v reflect.Value) (bool, error) {
	n, some, err := r.decimal()
	*v.Addr().Interface().(*decimal.NullDecimal) = decimal.NullDecimal{Decimal: n, Valid: some}
	return some, err
}

func (r *reader) decimal() (n decimal.Decimal, some bool, err error) {
	const want = "a decimal number"
	text, kind, err := r.scalar(want)
	if text == nil {
		return decimal.Decimal{}, false, err
	}
	n, seen := r.numbers[string(text)]
	if seen {
		return n, true, nil
	}
	n, ok := parseDecimal(string(text))
	if !ok {
		return decimal.Decimal{}, false, typeMismatch(want, kind)
	}
	if r.isList && len(r.numbers) < maxNumbers {
		if r.numbers == nil {
			r.numbers = map[string]decimal.Decimal{}
		}
		r.numbers[string(text)] = n
	}
	return n, true, nil
}

func readTime(r *reader, v reflect.Value) (bool, error) {
	const want = "a date"
	text, kind, err := r.scalar(want)
	if text == nil {
		v.SetZero()
		return false, err
	}
	t, ok := parseDate(text)
	if !ok {
		return false, typeMismatch(want, kind)
	}
	*v.Addr().Interface().(*time.Time) = t
	return true, nil
}

// maxNumbers bounds how many numbers a list shares: nearly all items have one of
// a few prices.
const maxNumbers = 100

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

// parseWhole reads a number without a fraction, in whatever form.
func parseWhole(text string) (*big.Int, bool) {
	n, ok := parseDecimal(text)
	// No uint64 has more than 20 digits, and powers of ten take time.
	if !ok || n.Exponent() < -maxNumberSize || n.Exponent() > 20 || !n.IsInteger() {
		return nil, false
	}
	return n.BigInt(), true
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
			if t = t.UTC(); t.Year() < 0 || t.Year() > 9999 { // encoding/json can't write it
				return time.Time{}, false
			}
			return t, true
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
	if month < 0 || month%3 != 0 || min(day, century, year, hour, minute, second) < 0 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	t := time.Date(century*100+year, time.Month(month/3+1), day, hour, minute, second, 0, time.UTC)
	// This catches hours that the day and days that the month doesn't have,
	// too.
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
