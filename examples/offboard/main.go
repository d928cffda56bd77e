// Offboard closes the subaccount of a customer who leaves, for ever, and keeps its phone numbers: they move to the main
// account first. It can be run again after any failure and goes on where it was; on the fake there is one on the way.
//
//	go run ./examples/offboard
//	go run ./examples/offboard -live -account AC… -address AD…
//
// Live it costs nothing by itself; the numbers that move go on costing their monthly price. It can't be undone.
package main

import (
	"context"
	"flag"
	"net/http"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func main() { stage.Main(example()) }

func example() stage.Example {
	var account, address string
	return stage.Example{
		Name: "offboard",
		Live: []string{
			"end the calls of the subaccount -account, move its phone numbers to the main account, and close it",
			"which is free, and can't be undone",
		},
		Needs: []string{"account"},
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&account, "account", "", "the `SID` of the subaccount")
			flags.StringVar(&address, "address", "", "the `SID` of an address of the main account, for numbers that require one")
		},
		Fake: func(srv *twiliotest.Server) {
			account = srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"}).SID
			srv.AddCall(account, twilio.Call{Status: twilio.CallStatusInProgress})
			for _, number := range []string{"+14158141829", "+15105647903"} {
				srv.AddPhoneNumber(account, twilio.IncomingPhoneNumber{PhoneNumber: number, FriendlyName: "A line"})
			}
			// One of the numbers is refused at first.
			srv.Inject(twiliotest.Fault{Method: http.MethodPost, Path: "/IncomingPhoneNumbers/*.json", Skip: 1, Status: http.StatusForbidden})
		},
		Run: func(ctx context.Context, st *stage.Stage) error {
			err := offboard(ctx, st, account, address)
			if err == nil || st.Fake == nil {
				return err
			}
			st.Say("It failed, and nothing is lost. Once more:")
			return offboard(ctx, st, account, address)
		},
	}
}

func offboard(ctx context.Context, st *stage.Stage, sid, address string) error {
	report, err := st.Client.Accounts.Close(ctx, sid, twilio.CloseParams{MoveNumbersTo: st.Client.AccountSID(), AddressSID: address})
	if report == nil {
		return err
	}
	st.Say("  calls ended: %d, numbers moved: %d, not moved: %d; %s is %s", len(report.EndedCalls), len(report.MovedNumbers), len(report.NotMoved),
		report.Account.FriendlyName, report.Account.Status)
	for _, failure := range report.NotMoved {
		st.Say("  %s stays where it is", failure.Number.FriendlyName)
	}
	return err
}
