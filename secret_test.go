package twilio_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"iter"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	texttemplate "text/template"
	"time"
	"unicode"
	"unsafe"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/operations"
)

// otherTypes are those that no method of a service takes or returns.
var otherTypes = []reflect.Type{
	reflect.TypeFor[twilio.Client](), reflect.TypeFor[twilio.Credentials](), reflect.TypeFor[twilio.Secret](), reflect.TypeFor[twilio.ResponseMeta](),
	reflect.TypeFor[twilio.Error](), reflect.TypeFor[twilio.TransportError](), reflect.TypeFor[twilio.ParamError](), reflect.TypeFor[twilio.AccountError](), reflect.TypeFor[twilio.RequestInfo](),
	reflect.TypeFor[twilio.ForEachError](), reflect.TypeFor[twilio.PanicError](), reflect.TypeFor[twilio.DuplicateAccountsError](),
	reflect.TypeFor[twilio.DecodeError](), reflect.TypeFor[twilio.EndAllParams](),
}

// TestEveryTypeKeepsSecrets fills every exported struct of the source with
// secrets and renders it.
func TestEveryTypeKeepsSecrets(t *testing.T) {
	t.Parallel()
	types := map[string]reflect.Type{}
	for _, typ := range otherTypes {
		collectTypes(typ, types)
	}
	for _, name := range operations.MethodNames() {
		method := operations.MethodType(name)
		for in := range method.Ins() {
			collectTypes(in, types)
		}
		for out := range method.Outs() {
			collectTypes(out, types)
		}
	}
	known := map[string]bool{}
	for name := range types {
		name, _, _ = strings.Cut(name, "[") // Page[Call]
		known[name] = true
	}
	for _, name := range exportedStructs(t) {
		if !known[name] {
			t.Errorf("%s is in no signature of a service; add it to those beside", name)
		}
	}
	filler := newFiller(t)
	for _, name := range slices.Sorted(maps.Keys(types)) {
		v := reflect.New(types[name])
		filler.fill(v.Elem(), 0)
		wantNoCanary(t, name, v.Interface())
		wantNoCanary(t, name+" by value", v.Elem().Interface())
		wantNoCanary(t, name+" in a struct", struct{ shown, Held any }{v.Interface(), v.Elem().Interface()})
		for verb := range everyVerb() {
			for _, v := range []any{v.Interface(), v.Elem().Interface(), []any{v.Interface()}} {
				text := fmt.Sprintf(verb, v)
				if slices.ContainsFunc(canaries, func(canary string) bool { return strings.Contains(text, canary) }) {
					t.Errorf("%s by %s: %s", name, verb, text)
				}
			}
		}
		// A credential in a response is a Secret, not a string.
		for field := range types[name].Fields() {
			if _, isAnswer := field.Tag.Lookup("json"); isAnswer && field.Type.Kind() == reflect.String && strings.Contains(field.Name+" ", "Token ") {
				t.Errorf("%s.%s is a string", name, field.Name)
			}
		}
	}
	if filler.secrets < 5 {
		t.Errorf("only %d secrets were put anywhere", filler.secrets)
	}
}

// everyVerb has all letters, unknown verbs included, with which package fmt
// doesn't call methods of the value.
func everyVerb() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, flag := range []string{"", "+", "#"} {
			for c := 'A'; c <= 'z'; c++ {
				if unicode.IsLetter(c) && !yield("%"+flag+string(c)) {
					return
				}
			}
		}
	}
}

// collectTypes adds a type and all that it leads to, if they are structs of
// ours.
func collectTypes(typ reflect.Type, types map[string]reflect.Type) {
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Array:
		collectTypes(typ.Elem(), types)
	case reflect.Func: // of a callback or an iterator
		for in := range typ.Ins() {
			collectTypes(in, types)
		}
	case reflect.Struct:
		if typ.PkgPath() != reflect.TypeFor[twilio.Client]().PkgPath() || types[typ.Name()] != nil {
			return
		}
		types[typ.Name()] = typ
		for field := range typ.Fields() {
			if field.IsExported() {
				collectTypes(field.Type, types)
			}
		}
	}
}

