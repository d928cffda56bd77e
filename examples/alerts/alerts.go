package main

import (
	"context"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

const (
	alertName  = "50 dollars a month"
	alertLimit = "50" // in the currency of the account
)

// EnsureAlert returns the usage trigger that makes Twilio request the webhook
// once the subaccount that the client acts on has spent alertLimit in a month.
// It creates the trigger if there is none, so that it can be called again at
// any time.
func EnsureAlert(
	ctx context.Context, sub *twilio.Client, webhook string,
) (*twilio.UsageTrigger, error) {
	filter := twilio.UsageTriggerListParams{
		UsageCategory: twilio.UsageCategoryTotalPrice,
	}
	for trigger, err := range sub.Usage.Triggers.All(ctx, filter) {
		if err != nil || trigger.FriendlyName == alertName {
			return trigger, err
		}
	}
	return sub.Usage.Triggers.Create(ctx, twilio.UsageTriggerCreateParams{
		FriendlyName:  alertName,
		UsageCategory: twilio.UsageCategoryTotalPrice,
		TriggerBy:     twilio.UsageTriggerFieldPrice,
		TriggerValue:  alertLimit,
		Recurring:     twilio.UsageTriggerRecurringMonthly,
		CallbackURL:   webhook,
	})
}

// Reached reports whether the usage has reached the trigger's value.
func Reached(trigger *twilio.UsageTrigger) bool {
	return trigger.CurrentValue.Decimal.GreaterThanOrEqual(
		trigger.TriggerValue.Decimal)
}
