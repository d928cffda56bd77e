package twilio

import (
	"context"
	"iter"
	"time"
)

// A SIPIPAccessControlList is a list of IP addresses, to be mapped to SIP
// domains.
//
// See
// https://www.twilio.com/docs/voice/sip/api/sip-ipaccesscontrollist-resource.
type SIPIPAccessControlList struct {
	// SID identifies the list: AL and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that owns the list.
	AccountSID string `json:"account_sid"`
	// FriendlyName is a description.
	FriendlyName string `json:"friendly_name"`
	// DateCreated is when the list was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the list was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// SubresourceURIs has the path of the addresses, under "ip_addresses".
	SubresourceURIs SubresourceURIs `json:"subresource_uris"`
	// URI is the list's own path.
	URI string `json:"uri"`
}

// SIPIPAccessControlListCreateParams are the parameters of
// [SIPIPAccessControlListService.Create]. FriendlyName is required.
type SIPIPAccessControlListCreateParams struct {
	// FriendlyName describes the list, in at most 255 characters. No other list
	// of the account may have it.
	FriendlyName string `url:"FriendlyName,omitempty"`
}

func (SIPIPAccessControlListCreateParams) check(r *request) error {
	name := r.form.Get("FriendlyName")
	return firstError(required("FriendlyName", name), checkLength("FriendlyName", name, 255))
}

// SIPIPAccessControlListUpdateParams are the parameters of
// [SIPIPAccessControlListService.Update]. FriendlyName is required.
type SIPIPAccessControlListUpdateParams struct {
	// FriendlyName describes the list, in at most 255 characters. No other list
	// of the account may have it.
	FriendlyName *string `url:"FriendlyName,omitempty"`
}

func (SIPIPAccessControlListUpdateParams) check(r *request) error {
	name := r.form.Get("FriendlyName")
	return firstError(required("FriendlyName", name), checkLength("FriendlyName", name, 255))
}

// SIPIPAccessControlListListParams are the parameters of
// [SIPIPAccessControlListService.List] and [SIPIPAccessControlListService.All].
type SIPIPAccessControlListListParams struct {
	// Limit ends the list after so many items; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many items one request asks for, 1 to 1000. Zero lets the
	// client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p SIPIPAccessControlListListParams) paging() (limit, pageSize int) {
	return p.Limit, p.PageSize
}

// A SIPIPAccessControlListService creates, reads, renames and deletes the lists
// of IP addresses of the account that the client acts on.
//
// See
// https://www.twilio.com/docs/voice/sip/api/sip-ipaccesscontrollist-resource.
type SIPIPAccessControlListService struct {
	// IPAddresses has the addresses of a list.
	IPAddresses *SIPIPAddressService

	lists endpoint
}

func (s *SIPIPAccessControlListService) endpoint() endpoint { return orEmpty(s).lists }

var sipIPAccessControlLists = &route{name: "sip.ip_access_control_lists", path: "/SIP/IpAccessControlLists/{sid:AL}",
	list: "ip_access_control_lists"}

// Create makes an empty list. [CodeSIPIPAccessControlListNameTaken] says that
// the account has a list of that name, [CodeTooManySIPIPAccessControlLists]
// that it has 1000, which is Twilio's limit.
//
// The client never retries it once it may have reached Twilio. After an error
// that matches [ErrOutcomeUnknown], create it again: if the first one exists,
// Twilio refuses its name as taken, and List shows it.
func (s *SIPIPAccessControlListService) Create(ctx context.Context, params SIPIPAccessControlListCreateParams, opts ...RequestOption) (*SIPIPAccessControlList, error) {
	return send[*SIPIPAccessControlList](ctx, s.endpoint().create(params, opts))
}

// Get returns one list, without its addresses.
func (s *SIPIPAccessControlListService) Get(ctx context.Context, sid string, opts ...RequestOption) (*SIPIPAccessControlList, error) {
	return send[*SIPIPAccessControlList](ctx, s.endpoint().get(opts, sid))
}

// Update renames a list.
func (s *SIPIPAccessControlListService) Update(ctx context.Context, sid string, params SIPIPAccessControlListUpdateParams, opts ...RequestOption) (*SIPIPAccessControlList, error) {
	return send[*SIPIPAccessControlList](ctx, s.endpoint().update(params, opts, sid))
}

// Delete removes a list with its addresses. [CodeSIPIPAccessControlListInUse]
// says that the list is mapped to a domain: delete the mapping first.
func (s *SIPIPAccessControlListService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, sid)
}

// List returns the first page of the account's lists of addresses.
func (s *SIPIPAccessControlListService) List(ctx context.Context, params SIPIPAccessControlListListParams, opts ...RequestOption) (*Page[SIPIPAccessControlList], error) {
	return pageOf[SIPIPAccessControlList](ctx, s.endpoint().query(params, opts))
}

