package twilio

import (
	"context"
	"iter"
	"time"
)

// A SIPDomain is a domain name at Twilio that receives SIP calls and, where it
// is enabled, registrations of SIP phones.
//
// See https://www.twilio.com/docs/voice/sip/api/sip-domain-resource.
type SIPDomain struct {
	// SID identifies the domain: SD and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that owns the domain.
	AccountSID string `json:"account_sid"`
	// DomainName is the name, such as example.sip.twilio.com.
	DomainName string `json:"domain_name"`
	// FriendlyName is a description.
	FriendlyName string `json:"friendly_name"`
	// AuthType says how callers authenticate: IP_ACL, CREDENTIAL_LIST, or both,
	// separated by a comma. It follows from the lists that are mapped for
	// calls; a domain without any is empty here and accepts no calls.
	AuthType string `json:"auth_type"`
	// APIVersion is the version of the API that calls use.
	APIVersion string `json:"api_version"`

	// VoiceURL is where Twilio fetches the TwiML for an incoming call.
	VoiceURL string `json:"voice_url"`
	// VoiceMethod is GET or POST.
	VoiceMethod HTTPMethod `json:"voice_method"`
	// VoiceFallbackURL is requested when VoiceURL or its TwiML fails.
	VoiceFallbackURL string `json:"voice_fallback_url"`
	// VoiceFallbackMethod is GET or POST.
	VoiceFallbackMethod HTTPMethod `json:"voice_fallback_method"`
	// VoiceStatusCallbackURL is requested when a call ends.
	VoiceStatusCallbackURL string `json:"voice_status_callback_url"`
	// VoiceStatusCallbackMethod is GET or POST.
	VoiceStatusCallbackMethod HTTPMethod `json:"voice_status_callback_method"`

	// SIPRegistration is true when SIP phones may register with the domain.
	SIPRegistration bool `json:"sip_registration"`
	// Secure is true when calls must use TLS and SRTP.
	Secure bool `json:"secure"`
	// EmergencyCallingEnabled is true when emergency calls are allowed, from
	// numbers with a validated address.
	EmergencyCallingEnabled bool `json:"emergency_calling_enabled"`
	// EmergencyCallerSID is the phone number (PN…) that emergency services call
	// back, if one is set.
	EmergencyCallerSID string `json:"emergency_caller_sid"`
	// BYOCTrunkSID is the bring-your-own-carrier trunk (BY…) of the domain, if
	// it has one.
	BYOCTrunkSID string `json:"byoc_trunk_sid"`

	// DateCreated is when the domain was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the domain was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// SubresourceURIs has the paths of the mappings, by name.
	SubresourceURIs SubresourceURIs `json:"subresource_uris"`
	// URI is the domain's own path.
	URI string `json:"uri"`
}

// SIPDomainCreateParams are the parameters of [SIPDomainService.Create].
// DomainName is required.
type SIPDomainCreateParams struct {
	// DomainName is the name to reserve: letters, digits and hyphens, then
	// .sip.twilio.com. It must be free among all customers of Twilio.
	DomainName string `url:"DomainName,omitempty"`
	// FriendlyName describes the domain, in at most 64 characters.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// VoiceURL is where Twilio fetches the TwiML for an incoming call.
	VoiceURL string `url:"VoiceUrl,omitempty"`
	// VoiceMethod is GET or POST (Twilio's default).
	VoiceMethod HTTPMethod `url:"VoiceMethod,omitempty"`
	// VoiceFallbackURL is requested when VoiceURL or its TwiML fails.
	VoiceFallbackURL string `url:"VoiceFallbackUrl,omitempty"`
	// VoiceFallbackMethod is GET or POST (Twilio's default).
	VoiceFallbackMethod HTTPMethod `url:"VoiceFallbackMethod,omitempty"`
	// VoiceStatusCallbackURL is requested when a call ends.
	VoiceStatusCallbackURL string `url:"VoiceStatusCallbackUrl,omitempty"`
	// VoiceStatusCallbackMethod is GET or POST (Twilio's default).
	VoiceStatusCallbackMethod HTTPMethod `url:"VoiceStatusCallbackMethod,omitempty"`
	// SIPRegistration lets SIP phones register with the domain, with the
	// credentials that are mapped under Auth.Registrations.
	SIPRegistration bool `url:"SipRegistration,omitempty"`
	// Secure requires TLS and SRTP of incoming calls.
	Secure bool `url:"Secure,omitempty"`
	// EmergencyCallingEnabled allows emergency calls from phone numbers with a
	// validated address.
	EmergencyCallingEnabled bool `url:"EmergencyCallingEnabled,omitempty"`
	// EmergencyCallerSID is the phone number (PN…) that emergency services call
	// back.
	EmergencyCallerSID string `url:"EmergencyCallerSid,omitempty"`
	// BYOCTrunkSID is a bring-your-own-carrier trunk (BY…) to use with the
	// domain.
	BYOCTrunkSID string `url:"ByocTrunkSid,omitempty"`
}

