package twiliotest_test

import (
	"testing"
)

func TestCallerIDs(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	list := a.main("/OutgoingCallerIds.json")
	got := a.post(list, "PhoneNumber", "+14158675310", "FriendlyName", "Ada").ok()
	if code := str(got, "validation_code"); len(code) != 6 {
		t.Errorf("validation_code %q", code)
	}
	if items := a.get(list).items(); len(items) != 0 {
		t.Errorf("verified before anybody answered: %v", items)
	}
	a.srv.Advance(20 * second)
	wants(t, a.get(list, "PhoneNumber", "+14158675310").items()[0], "friendly_name", "Ada")
	a.post(list, "PhoneNumber", "+14158675310").fails(400, 21450)
	a.post(list, "PhoneNumber", "nonsense").fails(400, 21421)
}
