package twilio_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"
	texttemplate "text/template"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

const (
	canaryToken  = "canary7oken5inging1nthec0almine0"
	canaryKey    = "canary5ecret5inging1nthec0almine"
	canaryNumber = "15005550173"
	canaryText   = "words of love"
)

// canaries are what must not be found, in every form that it could have.
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

// wantNoCanary renders a value in every way that programs render values in.
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

// holder is a user's own type with ours inside.
type holder struct {
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
	if source := string(must(os.ReadFile("options.go"))); strings.Count(source, ") Option {") != len(everyOption(nil, nil)) {
		t.Error("everyOption lacks an option")
	}
	const account = `{"sid":"` + subSID + `","auth_token":"` + canaryToken + `"}`
	s := newScript(t,
		answer(200, account), answer(200, `{"accounts":[`+account+`]}`),
		answer(201, `{"sid":"`+keySID+`","secret":"`+canaryKey+`"}`), answer(201, `{"sid":"`+keySID+`","secret":"`+canaryKey+`"}`))
	main := twilio.AuthToken(mainSID, canaryToken)
	opts := everyOption(&http.Client{Transport: s}, slog.New(slog.DiscardHandler))
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
	all := holder{
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

// everyOption gives each option that there is.
func everyOption(client *http.Client, logger *slog.Logger) []twilio.Option {
	return []twilio.Option{
		twilio.WithHTTPClient(client), twilio.WithLogger(logger), twilio.WithBaseURL("https://api.twilio.com"), twilio.WithEdge("ashburn"),
		twilio.WithRegion("us1"), twilio.WithMaxRetries(1), twilio.WithRetryWait(0, 0), twilio.WithTimeout(time.Minute), twilio.WithUserAgent("test/1"),
		twilio.WithRateLimiter(waiter(func(context.Context) error { return nil })), twilio.WithSubaccount(mainSID),
	}
}

// TestNoErrorOrLogTells makes every kind of call go wrong in every way, with
// secrets and numbers wherever there is room for them.
func TestNoErrorOrLogTells(t *testing.T) {
	t.Parallel()
	const everything = canaryToken + " " + canaryKey + " +" + canaryNumber + " " + canaryText
	echo := func(r *http.Request) (*http.Response, error) { // an error that quotes the request
		return nil, fmt.Errorf("%s %s %v: %s", r.Method, r.URL, r.Header, everything)
	}
	steps := map[string]step{
		"success":           answer(200, `{"calls":[],"next_page_uri":"`+callsPath+`?To=%2B`+canaryNumber+`"}`, "X-Echo", everything),
		"HTML":              answer(400, "<html>"+everything),
		"outage":            answer(503, everything),
		"error of the API":  answer(400, `{"code":21211,"message":"no","more_info":"https://www.twilio.com/docs/errors/21211"}`),
		"rate limit":        apiError(429, 20429, "Retry-After", "3600"),
		"error of nonsense": answer(400, `{"code":"`+everything+`","message":{"`+everything+`":1}}`),
		"redirect":          answer(307, "", "Location", "https://"+canaryToken+"@example.com/?To="+canaryNumber),
		"quoting":           echo,
		"quoting, wrapped": func(r *http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Post", URL: r.URL.String(), Err: errors.New(everything)}
		},
		"quoting, by value":    fail(quotingError(everything)),
		"reset":                reset,
		"HTML as success":      answer(200, "<html>"+everything),
		"nonsense as success":  answer(200, `{"calls":[{"price":"`+everything+`"}],"price":"`+everything+`","auth_token":{"`+everything+`":1}}`),
		"a strange map":        answer(200, `{"calls":[{"subresource_uris":{"`+everything+`":{}}}],"subresource_uris":{"`+everything+`":{}}}`),
		"cut off":              answer(200, `{"calls":[{"to":"`+everything),
		"broken off":           broken(200, `{"calls":[{"to":"`+everything),
		"next page elsewhere":  answer(200, `{"calls":[{}],"next_page_uri":"https://`+canaryToken+`@example.com/?To=`+canaryNumber+`"}`),
		"next page impossible": answer(200, `{"calls":[{}],"next_page_uri":"/%zz`+canaryNumber+`"}`),
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
				client := must(twilio.NewClient(twilio.AuthToken(mainSID, canaryToken), everyOption(&http.Client{Transport: rt}, logger)...))
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
				wantNoCanary(t, "a struct with the error", holder{Err: err, err: err})
			})
		}
	}
}

