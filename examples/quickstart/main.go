// Quickstart follows Twilio's page on subaccounts, in the order of that page
// (https://www.twilio.com/docs/iam/api/subaccounts): it creates a subaccount
// named Submarine, calls and sends messages with it, adds up its bill, suspends
// and reactivates it, moves a phone number to it and back, and closes it. The
// file to copy from is quickstart.go.
//
//	go run ./examples/quickstart
//
// uses an in-memory fake: nothing is called, sent or charged, and there is
// nothing to set up.
//
//	go run ./examples/quickstart -live -to +1…
//
// uses the main account of TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, once you
// confirm. It creates one subaccount, buys two US phone numbers (about 1.15 USD
// each), makes three calls of a minute or less (0.014 USD each) and sends two
// messages (about 0.01 USD each) to the phone number -to, which should be your
// own: about 2.40 USD by Twilio's list prices for the United States. At the
// end, and after a failure, it closes the subaccount and releases the phone
// numbers. US carriers block messages from numbers that aren't registered (A2P
// 10DLC); Twilio sends them, and charges for them, all the same.
package main

import (
	"context"
	"flag"
	"time"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
)

func main() { stage.Main(example()) }

func example() stage.Example {
	var to string
	return stage.Example{
		Name: "quickstart",
		Live: []string{
			`create a subaccount "Submarine", and close it at the end`,
			"buy 2 US phone numbers (about 1.15 USD each), and release them",
			"at the end",
			"make 3 calls (0.014 USD a minute each) and send 2 messages (about",
			"0.01 USD each) to the phone number -to",
			"which costs about 2.40 USD",
		},
		Needs: []string{"to"},
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&to, "to", "",
				"with -live: phone `number` to call and send to, in E.164\n"+
					"form; your own")
		},
		Run: func(ctx context.Context, st *stage.Stage) error {
			if st.Fake != nil {
				to = "+16518675310" // any number: the fake makes no real calls
				st.Printf("In-memory fake: nothing is called, sent or charged.\n")
			}
			w := &Walkthrough{
				Main: st.Client,
				To:   to,
				Out:  st.Out,
				Now:  st.Now,
				Wait: st.Wait,
				Created: func(account *twilio.Account) error { //nolint:contextcheck // the fake has no contexts
					if st.Fake != nil {
						addHistory(st, account.SID)
					}
					return nil
				},
			}
			return w.Run(ctx)
		},
	}
}

// addHistory adds a call that was charged in another currency, like the one in
// the sample on Twilio's page.
func addHistory(st *stage.Stage, account string) {
	st.Fake.AddCall(account, twilio.Call{
		Status:    twilio.CallStatusCompleted,
		StartTime: st.Now().Add(-time.Hour),
		Duration:  3,
		Price:     decimal.NewNullDecimal(decimal.RequireFromString("-0.100")),
		PriceUnit: "JPY",
	})
}
