package twiliotest

import (
	"cmp"
	"unicode/utf8"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Short codes are neither bought nor released by the API.
var shortCodeRoutes = []route{
	{"GET", "/SMS/ShortCodes", listShortCodes, 200},
	{"GET", "/SMS/ShortCodes/{Sid}", fetch[*ownedShortCode], 200},
	{"POST", "/SMS/ShortCodes/{Sid}", updateShortCode, 200},
}

// An ownedShortCode is a short code that an account has.
type ownedShortCode struct {
	record
	AccountSID        string     `json:"account_sid"`
	APIVersion        string     `json:"api_version"`
	FriendlyName      string     `json:"friendly_name"`
	ShortCode         string     `json:"short_code"`
	SMSFallbackMethod string     `json:"sms_fallback_method"`
	SMSFallbackURL    nullString `json:"sms_fallback_url"`
	SMSMethod         string     `json:"sms_method"`
	SMSURL            nullString `json:"sms_url"`
}

func (c *ownedShortCode) wire() any {
	return &struct {
		*ownedShortCode
		URI string `json:"uri"`
	}{c, root + "/Accounts/" + c.AccountSID + "/SMS/ShortCodes/" + c.SID + ".json"}
}

// AddShortCode adds a short code to an account and returns it.
func (s *Server) AddShortCode(accountSID string, c twilio.ShortCode) *twilio.ShortCode {
	return added[twilio.ShortCode](s, func() resource {
		a := s.mustAccount(accountSID)
		stored := &ownedShortCode{
			record:            record{SID: c.SID, Created: at(c.DateCreated), Updated: at(c.DateUpdated)},
			AccountSID:        a.SID,
			APIVersion:        cmp.Or(c.APIVersion, apiVersion),
			FriendlyName:      cmp.Or(c.FriendlyName, c.ShortCode),
			ShortCode:         c.ShortCode,
			SMSFallbackMethod: cmp.Or(string(c.SMSFallbackMethod), "POST"),
			SMSFallbackURL:    nullString(c.SMSFallbackURL),
			SMSMethod:         cmp.Or(string(c.SMSMethod), "POST"),
			SMSURL:            nullString(c.SMSURL),
		}
		s.state.initRecord(&stored.record, "SC")
		addTo(a, stored)
		return stored
	})
}

func listShortCodes(rq *request) (any, *problem) {
	p := rq.filters()
	name, pattern := p.Get("FriendlyName"), p.Get("ShortCode")
	return list(rq, "short_codes", func(c *ownedShortCode) bool {
		return (name == "" || c.FriendlyName == name) && (pattern == "" || containsDigits(c.ShortCode, pattern))
	})
}

// containsDigits reports whether a part of the digits is like the pattern, in
// which * stands for any digit.
func containsDigits(digits, pattern string) bool {
	for i := range len(digits) - len(pattern) + 1 {
		matches := true
		for j := range len(pattern) {
			matches = matches && (pattern[j] == '*' || pattern[j] == digits[i+j])
		}
		if matches {
			return true
		}
	}
	return false
}

func updateShortCode(rq *request) (any, *problem) {
	c, prob := lookup[*ownedShortCode](rq)
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	next := *c
	set(p, "FriendlyName", &next.FriendlyName)
	if utf8.RuneCountInString(next.FriendlyName) > maxFriendlyName {
		p.reject(failf(20001, "FriendlyName must have at most %d characters", maxFriendlyName))
	}
	set(p, "ApiVersion", &next.APIVersion)
	setURL(p, "SmsUrl", &next.SMSURL, 21402)
	setMethod(p, "SmsMethod", &next.SMSMethod, 21403)
	setURL(p, "SmsFallbackUrl", &next.SMSFallbackURL, 21402)
	setMethod(p, "SmsFallbackMethod", &next.SMSFallbackMethod, 21403)
	if p.prob != nil {
		return nil, p.prob
	}
	next.Updated = at(rq.now)
	*c = next
	return c.wire(), nil
}
