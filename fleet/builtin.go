package fleet

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// None is the type of params or results that are empty.
type None struct{}

// Days are days in UTC, the first and the last included; the time of day is
// dropped.
type Days struct {
	From, To time.Time
}

// check refuses days that select nothing, or everything.
func (d Days) check() error {
	switch {
	case d.From.IsZero() || d.To.IsZero():
		return paramError("start", "From and To", "have to be set, to the first and the last day")
	case d.last().Before(d.first()):
		return paramError("start", "To", "is before From; swap them")
	default:
		return nil
	}
}

// MarshalJSON encodes the dates alone, so that two processes that mean the same
// days start the same run.
func (d Days) MarshalJSON() ([]byte, error) {
	return json.Marshal([2]string{d.first().Format(time.DateOnly), d.last().Format(time.DateOnly)})
}

// UnmarshalJSON decodes what MarshalJSON encodes.
func (d *Days) UnmarshalJSON(text []byte) (err error) {
	var dates [2]string
	if err = json.Unmarshal(text, &dates); err != nil {
		return err
	}
	d.From, err = time.Parse(time.DateOnly, dates[0])
	if err == nil {
		d.To, err = time.Parse(time.DateOnly, dates[1])
	}
	return err
}

func (d Days) first() time.Time { return d.From.UTC().Truncate(24 * time.Hour) }

func (d Days) last() time.Time { return d.To.UTC().Truncate(24 * time.Hour) }

// end is the first moment after the days.
func (d Days) end() time.Time { return d.last().AddDate(0, 0, 1) }

// MessageSpend adds up what an account's messages of some days cost, by
// [twilio.MessageService.Spend]. A long sum continues where it was interrupted.
var MessageSpend = Define("message-spend", func(ctx context.Context, j *Job[Days]) (*twilio.Spend, error) {
	return resumed(j, func(opt twilio.RequestOption) (*twilio.Spend, error) {
		return j.Sub.Messages.Spend(ctx, twilio.MessageListParams{DateSentAfter: j.Params.first(), DateSentBefore: j.Params.end()}, opt)
	})
})

// CallSpend adds up what an account's calls of some days cost, by
// [twilio.CallService.Spend]. A call belongs to the day on which it started. A
// long sum continues where it was interrupted.
var CallSpend = Define("call-spend", func(ctx context.Context, j *Job[Days]) (*twilio.Spend, error) {
	return resumed(j, func(opt twilio.RequestOption) (*twilio.Spend, error) {
		return j.Sub.Calls.Spend(ctx, twilio.CallListParams{StartTimeAfter: j.Params.first(), StartTimeBefore: j.Params.end()}, opt)
	})
})

// Bill makes an account's bill of some days, by [twilio.UsageService.Bill]. A
// long one continues where it was interrupted.
var Bill = Define("bill", func(ctx context.Context, j *Job[Days]) (*twilio.Bill, error) {
	return resumed(j, func(opt twilio.RequestOption) (*twilio.Bill, error) {
		return j.Sub.Usage.Bill(ctx, twilio.BillParams{StartDate: j.Params.first(), EndDate: j.Params.last()}, opt)
	})
})

// saveEvery is how often a sum is saved, which may have a page many times a
// second.
const saveEvery = time.Second

// resumed makes a sum, from its checkpoint to the next.
func resumed[T any](j *Job[Days], sum func(twilio.RequestOption) (T, error)) (T, error) {
	var (
		zero T
		from json.RawMessage
	)
	if err := j.Resume(&from); err != nil {
		return zero, err
	}
	saved := time.Now()
	return sum(twilio.WithCheckpoints(from, func(ctx context.Context, state json.RawMessage) error {
		if time.Since(saved) < saveEvery && j.turn.ended() == nil {
			return nil
		}
		saved = time.Now()
		return j.Checkpoint(ctx, state)
	}))
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

// RotateParams are the parameters of [RotateAuthToken].
type RotateParams struct {
	// SuppressEmail keeps Twilio from telling the account's owners by mail.
	SuppressEmail bool
	// RevocationWait is how long to wait until Twilio refuses the old token; 0
	// means a minute, and a minute is the most that fits into an operation.
	RevocationWait time.Duration
}

func (p RotateParams) check() error {
	if p.RevocationWait < 0 || p.RevocationWait > time.Minute {
		return paramError("start", "RevocationWait", "is negative or longer than a minute; set a shorter one")
	}
	return nil
}

// A RotateResult says what [RotateAuthToken] did. It has no token.
type RotateResult struct {
	// OldTokenWorks is true if Twilio still accepted or showed the old token after
	// RevocationWait. The new one works too.
	OldTokenWorks bool
}

// RotateAuthToken replaces the AuthToken of subaccounts, by
// [twilio.AccountService.RotateAuthToken]. The function of [WithTokenStore]
// stores the new token; nothing of it is in the database. On a worker without
// that option, items fail, and nothing is sent. If the operation runs again, it
// makes another token. Select active accounts: others fail.
var RotateAuthToken = Define("rotate-auth-token", func(ctx context.Context, j *Job[RotateParams]) (RotateResult, error) {
	if j.turn.fleet.cfg.SaveToken == nil {
		return RotateResult{}, paramError("rotate_auth_token", "WithTokenStore", "is not set on this worker; set it, and retry the run")
	}
	_, err := j.Client.Accounts.RotateAuthToken(ctx, j.Key, twilio.RotateAuthTokenParams{
		Save: func(ctx context.Context, token twilio.Secret) error {
			return j.turn.fleet.cfg.SaveToken(ctx, j.Key, token)
		},
		SuppressEmail:  j.Params.SuppressEmail,
		RevocationWait: j.Params.RevocationWait,
	})
	if errors.Is(err, twilio.ErrOldAuthToken) {
		return RotateResult{OldTokenWorks: true}, nil // another rotation wouldn't help
	}
	return RotateResult{}, err
})

// A ProvisionResult lists the SIDs of what a customer has after [Provision].
// What the params don't ask for is empty.
type ProvisionResult struct {
	AccountSID, KeySID, AddressSID, TriggerSID, NumberSID string
}

// Provision sets up a customer, by [twilio.AccountService.Provision]. It is for
// StartTx: the key is the customer's, and the FriendlyName of the subaccount
// unless the params have another. With a Key, the function of [WithKeyStore]
// stores it; SaveKey isn't used. The params are in the database, with the
// customer's address if they have one.
var Provision = Define("provision", func(ctx context.Context, j *Job[twilio.ProvisionParams]) (ProvisionResult, error) {
	params := j.Params
	params.FriendlyName = cmp.Or(params.FriendlyName, j.Key)
	params.SaveKey = j.turn.fleet.cfg.SaveKey
	report, err := j.Client.Accounts.Provision(ctx, params)
	if err != nil {
		return ProvisionResult{}, err
	}
	result := ProvisionResult{AccountSID: report.Account.SID}
	if report.Key != nil {
		result.KeySID = report.Key.SID
	}
	if report.Address != nil {
		result.AddressSID = report.Address.SID
	}
	if report.Trigger != nil {
		result.TriggerSID = report.Trigger.SID
	}
	if report.Number != nil {
		result.NumberSID = report.Number.SID
	}
	return result, nil
})
