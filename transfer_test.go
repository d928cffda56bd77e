package twilio_test

import (
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

func TestTransferRefuses(t *testing.T) {
	t.Parallel()
	transfer := func(c *twilio.Client, sid, to string) error {
		_, err := c.IncomingPhoneNumbers.Transfer(t.Context(), sid, twilio.TransferParams{To: to})
		return err
	}
	transferAll := func(c *twilio.Client, to string) error {
		_, err := c.IncomingPhoneNumbers.TransferAll(t.Context(), twilio.TransferParams{To: to})
		return err
	}
	const operation = "incoming_phone_numbers.transfer"
	testRefusals(t, []refusal{
		{name: "with the subaccount's credentials", operation: operation, field: "credentials", reason: "main account", afterReads: true,
			run: func(w *customer) error { return transfer(w.ownClient(), acmeNumber, other) }},
		{name: "with a key", operation: operation, field: "credentials", reason: "AuthToken",
			run: func(w *customer) error { return transfer(w.keyClient(), acmeNumber, w.srv.AccountSID) }},
		{name: "with a key, to a subaccount", operation: operation, field: "Subaccount",
			run: func(w *customer) error { return transfer(w.keyClient(), acmeNumber, acme) }},
		{name: "no number", operation: operation, field: "sid",
			run: func(w *customer) error { return transfer(w.client.Subaccount(acme), acme, other) }},
		{name: "to nothing", operation: operation, field: "To",
			run: func(w *customer) error { return transfer(w.client.Subaccount(acme), acmeNumber, "") }},
		{name: "to a number", operation: operation, field: "To",
			run: func(w *customer) error { return transfer(w.client, acmeNumber, "PNcanary") }},
		{name: "all to itself", operation: operation, field: "To", reason: "has the numbers", afterReads: true,
			run: func(w *customer) error { return transferAll(w.client.Subaccount(acme), acme) }},
		{name: "all to a path", operation: operation, field: "To",
			run: func(w *customer) error { return transferAll(w.client, "AC/../canary") }},
	})
	const demanding = "PN00000000000000000000000000000500"
	var withoutAddress []refusal
	for requirement, kind := range map[twilio.AddressRequirement]string{
		"any": "an address anywhere", "local": "in the number's own country", "foreign": "outside of the number's own country",
	} {
		withoutAddress = append(withoutAddress, refusal{name: "without the address: " + string(requirement), operation: operation,
			field: "AddressSID", reason: kind, afterReads: true,
			prepare: func(w *customer) {
				w.srv.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{SID: demanding, PhoneNumber: "+14155550500", AddressRequirements: requirement})
			},
			run: func(w *customer) error { return transfer(w.client.Subaccount(acme), demanding, other) }})
	}
	testRefusals(t, withoutAddress)
}
