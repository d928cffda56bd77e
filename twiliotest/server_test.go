package twiliotest_test

import (
	"fmt"
	"net/http"
	"net/http/httptrace"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestRequestsAreRemembered(t *testing.T) {
	t.Parallel()
	a := newAPI(t, twiliotest.WithRequestLog(3))
	for i := range 5 {
		a.get(a.main("/Calls.json"), "To", fmt.Sprint(i))
	}
	got := a.srv.Requests()
	if len(got) != 3 || got[0].Query.Get("To") != "2" || got[2].Query.Get("To") != "4" {
		t.Errorf("%+v", got)
	}
	a.srv.ResetRequests()
	a.post(a.main("/Calls.json"), "SipAuthPassword", "hush", "To", "+1")
	got = a.srv.Requests()
	if len(got) != 1 || got[0].Method != http.MethodPost || got[0].User != a.srv.AccountSID || got[0].AccountSID != a.srv.AccountSID ||
		got[0].Status != 400 || got[0].Form.Get("To") != "+1" || got[0].Form.Get("SipAuthPassword") == "hush" {
		t.Errorf("%+v", got)
	}
}

func TestClockOptions(t *testing.T) {
	t.Parallel()
	start := time.Date(2018, 1, 15, 0, 0, 0, 0, time.UTC)
	srv := twiliotest.NewUnstartedServer(twiliotest.WithStart(start))
	srv.Advance(time.Hour)
	srv.Advance(-time.Hour)
	if got := srv.Now(); !got.Equal(start.Add(time.Hour)) {
		t.Error(got)
	}
	synctest.Test(t, func(t *testing.T) {
		srv := twiliotest.NewUnstartedServer(twiliotest.WithClock(time.Now))
		client := srv.Client()
		call, err := client.Calls.Create(t.Context(), twilio.CallCreateParams{From: "+14158141829", To: "+16518675310", TwiML: "<Response/>"})
		if err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Minute)
		if call, err = client.Calls.Get(t.Context(), call.SID); err != nil || call.Status != twilio.CallStatusCompleted || !call.Price.Valid {
			t.Errorf("%+v, %v", call, err)
		}
	})
}

func TestServersAreReproducible(t *testing.T) {
	t.Parallel()
	create := func(opts ...twiliotest.Option) string {
		a := newAPI(t, opts...)
		return a.srv.AccountSID + str(a.post("/Accounts.json").ok(), "auth_token")
	}
	if one, two := create(), create(); one != two {
		t.Error("two servers with one seed differ")
	}
	if create() == create(twiliotest.WithSeed("other")) {
		t.Error("another seed makes the same")
	}
	srv := twiliotest.NewUnstartedServer(twiliotest.WithAccount("AC00000000000000000000000000000001", "secret"))
	if srv.AccountSID != "AC00000000000000000000000000000001" || srv.AuthToken != "secret" {
		t.Error(srv.AccountSID)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewServer()
	defer srv.Close()
	client := srv.Client()
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			ctx := t.Context()
			acct, err := client.Accounts.Create(ctx, twilio.AccountCreateParams{FriendlyName: fmt.Sprint(i)})
			if err != nil {
				t.Error(err)
				return
			}
			sub := client.Subaccount(acct.SID)
			for range 5 {
				if _, err := sub.Calls.Create(ctx, twilio.CallCreateParams{From: "+14158141829", To: "+16518675310", TwiML: "<Response/>"}); err != nil {
					t.Error(err)
				}
				srv.Advance(time.Second)
				srv.AddMessage(acct.SID, twilio.Message{Body: "x", From: "+1", To: "+2", Status: twilio.MessageStatusQueued})
				srv.Inject(twiliotest.Fault{Path: "/nowhere", Status: 500})
				n := 0
				for _, err := range sub.Calls.All(ctx, twilio.CallListParams{PageSize: 2}) {
					if n++; err != nil {
						t.Error(err)
						return
					}
				}
				_ = srv.Requests()
				_ = srv.Now()
			}
		})
	}
	wg.Wait()
}

func TestCloseBreaksOffWhatIsOpen(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewServer()
	sent := make(chan struct{})
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		WroteRequest: func(httptrace.WroteRequestInfo) { close(sent) },
	})
	srv.Inject(twiliotest.Fault{Delay: time.Hour})
	failed := make(chan error)
	go func() {
		_, _, _, err := raw(ctx, srv, &http.Client{Transport: &http.Transport{}}, "GET", "/Accounts.json")
		failed <- err
	}()
	<-sent
	srv.Close()
	if err := <-failed; err == nil {
		t.Error("a request outlived its server")
	}
}

