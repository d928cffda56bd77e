package webhook_test

import (
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

func TestParseDebugger(t *testing.T) {
	t.Parallel()
	const payload = `{"resource_sid":"CA1","service_sid":null,"error_code":"32009","more_info":{"Msg":"No~such~user","LogLevel":"ERROR"},"webhook":{"type":"http"}}`
	e := must[*webhook.DebuggerEvent](t)(webhook.ParseDebugger(post(`Sid=NO1 AccountSid=AC1 ParentAccountSid=AC0 Timestamp=2026-11-26T01:05:09.125Z
		Level=Error PayloadType=application/json Payload=` + payload)))
	equal(t, "SIDs", e.SID+e.AccountSID+e.ParentAccountSID+e.ResourceSID+e.ServiceSID, "NO1AC1AC0CA1")
	equal(t, "Timestamp", e.Timestamp, time.Date(2026, 11, 26, 1, 5, 9, 125e6, time.UTC))
	equal(t, "Level", e.Level, "Error")
	equal(t, "ErrorCode", e.ErrorCode, 32009)
	equal(t, "Message", e.Message, "No such user")
	if len(e.Payload) == 0 {
		t.Error("there is no payload")
	}
	e = must[*webhook.DebuggerEvent](t)(webhook.ParseDebugger(post(`Sid=NO1 Payload={"error_code":11200}`)))
	equal(t, "a number", e.ErrorCode, 11200)
	for _, payload := range []string{"x", "[]", `{"more_info":[]}`} {
		if e, err := webhook.ParseDebugger(post("Sid=NO1 Payload=" + payload)); err == nil || e.SID != "NO1" {
			t.Errorf("%s: %+v, %v", payload, e, err)
		}
	}
}
