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

// tenDays is a shelf with a thousand calls on each of ten days, at 20 ms a
// page.
func tenDays() (*shelf, twilio.CallListParams) {
	s := &shelf{byDate: true, latency: 20 * time.Millisecond}
	for i := range 10_000 {
		at := billedDay.Add(time.Duration(i) * 24 * time.Hour / 1000)
		s.items = append(s.items, shelved{sid: fmt.Sprint("CA", i), date: at, created: at, more: `,"price":"-0.01","price_unit":"USD"`})
	}
	return s, twilio.CallListParams{StartTimeAfter: billedDay, StartTimeBefore: billedDay.AddDate(0, 0, 10), PageSize: 50}
}

// A sum reads n pages at once, though each day has twenty.
func TestSumsReadPagesAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, params := tenDays()
		start := time.Now()
		spend, err := s.client(t).Calls.Spend(t.Context(), params, twilio.WithParallelism(10))
		if err != nil || spend.Items != 10_000 || spend.Totals["USD"].String() != "100" {
			t.Fatal(spend, err)
		}
		// The list in one go takes 200 pages' time, and a few requests more.
		if took := time.Since(start); took > 26*s.latency || s.requests > 210 || s.most > 10 {
			t.Errorf("took %v and %d requests, up to %d at once", took, s.requests, s.most)
		}
	})
}

// The time of a range is counted in round trips, and its cost in requests, for
// each way in which its calls may be spread over the days.
func TestRoundTripsAndRequests(t *testing.T) {
	t.Parallel()
	type stretch struct{ days, calls int } // of each day
	for _, tt := range []struct {
		name      string
		stretches []stretch // newest first
		pages     int       // and requests without parallelism
		sum, list int       // round trips, at most
		requests  int       // at most
	}{
		{"nothing", []stretch{{20, 0}}, 1, 1, 1, 1},
		{"one page", []stretch{{20, 2}}, 1, 1, 1, 1},
		{"three pages", []stretch{{30, 5}}, 3, 3, 3, 3},
		{"a page a day", []stretch{{20, 50}}, 20, 4, 10, 22},
		{"all on one day", []stretch{{1, 1000}}, 20, 21, 21, 21},
		{"all on the newest of 20 days", []stretch{{1, 1000}, {19, 0}}, 20, 24, 25, 41},
		{"all on the oldest of 20 days", []stretch{{19, 0}, {1, 1000}}, 20, 24, 25, 41},
		{"20 pages a day", []stretch{{10, 1000}}, 200, 24, 150, 203},
		{"a year with a few calls a day", []stretch{{365, 3}}, 22, 7, 15, 35},
		{"a fortnight without calls", []stretch{{30, 100}, {14, 0}, {100, 100}}, 260, 36, 220, 280},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var items []shelved
			start := billedDay
			for _, stretch := range tt.stretches {
				for i := range stretch.days * stretch.calls {
					at := start.Add(-time.Duration(i)*24*time.Hour/time.Duration(stretch.calls) - time.Second)
					items = append(items, shelved{sid: fmt.Sprint("CA", len(items)), date: at, created: at})
				}
				start = start.AddDate(0, 0, -stretch.days)
			}
			params := twilio.CallListParams{StartTimeAfter: start, StartTimeBefore: billedDay, PageSize: 50}
			list := func(t *testing.T, c *twilio.Client, opts ...twilio.RequestOption) (int, error) {
				sids, err := listSIDs(t, c, params, opts...)
				return len(sids), err
			}
			for _, of := range []struct {
				name                 string
				read                 func(*testing.T, *twilio.Client) (int, error)
				roundTrips, requests int
			}{
				{"one page after another", func(t *testing.T, c *twilio.Client) (int, error) { return list(t, c) }, tt.pages, tt.pages},
				{"a list", func(t *testing.T, c *twilio.Client) (int, error) {
					return list(t, c, twilio.WithParallelism(10))
				}, tt.list, tt.requests},
				{"a sum", func(t *testing.T, c *twilio.Client) (int, error) {
					sum, err := c.Calls.Spend(t.Context(), params, twilio.WithParallelism(10))
					if err != nil {
						return 0, err
					}
					return sum.Items, nil
				}, tt.sum, tt.requests},
			} {
				synctest.Test(t, func(t *testing.T) {
					s := &shelf{byDate: true, latency: 50 * time.Millisecond, items: slices.Clone(items)}
					start := time.Now()
					n, err := of.read(t, s.client(t))
					roundTrips := int(time.Since(start) / s.latency)
					if err != nil || n != len(items) {
						t.Errorf("%s: %d calls, %v; want %d", of.name, n, err, len(items))
					}
					if roundTrips > of.roundTrips || s.requests > of.requests || s.most > 10 {
						t.Errorf("%s: %d round trips and %d requests, up to %d at once; want at most %d, %d and 10",
							of.name, roundTrips, s.requests, s.most, of.roundTrips, of.requests)
					}
				})
			}
		})
	}
}

