package twiliotest_test

import (
	"fmt"
	"testing"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

func TestConnectApps(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	item := a.srv.AddConnectApp(a.srv.AccountSID, twilio.ConnectApp{FriendlyName: "Submarine"}).URI
	a.post(item, "Permissions", "get-all", "Permissions", "sudo").fails(400, 20001)
	a.post(item, "HomepageUrl", "nowhere").fails(400, 21402)
	for _, form := range [][]string{{"Permissions", "get-all", "Permissions", "post-all"}, {"CompanyName", "Nautilus"}} {
		got := a.post(item, form...).ok()
		wants(t, got, "friendly_name", "Submarine")
		if text := fmt.Sprint(got["permissions"]); text != "[get-all post-all]" {
			t.Errorf("permissions %s", text)
		}
	}
	a.post(a.main("/ConnectApps.json"), "FriendlyName", "other").fails(405, 20004)

	authorized := a.srv.AddAuthorizedConnectApp(a.srv.AccountSID, twilio.AuthorizedConnectApp{}).URI
	a.post(authorized, "Permissions", "post-all").fails(405, 20004)
	a.delete(authorized).fails(405, 20004)
}
