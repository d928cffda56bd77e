package twilio_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

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
	return answer(status, body)(r)
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
		switch want := path + ".json?" + query; {
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

		// In the middle of a list a page number without a token would mean other
		// items.
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

// TestPageAll goes through the rest of a list, more than once, with the options
// that the page was asked for with.
func TestPageAll(t *testing.T) {
	t.Parallel()
	rt := &pages{}
	rt.answer = func(query url.Values) (int, string) {
		page := query.Get("Page")
		if page == "2" {
			return 200, pageBody("", "CA"+page)
		}
		next := map[string]string{"": "1", "1": "2"}[page]
		return 200, pageBody("/2010-04-01/Accounts/"+mainSID+"/Calls.json?PageToken=t&Page="+next, "CA"+page)
	}
	client := newClient(t, rt)
	first, err := client.Calls.List(t.Context(), twilio.CallListParams{})
	if err != nil {
		t.Fatal(err)
	}
	var meta twilio.ResponseMeta
	page, err := client.Calls.Resume(t.Context(), first.Cursor(), twilio.WithResponseInto(&meta))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		meta = twilio.ResponseMeta{}
		var sids []string
		for call, err := range page.All(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			sids = append(sids, call.SID)
		}
		if fmt.Sprint(sids) != "[CA1 CA2]" || meta.StatusCode != 200 {
			t.Errorf("got %v, status %d", sids, meta.StatusCode)
		}
	}
	for range page.All(t.Context()) {
		break
	}
}

// TestOptionsWithoutMeaning: what a method can't honor is refused, and nothing is
// sent. So is what an earlier response left in a ResponseMeta.
func TestOptionsWithoutMeaning(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	client := newClient(t, newScript(t))
	meta := twilio.ResponseMeta{StatusCode: 200}
	into := twilio.WithResponseInto(&meta)
	for name, call := range map[string]func(twilio.RequestOption) error{
		"Get":    func(opt twilio.RequestOption) error { _, err := client.Calls.Get(ctx, callSID, into, opt); return err },
		"Delete": func(opt twilio.RequestOption) error { return client.Calls.Delete(ctx, callSID, into, opt) },
		"List": func(opt twilio.RequestOption) error {
			_, err := client.Calls.List(ctx, twilio.CallListParams{}, into, opt)
			return err
		},
		"Do": func(opt twilio.RequestOption) error {
			return client.Do(ctx, "GET", "/2010-04-01/Accounts/"+mainSID+".json", nil, nil, into, opt)
		},
	} {
		for option, opt := range map[string]twilio.RequestOption{"WithLookahead": twilio.WithLookahead(2), "WithParallelism": twilio.WithParallelism(2)} {
			meta.StatusCode = 200
			if e, ok := errors.AsType[*twilio.ParamError](call(opt)); !ok || e.Field != option || meta.StatusCode != 0 {
				t.Errorf("%s of %s: %v, meta %d", option, name, e, meta.StatusCode)
			}
		}
	}
	cursor := "eyJsaXN0IjoiY2FsbHMifQ"
	_, err := client.Calls.Resume(ctx, cursor, twilio.WithForm(url.Values{"To": {"+15005550006"}}))
	if e, ok := errors.AsType[*twilio.ParamError](err); !ok || e.Field != "WithForm" {
		t.Errorf("a form beside a cursor: %v", err)
	}
}

