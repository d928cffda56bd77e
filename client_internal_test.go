package twilio

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

const fuzzAccount = "AC00000000000000000000000000000001"

func fuzzClient(f *testing.F) *Client {
	f.Helper()
	client, err := NewClient(AuthToken(fuzzAccount, "token"))
	if err != nil {
		f.Fatal(err)
	}
	return client.Subaccount("AC00000000000000000000000000000002")
}

// FuzzCheckPath checks that Do reaches no account but the client's own.
func FuzzCheckPath(f *testing.F) {
	const own = "AC00000000000000000000000000000002"
	for _, p := range []string{
		apiRoot + "/Accounts/" + own + "/Recordings.json", apiRoot + "/Accounts/" + own + ".json?x=1", apiRoot + "/Accounts/" + fuzzAccount + "/Calls.json",
		apiRoot + "/Accounts/" + own + "/../" + fuzzAccount + ".json", apiRoot + "/Accounts//" + fuzzAccount + ".json", apiRoot + "/Accounts.json", apiRoot + "/Accounts",
		apiRoot + "/accounts/" + fuzzAccount + ".json", apiRoot + "/Accounts/" + fuzzAccount + ".json", "https://elsewhere.example" + apiRoot + "/x", "//elsewhere.example" + apiRoot + "/x",
		apiRoot + "/%41ccounts/" + fuzzAccount + ".json", apiRoot + "/Accounts%2f" + fuzzAccount, "", "/", "%", apiRoot + "/x#y", apiRoot + "/Accounts/" + own + ".json.json",
	} {
		f.Add(p)
	}
	client := fuzzClient(f)
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := client.checkPath(raw)
		if err != nil {
			if _, ok := errors.AsType[*ParamError](err); !ok {
				t.Errorf("%T for %q", err, raw)
			}
			return
		}
		r := (&request{endpoint: endpoint{client: client}, method: http.MethodGet, url: u}).http(t.Context())
		if r.URL.Host != "api.twilio.com" || !strings.HasPrefix(r.URL.EscapedPath(), apiRoot+"/") {
			t.Errorf("%q goes to %v", raw, r.URL)
		}
		if strings.HasPrefix(r.URL.Path, apiRoot+"/Accounts/") && strings.Contains(r.URL.EscapedPath(), "/Accounts/"+fuzzAccount) {
			t.Errorf("%q reaches another account by %s", raw, r.URL.EscapedPath())
		}
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (rt roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return rt(r) }
