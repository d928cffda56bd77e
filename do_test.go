package twilio_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// TestHosts checks where a request for a product goes: to the edge and region
// of the client or, with a base URL, there, with the product in the Host
// header.
func TestHosts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		opts      []twilio.Option
		path      string
		url, host string
	}{
		{nil, "https://studio.twilio.com/v2/Flows?x=1", "https://studio.twilio.com/v2/Flows?x=1&a=b", "studio.twilio.com"},
		{nil, "https://Studio.Twilio.com/v2/Flows", "https://studio.twilio.com/v2/Flows?a=b", "studio.twilio.com"},
		{nil, "https://api.twilio.com/2010-04-01/Accounts.json", "https://api.twilio.com/2010-04-01/Accounts.json?a=b", "api.twilio.com"},
		{nil, "https://sync.twilio.com/v1/Services/default/Maps/a%2Fb", "https://sync.twilio.com/v1/Services/default/Maps/a%2Fb?a=b", "sync.twilio.com"},
		{[]twilio.Option{twilio.WithEdge("dublin"), twilio.WithRegion("ie1")}, "https://studio.twilio.com/v2/Flows",
			"https://studio.dublin.ie1.twilio.com/v2/Flows?a=b", "studio.dublin.ie1.twilio.com"},
		{[]twilio.Option{twilio.WithRegion("ie1")}, "https://studio.dublin.ie1.twilio.com/v2/Flows",
			"https://studio.dublin.ie1.twilio.com/v2/Flows?a=b", "studio.dublin.ie1.twilio.com"},
		{[]twilio.Option{twilio.WithBaseURL("http://127.0.0.1:8080")}, "https://studio.twilio.com/v2/Flows",
			"http://127.0.0.1:8080/v2/Flows?a=b", "studio.twilio.com"},
	} {
		var sent *http.Request
		rt := roundTripper(func(r *http.Request) (*http.Response, error) { sent = r; return respond(200, "{}")(r) })
		if err := newClient(t, rt, test.opts...).Do(t.Context(), "GET", test.path, url.Values{"a": {"b"}}, nil); err != nil {
			t.Errorf("%s: %v", test.path, err)
			continue
		}
		if sent.URL.String() != test.url || sent.Host != test.host {
			t.Errorf("%s goes to %s of %s, want %s of %s", test.path, sent.URL, sent.Host, test.url, test.host)
		}
	}
}

// TestHostsThatAreRefused: credentials go to Twilio, and to no account but the
// one that the client acts on.
func TestHostsThatAreRefused(t *testing.T) {
	t.Parallel()
	client := newClient(t, newScript(t))
	for _, path := range []string{
		"https://twilio.com/v2/Flows", "https://studio.twilio.com.example/v2", "https://studio.example/v2", "https://a.b.twilio.com/v2",
		"https://studio.dublin.ie1.twilio.com/v2/Flows", "http://studio.twilio.com/v2/Flows", "https://user@studio.twilio.com/v2",
		"https://studio.twilio.com:8443/v2", "https://studio.twilio.com/v2/../x", "https://studio.twilio.com/v2/%2e%2e/x",
		"https://studio.twilio.com/v2#x", "https:studio.twilio.com/v2", "https://.twilio.com/v2",
	} {
		wantParamError(t, "path", client.Do(t.Context(), "GET", path, nil, nil))
	}
	sub := client.Subaccount(subSID)
	err := sub.Do(t.Context(), "POST", "https://studio.twilio.com/v2/Flows", url.Values{}, nil)
	wantParamError(t, "path", err)
	if !strings.Contains(err.Error(), "WithCredentials") {
		t.Errorf("doesn't say what to do: %v", err)
	}
	wantParamError(t, "path", sub.Do(t.Context(), "GET", "/2010-04-01/Accounts/"+mainSID+"/%43alls.json/../x", nil, nil))
	wantParamError(t, "path", sub.Do(t.Context(), "GET", "/2010-04-01/%41ccounts/"+mainSID+"/Calls.json", nil, nil))
	wantParamError(t, "method", client.Do(t.Context(), "PUT", "/2010-04-01/Accounts.json", nil, nil))
}

