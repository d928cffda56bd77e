package twiliotest_test

import (
	"testing"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

func TestShortCodes(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, code := range []string{"894546", "89454", "123456"} {
		a.srv.AddShortCode(a.srv.AccountSID, twilio.ShortCode{ShortCode: code})
	}
	list := a.main("/SMS/ShortCodes.json")
	for pattern, want := range map[string]string{
		"894546": "894546", "8945": "89454 894546", "9*54": "89454 894546", "******": "123456 894546", "7": "", "8945461": "",
	} {
		if got := column(a.get(list, "ShortCode", pattern).items(), "short_code"); got != want {
			t.Errorf("%s: %s, want %s", pattern, got, want)
		}
	}
	item := str(a.get(list, "FriendlyName", "123456").items()[0], "uri")
	wants(t, a.get(item).ok(), "sms_url", nil, "sms_method", "POST")
	a.post(item, "SmsUrl", "nowhere").fails(400, 21402)
	a.post(item, "SmsMethod", "PUT").fails(400, 21403)
	wants(t, a.post(item, "SmsUrl", "https://example.com", "SmsMethod", "GET").ok(), "sms_url", "https://example.com", "sms_method", "GET")
	a.post(list, "ShortCode", "1").fails(405, 20004)
	a.delete(item).fails(405, 20004)
}
