// Offboard closes the subaccount of a customer who leaves, which is permanent,
// and keeps its phone numbers: they move to the main account first. After any
// failure you can run it again, and it does what is left; on the fake one of
// the numbers fails to move at first. The file to copy is offboard.go.
//
//	go run ./examples/offboard
//	go run ./examples/offboard -live -account AC… -address AD…
//
// Live, it is free; the numbers keep their monthly price. It can't be undone.
package main

import (
	"context"
	"errors"
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
			"end the calls of the subaccount -account, move its phone numbers",
			"to the main account, and close it; that is free, and permanent",
		},
		Needs: []string{"account"},
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&account, "account", "", "`SID` of the subaccount")
			flags.StringVar(&address, "address", "",
				"`SID` of an address of the main account, for numbers that\n"+
					"require one")
		},
		Fake: func(srv *twiliotest.Server) {
			account = srv.AddSubaccount(twilio.Account{
				FriendlyName: "Submarine",
			}).SID
			srv.AddCall(account, twilio.Call{
				Status: twilio.CallStatusInProgress,
			})
			for _, number := range []string{"+14158141829", "+15105647903"} {
				srv.AddPhoneNumber(account, twilio.IncomingPhoneNumber{
					PhoneNumber: number, FriendlyName: "A line",
				})
			}
			srv.Inject(twiliotest.Fault{
				Method: http.MethodPost,
				Path:   "/IncomingPhoneNumbers/*.json",
				Skip:   1,
				Status: http.StatusForbidden,
			})
		},
		Run: func(ctx context.Context, st *stage.Stage) error {
			err := run(ctx, st, account, address)
			if err == nil || st.Fake == nil {
				return err
			}
			st.Printf("It failed, and nothing is lost. Again:\n")
			return run(ctx, st, account, address)
		},
	}
}

func run(ctx context.Context, st *stage.Stage, account, address string) error {
	report, err := Offboard(ctx, st.Client, account, address)
	if report == nil {
		return err
	}
	return errors.Join(err, WriteReport(st.Out, report))
}