// TestOptionsAreValues: every option is made once and used by many requests at
// the same time; of several forms all are sent.
func TestOptionsAreValues(t *testing.T) {
	t.Parallel()
	form := url.Values{"New": {"a"}, "To": {"+15005550001"}}
	opts := []twilio.RequestOption{
		twilio.WithIdempotent(), twilio.WithHeader("x-a", "1"), twilio.WithHeader("x-b", "2"),
		twilio.WithForm(form), twilio.WithForm(url.Values{"Other": {"b"}, "From": nil}),
	}
	form.Set("New", "changed")
	client := newClient(t, roundTripperFunc(func(r *http.Request) (*http.Response, error) {
		_ = r.ParseForm()
		if got := r.PostForm.Encode(); got != "New=a&Other=b&Status=completed&To=%2B15005550001" {
			t.Errorf("sent %s", got)
		}
		if r.Header.Get("X-A") != "1" || r.Header.Get("X-B") != "2" {
			t.Errorf("sent %v", r.Header)
		}
		return answer(200, `{"sid":"`+callSID+`"}`)(r)
	}))
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := client.Calls.Update(t.Context(), callSID, twilio.CallUpdateParams{Status: new(twilio.CallStatusCompleted)}, opts...); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	list := []twilio.RequestOption{twilio.WithLookahead(2), twilio.WithParallelism(1), opts[1]}
	lister := newClient(t, &pages{answer: func(url.Values) (int, string) { return 200, pageBody("", "CA1") }})
	for range 20 {
		all.Go(func() {
			for _, err := range lister.Calls.All(t.Context(), twilio.CallListParams{}, list...) {
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// TestRefusedBeforeNetHTTP: what net/http would refuse on the way is refused
// before, where it can be said that nothing was sent.
func TestRefusedBeforeNetHTTP(t *testing.T) {
	t.Parallel()
	for field, opts := range map[string][]twilio.Option{
		"WithUserAgent": {twilio.WithUserAgent("me\r\nX-Evil: 1")},
		"WithBaseURL":   {twilio.WithBaseURL("https://пример.example")},
		"WithEdge":      {twilio.WithEdge("-dublin")},
		"WithRegion":    {twilio.WithEdge("dublin"), twilio.WithRegion(strings.Repeat("a", 64))},
	} {
		_, err := twilio.NewClient(twilio.AuthToken(mainSID, mainToken), opts...)
		if e, ok := errors.AsType[*twilio.ParamError](err); !ok || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	client := newClient(t, newScript(t))
	for name, opts := range map[string][]twilio.RequestOption{
		"Upgrade": {twilio.WithHeader("Upgrade", "h2c")},
		"Te":      {twilio.WithHeader("te", "gzip")},
		"large":   {twilio.WithHeader("X-A", strings.Repeat("a", 5000)), twilio.WithHeader("X-B", strings.Repeat("a", 5000))},
		"invalid": {twilio.WithHeader("X-A", "a\x00"), twilio.WithHeader("X-B", "fine")},
	} {
		_, err := client.Calls.Get(t.Context(), callSID, opts...)
		if e, ok := errors.AsType[*twilio.ParamError](err); !ok || e.Field != "WithHeader" {
			t.Errorf("%s: %v", name, err)
		}
	}
	// And what slips through never had a connection.
	broken := &http.Transport{Proxy: func(*http.Request) (*url.URL, error) { return nil, errors.New("no such proxy") }}
	err := createCall(t.Context(), newClient(t, broken))
	if e, ok := errors.AsType[*twilio.TransportError](err); !ok || errors.Is(err, twilio.ErrOutcomeUnknown) || e.Attempts != 1 {
		t.Errorf("a proxy that isn't one: %v", err)
	}
}

// TestZeroClient says what is wrong with a client or service that NewClient
// didn't make.
func TestZeroClient(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	zero := new(twilio.Client)
	zero.CloseIdleConnections()
	_ = zero.String()
	_, get := new(twilio.CallService).Get(ctx, callSID)
	_, list := new(twilio.MessageService).List(ctx, twilio.MessageListParams{})
	var all error
	for _, all = range new(twilio.CallService).All(ctx, twilio.CallListParams{}) {
	}
	_, sub := zero.Subaccount(subSID).Calls.Get(ctx, callSID)
	_, own := zero.WithCredentials(twilio.AuthToken(mainSID, mainToken)).Balance.Get(ctx)
	for name, err := range map[string]error{"Do": zero.Do(ctx, "GET", "/2010-04-01/Accounts.json", nil, nil),
		"Get": get, "List": list, "All": all, "Subaccount": sub, "WithCredentials": own} {
		if e, ok := errors.AsType[*twilio.ParamError](err); !ok || e.Field != "Client" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
