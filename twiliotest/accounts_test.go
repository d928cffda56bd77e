package twiliotest_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestSubaccountIsCreatedFoundAndListed(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	acct := a.post("/Accounts.json", "FriendlyName", "Submarine").ok()
	sid := str(acct, "sid")
	wants(t, acct, "friendly_name", "Submarine", "status", "active", "type", "Full",
		"owner_account_sid", a.srv.AccountSID, "date_created", "Thu, 15 Jan 2026 12:00:00 +0000",
		"uri", "/2010-04-01/Accounts/"+sid+".json")
	for _, token := range []string{str(acct, "auth_token"), a.srv.AuthToken} {
		if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(token) {
			t.Errorf("auth_token %q isn't 32 hexadecimal digits", token)
		}
	}
	if !regexp.MustCompile(`^AC[0-9a-f]{32}$`).MatchString(sid) {
		t.Errorf("sid %q", sid)
	}
	a.subaccount("Submarine II")

	if got := column(a.get("/Accounts.json", "FriendlyName", "Submarine").items(), "sid"); got != sid {
		t.Errorf("by exact name: %s, want %s", got, sid)
	}
	if got := column(a.get("/Accounts.json", "FriendlyName", "submarine").items(), "sid"); got != "" {
		t.Errorf("the name in small letters finds %s", got)
	}
	if got := column(a.get("/Accounts.json").items(), "friendly_name"); got != "Submarine II Submarine Main account" {
		t.Errorf("list: %s", got)
	}
	a.post("/Accounts/"+sid+".json", "Status", "suspended").ok()
	if got := column(a.get("/Accounts.json", "Status", "suspended").items(), "sid"); got != sid {
		t.Errorf("suspended: %s", got)
	}
	a.get("/Accounts.json", "Status", "asleep").fails(400, 20001)

	a.post("/Accounts/"+sid+".json", "FriendlyName", "Yellow").ok()
	if got := column(a.get("/Accounts.json", "FriendlyName", "Yellow").items(), "sid"); got != sid {
		t.Errorf("by its new name: %s", got)
	}
	if got := a.get("/Accounts.json", "FriendlyName", "Submarine").items(); len(got) != 0 {
		t.Errorf("by its old name: %v", got)
	}
}

func TestAccountNames(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	wants(t, a.post("/Accounts.json").ok(), "friendly_name", "SubAccount Created at 2026-01-15 12:00 PM")
	a.post("/Accounts.json", "FriendlyName", strings.Repeat("ü", 64)).ok()
	a.post("/Accounts.json", "FriendlyName", strings.Repeat("x", 65)).fails(400, 20002)
	sid, own := a.subaccount("twin")
	a.post("/Accounts/"+sid+".json", "FriendlyName", strings.Repeat("x", 65)).fails(400, 20002)
	a.subaccount("twin")
	if got := a.get("/Accounts.json", "FriendlyName", "twin").items(); len(got) != 2 {
		t.Errorf("%d accounts called twin, want 2: names need not be unique", len(got))
	}
	own.post("/Accounts.json").fails(400, 21101)
}

func TestWhatEachCredentialReaches(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	one, first := a.subaccount("one")
	two, _ := a.subaccount("two")
	key := first.post(under(one, "/Keys.json")).ok()
	subKey := a.as(str(key, "sid"), str(key, "secret"))
	mainKey := a.post(a.main("/Keys.json")).ok()
	standard := a.as(str(mainKey, "sid"), str(mainKey, "secret"))

	calls := func(sid string) string { return under(sid, "/Calls.json") }
	for _, allowed := range []reply{
		a.get(calls(a.srv.AccountSID)), a.get(calls(one)), a.get(calls(two)),
		first.get(calls(one)), subKey.get(calls(one)), standard.get(calls(a.srv.AccountSID)),
		first.get("/Accounts/" + one + ".json"),
	} {
		allowed.ok()
	}
	for _, denied := range []reply{
		first.get(calls(a.srv.AccountSID)), first.get(calls(two)), first.get("/Accounts/" + two + ".json"),
		subKey.get(calls(two)), subKey.get(calls(a.srv.AccountSID)),
		standard.get(calls(one)),
		a.as(a.srv.AccountSID, "wrong").get(calls(one)), a.as("ACffffffffffffffffffffffffffffffff", "x").get(calls(one)), a.as("", "").get(calls(one)),
		a.as(one, a.srv.AuthToken).get(calls(one)),
	} {
		denied.fails(401, 20003)
	}
	if got := column(first.get("/Accounts.json").items(), "sid"); got != one {
		t.Errorf("a subaccount lists %s, want itself", got)
	}
	a.get(calls("ACffffffffffffffffffffffffffffffff")).fails(404, 20404)
	if a.as("", "").get(calls(one)).header.Get("WWW-Authenticate") == "" {
		t.Error("401 without WWW-Authenticate")
	}
}

