// Provision gets a new customer ready: a subaccount, an API key for their backend, an address on file, and a phone number
// with webhooks. It can be run again at any time, after a crash too, and makes only what is missing.
//
//	go run ./examples/provision
//	go run ./examples/provision -live -name customer-4711 -webhooks https://example.com
//
// Live, the phone number costs about 1.15 USD now and each month until it is released; the rest is free.
package main

import (
	"context"
	"errors"
	"flag"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
)

func main() { stage.Main(provision()) }

func provision() stage.Example {
	var name, webhooks string
	return stage.Example{
		Name: "provision",
		Live: []string{
			"create a subaccount of the name -name with an API key and an address, unless it is there",
			"buy a US phone number for it, unless it has one: about 1.15 USD now and each month until it is released",
		},
		Needs: []string{"name", "webhooks"},
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&name, "name", "", "the customer's `key` in your own database")
			flags.StringVar(&webhooks, "webhooks", "", "the `URL` of the server that answers the customer's calls and messages")
		},
		Run: func(ctx context.Context, st *stage.Stage) error {
			if st.Fake == nil {
				return customer(ctx, st, name, webhooks)
			}
			if err := customer(ctx, st, "customer-4711", "https://example.com"); err != nil {
				return err
			}
			st.Say("\nand once more:")
			return customer(ctx, st, "customer-4711", "https://example.com")
		},
	}
}

// customer gets one customer ready.
func customer(ctx context.Context, st *stage.Stage, name, webhooks string) error {
	account, created, err := st.Client.Accounts.Ensure(ctx, name)
	if err != nil {
		return err
	}
	st.Say("account  %s, %s (new: %t)", account.FriendlyName, account.Status, created)

	sub := st.Client.Subaccount(account.SID)
	for _, step := range []func(context.Context, *stage.Stage, *twilio.Client) error{key, address} {
		if err := step(ctx, st, sub); err != nil {
			return err
		}
	}
	return number(ctx, st, sub, webhooks)
}

// key makes an API key for the customer's backend, which reaches this subaccount and nothing else.
func key(ctx context.Context, st *stage.Stage, sub *twilio.Client) error {
	for key, err := range sub.Keys.All(ctx, twilio.KeyListParams{}) {
		if err != nil {
			return err
		}
		if key.FriendlyName == "backend" {
			st.Say("key      %s is there", key.FriendlyName)
			return nil
		}
	}
	key, err := sub.Keys.Create(ctx, twilio.KeyCreateParams{FriendlyName: "backend"})
	if err != nil {
		return err
	}
	// key.Secret.Reveal() has the secret, this once: put it in your vault here.
	st.Say("key      %s, its secret is %s", key.FriendlyName, key.Secret)
	return nil
}

// address puts the customer's address on file, which numbers of many countries require.
func address(ctx context.Context, st *stage.Stage, sub *twilio.Client) error {
	params := twilio.AddressCreateParams{
		FriendlyName: "head office", CustomerName: "Captain Nemo", Street: "375 Beale St", City: "San Francisco", Region: "CA",
		PostalCode: "94105", ISOCountry: "US",
	}
	page, err := sub.Addresses.List(ctx, twilio.AddressListParams{FriendlyName: params.FriendlyName})
	if err != nil {
		return err
	}
	if len(page.Items) > 0 {
		st.Say("address  %s is there", params.FriendlyName)
		return nil
	}
	address, err := sub.Addresses.Create(ctx, params)
	if err != nil {
		return err
	}
	st.Say("address  %s, %s", address.FriendlyName, address.City)
	return nil
}

// number buys a phone number, if the customer has none.
func number(ctx context.Context, st *stage.Stage, sub *twilio.Client, webhooks string) error {
	owned, err := sub.IncomingPhoneNumbers.List(ctx, twilio.IncomingPhoneNumberListParams{Limit: 1})
	if err != nil {
		return err
	}
	if len(owned.Items) > 0 {
		st.Say("number   %s is there", owned.Items[0].PhoneNumber)
		return nil
	}
	found, err := sub.AvailablePhoneNumbers.Local.List(ctx, "US", twilio.AvailablePhoneNumberListParams{
		VoiceEnabled: new(true), SMSEnabled: new(true), Limit: 5,
	})
	if err != nil {
		return err
	}
	for _, offer := range found.Items {
		number, err := sub.IncomingPhoneNumbers.Create(ctx, twilio.IncomingPhoneNumberCreateParams{
			PhoneNumber: offer.PhoneNumber, VoiceURL: webhooks + "/voice", SMSURL: webhooks + "/sms",
		})
		if e, ok := errors.AsType[*twilio.Error](err); ok && e.Code == twilio.CodePhoneNumberNotAvailable {
			continue // somebody was quicker
		}
		if err != nil {
			return err
		}
		st.Say("number   %s, calls go to %s", number.PhoneNumber, number.VoiceURL)
		return nil
	}
	return errors.New("no number is for sale just now")
}
