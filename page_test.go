package twilio_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// TestBrokenPageIsRetried breaks the connection in the middle of a page.
func TestBrokenPageIsRetried(t *testing.T) {
	t.Parallel()
	srv := fakeWithManyCalls(t, 10)
	srv.Inject(twiliotest.Fault{Path: "/Calls.json", Skip: 1, Truncate: 700, Times: 2})
	got, err := listSIDs(t, srv.Client(twilio.WithRetryWait(0, 0)), twilio.CallListParams{PageSize: 4})
	slices.Sort(got)
	if n := len(srv.Requests()); err != nil || len(slices.Compact(got)) != 10 || n != 5 {
		t.Errorf("%d items, %v, in %d requests; want 10 in 5", len(got), err, n)
	}
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
		s := newScript(t, respondPage(""))
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
	// A limit holds even if the server sends more than requested.
	s := newScript(t, respondPage(callsPath+"?Page=1", "CA1", "CA2", "CA3"))
	if got, err := listSIDs(t, newClient(t, s), twilio.CallListParams{Limit: 2}); err != nil || len(got) != 2 {
		t.Errorf("got %v, %v", got, err)
	}
}

// TestNextPageURI requests exactly what Twilio's link says.
func TestNextPageURI(t *testing.T) {
	t.Parallel()
	t.Run("verbatim", func(t *testing.T) {
		t.Parallel()
		const query = "To=%2B14158141829&StartTime%3E=2026-01-01&x=a+b%20c;d&PageSize=50&Page=1&PageToken=PA~1"
		for _, origin := range []string{"", "https://api.twilio.com"} {
			s := newScript(t, respondPage(origin+callsPath+"?"+query, "CA1"), respondPage("", "CA2"), respondPage("", "CA2"))
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
			s := newScript(t, respond(200, `{"calls":[{"sid":"CA1"},{"sid":"CA2"}],`+end+`}`))
			if got, err := listSIDs(t, newClient(t, s), twilio.CallListParams{}); err != nil || len(got) != 2 {
				t.Errorf("%s: %v, %v", end, got, err)
			}
		}
	})

	t.Run("an empty page isn't the last", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, respondPage(callsPath+"?Page=1"), respondPage("", "CA1"))
		if got, err := listSIDs(t, newClient(t, s), twilio.CallListParams{}); err != nil || len(got) != 1 {
			t.Errorf("got %v, %v", got, err)
		}
	})
}

// TestNextPageURIGuards checks that a next_page_uri that leads back or
// elsewhere ends the list with an error, and that nothing is sent there.
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
				s := newScript(t, respondPage(uri, "CA1"))
				got, err := listSIDs(t, newClient(t, s), twilio.CallListParams{}, opts...)
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
		s := newScript(t, respondPage(callsPath+"?Page=1", "CA1"), respondPage(callsPath+"?Page=2", "CA2"), respondPage(callsPath+"?Page=1", "CA3"))
		got, err := listSIDs(t, newClient(t, s), twilio.CallListParams{})
		if _, ok := errors.AsType[*twilio.TransportError](err); !ok || len(got) != 3 {
			t.Errorf("got %v, then %v", got, err)
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
					got, err := listSIDs(t, srv.Client(), params)
					if err != nil || len(got) != n {
						t.Errorf("%d calls, %v; want %d", len(got), err, n)
					}
					for _, sid := range got {
						if !within(want[sid]) {
							t.Errorf("a call of %v in [%v, %v)", want[sid], tt.after, tt.before)
						}
					}
					if params.PageSize == 2 {
						// By cursor, each page from a client that knows nothing
						// of the range.
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
		got, err := listSIDs(t, srv.Client(), twilio.CallListParams{StartTimeBefore: noon, Limit: 4, PageSize: pageSize})
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
		got, err := listSIDs(t, newClient(t, newScript(t, respond(200, body))), params)
		if err != nil || strings.Join(got, " ") != strings.TrimSpace(want) {
			t.Errorf("%+v: %v, %v; want %s", params, got, err, want)
		}
	}
}

// pages answers each request for a list of calls by its query.
type pages struct {
	mu     sync.Mutex
	asked  []string
	answer func(query url.Values) (status int, body string)
}

func (p *pages) RoundTrip(r *http.Request) (*http.Response, error) {
	p.mu.Lock()
	p.asked = append(p.asked, r.URL.RequestURI())
	p.mu.Unlock()
	status, body := p.answer(r.URL.Query())
	return respond(status, body)(r)
}

func pageBody(next string, sids ...string) string {
	items := make([]string, len(sids))
	for i, sid := range sids {
		items[i] = fmt.Sprintf(`{"sid":%q}`, sid)
	}
	return fmt.Sprintf(`{"calls":[%s],"next_page_uri":%q}`, strings.Join(items, ","), next)
}

