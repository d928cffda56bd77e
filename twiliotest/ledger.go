package twiliotest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// A usageEntry is what was used of one category on one day.
type usageEntry struct {
	day      time.Time
	category string
	amounts
}

type amounts struct {
	count int64
	usage decimal.Decimal
	price decimal.Decimal // positive
}

func (a amounts) plus(b amounts) amounts {
	return amounts{a.count + b.count, a.usage.Add(b.usage), a.price.Add(b.price)}
}

// numberPrices are the monthly prices of the kinds of phone numbers, charged on
// the day of purchase and on the same day of each following month.
var numberPrices = map[string]string{local: "1.15", mobile: "3.00", tollFree: "2.15"}

// usageOf yields everything that an account used from one day to another,
// inclusive. It leaves out prices in currencies other than the US dollar, which
// can't be added.
func (s *state) usageOf(a *account, from, to time.Time, yield func(usageEntry)) {
	add := func(t time.Time, category string, used amounts) {
		if day := dayOf(t); !t.IsZero() && !day.Before(from) && !day.After(to) {
			yield(usageEntry{day, category, used})
		}
	}
	for c := range resourcesOf[*call](a).all() {
		if c.finished() {
			minutes := (int64(max(0, c.Duration)) + 59) / 60
			used := amounts{1, decimalOf(minutes), charge(c.Price, c.PriceUnit)}
			add(cmp.Or(c.StartTime, c.Created).Time, "calls-"+directionSuffix(c.Direction), used)
		}
	}
	for m := range resourcesOf[*message](a).all() {
		kind := "sms-"
		used := amounts{1, decimalOf(int64(m.NumSegments)), charge(m.Price, m.PriceUnit)}
		if m.NumMedia > 0 {
			kind, used.usage = "mms-", decimalOf(1)
		}
		add(m.DateSent.Time, kind+directionSuffix(m.Direction), used)
	}
	for n := range resourcesOf[*number](a).all() {
		for _, row := range n.rent(s.now()) {
			add(row.day, row.category, row.amounts)
		}
	}
	for _, row := range a.usage {
		add(row.day, row.category, row.amounts)
	}
}

// rent is what a number has cost its present owner.
func (n *number) rent(now time.Time) []usageEntry {
	price := decimal.RequireFromString(cmp.Or(numberPrices[n.Type], numberPrices[local]))
	var rows []usageEntry
	for month := 0; ; month++ {
		due := n.Created.AddDate(0, month, 0)
		if due.After(now) {
			return rows
		}
		if !due.Before(n.since) {
			kind := "phonenumbers-" + strings.ReplaceAll(n.Type, "-", "")
			rows = append(rows, usageEntry{dayOf(due), kind, amounts{1, decimalOf(1), price}})
		}
	}
}

// closeRent bills the account for a number that it gives up.
func (a *account) closeRent(n *number, now time.Time) {
	a.usage = append(a.usage, n.rent(now)...)
	n.since = now
}

// directionSuffix is the end of a category's name; everything but inbound is
// outbound.
func directionSuffix(direction string) string {
	if direction == "inbound" {
		return direction
	}
	return "outbound"
}

// charge returns the price of a call or message as usage counts it: positive,
// in US dollars.
func charge(price money, unit nullString) decimal.Decimal {
	if !price.Valid || !strings.EqualFold(string(unit), "USD") {
		return decimal.Zero
	}
	return price.Decimal.Neg()
}

func dayOf(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// A period is the days of a usage record, inclusive.
type period struct{ from, to time.Time }

// used adds up what accounts used in each of the periods, by category,
// including the categories above it. The periods must not overlap and run from
// the newest to the oldest.
func (s *state) used(accounts []*account, periods []period) []map[string]amounts {
	sums := make([]map[string]amounts, len(periods))
	for i := range sums {
		sums[i] = make(map[string]amounts)
	}
	if len(periods) == 0 {
		return sums
	}
	from, to := periods[len(periods)-1].from, periods[0].to
	for _, a := range accounts {
		s.usageOf(a, from, to, func(row usageEntry) {
			i, _ := slices.BinarySearchFunc(periods, row.day, func(p period, day time.Time) int {
				return day.Compare(p.from)
			})
			if i == len(periods) {
				return
			}
			for name := row.category; name != ""; name = categoryOf(name).above {
				sums[i][name] = sums[i][name].plus(row.amounts)
			}
			if row.category != totalPrice {
				total := sums[i][totalPrice]
				total.price, total.usage = total.price.Add(row.price), total.usage.Add(row.price)
				sums[i][totalPrice] = total
			}
		})
	}
	return sums
}
