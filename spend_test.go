package twilio_test

import (
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/http"
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
	const calls = 30_000
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

// fixedLists is a RoundTripper that answers lists of calls and of messages with
// one page each, and usage with its records.
type fixedLists struct{ calls, messages, records []string }

func (l fixedLists) RoundTrip(r *http.Request) (*http.Response, error) {
	list, items := "calls", l.calls
	switch {
	case strings.HasSuffix(r.URL.Path, "/Messages.json"):
		list, items = "messages", l.messages
	case strings.HasSuffix(r.URL.Path, "/Usage/Records.json"):
		list, items = "usage_records", l.records
	}
	return respond(http.StatusOK, fmt.Sprintf(`{%q:[%s],"next_page_uri":null}`, list, strings.Join(items, ",")))(r)
}

// TestUnpriced counts what can still get a price, by the state of each.
func TestUnpriced(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]int{
		"queued": 1, "ringing": 1, "in-progress": 1, "completed": 1, "a-new-one": 1,
		"busy": 0, "failed": 0, "no-answer": 0, "canceled": 0,
	} {
		spend, err := newClient(t, fixedLists{calls: []string{
			fmt.Sprintf(`{"sid":"CA1","status":%q,"price":null,"price_unit":"USD"}`, status),
			fmt.Sprintf(`{"sid":"CA2","status":%q,"price":"-0.01","price_unit":"USD"}`, status),
		}}).Calls.Spend(t.Context(), twilio.CallListParams{})
		if err != nil || spend.Items != 2 || spend.Unpriced != want || spend.Totals["USD"].String() != "0.01" {
			t.Errorf("a %s call: %+v, %v; want %d unpriced, and the price of the other", status, spend, err, want)
		}
	}
	for status, want := range map[string]int{
		"accepted": 1, "scheduled": 1, "queued": 1, "sending": 1, "sent": 1, "delivered": 1, "partially_delivered": 1,
		"undelivered": 1, "read": 1, "receiving": 1, "received": 1, "a-new-one": 1,
		"failed": 0, "canceled": 0, "whatsapp undelivered": 0, "whatsapp delivered": 1,
	} {
		address, status, onChannel := strings.Cut(status, " ")
		if !onChannel {
			address, status = "", address
		} else {
			address += ":"
		}
		spend, err := newClient(t, fixedLists{messages: []string{
			fmt.Sprintf(`{"sid":"SM1","status":%q,"to":"%s+14155550100","price":null,"price_unit":"USD"}`, status, address),
			fmt.Sprintf(`{"sid":"SM2","status":%q,"to":"%s+14155550100","price":"-0.001","price_unit":"USD"}`, status, address),
		}}).Messages.Spend(t.Context(), twilio.MessageListParams{})
		if err != nil || spend.Unpriced != want || spend.Totals["USD"].String() != "0.001" {
			t.Errorf("a %s%s message: %+v, %v; want %d unpriced", address, status, spend, err, want)
		}
	}
}

