package twilio_test

import (
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// TestErrorBodies: code and message are read from every form of error body that
// Twilio has, and one odd value costs only itself. The status is the
// response's.
func TestErrorBodies(t *testing.T) {
	t.Parallel()
	const info = "https://www.twilio.com/docs/errors/20404"
	for _, tt := range []struct {
		name, body string
		want       twilio.Error
	}{
		{"2010-04-01", `{"code":20404,"message":"no","more_info":"` + info + `","status":404,"details":{"a":"b"}}`,
			twilio.Error{Code: 20404, Message: "no", MoreInfo: info, Details: map[string]any{"a": "b"}}},
		{"with a user error", `{"code":20404,"message":"no","httpStatusCode":404,"params":["a"],"userError":true}`,
			twilio.Error{Code: 20404, Message: "no", Details: map[string]any{"params": []any{"a"}}}},
		{"RFC 9457", `{"type":"` + info + `","title":"Not Found","status":404,"code":20404,"detail":"no","instance":"x","errors":[{"detail":"d","pointer":"#/a"}]}`,
			twilio.Error{Code: 20404, Message: "no", MoreInfo: info, Details: map[string]any{"errors": []any{map[string]any{"detail": "d", "pointer": "#/a"}}}}},
		{"RFC 9457 without a detail", `{"title":"Not Found","status":404,"code":20404}`, twilio.Error{Code: 20404, Message: "Not Found"}},
		{"serverless", `{"status":404,"message":"no","detail":"more","code":20404,"moreInfo":"` + info + `"}`,
			twilio.Error{Code: 20404, Message: "no", MoreInfo: info}},
		{"a list of errors", `{"errors":[{"code":20404,"message":"no","infoUrl":"` + info + `","context":null},{"code":1}]}`,
			twilio.Error{Code: 20404, Message: "no", MoreInfo: info, Details: map[string]any{"errors": []any{
				map[string]any{"code": 20404.0, "message": "no", "infoUrl": info, "context": nil}, map[string]any{"code": 1.0}}}}},
		{"one level down", `{"error":{"code":"20404","message":"no"}}`, twilio.Error{Code: 20404, Message: "no"}},
		{"other names", `{"error_code":"20404","error_message":"no"}`, twilio.Error{Code: 20404, Message: "no"}},
		{"null beside", `{"code":20404,"error_code":null,"message":"no","detail":null}`, twilio.Error{Code: 20404, Message: "no"}},

		{"code of letters", `{"code":"not_found","message":"no","more_info":"` + info + `"}`, twilio.Error{Message: "no", MoreInfo: info}},
		{"code that is an object", `{"code":{"a":1},"message":"no"}`, twilio.Error{Message: "no"}},
		{"code with a fraction", `{"code":20404.5,"message":"no"}`, twilio.Error{Message: "no"}},
		{"code without end", `{"code":1e999,"message":"no"}`, twilio.Error{Message: "no"}},
		{"huge code in a string", `{"code":"99999999999999999999","message":"no"}`, twilio.Error{Message: "no"}},
		{"huge code", `{"code":99999999999999999999,"message":"no"}`, twilio.Error{Message: "no"}},
		{"message that is an object", `{"code":20404,"message":{"a":1}}`, twilio.Error{Code: 20404}},
		{"message that is a number", `{"code":20404,"message":17}`, twilio.Error{Code: 20404, Message: "17"}},
		{"status of letters", `{"code":20404,"message":"no","status":"x"}`, twilio.Error{Code: 20404, Message: "no"}},
		{"cut off", `{"code":20404,"message":"no","more_in`, twilio.Error{Code: 20404, Message: "no"}},
		{"not Unicode", "{\"code\":20404,\"message\":\"n\xffo\"}", twilio.Error{Code: 20404, Message: "n\uFFFDo"}},

		{"XML", `<?xml version='1.0' encoding='UTF-8'?>` + "\n" + `<TwilioResponse><RestException><Code>20404</Code><Message>no &amp; never</Message>` +
			`<MoreInfo>` + info + `</MoreInfo><Status>404</Status></RestException></TwilioResponse>`,
			twilio.Error{Code: 20404, Message: "no & never", MoreInfo: info}},
		{"XML, other order", `<TwilioResponse><RestException><Status>404</Status><Message>no</Message><Code> 20404 </Code></RestException></TwilioResponse>`,
			twilio.Error{Code: 20404, Message: "no"}},
		{"XML, code of letters", `<TwilioResponse><RestException><Code>x</Code><Message>no</Message></RestException></TwilioResponse>`,
			twilio.Error{Message: "no"}},
		{"XML with an entity of HTML", `<TwilioResponse><RestException><Code>20404</Code><Message>no&nbsp;& never</Message></RestException></TwilioResponse>`,
			twilio.Error{Code: 20404, Message: "no&nbsp;& never"}},
		{"XML, cut off", `<TwilioResponse><RestException><Code>20404</Code><Message>no</Message><Mo`, twilio.Error{Code: 20404, Message: "no"}},
		{"XML, of another encoding", `<?xml version="1.0" encoding="ISO-8859-1"?><TwilioResponse><RestException><Code>20404</Code><Message>n` + "\xe4" + `</Message></RestException></TwilioResponse>`,
			twilio.Error{Code: 20404, Message: "n\uFFFD"}},
		{"a byte order mark", "\uFEFF" + `{"code":20404,"message":"no"}`, twilio.Error{Code: 20404, Message: "no"}},
		{"a text for an error", `{"error":"no","code":20404}`, twilio.Error{Code: 20404, Message: "no"}},
		{"names in camel case", `{"errorCode":20404,"errorMessage":"no"}`, twilio.Error{Code: 20404, Message: "no"}},
		{"HTML", `<!DOCTYPE html><html><body><Code>20404</Code><h1>Not here</h1></body></html>`, twilio.Error{}},
	} {
		s := newScript(t, respond(404, tt.body))
		_, err := newClient(t, s).Calls.Get(t.Context(), callSID)
		e, ok := errors.AsType[*twilio.Error](err)
		if !ok {
			t.Errorf("%s: got %v", tt.name, err)
			continue
		}
		got := twilio.Error{Code: e.Code, Message: e.Message, MoreInfo: e.MoreInfo, Details: e.Details}
		if !reflect.DeepEqual(got, tt.want) || e.StatusCode != http.StatusNotFound {
			t.Errorf("%s: got %+v", tt.name, *e)
		}
	}
}

// TestErrorMessageIsBounded: a page that a proxy has put into JSON doesn't fill
// the log.
func TestErrorMessageIsBounded(t *testing.T) {
	t.Parallel()
	s := newScript(t, respond(400, `{"code":20001,"message":"`+strings.Repeat("é", 1<<17)+`"}`))
	_, err := newClient(t, s).Calls.Get(t.Context(), callSID)
	if e, ok := errors.AsType[*twilio.Error](err); !ok || e.Code != 20001 || len(e.Message) > 4100 || !utf8.ValidString(e.Message) {
		t.Errorf("got %.100s", err)
	}
}

// TestRateLimitsInEveryForm: what is retried follows the code, in whatever form
// the body has it.
func TestRateLimitsInEveryForm(t *testing.T) {
	t.Parallel()
	xml := func(code string) string {
		return "<TwilioResponse><RestException><Code>" + code + "</Code></RestException></TwilioResponse>"
	}
	for _, tt := range []struct {
		body    string
		retried bool
	}{
		{xml("20429"), true},
		{xml("21611"), false},
		{`{"status":429,"message":"slow","detail":"x","code":20429,"moreInfo":"x"}`, true},
		{`{"title":"Too Many Requests","status":429,"code":20429}`, true},
		{`{"title":"Queue full","status":429,"code":21611}`, false},
		{`{"errors":[{"code":21611,"message":"full"}]}`, false},
		{`{"code":"21611","message":"full","status":"x"}`, false},
		{`{"code":429,"message":"Too Many Requests"}`, true},
		{`{"code":"too_many","message":"slow"}`, true},
	} {
		s := newScript(t, append([]step{respond(429, tt.body)}, repeat(map[bool]int{true: 1}[tt.retried], respond(201, anyResource))...)...)
		err := createCall(t.Context(), newClient(t, s, twilio.WithRetryWait(0, 0)))
		if (err == nil) != tt.retried {
			t.Errorf("%s: got %v", tt.body, err)
		}
	}
}
