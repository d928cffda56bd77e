package twiliotest

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

var usageRecordRoutes = []route{
	{"GET", "/Usage/Records", listUsage(""), 200},
	{"GET", "/Usage/Records/AllTime", listUsage("AllTime"), 200},
	{"GET", "/Usage/Records/Daily", listUsage("Daily"), 200},
	{"GET", "/Usage/Records/LastMonth", listUsage("LastMonth"), 200},
	{"GET", "/Usage/Records/Monthly", listUsage("Monthly"), 200},
	{"GET", "/Usage/Records/ThisMonth", listUsage("ThisMonth"), 200},
	{"GET", "/Usage/Records/Today", listUsage("Today"), 200},
	{"GET", "/Usage/Records/Yearly", listUsage("Yearly"), 200},
	{"GET", "/Usage/Records/Yesterday", listUsage("Yesterday"), 200},
}

// A category is a kind of usage. What counts in it counts in the category
// above, too.
type category struct {
	name, above, description, countUnit, usageUnit string
}

const totalPrice = "totalprice"

// categories are always listed; seeded ones are added to them.
var categories = []category{
	{"calls", "", "Voice Minutes", "calls", "minutes"},
	{"calls-inbound", "calls", "Inbound Voice Minutes", "calls", "minutes"},
	{"calls-outbound", "calls", "Outbound Voice Minutes", "calls", "minutes"},
	{"channels", "", "Channels", "messages", "messages"},
	{"channels-messaging", "channels", "Channels Messaging", "messages", "messages"},
	{"channels-messaging-inbound", "channels-messaging", "Inbound Channels Messaging", "messages", "messages"},
	{"channels-messaging-outbound", "channels-messaging", "Outbound Channels Messaging", "messages", "messages"},
	{"channels-whatsapp", "channels", "WhatsApp", "messages", "messages"},
	{"channels-whatsapp-inbound", "channels-whatsapp", "Inbound WhatsApp", "messages", "messages"},
	{"channels-whatsapp-outbound", "channels-whatsapp", "Outbound WhatsApp", "messages", "messages"},
	{"mms", "", "MMS", "messages", "messages"},
	{"mms-inbound", "mms", "Inbound MMS", "messages", "messages"},
	{"mms-outbound", "mms", "Outbound MMS", "messages", "messages"},
	{"phonenumbers", "", "Phone Numbers", "numbers", "numbers"},
	{"phonenumbers-local", "phonenumbers", "Local Phone Numbers", "numbers", "numbers"},
	{"phonenumbers-mobile", "phonenumbers", "Mobile Phone Numbers", "numbers", "numbers"},
	{"phonenumbers-tollfree", "phonenumbers", "Toll-free Phone Numbers", "numbers", "numbers"},
	{"recordings", "", "Recordings", "recordings", "minutes"},
	{"sms", "", "SMS", "messages", "segments"},
	{"sms-inbound", "sms", "Inbound SMS", "messages", "segments"},
	{"sms-outbound", "sms", "Outbound SMS", "messages", "segments"},
	{totalPrice, "", "Total Price", "", "usd"},
	{"usage-rcs-messages", "", "RCS Messages", "messages", "messages"},
	{"usage-rcs-messages-inbound", "usage-rcs-messages", "Inbound RCS Messages", "messages", "messages"},
	{"usage-rcs-basic-messages-outbound", "usage-rcs-messages", "Outbound RCS Messages", "messages", "messages"},
}

func categoryOf(name string) category {
	i := slices.IndexFunc(categories, func(c category) bool { return c.name == name })
	if i < 0 {
		return category{name: name, description: name}
	}
	return categories[i]
}

// billed is the ledger whose usage counts: the account's own or, for the main
// account, that of all.
func (s *state) billed(a *account, subaccounts bool) *ledger {
	if subaccounts && a.isMain() {
		return &s.ledger
	}
	return a.ledger
}

// firstDay is the day on which the account began, or the first usage that it is
// billed for.
func (rq *request) firstDay() time.Time {
	first := dayOf(rq.account.Created.Time)
	if l := rq.billed(rq.account, true); l != nil && l.days != nil && l.first.Before(first) {
		return l.first
	}
	return first
}

// dailyWindow is how many days the daily list goes back unless StartDate is
// set.
const dailyWindow = 100

