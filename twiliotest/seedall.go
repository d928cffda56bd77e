package twiliotest

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// A Seed is resources that [Server.Seed] adds together. AccountSID names the
// account that each belongs to; empty means the main account.
type Seed struct {
	Subaccounts  []twilio.Account
	PhoneNumbers []twilio.IncomingPhoneNumber
	Messages     []twilio.Message
	Calls        []twilio.Call
	UsageRecords []twilio.UsageRecord
}

// Seed adds all resources of a seed or, if it returns an error, none. The error
// names the resource and its field as Twilio's API spells them, such as
// messages[2].from. Unlike the Add methods, which trust the test, Seed is for
// what comes from outside, such as a file.
//
// It uses the fields that [Server.AddSubaccount], [Server.AddPhoneNumber],
// [Server.AddMessage], [Server.AddCall] and [Server.AddUsageRecord] use, and sets
// the SID of each resource in the seed that has none.
func (s *Server) Seed(seed *Seed) error {
	defer s.state.write()()
	check := seedCheck{state: s.state, sids: make(map[string]bool), numbers: make(map[string]bool)}
	check.all(seed)
	if check.err != nil {
		return check.err
	}
	for i := range seed.Subaccounts {
		seed.Subaccounts[i].SID = s.addSubaccount(seed.Subaccounts[i]).SID
	}
	owner := func(accountSID string) string { return cmp.Or(accountSID, s.AccountSID) }
	for i := range seed.PhoneNumbers {
		seed.PhoneNumbers[i].SID = s.addNumber(owner(seed.PhoneNumbers[i].AccountSID), seed.PhoneNumbers[i]).SID
	}
	for i := range seed.Messages {
		seed.Messages[i].SID = s.addMessage(owner(seed.Messages[i].AccountSID), seed.Messages[i]).SID
	}
	for i := range seed.Calls {
		seed.Calls[i].SID = s.addCall(owner(seed.Calls[i].AccountSID), seed.Calls[i]).SID
	}
	for _, r := range seed.UsageRecords {
		s.addUsageRecord(owner(r.AccountSID), r)
	}
	return nil
}

// A seedCheck finds the first thing in a seed that can't be.
type seedCheck struct {
	*state
	sids    map[string]bool // of the seed
	numbers map[string]bool // phone numbers of the seed
	item    string          // that is checked, such as calls[3]
	err     error
}

func (c *seedCheck) all(seed *Seed) {
	for i := range seed.Subaccounts {
		a := &seed.Subaccounts[i]
		c.item = fmt.Sprintf("subaccounts[%d]", i)
		_, taken := c.accounts.get(a.SID)
		c.sid(a.SID, taken, "AC")
		c.refuse(utf8.RuneCountInString(a.FriendlyName) > maxFriendlyName, "friendly_name", fmt.Sprintf("has more than %d characters", maxFriendlyName))
		c.oneOf("status", string(a.Status), active, suspended, closed)
	}
	for i := range seed.PhoneNumbers {
		n := &seed.PhoneNumbers[i]
		c.item = fmt.Sprintf("phone_numbers[%d]", i)
		c.owner(n.AccountSID)
		c.sid(n.SID, exists[*number](c, n.AccountSID, n.SID), "PN")
		c.refuse(n.PhoneNumber != "" && !isPhoneNumber(n.PhoneNumber), "phone_number", "is not a phone number such as +14155550100")
		c.refuse(c.owned[n.PhoneNumber] != nil || c.numbers[n.PhoneNumber], "phone_number", "is owned already")
		c.numbers[n.PhoneNumber] = n.PhoneNumber != ""
		c.hook("sms_url", n.SMSURL, "sms_method", n.SMSMethod)
		c.hook("sms_fallback_url", n.SMSFallbackURL, "sms_fallback_method", n.SMSFallbackMethod)
		c.hook("voice_url", n.VoiceURL, "voice_method", n.VoiceMethod)
		c.hook("voice_fallback_url", n.VoiceFallbackURL, "voice_fallback_method", n.VoiceFallbackMethod)
		c.hook("status_callback", n.StatusCallback, "status_callback_method", n.StatusCallbackMethod)
	}
	for i := range seed.Messages {
		m := &seed.Messages[i]
		c.item = fmt.Sprintf("messages[%d]", i)
		c.owner(m.AccountSID)
		c.sid(m.SID, exists[*message](c, m.AccountSID, m.SID), "SM", "MM")
		c.refuse(!isRecipient(m.To), "to", "is no recipient; use a phone number such as +14155550100")
		c.refuse(!isSender(m.From) && (m.From != "" || m.MessagingServiceSID == ""), "from",
			"is no sender; use a phone number such as +14155550100")
		c.oneOf("direction", string(m.Direction), "inbound", "outbound-api", "outbound-call", "outbound-reply")
		c.oneOf("status", string(m.Status), messageStatuses...)
		c.refuse(m.NumMedia < 0 || m.NumMedia > maxMedia, "num_media", fmt.Sprintf("must be 0 to %d", maxMedia))
		c.refuse(m.NumSegments < 0, "num_segments", "must be 0 or more")
		c.refuse(m.ErrorCode < 0, "error_code", "must be 0 or more")
	}
	for i := range seed.Calls {
		k := &seed.Calls[i]
		c.item = fmt.Sprintf("calls[%d]", i)
		c.owner(k.AccountSID)
		c.sid(k.SID, exists[*call](c, k.AccountSID, k.SID), "CA")
		c.refuse(!isCallable(k.To), "to", "is not callable; use a phone number such as +14155550100")
		c.refuse(!isCallable(k.From), "from", "is no caller; use a phone number such as +14155550100")
		c.oneOf("direction", string(k.Direction), "inbound", "outbound-api", "outbound-dial", "trunking-originating", "trunking-terminating")
		c.oneOf("status", string(k.Status), callStatuses...)
		c.refuse(k.Duration < 0, "duration", "must be 0 or more seconds")
		c.refuse(k.QueueTime < 0, "queue_time", "must be 0 or more milliseconds")
		c.refuse(!k.EndTime.IsZero() && k.EndTime.Before(k.StartTime), "end_time", "is before start_time")
	}
	for i := range seed.UsageRecords {
		r := &seed.UsageRecords[i]
		c.item = fmt.Sprintf("usage_records[%d]", i)
		c.owner(r.AccountSID)
		c.refuse(!usageCategory.MatchString(string(r.Category)), "category", "is no category of usage such as sms-outbound")
		c.refuse(r.StartDate.After(c.now()), "start_date", "is in the future")
		c.refuse(r.Count < 0, "count", "must be 0 or more")
		c.refuse(r.Usage.Decimal.IsNegative(), "usage", "must be 0 or more")
		c.refuse(r.Price.Decimal.IsNegative(), "price", "must be 0 or more; usage has positive prices")
	}
}

