package twilio

import (
	"context"
	"iter"
	"time"
)

// QueueFront names the member at the front of a queue, whichever call that is,
// in place of a call's SID.
const QueueFront = "Front"

// A QueueMember is a call that waits in a queue. It exists until the call is
// taken out or ends.
//
// See https://www.twilio.com/docs/voice/api/member-resource.
type QueueMember struct {
	// CallSID is the call that waits.
	CallSID string `json:"call_sid"`
	// QueueSID is the queue that the call waits in.
	QueueSID string `json:"queue_sid"`
	// Position is the member's place in the queue, from 1.
	Position int `json:"position"`
	// WaitTime is how long the call has waited, in seconds.
	WaitTime int `json:"wait_time"`
	// DateEnqueued is when the call entered the queue, in UTC.
	DateEnqueued time.Time `json:"date_enqueued"`
	// URI is the member's own path.
	URI string `json:"uri"`
}

// removed describes the member that an earlier attempt took out of its queue.
func (m *QueueMember) removed(args []string) { m.QueueSID, m.CallSID = args[0], args[1] }

// QueueMemberUpdateParams are the parameters of [QueueMemberService.Update].
// URL is required.
type QueueMemberUpdateParams struct {
	// URL is where Twilio fetches the TwiML that the call continues with.
	URL *string `url:"Url,omitempty"`
	// Method is how URL is requested; Twilio's default is POST.
	Method *HTTPMethod `url:"Method,omitempty"`
}

func (QueueMemberUpdateParams) check(r *request) error { return required("URL", r.form.Get("Url")) }

// repeatable is true for a call that is named by its SID. The front is another
// call each time, so a second attempt would take out a second call.
func (QueueMemberUpdateParams) repeatable(r *request) bool {
	return isSIDOf(r.args[len(r.args)-1], "CA")
}

// QueueMemberListParams are the parameters of [QueueMemberService.List] and
// [QueueMemberService.All].
type QueueMemberListParams struct {
	// Limit ends the list after so many members; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many members one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p QueueMemberListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// A QueueMemberService reads the calls that wait in a queue, and takes them
// out.
//
// See https://www.twilio.com/docs/voice/api/member-resource.
type QueueMemberService struct{ members endpoint }

func (s *QueueMemberService) endpoint() endpoint { return orEmpty(s).members }

var queueMembers = &route{name: "queues.members",
	path: "/Queues/{queueSID:QU}/Members/{callSID:*}", list: "queue_members"}

// Get reads one member of a queue, by the SID of its call or [QueueFront].
func (s *QueueMemberService) Get(ctx context.Context, queueSID, callSID string, opts ...RequestOption) (*QueueMember, error) {
	return send[*QueueMember](ctx, s.endpoint().get(opts, queueSID, callSID))
}

// Update takes a call out of the queue and continues it with other TwiML.
// callSID is the SID of the call, or [QueueFront] for the one that comes next.
//
// The client retries it for a call that you name. If the response to an attempt
// was lost and the call isn't in the queue afterwards, Update succeeds, and the
// member has only CallSID and QueueSID. The client never retries it for the
// front once the request may have reached Twilio, because a second attempt
// would take out the next call: the error then matches [ErrOutcomeUnknown].
func (s *QueueMemberService) Update(ctx context.Context, queueSID, callSID string, params QueueMemberUpdateParams, opts ...RequestOption) (*QueueMember, error) {
	return send[*QueueMember](ctx, s.endpoint().update(params, opts, queueSID, callSID))
}

// List returns the first page of the members of a queue, the front first.
func (s *QueueMemberService) List(ctx context.Context, queueSID string, params QueueMemberListParams, opts ...RequestOption) (*Page[QueueMember], error) {
	return pageOf[QueueMember](ctx, s.endpoint().query(params, opts, queueSID))
}

// All iterates over the members of a queue, the front first, fetching pages as
// they are needed.
func (s *QueueMemberService) All(ctx context.Context, queueSID string, params QueueMemberListParams, opts ...RequestOption) iter.Seq2[*QueueMember, error] {
	return all[*QueueMember](ctx, s.endpoint(), params, opts, queueSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *QueueMemberService) Resume(ctx context.Context, queueSID, cursor string, opts ...RequestOption) (*Page[QueueMember], error) {
	return pageOf[QueueMember](ctx, s.endpoint().resumed(cursor, opts, queueSID))
}
