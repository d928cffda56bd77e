package twiliotest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"
)

// The life of a call: it is queued, rings, is answered, ends after the call
// duration, and gets a price.
const (
	queueTime    = time.Second
	ringTime     = 4 * time.Second
	pricingDelay = 30 * time.Second

	outboundPrice = "-0.01400" // per minute or part of one
	inboundPrice  = "-0.00850"
)

var callStatuses = []string{
	"queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled",
}

var callRoutes = []route{
	{"GET", "/Calls", listCalls, 200},
	{"POST", "/Calls", whileActive(createCall), 201},
	{"GET", "/Calls/{Sid}", fetch[*call], 200},
	{"POST", "/Calls/{Sid}", updateCall, 200},
	{"DELETE", "/Calls/{Sid}", deleteCall, 204},
}

type call struct {
	record
	AccountSID     string     `json:"account_sid"`
	Annotation     nullString `json:"annotation"`
	AnsweredBy     nullString `json:"answered_by"`
	APIVersion     string     `json:"api_version"`
	CallerName     nullString `json:"caller_name"`
	Direction      string     `json:"direction"`
	Duration       intString  `json:"duration"`
	EndTime        timestamp  `json:"end_time"`
	ForwardedFrom  nullString `json:"forwarded_from"`
	From           string     `json:"from"`
	FromFormatted  string     `json:"from_formatted"`
	GroupSID       nullString `json:"group_sid"`
	ParentCallSID  nullString `json:"parent_call_sid"`
	PhoneNumberSID nullString `json:"phone_number_sid"`
	Price          money      `json:"price"`
	PriceUnit      nullString `json:"price_unit"`
	QueueTime      intString  `json:"queue_time"`
	StartTime      timestamp  `json:"start_time"`
	Status         string     `json:"status"`
	To             string     `json:"to"`
	ToFormatted    string     `json:"to_formatted"`
	TrunkSID       nullString `json:"trunk_sid"`

	account     *account
	answered    bool          // otherwise it never gets a price
	limit       time.Duration // on its duration; 0 means none
	since       time.Time     // when it began to be in progress
	participant *participant  // in a conference; nil for most calls
	member      *queueMember  // of a queue; nil for most calls
	parts       *callParts    // nil for most calls
	events      []*callEvent
	script      *script    // nil for calls that were seeded
	recorded    *recording // from the answer on; nil for most calls
	recordings  []*recording
}

func (c *call) wire() any {
	path := c.path()
	return &struct {
		*call
		SubresourceURIs subresources `json:"subresource_uris"`
		URI             string       `json:"uri"`
	}{c, subresources{path, callSubresources}, path + ".json"}
}

var callSubresources = []subresource{
	{"events", "/Events.json"},
	{"notifications", "/Notifications.json"},
	{"payments", "/Payments.json"},
	{"recordings", "/Recordings.json"},
	{"siprec", "/Siprec.json"},
	{"streams", "/Streams.json"},
	{"transcriptions", "/Transcriptions.json"},
	{"user_defined_message_subscriptions", "/UserDefinedMessageSubscriptions.json"},
	{"user_defined_messages", "/UserDefinedMessages.json"},
}

func (c *call) finished() bool { return !slices.Contains(callStatuses[:3], c.Status) }

// addCall stores a call and starts its life, or continues it from the status
// that it was seeded with.
func (s *state) addCall(a *account, c *call) {
	s.initRecord(&c.record, "CA")
	c.AccountSID = a.SID
	c.APIVersion = apiVersion
	c.FromFormatted = cmp.Or(c.FromFormatted, display(c.From))
	c.ToFormatted = cmp.Or(c.ToFormatted, display(c.To))
	c.account = a
	c.answered = c.Status == "completed"
	if c.script != nil {
		s.bind(c)
	}
	addTo(a, c)
	if c.finished() {
		s.countCall(c)
	}
	s.continueCall(c, s.now())
}

