package twilio

import (
	"context"
	"iter"
	"time"
)

// The levels of a [Notification], and of a filter by Log:
// new(NotificationError).
const (
	NotificationError   = 0
	NotificationWarning = 1
)

// A Notification is an error or a warning that Twilio logged on the account, or
// during a call: what Twilio's debugger shows.
//
// See https://www.twilio.com/docs/usage/api/notification and
// https://www.twilio.com/docs/voice/api/call-notification-resource.
type Notification struct {
	// SID identifies the notification: NO and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the notification is about.
	AccountSID string `json:"account_sid"`
	// CallSID is the call that the notification is about, if it is about one.
	CallSID string `json:"call_sid"`
	// APIVersion is the version of the API in use; empty where none was.
	APIVersion string `json:"api_version"`
	// Log is the level: NotificationError or NotificationWarning.
	Log int `json:"log"`
	// ErrorCode is Twilio's code for what went wrong.
	ErrorCode int `json:"error_code"`
	// MoreInfo is a link to the code's documentation.
	MoreInfo string `json:"more_info"`
	// MessageText describes what went wrong, often as a query string.
	MessageText string `json:"message_text"`
	// MessageDate is when it went wrong, in UTC. DateCreated may be later.
	MessageDate time.Time `json:"message_date"`
	// RequestURL is your URL that Twilio requested, or the URL of the API that
	// you requested.
	RequestURL string `json:"request_url"`
	// RequestMethod is how RequestURL was requested.
	RequestMethod HTTPMethod `json:"request_method"`
	// RequestVariables are the parameters of the request, as a query string.
	// They may hold phone numbers and texts of messages. Only Get returns them.
	RequestVariables string `json:"request_variables"`
	// ResponseHeaders are the headers of your response, as a query string. Only
	// Get returns them.
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

func (n *Notification) dates() []time.Time { return []time.Time{n.MessageDate} }

// NotificationListParams are the filters of the lists of notifications:
// [NotificationService.List], [CallNotificationService.List] and their All.
//
// The range is half-open, [After, Before), and exact to the second: Twilio
// filters by whole UTC days, and the client drops what lies outside.
type NotificationListParams struct {
	// Log selects errors, new(NotificationError), or warnings,
	// new(NotificationWarning). Nil selects both.
	Log *int `url:"Log,omitempty"`
	// MessageDate selects the notifications from the UTC day of this time.
	MessageDate time.Time `url:"MessageDate,omitempty" layout:"2006-01-02"`
	// MessageDateAfter selects notifications from this time or later.
	MessageDateAfter time.Time `url:"MessageDate>,omitempty" layout:"2006-01-02"`
	// MessageDateBefore selects notifications from before this time.
	MessageDateBefore time.Time `url:"MessageDate<,omitempty" layout:"2006-01-02"`
	// Limit ends the list after so many notifications; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many notifications one request asks for, 1 to 1000. Zero
	// lets the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p NotificationListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

func (p NotificationListParams) check(r *request) error {
	return oneRange(r, "MessageDate", p.MessageDateAfter, p.MessageDateBefore)
}

func (p NotificationListParams) normalized() any {
	p.MessageDateBefore = nextDay(p.MessageDateBefore)
	return p
}

func (p NotificationListParams) ranges() []timeRange {
	return []timeRange{{After: p.MessageDateAfter, Before: p.MessageDateBefore, param: "MessageDate", wholeDays: true}}
}

// A NotificationService reads the errors and warnings of the account that the
// client acts on.
//
// See https://www.twilio.com/docs/usage/api/notification.
type NotificationService struct{ notifications endpoint }

func (s *NotificationService) endpoint() endpoint { return orEmpty(s).notifications }

var notifications = &route{name: "notifications", path: "/Notifications/{sid:NO}", list: "notifications"}

// Get returns one notification, with the parameters of the request and your
// response.
func (s *NotificationService) Get(ctx context.Context, sid string, opts ...RequestOption) (*Notification, error) {
	return send[*Notification](ctx, s.endpoint().get(opts, sid))
}

// List returns the first page of the notifications that match.
func (s *NotificationService) List(ctx context.Context, params NotificationListParams, opts ...RequestOption) (*Page[Notification], error) {
	return pageOf[Notification](ctx, s.endpoint().query(params, opts))
}

// All iterates over the notifications that match, fetching pages as they are
// needed.
func (s *NotificationService) All(ctx context.Context, params NotificationListParams, opts ...RequestOption) iter.Seq2[*Notification, error] {
	return all[*Notification](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *NotificationService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[Notification], error) {
	return pageOf[Notification](ctx, s.endpoint().resumed(cursor, opts))
}
