package twilio_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/operations"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// TestErrorsInLogs checks that the API's own text stays out of structured logs,
// and a list's filters out of JSON.
func TestErrorsInLogs(t *testing.T) {
	t.Parallel()
	body := `{"code":21211,"message":"no ` + canaryNumber + `","details":{"` + canaryText + `":"` + canaryNumber + `"}}`
	s := newScript(t, respond(400, body), respond(400, body))
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

// TestErrorsOfCallbacksInLogs: a function of the caller's may have called Twilio
// itself; the text of that error stays out of structured logs, too.
func TestErrorsOfCallbacksInLogs(t *testing.T) {
	t.Parallel()
	refused := &twilio.Error{Operation: "calls.create", StatusCode: 400, Code: 21211, Message: "no " + canaryNumber}
	saveKey := func(context.Context, *twilio.Key) error { return refused }
	srv := twiliotest.NewUnstartedServer()
	client, account := srv.Client(), srv.AddSubaccount(twilio.Account{FriendlyName: "acme"})
	sub := client.Subaccount(account.SID)
	_, key := srv.AddKey(account.SID, "backend")
	_, ofToken := client.Accounts.RotateAuthToken(t.Context(), account.SID, twilio.RotateAuthTokenParams{
		Save: func(context.Context, twilio.Secret) error { return refused },
	})
	_, ofKey := sub.Keys.Rotate(t.Context(), key, twilio.KeyRotateParams{Save: saveKey})
	_, ofProvision := client.Accounts.Provision(t.Context(), twilio.ProvisionParams{
		FriendlyName: "acme",
		Key:          &twilio.KeyCreateParams{FriendlyName: "frontend"},
		SaveKey:      func(ctx context.Context, _ string, key *twilio.Key) error { return saveKey(ctx, key) },
	})
	_, ofSpend := sub.Calls.Spend(t.Context(), twilio.CallListParams{},
		twilio.WithCheckpoints(nil, func(context.Context, json.RawMessage) error { return refused }))
	for name, err := range map[string]error{"RotateAuthToken": ofToken, "Rotate": ofKey, "Provision": ofProvision, "Spend": ofSpend} {
		if !errors.Is(err, refused) || !strings.Contains(err.Error(), canaryNumber) {
			t.Errorf("%s: the error is lost: %v", name, err)
		}
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Error("failed", "err", err)
		if text := log.String(); strings.Contains(text, canaryNumber) || !strings.Contains(text, "21211") {
			t.Errorf("%s: logged %s", name, text)
		}
	}
}

// TestErrorResponses checks that any response that isn't a success is an *Error
// with the status of the response.
func TestErrorResponses(t *testing.T) {
	t.Parallel()
	const details = `{"code":21211,"message":"Invalid 'To'","more_info":"https://www.twilio.com/docs/errors/21211","status":400,"details":{"field":"To"}}`
	for _, tt := range []struct {
		name   string
		status int
		body   string
		want   twilio.Error // what comes from the body
		text   string
	}{
		{"all members", 400, details, twilio.Error{Code: 21211, Message: "Invalid 'To'", MoreInfo: "https://www.twilio.com/docs/errors/21211",
			Details: map[string]any{"field": "To"}}, "400 (code 21211): Invalid 'To'"},
		{"no code", 400, `{"message":"no","status":400}`, twilio.Error{Message: "no"}, "400: no"},
		{"no message", 404, `{"code":20404}`, twilio.Error{Code: 20404}, "404 (code 20404): Not Found"},
		{"no members", 400, `{}`, twilio.Error{}, "400: Bad Request"},
		{"null members", 400, `{"code":null,"message":null,"more_info":null,"details":null}`, twilio.Error{}, "400: Bad Request"},
		{"code in quotes", 400, `{"code":"20001","message":"no"}`, twilio.Error{Code: 20001, Message: "no"}, "400 (code 20001): no"},
		{"details that aren't an object", 400, `{"code":1,"details":["a"]}`, twilio.Error{Code: 1}, "400 (code 1): Bad Request"},
		{"another status in the body", 404, `{"code":20404,"status":200}`, twilio.Error{Code: 20404}, "404 (code 20404): Not Found"},
		{"HTML", 400, "<html><body><h1>secret words</h1></body></html>", twilio.Error{}, "400: Bad Request"},
		{"XML", 404, "<?xml version='1.0'?><TwilioResponse><RestException><Code>20404</Code></RestException></TwilioResponse>", twilio.Error{Code: 20404}, "404 (code 20404): Not Found"},
		{"text", 403, "secret words", twilio.Error{}, "403: Forbidden"},
		{"nothing", 401, "", twilio.Error{}, "401: Unauthorized"},
		{"JSON that isn't an object", 400, `["secret words"]`, twilio.Error{}, "400: Bad Request"},
		{"JSON that is cut off", 400, `{"code":20001,"mess`, twilio.Error{Code: 20001}, "400 (code 20001): Bad Request"},
		{"more than an error should be", 400, strings.Repeat("x", 4<<20), twilio.Error{}, "400: Bad Request"},
		{"redirect", 301, "", twilio.Error{}, "301: Moved Permanently"},
		{"not modified", 304, "", twilio.Error{}, "304: Not Modified"},
		{"a status of nobody's", 599, "", twilio.Error{}, "599"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, respond(tt.status, tt.body, "Twilio-Request-Id", "RQ1", "Location", "https://example.com/"))
			_, err := newClient(t, s).Calls.Get(t.Context(), callSID)
			got, ok := errors.AsType[*twilio.Error](err)
			if !ok {
				t.Fatalf("got %T %v", err, err)
			}
			want := tt.want
			want.Operation, want.AccountSID, want.StatusCode, want.RequestID, want.Attempts = "calls.get", mainSID, tt.status, "RQ1", 1
			if !reflect.DeepEqual(*got, want) {
				t.Errorf("got %+v\nwant %+v", *got, want)
			}
			if text := "twilio: calls.get: " + tt.text + " [RQ1]"; got.Error() != text {
				t.Errorf("got %q\nwant %q", got.Error(), text)
			}
		})
	}
}

