package twilio

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// CloseParams are the parameters of [AccountService.Close]: they say what to do
// with phone numbers and short codes, which closing would release. With no
// field set, Close refuses an account that has any.
type CloseParams struct {
	// MoveNumbersTo is the account that gets the phone numbers: the main
	// account or another subaccount that is active.
	MoveNumbersTo string
	// AddressSID, BundleSID and IdentitySID belong to the account that gets the
	// numbers, for numbers that require them. They, CloneBundle and
	// ClearWebhooks require MoveNumbersTo.
	AddressSID, BundleSID, IdentitySID string
	// CloneBundle clones the regulatory bundles of the numbers that move into
	// the account that gets them, before anything else changes; see
	// [TransferParams].
	CloneBundle bool
	// ClearWebhooks removes the webhooks of the numbers that move, which would
	// keep sending calls and messages to the former owner; see
	// [TransferParams].
	ClearWebhooks bool

	// ReleaseNumbers releases the phone numbers, hosted ones included. Someone
	// else may get them then.
	ReleaseNumbers bool
	// ReleaseHostedNumbers releases hosted numbers: beside MoveNumbersTo, those
	// that Twilio refuses to move ([CodeHostedNumber]).
	ReleaseHostedNumbers bool
	// ReleaseShortCodes ends the lease of short codes. This API doesn't move
	// them; Twilio's support does.
	ReleaseShortCodes bool

	// Concurrency is how many calls are ended and numbers moved at once; 8 by
	// default.
	Concurrency int
}

// A CloseReport says what [AccountService.Close] did, even if it failed.
type CloseReport struct {
	// Account is the account as last read.
	Account *Account
	// Reactivated is true if the account was activated for a while, because
	// Twilio refused to move numbers out of a suspended account.
	Reactivated bool
	// EndedCalls are the calls that were queued, ringing or in progress and
	// have ended.
	EndedCalls []*Call

	// MovedNumbers are the phone numbers that the other account has now.
	MovedNumbers []*IncomingPhoneNumber
	// WebhooksKept are those of the moved numbers whose webhooks couldn't be
	// cleared. [IncomingPhoneNumberService.Transfer], called for one of them,
	// clears them.
	WebhooksKept []TransferFailure
	// NotMoved are the phone numbers that couldn't be moved and are where they
	// were.
	NotMoved []TransferFailure
	// MoveUnknown are phone numbers that may have moved: no response said, or
	// neither account has them.
	MoveUnknown []TransferFailure
	// MoveNotTried are the phone numbers whose move wasn't tried, because of an
	// outage or because the context ended.
	MoveNotTried []*IncomingPhoneNumber

	// ReleasedNumbers are the phone numbers that closing the account released.
	ReleasedNumbers []*IncomingPhoneNumber
	// ReleasedShortCodes are the SIDs of the short codes that closing the
	// account released.
	ReleasedShortCodes []string
}

// Close closes a subaccount permanently, and never releases a phone number or a
// short code by accident: if the account has any and the params don't say what
// to do with them, Close refuses with a [*ParamError] before anything changes.
// It also refuses to move numbers without the address that they require. Then
// Close
//
//   - suspends the account, so that it gets no new calls or numbers;
//   - ends the calls that haven't ended;
//   - moves the numbers, a few at a time. Whether Twilio lets numbers leave a
//     suspended account isn't documented: if it refuses, Close activates the
//     account once, moves the numbers, suspends the account again and ends its
//     new calls;
//   - checks that no number or short code was added in the meantime, which is a
//     [*ParamError] too;
//   - closes the account.
//
// A failure stops Close before anything permanent, but may leave the account
// suspended; [AccountService.Activate] lifts that. The report says what was
// done. Run Close again after any error: it does what is left, and closing a
// closed account changes nothing.
//
// A closed account can't be reopened. Its records, calls, messages and usage
// included, can be read for 30 days; then Twilio deletes the account with its
// history, if automatic deletion is on, as it is by default for main accounts
// created since July 2018. Bill it before then. Close doesn't look for what
// isn't in this API, such as regulatory bundles, hosted numbers that are still
// being ordered, WhatsApp senders and messaging services. The options apply to
// each request.
//
// See https://www.twilio.com/docs/iam/api/subaccounts#closing-subaccounts.
func (s *AccountService) Close(ctx context.Context, sid string, params CloseParams, opts ...RequestOption) (*CloseReport, error) {
	sub, err := s.subaccount(closeOperation, sid, opts)
	if err == nil {
		err = withOperation(closeOperation, params.check(sid))
	}
	if err != nil {
		return nil, err
	}
	c := &closing{service: s, sub: sub, params: params, opts: opts, report: &CloseReport{}}
	if params.MoveNumbersTo != "" {
		c.to = s.endpoint().client.Subaccount(params.MoveNumbersTo)
	}
	if c.report.Account, err = s.Get(ctx, sid, opts...); err != nil {
		return nil, err
	}
	if c.report.Account.Status == AccountStatusClosed {
		return c.report, nil
	}
	if err = c.run(ctx); err != nil {
		err = c.review(ctx, err)
	}
	return c.report, err
}