func (SIPDomainCreateParams) check(r *request) error {
	return firstError(required("DomainName", r.form.Get("DomainName")), checkFriendlyName(r.form))
}

// SIPDomainUpdateParams are the parameters of [SIPDomainService.Update]. A nil
// field leaves its value unchanged.
type SIPDomainUpdateParams struct {
	// DomainName renames the domain, in the form that [SIPDomainCreateParams]
	// describes. Callers that use the old name no longer reach it.
	DomainName *string `url:"DomainName,omitempty"`
	// FriendlyName describes the domain, in at most 64 characters.
	FriendlyName *string `url:"FriendlyName,omitempty"`
	// VoiceURL is where Twilio fetches the TwiML for an incoming call.
	VoiceURL *string `url:"VoiceUrl,omitempty"`
	// VoiceMethod is GET or POST.
	VoiceMethod *HTTPMethod `url:"VoiceMethod,omitempty"`
	// VoiceFallbackURL is requested when VoiceURL or its TwiML fails.
	VoiceFallbackURL *string `url:"VoiceFallbackUrl,omitempty"`
	// VoiceFallbackMethod is GET or POST.
	VoiceFallbackMethod *HTTPMethod `url:"VoiceFallbackMethod,omitempty"`
	// VoiceStatusCallbackURL is requested when a call ends.
	VoiceStatusCallbackURL *string `url:"VoiceStatusCallbackUrl,omitempty"`
	// VoiceStatusCallbackMethod is GET or POST.
	VoiceStatusCallbackMethod *HTTPMethod `url:"VoiceStatusCallbackMethod,omitempty"`
	// SIPRegistration says whether SIP phones may register with the domain.
	SIPRegistration *bool `url:"SipRegistration,omitempty"`
	// Secure says whether incoming calls must use TLS and SRTP.
	Secure *bool `url:"Secure,omitempty"`
	// EmergencyCallingEnabled says whether emergency calls are allowed.
	EmergencyCallingEnabled *bool `url:"EmergencyCallingEnabled,omitempty"`
	// EmergencyCallerSID is the phone number (PN…) that emergency services call
	// back.
	EmergencyCallerSID *string `url:"EmergencyCallerSid,omitempty"`
	// BYOCTrunkSID is a bring-your-own-carrier trunk (BY…) to use with the
	// domain.
	BYOCTrunkSID *string `url:"ByocTrunkSid,omitempty"`
}

func (SIPDomainUpdateParams) check(r *request) error { return checkFriendlyName(r.form) }

