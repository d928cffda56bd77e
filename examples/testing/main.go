// Testing shows how a service of your own is tested with package twiliotest. The service is in reminder.go, its tests, which
// are what this is about, in reminder_test.go:
//
//	go test ./examples/testing
//
// The program runs the service once:
//
//	go run ./examples/testing
//	go run ./examples/testing -live -account AC… -from +1… -to +1…
//
// Live it sends one message (about 0.01 USD) to the phone of -to, which should be yours.
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
	var account, sender, phone string
	return stage.Example{
		Name:  "testing",
		Live:  []string{"send one message (about 0.01 USD) to the phone of -to, from the subaccount -account"},
		Needs: []string{"account", "from", "to"},
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&account, "account", "", "the `SID` of the subaccount")
			flags.StringVar(&sender, "from", "", "a phone `number` of the subaccount, in E.164 form")
			flags.StringVar(&phone, "to", "", "the phone `number` to write to, in E.164 form; yours")
		},
		Fake: func(srv *twiliotest.Server) {
			account, sender, phone = srv.AddSubaccount(twilio.Account{FriendlyName: "Dr. Aronnax"}).SID, "+14158141829", "+16518675310"
		},
		Run: func(ctx context.Context, st *stage.Stage) error {
			reminder := &Reminder{Twilio: st.Client}
			if _, err := reminder.Remind(ctx, account, sender, phone, "Your appointment is tomorrow at nine."); err != nil {
				return err
			}
			st.Say("reminded; now read reminder_test.go")
			return nil
		},
	}
}
