package twiliotest_test

import "testing"

// Each account has settings of its own.
func TestVoiceSettings(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	_, own := a.subaccount("sub")
	const settings = "https://voice.twilio.com/v1/Settings"
	changed := own.post(settings, "DialingPermissionsInheritance", "true")
	if wants(t, changed.ok(), "dialing_permissions_inheritance", true, "url", settings); changed.status != 202 {
		t.Errorf("status %d", changed.status)
	}
	wants(t, own.get(settings).ok(), "dialing_permissions_inheritance", true)
	wants(t, a.get(settings).ok(), "dialing_permissions_inheritance", false)
	own.post(settings, "DialingPermissionsInheritance", "x").fails(400, 20001)
}