// TestOperationLabels: a request of Do is named by what it is, and by nothing
// of a customer.
func TestOperationLabels(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/2010-04-01/Accounts/" + mainSID + "/Calls/" + callSID + ".json":   "do GET /Accounts/{}/Calls/{}",
		"/2010-04-01/Accounts/" + mainSID + "/Usage/Records/Daily.json":     "do GET /Accounts/{}/Usage/Records/Daily",
		"/2010-04-01/Accounts/" + mainSID + "/Conferences/%2B1500/x.json":   "do GET /Accounts/{}/Conferences/{}/{}",
		"https://verify.twilio.com/v2/Services/VA1/Verifications/%2B150055": "do GET verify.twilio.com/v2/Services/{}/Verifications/{}",
		"https://verify.twilio.com/v2/Services/VA1/Entities/alice/Factors":  "do GET verify.twilio.com/v2/Services/{}/Entities/{}/Factors",
	} {
		var got string
		rt := roundTripper(func(r *http.Request) (*http.Response, error) {
			info, _ := twilio.RequestFromContext(r.Context())
			got = info.Operation
			return respond(404, "")(r)
		})
		err := newClient(t, rt).Do(t.Context(), "GET", path, nil, nil)
		e, ok := errors.AsType[*twilio.Error](err)
		if got != want || !ok || e.Operation != want {
			t.Errorf("%s is %q and %v, want %q", path, got, err, want)
		}
	}
}

// TestJSONBodies checks what WithJSON sends, and where it is refused.
func TestJSONBodies(t *testing.T) {
	t.Parallel()
	var sent string
	var header http.Header
	rt := roundTripper(func(r *http.Request) (*http.Response, error) {
		body, _ := io.ReadAll(r.Body)
		sent, header = string(body), r.Header
		return respond(202, "{}")(r)
	})
	client := newClient(t, rt)
	body := twilio.WithJSON(map[string]any{"a": []int{1}})
	for _, method := range []string{"POST", "PUT", "PATCH"} {
		sent = ""
		if err := client.Do(t.Context(), method, "https://content.twilio.com/v1/Content", nil, nil, body); err != nil {
			t.Error(err)
		}
		if sent != `{"a":[1]}` || header.Get("Content-Type") != "application/json" {
			t.Errorf("%s sent %s as %s", method, sent, header.Get("Content-Type"))
		}
	}
	silent := newClient(t, newScript(t))
	const path = "https://content.twilio.com/v1/Content"
	wantParamError(t, "WithJSON", silent.Do(t.Context(), "GET", path, nil, nil, body))
	wantParamError(t, "WithJSON", silent.Do(t.Context(), "POST", path, url.Values{"a": {"b"}}, nil, body))
	wantParamError(t, "WithJSON", silent.Do(t.Context(), "POST", path, nil, nil, twilio.WithJSON(func() {})))
	_, err := silent.Calls.Get(t.Context(), callSID, body)
	wantParamError(t, "WithJSON", err)
	_, err = silent.Calls.Get(t.Context(), callSID, twilio.WithProgress(func(int64, int64) {}))
	wantParamError(t, "WithProgress", err)
	wantParamError(t, "WithProgress", silent.Do(t.Context(), "GET", path, nil, nil, twilio.WithProgress(func(int64, int64) {})))
	wantParamError(t, "WithRequestTimeout", silent.Do(t.Context(), "GET", path, nil, nil, twilio.WithRequestTimeout(-1)))
	wantParamError(t, "WithRequestRetries", silent.Do(t.Context(), "GET", path, nil, nil, twilio.WithRequestRetries(-1)))
}

const mediaPath = "/2010-04-01/Accounts/" + mainSID + "/Recordings/RE1.mp3"

// TestDownload streams a body of any size, past its redirects, without the
// credentials.
func TestDownload(t *testing.T) {
	t.Parallel()
	const size = 100 << 20
	storage := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" {
			t.Error("credentials are sent to the storage")
		}
		w.Header().Set("Content-Type", "audio/mpeg")
		w.Header().Set("Content-Length", fmt.Sprint(size))
		for range size >> 20 {
			_, _ = w.Write(make([]byte, 1<<20))
		}
	}))
	defer storage.Close()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, _, ok := r.BasicAuth(); !ok {
			t.Error("no credentials are sent to Twilio")
		}
		http.Redirect(w, r, storage.URL+"/signed?x=1", http.StatusTemporaryRedirect)
	}))
	defer api.Close()
	client, err := twilio.NewClient(twilio.AuthToken(mainSID, mainToken), twilio.WithBaseURL(api.URL))
	if err != nil {
		t.Fatal(err)
	}
	var got countingWriter
	var last, total int64
	var meta twilio.ResponseMeta
	err = client.Do(t.Context(), "GET", mediaPath, nil, &got, twilio.WithResponseInto(&meta),
		twilio.WithProgress(func(written, of int64) { last, total = written, of }))
	if err != nil || got != size || last != size || total != size || meta.Header.Get("Content-Type") != "audio/mpeg" {
		t.Errorf("%v: %d bytes, progress %d of %d, %s", err, got, last, total, meta.Header.Get("Content-Type"))
	}
}

type countingWriter int64

func (w *countingWriter) Write(b []byte) (int, error) {
	*w += countingWriter(len(b))
	return len(b), nil
}

