package twiliotest_test

import (
	"strings"
	"testing"
)

func TestNumberSearches(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	search := func(path string, query ...string) []object {
		return a.get(a.main("/AvailablePhoneNumbers/"+path+".json"), query...).items()
	}
	every := func(items []object, field, want string) {
		t.Helper()
		if len(items) == 0 {
			t.Errorf("nothing found with %s %s", field, want)
		}
		for _, item := range items {
			if !strings.Contains(str(item, field), want) {
				t.Errorf("%s = %s, want %s", field, str(item, field), want)
			}
		}
	}
	every(search("US/Local", "AreaCode", "212"), "phone_number", "+1212")
	every(search("US/Local", "InRegion", "TX"), "region", "TX")
	every(search("US/Local", "InLocality", "chicago"), "locality", "Chicago")
	every(search("US/Local", "InPostalCode", "98101"), "postal_code", "98101")
	every(search("US/Local", "Contains", "510*2"), "phone_number", "510")
	every(search("US/Local", "Contains", "+1510"), "phone_number", "+1510")
	every(search("US/Local", "NearLatLong", "19.7,-155.1", "Distance", "50"), "region", "HI")
	every(search("US/Local", "NearNumber", "+18085550100"), "region", "HI")
	every(search("US/TollFree"), "phone_number", "+18")
	every(search("GB/Mobile"), "address_requirements", "any")
	every(search("CA/Local"), "iso_country", "CA")
	if got := len(search("US/Local", "PageSize", "7")); got != 7 {
		t.Errorf("PageSize 7 gives %d", got)
	}
	for _, none := range [][]string{{"AreaCode", "999"}, {"FaxEnabled", "true"}, {"VoiceEnabled", "false"}, {"Contains", "0000000000"}} {
		if got := search("US/Local", none...); len(got) != 0 {
			t.Errorf("%v finds %d", none, len(got))
		}
	}
	if got := search("DE/Local", "ExcludeLocalAddressRequired", "true"); len(got) != 0 {
		t.Errorf("numbers that ask for a local address: %d", len(got))
	}
	if got := search("JP/Local", "Beta", "false"); len(got) != 0 {
		t.Errorf("beta numbers: %d", len(got))
	}
	a.get(a.main("/AvailablePhoneNumbers/XX/Local.json")).fails(404, 20404)
	a.get(a.main("/AvailablePhoneNumbers/US/Nonsense.json")).fails(404, 20404)
	a.get(a.main("/AvailablePhoneNumbers/US/Mobile.json")).fails(404, 20404) // there are none in the plan
	a.get(a.main("/AvailablePhoneNumbers/US/Local.json"), "SmsEnabled", "maybe").fails(400, 20001)
	if _, ok := a.get(a.main("/AvailablePhoneNumbers/US/Local.json")).ok()["next_page_uri"]; ok {
		t.Error("a search has pages")
	}
}
