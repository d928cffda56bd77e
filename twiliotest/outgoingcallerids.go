package twiliotest

import (
	"cmp"
	"fmt"
	"time"
)

var outgoingCallerIDRoutes = []route{
	{"GET", "/OutgoingCallerIds", listCallerIDs, 200},
	{"POST", "/OutgoingCallerIds", whileActive(createValidation), 200},
	{"GET", "/OutgoingCallerIds/{Sid}", fetch[*callerID], 200},
	{"POST", "/OutgoingCallerIds/{Sid}", updateCallerID, 200},
	{"DELETE", "/OutgoingCallerIds/{Sid}", remove[*callerID], 204},
}

// A callerID is a phone number that an account doesn't own but may call from,
// because its owner has confirmed it.
type callerID struct {
	record
	AccountSID   string `json:"account_sid"`
	FriendlyName string `json:"friendly_name"`
	PhoneNumber  string `json:"phone_number"`
}

// confirmationTime is how long the owner of a number takes to answer the call
// and to enter the validation code.
const confirmationTime = 20 * time.Second

func (c *callerID) wire() any {
	return &struct {
		*callerID
		URI string `json:"uri"`
	}{c, root + "/Accounts/" + c.AccountSID + "/OutgoingCallerIds/" + c.SID + ".json"}
}

func (s *state) addCallerID(a *account, c *callerID) {
	s.initRecord(&c.record, "PN")
	c.AccountSID = a.SID
	c.FriendlyName = cmp.Or(c.FriendlyName, display(c.PhoneNumber))
	addTo(a, c)
}

// verified reports whether the account has verified the number.
func (a *account) verified(phone string) bool {
	for c := range resourcesOf[*callerID](a).all() {
		if c.PhoneNumber == phone {
			return true
		}
	}
	return false
}

func listCallerIDs(rq *request) (any, *problem) {
	p := rq.filters()
	phone, name := normalize(p.Get("PhoneNumber")), p.Get("FriendlyName")
	return list(rq, "outgoing_caller_ids", func(c *callerID) bool {
		return (phone == "" || c.PhoneNumber == phone) && (name == "" || c.FriendlyName == name)
	})
}

// createValidation starts a validation: Twilio calls the number, and its owner
// enters the code. In the fake the owner always does, some time later.
func createValidation(rq *request) (any, *problem) {
	p := rq.params()
	c := &callerID{PhoneNumber: normalize(p.Get("PhoneNumber")), FriendlyName: p.Get("FriendlyName")}
	c.FriendlyName = cmp.Or(c.FriendlyName, display(c.PhoneNumber))
	delay := p.int("CallDelay", 0)
	report := p.subscription("StatusCallback").hook
	if !isPhoneNumber(c.PhoneNumber) {
		p.reject(fail(21421))
	}
	if p.prob != nil {
		return nil, p.prob
	}
	if rq.account.verified(c.PhoneNumber) {
		return nil, fail(21450)
	}
	// The call itself is nowhere to be read.
	validation := &call{
		record: record{SID: rq.sid("CA")}, AccountSID: rq.account.SID, APIVersion: apiVersion, Direction: "outbound-api",
		From: validationCaller, To: c.PhoneNumber, Status: "completed",
	}
	account, s := rq.account, rq.state
	s.after(rq.now, time.Duration(delay)*time.Second+confirmationTime, func(now time.Time) {
		if failed := s.outcomeOf(validation); failed != "" {
			validation.Status = failed
			s.reportValidation(account, validation, report, pairs{{"VerificationStatus", "failed"}})
			return
		}
		c.Created = at(now)
		if !account.verified(c.PhoneNumber) {
			s.addCallerID(account, c)
		}
		s.reportValidation(account, validation, report, pairs{{"VerificationStatus", "success"}, {"OutgoingCallerIdSid", c.SID}})
	})
	return map[string]any{
		"account_sid":     rq.account.SID,
		"call_sid":        validation.SID,
		"friendly_name":   c.FriendlyName,
		"phone_number":    c.PhoneNumber,
		"validation_code": fmt.Sprintf("%06d", rq.random.Uint64()%1_000_000),
	}, nil
}

// validationCaller is the number from which Twilio calls to validate another.
const validationCaller = "+14157234000"

// reportValidation tells the status callback how a validation has ended.
func (s *state) reportValidation(a *account, c *call, report hook, result pairs) {
	s.send(a, WebhookCallerID, c.SID, report, append(c.params(), result...))
}

func updateCallerID(rq *request) (any, *problem) {
	c, prob := lookup[*callerID](rq)
	if prob != nil {
		return nil, prob
	}
	set(rq.params(), "FriendlyName", &c.FriendlyName)
	c.Updated = at(rq.now)
	return c.wire(), nil
}