// continueCall schedules what happens to the call next.
func (s *state) continueCall(c *call, now time.Time) {
	was := c.Status
	step := func(d time.Duration, change func(now time.Time)) {
		s.after(now, d, func(now time.Time) {
			if c.Status == was { // it hasn't been ended in the meantime
				change(now)
			}
		})
	}
	switch c.Status {
	case "queued":
		step(queueTime, func(now time.Time) {
			if s.outcomeOf(c) == "failed" {
				s.endCall(c, "failed", now)
				return
			}
			c.Status, c.QueueTime = "ringing", intString(queueTime.Milliseconds())
			c.StartTime, c.Updated = at(now), at(now)
			s.reportCall(c, "initiated")
			s.reportCall(c, "ringing")
			s.continueCall(c, now)
		})
	case "ringing":
		switch outcome := s.outcomeOf(c); {
		case c.script != nil && c.script.asking:
		case outcome == "no-answer":
			step(s.ringsFor(c), func(now time.Time) { s.endCall(c, outcome, now) })
		case outcome != "":
			step(ringTime, func(now time.Time) { s.endCall(c, outcome, now) })
		default:
			step(ringTime, func(now time.Time) {
				s.answerCall(c, now)
				s.connected(c)
			})
		}
	case "in-progress":
		if c.since.IsZero() {
			c.since, c.answered = now, true
		}
		step(s.lastsUntil(c).Sub(now), func(now time.Time) {
			if !now.Before(s.lastsUntil(c)) { // nothing has kept it on the line
				s.endCall(c, "completed", now)
			}
		})
	case "completed":
		if c.answered && !c.Price.Valid {
			s.after(now, pricingDelay, func(now time.Time) { s.chargeCall(c, now) })
		}
	}
}

// ringsFor is how long a call rings that nobody answers.
func (s *state) ringsFor(c *call) time.Duration {
	if c.script == nil || c.script.ringFor == 0 {
		return defaultRing
	}
	return c.script.ringFor
}

// maxTalk is the longest that a call lasts whose other side doesn't hang up, if it
// has no TimeLimit.
const maxTalk = 4 * time.Hour

