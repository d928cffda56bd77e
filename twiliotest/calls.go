package twiliotest

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// The life of a call that nobody touches: it is queued, rings, is answered, ends after the call duration, and gets a
// price.
const (
	queueTime    = time.Second
	ringTime     = 4 * time.Second
	pricingDelay = 30 * time.Second

	outboundPrice = "-0.01400" // for each minute begun
	inboundPrice  = "-0.00850"
)

var callStatuses = []string{"queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"}

var callRoutes = []route{
	{"GET", "/Calls", listCalls, 200},
	{"POST", "/Calls", whileActive(createCall), 201},
	{"GET", "/Calls/{Sid}", fetch[*call], 200},
	{"POST", "/Calls/{Sid}", updateCall, 200},
	{"DELETE", "/Calls/{Sid}", deleteCall, 204},
}

type call struct {
	record
	AccountSID     string `json:"account_sid"`
	Annotation     opt    `json:"annotation"`
	AnsweredBy     opt    `json:"answered_by"`
	APIVersion     string `json:"api_version"`
	CallerName     opt    `json:"caller_name"`
	Direction      string `json:"direction"`
	Duration       whole  `json:"duration"`
	EndTime        stamp  `json:"end_time"`
	ForwardedFrom  opt    `json:"forwarded_from"`
	From           string `json:"from"`
	FromFormatted  string `json:"from_formatted"`
	GroupSID       opt    `json:"group_sid"`
	ParentCallSID  opt    `json:"parent_call_sid"`
	PhoneNumberSID opt    `json:"phone_number_sid"`
	Price          money  `json:"price"`
	PriceUnit      opt    `json:"price_unit"`
	QueueTime      whole  `json:"queue_time"`
	StartTime      stamp  `json:"start_time"`
	Status         string `json:"status"`
	To             string `json:"to"`
	ToFormatted    string `json:"to_formatted"`
	TrunkSID       opt    `json:"trunk_sid"`

	limit time.Duration // the longest that it may last; 0 means no limit
}

func (c *call) wire() any {
	path := root + "/Accounts/" + c.AccountSID + "/Calls/" + c.SID
	return struct {
		*call
		SubresourceURIs map[string]string `json:"subresource_uris"`
		URI             string            `json:"uri"`
	}{c, map[string]string{
		"events":                             path + "/Events.json",
		"notifications":                      path + "/Notifications.json",
		"payments":                           path + "/Payments.json",
		"recordings":                         path + "/Recordings.json",
		"siprec":                             path + "/Siprec.json",
		"streams":                            path + "/Streams.json",
		"transcriptions":                     path + "/Transcriptions.json",
		"user_defined_message_subscriptions": path + "/UserDefinedMessageSubscriptions.json",
		"user_defined_messages":              path + "/UserDefinedMessages.json",
	}, path + ".json"}
}

func (c *call) finished() bool { return !slices.Contains(callStatuses[:3], c.Status) }

// addCall stores a call and starts its life, or goes on with it from the status that it was seeded with.
func (s *state) addCall(a *account, c *call) {
	s.stampNew(&c.record, "CA")
	c.AccountSID = a.SID
	c.APIVersion = apiVersion
	c.FromFormatted = cmp.Or(c.FromFormatted, display(c.From))
	c.ToFormatted = cmp.Or(c.ToFormatted, display(c.To))
	addTo(s, a, c)
	s.continueCall(c, s.now())
}

// continueCall arranges for what happens next to the call by itself.
func (s *state) continueCall(c *call, now time.Time) {
	was := c.Status
	step := func(d time.Duration, change func(now time.Time)) {
		s.after(now, d, func(now time.Time) {
			if c.Status == was { // and has not been ended in the meantime
				change(now)
				c.Updated = at(now)
				s.continueCall(c, now)
			}
		})
	}
	switch c.Status {
	case "queued":
		step(queueTime, func(now time.Time) {
			c.Status, c.QueueTime, c.StartTime = "ringing", whole(queueTime.Milliseconds()), at(now)
		})
	case "ringing":
		step(ringTime, func(now time.Time) { c.Status, c.StartTime = "in-progress", at(now) })
	case "in-progress":
		length := s.callDuration
		if c.limit > 0 {
			length = min(length, c.limit)
		}
		step(length, func(now time.Time) { c.end("completed", now) })
	case "completed":
		if !c.Price.Valid {
			s.after(now, pricingDelay, func(now time.Time) { c.charge(now) })
		}
	}
}

