// Suspend suspends a customer who hasn't paid, ends the calls that are under way, and activates the account again.
//
//	go run ./examples/suspend
//	go run ./examples/suspend -live -account AC…              suspends that subaccount
//	go run ./examples/suspend -live -account AC… -activate    lifts the suspension
//
// Live it costs nothing. The account's phone numbers go on costing money while it is suspended.
package main

import (
	"context"
	"flag"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func main() { stage.Main(example()) }

func example() stage.Example {
	var account string
	var lift bool
	return stage.Example{
		Name:  "suspend",
		Live:  []string{"suspend the subaccount -account and end its calls or, with -activate, lift its suspension; that is free"},
		Needs: []string{"account"},
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&account, "account", "", "the `SID` of the subaccount")
			flags.BoolVar(&lift, "activate", false, "lift the suspension")
		},
		Fake: func(srv *twiliotest.Server) {
			account = srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"}).SID
			for _, status := range []twilio.CallStatus{twilio.CallStatusInProgress, twilio.CallStatusRinging, twilio.CallStatusCompleted} {
				srv.AddCall(account, twilio.Call{Status: status})
			}
		},
		Run: func(ctx context.Context, st *stage.Stage) error {
			if !lift {
				if err := suspend(ctx, st, account); err != nil {
					return err
				}
			}
			if lift || st.Fake != nil {
				return activate(ctx, st, account)
			}
			return nil
		},
	}
}

func suspend(ctx context.Context, st *stage.Stage, sid string) error {
	report, err := st.Client.Accounts.Suspend(ctx, sid, twilio.SuspendParams{EndCalls: true})
	if report != nil {
		st.Say("%s is %s, and %d calls have ended", report.Account.FriendlyName, report.Account.Status, len(report.EndedCalls))
	}
	return err // of the calls that couldn't be ended; to suspend once more ends them
}

func activate(ctx context.Context, st *stage.Stage, sid string) error {
	account, err := st.Client.Accounts.Activate(ctx, sid)
	if err != nil {
		return err
	}
	st.Say("%s is %s", account.FriendlyName, account.Status)
	return nil
}
