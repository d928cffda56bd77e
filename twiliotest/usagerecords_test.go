package twiliotest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
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
