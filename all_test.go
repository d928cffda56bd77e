package twilio_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

type anything struct {
	SID string `json:"sid"`
}

// collectAll reads a list with All.
func collectAll(t *testing.T, c *twilio.Client, path string, form url.Values, opts ...twilio.RequestOption) (sids []string, err error) {
	t.Helper()
	for item, err := range twilio.All[anything](t.Context(), c, path, form, opts...) {
		if err != nil {
			return sids, err
		}
		sids = append(sids, item.SID)
	}
	return sids, nil
}

// TestAllOfAPI reads a list of the API that has pages, with a filter.
func TestAllOfAPI(t *testing.T) {
	t.Parallel()
	srv := fakeWithManyCalls(t, 5)
	srv.AddCall(mainSID, twilio.Call{Status: twilio.CallStatusBusy})
	want, err := listSIDs(t, srv.Client(), twilio.CallListParams{Status: twilio.CallStatusCompleted})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{callsPath + "?Status=completed&PageSize=2", "https://api.twilio.com" + callsPath + "?Status=busy"} {
		got, err := collectAll(t, srv.Client(), path, url.Values{"Status": {"completed"}})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %v, %v, want %v", path, got, err, want)
		}
	}
}

// TestAllOfProduct reads lists of products: with a key in meta, and without.
func TestAllOfProduct(t *testing.T) {
	t.Parallel()
	const path = "https://sync.twilio.com/v1/Services"
	for name, page := range map[string]string{
		"key":             `{"meta":{"key":"a","next_page_url":%s},"a":[{"sid":"%s"}],"b":[{"sid":"no"}]}`,
		"key at the end":  `{"b":[{"sid":"no"}],"a":[{"sid":"%[2]s"}],"meta":{"key":"a","next_page_url":%[1]s}}`,
		"no key":          `{"meta":{"next_page_url":%s},"rows":[{"sid":"%s"}],"n":1}`,
		"a key of nobody": `{"meta":{"key":"z","next_page_url":%s},"rows":[{"sid":"%s"}]}`,
		"form of the API": `{"next_page_uri":%s,"rows":[{"sid":"%s"}],"page":0}`,
	} {
		for _, client := range []struct {
			edge string
			opts []twilio.Option
		}{{"", nil}, {".dublin.ie1", []twilio.Option{twilio.WithRegion("ie1")}}} {
			var urls []string
			rt := roundTripper(func(r *http.Request) (*http.Response, error) {
				urls = append(urls, r.URL.String())
				if r.URL.Query().Get("PageToken") == "" {
					return respond(200, fmt.Sprintf(page, `"`+path+`?PageToken=2"`, "first"))(r)
				}
				return respond(200, fmt.Sprintf(page, "null", "second"))(r)
			})
			got, err := collectAll(t, newClient(t, rt, client.opts...), path, url.Values{"x": {"1"}})
			at := strings.Replace(path, ".twilio", client.edge+".twilio", 1)
			if err != nil || !slices.Equal(got, []string{"first", "second"}) || !slices.Equal(urls, []string{at + "?x=1", at + "?PageToken=2"}) {
				t.Errorf("%s: got %v, %v from %v", name, got, err, urls)
			}
		}
	}
}

// TestAllStaysWhereItIs: a link to another host, another list or a page that was
// read is an error, and no credentials go there.
func TestAllStaysWhereItIs(t *testing.T) {
	t.Parallel()
	const path = "https://sync.twilio.com/v1/Services"
	for _, next := range []string{
		"https://evil.example/v1/Services?PageToken=2", "https://studio.twilio.com/v1/Services?PageToken=2", "http://sync.twilio.com/v1/Services?PageToken=2",
		"https://user@sync.twilio.com/v1/Services?PageToken=2", "https://sync.twilio.com:8443/v1/Services?PageToken=2", "//evil.example/v1/Services?PageToken=2",
		"https://sync.twilio.com/v1/Other?PageToken=2", "/2010-04-01/Accounts.json", path + "?x=1", "%zz",
	} {
		script := newScript(t, respond(200, fmt.Sprintf(`{"meta":{"key":"a","next_page_url":%q},"a":[{"sid":"first"}]}`, next)))
		got, err := collectAll(t, newClient(t, script), path, url.Values{"x": {"1"}})
		e, ok := errors.AsType[*twilio.TransportError](err)
		if !ok || !slices.Equal(got, []string{"first"}) || strings.Contains(err.Error(), "evil") || e.Operation != "do GET sync.twilio.com/v1/Services" || e.Cursor != "" {
			t.Errorf("%s: got %v, %v", next, got, err)
		}
	}
}

