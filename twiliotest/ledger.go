package twiliotest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// A usageRow is what was used of one category on one day.
type usageRow struct {
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

// numberPrices are what the kinds of phone numbers cost by the month, charged on the day of purchase and on the same day
// of each month after it.
var numberPrices = map[string]string{local: "1.15", mobile: "3.00", tollFree: "2.15"}

// usageOf goes through all that an account used from one day to another, both included. Prices in other currencies than
// the fake's, which is the US dollar, are left out: they can't be added.
func (s *state) usageOf(a *account, from, to time.Time, yield func(usageRow)) {
	add := func(t time.Time, category string, used amounts) {
		if day := dayOf(t); !t.IsZero() && !day.Before(from) && !day.After(to) {
			yield(usageRow{day, category, used})
		}
	}
	for _, c := range resourcesOf[*call](a).ordered {
		if c.finished() {
			minutes := (int64(max(0, c.Duration)) + 59) / 60
			add(cmp.Or(c.StartTime, c.Created).Time, "calls-"+way(c.Direction), amounts{1, decimalOf(minutes), charge(c.Price, c.PriceUnit)})
		}
	}
	for _, m := range resourcesOf[*message](a).ordered {
		kind := "sms-"
		used := amounts{1, decimalOf(int64(m.NumSegments)), charge(m.Price, m.PriceUnit)}
		if m.NumMedia > 0 {
			kind, used.usage = "mms-", decimalOf(1)
		}
		add(m.DateSent.Time, kind+way(m.Direction), used)
	}
	for _, n := range resourcesOf[*number](a).ordered {
		for _, row := range n.rent(s.now()) {
			add(row.day, row.category, row.amounts)
		}
	}
	for _, row := range a.usage {
		add(row.day, row.category, row.amounts)
	}
}

// rent is what a number has cost its present owner.
func (n *number) rent(now time.Time) []usageRow {
	price := decimal.RequireFromString(cmp.Or(numberPrices[n.Type], numberPrices[local]))
	var rows []usageRow
	for month := 0; ; month++ {
		due := n.Created.AddDate(0, month, 0)
		if due.After(now) {
			return rows
		}
		if !due.Before(n.since) {
			kind := "phonenumbers-" + strings.ReplaceAll(n.Type, "-", "")
			rows = append(rows, usageRow{dayOf(due), kind, amounts{1, decimalOf(1), price}})
		}
	}
}

// settleRent puts the rent of a number that an account gives away on the account's bill for good.
func (a *account) settleRent(n *number, now time.Time) {
	a.usage = append(a.usage, n.rent(now)...)
	n.since = now
}

// way turns a direction into the end of a category: what isn't inbound is outbound.
func way(direction string) string {
	if direction == "inbound" {
		return direction
	}
	return "outbound"
}

// charge turns the price of a call or a message into one of usage, which is positive.
func charge(price money, unit opt) decimal.Decimal {
	if !price.Valid || !strings.EqualFold(string(unit), "USD") {
		return decimal.Zero
	}
	return price.Decimal.Neg()
}

func dayOf(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// A period is a stretch of days that a usage record is about, both ends included.
type period struct{ from, to time.Time }

// used adds up what an account used in each of the periods, by category, everything above it included. The periods must
// not overlap and run from the newest to the oldest.
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
		s.usageOf(a, from, to, func(row usageRow) {
			i, _ := slices.BinarySearchFunc(periods, row.day, func(p period, day time.Time) int { return day.Compare(p.from) })
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
