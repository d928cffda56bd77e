package twilio_test

import (
	"net/url"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

func TestMainAccountStaysOpen(t *testing.T) {
	t.Parallel()
	w, c := newSilentAPI(t)
	own := c.WithCredentials(twilio.AuthToken(subSID, subToken))
	for _, client := range []*twilio.Client{c, c.Subaccount(subSID), w.client(twilio.APIKey(mainSID, keySID, keySecret)), own} {
		sid := mainSID
		if client == own {
			sid = subSID
		}
		for _, status := range []twilio.AccountStatus{twilio.AccountStatusSuspended, twilio.AccountStatusClosed, "", "canary"} {
			_, err := client.Accounts.Update(t.Context(), sid, twilio.AccountUpdateParams{Status: &status, FriendlyName: new("canary")})
			wantRefusal(t, w, err, "accounts.update", "Status", sid, "canary")
			_, err = client.Accounts.Update(t.Context(), sid, twilio.AccountUpdateParams{}, twilio.WithForm(url.Values{"Status": {string(status)}}))
			wantRefusal(t, w, err, "accounts.update", "Status", sid, "canary")
		}
		_, err := client.Accounts.Suspend(t.Context(), sid, twilio.SuspendParams{})
		wantRefusal(t, w, err, "accounts.suspend", "sid", sid)
		_, err = client.Accounts.Close(t.Context(), sid, twilio.CloseParams{ReleaseNumbers: true})
		wantRefusal(t, w, err, "accounts.close", "sid", sid)
	}
	w.respondToAll(200, anyResource)
	for _, params := range []twilio.AccountUpdateParams{{FriendlyName: new("x")}, {Status: new(twilio.AccountStatusActive)}} {
		if _, err := c.Accounts.Update(t.Context(), mainSID, params); err != nil {
			t.Error(err)
		}
	}
}
