package twiliotest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// object is a JSON object of a response.
type object = map[string]any

// An api speaks plain HTTP to a server, by default with the main account's
// credentials, and checks every response against Twilio's specification if
// TWILIO_OPENAPI is set.
type api struct {
	t          *testing.T
	srv        *twiliotest.Server
	user, pass string
	client     *http.Client
}

func newAPI(t *testing.T, opts ...twiliotest.Option) *api {
	t.Helper()
	opts = append([]twiliotest.Option{twiliotest.WithStart(twiliotest.DefaultStart)}, opts...)
	srv := twiliotest.NewUnstartedServer(opts...)
	return &api{t, srv, srv.AccountSID, srv.AuthToken, &http.Client{Transport: checking(t, srv.Transport())}}
}

// as returns the same API for other credentials.
func (a *api) as(user, pass string) *api {
	b := *a
	b.user, b.pass = user, pass
	return &b
}

// A reply is the response to one request.
type reply struct {
	t      *testing.T
	what   string
	status int
	header http.Header
	body   object
}

func (a *api) send(method, path string, form ...string) reply {
	a.t.Helper()
	var body io.Reader
	if method == http.MethodPost {
		body = strings.NewReader(values(form).Encode())
	}
	switch {
	case strings.HasPrefix(path, "https://"): // of another product
	case strings.HasPrefix(path, "/2010-04-01/"):
		path = a.srv.URL + path
	default:
		path = a.srv.URL + "/2010-04-01" + path
	}
	r, err := http.NewRequestWithContext(a.t.Context(), method, path, body)
	if err != nil {
		a.t.Fatal(err)
	}
	r.SetBasicAuth(a.user, a.pass)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := a.client.Do(r)
	if err != nil {
		a.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	out := reply{t: a.t, what: method + " " + path, status: response.StatusCode, header: response.Header}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &out.body); err != nil {
			a.t.Fatalf("%s: %v in %s", out.what, err, text)
		}
	}
	return out
}

func (a *api) get(path string, query ...string) reply {
	a.t.Helper()
	if len(query) > 0 {
		path += "?" + values(query).Encode()
	}
	return a.send(http.MethodGet, path)
}

func (a *api) post(path string, form ...string) reply {
	a.t.Helper()
	return a.send(http.MethodPost, path, form...)
}

func (a *api) delete(path string) reply { a.t.Helper(); return a.send(http.MethodDelete, path) }

// values returns pairs of keys and values as a form. A key may occur twice.
func values(pairs []string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// ok returns the body of a success.
func (x reply) ok() object {
	x.t.Helper()
	if x.status < 200 || x.status > 299 {
		x.t.Fatalf("%s: %d %v", x.what, x.status, x.body)
	}
	return x.body
}

// fails checks the HTTP status and Twilio's code of a failure.
func (x reply) fails(status, code int) {
	x.t.Helper()
	if x.status != status || fmt.Sprint(x.body["code"]) != fmt.Sprint(code) {
		x.t.Errorf("%s: %d %v, want %d with code %d", x.what, x.status, x.body, status, code)
	}
}

// items returns the list of a page.
func (x reply) items() []object {
	x.t.Helper()
	for key, value := range x.ok() {
		if list, ok := value.([]any); ok {
			items := make([]object, len(list))
			for i, item := range list {
				items[i] = item.(object)
			}
			return items
		}
		_ = key
	}
	x.t.Fatalf("%s: no list in %v", x.what, x.body)
	return nil
}

// all follows the pages of a list.
func (a *api) all(path string, query ...string) []object {
	a.t.Helper()
	var items []object
	for page := a.get(path, query...); ; {
		items = append(items, page.items()...)
		next, _ := page.body["next_page_uri"].(string)
		if next == "" {
			return items
		}
		page = a.get(next)
	}
}

// column picks a field of every item.
func column(items []object, field string) string {
	var b []string
	for _, item := range items {
		b = append(b, fmt.Sprint(item[field]))
	}
	return strings.Join(b, " ")
}

// sid returns a SID that is easy to recognize in a failure; short shortens it
// to its prefix and last digit.
func sid(prefix string, n int) string { return fmt.Sprintf("%s%032d", prefix, n) }

func short(items []object) string {
	var b []string
	for _, item := range items {
		sid := str(item, "sid")
		b = append(b, sid[:2]+sid[33:])
	}
	return strings.Join(b, " ")
}

// wants checks fields of an object: pairs of a name and a value, where nil is
// null.
func wants(t *testing.T, got object, pairs ...any) {
	t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		key := pairs[i].(string)
		value, ok := got[key]
		if !ok || value != pairs[i+1] {
			t.Errorf("%s = %#v (there: %v), want %#v", key, value, ok, pairs[i+1])
		}
	}
}

func str(o object, key string) string { s, _ := o[key].(string); return s }

// main and under return paths below an account.
func (a *api) main(path string) string { return "/Accounts/" + a.srv.AccountSID + path }

func under(sid, path string) string { return "/Accounts/" + sid + path }

// subaccount creates a subaccount and returns its SID, and an api with its
// credentials.
func (a *api) subaccount(name string) (string, *api) {
	a.t.Helper()
	acct := a.post("/Accounts.json", "FriendlyName", name).ok()
	return str(acct, "sid"), a.as(str(acct, "sid"), str(acct, "auth_token"))
}

var aCall = []string{"From", "+14158141829", "To", "+16518675310", "Url", "https://example.com/voice"}

var aMessage = []string{"From", "+14158141829", "To", "+16518675310", "Body", "Ahoy there!"}

const second = time.Second
