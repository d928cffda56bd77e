package twilio_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

var soak = flag.Int("soak", 6000, "how many requests TestSoak makes; a million takes some minutes")

// TestSoak sends many requests through one client, for several subaccounts at
// once, with faults at a few percent, and compares what callers were told with
// what the server holds.
func TestSoak(t *testing.T) { //nolint:paralleltest // it measures the memory of the process
	const (
		workers = 16
		from    = "+15005550006"
		to      = "+14155550100"
	)
	srv := twiliotest.NewServer(twiliotest.WithRequestLog(0))
	defer srv.Close()
	subs := make([]string, 4)
	reads := make([]string, len(subs))
	for i := range subs {
		subs[i] = srv.AddSubaccount(twilio.Account{FriendlyName: fmt.Sprint("sub ", i)}).SID
		reads[i] = srv.AddMessage(subs[i], twilio.Message{Status: twilio.MessageStatusDelivered, Body: "Ahoy"}).SID
	}
	srv.Inject(
		twiliotest.Fault{Times: -1, Rate: 0.01, Status: 429, Code: 20429},
		twiliotest.Fault{Times: -1, Rate: 0.01, Status: 503, Body: "<html>Sorry</html>"},
		twiliotest.Fault{Times: -1, Rate: 0.005, Status: 500, Code: 20500, After: true},
		twiliotest.Fault{Times: -1, Rate: 0.005, Reset: twiliotest.ResetBefore},
		twiliotest.Fault{Times: -1, Rate: 0.005, Reset: twiliotest.ResetAfter},
		twiliotest.Fault{Times: -1, Rate: 0.005, Truncate: 30},
		twiliotest.Fault{Times: -1, Rate: 0.005, Delay: 5 * time.Millisecond},
	)
	pool := &http.Transport{MaxIdleConnsPerHost: workers}
	watched := &watch{base: pool, sent: map[string]int{}, host: map[string]bool{}}
	pool.DialContext = watched.dial
	client := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: watched}), twilio.WithMaxRetries(8), twilio.WithRetryWait(0, time.Millisecond))

	before := runtime.NumGoroutine()
	var told [4]struct{ done, unknown, failed atomic.Int64 }
	one := func(ctx context.Context, n int) error {
		i := n % len(subs)
		sub := client.Subaccount(subs[i])
		if n%10 != 0 { // reads, which have to succeed whatever goes wrong now and then
			m, err := sub.Messages.Get(ctx, reads[i])
			if err == nil && (m.AccountSID != subs[i] || m.SID != reads[i]) {
				err = errors.New("the answer is another account's")
			}
			return err
		}
		i = n / 10 % len(subs)
		switch _, err := client.Subaccount(subs[i]).Messages.Create(ctx, twilio.MessageCreateParams{From: from, To: to, Body: "Ahoy"}); {
		case err == nil:
			told[i].done.Add(1)
		case errors.Is(err, twilio.ErrOutcomeUnknown):
			told[i].unknown.Add(1)
		default:
			told[i].failed.Add(1)
		}
		return nil
	}
	run := func(requests int) {
		var next atomic.Int64
		var wait sync.WaitGroup
		for range workers {
			wait.Go(func() {
				for n := int(next.Add(1)); n <= requests; n = int(next.Add(1)) {
					if err := one(t.Context(), n); err != nil {
						t.Errorf("request %d: %v", n, err)
						return
					}
				}
			})
		}
		wait.Wait()
	}

	run(*soak / 4)
	created, early := held(t, srv, subs), heap()
	run(*soak - *soak/4)
	late := heap()
	now := held(t, srv, subs)
	unknowns := 0
	for i := range subs {
		done, unknown := int(told[i].done.Load()), int(told[i].unknown.Load())
		if now[i] < done || now[i] > done+unknown {
			t.Errorf("subaccount %d holds %d messages; its callers were told of %d, and of %d that may be", i, now[i], done, unknown)
		}
		unknowns += unknown
	}
	if unknowns == 0 {
		t.Error("no outcome was unknown, so that nothing was shown")
	}
	// What the server keeps of each message is not the client's.
	messages := 0
	for i := range subs {
		messages += now[i] - created[i]
	}
	if grown := int64(late) - int64(early) - int64(messages)*4<<10; grown > 8<<20 {
		t.Errorf("the heap grew by %d bytes", grown)
	}
	if open := watched.open.Load(); open > workers {
		t.Errorf("%d connections for %d workers", open, workers)
	}
	client.CloseIdleConnections()
	pool.CloseIdleConnections()
	if !eventually(func() bool { return watched.open.Load() == 0 }) {
		t.Errorf("%d connections are left", watched.open.Load())
	}
	if !eventually(func() bool { return runtime.NumGoroutine() <= before+2 }) {
		t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
	}
	t.Logf("%d requests, %d messages, heap %d KiB and %d KiB", *soak, messages, early>>10, late>>10)
}

// held counts the messages of each subaccount that were created.
func held(t *testing.T, srv *twiliotest.Server, subs []string) []int {
	t.Helper()
	quiet := &http.Client{Transport: srv.Transport()}
	client := srv.Client(twilio.WithHTTPClient(quiet), twilio.WithMaxRetries(20), twilio.WithRetryWait(0, time.Millisecond))
	counts := make([]int, len(subs))
	for i, sub := range subs {
		for _, err := range client.Subaccount(sub).Messages.All(t.Context(), twilio.MessageListParams{}) {
			if err != nil {
				t.Fatal(err)
			}
			counts[i]++
		}
		counts[i]-- // the one that is read
	}
	return counts
}

// heap is what is in use once all that can go has gone.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