func TestSentinels(t *testing.T) {
	t.Parallel()
	sentinels := []error{twilio.ErrUnauthorized, twilio.ErrForbidden, twilio.ErrNotFound, twilio.ErrRateLimited, twilio.ErrOutcomeUnknown}
	for _, tt := range []struct {
		status, code int
		want         error
	}{
		{401, 20003, twilio.ErrUnauthorized},
		{401, 0, twilio.ErrUnauthorized},
		{403, 20008, twilio.ErrForbidden},
		{404, 20404, twilio.ErrNotFound},
		{429, 20429, twilio.ErrRateLimited},
		{429, 0, twilio.ErrRateLimited},
		{429, twilio.CodeSenderQueueFull, nil},
		{500, 20500, twilio.ErrOutcomeUnknown},
		{400, twilio.CodeSubaccountClosed, nil},
		{400, 20404, nil}, // the status counts
	} {
		s := newScript(t, respondError(tt.status, tt.code))
		err := createCall(t.Context(), newClient(t, s, twilio.WithMaxRetries(0)))
		for _, sentinel := range sentinels {
			if got, want := errors.Is(err, sentinel), sentinel == tt.want; got != want { //nolint:errorlint // one constant of the list
				t.Errorf("%v is %v: %t, want %t", err, sentinel, got, want)
			}
		}
		if e, ok := errors.AsType[*twilio.Error](err); !ok || e.Code != tt.code {
			t.Errorf("got %v, want code %d", err, tt.code)
		}
		if errors.Is(err, io.EOF) {
			t.Errorf("%v is io.EOF", err)
		}
	}
}