// SIPDomainListParams are the parameters of [SIPDomainService.List] and
// [SIPDomainService.All].
type SIPDomainListParams struct {
	// Limit ends the list after so many domains; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many domains one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p SIPDomainListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// A SIPDomainService creates, reads, changes and deletes the SIP domains of the
// account that the client acts on.
//
// See https://www.twilio.com/docs/voice/sip/api/sip-domain-resource.
type SIPDomainService struct {
	// Auth has the lists that are mapped to a domain, for calls and for
	// registrations. New code uses it.
	Auth *SIPDomainAuthService
	// CredentialListMappings is the older path to
	// Auth.Calls.CredentialListMappings: what is mapped by one of them is
	// mapped by the other.
	CredentialListMappings *SIPCredentialListMappingService
	// IPAccessControlListMappings is the older path to
	// Auth.Calls.IPAccessControlListMappings.
	IPAccessControlListMappings *SIPIPAccessControlListMappingService

	domains endpoint
}

func (s *SIPDomainService) endpoint() endpoint { return orEmpty(s).domains }

// A SIPDomainAuthService has the lists that say who may use a SIP domain.
//
// See https://www.twilio.com/docs/voice/sip/api.
type SIPDomainAuthService struct {
	// Calls says who may call through the domain.
	Calls *SIPAuthCallsService
	// Registrations says who may register with the domain.
	Registrations *SIPAuthRegistrationsService
}

// A SIPAuthCallsService has the lists that say who may call through a SIP
// domain.
//
// See https://www.twilio.com/docs/voice/sip/api.
type SIPAuthCallsService struct {
	// CredentialListMappings has the lists of credentials for calls.
	CredentialListMappings *SIPCredentialListMappingService
	// IPAccessControlListMappings has the lists of IP addresses for calls.
	IPAccessControlListMappings *SIPIPAccessControlListMappingService
}

// A SIPAuthRegistrationsService has the lists that say who may register with a
// SIP domain. Registrations accept credentials only. They don't apply to calls:
// a phone that places calls needs a list under Calls as well, which may be the
// same one.
//
// See https://www.twilio.com/docs/voice/sip/api.
type SIPAuthRegistrationsService struct {
	// CredentialListMappings has the lists of credentials for registrations.
	CredentialListMappings *SIPCredentialListMappingService
}

var sipDomains = &route{name: "sip.domains", path: "/SIP/Domains/{sid:SD}", list: "domains"}

// Create reserves a domain name. [CodeSIPDomainNameTaken] says that the name is
// taken already, [CodeTooManySIPDomains] that the account has 100 domains,
// which is Twilio's limit.
//
// The client never retries it once it may have reached Twilio. After an error
// that matches [ErrOutcomeUnknown], create it again: if the account has the
// domain now, Twilio refuses the name as taken, and List shows it.
func (s *SIPDomainService) Create(ctx context.Context, params SIPDomainCreateParams, opts ...RequestOption) (*SIPDomain, error) {
	return send[*SIPDomain](ctx, s.endpoint().create(params, opts))
}

// Get returns one domain.
func (s *SIPDomainService) Get(ctx context.Context, sid string, opts ...RequestOption) (*SIPDomain, error) {
	return send[*SIPDomain](ctx, s.endpoint().get(opts, sid))
}

// Update changes a domain. Calls in progress continue.
func (s *SIPDomainService) Update(ctx context.Context, sid string, params SIPDomainUpdateParams, opts ...RequestOption) (*SIPDomain, error) {
	return send[*SIPDomain](ctx, s.endpoint().update(params, opts, sid))
}

// Delete removes a domain. The lists that were mapped to it stay.
func (s *SIPDomainService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, sid)
}

// List returns the first page of the account's domains.
func (s *SIPDomainService) List(ctx context.Context, params SIPDomainListParams, opts ...RequestOption) (*Page[SIPDomain], error) {
	return pageOf[SIPDomain](ctx, s.endpoint().query(params, opts))
}

// All iterates over the account's domains, fetching pages as they are needed.
func (s *SIPDomainService) All(ctx context.Context, params SIPDomainListParams, opts ...RequestOption) iter.Seq2[*SIPDomain, error] {
	return all[*SIPDomain](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *SIPDomainService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[SIPDomain], error) {
	return pageOf[SIPDomain](ctx, s.endpoint().resumed(cursor, opts))
}
