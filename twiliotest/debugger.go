package twiliotest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// A logLevel is how bad what the debugger tells is.
type logLevel int

// The levels have the numbers of the field log of a notification.
const (
	logError logLevel = iota
	logWarning
)

func (l logLevel) String() string {
	if l == logWarning {
		return "Warning"
	}
	return "Error"
}

// SetDebugger sets the URL that is told of the errors and warnings of an
// account, as the Console does; empty means none. Those of a subaccount without
// such a URL go to the main account's.
func (s *Server) SetDebugger(accountSID, webhookURL string) {
	if webhookURL != "" && !isURL(webhookURL) {
		panic("twiliotest: SetDebugger: the URL is not valid; use an absolute http or https URL")
	}
	defer s.state.write()()
	s.mustAccount(accountSID).debugger = webhookURL
}

// debug adds a notification about a webhook or its response, and tells the
// debugger's webhook.
func (s *state) debug(d *delivery, code int, level logLevel, text string) {
	a, now := d.account, s.now()
	n := &notification{
		AccountSID: a.SID, APIVersion: apiVersion, ErrorCode: intString(code), Log: intString(level),
		MessageDate: at(now), MessageText: "Msg=" + url.QueryEscape(text) + "&LogLevel=" + strings.ToUpper(level.String()),
		MoreInfo:      "https://www.twilio.com/docs/errors/" + strconv.Itoa(code),
		RequestMethod: nullString(d.Method), RequestURL: d.URL,
		requestVariables: d.params.encode(), responseBody: d.Body,
	}
	if d.ContentType != "" {
		n.responseHeaders = "Content-Type=" + url.QueryEscape(d.ContentType)
	}
	s.initRecord(&n.record, "NO")
	if c, ok := resourcesOf[*call](a).get(d.SID); ok {
		n.CallSID = nullString(c.SID)
	}
	addTo(a, n)
	s.tellDebugger(d, n, level, text, now)
}

// tellDebugger sends a notification to the URL that its account, or else the
// main account, set for the debugger.
func (s *state) tellDebugger(d *delivery, n *notification, level logLevel, text string, now time.Time) {
	owner := d.account
	if owner.debugger == "" {
		owner = s.main
	}
	if owner.debugger == "" {
		return
	}
	variables := make(map[string]string, len(d.params))
	for _, pair := range d.params {
		variables[pair[0]] = pair[1]
	}
	code := strconv.Itoa(int(n.ErrorCode))
	payload, err := json.Marshal(map[string]any{
		"resource_sid": d.SID,
		"service_sid":  nil,
		"error_code":   code,
		"more_info":    map[string]string{"Msg": text, "ErrorCode": code, "LogLevel": strings.ToUpper(level.String())},
		"webhook": map[string]any{
			"type":     "application/json",
			"request":  map[string]any{"url": d.URL, "method": d.Method, "headers": map[string]string{}, "parameters": variables},
			"response": map[string]any{"status_code": d.Status, "headers": map[string]string{}, "body": d.Body},
		},
	})
	if err != nil {
		return // a map of strings always encodes
	}
	p := pairs{{"Sid", n.SID}, {"AccountSid", d.account.SID}}
	if !d.account.isMain() {
		p = append(p, [2]string{"ParentAccountSid", s.main.SID})
	}
	p = append(p, pairs{
		{"Timestamp", now.Format("2006-01-02T15:04:05.000Z")}, {"Level", level.String()},
		{"PayloadType", "application/json"}, {"Payload", string(payload)},
	}...)
	signer := owner
	if s.webhookRules.DebuggerOwnToken {
		signer = d.account
	}
	s.send(signer, WebhookDebugger, n.SID, hook{owner.debugger, http.MethodPost}, p)
}
