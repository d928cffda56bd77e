// Transfer moves a phone number from one of your accounts to another. A number
// that requires an address is refused before anything changes, with the kind
// of address in the error, until you pass an address of the receiving account.
// The file to copy is transfer.go.
//
//	go run ./examples/transfer
//	go run ./examples/transfer -live -number PN… -from AC… -to AC… -address AD…
//
// Live, it is free. You may have to set up voice and SMS for the number again;
// A2P registrations, toll-free verifications and WhatsApp senders don't follow
// it.
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
		Name: "transfer",
		Live: []string{
			"move the phone number -number from the account -from to the",
			"account -to, which is free; not everything follows the number",
		},
		Needs: []string{"number", "from", "to"},
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&number, "number", "",
				"`SID` of the phone number (PN…)")
			flags.StringVar(&from, "from", "",
				"`SID` of the account that owns the number")
			flags.StringVar(&to, "to", "",
				"`SID` of the account that receives the number")
			flags.StringVar(&address, "address", "",
				"`SID` of an address of the receiving account, for a number\n"+
					"that requires one")
		},
		Fake: func(srv *twiliotest.Server) {
			from = srv.AccountSID
			to = srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"}).SID
			number = srv.AddPhoneNumber(from, twilio.IncomingPhoneNumber{
				PhoneNumber:         "+15105647903",
				FriendlyName:        "My Company Line",
				AddressRequirements: twilio.AddressRequirementAny,
			}).SID
		},
		Run: func(ctx context.Context, st *stage.Stage) error {
			params := twilio.TransferParams{To: to, AddressSID: address}
			moved, owner, err := Transfer(ctx, st.Client, from, number, params)
			if st.Fake != nil && errors.Is(err, ErrAddressRequired) {
				st.Printf("refused: it requires an address; creating one\n")
				params.AddressSID, err = createAddress(ctx, st.Client.Subaccount(to))
				if err != nil {
					return err
				}
				moved, owner, err = Transfer(ctx, st.Client, from, number, params)
			}
			if err != nil {
				return err
			}
			st.Printf("%s now belongs to %s\n",
				moved.FriendlyName, owner.FriendlyName)
			return nil
		},
	}
}

func createAddress(ctx context.Context, client *twilio.Client) (string, error) {
	address, err := client.Addresses.Create(ctx, twilio.AddressCreateParams{
		CustomerName: "Captain Nemo",
		Street:       "375 Beale St",
		City:         "San Francisco",
		Region:       "CA",
		PostalCode:   "94105",
		ISOCountry:   "US",
	})
	if err != nil {
		return "", err
	}
	return address.SID, nil
}
