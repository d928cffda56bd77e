package twilio

import (
	"cmp"
	"context"
	"errors"
)

// TransferParams are the parameters of [IncomingPhoneNumberService.Transfer]
// and [IncomingPhoneNumberService.TransferAll].
type TransferParams struct {
	// To is the account that gets the number: the main account or one of its
	// subaccounts.
	To string
	// AddressSID is an address of the account that gets the number, for numbers
	// that require one.
	AddressSID string
	// BundleSID is a regulatory bundle of the account that gets the number.
	BundleSID string
	// CloneBundle clones the regulatory bundle that the number has, if it has
	// one, into the account that gets the number, in place of BundleSID.
	// Numbers with the same bundle share one clone.
	CloneBundle bool
	// IdentitySID is an identity of the account that gets the number.
	IdentitySID string
	// ClearWebhooks removes what would keep sending calls and messages to the
	// former owner: the voice, SMS and status callback URLs, the voice and SMS
	// applications and the SIP trunk.
	ClearWebhooks bool
	// Concurrency is how many numbers TransferAll moves at once; 8 by default.
	Concurrency int
}

// A TransferFailure is a phone number and its error.
type TransferFailure struct {
	// Number is the phone number.
	Number *IncomingPhoneNumber
	// Err says what went wrong.
	Err error
}

// A TransferReport says what [IncomingPhoneNumberService.TransferAll] did. Each
// number that it found is in one of Moved, Failed, Unknown and NotTried.
type TransferReport struct {
	// Moved are the numbers that the new account has now.
	Moved []*IncomingPhoneNumber
	// WebhooksKept are those of the moved numbers whose webhooks couldn't be
	// cleared. Transfer, called for one of them, clears them.
	WebhooksKept []TransferFailure
	// Failed are the numbers that couldn't be moved and are where they were.
	Failed []TransferFailure
	// Unknown are numbers that may have moved: no response said, or neither
	// account has them.
	Unknown []TransferFailure
	// NotTried are the numbers whose move wasn't tried, because of an outage or
	// because the context ended.
	NotTried []*IncomingPhoneNumber
}

const transferOperation = "incoming_phone_numbers.transfer"

// Transfer moves a phone number from the account that the client acts on to
// another, with the main account's AuthToken. If neither of them has the
// number, the error matches [ErrNotFound]. If Twilio's response doesn't say
// whether the number moved, Transfer looks for it. A number that has already
// moved is a success: you can run Transfer again after any error.
//
// A number that requires an address is refused with a [*ParamError] unless
// AddressSID names one of the new account. Twilio refuses others with
// [CodeBundleRequired], [CodeIdentityRequired] or [CodeHostedNumber]. Voice and
// SMS settings move with the number unless ClearWebhooks is set; A2P
// registrations, toll-free verifications, Trust Hub enrolments and WhatsApp
// senders don't.
//
// With CloneBundle, Transfer first clones the regulatory bundle that the number
// has into the account that gets it, with three or four more requests. It finds
// the clone of an earlier run by its FriendlyName, which is "clone of" and the
// SID of the original. While Twilio reviews the clone, or has rejected it, the
// error is a [*ParamError] that names it, and the number stays where it is.
//
// An error that comes with a number, which only ClearWebhooks can cause, means
// that the number has moved and its webhooks are still set. The options apply
// to each request.
//
// See https://www.twilio.com/docs/iam/api/subaccounts#exchanging-numbers.
func (s *IncomingPhoneNumberService) Transfer(ctx context.Context, sid string, params TransferParams, opts ...RequestOption) (*IncomingPhoneNumber, error) {
	if err := firstError(s.endpoint().ready(), checkContext(ctx), checkSID("sid", sid, "PN"), checkWorkflowOptions(opts)); err != nil {
		return nil, withOperation(transferOperation, err)
	}
	t, err := s.newTransfer(ctx, params, opts)
	if err != nil {
		return nil, err
	}
	number, err := s.Get(ctx, sid, opts...)
	if err == nil && s.endpoint().client.accountSID != params.To {
		number, err = t.move(ctx, number)
		if unknown, ok := errors.AsType[unknownMoveError](err); ok {
			err = unknown.error
		}
		return number, err
	}
	if err != nil {
		// It may have moved in an earlier run.
		var lookErr error
		if number, lookErr = t.to.Get(ctx, sid, opts...); lookErr != nil {
			return nil, err
		}
	}
	return t.finish(ctx, number)
}

// A transfer is one run of Transfer or TransferAll.
type transfer struct {
	from, to *IncomingPhoneNumberService
	params   TransferParams
	opts     []RequestOption
	clones   *bundleCloner
}