// exportedStructs has the names of those in the source.
func exportedStructs(t *testing.T) (names []string) {
	t.Helper()
	for _, decl := range surface(t, ".") {
		if match := regexp.MustCompile(`^type ([A-Z]\w*)(\[.*\])? struct {`).FindStringSubmatch(decl); match != nil {
			names = append(names, match[1])
		}
	}
	return names
}

// filler fills structs with secrets and with types that hold secrets.
type filler struct {
	client  *twilio.Client
	secret  twilio.Secret
	err     error
	secrets int
}

func newFiller(t *testing.T) *filler {
	t.Helper()
	s := newScript(t, respond(200, `{"sid":"AC1","auth_token":"`+canaryToken+`"}`), failWith(errors.New(canaryToken+canaryNumber)))
	client := must(twilio.NewClient(twilio.AuthToken(mainSID, canaryToken), twilio.WithHTTPClient(&http.Client{Transport: s}), twilio.WithMaxRetries(0)))
	acct := must(client.Accounts.Get(t.Context(), subSID))
	_, err := client.Accounts.Get(t.Context(), subSID)
	return &filler{client: client, secret: acct.AuthToken, err: err}
}

func (f *filler) fill(v reflect.Value, depth int) {
	if depth > 6 {
		return
	}
	switch v.Type() {
	case reflect.TypeFor[twilio.Secret]():
		f.secrets++
		v.Set(reflect.ValueOf(f.secret))
		return
	case reflect.TypeFor[twilio.Credentials]():
		v.Set(reflect.ValueOf(twilio.AuthToken(mainSID, canaryToken)))
		return
	case reflect.TypeFor[*twilio.Client]():
		v.Set(reflect.ValueOf(f.client))
		return
	case reflect.TypeFor[twilio.Client]():
		v.Set(reflect.ValueOf(*f.client))
		return
	case reflect.TypeFor[error]():
		v.Set(reflect.ValueOf(f.err))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		f.fill(v.Index(0), depth+1)
	case reflect.Map:
		key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.fill(elem, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, elem)
	case reflect.Struct:
		for field, value := range v.Fields() {
			if field.IsExported() {
				f.fill(value, depth+1)
			}
		}
	}
}

// TestPanicsKeepSecrets checks that a panic of the caller's RoundTripper
// reaches the caller unchanged, with no secret in its stack, and leaves the
// client usable.
func TestPanicsKeepSecrets(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]any{"text": "boom", "error": errors.New("boom"), "abort": http.ErrAbortHandler, "nothing": 7} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			panics := true
			client := must(twilio.NewClient(twilio.AuthToken(mainSID, canaryToken), twilio.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				if panics {
					panic(value)
				}
				return respond(201, `{"sid":"`+callSID+`"}`)(r)
			})})))
			call := func() (recovered any, stack string, err error) {
				defer func() {
					recovered, stack = recover(), string(debug.Stack())
				}()
				_, err = client.Messages.Create(t.Context(), twilio.MessageCreateParams{To: "+" + canaryNumber, From: "+" + canaryNumber, Body: canaryText})
				return recovered, stack, err
			}
			for range 3 {
				recovered, stack, _ := call()
				if recovered != value {
					t.Errorf("recovered %v, want %v", recovered, value)
				}
				wantNoCanary(t, "the panic", recovered)
				wantNoCanary(t, "the stack", stack)
			}
			panics = false
			if recovered, _, err := call(); recovered != nil || err != nil {
				t.Errorf("after the panic: %v, %v", recovered, err)
			}
		})
	}
}

