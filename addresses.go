package twilio

import (
	"context"
	"iter"
	"time"
)

// An Address is a postal address on file with Twilio, for phone numbers that
// require one and for emergency calls. It can't move to another account: a
// number that does needs an address there.
//
// See https://www.twilio.com/docs/usage/api/address.
type Address struct {
	// SID identifies the address: AD and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the address belongs to.
	AccountSID string `json:"account_sid"`
	// FriendlyName is a description.
	FriendlyName string `json:"friendly_name"`
	// CustomerName is the person or company at the address.
	CustomerName string `json:"customer_name"`
	// Street is the street and house number.
	Street string `json:"street"`
	// StreetSecondary is a suite or floor, if any.
	StreetSecondary string `json:"street_secondary"`
	// City is the city.
	City string `json:"city"`
	// Region is the state or province.
	Region string `json:"region"`
	// PostalCode is the postal or ZIP code.
	PostalCode string `json:"postal_code"`
	// ISOCountry is the ISO 3166-1 code of the country, two capital letters.
	ISOCountry string `json:"iso_country"`
	// Validated is true when the address satisfies its country's rules. It is
	// also false where a country has none.
	Validated bool `json:"validated"`
	// Verified is true when Twilio has verified the address. It is also false
	// in countries that don't require that.
	Verified bool `json:"verified"`
	// EmergencyEnabled is true when emergency calls may use the address.
	EmergencyEnabled bool `json:"emergency_enabled"`
	// DateCreated is when the address was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the address was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the address's own path.
	URI string `json:"uri"`
}

// AddressCreateParams are the parameters of [AddressService.Create].
// CustomerName, Street, City, Region, PostalCode and ISOCountry are required.
type AddressCreateParams struct {
	// CustomerName is the person or company at the address. Twilio accepts 64
	// bytes of UTF-8, which is as few as 16 characters in some scripts.
	CustomerName string `url:"CustomerName,omitempty"`
	// Street is the street and house number.
	Street string `url:"Street,omitempty"`
	// StreetSecondary is a suite or floor.
	StreetSecondary string `url:"StreetSecondary,omitempty"`
	// City is the city.
	City string `url:"City,omitempty"`
	// Region is the state or province.
	Region string `url:"Region,omitempty"`
	// PostalCode is the postal or ZIP code.
	PostalCode string `url:"PostalCode,omitempty"`
	// ISOCountry is the ISO 3166-1 code of the country: two letters.
	ISOCountry string `url:"IsoCountry,omitempty"`
	// FriendlyName describes the address, in at most 64 characters, or 32 for
	// one that emergency calls use.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// EmergencyEnabled lets emergency calls use the address.
	EmergencyEnabled bool `url:"EmergencyEnabled,omitempty"`
	// AutoCorrectAddress is new(false) to refuse an address that has errors.
	// Twilio's default is to correct it.
	AutoCorrectAddress *bool `url:"AutoCorrectAddress,omitempty"`
}

func (AddressCreateParams) check(r *request) error {
	return firstError(
		required("CustomerName", r.form.Get("CustomerName")),
		required("Street", r.form.Get("Street")),
		required("City", r.form.Get("City")),
		required("Region", r.form.Get("Region")),
		required("PostalCode", r.form.Get("PostalCode")),
		checkCountry("ISOCountry", r.form.Get("IsoCountry")),
		checkFriendlyName(r.form),
	)
}

// AddressUpdateParams are the parameters of [AddressService.Update]. A nil
// field leaves its value unchanged. The country can't be changed.
type AddressUpdateParams struct {
	// CustomerName is the person or company at the address.
	CustomerName *string `url:"CustomerName,omitempty"`
	// Street is the street and house number.
	Street *string `url:"Street,omitempty"`
	// StreetSecondary is a suite or floor.
	StreetSecondary *string `url:"StreetSecondary,omitempty"`
	// City is the city.
	City *string `url:"City,omitempty"`
	// Region is the state or province.
	Region *string `url:"Region,omitempty"`
	// PostalCode is the postal or ZIP code.
	PostalCode *string `url:"PostalCode,omitempty"`
	// FriendlyName describes the address, in at most 64 characters, or 32 for
	// one that emergency calls use.
	FriendlyName *string `url:"FriendlyName,omitempty"`
	// EmergencyEnabled lets emergency calls use the address.
	EmergencyEnabled *bool `url:"EmergencyEnabled,omitempty"`
	// AutoCorrectAddress is new(false) to refuse an address that has errors.
	// Twilio's default is to correct it.
	AutoCorrectAddress *bool `url:"AutoCorrectAddress,omitempty"`
}

