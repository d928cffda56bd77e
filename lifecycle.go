package twilio

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Ensure returns the subaccount of exactly this name that isn't closed, and
// makes it if there is none; created says which. It never takes the main
// account for a customer's, whatever its name. Two subaccounts of the name are a
// [*ParamError] that lists their SIDs.
//
// Running it again after any error makes no second account: where the outcome
// of a creation is unknown it looks before it goes on, and once more at the
// beginning of the next run.
//
// Twilio keeps no names unique, so that two processes that run it for one name
// at the same moment can both find nothing and both create. To be safe, let one
// process at a time do it: hold a lock of your database on the customer's row,
// say.
func (s *AccountService) Ensure(ctx context.Context, friendlyName string) (account *Account, created bool, err error) {
	const operation = "accounts.ensure"
	if err := required("friendlyName", friendlyName); err != nil {
		return nil, false, refuse(operation, err)
	}
	account, found, err := s.named(ctx, friendlyName)
	if found || err != nil {
		return account, false, refuse(operation, err)
	}
	account, err = s.Create(ctx, AccountCreateParams{FriendlyName: friendlyName})
	if errors.Is(err, ErrOutcomeUnknown) {
		if account, found, lookErr := s.named(ctx, friendlyName); found && lookErr == nil {
			return account, true, nil
		}
	}
	return account, err == nil, err
}

// named finds the one open subaccount of a name.
func (s *AccountService) named(ctx context.Context, friendlyName string) (account *Account, found bool, err error) {
	var sids []string
	for a, err := range s.All(ctx, AccountListParams{FriendlyName: friendlyName}) {
		if err != nil {
			return nil, false, err
		}
		if a.FriendlyName == friendlyName && a.Status != AccountStatusClosed && a.SID != a.OwnerAccountSID {
			account = a
			sids = append(sids, a.SID)
		}
	}
	if len(sids) > 1 {
		return nil, false, &ParamError{Field: "friendlyName",
			Reason: fmt.Sprintf("names %d open subaccounts (%s); rename or close all but one", len(sids), strings.Join(sids, ", "))}
	}
	return account, len(sids) == 1, nil
}

// SuspendParams say how [AccountService.Suspend] goes about it.
type SuspendParams struct {
	// EndCalls ends the calls that are under way. Twilio lets them go on
	// otherwise, and charges for them.
	EndCalls bool
}

// SuspendReport is what [AccountService.Suspend] did.
type SuspendReport struct {
	// Account is the account after its suspension.
	Account *Account
	// EndedCalls are the calls that were under way and have ended, by our doing
	// or by themselves.
	EndedCalls []*Call
}

// Suspend suspends a subaccount: it can neither call nor send until
// [AccountService.Activate]. Its phone numbers stay, and keep costing money.
//
// Calls under way go on unless EndCalls ends them: first the account is
// suspended, so that no new ones begin, then every queued, ringing and running
// call is ended, until none is left. The error joins those of the calls that
// couldn't be ended; the report has all else. Suspending a suspended account
// changes nothing and ends calls all the same, so that it can be repeated after
// any error.
func (s *AccountService) Suspend(ctx context.Context, sid string, params SuspendParams) (*SuspendReport, error) {
	sub, err := s.subaccount("accounts.suspend", sid)
	if err != nil {
		return nil, err
	}
	account, err := s.setStatus(ctx, sid, AccountStatusSuspended)
	if err != nil {
		return nil, err
	}
	report := &SuspendReport{Account: account}
	if params.EndCalls {
		report.EndedCalls, err = sub.Calls.EndAll(ctx)
	}
	return report, err
}

// Activate lifts a suspension. Activating an active account changes nothing.
// Twilio refuses with [CodeSuspendedByTwilio] what it suspended itself, and with
// [CodeSubaccountClosed] what is closed.
func (s *AccountService) Activate(ctx context.Context, sid string) (*Account, error) {
	return s.setStatus(ctx, sid, AccountStatusActive)
}