// TestTraceHooks checks that the caller's httptrace hooks are called, and see
// no more than SECURITY.md says: the fields of the header.
func TestTraceHooks(t *testing.T) {
	t.Parallel()
	twin, sid := fakeWithCall(t)
	srv, _ := startServer(t, twin, overTLS)
	client := clientFor(t, srv.URL, twilio.WithHTTPClient(srv.Client())).WithCredentials(twilio.AuthToken(mainSID, canaryToken))
	var mu sync.Mutex // net/http calls the hooks in goroutines of its own
	var seen []string
	var authorization atomic.Int32
	hook := func(name string, values ...any) {
		mu.Lock()
		seen = append(seen, name)
		mu.Unlock()
		for _, v := range values {
			wantNoCanary(t, "hook "+name, v)
		}
	}
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		GetConn: func(hostPort string) { hook("GetConn", hostPort) },
		GotConn: func(info httptrace.GotConnInfo) {
			hook("GotConn", info.Reused, info.WasIdle, fmt.Sprint(info.Conn.RemoteAddr()))
		},
		ConnectStart:         func(network, addr string) { hook("ConnectStart", network, addr) },
		ConnectDone:          func(network, addr string, err error) { hook("ConnectDone", network, addr, err) },
		TLSHandshakeStart:    func() { hook("TLSHandshakeStart") },
		TLSHandshakeDone:     func(_ tls.ConnectionState, err error) { hook("TLSHandshakeDone", err) },
		WroteHeaders:         func() { hook("WroteHeaders") },
		WroteRequest:         func(info httptrace.WroteRequestInfo) { hook("WroteRequest", info) },
		GotFirstResponseByte: func() { hook("GotFirstResponseByte") },
		Got1xxResponse:       func(int, textproto.MIMEHeader) error { return nil },
		WroteHeaderField: func(key string, value []string) {
			if key == "Authorization" {
				authorization.Add(1)
				return
			}
			hook("WroteHeaderField", key, value)
		},
	})
	if _, err := client.Calls.Get(ctx, sid); !errors.Is(err, twilio.ErrUnauthorized) {
		t.Errorf("got %v", err)
	}
	for _, name := range []string{"GetConn", "GotConn", "ConnectStart", "ConnectDone", "TLSHandshakeDone", "WroteHeaders", "WroteRequest", "GotFirstResponseByte"} {
		// WroteRequest may be called after the response has arrived.
		if !eventually(func() bool {
			mu.Lock()
			defer mu.Unlock()
			return slices.Contains(seen, name)
		}) {
			t.Errorf("%s wasn't called", name)
		}
	}
	if n := authorization.Load(); n != 1 {
		t.Errorf("the Authorization field was written %d times", n)
	}
}

const (
	canaryToken  = "canary7oken5inging1nthec0almine0"
	canaryKey    = "canary5ecret5inging1nthec0almine"
	canaryNumber = "15005550173"
	canaryText   = "words of love"
)

// canaries are texts that must not be found, in every form they could have.
var canaries = func() (forms []string) {
	for _, user := range []string{mainSID, subSID, keySID} {
		for _, secret := range []string{canaryToken, canaryKey} {
			forms = append(forms, base64.StdEncoding.EncodeToString([]byte(user+":"+secret)))
		}
	}
	for _, text := range []string{canaryToken, canaryKey, canaryNumber, canaryText} {
		forms = append(forms, text, hex.EncodeToString([]byte(text)), strings.ToUpper(hex.EncodeToString([]byte(text))),
			url.QueryEscape(text), fmt.Sprint([]byte(text)))
	}
	return forms
}()

var (
	textTemplate = texttemplate.Must(texttemplate.New("").Parse(`{{.}} {{printf "%#v" .}} {{html .}} {{js .}} {{urlquery .}}`))
	htmlTemplate = htmltemplate.Must(htmltemplate.New("").Parse(`{{.}}<a title="{{.}}"><script>x={{.}}</script>`))
)

// wantNoCanary renders a value in every way that programs do.
func wantNoCanary(t *testing.T, name string, v any) {
	t.Helper()
	rendered := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%10v", "% x"} {
		rendered[verb] = fmt.Sprintf(verb, v)
		rendered["["+verb+"]"] = fmt.Sprintf(verb, []any{v})
	}
	if text, err := json.Marshal(v); err == nil {
		rendered["JSON"] = string(text)
	}
	if text, err := xml.Marshal(v); err == nil {
		rendered["XML"] = string(text)
	}
	var stored, page, web bytes.Buffer
	_ = gob.NewEncoder(&stored).Encode(struct{ V any }{v}) // what it refuses, it may have written in part
	if value := reflect.ValueOf(v); value.Kind() == reflect.Pointer && !value.IsNil() {
		_ = gob.NewEncoder(&stored).Encode(v)
	}
	rendered["gob"] = stored.String()
	_ = textTemplate.Execute(&page, v)
	rendered["text/template"] = page.String()
	_ = htmlTemplate.Execute(&web, v)
	rendered["html/template"] = web.String()
	var log bytes.Buffer
	logger := slog.New(slog.NewMultiHandler(slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)))
	logger.Info("a value", "v", v, slog.Group("group", "v", v), "list", []any{v}, "map", map[string]any{"v": v})
	rendered["slog"] = log.String()
	for how, text := range rendered {
		for _, canary := range canaries {
			if strings.Contains(text, canary) {
				t.Errorf("%s by %s shows %q: %s", name, how, canary, text)
			}
		}
	}
}

