package twilio_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

const callsPath = "/2010-04-01/Accounts/" + mainSID + "/Calls.json"

// callPage answers with a page of calls and a next_page_uri.
func callPage(next string, sids ...string) step {
	var calls []string
	for _, sid := range sids {
		calls = append(calls, fmt.Sprintf(`{"sid":%q}`, sid))
	}
	return answer(200, fmt.Sprintf(`{"calls":[%s],"next_page_uri":%q}`, strings.Join(calls, ","), next))
}

func sidsOf(calls []*twilio.Call) (sids []string) {
	for _, call := range calls {
		sids = append(sids, call.SID)
	}
	return sids
}

// rest reads a page and all that follow it.
func rest(t *testing.T, page *twilio.Page[twilio.Call], err error) (sids []string) {
	t.Helper()
	for {
		if err != nil {
			t.Fatal(err)
		}
		sids = append(sids, sidsOf(page.Items)...)
		if !page.HasNext() {
			return sids
		}
		page, err = page.Next(t.Context())
	}
}

// manyCalls is a server whose main account has n calls, a minute apart.
func manyCalls(t *testing.T, n int) *twiliotest.Server {
	t.Helper()
	srv := twiliotest.NewUnstartedServer(twiliotest.WithAccount(mainSID, mainToken))
	for i := range n {
		at := twiliotest.DefaultStart.Add(time.Duration(i-n) * time.Minute)
		srv.AddCall(mainSID, twilio.Call{Status: twilio.CallStatusCompleted, DateCreated: at, StartTime: at, EndTime: at.Add(time.Second)})
	}
	return srv
}

func TestAllIsLazyAndRestartable(t *testing.T) {
	t.Parallel()
	srv := manyCalls(t, 7)
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

// TestListsLetGoOfTheirPages: of a million calls that are looked at one by one,
// none is kept but those of the pages at hand.
//
//nolint:paralleltest // waits for the garbage collector
func TestListsLetGoOfTheirPages(t *testing.T) {
	client := manyCalls(t, 8).Client()
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
		if runtime.GC(); n == 5 && first.Value() != nil {
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
	if runtime.GC(); first.Value() != nil {
		t.Error("the fourth page keeps the first one's call")
	}
	runtime.KeepAlive(page)
}

// TestBreakLeavesNothingRunning stops while a page is on its way that would
// never come. A goroutine that was left would keep the bubble from ending.
func TestBreakLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	for lookahead := range 3 {
		synctest.Test(t, func(t *testing.T) {
			s := newScript(t, callPage(callsPath+"?Page=1", "CA1"), callPage(callsPath+"?Page=2", "CA2"))
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

// TestErrorInTheMiddle: what came before page N is the caller's, the error comes
// once and last, and its cursor goes on with page N in another process.
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
					srv := manyCalls(t, 10)
					params := twilio.CallListParams{PageSize: 2, Limit: limit}
					first, err := srv.Client().Calls.List(t.Context(), params)
					want := rest(t, first, err)
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
					if more := rest(t, page, err); !slices.Equal(more, want[2*failing:]) {
						t.Errorf("resumed with %v\nwant %v", more, want[2*failing:])
					}
				})
			}
		}
	}
}

// TestBrokenPageIsRetried: a connection that breaks in the middle of a page is
// like one that breaks before it.
func TestBrokenPageIsRetried(t *testing.T) {
	t.Parallel()
	srv := manyCalls(t, 10)
	srv.Inject(twiliotest.Fault{Path: "/Calls.json", Skip: 1, Truncate: 700, Times: 2})
	got, err := sids(t, srv.Client(twilio.WithRetryWait(0, 0)), twilio.CallListParams{PageSize: 4})
	slices.Sort(got)
	if n := len(srv.Requests()); err != nil || len(slices.Compact(got)) != 10 || n != 5 {
		t.Errorf("%d items, %v, in %d requests; want 10 in 5", len(got), err, n)
	}
}