// TestTransportErrorText checks that the error's text is the library's own, and
// that its cause can be found.
func TestTransportErrorText(t *testing.T) {
	t.Parallel()
	quoting := errors.New("proxy says no to POST https://AC1:tok@api.twilio.com/?To=+15005550006")
	for _, tt := range []struct {
		name    string
		err     error
		cause   error
		text    string
		timeout bool
	}{
		{"reset", &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, syscall.ECONNRESET, "connection reset by peer", false},
		{"broken pipe", &net.OpError{Op: "write", Err: syscall.EPIPE}, syscall.EPIPE, "broken pipe", false},
		{"refused", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, syscall.ECONNREFUSED, "connection refused", false},
		{"DNS", &net.OpError{Op: "dial", Err: &net.DNSError{Name: "+15005550006"}}, nil, "the host's name can't be resolved", false},
		{"slow DNS", &net.DNSError{Name: "+15005550006", IsTimeout: true}, nil, "the host's name wasn't resolved in time", true},
		{"end", io.EOF, io.EOF, "EOF", false},
		{"end too early", io.ErrUnexpectedEOF, io.ErrUnexpectedEOF, "unexpected EOF", false},
		{"time-out", os.ErrDeadlineExceeded, os.ErrDeadlineExceeded, "timed out", true},
		{"canceled", context.Canceled, context.Canceled, "context canceled", false},
		{"somebody's", quoting, quoting, "request failed (*errors.errorString)", false},
		{"somebody's, wrapped by net/http", &url.Error{Op: "Post", URL: "https://x/?To=+15005550006", Err: quoting}, quoting, "request failed (*errors.errorString)", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, failWith(tt.err))
			_, err := newClient(t, s, twilio.WithMaxRetries(0)).Calls.List(t.Context(), twilio.CallListParams{To: "+15005550006"})
			e, ok := errors.AsType[*twilio.TransportError](err)
			if !ok {
				t.Fatalf("got %T %v", err, err)
			}
			if want := "twilio: calls.list: " + tt.text; e.Error() != want {
				t.Errorf("got %q, want %q", e.Error(), want)
			}
			if e.Timeout() != tt.timeout || tt.cause != nil && !errors.Is(err, tt.cause) || e.Unwrap() == nil {
				t.Errorf("Timeout %t, Unwrap %v; want %t and %v", e.Timeout(), e.Unwrap(), tt.timeout, tt.cause)
			}
			if e.Operation != "calls.list" || e.AccountSID != mainSID || e.Attempts != 1 || e.Cursor == "" {
				t.Errorf("got %+v", *e)
			}
			if _, ok := errors.AsType[*url.Error](err); ok {
				t.Error("the cause quotes the URL")
			}
		})
	}
}

// TestErrorTextsAreOurs checks that texts and log lines of errors hold no
// query, no form, no body that isn't the API's, and no number.
func TestErrorTextsAreOurs(t *testing.T) {
	t.Parallel()
	const number = "15005550006"
	create := func(ctx context.Context, c *twilio.Client) error {
		_, err := c.Messages.Create(ctx, twilio.MessageCreateParams{To: "+" + number, From: "+" + number, Body: "words of love"})
		return err
	}
	list := func(ctx context.Context, c *twilio.Client) error {
		_, err := c.Messages.List(ctx, twilio.MessageListParams{To: "+" + number})
		return err
	}
	for name, s := range map[string]step{
		"HTML":                  respond(400, "<html>words of love to +"+number),
		"HTML as a success":     respond(200, "<html>words of love to +"+number),
		"text":                  respond(400, "words of love to +"+number),
		"cut-off success":       respond(200, `{"messages":[{"body":"words of love","to":"+`+number),
		"nonsense":              respond(200, `{"sid":{"+`+number+`":"words of love"},"messages":[{"num_media":"+`+number+` words of love"}],"num_media":"words of love"}`),
		"somebody's error":      failWith(errors.New("words of love to +" + number)),
		"an error of net/http":  failWith(&url.Error{Op: "Get", URL: "https://api.twilio.com/?To=%2B" + number, Err: errors.New("words of love")}),
		"a redirect":            respond(302, "", "Location", "https://example.com/?To=%2B"+number),
		"the API's own message": respondError(400, 21211),
	} {
		for _, call := range []func(context.Context, *twilio.Client) error{create, list} {
			err := call(t.Context(), newClient(t, newScript(t, s), twilio.WithMaxRetries(0)))
			var log strings.Builder
			slog.New(slog.NewJSONHandler(&log, nil)).Error("failed", "error", err)
			for _, text := range []string{err.Error(), log.String()} {
				for _, private := range []string{number, "words", "?", "%2B", "example.com"} {
					if strings.Contains(text, private) {
						t.Errorf("%s: %q is in %q", name, private, text)
					}
				}
			}
		}
	}
}

