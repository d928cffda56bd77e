package twiliotest

import (
	"cmp"
	"strconv"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

var callNotificationRoutes = []route{
	{"GET", "/Calls/{CallSid}/Notifications", listCallNotifications, 200},
	{"GET", "/Calls/{CallSid}/Notifications/{Sid}", fetchCallNotification, 200},
}

// A callNotification is an error or a warning of a call.
type callNotification struct {
	record
	AccountSID    string     `json:"account_sid"`
	APIVersion    string     `json:"api_version"`
	CallSID       string     `json:"call_sid"`
	ErrorCode     nullString `json:"error_code"`
	Log           string     `json:"log"`
	MessageDate   timestamp  `json:"message_date"`
	MessageText   string     `json:"message_text"`
	MoreInfo      string     `json:"more_info"`
	RequestMethod nullString `json:"request_method"`
	RequestURL    string     `json:"request_url"`
	URI           string     `json:"uri"`

	variables, headers, body string // which lists leave out
}

func (n *callNotification) listed() any { return n }

func (n *callNotification) wire() any {
	return &struct {
		*callNotification
		RequestVariables string `json:"request_variables"`
		ResponseBody     string `json:"response_body"`
		ResponseHeaders  string `json:"response_headers"`
	}{n, n.variables, n.body, n.headers}
}

// AddCallNotification adds an error or a warning to the call that CallSID
// names, and returns it.
func (s *Server) AddCallNotification(accountSID string, n twilio.Notification) *twilio.Notification {
	return added[twilio.Notification](s, func() resource {
		c, ok := resourcesOf[*call](s.mustAccount(accountSID)).get(n.CallSID)
		if !ok {
			panic("twiliotest: the account has no call " + n.CallSID)
		}
		code := strconv.Itoa(n.ErrorCode)
		stored := &callNotification{
			record:        record{SID: n.SID, Created: at(n.DateCreated), Updated: at(n.DateUpdated)},
			AccountSID:    accountSID,
			APIVersion:    cmp.Or(n.APIVersion, apiVersion),
			CallSID:       n.CallSID,
			ErrorCode:     nullString(code),
			Log:           strconv.Itoa(n.Log),
			MessageText:   n.MessageText,
			MoreInfo:      cmp.Or(n.MoreInfo, "https://www.twilio.com/docs/errors/"+code),
			RequestMethod: nullString(n.RequestMethod),
			RequestURL:    n.RequestURL,
			variables:     n.RequestVariables,
			headers:       n.ResponseHeaders,
			body:          n.ResponseBody,
		}
		s.state.initRecord(&stored.record, "NO")
		stored.MessageDate = at(cmp.Or(n.MessageDate, stored.Created.Time))
		stored.URI = c.path() + "/Notifications/" + stored.SID + ".json"
		c.own().notifications.add(stored)
		return stored
	})
}

func listCallNotifications(rq *request) (any, *problem) {
	c, prob := lookupBy[*call](rq, "CallSid")
	if prob != nil {
		return nil, prob
	}
	p := rq.filters()
	level, date := p.oneOf("Log", 20001, "0", "1"), p.dateFilter("MessageDate", rq.secondGrain)
	if p.prob != nil {
		return nil, p.prob
	}
	return page(rq, "notifications", &c.below().notifications, func(n *callNotification) bool {
		return (level == "" || n.Log == level) && date.holds(n.MessageDate.Time)
	}, (*callNotification).listed)
}

func fetchCallNotification(rq *request) (any, *problem) {
	c, prob := lookupBy[*call](rq, "CallSid")
	if prob != nil {
		return nil, prob
	}
	n, ok := c.below().notifications.get(rq.vars["Sid"])
	if !ok {
		return nil, rq.notFound()
	}
	return n.wire(), nil
}