func TestCanceledInTheMiddle(t *testing.T) {
	t.Parallel()
	srv := manyCalls(t, 10)
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
	if more := rest(t, page, err); len(slices.Compact(slices.Sorted(slices.Values(append(got, more...))))) != 10 {
		t.Errorf("%v, then %v", got, more)
	}
}

func TestPagesAndCursors(t *testing.T) {
	t.Parallel()
	srv := manyCalls(t, 10)
	for _, limit := range []int{0, 3, 4, 5, 99} {
		t.Run(fmt.Sprintf("limit %d", limit), func(t *testing.T) {
			t.Parallel()
			params := twilio.CallListParams{PageSize: 2, Limit: limit}
			want, err := sids(t, srv.Client(), params)
			if n := min(max(limit, 10*(1-min(limit, 1))), 10); err != nil || len(want) != n {
				t.Fatalf("%d items, %v; want %d", len(want), err, n)
			}
			page, err := srv.Client().Calls.List(t.Context(), params)
			var byCursor []string
			for {
				if err != nil {
					t.Fatal(err)
				}
				byCursor = append(byCursor, sidsOf(page.Items)...)
				cursor := page.Cursor()
				if page.HasNext() != (cursor != "") {
					t.Fatalf("HasNext %t and cursor %q", page.HasNext(), cursor)
				}
				if cursor == "" {
					break
				}
				// A cursor can be used more than once, and in another process.
				next, err1 := page.Next(t.Context())
				page, err = srv.Client().Calls.Resume(t.Context(), cursor)
				if err1 != nil || err != nil || !slices.Equal(sidsOf(next.Items), sidsOf(page.Items)) {
					t.Fatalf("Next and Resume differ: %v, %v", err1, err)
				}
			}
			if !slices.Equal(byCursor, want) {
				t.Errorf("by cursors %v\nwant %v", byCursor, want)
			}
			if _, err := page.Next(t.Context()); !isParamError(err, "Next") {
				t.Errorf("Next on the last page: %v", err)
			}
		})
	}
	if page := new(twilio.Page[twilio.Call]); page.HasNext() || page.Cursor() != "" {
		t.Error("an empty page has a next one")
	} else if _, err := page.Next(t.Context()); !isParamError(err, "Next") {
		t.Errorf("Next of an empty page: %v", err)
	}
}

func isParamError(err error, field string) bool {
	e, ok := errors.AsType[*twilio.ParamError](err)
	return ok && e.Field == field
}

func TestPageSize(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		params twilio.CallListParams
		want   string
	}{
		{twilio.CallListParams{}, "1000"},
		{twilio.CallListParams{Limit: 20}, "20"},
		{twilio.CallListParams{Limit: 5000}, "1000"},
		{twilio.CallListParams{PageSize: 7}, "7"},
		{twilio.CallListParams{PageSize: 7, Limit: 3}, "7"},
		{twilio.CallListParams{PageSize: 1000}, "1000"},
		{twilio.CallListParams{Limit: 20, StartTimeAfter: time.Unix(1e9, 0)}, "1000"},
		{twilio.CallListParams{Limit: 20, StartTime: time.Unix(1e9, 0)}, "20"},
	} {
		s := newScript(t, callPage(""))
		if _, err := newClient(t, s).Calls.List(t.Context(), tt.params); err != nil || s.sent[0].Query.Get("PageSize") != tt.want {
			t.Errorf("%+v asks for %v, %v; want %s", tt.params, s.sent[0].Query["PageSize"], err, tt.want)
		}
	}
	for field, params := range map[string]twilio.CallListParams{
		"PageSize": {PageSize: 1001}, "Limit": {Limit: -1},
	} {
		if _, err := newClient(t, newScript(t)).Calls.List(t.Context(), params); !isParamError(err, field) {
			t.Errorf("%+v: %v", params, err)
		}
	}
	if _, err := newClient(t, newScript(t)).Calls.List(t.Context(), twilio.CallListParams{PageSize: -1}); !isParamError(err, "PageSize") {
		t.Errorf("PageSize -1: %v", err)
	}
	// A limit ends a list whose server sends more than it was asked for.
	s := newScript(t, callPage(callsPath+"?Page=1", "CA1", "CA2", "CA3"))
	if got, err := sids(t, newClient(t, s), twilio.CallListParams{Limit: 2}); err != nil || len(got) != 2 {
		t.Errorf("got %v, %v", got, err)
	}
}

