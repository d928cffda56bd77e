package main

import (
	"context"
	"errors"
	"fmt"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// ErrAddressRequired means that the phone number requires an address of the
// receiving account. Nothing has changed; set AddressSID and call Transfer
// again.
var ErrAddressRequired = errors.New("the number requires an address")

// Transfer moves a phone number out of the account from, into params.To, and
// returns the number with its new owner. Each of the two accounts is the main
// account or one of its subaccounts; the client acts on the main account.
//
// After any error it can be called again: a number that has moved already is a
// success.
func Transfer(
	ctx context.Context, client *twilio.Client, from, numberSID string,
	params twilio.TransferParams,
) (*twilio.IncomingPhoneNumber, *twilio.Account, error) {
	numbers := client.Subaccount(from).IncomingPhoneNumbers
	number, err := numbers.Transfer(ctx, numberSID, params)
	refusal, ok := errors.AsType[*twilio.ParamError](err)
	if ok && refusal.Field == "AddressSID" {
		return nil, nil, fmt.Errorf("%w: %w", ErrAddressRequired, err)
	}
	if err != nil {
		return nil, nil, err
	}
	owner, err := client.Accounts.Get(ctx, number.AccountSID)
	return number, owner, err
}
