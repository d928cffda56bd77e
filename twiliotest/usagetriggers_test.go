package twiliotest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
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

// A trigger's webhook is the only one that is retried after a 5xx, three times.
func TestUsageTriggersRetryServerErrors(t *testing.T) {
	t.Parallel()
	for status, attempts := range map[int]int{500: 4, 503: 4, 404: 1, 200: 1} {
		var tokens []string
		srv := twiliotest.NewUnstartedServer(twiliotest.WithStart(twiliotest.DefaultStart), twiliotest.WithWebhooks(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			tokens = append(tokens, r.FormValue("IdempotencyToken"))
			w.WriteHeader(status)
		})))
		client := srv.Client()
		trigger, err := client.Usage.Triggers.Create(t.Context(), twilio.UsageTriggerCreateParams{
			CallbackURL: "https://example.com/usage", TriggerValue: "2", UsageCategory: "sms", TriggerBy: "count", Recurring: "daily",
		})
		if err != nil {
			t.Fatal(err)
		}
		for day := range 2 {
			for range 4 {
				if _, err := client.Messages.Create(t.Context(), twilio.MessageCreateParams{From: ours, To: theirs, Body: "x"}); err != nil {
					t.Fatal(err)
				}
				srv.Advance(5 * time.Minute)
			}
			if len(tokens) != attempts || tokens[0] != srv.AccountSID+"-FIRES-"+trigger.SID+"-"+srv.Now().Format(time.DateOnly) {
				t.Errorf("day %d, %d: %d attempts, tokens %q", day, status, len(tokens), tokens)
			}
			tokens = nil
			srv.Advance(srv.Now().Truncate(24 * time.Hour).Add(25 * time.Hour).Sub(srv.Now()))
		}
	}
}
