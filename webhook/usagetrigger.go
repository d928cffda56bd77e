package webhook

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// A UsageTrigger is a trigger that has fired, which Twilio sends to the
// trigger's CallbackURL. It retries up to three times if the response is a 5xx.
//
// See https://www.twilio.com/docs/usage/api/usage-trigger.
type UsageTrigger struct {
	Request
	// Trigger has the fields that the request has: SID, AccountSID,
	// UsageCategory, TriggerBy, TriggerValue, CurrentValue, Recurring,
	// DateFired and UsageRecordURI.
	Trigger twilio.UsageTrigger
}

// ParseUsageTrigger reads a request about a trigger that has fired. The
// Request's IdempotencyToken names the trigger and its period. It returns the
// same errors as [ParseMessage].
func ParseUsageTrigger(r *http.Request) (*UsageTrigger, error) {
	f, err := parse(r, "webhook.usage_trigger", "UsageTriggerSid")
	if err != nil {
		return nil, err
	}
	f.IdempotencyToken = cmp.Or(f.text("IdempotencyToken"), f.IdempotencyToken)
	t := &UsageTrigger{Request: f.Request}
	values := map[string]string{}
	for field, param := range triggerParams {
		values[field] = f.text(param)
	}
	values["account_sid"] = f.AccountSID
	document, err := json.Marshal(values)
	if err == nil {
		err = json.Unmarshal(document, &t.Trigger)
	}
	if e, ok := errors.AsType[*twilio.DecodeError](err); ok {
		for _, field := range e.Fields {
			f.problem(triggerParams[field.Path], field.Problem)
		}
	} else if err != nil {
		return nil, err
	}
	t.Trigger.DateFired = f.time("DateFired")
	return t, f.error()
}

// triggerParams maps the fields of a trigger's JSON to the parameters that have
// their values.
var triggerParams = map[string]string{
	"sid":              "UsageTriggerSid",
	"usage_category":   "UsageCategory",
	"trigger_by":       "TriggerBy",
	"trigger_value":    "TriggerValue",
	"current_value":    "CurrentValue",
	"recurring":        "Recurring",
	"usage_record_uri": "UsageRecordUri",
}
