package twilio

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
)

// ProvisionParams are the parameters of [AccountService.Provision]. Parts that
// are nil are left out. The parameters can be stored as JSON, except for
// SaveKey.
type ProvisionParams struct {
	// FriendlyName is the name of the subaccount, by which later runs find it:
	// use the customer's key in your own database. See [AccountService.Ensure].
	FriendlyName string

	// Key is the API key that the customer's backend uses. FriendlyName is
	// required, in at most 54 characters; later runs find the key by it.
	Key *KeyCreateParams
	// SaveKey stores a new key, whose Secret can't be read again. It is
	// required with Key. It may be called more than once, in one run or
	// several: the key of the last call is the one that works.
	SaveKey func(ctx context.Context, accountSID string, key *Key) error `json:"-"`

	// Address is an address of the customer, which numbers of many countries
	// require. FriendlyName is required; an address of exactly this name is
	// used as it is.
	Address *AddressCreateParams
	// Trigger is a usage trigger; see [UsageTriggerService.Ensure].
	Trigger *UsageTriggerCreateParams
	// Number is a phone number. If the account has a number of exactly this
	// Number.FriendlyName or, without a FriendlyName, any number, the oldest
	// such number is used. It is updated to the configuration in Number, such
	// as its webhooks; empty fields leave it unchanged. Otherwise
	// [IncomingPhoneNumberService.Buy] buys one, with the address above unless
	// Number has an AddressSID.
	Number *BuyParams
}

// A ProvisionReport is what a customer has after [AccountService.Provision],
// even if it failed. Parts that it didn't get to are nil. Its JSON has no
// secrets.
type ProvisionReport struct {
	// Account is the subaccount.
	Account *Account
	// Key is the API key, without its secret.
	Key *Key
	// Address is the address.
	Address *Address
	// Trigger is the usage trigger.
	Trigger *UsageTrigger
	// Number is the phone number.
	Number *IncomingPhoneNumber

	// Created says which of them this run created. The others existed before.
	Created ProvisionedParts
	// Updated says which of those that existed had another configuration, which
	// this run changed.
	Updated ProvisionedParts
}

// ProvisionedParts are some of the parts of a [ProvisionReport].
type ProvisionedParts struct{ Account, Key, Address, Trigger, Number bool }

const (
	provisionOperation = "accounts.provision"

	// unsavedSuffix marks the name of a key until it is saved.
	unsavedSuffix = " (unsaved)"
)

// Provision sets up a customer: a subaccount, an API key, an address, a usage
// trigger and a phone number, in this order, so that what costs money comes
// last. It finds what exists and creates only what is missing; the report says
// which. Params that can't work are refused with a [*ParamError] before
// anything is created.
//
// You can run it again with the same params, wherever it was stopped: the
// result is that of a run without interruption, with one account, one number
// and one trigger. It can't see what Twilio's lists don't show yet: after an
// error that matches [ErrOutcomeUnknown], wait a moment before you run it
// again.
//
// Until SaveKey has returned, the name of a key ends in "(unsaved)". Such keys
// from earlier runs are replaced, because their secrets may be lost, and
// revoked once SaveKey has stored the new key. An error from SaveKey is
// returned wrapped. To replace a key that was saved and lost later, use
// [KeyService.Rotate].
//
// Don't run it concurrently for the same customer: take a lock on the
// customer's row in your database, for example. Twilio doesn't keep names
// unique, so concurrent runs may create several accounts, which the next run
// refuses with a [*DuplicateAccountsError], several triggers, which it refuses
// as well, and several addresses, of which it uses one. Each may create a key;
// if all of them succeed, the key that SaveKey stored last works. They are
// unlikely to buy several numbers, because each tries the same number first and
// checks what the account has before it tries another, but Twilio doesn't
// prevent it.
//
// The client must have the main account's AuthToken. An account that is
// suspended is refused; [AccountService.Activate] lifts that. The options apply
// to each request.
//
// See https://www.twilio.com/docs/iam/api/subaccounts.
func (s *AccountService) Provision(ctx context.Context, params ProvisionParams, opts ...RequestOption) (*ProvisionReport, error) {
	if err := firstError(s.endpoint().ready(), checkWorkflowOptions(opts)); err != nil {
		return nil, withOperation(provisionOperation, err)
	}
	if err := params.check(ctx, s.endpoint().client); err != nil {
		return nil, withOperation(provisionOperation, err)
	}
	p := &provisioning{ProvisionParams: params, opts: opts, report: &ProvisionReport{}}
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return p.ensureAccount(ctx, s) },
		p.ensureKey, p.ensureAddress, p.ensureTrigger, p.ensureNumber,
	} {
		if err := step(ctx); err != nil {
			return p.report, err
		}
	}
	return p.report, nil
}

