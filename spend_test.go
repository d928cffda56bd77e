package twilio_test

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

var billedDay = time.Date(2026, time.January, 14, 0, 0, 0, 0, time.UTC)

// nullDecimal is a price as Twilio writes it, null if it is empty.
func nullDecimal(t *testing.T, s string) decimal.NullDecimal {
	t.Helper()
	if s == "" {
		return decimal.NullDecimal{}
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		t.Fatal(err)
	}
	return decimal.NewNullDecimal(d)
}

// wantTotals compares sums with independently computed ones.
func wantTotals(t *testing.T, got map[string]decimal.Decimal, want map[string]*big.Rat) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("sums in %d currencies, want %d: %v", len(got), len(want), got)
	}
	for currency, sum := range want {
		if got[currency].Rat().Cmp(sum) != 0 {
			t.Errorf("%s: %s, want %s", currency, got[currency], sum.FloatString(6))
		}
	}
}

func TestCallSpendIsExact(t *testing.T) {
	t.Parallel()
	const calls = 100_000
	srv := twiliotest.NewUnstartedServer()
	srv.AddSubaccounts(twilio.Account{SID: acme})
	dice := rand.New(rand.NewPCG(1, 2))
	currencies := []string{"USD", "jpy", "EUR", "gbp"}
	want := map[string]*big.Rat{}
	unpriced, seconds := 0, 0
	for range calls {
		call := twilio.Call{From: "+15005550006", To: "+14155550100", Status: "completed",
			StartTime: billedDay.Add(time.Duration(dice.IntN(86400)) * time.Second), Duration: dice.IntN(7200)}
		seconds += call.Duration
		call.PriceUnit = currencies[dice.IntN(4)]
		if dice.IntN(10) == 0 {
			unpriced++
		} else {
			// Up to five places, and a refund now and then.
			digits := strconv.Itoa(100_000 + dice.IntN(900_000))
			text := "-" + digits[:1] + "." + digits[1:]
			if dice.IntN(50) == 0 {
				text = text[1:]
			}
			call.Price = nullDecimal(t, text)
			r, _ := new(big.Rat).SetString(text)
			currency := strings.ToUpper(call.PriceUnit)
			if want[currency] == nil {
				want[currency] = new(big.Rat)
			}
			want[currency].Sub(want[currency], r)
		}
		srv.AddCall(acme, call)
	}
	// Neither the day after nor anybody else's calls are on the bill.
	srv.AddCall(acme, twilio.Call{Status: "completed", StartTime: billedDay.AddDate(0, 0, 1), Price: nullDecimal(t, "-99"), PriceUnit: "USD"})
	srv.AddCall(srv.AccountSID, twilio.Call{Status: "completed", StartTime: billedDay, Price: nullDecimal(t, "-99"), PriceUnit: "USD"})

	got, err := srv.Client().Subaccount(acme).Calls.Spend(t.Context(),
		twilio.CallListParams{StartTimeAfter: billedDay, StartTimeBefore: billedDay.AddDate(0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	if got.Items != calls || got.Unpriced != unpriced || got.Duration != time.Duration(seconds)*time.Second || got.Segments != 0 {
		t.Errorf("%d items, %d unpriced, %v, %d segments; want %d, %d, %ds, 0",
			got.Items, got.Unpriced, got.Duration, got.Segments, calls, unpriced, seconds)
	}
	wantTotals(t, got.Totals, want)
}

func TestMessageSpendIsExact(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	for _, m := range []twilio.Message{
		{NumSegments: 3, Price: nullDecimal(t, "-0.0225"), PriceUnit: "USD"},
		{NumSegments: 1, Price: nullDecimal(t, "-0.10000000000000001"), PriceUnit: "usd"}, // more digits than a float64 has
		{NumSegments: 2, Price: nullDecimal(t, "-3"), PriceUnit: "JPY"},
		{NumSegments: 1, PriceUnit: "JPY"},
	} {
		m.From, m.To, m.Body = "+15005550006", "+14155550100", "hello"
		m.DateSent = billedDay
		srv.AddMessage(srv.AccountSID, m)
	}
	got, err := srv.Client().Messages.Spend(t.Context(), twilio.MessageListParams{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Items != 4 || got.Unpriced != 1 || got.Segments != 7 || got.Duration != 0 {
		t.Errorf("got %+v", got)
	}
	wantTotals(t, got.Totals, map[string]*big.Rat{
		"USD": big.NewRat(12250000000000001, 100000000000000000), "JPY": big.NewRat(3, 1)})
}

// A part of a bill looks like a bill, so an error comes without one.
func TestSpendGivesNoPartOfABill(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	w.srv.Inject(twiliotest.Fault{Path: "/Calls.json", Skip: 1, Times: -1, Status: 503})
	sum, err := w.client.Subaccount(acme).Calls.Spend(t.Context(), twilio.CallListParams{})
	if e, ok := errors.AsType[*twilio.Error](err); !ok || e.Cursor == "" || sum != nil {
		t.Errorf("got %+v, %v", sum, err)
	}
}

func TestSpendRefuses(t *testing.T) {
	t.Parallel()
	w, client := newSilentAPI(t)
	_, err := client.Calls.Spend(t.Context(), twilio.CallListParams{StartTimeAfter: billedDay.AddDate(0, 0, 1), StartTimeBefore: billedDay})
	wantRefusal(t, w, err, "calls.list", "StartTimeBefore")
}