// end finishes a call. Its length counts from the answer, so one that nobody answered has none.
func (c *call) end(status string, now time.Time) {
	c.Duration = 0
	if c.Status == "in-progress" {
		c.Duration = whole(now.Sub(c.StartTime.Time) / time.Second)
	}
	c.Status, c.EndTime, c.Updated = status, at(now), at(now)
}

func (c *call) charge(now time.Time) {
	price := dollars(outboundPrice)
	if c.Direction == "inbound" {
		price = dollars(inboundPrice)
	}
	minutes := (int64(c.Duration) + 59) / 60
	price.Decimal = price.Decimal.Mul(decimalOf(minutes))
	c.Price, c.PriceUnit, c.Updated = price, cmp.Or(c.PriceUnit, "USD"), at(now)
}

func listCalls(rq *request) (any, *problem) {
	p := rq.filters()
	to, from := p.Get("To"), p.Get("From")
	parent := opt(p.Get("ParentCallSid"))
	status := p.oneOf("Status", 20001, callStatuses...)
	start, end := p.span("StartTime", rq.secondGrain), p.span("EndTime", rq.secondGrain)
	if p.bad != nil {
		return nil, p.bad
	}
	return list(rq, "calls", func(c *call) bool {
		return (to == "" || c.To == to) && (from == "" || c.From == from) && (parent == "" || c.ParentCallSID == parent) &&
			(status == "" || c.Status == status) && start.holds(c.StartTime.Time) && end.holds(c.EndTime.Time)
	})
}

func createCall(rq *request) (any, *problem) {
	p := rq.params()
	c := &call{
		To: endpoint(p.required("To", 21201)), From: endpoint(p.required("From", 21213)),
		Status: "queued", Direction: "outbound-api", Duration: unset, QueueTime: unset, PriceUnit: "USD",
		limit: time.Duration(p.int("TimeLimit", 0)) * time.Second,
	}
	instructions(p)
	if p.sid("ApplicationSid", "AP", 21218) == "" && !p.Has("Url") && !p.Has("Twiml") {
		p.reject(failf(21205, "Url, Twiml or ApplicationSid is required"))
	}
	if strings.Trim(p.Get("SendDigits"), "0123456789#*wW") != "" {
		p.reject(fail(21206))
	}
	p.bool("Record")
	if !isEndpoint(c.To) {
		p.reject(failf(21211, "The 'To' number %s is not a valid phone number", c.To))
	}
	if !isEndpoint(c.From) {
		p.reject(failf(21212, "The 'From' number %s is not a valid phone number", c.From))
	}
	if p.bad != nil {
		return nil, p.bad
	}
	if number := rq.owned[c.From]; number != nil && number.AccountSID == rq.account.SID {
		c.PhoneNumberSID = opt(number.SID)
	}
	if rq.ownedSenders && isPhoneNumber(c.From) && c.PhoneNumberSID == "" && !rq.account.verified(c.From) {
		return nil, fail(21210)
	}
	if rq.trial && !rq.account.verified(c.To) {
		return nil, fail(21219)
	}
	rq.addCall(rq.account, c)
	return c.wire(), nil
}

// instructions checks the parameters that say what a call does, which creation and update have in common.
func instructions(p *params) {
	if p.Get("Url") != "" && p.Get("Twiml") != "" {
		p.reject(failf(21205, "Url and Twiml exclude each other"))
	}
	var ignored string
	for _, key := range []string{"Url", "FallbackUrl", "StatusCallback"} {
		setURL(p, key, &ignored, 21205)
	}
	for _, key := range []string{"Method", "FallbackMethod", "StatusCallbackMethod"} {
		setMethod(p, key, &ignored, 21403)
	}
}

func updateCall(rq *request) (any, *problem) {
	c, bad := lookup[*call](rq)
	if bad != nil {
		return nil, bad
	}
	p := rq.params()
	instructions(p)
	status := p.oneOf("Status", 20001, "completed", "canceled")
	limit := p.int("TimeLimit", 0)
	redirected := p.Get("Url") != "" || p.Get("Twiml") != ""
	switch {
	case p.bad != nil:
		return nil, p.bad
	case c.finished(), status == "canceled" && c.Status == "in-progress", redirected && status == "" && c.Status != "in-progress":
		return nil, failf(21220, "The call is %s, which is not a state for this change", c.Status)
	case status != "":
		c.end(status, rq.now)
		rq.continueCall(c, rq.now)
	case limit > 0:
		c.limit = time.Duration(limit) * time.Second
	}
	c.Updated = at(rq.now)
	return c.wire(), nil
}

func deleteCall(rq *request) (any, *problem) {
	if c, bad := lookup[*call](rq); bad == nil && !c.finished() {
		return nil, fail(20009)
	}
	return remove[*call](rq)
}