func (AddressUpdateParams) check(r *request) error { return checkFriendlyName(r.form) }

// AddressListParams are the filters of [AddressService.List] and
// [AddressService.All].
type AddressListParams struct {
	// CustomerName selects addresses of this person or company.
	CustomerName string `url:"CustomerName,omitempty"`
	// FriendlyName selects addresses of this name.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// EmergencyEnabled selects by whether emergency calls may use the address;
	// nil selects both.
	EmergencyEnabled *bool `url:"EmergencyEnabled,omitempty"`
	// ISOCountry selects addresses in this country: two letters.
	ISOCountry string `url:"IsoCountry,omitempty"`
	// Limit ends the list after so many addresses; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many addresses one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p AddressListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// An AddressService creates, reads, updates and deletes the addresses of the
// account that the client acts on.
//
// See https://www.twilio.com/docs/usage/api/address.
type AddressService struct {
	// DependentPhoneNumbers lists the numbers that use an address.
	DependentPhoneNumbers *DependentPhoneNumberService

	addresses endpoint
}

func (s *AddressService) endpoint() endpoint { return orEmpty(s).addresses }

var addresses = &route{name: "addresses", path: "/Addresses/{sid:AD}", list: "addresses"}

// Create puts an address on file. In many countries Twilio checks it, and
// refuses one that it can't find. The client never retries it once it may have
// reached Twilio: after an error that matches [ErrOutcomeUnknown], check with
// List whether the address exists before you create another.
func (s *AddressService) Create(ctx context.Context, params AddressCreateParams, opts ...RequestOption) (*Address, error) {
	return send[*Address](ctx, s.endpoint().create(params, opts))
}

// Get reads one address.
func (s *AddressService) Get(ctx context.Context, sid string, opts ...RequestOption) (*Address, error) {
	return send[*Address](ctx, s.endpoint().get(opts, sid))
}

// Update changes an address. Numbers that use it keep it.
func (s *AddressService) Update(ctx context.Context, sid string, params AddressUpdateParams, opts ...RequestOption) (*Address, error) {
	return send[*Address](ctx, s.endpoint().update(params, opts, sid))
}

// Delete deletes an address. Twilio refuses that while a number uses the
// address; DependentPhoneNumbers lists which.
func (s *AddressService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, sid)
}

// List returns the first page of the addresses that match.
func (s *AddressService) List(ctx context.Context, params AddressListParams, opts ...RequestOption) (*Page[Address], error) {
	return pageOf[Address](ctx, s.endpoint().query(params, opts))
}

