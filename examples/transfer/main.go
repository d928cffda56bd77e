// Transfer moves a phone number from one account of yours to another. A number that requires an address is refused before
// anything happens, with the kind of address in the error, until one of the gaining account is given.
//
//	go run ./examples/transfer
//	go run ./examples/transfer -live -number PN… -from AC… -to AC… -address AD…
//
// Live it costs nothing. Voice and SMS settings may have to be made anew, and A2P registrations, toll-free verifications
// and WhatsApp senders don't follow the number.
package main

import (
	"context"
	"errors"
	"flag"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func main() { stage.Main(example()) }

func example() stage.Example {
	var number, from, to, address string
	return stage.Example{
		Name:  "transfer",
		Live:  []string{"move the phone number -number from the account -from to the account -to; that is free, but not everything follows"},
		Needs: []string{"number", "from", "to"},
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&number, "number", "", "the `SID` of the phone number (PN…)")
			flags.StringVar(&from, "from", "", "the `SID` of the account that has it")
			flags.StringVar(&to, "to", "", "the `SID` of the account that gets it")
			flags.StringVar(&address, "address", "", "the `SID` of an address of the account that gets it, where the number requires one")
		},
		Fake: func(srv *twiliotest.Server) {
			from, to = srv.AccountSID, srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"}).SID
			number = srv.AddPhoneNumber(from, twilio.IncomingPhoneNumber{
				PhoneNumber: "+15105647903", FriendlyName: "My Company Line", AddressRequirements: twilio.AddressRequirementAny,
			}).SID
		},
		Run: func(ctx context.Context, st *stage.Stage) error {
			params := twilio.TransferParams{To: to, AddressSID: address}
			err := transfer(ctx, st, from, number, params)
			refusal, refused := errors.AsType[*twilio.ParamError](err)
			if st.Fake == nil || !refused || refusal.Field != "AddressSID" {
				return err
			}
			st.Say("refused: it requires an address; making one")
			nemo, err := st.Client.Subaccount(to).Addresses.Create(ctx, twilio.AddressCreateParams{
				CustomerName: "Captain Nemo", Street: "375 Beale St", City: "San Francisco", Region: "CA", PostalCode: "94105", ISOCountry: "US",
			})
			if err != nil {
				return err
			}
			params.AddressSID = nemo.SID
			return transfer(ctx, st, from, number, params)
		},
	}
}

func transfer(ctx context.Context, st *stage.Stage, from, sid string, params twilio.TransferParams) error {
	number, err := st.Client.Subaccount(from).IncomingPhoneNumbers.Transfer(ctx, sid, params)
	if err != nil {
		return err
	}
	owner, err := st.Client.Accounts.Get(ctx, number.AccountSID)
	if err != nil {
		return err
	}
	st.Say("%s belongs to %s now", number.FriendlyName, owner.FriendlyName)
	return nil
}
