package webhook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

const accountSID = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

// A vector is a request, and whether Twilio has signed it.
type vector struct {
	ID             string
	Method         string
	URL            string `json:"received_url"`
	ContentType    string `json:"content_type"`
	Body           string
	Token          string `json:"verify_with_token"`
	Signature      string
	ShouldValidate bool `json:"should_validate"`
}

// vectors returns those of testdata, whose signatures were computed by a script
// or published by Twilio, and those of the file that TWILIO_WEBHOOK_VECTORS
// names.
func vectors(t *testing.T) []vector {
	t.Helper()
	var own []vector
	read(t, "testdata/vectors.json", &own)
	if name := os.Getenv("TWILIO_WEBHOOK_VECTORS"); name != "" {
		var more struct{ Vectors []vector }
		read(t, name, &more)
		if len(more.Vectors) == 0 {
			t.Fatalf("%s has no vectors", name)
		}
		own = append(own, more.Vectors...)
	}
	return own
}

func read(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// request returns the vector's request as a server receives it: with the
// absolute URL, or with the path and the Host header.
func (v vector) request(absolute bool) *http.Request {
	target := v.URL
	_, rest, _ := strings.Cut(v.URL, "://")
	host, path, _ := strings.Cut(rest, "/")
	if !absolute {
		target = "/" + path
	}
	r := httptest.NewRequest(v.Method, target, strings.NewReader(v.Body))
	if !absolute {
		r.Host = host
	}
	r.Header.Set("X-Twilio-Signature", v.Signature)
	if v.ContentType != "" {
		r.Header.Set("Content-Type", v.ContentType)
	}
	return r
}

func TestVectors(t *testing.T) {
	t.Parallel()
	for _, v := range vectors(t) {
		t.Run(v.ID, func(t *testing.T) {
			t.Parallel()
			account := webhook.WithAccount(func(*http.Request) string { return accountSID })
			tokens := webhook.Static(accountSID, v.Token)
			verifier, err := webhook.NewVerifier(tokens, account)
			if err != nil {
				t.Fatal(err)
			}
			r := v.request(true)
			if got, err := verifier.Verify(r); (err == nil) != v.ShouldValidate || (got == accountSID) != v.ShouldValidate {
				t.Errorf("of the request's URL: %q, %v; want it to pass: %v", got, err, v.ShouldValidate)
			}
			u, err := url.Parse(v.URL)
			if err != nil {
				t.Fatal(err)
			}
			origin, _, _ := strings.Cut(v.URL, u.Host)
			verifier, err = webhook.NewVerifier(tokens, account, webhook.WithPublicURL(origin+u.Host))
			if err == nil {
				_, err = verifier.Verify(v.request(false))
			}
			if (err == nil) != v.ShouldValidate {
				t.Errorf("of the public URL: %v; want it to pass: %v", err, v.ShouldValidate)
			}
		})
	}
}

// signed returns a POST request of a form, signed with a token.
func signed(t *testing.T, address, token string, form url.Values) *http.Request {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	sign(t, r, token)
	return r
}

func sign(t *testing.T, r *http.Request, token string) {
	t.Helper()
	if err := webhook.Sign(r, token); err != nil {
		t.Fatal(err)
	}
}

// form is a form that names an account, and has more parameters.
func form(accountSID string, pairs ...string) url.Values {
	v := url.Values{"AccountSid": {accountSID}}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func newVerifier(t *testing.T, tokens webhook.Tokens, opts ...webhook.Option) *webhook.Verifier {
	t.Helper()
	v, err := webhook.NewVerifier(tokens, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const (
	hook  = "https://hooks.example.com/sms"
	token = "0123456789abcdef0123456789abcdef"
)

// record returns the response of a handler behind the middleware.
func record(v *webhook.Verifier, r *http.Request, handler http.HandlerFunc) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	v.Middleware(handler).ServeHTTP(w, r)
	return w
}

func TestMiddlewarePassesOnTheWholeRequest(t *testing.T) {
	t.Parallel()
	v := newVerifier(t, webhook.Static(accountSID, token))
	sent := form(accountSID, "Body", strings.Repeat("Ahoy ", 1000))
	r := signed(t, hook+"?tenant=7", token, sent)
	w := record(v, r, func(w http.ResponseWriter, r *http.Request) {
		if got := webhook.AccountSID(r.Context()); got != accountSID {
			t.Errorf("the account is %q", got)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil || string(body) != sent.Encode() {
			t.Errorf("the body is %d bytes long, and %v; want %d", len(body), err, len(sent.Encode()))
		}
		w.WriteHeader(http.StatusNoContent)
	})
	if w.Code != http.StatusNoContent {
		t.Errorf("status %d", w.Code)
	}
	if got := webhook.AccountSID(t.Context()); got != "" {
		t.Errorf("without the middleware the account is %q", got)
	}
}

// The middleware works behind and before other handlers, in HTTP/1.1 and 2, and
// however the body is sent.
func TestMiddlewareAmongOthers(t *testing.T) {
	t.Parallel()
	v := newVerifier(t, webhook.Static(accountSID, token))
	handler := v.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		message, err := webhook.ParseMessage(r)
		if err != nil || r.FormValue("Body") != message.Body {
			t.Errorf("the form has %q: %v", r.FormValue("Body"), err)
			return
		}
		_, _ = io.WriteString(w, r.Proto)
		if err := http.NewResponseController(w).Flush(); err != nil && r.URL.Path == "/flush" {
			t.Error(err)
		}
	}))
	mux := http.NewServeMux()
	mux.Handle("/hooks/", http.StripPrefix("/hooks", http.TimeoutHandler(handler, time.Minute, "")))
	mux.Handle("/flush", handler)
	sent := form(accountSID, "MessageSid", "SM1", "Body", strings.Repeat("Ahoy ", 10_000))
	for _, http2 := range []bool{false, true} {
		srv := httptest.NewUnstartedServer(mux)
		srv.EnableHTTP2 = http2
		srv.StartTLS()
		for _, path := range []string{"/hooks/sms?x=1", "/flush"} {
			for _, body := range []io.Reader{strings.NewReader(sent.Encode()), io.MultiReader(strings.NewReader(sent.Encode()))} {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+path, body)
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.Header.Set("Expect", "100-continue")
				r.Header.Set("X-Twilio-Signature", webhook.Signature(srv.URL+path, sent, token))
				response, err := srv.Client().Do(r)
				if err != nil {
					t.Fatal(err)
				}
				text, err := io.ReadAll(response.Body)
				_ = response.Body.Close()
				if err != nil || string(text) != response.Proto || strings.HasPrefix(response.Proto, "HTTP/2") != http2 {
					t.Errorf("%s over %s: %s %q, %v", path, response.Proto, response.Status, text, err)
				}
			}
		}
		srv.Close()
	}
}

