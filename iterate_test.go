package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// pagesOfTwo responds with pages of two calls, each after a second. The page
// numbered broken is a 404.
type pagesOfTwo struct {
	pages, broken int
	requests      atomic.Int32
}

func (p *pagesOfTwo) RoundTrip(r *http.Request) (*http.Response, error) {
	p.requests.Add(1)
	select {
	case <-time.After(time.Second):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	n, _ := strconv.Atoi(r.URL.Query().Get("Page"))
	res := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Twilio-Request-Id": {fmt.Sprint("RQ", n)}}, Request: r}
	next := "null"
	if n+1 < p.pages {
		next = fmt.Sprintf(`"/2010-04-01/Accounts/ACmain/Calls.json?Page=%d"`, n+1)
	}
	body := fmt.Sprintf(`{"calls":[{"sid":"CA%da"},{"sid":"CA%db"}],"next_page_uri":%s}`, n, n, next)
	if p.broken > 0 && n == p.broken {
		res.StatusCode, body = http.StatusNotFound, `{"code":20404}`
	}
	res.Body = io.NopCloser(strings.NewReader(body))
	return res, nil
}

func (p *pagesOfTwo) client(t *testing.T) *twilio.Client {
	t.Helper()
	c, err := twilio.NewClient(twilio.AuthToken("ACmain", "token"), twilio.WithHTTPClient(&http.Client{Transport: p}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLookahead(t *testing.T) {
	t.Parallel()
	// stop is the item at which the caller stops; requests are counted there,
	// once everything else is idle.
	for _, tt := range []struct {
		name     string
		limit    int
		opts     []twilio.RequestOption
		stop     string
		requests int32
	}{
		{name: "nothing is fetched for a caller who stops inside the first page", stop: "CA0b", requests: 1},
		{name: "the third page is fetched while the second is worked on", stop: "CA1a", requests: 3},
		{name: "one page ahead, not more", stop: "CA2b", requests: 4},
		{name: "three pages ahead", opts: []twilio.RequestOption{twilio.WithLookahead(3)}, stop: "CA1a", requests: 5},
		{name: "none ahead", opts: []twilio.RequestOption{twilio.WithLookahead(0)}, stop: "CA1a", requests: 2},
		{name: "never past the limit", limit: 4, stop: "CA1b", requests: 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &pagesOfTwo{pages: 9}
				seen := false
				for call, err := range server.client(t).Calls.All(t.Context(), twilio.CallListParams{Limit: tt.limit}, tt.opts...) {
					if err != nil {
						t.Fatal(err)
					}
					if seen = call.SID == tt.stop; seen {
						time.Sleep(time.Minute) //nolint:forbidigo // virtual time: pages that are prefetched have come by then
						break
					}
				}
				if got := server.requests.Load(); !seen || got != tt.requests {
					t.Errorf("reached %s: %t; %d requests, want %d", tt.stop, seen, got, tt.requests)
				}
				// A goroutine that was left would keep the bubble from ending.
			})
		})
	}
}

func TestLookaheadOverlaps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &pagesOfTwo{pages: 20}
		start := time.Now()
		items := 0
		for _, err := range server.client(t).Calls.All(t.Context(), twilio.CallListParams{}) {
			if err != nil {
				t.Fatal(err)
			}
			items++
			time.Sleep(time.Second / 2) //nolint:forbidigo // virtual time: the caller's work
		}
		// The first two pages are waited for, the others come meanwhile.
		if took := time.Since(start); items != 40 || took != 22*time.Second {
			t.Errorf("%d items in %v, want 40 in 22s", items, took)
		}
	})
}

func TestLookaheadErrorAppearsInItsPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &pagesOfTwo{pages: 9, broken: 3}
		var sids []string
		var failed error
		var meta twilio.ResponseMeta
		for call, err := range server.client(t).Calls.All(t.Context(), twilio.CallListParams{}, twilio.WithResponseInto(&meta)) {
			if err != nil {
				failed = err
				continue
			}
			sids = append(sids, call.SID)
			synctest.Wait()
			if want := "RQ" + call.SID[2:3]; meta.RequestID != want {
				t.Errorf("at %s the meta is of %s, want %s", call.SID, meta.RequestID, want)
			}
		}
		if len(sids) != 6 || !errors.Is(failed, twilio.ErrNotFound) {
			t.Errorf("got %v, then %v; want three pages, then not found", sids, failed)
		}
		e, _ := errors.AsType[*twilio.Error](failed)
		server.broken = 0
		page, err := server.client(t).Calls.Resume(t.Context(), e.Cursor)
		if err != nil || page.Items[0].SID != "CA3a" {
			t.Errorf("resumed at %v, %v; want the page that failed", page, err)
		}
	})
}

func TestLookaheadEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		server := &pagesOfTwo{pages: 9}
		var failed error
		for call, err := range server.client(t).Calls.All(ctx, twilio.CallListParams{}) {
			if err != nil {
				failed = err
			} else if call.SID == "CA2a" {
				cancel()
			}
		}
		if _, ok := errors.AsType[*twilio.TransportError](failed); !ok || !errors.Is(failed, context.Canceled) {
			t.Errorf("got %v, want a TransportError of a canceled context", failed)
		}
	})
}

func TestAllIsLazyAndRestartable(t *testing.T) {
	t.Parallel()
	srv := fakeWithManyCalls(t, 7)
	params := twilio.CallListParams{PageSize: 3}
	all := srv.Client().Calls.All(t.Context(), params)
	if n := len(srv.Requests()); n != 0 {
		t.Fatalf("%d requests before anybody ranges over the list", n)
	}
	for round := range 2 {
		srv.ResetRequests()
		n := 0
		for _, err := range all {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if requests := len(srv.Requests()); n != 7 || requests != 3 {
			t.Errorf("round %d: %d items in %d requests, want 7 in 3", round, n, requests)
		}
	}
	srv.ResetRequests()
	for _, err := range all {
		if err != nil {
			t.Error(err)
		}
		break
	}
	if n := len(srv.Requests()); n != 1 {
		t.Errorf("%d requests for the first item", n)
	}
	if params != (twilio.CallListParams{PageSize: 3}) {
		t.Errorf("the caller's params became %+v", params)
	}
}

// TestListsLetGoOfTheirPages checks that a list keeps no items but those of its
// current pages.
//
//nolint:paralleltest // waits for the garbage collector
func TestListsLetGoOfTheirPages(t *testing.T) {
	client := fakeWithManyCalls(t, 8).Client()
	params := twilio.CallListParams{PageSize: 1}
	var first weak.Pointer[twilio.Call]
	n := 0
	for call, err := range client.Calls.All(t.Context(), params) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 1 {
			first = weak.Make(call)
		}
		if n == 5 && !collected(first) {
			t.Error("All keeps the first page's call until the fifth")
		}
	}
	page, err := client.Calls.List(t.Context(), params)
	if err != nil {
		t.Fatal(err)
	}
	first = weak.Make(page.Items[0])
	for range 3 {
		if page, err = page.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if !collected(first) {
		t.Error("the fourth page keeps the first one's call")
	}
	runtime.KeepAlive(page)
}

// collected reports whether a value is garbage. What a goroutine that ends
// still refers to takes another collection.
func collected[T any](value weak.Pointer[T]) bool {
	return eventually(func() bool {
		runtime.GC()
		return value.Value() == nil
	})
}

// TestBreakLeavesNothingRunning stops while the next page is requested, which
// never comes. A goroutine that is left keeps the bubble from ending.
func TestBreakLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	for lookahead := range 3 {
		synctest.Test(t, func(t *testing.T) {
			s := newScript(t, respondPage(callsPath+"?Page=1", "CA1"), respondPage(callsPath+"?Page=2", "CA2"))
			if lookahead > 0 {
				s.steps = append(s.steps, hang)
			}
			start := time.Now()
			for call, err := range newClient(t, s).Calls.All(t.Context(), twilio.CallListParams{}, twilio.WithLookahead(lookahead)) {
				if err != nil {
					t.Fatal(err)
				}
				if call.SID == "CA2" {
					synctest.Wait()
					break
				}
			}
			if took := time.Since(start); took != 0 {
				t.Errorf("it took %v to stop", took)
			}
		})
	}
}

