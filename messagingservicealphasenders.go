package twilio

import (
	"context"
	"iter"
	"time"
)

// A MessagingServiceAlphaSender is an alphanumeric sender ID in the pool of a
// messaging service.
//
// See https://www.twilio.com/docs/messaging/api/alphasender-resource.
type MessagingServiceAlphaSender struct {
	// SID identifies the sender: AI and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the service belongs to.
	AccountSID string `json:"account_sid"`
	// ServiceSID is the messaging service (MG…).
	ServiceSID string `json:"service_sid"`
	// AlphaSender is the text that recipients see.
	AlphaSender string `json:"alpha_sender"`
	// Capabilities are what the sender can send, such as "SMS" and "MMS".
	Capabilities []string `json:"capabilities"`
	// DateCreated is when the sender was added, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when it was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URL is where the sender is.
	URL string `json:"url"`
}

// MessagingServiceAlphaSenderCreateParams are the parameters of
// [MessagingServiceAlphaSenderService.Create].
type MessagingServiceAlphaSenderCreateParams struct {
	// AlphaSender is the text that recipients see: at most 11 English letters,
	// digits, spaces and - + _ &, but not only digits. It is required.
	AlphaSender string `url:"AlphaSender,omitempty"`
}

func (MessagingServiceAlphaSenderCreateParams) check(r *request) error {
	return required("AlphaSender", r.form.Get("AlphaSender"))
}

// repeatable is true: adding a sender that is already in the pool changes
// nothing.
func (MessagingServiceAlphaSenderCreateParams) repeatable(*request) bool { return true }

// MessagingServiceAlphaSenderListParams are the parameters of
// [MessagingServiceAlphaSenderService.List] and
// [MessagingServiceAlphaSenderService.All].
type MessagingServiceAlphaSenderListParams struct {
	// Limit ends the list after so many senders; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many senders one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p MessagingServiceAlphaSenderListParams) paging() (limit, pageSize int) {
	return p.Limit, p.PageSize
}

// A MessagingServiceAlphaSenderService adds, reads and removes the alphanumeric
// sender IDs in the pool of a messaging service, with the credentials of the
// account that the service belongs to.
//
// See https://www.twilio.com/docs/messaging/api/alphasender-resource.
type MessagingServiceAlphaSenderService struct{ senders endpoint }

func (s *MessagingServiceAlphaSenderService) endpoint() endpoint { return orEmpty(s).senders }

var messagingServiceAlphaSenders = &route{name: "messaging_services.alpha_senders",
	path: "https://messaging.twilio.com/v1/Services/{serviceSID:MG}/AlphaSenders/{sid:AI}", list: "alpha_senders"}

// Create adds a sender ID to the pool. One that is in this pool already is a
// success, so that the request is retried like a read.
func (s *MessagingServiceAlphaSenderService) Create(ctx context.Context, serviceSID string, params MessagingServiceAlphaSenderCreateParams, opts ...RequestOption) (*MessagingServiceAlphaSender, error) {
	sender := new(MessagingServiceAlphaSender)
	r, isThere, err := addSender(ctx, s.endpoint(), params, sender, opts, serviceSID)
	if !isThere {
		return valueOrError(sender, err)
	}
	for there, lookErr := range s.All(ctx, serviceSID, MessagingServiceAlphaSenderListParams{}, withoutOwnOptions(opts)...) {
		if lookErr == nil && there.AlphaSender == r.form.Get("AlphaSender") {
			return there, nil
		}
	}
	return nil, err
}

// Get reads one of the senders.
func (s *MessagingServiceAlphaSenderService) Get(ctx context.Context, serviceSID, sid string, opts ...RequestOption) (*MessagingServiceAlphaSender, error) {
	return send[*MessagingServiceAlphaSender](ctx, s.endpoint().get(opts, serviceSID, sid))
}

// Delete removes a sender from the pool.
func (s *MessagingServiceAlphaSenderService) Delete(ctx context.Context, serviceSID, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, serviceSID, sid)
}

// List returns the first page of the senders.
func (s *MessagingServiceAlphaSenderService) List(ctx context.Context, serviceSID string, params MessagingServiceAlphaSenderListParams, opts ...RequestOption) (*Page[MessagingServiceAlphaSender], error) {
	return pageOf[MessagingServiceAlphaSender](ctx, s.endpoint().query(params, opts, serviceSID))
}

// All iterates over the senders, fetching pages as they are needed.
func (s *MessagingServiceAlphaSenderService) All(ctx context.Context, serviceSID string, params MessagingServiceAlphaSenderListParams, opts ...RequestOption) iter.Seq2[*MessagingServiceAlphaSender, error] {
	return all[*MessagingServiceAlphaSender](ctx, s.endpoint(), params, opts, serviceSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *MessagingServiceAlphaSenderService) Resume(ctx context.Context, serviceSID, cursor string, opts ...RequestOption) (*Page[MessagingServiceAlphaSender], error) {
	return pageOf[MessagingServiceAlphaSender](ctx, s.endpoint().resumed(cursor, opts, serviceSID))
}