func TestMiddlewareSaysNothing(t *testing.T) {
	t.Parallel()
	unreachable := webhook.TokensFunc(func(context.Context, string) ([]twilio.Secret, error) {
		return nil, errors.New("dial db.internal: password " + token)
	})
	none := webhook.TokensFunc(func(context.Context, string) ([]twilio.Secret, error) { return nil, nil })
	empty := webhook.TokensFunc(func(context.Context, string) ([]twilio.Secret, error) { return make([]twilio.Secret, 1), nil })
	own := webhook.Static(accountSID, token)
	const stranger = "ACbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	phone := form(accountSID, "From", "+14155550100")
	tests := []struct {
		name   string
		tokens webhook.Tokens
		r      *http.Request
		want   int
	}{
		{"no signature", own, httptest.NewRequest(http.MethodPost, hook, nil), 403},
		{"another token", own, signed(t, hook, "fedcba", phone), 403},
		{"another account", own, signed(t, hook, token, form(stranger)), 403},
		{"no SID", own, signed(t, hook, token, form("+14155550100")), 403},
		{"an upper-case SID", own, signed(t, hook, token, form(strings.ToUpper(accountSID))), 403},
		{"two accounts", own, signed(t, hook, token, form(accountSID, "AccountSid", stranger)), 403},
		{"the look-up fails", unreachable, signed(t, hook, token, phone), 503},
		{"the store has none", none, signed(t, hook, token, phone), 403},
		{"the store has an empty token", empty, signed(t, hook, "", phone), 503},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			v := newVerifier(t, tt.tokens, webhook.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
			w := record(v, tt.r, func(http.ResponseWriter, *http.Request) { t.Error("the handler was called") })
			if w.Code != tt.want || w.Body.Len() > 0 || len(w.Header()) > 0 {
				t.Errorf("%d %v %q, want %d and nothing else", w.Code, w.Header(), w.Body, tt.want)
			}
			line := log.String()
			if !strings.Contains(line, "webhook refused") || !strings.Contains(line, "status="+strconv.Itoa(tt.want)) {
				t.Errorf("the log has %q", line)
			}
			for _, secret := range []string{token, "fedcba", "4155550100", "password"} {
				if strings.Contains(line, secret) {
					t.Errorf("the log has %q: %s", secret, line)
				}
			}
		})
	}
}

