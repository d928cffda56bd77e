package twilio

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/shopspring/decimal"
)

// BillParams are the parameters of [UsageService.Bill].
type BillParams struct {
	// StartDate is the first day, in UTC; its time of day is dropped. Make it
	// with time.UTC: midnight in a zone east of it is still the day before.
	StartDate time.Time
	// EndDate is the last day, in UTC, all of it; its time of day is dropped.
	EndDate time.Time
}

// A Bill is what an account used from StartDate to EndDate, and what Twilio
// charges for it. All amounts are exact.
type Bill struct {
	// AccountSID is the account.
	AccountSID string
	// StartDate and EndDate are the first and the last day, at midnight UTC.
	StartDate, EndDate time.Time
	// AsOf is the time up to which all of the usage records are complete, in
	// UTC; zero where Twilio didn't say. A bill is final once AsOf has reached
	// the end of its last day, EndDate.AddDate(0, 0, 1), and no line has
	// unpriced items.
	AsOf time.Time
	// Lines are sorted by category and currency. In each currency their prices
	// add up to the total.
	Lines []BillLine
	// Totals has the official total in each currency, by its ISO 4217 code in
	// capital letters. Charges are positive. Twilio's prices have fractions of
	// a cent; to bill whole cents, round the total, not the lines:
	// Totals["USD"].StringFixed(2).
	Totals map[string]decimal.Decimal
}

// A BillLine is one category of usage in one currency. It includes the
// categories below it: phonenumbers covers all kinds of numbers.
type BillLine struct {
	// Category is a category that no other includes, or [UsageCategoryOther].
	Category UsageCategory
	// Description is Category in Twilio's words.
	Description string
	// Count is the number of events in CountUnit, such as calls.
	Count int
	// CountUnit is a unit such as "calls" or "messages".
	CountUnit string
	// Usage is the amount that is billed, in UsageUnit.
	Usage decimal.NullDecimal
	// UsageUnit is a unit such as "minutes" or "segments".
	UsageUnit string
	// Price is the official charge in Currency, positive for charges.
	Price decimal.Decimal
	// Currency is an ISO 4217 code in capital letters.
	Currency string
	// Items is how many calls or messages there are behind the line, and
	// Unpriced how many of them can still get a price; see [Spend]. They are 0
	// for all other categories.
	Items, Unpriced int
	// ItemsPrice is what these items add up to, positive for charges. It is
	// less than Price where Twilio charges for more than the items show;
	// [UsageService.Reconcile] has the difference by channel and direction.
	ItemsPrice decimal.Decimal
}

