package webhook_test

import (
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

func TestParseUsageTrigger(t *testing.T) {
	t.Parallel()
	got := must[*webhook.UsageTrigger](t)(webhook.ParseUsageTrigger(post(`AccountSid=AC1 UsageTriggerSid=UT1 Recurring=monthly
		UsageCategory=totalprice TriggerBy=price TriggerValue=50.000000 CurrentValue=50.125 DateFired=Thu,~26~Nov~2026~01:05:09~+0000
		UsageRecordUri=/2010-04-01/u IdempotencyToken=AC1-FIRES-UT1-2026-11-26`)))
	equal(t, "IdempotencyToken", got.IdempotencyToken, "AC1-FIRES-UT1-2026-11-26")
	equal(t, "AccountSID", got.AccountSID+got.Trigger.AccountSID, "AC1AC1")
	equal(t, "SID", got.Trigger.SID, "UT1")
	equal(t, "Recurring", got.Trigger.Recurring, twilio.UsageTriggerRecurringMonthly)
	equal(t, "UsageCategory", got.Trigger.UsageCategory, twilio.UsageCategoryTotalPrice)
	equal(t, "TriggerBy", got.Trigger.TriggerBy, twilio.UsageTriggerFieldPrice)
	equal(t, "values", got.Trigger.TriggerValue.Decimal.String()+" "+got.Trigger.CurrentValue.Decimal.String(), "50 50.125")
	equal(t, "DateFired", got.Trigger.DateFired, time.Date(2026, 11, 26, 1, 5, 9, 0, time.UTC))
	equal(t, "UsageRecordURI", got.Trigger.UsageRecordURI, "/2010-04-01/u")

	got = must[*webhook.UsageTrigger](t)(webhook.ParseUsageTrigger(post("UsageTriggerSid=UT1 DateFired=2026-11-26")))
	equal(t, "the date alone", got.Trigger.DateFired, time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC))
	equal(t, "the header's token", got.IdempotencyToken, "f4ee7c4c-5c6c-4a3c-8b7b-0d2d6d7d9c55")
	_, err := webhook.ParseUsageTrigger(post("UsageTriggerSid=UT1 CurrentValue=much"))
	if err == nil {
		t.Fatal("a value that is no number is no error")
	}
	equal(t, "the error", err.Error()[:58], "twilio: webhook.usage_trigger: can't read CurrentValue: wa")
}
