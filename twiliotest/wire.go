package twiliotest

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// The types in this file are the wire forms that the API mixes: the structs of the resource files hold them, so that a
// resource is declared once and encodes itself.

// opt is a string that is null on the wire when it is empty. The fields that are "" on the wire are plain strings.
type opt string

func (o opt) MarshalJSON() ([]byte, error) {
	if o == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(o))
}

// stamp is an instant in RFC 2822 form; the zero instant is null.
type stamp struct{ time.Time }

func at(t time.Time) stamp { return stamp{t.UTC()} }

func (s stamp) MarshalJSON() ([]byte, error) {
	if s.IsZero() {
		return []byte("null"), nil
	}
	return s.UTC().AppendFormat(nil, `"Mon, 02 Jan 2006 15:04:05 +0000"`), nil
}

// whole is a number that travels as a string and is null when it is negative, which none of them can be.
type whole int

const unset whole = -1

func (w whole) MarshalJSON() ([]byte, error) {
	if w < 0 {
		return []byte("null"), nil
	}
	return strconv.AppendQuote(nil, strconv.Itoa(int(w))), nil
}

// money is an exact amount that travels as a string with all the places that it was given, and is null until known.
type money struct{ decimal.NullDecimal }

func dollars(amount string) money {
	return money{decimal.NewNullDecimal(decimal.RequireFromString(amount))}
}

func (m money) MarshalJSON() ([]byte, error) {
	if !m.Valid {
		return []byte("null"), nil
	}
	return []byte(`"` + exact(m.Decimal) + `"`), nil
}

// exact writes d with the places that it has, trailing zeros included.
func exact(d decimal.Decimal) string { return d.StringFixed(max(0, -d.Exponent())) }