// newTransfer checks the params and makes sure that the credentials are a main
// account's before anything changes: Twilio moves numbers for no others, and
// refuses late.
func (s *IncomingPhoneNumberService) newTransfer(ctx context.Context, params TransferParams, opts []RequestOption) (*transfer, error) {
	client := s.endpoint().client
	to := client.Subaccount(params.To)
	err := firstError(params.check(), client.invalid, to.invalid)
	if err == nil && client.credentials.isKey() {
		err = &ParamError{Field: "credentials", Reason: "are an API key's; moving numbers requires the main account's AuthToken"}
	}
	if err != nil {
		return nil, withOperation(transferOperation, err)
	}
	own, err := client.Accounts.Get(ctx, client.credentials.accountSID, opts...)
	if err != nil {
		return nil, err
	}
	if own.OwnerAccountSID != own.SID {
		return nil, &ParamError{Operation: transferOperation, Field: "credentials",
			Reason: "are a subaccount's; moving numbers requires the main account's AuthToken"}
	}
	return s.transferTo(to, params, opts), nil
}

func (s *IncomingPhoneNumberService) transferTo(to *Client, params TransferParams, opts []RequestOption) *transfer {
	return &transfer{
		from: s, to: to.IncomingPhoneNumbers, params: params, opts: opts,
		clones: newBundleCloner(s.endpoint().client, to, opts),
	}
}

func (p TransferParams) check() error {
	if p.CloneBundle && p.BundleSID != "" {
		return &ParamError{Field: "CloneBundle", Reason: "is set beside BundleSID; set one of them"}
	}
	return firstError(checkSID("To", p.To, "AC"), nonNegative("Concurrency", p.Concurrency))
}

// An unknownMoveError is the error of a number that may have moved.
type unknownMoveError struct{ error }

// Unwrap returns the error of the move.
func (e unknownMoveError) Unwrap() error { return e.error }

// move moves a number that was read before. It trusts the response, and looks
// for the number only if that leaves a doubt.
func (t *transfer) move(ctx context.Context, number *IncomingPhoneNumber) (*IncomingPhoneNumber, error) {
	if err := t.params.checkAddress(number); err != nil {
		return nil, err
	}
	bundle := t.params.BundleSID
	if t.params.CloneBundle && number.BundleSID != "" {
		var err error
		if bundle, err = t.clones.of(ctx, number.BundleSID); err != nil {
			return nil, err
		}
	}
	update := IncomingPhoneNumberUpdateParams{
		AccountSID:  &t.params.To,
		AddressSID:  ptrIfSet(t.params.AddressSID),
		BundleSID:   ptrIfSet(bundle),
		IdentitySID: ptrIfSet(t.params.IdentitySID),
	}
	if t.params.ClearWebhooks {
		number.clearWebhooks(&update)
	}
	moved, err := t.from.Update(ctx, number.SID, update, t.opts...)
	gone := errors.Is(err, ErrNotFound) // moved or released by someone else, or by an earlier run
	switch {
	case err == nil && moved.AccountSID == t.params.To:
		return t.finish(ctx, moved)
	case err != nil && !gone && !mayHaveApplied(err):
		return nil, err
	}
	moved, lookErr := t.to.Get(ctx, number.SID, t.opts...)
	if lookErr == nil {
		return t.finish(ctx, moved)
	}
	err = firstError(err, lookErr)
	if errors.Is(lookErr, ErrNotFound) && !gone {
		if _, hereErr := t.from.Get(ctx, number.SID, t.opts...); hereErr == nil {
			return nil, err
		}
	}
	return nil, unknownMoveError{err}
}

// finish clears the webhooks that a moved number still has.
func (t *transfer) finish(ctx context.Context, number *IncomingPhoneNumber) (*IncomingPhoneNumber, error) {
	var update IncomingPhoneNumberUpdateParams
	if !t.params.ClearWebhooks || !number.clearWebhooks(&update) {
		return number, nil
	}
	cleared, err := t.to.Update(ctx, number.SID, update, t.opts...)
	if err != nil {
		return number, err
	}
	return cleared, nil
}

// clearWebhooks makes an update clear the webhooks that a number has, and
// reports whether there are any.
func (n *IncomingPhoneNumber) clearWebhooks(update *IncomingPhoneNumberUpdateParams) (found bool) {
	for _, webhook := range []struct {
		now   string
		field **string
	}{
		{n.VoiceURL, &update.VoiceURL},
		{n.VoiceFallbackURL, &update.VoiceFallbackURL},
		{n.VoiceApplicationSID, &update.VoiceApplicationSID},
		{n.TrunkSID, &update.TrunkSID},
		{n.SMSURL, &update.SMSURL},
		{n.SMSFallbackURL, &update.SMSFallbackURL},
		{n.SMSApplicationSID, &update.SMSApplicationSID},
		{n.StatusCallback, &update.StatusCallback},
	} {
		if webhook.now != "" {
			*webhook.field, found = new(""), true
		}
	}
	return found
}

