package twiliotest

import (
	"cmp"
	"slices"
	"unicode/utf8"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Connect apps are made in Twilio's Console, and not by the API.
var connectAppRoutes = []route{
	{"GET", "/ConnectApps", listConnectApps, 200},
	{"GET", "/ConnectApps/{Sid}", fetch[*connectApp], 200},
	{"POST", "/ConnectApps/{Sid}", updateConnectApp, 200},
	{"DELETE", "/ConnectApps/{Sid}", remove[*connectApp], 204},
	{"GET", "/AuthorizedConnectApps", listAuthorizedConnectApps, 200},
	{"GET", "/AuthorizedConnectApps/{ConnectAppSid}", fetchAuthorizedConnectApp, 200},
}

var connectAppPermissions = []string{"get-all", "post-all"}

// A connectApp is an application that other accounts may authorize. The API
// doesn't say when it was made.
type connectApp struct {
	record                    `json:"-"`
	AccountSID                string     `json:"account_sid"`
	AuthorizeRedirectURL      nullString `json:"authorize_redirect_url"`
	CompanyName               nullString `json:"company_name"`
	DeauthorizeCallbackMethod string     `json:"deauthorize_callback_method"`
	DeauthorizeCallbackURL    nullString `json:"deauthorize_callback_url"`
	Description               nullString `json:"description"`
	FriendlyName              nullString `json:"friendly_name"`
	HomepageURL               nullString `json:"homepage_url"`
	Permissions               []string   `json:"permissions"`
}

func (c *connectApp) wire() any {
	return &struct {
		*connectApp
		SID string `json:"sid"`
		URI string `json:"uri"`
	}{c, c.SID, root + "/Accounts/" + c.AccountSID + "/ConnectApps/" + c.SID + ".json"}
}

// AddConnectApp adds a Connect app to an account, as Twilio's Console does, and
// returns it.
func (s *Server) AddConnectApp(accountSID string, c twilio.ConnectApp) *twilio.ConnectApp {
	return added[twilio.ConnectApp](s, func() resource {
		a := s.mustAccount(accountSID)
		stored := &connectApp{
			record:                    record{SID: c.SID},
			AccountSID:                a.SID,
			AuthorizeRedirectURL:      nullString(c.AuthorizeRedirectURL),
			CompanyName:               nullString(c.CompanyName),
			DeauthorizeCallbackMethod: cmp.Or(string(c.DeauthorizeCallbackMethod), "POST"),
			DeauthorizeCallbackURL:    nullString(c.DeauthorizeCallbackURL),
			Description:               nullString(c.Description),
			FriendlyName:              nullString(c.FriendlyName),
			HomepageURL:               nullString(c.HomepageURL),
			Permissions:               permissions(c.Permissions),
		}
		s.state.initRecord(&stored.record, "CN")
		addTo(a, stored)
		return stored
	})
}

func permissions(all []twilio.ConnectAppPermission) []string {
	texts := []string{}
	for _, p := range all {
		texts = append(texts, string(p))
	}
	return texts
}

func listConnectApps(rq *request) (any, *problem) { return list(rq, "connect_apps", all[*connectApp]) }

func updateConnectApp(rq *request) (any, *problem) {
	c, prob := lookup[*connectApp](rq)
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	next := *c
	set(p, "FriendlyName", &next.FriendlyName)
	if utf8.RuneCountInString(string(next.FriendlyName)) > maxFriendlyName {
		p.reject(failf(20001, "FriendlyName must have at most %d characters", maxFriendlyName))
	}
	set(p, "CompanyName", &next.CompanyName)
	set(p, "Description", &next.Description)
	setURL(p, "HomepageUrl", &next.HomepageURL, 21402)
	setURL(p, "AuthorizeRedirectUrl", &next.AuthorizeRedirectURL, 21402)
	setURL(p, "DeauthorizeCallbackUrl", &next.DeauthorizeCallbackURL, 21402)
	setMethod(p, "DeauthorizeCallbackMethod", &next.DeauthorizeCallbackMethod, 21403)
	if wanted := p.Values["Permissions"]; len(wanted) > 0 {
		next.Permissions = slices.Clone(wanted)
	}
	for _, permission := range next.Permissions {
		if !slices.Contains(connectAppPermissions, permission) {
			p.reject(failf(20001, "Permissions must be get-all or post-all"))
		}
	}
	if p.prob != nil {
		return nil, p.prob
	}
	*c = next
	return c.wire(), nil
}

// An authorizedConnectApp is a Connect app of somebody else that may act in the
// account. Its SID is that of the Connect app.
type authorizedConnectApp struct {
	record       `json:"-"`
	AccountSID   string     `json:"account_sid"`
	CompanyName  nullString `json:"connect_app_company_name"`
	Description  nullString `json:"connect_app_description"`
	FriendlyName nullString `json:"connect_app_friendly_name"`
	HomepageURL  nullString `json:"connect_app_homepage_url"`
	Permissions  []string   `json:"permissions"`
}

func (c *authorizedConnectApp) wire() any {
	return &struct {
		*authorizedConnectApp
		ConnectAppSID string `json:"connect_app_sid"`
		URI           string `json:"uri"`
	}{c, c.SID, root + "/Accounts/" + c.AccountSID + "/AuthorizedConnectApps/" + c.SID + ".json"}
}

// AddAuthorizedConnectApp authorizes a Connect app of somebody else on an
// account, as its owner does in Twilio's Console, and returns the
// authorization.
func (s *Server) AddAuthorizedConnectApp(accountSID string, c twilio.AuthorizedConnectApp) *twilio.AuthorizedConnectApp {
	return added[twilio.AuthorizedConnectApp](s, func() resource {
		a := s.mustAccount(accountSID)
		stored := &authorizedConnectApp{
			record:       record{SID: c.ConnectAppSID},
			AccountSID:   a.SID,
			CompanyName:  nullString(c.ConnectAppCompanyName),
			Description:  nullString(c.ConnectAppDescription),
			FriendlyName: nullString(c.ConnectAppFriendlyName),
			HomepageURL:  nullString(c.ConnectAppHomepageURL),
			Permissions:  permissions(c.Permissions),
		}
		s.state.initRecord(&stored.record, "CN")
		addTo(a, stored)
		return stored
	})
}

func listAuthorizedConnectApps(rq *request) (any, *problem) {
	return list(rq, "authorized_connect_apps", all[*authorizedConnectApp])
}

func fetchAuthorizedConnectApp(rq *request) (any, *problem) {
	c, prob := lookupBy[*authorizedConnectApp](rq, "ConnectAppSid")
	if prob != nil {
		return nil, prob
	}
	return c.wire(), nil
}