// check refuses params of any part that can't work.
func (p ProvisionParams) check(ctx context.Context, c *Client) error {
	err := firstError(checkComparable("FriendlyName", p.FriendlyName), checkLength("FriendlyName", p.FriendlyName, 64))
	if err == nil && c.credentials.isKey() {
		err = &ParamError{Field: "credentials", Reason: "are an API key's, which reaches no subaccount; use the main account's AuthToken"}
	}
	if err == nil && p.Key != nil {
		err = firstError(checkComparable("Key.FriendlyName", p.Key.FriendlyName),
			checkLength("Key.FriendlyName", p.Key.FriendlyName, 64-len(unsavedSuffix)))
		if err == nil && p.SaveKey == nil {
			err = &ParamError{Field: "SaveKey", Reason: "is nil; pass a function that stores the new key"}
		}
	}
	if err == nil && p.Address != nil {
		err = firstError(checkComparable("Address.FriendlyName", p.Address.FriendlyName),
			c.Addresses.addresses.request("create", http.MethodPost, *p.Address, nil, nil).refusal(ctx))
	}
	if err == nil && p.Trigger != nil {
		err = c.Usage.Triggers.checkEnsure(ctx, *p.Trigger)
	}
	if err == nil && p.Number != nil {
		err = c.IncomingPhoneNumbers.checkBuy(ctx, *p.Number)
		if name := p.Number.Number.FriendlyName; err == nil && name != "" {
			err = checkComparable("Number.FriendlyName", name)
		}
	}
	return err
}

// provisioning is one run of Provision.
type provisioning struct {
	ProvisionParams
	opts   []RequestOption
	sub    *Client // acts on the customer's account
	report *ProvisionReport
}

func (p *provisioning) ensureAccount(ctx context.Context, s *AccountService) (err error) {
	p.report.Account, p.report.Created.Account, err = s.Ensure(ctx, p.FriendlyName, p.opts...)
	if err != nil {
		return err
	}
	if p.report.Account.Status == AccountStatusSuspended {
		return &ParamError{Operation: provisionOperation, Field: "FriendlyName", Reason: "is the name of a suspended account; activate it first"}
	}
	p.sub = s.accounts.client.Subaccount(p.report.Account.SID)
	return nil
}

// maxKeyAttempts is how many keys a run creates at most, in case concurrent
// runs revoke them as lost.
const maxKeyAttempts = 10

func (p *provisioning) ensureKey(ctx context.Context) error {
	if p.Key == nil {
		return nil
	}
	saved, unsaved, err := p.listKeys(ctx)
	if saved != nil || err != nil {
		p.report.Key = saved
		return err
	}
	for range maxKeyAttempts {
		p.report.Key, err = p.createKey(ctx, unsaved)
		revoked, ok := err.(revokedKeyError) //nolint:errorlint // not one of a SaveKey that calls Provision
		if !ok {
			break
		}
		err = revoked.error
	}
	p.report.Created.Key = p.report.Key != nil
	return err
}

// listKeys finds the key that was saved, or nil, and the SIDs of those that may
// not have been.
func (p *provisioning) listKeys(ctx context.Context) (saved *Key, unsaved []string, err error) {
	for key, err := range p.sub.Keys.All(ctx, KeyListParams{}, strictly(p.opts)...) {
		switch {
		case err != nil:
			return nil, nil, err
		case key.FriendlyName == p.Key.FriendlyName+unsavedSuffix:
			unsaved = append(unsaved, key.SID)
		case key.FriendlyName == p.Key.FriendlyName && saved == nil:
			saved = key
		}
	}
	return saved, unsaved, nil
}

// createKey creates a key, saves it, revokes the unsaved ones, and removes the
// suffix from its name, which tells later runs that it was saved.
func (p *provisioning) createKey(ctx context.Context, unsaved []string) (*Key, error) {
	params := KeyCreateParams{FriendlyName: p.Key.FriendlyName + unsavedSuffix}
	key, err := p.sub.Keys.Create(ctx, params, p.opts...)
	if errors.Is(err, ErrOutcomeUnknown) {
		// If there is a key, its secret is lost.
		if _, unsaved, err = p.listKeys(ctx); err == nil {
			key, err = p.sub.Keys.Create(ctx, params, p.opts...)
		}
	}
	if err != nil {
		return nil, err
	}
	key.FriendlyName = p.Key.FriendlyName
	if err := p.SaveKey(ctx, p.sub.accountSID, key); err != nil {
		return nil, callbackError(provisionOperation, "SaveKey", err)
	}
	for _, sid := range unsaved {
		if err := p.sub.Keys.Delete(ctx, sid, p.opts...); err != nil && !errors.Is(err, ErrNotFound) {
			return nil, err
		}
	}
	renamed, err := p.sub.Keys.Update(ctx, key.SID, KeyUpdateParams{FriendlyName: &key.FriendlyName}, p.opts...)
	if errors.Is(err, ErrNotFound) {
		err = revokedKeyError{err}
	}
	return renamed, err
}

