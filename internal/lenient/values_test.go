package lenient

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

func TestParseDate(t *testing.T) {
	t.Parallel()
	at := func(h, m, s, ns int) time.Time { return time.Date(2015, time.July, 30, h, m, s, ns, time.UTC) }
	for text, want := range map[string]time.Time{
		"Thu, 30 Jul 2015 20:01:02 +0000":     at(20, 1, 2, 0),
		"Fri, 31 Jul 2015 01:01:02 +0500":     at(20, 1, 2, 0),
		"Thu, 30 Jul 2015 20:01:02 GMT":       at(20, 1, 2, 0),
		"Mon, 30 Jul 2015 20:01:02 +0000":     at(20, 1, 2, 0), // it was a Thursday
		"30 Jul 2015 20:01:02 +0000":          at(20, 1, 2, 0),
		"Wed, 1 Jul 2015 20:01:02 +0000":      time.Date(2015, time.July, 1, 20, 1, 2, 0, time.UTC),
		"Mon, 29 Feb 2016 00:00:00 +0000":     time.Date(2016, time.February, 29, 0, 0, 0, 0, time.UTC),
		"2015-07-30T20:01:02Z":                at(20, 1, 2, 0),
		"2015-07-30T22:01:02.5+02:00":         at(20, 1, 2, 5e8),
		"2015-07-30T20:01:02.123456789+00:00": at(20, 1, 2, 123456789),
		"2015-07-30":                          at(0, 0, 0, 0),
		"9999-12-31T23:59:59Z":                time.Date(9999, time.December, 31, 23, 59, 59, 0, time.UTC),
	} {
		got, ok := parseDate([]byte(text))
		if !ok || got != want {
			t.Errorf("%s: got %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{
		"yesterday", "30 Jul 2015", "2015-13-01", "2015-02-30", "2015-07-30T25:00:00Z", "20150730",
		"Thu, 30 Jul 2015 20:00:60 +0000", "Thu, 30 Jul 2015 24:00:00 +0000", "Thu, 30 Jul 2015 20:60:00 +0000",
		"Mon, 30 Feb 2015 20:00:00 +0000", "Sun, 29 Feb 2015 20:00:00 +0000", "Thu, 00 Jul 2015 20:00:00 +0000",
		"Fri, 30 anF 2015 20:00:00 +0000", "Xyz, 30 Jul 2015 20:00:00 +0000", "Thu, 30 Jul 2O15 20:00:00 +0000", "Thu, 30 Jul 2015 20:00:00 EST",
		"Thu; 30 Jul 2015 20:00:00 +0000", "9999-12-31T23:59:59-00:01", "0000-01-01T00:00:00+00:01", strings.Repeat("9", 1000),
	} {
		if got, ok := parseDate([]byte(text)); ok {
			t.Errorf("%s: got %v", text, got)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"Thu, 30 Jul 2015 20:00:00 +0000", "30 Jul 2015 20:00:00 -0700", "2015-07-30T20:00:00.5Z", "2015-07-30", "Tue, 29 Feb 2000 23:59:59 +0000"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := parseDate([]byte(text))
		if !ok && !got.IsZero() || got.Location() != time.UTC {
			t.Errorf("got %v, %v", got, ok)
		}
		if fast, ok := parseRFC2822([]byte(text)); ok {
			if slow, err := time.Parse(time.RFC1123Z, text); err != nil || !slow.Equal(fast) {
				t.Errorf("got %v, but time.Parse says %v, %v", fast, slow, err)
			}
		}
	})
}

func FuzzParseDecimal(f *testing.F) {
	for _, seed := range []string{"-0.03000", "+30", "1e-5", "2192.84855", "1e999999999", ".5", "5.", "--1", "123456789012345678901234567890"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var n decimal.Decimal
		var ok bool
		allocationsInProportion(t, []byte(text), func() { n, ok = parseDecimal(text) })
		if again, same := parseDecimal(n.String()); ok && len(n.String()) <= maxNumberSize && (!same || !again.Equal(n)) {
			t.Errorf("%s: %v is read as %v, %v", text, n, again, same)
		}
		if whole, ok := parseWhole(text); ok && !decimal.NewFromBigInt(whole, 0).Equal(n) {
			t.Errorf("%s: %v isn't %v", text, whole, n)
		}
	})
}
