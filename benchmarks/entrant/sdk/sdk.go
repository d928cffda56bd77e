// Package sdk is the entrant of this repository.
package sdk

import (
	"context"
	"iter"
	"sync/atomic"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant"
)

// New returns a client that sends its requests to base, with every default.
func New(base string) entrant.Entrant { return entrant.Of(library{client(base)}) }

func client(base string) *twilio.Client {
	client, err := twilio.NewClient(twilio.AuthToken(entrant.AccountSID, entrant.AuthToken), twilio.WithBaseURL(base))
	if err != nil {
		panic(err)
	}
	return client
}

// Fleet fetches one call of each subaccount, several at once, and returns the
// number of subaccounts. The other libraries have no counterpart.
func Fleet(ctx context.Context, base, call string, concurrency int) (int, error) {
	var visited atomic.Int64
	err := client(base).Accounts.ForEach(ctx, twilio.AccountListParams{}, twilio.ForEachParams{Concurrency: concurrency},
		func(ctx context.Context, sub *twilio.Client, _ *twilio.Account) error {
			visited.Add(1)
			_, err := sub.Calls.Get(ctx, call)
			return err
		})
	return int(visited.Load()), err
}

type library struct{ client *twilio.Client }

func (l library) Get(ctx context.Context, sid string) (*twilio.Call, error) {
	return l.client.Calls.Get(ctx, sid)
}

func (l library) Create(ctx context.Context) (*twilio.Call, error) {
	return l.client.Calls.Create(ctx, twilio.CallCreateParams{From: entrant.From, To: entrant.To, URL: entrant.URL})
}

func (l library) ListCalls(ctx context.Context, query entrant.Query) iter.Seq2[*twilio.Call, error] {
	var opts []twilio.RequestOption
	if query.Parallelism > 0 {
		opts = append(opts, twilio.WithParallelism(query.Parallelism))
	}
	return l.client.Calls.All(ctx, twilio.CallListParams{
		PageSize: entrant.PageSize, StartTimeAfter: query.From, StartTimeBefore: query.To,
	}, opts...)
}

func (l library) Record(c *twilio.Call) (entrant.Record, error) {
	return entrant.Record{
		SID: c.SID, AccountSID: c.AccountSID, From: c.From, To: c.To, Status: string(c.Status),
		Direction: string(c.Direction), PriceUnit: c.PriceUnit, Recordings: c.SubresourceURIs.Get("recordings"),
		Created: c.DateCreated.Unix(), Updated: c.DateUpdated.Unix(), Started: c.StartTime.Unix(), Ended: c.EndTime.Unix(),
		Seconds: c.Duration, QueueMillis: c.QueueTime, Micros: c.Price.Decimal.Shift(6).IntPart(),
	}, nil
}
