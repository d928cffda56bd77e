package main

import (
	"context"
	"errors"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// A Provisioner sets up new customers.
type Provisioner struct {
	// Twilio acts on the main account, with its AuthToken.
	Twilio *twilio.Client
	// Webhooks is the URL of the server that handles the customers' calls, at
	// /voice, and messages, at /sms.
	Webhooks string
	// SaveKey stores a customer's new API key, for example in your vault.
	// Twilio returns key.Secret only this once.
	SaveKey func(ctx context.Context, accountSID string, key *twilio.Key) error
}

// A Customer is what a customer has at Twilio. What an error left out is nil.
type Customer struct {
	Account *twilio.Account
	Key     *twilio.Key
	Address *twilio.Address
	Number  *twilio.IncomingPhoneNumber
	// New says which of them were created just now.
	New struct{ Account, Key, Address, Number bool }
}

// Provision sets up the customer who has this name in your own database, with
// a subaccount, an API key, an address and a phone number. It creates only what
// is missing: after any error, and after a crash, call it again.
func (p *Provisioner) Provision(
	ctx context.Context, name string, address twilio.AddressCreateParams,
) (*Customer, error) {
	c := &Customer{}
	var err error
	c.Account, c.New.Account, err = p.Twilio.Accounts.Ensure(ctx, name)
	if err != nil {
		return c, err
	}
	sub := p.Twilio.Subaccount(c.Account.SID)
	if c.Key, c.New.Key, err = p.ensureKey(ctx, sub); err != nil {
		return c, err
	}
	c.Address, c.New.Address, err = ensureAddress(ctx, sub, address)
	if err != nil {
		return c, err
	}
	c.Number, c.New.Number, err = p.ensureNumber(ctx, sub)
	return c, err
}

// ensureKey creates the API key of the customer's backend, which reaches this
// subaccount and nothing else.
func (p *Provisioner) ensureKey(
	ctx context.Context, sub *twilio.Client,
) (key *twilio.Key, created bool, err error) {
	const name = "backend"
	for key, err := range sub.Keys.All(ctx, twilio.KeyListParams{}) {
		if err != nil || key.FriendlyName == name {
			return key, false, err
		}
	}
	key, err = sub.Keys.Create(ctx, twilio.KeyCreateParams{FriendlyName: name})
	if err != nil {
		return nil, false, err
	}
	if err := p.SaveKey(ctx, sub.AccountSID(), key); err != nil {
		// The next run would take a key whose secret is lost for a good one.
		return nil, false, errors.Join(err, sub.Keys.Delete(ctx, key.SID))
	}
	return key, true, nil
}

// ensureAddress creates the customer's address, which phone numbers of many
// countries require.
func ensureAddress(
	ctx context.Context, sub *twilio.Client, params twilio.AddressCreateParams,
) (address *twilio.Address, created bool, err error) {
	page, err := sub.Addresses.List(ctx, twilio.AddressListParams{
		FriendlyName: params.FriendlyName,
	})
	if err != nil {
		return nil, false, err
	}
	if len(page.Items) > 0 {
		return page.Items[0], false, nil
	}
	address, err = sub.Addresses.Create(ctx, params)
	return address, err == nil, err
}

// ensureNumber buys a US phone number if the customer has none.
func (p *Provisioner) ensureNumber(
	ctx context.Context, sub *twilio.Client,
) (number *twilio.IncomingPhoneNumber, created bool, err error) {
	owned, err := sub.IncomingPhoneNumbers.List(ctx,
		twilio.IncomingPhoneNumberListParams{Limit: 1})
	if err != nil {
		return nil, false, err
	}
	if len(owned.Items) > 0 {
		return owned.Items[0], false, nil
	}
	offers, err := sub.AvailablePhoneNumbers.Local.List(ctx, "US",
		twilio.AvailablePhoneNumberListParams{
			VoiceEnabled: new(true),
			SMSEnabled:   new(true),
			Limit:        5,
		})
	if err != nil {
		return nil, false, err
	}
	for _, offer := range offers.Items {
		number, err := sub.IncomingPhoneNumbers.Create(ctx,
			twilio.IncomingPhoneNumberCreateParams{
				PhoneNumber: offer.PhoneNumber,
				VoiceURL:    p.Webhooks + "/voice",
				SMSURL:      p.Webhooks + "/sms",
			})
		e, ok := errors.AsType[*twilio.Error](err)
		if ok && e.Code == twilio.CodePhoneNumberNotAvailable {
			continue // another customer of Twilio's has bought it
		}
		return number, err == nil, err
	}
	return nil, false, errors.New("no phone number is for sale at the moment")
}
