package twilio

import (
	"context"
	"fmt"
)

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
		err = withOperation(operation, params.check(sid))
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

// checkNumbers says why an account with these numbers can't be closed.
func (p CloseParams) checkNumbers(owned []*IncomingPhoneNumber) error {
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
	numbers, err := sub.IncomingPhoneNumbers.allNumbers(ctx)
	if err != nil {
		return err
	}
	if params.MoveNumbersTo == "" {
		if err := params.checkNumbers(numbers); err != nil {
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
	if numbers, err = sub.IncomingPhoneNumbers.allNumbers(ctx); err != nil {
		return err
	}
	if err := params.checkNumbers(numbers); err != nil {
		return err
	}
	account, err := s.Update(ctx, sub.accountSID, AccountUpdateParams{Status: new(AccountStatusClosed)})
	if err != nil {
		return err
	}
	report.Account, report.ReleasedNumbers = account, numbers
	return nil
}
