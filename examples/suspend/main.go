// Suspend suspends a customer who has not paid, ends the calls in progress, and
// activates the account again. The file to copy is suspend.go.
//
//	go run ./examples/suspend
//	go run ./examples/suspend -live -account AC…
//	go run ./examples/suspend -live -account AC… -activate
//
// Live, the second command suspends the subaccount and the third lifts the
// suspension. Both are free; the account's phone numbers keep costing money
// while it is suspended.
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
	var activate bool
	return stage.Example{
		Name: "suspend",
		Live: []string{
			"suspend the subaccount -account and end its calls or, with",
			"-activate, lift its suspension; both are free",
		},
		Needs: []string{"account"},
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&account, "account", "", "`SID` of the subaccount")
			flags.BoolVar(&activate, "activate", false, "lift the suspension")
		},
		Fake: func(srv *twiliotest.Server) {
			account = srv.AddSubaccount(twilio.Account{
				FriendlyName: "Submarine",
			}).SID
			for _, status := range []twilio.CallStatus{
				twilio.CallStatusInProgress,
				twilio.CallStatusRinging,
				twilio.CallStatusCompleted,
			} {
				srv.AddCall(account, twilio.Call{Status: status})
			}
		},
		Run: func(ctx context.Context, st *stage.Stage) error {
			if !activate {
				report, err := Suspend(ctx, st.Client, account)
				if report != nil {
					st.Printf("%s is %s, and %d calls have ended\n",
						report.Account.FriendlyName, report.Account.Status,
						len(report.EndedCalls))
				}
				if err != nil || st.Fake == nil {
					return err
				}
			}
			active, err := Activate(ctx, st.Client, account)
			if err != nil {
				return err
			}
			st.Printf("%s is %s\n", active.FriendlyName, active.Status)
			return nil
		},
	}
}