// quotingError is somebody's error that isn't a pointer.
type quotingError string

func (e quotingError) Error() string { return string(e) }

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestParamErrorsQuoteNothing: what is refused here may be a secret in the wrong
// place.
func TestParamErrorsQuoteNothing(t *testing.T) {
	t.Parallel()
	client := must(twilio.NewClient(twilio.AuthToken(mainSID, canaryToken)))
	ctx := t.Context()
	newErr := func(cred twilio.Credentials, opts ...twilio.Option) error {
		_, err := twilio.NewClient(cred, opts...)
		return err
	}
	get := func(c *twilio.Client, sid string, opts ...twilio.RequestOption) error {
		_, err := c.Calls.Get(ctx, sid, opts...)
		return err
	}
	good := twilio.AuthToken(mainSID, canaryToken)
	_, createErr := client.Calls.Create(ctx, twilio.CallCreateParams{To: "+" + canaryNumber, From: "+" + canaryNumber})
	_, bothErr := client.Calls.Create(ctx, twilio.CallCreateParams{To: "+" + canaryNumber, From: "+" + canaryNumber, URL: canaryText, TwiML: canaryText})
	_, longErr := client.Accounts.Create(ctx, twilio.AccountCreateParams{FriendlyName: strings.Repeat(canaryNumber, 9)})
	_, cursorErr := client.Calls.Resume(ctx, canaryNumber+canaryToken)
	_, ensureErr := client.Calls.List(ctx, twilio.CallListParams{To: "+" + canaryNumber, PageSize: -1})
	for name, err := range map[string]error{
		"token for a SID":          newErr(twilio.AuthToken(canaryToken, mainSID)),
		"key for a SID":            newErr(twilio.AuthToken("SK"+canaryKey, canaryToken)),
		"token with a space":       newErr(twilio.AuthToken(mainSID, canaryToken+" ")),
		"secret for a key's SID":   newErr(twilio.APIKey(mainSID, canaryKey, keySID)),
		"credentials in the URL":   newErr(good, twilio.WithBaseURL("https://AC1:"+canaryToken+"@api.twilio.com")),
		"query in the URL":         newErr(good, twilio.WithBaseURL("https://api.twilio.com/?token="+canaryToken)),
		"URL that isn't one":       newErr(good, twilio.WithBaseURL("https://api.twilio.com:"+canaryToken)),
		"URL without TLS":          newErr(good, twilio.WithBaseURL("http://"+canaryToken+".example.com")),
		"edge":                     newErr(good, twilio.WithEdge(canaryToken+"!")),
		"region":                   newErr(good, twilio.WithRegion(canaryToken)),
		"subaccount":               newErr(good, twilio.WithSubaccount(canaryToken)),
		"SID":                      get(client, canaryToken),
		"number for a SID":         get(client, "+"+canaryNumber),
		"SID with a path":          get(client, "CA/../"+canaryNumber),
		"subaccount later":         get(client.Subaccount(canaryToken), callSID),
		"credentials later":        get(client.WithCredentials(twilio.AuthToken(canaryToken, canaryKey)), callSID),
		"main key":                 get(client.WithCredentials(twilio.APIKey(mainSID, keySID, canaryKey)).Subaccount(subSID), callSID),
		"header":                   get(client, callSID, twilio.WithHeader("Authorization", canaryToken)),
		"method":                   client.Do(ctx, canaryToken, callsPath, nil, nil),
		"path":                     client.Do(ctx, "GET", "https://evil.example/?token="+canaryToken, nil, nil),
		"path that isn't one":      client.Do(ctx, "GET", "/%zz"+canaryNumber, nil, nil),
		"nothing to call with":     createErr,
		"too much to call with":    bothErr,
		"name that is too long":    longErr,
		"cursor":                   cursorErr,
		"page size with a filter":  ensureErr,
		"suspending oneself":       func() error { _, err := client.Accounts.Suspend(ctx, mainSID, twilio.SuspendParams{}); return err }(),
		"no friendly name, ensure": func() error { _, _, err := client.Accounts.Ensure(ctx, ""); return err }(),
	} {
		e, ok := errors.AsType[*twilio.ParamError](err)
		if !ok {
			t.Errorf("%s: got %T %v, want a *ParamError", name, err, err)
			continue
		}
		wantNoCanary(t, name, err)
		wantNoCanary(t, name, *e)
	}
}