// setStatus changes a status that isn't what it should be.
func (s *AccountService) setStatus(ctx context.Context, sid string, status AccountStatus) (*Account, error) {
	account, err := s.Get(ctx, sid)
	if err != nil || account.Status == status {
		return account, err
	}
	return s.Update(ctx, sid, AccountUpdateParams{Status: &status})
}

// subaccount returns a client that acts on a subaccount, for a workflow that is
// the main account's to run.
func (s *AccountService) subaccount(operation, sid string) (*Client, error) {
	sub := s.client.Subaccount(sid)
	err := firstOf(checkSID("sid", sid, "AC"), sub.invalid)
	if err == nil && sid == s.client.credentials.accountSID {
		err = &ParamError{Field: "sid", Reason: "is the account that the credentials belong to; give a subaccount's SID, with the main account's credentials"}
	}
	return sub, refuse(operation, err)
}

// CloseParams say what becomes of the phone numbers of an account that
// [AccountService.Close] closes. With neither field set, an account that owns
// numbers is left open.
type CloseParams struct {
	// MoveNumbersTo is the account that gets the numbers: the main account or
	// another subaccount.
	MoveNumbersTo string
	// AddressSID, BundleSID and IdentitySID belong to the account that gets the
	// numbers, for numbers that require them.
	AddressSID, BundleSID, IdentitySID string
	// ReleaseNumbers gives the numbers up. Somebody else may get them then.
	ReleaseNumbers bool
}

// CloseReport is what [AccountService.Close] did, also when it failed.
type CloseReport struct {
	// Account is the account as it was seen last.
	Account *Account
	// EndedCalls are the calls that were under way and have ended.
	EndedCalls []*Call
	// MovedNumbers are the phone numbers that moved.
	MovedNumbers []*IncomingPhoneNumber
	// NotMoved are the phone numbers that couldn't be moved, and why.
	NotMoved []TransferFailure
	// ReleasedNumbers are the phone numbers that the account gave up by being
	// closed, with ReleaseNumbers.
	ReleasedNumbers []*IncomingPhoneNumber
}

// Close closes a subaccount for ever, and loses no phone number by accident: an
// account that owns numbers is refused with a [*ParamError] unless the params
// say what becomes of them. In this order it ends the calls under way, moves
// the numbers, suspends the account so that neither calls nor numbers can come
// any more, looks whether any is left, and closes the account.
//
// A failure stops it before anything that can't be undone; the report says how
// far it came. Each step can be repeated: calling Close again finishes the job,
// and closing a closed account changes nothing.
func (s *AccountService) Close(ctx context.Context, sid string, params CloseParams) (*CloseReport, error) {
	const operation = "accounts.close"
	sub, err := s.subaccount(operation, sid)
	if err == nil {
		err = refuse(operation, params.check(sid))
	}
	if err != nil {
		return nil, err
	}
	report := &CloseReport{}
	if report.Account, err = s.Get(ctx, sid); err != nil {
		return nil, err
	}
	if report.Account.Status == AccountStatusClosed {
		return report, nil
	}
	if err = s.close(ctx, sub, params, report); err != nil {
		// Another process may have closed it under our feet.
		if now, lookErr := s.Get(ctx, sid); lookErr == nil && now.Status == AccountStatusClosed {
			report.Account, err = now, nil
		}
	}
	return report, err
}

func (p CloseParams) check(sid string) error {
	switch {
	case p.MoveNumbersTo != "" && p.ReleaseNumbers:
		return &ParamError{Field: "ReleaseNumbers", Reason: "is given beside MoveNumbersTo; give one of them"}
	case p.MoveNumbersTo == sid:
		return &ParamError{Field: "MoveNumbersTo", Reason: "is the account that is to be closed"}
	case p.MoveNumbersTo != "":
		return checkSID("MoveNumbersTo", p.MoveNumbersTo, "AC")
	default:
		return nil
	}
}

