package twilio

import (
	"context"
	"iter"
	"time"
)

// A SIPCredentialListMapping says that the credentials of a list are accepted
// by a SIP domain.
//
// See
// https://www.twilio.com/docs/voice/sip/api/sip-domain-credentiallistmapping-resource.
type SIPCredentialListMapping struct {
	// SID is that of the list: CL and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that owns the list and the domain.
	AccountSID string `json:"account_sid"`
	// DomainSID is the domain. It is empty in the mappings under Auth.
	DomainSID string `json:"domain_sid"`
	// FriendlyName is that of the list.
	FriendlyName string `json:"friendly_name"`
	// DateCreated is when the list was mapped, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the mapping was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the mapping's own path. It is empty in the mappings under Auth.
	URI string `json:"uri"`
}

// SIPCredentialListMappingCreateParams are the parameters of
// [SIPCredentialListMappingService.Create]. CredentialListSID is required.
type SIPCredentialListMappingCreateParams struct {
	// CredentialListSID is the list to map: CL and 32 hex digits.
	CredentialListSID string `url:"CredentialListSid,omitempty"`
}

func (SIPCredentialListMappingCreateParams) check(r *request) error {
	return required("CredentialListSID", r.form.Get("CredentialListSid"))
}

// SIPCredentialListMappingListParams are the parameters of
// [SIPCredentialListMappingService.List] and
// [SIPCredentialListMappingService.All].
type SIPCredentialListMappingListParams struct {
	// Limit ends the list after so many mappings; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many mappings one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p SIPCredentialListMappingListParams) paging() (limit, pageSize int) {
	return p.Limit, p.PageSize
}

// A SIPCredentialListMappingService maps lists of credentials to SIP domains,
// for calls or for registrations. A mapping has the SID of its list.
//
// See
// https://www.twilio.com/docs/voice/sip/api/sip-domain-credentiallistmapping-resource.
type SIPCredentialListMappingService struct{ mappings endpoint }

func (s *SIPCredentialListMappingService) endpoint() endpoint { return orEmpty(s).mappings }

var (
	sipCredentialListMappings = &route{name: "sip.domains.credential_list_mappings",
		path: "/SIP/Domains/{domainSID:SD}/CredentialListMappings/{sid:CL}", list: "credential_list_mappings"}
	sipAuthCallsCredentialListMappings = &route{name: "sip.domains.auth.calls.credential_list_mappings",
		path: "/SIP/Domains/{domainSID:SD}/Auth/Calls/CredentialListMappings/{sid:CL}", list: "contents"}
	sipAuthRegistrationsCredentialListMappings = &route{name: "sip.domains.auth.registrations.credential_list_mappings",
		path: "/SIP/Domains/{domainSID:SD}/Auth/Registrations/CredentialListMappings/{sid:CL}", list: "contents"}
)

// Create maps a list to a domain. [CodeSIPListMapped] says that it is mapped
// already.
//
// The client never retries it once it may have reached Twilio. After an error
// that matches [ErrOutcomeUnknown], create it again, and treat
// CodeSIPListMapped as success.
func (s *SIPCredentialListMappingService) Create(ctx context.Context, domainSID string, params SIPCredentialListMappingCreateParams, opts ...RequestOption) (*SIPCredentialListMapping, error) {
	return send[*SIPCredentialListMapping](ctx, s.endpoint().create(params, opts, domainSID))
}

// Get returns the mapping of one list, whose SID is the mapping's.
func (s *SIPCredentialListMappingService) Get(ctx context.Context, domainSID, sid string, opts ...RequestOption) (*SIPCredentialListMapping, error) {
	return send[*SIPCredentialListMapping](ctx, s.endpoint().get(opts, domainSID, sid))
}

// Delete removes a list from a domain, which refuses its credentials from then
// on. The list itself stays.
func (s *SIPCredentialListMappingService) Delete(ctx context.Context, domainSID, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, domainSID, sid)
}

// List returns the first page of a domain's mappings.
func (s *SIPCredentialListMappingService) List(ctx context.Context, domainSID string, params SIPCredentialListMappingListParams, opts ...RequestOption) (*Page[SIPCredentialListMapping], error) {
	return pageOf[SIPCredentialListMapping](ctx, s.endpoint().query(params, opts, domainSID))
}