func TestErrorsCanBeToldApart(t *testing.T) {
	t.Parallel()
	cause := errors.New("db: +14155550100 is down")
	v := newVerifier(t, webhook.TokensFunc(func(context.Context, string) ([]twilio.Secret, error) { return nil, cause }))
	_, err := v.Verify(signed(t, hook, token, form(accountSID)))
	if !errors.Is(err, webhook.ErrUnavailable) || !errors.Is(err, cause) || strings.Contains(err.Error(), "+1415") {
		t.Errorf("a failed look-up is %v", err)
	}
	v = newVerifier(t, webhook.Static(accountSID, token))
	_, err = v.Verify(signed(t, hook, token, form("ACbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")))
	if !errors.Is(err, webhook.ErrUnknownAccount) || errors.Is(err, webhook.ErrSignature) {
		t.Errorf("an unknown account is %v", err)
	}
	_, err = v.Verify(signed(t, hook, token, form(accountSID, "AccountSid", "ACbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")))
	if !errors.Is(err, webhook.ErrSignature) {
		t.Errorf("two accounts are %v", err)
	}
	r := signed(t, hook, "other", form(accountSID))
	r.Header.Set("X-Twilio-Webhooks-Signature-Settings", "key=AP1,algorithm=HMAC_SHA256")
	if _, err = v.Verify(r); !errors.Is(err, webhook.ErrSignature) || !strings.Contains(err.Error(), "webhook rule") {
		t.Errorf("a signature with a shared key is %v", err)
	}
}

