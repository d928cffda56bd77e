package twiliotest_test

import (
	"testing"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

func TestUsageTriggers(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	list := a.main("/Usage/Triggers.json")
	a.srv.AddUsageRecord(a.srv.AccountSID, twilio.UsageRecord{Category: "recordings", Price: decimal.NewNullDecimal(decimal.NewFromInt(3))})
	form := []string{"CallbackUrl", "https://example.com", "UsageCategory", "totalprice", "TriggerBy", "price"}
	absolute := a.post(list, append(form, "TriggerValue", "50", "Recurring", "monthly")...).ok()
	wants(t, absolute, "current_value", "3", "trigger_value", "50.000000", "friendly_name", "Trigger for totalprice at price of 50", "recurring", "monthly", "date_fired", nil)
	relative := a.post(list, append(form, "TriggerValue", "+30")...).ok()
	wants(t, relative, "current_value", "0", "trigger_value", "30.000000", "recurring", nil)
	if got := column(a.get(list, "Recurring", "monthly").items(), "sid"); got != str(absolute, "sid") {
		t.Errorf("monthly: %s", got)
	}
	a.post(list, "CallbackUrl", "https://example.com", "UsageCategory", "calls").fails(400, 20001)
	a.post(list, append(form, "TriggerValue", "much")...).fails(400, 20001)
}