// refuse says why an account with these numbers can't be closed.
func (p CloseParams) refuse(owned []*IncomingPhoneNumber) error {
	if len(owned) == 0 || p.ReleaseNumbers {
		return nil
	}
	reason := fmt.Sprintf("isn't given, nor ReleaseNumbers, but closing the account would release its phone numbers (%d)", len(owned))
	if p.MoveNumbersTo != "" {
		reason = fmt.Sprintf("was followed, but more phone numbers came meanwhile (%d); close the account again to move them too", len(owned))
	}
	return &ParamError{Operation: "accounts.close", Field: "MoveNumbersTo", Reason: reason}
}

func (s *AccountService) close(ctx context.Context, sub *Client, params CloseParams, report *CloseReport) error {
	numbers, err := sub.IncomingPhoneNumbers.owned(ctx)
	if err != nil {
		return err
	}
	if params.MoveNumbersTo == "" {
		if err := params.refuse(numbers); err != nil {
			return err
		}
	}
	if report.EndedCalls, err = sub.Calls.EndAll(ctx); err != nil {
		return err
	}
	if params.MoveNumbersTo != "" {
		moved, err := sub.IncomingPhoneNumbers.TransferAll(ctx, TransferParams{To: params.MoveNumbersTo,
			AddressSID: params.AddressSID, BundleSID: params.BundleSID, IdentitySID: params.IdentitySID})
		report.MovedNumbers, report.NotMoved = moved.Moved, moved.Failed
		if err != nil {
			return err
		}
	}
	// Numbers and calls may have come since. A suspended account gets no more of
	// them, so that what is seen from here on stays true.
	suspension, err := s.Suspend(ctx, sub.accountSID, SuspendParams{EndCalls: true})
	if suspension != nil {
		report.Account = suspension.Account
		report.EndedCalls = append(report.EndedCalls, suspension.EndedCalls...)
	}
	if err != nil {
		return err
	}
	if numbers, err = sub.IncomingPhoneNumbers.owned(ctx); err != nil {
		return err
	}
	if err := params.refuse(numbers); err != nil {
		return err
	}
	account, err := s.Update(ctx, sub.accountSID, AccountUpdateParams{Status: new(AccountStatusClosed)})
	if err != nil {
		return err
	}
	report.Account, report.ReleasedNumbers = account, numbers
	return nil
}

// final reports whether a call is over.
func (c *Call) final() bool {
	switch c.Status {
	case CallStatusQueued, CallStatusRinging, CallStatusInProgress:
		return false
	default:
		return true
	}
}

// End ends a call, whether it is queued, ringing or running, and returns it. A
// call that has ended by itself is no error.
func (s *CallService) End(ctx context.Context, sid string) (*Call, error) {
	call, err := s.Update(ctx, sid, CallUpdateParams{Status: new(CallStatusCompleted)})
	if e, ok := errors.AsType[*Error](err); ok && e.Code == CodeCallNotInProgress {
		if now, lookErr := s.Get(ctx, sid); lookErr == nil && now.final() {
			return now, nil
		}
	}
	return call, err
}

// EndAll ends every queued, ringing and running call of the account, looks again
// until none is left, and returns them all as they are now. An account that
// isn't suspended may start calls faster than they are ended; the context sets
// the limit. The error joins those of the calls that couldn't be ended, each
// with the call's SID.
func (s *CallService) EndAll(ctx context.Context) ([]*Call, error) {
	var (
		ended []*Call
		errs  []error
	)
	tried := map[string]bool{}
	for found := true; found; {
		found = false
		// In the order of a call's life: one that goes on while we look is met in
		// its next state.
		for _, status := range []CallStatus{CallStatusQueued, CallStatusRinging, CallStatusInProgress} {
			for call, err := range s.All(ctx, CallListParams{Status: status}) {
				if err != nil {
					return ended, errors.Join(append(errs, err)...)
				}
				if tried[call.SID] {
					continue
				}
				tried[call.SID], found = true, true
				now, err := s.End(ctx, call.SID)
				if err != nil {
					errs = append(errs, fmt.Errorf("call %s: %w", call.SID, err))
					continue
				}
				ended = append(ended, now)
			}
		}
	}
	return ended, errors.Join(errs...)
}
