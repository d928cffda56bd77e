package twiliotest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// seedCalls adds n calls, every second of them from +1.
func seedCalls(t *testing.T, n int) *api {
	t.Helper()
	a := newAPI(t)
	for i := range n {
		a.srv.AddCall(a.srv.AccountSID, twilio.Call{
			SID: sid("CA", i), From: []string{"+1", "+2"}[i%2], To: "+3", StartTime: a.srv.Now().Add(time.Duration(i) * second),
		})
	}
	return a
}

func TestPagesHoldEverythingOnce(t *testing.T) {
	t.Parallel()
	a := seedCalls(t, 107)
	for _, size := range []string{"1", "10", "50", "107", "1000"} {
		got := a.all(a.main("/Calls.json"), "PageSize", size)
		if len(got) != 107 {
			t.Fatalf("PageSize %s: %d calls, want 107", size, len(got))
		}
		for i, item := range got {
			if str(item, "sid") != sid("CA", 106-i) {
				t.Fatalf("PageSize %s: call %d is %s", size, i, str(item, "sid"))
			}
		}
	}
	if got := a.all(a.main("/Calls.json"), "From", "+1", "PageSize", "10"); len(got) != 54 {
		t.Errorf("%d calls from +1, want 54", len(got))
	}
}

func TestPageBodies(t *testing.T) {
	t.Parallel()
	a := seedCalls(t, 5)
	list := "/2010-04-01" + a.main("/Calls.json")
	first := a.get(a.main("/Calls.json"), "To", "+3", "StartTime>", "2018-01-01", "PageSize", "2").ok()
	filters := "?StartTime%3E=2018-01-01&To=%2B3&PageSize=2"
	wants(t, first, "uri", list+filters+"&Page=0", "first_page_uri", list+filters+"&Page=0", "previous_page_uri", nil,
		"page", 0.0, "page_size", 2.0, "start", 0.0, "end", 1.0)
	next := str(first, "next_page_uri")
	if !strings.HasPrefix(next, list+filters+"&Page=1&PageToken=PA") {
		t.Fatalf("next_page_uri %s", next)
	}
	second := a.get(next).ok()
	wants(t, second, "page", 1.0, "start", 2.0, "end", 3.0, "uri", next)
	last := a.get(str(second, "next_page_uri")).ok()
	wants(t, last, "page", 2.0, "start", 4.0, "end", 4.0, "next_page_uri", nil)
	back := a.get(str(last, "previous_page_uri"))
	if got, want := short(back.items()), "CA2 CA1"; got != want {
		t.Errorf("back from the last page: %s, want %s", got, want)
	}
	wants(t, back.ok(), "page", 1.0)
	if got := short(a.get(str(back.ok(), "next_page_uri")).items()); got != "CA0" {
		t.Errorf("and forward again: %s", got)
	}
	wants(t, a.get(a.main("/Calls.json"), "From", "+9").ok(), "start", 0.0, "end", 0.0, "next_page_uri", nil)
	wants(t, a.get(a.main("/Calls.json"), "PageSize", "5000").ok(), "page_size", 1000.0)
}

func TestPagesThatAreRefused(t *testing.T) {
	t.Parallel()
	a := seedCalls(t, 5)
	calls := a.main("/Calls.json")
	a.get(calls, "Page", "1").fails(400, 70002)
	a.get(calls, "Page", "0").ok()
	a.get(calls, "PageSize", "0").fails(400, 20001)
	a.get(calls, "PageSize", "many").fails(400, 20001)
	a.get(calls, "Page", "1", "PageToken", "PAnonsense").fails(400, 20001)
	a.get(calls, "Page", "1", "PageToken", sid("PA", 1)).fails(400, 20001)

	next := str(a.get(calls, "PageSize", "2").ok(), "next_page_uri")
	token := next[strings.Index(next, "PageToken=")+len("PageToken="):]
	a.get(calls, "PageSize", "2", "Page", "1", "PageToken", token).ok()
	a.get(calls, "From", "+1", "PageSize", "2", "Page", "1", "PageToken", token).fails(400, 20001) // of another list
	a.get(a.main("/Messages.json"), "PageSize", "2", "Page", "1", "PageToken", token).fails(400, 20001)
}

