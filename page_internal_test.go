package twilio

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"testing"
)

// FuzzNextPage checks that any next_page_uri leads to the configured origin and
// to the list's own path.
func FuzzNextPage(f *testing.F) {
	for _, next := range []string{
		"/2010-04-01/Accounts/AC1/Calls.json?Page=1&PageToken=PA1", "https://api.twilio.com/2010-04-01/Accounts.json",
		"https://api.twilio.com:443/2010-04-01/x", "https://user@api.twilio.com/2010-04-01/x", "https://elsewhere.example/2010-04-01/x",
		"//elsewhere.example/2010-04-01/x", "http://api.twilio.com/2010-04-01/x", "/2010-04-01/../x", "/2010-04-01/%2e%2e/x", "/x",
		"mailto:a@b", "%zz", "", "?Page=1", "\\\\elsewhere.example\\2010-04-01/", "/2010-04-01/Accounts/AC1/Calls.json?Page=0",
	} {
		f.Add(next)
	}
	client := fuzzClient(f)
	first := client.Calls.calls.request("list", http.MethodGet, nil, nil, nil)
	first.url = &url.URL{Path: apiRoot + "/Accounts/AC1/Calls.json"}
	q := &query{first: first}
	f.Fuzz(func(t *testing.T, next string) {
		at, err := q.locate(next)
		if err != nil {
			if _, ok := errors.AsType[safeError](err); !ok {
				t.Errorf("%T for %q", err, next)
			}
			return
		}
		r := (&request{endpoint: first.endpoint, method: http.MethodGet, url: at}).http(t.Context())
		if r.URL.Scheme != "https" || r.URL.Host != "api.twilio.com" || r.Host != "api.twilio.com" {
			t.Errorf("%q goes to %s://%s", next, r.URL.Scheme, r.URL.Host)
		}
		if !strings.HasPrefix(r.URL.Path, apiRoot+"/") || !strings.HasPrefix(path.Clean(r.URL.Path), apiRoot+"/") {
			t.Errorf("%q goes to %s", next, r.URL.Path)
		}
		if at.Path != first.url.Path {
			t.Errorf("%q leaves the list, to %s", next, at.Path)
		}
	})
}

// TestVisited: a circle is noticed at once in a list of up to a thousand pages,
// and in a longer one before much of it is read again. What is remembered
// doesn't grow with the list.
func TestVisited(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ pages, back, late int }{
		{1, 1, 0}, {2, 1, 0}, {3, 2, 0}, {999, 999, 0}, {999, 1, 0}, {999, 500, 0},
		{100_000, 90_000, 256}, {100_000, 99_000, 256}, {100_000, 5, 256}, {100_000, 1, 256},
	} {
		var v visited
		uri := func(n int) string { // of page n, of a list whose last page leads back
			for n >= tt.pages {
				n -= tt.back
			}
			return strconv.Itoa(n)
		}
		for n := range tt.pages {
			for range 2 { // Next may be called twice
				if v.visit(uri(n), n) {
					t.Fatalf("%+v: page %d is new", tt, n)
				}
			}
		}
		if len(v.pages) > maxVisited {
			t.Errorf("%+v: %d pages are remembered", tt, len(v.pages))
		}
		late := 0
		for !v.visit(uri(tt.pages+late), tt.pages+late) {
			if late++; late > tt.pages {
				t.Fatalf("%+v: the circle isn't noticed", tt)
			}
		}
		if late > tt.late {
			t.Errorf("%+v: noticed %d pages late", tt, late)
		}
	}
}