// Header tricks, and bodies that somebody has read before.
func TestHostileRequestsAreRefused(t *testing.T) {
	t.Parallel()
	v := newVerifier(t, webhook.Static(accountSID, token), webhook.WithPublicURL("https://hooks.example.com"), webhook.WithMaxBody(1000))
	good := func() *http.Request { return signed(t, hook, token, form(accountSID)) }
	if _, err := v.Verify(good()); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		change func(r *http.Request)
		passes bool
	}{
		{"another Host header, which the public URL overrides", func(r *http.Request) { r.Host = "evil.example.com" }, true},
		{"X-Forwarded headers, which are ignored", func(r *http.Request) {
			r.Header.Set("X-Forwarded-Host", "evil.example.com")
			r.Header.Set("X-Forwarded-Proto", "http")
			r.Header.Set("X-Original-Url", "/voice")
			r.Header.Set("X-Http-Method-Override", "GET")
		}, true},
		{"two signatures", func(r *http.Request) { r.Header.Add("X-Twilio-Signature", r.Header.Get("X-Twilio-Signature")) }, false},
		{"a second Content-Type", func(r *http.Request) {
			r.Header["Content-Type"] = []string{"text/plain", "application/x-www-form-urlencoded"}
		}, false},
		{"another path", func(r *http.Request) { r.RequestURI = "https://hooks.example.com/voice" }, false},
		{"the path of an earlier middleware, which isn't what was requested", func(r *http.Request) { r.URL.Path = "/" }, true},
		{"not a path", func(r *http.Request) { r.RequestURI = "*" }, false},
		{"a form that was parsed before", func(r *http.Request) { _ = r.ParseForm() }, false},
		{"a body that breaks off", func(r *http.Request) { r.Body = io.NopCloser(iotest.ErrReader(errors.New("+14155550100"))) }, false},
		{"a large body", func(r *http.Request) { r.Body = io.NopCloser(io.LimitReader(endless{}, 1<<40)); r.ContentLength = -1 }, false},
		{"a large Content-Length", func(r *http.Request) { r.ContentLength = 1 << 40 }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := good()
			tt.change(r)
			_, err := v.Verify(r)
			if (err == nil) != tt.passes {
				t.Errorf("got %v", err)
			}
			if err != nil && (!errors.Is(err, webhook.ErrSignature) || strings.Contains(err.Error(), "+1")) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// Requests that are signed, and are refused all the same.
func TestSignaturesDoNotHelpBeyondTheLimits(t *testing.T) {
	t.Parallel()
	v := newVerifier(t, webhook.Static(accountSID, token))
	wants := func(what string, r *http.Request, passes bool) {
		t.Helper()
		if _, err := v.Verify(r); (err == nil) != passes {
			t.Errorf("%s: %v", what, err)
		}
	}
	// Somebody has read a form that the signature doesn't cover.
	r := httptest.NewRequest(http.MethodPost, hook+"?AccountSid="+accountSID, strings.NewReader(""))
	sign(t, r, token)
	wants("a URL alone", r, true)
	r.PostForm = form(accountSID, "Body", "forged")
	wants("a URL alone, and a form that was read", r, false)

	// More tokens than an account has.
	v = newVerifier(t, webhook.TokensFunc(func(context.Context, string) (tokens []twilio.Secret, _ error) {
		for i := range 5 {
			tokens = append(tokens, twilio.NewSecret(strconv.Itoa(i)))
		}
		return tokens, nil
	}))
	wants("the fourth token", signed(t, hook, "3", form(accountSID)), true)
	wants("the fifth token", signed(t, hook, "4", form(accountSID)), false)

	// The largest limit is none.
	v = newVerifier(t, webhook.Static(accountSID, token), webhook.WithMaxBody(math.MaxInt64))
	r = signed(t, hook, token, form(accountSID))
	wants("no limit", r, true)
	if r.FormValue("AccountSid") != accountSID {
		t.Error("the body is lost")
	}
}

// A body has as many parameters as net/http reads, and as many bytes as the
// verifier is told.
func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	sent := form(accountSID)
	for i := range 9_999 {
		sent.Set(strconv.Itoa(i), "")
	}
	size := int64(len(sent.Encode()))
	tests := map[string]struct {
		extra   string
		maxBody int64
		passes  bool
	}{
		"as many parameters and bytes as are read": {"", size, true},
		"a byte more":      {"", size - 1, false},
		"a parameter more": {"x", size + 100, false},
	}
	for name, tt := range tests {
		v := newVerifier(t, webhook.Static(accountSID, token), webhook.WithMaxBody(tt.maxBody))
		values := maps.Clone(sent)
		if tt.extra != "" {
			values.Set(tt.extra, "")
		}
		for _, length := range []int64{-1, int64(len(values.Encode()))} {
			r := signed(t, hook, token, sent)
			r.Body = io.NopCloser(strings.NewReader(values.Encode()))
			r.ContentLength = length
			r.Header.Set("X-Twilio-Signature", webhook.Signature(hook, values, token))
			_, err := v.Verify(r)
			if (err == nil) != tt.passes {
				t.Errorf("%s: %v", name, err)
			}
			if tt.passes && (r.ParseForm() != nil || len(r.PostForm) != len(values)) {
				t.Errorf("%s: %d parameters are left", name, len(r.PostForm))
			}
		}
	}
}

// endless is a body without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func TestPublicURLWithAPath(t *testing.T) {
	t.Parallel()
	v := newVerifier(t, webhook.Static(accountSID, token), webhook.WithPublicURL("https://example.com/twilio/"))
	r := signed(t, "https://example.com/twilio/sms?x=1", token, form(accountSID))
	r.RequestURI, r.URL.Path, r.Host = "/sms?x=1", "/sms", "10.0.0.7:8080"
	if _, err := v.Verify(r); err != nil {
		t.Error(err)
	}
	// The proxy leaves nothing of the path.
	for _, configured := range []string{"https://example.com/twilio", "https://example.com/twilio/"} {
		r := signed(t, configured, token, form(accountSID))
		r.RequestURI, r.URL.Path, r.Host = "/", "/", "10.0.0.7:8080"
		if _, err := v.Verify(r); err != nil {
			t.Errorf("%s: %v", configured, err)
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	good := webhook.Static(accountSID, token)
	store := func(context.Context, string) ([]twilio.Secret, error) { return nil, nil }
	tests := map[string]struct {
		tokens webhook.Tokens
		option webhook.Option
	}{
		"tokens":            {nil, webhook.WithMaxBody(1)},
		"tokens ":           {webhook.Static(accountSID, ""), webhook.WithMaxBody(1)},
		"tokens  ":          {webhook.Static(accountSID, []string{}...), webhook.WithMaxBody(1)},
		"tokens   ":         {webhook.Static(accountSID, "1", "2", "3", "4", "5"), webhook.WithMaxBody(1)},
		"accountSID":        {webhook.Static("", token), webhook.WithMaxBody(1)},
		"tokens    ":        {webhook.FromStore(nil), webhook.WithMaxBody(1)},
		"tokens       ":     {webhook.FromMain(nil), webhook.WithMaxBody(1)},
		"tokens     ":       {webhook.TokensFunc(nil), webhook.WithMaxBody(1)},
		"tokens      ":      {(*webhook.Cache)(nil), webhook.WithMaxBody(1)},
		"WithLookUps":       {webhook.FromStore(store, webhook.WithLookUps(math.NaN())), webhook.WithMaxBody(1)},
		"WithLookUps ":      {webhook.FromStore(store, webhook.WithLookUps(-1)), webhook.WithMaxBody(1)},
		"WithMaxBody":       {good, webhook.WithMaxBody(0)},
		"WithLogger":        {good, webhook.WithLogger(nil)},
		"WithPublicURL":     {good, webhook.WithPublicURL("hooks.example.com")},
		"WithPublicURL ":    {good, webhook.WithPublicURL("https://user:pass@hooks.example.com")},
		"WithPublicURL  ":   {good, webhook.WithPublicURL("https://hooks.example.com?x=1")},
		"WithPublicURL   ":  {good, webhook.WithPublicURL("ftp://hooks.example.com")},
		"WithPublicURL    ": {good, webhook.WithPublicURL("https://hooks.example.com#x")},
	}
	for field, tt := range tests {
		_, err := webhook.NewVerifier(tt.tokens, tt.option)
		e, ok := errors.AsType[*twilio.ParamError](err)
		if !ok || e.Field != strings.TrimSpace(field) {
			t.Errorf("%s: got %v", field, err)
		}
	}
}

func TestAccountOfTheURL(t *testing.T) {
	t.Parallel()
	v := newVerifier(t, webhook.Static(accountSID, token), webhook.WithAccount(func(r *http.Request) string {
		_, _ = io.Copy(io.Discard, r.Body) // it may read the body
		return r.PathValue("account")
	}))
	mux := http.NewServeMux()
	mux.Handle("POST /hooks/{account}", v.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, webhook.AccountSID(r.Context())+" "+string(body))
	})))
	r := httptest.NewRequest(http.MethodPost, "https://hooks.example.com/hooks/"+accountSID+"?x=1", strings.NewReader(`[{"type":"a"}]`))
	r.Header.Set("Content-Type", "application/json")
	sign(t, r, token)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	if got := w.Body.String(); got != accountSID+` [{"type":"a"}]` {
		t.Errorf("%d %s", w.Code, got)
	}
	// The form decides where the function finds nothing.
	v = newVerifier(t, webhook.Static(accountSID, token), webhook.WithAccount(func(*http.Request) string { return "" }))
	if got, err := v.Verify(signed(t, hook, token, form(accountSID))); got != accountSID || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	// The URL, which is signed, names the account of a form that doesn't.
	if got, err := v.Verify(signed(t, hook+"?AccountSid="+accountSID, token, url.Values{"A": {"1"}})); got != accountSID || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// The connection of a WebSocket reaches the handler, which takes it over. The