// All iterates over a domain's mappings, fetching pages as they are needed.
func (s *SIPCredentialListMappingService) All(ctx context.Context, domainSID string, params SIPCredentialListMappingListParams, opts ...RequestOption) iter.Seq2[*SIPCredentialListMapping, error] {
	return all[*SIPCredentialListMapping](ctx, s.endpoint(), params, opts, domainSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *SIPCredentialListMappingService) Resume(ctx context.Context, domainSID, cursor string, opts ...RequestOption) (*Page[SIPCredentialListMapping], error) {
	return pageOf[SIPCredentialListMapping](ctx, s.endpoint().resumed(cursor, opts, domainSID))
}

// A SIPIPAccessControlListMapping says that calls from the addresses of a list
// are accepted by a SIP domain.
//
// See
// https://www.twilio.com/docs/voice/sip/api/sip-domain-ipaccesscontrollistmapping-resource.
type SIPIPAccessControlListMapping struct {
	// SID is that of the list: AL and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that owns the list and the domain.
	AccountSID string `json:"account_sid"`
	// DomainSID is the domain. It is empty in the mappings under Auth.
	DomainSID string `json:"domain_sid"`
	// FriendlyName is that of the list.
	FriendlyName string `json:"friendly_name"`
	// DateCreated is when the list was mapped, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the mapping was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the mapping's own path. It is empty in the mappings under Auth.
	URI string `json:"uri"`
}

// SIPIPAccessControlListMappingCreateParams are the parameters of
// [SIPIPAccessControlListMappingService.Create]. IPAccessControlListSID is
// required.
type SIPIPAccessControlListMappingCreateParams struct {
	// IPAccessControlListSID is the list to map: AL and 32 hex digits.
	IPAccessControlListSID string `url:"IpAccessControlListSid,omitempty"`
}

func (SIPIPAccessControlListMappingCreateParams) check(r *request) error {
	return required("IPAccessControlListSID", r.form.Get("IpAccessControlListSid"))
}

// SIPIPAccessControlListMappingListParams are the parameters of
// [SIPIPAccessControlListMappingService.List] and
// [SIPIPAccessControlListMappingService.All].
type SIPIPAccessControlListMappingListParams struct {
	// Limit ends the list after so many mappings; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many mappings one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p SIPIPAccessControlListMappingListParams) paging() (limit, pageSize int) {
	return p.Limit, p.PageSize
}

// A SIPIPAccessControlListMappingService maps lists of IP addresses to SIP
// domains. A mapping has the SID of its list.
//
// See
// https://www.twilio.com/docs/voice/sip/api/sip-domain-ipaccesscontrollistmapping-resource.
type SIPIPAccessControlListMappingService struct{ mappings endpoint }

func (s *SIPIPAccessControlListMappingService) endpoint() endpoint { return orEmpty(s).mappings }

var (
	sipIPAccessControlListMappings = &route{name: "sip.domains.ip_access_control_list_mappings",
		path: "/SIP/Domains/{domainSID:SD}/IpAccessControlListMappings/{sid:AL}", list: "ip_access_control_list_mappings"}
	sipAuthCallsIPAccessControlListMappings = &route{name: "sip.domains.auth.calls.ip_access_control_list_mappings",
		path: "/SIP/Domains/{domainSID:SD}/Auth/Calls/IpAccessControlListMappings/{sid:AL}", list: "contents"}
)

// Create maps a list to a domain. [CodeSIPListMapped] says that it is mapped
// already.
//
// The client never retries it once it may have reached Twilio. After an error
// that matches [ErrOutcomeUnknown], create it again, and treat
// CodeSIPListMapped as success.
func (s *SIPIPAccessControlListMappingService) Create(ctx context.Context, domainSID string, params SIPIPAccessControlListMappingCreateParams, opts ...RequestOption) (*SIPIPAccessControlListMapping, error) {
	return send[*SIPIPAccessControlListMapping](ctx, s.endpoint().create(params, opts, domainSID))
}

// Get returns the mapping of one list, whose SID is the mapping's.
func (s *SIPIPAccessControlListMappingService) Get(ctx context.Context, domainSID, sid string, opts ...RequestOption) (*SIPIPAccessControlListMapping, error) {
	return send[*SIPIPAccessControlListMapping](ctx, s.endpoint().get(opts, domainSID, sid))
}

// Delete removes a list from a domain, which refuses calls from its addresses
// from then on. The list itself stays.
func (s *SIPIPAccessControlListMappingService) Delete(ctx context.Context, domainSID, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, domainSID, sid)
}

// List returns the first page of a domain's mappings.
func (s *SIPIPAccessControlListMappingService) List(ctx context.Context, domainSID string, params SIPIPAccessControlListMappingListParams, opts ...RequestOption) (*Page[SIPIPAccessControlListMapping], error) {
	return pageOf[SIPIPAccessControlListMapping](ctx, s.endpoint().query(params, opts, domainSID))
}

// All iterates over a domain's mappings, fetching pages as they are needed.
func (s *SIPIPAccessControlListMappingService) All(ctx context.Context, domainSID string, params SIPIPAccessControlListMappingListParams, opts ...RequestOption) iter.Seq2[*SIPIPAccessControlListMapping, error] {
	return all[*SIPIPAccessControlListMapping](ctx, s.endpoint(), params, opts, domainSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *SIPIPAccessControlListMappingService) Resume(ctx context.Context, domainSID, cursor string, opts ...RequestOption) (*Page[SIPIPAccessControlListMapping], error) {
	return pageOf[SIPIPAccessControlListMapping](ctx, s.endpoint().resumed(cursor, opts, domainSID))
}
