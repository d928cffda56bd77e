package twilio_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// usage makes usage records of prices by category, as Twilio lists them.
func usage(unit string, prices ...string) (records []string) {
	for pair := range slices.Chunk(prices, 2) {
		records = append(records, fmt.Sprintf(`{"category":%q,"description":"all of %s","start_date":"2026-01-14","end_date":"2026-01-14",
			"count":"3","count_unit":"pieces","usage":"7","usage_unit":"minutes","price":%q,"price_unit":%q,"as_of":"2026-01-15T02:00:00+00:00"}`,
			pair[0], pair[0], pair[1], unit))
	}
	return records
}

// aBusyAccount has items of every channel and usage that nests as Twilio's
// does.
func aBusyAccount() fixedLists {
	call := func(n int, direction, from, to, price string) string {
		return fmt.Sprintf(`{"sid":"CA%d","status":"completed","direction":%q,"from":%q,"to":%q,"price":%q,"price_unit":"USD","start_time":"Wed, 14 Jan 2026 08:00:00 +0000"}`,
			n, direction, from, to, price)
	}
	message := func(sid, direction, from, to, price string) string {
		return fmt.Sprintf(`{"sid":%q,"status":"delivered","direction":%q,"from":%q,"to":%q,"price":%q,"price_unit":" usd","date_sent":"Wed, 14 Jan 2026 08:00:00 +0000"}`,
			sid, direction, from, to, price)
	}
	return fixedLists{
		calls: []string{
			call(1, "inbound", "+1555", "+1556", "-1"),
			call(2, "outbound-api", "+1556", "+1555", "-1.5"),
			call(3, "outbound-dial", "+1556", "client:ada", "-0.25"),
			call(4, "outbound-dial", "+1556", "sip:ada@example.com", "-0.125"),
			call(5, "trunking-terminating", "+1556", "+1555", "-0.5"),
		},
		messages: []string{
			message("SM1", "inbound", "+1555", "+1556", "-4"),
			message("SM2", "outbound-api", "+1556", "+1555", "-6"),
			message("MM3", "outbound-reply", "+1556", "+1555", "-1"),
			message("MM9", "inbound", "+1555", "+1556", "0"), // free, so that no category is charged for it
			message("SM4", "inbound", "whatsapp:+1555", "whatsapp:+1556", "-1"),
			message("MM5", "outbound-api", "whatsapp:+1556", "whatsapp:+1555", "-2"),
			message("SM6", "outbound-api", "messenger:1556", "messenger:1555", "-1"),
			message("SM7", "outbound-api", "rcs:agent", "rcs:+1555", "-2"),
			message("SM7", "outbound-api", "rcs:agent", "rcs:+1555", "-2"), // which the list repeats
			`{"sid":"SM8","status":"sent","direction":"outbound-api","from":"+1556","to":"+1555","price":null,"price_unit":null,"date_sent":"Wed, 14 Jan 2026 08:00:00 +0000"}`,
		},
		records: slices.Concat(usage("usd",
			"calls", "2.875", "calls-inbound", "1", "calls-inbound-local", "1", "calls-outbound", "1.5", "calls-client", "0.25", "calls-sip", "0.125", "calls-sip-outbound", "0.125",
			"trunking-termination", "0.5",
			"sms", "10", "sms-inbound", "4", "sms-outbound", "6", "sms-messages-carrierfees", "2",
			"mms", "1.5", "mms-outbound", "1", "mms-messages-carrierfees", "0.5",
			"channels", "5", "channels-whatsapp", "4", "channels-whatsapp-inbound", "1", "channels-whatsapp-outbound", "2", "channels-whatsapp-template-marketing", "1",
			"channels-messaging", "1", "channels-messaging-outbound", "1",
			"usage-rcs-messages", "3", "usage-rcs-messages-inbound", "1", "usage-rcs-basic-messages-outbound", "2",
			"phonenumbers", "1.15", "phonenumbers-local", "1.15", "recordings", "0.05", "transcriptions", "0.2",
			"totalprice", "26.575"),
			usage("usd", "phonenumbers", "1.15"), // which the list repeats
			usage("", "turnmegabytes", "0")),
	}
}

var theDay = twilio.BillParams{StartDate: billedDay, EndDate: billedDay}