// An ordered list has n pages in memory, however long the caller takes, and the
// days ahead are ready when their turn comes.
func TestDaysRunAheadUnderOneBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, params := tenDays()
		want, err := listSIDs(t, s.client(t), params)
		if err != nil {
			t.Fatal(err)
		}
		s.requests = 0
		start := time.Now()
		var got []string
		for call, err := range s.client(t).Calls.All(t.Context(), params, twilio.WithParallelism(10)) {
			if err != nil {
				t.Fatal(err)
			}
			if len(got)%1000 == 0 {
				before := time.Now()
				time.Sleep(time.Minute) //nolint:forbidigo // virtual time: whatever is read ahead has come by then
				start = start.Add(time.Since(before))
				// The page of the first day that was read to see whether to
				// divide, those that the caller has had, this one included, and
				// those that wait.
				if n, most := s.sent(), 1+len(got)/50+10; n > most {
					t.Errorf("at call %d: %d requests, want at most %d", len(got), n, most)
				}
			}
			got = append(got, call.SID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %d calls, want %d in their order", len(got), len(want))
		}
		if took := time.Since(start); took > 130*s.latency {
			t.Errorf("took %v, want clearly less than the %v of the list in one go", took, 200*s.latency)
		}
	})
}

// Customers with little cost what they cost without the option.
func TestShortListsAreNotDivided(t *testing.T) {
	t.Parallel()
	month := twilio.CallListParams{StartTimeAfter: billedDay, StartTimeBefore: billedDay.AddDate(0, 0, 31), PageSize: 50}
	for _, calls := range []int{0, 1, 50, 51, 150} {
		requests := map[int]int{}
		for _, n := range []int{1, 32} {
			s := &shelf{byDate: true}
			for i := range calls {
				at := billedDay.Add(time.Duration(i) * 31 * 24 * time.Hour / time.Duration(calls))
				s.items = append(s.items, shelved{sid: fmt.Sprint("CA", i), date: at, created: at})
			}
			spend, err := s.client(t).Calls.Spend(t.Context(), month, twilio.WithParallelism(n))
			if err != nil || spend.Items != calls {
				t.Fatal(spend, err)
			}
			requests[n] = s.requests
		}
		if requests[32] != requests[1] {
			t.Errorf("%d calls took %d requests, %d without parallelism", calls, requests[32], requests[1])
		}
	}
}

// A range of centuries isn't prepared day by day, nor read so.
func TestLongRangesAreReadAsTheyFill(t *testing.T) {
	t.Parallel()
	s, params := tenDays()
	s.latency = 0
	params.StartTimeAfter = billedDay.AddDate(-200, 0, 0)
	for _, list := range []func() (int, error){
		func() (int, error) {
			spend, err := s.client(t).Calls.Spend(t.Context(), params, twilio.WithParallelism(10))
			return spend.Items, err
		},
		func() (int, error) {
			got, err := listSIDs(t, s.client(t), params, twilio.WithParallelism(10))
			return len(got), err
		},
	} {
		s.requests = 0
		if n, err := list(); err != nil || n != 10_000 || s.requests > 260 {
			t.Errorf("%d calls, %v, in %d requests; want 10000 in little more than 200", n, err, s.requests)
		}
	}
}

// With a Limit the items are those without the option, in whichever order
// Twilio lists them.
func TestParallelismKeepsTheItemsOfALimit(t *testing.T) {
	t.Parallel()
	s, params := tenDays()
	s.latency, s.byDate, params.Limit = 0, false, 1234
	for i := range s.items { // by creation it is another list than by start
		s.items[i].created = s.items[i].date.Add(-time.Duration(i%7) * 5 * time.Hour)
	}
	want, err := listSIDs(t, s.client(t), params)
	if err != nil || len(want) != 1234 {
		t.Fatal(len(want), err)
	}
	got, err := listSIDs(t, s.client(t), params, twilio.WithParallelism(8))
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %d calls, %v; want the %d of the list in one go", len(got), err, len(want))
	}
	spend, err := s.client(t).Calls.Spend(t.Context(), params, twilio.WithParallelism(8))
	if err != nil || spend.Items != 1234 {
		t.Errorf("the sum has %+v, %v; want as many calls as the list", spend, err)
	}
}

// A sum ends with its context, at once and without a sum, and leaves nothing
// behind: a goroutine that was left would keep the bubble from ending.
func TestSumsEndWithTheirContext(t *testing.T) {
	t.Parallel()
	for after := 10 * time.Millisecond; after < 700*time.Millisecond; after += 17 * time.Millisecond {
		synctest.Test(t, func(t *testing.T) {
			s, params := tenDays()
			ctx, cancel := context.WithTimeout(t.Context(), after)
			defer cancel()
			start := time.Now()
			spend, err := s.client(t).Calls.Spend(ctx, params, twilio.WithParallelism(2))
			if _, ok := errors.AsType[*twilio.TransportError](err); !ok || spend != nil || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v, %v; want a TransportError of the deadline", spend, err)
			}
			if took := time.Since(start); took != after {
				t.Errorf("took %v, though the context ended after %v", took, after)
			}
		})
	}
}

// An error on any page of any day ends a sum; it has no cursor, with which the
// other days would be missing.
func TestSumsOfDaysEndWithAnError(t *testing.T) {
	t.Parallel()
	srv, transport := fakeWithCallRange(t)
	for failAt := range int32(20) {
		synctest.Test(t, func(t *testing.T) {
			transport := &slowTransport{base: transport.base, failAt: failAt + 2}
			c := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: transport}), twilio.WithMaxRetries(0))
			spend, err := c.Calls.Spend(t.Context(), twilio.CallListParams{StartTimeAfter: rangeStart, StartTimeBefore: rangeEnd, PageSize: 6}, twilio.WithParallelism(3))
			if e, ok := errors.AsType[*twilio.TransportError](err); !ok || spend != nil || e.Cursor != "" {
				t.Errorf("request %d: %v, %v", failAt+2, spend, err)
			}
		})
	}
}
