package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// slowTransport makes every request take a second and counts those in flight.
type slowTransport struct {
	base      http.RoundTripper
	now, most atomic.Int32
	requests  atomic.Int32
	failAt    int32 // the number of the request that fails, 0 for none
}

func (s *slowTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	n := s.requests.Add(1)
	now := s.now.Add(1)
	defer s.now.Add(-1)
	for most := s.most.Load(); now > most && !s.most.CompareAndSwap(most, now); most = s.most.Load() {
	}
	select {
	case <-time.After(time.Second):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	if n == s.failAt {
		return nil, errors.New("connection lost")
	}
	return s.base.RoundTrip(r)
}

var (
	rangeStart = time.Date(2026, 1, 1, 6, 30, 0, 0, time.UTC)
	rangeEnd   = time.Date(2026, 1, 11, 17, 0, 0, 0, time.UTC)
)

// fakeWithCallRange is a server with calls on twelve days, some before and some
// after the range.
func fakeWithCallRange(t *testing.T) (*twiliotest.Server, *slowTransport) {
	t.Helper()
	srv := twiliotest.NewUnstartedServer()
	t.Cleanup(srv.Close)
	for at := rangeStart.Add(-24 * time.Hour); at.Before(rangeEnd.Add(24 * time.Hour)); at = at.Add(95 * time.Minute) {
		srv.AddCall(srv.AccountSID, twilio.Call{StartTime: at, DateCreated: at, EndTime: at.Add(time.Minute), Status: twilio.CallStatusCompleted})
	}
	return srv, &slowTransport{base: srv.Transport()}
}

func TestParallelismIsTheSameList(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name         string
		start, end   time.Time
		limit, pages int
	}{
		{"days cut at both ends", rangeStart, rangeEnd, 0, 0},
		{"several pages a day", rangeStart, rangeEnd, 0, 4},
		{"a limit", rangeStart, rangeEnd, 50, 7},
		{"whole days", rangeStart.Truncate(24 * time.Hour), rangeEnd.Truncate(24 * time.Hour), 0, 0},
		{"an hour", rangeStart, rangeStart.Add(time.Hour), 0, 0},
		{"nothing", rangeStart, rangeStart, 0, 0},
		{"another time zone", rangeStart.In(time.FixedZone("", -11*3600)), rangeEnd.In(time.FixedZone("", 13*3600)), 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv, transport := fakeWithCallRange(t)
				c := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: transport}))
				params := twilio.CallListParams{StartTimeAfter: tt.start, StartTimeBefore: tt.end, Limit: tt.limit, PageSize: tt.pages}
				want, err := listSIDs(t, c, params)
				if err != nil {
					t.Fatal(err)
				}
				transport.most.Store(0)
				got, err := listSIDs(t, c, params, twilio.WithParallelism(4))
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("got %d calls (%v), want the %d of the sequential list in its order", len(got), err, len(want))
				}
				if most := transport.most.Load(); most > 4 {
					t.Errorf("%d requests at once, want at most 4", most)
				}
			})
		})
	}
}

func TestParallelismSavesTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, transport := fakeWithCallRange(t)
		c := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: transport}))
		start := time.Now()
		spend, err := c.Calls.Spend(t.Context(), twilio.CallListParams{StartTimeAfter: rangeStart, StartTimeBefore: rangeEnd}, twilio.WithParallelism(11))
		if err != nil || spend.Items == 0 {
			t.Fatal(spend, err)
		}
		if took := time.Since(start); took != time.Second {
			t.Errorf("eleven days of one page took %v, want one request's second", took)
		}
	})
}

func TestParallelismResumes(t *testing.T) {
	t.Parallel()
	for failAt := range int32(30) {
		t.Run(fmt.Sprint("request ", failAt+1), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv, transport := fakeWithCallRange(t)
				c := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: transport}), twilio.WithMaxRetries(0))
				params := twilio.CallListParams{StartTimeAfter: rangeStart, StartTimeBefore: rangeEnd, PageSize: 6, Limit: 140}
				want, err := listSIDs(t, srv.Client(), params)
				if err != nil {
					t.Fatal(err)
				}
				transport.failAt = failAt + 1
				got, err := listSIDs(t, c, params, twilio.WithParallelism(3))
				if failed, ok := errors.AsType[*twilio.TransportError](err); ok {
					page, err := c.Calls.Resume(t.Context(), failed.Cursor)
					for {
						if err != nil {
							t.Fatal(err)
						}
						for _, call := range page.Items {
							got = append(got, call.SID)
						}
						if !page.HasNext() {
							break
						}
						// A page's cursor continues as the page itself does.
						page, err = c.Calls.Resume(t.Context(), page.Cursor())
					}
				} else if err != nil || failAt < 20 {
					// The last pages may be those that the limit leaves unread.
					t.Fatalf("got %v, want a TransportError", err)
				}
				if !slices.Equal(got, want) {
					t.Errorf("got %d calls, want %d, none twice and none missing", len(got), len(want))
				}
			})
		})
	}
}

func TestParallelismStops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, transport := fakeWithCallRange(t)
		c := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: transport}))
		params := twilio.CallListParams{StartTimeAfter: rangeStart, StartTimeBefore: rangeEnd}
		for _, err := range c.Calls.All(t.Context(), params, twilio.WithParallelism(3)) {
			if err != nil {
				t.Error(err)
			}
			break
		}
		if n := transport.requests.Load(); n > 3 {
			t.Errorf("%d requests for one call, want no more than the 3 days at once", n)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var failed error
		for _, err := range c.Calls.All(ctx, params, twilio.WithParallelism(3)) {
			cancel()
			failed = err
		}
		if _, ok := errors.AsType[*twilio.TransportError](failed); !ok || !errors.Is(failed, context.Canceled) {
			t.Errorf("got %v, want a TransportError of a canceled context", failed)
		}
	})
}

func TestParallelismNeedsARange(t *testing.T) {
	t.Parallel()
	srv, transport := fakeWithCallRange(t)
	c := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: transport}))
	opt := twilio.WithParallelism(2)
	for name, list := range map[string]func() error{
		"no range": func() error { _, err := listSIDs(t, c, twilio.CallListParams{}, opt); return err },
		"no end": func() error {
			_, err := listSIDs(t, c, twilio.CallListParams{StartTimeAfter: rangeStart}, opt)
			return err
		},
		"accounts": func() error {
			for _, err := range c.Accounts.All(t.Context(), twilio.AccountListParams{}, opt) {
				return err
			}
			return nil
		},
		"zero": func() error {
			_, err := listSIDs(t, c, twilio.CallListParams{StartTimeAfter: rangeStart, StartTimeBefore: rangeEnd}, twilio.WithParallelism(0))
			return err
		},
	} {
		if e, ok := errors.AsType[*twilio.ParamError](list()); !ok || e.Field != "WithParallelism" {
			t.Errorf("%s: got %v, want a ParamError of WithParallelism", name, e)
		}
	}
	if n := transport.requests.Load(); n != 0 {
		t.Errorf("%d requests were sent, want none", n)
	}
}