func TestErrorsAsLogValues(t *testing.T) {
	t.Parallel()
	transportErr := createCall(t.Context(), newClient(t, newScript(t, connReset)))
	apiErr := createCall(t.Context(), newClient(t, newScript(t, respond(503, `{"code":20500,"message":"to +15005550006"}`, "Twilio-Request-Id", "RQ1"))))
	_, paramErr := newClient(t, newScript(t)).Calls.Get(t.Context(), "PN1")
	for _, tt := range []struct {
		err  error
		want string
	}{
		{apiErr, `{"operation":"calls.create","account":"` + mainSID + `","status":503,"code":20500,"request_id":"RQ1","attempts":1,"outcome_unknown":true}`},
		{transportErr, `{"operation":"calls.create","account":"` + mainSID + `","error":"connection reset by peer","request_id":"","attempts":1,"outcome_unknown":true}`},
		{paramErr, `{"operation":"calls.get","field":"sid","reason":"is not a SID of the right kind; pass one that begins with CA"}`},
	} {
		var log strings.Builder
		slog.New(slog.NewJSONHandler(&log, nil)).Error("failed", "error", tt.err)
		var line struct{ Error json.RawMessage }
		if err := json.Unmarshal([]byte(log.String()), &line); err != nil || string(line.Error) != tt.want {
			t.Errorf("got %s, %v\nwant %s", line.Error, err, tt.want)
		}
	}
}

// TestErrorsBuiltByHand uses errors as users' own tests make them.
func TestErrorsBuiltByHand(t *testing.T) {
	t.Parallel()
	for _, err := range []error{
		&twilio.Error{}, &twilio.TransportError{Operation: "calls.get"}, &twilio.ParamError{}, &twilio.DecodeError{},
		&twilio.AccountError{AccountSID: "AC1"}, &twilio.ForEachError{Accounts: []*twilio.AccountError{{}}}, &twilio.DuplicateAccountsError{}, &twilio.PanicError{},
	} {
		if err.Error() == "" || errors.Is(err, twilio.ErrOutcomeUnknown) || errors.Unwrap(err) != nil && !isParamError(err, "friendlyName") {
			t.Errorf("%T: %v", err, err)
		}
		if e, ok := err.(slog.LogValuer); ok {
			e.LogValue() // must not panic
		}
	}
	if new(twilio.TransportError).Timeout() {
		t.Error("an error without a cause is a time-out")
	}
}

// TestParamErrorsQuoteNothing passes secrets in the wrong place.
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

// TestErrorsNameOperationAndAccount has Twilio refuse every operation of a
// client that acts on a subaccount.
func TestErrorsNameOperationAndAccount(t *testing.T) {
	t.Parallel()
	w := newMockAPI(t)
	w.respondToAll(400, `{"code":20001}`)
	c := w.mainClient().Subaccount(subSID)
	for _, op := range operations.All {
		account := subSID
		if op.IsRoot() {
			account = mainSID
		}
		client := c
		if op.IsProduct() {
			client, account = w.ownClient(), subSID
		}
		_, err := operations.Invoke(t.Context(), operations.Method(client, op.Method), op.Args(), op.FilledParams()[0])
		e, ok := errors.AsType[*twilio.Error](err)
		if !ok || e.Operation != op.Name || e.AccountSID != account {
			t.Errorf("%s: %#v", op.ID, err)
		}
	}
}

