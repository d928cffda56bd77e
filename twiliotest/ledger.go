package twiliotest

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// amounts are what was used of a category.
type amounts struct {
	count int64
	usage decimal.Decimal
	price decimal.Decimal // positive, in US dollars
}

func (a amounts) plus(b amounts) amounts {
	return amounts{a.count + b.count, a.usage.Add(b.usage), a.price.Add(b.price)}
}

// sums are amounts by category.
type sums map[string]amounts

// A ledger adds up what was used, by day and by month, so that reading it costs
// the same however much was used. Its zero value is ready for use.
type ledger struct {
	first, last time.Time // days
	days        map[time.Time]sums
	months      map[time.Time]sums // by their first day
}

func (l *ledger) add(t time.Time, category string, used amounts) {
	day := dayOf(t)
	if l.days == nil {
		l.days, l.months = make(map[time.Time]sums), make(map[time.Time]sums)
		l.first, l.last = day, day
	}
	if day.Before(l.first) {
		l.first = day
	}
	if day.After(l.last) {
		l.last = day
	}
	addTo := func(table map[time.Time]sums, key time.Time) {
		if table[key] == nil {
			table[key] = make(sums)
		}
		table[key][category] = table[key][category].plus(used)
	}
	addTo(l.days, day)
	addTo(l.months, monthOf(day))
}

// sum adds up a period by category, including the categories above each. It
// reads whole months where it can.
func (l *ledger) sum(p period) sums {
	total := make(sums)
	if l == nil || l.days == nil {
		return total
	}
	day, end := p.from, p.to
	if day.Before(l.first) {
		day = monthOf(l.first)
	}
	if end.After(l.last) {
		end = monthOf(l.last).AddDate(0, 1, -1)
	}
	for !day.After(end) {
		if next := day.AddDate(0, 1, 0); day.Day() == 1 && !next.AddDate(0, 0, -1).After(end) {
			total.include(l.months[day])
			day = next
			continue
		}
		total.include(l.days[day])
		day = day.AddDate(0, 0, 1)
	}
	return total
}

func (s sums) include(entries sums) {
	for name, used := range entries {
		if name != totalPrice {
			total := s[totalPrice]
			total.price, total.usage = total.price.Add(used.price), total.usage.Add(used.price)
			s[totalPrice] = total
		}
		for ; name != ""; name = categoryOf(name).above {
			s[name] = s[name].plus(used)
		}
	}
}

// A period is the days of a usage record, inclusive.
type period struct{ from, to time.Time }

func dayOf(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

func monthOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// bill adds to the usage of an account and of all accounts together.
func (s *state) bill(a *account, t time.Time, category string, used amounts) {
	if a.ledger == nil {
		a.ledger = new(ledger)
	}
	a.ledger.add(t, category, used)
	s.ledger.add(t, category, used)
	s.spent = s.spent.Add(used.price)
	s.watchUsage(a)
	s.watchUsage(s.main)
}

// charge returns the price of a call or message as usage counts it: positive,
// and zero in currencies other than the US dollar, which can't be added.
func charge(price money, unit nullString) decimal.Decimal {
	if !price.Valid || !strings.EqualFold(string(unit), "USD") {
		return decimal.Zero
	}
	return price.Decimal.Neg()
}

// directionSuffix is the end of a category's name; everything but inbound is
// outbound.
func directionSuffix(direction string) string {
	if direction == "inbound" {
		return "inbound"
	}
	return "outbound"
}

// numberPrices are the monthly prices of the kinds of phone numbers, charged on
// the day of purchase and on the same day of each following month.
var numberPrices = map[string]decimal.Decimal{
	local:    decimal.RequireFromString("1.15"),
	mobile:   decimal.RequireFromString("3.00"),
	tollFree: decimal.RequireFromString("2.15"),
}

// rent charges the owner of a number for each month that has begun, and
// schedules the next.
func (s *state) rent(n *number, now time.Time) {
	kind := n.Type
	if _, ok := numberPrices[kind]; !ok {
		kind = local
	}
	category := "phonenumbers-" + strings.ReplaceAll(kind, "-", "")
	for ; ; n.months++ {
		due := monthsAfter(n.Created.Time, n.months)
		if due.After(now) {
			s.after(now, due.Sub(now), func(now time.Time) {
				if !n.released {
					s.rent(n, now)
				}
			})
			return
		}
		if owner, ok := s.accounts.get(n.AccountSID); ok {
			s.bill(owner, due, category, amounts{1, decimalOf(1), numberPrices[kind]})
		}
	}
}

// monthsAfter is the same day some months later, or the last day of a month
// that is too short for it.
func monthsAfter(t time.Time, months int) time.Time {
	first := t.AddDate(0, months, 1-t.Day())
	return first.AddDate(0, 0, min(t.Day(), first.AddDate(0, 1, -1).Day())-1)
}
