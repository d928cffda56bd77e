package twiliotest_test

import (
	"strings"
	"testing"
)

const iamKeys = "https://iam.twilio.com/v1/Keys"

func TestIAMKeys(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sub, own := a.subaccount("sub")
	standard := str(a.post(under(sub, "/Keys.json"), "FriendlyName", "standard").ok(), "sid")
	const policy = `{"allow":["/twilio/messaging/messages/read"]}`
	created := own.post(iamKeys, "AccountSid", sub, "KeyType", "restricted", "Policy", policy, "FriendlyName", "reports").ok()
	wants(t, created, "friendly_name", "reports", "date_created", "Thu, 15 Jan 2026 12:00:00 +0000")
	if len(str(created, "secret")) != 32 || created["policy"] == nil {
		t.Errorf("%v", created)
	}
	restricted := str(created, "sid")

	own.get(iamKeys).fails(400, 20001) // AccountSid is required
	flags := map[string]bool{}
	for _, item := range own.get(iamKeys, "AccountSid", sub).items() {
		flags[str(item, "sid")] = item["flags"] != nil
	}
	if len(flags) != 2 || !flags[standard] || flags[restricted] {
		t.Errorf("flags %v", flags)
	}
	own.post(iamKeys+"/"+restricted, "Policy", `{"allow":["/twilio/voice/calls/read"]}`).ok()
	fetched := own.get(iamKeys + "/" + restricted).ok()
	if allow := fetched["policy"].(object)["allow"].([]any); len(allow) != 1 || allow[0] != "/twilio/voice/calls/read" || fetched["secret"] != nil {
		t.Errorf("%v", fetched)
	}

	for _, bad := range []string{"{", `{"allow":["messages"]}`, `{"allow":["/twilio/x"` + strings.Repeat(`,"/twilio/x"`, 100) + "]}"} {
		own.post(iamKeys, "AccountSid", sub, "KeyType", "restricted", "Policy", bad).fails(400, 70002)
	}
	own.post(iamKeys, "AccountSid", sub, "KeyType", "restricted").fails(400, 20001)
	own.get(iamKeys+"/"+sid("AC", 1)).fails(400, 70002)
	own.get(iamKeys, "AccountSid", a.srv.AccountSID).fails(401, 20003)
	_, other := a.subaccount("other")
	other.get(iamKeys+"/"+restricted).fails(404, 20404)
	a.as(restricted, str(created, "secret")).get(iamKeys, "AccountSid", sub).fails(401, 20003)

	if got := own.delete(iamKeys + "/" + restricted); got.status != 204 {
		t.Errorf("status %d", got.status)
	}
	own.get(iamKeys+"/"+restricted).fails(404, 20404)
}
