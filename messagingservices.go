package twilio

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"time"
)

// A ScanMessageContent says whether a service scans the text of messages. The
// set is open: a value that is not among the constants passes through.
type ScanMessageContent string

// How a service scans messages.
const (
	ScanMessageContentInherit ScanMessageContent = "inherit" // as the account does
	ScanMessageContentEnable  ScanMessageContent = "enable"
	ScanMessageContentDisable ScanMessageContent = "disable"
)

// A MessagingServiceUsecase is the kind of messages that a service sends. The
// set is open: a value that is not among the constants passes through.
type MessagingServiceUsecase string

// The uses of a service.
const (
	MessagingServiceUsecaseNotifications MessagingServiceUsecase = "notifications"
	MessagingServiceUsecaseMarketing     MessagingServiceUsecase = "marketing"
	MessagingServiceUsecaseVerification  MessagingServiceUsecase = "verification"
	MessagingServiceUsecaseDiscussion    MessagingServiceUsecase = "discussion"
	MessagingServiceUsecasePoll          MessagingServiceUsecase = "poll"
	MessagingServiceUsecaseUndeclared    MessagingServiceUsecase = "undeclared"
)

// A MessagingService is a pool of senders with common settings. To send a
// message through it, set MessageCreateParams.MessagingServiceSID.
//
// See https://www.twilio.com/docs/messaging/api/service-resource.
type MessagingService struct {
	// SID identifies the service: MG and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the service belongs to.
	AccountSID string `json:"account_sid"`
	// FriendlyName describes the service, in at most 64 characters.
	FriendlyName string `json:"friendly_name"`
	// InboundRequestURL is called when a message to one of the senders comes
	// in. If it is empty, Twilio neither logs nor delivers such messages,
	// unless UseInboundWebhookOnNumber is set.
	InboundRequestURL string `json:"inbound_request_url"`
	// InboundMethod is how InboundRequestURL is requested: GET or POST
	// (Twilio's default).
	InboundMethod HTTPMethod `json:"inbound_method"`
	// FallbackURL is called when InboundRequestURL fails.
	FallbackURL string `json:"fallback_url"`
	// FallbackMethod is GET or POST (Twilio's default).
	FallbackMethod HTTPMethod `json:"fallback_method"`
	// StatusCallback receives the status of messages.
	StatusCallback string `json:"status_callback"`
	// StickySender always sends to a recipient from the same sender.
	StickySender bool `json:"sticky_sender"`
	// MMSConverter turns MMS into SMS with a link where the recipient can't
	// receive MMS.
	MMSConverter bool `json:"mms_converter"`
	// SmartEncoding replaces Unicode characters that make messages longer.
	SmartEncoding bool `json:"smart_encoding"`
	// ScanMessageContent says whether the text of messages is scanned.
	ScanMessageContent ScanMessageContent `json:"scan_message_content"`
	// FallbackToLongCode is obsolete, according to Twilio. It sent from a long
	// code where a short code couldn't.
	FallbackToLongCode bool `json:"fallback_to_long_code"`
	// AreaCodeGeomatch prefers senders of the recipient's area code.
	AreaCodeGeomatch bool `json:"area_code_geomatch"`
	// ValidityPeriod is how long a message may wait in the queue, in seconds: 1
	// to 36000, which is Twilio's default.
	ValidityPeriod int `json:"validity_period"`
	// SynchronousValidation is reserved by Twilio.
	SynchronousValidation bool `json:"synchronous_validation"`
	// Usecase is the kind of messages that the service sends.
	Usecase MessagingServiceUsecase `json:"usecase"`
	// UseInboundWebhookOnNumber calls the URLs of the sender and not those of
	// the service.
	UseInboundWebhookOnNumber bool `json:"use_inbound_webhook_on_number"`
	// USAppToPersonRegistered says that an A2P campaign is registered for the
	// service.
	USAppToPersonRegistered bool `json:"us_app_to_person_registered"`
	// DateCreated is when the service was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the service was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URL is where the service is.
	URL string `json:"url"`
	// Links has the URLs of what belongs to the service, by name.
	Links SubresourceURIs `json:"links"`
}

