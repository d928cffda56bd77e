package twilio

import (
	"context"
	"iter"
	"time"
)

// A MessagingServicePhoneNumber is a phone number in the pool of a messaging
// service.
//
// See https://www.twilio.com/docs/messaging/api/phonenumber-resource.
type MessagingServicePhoneNumber struct {
	// SID is that of the phone number: PN and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the service belongs to.
	AccountSID string `json:"account_sid"`
	// ServiceSID is the messaging service (MG…).
	ServiceSID string `json:"service_sid"`
	// PhoneNumber is the number in E.164 form.
	PhoneNumber string `json:"phone_number"`
	// CountryCode is the number's country, by its ISO 3166-1 code.
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

// MessagingServicePhoneNumberCreateParams are the parameters of
// [MessagingServicePhoneNumberService.Create].
type MessagingServicePhoneNumberCreateParams struct {
	// PhoneNumberSID is the phone number, one of the account's own. It is
	// required.
	PhoneNumberSID string `url:"PhoneNumberSid,omitempty"`
}

func (MessagingServicePhoneNumberCreateParams) check(r *request) error {
	return checkSID("PhoneNumberSID", r.form.Get("PhoneNumberSid"), "PN")
}

// repeatable is true: adding a sender that is already in the pool changes
// nothing.
func (MessagingServicePhoneNumberCreateParams) repeatable(*request) bool { return true }

// MessagingServicePhoneNumberListParams are the parameters of
// [MessagingServicePhoneNumberService.List] and
// [MessagingServicePhoneNumberService.All].
type MessagingServicePhoneNumberListParams struct {
	// Limit ends the list after so many senders; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many senders one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p MessagingServicePhoneNumberListParams) paging() (limit, pageSize int) {
	return p.Limit, p.PageSize
}

// A MessagingServicePhoneNumberService adds, reads and removes the phone
// numbers in the pool of a messaging service, with the credentials of the
// account that the service belongs to.
//
// See https://www.twilio.com/docs/messaging/api/phonenumber-resource.
type MessagingServicePhoneNumberService struct{ senders endpoint }

func (s *MessagingServicePhoneNumberService) endpoint() endpoint { return orEmpty(s).senders }

var messagingServicePhoneNumbers = &route{name: "messaging_services.phone_numbers",
	path: "https://messaging.twilio.com/v1/Services/{serviceSID:MG}/PhoneNumbers/{sid:PN}", list: "phone_numbers"}

// Create adds a phone number of the account to the pool. One that is in this
// pool already is a success, so that the request is retried like a read. Twilio
// refuses one that is in the pool of another service with
// [CodeNumberInOtherService].
func (s *MessagingServicePhoneNumberService) Create(ctx context.Context, serviceSID string, params MessagingServicePhoneNumberCreateParams, opts ...RequestOption) (*MessagingServicePhoneNumber, error) {
	sender := new(MessagingServicePhoneNumber)
	r, isThere, err := addSender(ctx, s.endpoint(), params, sender, opts, serviceSID)
	if isThere {
		if there, lookErr := s.Get(ctx, serviceSID, r.form.Get("PhoneNumberSid"), withoutOwnOptions(opts)...); lookErr == nil {
			return there, nil
		}
	}
	return valueOrError(sender, err)
}

// Get reads one of the senders.
func (s *MessagingServicePhoneNumberService) Get(ctx context.Context, serviceSID, sid string, opts ...RequestOption) (*MessagingServicePhoneNumber, error) {
	return send[*MessagingServicePhoneNumber](ctx, s.endpoint().get(opts, serviceSID, sid))
}

// Delete removes a sender from the pool. The account keeps it.
func (s *MessagingServicePhoneNumberService) Delete(ctx context.Context, serviceSID, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, serviceSID, sid)
}

// List returns the first page of the senders.
func (s *MessagingServicePhoneNumberService) List(ctx context.Context, serviceSID string, params MessagingServicePhoneNumberListParams, opts ...RequestOption) (*Page[MessagingServicePhoneNumber], error) {
	return pageOf[MessagingServicePhoneNumber](ctx, s.endpoint().query(params, opts, serviceSID))
}

// All iterates over the senders, fetching pages as they are needed.
func (s *MessagingServicePhoneNumberService) All(ctx context.Context, serviceSID string, params MessagingServicePhoneNumberListParams, opts ...RequestOption) iter.Seq2[*MessagingServicePhoneNumber, error] {
	return all[*MessagingServicePhoneNumber](ctx, s.endpoint(), params, opts, serviceSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *MessagingServicePhoneNumberService) Resume(ctx context.Context, serviceSID, cursor string, opts ...RequestOption) (*Page[MessagingServicePhoneNumber], error) {
	return pageOf[MessagingServicePhoneNumber](ctx, s.endpoint().resumed(cursor, opts, serviceSID))
}