// maxMedia is how many media a message can have.
const maxMedia = 10

var messageStatuses = []string{
	"accepted", "scheduled", "canceled", "queued", "sending", "sent", "delivered", "partially_delivered", "undelivered",
	"failed", "read", "receiving", "received",
}

var (
	usageCategory = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	hexadecimal   = regexp.MustCompile(`^[0-9a-fA-F]*$`)
)

// refuse notes what is wrong with a field, if it is the first thing.
func (c *seedCheck) refuse(wrong bool, field, why string) {
	if wrong && c.err == nil {
		c.err = fmt.Errorf("twiliotest: %s.%s %s", c.item, field, why)
	}
}

func (c *seedCheck) oneOf(field, value string, allowed ...string) {
	c.refuse(value != "" && !slices.Contains(allowed, value), field,
		fmt.Sprintf("is %q; use %s", value, strings.Join(allowed, ", ")))
}

// hook checks where webhooks go.
func (c *seedCheck) hook(urlField, url, methodField string, method twilio.HTTPMethod) {
	c.refuse(url != "" && !isURL(url), urlField, "is no http or https URL")
	c.oneOf(methodField, string(method), "GET", "POST")
}

// sid checks the form of a SID, and that no other resource has it.
func (c *seedCheck) sid(sid string, taken bool, prefixes ...string) {
	if sid == "" {
		return
	}
	ok := slices.ContainsFunc(prefixes, func(prefix string) bool {
		return isSID(sid, prefix) && hexadecimal.MatchString(sid[len(prefix):])
	})
	c.refuse(!ok, "sid", fmt.Sprintf("must be %s and 32 hexadecimal digits", strings.Join(prefixes, " or ")))
	c.refuse(taken || c.sids[sid], "sid", "exists already")
	c.sids[sid] = true
}

// owner checks that an account exists or is in the seed.
func (c *seedCheck) owner(accountSID string) {
	_, ok := c.accounts.get(accountSID)
	c.refuse(accountSID != "" && !ok && !(isSID(accountSID, "AC") && c.sids[accountSID]), "account_sid", "names no account")
}

// exists reports whether the account has a resource of the SID.
func exists[T resource](c *seedCheck, accountSID, sid string) bool {
	a, ok := c.accounts.get(cmp.Or(accountSID, c.main.SID))
	if !ok {
		return false
	}
	_, ok = resourcesOf[T](a).get(sid)
	return ok
}