// application sees http or https where Twilio has signed ws or wss.
func TestWebSocketsPass(t *testing.T) {
	t.Parallel()
	v := newVerifier(t, webhook.Static(accountSID, token))
	srv := httptest.NewServer(v.Middleware(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = conn.Close() }()
		_, _ = buffered.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
		_ = buffered.Flush()
		line, _ := buffered.ReadString('\n')
		_, _ = conn.Write([]byte("echo " + line))
	})))
	defer srv.Close()
	for _, suffix := range []string{"", "/"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/media", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Connection", "Upgrade")
		r.Header.Set("Upgrade", "websocket")
		signedURL := "ws://" + r.Host + "/media" + suffix
		r.Header.Set("X-Twilio-Signature", webhook.Signature(signedURL, nil, token))
		response, err := srv.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != http.StatusSwitchingProtocols {
			t.Fatalf("signed for %s: %s", signedURL, response.Status)
		}
		conn, _ := response.Body.(io.ReadWriteCloser)
		_, _ = io.WriteString(conn, "media\n")
		text, err := io.ReadAll(conn)
		if string(text) != "echo media\n" {
			t.Errorf("%q, %v", text, err)
		}
		_ = conn.Close()
	}
	// Behind a proxy that ends TLS.
	v = newVerifier(t, webhook.Static(accountSID, token), webhook.WithPublicURL("https://hooks.example.com"))
	r := httptest.NewRequest(http.MethodGet, "/media", nil)
	r.Header.Set("Upgrade", "websocket")
	r.Header.Set("X-Twilio-Signature", webhook.Signature("wss://hooks.example.com/media", nil, token))
	if _, err := v.Verify(r); err != nil {
		t.Error(err)
	}
}