const closeOperation = "accounts.close"

func (p CloseParams) check(sid string) error {
	switch {
	case p.MoveNumbersTo != "" && p.ReleaseNumbers:
		return &ParamError{Field: "ReleaseNumbers", Reason: "is set beside MoveNumbersTo; set one of them"}
	case p.MoveNumbersTo == sid:
		return &ParamError{Field: "MoveNumbersTo", Reason: "is the account to close; set another account"}
	case p.MoveNumbersTo != "":
		return firstError(checkSID("MoveNumbersTo", p.MoveNumbersTo, "AC"), p.transfer().check())
	default:
		return firstError(nonNegative("Concurrency", p.Concurrency), p.checkNothingMoves())
	}
}

// checkNothingMoves refuses the parameters of a move if there is none.
func (p CloseParams) checkNothingMoves() error {
	for _, field := range []struct {
		name  string
		isSet bool
	}{
		{"AddressSID", p.AddressSID != ""},
		{"BundleSID", p.BundleSID != ""},
		{"IdentitySID", p.IdentitySID != ""},
		{"CloneBundle", p.CloneBundle},
		{"ClearWebhooks", p.ClearWebhooks},
	} {
		if field.isSet {
			return &ParamError{Field: field.name, Reason: "is set, but no numbers move; set MoveNumbersTo, too, or leave this unset"}
		}
	}
	return nil
}

func (p CloseParams) transfer() TransferParams {
	return TransferParams{To: p.MoveNumbersTo, AddressSID: p.AddressSID, BundleSID: p.BundleSID, IdentitySID: p.IdentitySID,
		CloneBundle: p.CloneBundle, ClearWebhooks: p.ClearWebhooks, Concurrency: p.Concurrency}
}

// keeps reports whether the account must not be closed while it has the number.
func (p CloseParams) keeps(number *IncomingPhoneNumber) bool {
	return !p.ReleaseNumbers && (!p.ReleaseHostedNumbers || number.Origin != PhoneNumberOriginHosted)
}

// shortCodes reads the SIDs of the account's short codes.
func (c *Client) shortCodes(ctx context.Context, opts []RequestOption) ([]string, error) {
	var sids []string
	for code, err := range all[*identified](ctx, endpoint{client: c, route: shortCodes}, limited{}, opts) {
		if err != nil {
			return nil, err
		}
		sids = append(sids, code.SID)
	}
	return sids, nil
}

// closing is the state of one Close.
type closing struct {
	service *AccountService
	sub     *Client // acts on the account
	to      *Client // acts on the account that gets the numbers, nil for none
	params  CloseParams
	opts    []RequestOption
	report  *CloseReport

	// What the account would lose, as last read.
	numbers []*IncomingPhoneNumber
	codes   []string
}

func (c *closing) run(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		c.look, c.refuse, c.checkDestination, c.cloneBundles, c.suspend, c.move, c.look, c.refuseRest,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	account, err := c.service.Update(ctx, c.sub.accountSID, AccountUpdateParams{Status: new(AccountStatusClosed)}, c.opts...)
	if err != nil {
		return err
	}
	c.report.Account = account
	c.report.ReleasedNumbers, c.report.ReleasedShortCodes = c.numbers, c.codes
	return nil
}

// look reads what the account has.
func (c *closing) look(ctx context.Context) (err error) {
	if c.numbers, err = c.sub.IncomingPhoneNumbers.allNumbers(ctx, c.opts); err != nil {
		return err
	}
	c.codes, err = c.sub.shortCodes(ctx, c.opts)
	return err
}