// userStruct is a user's type that holds the library's.
type userStruct struct {
	Client      *twilio.Client
	Credentials twilio.Credentials
	Secret      twilio.Secret
	Account     *twilio.Account
	Key         twilio.Key
	Err         error

	client      twilio.Client
	credentials *twilio.Credentials
	secret      twilio.Secret
	account     twilio.Account
	key         *twilio.Key
	err         error
	secrets     []twilio.Secret
	byName      map[string]twilio.Secret
	options     []twilio.Option
}

func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	if source := string(must(os.ReadFile("options.go"))); strings.Count(source, ") Option {") != len(allOptions(nil, nil)) {
		t.Error("allOptions lacks an option")
	}
	const account = `{"sid":"` + subSID + `","auth_token":"` + canaryToken + `"}`
	s := newScript(t,
		respond(200, account), respond(200, `{"accounts":[`+account+`]}`),
		respond(201, `{"sid":"`+keySID+`","secret":"`+canaryKey+`"}`), respond(201, `{"sid":"`+keySID+`","secret":"`+canaryKey+`"}`))
	main := twilio.AuthToken(mainSID, canaryToken)
	opts := allOptions(&http.Client{Transport: s}, slog.New(slog.DiscardHandler))
	client, err := twilio.NewClient(main, opts...)
	if err != nil {
		t.Fatal(err)
	}
	acct := must(client.Accounts.Get(t.Context(), subSID))
	page := must(client.Accounts.List(t.Context(), twilio.AccountListParams{}))
	key := must(client.Keys.Create(t.Context(), twilio.KeyCreateParams{}))
	signing := must(client.SigningKeys.Create(t.Context(), twilio.SigningKeyCreateParams{}))
	if acct.AuthToken.Reveal() != canaryToken || page.Items[0].AuthToken.Reveal() != canaryToken ||
		key.Secret.Reveal() != canaryKey || signing.Secret.Reveal() != canaryKey {
		t.Fatal("the secrets weren't read")
	}
	byKey := twilio.APIKey(mainSID, keySID, canaryKey)
	sub, own := client.Subaccount(subSID), client.WithCredentials(acct.Credentials())
	embedded := struct {
		*twilio.Client
		twilio.Account
		Extra string
	}{own, *acct, "x"}
	all := userStruct{
		Client: client, Credentials: main, Secret: acct.AuthToken, Account: acct, Key: *key,
		client: *sub, credentials: &byKey, secret: key.Secret, account: *acct, key: key,
		secrets: []twilio.Secret{acct.AuthToken}, byName: map[string]twilio.Secret{"a": key.Secret}, options: opts,
	}
	for name, v := range map[string]any{
		"client": client, "client value": *client, "subaccount": sub, "own": own, "by key": client.WithCredentials(byKey),
		"service": client.Accounts, "service value": *client.Accounts,
		"credentials": main, "credentials pointer": &main, "key credentials": byKey, "account credentials": acct.Credentials(),
		"secret": acct.AuthToken, "secret pointer": &acct.AuthToken, "no secret": twilio.Secret{},
		"account": acct, "account value": *acct, "accounts": page, "items": page.Items,
		"key": key, "key value": *key, "signing key": signing, "signing key value": *signing,
		"options": opts, "option": opts[0], "holder": all, "holder pointer": &all, "embedded": embedded, "embedded pointer": &embedded,
	} {
		wantNoCanary(t, name, v)
	}
	if text := fmt.Sprintf("%v %+v %#v", acct.AuthToken, acct.AuthToken, acct.AuthToken); text != "[redacted] [redacted] [redacted]" {
		t.Errorf("a secret prints %s", text)
	}
	if text, err := json.Marshal(acct); err != nil || !strings.Contains(string(text), `"auth_token":null`) {
		t.Errorf("an account in JSON is %s, %v", text, err)
	}
	if text, err := json.Marshal(key); err != nil || !strings.Contains(string(text), `"secret":null`) {
		t.Errorf("a key in JSON is %s, %v", text, err)
	}
}

