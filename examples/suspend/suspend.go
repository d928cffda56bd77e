package main

import (
	"context"
	"errors"
	"fmt"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// ErrClosed means that the customer's account is closed, which is permanent.
var ErrClosed = errors.New("the customer's account is closed")

// Suspend suspends the subaccount of a customer who has not paid, and ends the
// calls in progress: Twilio would let them continue, and charge for them. The
// client acts on the main account.
//
// The report is there whenever the account is suspended. An error beside it
// concerns calls that could not be ended; calling Suspend again ends those.
func Suspend(
	ctx context.Context, client *twilio.Client, accountSID string,
) (*twilio.SuspendReport, error) {
	params := twilio.SuspendParams{EndCalls: true}
	report, err := client.Accounts.Suspend(ctx, accountSID, params)
	return report, wrap("suspend", err)
}

// Activate lifts the suspension of a customer who has paid. It changes nothing
// about an account that is active already.
func Activate(
	ctx context.Context, client *twilio.Client, accountSID string,
) (*twilio.Account, error) {
	account, err := client.Accounts.Activate(ctx, accountSID)
	return account, wrap("activate", err)
}

func wrap(verb string, err error) error {
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*twilio.Error](err)
	if ok && e.Code == twilio.CodeSubaccountClosed {
		err = ErrClosed
	}
	return fmt.Errorf("%s: %w", verb, err)
}
