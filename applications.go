package twilio

import (
	"context"
	"iter"
	"time"
)

// An Application is a set of URLs that handle calls and messages. Phone
// numbers, calls, messages and Voice SDK clients refer to it by its SID, so
// that their configuration changes in one place.
//
// See https://www.twilio.com/docs/usage/api/applications.
type Application struct {
	// SID identifies the application: AP and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the application belongs to.
	AccountSID string `json:"account_sid"`
	// FriendlyName is a description, at most 64 characters.
	FriendlyName string `json:"friendly_name"`
	// APIVersion is the version of the API that new TwiML sessions use.
	APIVersion string `json:"api_version"`

	// VoiceURL is where Twilio fetches the TwiML for a call.
	VoiceURL string `json:"voice_url"`
	// VoiceMethod is GET or POST.
	VoiceMethod HTTPMethod `json:"voice_method"`
	// VoiceFallbackURL is requested when VoiceURL or its TwiML fails.
	VoiceFallbackURL string `json:"voice_fallback_url"`
	// VoiceFallbackMethod is GET or POST.
	VoiceFallbackMethod HTTPMethod `json:"voice_fallback_method"`
	// VoiceCallerIDLookup is true when the names of callers are looked up,
	// which is charged for each call.
	VoiceCallerIDLookup bool `json:"voice_caller_id_lookup"`
	// StatusCallback receives the status of calls.
	StatusCallback string `json:"status_callback"`
	// StatusCallbackMethod is GET or POST.
	StatusCallbackMethod HTTPMethod `json:"status_callback_method"`

	// SMSURL is requested when a message arrives.
	SMSURL string `json:"sms_url"`
	// SMSMethod is GET or POST.
	SMSMethod HTTPMethod `json:"sms_method"`
	// SMSFallbackURL is requested when SMSURL or its TwiML fails.
	SMSFallbackURL string `json:"sms_fallback_url"`
	// SMSFallbackMethod is GET or POST.
	SMSFallbackMethod HTTPMethod `json:"sms_fallback_method"`
	// MessageStatusCallback receives the status of messages that the
	// application sends, by POST.
	MessageStatusCallback string `json:"message_status_callback"`
	// SMSStatusCallback is the deprecated name of MessageStatusCallback.
	SMSStatusCallback string `json:"sms_status_callback"`

	// PublicApplicationConnectEnabled is true when other Twilio accounts may
	// dial the application.
	PublicApplicationConnectEnabled bool `json:"public_application_connect_enabled"`

	// DateCreated is when the application was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the application was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the application's own path.
	URI string `json:"uri"`
}

// ApplicationCreateParams are the parameters of [ApplicationService.Create].
type ApplicationCreateParams struct {
	// FriendlyName describes the application, in at most 64 characters.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// APIVersion is the version of the API that new TwiML sessions use.
	// Twilio's default is the account's.
	APIVersion string `url:"ApiVersion,omitempty"`

	// VoiceURL is where Twilio fetches the TwiML for a call.
	VoiceURL string `url:"VoiceUrl,omitempty"`
	// VoiceMethod is GET or POST (Twilio's default).
	VoiceMethod HTTPMethod `url:"VoiceMethod,omitempty"`
	// VoiceFallbackURL is requested when VoiceURL or its TwiML fails.
	VoiceFallbackURL string `url:"VoiceFallbackUrl,omitempty"`
	// VoiceFallbackMethod is GET or POST (Twilio's default).
	VoiceFallbackMethod HTTPMethod `url:"VoiceFallbackMethod,omitempty"`
	// VoiceCallerIDLookup looks up the names of callers, which is charged for
	// each call.
	VoiceCallerIDLookup bool `url:"VoiceCallerIdLookup,omitempty"`
	// StatusCallback receives the status of calls.
	StatusCallback string `url:"StatusCallback,omitempty"`
	// StatusCallbackMethod is GET or POST (Twilio's default).
	StatusCallbackMethod HTTPMethod `url:"StatusCallbackMethod,omitempty"`

	// SMSURL is requested when a message arrives.
	SMSURL string `url:"SmsUrl,omitempty"`
	// SMSMethod is GET or POST (Twilio's default).
	SMSMethod HTTPMethod `url:"SmsMethod,omitempty"`
	// SMSFallbackURL is requested when SMSURL or its TwiML fails.
	SMSFallbackURL string `url:"SmsFallbackUrl,omitempty"`
	// SMSFallbackMethod is GET or POST (Twilio's default).
	SMSFallbackMethod HTTPMethod `url:"SmsFallbackMethod,omitempty"`
	// MessageStatusCallback receives the status of messages that the
	// application sends, by POST.
	MessageStatusCallback string `url:"MessageStatusCallback,omitempty"`
	// SMSStatusCallback is the deprecated name of MessageStatusCallback.
	SMSStatusCallback string `url:"SmsStatusCallback,omitempty"`

	// PublicApplicationConnectEnabled lets other Twilio accounts dial the
	// application.
	PublicApplicationConnectEnabled bool `url:"PublicApplicationConnectEnabled,omitempty"`
}

