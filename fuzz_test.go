package twilio

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"
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

// answering makes a client whose requests are answered on the spot, once each.
func answering(t *testing.T, answer func(*http.Request) (status int, body string)) *Client {
	t.Helper()
	client, err := NewClient(AuthToken(fuzzAccount, "token"), WithMaxRetries(0),
		WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			status, body := answer(r)
			return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		})}))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// FuzzFollow: wherever Twilio says that the next page is, the request goes to
// the origin that the client is configured for, into the API, and never back.
func FuzzFollow(f *testing.F) {
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
			if _, ok := errors.AsType[safeText](err); !ok {
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

// FuzzCursor: a cursor that isn't one is refused, and one that is taken stays on
// the list and the account that it is resumed on.
func FuzzCursor(f *testing.F) {
	const list = apiRoot + "/Accounts/" + fuzzAccount + "/Calls.json"
	seeds := &query{first: &request{endpoint: endpoint{route: calls}}}
	for _, uri := range []string{list + "?Page=1&PageToken=PA1", "https://elsewhere.example" + list, "//elsewhere.example" + list, "%", list + "/../x", list + "#x"} {
		f.Add(seeds.cursor(uri, -1))
		f.Add(seeds.cursor(uri, 0))
	}
	f.Add("")
	f.Add("bm90IEpTT04")
	f.Add("e30")
	for _, raw := range []string{
		`{"list":"calls","uri":"` + list + `","left":-9,"ranges":[{}]}`,
		`{"list":"calls","uri":"` + list + `","left":1,"ranges":[{},{"after":"2026-01-01T00:00:00Z"}],"then":{"uri":"` + list + `","ranges":[{},{}]}}`,
		`{"list":"calls","uri":"` + list + `","then":{"uri":"//elsewhere.example"}}`,
	} {
		f.Add(base64.RawURLEncoding.EncodeToString([]byte(raw)))
	}
	f.Fuzz(func(t *testing.T, text string) {
		client := answering(t, func(r *http.Request) (int, string) {
			if r.URL.Scheme != "https" || r.URL.Host != "api.twilio.com" || r.URL.Path != list {
				t.Errorf("%q leads to %v", text, r.URL)
			}
			return http.StatusOK, `{"calls":[{"sid":"CA1","start_time":"Thu, 30 Jul 2015 20:00:00 +0000"}]}`
		})
		page, err := client.Calls.Resume(t.Context(), text)
		if _, ok := errors.AsType[*ParamError](err); err != nil && !ok {
			t.Errorf("%T for %q: %v", err, text, err)
		}
		if err == nil && page.HasNext() != (page.Cursor() != "") {
			t.Errorf("%q: %v, but the cursor is %q", text, page.HasNext(), page.Cursor())
		}
	})
}

// FuzzCheckSID: a SID that is taken leaves the path as it was meant.
func FuzzCheckSID(f *testing.F) {
	for _, sid := range []string{"CA00000000000000000000000000000001", "CAXXXX", "CA", "", "SM1", "CA/../../Messages/SM1", "CA1?x=1", "CA%2f", "CA1\n", "CA\u0661", "CA1#", "CA.."} {
		f.Add(sid)
	}
	f.Fuzz(func(t *testing.T, sid string) {
		if err := checkSID("sid", sid, "CA"); err != nil {
			if sid != "" && strings.Contains(err.Error(), sid) && len(sid) > 4 {
				t.Errorf("%q is quoted: %v", sid, err)
			}
			return
		}
		u, err := url.Parse(apiRoot + "/Accounts/" + fuzzAccount + "/Calls/" + sid + ".json")
		if err != nil || path.Base(u.Path) != sid+".json" || path.Clean(u.Path) != u.Path || u.RawPath != "" || u.RawQuery != "" || u.Fragment != "" {
			t.Errorf("%q makes %v, %v", sid, u, err)
		}
	})
}

// FuzzCheckPath: Do reaches no other account than the client's own.
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

// FuzzForm: what is in a field arrives as it is, under its own name, and a time
// in UTC.
func FuzzForm(f *testing.F) {
	f.Add("+15005550006", "Ahoy & = + % \n", "", int64(0))
	f.Add("whatsapp:+1", "To=x&From=y", "\x00\xff", int64(1767225600))
	f.Add("", "ü 😀", "a;b", int64(-1))
	f.Fuzz(func(t *testing.T, to, body, media string, at int64) {
		form, err := encode(MessageCreateParams{To: to, From: "+15005550006", Body: body, MediaURL: []string{media, body}})
		if err != nil {
			if _, ok := errors.AsType[*ParamError](err); !ok {
				t.Errorf("%T: %v", err, err)
			}
			return
		}
		back, err := url.ParseQuery(form.Encode())
		if err != nil {
			t.Fatal(err)
		}
		if back.Get("To") != to || back.Get("Body") != body || back.Has("Body") != (body != "") {
			t.Errorf("%q, %q became %v", to, body, back)
		}
		if m := back["MediaUrl"]; len(m) != 2 || m[0] != media || m[1] != body {
			t.Errorf("%q, %q became %q", media, body, m)
		}
		when := time.Unix(at%(1<<32), 0).In(time.FixedZone("", -5*60*60))
		if form, err = encode(CallListParams{StartTime: when}); err == nil && !when.IsZero() && form.Get("StartTime") != when.UTC().Format("2006-01-02") {
			t.Errorf("%v became %v", when, form)
		}
	})
}

// FuzzErrorBody: whatever an answer that isn't a success holds, it becomes an
// *Error with the real status.
func FuzzErrorBody(f *testing.F) {
	for _, body := range []string{
		`{"code":20404,"message":"no","more_info":"https://x","status":404}`, `{"code":"20404","message":null,"details":{"a":[1]}}`, `{"code":1e999}`,
		`{"code":{},"message":[]}`, `[]`, `null`, `"x"`, ``, `<html>`, `<?xml version="1.0"?>`, `{"code":20404,"mess`, "\xff\xfe", `{"details":"x"}`, `{"code":20429}`,
	} {
		f.Add(body, 404)
		f.Add(body, 429)
	}
	f.Fuzz(func(t *testing.T, body string, status int) {
		if status < 300 || status > 599 {
			return
		}
		client := answering(t, func(*http.Request) (int, string) { return status, body })
		_, err := client.Calls.Get(t.Context(), "CA1")
		e, ok := errors.AsType[*Error](err)
		if !ok || e.StatusCode != status || e.Attempts != 1 {
			t.Fatalf("%T %v", err, err)
		}
		if errors.Is(err, ErrNotFound) != (status == 404) || errors.Is(err, ErrUnauthorized) != (status == 401) || errors.Is(err, ErrOutcomeUnknown) {
			t.Errorf("sentinels of %v", err)
		}
		_, _ = err.Error(), e.LogValue().String()
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (rt roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return rt(r) }

// FuzzRetryAfter: the wait is never negative, and a wait that can't be read is
// none.
func FuzzRetryAfter(f *testing.F) {
	for _, value := range []string{"", "0", "1", "-1", "120", "1.5", "99999999999999999999", "2147483647", "2147483648", "Fri, 01 Jan 2100 00:00:00 GMT",
		"Thu, 01 Jan 1970 00:00:00 GMT", "Friday, 01-Jan-70 00:00:00 GMT", "soon", " 1", "1 ", "+1", "0x10", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		header := http.Header{"Retry-After": {value}}
		wait := retryAfter(header)
		if wait < 0 {
			t.Errorf("%q is %v", value, wait)
		}
		const longest = time.Second
		inv := &invocation{header: header, status: http.StatusTooManyRequests, attempts: 1, waitMin: time.Millisecond, waitMax: longest}
		retry, err := inv.checkRetry(t.Context(), nil, nil)
		if err != nil || retry != (wait <= longest) {
			t.Errorf("%q: retried %v, %v", value, retry, err)
		}
		if retry && (inv.wait < wait-time.Second || inv.wait > wait+longest) {
			t.Errorf("%q makes a wait of %v", value, inv.wait)
		}
	})
}