// MessagingServiceCreateParams are the parameters of
// [MessagingServiceService.Create]. A nil field leaves the choice to Twilio.
type MessagingServiceCreateParams struct {
	// FriendlyName describes the service, in at most 64 characters. It is
	// required.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// InboundRequestURL is called when a message to one of the senders comes
	// in. If it is empty, Twilio neither logs nor delivers such messages,
	// unless UseInboundWebhookOnNumber is set.
	InboundRequestURL string `url:"InboundRequestUrl,omitempty"`
	// InboundMethod is how InboundRequestURL is requested: GET or POST
	// (Twilio's default).
	InboundMethod HTTPMethod `url:"InboundMethod,omitempty"`
	// FallbackURL is called when InboundRequestURL fails.
	FallbackURL string `url:"FallbackUrl,omitempty"`
	// FallbackMethod is GET or POST (Twilio's default).
	FallbackMethod HTTPMethod `url:"FallbackMethod,omitempty"`
	// StatusCallback receives the status of messages.
	StatusCallback string `url:"StatusCallback,omitempty"`
	// StickySender always sends to a recipient from the same sender.
	StickySender *bool `url:"StickySender,omitempty"`
	// MMSConverter turns MMS into SMS with a link where the recipient can't
	// receive MMS.
	MMSConverter *bool `url:"MmsConverter,omitempty"`
	// SmartEncoding replaces Unicode characters that make messages longer.
	SmartEncoding *bool `url:"SmartEncoding,omitempty"`
	// ScanMessageContent says whether the text of messages is scanned.
	ScanMessageContent ScanMessageContent `url:"ScanMessageContent,omitempty"`
	// FallbackToLongCode is obsolete, according to Twilio. It sent from a long
	// code where a short code couldn't.
	FallbackToLongCode *bool `url:"FallbackToLongCode,omitempty"`
	// AreaCodeGeomatch prefers senders of the recipient's area code.
	AreaCodeGeomatch *bool `url:"AreaCodeGeomatch,omitempty"`
	// ValidityPeriod is how long a message may wait in the queue, in seconds: 1
	// to 36000, which is Twilio's default.
	ValidityPeriod int `url:"ValidityPeriod,omitempty"`
	// SynchronousValidation is reserved by Twilio.
	SynchronousValidation bool `url:"SynchronousValidation,omitempty"`
	// Usecase is the kind of messages that the service sends.
	Usecase MessagingServiceUsecase `url:"Usecase,omitempty"`
	// UseInboundWebhookOnNumber calls the URLs of the sender and not those of
	// the service.
	UseInboundWebhookOnNumber bool `url:"UseInboundWebhookOnNumber,omitempty"`
}

func (MessagingServiceCreateParams) check(r *request) error {
	return firstError(required("FriendlyName", r.form.Get("FriendlyName")), checkFriendlyName(r.form))
}

// MessagingServiceUpdateParams are the parameters of
// [MessagingServiceService.Update]. A nil field leaves its value unchanged.
type MessagingServiceUpdateParams struct {
	// FriendlyName describes the service, in at most 64 characters.
	FriendlyName *string `url:"FriendlyName,omitempty"`
	// InboundRequestURL is called when a message to one of the senders comes
	// in. If it is empty, Twilio neither logs nor delivers such messages,
	// unless UseInboundWebhookOnNumber is set.
	InboundRequestURL *string `url:"InboundRequestUrl,omitempty"`
	// InboundMethod is how InboundRequestURL is requested: GET or POST
	// (Twilio's default).
	InboundMethod *HTTPMethod `url:"InboundMethod,omitempty"`
	// FallbackURL is called when InboundRequestURL fails.
	FallbackURL *string `url:"FallbackUrl,omitempty"`
	// FallbackMethod is GET or POST (Twilio's default).
	FallbackMethod *HTTPMethod `url:"FallbackMethod,omitempty"`
	// StatusCallback receives the status of messages.
	StatusCallback *string `url:"StatusCallback,omitempty"`
	// StickySender always sends to a recipient from the same sender.
	StickySender *bool `url:"StickySender,omitempty"`
	// MMSConverter turns MMS into SMS with a link where the recipient can't
	// receive MMS.
	MMSConverter *bool `url:"MmsConverter,omitempty"`
	// SmartEncoding replaces Unicode characters that make messages longer.
	SmartEncoding *bool `url:"SmartEncoding,omitempty"`
	// ScanMessageContent says whether the text of messages is scanned.
	ScanMessageContent *ScanMessageContent `url:"ScanMessageContent,omitempty"`
	// FallbackToLongCode is obsolete, according to Twilio. It sent from a long
	// code where a short code couldn't.
	FallbackToLongCode *bool `url:"FallbackToLongCode,omitempty"`
	// AreaCodeGeomatch prefers senders of the recipient's area code.
	AreaCodeGeomatch *bool `url:"AreaCodeGeomatch,omitempty"`
	// ValidityPeriod is how long a message may wait in the queue, in seconds: 1
	// to 36000, which is Twilio's default.
	ValidityPeriod *int `url:"ValidityPeriod,omitempty"`
	// SynchronousValidation is reserved by Twilio.
	SynchronousValidation *bool `url:"SynchronousValidation,omitempty"`
	// Usecase is the kind of messages that the service sends.
	Usecase *MessagingServiceUsecase `url:"Usecase,omitempty"`
	// UseInboundWebhookOnNumber calls the URLs of the sender and not those of
	// the service.
	UseInboundWebhookOnNumber *bool `url:"UseInboundWebhookOnNumber,omitempty"`
}

