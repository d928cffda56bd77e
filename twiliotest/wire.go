package twiliotest

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// The types in this file are the wire forms that the API mixes. The structs of
// the resource files are made of them, so that a resource is declared once and
// encodes itself.

// A nullString is null on the wire if it is empty. Fields that are "" on the
// wire are plain strings.
type nullString string

func (s nullString) appendJSON(b []byte) []byte {
	if s == "" {
		return append(b, "null"...)
	}
	return appendString(b, string(s))
}

// A timestamp is in RFC 2822 form on the wire; the zero time is null.
type timestamp struct{ time.Time }

func at(t time.Time) timestamp { return timestamp{t.UTC()} }

func (t timestamp) appendJSON(b []byte) []byte {
	if t.IsZero() {
		return append(b, "null"...)
	}
	// This is time.Time.AppendFormat in a third of the time.
	utc := t.UTC()
	year, month, day := utc.Date()
	hour, minute, second := utc.Clock()
	b = append(b, '"')
	b = append(b, utc.Weekday().String()[:3]...)
	b = append(b, ", "...)
	b = appendTwoDigits(b, day)
	b = append(b, ' ')
	b = append(b, month.String()[:3]...)
	b = append(b, ' ')
	b = appendTwoDigits(appendTwoDigits(b, year/100), year%100)
	b = append(b, ' ')
	b = append(appendTwoDigits(b, hour), ':')
	b = append(appendTwoDigits(b, minute), ':')
	return append(appendTwoDigits(b, second), ` +0000"`...)
}

func appendTwoDigits(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }

// An intString is a number that is a string on the wire, and null if negative,
// which no valid value is.
type intString int

const unsetInt intString = -1

func (n intString) appendJSON(b []byte) []byte {
	if n < 0 {
		return append(b, "null"...)
	}
	b = append(b, '"')
	b = strconv.AppendInt(b, int64(n), 10)
	return append(b, '"')
}

// money is an exact amount that is a string on the wire, with all its decimal
// places, and null until it is known.
type money struct{ decimal.NullDecimal }

func usd(amount string) money {
	return money{decimal.NewNullDecimal(decimal.RequireFromString(amount))}
}

func (m money) appendJSON(b []byte) []byte {
	if !m.Valid {
		return append(b, "null"...)
	}
	return appendString(b, formatDecimal(m.Decimal))
}

// formatDecimal formats d with the places that it has, trailing zeros included.
func formatDecimal(d decimal.Decimal) string { return d.StringFixed(max(0, -d.Exponent())) }

// subresources are the URIs below a resource, by name.
type subresources struct {
	path  string
	names []subresource
}

type subresource struct{ name, suffix string }

func (s subresources) appendJSON(b []byte) []byte {
	b = append(b, '{')
	for i, sub := range s.names {
		b = appendKey(b, i, sub.name)
		b = append(b, '"')
		b = append(b, s.path...)
		b = append(b, sub.suffix...)
		b = append(b, '"')
	}
	return append(b, '}')
}
