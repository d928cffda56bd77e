package twiliotest

import (
	"encoding/json"
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

func (o nullString) MarshalJSON() ([]byte, error) {
	if o == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(o))
}

// A timestamp is in RFC 2822 form on the wire; the zero time is null.
type timestamp struct{ time.Time }

func at(t time.Time) timestamp { return timestamp{t.UTC()} }

func (s timestamp) MarshalJSON() ([]byte, error) {
	if s.IsZero() {
		return []byte("null"), nil
	}
	return s.UTC().AppendFormat(nil, `"Mon, 02 Jan 2006 15:04:05 +0000"`), nil
}

// An intString is a number that is a string on the wire, and null if negative,
// which no valid value is.
type intString int

const unsetInt intString = -1

func (w intString) MarshalJSON() ([]byte, error) {
	if w < 0 {
		return []byte("null"), nil
	}
	return strconv.AppendQuote(nil, strconv.Itoa(int(w))), nil
}

// money is an exact amount that is a string on the wire, with all its decimal
// places, and null until it is known.
type money struct{ decimal.NullDecimal }

func usd(amount string) money {
	return money{decimal.NewNullDecimal(decimal.RequireFromString(amount))}
}

func (m money) MarshalJSON() ([]byte, error) {
	if !m.Valid {
		return []byte("null"), nil
	}
	return []byte(`"` + formatDecimal(m.Decimal) + `"`), nil
}

// formatDecimal formats d with the places that it has, trailing zeros included.
func formatDecimal(d decimal.Decimal) string { return d.StringFixed(max(0, -d.Exponent())) }
