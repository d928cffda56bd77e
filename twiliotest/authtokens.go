package twiliotest

import (
	"net/http"
	"strconv"
	"time"
)

var authTokenRoutes = []route{
	{"POST", "/v1/AuthTokens/Secondary", withAuthToken(createSecondary), 201},
	{"DELETE", "/v1/AuthTokens/Secondary", withAuthToken(deleteSecondary), 204},
	{"POST", "/v1/AuthTokens/Promote", withAuthToken(promote), 200},
}

// AuthTokenRules are what Twilio's documentation leaves open, or contradicts,
// about the rotation of AuthTokens. The zero value is what the documentation
// says most often.
type AuthTokenRules struct {
	// ReplaceSecondary makes the creation of a second secondary token replace the
	// first. Otherwise it fails.
	ReplaceSecondary bool
	// SecondaryExistsStatus is the status of that failure; 0 means 400.
	SecondaryExistsStatus int
	// SecondaryExistsCode is the code of that failure; 0 means none.
	SecondaryExistsCode int
	// OldTokenWorks is how long the former primary token continues to work
	// after it was replaced.
	OldTokenWorks time.Duration
	// RevokeKeys makes Promote revoke the account's API keys.
	RevokeKeys bool
}

// WithAuthTokenRules sets how the rotation of AuthTokens behaves where that isn't
// documented.
func WithAuthTokenRules(rules AuthTokenRules) Option {
	return func(c *config) { c.authTokens = rules }
}

// secondaryToken is an account's second AuthToken.
type secondaryToken struct {
	record
	token string
}

// accepts reports whether a password is one of the account's tokens.
func (s *state) accepts(a *account, password string) bool {
	switch {
	case password == a.token:
		return true
	case a.secondary != nil && password == a.secondary.token:
		return true
	default:
		return a.formerToken != "" && password == a.formerToken && s.now().Before(a.formerUntil)
	}
}

// withAuthToken lets a handler run for callers that authenticate with an AuthToken.
func withAuthToken(handle handler) handler {
	return func(rq *request) (any, *problem) {
		if rq.caller.key != nil {
			return nil, fail(20003)
		}
		return handle(rq)
	}
}

func createSecondary(rq *request) (any, *problem) {
	a := rq.account
	if a.secondary != nil && !rq.authTokens.ReplaceSecondary {
		p := &problem{
			Code: rq.authTokens.SecondaryExistsCode, Status: rq.authTokens.SecondaryExistsStatus,
			Message: "The account has a secondary AuthToken already",
		}
		if p.Status == 0 {
			p.Status = http.StatusBadRequest
		}
		if p.Code != 0 {
			p.MoreInfo = "https://www.twilio.com/docs/errors/" + strconv.Itoa(p.Code)
		}
		return nil, p
	}
	a.secondary = &secondaryToken{token: rq.sid("")}
	rq.initRecord(&a.secondary.record, "")
	return &struct {
		isoDates
		AccountSID string `json:"account_sid"`
		Token      string `json:"secondary_auth_token"`
		URL        string `json:"url"`
	}{a.secondary.isoDates(), a.SID, a.secondary.token, rq.url(rq.path)}, nil
}

func deleteSecondary(rq *request) (any, *problem) {
	if rq.account.secondary == nil {
		return nil, rq.notFound()
	}
	rq.account.secondary = nil
	return nil, nil
}

func promote(rq *request) (any, *problem) {
	a := rq.account
	if a.secondary == nil {
		return nil, rq.notFound()
	}
	a.formerToken, a.formerUntil = a.token, rq.now.Add(rq.authTokens.OldTokenWorks)
	a.token = a.secondary.token
	dates := a.secondary.isoDates()
	dates.Updated = isoTime{rq.now}
	a.secondary = nil
	if rq.authTokens.RevokeKeys {
		for k := range resourcesOf[*key](a).all() {
			delete(rq.keys, k.SID)
		}
	}
	return &struct {
		isoDates
		AccountSID string `json:"account_sid"`
		Token      string `json:"auth_token"`
		URL        string `json:"url"`
	}{dates, a.SID, a.token, rq.url(rq.path)}, nil
}
