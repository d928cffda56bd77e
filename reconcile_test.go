package twilio_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestReconcile(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	srv.AddSubaccounts(twilio.Account{SID: acme})
	for _, c := range []twilio.Call{
		{Price: nullDecimal(t, "-0.014"), PriceUnit: "USD", Duration: 600},
		{Price: nullDecimal(t, "-0.026"), PriceUnit: "usd"},
		{Price: nullDecimal(t, "-7"), PriceUnit: "JPY"}, // which the fake's usage leaves out
		{PriceUnit: "USD"},
	} {
		c.Status, c.StartTime = "completed", billedDay.Add(23*time.Hour)
		srv.AddCall(acme, c)
	}
	for _, m := range []twilio.Message{
		{NumSegments: 1, Price: nullDecimal(t, "-0.0075")},
		{NumSegments: 1, NumMedia: 1, Price: nullDecimal(t, "-0.02")},
	} {
		m.From, m.To, m.PriceUnit, m.DateSent = "+15005550006", "+14155550100", "USD", billedDay.AddDate(0, 0, 1)
		srv.AddMessage(acme, m)
	}
	srv.AddUsageRecord(acme, twilio.UsageRecord{Category: "calls-outbound", StartDate: billedDay, Count: 1, Price: nullDecimal(t, "0.5")})
	srv.AddUsageRecord(acme, twilio.UsageRecord{Category: "phonenumbers", StartDate: billedDay, Count: 1, Price: nullDecimal(t, "1.15")})
	srv.AddUsageRecord(acme, twilio.UsageRecord{Category: "calls", StartDate: billedDay.AddDate(0, 0, -1), Count: 1, Price: nullDecimal(t, "50")})
	srv.AddUsageRecord(srv.AccountSID, twilio.UsageRecord{Category: "calls", StartDate: billedDay, Count: 1, Price: nullDecimal(t, "50")})

	got, err := srv.Client().Subaccount(acme).Usage.Reconcile(t.Context(),
		twilio.ReconcileParams{StartDate: billedDay.Add(5 * time.Hour), EndDate: billedDay.AddDate(0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	const want = `2026-01-14 to 2026-01-15 (UTC)
      kind  channel  direction  currency  items  unpriced  items' sum  usage records  difference
     calls    voice   outbound       JPY      1         0           7              0          -7
     calls    voice   outbound       USD      3         1        0.04           0.54         0.5
  messages      mms   outbound       USD      1         0        0.02           0.02           0
  messages      sms   outbound       USD      1         0      0.0075         0.0075           0
`
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, r := range srv.Requests() {
		if strings.Contains(r.Path, "/Usage/") && r.Query.Get("IncludeSubaccounts") != "false" {
			t.Errorf("usage was asked for with IncludeSubaccounts=%q", r.Query.Get("IncludeSubaccounts"))
		}
	}
}

func TestReconcileRefuses(t *testing.T) {
	t.Parallel()
	client := newClient(t, newScript(t))
	for field, params := range map[string]twilio.ReconcileParams{
		"StartDate": {EndDate: billedDay},
		"EndDate":   {StartDate: billedDay},
		"EndDate ":  {StartDate: billedDay, EndDate: billedDay.AddDate(0, 0, -1)},
	} {
		field = strings.TrimSpace(field)
		_, err := client.Usage.Reconcile(t.Context(), params)
		if e, ok := errors.AsType[*twilio.ParamError](err); !ok || e.Field != field || e.Operation != "usage.reconcile" {
			t.Errorf("%s: %v", field, err)
		}
	}
}