// TestNextPageURI follows what Twilio says as it says it.
func TestNextPageURI(t *testing.T) {
	t.Parallel()
	t.Run("verbatim", func(t *testing.T) {
		t.Parallel()
		const query = "To=%2B14158141829&StartTime%3E=2026-01-01&x=a+b%20c;d&PageSize=50&Page=1&PageToken=PA~1"
		for _, origin := range []string{"", "https://api.twilio.com"} {
			s := newScript(t, callPage(origin+callsPath+"?"+query, "CA1"), callPage("", "CA2"), callPage("", "CA2"))
			client := newClient(t, s)
			form := twilio.WithForm(url.Values{"New": {"1"}})
			page, err := client.Calls.List(t.Context(), twilio.CallListParams{To: "+14158141829"}, form)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := page.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := client.Calls.Resume(t.Context(), page.Cursor()); err != nil {
				t.Fatal(err)
			}
			for _, a := range s.sent[1:] {
				if a.Path != callsPath || a.RawQuery != query {
					t.Errorf("asked for %s?%s\nwant %s?%s", a.Path, a.RawQuery, callsPath, query)
				}
			}
			if s.sent[0].Query.Get("New") != "1" {
				t.Errorf("first asked for %s", s.sent[0].RawQuery)
			}
		}
	})

	t.Run("the last page", func(t *testing.T) {
		t.Parallel()
		for _, end := range []string{`"next_page_uri":null`, `"next_page_uri":""`, `"page":0`,
			// Older lists have these, too.
			`"num_pages":1,"total":2,"last_page_uri":"` + callsPath + `?Page=0","next_page_uri":null`} {
			s := newScript(t, answer(200, `{"calls":[{"sid":"CA1"},{"sid":"CA2"}],`+end+`}`))
			if got, err := sids(t, newClient(t, s), twilio.CallListParams{}); err != nil || len(got) != 2 {
				t.Errorf("%s: %v, %v", end, got, err)
			}
		}
	})

	t.Run("an empty page isn't the last", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, callPage(callsPath+"?Page=1"), callPage("", "CA1"))
		if got, err := sids(t, newClient(t, s), twilio.CallListParams{}); err != nil || len(got) != 1 {
			t.Errorf("got %v, %v", got, err)
		}
	})
}

