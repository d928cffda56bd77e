package twilio

import (
	"context"
)

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
	sub := s.accounts.client.Subaccount(sid)
	err := firstError(checkSID("sid", sid, "AC"), sub.invalid)
	if err == nil && sid == s.accounts.client.credentials.accountSID {
		err = &ParamError{Field: "sid", Reason: "is the account that the credentials belong to; give a subaccount's SID, with the main account's credentials"}
	}
	return sub, withOperation(operation, err)
}
