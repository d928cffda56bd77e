package twiliotest

import "strconv"

var paymentRoutes = []route{
	{"POST", "/Calls/{CallSid}/Payments", createPayment, 201},
	{"POST", "/Calls/{CallSid}/Payments/{Sid}", updatePayment, 202},
}

const (
	maxPaymentTimeout = 600 // in seconds
	chargeLimit       = 1_000_000
)

var (
	bankAccountTypes  = []string{"consumer-checking", "consumer-savings", "commercial-checking"}
	paymentMethods    = []string{"credit-card", "ach-debit"}
	paymentTokenTypes = []string{"one-time", "reusable", "payment-method"}
	paymentCaptures   = []string{
		"payment-card-number", "expiration-date", "security-code", "postal-code", "bank-routing-number", "bank-account-number",
		"payment-card-number-matcher", "expiration-date-matcher", "security-code-matcher", "postal-code-matcher",
	}
)

// A payment is a session in which a caller pays, until it is completed or
// canceled or the call ends.
type payment struct {
	record
	AccountSID string `json:"account_sid"`
	CallSID    string `json:"call_sid"`
	URI        string `json:"uri"`

	ended bool
	keys  map[string]bool // of its updates
}

func (p *payment) wire() any { return p }

// payment reads what create and update both require.
func (p *params) payment() (key string) {
	key = p.required("IdempotencyKey", 20001)
	p.required("StatusCallback", 20001)
	p.webhook("StatusCallback", "")
	return key
}

// createPayment begins a session. The same key is the same session.
func createPayment(rq *request) (any, *problem) {
	c, prob := rq.callInProgress()
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	p.payment()
	p.oneOf("BankAccountType", 20001, bankAccountTypes...)
	p.oneOf("PaymentMethod", 20001, paymentMethods...)
	p.oneOf("TokenType", 20001, paymentTokenTypes...)
	for _, name := range []string{"Confirmation", "PostalCode", "SecurityCode"} {
		p.bool(name)
	}
	if p.int("Timeout", 0) > maxPaymentTimeout {
		p.reject(failf(20001, "Timeout must be at most %d", maxPaymentTimeout))
	}
	if text := p.Get("ChargeAmount"); text != "" {
		if amount, err := strconv.ParseFloat(text, 64); err != nil || amount < 0 || amount >= chargeLimit {
			p.reject(failf(20001, "ChargeAmount must be at least 0 and less than %d", chargeLimit))
		}
	}
	if p.prob != nil {
		return nil, p.prob
	}
	return rq.once(c, "PK", func() resource {
		session := &payment{AccountSID: c.AccountSID, CallSID: c.SID, keys: make(map[string]bool)}
		rq.initRecord(&session.record, "PK")
		session.URI = c.path() + "/Payments/" + session.SID + ".json"
		c.own().payments.add(session)
		return session
	}), nil
}

// updatePayment asks for data or ends the session. An update whose key the
// session has seen has no effect.
func updatePayment(rq *request) (any, *problem) {
	c, prob := rq.callInProgress()
	if prob != nil {
		return nil, prob
	}
	session, ok := c.below().payments.get(rq.vars["Sid"])
	if !ok {
		return nil, rq.notFound()
	}
	p := rq.params()
	key := p.payment()
	capture := p.oneOf("Capture", 20001, paymentCaptures...)
	status := p.oneOf("Status", 20001, "complete", "cancel")
	if (capture == "") == (status == "") {
		p.reject(failf(20001, "Exactly one of Capture and Status is required"))
	}
	switch {
	case p.prob != nil:
		return nil, p.prob
	case session.keys[key]:
		return session.wire(), nil
	case session.ended:
		return nil, failf(20001, "The payment session has ended")
	}
	session.keys[key] = true
	session.ended = status != ""
	session.Updated = at(rq.now)
	return session.wire(), nil
}