// TestAllOfWhatIsNoList: it isn't guessed where the items are.
func TestAllOfWhatIsNoList(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{}`, `{"a":1}`, `{"a":[],"b":[]}`, `{"meta":{"key":"z"},"a":[],"b":[]}`, `[]`, `"x"`, `null`, ``, `<html>`, `{"a":[{"sid":"x"}`,
		`{"meta":{"key":"a","next_token":"T"},"a":[{"sid":"x"}]}`, `{"meta":{"key":"a"},"a":{"sid":"x"}}`,
	} {
		got, err := collectAll(t, newClient(t, newScript(t, respond(200, body))), "https://sync.twilio.com/v1/Services", nil)
		if _, ok := errors.AsType[*twilio.TransportError](err); !ok || len(got) > 0 || errors.Is(err, twilio.ErrOutcomeUnknown) {
			t.Errorf("%s: got %v, %v", body, got, err)
		}
	}
}

// TestAllReportsWhatIsNoItem: an item that can't be read is an error in its place.
func TestAllReportsWhatIsNoItem(t *testing.T) {
	t.Parallel()
	script := newScript(t, respond(200, `{"meta":{"key":"a"},"a":[null]}`))
	got, err := collectAll(t, newClient(t, script), "https://sync.twilio.com/v1/Services", nil)
	if _, ok := errors.AsType[*twilio.DecodeError](err); !ok || len(got) > 0 {
		t.Errorf("got %v, %v", got, err)
	}
}

// TestAllOfZeroItems: an item whose fields are all zero is an item, since what
// they mean isn't known here, unless the type has a SID.
func TestAllOfZeroItems(t *testing.T) {
	t.Parallel()
	const path, page = "https://sync.twilio.com/v1/Services", `{"meta":{"key":"a"},"a":[{"status":"","enabled":false},{"status":"on"}]}`
	statuses, err := countAll[struct {
		Status string `json:"status"`
	}](t, page, path)
	if statuses != 2 || err != nil {
		t.Errorf("a field that errors have, too: %d items, error %v", statuses, err)
	}
	switches, err := countAll[struct {
		Enabled bool `json:"enabled"`
	}](t, page, path)
	if switches != 2 || err != nil {
		t.Errorf("false: %d items, error %v", switches, err)
	}
	resources, err := countAll[anything](t, page, path)
	if _, ok := errors.AsType[*twilio.DecodeError](err); !ok || resources != 0 {
		t.Errorf("no SID: %d items, error %v", resources, err)
	}
}

// countAll counts what All reads of a page, up to an error.
func countAll[T any](t *testing.T, page, path string) (n int, err error) {
	t.Helper()
	client := newClient(t, newScript(t, respond(200, page)))
	for _, err := range twilio.All[T](t.Context(), client, path, nil) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func TestAllRefusals(t *testing.T) {
	t.Parallel()
	w, c := newSilentAPI(t)
	for _, test := range []struct {
		field  string
		client *twilio.Client
		path   string
		opts   []twilio.RequestOption
	}{
		{"path", c.Subaccount(subSID), "https://studio.twilio.com/v2/Flows", nil},
		{"path", c.Subaccount(subSID), "/2010-04-01/Accounts/" + mainSID + "/Calls.json", nil},
		{"path", c, "https://canary.example/v2/Flows", nil},
		{"path", c, "canary", nil},
		{"Client", nil, "https://studio.twilio.com/v2/Flows", nil},
		{"Client", &twilio.Client{}, "https://studio.twilio.com/v2/Flows", nil},
		{"WithJSON", c, "https://studio.twilio.com/v2/Flows", []twilio.RequestOption{twilio.WithJSON(1)}},
		{"WithParallelism", c, "https://studio.twilio.com/v2/Flows", []twilio.RequestOption{twilio.WithParallelism(2)}},
	} {
		_, err := collectAll(t, test.client, test.path, nil, test.opts...)
		e, ok := errors.AsType[*twilio.ParamError](err)
		if !ok || e.Field != test.field || e.Operation == "" || strings.Contains(err.Error(), "canary") || len(w.requests()) > 0 {
			t.Errorf("%s of %s: got %v", test.field, test.path, err)
		}
	}
}

// TestAllAndHandle reads a product of the caller's own making through the fake,
// with the credentials that the fake lets pass.
func TestAllAndHandle(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	customer := srv.AddSubaccount(twilio.Account{})
	srv.Handle("studio.twilio.com", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, _, _ := r.BasicAuth()
		_, _ = io.WriteString(w, fmt.Sprintf(`{"flows":[{"sid":%q}],"meta":{"key":"flows"}}`, user+" "+r.URL.Path))
	}))
	own := srv.Client().WithCredentials(customer.Credentials())
	got, err := collectAll(t, own, "https://studio.twilio.com/v2/Flows", nil)
	if err != nil || !slices.Equal(got, []string{customer.SID + " /v2/Flows"}) {
		t.Errorf("got %v, %v", got, err)
	}
	stranger := own.WithCredentials(twilio.AuthToken(customer.SID, "wrong"))
	if _, err := collectAll(t, stranger, "https://studio.twilio.com/v2/Flows", nil); !errors.Is(err, twilio.ErrUnauthorized) {
		t.Errorf("a stranger: %v", err)
	}
}