func TestListsStayRightWhileTheyChange(t *testing.T) {
	t.Parallel()
	a := seedCalls(t, 6)
	page := a.get(a.main("/Calls.json"), "PageSize", "2")
	var seen []object
	for {
		seen = append(seen, page.items()...)
		next := str(page.ok(), "next_page_uri")
		if next == "" {
			break
		}
		for _, item := range page.items() { // the item that the token stands for goes away
			a.delete(a.main("/Calls/" + str(item, "sid") + ".json")).ok()
		}
		a.srv.AddCall(a.srv.AccountSID, twilio.Call{StartTime: a.srv.Now().Add(time.Hour)})
		page = a.get(next)
	}
	if got, want := short(seen), "CA5 CA4 CA3 CA2 CA1 CA0"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestOrderIsThatOfDatesWhateverTheOrderOfSeeding(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, i := range []int{3, 1, 4, 1, 5, 9, 2, 6} {
		a.srv.AddCall(a.srv.AccountSID, twilio.Call{From: fmt.Sprint("+", i), StartTime: a.srv.Now().Add(time.Duration(i) * second)})
	}
	if got := column(a.all(a.main("/Calls.json"), "PageSize", "3"), "from"); got != "+9 +6 +5 +4 +3 +2 +1 +1" {
		t.Error(got)
	}
}

func TestLargeFleets(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	const n = 100_000
	fleet := make([]twilio.Account, n)
	for i := range fleet {
		fleet[i].FriendlyName = fmt.Sprint("customer ", i)
	}
	a.srv.AddSubaccounts(fleet...)
	calls := make([]twilio.Call, n)
	for i := range calls {
		calls[i] = twilio.Call{From: "+1", To: "+2", StartTime: a.srv.Now().Add(-time.Duration(i*7919%n) * second)}
	}
	a.srv.AddCalls(a.srv.AccountSID, calls...)
	if got := a.get("/Accounts.json", "FriendlyName", "customer 99999").items(); len(got) != 1 {
		t.Errorf("by name: %v", got)
	}
	page := a.get(a.main("/Calls.json"), "PageSize", "1000")
	for range 3 {
		page = a.get(str(page.ok(), "next_page_uri"))
	}
	if got := len(page.items()); got != 1000 {
		t.Errorf("%d calls on the fourth page", got)
	}
}

// Lists of any size keep their order in both directions, whatever is added and
// deleted where.
func TestLongListsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	const n = 3000
	start := a.srv.Now().Add(-24 * time.Hour)
	for i := range n {
		k := i * 7919 % n
		a.srv.AddCall(a.srv.AccountSID, twilio.Call{SID: sid("CA", k), StartTime: start.Add(time.Duration(k) * second)})
	}
	var want []string
	for k := n - 1; k >= 0; k-- {
		if k%3 == 0 || k >= 1000 && k < 1700 {
			a.delete(a.main("/Calls/" + sid("CA", k) + ".json")).ok()
			continue
		}
		want = append(want, sid("CA", k))
	}
	var forward, backward []object
	page := a.get(a.main("/Calls.json"), "PageSize", "97")
	for {
		forward = append(forward, page.items()...)
		next := str(page.ok(), "next_page_uri")
		if next == "" {
			break
		}
		page = a.get(next)
	}
	for {
		backward = append(page.items(), backward...)
		previous := str(page.ok(), "previous_page_uri")
		if previous == "" {
			break
		}
		page = a.get(previous)
	}
	for name, got := range map[string][]object{"forward": forward, "backward": backward} {
		if column(got, "sid") != strings.Join(want, " ") {
			t.Errorf("%s: %d calls in another order than the %d expected", name, len(got), len(want))
		}
	}
}