// allOptions returns every option.
func allOptions(client *http.Client, logger *slog.Logger) []twilio.Option {
	return []twilio.Option{
		twilio.WithHTTPClient(client), twilio.WithLogger(logger), twilio.WithBaseURL("https://api.twilio.com"), twilio.WithEdge("ashburn"),
		twilio.WithRegion("us1"), twilio.WithMaxRetries(1), twilio.WithRetryWait(0, 0), twilio.WithTimeout(time.Minute), twilio.WithUserAgent("test/1"),
		twilio.WithRateLimiter(limiterFunc(func(context.Context) error { return nil })), twilio.WithSubaccount(mainSID),
		twilio.WithTransport(func(base http.RoundTripper) http.RoundTripper { return base }), twilio.WithInsecureHTTP(),
	}
}

// TestErrorsAndLogsKeepSecrets makes every kind of call fail in every way, with
// secrets and numbers in all texts.
func TestErrorsAndLogsKeepSecrets(t *testing.T) {
	t.Parallel()
	const everything = canaryToken + " " + canaryKey + " +" + canaryNumber + " " + canaryText
	echo := func(r *http.Request) (*http.Response, error) { // an error that quotes the request
		return nil, fmt.Errorf("%s %s %v: %s", r.Method, r.URL, r.Header, everything)
	}
	steps := map[string]step{
		"success":           respond(200, `{"calls":[],"next_page_uri":"`+callsPath+`?To=%2B`+canaryNumber+`"}`, "X-Echo", everything),
		"HTML":              respond(400, "<html>"+everything),
		"outage":            respond(503, everything),
		"error of the API":  respond(400, `{"code":21211,"message":"no","more_info":"https://www.twilio.com/docs/errors/21211"}`),
		"rate limit":        respondError(429, 20429, "Retry-After", "3600"),
		"error of nonsense": respond(400, `{"code":"`+everything+`","message":{"`+everything+`":1}}`),
		"redirect":          respond(307, "", "Location", "https://"+canaryToken+"@example.com/?To="+canaryNumber),
		"quoting":           echo,
		"quoting, wrapped": func(r *http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Post", URL: r.URL.String(), Err: errors.New(everything)}
		},
		"quoting, by value":    failWith(quotingError(everything)),
		"reset":                connReset,
		"HTML as success":      respond(200, "<html>"+everything),
		"nonsense as success":  respond(200, `{"calls":[{"price":"`+everything+`"}],"price":"`+everything+`","auth_token":{"`+everything+`":1}}`),
		"a strange map":        respond(200, `{"calls":[{"subresource_uris":{"`+everything+`":{}}}],"subresource_uris":{"`+everything+`":{}}}`),
		"cut off":              respond(200, `{"calls":[{"to":"`+everything),
		"broken off":           cutOff(200, `{"calls":[{"to":"`+everything),
		"next page elsewhere":  respond(200, `{"calls":[{}],"next_page_uri":"https://`+canaryToken+`@example.com/?To=`+canaryNumber+`"}`),
		"next page impossible": respond(200, `{"calls":[{}],"next_page_uri":"/%zz`+canaryNumber+`"}`),
	}
	calls := map[string]func(context.Context, *twilio.Client) (any, error){
		"get": func(ctx context.Context, c *twilio.Client) (any, error) {
			_, err := c.Accounts.Get(ctx, subSID)
			return nil, err
		},
		"create": func(ctx context.Context, c *twilio.Client) (any, error) {
			_, err := c.Messages.Create(ctx, twilio.MessageCreateParams{To: "+" + canaryNumber, From: "+" + canaryNumber, Body: canaryText},
				twilio.WithHeader("X-Secret", canaryToken), twilio.WithForm(url.Values{"Secret": {canaryToken}}))
			return nil, err
		},
		"update": func(ctx context.Context, c *twilio.Client) (any, error) {
			_, err := c.Calls.Update(ctx, callSID, twilio.CallUpdateParams{TwiML: new("<Dial>+" + canaryNumber + "</Dial>")})
			return nil, err
		},
		"delete": func(ctx context.Context, c *twilio.Client) (any, error) {
			return nil, c.Calls.Delete(ctx, callSID)
		},
		"list": func(ctx context.Context, c *twilio.Client) (any, error) {
			return c.Calls.List(ctx, twilio.CallListParams{To: "+" + canaryNumber},
				twilio.WithForm(url.Values{"Secret": {canaryToken}}), twilio.WithHeader("X-Secret", canaryToken))
		},
		"all": func(ctx context.Context, c *twilio.Client) (any, error) {
			for _, err := range c.Calls.All(ctx, twilio.CallListParams{To: "+" + canaryNumber, Limit: 1}) {
				if err != nil {
					return nil, err
				}
			}
			return nil, nil // there is nothing to look at
		},
		"next": func(ctx context.Context, c *twilio.Client) (any, error) {
			page, err := c.Calls.List(ctx, twilio.CallListParams{To: "+" + canaryNumber},
				twilio.WithForm(url.Values{"Secret": {canaryToken}}), twilio.WithHeader("X-Secret", canaryToken))
			if err == nil && page.HasNext() {
				return page.Next(ctx)
			}
			return page, err
		},
		"do": func(ctx context.Context, c *twilio.Client) (any, error) {
			var out struct{ Price float64 }
			return nil, c.Do(ctx, "GET", callsPath+"?To=%2B"+canaryNumber, nil, &out)
		},
	}
	for stepName, step := range steps {
		for callName, call := range calls {
			t.Run(stepName+"/"+callName, func(t *testing.T) {
				t.Parallel()
				var log bytes.Buffer
				level := &slog.HandlerOptions{Level: slog.Level(math.MinInt), AddSource: true}
				logger := slog.New(slog.NewMultiHandler(slog.NewTextHandler(&log, level), slog.NewJSONHandler(&log, level)))
				rt := roundTripper(func(r *http.Request) (*http.Response, error) {
					wantNoCanary(t, "the request's context", r.Context())
					return step(r)
				})
				client := must(twilio.NewClient(twilio.AuthToken(mainSID, canaryToken), allOptions(&http.Client{Transport: rt}, logger)...))
				if callName == "delete" { // once with the other kind of credentials
					client = client.WithCredentials(twilio.APIKey(mainSID, keySID, canaryKey))
				}
				v, err := call(t.Context(), client)
				if log.Len() == 0 {
					t.Error("nothing was logged")
				}
				wantNoCanary(t, "the log", log.String())
				wantNoCanary(t, "the value", v)
				if err == nil {
					return
				}
				for name, err := range map[string]error{"the error": err, "wrapped": fmt.Errorf("billing: %w", err), "joined": errors.Join(err, err)} {
					wantNoCanary(t, name, err)
				}
				wantNoCanary(t, "the error's value", reflect.ValueOf(err).Elem().Interface())
				wantNoCanary(t, "a struct with the error", userStruct{Err: err, err: err})
			})
		}
	}
}

