package twiliotest_test

import (
	"testing"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestKeysSeeNoTokenAndStandardKeysManageNothing(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sid, _ := a.subaccount("sub")
	created := a.post(a.main("/Keys.json"), "FriendlyName", "k").ok()
	standard := a.as(str(created, "sid"), str(created, "secret"))
	wants(t, standard.get("/Accounts/"+sid+".json").ok(), "auth_token", "", "sid", sid)
	for _, item := range standard.get("/Accounts.json").items() {
		wants(t, item, "auth_token", "")
	}
	standard.post("/Accounts.json").fails(401, 20003)
	standard.post("/Accounts/"+sid+".json", "Status", "suspended").fails(401, 20003)
	standard.get(a.main("/Keys.json")).fails(401, 20003)
	standard.post(a.main("/Keys.json")).fails(401, 20003)

	_, hasSecret := a.get(a.main("/Keys/" + str(created, "sid") + ".json")).ok()["secret"]
	if hasSecret {
		t.Error("a key's secret is there after its creation")
	}
	a.delete(a.main("/Keys/" + str(created, "sid") + ".json")).ok()
	standard.get("/Accounts.json").fails(401, 20003)
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