// TestLogLevels: what says that something is wrong is a warning; a 404 may be
// expected.
func TestLogLevels(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		200: "DEBUG", 400: "INFO", 404: "INFO", 409: "INFO", 401: "WARN", 403: "WARN", 429: "WARN", 302: "WARN", 500: "WARN", 503: "WARN",
	} {
		var log strings.Builder
		logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		client := newClient(t, newScript(t, respond(status, anyResource)), twilio.WithLogger(logger), twilio.WithMaxRetries(0))
		_, _ = client.Calls.Get(t.Context(), callSID) // what is logged is the point
		if !strings.Contains(log.String(), "level="+want) {
			t.Errorf("%d: got %s", status, log.String())
		}
	}
}

// TestManyErrorsInLogs: of errors that are joined, and of those of accounts,
// slog prints no message of the API's, however often they are wrapped.
func TestManyErrorsInLogs(t *testing.T) {
	t.Parallel()
	const number = "15005550006"
	accounts := respond(200, `{"accounts":[{"sid":"AC1"},{"sid":"AC2"},{"sid":"AC3"},{"sid":"AC4"},{"sid":"AC5"},{"sid":"AC6"},{"sid":"AC7"}]}`)
	client := newClient(t, newScript(t, append([]step{accounts}, repeat(7, respond(400, `{"code":21211,"message":"not valid: +`+number+`"}`))...)...))
	err := client.Accounts.ForEach(t.Context(), twilio.AccountListParams{}, twilio.ForEachParams{Concurrency: 1}, func(ctx context.Context, sub *twilio.Client, _ *twilio.Account) error {
		_, err := sub.Calls.Get(ctx, callSID)
		return fmt.Errorf("billing: %w", err)
	})
	if _, ok := errors.AsType[*twilio.AccountError](err); !ok || strings.Count(err.Error(), number) != 7 {
		t.Fatalf("got %v", err)
	}
	if list, ok := err.(interface{ Unwrap() []error }); !ok || len(list.Unwrap()) != 7 {
		t.Errorf("%T has no list of errors", err)
	}
	e, _ := errors.AsType[*twilio.AccountError](err)
	for name, err := range map[string]error{"joined": err, "of an account": e} {
		var log strings.Builder
		slog.New(slog.NewMultiHandler(slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil))).Error("failed", "error", err)
		if text := log.String(); strings.Contains(text, number) || !strings.Contains(text, "21211") || !strings.Contains(text, "AC1") || strings.Contains(text, "AC6") {
			t.Errorf("%s: got %s", name, text)
		}
	}
	if text := (&twilio.AccountError{AccountSID: "AC1", Err: errors.New("mine")}).LogValue().String(); text != "[account=AC1 error=mine]" {
		t.Errorf("got %s", text)
	}
}

// FuzzErrorBody checks that any response that isn't a success becomes an *Error
// with its status.
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
		client := clientResponding(t, func(*http.Request) (int, string) { return status, body })
		_, err := client.Calls.Get(t.Context(), "CA1")
		e, ok := errors.AsType[*twilio.Error](err)
		if !ok || e.StatusCode != status || e.Attempts != 1 {
			t.Fatalf("%T %v", err, err)
		}
		if errors.Is(err, twilio.ErrNotFound) != (status == 404) || errors.Is(err, twilio.ErrUnauthorized) != (status == 401) || errors.Is(err, twilio.ErrOutcomeUnknown) {
			t.Errorf("sentinels of %v", err)
		}
		_, _ = err.Error(), e.LogValue().String()
	})
}