// quotingError is somebody's error that isn't a pointer.
type quotingError string

func (e quotingError) Error() string { return string(e) }

func TestSecretEqual(t *testing.T) {
	t.Parallel()
	a, again, b, none := twilio.NewSecret(canaryToken), twilio.NewSecret(canaryToken), twilio.NewSecret(canaryKey), twilio.NewSecret("")
	for _, tt := range []struct {
		x, y twilio.Secret
		want bool
	}{{a, a, true}, {a, again, true}, {a, b, false}, {a, none, false}, {none, none, true}, {none, twilio.Secret{}, true}} {
		if got := tt.x.Equal(tt.y); got != tt.want || reflect.DeepEqual(tt.x, tt.y) != tt.want {
			t.Errorf("%q and %q: Equal is %t", tt.x.Reveal(), tt.y.Reveal(), got)
		}
	}
	if a.Reveal() != canaryToken || a.IsZero() || !none.IsZero() || none.Reveal() != "" {
		t.Errorf("got %q and %q", a.Reveal(), none.Reveal())
	}
}

// TestSecretsAreEncrypted: those who follow pointers and look into unexported
// fields, as the printers of testing libraries do, find no secret.
func TestSecretsAreEncrypted(t *testing.T) {
	t.Parallel()
	account := twilio.Account{SID: subSID, AuthToken: twilio.NewSecret(canaryToken)}
	credentials := twilio.APIKey(mainSID, keySID, canaryKey)
	client, err := twilio.NewClient(credentials)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{account, &account, credentials, client, struct{ hidden twilio.Secret }{account.AuthToken}} {
		texts := allTexts(reflect.ValueOf(v), map[unsafe.Pointer]bool{})
		if len(texts) == 0 {
			t.Fatalf("%T: nothing was found", v)
		}
		for _, text := range texts {
			if strings.Contains(text, canaryToken) || strings.Contains(text, canaryKey) {
				t.Errorf("%T holds %q", v, text)
			}
		}
	}
}