func ptrIfSet(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// checkAddress refuses a number that requires an address where none is set.
func (p TransferParams) checkAddress(number *IncomingPhoneNumber) error {
	if p.AddressSID != "" {
		return nil
	}
	var kind string
	switch number.AddressRequirements {
	case AddressRequirementAny:
		kind = "an address anywhere"
	case AddressRequirementLocal:
		kind = "an address in the number's own country"
	case AddressRequirementForeign:
		kind = "an address outside the number's own country"
	default:
		return nil
	}
	return &ParamError{Operation: transferOperation, Field: "AddressSID",
		Reason: "is empty, but " + number.SID + " requires " + kind + "; create one in the account that gets the number"}
}

// allNumbers reads the numbers of the account, all before the first of them
// moves, which would shift the pages of the list. It returns the others beside
// the error of one that can't be read.
func (s *IncomingPhoneNumberService) allNumbers(ctx context.Context, opts []RequestOption) ([]*IncomingPhoneNumber, error) {
	numbers, unreadable, err := readItems(s.All(ctx, IncomingPhoneNumberListParams{}, opts...))
	return numbers, firstError(err, unreadable)
}

// TransferAll moves every phone number of the account that the client acts on,
// as [IncomingPhoneNumberService.Transfer] moves one, a few at a time and with
// one request a number, and lists again until there is no new one. The options
// apply to each request.
//
// The report is never nil. The error joins those of the numbers, each with its
// SID, and the reason why TransferAll stopped early, if it did: the error of
// the list or the context, or a [*TransportError] after 5 failures in a row
// that indicate an outage (no response, or status 5xx, 429 or 401). You can run
// TransferAll again after any error.
func (s *IncomingPhoneNumberService) TransferAll(ctx context.Context, params TransferParams, opts ...RequestOption) (*TransferReport, error) {
	report := &TransferReport{}
	if err := firstError(s.endpoint().ready(), checkContext(ctx), checkWorkflowOptions(opts)); err != nil {
		return report, withOperation(transferOperation, err)
	}
	t, err := s.newTransfer(ctx, params, opts)
	if err == nil && s.endpoint().client.accountSID == params.To {
		err = &ParamError{Operation: transferOperation, Field: "To", Reason: "is the account that has the numbers; set another account"}
	}
	if err != nil {
		return report, err
	}
	report, err = t.all(ctx, isOutage)
	return report, report.join(err)
}

// all returns the result for each number and, separately, why it stopped early.
func (t *transfer) all(ctx context.Context, isFatal func(error) bool) (*TransferReport, error) {
	numbers := drain[IncomingPhoneNumber]{
		operation:   transferOperation,
		account:     t.from.numbers.client.accountSID,
		kind:        "number",
		concurrency: cmp.Or(t.params.Concurrency, defaultConcurrency),
		sid:         func(n *IncomingPhoneNumber) string { return n.SID },
		list:        func(ctx context.Context) ([]*IncomingPhoneNumber, error) { return t.from.allNumbers(ctx, t.opts) },
		do:          t.move,
		isFatal:     isFatal,
	}
	done, err := numbers.run(ctx)
	report := &TransferReport{}
	for _, n := range done {
		unknown, isUnknown := errors.AsType[unknownMoveError](n.err)
		switch {
		case !n.tried:
			report.NotTried = append(report.NotTried, n.item)
		case isUnknown:
			report.Unknown = append(report.Unknown, TransferFailure{n.item, unknown.error})
		case n.now == nil:
			report.Failed = append(report.Failed, TransferFailure{n.item, n.err})
		default:
			report.Moved = append(report.Moved, n.now)
			if n.err != nil {
				report.WebhooksKept = append(report.WebhooksKept, TransferFailure{n.now, n.err})
			}
		}
	}
	return report, err
}

// join returns the errors of the numbers, each with its SID, and another error.
func (r *TransferReport) join(err error) error {
	var errs []error
	for _, group := range []struct {
		what     string
		failures []TransferFailure
	}{{"", r.Failed}, {" may have moved", r.Unknown}, {" has moved, and its webhooks are still set", r.WebhooksKept}} {
		for _, f := range group.failures {
			errs = append(errs, &itemError{"number " + f.Number.SID + group.what, f.Err})
		}
	}
	return joinErrors(append(errs, err)...)
}