// TestDownloadFaults: a download is retried until its first byte is written,
// and says how far it came after that.
func TestDownloadFaults(t *testing.T) {
	t.Parallel()
	redirect := func(to string) step { return respond(302, "", "Location", to) }
	for name, test := range map[string]struct {
		steps    []step
		written  string
		status   int
		text     string
		attempts int
	}{
		"at first unavailable": {[]step{respond(503, "x"), connReset, respond(200, "abc")}, "abc", 0, "", 3},
		"empty":                {[]step{respond(200, "")}, "", 0, "", 1},
		"breaks off":           {[]step{cutOff(200, "abc")}, "abc", 0, "ended after 3 bytes", 1},
		"breaks off at once":   {[]step{cutOff(200, ""), respond(200, "abc")}, "abc", 0, "", 2},
		"not there":            {[]step{respondError(404, 20404)}, "", 404, "20404", 1},
		"to https":             {[]step{redirect("https://storage.example/x"), respond(200, "abc")}, "abc", 0, "", 1},
		"to http":              {[]step{redirect("http://storage.example/x")}, "", 0, "away from https", 0},
		"to https, 5 times":    {append(repeat(5, redirect("https://storage.example/x")), respond(200, "abc")), "abc", 0, "", 1},
		"to a user":            {[]step{redirect("https://a:b@storage.example/x")}, "", 0, "credentials in its URL", 0},
		"to nowhere":           {[]step{redirect("https://%zz")}, "", 0, "isn't a URL", 0},
		"in circles":           {repeat(6, redirect("https://storage.example/x")), "", 0, "more than 5 redirects", 0},
		"to what is forbidden": {[]step{redirect("https://storage.example/x"), respond(403, "<Error/>")}, "", 403, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				var meta twilio.ResponseMeta
				opts := []twilio.RequestOption{twilio.WithResponseInto(&meta)}
				if test.attempts == 0 {
					opts = append(opts, twilio.WithRequestRetries(0))
				}
				err := newClient(t, newScript(t, test.steps...)).Do(t.Context(), "GET", mediaPath, nil, &out, opts...)
				if out.String() != test.written || (err == nil) != (test.text == "" && test.status == 0) {
					t.Fatalf("wrote %q: %v", out.String(), err)
				}
				if e, ok := errors.AsType[*twilio.Error](err); test.status != 0 && (!ok || e.StatusCode != test.status) {
					t.Errorf("got %v, want status %d", err, test.status)
				}
				if err != nil && !strings.Contains(err.Error(), test.text) {
					t.Errorf("got %v, want %q", err, test.text)
				}
				if test.attempts > 0 && meta.Attempts != test.attempts {
					t.Errorf("%d attempts, want %d", meta.Attempts, test.attempts)
				}
			})
		})
	}
}

// TestDownloadFromAPlainHost: with WithInsecureHTTP a redirect may lead to the same
// host in plain text, and to no other.
func TestDownloadFromAPlainHost(t *testing.T) {
	t.Parallel()
	for to, ok := range map[string]bool{
		"http://fake:8080/x":       true,
		"/x":                       true,
		"https://storage.example/": true,
		"http://fake:9090/x":       false,
		"http://storage.example/x": false,
		"http://127.0.0.1/x":       false,
	} {
		t.Run(to, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			steps := []step{respond(302, "", "Location", to)}
			if ok {
				steps = append(steps, respond(200, "abc"))
			}
			client := newClient(t, newScript(t, steps...), twilio.WithBaseURL("http://fake:8080"), twilio.WithInsecureHTTP())
			err := client.Do(t.Context(), "GET", mediaPath, nil, &out, twilio.WithRequestRetries(0))
			if ok && (err != nil || out.String() != "abc") {
				t.Errorf("wrote %q: %v", out.String(), err)
			}
			if !ok && (err == nil || !strings.Contains(err.Error(), "away from https")) {
				t.Errorf("got %v, want a refusal", err)
			}
		})
	}
	// Once on https, a download stays there.
	script := newScript(t, respond(302, "", "Location", "https://storage.example/x"), respond(302, "", "Location", "http://fake:8080/x"))
	client := newClient(t, script, twilio.WithBaseURL("http://fake:8080"), twilio.WithInsecureHTTP())
	err := client.Do(t.Context(), "GET", mediaPath, nil, io.Discard, twilio.WithRequestRetries(0))
	if err == nil || !strings.Contains(err.Error(), "away from https") {
		t.Errorf("got %v, want a refusal", err)
	}
}

