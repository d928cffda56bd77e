package twiliotest_test

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/loopback"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

// sendTo sends a message whose status callback is the URL, and returns the
// deliveries: that of the status sent only.
func sendTo(t *testing.T, srv *twiliotest.Server, callback string) []twiliotest.Delivery {
	t.Helper()
	srv.SetOutcome(twiliotest.Outcome{To: theirs, MessageStatus: twilio.MessageStatusSent})
	if _, err := srv.Client().Messages.Create(t.Context(), twilio.MessageCreateParams{
		From: ours, To: theirs, Body: "Ahoy", StatusCallback: callback,
	}); err != nil {
		t.Fatal(err)
	}
	srv.Advance(10 * time.Second)
	return srv.Deliveries()
}

func TestWebhooksAreRetriedAsTheURLSays(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fragment string
		status   int
		attempts int
	}{
		{"", 500, 1}, // only connections that fail are retried
		{"", 404, 1},
		{"#rc=3", 500, 1},
		{"#rc=3&rp=5xx", 500, 4},
		{"#rp=5xx", 500, 2},
		{"#rc=3&rp=5xx", 404, 1},
		{"#rc=2&rp=4xx,rt", 404, 3},
		{"#rc=5&rp=all", 404, 6},
		{"#rc=0&rp=all", 500, 1},
		{"#rc=6&rp=all", 500, 2}, // out of range
		{"#rp=all", 200, 1},
	} {
		var tokens []string
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			tokens = append(tokens, r.Header.Get("I-Twilio-Idempotency-Token"))
			if r.URL.Fragment != "" || strings.Contains(r.RequestURI, "#") {
				t.Error("the fragment was sent")
			}
			w.WriteHeader(test.status)
		})
		got := sendTo(t, twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(handler)), "https://example.com/status"+test.fragment)
		if len(got) != 1 || got[0].Attempts != test.attempts || got[0].Status != test.status || len(tokens) != test.attempts {
			t.Errorf("%s, %d: %d requests, delivery: %+v", test.fragment, test.status, len(tokens), got)
		}
		for _, token := range tokens {
			if token != got[0].ID {
				t.Errorf("%s: the idempotency tokens differ: %v", test.fragment, tokens)
			}
		}
		if failed := got[0].ErrorCode == 11200; failed != (test.status >= 400) {
			t.Errorf("%s, %d: code %d", test.fragment, test.status, got[0].ErrorCode)
		}
	}
}

func TestWebhooksTimeOut(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fragment string
		attempts int32
		took     time.Duration
	}{
		{"", 1, 15 * time.Second},
		{"#rt=500", 1, 500 * time.Millisecond},
		{"#rt=500&rc=2&rp=rt", 3, 1500 * time.Millisecond},
		{"#tt=700&rt=500&rc=5&rp=all", 2, 700 * time.Millisecond},
		{"#rt=100", 1, 100 * time.Millisecond},
		{"#tt=100", 1, 100 * time.Millisecond},
		{"#rt=99&tt=99", 1, 15 * time.Second}, // out of range
		{"#rt=15001&tt=15001", 1, 15 * time.Second},
		{"#rt=15000&tt=15000&rc=5&rp=all", 1, 15 * time.Second}, // never more in all
		{"#ct=1&rt=x&tt=&rc&e=ashburn,dublin&sni=n&new=1&&", 1, 15 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			var attempts atomic.Int32
			srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				attempts.Add(1)
				<-r.Context().Done()
			})))
			defer srv.Close()
			start := time.Now()
			got := sendTo(t, srv, "https://example.com/status"+test.fragment)
			if len(got) != 1 || got[0].ErrorCode != 11205 || got[0].Status != 0 || attempts.Load() != test.attempts || time.Since(start) != test.took {
				t.Errorf("%s: %d attempts in %v, %+v", test.fragment, attempts.Load(), time.Since(start), got)
			}
		})
	}
}

// A connection that isn't made is tried twice.
func TestWebhooksRetryConnections(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	defer srv.Close()
	got := sendTo(t, srv, "http://"+loopback.DeadAddress(t))
	if len(got) != 1 || got[0].Attempts != 2 || got[0].ErrorCode != 11205 || !got[0].Called {
		t.Errorf("delivery: %+v", got)
	}
	// A certificate that nobody vouches for is refused.
	app := httptest.NewUnstartedServer(new(receiver))
	app.Config.ErrorLog = log.New(io.Discard, "", 0)
	app.StartTLS()
	defer app.Close()
	if got = sendTo(t, srv, app.URL); got[1].ErrorCode != 11237 || got[1].Status != 0 {
		t.Errorf("delivery: %+v", got[1])
	}
	if got = sendTo(t, srv, "http://under_score.localhost/"); got[2].Called || got[2].Error == "" {
		t.Errorf("delivery: %+v", got[2])
	}
}