func (ApplicationCreateParams) check(r *request) error { return checkFriendlyName(r.form) }

// ApplicationUpdateParams are the parameters of [ApplicationService.Update]. A
// nil field leaves its value unchanged, new("") clears it.
type ApplicationUpdateParams struct {
	// FriendlyName describes the application, in at most 64 characters.
	FriendlyName *string `url:"FriendlyName,omitempty"`
	// APIVersion is the version of the API that new TwiML sessions use.
	APIVersion *string `url:"ApiVersion,omitempty"`

	// VoiceURL is where Twilio fetches the TwiML for a call.
	VoiceURL *string `url:"VoiceUrl,omitempty"`
	// VoiceMethod is GET or POST.
	VoiceMethod *HTTPMethod `url:"VoiceMethod,omitempty"`
	// VoiceFallbackURL is requested when VoiceURL or its TwiML fails.
	VoiceFallbackURL *string `url:"VoiceFallbackUrl,omitempty"`
	// VoiceFallbackMethod is GET or POST.
	VoiceFallbackMethod *HTTPMethod `url:"VoiceFallbackMethod,omitempty"`
	// VoiceCallerIDLookup looks up the names of callers, which is charged for
	// each call.
	VoiceCallerIDLookup *bool `url:"VoiceCallerIdLookup,omitempty"`
	// StatusCallback receives the status of calls.
	StatusCallback *string `url:"StatusCallback,omitempty"`
	// StatusCallbackMethod is GET or POST.
	StatusCallbackMethod *HTTPMethod `url:"StatusCallbackMethod,omitempty"`

	// SMSURL is requested when a message arrives.
	SMSURL *string `url:"SmsUrl,omitempty"`
	// SMSMethod is GET or POST.
	SMSMethod *HTTPMethod `url:"SmsMethod,omitempty"`
	// SMSFallbackURL is requested when SMSURL or its TwiML fails.
	SMSFallbackURL *string `url:"SmsFallbackUrl,omitempty"`
	// SMSFallbackMethod is GET or POST.
	SMSFallbackMethod *HTTPMethod `url:"SmsFallbackMethod,omitempty"`
	// MessageStatusCallback receives the status of messages that the
	// application sends, by POST.
	MessageStatusCallback *string `url:"MessageStatusCallback,omitempty"`
	// SMSStatusCallback is the deprecated name of MessageStatusCallback.
	SMSStatusCallback *string `url:"SmsStatusCallback,omitempty"`

	// PublicApplicationConnectEnabled lets other Twilio accounts dial the
	// application.
	PublicApplicationConnectEnabled *bool `url:"PublicApplicationConnectEnabled,omitempty"`
}

func (ApplicationUpdateParams) check(r *request) error { return checkFriendlyName(r.form) }

// ApplicationListParams are the filters of [ApplicationService.List] and
// [ApplicationService.All].
type ApplicationListParams struct {
	// FriendlyName selects applications of exactly this name.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// Limit ends the list after so many applications; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many applications one request asks for, 1 to 1000. Zero
	// lets the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p ApplicationListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// An ApplicationService creates, reads, updates and deletes the applications of
// the account that the client acts on.
//
// See https://www.twilio.com/docs/usage/api/applications.
type ApplicationService struct{ applications endpoint }

func (s *ApplicationService) endpoint() endpoint { return orEmpty(s).applications }

var applications = &route{name: "applications", path: "/Applications/{sid:AP}", list: "applications"}

// Create creates an application. The client never retries it once it may have
// reached Twilio: after an error that matches [ErrOutcomeUnknown], check with
// List whether the application exists before you create another.
//
// Twilio refuses it with code 21301 at the limit of 1,000 applications, and
// with 21402 or 21403 for a URL or method that it can't use.
func (s *ApplicationService) Create(ctx context.Context, params ApplicationCreateParams, opts ...RequestOption) (*Application, error) {
	return send[*Application](ctx, s.endpoint().create(params, opts))
}

// Get reads one application.
func (s *ApplicationService) Get(ctx context.Context, sid string, opts ...RequestOption) (*Application, error) {
	return send[*Application](ctx, s.endpoint().get(opts, sid))
}

// Update changes an application, for everything that refers to it.
func (s *ApplicationService) Update(ctx context.Context, sid string, params ApplicationUpdateParams, opts ...RequestOption) (*Application, error) {
	return send[*Application](ctx, s.endpoint().update(params, opts, sid))
}

// Delete deletes an application. Twilio removes its SID from the phone numbers
// that refer to it.
func (s *ApplicationService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, sid)
}

// List returns the first page of the applications that match.
func (s *ApplicationService) List(ctx context.Context, params ApplicationListParams, opts ...RequestOption) (*Page[Application], error) {
	return pageOf[Application](ctx, s.endpoint().query(params, opts))
}

// All iterates over the applications that match, fetching pages as they are
// needed.
func (s *ApplicationService) All(ctx context.Context, params ApplicationListParams, opts ...RequestOption) iter.Seq2[*Application, error] {
	return all[*Application](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *ApplicationService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[Application], error) {
	return pageOf[Application](ctx, s.endpoint().resumed(cursor, opts))
}
