package twiliotest

import (
	"cmp"
	"strconv"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

var notificationRoutes = []route{
	{"GET", "/Notifications", listNotifications, 200},
	{"GET", "/Notifications/{Sid}", fetch[*notification], 200},
}

// A notification is an error or a warning of the account, or of one of its calls.
type notification struct {
	record
	AccountSID    string     `json:"account_sid"`
	APIVersion    string     `json:"api_version"`
	CallSID       nullString `json:"call_sid"`
	ErrorCode     intString  `json:"error_code"`
	Log           intString  `json:"log"`
	MessageDate   timestamp  `json:"message_date"`
	MessageText   string     `json:"message_text"`
	MoreInfo      string     `json:"more_info"`
	RequestMethod nullString `json:"request_method"`
	RequestURL    string     `json:"request_url"`

	requestVariables, responseBody, responseHeaders string
}

// uriBelow is where the notification is: below its call, or below its account
// where c is nil.
func (n *notification) uriBelow(c *call) string {
	parent := root + "/Accounts/" + n.AccountSID
	if c != nil {
		parent = c.path()
	}
	return parent + "/Notifications/" + n.SID + ".json"
}

func (n *notification) wire() any { return n.whole(n.uriBelow(nil)) }

// whole is the notification with what was sent and received, which lists leave
// out.
func (n *notification) whole(uri string) any {
	return &struct {
		*notification
		RequestVariables string `json:"request_variables"`
		ResponseBody     string `json:"response_body"`
		ResponseHeaders  string `json:"response_headers"`
		URI              string `json:"uri"`
	}{n, n.requestVariables, n.responseBody, n.responseHeaders, uri}
}

// AddNotification adds an error or a warning to an account, and to one of its calls
// where CallSID names it, and returns it. The server itself adds those of webhooks
// that fail and of TwiML that isn't valid.
func (s *Server) AddNotification(accountSID string, n twilio.Notification) *twilio.Notification {
	return added[twilio.Notification](s, func() resource {
		a := s.mustAccount(accountSID)
		stored := &notification{
			record:           record{SID: n.SID, Created: at(cmp.Or(n.DateCreated, n.MessageDate)), Updated: at(n.DateUpdated)},
			AccountSID:       a.SID,
			APIVersion:       cmp.Or(n.APIVersion, apiVersion),
			CallSID:          nullString(n.CallSID),
			ErrorCode:        intString(n.ErrorCode),
			Log:              intString(n.Log),
			MessageText:      n.MessageText,
			MoreInfo:         cmp.Or(n.MoreInfo, "https://www.twilio.com/docs/errors/"+strconv.Itoa(n.ErrorCode)),
			RequestMethod:    nullString(n.RequestMethod),
			RequestURL:       n.RequestURL,
			requestVariables: n.RequestVariables,
			responseBody:     n.ResponseBody,
			responseHeaders:  n.ResponseHeaders,
		}
		s.state.initRecord(&stored.record, "NO")
		stored.MessageDate = at(cmp.Or(n.MessageDate, stored.Created.Time))
		addTo(a, stored)
		return stored
	})
}

func listNotifications(rq *request) (any, *problem) { return notificationsOf(rq, nil) }

// notificationsOf is a page of the notifications of a call, or of all where c is
// nil.
func notificationsOf(rq *request, c *call) (any, *problem) {
	p := rq.filters()
	happened := p.dateFilter("MessageDate", rq.secondGrain)
	level := p.oneOf("Log", 20001, "0", "1")
	if p.prob != nil {
		return nil, p.prob
	}
	return page(rq, "notifications", resourcesOf[*notification](rq.account), func(n *notification) bool {
		return (c == nil || string(n.CallSID) == c.SID) && happened.holds(n.MessageDate.Time) &&
			(level == "" || strconv.Itoa(int(n.Log)) == level)
	}, func(n *notification) any {
		return &struct {
			*notification
			URI string `json:"uri"`
		}{n, n.uriBelow(c)}
	})
}
