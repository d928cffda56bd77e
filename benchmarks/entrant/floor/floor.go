// Package floor has the entrants that use no library: net/http without
// decoding, with encoding/json, and with a decoder written for the stub's
// bytes. They mark the least that any library must do.
package floor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant"
)

// Call has every field of the SDK's type, in the same form.
type Call struct {
	SID             string              `json:"sid"`
	AccountSID      string              `json:"account_sid"`
	Annotation      string              `json:"annotation"`
	AnsweredBy      string              `json:"answered_by"`
	APIVersion      string              `json:"api_version"`
	CallerName      string              `json:"caller_name"`
	DateCreated     Time                `json:"date_created"`
	DateUpdated     Time                `json:"date_updated"`
	Direction       string              `json:"direction"`
	Duration        int                 `json:"duration,string"`
	EndTime         Time                `json:"end_time"`
	ForwardedFrom   string              `json:"forwarded_from"`
	From            string              `json:"from"`
	FromFormatted   string              `json:"from_formatted"`
	GroupSID        string              `json:"group_sid"`
	ParentCallSID   string              `json:"parent_call_sid"`
	PhoneNumberSID  string              `json:"phone_number_sid"`
	Price           decimal.NullDecimal `json:"price"`
	PriceUnit       string              `json:"price_unit"`
	QueueTime       int                 `json:"queue_time,string"`
	StartTime       Time                `json:"start_time"`
	Status          string              `json:"status"`
	SubresourceURIs map[string]string   `json:"subresource_uris"`
	To              string              `json:"to"`
	ToFormatted     string              `json:"to_formatted"`
	TrunkSID        string              `json:"trunk_sid"`
	URI             string              `json:"uri"`
}

// Time is a time.Time that encoding/json reads in RFC 2822.
type Time struct{ time.Time }

// UnmarshalJSON reads a quoted date; null leaves the zero time.
func (t *Time) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	parsed, err := time.Parse(`"`+time.RFC1123Z+`"`, string(text))
	t.Time = parsed.UTC()
	return err
}

// A format is the only thing in which the floors differ.
type format struct {
	call func(*http.Response) (*Call, error)
	page func(*http.Response) (calls []Call, next string, err error)
}

type floor struct {
	base   string
	format format
}

const root = "/2010-04-01/Accounts/" + entrant.AccountSID

func (f floor) do(ctx context.Context, method, uri string, form url.Values) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, f.base+uri, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.SetBasicAuth(entrant.AccountSID, entrant.AuthToken)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode/100 != 2 {
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		return nil, fmt.Errorf("%s: %s", resp.Status, text)
	}
	return resp, nil
}

func (f floor) one(ctx context.Context, method, uri string, form url.Values) (*Call, error) {
	resp, err := f.do(ctx, method, uri, form)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return f.format.call(resp)
}

func (f floor) Get(ctx context.Context, sid string) (*Call, error) {
	return f.one(ctx, http.MethodGet, root+"/Calls/"+sid+".json", nil)
}

func (f floor) Create(ctx context.Context) (*Call, error) {
	return f.one(ctx, http.MethodPost, root+"/Calls.json",
		url.Values{"From": {entrant.From}, "To": {entrant.To}, "Url": {entrant.URL}})
}

func (f floor) page(ctx context.Context, uri string) ([]Call, string, error) {
	resp, err := f.do(ctx, http.MethodGet, uri, nil)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	return f.format.page(resp)
}

func (f floor) ListCalls(ctx context.Context, query entrant.Query) iter.Seq2[*Call, error] {
	values := url.Values{"PageSize": {fmt.Sprint(entrant.PageSize)}}
	if !query.From.IsZero() {
		values.Set("StartTime>", query.From.Format(time.DateOnly))
		values.Set("StartTime<", query.To.Format(time.DateOnly))
	}
	return func(yield func(*Call, error) bool) {
		for uri := root + "/Calls.json?" + values.Encode(); uri != ""; {
			calls, next, err := f.page(ctx, uri)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range calls {
				if !yield(&calls[i], nil) {
					return
				}
			}
			uri = next
		}
	}
}

func (f floor) Record(c *Call) (entrant.Record, error) {
	if c.SID == "" {
		return entrant.Record{}, errors.New("a call that was not decoded")
	}
	return entrant.Record{
		SID: c.SID, AccountSID: c.AccountSID, From: c.From, To: c.To, Status: c.Status, Direction: c.Direction,
		PriceUnit: c.PriceUnit, Recordings: c.SubresourceURIs["recordings"],
		Created: c.DateCreated.Unix(), Updated: c.DateUpdated.Unix(), Started: c.StartTime.Unix(), Ended: c.EndTime.Unix(),
		Seconds: c.Duration, QueueMillis: c.QueueTime, Micros: c.Price.Decimal.Shift(6).IntPart(),
	}, nil
}
