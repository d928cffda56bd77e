package twilio

import (
	"context"
	"iter"
	"net/url"
	"time"
)

// A Queue is a line in which calls wait until they are taken out: by a Dial to
// the queue, or with [QueueMemberService.Update].
//
// See https://www.twilio.com/docs/voice/api/queue-resource.
type Queue struct {
	// SID identifies the queue: QU and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that owns the queue.
	AccountSID string `json:"account_sid"`
	// FriendlyName is the name by which TwiML enqueues calls.
	FriendlyName string `json:"friendly_name"`
	// CurrentSize is how many calls are waiting.
	CurrentSize int `json:"current_size"`
	// MaxSize is how many calls can wait.
	MaxSize int `json:"max_size"`
	// AverageWaitTime is how long those who are waiting have waited, on
	// average, in seconds.
	AverageWaitTime int `json:"average_wait_time"`
	// DateCreated is when the queue was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the queue was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the queue's own path.
	URI string `json:"uri"`
}

// QueueCreateParams are the parameters of [QueueService.Create]. FriendlyName
// is required.
type QueueCreateParams struct {
	// FriendlyName is the name of the queue, at most 64 characters.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// MaxSize is how many calls can wait, at most 5000; 0 leaves Twilio's
	// default of 1000.
	MaxSize int `url:"MaxSize,omitempty"`
}

func (QueueCreateParams) check(r *request) error {
	return firstError(
		required("FriendlyName", r.form.Get("FriendlyName")),
		checkFriendlyName(r.form),
		checkMaxSize(r.form),
	)
}

// QueueUpdateParams are the parameters of [QueueService.Update]. A nil field
// leaves its value unchanged.
type QueueUpdateParams struct {
	// FriendlyName is the name of the queue, at most 64 characters.
	FriendlyName *string `url:"FriendlyName,omitempty"`
	// MaxSize is how many calls can wait, at most 5000.
	MaxSize *int `url:"MaxSize,omitempty"`
}

func (QueueUpdateParams) check(r *request) error {
	return firstError(checkFriendlyName(r.form), checkMaxSize(r.form))
}

func checkMaxSize(form url.Values) error {
	return inRange("MaxSize", number(form.Get("MaxSize")), 0, 5000)
}

// QueueListParams are the parameters of [QueueService.List] and
// [QueueService.All].
type QueueListParams struct {
	// Limit ends the list after so many queues; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many queues one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p QueueListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// A QueueService creates, reads, changes and deletes the call queues of the
// account that the client acts on.
//
// See https://www.twilio.com/docs/voice/api/queue-resource.
type QueueService struct {
	// Members has the calls that wait in a queue.
	Members *QueueMemberService

	queues endpoint
}

func (s *QueueService) endpoint() endpoint { return orEmpty(s).queues }

var queues = &route{name: "queues", path: "/Queues/{sid:QU}", list: "queues"}

// Create creates an empty queue. TwiML that enqueues a call also creates the
// queue if there is none of that name. The client never retries it once it may
// have reached Twilio: after an error that matches [ErrOutcomeUnknown], check
// with List whether the queue exists before you create another.
func (s *QueueService) Create(ctx context.Context, params QueueCreateParams, opts ...RequestOption) (*Queue, error) {
	return send[*Queue](ctx, s.endpoint().create(params, opts))
}

// Get reads one queue.
func (s *QueueService) Get(ctx context.Context, sid string, opts ...RequestOption) (*Queue, error) {
	return send[*Queue](ctx, s.endpoint().get(opts, sid))
}

// Update renames a queue or changes its maximum size.
func (s *QueueService) Update(ctx context.Context, sid string, params QueueUpdateParams, opts ...RequestOption) (*Queue, error) {
	return send[*Queue](ctx, s.endpoint().update(params, opts, sid))
}

// Delete removes a queue. Twilio refuses it while calls are waiting.
func (s *QueueService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, sid)
}

// List returns the first page of the account's queues.
func (s *QueueService) List(ctx context.Context, params QueueListParams, opts ...RequestOption) (*Page[Queue], error) {
	return pageOf[Queue](ctx, s.endpoint().query(params, opts))
}

// All iterates over the account's queues, fetching pages as they are needed.
func (s *QueueService) All(ctx context.Context, params QueueListParams, opts ...RequestOption) iter.Seq2[*Queue, error] {
	return all[*Queue](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *QueueService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[Queue], error) {
	return pageOf[Queue](ctx, s.endpoint().resumed(cursor, opts))
}
