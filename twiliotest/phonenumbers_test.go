package twiliotest_test

import (
	"testing"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

func TestNumberIsSearchedBoughtConfiguredAndReleased(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sid, own := a.subaccount("sub")
	offers := own.get(under(sid, "/AvailablePhoneNumbers/US/Local.json"), "AreaCode", "510").items()
	if len(offers) != 30 {
		t.Fatalf("%d offers, want 30", len(offers))
	}
	wants(t, offers[0], "region", "CA", "locality", "Oakland", "iso_country", "US", "address_requirements", "none", "latitude", "37.800000")
	wants(t, offers[0]["capabilities"].(object), "voice", true, "SMS", true, "MMS", true)
	phone := str(offers[0], "phone_number")

	list := under(sid, "/IncomingPhoneNumbers.json")
	number := own.post(list, "PhoneNumber", phone, "VoiceUrl", "https://example.com/voice", "VoiceMethod", "GET").ok()
	wants(t, number, "phone_number", phone, "status", "in-use", "type", "local", "voice_url", "https://example.com/voice",
		"voice_method", "GET", "sms_url", "", "voice_fallback_url", nil, "address_sid", nil, "trunk_sid", nil, "origin", "twilio")
	wants(t, number["capabilities"].(object), "voice", true, "sms", true, "mms", true, "fax", false)
	a.post(a.main("/IncomingPhoneNumbers.json"), "PhoneNumber", phone).fails(400, 21422)
	if got := own.get(under(sid, "/AvailablePhoneNumbers/US/Local.json"), "AreaCode", "510").items(); str(got[0], "phone_number") == phone {
		t.Error("what is owned is on offer")
	}

	item := under(sid, "/IncomingPhoneNumbers/"+str(number, "sid")+".json")
	updated := own.post(item, "VoiceUrl", "", "SmsUrl", "https://example.com/sms", "FriendlyName", "Front desk", "VoiceCallerIdLookup", "true").ok()
	wants(t, updated, "voice_url", nil, "sms_url", "https://example.com/sms", "friendly_name", "Front desk",
		"voice_caller_id_lookup", true, "voice_method", "GET")
	own.post(item, "VoiceUrl", "nowhere").fails(400, 21402)
	own.post(item, "VoiceMethod", "PUT").fails(400, 21403)
	wants(t, own.get(item).ok(), "sms_url", "https://example.com/sms")

	own.delete(item).ok()
	own.get(item).fails(404, 20404)
	a.post(a.main("/IncomingPhoneNumbers.json"), "PhoneNumber", phone).ok()
}

// Buying a number that the account owns updates it.
func TestBuyingAnOwnedNumberUpdatesIt(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	list := a.main("/IncomingPhoneNumbers.json")
	bought := a.post(list, "PhoneNumber", "+15105647903", "FriendlyName", "a", "VoiceUrl", "https://example.com").ok()
	again := a.post(list, "PhoneNumber", "+15105647903", "FriendlyName", "b")
	wants(t, again.ok(), "sid", bought["sid"], "friendly_name", "b", "voice_url", "https://example.com")
	if again.status != 201 {
		t.Errorf("status %d, want 201", again.status)
	}
	if got := len(a.get(list).items()); got != 1 {
		t.Errorf("%d numbers, want 1", got)
	}
	wants(t, a.usage(a.main("/Usage/Records.json"))["phonenumbers"], "price", "1.15")
}

// A fallback URL is for when the primary fails, so it needs one.
func TestFallbackURLsNeedAPrimary(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	number := a.main("/IncomingPhoneNumbers/" + a.srv.AddPhoneNumber(a.srv.AccountSID, twilio.IncomingPhoneNumber{}).SID + ".json")
	application := a.main("/Applications/" + str(a.post(a.main("/Applications.json")).ok(), "sid") + ".json")
	for _, item := range []string{number, application} {
		a.post(item, "VoiceFallbackUrl", "https://example.com").fails(400, 21405)
		a.post(item, "SmsFallbackUrl", "https://example.com").fails(400, 21406)
		a.post(item, "VoiceUrl", "https://example.com", "VoiceFallbackUrl", "https://example.com").ok()
		a.post(item, "SmsUrl", "https://example.com").ok()
		a.post(item, "SmsFallbackUrl", "https://example.com").ok()
	}
}

// Twilio reads phone numbers in the forms that people and careless forms write.
func TestPhoneNumbersInOtherForms(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for to, want := range map[string]string{
		"14155551212":            "+14155551212",
		"4155551212":             "+14155551212",
		"(415) 555-1212":         "+14155551212",
		" 14155551212":           "+14155551212", // a raw + in the form
		"442071838750":           "+442071838750",
		" 4759440374":            "+4759440374",
		"+44 20 7183 8750":       "+442071838750",
		"whatsapp: 14155551212":  "whatsapp:+14155551212",
		"whatsapp:+14155551212":  "whatsapp:+14155551212",
		"messenger:123456789012": "messenger:123456789012",
	} {
		wants(t, a.post(a.main("/Messages.json"), "From", "+14158141829", "To", to, "Body", "x").ok(), "to", want)
	}
	if got := len(a.get(a.main("/Messages.json"), "To", " 14155551212").items()); got != 4 {
		t.Errorf("%d messages to the number, want 4", got)
	}
	wants(t, a.post(a.main("/Calls.json"), "From", "14158141829", "To", "(651) 867-5310", "Twiml", "<Response/>").ok(),
		"from", "+14158141829", "to", "+16518675310")
	wants(t, a.post(a.main("/IncomingPhoneNumbers.json"), "PhoneNumber", " 15105647903").ok(), "phone_number", "+15105647903")
	for _, to := range []string{"12", "somebody", "+1415555121212345", "141555512123456789"} {
		a.post(a.main("/Calls.json"), "From", "+14158141829", "To", to, "Twiml", "<Response/>").fails(400, 21211)
	}
}

func TestBadPurchases(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, c := range []struct {
		code int
		form []string
	}{
		{21421, nil},
		{21421, []string{"PhoneNumber", "+15105550100", "AreaCode", "510"}},
		{21421, []string{"PhoneNumber", "12"}},
		{21421, []string{"PhoneNumber", "+15005550001"}},
		{21422, []string{"PhoneNumber", "+15005550000"}},
		{21422, []string{"PhoneNumber", "+99812345678"}},
		{21451, []string{"AreaCode", "5"}},
		{21451, []string{"AreaCode", "abc"}},
		{21452, []string{"AreaCode", "533"}},
		{21631, []string{"PhoneNumber", "+442071838750"}},
		{21615, []string{"PhoneNumber", "+493012345678"}},
		{20001, []string{"AreaCode", "415", "TrunkSid", "nonsense"}},
	} {
		a.post(a.main("/IncomingPhoneNumbers.json"), c.form...).fails(400, c.code)
	}
	a.post(a.main("/IncomingPhoneNumbers/TollFree.json"), "PhoneNumber", "+14155550100").fails(400, 21422)
}

func TestNumberFilters(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, n := range []twilio.IncomingPhoneNumber{
		{SID: sid("PN", 1), PhoneNumber: "+14158141829", FriendlyName: "a"},
		{SID: sid("PN", 2), PhoneNumber: "+15105647903", FriendlyName: "b", Beta: true},
		{SID: sid("PN", 3), PhoneNumber: "+18005550100", Origin: "hosted"},
		{SID: sid("PN", 4), PhoneNumber: "+447911123456"},
	} {
		a.srv.AddPhoneNumber(a.srv.AccountSID, n)
	}
	for want, query := range map[string][]string{
		"PN4 PN3 PN2 PN1": nil,
		"PN2":             {"PhoneNumber", "+15105647903"},
		"PN3 PN2":         {"PhoneNumber", "5*0"},
		"PN1":             {"FriendlyName", "a"},
		"PN3":             {"Origin", "hosted"},
		"PN4 PN3 PN1":     {"Beta", "false"},
	} {
		if got := short(a.get(a.main("/IncomingPhoneNumbers.json"), query...).items()); got != want {
			t.Errorf("%v: %s, want %s", query, got, want)
		}
	}
	for kind, want := range map[string]string{"Local": "PN2 PN1", "TollFree": "PN3", "Mobile": "PN4"} {
		if got := short(a.get(a.main("/IncomingPhoneNumbers/" + kind + ".json")).items()); got != want {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
	}
}

func TestTransferMovesTheNumber(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	one, first := a.subaccount("one")
	two, second := a.subaccount("two")
	number := a.srv.AddPhoneNumber(a.srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: "+15105647903", VoiceURL: "https://example.com"})
	at := func(account string) string { return under(account, "/IncomingPhoneNumbers/"+number.SID+".json") }

	moved := a.post(at(a.srv.AccountSID), "AccountSid", one).ok()
	wants(t, moved, "sid", number.SID, "account_sid", one, "uri", "/2010-04-01"+at(one), "voice_url", "https://example.com")
	a.get(at(a.srv.AccountSID)).fails(404, 20404)
	first.get(at(one)).ok()
	if got := a.get(a.main("/IncomingPhoneNumbers.json")).items(); len(got) != 0 {
		t.Errorf("still in the old list: %v", got)
	}
	if got := column(second.get(under(two, "/IncomingPhoneNumbers.json")).items(), "sid"); got != "" {
		t.Errorf("in a stranger's list: %v", got)
	}

	first.post(at(one), "AccountSid", two).fails(400, 21474)
	a.post(at(one), "AccountSid", "nonsense").fails(400, 21470)
	a.post(at(one), "AccountSid", "ACffffffffffffffffffffffffffffffff").fails(400, 21471)
	a.post("/Accounts/"+two+".json", "Status", "suspended").ok()
	a.post(at(one), "AccountSid", two).fails(400, 21472)
	a.post("/Accounts/"+two+".json", "Status", "active").ok()
	a.post("/Accounts/"+one+".json", "Status", "suspended").ok()
	a.post(at(one), "AccountSid", two, "FriendlyName", "moved").ok() // numbers can leave a suspended account
	wants(t, a.post(at(two), "AccountSid", two).ok(), "account_sid", two, "friendly_name", "moved")
}

func TestTransferAsksForWhatTheNumberRequires(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sub, _ := a.subaccount("sub")
	german := a.srv.AddAddress(sub, twilio.Address{ISOCountry: "DE"})
	american := a.srv.AddAddress(sub, twilio.Address{ISOCountry: "US"})
	elsewhere := a.srv.AddAddress(a.srv.AccountSID, twilio.Address{ISOCountry: "DE"})
	move := func(n twilio.IncomingPhoneNumber, form ...string) reply {
		added := a.srv.AddPhoneNumber(a.srv.AccountSID, n)
		return a.post(a.main("/IncomingPhoneNumbers/"+added.SID+".json"), append(form, "AccountSid", sub)...)
	}
	localOnly := twilio.IncomingPhoneNumber{PhoneNumber: "+493012345678", AddressRequirements: "local"}
	anyAddress := twilio.IncomingPhoneNumber{PhoneNumber: "+442071838750", AddressRequirements: "any"}
	foreign := twilio.IncomingPhoneNumber{PhoneNumber: "+4759440374", AddressRequirements: "foreign"}

	move(localOnly).fails(400, 21615)
	move(localOnly, "AddressSid", american.SID).fails(400, 21615)
	move(localOnly, "AddressSid", elsewhere.SID).fails(400, 21628)
	move(anyAddress).fails(400, 21631)
	move(foreign).fails(400, 21631)
	wants(t, move(localOnly, "AddressSid", german.SID).ok(), "account_sid", sub, "address_sid", german.SID)
	wants(t, move(anyAddress, "AddressSid", american.SID).ok(), "account_sid", sub)
	wants(t, move(foreign, "AddressSid", german.SID).ok(), "account_sid", sub)

	move(twilio.IncomingPhoneNumber{PhoneNumber: "+14155550101", Origin: "hosted"}).fails(400, 22121)
	bundled := twilio.IncomingPhoneNumber{PhoneNumber: "+14155550102", BundleSID: "BU0123456789abcdef0123456789abcdef"}
	move(bundled).fails(400, 21649)
	move(bundled, "BundleSid", "BUffffffffffffffffffffffffffffffff").ok()
	identified := twilio.IncomingPhoneNumber{PhoneNumber: "+14155550103", IdentitySID: "RI0123456789abcdef0123456789abcdef"}
	move(identified).fails(400, 21650)
	wants(t, move(identified, "IdentitySid", "RIffffffffffffffffffffffffffffffff").ok(), "identity_sid", "RIffffffffffffffffffffffffffffffff")
}
