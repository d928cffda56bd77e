package floor

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant"
)

// ByHand is net/http and a decoder that can read the stub's bytes and no
// others: it expects the members in their order and with their spaces, and no
// escape in any string. It marks how fast the same fields could be decoded at
// all, and doesn't work with another server.
func ByHand(url string) entrant.Entrant { return entrant.Of(floor{url, viaHand}) }

var errOtherBytes = errors.New("by hand: not the bytes that this decoder was written for")

var viaHand = format{
	call: func(resp *http.Response) (*Call, error) {
		r, err := read(resp)
		if err != nil {
			return nil, err
		}
		call := new(Call)
		r.call(call)
		return call, r.err()
	},
	page: func(resp *http.Response) ([]Call, string, error) {
		r, err := read(resp)
		if err != nil {
			return nil, "", err
		}
		_, r.rest, _ = strings.Cut(r.rest, `"calls": [`)
		calls := make([]Call, 0, entrant.PageSize)
		for !strings.HasPrefix(r.rest, "]") && !r.bad {
			calls = append(calls, Call{})
			r.call(&calls[len(calls)-1])
			r.rest = strings.TrimPrefix(r.rest, ", ")
		}
		_, r.rest, _ = strings.Cut(r.rest, `"start": `)
		_, r.rest, _ = strings.Cut(r.rest, `, `)
		next := r.text(`"next_page_uri": `)
		return calls, next, r.err()
	},
}

// reader reads a body from left to right. All strings are slices of that body;
// none is copied.
type reader struct {
	rest string
	bad  bool
}

func read(resp *http.Response) (*reader, error) {
	if resp.ContentLength <= 0 {
		return nil, errOtherBytes
	}
	body := make([]byte, resp.ContentLength)
	if _, err := io.ReadFull(resp.Body, body); err != nil {
		return nil, err
	}
	return &reader{rest: unsafe.String(&body[0], len(body))}, nil // nobody writes to body from here on
}

func (r *reader) err() error {
	if r.bad {
		return errOtherBytes
	}
	return nil
}

func (r *reader) skip(text string) {
	if !strings.HasPrefix(r.rest, text) {
		r.bad = true
		r.rest = ""
		return
	}
	r.rest = r.rest[len(text):]
}

// text reads the string or null after a member's name.
func (r *reader) text(name string) string {
	r.skip(name)
	if strings.HasPrefix(r.rest, "null") {
		r.rest = r.rest[len("null"):]
		return ""
	}
	r.skip(`"`)
	end := strings.IndexByte(r.rest, '"')
	if end < 0 {
		r.bad = true
		return ""
	}
	text := r.rest[:end]
	r.rest = r.rest[end+1:]
	return text
}

func (r *reader) number(name string) int {
	n, err := strconv.Atoi(r.text(name))
	r.bad = r.bad || err != nil
	return n
}

// time reads `Tue, 31 Aug 2010 20:36:28 +0000`, whose parts are always in the
// same place.
func (r *reader) time(name string) Time {
	text := r.text(name)
	if len(text) != len(time.RFC1123Z) {
		r.bad = true
		return Time{}
	}
	var month time.Month
	switch text[8:11] {
	case "Jan":
		month = time.January
	case "Feb":
		month = time.February
	case "Mar":
		month = time.March
	case "Apr":
		month = time.April
	case "May":
		month = time.May
	case "Jun":
		month = time.June
	case "Jul":
		month = time.July
	case "Aug":
		month = time.August
	case "Sep":
		month = time.September
	case "Oct":
		month = time.October
	case "Nov":
		month = time.November
	case "Dec":
		month = time.December
	}
	two := func(i int) int { return int(text[i]-'0')*10 + int(text[i+1]-'0') }
	return Time{time.Date(two(12)*100+two(14), month, two(5), two(17), two(20), two(23), 0, time.UTC)}
}

// price reads `-0.01400` or null.
func (r *reader) price(name string) decimal.NullDecimal {
	text := r.text(name)
	if text == "" {
		return decimal.NullDecimal{}
	}
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	var value int64
	for _, digits := range [...]string{whole, fraction} {
		for i := range len(digits) {
			value = value*10 + int64(digits[i]-'0')
		}
	}
	if text[0] == '-' {
		value = -value
	}
	return decimal.NewNullDecimal(decimal.New(value, -int32(len(fraction))))
}

func (r *reader) call(c *Call) {
	c.AccountSID = r.text(`{"account_sid": `)
	c.Annotation = r.text(`, "annotation": `)
	c.AnsweredBy = r.text(`, "answered_by": `)
	c.APIVersion = r.text(`, "api_version": `)
	c.CallerName = r.text(`, "caller_name": `)
	c.DateCreated = r.time(`, "date_created": `)
	c.DateUpdated = r.time(`, "date_updated": `)
	c.Direction = r.text(`, "direction": `)
	c.Duration = r.number(`, "duration": `)
	c.EndTime = r.time(`, "end_time": `)
	c.ForwardedFrom = r.text(`, "forwarded_from": `)
	c.From = r.text(`, "from": `)
	c.FromFormatted = r.text(`, "from_formatted": `)
	c.GroupSID = r.text(`, "group_sid": `)
	c.ParentCallSID = r.text(`, "parent_call_sid": `)
	c.PhoneNumberSID = r.text(`, "phone_number_sid": `)
	c.Price = r.price(`, "price": `)
	c.PriceUnit = r.text(`, "price_unit": `)
	c.SID = r.text(`, "sid": `)
	c.StartTime = r.time(`, "start_time": `)
	c.Status = r.text(`, "status": `)
	r.skip(`, "subresource_uris": {`)
	c.SubresourceURIs = map[string]string{
		"notifications":                      r.text(`"notifications": `),
		"recordings":                         r.text(`, "recordings": `),
		"payments":                           r.text(`, "payments": `),
		"events":                             r.text(`, "events": `),
		"siprec":                             r.text(`, "siprec": `),
		"streams":                            r.text(`, "streams": `),
		"transcriptions":                     r.text(`, "transcriptions": `),
		"user_defined_message_subscriptions": r.text(`, "user_defined_message_subscriptions": `),
		"user_defined_messages":              r.text(`, "user_defined_messages": `),
	}
	c.To = r.text(`}, "to": `)
	c.ToFormatted = r.text(`, "to_formatted": `)
	c.TrunkSID = r.text(`, "trunk_sid": `)
	c.URI = r.text(`, "uri": `)
	c.QueueTime = r.number(`, "queue_time": `)
	r.skip("}")
}