// All iterates over the account's lists of addresses, fetching pages as they
// are needed.
func (s *SIPIPAccessControlListService) All(ctx context.Context, params SIPIPAccessControlListListParams, opts ...RequestOption) iter.Seq2[*SIPIPAccessControlList, error] {
	return all[*SIPIPAccessControlList](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *SIPIPAccessControlListService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[SIPIPAccessControlList], error) {
	return pageOf[SIPIPAccessControlList](ctx, s.endpoint().resumed(cursor, opts))
}

// A SIPIPAddress is an IP address, or a range of them, that SIP calls may come
// from.
//
// See https://www.twilio.com/docs/voice/sip/api/sip-ipaddress-resource.
type SIPIPAddress struct {
	// SID identifies the address: IP and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that owns the address.
	AccountSID string `json:"account_sid"`
	// IPAccessControlListSID is the list that it belongs to.
	IPAccessControlListSID string `json:"ip_access_control_list_sid"`
	// FriendlyName is a description.
	FriendlyName string `json:"friendly_name"`
	// IPAddress is an IPv4 address in dotted decimal form.
	IPAddress string `json:"ip_address"`
	// CIDRPrefixLength is how many leading bits of a caller's address must be
	// those of IPAddress; 32 for the one address.
	CIDRPrefixLength int `json:"cidr_prefix_length"`
	// DateCreated is when the address was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the address was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the address's own path.
	URI string `json:"uri"`
}

// SIPIPAddressCreateParams are the parameters of [SIPIPAddressService.Create].
// FriendlyName and IPAddress are required.
type SIPIPAddressCreateParams struct {
	// FriendlyName describes the address, in at most 255 characters.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// IPAddress is an IPv4 address in dotted decimal form. Twilio doesn't
	// accept IPv6.
	IPAddress string `url:"IpAddress,omitempty"`
	// CIDRPrefixLength allows a range: how many leading bits must match, at
	// most 32 (Twilio's default), which allows the one address.
	CIDRPrefixLength int `url:"CidrPrefixLength,omitempty"`
}

func (SIPIPAddressCreateParams) check(r *request) error {
	return firstError(
		required("FriendlyName", r.form.Get("FriendlyName")),
		checkLength("FriendlyName", r.form.Get("FriendlyName"), 255),
		required("IPAddress", r.form.Get("IpAddress")),
		inRange("CIDRPrefixLength", number(r.form.Get("CidrPrefixLength")), 0, 32),
	)
}

// SIPIPAddressUpdateParams are the parameters of [SIPIPAddressService.Update].
// A nil field leaves its value unchanged.
type SIPIPAddressUpdateParams struct {
	// FriendlyName describes the address, in at most 255 characters.
	FriendlyName *string `url:"FriendlyName,omitempty"`
	// IPAddress is an IPv4 address in dotted decimal form.
	IPAddress *string `url:"IpAddress,omitempty"`
	// CIDRPrefixLength is how many leading bits must match, at most 32.
	CIDRPrefixLength *int `url:"CidrPrefixLength,omitempty"`
}

func (SIPIPAddressUpdateParams) check(r *request) error {
	return firstError(
		checkLength("FriendlyName", r.form.Get("FriendlyName"), 255),
		inRange("CIDRPrefixLength", number(r.form.Get("CidrPrefixLength")), 0, 32),
	)
}

// SIPIPAddressListParams are the parameters of [SIPIPAddressService.List] and
// [SIPIPAddressService.All].
type SIPIPAddressListParams struct {
	// Limit ends the list after so many addresses; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many addresses one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p SIPIPAddressListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// A SIPIPAddressService creates, reads, changes and deletes the addresses of a
// list.
//
// See https://www.twilio.com/docs/voice/sip/api/sip-ipaddress-resource.
type SIPIPAddressService struct{ addresses endpoint }

func (s *SIPIPAddressService) endpoint() endpoint { return orEmpty(s).addresses }

var sipIPAddresses = &route{name: "sip.ip_access_control_lists.ip_addresses",
	path: "/SIP/IpAccessControlLists/{ipAccessControlListSID:AL}/IpAddresses/{sid:IP}", list: "ip_addresses"}

// Create adds an address to a list. [CodeTooManySIPIPAddresses] says that the
// list has 100, which is Twilio's limit.
//
// The client never retries it once it may have reached Twilio. After an error
// that matches [ErrOutcomeUnknown], check with List whether the address exists
// before you create it again.
func (s *SIPIPAddressService) Create(ctx context.Context, ipAccessControlListSID string, params SIPIPAddressCreateParams, opts ...RequestOption) (*SIPIPAddress, error) {
	return send[*SIPIPAddress](ctx, s.endpoint().create(params, opts, ipAccessControlListSID))
}

// Get returns one address.
func (s *SIPIPAddressService) Get(ctx context.Context, ipAccessControlListSID, sid string, opts ...RequestOption) (*SIPIPAddress, error) {
	return send[*SIPIPAddress](ctx, s.endpoint().get(opts, ipAccessControlListSID, sid))
}

// Update changes an address.
func (s *SIPIPAddressService) Update(ctx context.Context, ipAccessControlListSID, sid string, params SIPIPAddressUpdateParams, opts ...RequestOption) (*SIPIPAddress, error) {
	return send[*SIPIPAddress](ctx, s.endpoint().update(params, opts, ipAccessControlListSID, sid))
}

// Delete removes an address; domains that its list is mapped to refuse calls
// from it from then on.
func (s *SIPIPAddressService) Delete(ctx context.Context, ipAccessControlListSID, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, ipAccessControlListSID, sid)
}

// List returns the first page of the addresses of a list.
func (s *SIPIPAddressService) List(ctx context.Context, ipAccessControlListSID string, params SIPIPAddressListParams, opts ...RequestOption) (*Page[SIPIPAddress], error) {
	return pageOf[SIPIPAddress](ctx, s.endpoint().query(params, opts, ipAccessControlListSID))
}

// All iterates over the addresses of a list, fetching pages as they are needed.
func (s *SIPIPAddressService) All(ctx context.Context, ipAccessControlListSID string, params SIPIPAddressListParams, opts ...RequestOption) iter.Seq2[*SIPIPAddress, error] {
	return all[*SIPIPAddress](ctx, s.endpoint(), params, opts, ipAccessControlListSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *SIPIPAddressService) Resume(ctx context.Context, ipAccessControlListSID, cursor string, opts ...RequestOption) (*Page[SIPIPAddress], error) {
	return pageOf[SIPIPAddress](ctx, s.endpoint().resumed(cursor, opts, ipAccessControlListSID))
}