// TestErrorInTheMiddle checks that the caller gets what came before page N,
// then one error, whose cursor continues with page N in another process.
func TestErrorInTheMiddle(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		fault twiliotest.Fault
	}{
		{"answered", twiliotest.Fault{Status: 503, Body: "<html>"}},
		{"refused", twiliotest.Fault{Code: 70002}},
		{"reset", twiliotest.Fault{Reset: twiliotest.ResetBefore}},
		{"broken off", twiliotest.Fault{Truncate: 100}},
		{"not understood", twiliotest.Fault{Rewrite: func(string) string { return `{"calls":17}` }}},
	} {
		for _, failing := range []int{0, 1, 3} {
			for _, limit := range []int{0, 8} {
				t.Run(fmt.Sprintf("%s/page %d/limit %d", tt.name, failing, limit), func(t *testing.T) {
					t.Parallel()
					srv := fakeWithManyCalls(t, 10)
					params := twilio.CallListParams{PageSize: 2, Limit: limit}
					first, err := srv.Client().Calls.List(t.Context(), params)
					want := remainingSIDs(t, first, err)
					if len(want) != 10 && limit == 0 || len(want) != 8 && limit == 8 {
						t.Fatalf("%d items", len(want))
					}

					fault := tt.fault
					fault.Path, fault.Skip, fault.Times = "/Calls.json", failing, -1
					srv.Inject(fault)
					var got []string
					var errs []error
					for call, err := range srv.Client(twilio.WithMaxRetries(0)).Calls.All(t.Context(), params) {
						if err != nil {
							errs = append(errs, err)
							if call != nil {
								t.Errorf("an item beside an error: %v", call)
							}
							continue
						}
						got = append(got, call.SID)
					}
					if len(errs) != 1 || !slices.Equal(got, want[:2*failing]) {
						t.Fatalf("%d items, then %v; want %d and one error", len(got), errs, 2*failing)
					}

					cursor := ""
					if e, ok := errors.AsType[*twilio.Error](errs[0]); ok {
						cursor = e.Cursor
					} else if e, ok := errors.AsType[*twilio.TransportError](errs[0]); ok {
						cursor = e.Cursor
					}
					srv.ClearFaults()
					page, err := srv.Client().Calls.Resume(t.Context(), cursor)
					if more := remainingSIDs(t, page, err); !slices.Equal(more, want[2*failing:]) {
						t.Errorf("resumed with %v\nwant %v", more, want[2*failing:])
					}
				})
			}
		}
	}
}

func TestCanceledInTheMiddle(t *testing.T) {
	t.Parallel()
	srv := fakeWithManyCalls(t, 10)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got []string
	var failed error
	for call, err := range srv.Client().Calls.All(ctx, twilio.CallListParams{PageSize: 2}, twilio.WithLookahead(0)) {
		if err != nil {
			failed = err
			continue
		}
		if got = append(got, call.SID); len(got) == 3 {
			cancel()
		}
	}
	e, ok := errors.AsType[*twilio.TransportError](failed)
	if !ok || !errors.Is(failed, context.Canceled) || len(got) != 4 {
		t.Fatalf("%d items, then %v", len(got), failed)
	}
	page, err := srv.Client().Calls.Resume(t.Context(), e.Cursor)
	if more := remainingSIDs(t, page, err); len(slices.Compact(slices.Sorted(slices.Values(append(got, more...))))) != 10 {
		t.Errorf("%v, then %v", got, more)
	}
}

// TestPanicsWhileFetching: what a RoundTripper does to a goroutine that fetches
// pages ahead reaches the caller: a panic, to recover from, and the end of the
// goroutine as an error. No list ends early in silence.
func TestPanicsWhileFetching(t *testing.T) {
	t.Parallel()
	srv, transport := fakeWithCallRange(t)
	params := twilio.CallListParams{StartTimeAfter: rangeStart, StartTimeBefore: rangeEnd, PageSize: 6}
	all := func(c *twilio.Client, opts ...twilio.RequestOption) (err error) {
		for _, itemErr := range c.Calls.All(t.Context(), params, opts...) {
			err = itemErr
		}
		return err
	}
	for name, read := range map[string]func(*twilio.Client) error{
		"ahead":    func(c *twilio.Client) error { return all(c) },
		"in order": func(c *twilio.Client) error { return all(c, twilio.WithParallelism(3)) },
		"a sum": func(c *twilio.Client) error {
			_, err := c.Calls.Spend(t.Context(), params, twilio.WithParallelism(3))
			return err
		},
	} {
		for failAt := range int32(15) {
			failing := func(fail func()) *twilio.Client {
				var n atomic.Int32
				return srv.Client(twilio.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
					if n.Add(1) == failAt+2 {
						fail()
					}
					return transport.base.RoundTrip(r)
				})}))
			}
			func() {
				defer func() {
					if v := recover(); v != "boom" {
						t.Errorf("%s, request %d: recovered %v", name, failAt+2, v)
					}
				}()
				t.Error(name, failAt+2, read(failing(func() { panic("boom") })))
			}()
			if name == "ahead" {
				continue // the caller's own goroutine reads the page then
			}
			if err := read(failing(runtime.Goexit)); err == nil || !strings.Contains(err.Error(), "Goexit") {
				t.Errorf("%s, request %d: %v", name, failAt+2, err)
			}
		}
	}
}