// allTexts has every string that reflection gets at.
func allTexts(v reflect.Value, seen map[unsafe.Pointer]bool) (texts []string) {
	switch v.Kind() {
	case reflect.String:
		return []string{v.String()}
	case reflect.Pointer, reflect.Map, reflect.Slice:
		if v.IsNil() || seen[v.UnsafePointer()] {
			return nil
		}
		seen[v.UnsafePointer()] = true
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return allTexts(v.Elem(), seen)
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			texts = append(texts, allTexts(field, seen)...)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			texts = append(texts, allTexts(v.Index(i), seen)...)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			texts = append(append(texts, allTexts(key, seen)...), allTexts(v.MapIndex(key), seen)...)
		}
	}
	return texts
}

// TestSecretsAreRead: what can be read into a Secret, and what was written of
// one.
func TestSecretsAreRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`"abc"`: "abc", `"a\u0062c"`: "abc", `""`: "", `null`: "", `17`: "17", `"[redacted]"`: "",
	} {
		got := struct{ Secret twilio.Secret }{twilio.NewSecret("before")}
		if err := json.Unmarshal([]byte(`{"Secret":`+text+`}`), &got); err != nil || got.Secret.Reveal() != want {
			t.Errorf("%s: got %q, %v", text, got.Secret.Reveal(), err)
		}
	}
	for _, text := range []string{`{"a":"` + canaryToken + `"}`, `["` + canaryToken + `"]`} {
		err := json.Unmarshal([]byte(text), new(twilio.Secret))
		if err == nil || strings.Contains(err.Error(), canaryToken) {
			t.Errorf("%s: got %v", text, err)
		}
	}
	var stored struct{ Secret twilio.Secret }
	text, err := xml.Marshal(struct {
		XMLName xml.Name `xml:"x"`
		Secret  twilio.Secret
	}{Secret: twilio.NewSecret(canaryToken)})
	if err != nil || strings.Contains(string(text), canaryToken) {
		t.Fatalf("got %s, %v", text, err)
	}
	if err := xml.Unmarshal(text, &stored); err != nil || !stored.Secret.IsZero() {
		t.Errorf("got %q, %v", stored.Secret.Reveal(), err)
	}
	if err := xml.Unmarshal([]byte("<x><Secret>abc</Secret></x>"), &stored); err != nil || stored.Secret.Reveal() != "abc" {
		t.Errorf("got %q, %v", stored.Secret.Reveal(), err)
	}
	s := twilio.NewSecret("before")
	if err := s.Scan("abc"); err != nil || s.Reveal() != "abc" {
		t.Errorf("got %q, %v", s.Reveal(), err)
	}
	row := []byte("xyz")
	err = s.Scan(row)
	row[0] = '-' // it is the database's, for the next row
	if err != nil || s.Reveal() != "xyz" {
		t.Errorf("got %q, %v", s.Reveal(), err)
	}
	if err := s.Scan(nil); err != nil || !s.IsZero() {
		t.Errorf("got %q, %v", s.Reveal(), err)
	}
	if err := s.Scan(17); err == nil {
		t.Error("a number is a secret")
	}
	if text := fmt.Sprint(s.Scan([]string{canaryToken})); strings.Contains(text, canaryToken) {
		t.Errorf("got %s", text)
	}
}
