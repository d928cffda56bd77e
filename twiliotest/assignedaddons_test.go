package twiliotest_test

import "testing"

func TestAssignedAddOns(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	number := a.main("/IncomingPhoneNumbers/" + str(a.post(a.main("/IncomingPhoneNumbers.json"), "AreaCode", "415").ok(), "sid"))
	list := number + "/AssignedAddOns.json"
	a.post(list).fails(400, 20001)
	a.post(list, "InstalledAddOnSid", "XX1").fails(400, 20001)
	addOn := a.post(list, "InstalledAddOnSid", sid("XE", 1)).ok()
	extensions := a.get(addOn["subresource_uris"].(object)["extensions"].(string)).items()
	if len(extensions) != 2 {
		t.Errorf("extensions %v", extensions)
	}
	wants(t, a.get(str(extensions[0], "uri")).ok(), "assigned_add_on_sid", addOn["sid"])
	a.delete(str(addOn, "uri")).ok()
	if left := a.get(list).items(); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
	a.get(str(extensions[0], "uri")).fails(404, 20404)
}
