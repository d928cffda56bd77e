package twiliotest_test

import "testing"

func TestConferenceFilters(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	if got := a.get(a.main("/Conferences.json"), "Status", "init", "DateCreated>", "2018-01-15").items(); len(got) != 0 {
		t.Errorf("conferences that nobody started: %v", got)
	}
	a.get(a.main("/Conferences.json"), "Status", "over").fails(400, 20001)
	a.get(a.main("/Conferences.json"), "DateUpdated<", "soon").fails(400, 20001)
	a.get(a.main("/Conferences/"+sid("CF", 1)+".json")).fails(404, 20404)
	a.post(a.main("/Conferences/"+sid("CF", 1)+".json"), "Status", "completed").fails(404, 20404)
}