// TestNextPageURIGuards: a next_page_uri that leads in circles or elsewhere ends
// the list with an error, and nothing is sent there.
func TestNextPageURIGuards(t *testing.T) {
	t.Parallel()
	const query = "?PageSize=1000&Page=1&To=%2B15005550006"
	for name, uri := range map[string]string{
		"another host":                "https://evil.example" + callsPath + query,
		"another host, any scheme":    "//evil.example" + callsPath + query,
		"a host that begins alike":    "https://api.twilio.com.evil.example" + callsPath + query,
		"a host behind a user":        "https://api.twilio.com@evil.example" + callsPath + query,
		"a user":                      "https://user:password@api.twilio.com" + callsPath + query,
		"another port":                "https://api.twilio.com:8443" + callsPath + query,
		"no TLS":                      "http://api.twilio.com" + callsPath + query,
		"a host in the path":          "https://api.twilio.com//evil.example" + callsPath + query,
		"another scheme":              "file:///etc/passwd",
		"no hierarchy":                "mailto:15005550006@example.com",
		"another account":             strings.Replace(callsPath, mainSID, subSID, 1) + query,
		"another list":                strings.Replace(callsPath, "Calls", "Messages", 1) + query,
		"out of the API":              "/v1/Accounts",
		"up":                          strings.TrimSuffix(callsPath, "Calls.json") + "../" + subSID + "/Calls.json",
		"relative":                    "Calls.json" + query,
		"not a URI":                   "/2010-04-01/%zz15005550006",
		"the same page":               callsPath + "?PageSize=1000",
		"the same page, whole":        "https://api.twilio.com" + callsPath + "?PageSize=1000",
		"a backslash that is a slash": `https:\\evil.example` + callsPath + query,
	} {
		for _, opts := range [][]twilio.RequestOption{nil, {twilio.WithLookahead(0)}} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := newScript(t, callPage(uri, "CA1"))
				got, err := sids(t, newClient(t, s), twilio.CallListParams{}, opts...)
				if _, ok := errors.AsType[*twilio.TransportError](err); !ok || len(got) != 1 {
					t.Fatalf("got %v, then %v", got, err)
				}
				for _, part := range []string{"evil", "5550006", "password", "PageSize"} {
					if strings.Contains(err.Error(), part) {
						t.Errorf("the error quotes the URI: %v", err)
					}
				}
			})
		}
	}

	t.Run("circles", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, callPage(callsPath+"?Page=1", "CA1"), callPage(callsPath+"?Page=2", "CA2"), callPage(callsPath+"?Page=1", "CA3"))
		got, err := sids(t, newClient(t, s), twilio.CallListParams{})
		if _, ok := errors.AsType[*twilio.TransportError](err); !ok || len(got) != 3 {
			t.Errorf("got %v, then %v", got, err)
		}
	})
}

// TestRedirectsGetNothing: whatever the status and the method, nobody but the
// configured host hears from the client.
func TestRedirectsGetNothing(t *testing.T) {
	t.Parallel()
	var stolen atomic.Int32
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { stolen.Add(1) }))
	t.Cleanup(thief.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				http.Redirect(w, r, thief.URL+r.URL.Path, status)
			}))
			t.Cleanup(srv.Close)
			follows := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
			client, err := twilio.NewClient(twilio.AuthToken(mainSID, mainToken), twilio.WithBaseURL(srv.URL), twilio.WithHTTPClient(follows))
			if err != nil {
				t.Fatal(err)
			}
			_, getErr := client.Calls.Get(t.Context(), callSID)
			_, listErr := client.Calls.List(t.Context(), twilio.CallListParams{})
			for _, err := range []error{getErr, listErr, createCall(t.Context(), client), client.Calls.Delete(t.Context(), callSID)} {
				if e, ok := errors.AsType[*twilio.Error](err); !ok || e.StatusCode != status {
					t.Errorf("got %v, want status %d", err, status)
				}
			}
			if n := asked.Load(); n != 4 {
				t.Errorf("%d requests, want 4", n)
			}
			if follows.CheckRedirect(nil, nil) != nil || follows.Transport != nil {
				t.Error("the caller's http.Client was changed")
			}
		})
	}
	t.Cleanup(func() {
		if n := stolen.Load(); n != 0 {
			t.Errorf("%d requests followed a redirect", n)
		}
	})
}

