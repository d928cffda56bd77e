package twiliotest

import (
	"net/url"
	"slices"
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
	name, above          string
	description          string
	countUnit, usageUnit string
	usageIsPrice         bool
}

const totalPrice = "totalprice"

// categories are always listed; seeded ones are added to them.
var categories = []category{
	{name: "calls", description: "Voice Minutes", countUnit: "calls", usageUnit: "minutes"},
	{name: "calls-inbound", above: "calls", description: "Inbound Voice Minutes", countUnit: "calls", usageUnit: "minutes"},
	{name: "calls-outbound", above: "calls", description: "Outbound Voice Minutes", countUnit: "calls", usageUnit: "minutes"},
	{name: "mms", description: "MMS", countUnit: "messages", usageUnit: "messages"},
	{name: "mms-inbound", above: "mms", description: "Inbound MMS", countUnit: "messages", usageUnit: "messages"},
	{name: "mms-outbound", above: "mms", description: "Outbound MMS", countUnit: "messages", usageUnit: "messages"},
	{name: "phonenumbers", description: "Phone Numbers", countUnit: "numbers", usageUnit: "numbers"},
	{name: "phonenumbers-local", above: "phonenumbers", description: "Local Phone Numbers", countUnit: "numbers", usageUnit: "numbers"},
	{name: "phonenumbers-mobile", above: "phonenumbers", description: "Mobile Phone Numbers", countUnit: "numbers", usageUnit: "numbers"},
	{name: "phonenumbers-tollfree", above: "phonenumbers", description: "Toll-free Phone Numbers", countUnit: "numbers", usageUnit: "numbers"},
	{name: "recordings", description: "Recordings", countUnit: "recordings", usageUnit: "minutes"},
	{name: "sms", description: "SMS", countUnit: "messages", usageUnit: "segments"},
	{name: "sms-inbound", above: "sms", description: "Inbound SMS", countUnit: "messages", usageUnit: "segments"},
	{name: "sms-outbound", above: "sms", description: "Outbound SMS", countUnit: "messages", usageUnit: "segments"},
	{name: totalPrice, description: "Total Price", usageUnit: "usd", usageIsPrice: true},
}

func categoryOf(name string) category {
	i := slices.IndexFunc(categories, func(c category) bool { return c.name == name })
	if i < 0 {
		return category{name: name, description: name}
	}
	return categories[i]
}

// billed are the accounts whose usage counts: the account alone or, for the
// main account, all.
func (rq *request) billed(subaccounts bool) []*account {
	if subaccounts && rq.account.isMain() {
		return slices.Collect(rq.accounts.all())
	}
	return []*account{rq.account}
}

// firstDay is the day on which the account, or anything that it is billed for,
// began.
func (rq *request) firstDay() time.Time {
	first := rq.account.Created.Time
	earlier := func(t time.Time) {
		if t.Before(first) {
			first = t
		}
	}
	for _, a := range rq.billed(true) {
		for c := range resourcesOf[*call](a).all() {
			earlier(c.Created.Time)
			break
		}
		for m := range resourcesOf[*message](a).all() {
			earlier(m.Created.Time)
			break
		}
		for n := range resourcesOf[*number](a).all() {
			earlier(n.Created.Time)
			break
		}
		for _, row := range a.usage {
			earlier(row.day)
		}
	}
	return dayOf(first)
}

// dailyWindow is how many days the daily list goes back unless StartDate is
// set.
const dailyWindow = 100

// periodsOf returns the periods of a list of usage records, newest first: a
// single one, or one for every day, month or year of the request.
func (rq *request) periodsOf(list string, from, to time.Time) []period {
	today := dayOf(rq.now)
	month := time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, time.UTC)
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
	if to.IsZero() {
		to = today
	}
	if from.IsZero() {
		if from = rq.firstDay(); list == "Daily" {
			from = to.AddDate(0, 0, 1-dailyWindow)
		}
	}
	start := func(time.Time) time.Time { return from } // of the period that holds a day
	switch list {
	case "Daily":
		start = dayOf
	case "Monthly":
		start = func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC) }
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
		from, _ := p.date("StartDate")
		to, _ := p.date("EndDate")
		subaccounts := p.bool("IncludeSubaccounts")
		if p.prob != nil {
			return nil, p.prob
		}
		periods := rq.periodsOf(list, dayOf(from), dayOf(to))
		sums := rq.used(rq.billed(subaccounts == nil || *subaccounts), periods)
		records := new(collection[*usageRecord])
		add := func(c category, p period, used amounts) {
			u := &usageRecord{category: c, period: p, amounts: used}
			u.SID = c.name + p.from.String()
			u.Created = at(p.from)
			u.seq = ^uint64(records.len()) & 0xffffffff // so that categories run from a to z
			records.add(u)
		}
		only := p.Get("Category")
		for i, p := range periods {
			for _, name := range namesOf(sums[i]) {
				if only == "" || only == name {
					add(categoryOf(name), p, sums[i][name])
				}
			}
		}
		return page(rq, "usage_records", records, all, func(u *usageRecord) any { return u.view(rq) })
	}
}

// namesOf returns the names of a period's categories in order.
func namesOf(sums map[string]amounts) []string {
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
	if u.category.usageIsPrice {
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
