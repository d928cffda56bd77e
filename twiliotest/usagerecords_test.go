package twiliotest_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

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
	a := newAPI(t, twiliotest.WithSubaccountsInPeriods())
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
	// There are no days to come, nor any before the account.
	endless := a.all(records+"/Daily.json", "Category", "calls", "StartDate", "1900-01-01", "EndDate", "9999-12-31")
	if n := len(endless); n != 32 {
		t.Errorf("%d days of all time", n)
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

// Twilio's reference lists IncludeSubaccounts for every list, but LastMonth has
// been seen to ignore it (github.com/twilio/twilio-node/issues/635).
func TestPeriodsAreThoseOfTheAccountAlone(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sub, _ := a.subaccount("sub")
	lastMonth := a.srv.Now().AddDate(0, -1, 0)
	for _, account := range []string{sub, a.srv.AccountSID} {
		for _, day := range []time.Time{a.srv.Now(), lastMonth} {
			a.srv.AddUsageRecord(account, twilio.UsageRecord{
				Category: "recordings", StartDate: day, Price: decimal.NewNullDecimal(decimal.NewFromInt(1)),
			})
		}
	}
	for list, want := range map[string]string{"/Today": "1", "/ThisMonth": "1", "/LastMonth": "1", "/Daily": "2", "": "4"} {
		got := a.get(a.main("/Usage/Records"+list+".json"), "Category", "recordings", "IncludeSubaccounts", "true").items()
		if str(got[0], "price") != want {
			t.Errorf("%s: %s, want %s", list, str(got[0], "price"), want)
		}
	}
}

// The lists add up from the same days, however a range is cut.
func TestUsageOfAnyRangeIsTheSumOfItsDays(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for i := range 400 {
		a.srv.AddUsageRecord(a.srv.AccountSID, twilio.UsageRecord{
			Category: "recordings", StartDate: a.srv.Now().AddDate(0, 0, -i), Count: 1 << (i % 10),
		})
	}
	for _, r := range [][2]string{
		{"2025-01-01", "2025-12-31"}, {"2025-01-02", "2025-12-30"}, {"2025-03-31", "2025-04-01"}, {"2025-02-28", "2025-02-28"},
		{"2024-12-20", "2026-01-15"}, {"2010-01-01", "2030-01-01"}, {"2025-06-01", "2025-06-30"}, {"2026-01-10", "2026-01-20"},
	} {
		span := []string{"StartDate", r[0], "EndDate", r[1], "Category", "recordings", "PageSize", "1000"}
		whole := str(a.get(a.main("/Usage/Records.json"), span...).items()[0], "count")
		for _, list := range []string{"/Daily", "/Monthly", "/Yearly"} {
			sum := 0
			for _, item := range a.all(a.main("/Usage/Records"+list+".json"), span...) {
				n, err := strconv.Atoi(str(item, "count"))
				if err != nil {
					t.Fatal(err)
				}
				sum += n
			}
			if fmt.Sprint(sum) != whole {
				t.Errorf("%v: %s adds up to %d, want %s", r, list, sum, whole)
			}
		}
	}
	got := a.get(a.main("/Usage/Records.json"), "StartDate", "-30days", "Category", "recordings").items()[0]
	wants(t, got, "start_date", "2025-12-16", "end_date", "2026-01-15")
	a.get(a.main("/Usage/Records.json"), "StartDate", "somedays").fails(400, 20001)
}

// Messages over channels are counted in categories of their own.
func TestChannelsHaveCategoriesOfTheirOwn(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, prefix := range []string{"", "whatsapp:", "messenger:", "rcs:"} {
		a.post(a.main("/Messages.json"), "From", prefix+"+14158141829", "To", prefix+"+16518675310", "Body", "x").ok()
		a.srv.AddMessage(a.srv.AccountSID, twilio.Message{
			Direction: "inbound", Status: "received", From: prefix + "+16518675310", To: prefix + "+14158141829", Body: "x",
		})
	}
	a.srv.Advance(time.Minute)
	got := a.usage(a.main("/Usage/Records.json"))
	for category, count := range map[string]string{
		"sms": "2", "sms-inbound": "1", "sms-outbound": "1", "mms": "0",
		"channels": "4", "channels-whatsapp": "2", "channels-whatsapp-inbound": "1", "channels-whatsapp-outbound": "1",
		"channels-messaging": "2", "channels-messaging-inbound": "1", "channels-messaging-outbound": "1",
		"usage-rcs-messages": "2", "usage-rcs-messages-inbound": "1", "usage-rcs-basic-messages-outbound": "1",
	} {
		if str(got[category], "count") != count {
			t.Errorf("%s: %v, want %s", category, got[category]["count"], count)
		}
	}
	wants(t, got["sms"], "price", "0.01660")
	wants(t, got["channels"], "price", "0.02000")
}

// What was used stays on the bill when its record is deleted.
func TestDeletedCallsStayOnTheBill(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	call := a.main("/Calls/" + str(a.post(a.main("/Calls.json"), aCall...).ok(), "sid") + ".json")
	a.srv.Advance(time.Minute)
	a.delete(call).ok()
	wants(t, a.usage(a.main("/Usage/Records.json"))["calls"], "count", "1", "usage", "1", "price", "0.01400")
	wants(t, a.get(a.main("/Balance.json")).ok(), "balance", "99.98600")
}

// A number bought on the 31st is charged on the last day of shorter months.
func TestNumbersAreChargedOnceAMonth(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.srv.AddPhoneNumber(a.srv.AccountSID, twilio.IncomingPhoneNumber{
		PhoneNumber: "+14155550100", DateCreated: time.Date(2025, 8, 31, 12, 0, 0, 0, time.UTC),
	})
	var days []string
	for _, item := range a.all(a.main("/Usage/Records/Daily.json"), "Category", "phonenumbers-local", "StartDate", "2025-08-01", "PageSize", "1000") {
		if str(item, "count") == "1" {
			days = append(days, str(item, "start_date"))
		}
	}
	if got := fmt.Sprint(days); got != "[2025-12-31 2025-11-30 2025-10-31 2025-09-30 2025-08-31]" {
		t.Error(got)
	}
}
