package twilio

import (
	"context"
)

// SuspendParams are the parameters of [AccountService.Suspend].
type SuspendParams struct {
	// EndCalls ends the calls that haven't ended. Otherwise Twilio lets them
	// continue, and charges for them.
	EndCalls bool
	// Concurrency is how many calls are ended at once; 8 by default.
	Concurrency int
}

// A SuspendReport says what [AccountService.Suspend] did, even if it failed.
type SuspendReport struct {
	// Account is the account after its suspension.
	Account *Account
	// EndedCalls are the calls that were queued, ringing or in progress and
	// have ended, because of EndCalls or by themselves.
	EndedCalls []*Call
}

// Suspend suspends a subaccount: it can neither call nor send until
// [AccountService.Activate]. Its phone numbers stay, and keep costing money.
//
// Its calls continue unless EndCalls is set: the account is suspended first, so
// that no new calls start, and then every queued, ringing and in-progress call
// is ended, as by [CallService.EndAll]. If that fails, the report says what was
// done. Run Suspend again after any error: suspending a suspended account
// changes nothing, but still ends calls. The options apply to each request.
//
// See https://www.twilio.com/docs/iam/api/subaccounts#suspending-subaccounts.
func (s *AccountService) Suspend(ctx context.Context, sid string, params SuspendParams, opts ...RequestOption) (*SuspendReport, error) {
	const operation = "accounts.suspend"
	sub, err := s.subaccount(operation, sid, opts)
	if err == nil {
		err = withOperation(operation, nonNegative("Concurrency", params.Concurrency))
	}
	if err != nil {
		return nil, err
	}
	account, err := s.Get(ctx, sid, opts...)
	if err == nil {
		account, err = s.setStatus(ctx, account, AccountStatusSuspended, opts)
	}
	if err != nil {
		return nil, err
	}
	report := &SuspendReport{Account: account}
	if params.EndCalls {
		report.EndedCalls, err = sub.Calls.endAll(ctx, EndAllParams{Concurrency: params.Concurrency}, opts)
	}
	return report, err
}

// Activate lifts a suspension. Activating an active account changes nothing.
// Twilio refuses with [CodeSuspendedByTwilio] if it suspended the account
// itself, and with [CodeSubaccountClosed] if the account is closed. The options
// apply to each request.
//
// See https://www.twilio.com/docs/iam/api/subaccounts#suspending-subaccounts.
func (s *AccountService) Activate(ctx context.Context, sid string, opts ...RequestOption) (*Account, error) {
	if err := firstError(s.endpoint().ready(), checkWorkflowOptions(opts)); err != nil {
		return nil, withOperation("accounts.activate", err)
	}
	account, err := s.Get(ctx, sid, opts...)
	if err != nil {
		return nil, err
	}
	return s.setStatus(ctx, account, AccountStatusActive, opts)
}

// setStatus changes an account's status, unless it has that status already.
func (s *AccountService) setStatus(ctx context.Context, account *Account, status AccountStatus, opts []RequestOption) (*Account, error) {
	if account.Status == status {
		return account, nil
	}
	return s.Update(ctx, account.SID, AccountUpdateParams{Status: &status}, opts...)
}

// subaccount returns a client that acts on a subaccount, for a workflow that
// requires the main account's credentials. It checks the workflow's options,
// too.
func (s *AccountService) subaccount(operation, sid string, opts []RequestOption) (*Client, error) {
	optsErr := checkWorkflowOptions(opts)
	if err := s.endpoint().ready(); err != nil {
		return nil, withOperation(operation, err)
	}
	client := s.endpoint().client
	sub := client.Subaccount(sid)
	err := firstError(checkSID("sid", sid, "AC"), sub.invalid, optsErr)
	if err == nil && sid == client.credentials.accountSID {
		err = &ParamError{Field: "sid", Reason: "is the account that the credentials belong to; pass a subaccount's SID, with the main account's credentials"}
	}
	return sub, withOperation(operation, err)
}
