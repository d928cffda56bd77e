// Quickstart tells the story of Twilio's page on subaccounts, in the order of that page
// (https://www.twilio.com/docs/iam/api/subaccounts): a subaccount named Submarine is created, calls, sends, is billed,
// suspended, reactivated, gets a phone number from the main account and gives it back, and is closed.
//
//	go run ./examples/quickstart
//
// runs it on a Twilio in memory: nothing is called, sent or charged, and nothing needs to be set up.
//
//	go run ./examples/quickstart -live -to +1…
//
// runs it on the main account of TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, after a question. It creates one subaccount,
// buys two US phone numbers (about 1.15 USD each), makes three calls of a minute or less (0.014 USD each) and sends two
// messages (about 0.01 USD each) to the phone of -to, which should be yours: about 2.40 USD by Twilio's list prices for
// the United States. In the end, and after a failure, the subaccount is closed and the phone numbers are released.
// US carriers block messages from numbers that aren't registered (A2P 10DLC); they are sent, and charged, all the same.
package main

import (
	"context"
	"flag"
	"time"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
)

func main() { stage.Main(quickstart()) }

func quickstart() stage.Example {
	var to string
	return stage.Example{
		Name: "quickstart",
		Live: []string{
			`create a subaccount "Submarine", and close it in the end`,
			"buy 2 US phone numbers (about 1.15 USD each), and release them in the end",
			"make 3 calls (0.014 USD a minute each) and send 2 messages (about 0.01 USD each) to the phone of -to",
			"which costs about 2.40 USD",
		},
		Needs: []string{"to"},
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&to, "to", "", "with -live: the phone `number` to call and write to, in E.164 form; yours")
		},
		Run: func(ctx context.Context, st *stage.Stage) error {
			if st.Fake != nil {
				to = "+16518675310" // nobody has it
				st.Say("On a Twilio in memory: nothing is called, sent or charged.")
			}
			return (&story{Stage: st, main: st.Client, to: to}).tell(ctx)
		},
	}
}

// past gives Submarine a call that was charged in another currency, as Twilio's own sample has one.
func (s *story) past() {
	if s.Fake == nil {
		return
	}
	s.Fake.AddCall(s.submarine.SID, twilio.Call{
		Status: twilio.CallStatusCompleted, StartTime: s.Now().Add(-time.Hour), Duration: 3,
		Price: decimal.NewNullDecimal(decimal.RequireFromString("-0.100")), PriceUnit: "JPY",
	})
}
