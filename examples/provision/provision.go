package main

import (
	"context"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// A Provisioner sets up new customers.
type Provisioner struct {
	// Twilio acts on the main account, with its AuthToken.
	Twilio *twilio.Client
	// Webhooks is the URL of the server that handles the customers' calls, at
	// /voice, messages, at /sms, and usage triggers, at /alert.
	Webhooks string
	// SaveKey stores a customer's new API key, for example in your vault.
	// Twilio returns key.Secret only this once.
	SaveKey func(ctx context.Context, accountSID string, key *twilio.Key) error
}

// Provision sets up the customer who has this name in your own database, with a
// subaccount, an API key for their backend, an address, an alert at 50 dollars
// a month and a US phone number. It creates only what is missing: after any
// error, and after a crash, call it again.
func (p *Provisioner) Provision(
	ctx context.Context, name string, address twilio.AddressCreateParams,
) (*twilio.ProvisionReport, error) {
	return p.Twilio.Accounts.Provision(ctx, twilio.ProvisionParams{
		FriendlyName: name,
		Key:          &twilio.KeyCreateParams{FriendlyName: "backend"},
		SaveKey:      p.SaveKey,
		Address:      &address,
		Trigger: &twilio.UsageTriggerCreateParams{
			FriendlyName:  "50 dollars a month",
			UsageCategory: twilio.UsageCategoryTotalPrice,
			TriggerBy:     twilio.UsageTriggerFieldPrice,
			TriggerValue:  "50", // in the currency of the account
			Recurring:     twilio.UsageTriggerRecurringMonthly,
			CallbackURL:   p.Webhooks + "/alert",
		},
		Number: &twilio.BuyParams{
			Country: "US",
			Search: twilio.AvailablePhoneNumberListParams{
				VoiceEnabled: new(true),
				SMSEnabled:   new(true),
			},
			Number: twilio.IncomingPhoneNumberCreateParams{
				VoiceURL: p.Webhooks + "/voice",
				SMSURL:   p.Webhooks + "/sms",
			},
		},
	})
}
