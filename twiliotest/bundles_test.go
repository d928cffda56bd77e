package twiliotest_test

import (
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

const bundles = "https://numbers.twilio.com/v2/RegulatoryCompliance/Bundles"

// An approved bundle is cloned to another account, where it is approved at once.
func TestBundles(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sub, own := a.subaccount("sub")
	until := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	bundle := a.srv.AddBundle(a.srv.AccountSID, twilio.Bundle{FriendlyName: "DE", ValidUntil: until})
	draft := a.srv.AddBundle(a.srv.AccountSID, twilio.Bundle{Status: twilio.BundleStatusDraft})
	if bundle.Status != twilio.BundleStatusTwilioApproved || !bundle.ValidUntil.Equal(until) || bundle.URL != bundles+"/"+bundle.SID {
		t.Errorf("%+v", bundle)
	}
	wants(t, a.get(bundles+"/"+bundle.SID).ok(), "friendly_name", "DE", "valid_until", "2027-01-01T00:00:00Z")
	own.get(bundles+"/"+bundle.SID).fails(404, 20404)
	for query, want := range map[[2]string]int{
		{"Status", "draft"}: 1, {"FriendlyName", "DE"}: 1, {"HasValidUntilDate", "true"}: 1, {"HasValidUntilDate", "false"}: 1,
		{"ValidUntilDate<", "2027-01-01"}: 0, {"ValidUntilDate>", "2027-01-01"}: 1, {"x", ""}: 2,
	} {
		if got := a.get(bundles, query[0], query[1]).items(); len(got) != want {
			t.Errorf("%v: %d bundles, want %d", query, len(got), want)
		}
	}

	clones := bundles + "/" + bundle.SID + "/Clones"
	clone := a.post(clones, "TargetAccountSid", sub).ok()
	wants(t, clone, "account_sid", sub, "status", "twilio-approved", "friendly_name", "DE")
	if clone["sid"] != nil || str(clone, "bundle_sid") == bundle.SID {
		t.Errorf("%v", clone)
	}
	own.get(bundles + "/" + str(clone, "bundle_sid")).ok()
	wants(t, a.post(clones, "TargetAccountSid", sub, "MoveToDraft", "true", "FriendlyName", "mine").ok(), "status", "draft", "friendly_name", "mine")
	a.post(clones).fails(400, 20001)
	a.post(clones, "TargetAccountSid", sid("AC", 9)).fails(404, 20404)
	_, sibling := a.subaccount("sibling")
	sibling.post(bundles+"/"+bundle.SID+"/Clones", "TargetAccountSid", sub).fails(404, 20404) // not its own
	own.post(bundles+"/"+str(clone, "bundle_sid")+"/Clones", "TargetAccountSid", a.srv.AccountSID).ok()
	a.post(bundles+"/"+draft.SID+"/Clones", "TargetAccountSid", sub).fails(400, 20001)
}
