package main

import (
	"context"
	"fmt"
	"io"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Offboard closes the subaccount of a customer who leaves, which is permanent.
// It ends the calls in progress and moves the phone numbers to the account that
// the client acts on, the main account. The addressSID names an address of the
// main account, for numbers that require one; it may be empty.
//
// A failure stops it before anything that can't be undone, and the report says
// how far it got. Calling Offboard again does what is left.
func Offboard(
	ctx context.Context, client *twilio.Client, accountSID, addressSID string,
) (*twilio.CloseReport, error) {
	return client.Accounts.Close(ctx, accountSID, twilio.CloseParams{
		MoveNumbersTo: client.AccountSID(),
		AddressSID:    addressSID,
	})
}

// WriteReport writes what Offboard did, for the person who follows up.
func WriteReport(w io.Writer, report *twilio.CloseReport) error {
	_, err := fmt.Fprintf(w,
		"%s is %s; calls ended: %d, numbers moved: %d, not moved: %d\n",
		report.Account.FriendlyName, report.Account.Status,
		len(report.EndedCalls), len(report.MovedNumbers), len(report.NotMoved))
	for _, failure := range report.NotMoved {
		if err == nil {
			_, err = fmt.Fprintf(w, "  %s was not moved\n",
				failure.Number.FriendlyName)
		}
	}
	return err
}