// refuse returns why these params don't allow closing the account, before
// anything has changed.
func (c *closing) refuse(context.Context) error {
	if err := c.refuseShortCodes(); err != nil {
		return err
	}
	if c.to != nil {
		refused := &TransferReport{}
		for _, number := range c.numbers {
			if err := c.params.transfer().checkAddress(number); err != nil {
				refused.Failed = append(refused.Failed, TransferFailure{number, err})
			}
		}
		c.report.NotMoved = refused.Failed
		return refused.join(nil)
	}
	if kept := c.kept(); len(kept) > 0 {
		return &ParamError{Operation: closeOperation, Field: "MoveNumbersTo", Reason: fmt.Sprintf(
			"is empty, but the account has %s (%s), which closing would release; set MoveNumbersTo or ReleaseNumbers", plural(len(kept), "phone number"), joinSIDs(kept))}
	}
	return nil
}

// refuseRest returns what was added since, if anything.
func (c *closing) refuseRest(context.Context) error {
	if kept := c.kept(); len(kept) > 0 {
		return &ParamError{Operation: closeOperation, Field: "MoveNumbersTo", Reason: fmt.Sprintf(
			"doesn't cover %s added in the meantime (%s); call Close again", plural(len(kept), "phone number"), joinSIDs(kept))}
	}
	return c.refuseShortCodes()
}

func (c *closing) refuseShortCodes() error {
	if len(c.codes) == 0 || c.params.ReleaseShortCodes {
		return nil
	}
	return &ParamError{Operation: closeOperation, Field: "ReleaseShortCodes", Reason: fmt.Sprintf(
		"is false, but the account has %s (%s), which closing would release; set it, or ask Twilio's support to move them first", plural(len(c.codes), "short code"), joinSIDs(c.codes))}
}

// kept are the SIDs of the numbers that must not be released.
func (c *closing) kept() (sids []string) {
	for _, number := range c.numbers {
		if c.params.keeps(number) {
			sids = append(sids, number.SID)
		}
	}
	return sids
}

// joinSIDs lists as many SIDs as fit into an error.
func joinSIDs(sids []string) string {
	const most = 10
	if len(sids) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(sids[:most], ", "), len(sids)-most)
	}
	return strings.Join(sids, ", ")
}

// checkDestination refuses an account that can't receive numbers. The main
// account is active: its credentials wouldn't have come this far otherwise.
func (c *closing) checkDestination(ctx context.Context) error {
	if c.to == nil || c.to.accountSID == c.to.credentials.accountSID {
		return nil
	}
	account, err := c.service.Get(ctx, c.to.accountSID, c.opts...)
	if err != nil || account.Status == AccountStatusActive {
		return err
	}
	return &ParamError{Operation: closeOperation, Field: "MoveNumbersTo", Reason: "isn't an active account, so it can't receive numbers; activate it, or set another"}
}

// cloneBundles clones the bundles that the numbers need. That requires the
// account's own credentials, which Twilio refuses once it is suspended.
func (c *closing) cloneBundles(ctx context.Context) error {
	if c.to == nil || !c.params.CloneBundle {
		return nil
	}
	clones := c.moving().clones
	for _, number := range c.numbers {
		if number.BundleSID == "" {
			continue
		}
		if _, err := clones.of(ctx, number.BundleSID); err != nil {
			return withOperation(closeOperation, err)
		}
	}
	return nil
}

// suspend suspends the account and ends its calls.
func (c *closing) suspend(ctx context.Context) error {
	account, err := c.service.setStatus(ctx, c.report.Account, AccountStatusSuspended, c.opts)
	if err != nil {
		return err
	}
	c.report.Account = account
	ended, err := c.sub.Calls.endAll(ctx, EndAllParams{Concurrency: c.params.Concurrency}, c.opts)
	c.report.EndedCalls = append(c.report.EndedCalls, ended...)
	return err
}

