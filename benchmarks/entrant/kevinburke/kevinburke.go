// Package kevinburke is the entrant github.com/kevinburke/twilio-go/v2.
package kevinburke

import (
	"context"
	"errors"
	"iter"
	"net/url"
	"strconv"
	"time"

	"github.com/kevinburke/twilio-go/v2"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant"
)

// New returns a client that sends its requests to base.
func New(base string) entrant.Entrant {
	client := twilio.NewClient(entrant.AccountSID, entrant.AuthToken, nil)
	client.Base = base
	return entrant.Of(library{client.Calls})
}

type library struct{ calls *twilio.CallService }

func (l library) Get(ctx context.Context, sid string) (*twilio.Call, error) {
	return l.calls.Get(ctx, sid)
}

func (l library) Create(ctx context.Context) (*twilio.Call, error) {
	return l.calls.Create(ctx, url.Values{"From": {entrant.From}, "To": {entrant.To}, "Url": {entrant.URL}})
}

func (l library) ListCalls(ctx context.Context, query entrant.Query) iter.Seq2[*twilio.Call, error] {
	values := url.Values{"PageSize": {strconv.Itoa(entrant.PageSize)}}
	if !query.From.IsZero() {
		values.Set("StartTime>", query.From.Format(time.DateOnly))
		values.Set("StartTime<", query.To.Format(time.DateOnly))
	}
	return func(yield func(*twilio.Call, error) bool) {
		pages := l.calls.GetPageIterator(values)
		for {
			page, err := pages.Next(ctx)
			if errors.Is(err, twilio.NoMoreResults) {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, call := range page.Calls {
				if !yield(call, nil) {
					return
				}
			}
		}
	}
}

func (l library) Record(c *twilio.Call) (entrant.Record, error) {
	micros, err := entrant.Micros(c.Price)
	return entrant.Record{
		SID: c.Sid, AccountSID: c.AccountSid, From: string(c.From), To: string(c.To), Status: string(c.Status),
		Direction: string(c.Direction), PriceUnit: c.PriceUnit, Recordings: c.SubresourceURIs["recordings"],
		Created: c.DateCreated.Time.Unix(), Updated: c.DateUpdated.Time.Unix(), Started: c.StartTime.Time.Unix(), Ended: c.EndTime.Time.Unix(),
		Seconds: int(time.Duration(c.Duration).Seconds()), QueueMillis: int(time.Duration(c.QueueTime).Milliseconds()), Micros: micros,
	}, err
}