// TestNextPageSpellings: what is the same list is followed, however it is
// spelled, on the path as the list has it; what leaves it never is.
func TestNextPageSpellings(t *testing.T) {
	t.Parallel()
	const path = "/2010-04-01/Accounts/" + mainSID + "/Calls"
	for uri, followed := range map[string]bool{
		path + ".json?PageToken=2%2C3&To=%2B1":                              true,
		path + "?PageToken=2%2C3&To=%2B1":                                   true,
		"/2010-04-01//Accounts/" + mainSID + "/Calls.json?PageToken=2":      true,
		"/2010-04-01/Accounts/" + mainSID + "/%43alls.json?PageToken=2":     true,
		path + "/?PageToken=2":                                              true,
		"https://api.twilio.com" + path + ".json?PageToken=2":               true,
		"https://API.Twilio.com:443" + path + "?PageToken=2":                true,
		path + ".json?PageToken=2&To=client:Ada Lovelace":                   true,
		"http://api.twilio.com" + path + ".json?PageToken=2":                false,
		"https://api.twilio.com:8443" + path + ".json?PageToken=2":          false,
		"https://user@api.twilio.com" + path + ".json?PageToken=2":          false,
		"https://elsewhere.example" + path + ".json?PageToken=2":            false,
		"//elsewhere.example" + path + ".json?PageToken=2":                  false,
		"/2010-04-01/Accounts/" + subSID + "/Calls.json?PageToken=2":        false,
		path + "/../Messages.json?PageToken=2":                              false,
		path + "/" + callSID + ".json?PageToken=2":                          false,
		"/2010-04-01/Accounts/" + mainSID + "/Calls%2F..%2FKeys?PageToken=": false,
		"?PageToken=2": false,
	} {
		rt := &pages{}
		rt.answer = func(query url.Values) (int, string) {
			if query.Has("PageToken") {
				return 200, pageBody("", "CA2")
			}
			return 200, pageBody(uri, "CA1")
		}
		n := 0
		var err error
		for _, err = range newClient(t, rt).Calls.All(t.Context(), twilio.CallListParams{}) {
			n++
		}
		_, query, _ := strings.Cut(uri, "?")
		switch want := path + ".json?" + strings.ReplaceAll(query, " ", "%20"); {
		case followed && (err != nil || len(rt.asked) != 2 || rt.asked[1] != want):
			t.Errorf("%s: %v, asked for %q", uri, err, rt.asked)
		case !followed && (err == nil || len(rt.asked) != 1):
			t.Errorf("%s is followed: %v, %q", uri, err, rt.asked)
		}
	}
}

// TestSmallerPages: a page of 1,000 that the server can't make is asked for in
// smaller ones, once more; in an outage that is all that it adds.
func TestSmallerPages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt := &pages{}
		rt.answer = func(query url.Values) (int, string) {
			if query.Get("PageSize") == "1000" {
				return 500, ""
			}
			next := ""
			if !query.Has("PageToken") {
				next = "/2010-04-01/Accounts/" + mainSID + "/Calls.json?PageSize=100&Page=1&PageToken=t"
			}
			return 200, pageBody(next, "CA"+query.Get("Page"))
		}
		n := 0
		for _, err := range newClient(t, rt).Calls.All(t.Context(), twilio.CallListParams{To: "+15005550006"}) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != 2 || len(rt.asked) != 6 || !strings.Contains(rt.asked[4], "PageSize=100&") || !strings.Contains(rt.asked[4], "To=%2B15005550006") {
			t.Errorf("%d calls after %q", n, rt.asked)
		}

		rt.answer, rt.asked = func(url.Values) (int, string) { return 500, "" }, nil
		_, err := newClient(t, rt).Calls.List(t.Context(), twilio.CallListParams{})
		if e, ok := errors.AsType[*twilio.Error](err); !ok || e.Attempts != 4 || len(rt.asked) != 5 || e.Cursor == "" {
			t.Errorf("in an outage: %v after %d requests", err, len(rt.asked))
		}

		// In the middle of a list a page number without a token would mean
		// other items.
		rt.answer, rt.asked = func(query url.Values) (int, string) {
			if query.Has("Page") {
				return 500, ""
			}
			return 200, pageBody("/2010-04-01/Accounts/"+mainSID+"/Calls.json?PageSize=1000&Page=1", "CA1")
		}, nil
		page, err := newClient(t, rt).Calls.List(t.Context(), twilio.CallListParams{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := page.Next(t.Context()); err == nil || len(rt.asked) != 5 {
			t.Errorf("without a token: %v after %d requests", err, len(rt.asked))
		}
	})
}
