package fleet_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// Twilio's limit isn't known beforehand: after a few responses with 429, no more
// operations run at once than it allows.
func TestTheBoundShrinks(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		srv := newTwilio(t, 200, twiliotest.WithConcurrencyLimit(4))
		srv.Inject(twiliotest.Fault{Path: "/Accounts/AC*.json", Delay: 20 * time.Millisecond, Times: -1})
		op := fleet.Define("get", func(ctx context.Context, j *fleet.Job[fleet.None]) (fleet.None, error) {
			_, err := j.Client.Accounts.Get(ctx, j.Key)
			return fleet.None{}, err
		})
		f := openFleet(t, srv, db.open(t), fleet.WithConcurrency(10))
		work(t, f, 6, op)
		if db.kind == "postgres" {
			work(t, openFleet(t, srv, db.open(t), fleet.WithConcurrency(10)), 6, op)
		}
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{}); err != nil {
			t.Fatal(err)
		}
		if p := watch(t, f, "run"); p.Done != 200 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
		refused := 0
		for _, r := range srv.Requests() {
			if r.Status == http.StatusTooManyRequests {
				refused++
			}
		}
		// The first burst, and a step now and then: without the limit there are
		// hundreds.
		if refused == 0 || refused > 40 {
			t.Errorf("%d responses with 429", refused)
		}
	})
}
