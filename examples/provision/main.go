// Provision sets up a new customer: a subaccount, an API key for their backend,
// an address, an alert, and a phone number with webhooks. You can run it again
// at any time, after a crash too; it creates only what is missing. The file to
// copy is provision.go.
//
//	go run ./examples/provision
//	go run ./examples/provision -live -name alice -webhooks https://example.com
//
// Live, the phone number costs about 1.15 USD now and each month until you
// release it; the rest is free.
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
	var name, webhooks string
	return stage.Example{
		Name: "provision",
		Live: []string{
			"create a subaccount named -name with an API key, an address and a",
			"usage trigger, unless they exist; that is free",
			"buy a US phone number for it, unless it has one, for about",
			"1.15 USD now and each month until you release it",
		},
		Needs: []string{"name", "webhooks"},
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&name, "name", "",
				"the customer's `key` in your own database")
			flags.StringVar(&webhooks, "webhooks", "",
				"`URL` of the server that handles calls and messages")
		},
		Fake: func(*twiliotest.Server) {
			name, webhooks = "customer-4711", "https://example.com"
		},
		Run: func(ctx context.Context, st *stage.Stage) error {
			err := run(ctx, st, name, webhooks)
			if err != nil || st.Fake == nil {
				return err
			}
			st.Printf("\nand again:\n")
			return run(ctx, st, name, webhooks)
		},
	}
}

var office = twilio.AddressCreateParams{
	FriendlyName: "head office",
	CustomerName: "Captain Nemo",
	Street:       "375 Beale St",
	City:         "San Francisco",
	Region:       "CA",
	PostalCode:   "94105",
	ISOCountry:   "US",
}

func run(ctx context.Context, st *stage.Stage, name, webhooks string) error {
	provisioner := &Provisioner{
		Twilio:   st.Client,
		Webhooks: webhooks,
		SaveKey: func(_ context.Context, _ string, key *twilio.Key) error {
			// Your own program stores key.Secret.Reveal() here.
			st.Printf("saved    the secret of the key %s, %s\n",
				key.FriendlyName, key.Secret)
			return nil
		},
	}
	report, err := provisioner.Provision(ctx, name, office)
	if report == nil {
		return err
	}
	created := report.Created
	if a := report.Account; a != nil {
		st.Printf("account  %s, %s (new: %t)\n", a.FriendlyName, a.Status,
			created.Account)
	}
	if k := report.Key; k != nil {
		st.Printf("key      %s (new: %t)\n", k.FriendlyName, created.Key)
	}
	if a := report.Address; a != nil {
		st.Printf("address  %s, %s (new: %t)\n", a.FriendlyName, a.City,
			created.Address)
	}
	if u := report.Trigger; u != nil {
		st.Printf("alert    %s, to %s (new: %t)\n", u.FriendlyName,
			u.CallbackURL, created.Trigger)
	}
	if n := report.Number; n != nil {
		st.Printf("number   %s, calls go to %s (new: %t)\n", n.PhoneNumber,
			n.VoiceURL, created.Number)
	}
	return err
}