// A request that Sign has signed passes after its journey, whatever its form.
func TestSignedRequestsPass(t *testing.T) {
	t.Parallel()
	v := newVerifier(t, webhook.Static(accountSID, token))
	srv := httptest.NewServer(v.Middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
	defer srv.Close()
	send := func(r *http.Request, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		sign(t, r, token)
		response, err := srv.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s %s: %s", r.Method, r.URL, response.Status)
		}
	}
	ctx := t.Context()
	send(http.NewRequestWithContext(ctx, http.MethodGet, srv.URL, nil))
	send(http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+"/a%2Fb?x=y%20z&AccountSid="+accountSID, nil))
	send(http.NewRequestWithContext(ctx, http.MethodGet, strings.Replace(srv.URL, "://", "://user:pass@", 1)+"/a?#rc=2", nil))
	for _, target := range []string{"/json", "/json?", "/json?x=1", "/json?bodySHA256=mine"} {
		send(http.NewRequestWithContext(ctx, http.MethodPost, srv.URL+target, strings.NewReader(`{"a":1}`)))
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL+"/sms?x=1", strings.NewReader(form(accountSID, "Body", "a;b&c=+d").Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	send(r, err)
}

func FuzzVerify(f *testing.F) {
	f.Add("POST", "/sms?x=1", "application/x-www-form-urlencoded", "L/OH5YylLD5NRKLltdqwSvS0BnU=", "AccountSid="+accountSID+"&Body=Hi")
	f.Add("GET", "/media'%27", "", "L/OH5YylLD5NRKLltdqwSvS0BnU=", "")
	f.Add("POST", "https://[::1]:80/?bodySHA256=0", "application/json; a", "W4Fly69gfgicO7IPIAsp5klXHcmqGTzorcer/sRQJ2o=", "{}")
	v, err := webhook.NewVerifier(webhook.Static(accountSID, token), webhook.WithMaxBody(4096))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, method, target, contentType, signature, body string) {
		r := &http.Request{Method: method, RequestURI: target, Host: "hooks.example.com", Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1, Header: http.Header{}}
		u, err := url.ParseRequestURI(target)
		if err != nil {
			return // a server refuses it
		}
		r.URL = u
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("X-Twilio-Signature", signature)
		if _, err := v.Verify(r); err == nil {
			t.Fatal("a signature made of nothing passes")
		}
		// What is signed passes, and its body is there to be read.
		if webhook.Sign(r, token) != nil || u.User != nil || len(body) > 4096 {
			return
		}
		named, _ := url.ParseQuery(body)
		if query := r.URL.Query(); named.Has("AccountSid") || query.Has("AccountSid") || strings.Contains(target, "#") {
			return
		}
		if _, err := v.Verify(r); err != nil {
			t.Fatalf("a signed request is refused: %v", err)
		}
		if left, err := io.ReadAll(r.Body); err != nil || string(left) != body {
			t.Fatalf("the body is %q, and %v", left, err)
		}
	})
}