// Bill returns the bill for a range of days of the account that the client acts
// on, without its subaccounts: Twilio's usage records by category, with the
// calls and messages behind them. It includes phone numbers, recordings,
// transcriptions and everything else that Twilio charges for. On a client that
// acts on a customer's subaccount, it is that customer's bill. With an error
// there is no bill. For last month:
//
//	now := time.Now().UTC()
//	first := time.Date(now.Year(), now.Month()-1, 1, 0, 0, 0, 0, time.UTC)
//	bill, err := sub.Usage.Bill(ctx, twilio.BillParams{StartDate: first, EndDate: first.AddDate(0, 1, -1)})
//
// Usage categories nest, and Twilio doesn't publish how. Bill counts a category
// as part of another if its name begins with the other's, as calls-inbound
// begins with calls; RCS categories are part of one. Carrier fees are part of a
// category only if its price can include them. The rest of Twilio's own total,
// totalprice, is on the line [UsageCategoryOther], which is negative if
// categories overlap in a way that their names don't show.
//
// Bill makes the requests of [CallService.Spend] and [MessageService.Spend], to
// which [WithParallelism] applies, and one for each page of usage records.
// Twilio may delete a closed account with its history after 30 days: bill it
// before then.
//
// See https://www.twilio.com/docs/usage/api/usage-record.
func (s *UsageService) Bill(ctx context.Context, params BillParams, opts ...RequestOption) (*Bill, error) {
	l, err := s.ledger(ctx, "usage.bill", params.StartDate, params.EndDate, opts)
	if err != nil {
		return nil, err
	}
	lines := map[inCurrency[UsageCategory]]*BillLine{}
	totals := map[string]decimal.Decimal{}
	for key, c := range l.charges {
		if c.parent != "" || key.of == UsageCategoryTotalPrice || c.price.IsZero() && c.record.Count == 0 {
			continue
		}
		lines[key] = &BillLine{
			Description: c.record.Description,
			Count:       c.record.Count, CountUnit: c.record.CountUnit,
			Usage: c.record.Usage, UsageUnit: c.record.UsageUnit,
			Price: c.price,
		}
		totals[key.currency] = totals[key.currency].Add(c.price)
	}
	for key, t := range l.items {
		line := entry(lines, l.rootOf(key))
		line.Items += t.items
		line.Unpriced += t.unpriced
		line.ItemsPrice = line.ItemsPrice.Add(t.sum)
	}
	for key, c := range l.charges {
		if key.of != UsageCategoryTotalPrice || !c.record.Price.Valid {
			continue
		}
		if other := c.price.Sub(totals[key.currency]); !other.IsZero() {
			lines[inCurrency[UsageCategory]{UsageCategoryOther, key.currency}] = &BillLine{Price: other}
			totals[key.currency] = c.price
		}
	}
	bill := &Bill{AccountSID: l.accountSID, StartDate: l.first, EndDate: l.last, AsOf: l.asOf, Totals: totals}
	for _, key := range slices.SortedStableFunc(maps.Keys(lines), compareCategories) {
		line := *lines[key]
		line.Category, line.Currency = key.of, key.currency
		bill.Lines = append(bill.Lines, line)
	}
	return bill, nil
}

// billColumns are the columns of the table and of the CSV.
var billColumns = []string{"category", "description", "count", "count_unit", "usage", "usage_unit",
	"price", "currency", "items", "unpriced", "items_price"}

func (l BillLine) cells() []string {
	cells := []string{string(l.Category), l.Description, "", l.CountUnit, "", l.UsageUnit, l.Price.String(), l.Currency, "", "", ""}
	if l.Count != 0 {
		cells[2] = strconv.Itoa(l.Count)
	}
	if l.Usage.Valid {
		cells[4] = l.Usage.Decimal.String()
	}
	if l.Items > 0 {
		cells[8], cells[9], cells[10] = strconv.Itoa(l.Items), strconv.Itoa(l.Unpriced), l.ItemsPrice.String()
	}
	return cells
}

// rows returns the lines, then the totals.
func (b *Bill) rows() [][]string {
	var rows [][]string
	for _, line := range b.Lines {
		rows = append(rows, line.cells())
	}
	for _, currency := range slices.Sorted(maps.Keys(b.Totals)) {
		total := BillLine{Category: UsageCategoryTotalPrice, Description: "Total Price", Price: b.Totals[currency], Currency: currency}
		rows = append(rows, total.cells())
	}
	return rows
}

// String formats the bill as a table, with the totals at the end.
func (b *Bill) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s, %s to %s (UTC)\n", b.AccountSID, b.StartDate.Format(time.DateOnly), b.EndDate.Format(time.DateOnly))
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range append([][]string{billColumns}, b.rows()...) {
		fmt.Fprintln(w, strings.Join(slices.Delete(slices.Clone(row), 1, 2), "\t")+"\t")
	}
	_ = w.Flush() // a strings.Builder never fails
	return out.String()
}

// WriteCSV writes the bill as CSV (RFC 4180) with a header: account_sid,
// start_date, end_date, category, description, count, count_unit, usage,
// usage_unit, price, currency, items, unpriced and items_price. Amounts have
// all of their digits, with a decimal point. The last rows, whose category is
// totalprice, are the totals: don't add them to the others. The error is w's.
func (b *Bill) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	days := []string{b.AccountSID, b.StartDate.Format(time.DateOnly), b.EndDate.Format(time.DateOnly)}
	rows := [][]string{append([]string{"account_sid", "start_date", "end_date"}, billColumns...)}
	for _, row := range b.rows() {
		rows = append(rows, append(slices.Clone(days), row...))
	}
	return out.WriteAll(rows)
}