func TestStatusChanges(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	status := func(sid, status string) reply { return a.post("/Accounts/"+sid+".json", "Status", status) }
	sid, own := a.subaccount("sub")

	status(sid, "gone").fails(400, 21475)
	status(a.srv.AccountSID, "suspended").fails(400, 21477)
	status(a.srv.AccountSID, "closed").fails(400, 21477)
	own.post("/Accounts/"+sid+".json", "Status", "suspended").fails(401, 20003)
	own.post("/Accounts/"+sid+".json", "Status", "closed").fails(401, 20003)
	wants(t, own.post("/Accounts/"+sid+".json", "FriendlyName", "renamed").ok(), "friendly_name", "renamed")

	for _, to := range []string{"suspended", "suspended", "active", "active", "suspended", "closed"} {
		wants(t, status(sid, to).ok(), "status", to)
	}
	for _, to := range []string{"active", "suspended", "closed"} {
		status(sid, to).fails(400, 21479)
	}
	if got := column(a.get("/Accounts.json", "Status", "closed").items(), "sid"); got != sid {
		t.Errorf("closed accounts: %s", got)
	}
}

func TestSuspendedAccountNeitherCallsNorSendsAndKeepsWhatItHas(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sid, own := a.subaccount("sub")
	number := str(own.post(under(sid, "/IncomingPhoneNumbers.json"), "AreaCode", "415").ok(), "sid")
	call := under(sid, "/Calls/"+str(own.post(under(sid, "/Calls.json"), aCall...).ok(), "sid")+".json")
	a.srv.Advance(8 * second)
	message := under(sid, "/Messages/"+str(own.post(under(sid, "/Messages.json"), aMessage...).ok(), "sid")+".json")
	a.post("/Accounts/"+sid+".json", "Status", "suspended").ok()

	own.get(call).fails(401, 20003)
	for _, who := range []*api{a, own} {
		who.post(under(sid, "/Calls.json"), aCall...).fails(401, 20003)
		who.post(under(sid, "/Messages.json"), aMessage...).fails(401, 20003)
		who.post(under(sid, "/IncomingPhoneNumbers.json"), "AreaCode", "415").fails(401, 20003)
	}
	wants(t, a.get(call).ok(), "status", "in-progress")
	a.get(under(sid, "/IncomingPhoneNumbers/"+number+".json")).ok()
	wants(t, a.post(call, "Status", "completed").ok(), "status", "completed", "duration", "3")
	a.srv.Advance(time.Minute)
	wants(t, a.get(message).ok(), "status", "failed", "error_code", 30002.0)

	a.post("/Accounts/"+sid+".json", "Status", "active").ok()
	own.post(under(sid, "/Calls.json"), aCall...).ok()
}

// Which code Twilio uses for an account that isn't active is contradictory.
func TestCodeOfInactiveAccounts(t *testing.T) {
	t.Parallel()
	a := newAPI(t, twiliotest.WithInactiveAccounts(403, 20005))
	sub, own := a.subaccount("sub")
	a.post("/Accounts/"+sub+".json", "Status", "suspended").ok()
	own.get(under(sub, "/Calls.json")).fails(403, 20005)
	a.post(under(sub, "/Calls.json"), aCall...).fails(403, 20005)
	a.as(sub, "wrong").get(under(sub, "/Calls.json")).fails(401, 20003)
	a.srv.SetStatus(a.srv.AccountSID, twilio.AccountStatusSuspended)
	a.get("/Accounts.json").fails(403, 20005)
}

func TestClosingReleasesNumbersAndKeepsHistory(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sid, own := a.subaccount("sub")
	phone := str(own.post(under(sid, "/IncomingPhoneNumbers.json"), "AreaCode", "415").ok(), "phone_number")
	call := under(sid, "/Calls/"+str(own.post(under(sid, "/Calls.json"), aCall...).ok(), "sid")+".json")
	a.srv.Advance(time.Minute)
	a.post(a.main("/IncomingPhoneNumbers.json"), "PhoneNumber", phone).fails(400, 21422)
	a.post("/Accounts/"+sid+".json", "Status", "closed").ok()

	if got := a.get(under(sid, "/IncomingPhoneNumbers.json")).items(); len(got) != 0 {
		t.Errorf("numbers left: %v", got)
	}
	a.post(a.main("/IncomingPhoneNumbers.json"), "PhoneNumber", phone).ok() // it is for sale again
	wants(t, a.get(call).ok(), "status", "completed")
	own.get(call).fails(401, 20003)

	a.srv.Advance(365 * 24 * time.Hour)
	a.get("/Accounts/" + sid + ".json").ok()
}