func TestWebhookHosts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		url    string
		hosts  []string
		called bool
	}{
		{"http://example.invalid/", nil, false},
		{"http://example.invalid/", []string{"example.com"}, false},
		{"http://example.invalid/", []string{"example.invalid"}, true},
		{"http://example.invalid/", []string{"*"}, true},
		{"http://localhost:1/", nil, true},
		{"http://app.localhost:1/", nil, true},
		{"http://127.3.2.1:1/", nil, true},
		{"http://[::1]:1/", nil, true},
		{"http://127.0.0.1.example.invalid/", nil, false},
		{"http://10.0.0.1/", nil, false},
	} {
		srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhookHosts(test.hosts...))
		if got := sendTo(t, srv, test.url); len(got) != 1 || got[0].Called != test.called {
			t.Errorf("%s with %q: %+v", test.url, test.hosts, got)
		}
		srv.Close()
	}
}

// A redirect is followed, signed for its own URL, but not to a host that may not
// be called.
func TestWebhooksFollowRedirects(t *testing.T) {
	t.Parallel()
	for _, keeps := range []bool{false, true} {
		var got []string
		var signatures = make(map[string]bool)
		app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			got = append(got, fmt.Sprint(r.Method, r.URL.Path, len(body) > 0))
			signatures[r.Header.Get("X-Twilio-Signature")] = true
			switch r.URL.Path {
			case "/status":
				http.Redirect(w, r, "/found", http.StatusFound)
			case "/found":
				http.Redirect(w, r, "/temporary", http.StatusTemporaryRedirect)
			case "/loop":
				http.Redirect(w, r, "/loop", http.StatusFound)
			case "/away":
				http.Redirect(w, r, "http://example.invalid/", http.StatusFound)
			}
		}))
		srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhookRules(twiliotest.WebhookRules{RedirectKeepsMethod: keeps}))
		want := "[POST/statustrue GET/foundfalse GET/temporaryfalse]"
		if keeps {
			want = "[POST/statustrue POST/foundtrue POST/temporarytrue]"
		}
		d := sendTo(t, srv, app.URL+"/status")
		if fmt.Sprint(got) != want || d[0].Status != 200 || len(signatures) != 3 {
			t.Errorf("keeps %v: %v with %d signatures, %+v", keeps, got, len(signatures), d)
		}
		got = nil
		if d = sendTo(t, srv, app.URL+"/loop"); len(got) != 11 || d[1].ErrorCode != 11215 {
			t.Errorf("loop: %d requests, %+v", len(got), d[1])
		}
		if d = sendTo(t, srv, app.URL+"/away"); !strings.Contains(d[2].Error, "loopback") || !d[2].Called || d[2].ErrorCode == 0 {
			t.Errorf("away: %+v", d[2])
		}
		srv.Close()
		app.Close()
	}
}

func TestWebhooksAuthenticateWhenAsked(t *testing.T) {
	t.Parallel()
	hash := func(parts ...string) string {
		sum := md5.Sum([]byte(strings.Join(parts, ":")))
		return hex.EncodeToString(sum[:])
	}
	for _, challenge := range []string{`Basic realm="r"`, `Digest realm="r", nonce="abc", qop="auth", algorithm=MD5, opaque="o"`, `Digest realm="r", nonce="abc"`, `Bearer`} {
		var authorizations []string
		srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			authorizations = append(authorizations, r.Header.Get("Authorization"))
			body, _ := io.ReadAll(r.Body)
			if len(body) == 0 || r.Header.Get("X-Twilio-Signature") == "" || strings.Contains(r.Host, "@") {
				t.Errorf("%s: request %s %s", challenge, r.Host, body)
			}
			if r.Header.Get("Authorization") == "" {
				w.Header().Set("WWW-Authenticate", challenge)
				w.WriteHeader(http.StatusUnauthorized)
			}
		})))
		d := sendTo(t, srv, "https://me:secret@example.com/status?a=b")
		if challenge == "Bearer" {
			if len(authorizations) != 1 || d[0].Status != 401 {
				t.Errorf("%s: %q, %+v", challenge, authorizations, d)
			}
			continue
		}
		if len(authorizations) != 2 || authorizations[0] != "" || d[0].Status != 200 {
			t.Errorf("%s: %q, %+v", challenge, authorizations, d)
			continue
		}
		header := authorizations[1]
		field := func(name string) string {
			match := regexp.MustCompile(name + `="?([^",]*)`).FindStringSubmatch(header)
			if match == nil {
				return ""
			}
			return match[1]
		}
		secret, request := hash("me", "r", "secret"), hash("POST", "/status?a=b")
		want := hash(secret, "abc", request)
		if strings.Contains(challenge, "qop") {
			want = hash(secret, "abc", field("nc"), field("cnonce"), "auth", request)
		}
		switch {
		case strings.HasPrefix(challenge, "Basic") && header != "Basic bWU6c2VjcmV0":
			t.Errorf("%s: %s", challenge, header)
		case strings.HasPrefix(challenge, "Digest") && (field("response") != want || field("username") != "me" || field("uri") != "/status?a=b"):
			t.Errorf("%s: %s", challenge, header)
		}
	}
}