// TestDateRanges are exact to the second, whether the server looks at the time
// of day or not.
func TestDateRanges(t *testing.T) {
	t.Parallel()
	after := time.Date(2026, 1, 10, 6, 30, 0, 0, time.UTC)
	before := time.Date(2026, 1, 12, 17, 0, 0, 0, time.UTC)
	midnight := time.Date(2026, 1, 12, 0, 0, 0, 0, time.UTC)
	newYork := time.FixedZone("", -5*60*60)
	for grain, opts := range map[string][]twiliotest.Option{"days": nil, "seconds": {twiliotest.WithSecondGrain()}} {
		srv := twiliotest.NewUnstartedServer(append(opts, twiliotest.WithAccount(mainSID, mainToken))...)
		want := map[string]time.Time{}
		for _, at := range []time.Time{
			after.Add(-24 * time.Hour), after.Add(-time.Second), after, after.Add(time.Second), midnight.Add(-time.Second), midnight,
			midnight.Add(time.Second), before.Add(-time.Second), before, before.Add(time.Second), before.Add(24 * time.Hour),
		} {
			call := srv.AddCall(mainSID, twilio.Call{Status: twilio.CallStatusCompleted, DateCreated: at, StartTime: at, EndTime: at.Add(time.Second)})
			want[call.SID] = at
			srv.AddMessage(mainSID, twilio.Message{Status: twilio.MessageStatusDelivered, DateCreated: at, DateSent: at})
		}
		for _, tt := range []struct {
			name          string
			after, before time.Time
		}{
			{"both ends", after, before},
			{"both ends in another zone", after.In(newYork), before.In(newYork)},
			{"within a day", midnight, before},
			{"up to midnight", after, midnight},
			{"a second", after, after.Add(time.Second)},
			{"nothing", after, after},
			{"no end", after, time.Time{}},
			{"no beginning", time.Time{}, before},
			{"no end at all", time.Time{}, time.Time{}},
		} {
			t.Run(grain+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				within := func(at time.Time) bool {
					return !at.Before(tt.after) && (tt.before.IsZero() || at.Before(tt.before))
				}
				n := 0
				for _, at := range want {
					if within(at) {
						n++
					}
				}
				for _, params := range []twilio.CallListParams{
					{StartTimeAfter: tt.after, StartTimeBefore: tt.before},
					{StartTimeAfter: tt.after, StartTimeBefore: tt.before, PageSize: 2},
					{StartTimeAfter: tt.after, StartTimeBefore: tt.before, PageSize: 1, Limit: 99},
				} {
					got, err := sids(t, srv.Client(), params)
					if err != nil || len(got) != n {
						t.Errorf("%d calls, %v; want %d", len(got), err, n)
					}
					for _, sid := range got {
						if !within(want[sid]) {
							t.Errorf("a call of %v in [%v, %v)", want[sid], tt.after, tt.before)
						}
					}
					if params.PageSize == 2 {
						// By cursor, each page from a client that knows nothing of the range.
						page, err := srv.Client().Calls.List(t.Context(), params)
						var resumed []string
						for {
							if err != nil {
								t.Fatal(err)
							}
							resumed = append(resumed, sidsOf(page.Items)...)
							cursor := page.Cursor()
							if cursor == "" {
								break
							}
							page, err = srv.Client().Calls.Resume(t.Context(), cursor)
						}
						if !slices.Equal(resumed, got) {
							t.Errorf("by cursors %v\nwant %v", resumed, got)
						}
					}
				}
				ended := 0
				for call, err := range srv.Client().Calls.All(t.Context(), twilio.CallListParams{EndTimeAfter: tt.after, EndTimeBefore: tt.before}) {
					if err != nil || !within(call.EndTime) {
						t.Errorf("%+v, %v", call, err)
					}
					ended++
				}
				sent := 0
				for message, err := range srv.Client().Messages.All(t.Context(), twilio.MessageListParams{DateSentAfter: tt.after, DateSentBefore: tt.before}) {
					if err != nil || !within(message.DateSent) {
						t.Errorf("%+v, %v", message, err)
					}
					sent++
				}
				if sent != n {
					t.Errorf("%d messages, want %d", sent, n)
				}
				wantEnded := 0
				for _, at := range want {
					if within(at.Add(time.Second)) {
						wantEnded++
					}
				}
				if ended != wantEnded {
					t.Errorf("%d calls that ended, want %d", ended, wantEnded)
				}
			})
		}
	}
}

