package adaptivelimit_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/adaptivelimit"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

const (
	limit   = 20
	latency = 200 * time.Millisecond
	length  = time.Minute
	sub     = "AC00000000000000000000000000000001"
)

// use makes requests with several clients, which stand for processes, 40 at
// once each unless the limiter holds them back. It returns how many were served
// and refused.
func use(t *testing.T, clients int, do func(ctx context.Context, client *twilio.Client) error, opts ...twilio.Option) (served, refused float64) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		srv := twiliotest.NewUnstartedServer(twiliotest.WithConcurrencyLimit(limit), twiliotest.WithRequestLog(1<<20))
		srv.AddSubaccounts(twilio.Account{SID: sub})
		srv.Inject(twiliotest.Fault{Delay: latency, Times: -1})
		ctx, cancel := context.WithTimeout(t.Context(), length)
		defer cancel()
		var requests sync.WaitGroup
		for range clients {
			client := srv.Client(append(opts, twilio.WithHTTPClient(&http.Client{Transport: srv.Transport()}))...)
			for range 40 {
				requests.Go(func() {
					for ctx.Err() == nil {
						if do(ctx, client) != nil {
							<-time.After(latency)
						}
					}
				})
			}
		}
		requests.Wait()
		for _, r := range srv.Requests() {
			if r.Status == http.StatusTooManyRequests {
				refused++
			} else {
				served++
			}
		}
	})
	return served, refused
}

func balance(ctx context.Context, client *twilio.Client) error {
	_, err := client.Balance.Get(ctx)
	return err
}

// allowed is how many requests of an account the limit allows.
const allowed = limit * float64(length) / float64(latency)

// Processes that don't know of each other use nearly all of a limit that they
// don't know, and little of what they send is refused.
func TestFleetUsesTheLimit(t *testing.T) {
	t.Parallel()
	for _, clients := range []int{4} {
		served, refused := use(t, clients, balance, twilio.WithTransport(adaptivelimit.New))
		if part, share := served/allowed, refused/(served+refused); part < 0.9 || share > 0.03 {
			t.Errorf("%d processes: %.2f of the limit, %.1f %% refused", clients, part, 100*share)
		}
	}
	served, refused := use(t, 4, balance)
	if share := refused / (served + refused); share < 0.2 {
		t.Errorf("%.1f %% are refused without the limiter, so that it proves nothing", 100*share)
	}
}

// A limit is an account's: that of one doesn't hold back another.
func TestAccountsHaveTheirOwnLimits(t *testing.T) {
	t.Parallel()
	served, refused := use(t, 4, func(ctx context.Context, client *twilio.Client) error {
		_, err := client.Subaccount(sub).Calls.List(ctx, twilio.CallListParams{})
		if err == nil {
			_, err = client.Calls.List(ctx, twilio.CallListParams{})
		}
		return err
	}, twilio.WithTransport(adaptivelimit.New))
	if part, share := served/(2*allowed), refused/(served+refused); part < 0.6 || share > 0.03 {
		t.Errorf("%.2f of the limits, %.1f %% refused", part, 100*share)
	}
}

// A request that waits for room ends with its context, and wasn't sent.
func TestWaitingEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := twiliotest.NewUnstartedServer()
		srv.Inject(twiliotest.Fault{Delay: time.Hour, Times: -1})
		client := srv.Client(twilio.WithTransport(adaptivelimit.New), twilio.WithTimeout(0),
			twilio.WithHTTPClient(&http.Client{Transport: srv.Transport()}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		begun := time.Now()
		var requests sync.WaitGroup
		for range 40 {
			requests.Go(func() { _ = balance(ctx, client) })
		}
		requests.Wait()
		if took := time.Since(begun); took != time.Minute {
			t.Errorf("took %v", took)
		}
		if n := len(srv.Requests()); n > 2 {
			t.Errorf("%d requests were sent", n)
		}
	})
}