// lastsUntil is when the other side of a call in progress hangs up. It doesn't
// while it talks to another call, unless its outcome says so.
func (s *state) lastsUntil(c *call) time.Time {
	d, strict := s.hangsUpAfter(c)
	until := c.since.Add(d)
	if sc := c.script; sc != nil && !strict {
		longest := c.since.Add(max(d, maxTalk))
		if sc.talking {
			until = longest
		} else if sc.patient.After(c.since) {
			until = earlier(sc.patient.Add(d), longest)
		}
	}
	if c.limit > 0 {
		until = earlier(until, c.since.Add(c.limit))
	}
	return until
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// endCall finishes a call, which leaves its conference and its queue.
func (s *state) endCall(c *call, status string, now time.Time) {
	queued := c.Status == "queued"
	c.end(status, now)
	s.stopRecordings(c.recordings, now)
	s.countCall(c)
	c.leaveQueue()
	if c.participant != nil {
		s.leave(c.participant, false, now)
	}
	if c.script != nil {
		s.interrupt(c)
		if !queued || status != "canceled" {
			s.reportCall(c, "completed")
		}
		if c.script.leg != nil {
			s.legEnded(c.script.leg)
		}
	}
	s.continueCall(c, now)
}

// end finishes a call. Its duration counts from when it was answered.
func (c *call) end(status string, now time.Time) {
	c.Duration = 0
	if c.Status == "in-progress" {
		c.Duration = intString(now.Sub(c.StartTime.Time) / time.Second)
	}
	c.Status, c.EndTime, c.Updated = status, at(now), at(now)
}

// minutes is what a call is billed for: started minutes, counted from when it
// is answered.
func (c *call) minutes() int64 {
	if !c.answered {
		return 0
	}
	return max(1, (int64(c.Duration)+59)/60)
}

func (c *call) category() string { return "calls-" + directionSuffix(c.Direction) }

// day is the day on which usage counts the call.
func (c *call) day() time.Time { return cmp.Or(c.StartTime, c.Created).Time }

// countCall counts a finished call as usage.
func (s *state) countCall(c *call) {
	used := amounts{1, decimalOf(c.minutes()), charge(c.Price, c.PriceUnit)}
	s.bill(c.account, c.day(), c.category(), used)
}

// chargeCall sets the price of a finished call.
func (s *state) chargeCall(c *call, now time.Time) {
	price := usd(outboundPrice)
	if c.Direction == "inbound" {
		price = usd(inboundPrice)
	}
	price.Decimal = price.Decimal.Mul(decimalOf(c.minutes()))
	c.Price, c.PriceUnit, c.Updated = price, cmp.Or(c.PriceUnit, "USD"), at(now)
	s.bill(c.account, c.day(), c.category(), amounts{price: charge(c.Price, c.PriceUnit)})
}

func listCalls(rq *request) (any, *problem) {
	p := rq.filters()
	to, from := normalize(p.Get("To")), normalize(p.Get("From"))
	parent := nullString(p.Get("ParentCallSid"))
	status := p.oneOf("Status", 20001, callStatuses...)
	start, end := p.dateFilter("StartTime", rq.secondGrain), p.dateFilter("EndTime", rq.secondGrain)
	if p.prob != nil {
		return nil, p.prob
	}
	return list(rq, "calls", func(c *call) bool {
		return (to == "" || c.To == to) && (from == "" || c.From == from) &&
			(parent == "" || c.ParentCallSID == parent) && (status == "" || c.Status == status) && start.holds(c.StartTime.Time) && end.holds(c.EndTime.Time)
	})
}

func createCall(rq *request) (any, *problem) {
	p := rq.params()
	c := rq.dial(p)
	validateWebhooks(p)
	if p.application("ApplicationSid", rq.account, 21218) == "" && !p.Has("Url") && !p.Has("Twiml") {
		p.reject(failf(21205, "Url, Twiml or ApplicationSid is required"))
	}
	if strings.Trim(p.Get("SendDigits"), "0123456789ABCD#*wW") != "" {
		p.reject(fail(21206))
	}
	c.recordIfAsked(p)
	rq.readHooks(c, p)
	if p.prob != nil {
		return nil, p.prob
	}
	if prob := rq.checkCaller(c); prob != nil {
		return nil, prob
	}
	rq.addCall(rq.account, c)
	rq.logEvent(c, http.StatusCreated)
	return c.wire(), nil
}

// dial returns a new outbound call from the parameters that say whom to call.
func (rq *request) dial(p *params) *call {
	c := &call{
		To: normalize(p.required("To", 21201)), From: normalize(p.required("From", 21213)),
		Status: "queued", Direction: "outbound-api", Duration: unsetInt, QueueTime: unsetInt, PriceUnit: "USD",
		limit: time.Duration(p.int("TimeLimit", 0)) * time.Second,
	}
	if !isCallable(c.To) {
		p.reject(failf(21211, "The 'To' number %s is not a valid phone number", c.To))
	}
	if !isCallable(c.From) {
		p.reject(failf(21212, "The 'From' number %s is not a valid phone number", c.From))
	}
	if number := rq.numberOf(rq.account, c.From); number != nil {
		c.PhoneNumberSID = nullString(number.SID)
	}
	return c
}

// checkCaller checks that the account may call from and to the numbers.
func (rq *request) checkCaller(c *call) *problem {
	if rq.ownedSenders && isPhoneNumber(c.From) && c.PhoneNumberSID == "" && !rq.account.verified(c.From) {
		return fail(21210)
	}
	if rq.trial && !rq.account.verified(c.To) {
		return fail(21219)
	}
	return nil
}

// validateWebhooks checks the instructions for a call, which create and update
// share.
func validateWebhooks(p *params) {
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
	c, prob := lookup[*call](rq)
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	validateWebhooks(p)
	status := p.oneOf("Status", 20001, "completed", "canceled")
	limit := p.int("TimeLimit", 0)
	redirected := p.Get("Url") != "" || p.Get("Twiml") != ""
	switch {
	case p.prob != nil:
		return nil, p.prob
	case c.finished(),
		status == "canceled" && c.Status == "in-progress",
		status == "" && redirected && c.Status != "in-progress":
		return nil, failf(21220, "The call is %s, which is not a state for this change", c.Status)
	case status != "":
		rq.endCall(c, status, rq.now)
	default:
		if limit > 0 {
			c.limit = time.Duration(limit) * time.Second
			rq.continueCall(c, rq.now)
		}
		rq.updateHooks(c, p)
		if redirected {
			rq.redirectCall(c, hook{p.Get("Url"), p.Get("Method")}, p.Get("Twiml"))
			c.leaveQueue()
		}
		if redirected && c.participant != nil {
			rq.leave(c.participant, false, rq.now)
		}
	}
	c.Updated = at(rq.now)
	rq.logEvent(c, http.StatusOK)
	return c.wire(), nil
}

func deleteCall(rq *request) (any, *problem) {
	if c, prob := lookup[*call](rq); prob == nil && !c.finished() {
		return nil, fail(20009)
	}
	return remove[*call](rq)
}