func TestTestCredentials(t *testing.T) {
	t.Parallel()
	a := newAPI(t, twiliotest.WithTestCredentials())
	magic := func(n string) string { return "+1500555000" + n }
	a.get("/Accounts.json").fails(403, 20008)
	a.get(a.main("/Calls.json")).fails(403, 20008)
	a.post("/Accounts.json").fails(403, 20008)

	numbers := a.main("/IncomingPhoneNumbers.json")
	a.post(numbers, "PhoneNumber", magic("0")).fails(400, 21422)
	a.post(numbers, "PhoneNumber", magic("1")).fails(400, 21421)
	a.post(numbers, "AreaCode", "533").fails(400, 21452)
	wants(t, a.post(numbers, "AreaCode", "500").ok(), "phone_number", magic("6"), "status", "new")
	wants(t, a.post(numbers, "PhoneNumber", magic("6"), "VoiceUrl", "https://example.com").ok(), "status", "new", "voice_url", "https://example.com")
	a.post(numbers, "PhoneNumber", magic("6")).ok() // nothing has an effect, so it can be bought again

	for from, code := range map[string]int{"1": 21212, "7": 21606, "8": 21611, "2": 21606} {
		status := 400
		if code == 21611 {
			status = 429
		}
		a.post(a.main("/Messages.json"), "From", magic(from), "To", "+16518675310", "Body", "x").fails(status, code)
	}
	for to, code := range map[string]int{"1": 21211, "2": 21612, "3": 21408, "4": 21610, "9": 21614} {
		a.post(a.main("/Messages.json"), "From", magic("6"), "To", magic(to), "Body", "x").fails(400, code)
	}
	wants(t, a.post(a.main("/Messages.json"), "From", magic("6"), "To", "+16518675310", "Body", "x").ok(),
		"status", "queued", "account_sid", a.srv.AccountSID)
	for from, code := range map[string]int{"1": 21212, "2": 21210} {
		a.post(a.main("/Calls.json"), "From", magic(from), "To", "+16518675310", "Url", "https://example.com").fails(400, code)
	}
	for to, code := range map[string]int{"1": 21217, "2": 21214, "3": 21215, "4": 21216} {
		a.post(a.main("/Calls.json"), "From", magic("6"), "To", magic(to), "Url", "https://example.com").fails(400, code)
	}
	one := a.post(a.main("/Calls.json"), "From", magic("6"), "To", "+16518675310", "Url", "https://example.com").ok()
	two := a.post(a.main("/Calls.json"), "From", magic("6"), "To", "+16518675310", "Url", "https://example.com").ok()
	if str(one, "sid") == str(two, "sid") {
		t.Error("two calls with one SID")
	}
}

// usage returns the records of a list by category.
func (a *api) usage(path string, query ...string) map[string]object {
	a.t.Helper()
	found := make(map[string]object)
	for _, item := range a.all(path, append(query, "PageSize", "1000")...) {
		found[str(item, "category")] = item
	}
	return found
}