// move moves the numbers out of the suspended account or, if Twilio refuses
// that, out of the active one.
func (c *closing) move(ctx context.Context) error {
	if c.to == nil || len(c.numbers) == 0 {
		return nil
	}
	err := c.transfer(ctx, func(err error) bool { return isOutage(err) || maySuspensionRefuse(err) })
	if err == nil || !c.suspensionRefused() {
		return err
	}
	account, activateErr := c.service.setStatus(ctx, c.report.Account, AccountStatusActive, c.opts)
	if activateErr == nil {
		c.report.Account, c.report.Reactivated = account, true
		err = c.transfer(ctx, isOutage)
	} else {
		err = joinErrors(err, activateErr)
		if account, lookErr := c.service.Get(ctx, c.sub.accountSID, c.opts...); lookErr == nil {
			c.report.Account = account
		}
	}
	return joinErrors(err, c.suspend(ctx))
}

// moving returns a transfer of all numbers.
func (c *closing) moving() *transfer {
	return c.sub.IncomingPhoneNumbers.transferTo(c.to, c.params.transfer(), c.opts)
}

func (c *closing) transfer(ctx context.Context, isFatal func(error) bool) error {
	r, err := c.moving().all(ctx, isFatal)
	c.report.MovedNumbers = append(c.report.MovedNumbers, r.Moved...)
	c.report.WebhooksKept = append(c.report.WebhooksKept, r.WebhooksKept...)
	c.report.NotMoved, c.report.MoveUnknown, c.report.MoveNotTried = r.Failed, r.Unknown, r.NotTried
	unmovable := func(f TransferFailure) bool {
		e, ok := errors.AsType[*Error](f.Err)
		return ok && e.Code == CodeHostedNumber && !c.params.keeps(f.Number)
	}
	return (&TransferReport{
		WebhooksKept: r.WebhooksKept, Unknown: r.Unknown,
		Failed: slices.DeleteFunc(slices.Clone(r.Failed), unmovable),
	}).join(err)
}

// suspensionRefused reports whether the suspension may be why no number could
// move.
func (c *closing) suspensionRefused() bool {
	return len(c.report.MovedNumbers) == 0 && len(c.report.MoveUnknown) == 0 &&
		slices.ContainsFunc(c.report.NotMoved, func(f TransferFailure) bool { return maySuspensionRefuse(f.Err) })
}

// maySuspensionRefuse reports whether a number may have been refused because
// its account is suspended. Twilio doesn't document its code for that, so any
// counts that isn't about the number, the receiving account or the credentials.
func maySuspensionRefuse(err error) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.StatusCode < 400 || e.StatusCode > 499 || errors.Is(e, ErrNotFound) || errors.Is(e, ErrRateLimited) {
		return false
	}
	switch e.Code {
	case CodeAddressRequired, CodeLocalAddressRequired, CodeAddressSIDRequired, CodeBundleRequired, CodeIdentityRequired, CodeDocumentInsufficient,
		CodeHostedNumber, CodeTransferInvalidAccount, CodeTransferNoSuchAccount, CodeTransferUnrelated, CodeTransferCredentials:
		return false
	default:
		return true
	}
}

// review checks the account after a failure. If it is closed, because another
// process closed it or a response was lost, that is a success unless numbers
// were released that should have moved.
func (c *closing) review(ctx context.Context, err error) error {
	account, lookErr := c.service.Get(ctx, c.sub.accountSID, c.opts...)
	if lookErr != nil {
		return err
	}
	if c.report.Account = account; account.Status != AccountStatusClosed {
		return err
	}
	lost := false
	for _, number := range c.numbers {
		if c.hasMoved(number) {
			continue
		}
		if c.to != nil {
			if moved, lookErr := c.to.IncomingPhoneNumbers.Get(ctx, number.SID, c.opts...); lookErr == nil {
				c.report.MovedNumbers = append(c.report.MovedNumbers, moved)
				continue
			}
		}
		lost = lost || c.params.keeps(number)
		c.report.ReleasedNumbers = append(c.report.ReleasedNumbers, number)
	}
	c.report.ReleasedShortCodes = c.codes
	if lost {
		return err
	}
	c.report.NotMoved, c.report.MoveUnknown, c.report.MoveNotTried = nil, nil, nil
	return nil
}

func (c *closing) hasMoved(number *IncomingPhoneNumber) bool {
	return slices.ContainsFunc(c.report.MovedNumbers, func(n *IncomingPhoneNumber) bool { return n.SID == number.SID })
}
