package twilio_test

import (
	"context"
	"encoding/json"
	"errors"
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
	"time"

	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// TestErrorAnswers: whatever Twilio or something on the way to it says, it is an
// *Error with the status that the answer really had.
func TestErrorAnswers(t *testing.T) {
	t.Parallel()
	const details = `{"code":21211,"message":"Invalid 'To'","more_info":"https://www.twilio.com/docs/errors/21211","status":400,"details":{"field":"To"}}`
	for _, tt := range []struct {
		name   string
		status int
		body   string
		want   twilio.Error // as far as it is the body's doing
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
		{"XML", 404, "<?xml version='1.0'?><TwilioResponse><RestException><Code>20404</Code></RestException></TwilioResponse>", twilio.Error{}, "404: Not Found"},
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
			s := newScript(t, answer(tt.status, tt.body, "Twilio-Request-Id", "RQ1", "Location", "https://example.com/"))
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
		s := newScript(t, apiError(tt.status, tt.code))
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

// TestTransportErrorText: the error says what happened in words of ours, and
// its cause can be found.
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
			s := newScript(t, fail(tt.err))
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

// TestErrorTextsAreOurs: texts and log lines of errors hold no query, no form,
// no body of a page that isn't the API's, and no number.
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
		"HTML":                  answer(400, "<html>words of love to +"+number),
		"HTML as a success":     answer(200, "<html>words of love to +"+number),
		"text":                  answer(400, "words of love to +"+number),
		"cut-off success":       answer(200, `{"messages":[{"body":"words of love","to":"+`+number),
		"nonsense":              answer(200, `{"sid":{"+`+number+`":"words of love"},"messages":[{"num_media":"+`+number+` words of love"}],"num_media":"words of love"}`),
		"somebody's error":      fail(errors.New("words of love to +" + number)),
		"an error of net/http":  fail(&url.Error{Op: "Get", URL: "https://api.twilio.com/?To=%2B" + number, Err: errors.New("words of love")}),
		"a redirect":            answer(302, "", "Location", "https://example.com/?To=%2B"+number),
		"the API's own message": apiError(400, 21211),
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
	transportErr := createCall(t.Context(), newClient(t, newScript(t, reset)))
	apiErr := createCall(t.Context(), newClient(t, newScript(t, answer(503, `{"code":20500,"message":"to +15005550006"}`, "Twilio-Request-Id", "RQ1"))))
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

func TestResponseMeta(t *testing.T) {
	t.Parallel()
	header := []string{"Twilio-Request-Id", "RQ1", "Twilio-Concurrent-Requests", "7", "Twilio-Request-Duration", "0.080", "X-Other", "kept"}
	want := func(t *testing.T, meta twilio.ResponseMeta, status, attempts int) {
		t.Helper()
		if meta.StatusCode != status || meta.RequestID != "RQ1" || meta.ConcurrentRequests != 7 || meta.Duration != 80*time.Millisecond ||
			meta.Attempts != attempts || meta.Header.Get("X-Other") != "kept" {
			t.Errorf("got %+v", meta)
		}
	}
	var meta twilio.ResponseMeta
	into := twilio.WithResponseInto(&meta)
	noWait := twilio.WithRetryWait(0, 0)

	s := newScript(t, answer(429, ""), answer(200, `{}`, header...))
	if _, err := newClient(t, s, noWait).Calls.Get(t.Context(), callSID, into); err != nil {
		t.Fatal(err)
	}
	want(t, meta, 200, 2)

	s = newScript(t, answer(404, `{}`, header...))
	_, err := newClient(t, s).Calls.Get(t.Context(), callSID, into)
	want(t, meta, 404, 1)
	if e, ok := errors.AsType[*twilio.Error](err); !ok || e.RequestID != "RQ1" {
		t.Errorf("got %v", err)
	}

	s = newScript(t, answer(201, `<html>`, header...))
	_, err = newClient(t, s).Accounts.Create(t.Context(), twilio.AccountCreateParams{}, into)
	want(t, meta, 201, 1)
	if e, ok := errors.AsType[*twilio.TransportError](err); !ok || e.RequestID != "RQ1" {
		t.Errorf("got %v", err)
	}

	// What an earlier answer left doesn't stay.
	s = newScript(t, answer(503, "", header...), reset)
	_, err = newClient(t, s, noWait, twilio.WithMaxRetries(1)).Calls.Get(t.Context(), callSID, into)
	if meta.StatusCode != 0 || meta.Header != nil || meta.RequestID != "" || meta.Attempts != 2 || err == nil {
		t.Errorf("got %+v, %v", meta, err)
	}

	s = newScript(t, answer(200, `{}`, "Twilio-Concurrent-Requests", "many", "Twilio-Request-Duration", "soon"))
	if _, err := newClient(t, s).Calls.Get(t.Context(), callSID, into); err != nil || meta.ConcurrentRequests != 0 || meta.Duration != 0 {
		t.Errorf("got %+v, %v", meta, err)
	}
}

// TestUglyAnswers are successes in every form that was seen, and some that
// weren't.
func TestUglyAnswers(t *testing.T) {
	t.Parallel()
	start := time.Date(2015, 7, 30, 20, 0, 0, 0, time.UTC)
	price := decimal.NullDecimal{Decimal: decimal.RequireFromString("-0.03"), Valid: true}
	for _, tt := range []struct {
		name, body string
		want       twilio.Call
	}{
		{"as documented", `{"duration":"15","price":"-0.03","start_time":"Thu, 30 Jul 2015 20:00:00 +0000","status":"completed"}`,
			twilio.Call{Duration: 15, Price: price, StartTime: start, Status: "completed"}},
		{"numbers", `{"duration":15,"price":-0.03}`, twilio.Call{Duration: 15, Price: price}},
		{"number for a string", `{"phone_number_sid":17}`, twilio.Call{PhoneNumberSID: "17"}},
		{"null", `{"duration":null,"price":null,"start_time":null,"status":null,"subresource_uris":null}`, twilio.Call{}},
		{"empty", `{"duration":"","price":"","start_time":"","status":"","subresource_uris":""}`, twilio.Call{}},
		{"missing", `{}`, twilio.Call{}},
		{"unknown", `{"new":{"a":[1,{"b":null}]},"duration":"15"}`, twilio.Call{Duration: 15}},
		{"unknown status", `{"status":"dreaming"}`, twilio.Call{Status: "dreaming"}},
		{"RFC 3339", `{"start_time":"2015-07-30T20:00:00Z"}`, twilio.Call{StartTime: start}},
		{"a day", `{"start_time":"2015-07-30"}`, twilio.Call{StartTime: start.Truncate(24 * time.Hour)}},
		{"another zone", `{"start_time":"Thu, 30 Jul 2015 22:00:00 +0200"}`, twilio.Call{StartTime: start}},
		{"white space", " \n{ \"duration\" : \"15\" }\n ", twilio.Call{Duration: 15}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := newClient(t, newScript(t, answer(200, tt.body))).Calls.Get(t.Context(), callSID)
			if err != nil {
				t.Fatal(err)
			}
			if !got.Price.Decimal.Equal(tt.want.Price.Decimal) || got.Price.Valid != tt.want.Price.Valid {
				t.Errorf("price %v, want %v", got.Price, tt.want.Price)
			}
			got.Price, tt.want.Price = decimal.NullDecimal{}, decimal.NullDecimal{}
			if !reflect.DeepEqual(*got, tt.want) {
				t.Errorf("got %+v\nwant %+v", *got, tt.want)
			}
		})
	}
}

// TestSenselessAnswers are successes that mean nothing: each is a
// *TransportError that names what is wrong, and no value beside it.
func TestSenselessAnswers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		status int
		body   string
		part   string // of the text
	}{
		{"HTML", 200, "<html><h1>Welcome to the hotel</h1></html>", "not JSON"},
		{"text", 200, "OK", "not JSON"},
		{"XML", 200, "<?xml version='1.0'?><TwilioResponse/>", "not JSON"},
		{"nothing", 200, "", "empty"},
		{"no content", 204, "", "empty"},
		{"cut off", 200, `{"calls":[{"sid":"CA1","status":"que`, "cut off"},
		{"cut off between members", 200, `{"calls":[{"sid":"CA1",`, "cut off"},
		{"two documents", 200, `{"calls":[]}{"calls":[]}`, "after it"},
		{"an array", 200, `[{}]`, "object"},
		{"a string", 200, `"hello"`, "object"},
		{"one bad price", 200, `{"calls":[{"sid":"CA1"},{"sid":"CA2","price":"cheap"}],"price":"cheap"}`, "price: want a decimal number"},
		{"one bad duration", 200, `{"calls":[{},{},{"duration":"1 min"}],"duration":"1 min"}`, "duration: want a whole number"},
		{"a fraction of a second", 200, `{"calls":[{"duration":"1.5"}],"duration":1.5}`, "duration: want a whole number"},
		{"one bad date", 200, `{"calls":[{"start_time":"yesterday"}],"start_time":"yesterday"}`, "start_time: want a date"},
		{"a bad map", 200, `{"calls":[{"subresource_uris":17}],"subresource_uris":17}`, "subresource_uris: want an object"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, times(2, answer(tt.status, tt.body))...)
			client := newClient(t, s)
			call, err := client.Calls.Get(t.Context(), callSID)
			page, listErr := client.Calls.List(t.Context(), twilio.CallListParams{})
			if call != nil || page != nil {
				t.Errorf("got %v and %v beside an error", call, page)
			}
			for _, err := range []error{err, listErr} {
				e, ok := errors.AsType[*twilio.TransportError](err)
				if !ok || e.Attempts != 1 || !strings.Contains(err.Error(), tt.part) {
					t.Errorf("got %T %v, want %q in it", err, err, tt.part)
				}
			}
		})
	}

	t.Run("the path of one bad field", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, answer(200, `{"calls":[{},{},{"price":"cheap"}]}`))
		_, err := newClient(t, s).Calls.List(t.Context(), twilio.CallListParams{})
		if err == nil || !strings.Contains(err.Error(), "calls[2].price") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("no list in a list", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, answer(200, `{}`))
		_, err := newClient(t, s).Calls.List(t.Context(), twilio.CallListParams{})
		if err == nil || !strings.Contains(err.Error(), "calls: want a list") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a delete reads nothing", func(t *testing.T) {
		t.Parallel()
		for _, body := range []string{"", "<html>"} {
			for _, status := range []int{200, 204} {
				if err := newClient(t, newScript(t, answer(status, body))).Calls.Delete(t.Context(), callSID); err != nil {
					t.Errorf("%d %q: %v", status, body, err)
				}
			}
		}
	})
	t.Run("Do with nothing to read", func(t *testing.T) {
		t.Parallel()
		out := struct{ A int }{17}
		s := newScript(t, answer(http.StatusNoContent, ""))
		err := newClient(t, s).Do(t.Context(), "DELETE", "/2010-04-01/Accounts/"+mainSID+"/Queues/QU1.json", nil, &out)
		if err != nil || out.A != 17 {
			t.Errorf("got %v, %v", out, err)
		}
	})
}

// TestMadeUpErrors: users make our errors up in their own tests.
func TestMadeUpErrors(t *testing.T) {
	t.Parallel()
	for _, err := range []error{&twilio.Error{}, &twilio.TransportError{Operation: "calls.get"}, &twilio.ParamError{}} {
		if err.Error() == "" || errors.Is(err, twilio.ErrOutcomeUnknown) || errors.Unwrap(err) != nil {
			t.Errorf("%T: %v", err, err)
		}
		slog.AnyValue(err).Resolve() // must not panic
	}
	if new(twilio.TransportError).Timeout() {
		t.Error("an error without a cause is a time-out")
	}
}
