package twilio

import (
	"context"
	"iter"
)

// A CallNotificationService reads the errors and warnings of a call.
//
// See https://www.twilio.com/docs/voice/api/call-notification-resource.
type CallNotificationService struct{ notifications endpoint }

func (s *CallNotificationService) endpoint() endpoint { return orEmpty(s).notifications }

var callNotifications = &route{name: "calls.notifications",
	path: "/Calls/{callSID:CA}/Notifications/{sid:NO}", list: "notifications"}

// Get reads one notification, with the parameters of the request and your
// response.
func (s *CallNotificationService) Get(ctx context.Context, callSID, sid string, opts ...RequestOption) (*Notification, error) {
	return send[*Notification](ctx, s.endpoint().get(opts, callSID, sid))
}

// List returns the first page of the notifications that match.
func (s *CallNotificationService) List(ctx context.Context, callSID string, params NotificationListParams, opts ...RequestOption) (*Page[Notification], error) {
	return pageOf[Notification](ctx, s.endpoint().query(params, opts, callSID))
}

// All iterates over the notifications that match, fetching pages as they are
// needed.
func (s *CallNotificationService) All(ctx context.Context, callSID string, params NotificationListParams, opts ...RequestOption) iter.Seq2[*Notification, error] {
	return all[*Notification](ctx, s.endpoint(), params, opts, callSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *CallNotificationService) Resume(ctx context.Context, callSID, cursor string, opts ...RequestOption) (*Page[Notification], error) {
	return pageOf[Notification](ctx, s.endpoint().resumed(cursor, opts, callSID))
}
