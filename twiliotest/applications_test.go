package twiliotest_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestApplicationIsCreatedFoundUpdatedAndDeleted(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	list := a.main("/Applications.json")
	created := a.post(list, "FriendlyName", "switchboard", "VoiceUrl", "https://example.com/voice",
		"VoiceMethod", "GET", "SmsStatusCallback", "https://example.com/status").ok()
	wants(t, created, "friendly_name", "switchboard", "voice_url", "https://example.com/voice", "voice_method", "GET",
		"sms_url", nil, "sms_method", "POST", "status_callback", nil, "voice_caller_id_lookup", false,
		"sms_status_callback", "https://example.com/status", "message_status_callback", "https://example.com/status")
	a.post(list, "FriendlyName", "other").ok()
	if got := column(a.get(list, "FriendlyName", "switchboard").items(), "sid"); got != str(created, "sid") {
		t.Errorf("by name: %s", got)
	}
	item := a.main("/Applications/" + str(created, "sid") + ".json")
	a.post(item, "VoiceUrl", "", "PublicApplicationConnectEnabled", "true", "MessageStatusCallback", "").ok()
	wants(t, a.get(item).ok(), "voice_url", nil, "voice_method", "GET", "public_application_connect_enabled", true,
		"sms_status_callback", nil, "friendly_name", "switchboard")
	a.delete(item).ok()
	a.get(item).fails(404, 20404)
}

func TestBadApplications(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	list := a.main("/Applications.json")
	item := a.main("/Applications/" + str(a.post(list).ok(), "sid") + ".json")
	for code, form := range map[int][]string{
		21402: {"SmsFallbackUrl", "nowhere"},
		21403: {"StatusCallbackMethod", "PUT"},
		20001: {"FriendlyName", strings.Repeat("x", 65)},
	} {
		a.post(list, form...).fails(400, code)
		a.post(item, form...).fails(400, code)
	}
	for i := range 999 {
		a.post(list, "FriendlyName", fmt.Sprint(i)).ok()
	}
	a.post(list).fails(400, 21301)
}

// An application serves the account that it belongs to.
func TestCallsAndNumbersReferToApplications(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sub, _ := a.subaccount("sub")
	mine := str(a.post(a.main("/Applications.json")).ok(), "sid")
	theirs := str(a.post(under(sub, "/Applications.json")).ok(), "sid")
	call := func(app string) reply {
		return a.post(a.main("/Calls.json"), "From", "+14158141829", "To", "+16518675310", "ApplicationSid", app)
	}
	call(mine).ok()
	call(theirs).fails(400, 21218)

	numbers := a.main("/IncomingPhoneNumbers.json")
	a.post(numbers, "AreaCode", "415", "SmsApplicationSid", theirs).fails(400, 21420)
	trunk := "TK0123456789abcdef0123456789abcdef"
	number := a.post(numbers, "AreaCode", "415", "TrunkSid", trunk).ok()
	item := "/IncomingPhoneNumbers/" + str(number, "sid") + ".json"
	a.post(a.main(item), "VoiceApplicationSid", theirs).fails(400, 21420)
	wants(t, a.post(a.main(item), "VoiceApplicationSid", mine).ok(), "voice_application_sid", mine, "trunk_sid", nil)
	a.post(a.main(item), "AccountSid", sub, "VoiceApplicationSid", mine).fails(400, 21420)
	a.post(a.main(item), "AccountSid", sub, "VoiceApplicationSid", theirs).ok()
}