// TestDownloadTime: the limit of an attempt is on silence, not on the whole,
// and the context ends it at once.
func TestDownloadTime(t *testing.T) {
	t.Parallel()
	trickle := func(parts int, every time.Duration) step {
		return func(r *http.Request) (*http.Response, error) {
			body, w := io.Pipe()
			go func() {
				for range parts {
					select {
					case <-time.After(every):
						_, _ = w.Write([]byte("x"))
					case <-r.Context().Done():
						_ = w.CloseWithError(r.Context().Err())
						return
					}
				}
				_ = w.Close()
			}()
			return &http.Response{StatusCode: http.StatusOK, Body: body, ContentLength: -1, Request: r}, nil
		}
	}
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		if err := newClient(t, newScript(t, trickle(100, 20*time.Second))).Do(t.Context(), "GET", mediaPath, nil, &out); err != nil || out.Len() != 100 {
			t.Errorf("slow but steady: %d bytes, %v", out.Len(), err)
		}
		out.Reset()
		err := newClient(t, newScript(t, trickle(2, time.Minute))).Do(t.Context(), "GET", mediaPath, nil, &out, twilio.WithRequestRetries(0))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("silence: %v", err)
		}
		slow := writerFunc(func(b []byte) (int, error) {
			<-time.After(10 * time.Minute)
			return len(b), nil
		})
		if err := newClient(t, newScript(t, trickle(3, time.Second))).Do(t.Context(), "GET", mediaPath, nil, slow); err != nil {
			t.Errorf("a slow writer: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(25*time.Second, cancel)
		start := time.Now()
		err = newClient(t, newScript(t, trickle(100, 10*time.Second))).Do(ctx, "GET", mediaPath, nil, &out)
		if !errors.Is(err, context.Canceled) || time.Since(start) != 25*time.Second || !strings.Contains(err.Error(), "ended after 2 bytes") {
			t.Errorf("canceled: %v after %v", err, time.Since(start))
		}
	})
	full := errors.New("disk full")
	err := newClient(t, newScript(t, respond(200, "abc"))).Do(t.Context(), "GET", mediaPath, nil, writerFunc(func([]byte) (int, error) { return 1, full }))
	if !errors.Is(err, full) || !strings.Contains(err.Error(), "after 1 bytes") {
		t.Errorf("a full disk: %v", err)
	}
}

// TestDownloadToABadWriter: what a writer has after an error isn't known, even
// if it says none, so that nothing is written to it again.
func TestDownloadToABadWriter(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	for name, test := range map[string]struct {
		write writerFunc
		want  error
		text  string
	}{
		"full at once": {func([]byte) (int, error) { return 0, full }, full, "after 0 bytes"},
		"too few":      {func([]byte) (int, error) { return 2, nil }, io.ErrShortWrite, "after 2 bytes"},
		"too many":     {func(b []byte) (int, error) { return len(b) + 1, nil }, io.ErrShortWrite, "after 3 bytes"},
		"negative":     {func([]byte) (int, error) { return -1, nil }, io.ErrShortWrite, "after 0 bytes"},
	} {
		var meta twilio.ResponseMeta
		err := newClient(t, newScript(t, respond(200, "abc"))).Do(t.Context(), "GET", mediaPath, nil, test.write, twilio.WithResponseInto(&meta))
		if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.text) || meta.Attempts != 1 {
			t.Errorf("%s: %v after %d attempts", name, err, meta.Attempts)
		}
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// Products that take JSON get it, with the subaccount's own credentials.
func ExampleWithJSON() {
	own, err := twilio.NewClient(twilio.AuthToken("AC00000000000000000000000000000002", "the subaccount's AuthToken"),
		twilio.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			body, _ := io.ReadAll(r.Body)
			fmt.Println(r.Method, r.URL, string(body))
			return &http.Response{StatusCode: http.StatusCreated}, nil
		})}))
	if err != nil {
		log.Fatal(err)
	}
	err = own.Do(context.Background(), "POST", "https://content.twilio.com/v1/Content", nil, nil,
		twilio.WithJSON(map[string]any{"friendly_name": "greeting", "language": "en"}))
	fmt.Println(err)
	// Output:
	// POST https://content.twilio.com/v1/Content {"friendly_name":"greeting","language":"en"}
	// <nil>
}

func ExampleWithProgress() {
	client, err := twilio.NewClient(twilio.AuthToken("AC00000000000000000000000000000001", "the AuthToken"),
		twilio.WithHTTPClient(&http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, ContentLength: 5, Body: io.NopCloser(strings.NewReader("RIFF…"[:5]))}, nil
		})}))
	if err != nil {
		log.Fatal(err)
	}
	err = client.Do(context.Background(), "GET", "/2010-04-01/Accounts/AC00000000000000000000000000000001/Recordings/RE1.wav", nil, io.Discard,
		twilio.WithProgress(func(written, total int64) { fmt.Println(written, "of", total) }))
	fmt.Println(err)
	// Output:
	// 5 of 5
	// <nil>
}