// All iterates over the addresses that match, fetching pages as they are
// needed.
func (s *AddressService) All(ctx context.Context, params AddressListParams, opts ...RequestOption) iter.Seq2[*Address, error] {
	return all[*Address](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *AddressService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[Address], error) {
	return pageOf[Address](ctx, s.endpoint().resumed(cursor, opts))
}

// A DependentPhoneNumber is a number of the account that uses an address. The
// address can't be deleted while there is one.
//
// See https://www.twilio.com/docs/usage/api/address.
type DependentPhoneNumber struct {
	// SID identifies the number: PN and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that owns the number.
	AccountSID string `json:"account_sid"`
	// PhoneNumber is the number in E.164 form.
	PhoneNumber string `json:"phone_number"`
	// FriendlyName is a description.
	FriendlyName string `json:"friendly_name"`
	// Capabilities says what the number can carry.
	Capabilities Capabilities `json:"capabilities"`
	// AddressRequirements says which address the number must have.
	AddressRequirements AddressRequirement `json:"address_requirements"`
	// APIVersion is the version of the API that incoming calls use.
	APIVersion string `json:"api_version"`

	// VoiceURL is where Twilio fetches the TwiML for an incoming call, unless
	// VoiceApplicationSID or TrunkSID is set.
	VoiceURL string `json:"voice_url"`
	// VoiceMethod is GET or POST.
	VoiceMethod HTTPMethod `json:"voice_method"`
	// VoiceFallbackURL is requested when VoiceURL or its TwiML fails.
	VoiceFallbackURL string `json:"voice_fallback_url"`
	// VoiceFallbackMethod is GET or POST.
	VoiceFallbackMethod HTTPMethod `json:"voice_fallback_method"`
	// VoiceApplicationSID is the application that handles calls.
	VoiceApplicationSID string `json:"voice_application_sid"`
	// VoiceCallerIDLookup is true when the names of callers are looked up.
	VoiceCallerIDLookup bool `json:"voice_caller_id_lookup"`
	// TrunkSID is the SIP trunk that handles calls.
	TrunkSID string `json:"trunk_sid"`

	// SMSURL is requested when a message arrives, unless SMSApplicationSID is
	// set.
	SMSURL string `json:"sms_url"`
	// SMSMethod is GET or POST.
	SMSMethod HTTPMethod `json:"sms_method"`
	// SMSFallbackURL is requested when SMSURL or its TwiML fails.
	SMSFallbackURL string `json:"sms_fallback_url"`
	// SMSFallbackMethod is GET or POST.
	SMSFallbackMethod HTTPMethod `json:"sms_fallback_method"`
	// SMSApplicationSID is the application that handles messages.
	SMSApplicationSID string `json:"sms_application_sid"`

	// StatusCallback receives the status of calls to the number.
	StatusCallback string `json:"status_callback"`
	// StatusCallbackMethod is GET or POST.
	StatusCallbackMethod HTTPMethod `json:"status_callback_method"`

	// EmergencyStatus says whether emergency calls may be made from the number.
	EmergencyStatus EmergencyStatus `json:"emergency_status"`
	// EmergencyAddressSID is the address that emergency services receive.
	EmergencyAddressSID string `json:"emergency_address_sid"`

	// DateCreated is when the account got the number, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the number was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the path of the number itself, as an [IncomingPhoneNumber].
	URI string `json:"uri"`
}

// DependentPhoneNumberListParams are the parameters of
// [DependentPhoneNumberService.List] and [DependentPhoneNumberService.All].
type DependentPhoneNumberListParams struct {
	// Limit ends the list after so many numbers; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many numbers one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p DependentPhoneNumberListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// A DependentPhoneNumberService lists the numbers that use an address.
//
// See https://www.twilio.com/docs/usage/api/address.
type DependentPhoneNumberService struct{ numbers endpoint }

func (s *DependentPhoneNumberService) endpoint() endpoint { return orEmpty(s).numbers }

var dependentPhoneNumbers = &route{name: "addresses.dependent_phone_numbers",
	path: "/Addresses/{addressSID:AD}/DependentPhoneNumbers", list: "dependent_phone_numbers"}

// List returns the first page of the numbers that use an address.
func (s *DependentPhoneNumberService) List(ctx context.Context, addressSID string, params DependentPhoneNumberListParams, opts ...RequestOption) (*Page[DependentPhoneNumber], error) {
	return pageOf[DependentPhoneNumber](ctx, s.endpoint().query(params, opts, addressSID))
}

// All iterates over the numbers that use an address, fetching pages as they are
// needed.
func (s *DependentPhoneNumberService) All(ctx context.Context, addressSID string, params DependentPhoneNumberListParams, opts ...RequestOption) iter.Seq2[*DependentPhoneNumber, error] {
	return all[*DependentPhoneNumber](ctx, s.endpoint(), params, opts, addressSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *DependentPhoneNumberService) Resume(ctx context.Context, addressSID, cursor string, opts ...RequestOption) (*Page[DependentPhoneNumber], error) {
	return pageOf[DependentPhoneNumber](ctx, s.endpoint().resumed(cursor, opts, addressSID))
}
