package webhook

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A DebuggerEvent is an error or warning of an account or one of its
// subaccounts. Twilio sends it to the webhook URL that is set in the Console.
//
// See
// https://www.twilio.com/docs/usage/troubleshooting/debugging-event-webhooks.
type DebuggerEvent struct {
	// Request has the account that the event is about: the subaccount, even if
	// the request was verified as one of its parent's.
	Request
	// SID identifies the event: NO and 32 hex digits.
	SID string
	// ParentAccountSID is the main account if AccountSID is a subaccount, and
	// empty otherwise.
	ParentAccountSID string
	// Timestamp is when it happened, in UTC.
	Timestamp time.Time
	// Level is Error or Warning.
	Level string
	// ErrorCode is one of https://www.twilio.com/docs/api/errors, or zero.
	ErrorCode int
	// Message is the error in words, if the event has any.
	Message string
	// ResourceSID is what the event is about, such as a call.
	ResourceSID string
	// ServiceSID is the service that the resource belongs to, or empty.
	ServiceSID string
	// Payload is the whole event as JSON. It contains the request and response
	// of a webhook that failed, so it may contain phone numbers.
	Payload json.RawMessage
}

// ParseDebugger reads a request about an error or warning. It returns the same
// errors as [ParseMessage].
func ParseDebugger(r *http.Request) (*DebuggerEvent, error) {
	f, err := parse(r, "webhook.debugger", "Payload")
	if err != nil {
		return nil, err
	}
	e := &DebuggerEvent{
		Request:          f.Request,
		SID:              f.text("Sid"),
		ParentAccountSID: f.text("ParentAccountSid"),
		Timestamp:        f.time("Timestamp"),
		Level:            f.text("Level"),
	}
	if e.ParentAccountSID == e.AccountSID {
		e.AccountSID = f.text("AccountSid")
	}
	var payload struct {
		ResourceSID string          `json:"resource_sid"`
		ServiceSID  string          `json:"service_sid"`
		ErrorCode   json.RawMessage `json:"error_code"` // as a string, too
		MoreInfo    struct {
			Msg string
		} `json:"more_info"`
	}
	text := []byte(f.text("Payload"))
	if json.Valid(text) {
		e.Payload = text
	}
	if json.Unmarshal(text, &payload) != nil {
		f.problem("Payload", "want a JSON object with error_code, resource_sid, service_sid and more_info")
	}
	e.ResourceSID, e.ServiceSID, e.Message = payload.ResourceSID, payload.ServiceSID, strings.TrimSpace(payload.MoreInfo.Msg)
	e.ErrorCode, _ = strconv.Atoi(strings.Trim(string(payload.ErrorCode), `"`))
	return e, f.error()
}