// periodsOf returns the periods of a list of usage records, newest first: a
// single one, or one for every day, month or year of the request.
func (rq *request) periodsOf(list string, from, to time.Time) []period {
	today := dayOf(rq.now)
	month := monthOf(today)
	switch list {
	case "Today":
		return []period{{today, today}}
	case "Yesterday":
		return []period{{today.AddDate(0, 0, -1), today.AddDate(0, 0, -1)}}
	case "ThisMonth":
		return []period{{month, today}}
	case "LastMonth":
		return []period{{month.AddDate(0, -1, 0), month.AddDate(0, 0, -1)}}
	}
	isDivided := list == "Daily" || list == "Monthly" || list == "Yearly"
	if to.IsZero() || isDivided && to.After(today) {
		to = today
	}
	if from.IsZero() && list == "Daily" {
		from = to.AddDate(0, 0, 1-dailyWindow)
	} else if first := rq.firstDay(); from.IsZero() || isDivided && from.Before(first) {
		from = first // nothing lies before it
	}
	start := func(time.Time) time.Time { return from } // of the period that holds a day
	switch list {
	case "Daily":
		start = dayOf
	case "Monthly":
		start = monthOf
	case "Yearly":
		start = func(t time.Time) time.Time { return time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC) }
	}
	var periods []period
	for end := to; !end.Before(from); {
		begin := start(end)
		if begin.Before(from) {
			begin = from
		}
		periods = append(periods, period{begin, end})
		end = begin.AddDate(0, 0, -1)
	}
	return periods
}

// A usageRecord is an item of a list of usage records. It is created on
// request.
type usageRecord struct {
	record
	category category
	period   period
	amounts
}

func (u *usageRecord) wire() any { return u }

func listUsage(list string) handler {
	return func(rq *request) (any, *problem) {
		p := rq.filters()
		from, to := rq.usageDate(p, "StartDate"), rq.usageDate(p, "EndDate")
		subaccounts := p.bool("IncludeSubaccounts")
		if p.prob != nil {
			return nil, p.prob
		}
		periods := rq.periodsOf(list, from, to)
		billed := rq.billed(rq.account, (subaccounts == nil || *subaccounts) && (rq.subaccountsInPeriods || !isPeriod(list)))
		records := new(collection[*usageRecord])
		add := func(c category, p period, used amounts) {
			u := &usageRecord{category: c, period: p, amounts: used}
			u.SID = c.name + p.from.String()
			u.Created = at(p.from)
			u.seq = ^uint64(records.len()) & 0xffffffff // so that categories run from a to z
			records.add(u)
		}
		only := p.Get("Category")
		for _, p := range periods {
			sums := billed.sum(p)
			for _, name := range namesOf(sums) {
				if only == "" || only == name {
					add(categoryOf(name), p, sums[name])
				}
			}
		}
		return page(rq, "usage_records", records, all, func(u *usageRecord) any { return u.view(rq) })
	}
}

// isPeriod reports whether a list is about one period before today or up to it.
func isPeriod(list string) bool {
	return list == "Today" || list == "Yesterday" || list == "ThisMonth" || list == "LastMonth"
}

// usageDate reads a date, or days from today such as -30days.
func (rq *request) usageDate(p *params, key string) time.Time {
	if days, ok := strings.CutSuffix(p.Get(key), "days"); ok {
		n, err := strconv.ParseInt(days, 10, 16)
		if err != nil {
			p.reject(failf(20001, "%s is not a date or a number of days", key))
		}
		return dayOf(rq.now).AddDate(0, 0, int(n))
	}
	date, _ := p.date(key)
	return dayOf(date)
}

// namesOf returns the names of a period's categories in order.
func namesOf(sums sums) []string {
	var names []string
	for _, c := range categories {
		names = append(names, c.name)
	}
	for name := range sums {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (u *usageRecord) view(rq *request) any {
	records := rq.account.path() + "/Usage/Records"
	query := ".json?Category=" + url.QueryEscape(u.category.name)
	searches := make(map[string]string)
	for key, list := range map[string]string{
		"all_time": "AllTime", "daily": "Daily", "last_month": "LastMonth", "monthly": "Monthly",
		"this_month": "ThisMonth", "today": "Today", "yearly": "Yearly", "yesterday": "Yesterday",
	} {
		searches[key] = records + "/" + list + query
	}
	start, end := u.period.from.Format(time.DateOnly), u.period.to.Format(time.DateOnly)
	count := intString(u.count)
	if u.category.name == totalPrice { // which counts nothing
		count = unsetInt
	}
	return map[string]any{
		"account_sid":      rq.account.SID,
		"api_version":      apiVersion,
		"as_of":            rq.now.Format("2006-01-02T15:04:05+00:00"),
		"category":         u.category.name,
		"count":            count,
		"count_unit":       u.category.countUnit,
		"description":      u.category.description,
		"start_date":       start,
		"end_date":         end,
		"price":            formatDecimal(u.price),
		"price_unit":       "usd",
		"subresource_uris": searches,
		"uri":              root + rq.path + query + "&StartDate=" + start + "&EndDate=" + end,
		"usage":            formatDecimal(u.usage),
		"usage_unit":       u.category.usageUnit,
	}
}
