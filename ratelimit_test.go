package twilio_test

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// pace lets one request pass in each interval, in the order of arrival.
type pace struct {
	every time.Duration
	mu    sync.Mutex
	next  time.Time
}

func (p *pace) Wait(ctx context.Context) error {
	p.mu.Lock()
	now := time.Now()
	if p.next.Before(now) {
		p.next = now
	}
	wait := p.next.Sub(now)
	p.next = p.next.Add(p.every)
	p.mu.Unlock()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stamps notes when requests pass.
type stamps struct {
	base http.RoundTripper
	mu   sync.Mutex
	at   []time.Time
}

func (s *stamps) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.at = append(s.at, time.Now())
	s.mu.Unlock()
	return s.base.RoundTrip(r)
}

// TestRateLimiterPacesEveryAttempt has fifty goroutines share a limiter: retries
// wait for their turn like first attempts, no slot is lost, and nobody starves.
func TestRateLimiterPacesEveryAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const goroutines, each, every = 50, 10, 10 * time.Millisecond
		srv := twiliotest.NewUnstartedServer()
		srv.Inject(twiliotest.Fault{Times: 100, Rate: 0.2, Status: 429, Code: 20429})
		seen := &stamps{base: srv.Transport()}
		client := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: seen}), twilio.WithRateLimiter(&pace{every: every}),
			twilio.WithMaxRetries(20), twilio.WithRetryWait(0, 100*time.Millisecond))
		start := time.Now()
		ends := make([]time.Duration, goroutines)
		var wait sync.WaitGroup
		for i := range goroutines {
			wait.Go(func() {
				for range each {
					if _, err := client.Accounts.Get(t.Context(), srv.AccountSID); err != nil {
						t.Error(err)
					}
				}
				ends[i] = time.Since(start)
			})
		}
		wait.Wait()
		if len(seen.at) != goroutines*each+100 {
			t.Errorf("%d requests, want %d and 100 retries", len(seen.at), goroutines*each)
		}
		for i := 1; i < len(seen.at); i++ {
			if gap := seen.at[i].Sub(seen.at[i-1]); gap < every {
				t.Fatalf("request %d came %v after the one before it", i, gap)
			}
		}
		took, allowed := time.Since(start), time.Duration(len(seen.at)-1)*every
		if took > allowed*11/10 {
			t.Errorf("took %v, where the limit allows %v", took, allowed)
		}
		for i, end := range ends {
			if end < took/2 {
				t.Errorf("goroutine %d was through after %v of %v: others starved", i, end, took)
			}
		}
	})
}

// TestNoStampedeAfterRetryAfter has a hundred goroutines turned away at once with
// the same Retry-After: they wait for as long as the server asked, and don't come
// back together.
func TestNoStampedeAfterRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const goroutines, asked = 100, 2 * time.Second
		srv := twiliotest.NewUnstartedServer()
		srv.Inject(twiliotest.Fault{Times: goroutines, Status: 429, Code: 20429, Header: http.Header{"Retry-After": {"2"}}})
		seen := &stamps{base: srv.Transport()}
		client := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: seen}))
		start := time.Now()
		var wait sync.WaitGroup
		for range goroutines {
			wait.Go(func() {
				if _, err := client.Accounts.Get(t.Context(), srv.AccountSID); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if len(seen.at) != 2*goroutines {
			t.Fatalf("%d requests, want %d", len(seen.at), 2*goroutines)
		}
		slots := map[time.Duration]int{}
		for _, at := range seen.at[goroutines:] {
			if at.Sub(start) < asked {
				t.Errorf("came back after %v, where the server asked for %v", at.Sub(start), asked)
			}
			slots[at.Sub(start).Truncate(50*time.Millisecond)]++
		}
		for slot, n := range slots {
			if n > goroutines/3 {
				t.Errorf("%d of %d came back within 50 ms, at %v", n, goroutines, slot)
			}
		}
	})
}

// BenchmarkRateLimit reports how much of what the limiter allows is used, with a
// few percent of the requests turned away.
func BenchmarkRateLimit(b *testing.B) {
	const every = 200 * time.Microsecond
	srv := twiliotest.NewUnstartedServer(twiliotest.WithRequestLog(0))
	srv.Inject(twiliotest.Fault{Times: -1, Rate: 0.03, Status: 429, Code: 20429})
	seen := &counted{base: srv.Transport()}
	client := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: seen}), twilio.WithRateLimiter(&pace{every: every}),
		twilio.WithMaxRetries(20), twilio.WithRetryWait(0, time.Millisecond))
	b.SetParallelism(32)
	start := time.Now()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := client.Accounts.Get(b.Context(), srv.AccountSID); err != nil {
				b.Error(err)
			}
		}
	})
	allowed := float64(time.Since(start)) / float64(every)
	b.ReportMetric(float64(seen.n.Load())/allowed, "achieved/allowed")
}

type counted struct {
	base http.RoundTripper
	n    atomic.Int64
}

func (c *counted) RoundTrip(r *http.Request) (*http.Response, error) {
	c.n.Add(1)
	return c.base.RoundTrip(r)
}
