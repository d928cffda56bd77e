package twilio_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"reflect"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// beside are the types that aren't the parameter or result of a service's method.
var beside = []reflect.Type{
	reflect.TypeFor[twilio.Client](), reflect.TypeFor[twilio.Credentials](), reflect.TypeFor[twilio.Secret](), reflect.TypeFor[twilio.ResponseMeta](),
	reflect.TypeFor[twilio.Error](), reflect.TypeFor[twilio.TransportError](), reflect.TypeFor[twilio.ParamError](), reflect.TypeFor[twilio.AccountError](),
	reflect.TypeFor[twilio.ForEachError](), reflect.TypeFor[twilio.PanicError](), reflect.TypeFor[twilio.DuplicateAccountsError](),
}

// TestEveryTypeKeepsSecrets fills every exported struct, wherever it has room for
// a secret, and renders it. Which structs there are is read from the source.
func TestEveryTypeKeepsSecrets(t *testing.T) {
	t.Parallel()
	types := map[string]reflect.Type{}
	for _, typ := range beside {
		collect(typ, types)
	}
	for _, name := range methodNames(twilioClient) {
		method := methodOf(twilioClient, name).Type()
		for in := range method.Ins() {
			collect(in, types)
		}
		for out := range method.Outs() {
			collect(out, types)
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
		// What Twilio gives away in an answer is a Secret, not a string.
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

// everyVerb has all letters, those that mean nothing included: with them package
// fmt doesn't ask a value how it wants to be printed.
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

// collect adds a type and all that it leads to, if they are structs of ours.
func collect(typ reflect.Type, types map[string]reflect.Type) {
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Array:
		collect(typ.Elem(), types)
	case reflect.Func: // of a callback or an iterator
		for in := range typ.Ins() {
			collect(in, types)
		}
	case reflect.Struct:
		if typ.PkgPath() != reflect.TypeFor[twilio.Client]().PkgPath() || types[typ.Name()] != nil {
			return
		}
		types[typ.Name()] = typ
		for field := range typ.Fields() {
			if field.IsExported() {
				collect(field.Type, types)
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

// filler puts secrets, and what holds some, wherever there is room.
type filler struct {
	client  *twilio.Client
	secret  twilio.Secret
	err     error
	secrets int
}

func newFiller(t *testing.T) *filler {
	t.Helper()
	s := newScript(t, answer(200, `{"auth_token":"`+canaryToken+`"}`), fail(errors.New(canaryToken+canaryNumber)))
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

// TestErrorsInLogs: what is the API's own text stays out of structured logs, and
// out of JSON a list's filters.
func TestErrorsInLogs(t *testing.T) {
	t.Parallel()
	body := `{"code":21211,"message":"no ` + canaryNumber + `","details":{"` + canaryText + `":"` + canaryNumber + `"}}`
	s := newScript(t, answer(400, body), answer(400, body))
	client := newClient(t, s)
	_, err := client.Calls.List(t.Context(), twilio.CallListParams{To: "+" + canaryNumber})
	e, ok := errors.AsType[*twilio.Error](err)
	if !ok || e.Cursor == "" {
		t.Fatal(err)
	}
	wantNoCanary(t, "the log's value", e.LogValue())
	e.Message, e.Details = "", nil // which are Twilio's
	wantNoCanary(t, "the rest", e)
	if _, err = client.Calls.Get(t.Context(), callSID); !strings.Contains(err.Error(), canaryNumber) {
		t.Errorf("the API's message is lost: %v", err)
	}
}

// TestPanicsTellNothing: a panic in the caller's RoundTripper goes on to the
// caller as it is, tells nothing in its stack, and leaves the client usable.
func TestPanicsTellNothing(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]any{"text": "boom", "error": errors.New("boom"), "abort": http.ErrAbortHandler, "nothing": 7} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			panics := true
			client := must(twilio.NewClient(twilio.AuthToken(mainSID, canaryToken), twilio.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				if panics {
					panic(value)
				}
				return answer(201, `{"sid":"`+callSID+`"}`)(r)
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

// TestTraceHooks: httptrace hooks of the caller's are called, and see nothing
// but what SECURITY.md says: the fields of the header, as they are written.
func TestTraceHooks(t *testing.T) {
	t.Parallel()
	twin, sid := oneCall(t)
	srv, _ := listening(t, twin, overTLS)
	client := speaking(t, srv.URL, twilio.WithHTTPClient(srv.Client())).WithCredentials(twilio.AuthToken(mainSID, canaryToken))
	var seen []string
	authorization := 0
	hook := func(name string, values ...any) {
		seen = append(seen, name)
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
				authorization++
				return
			}
			hook("WroteHeaderField", key, value)
		},
	})
	if _, err := client.Calls.Get(ctx, sid); !errors.Is(err, twilio.ErrUnauthorized) {
		t.Errorf("got %v", err)
	}
	for _, name := range []string{"GetConn", "GotConn", "ConnectStart", "ConnectDone", "TLSHandshakeDone", "WroteHeaders", "WroteRequest", "GotFirstResponseByte"} {
		if !slices.Contains(seen, name) {
			t.Errorf("%s wasn't called", name)
		}
	}
	if authorization != 1 {
		t.Errorf("the Authorization field was written %d times", authorization)
	}
}
