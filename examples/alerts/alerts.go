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
	trigger, _, err := sub.Usage.Triggers.Ensure(ctx,
		twilio.UsageTriggerCreateParams{
			FriendlyName:  alertName,
			UsageCategory: twilio.UsageCategoryTotalPrice,
			TriggerBy:     twilio.UsageTriggerFieldPrice,
			TriggerValue:  alertLimit,
			Recurring:     twilio.UsageTriggerRecurringMonthly,
			CallbackURL:   webhook,
		})
	return trigger, err
}

// Reached reports whether the usage has reached the trigger's value.
func Reached(trigger *twilio.UsageTrigger) bool {
	return trigger.CurrentValue.Decimal.GreaterThanOrEqual(
		trigger.TriggerValue.Decimal)
}
