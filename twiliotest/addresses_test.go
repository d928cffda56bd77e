package twiliotest_test

import (
	"testing"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

func TestAddressesInUseStay(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	address := a.srv.AddAddress(a.srv.AccountSID, twilio.Address{ISOCountry: "GB"})
	number := a.post(a.main("/IncomingPhoneNumbers.json"), "PhoneNumber", "+442071838750", "AddressSid", address.SID).ok()
	item := a.main("/Addresses/" + address.SID)
	dependents := a.get(item + "/DependentPhoneNumbers.json").items()
	if column(dependents, "sid") != str(number, "sid") {
		t.Errorf("dependents: %v", dependents)
	}
	wants(t, dependents[0]["capabilities"].(object), "Voice", true, "SMS", false)
	a.delete(item+".json").fails(400, 21628)
	a.delete(a.main("/IncomingPhoneNumbers/" + str(number, "sid") + ".json")).ok()
	a.delete(item + ".json").ok()
	a.post(a.main("/Addresses.json"), "CustomerName", "Ada").fails(400, 21628)
}
