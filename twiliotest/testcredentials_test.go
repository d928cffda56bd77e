package twiliotest_test

import (
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestTestCredentials(t *testing.T) {
	t.Parallel()
	a := newAPI(t, twiliotest.WithTestCredentials())
	magic := func(n string) string { return "+1500555000" + n }
	a.get("/Accounts.json").fails(403, 20008)
	a.get(a.main("/Calls.json")).fails(403, 20008)
	a.post("/Accounts.json").fails(403, 20008)

	numbers := a.main("/IncomingPhoneNumbers.json")
	a.post(numbers, "PhoneNumber", magic("0")).fails(400, 21422)
	a.post(numbers, "PhoneNumber", magic("1")).fails(400, 21421)
	a.post(numbers, "AreaCode", "533").fails(400, 21452)
	wants(t, a.post(numbers, "AreaCode", "500").ok(), "phone_number", magic("6"), "status", "new")
	wants(t, a.post(numbers, "PhoneNumber", magic("6"), "VoiceUrl", "https://example.com").ok(), "status", "new", "voice_url", "https://example.com")
	a.post(numbers, "PhoneNumber", magic("6")).ok() // nothing has an effect, so it can be bought again

	for from, code := range map[string]int{"1": 21212, "7": 21606, "8": 21611, "2": 21606} {
		status := 400
		if code == 21611 {
			status = 429
		}
		a.post(a.main("/Messages.json"), "From", magic(from), "To", "+16518675310", "Body", "x").fails(status, code)
	}
	for to, code := range map[string]int{"1": 21211, "2": 21612, "3": 21408, "4": 21610, "9": 21614} {
		a.post(a.main("/Messages.json"), "From", magic("6"), "To", magic(to), "Body", "x").fails(400, code)
	}
	wants(t, a.post(a.main("/Messages.json"), "From", magic("6"), "To", "+16518675310", "Body", "x").ok(),
		"status", "queued", "account_sid", a.srv.AccountSID)
	for from, code := range map[string]int{"1": 21212, "2": 21210} {
		a.post(a.main("/Calls.json"), "From", magic(from), "To", "+16518675310", "Url", "https://example.com").fails(400, code)
	}
	for to, code := range map[string]int{"1": 21217, "2": 21214, "3": 21215, "4": 21216} {
		a.post(a.main("/Calls.json"), "From", magic("6"), "To", magic(to), "Url", "https://example.com").fails(400, code)
	}
	one := a.post(a.main("/Calls.json"), "From", magic("6"), "To", "+16518675310", "Url", "https://example.com").ok()
	two := a.post(a.main("/Calls.json"), "From", magic("6"), "To", "+16518675310", "Url", "https://example.com").ok()
	if str(one, "sid") == str(two, "sid") {
		t.Error("two calls with one SID")
	}
}
