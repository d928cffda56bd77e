package soak

import (
	"flag"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

var deliveries = flag.Int("deliveries", 8000, "how many webhooks TestDeliveries has the fake send; a million takes some minutes")

// TestDeliveries has the fake send many webhooks over sockets, a few percent of
// them lost, late or twice. Each arrives as often as the fake says, and memory
// and goroutines don't grow.
func TestDeliveries(t *testing.T) { //nolint:paralleltest // it measures the memory of the process
	const rounds, perMessage, batch = 8, 2, 100
	var arrived atomic.Int64
	app := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived.Add(1) }))
	defer app.Close()
	before := runtime.NumGoroutine()
	srv := twiliotest.NewUnstartedServer(twiliotest.WithRequestLog(4 * perMessage * batch))
	sub := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	client := srv.Client().Subaccount(sub.SID)
	srv.InjectWebhook(
		twiliotest.WebhookFault{Times: -1, Rate: 0.01, Lost: true},
		twiliotest.WebhookFault{Times: -1, Rate: 0.01, Delay: 5 * time.Second},
		twiliotest.WebhookFault{Times: -1, Rate: 0.01, Twice: true},
	)
	heaps := make([]uint64, rounds)
	sent := 0
	start := time.Now()
	for round := range rounds {
		for sent < *deliveries*(round+1)/rounds {
			var sids []string
			for range batch {
				m, err := client.Messages.Create(t.Context(), twilio.MessageCreateParams{
					From: "+15105647903", To: "+14158141829", Body: "Ahoy", StatusCallback: app.URL,
				})
				if err != nil {
					t.Fatal(err)
				}
				sids = append(sids, m.SID)
			}
			expected := arrived.Load()
			srv.Advance(time.Minute)
			for _, d := range srv.Deliveries() {
				if d.Time.After(srv.Now().Add(-time.Minute)) {
					expected += int64(d.Attempts)
					sent++
				}
			}
			if got := arrived.Load(); got != expected {
				t.Fatalf("%d webhooks arrived, %d were sent", got, expected)
			}
			for _, sid := range sids {
				if err := client.Messages.Delete(t.Context(), sid); err != nil {
					t.Fatal(err)
				}
			}
		}
		heaps[round] = heapInUse()
	}
	took := time.Since(start)
	srv.Close()
	app.Close()
	if !eventually(func() bool { return runtime.NumGoroutine() <= before }) {
		t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
	}
	// The first rounds warm up, and fill the log.
	if early := max(heaps[0], heaps[1]); slices.Max(heaps[2:]) > early+2<<20 {
		t.Errorf("the heap grew: %d", heaps)
	}
	for i := range heaps {
		heaps[i] >>= 10
	}
	t.Logf("%d webhooks in %v; heap in KiB after each round: %d", sent, took.Round(time.Millisecond), heaps)
}