func TestBillHasEachChargeOnce(t *testing.T) {
	t.Parallel()
	bill, err := newClient(t, aBusyAccount()).Usage.Bill(t.Context(), theDay)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	sum := decimal.Zero
	for _, l := range bill.Lines {
		got = append(got, fmt.Sprint(l.Category, " ", l.Currency, " ", l.Price, " ", l.Items, " ", l.Unpriced, " ", l.ItemsPrice))
		sum = sum.Add(l.Price)
	}
	want := []string{
		"calls USD 2.875 4 0 2.875",
		"channels USD 5 3 0 4",
		"mms USD 1.5 2 0 1",
		"other USD 0.3 0 0 0",
		"phonenumbers USD 1.15 0 0 0",
		"recordings USD 0.05 0 0 0",
		"sms USD 10 3 1 10",
		"sms-messages-carrierfees USD 2 0 0 0",
		"transcriptions USD 0.2 0 0 0",
		"trunking-termination USD 0.5 1 0 0.5",
		"turnmegabytes USD 0 0 0 0",
		"usage-rcs-messages USD 3 1 0 2",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(bill.Totals) != 1 || bill.Totals["USD"].String() != "26.575" || !sum.Equal(bill.Totals["USD"]) {
		t.Errorf("totals %v, the lines add up to %s; want Twilio's 26.575", bill.Totals, sum)
	}
	if bill.AccountSID != mainSID || !bill.StartDate.Equal(billedDay) || !bill.AsOf.Equal(billedDay.Add(26*time.Hour)) {
		t.Errorf("%+v", bill)
	}
}

// Without totalprice among the records, the total is that of the categories.
func TestBillWithoutATotal(t *testing.T) {
	t.Parallel()
	bill, err := newClient(t, fixedLists{records: slices.Concat(usage("usd", "calls", "0.1", "calls-inbound", "0.1", "sms", "0.2"), usage("jpy", "sms", "3"))}).
		Usage.Bill(t.Context(), theDay)
	if err != nil || bill.Totals["USD"].String() != "0.3" || bill.Totals["JPY"].String() != "3" || len(bill.Lines) != 3 {
		t.Errorf("%v, %v", bill, err)
	}
}

func TestReconcileMatchesChannelAndDirection(t *testing.T) {
	t.Parallel()
	got, err := newClient(t, aBusyAccount()).Usage.Reconcile(t.Context(), twilio.ReconcileParams(theDay))
	if err != nil {
		t.Fatal(err)
	}
	const want = `2026-01-14 to 2026-01-14 (UTC)
      kind   channel  direction  currency  items  unpriced  items' sum  usage records  difference
     calls    client                  USD      1         0        0.25           0.25           0
     calls       sip   outbound       USD      1         0       0.125          0.125           0
     calls  trunking   outbound       USD      1         0         0.5            0.5           0
     calls     voice    inbound       USD      1         0           1              1           0
     calls     voice   outbound       USD      1         0         1.5            1.5           0
  messages  channels   outbound       USD      1         0           1              1           0
  messages       mms                  USD      0         0           0            0.5         0.5
  messages       mms    inbound       USD      1         0           0              0           0
  messages       mms   outbound       USD      1         0           1              1           0
  messages       rcs    inbound       USD      0         0           0              1           1
  messages       rcs   outbound       USD      1         0           2              2           0
  messages       sms                  USD      0         0           0              2           2
  messages       sms    inbound       USD      1         0           4              4           0
  messages       sms   outbound       USD      2         1           6              6           0
  messages  whatsapp                  USD      0         0           0              1           1
  messages  whatsapp    inbound       USD      1         0           1              1           0
  messages  whatsapp   outbound       USD      1         0           2              2           0
`
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// An account whose usage has neither channels nor directions is compared by
// what it has.
func TestReconcileWithFewerCategories(t *testing.T) {
	t.Parallel()
	account := aBusyAccount()
	account.records = usage("USD", "calls", "2.875", "sms", "10", "mms", "1", "channels", "4", "rcs-messages", "2", "totalprice", "19.875")
	account.calls = account.calls[:4] // without the trunk's
	got, err := newClient(t, account).Usage.Reconcile(t.Context(), twilio.ReconcileParams(theDay))
	if err != nil {
		t.Fatal(err)
	}
	const want = `2026-01-14 to 2026-01-14 (UTC)
      kind   channel  direction  currency  items  unpriced  items' sum  usage records  difference
     calls     voice                  USD      4         0       2.875          2.875           0
  messages  channels                  USD      3         0           4              4           0
  messages       mms                  USD      2         0           1              1           0
  messages       rcs                  USD      1         0           2              2           0
  messages       sms                  USD      3         1          10             10           0
`
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Items that Twilio has no record of yet are on the bill as well, in their own
// currency.
func TestBillBeforeTheRecords(t *testing.T) {
	t.Parallel()
	account := aBusyAccount()
	account.records = nil
	account.calls = append(account.calls, `{"sid":"CA9","status":"completed","direction":"inbound","price":"-7","price_unit":"JPY","start_time":"Wed, 14 Jan 2026 08:00:00 +0000"}`)
	bill, err := newClient(t, account).Usage.Bill(t.Context(), theDay)
	if err != nil {
		t.Fatal(err)
	}
	items, unpriced := 0, 0
	for _, l := range bill.Lines {
		items, unpriced = items+l.Items, unpriced+l.Unpriced
		if l.Currency == "JPY" && (l.Category != "calls" || l.ItemsPrice.String() != "7") {
			t.Errorf("%+v", l)
		}
	}
	if items != 15 || unpriced != 1 || len(bill.Totals) != 0 || !bill.AsOf.IsZero() {
		t.Errorf("%d items, %d unpriced: %+v", items, unpriced, bill)
	}
}

func TestBillTables(t *testing.T) {
	t.Parallel()
	account := aBusyAccount()
	account.records = append(usage("usd", "calls", "2.8750", "phonenumbers", "1.15", "totalprice", "4.02500000000000000001"),
		strings.Replace(usage("usd", "sms", "0")[0], "all of sms", `SMS, \"long\"`, 1))
	account.calls, account.messages = account.calls[:1], account.messages[:1]
	bill, err := newClient(t, account).Usage.Bill(t.Context(), theDay)
	if err != nil {
		t.Fatal(err)
	}
	const table = mainSID + `, 2026-01-14 to 2026-01-14 (UTC)
      category  count  count_unit  usage  usage_unit                   price  currency  items  unpriced  items_price
         calls      3      pieces      7     minutes                   2.875       USD      1         0            1
         other                                        0.00000000000000000001       USD
  phonenumbers      3      pieces      7     minutes                    1.15       USD
           sms      3      pieces      7     minutes                       0       USD      1         0            4
    totalprice                                        4.02500000000000000001       USD
`
	if got := trimmed(bill.String()); got != trimmed(table) {
		t.Errorf("got\n%s\nwant\n%s", got, table)
	}
	var out bytes.Buffer
	if err := bill.WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 6 {
		t.Fatal(rows, err)
	}
	for i, want := range map[int]string{
		0: "account_sid|start_date|end_date|category|description|count|count_unit|usage|usage_unit|price|currency|items|unpriced|items_price",
		1: mainSID + "|2026-01-14|2026-01-14|calls|all of calls|3|pieces|7|minutes|2.875|USD|1|0|1",
		4: mainSID + `|2026-01-14|2026-01-14|sms|SMS, "long"|3|pieces|7|minutes|0|USD|1|0|4`,
		5: mainSID + "|2026-01-14|2026-01-14|totalprice|Total Price|||||4.02500000000000000001|USD|||",
	} {
		if got := strings.Join(rows[i], "|"); got != want {
			t.Errorf("row %d: %s\nwant %s", i, got, want)
		}
	}
	if err := bill.WriteCSV(brokenWriter{}); !errors.Is(err, errBroken) {
		t.Errorf("an error in writing: %v", err)
	}
}

// trimmed drops blanks at the ends of lines, which the tables pad with.
func trimmed(table string) string {
	lines := strings.Split(table, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n")
}

type brokenWriter struct{}

var errBroken = errors.New("the disk is full")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

// A part of a bill looks like a bill: whichever list has an error, there is
// none.
func TestBillIsWholeOrNone(t *testing.T) {
	t.Parallel()
	for _, list := range []string{"Calls", "Messages", "Usage/Records"} {
		broken := roundTripper(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/"+list+".json") {
				return respond(http.StatusNotFound, `{"code":20404}`)(r)
			}
			return aBusyAccount().RoundTrip(r)
		})
		c := newClient(t, broken)
		if bill, err := c.Usage.Bill(t.Context(), theDay); bill != nil || !errors.Is(err, twilio.ErrNotFound) {
			t.Errorf("%s: %v, %v", list, bill, err)
		}
		if r, err := c.Usage.Reconcile(t.Context(), twilio.ReconcileParams(theDay)); r != nil || !errors.Is(err, twilio.ErrNotFound) {
			t.Errorf("%s: %v, %v", list, r, err)
		}
	}
	for _, record := range []string{
		`{"category":"shortcodes","price":"a lot","price_unit":"usd"}`,
		`{"category":{"a":1},"price":"4.025","price_unit":"usd"}`, // of what? perhaps of all
	} {
		unreadable := aBusyAccount()
		unreadable.records = append(unreadable.records, record)
		if bill, err := newClient(t, unreadable).Usage.Bill(t.Context(), theDay); bill != nil || err == nil {
			t.Errorf("%s: %v, %v", record, bill, err)
		}
	}
}

// TestBillOfASubaccount has what the fake charged it for, and nobody else's.
func TestBillOfASubaccount(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	srv.AddSubaccounts(twilio.Account{SID: acme})
	sub := srv.Client().Subaccount(acme)
	day := srv.Now().Truncate(24 * time.Hour)
	for _, sid := range []string{acme, srv.AccountSID} {
		srv.AddPhoneNumber(sid, twilio.IncomingPhoneNumber{DateCreated: srv.Now()})
		for i := range 250 {
			srv.AddCall(sid, twilio.Call{Status: "completed", Direction: []twilio.CallDirection{"inbound", "outbound-api"}[i%2], StartTime: day.Add(time.Duration(i-125) * time.Hour),
				Duration: 60, Price: nullDecimal(t, "-0.014"), PriceUnit: "USD"})
			srv.AddMessage(sid, twilio.Message{Status: "delivered", From: "+15005550006", To: "+14155550100", DateSent: day.Add(time.Duration(i-125) * time.Hour),
				NumSegments: 1, Price: nullDecimal(t, "-0.0083"), PriceUnit: "USD"})
		}
		srv.AddUsageRecord(sid, twilio.UsageRecord{Category: "recordings", StartDate: day, Count: 1, Price: nullDecimal(t, "0.0025")})
	}
	bill, err := sub.Usage.Bill(t.Context(), twilio.BillParams{StartDate: day.AddDate(0, 0, -3), EndDate: day}, twilio.WithParallelism(4))
	if err != nil {
		t.Fatal(err)
	}
	got := map[twilio.UsageCategory]string{}
	for _, l := range bill.Lines {
		got[l.Category] = fmt.Sprint(l.Price, " ", l.Items, " ", l.ItemsPrice)
	}
	for category, want := range map[twilio.UsageCategory]string{
		"calls": "1.344 96 1.344", "sms": "0.7968 96 0.7968", "phonenumbers": "1.15 0 0", "recordings": "0.0025 0 0",
	} {
		if got[category] != want {
			t.Errorf("%s: %s, want %s", category, got[category], want)
		}
	}
	if len(got) != 4 || bill.Totals["USD"].String() != "3.2933" {
		t.Errorf("%v, %v; want the total of four lines", got, bill.Totals)
	}
}

func ExampleUsageService_Bill() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer(twiliotest.WithStart(twiliotest.DefaultStart))
	client := srv.Client()
	acct, err := client.Accounts.Create(ctx, twilio.AccountCreateParams{FriendlyName: "Submarine"})
	if err != nil {
		log.Fatal(err)
	}
	sub := client.Subaccount(acct.SID)
	if _, err := sub.Messages.Create(ctx, twilio.MessageCreateParams{From: "+15005550006", To: "+14155550100", Body: "Ahoy!"}); err != nil {
		log.Fatal(err)
	}
	srv.Advance(time.Minute)

	bill, err := sub.Usage.Bill(ctx, twilio.BillParams{StartDate: srv.Now(), EndDate: srv.Now()})
	if err != nil {
		log.Fatal(err)
	}
	for _, line := range bill.Lines {
		fmt.Println(line.Category, line.Price, line.Currency, "for", line.Items, "items")
	}
	fmt.Println("total", bill.Totals["USD"])
	// Output:
	// sms 0.0083 USD for 1 items
	// total 0.0083
}

func ExampleBill_WriteCSV() {
	bill := &twilio.Bill{
		AccountSID: "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		StartDate:  time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), EndDate: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC),
		Lines: []twilio.BillLine{{Category: twilio.UsageCategorySMS, Description: "SMS", Count: 2, CountUnit: "messages",
			Price: decimal.RequireFromString("0.0166"), Currency: "USD", Items: 2, ItemsPrice: decimal.RequireFromString("0.0166")}},
		Totals: map[string]decimal.Decimal{"USD": decimal.RequireFromString("0.0166")},
	}
	if err := bill.WriteCSV(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// account_sid,start_date,end_date,category,description,count,count_unit,usage,usage_unit,price,currency,items,unpriced,items_price
	// ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,2026-01-01,2026-01-31,sms,SMS,2,messages,,,0.0166,USD,2,0,0.0166
	// ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,2026-01-01,2026-01-31,totalprice,Total Price,,,,,0.0166,USD,,,
}

// TestBillRefuses: days that make no bill are refused, and nothing is sent.
func TestBillRefuses(t *testing.T) {
	t.Parallel()
	w, client := newSilentAPI(t)
	next := billedDay.AddDate(0, 0, 1)
	for _, test := range []struct {
		field  string
		params twilio.BillParams
	}{
		{"StartDate", twilio.BillParams{EndDate: next}},
		{"EndDate", twilio.BillParams{StartDate: next}},
		{"EndDate", twilio.BillParams{StartDate: next, EndDate: billedDay}},
	} {
		_, err := client.Usage.Bill(t.Context(), test.params)
		wantRefusal(t, w, err, "usage.bill", test.field)
	}
}
