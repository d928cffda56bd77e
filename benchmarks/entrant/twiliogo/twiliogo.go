// Package twiliogo is the entrant github.com/twilio/twilio-go.
package twiliogo

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/twilio/twilio-go"
	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant"
)

// New returns a client that sends its requests to base.
func New(base string) entrant.Entrant {
	target, err := url.Parse(base)
	if err != nil {
		panic(err)
	}
	c := &client.Client{
		Credentials: client.NewCredentials(entrant.AccountSID, entrant.AuthToken),
		HTTPClient:  &http.Client{Transport: redirect{target}},
	}
	c.SetAccountSid(entrant.AccountSID)
	return entrant.Of(library{twilio.NewRestClientWithParams(twilio.ClientParams{Client: c}).Api})
}

// redirect sends every request to another host, because the library has no
// setting for it.
type redirect struct{ to *url.URL }

func (r redirect) RoundTrip(req *http.Request) (*http.Response, error) {
	out, address := *req, *req.URL
	address.Scheme, address.Host = r.to.Scheme, r.to.Host
	out.URL, out.Host = &address, ""
	return http.DefaultTransport.RoundTrip(&out)
}

type library struct{ api *api.ApiService }

func (l library) Get(_ context.Context, sid string) (*api.ApiV2010Call, error) {
	return l.api.FetchCall(sid, &api.FetchCallParams{})
}

func (l library) Create(context.Context) (*api.ApiV2010Call, error) {
	params := &api.CreateCallParams{}
	return l.api.CreateCall(params.SetFrom(entrant.From).SetTo(entrant.To).SetUrl(entrant.URL))
}

// Keep returns the slice that the library makes itself.
func (l library) Keep(context.Context) (any, error) {
	params := &api.ListCallParams{}
	params.SetPageSize(entrant.PageSize)
	return l.api.ListCall(params)
}

func (l library) ListCalls(_ context.Context, query entrant.Query) iter.Seq2[*api.ApiV2010Call, error] {
	params := &api.ListCallParams{}
	params.SetPageSize(entrant.PageSize)
	if !query.From.IsZero() {
		params.SetStartTimeAfter(query.From).SetStartTimeBefore(query.To)
	}
	return func(yield func(*api.ApiV2010Call, error) bool) {
		var call api.ApiV2010Call // declared once, so that handing on a pointer allocates nothing per call
		var open bool
		calls, errs := l.api.StreamCall(params)
		for call, open = <-calls; open; call, open = <-calls {
			if !yield(&call, nil) {
				return
			}
		}
		if err := <-errs; err != nil {
			yield(nil, err)
		}
	}
}

func (l library) Record(c *api.ApiV2010Call) (entrant.Record, error) {
	record := entrant.Record{
		SID: text(c.Sid), AccountSID: text(c.AccountSid), From: text(c.From), To: text(c.To), Status: text(c.Status),
		Direction: text(c.Direction), PriceUnit: text(c.PriceUnit),
	}
	if c.SubresourceUris != nil {
		record.Recordings, _ = (*c.SubresourceUris)["recordings"].(string)
	}
	for _, date := range []struct {
		text *string
		unix *int64
	}{{c.DateCreated, &record.Created}, {c.DateUpdated, &record.Updated}, {c.StartTime, &record.Started}, {c.EndTime, &record.Ended}} {
		at, err := time.Parse(time.RFC1123Z, text(date.text))
		if err != nil {
			return record, err
		}
		*date.unix = at.Unix()
	}
	var err error
	if record.Seconds, err = strconv.Atoi(text(c.Duration)); err != nil {
		return record, fmt.Errorf("duration: %w", err)
	}
	if record.QueueMillis, err = strconv.Atoi(text(c.QueueTime)); err != nil {
		return record, fmt.Errorf("queue time: %w", err)
	}
	record.Micros, err = entrant.Micros(text(c.Price))
	return record, err
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