// TestLimitWithinARange counts what is in the range, not what the server sent.
func TestLimitWithinARange(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer(twiliotest.WithAccount(mainSID, mainToken))
	noon := time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC)
	for i := range 20 { // ten before noon, ten after
		at := noon.Add(time.Duration(i-10) * time.Minute)
		srv.AddCall(mainSID, twilio.Call{Status: twilio.CallStatusCompleted, DateCreated: at, StartTime: at, EndTime: at})
	}
	for _, pageSize := range []int{0, 1, 3, 7} {
		got, err := sids(t, srv.Client(), twilio.CallListParams{StartTimeBefore: noon, Limit: 4, PageSize: pageSize})
		if err != nil || len(got) != 4 {
			t.Errorf("page size %d: %v, %v", pageSize, got, err)
		}
	}
}

// TestCallsWithoutAStart are in no range; without a range they are there.
func TestCallsWithoutAStart(t *testing.T) {
	t.Parallel()
	const body = `{"calls":[{"sid":"CA1","start_time":null},{"sid":"CA2","start_time":""},{"sid":"CA3"},{"sid":"CA4","start_time":"Sat, 10 Jan 2026 12:00:00 +0000"}]}`
	for want, params := range map[string]twilio.CallListParams{
		"CA1 CA2 CA3 CA4": {},
		"CA4":             {StartTimeAfter: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
		" CA4":            {StartTimeBefore: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
		"":                {EndTimeBefore: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		got, err := sids(t, newClient(t, newScript(t, answer(200, body))), params)
		if err != nil || strings.Join(got, " ") != strings.TrimSpace(want) {
			t.Errorf("%+v: %v, %v; want %s", params, got, err, want)
		}
	}
}

// TestOddCursors come from strangers: they are refused, and nothing is sent.
func TestOddCursors(t *testing.T) {
	t.Parallel()
	encode := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	const one = `"ranges":[{"after":"2026-01-01T00:00:00Z"}]`
	for name, cursor := range map[string]string{
		"nothing":                "",
		"not base64":             "!?",
		"not JSON":               encode("hello"),
		"JSON of another kind":   encode(`[]`),
		"another host":           encode(`{"list":"calls","uri":"https://evil.example` + callsPath + `","left":-1}`),
		"another host, short":    encode(`{"list":"calls","uri":"//evil.example` + callsPath + `","left":-1}`),
		"another list":           encode(`{"list":"messages","uri":"` + callsPath + `","left":-1}`),
		"another path":           encode(`{"list":"calls","uri":"/2010-04-01/Accounts.json","left":-1}`),
		"another account":        encode(`{"list":"calls","uri":"` + strings.Replace(callsPath, mainSID, subSID, 1) + `","left":-1}`),
		"too few ranges":         encode(`{"list":"calls","uri":"` + callsPath + `","left":-1,` + one + `}`),
		"too few ranges to come": encode(`{"list":"calls","uri":"` + callsPath + `","left":-1,"then":{"uri":"` + callsPath + `",` + one + `}}`),
		"another host to come":   encode(`{"list":"calls","uri":"` + callsPath + `","left":-1,"then":{"uri":"https://evil.example` + callsPath + `"}}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if page, err := newClient(t, newScript(t)).Calls.Resume(t.Context(), cursor); !isParamError(err, "cursor") {
				t.Errorf("got %v, %v", page, err)
			}
		})
	}
	t.Run("ranges of a list without dates", func(t *testing.T) {
		t.Parallel()
		cursor := encode(`{"list":"accounts","uri":"/2010-04-01/Accounts.json","left":-1,` + one + `}`)
		if page, err := newClient(t, newScript(t)).Accounts.Resume(t.Context(), cursor); !isParamError(err, "cursor") {
			t.Errorf("got %v, %v", page, err)
		}
	})
	t.Run("a subaccount's cursor", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, callPage(strings.Replace(callsPath, mainSID, subSID, 1)+"?Page=1", "CA1"))
		client := newClient(t, s)
		page, err := client.Subaccount(subSID).Calls.List(t.Context(), twilio.CallListParams{})
		if err != nil || page.Cursor() == "" {
			t.Fatal(page, err)
		}
		if _, err := client.Calls.Resume(t.Context(), page.Cursor()); !isParamError(err, "cursor") {
			t.Errorf("resumed on another account: %v", err)
		}
	})
}
