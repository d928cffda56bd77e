package twiliotest_test

import (
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

const (
	secondaryURL = "https://accounts.twilio.com/v1/AuthTokens/Secondary"
	promoteURL   = "https://accounts.twilio.com/v1/AuthTokens/Promote"
)

// Both tokens work during a rotation, and the old one dies when it is replaced.
func TestAuthTokenRotation(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sub, own := a.subaccount("sub")
	old := own.pass
	own.post(promoteURL).fails(404, 20404)
	own.delete(secondaryURL).fails(404, 20404)

	created := own.post(secondaryURL)
	wants(t, created.ok(), "account_sid", sub, "url", secondaryURL, "date_created", "2026-01-15T12:00:00Z")
	if created.status != 201 || created.body["auth_token"] != nil {
		t.Errorf("%d %v", created.status, created.body)
	}
	second := str(created.body, "secondary_auth_token")
	balance := under(sub, "/Balance.json")
	renewed := a.as(sub, second)
	own.get(balance).ok()
	renewed.get(balance).ok()
	wants(t, a.get("/Accounts/"+sub+".json").ok(), "auth_token", old)
	if got := own.post(secondaryURL); got.status != 400 {
		t.Errorf("a second secondary token: %d %v", got.status, got.body)
	}

	promoted := renewed.post(promoteURL)
	wants(t, promoted.ok(), "account_sid", sub, "auth_token", second)
	if promoted.status != 200 {
		t.Errorf("status %d", promoted.status)
	}
	renewed.get(balance).ok()
	own.get(balance).fails(401, 20003)
	wants(t, a.get("/Accounts/"+sub+".json").ok(), "auth_token", second)
	a.get(a.main("/Balance.json")).ok() // the main account's own is another

	third := str(renewed.post(secondaryURL).ok(), "secondary_auth_token")
	if got := renewed.delete(secondaryURL); got.status != 204 {
		t.Errorf("status %d", got.status)
	}
	a.as(sub, third).get(balance).fails(401, 20003)
}

// Keys don't rotate tokens, and the main account's credentials rotate its own.
func TestAuthTokensOfTheCaller(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	key := a.post(a.main("/Keys.json")).ok()
	a.as(str(key, "sid"), str(key, "secret")).post(secondaryURL).fails(401, 20003)
	wants(t, a.post(secondaryURL).ok(), "account_sid", a.srv.AccountSID)
}

// What isn't documented can be chosen.
func TestAuthTokenRules(t *testing.T) {
	t.Parallel()
	a := newAPI(t, twiliotest.WithAuthTokenRules(twiliotest.AuthTokenRules{
		ReplaceSecondary: true, OldTokenWorks: time.Minute, RevokeKeys: true,
	}))
	sub, own := a.subaccount("sub")
	balance := under(sub, "/Balance.json")
	key := a.post(under(sub, "/Keys.json")).ok()
	byKey := a.as(str(key, "sid"), str(key, "secret"))
	first := str(own.post(secondaryURL).ok(), "secondary_auth_token")
	own.post(secondaryURL).ok()
	a.as(sub, first).get(balance).fails(401, 20003)
	byKey.get(balance).ok()
	own.post(promoteURL).ok()
	byKey.get(balance).fails(401, 20003)
	own.get(balance).ok()
	a.srv.Advance(time.Minute)
	own.get(balance).fails(401, 20003)

	b := newAPI(t, twiliotest.WithAuthTokenRules(twiliotest.AuthTokenRules{SecondaryExistsStatus: 409, SecondaryExistsCode: 20409}))
	b.post(secondaryURL).ok()
	b.post(secondaryURL).fails(409, 20409)
}
