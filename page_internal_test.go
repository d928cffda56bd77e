package twilio

import (
	"errors"
	"net/http"
	"net/url"
	"path"
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
