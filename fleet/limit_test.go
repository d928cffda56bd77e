package fleet_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
)

// A crowd refuses what comes while it is full, and takes its time: at first until
// it has been full, on a slow machine too.
type crowd struct {
	limit            int64
	running, refused atomic.Int64
	full             chan struct{} // closed once it has refused something
	once             sync.Once
}

func (c *crowd) around(base http.RoundTripper) http.RoundTripper {
	return tripper(func(r *http.Request) (*http.Response, error) {
		if !strings.Contains(r.URL.Path, "/Accounts/AC") { // the list
			return base.RoundTrip(r)
		}
		defer c.running.Add(-1)
		if c.running.Add(1) > c.limit {
			c.refused.Add(1)
			c.once.Do(func() { close(c.full) })
			return &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Content-Type": {"application/json"}},
				Body: io.NopCloser(strings.NewReader(`{"code":20429,"message":"Too many requests","status":429}`)), Request: r}, nil
		}
		select {
		case <-c.full:
		case <-r.Context().Done():
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-r.Context().Done():
		}
		return base.RoundTrip(r)
	})
}

type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Twilio's limit isn't known beforehand: after a few responses with 429, no more
// operations run at once than it allows.
func TestTheBoundShrinks(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		srv, twilios := newTwilio(t, 200), &crowd{limit: 4, full: make(chan struct{})}
		op := fleet.Define("get", func(ctx context.Context, j *fleet.Job[fleet.None]) (fleet.None, error) {
			_, err := j.Client.Accounts.Get(ctx, j.Key)
			return fleet.None{}, err
		})
		store := db.open(t)
		var f *fleet.Fleet
		for range 2 {
			var err error
			f, err = fleet.Open(t.Context(), srv.Client(twilio.WithTransport(twilios.around)), store, quick, fleet.WithConcurrency(10))
			if err != nil {
				t.Fatal(err)
			}
			work(t, f, 6, op)
		}
		begin := time.Now()
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{}); err != nil {
			t.Fatal(err)
		}
		if p := watch(t, f, "run"); p.Done != 200 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
		refused, took := twilios.refused.Load(), time.Since(begin)
		// The first burst, and a step each five seconds: without the limit there are
		// hundreds.
		if refused == 0 || refused > 40+4*int64(took/(5*time.Second)) {
			t.Errorf("%d responses with 429 in %s", refused, took)
		}
	})
}
