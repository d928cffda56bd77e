// Testing shows how to test a service of your own with package twiliotest. The
// service is in reminder.go, which is the file to copy, and its tests are in
// reminder_test.go:
//
//	go test ./examples/testing
//
// The program runs the service once:
//
//	go run ./examples/testing
//	go run ./examples/testing -live -account AC… -from +1… -to +1…
//
// Live, it sends one message, for about 0.01 USD, to the phone number -to,
// which should be your own.
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
		Name: "testing",
		Live: []string{
			"send one message, for about 0.01 USD, from the subaccount",
			"-account to the phone number -to",
		},
		Needs: []string{"account", "from", "to"},
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&account, "account", "", "`SID` of the subaccount")
			flags.StringVar(&sender, "from", "",
				"phone `number` of the subaccount, in E.164 form")
			flags.StringVar(&phone, "to", "",
				"phone `number` to send to, in E.164 form; your own")
		},
		Fake: func(srv *twiliotest.Server) {
			account = srv.AddSubaccount(twilio.Account{
				FriendlyName: "Dr. Aronnax",
			}).SID
			sender, phone = "+14158141829", "+16518675310"
		},
		Run: func(ctx context.Context, st *stage.Stage) error {
			reminder := &Reminder{Twilio: st.Client}
			const text = "Your appointment is tomorrow at nine."
			_, err := reminder.Remind(ctx, account, sender, phone, text)
			if err != nil {
				return err
			}
			st.Printf("reminded; now read reminder_test.go\n")
			return nil
		},
	}
}
