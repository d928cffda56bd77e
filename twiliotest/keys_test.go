package twiliotest_test

import (
	"strings"
	"testing"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A standard key, which is what the API creates, is refused on Accounts and
// Keys, with 401 and not with 403.
func TestStandardKeysReachNeitherAccountsNorKeys(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sub, own := a.subaccount("sub")
	for _, of := range []struct {
		api *api
		sid string
	}{{a, a.srv.AccountSID}, {own, sub}} {
		created := of.api.post(under(of.sid, "/Keys.json"), "FriendlyName", "k").ok()
		item := under(of.sid, "/Keys/"+str(created, "sid")+".json")
		standard := a.as(str(created, "sid"), str(created, "secret"))
		for _, denied := range []reply{
			standard.get("/Accounts.json"), standard.post("/Accounts.json"),
			standard.get("/Accounts/" + of.sid + ".json"), standard.get("/Accounts/" + sub + ".json"),
			standard.post("/Accounts/"+sub+".json", "FriendlyName", "x"),
			standard.get(under(of.sid, "/Keys.json")), standard.post(under(of.sid, "/Keys.json")),
			standard.get(item), standard.post(item, "FriendlyName", "x"), standard.delete(item),
			standard.get(under(of.sid, "/SigningKeys.json")),
		} {
			denied.fails(401, 20003)
		}
		standard.get(under(of.sid, "/Calls.json")).ok()
		if _, hasSecret := of.api.get(item).ok()["secret"]; hasSecret {
			t.Error("a key's secret can be read after its creation")
		}
		of.api.delete(item).ok()
		standard.get(under(of.sid, "/Calls.json")).fails(401, 20003)
	}
}

// A main key reads and changes all accounts, and sees no token.
func TestMainKeysSeeNoTokens(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sub, _ := a.subaccount("sub")
	credentials, _ := a.srv.AddKey(a.srv.AccountSID, "main")
	client := a.srv.Client().WithCredentials(credentials)
	for acct, err := range client.Accounts.All(t.Context(), twilio.AccountListParams{}) {
		if err != nil || !acct.AuthToken.IsZero() {
			t.Errorf("%v, %v", acct, err)
		}
	}
	if _, err := client.Accounts.Update(t.Context(), sub, twilio.AccountUpdateParams{FriendlyName: new("new")}); err != nil {
		t.Error(err)
	}
}

func TestMainKeyCreatesAccountsWithoutSeeingTheirTokens(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	credentials, _ := srv.AddKey(srv.AccountSID, "main")
	client := srv.Client().WithCredentials(credentials)
	acct, err := client.Accounts.Create(t.Context(), twilio.AccountCreateParams{FriendlyName: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if !acct.AuthToken.IsZero() {
		t.Error("a key's caller sees the token")
	}
}

// The two lists hold the same keys, whichever path a key was created by.
func TestSigningKeysAreTheSameKeys(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	created := a.post(a.main("/SigningKeys.json"), "FriendlyName", "k").ok()
	wants(t, a.get(a.main("/Keys/"+str(created, "sid")+".json")).ok(), "friendly_name", "k")
	a.delete(a.main("/Keys/" + str(created, "sid") + ".json")).ok()
	a.get(a.main("/SigningKeys/"+str(created, "sid")+".json")).fails(404, 20404)
}

func TestDeletingThroughAnotherAccountRevokesNothing(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sub, own := a.subaccount("sub")
	created := a.post(a.main("/Keys.json")).ok()
	own.delete(under(sub, "/Keys/"+str(created, "sid")+".json")).fails(404, 20404)
	a.as(str(created, "sid"), str(created, "secret")).get(a.main("/Calls.json")).ok()
}

func TestBadKeys(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	keys := a.main("/Keys.json")
	wants(t, a.post(keys).ok(), "friendly_name", nil)
	created := a.post(keys, "FriendlyName", strings.Repeat("x", 64)).ok()
	a.post(keys, "FriendlyName", strings.Repeat("x", 65)).fails(400, 70001)
	a.post(a.main("/Keys/"+str(created, "sid")+".json"), "FriendlyName", strings.Repeat("x", 65)).fails(400, 70001)
	a.get(a.main("/Keys/"+sid("CA", 1)+".json")).fails(400, 70002)
	a.get(a.main("/Keys/"+sid("SK", 1)+".json")).fails(404, 20404)
}