func TestClosedAccountsAreDeletedAfterThirtyDays(t *testing.T) {
	t.Parallel()
	a := newAPI(t, twiliotest.WithAutoDelete())
	sid, own := a.subaccount("sub")
	call := under(sid, "/Calls/"+str(own.post(under(sid, "/Calls.json"), aCall...).ok(), "sid")+".json")
	a.post("/Accounts/"+sid+".json", "Status", "closed").ok()
	a.srv.Advance(30*24*time.Hour - second)
	a.get(call).ok()
	a.srv.Advance(second)
	a.get(call).fails(404, 20404)
	a.get("/Accounts/"+sid+".json").fails(404, 20404)
	if got := column(a.get("/Accounts.json").items(), "sid"); got != a.srv.AccountSID {
		t.Errorf("list: %s", got)
	}
	if got := a.get("/Accounts.json", "FriendlyName", "sub").items(); len(got) != 0 {
		t.Errorf("by name: %v", got)
	}
}

func TestSuspendedMainAccountSuspendsAll(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sid, own := a.subaccount("sub")
	a.srv.SetStatus(a.srv.AccountSID, twilio.AccountStatusSuspended)
	a.get("/Accounts.json").fails(401, 20003)
	own.get(under(sid, "/Calls.json")).fails(401, 20003)
	a.srv.SetStatus(a.srv.AccountSID, twilio.AccountStatusActive)
	own.get(under(sid, "/Calls.json")).ok()

	a.srv.SetStatus(sid, twilio.AccountStatusSuspended)
	a.post("/Accounts/"+sid+".json", "Status", "active").fails(400, 21478)
	a.post("/Accounts/"+sid+".json", "Status", "closed").ok()
}

func TestSubaccountLimits(t *testing.T) {
	t.Parallel()
	a := newAPI(t, twiliotest.WithSubaccountLimit(2))
	first, _ := a.subaccount("1")
	a.subaccount("2")
	a.post("/Accounts.json").fails(400, 21480)
	a.post("/Accounts/"+first+".json", "Status", "closed").ok()
	a.subaccount("3") // closed ones don't count

	trial := newAPI(t, twiliotest.WithTrial())
	sid, _ := trial.subaccount("1")
	wants(t, trial.get("/Accounts/"+sid+".json").ok(), "type", "Trial")
	trial.post("/Accounts.json").fails(400, 21480)
	trial.post(trial.main("/Calls.json"), aCall...).fails(400, 21219)
	trial.post(trial.main("/Messages.json"), aMessage...).fails(400, 21608)
	trial.srv.AddCallerID(trial.srv.AccountSID, "+16518675310")
	trial.post(trial.main("/Calls.json"), aCall...).ok()
	trial.post(trial.main("/Messages.json"), aMessage...).ok()
	trial.post(trial.main("/IncomingPhoneNumbers.json"), "AreaCode", "415").ok()
	trial.post(trial.main("/IncomingPhoneNumbers.json"), "AreaCode", "415").fails(400, 21404)
}

func TestPathsAndMethods(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, path := range []string{
		"/accounts.json", "/Accounts/.json", a.main("/Calls/.json"), a.main("/calls.json"), a.main("/Nonsense"),
		a.main("/Calls/.json"), a.main("/Nonsense.json"), a.main("/Usage.json"), a.main("/Nonsense.xml"),
	} {
		a.get(path).fails(404, 20404)
	}
	a.delete("/Accounts/"+a.srv.AccountSID+".json").fails(405, 20004)
	a.delete(a.main("/Calls.json")).fails(405, 20004)

	for _, path := range []string{"//2010-04-01/Accounts.json", "/2010-04-01//Accounts.json", "/2008-08-01/Accounts.json"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.srv.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth(a.user, a.pass)
		response, err := a.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusNotFound || !strings.HasPrefix(response.Header.Get("Content-Type"), "application/json") {
			t.Errorf("%s: %s %v", path, response.Status, response.Header)
		}
	}

	got := a.get("/Accounts.json")
	got.ok()
	for _, header := range []string{"Twilio-Request-Id", "Twilio-Concurrent-Requests", "Twilio-Request-Duration"} {
		if got.header.Get(header) == "" {
			t.Errorf("no %s", header)
		}
	}
}
