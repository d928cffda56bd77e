package twilio

import (
	"context"
	"iter"
	"time"
)

// A MessagingServiceShortCode is a short code in the pool of a messaging
// service.
//
// See https://www.twilio.com/docs/messaging/api/shortcode-resource.
type MessagingServiceShortCode struct {
	// SID is that of the short code: SC and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the service belongs to.
	AccountSID string `json:"account_sid"`
	// ServiceSID is the messaging service (MG…).
	ServiceSID string `json:"service_sid"`
	// ShortCode is the number.
	ShortCode string `json:"short_code"`
	// CountryCode is the short code's country, by its ISO 3166-1 code.
	CountryCode string `json:"country_code"`
	// Capabilities are what the sender can send, such as "SMS" and "MMS".
	Capabilities []string `json:"capabilities"`
	// DateCreated is when the sender was added, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when it was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URL is where the sender is.
	URL string `json:"url"`
}

// MessagingServiceShortCodeCreateParams are the parameters of
// [MessagingServiceShortCodeService.Create].
type MessagingServiceShortCodeCreateParams struct {
	// ShortCodeSID is the short code, one of the account's own. It is required.
	ShortCodeSID string `url:"ShortCodeSid,omitempty"`
}

func (MessagingServiceShortCodeCreateParams) check(r *request) error {
	return checkSID("ShortCodeSID", r.form.Get("ShortCodeSid"), "SC")
}

// repeatable is true: adding a sender that is already in the pool changes
// nothing.
func (MessagingServiceShortCodeCreateParams) repeatable(*request) bool { return true }

// MessagingServiceShortCodeListParams are the parameters of
// [MessagingServiceShortCodeService.List] and
// [MessagingServiceShortCodeService.All].
type MessagingServiceShortCodeListParams struct {
	// Limit ends the list after so many senders; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many senders one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p MessagingServiceShortCodeListParams) paging() (limit, pageSize int) {
	return p.Limit, p.PageSize
}

// A MessagingServiceShortCodeService adds, reads and removes the short codes in
// the pool of a messaging service, with the credentials of the account that the
// service belongs to.
//
// See https://www.twilio.com/docs/messaging/api/shortcode-resource.
type MessagingServiceShortCodeService struct{ senders endpoint }

func (s *MessagingServiceShortCodeService) endpoint() endpoint { return orEmpty(s).senders }

var messagingServiceShortCodes = &route{name: "messaging_services.short_codes",
	path: "https://messaging.twilio.com/v1/Services/{serviceSID:MG}/ShortCodes/{sid:SC}", list: "short_codes"}

// Create adds a short code of the account to the pool. One that is in this pool
// already is a success, so that the request is retried like a read. Twilio
// refuses one that is in the pool of another service with
// [CodeNumberInOtherService].
func (s *MessagingServiceShortCodeService) Create(ctx context.Context, serviceSID string, params MessagingServiceShortCodeCreateParams, opts ...RequestOption) (*MessagingServiceShortCode, error) {
	sender := new(MessagingServiceShortCode)
	r, isThere, err := addSender(ctx, s.endpoint(), params, sender, opts, serviceSID)
	if isThere {
		if there, lookErr := s.Get(ctx, serviceSID, r.form.Get("ShortCodeSid"), withoutOwnOptions(opts)...); lookErr == nil {
			return there, nil
		}
	}
	return valueOrError(sender, err)
}

// Get reads one of the senders.
func (s *MessagingServiceShortCodeService) Get(ctx context.Context, serviceSID, sid string, opts ...RequestOption) (*MessagingServiceShortCode, error) {
	return send[*MessagingServiceShortCode](ctx, s.endpoint().get(opts, serviceSID, sid))
}

// Delete removes a sender from the pool. The account keeps it.
func (s *MessagingServiceShortCodeService) Delete(ctx context.Context, serviceSID, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, serviceSID, sid)
}

// List returns the first page of the senders.
func (s *MessagingServiceShortCodeService) List(ctx context.Context, serviceSID string, params MessagingServiceShortCodeListParams, opts ...RequestOption) (*Page[MessagingServiceShortCode], error) {
	return pageOf[MessagingServiceShortCode](ctx, s.endpoint().query(params, opts, serviceSID))
}

// All iterates over the senders, fetching pages as they are needed.
func (s *MessagingServiceShortCodeService) All(ctx context.Context, serviceSID string, params MessagingServiceShortCodeListParams, opts ...RequestOption) iter.Seq2[*MessagingServiceShortCode, error] {
	return all[*MessagingServiceShortCode](ctx, s.endpoint(), params, opts, serviceSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *MessagingServiceShortCodeService) Resume(ctx context.Context, serviceSID, cursor string, opts ...RequestOption) (*Page[MessagingServiceShortCode], error) {
	return pageOf[MessagingServiceShortCode](ctx, s.endpoint().resumed(cursor, opts, serviceSID))
}
