package twiliotest

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

var usageTriggerRoutes = []route{
	{"GET", "/Usage/Triggers", listTriggers, 200},
	{"POST", "/Usage/Triggers", createTrigger, 201},
	{"GET", "/Usage/Triggers/{Sid}", fetchTrigger, 200},
	{"POST", "/Usage/Triggers/{Sid}", updateTrigger, 200},
	{"DELETE", "/Usage/Triggers/{Sid}", remove[*trigger], 204},
}

// A trigger calls a URL when usage passes a value.
type trigger struct {
	record
	AccountSID     string     `json:"account_sid"`
	APIVersion     string     `json:"api_version"`
	CallbackMethod string     `json:"callback_method"`
	CallbackURL    string     `json:"callback_url"`
	DateFired      timestamp  `json:"date_fired"`
	FriendlyName   nullString `json:"friendly_name"`
	Recurring      nullString `json:"recurring"`
	TriggerBy      string     `json:"trigger_by"`
	TriggerValue   string     `json:"trigger_value"`
	UsageCategory  string     `json:"usage_category"`

	base decimal.Decimal // usage at the creation of a trigger with a +
}

func (t *trigger) wire() any { return t.view(decimal.Zero) }

func (t *trigger) view(current decimal.Decimal) any {
	path := root + "/Accounts/" + t.AccountSID + "/Usage"
	return &struct {
		*trigger
		CurrentValue   string `json:"current_value"`
		UsageRecordURI string `json:"usage_record_uri"`
		URI            string `json:"uri"`
	}{
		t, formatDecimal(current), t.usageRecordURI(),
		path + "/Triggers/" + t.SID + ".json",
	}
}

// period is the one that a trigger watches at a time.
func (t *trigger) period(now time.Time) period {
	p := period{to: dayOf(now)}
	switch t.Recurring {
	case "daily":
		p.from = p.to
	case "monthly":
		p.from = monthOf(p.to)
	case "yearly":
		p.from = time.Date(p.to.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return p
}

// current is the usage that a trigger of an account watches, in its own period.
func (s *state) current(a *account, t *trigger, now time.Time) decimal.Decimal {
	sum := s.billed(a, true).sum(t.period(now))[t.UsageCategory]
	switch t.TriggerBy {
	case "count":
		return decimalOf(sum.count).Sub(t.base)
	case "price":
		return sum.price.Sub(t.base)
	}
	return sum.usage.Sub(t.base)
}

func (rq *request) viewTrigger(t *trigger) any { return t.view(rq.current(rq.account, t, rq.now)) }

// Usage is compared with the triggers about once a minute.
const triggerInterval = time.Minute

// triggerRetries is how often the webhook of a trigger is retried after a
// response with 5xx.
const triggerRetries = 3

// watchUsage compares the usage of an account with its triggers, soon.
func (s *state) watchUsage(a *account) {
	if a.usageWatched || resourcesOf[*trigger](a).len() == 0 {
		return
	}
	a.usageWatched = true
	s.after(s.now(), triggerInterval, func(now time.Time) {
		a.usageWatched = false
		for t := range resourcesOf[*trigger](a).all() {
			s.fire(a, t, now)
		}
	})
}

// fire calls the URL of a trigger whose value has been reached, once in each
// period.
func (s *state) fire(a *account, t *trigger, now time.Time) {
	current := s.current(a, t, now)
	value, err := decimal.NewFromString(t.TriggerValue)
	firedBefore := !t.DateFired.IsZero() && !t.DateFired.Before(t.period(now).from)
	if err != nil || firedBefore || current.LessThan(value) {
		return
	}
	t.DateFired, t.Updated = at(now), at(now)
	s.send(a, WebhookUsageTrigger, t.SID, hook{t.CallbackURL, t.CallbackMethod}, pairs{
		{"AccountSid", a.SID}, {"UsageTriggerSid", t.SID}, {"DateFired", now.Format(time.RFC1123Z)},
		{"Recurring", string(t.Recurring)}, {"UsageCategory", t.UsageCategory}, {"TriggerBy", t.TriggerBy},
		{"TriggerValue", t.TriggerValue}, {"CurrentValue", formatDecimal(current)},
		{"UsageRecordUri", t.usageRecordURI()},
		{"IdempotencyToken", a.SID + "-FIRES-" + t.SID + "-" + now.Format(time.DateOnly)},
	}).retries = triggerRetries
}

func (t *trigger) usageRecordURI() string {
	return root + "/Accounts/" + t.AccountSID + "/Usage/Records.json?Category=" + url.QueryEscape(t.UsageCategory)
}

var (
	recurrences = []string{"daily", "monthly", "yearly", "alltime"}
	triggersBy  = []string{"count", "usage", "price"}
)

func listTriggers(rq *request) (any, *problem) {
	p := rq.filters()
	recurring := nullString(p.oneOf("Recurring", 20001, recurrences...))
	by, category := p.oneOf("TriggerBy", 20001, triggersBy...), p.Get("UsageCategory")
	if p.prob != nil {
		return nil, p.prob
	}
	return page(rq, "usage_triggers", resourcesOf[*trigger](rq.account), func(t *trigger) bool {
		return (recurring == "" || t.Recurring == recurring) && (by == "" || t.TriggerBy == by) &&
			(category == "" || t.UsageCategory == category)
	}, rq.viewTrigger)
}

func fetchTrigger(rq *request) (any, *problem) {
	t, prob := lookup[*trigger](rq)
	if prob != nil {
		return nil, prob
	}
	return rq.viewTrigger(t), nil
}

func (t *trigger) apply(p *params) {
	setURL(p, "CallbackUrl", &t.CallbackURL, 20001)
	setMethod(p, "CallbackMethod", &t.CallbackMethod, 20001)
	set(p, "FriendlyName", &t.FriendlyName)
}

func createTrigger(rq *request) (any, *problem) {
	p := rq.params()
	p.required("CallbackUrl", 20001)
	t := &trigger{
		AccountSID: rq.account.SID, APIVersion: apiVersion, CallbackMethod: "POST",
		UsageCategory: p.required("UsageCategory", 20001),
		Recurring:     nullString(p.oneOf("Recurring", 20001, recurrences...)),
		TriggerBy:     cmp.Or(p.oneOf("TriggerBy", 20001, triggersBy...), "usage"),
	}
	t.apply(p)
	text, relative := strings.CutPrefix(p.required("TriggerValue", 20001), "+")
	value, err := decimal.NewFromString(text)
	if err != nil {
		p.reject(failf(20001, "TriggerValue must be a number"))
	}
	if p.prob != nil {
		return nil, p.prob
	}
	t.TriggerValue = value.StringFixed(6)
	if t.FriendlyName == "" {
		t.FriendlyName = nullString(fmt.Sprintf("Trigger for %s at %s of %s", t.UsageCategory, t.TriggerBy, text))
	}
	if relative {
		t.base = rq.current(rq.account, t, rq.now)
	}
	rq.initRecord(&t.record, "UT")
	addTo(rq.account, t)
	rq.watchUsage(rq.account)
	return rq.viewTrigger(t), nil
}

func updateTrigger(rq *request) (any, *problem) {
	t, prob := lookup[*trigger](rq)
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	next := *t
	next.apply(p)
	if p.prob != nil {
		return nil, p.prob
	}
	next.Updated = at(rq.now)
	*t = next
	return rq.viewTrigger(t), nil
}