// A revokedKeyError says that a concurrent run revoked a key after it was saved
// and before it was renamed, so that another has to be saved.
type revokedKeyError struct{ error }

func (p *provisioning) ensureAddress(ctx context.Context) (err error) {
	if p.Address == nil {
		return nil
	}
	p.report.Address, p.report.Created.Address, err = findOrCreate(
		func() (*Address, error) { return p.findAddress(ctx) },
		func() (*Address, error) { return p.sub.Addresses.Create(ctx, *p.Address, p.opts...) },
	)
	return err
}

func (p *provisioning) findAddress(ctx context.Context) (*Address, error) {
	params := AddressListParams{FriendlyName: p.Address.FriendlyName}
	for address, err := range p.sub.Addresses.All(ctx, params, strictly(p.opts)...) {
		if err != nil || address.FriendlyName == p.Address.FriendlyName {
			return address, err
		}
	}
	return nil, nil //nolint:nilnil // finding none isn't an error
}

func (p *provisioning) ensureTrigger(ctx context.Context) (err error) {
	if p.Trigger != nil {
		p.report.Trigger, p.report.Created.Trigger, p.report.Updated.Trigger, err = p.sub.Usage.Triggers.ensure(ctx, *p.Trigger, p.opts)
	}
	return err
}

func (p *provisioning) ensureNumber(ctx context.Context) error {
	if p.Number == nil {
		return nil
	}
	numbers, bought := p.sub.IncomingPhoneNumbers, false
	number, err := p.findNumber(ctx)
	if number == nil && err == nil {
		params := *p.Number
		if p.report.Address != nil {
			params.Number.AddressSID = cmp.Or(params.Number.AddressSID, p.report.Address.SID)
		}
		number, bought, err = numbers.buyFirst(ctx, params, p.opts, p.findNumber)
	}
	p.report.Number, p.report.Created.Number = number, bought
	if bought || err != nil {
		return err
	}
	p.report.Number, p.report.Updated.Number, err = numbers.configure(ctx, number, p.Number.Number, p.opts)
	return err
}

// findNumber finds the account's number, or nil.
func (p *provisioning) findNumber(ctx context.Context) (oldest *IncomingPhoneNumber, err error) {
	name := p.Number.Number.FriendlyName
	for n, err := range p.sub.IncomingPhoneNumbers.All(ctx, IncomingPhoneNumberListParams{FriendlyName: name}, strictly(p.opts)...) {
		if err != nil {
			return nil, err
		}
		if name != "" && n.FriendlyName != name {
			continue
		}
		if oldest == nil || cmp.Or(n.DateCreated.Compare(oldest.DateCreated), strings.Compare(n.SID, oldest.SID)) < 0 {
			oldest = n
		}
	}
	return oldest, nil
}

// configure updates the fields of a number that differ from params. Empty
// params leave it unchanged.
func (s *IncomingPhoneNumberService) configure(ctx context.Context, number *IncomingPhoneNumber, params IncomingPhoneNumberCreateParams, opts []RequestOption) (_ *IncomingPhoneNumber, updated bool, err error) {
	form, err := encode(params)
	if err != nil {
		return nil, false, err
	}
	current, err := encode(IncomingPhoneNumberCreateParams{
		FriendlyName: number.FriendlyName, APIVersion: number.APIVersion,
		AddressSID: number.AddressSID, BundleSID: number.BundleSID, IdentitySID: number.IdentitySID,
		VoiceURL: number.VoiceURL, VoiceMethod: number.VoiceMethod,
		VoiceFallbackURL: number.VoiceFallbackURL, VoiceFallbackMethod: number.VoiceFallbackMethod,
		VoiceApplicationSID: number.VoiceApplicationSID, VoiceCallerIDLookup: number.VoiceCallerIDLookup,
		VoiceReceiveMode: number.VoiceReceiveMode, TrunkSID: number.TrunkSID,
		SMSURL: number.SMSURL, SMSMethod: number.SMSMethod,
		SMSFallbackURL: number.SMSFallbackURL, SMSFallbackMethod: number.SMSFallbackMethod,
		SMSApplicationSID: number.SMSApplicationSID,
		StatusCallback:    number.StatusCallback, StatusCallbackMethod: number.StatusCallbackMethod,
		EmergencyStatus: number.EmergencyStatus, EmergencyAddressSID: number.EmergencyAddressSID,
	})
	if err != nil {
		return nil, false, err
	}
	maps.DeleteFunc(form, func(name string, _ []string) bool { return form.Get(name) == current.Get(name) })
	if len(form) == 0 {
		return number, false, nil
	}
	changed, err := s.Update(ctx, number.SID, IncomingPhoneNumberUpdateParams{}, append([]RequestOption{WithForm(form)}, opts...)...)
	if changed == nil {
		return number, false, err
	}
	return changed, true, err
}
