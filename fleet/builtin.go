package fleet

import (
	"context"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// None is the type of params or results that are empty.
type None struct{}

// Days are days in UTC, the last included.
type Days struct {
	From, To time.Time
}

// A SuspendResult is what [Suspend] did to an account.
type SuspendResult struct {
	// Status is the account's status.
	Status twilio.AccountStatus
	// EndedCalls are the SIDs of the calls that have ended.
	EndedCalls []string
}

// Suspend suspends subaccounts, by [twilio.AccountService.Suspend].
var Suspend = Define("suspend", func(ctx context.Context, j *Job[twilio.SuspendParams]) (SuspendResult, error) {
	report, err := j.Client.Accounts.Suspend(ctx, j.Key, j.Params)
	if err != nil {
		return SuspendResult{}, err
	}
	return SuspendResult{Status: report.Account.Status, EndedCalls: callSIDs(report.EndedCalls)}, nil
})

// Activate lifts the suspension of subaccounts, by
// [twilio.AccountService.Activate]. Its result is the account's status.
var Activate = Define("activate", func(ctx context.Context, j *Job[None]) (twilio.AccountStatus, error) {
	account, err := j.Client.Accounts.Activate(ctx, j.Key)
	if err != nil {
		return "", err
	}
	return account.Status, nil
})

// A CloseResult is what [Close] did to an account. It lists SIDs.
type CloseResult struct {
	// Status is the account's status.
	Status twilio.AccountStatus
	// EndedCalls are the calls that have ended.
	EndedCalls []string
	// MovedNumbers are the phone numbers that another account has now, and
	// WebhooksKept those of them whose webhooks couldn't be cleared.
	MovedNumbers, WebhooksKept []string
	// ReleasedNumbers and ReleasedShortCodes are what closing released.
	ReleasedNumbers, ReleasedShortCodes []string
}

// Close closes subaccounts permanently, by [twilio.AccountService.Close]. An
// account with phone numbers or short codes fails unless the params say what to
// do with them. If the operation is interrupted, and runs again, the result has
// what its last run did.
var Close = Define("close", func(ctx context.Context, j *Job[twilio.CloseParams]) (CloseResult, error) {
	report, err := j.Client.Accounts.Close(ctx, j.Key, j.Params)
	if err != nil {
		return CloseResult{}, err
	}
	result := CloseResult{
		Status:             report.Account.Status,
		EndedCalls:         callSIDs(report.EndedCalls),
		MovedNumbers:       numberSIDs(report.MovedNumbers),
		ReleasedNumbers:    numberSIDs(report.ReleasedNumbers),
		ReleasedShortCodes: report.ReleasedShortCodes,
	}
	for _, kept := range report.WebhooksKept {
		result.WebhooksKept = append(result.WebhooksKept, kept.Number.SID)
	}
	return result, nil
})

func callSIDs(calls []*twilio.Call) (sids []string) {
	for _, call := range calls {
		sids = append(sids, call.SID)
	}
	return sids
}

func numberSIDs(numbers []*twilio.IncomingPhoneNumber) (sids []string) {
	for _, number := range numbers {
		sids = append(sids, number.SID)
	}
	return sids
}