func (MessagingServiceUpdateParams) check(r *request) error { return checkFriendlyName(r.form) }

// MessagingServiceListParams are the parameters of
// [MessagingServiceService.List] and [MessagingServiceService.All].
type MessagingServiceListParams struct {
	// Limit ends the list after so many services; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many services one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p MessagingServiceListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// A MessagingServiceService creates, reads, changes and deletes the messaging
// services of the account that authenticates. For a subaccount, use its own
// credentials, by [Client.WithCredentials].
//
// See https://www.twilio.com/docs/messaging/api/service-resource.
type MessagingServiceService struct {
	// PhoneNumbers are the phone numbers in a service's pool of senders.
	PhoneNumbers *MessagingServicePhoneNumberService
	// ShortCodes are the short codes in a service's pool of senders.
	ShortCodes *MessagingServiceShortCodeService
	// AlphaSenders are the alphanumeric sender IDs in a service's pool of
	// senders.
	AlphaSenders *MessagingServiceAlphaSenderService

	services endpoint
}

func (s *MessagingServiceService) endpoint() endpoint { return orEmpty(s).services }

var messagingServices = &route{name: "messaging_services", path: "https://messaging.twilio.com/v1/Services/{sid:MG}", list: "services"}

// Create makes a messaging service, without senders.
//
// The client never retries it once it may have reached Twilio. Names need not
// be unique: after an error that matches [ErrOutcomeUnknown], check with List
// whether the service exists before you create another.
func (s *MessagingServiceService) Create(ctx context.Context, params MessagingServiceCreateParams, opts ...RequestOption) (*MessagingService, error) {
	return send[*MessagingService](ctx, s.endpoint().create(params, opts))
}

// Get reads one service.
func (s *MessagingServiceService) Get(ctx context.Context, sid string, opts ...RequestOption) (*MessagingService, error) {
	return send[*MessagingService](ctx, s.endpoint().get(opts, sid))
}

// Update changes a service.
func (s *MessagingServiceService) Update(ctx context.Context, sid string, params MessagingServiceUpdateParams, opts ...RequestOption) (*MessagingService, error) {
	return send[*MessagingService](ctx, s.endpoint().update(params, opts, sid))
}

// Delete deletes a service. Its phone numbers stay with the account.
func (s *MessagingServiceService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, sid)
}

// List returns the first page of the account's services.
func (s *MessagingServiceService) List(ctx context.Context, params MessagingServiceListParams, opts ...RequestOption) (*Page[MessagingService], error) {
	return pageOf[MessagingService](ctx, s.endpoint().query(params, opts))
}

// All iterates over the account's services, fetching pages as they are needed.
func (s *MessagingServiceService) All(ctx context.Context, params MessagingServiceListParams, opts ...RequestOption) iter.Seq2[*MessagingService, error] {
	return all[*MessagingService](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *MessagingServiceService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[MessagingService], error) {
	return pageOf[MessagingService](ctx, s.endpoint().resumed(cursor, opts))
}

// addSender adds a sender to the pool of a service. It returns the request, and
// whether the sender is there already.
func addSender(ctx context.Context, e endpoint, params, sender any, opts []RequestOption, serviceSID string) (r *request, isThere bool, err error) {
	r = e.request("create", http.MethodPost, params, opts, []string{serviceSID})
	err = r.into(ctx, sender)
	if e, ok := errors.AsType[*Error](err); ok && e.Code == CodeNumberInMessagingService {
		return r, true, err
	}
	return r, false, err
}