// TestUnpricedReachesZero after a year, whatever became of the calls and the
// messages.
func TestUnpricedReachesZero(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	srv.AddSubaccounts(twilio.Account{SID: acme})
	sub := srv.Client().Subaccount(acme)
	for _, status := range []twilio.CallStatus{"queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"} {
		srv.AddCall(acme, twilio.Call{Status: status, DateCreated: srv.Now()})
	}
	for _, status := range []twilio.MessageStatus{"accepted", "queued", "sending", "sent", "failed", "canceled"} {
		srv.AddMessage(acme, twilio.Message{Status: status, DateCreated: srv.Now(), From: "+15005550006", To: "+14155550100"})
	}
	call, err := sub.Calls.Create(t.Context(), twilio.CallCreateParams{From: "+15005550006", To: "+14155550100", TwiML: "<Response/>"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sub.Calls.Update(t.Context(), call.SID, twilio.CallUpdateParams{Status: new(twilio.CallStatusCanceled)}); err != nil {
		t.Fatal(err)
	}
	unpriced := func() (calls, messages int) {
		c, err := sub.Calls.Spend(t.Context(), twilio.CallListParams{})
		if err != nil {
			t.Fatal(err)
		}
		m, err := sub.Messages.Spend(t.Context(), twilio.MessageListParams{})
		if err != nil {
			t.Fatal(err)
		}
		return c.Unpriced, m.Unpriced
	}
	if calls, messages := unpriced(); calls != 4 || messages != 4 {
		t.Errorf("%d calls and %d messages are unpriced, want the 4 of each that can get a price", calls, messages)
	}
	srv.Advance(365 * 24 * time.Hour)
	if calls, messages := unpriced(); calls != 0 || messages != 0 {
		t.Errorf("%d calls and %d messages are unpriced after a year", calls, messages)
	}
}

// A currency is one currency however it is written, and none where it is blank.
func TestSpendKnowsACurrencyAgain(t *testing.T) {
	t.Parallel()
	item := func(n int, price, unit string) string {
		return fmt.Sprintf(`{"sid":"CA%d","status":"completed","price":%q,"price_unit":%q}`, n, price, unit)
	}
	for _, tt := range []struct {
		items []string
		want  map[string]*big.Rat
	}{
		{[]string{item(1, "-1", "USD"), item(2, "-2", " usd "), item(3, "-4", ""), item(4, "-8", "  ")}, map[string]*big.Rat{"USD": big.NewRat(15, 1)}},
		{[]string{item(1, "-1", "USD"), item(2, "-2", "JPY"), item(3, "-4", "")},
			map[string]*big.Rat{"USD": big.NewRat(1, 1), "JPY": big.NewRat(2, 1), "": big.NewRat(4, 1)}},
		{[]string{item(1, "-1", "")}, map[string]*big.Rat{"": big.NewRat(1, 1)}},
		{[]string{item(1, "0", "")}, map[string]*big.Rat{}},
	} {
		spend, err := newClient(t, fixedLists{calls: tt.items}).Calls.Spend(t.Context(), twilio.CallListParams{})
		if err != nil {
			t.Fatal(err)
		}
		wantTotals(t, spend.Totals, tt.want)
	}
}

// shifting is a list of pages by offset, to which a call is added between any
// two pages, so that the last calls of a page are the first of the next.
type shifting struct{ calls, requests, each int }

func (s *shifting) RoundTrip(r *http.Request) (*http.Response, error) {
	size, _ := strconv.Atoi(r.URL.Query().Get("PageSize"))
	offset, _ := strconv.Atoi(r.URL.Query().Get("PageToken"))
	var items []string
	for i := offset; i < offset+size && s.calls+s.requests*s.each-i > 0; i++ {
		items = append(items, fmt.Sprintf(`{"sid":"CA%032x","status":"completed","price":"-0.01","price_unit":"USD"}`, s.calls+s.requests*s.each-i))
	}
	s.requests++
	next := "null"
	if len(items) == size {
		next = fmt.Sprintf("%q", r.URL.Path+"?PageSize="+strconv.Itoa(size)+"&PageToken="+strconv.Itoa(offset+size))
	}
	return respond(http.StatusOK, fmt.Sprintf(`{"calls":[%s],"next_page_uri":%s}`, strings.Join(items, ","), next))(r)
}

// TestSpendCountsAnItemOnce, though the list repeats it while it shifts.
func TestSpendCountsAnItemOnce(t *testing.T) {
	t.Parallel()
	const calls, size = 200_000, 1000
	list := &shifting{calls: calls, each: 150}
	spend, err := newClient(t, list).Calls.Spend(t.Context(), twilio.CallListParams{PageSize: size}, twilio.WithLookahead(0))
	if err != nil || spend.Items != calls || spend.Totals["USD"].String() != "2000" || list.requests < calls*11/10/size {
		t.Errorf("%+v, %v, in %d pages; want %d calls once", spend, err, list.requests, calls)
	}
}

// A call whose start moves while days are read side by side is on two of them.
func TestSpendCountsAnItemOnceAcrossDays(t *testing.T) {
	t.Parallel()
	s, params := tenDays()
	s.latency = 0
	for i := 0; i < 10_000; i += 100 {
		moved := s.items[i]
		moved.date = moved.date.AddDate(0, 0, 1)
		s.items = append(s.items, moved)
	}
	spend, err := s.client(t).Calls.Spend(t.Context(), params, twilio.WithParallelism(10))
	if err != nil || spend.Items != 10_000 || spend.Totals["USD"].String() != "100" {
		t.Errorf("%+v, %v; want each call once", spend, err)
	}
}