func TestUsageAddsUpWhatWasUsed(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sub, own := a.subaccount("sub")
	price := func(s string) decimal.NullDecimal { return decimal.NewNullDecimal(decimal.RequireFromString(s)) }
	start := a.srv.Now().Add(-time.Hour)
	for _, c := range []twilio.Call{
		{StartTime: start, Duration: 61, Price: price("-0.03"), Direction: "outbound-api"},
		{StartTime: start, Duration: 10, Price: price("-0.0085"), Direction: "inbound"},
		{StartTime: start, Duration: 10, Price: price("-5"), PriceUnit: "JPY"},
		{StartTime: start.AddDate(0, -1, 0), Duration: 10, Price: price("-1")},
	} {
		a.srv.AddCall(sub, c)
	}
	a.srv.AddMessage(a.srv.AccountSID, twilio.Message{DateSent: start, Body: "x", Price: price("-0.0083"), PriceUnit: "usd"})
	a.srv.AddUsageRecord(sub, twilio.UsageRecord{Category: "recordings", Count: 2, Usage: price("3"), Price: price("0.01")})

	records := a.main("/Usage/Records")
	got := a.usage(records + "/Today.json")
	wants(t, got["calls"], "count", "3", "usage", "4", "price", "0.0385", "price_unit", "usd", "start_date", "2026-01-15", "end_date", "2026-01-15")
	wants(t, got["calls-inbound"], "count", "1", "usage", "1", "price", "0.0085")
	wants(t, got["calls-outbound"], "count", "2", "usage", "3", "price", "0.03")
	wants(t, got["sms"], "count", "1", "price", "0.0083")
	wants(t, got["recordings"], "count", "2", "usage", "3", "price", "0.01")
	wants(t, got["totalprice"], "price", "0.0568", "count", nil, "as_of", "2026-01-15T12:00:00+00:00")

	got = a.usage(records+"/Today.json", "IncludeSubaccounts", "false")
	wants(t, got["calls"], "count", "0", "price", "0")
	wants(t, got["totalprice"], "price", "0.0083")
	wants(t, a.usage(records + "/LastMonth.json")["totalprice"], "price", "1", "start_date", "2025-12-01", "end_date", "2025-12-31")
	wants(t, a.usage(records + ".json")["totalprice"], "price", "1.0568")
	wants(t, a.usage(records+".json", "StartDate", "2026-01-01", "EndDate", "2026-01-14")["totalprice"], "price", "0")
	wants(t, own.usage(under(sub, "/Usage/Records/ThisMonth.json"))["totalprice"], "price", "0.0485")

	monthly := a.all(records+"/Monthly.json", "Category", "totalprice")
	if got := column(monthly, "price") + " " + column(monthly, "start_date"); got != "0.0568 1 2026-01-01 2025-12-15" {
		t.Errorf("monthly: %s", got)
	}
	daily := a.all(records+"/Daily.json", "Category", "calls", "StartDate", "2026-01-13")
	if got := column(daily, "count") + " " + column(daily, "start_date"); got != "3 0 0 2026-01-15 2026-01-14 2026-01-13" {
		t.Errorf("daily: %s", got)
	}
	a.get(records+"/Sometimes.json").fails(404, 20404)
	a.get(records+".json", "StartDate", "soon").fails(400, 20001)

	wants(t, a.get(a.main("/Balance.json")).ok(), "balance", "98.9432", "currency", "USD")
	wants(t, own.get(under(sub, "/Balance.json")).ok(), "balance", nil)
}

func TestNumbersAreChargedToTheirOwners(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sub, _ := a.subaccount("sub")
	number := a.srv.AddPhoneNumber(sub, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550100"})
	total := func(account string) any {
		return a.usage(under(account, "/Usage/Records.json"), "IncludeSubaccounts", "false")["phonenumbers"]["price"]
	}
	a.srv.Advance(40 * 24 * time.Hour) // two months begun
	if got := total(sub); got != "2.30" {
		t.Errorf("two months: %v", got)
	}
	a.post(under(sub, "/IncomingPhoneNumbers/"+number.SID+".json"), "AccountSid", a.srv.AccountSID).ok()
	a.srv.Advance(30 * 24 * time.Hour)
	if got, want := fmt.Sprint(total(sub), " ", total(a.srv.AccountSID)), "2.30 1.15"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestUsageTriggers(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	list := a.main("/Usage/Triggers.json")
	a.srv.AddUsageRecord(a.srv.AccountSID, twilio.UsageRecord{Category: "recordings", Price: decimal.NewNullDecimal(decimal.NewFromInt(3))})
	form := []string{"CallbackUrl", "https://example.com", "UsageCategory", "totalprice", "TriggerBy", "price"}
	absolute := a.post(list, append(form, "TriggerValue", "50", "Recurring", "monthly")...).ok()
	wants(t, absolute, "current_value", "3", "trigger_value", "50", "recurring", "monthly", "date_fired", nil)
	relative := a.post(list, append(form, "TriggerValue", "+30")...).ok()
	wants(t, relative, "current_value", "0", "trigger_value", "30", "recurring", nil)
	if got := column(a.get(list, "Recurring", "monthly").items(), "sid"); got != str(absolute, "sid") {
		t.Errorf("monthly: %s", got)
	}
	a.post(list, "CallbackUrl", "https://example.com", "UsageCategory", "calls").fails(400, 20001)
	a.post(list, append(form, "TriggerValue", "much")...).fails(400, 20001)
}

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
