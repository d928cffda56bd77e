package twilio

import (
	"context"
	"iter"
	"time"
)

// A CallNotification is an error or a warning that Twilio logged during a call.
//
// See https://www.twilio.com/docs/voice/api/call-notification-resource.
type CallNotification struct {
	// SID identifies the notification: NO and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the call belongs to.
	AccountSID string `json:"account_sid"`
	// CallSID is the call that the notification is about.
	CallSID string `json:"call_sid"`
	// APIVersion is the version of the API that the call uses.
	APIVersion string `json:"api_version"`
	// Log is the level: 0 for an error, 1 for a warning.
	Log int `json:"log"`
	// ErrorCode is Twilio's code for what went wrong.
	ErrorCode int `json:"error_code"`
	// MoreInfo is a link to the code's documentation.
	MoreInfo string `json:"more_info"`
	// MessageText describes what went wrong, often as a query string.
	MessageText string `json:"message_text"`
	// MessageDate is when it went wrong, in UTC. DateCreated may be later.
	MessageDate time.Time `json:"message_date"`
	// RequestURL is the URL of yours that Twilio requested, or the one of the
	// API that you requested.
	RequestURL string `json:"request_url"`
	// RequestMethod is how RequestURL was requested.
	RequestMethod HTTPMethod `json:"request_method"`
	// RequestVariables are the parameters of the request, as a query string.
	// Only Get returns them.
	RequestVariables string `json:"request_variables"`
	// ResponseHeaders are the headers of your response. Only Get returns them.
	ResponseHeaders string `json:"response_headers"`
	// ResponseBody is the body of your response. Only Get returns it.
	ResponseBody string `json:"response_body"`
	// DateCreated is when the notification was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the notification was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the notification's own path.
	URI string `json:"uri"`
}

func (n *CallNotification) dates() []time.Time { return []time.Time{n.MessageDate} }

// CallNotificationListParams are the filters of [CallNotificationService.List]
// and [CallNotificationService.All].
//
// The range is half-open, [After, Before), and exact to the second: Twilio
// filters by whole UTC days, and what lies outside is dropped here.
type CallNotificationListParams struct {
	// Log selects errors, new(0), or warnings, new(1); nil selects both.
	Log *int `url:"Log,omitempty"`
	// MessageDate selects the notifications of the UTC day of this time.
	MessageDate time.Time `url:"MessageDate,omitempty" layout:"2006-01-02"`
	// MessageDateAfter selects notifications of this time or later.
	MessageDateAfter time.Time `url:"MessageDate>,omitempty" layout:"2006-01-02"`
	// MessageDateBefore selects notifications of before this time.
	MessageDateBefore time.Time `url:"MessageDate<,omitempty" layout:"2006-01-02"`
	// Limit ends the list after so many notifications; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many notifications one request asks for, 1 to 1000. Zero
	// lets the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p CallNotificationListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

func (p CallNotificationListParams) check(*request) error {
	return oneRange("MessageDate", p.MessageDate, p.MessageDateAfter, p.MessageDateBefore)
}

func (p CallNotificationListParams) normalized() any {
	p.MessageDateBefore = nextDay(p.MessageDateBefore)
	return p
}

func (p CallNotificationListParams) ranges() []timeRange {
	return []timeRange{{After: p.MessageDateAfter, Before: p.MessageDateBefore, param: "MessageDate", wholeDays: true}}
}

// A CallNotificationService reads the errors and warnings of a call.
//
// See https://www.twilio.com/docs/voice/api/call-notification-resource.
type CallNotificationService struct{ notifications endpoint }

var callNotifications = &route{name: "calls.notifications",
	path: "/Calls/{callSID:CA}/Notifications/{sid:NO}", list: "notifications"}

// Get reads one notification, with the parameters of the request and your
// response.
func (s *CallNotificationService) Get(ctx context.Context, callSID, sid string, opts ...RequestOption) (*CallNotification, error) {
	return get[CallNotification](ctx, s.notifications, opts, callSID, sid)
}

// List returns the first page of the notifications that match.
func (s *CallNotificationService) List(ctx context.Context, callSID string, params CallNotificationListParams, opts ...RequestOption) (*Page[CallNotification], error) {
	return list[CallNotification](ctx, s.notifications, params, opts, callSID)
}

// All iterates over the notifications that match, fetching pages as they are
// needed.
func (s *CallNotificationService) All(ctx context.Context, callSID string, params CallNotificationListParams, opts ...RequestOption) iter.Seq2[*CallNotification, error] {
	return all[CallNotification](ctx, s.notifications, params, opts, callSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *CallNotificationService) Resume(ctx context.Context, callSID, cursor string, opts ...RequestOption) (*Page[CallNotification], error) {
	return resume[CallNotification](ctx, s.notifications, cursor, opts, callSID)
}