// The port of an https URL is signed, except where TwiML for a call is asked for.
func TestWebhooksSignThePort(t *testing.T) {
	t.Parallel()
	for _, keep := range []bool{false, true} {
		l := newLine(t, twiliotest.WithWebhookRules(twiliotest.WebhookRules{KeepPort: keep}))
		account, err := l.srv.Client().Accounts.Get(t.Context(), l.sub)
		if err != nil {
			t.Fatal(err)
		}
		for path, methods := range map[string][]string{"/voice": {"POST", "GET"}, "/progress": {"POST"}} {
			for _, method := range methods {
				l.got = nil
				l.call(`<Response><Hangup/></Response>`, func(p *twilio.CallCreateParams) {
					p.URL, p.Method, p.StatusCallback = "https://example.com:8443/voice?a=b", twilio.HTTPMethod(method), "https://example.com:8443/progress"
				})
				l.srv.Advance(time.Minute)
				for _, r := range l.got {
					if r.URL.Path != path {
						continue
					}
					host, form := "https://example.com:8443", url.Values(nil)
					if path == "/voice" && !keep {
						host = "https://example.com"
					}
					if r.Method == http.MethodPost {
						form, _ = url.ParseQuery(r.body)
					}
					if got := r.Header.Get("X-Twilio-Signature"); r.Host != "example.com:8443" || got != webhook.Signature(host+r.RequestURI, form, account.AuthToken) {
						t.Errorf("%s %s, KeepPort %v: the signature isn't that of %s", r.Method, path, keep, host)
					}
				}
				if len(l.got) != 5 {
					t.Errorf("%d webhooks", len(l.got))
				}
			}
		}
	}
}

// A call keeps its cookies, and no other call has them.
func TestWebhooksKeepCookiesPerCall(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.handle("/voice", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "call", Value: r.FormValue("CallSid")})
		_, _ = io.WriteString(w, `<Response><Redirect>/next</Redirect></Response>`)
	})
	l.on("/next", `<Response><Hangup/></Response>`)
	first := l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
	second := l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
	var cookies []string
	for _, r := range l.got {
		if r.URL.Path != "/ended" {
			cookies = append(cookies, r.URL.Path+" "+r.Header.Get("Cookie"))
		}
	}
	l.wants("cookies", cookies, []string{"/voice ", "/next call=" + first.SID, "/voice ", "/next call=" + second.SID})
}

// What a handler does wrong is a failure of the webhook, and not of the test.
// A handler that writes without an end is told that nobody reads.
func TestHandlersThatWriteTooMuch(t *testing.T) {
	t.Parallel()
	var wrote int
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for err := error(nil); err == nil && wrote < 1<<30; {
			var n int
			n, err = w.Write(make([]byte, 1000))
			wrote += n
		}
	})))
	got := sendTo(t, srv, "https://example.com/status")
	if len(got) != 1 || got[0].ErrorCode != 11750 || len(got[0].Body) != 64<<10 || wrote != 64<<10+1 {
		t.Errorf("wrote %d bytes, deliveries: %d, code %d", wrote, len(got), got[0].ErrorCode)
	}
}

// What a handler can do over a network, it can do in memory.
func TestHandlersThatFlush(t *testing.T) {
	t.Parallel()
	h := new(receiver)
	h.handle("/sms", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(http.StatusEarlyHints)
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "text/plain") // too late
		_, _ = io.WriteString(w, `<Response><Message>Thanks</Message></Response>`)
	})
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(h))
	srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: ours, SMSURL: "https://example.com/sms"})
	srv.ReceiveMessage(twiliotest.InboundMessage{From: theirs, To: ours, Body: "Hello"})
	if d := srv.Deliveries()[0]; d.Status != http.StatusOK || d.ContentType != "text/xml" || d.Error != "" {
		t.Errorf("%+v", d)
	}
}

func TestHandlersThatFail(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"panic": func(http.ResponseWriter, *http.Request) { panic("oops") },
		"abort": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"late":  func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<Response/>"); panic("oops") },
	} {
		d := sendTo(t, twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(handler)), "https://example.com/status")
		if len(d) != 1 || d[0].Attempts != 1 || d[0].ErrorCode != 11205 || !strings.Contains(d[0].Error, "handler panicked") {
			t.Errorf("%s: %+v", name, d)
		}
	}
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		code    int
	}{
		"ends its goroutine": {func(http.ResponseWriter, *http.Request) { runtime.Goexit() }, 11205},
		"redirects to itself": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path, http.StatusTemporaryRedirect)
		}, 11215},
		"redirects to another kind":  {redirectTo("ftp://example.com/"), 11216},
		"redirects to nothing known": {redirectTo("::%"), 11205},
		"has no status":              {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(0) }, 0},
		"has another status":         {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(999) }, 11200},
		"can't be hijacked":          {func(w http.ResponseWriter, _ *http.Request) { _, _, _ = http.NewResponseController(w).Hijack() }, 0},
	} {
		d := sendTo(t, twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(test.handler)), "https://example.com/status")
		if len(d) != 1 || d[0].Attempts != 1 || d[0].ErrorCode != test.code {
			t.Errorf("a handler that %s: %+v", name, d)
		}
	}
}

func redirectTo(location string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", location)
		w.WriteHeader(http.StatusFound)
	}
}
