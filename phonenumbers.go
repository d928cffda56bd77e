package twilio

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"time"
)

// A PhoneNumberOrigin says who provides a number. The set is open: a value that
// is not among the constants passes through.
type PhoneNumberOrigin string

// A number is Twilio's own, or another carrier's number that Twilio hosts.
const (
	PhoneNumberOriginTwilio PhoneNumberOrigin = "twilio"
	PhoneNumberOriginHosted PhoneNumberOrigin = "hosted"
)

// An AddressRequirement says which address the owner of a number must have on
// file with Twilio. The set is open: a value that is not among the constants
// passes through.
type AddressRequirement string

// A number requires no address, an address anywhere in the world, in its own
// country, or outside its own country.
const (
	AddressRequirementNone    AddressRequirement = "none"
	AddressRequirementAny     AddressRequirement = "any"
	AddressRequirementLocal   AddressRequirement = "local"
	AddressRequirementForeign AddressRequirement = "foreign"
)

// An EmergencyStatus says whether emergency calls may be made from a number.
// The set is open: a value that is not among the constants passes through.
type EmergencyStatus string

// Emergency calls are on or off. Unlike other values these begin with a
// capital.
const (
	EmergencyStatusActive   EmergencyStatus = "Active"
	EmergencyStatusInactive EmergencyStatus = "Inactive"
)

// An EmergencyAddressStatus is the state of the registration of a number's
// emergency address. The set is open: a value that is not among the constants
// passes through.
type EmergencyAddressStatus string

// Twilio registers and removes an address in the background, and either may
// fail.
const (
	EmergencyAddressStatusRegistered            EmergencyAddressStatus = "registered"
	EmergencyAddressStatusUnregistered          EmergencyAddressStatus = "unregistered"
	EmergencyAddressStatusPendingRegistration   EmergencyAddressStatus = "pending-registration"
	EmergencyAddressStatusRegistrationFailure   EmergencyAddressStatus = "registration-failure"
	EmergencyAddressStatusPendingUnregistration EmergencyAddressStatus = "pending-unregistration"
	EmergencyAddressStatusUnregistrationFailure EmergencyAddressStatus = "unregistration-failure"
)

// A VoiceReceiveMode says how a number receives calls. The set is open: a value
// that is not among the constants passes through.
type VoiceReceiveMode string

// A number receives voice calls (Twilio's default) or faxes.
const (
	VoiceReceiveModeVoice VoiceReceiveMode = "voice"
	VoiceReceiveModeFax   VoiceReceiveMode = "fax"
)

// Capabilities say what a phone number can carry. The API spells the members in
// three ways, depending on the resource; the client reads them all.
type Capabilities struct {
	// Voice is true when the number can receive and make calls.
	Voice bool `json:"voice" also:"Voice"`
	// SMS is true when the number can send and receive text messages.
	SMS bool `json:"sms" also:"SMS"`
	// MMS is true when the number can send and receive media messages.
	MMS bool `json:"mms" also:"MMS"`
	// Fax is true when the number can receive faxes.
	Fax bool `json:"fax" also:"Fax"`
}

// An IncomingPhoneNumber is a phone number that the account owns, with the
// configuration that handles its calls and messages. Twilio charges for it by
// the month, even in a suspended account, until it is deleted or the account is
// closed.
//
// See
// https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource.
type IncomingPhoneNumber struct {
	// SID identifies the number: PN and 32 hex digits. It stays the same when
	// the number moves to another account.
	SID string `json:"sid"`
	// AccountSID is the account that owns the number now.
	AccountSID string `json:"account_sid"`
	// PhoneNumber is the number in E.164 form.
	PhoneNumber string `json:"phone_number"`
	// FriendlyName is a description: the number in a form for display unless
	// you set another.
	FriendlyName string `json:"friendly_name"`
	// Type is the kind of number, where Twilio sends it.
	Type string `json:"type"`
	// Status is in-use, or new for one that was bought with test credentials.
	Status string `json:"status"`
	// Origin is twilio for Twilio's own numbers, and hosted for another
	// carrier's numbers that Twilio handles.
	Origin PhoneNumberOrigin `json:"origin"`
	// Beta is true for a number that is new to Twilio's platform.
	Beta bool `json:"beta"`
	// Capabilities says what the number can carry.
	Capabilities Capabilities `json:"capabilities"`
	// APIVersion is the version of the API that incoming calls use.
	APIVersion string `json:"api_version"`

	// AddressRequirements says which address the number must have. A transfer
	// to another account requires an address of that account unless this is
	// none.
	AddressRequirements AddressRequirement `json:"address_requirements"`
	// AddressSID is the address that the number has, if any.
	AddressSID string `json:"address_sid"`
	// BundleSID is the regulatory bundle that the number has, if any.
	BundleSID string `json:"bundle_sid"`
	// IdentitySID is the identity that the number has, if any.
	IdentitySID string `json:"identity_sid"`

	// VoiceURL is where Twilio fetches the TwiML for an incoming call, unless
	// VoiceApplicationSID or TrunkSID is set.
	VoiceURL string `json:"voice_url"`
	// VoiceMethod is GET or POST.
	VoiceMethod HTTPMethod `json:"voice_method"`
	// VoiceFallbackURL is requested when VoiceURL or its TwiML fails.
	VoiceFallbackURL string `json:"voice_fallback_url"`
	// VoiceFallbackMethod is GET or POST.
	VoiceFallbackMethod HTTPMethod `json:"voice_fallback_method"`
	// VoiceApplicationSID is the [Application] that handles calls in place of
	// the voice URLs, if any.
	VoiceApplicationSID string `json:"voice_application_sid"`
	// VoiceCallerIDLookup is true when the names of callers are looked up,
	// which is charged for each call.
	VoiceCallerIDLookup bool `json:"voice_caller_id_lookup"`
	// VoiceReceiveMode says whether the number receives voice calls or faxes.
	VoiceReceiveMode VoiceReceiveMode `json:"voice_receive_mode"`
	// TrunkSID is the SIP trunk that handles calls in place of the voice URLs
	// and the application, if any.
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
	// SMSApplicationSID is the [Application] that handles messages in place of
	// the SMS URLs, if any.
	SMSApplicationSID string `json:"sms_application_sid"`

	// StatusCallback receives the status of calls to the number.
	StatusCallback string `json:"status_callback"`
	// StatusCallbackMethod is GET or POST.
	StatusCallbackMethod HTTPMethod `json:"status_callback_method"`

	// EmergencyStatus says whether emergency calls may be made from the number.
	EmergencyStatus EmergencyStatus `json:"emergency_status"`
	// EmergencyAddressSID is the address that emergency services receive, if
	// any.
	EmergencyAddressSID string `json:"emergency_address_sid"`
	// EmergencyAddressStatus is the state of the registration of that address.
	EmergencyAddressStatus EmergencyAddressStatus `json:"emergency_address_status"`

	// DateCreated is when the account got the number, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the number was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the number's own path, under the account that owns it now.
	URI string `json:"uri"`
}

// current shows whether a number has moved.
func (n *IncomingPhoneNumber) current() map[string]string {
	return map[string]string{"AccountSid": n.AccountSID, "AddressSid": n.AddressSID,
		"BundleSid": n.BundleSID, "IdentitySid": n.IdentitySID}
}

// IncomingPhoneNumberCreateParams are the parameters of
// [IncomingPhoneNumberService.Create]. Exactly one of PhoneNumber and AreaCode
// is required.
type IncomingPhoneNumberCreateParams struct {
	// PhoneNumber buys this number, in E.164 form, such as one that
	// [AvailablePhoneNumberService] found.
	PhoneNumber string `url:"PhoneNumber,omitempty"`
	// AreaCode buys any available number with this area code of the US or
	// Canada: three digits. Local, Mobile and TollFree don't accept it.
	AreaCode string `url:"AreaCode,omitempty"`
	// FriendlyName describes the number, in at most 64 characters. Twilio's
	// default is the number in a form for display.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// APIVersion is the version of the API for incoming calls; 2010-04-01 by
	// default.
	APIVersion string `url:"ApiVersion,omitempty"`

	// AddressSID is the address that some numbers require. It must belong to
	// the account that buys the number.
	AddressSID string `url:"AddressSid,omitempty"`
	// BundleSID is the regulatory bundle that some numbers require.
	BundleSID string `url:"BundleSid,omitempty"`
	// IdentitySID is the identity that some numbers require.
	IdentitySID string `url:"IdentitySid,omitempty"`

	// VoiceURL is where Twilio fetches the TwiML for an incoming call, unless
	// VoiceApplicationSID or TrunkSID is set.
	VoiceURL string `url:"VoiceUrl,omitempty"`
	// VoiceMethod is GET or POST (Twilio's default).
	VoiceMethod HTTPMethod `url:"VoiceMethod,omitempty"`
	// VoiceFallbackURL is requested when VoiceURL or its TwiML fails.
	VoiceFallbackURL string `url:"VoiceFallbackUrl,omitempty"`
	// VoiceFallbackMethod is GET or POST (Twilio's default).
	VoiceFallbackMethod HTTPMethod `url:"VoiceFallbackMethod,omitempty"`
	// VoiceApplicationSID is the [Application] that handles calls in place of
	// the voice URLs. It can't be combined with TrunkSID.
	VoiceApplicationSID string `url:"VoiceApplicationSid,omitempty"`
	// VoiceCallerIDLookup looks up the names of callers, which is charged for
	// each call.
	VoiceCallerIDLookup bool `url:"VoiceCallerIdLookup,omitempty"`
	// VoiceReceiveMode is voice (Twilio's default) or fax.
	VoiceReceiveMode VoiceReceiveMode `url:"VoiceReceiveMode,omitempty"`
	// TrunkSID is the SIP trunk that handles calls. It can't be combined with
	// VoiceApplicationSID.
	TrunkSID string `url:"TrunkSid,omitempty"`

	// SMSURL is requested when a message arrives, unless SMSApplicationSID is
	// set.
	SMSURL string `url:"SmsUrl,omitempty"`
	// SMSMethod is GET or POST (Twilio's default).
	SMSMethod HTTPMethod `url:"SmsMethod,omitempty"`
	// SMSFallbackURL is requested when SMSURL or its TwiML fails.
	SMSFallbackURL string `url:"SmsFallbackUrl,omitempty"`
	// SMSFallbackMethod is GET or POST (Twilio's default).
	SMSFallbackMethod HTTPMethod `url:"SmsFallbackMethod,omitempty"`
	// SMSApplicationSID is the [Application] that handles messages in place of
	// the SMS URLs.
	SMSApplicationSID string `url:"SmsApplicationSid,omitempty"`

	// StatusCallback receives the status of calls to the number.
	StatusCallback string `url:"StatusCallback,omitempty"`
	// StatusCallbackMethod is GET or POST (Twilio's default).
	StatusCallbackMethod HTTPMethod `url:"StatusCallbackMethod,omitempty"`

	// EmergencyStatus allows emergency calls from the number.
	EmergencyStatus EmergencyStatus `url:"EmergencyStatus,omitempty"`
	// EmergencyAddressSID is the address that emergency services receive.
	EmergencyAddressSID string `url:"EmergencyAddressSid,omitempty"`
}

func (IncomingPhoneNumberCreateParams) check(r *request) error {
	phoneNumber, areaCode := r.form.Get("PhoneNumber"), r.form.Get("AreaCode")
	if areaCode != "" && r.route != incomingPhoneNumbers {
		return &ParamError{Field: "AreaCode", Reason: "isn't accepted for numbers of one kind; set PhoneNumber, or use IncomingPhoneNumbers.Create"}
	}
	return firstError(
		exactlyOne(namedParam{"PhoneNumber", phoneNumber}, namedParam{"AreaCode", areaCode}),
		checkFriendlyName(r.form),
	)
}

// IncomingPhoneNumberUpdateParams are the parameters of
// [IncomingPhoneNumberService.Update]. A nil field leaves its value unchanged,
// new("") clears it.
type IncomingPhoneNumberUpdateParams struct {
	// AccountSID moves the number to another account: from the main account to
	// a subaccount, back, or between two subaccounts. That requires the main
	// account's AuthToken and, depending on AddressRequirements and
	// regulations, the AddressSID, BundleSID and IdentitySID of the gaining
	// account. See
	// https://www.twilio.com/docs/iam/api/subaccounts#exchanging-numbers.
	AccountSID *string `url:"AccountSid,omitempty"`
	// FriendlyName describes the number, in at most 64 characters.
	FriendlyName *string `url:"FriendlyName,omitempty"`
	// APIVersion is the version of the API for incoming calls.
	APIVersion *string `url:"ApiVersion,omitempty"`

	// AddressSID is the address that some numbers require.
	AddressSID *string `url:"AddressSid,omitempty"`
	// BundleSID is the regulatory bundle that some numbers require.
	BundleSID *string `url:"BundleSid,omitempty"`
	// IdentitySID is the identity that some numbers require.
	IdentitySID *string `url:"IdentitySid,omitempty"`

	// VoiceURL is where Twilio fetches the TwiML for an incoming call, unless
	// VoiceApplicationSID or TrunkSID is set.
	VoiceURL *string `url:"VoiceUrl,omitempty"`
	// VoiceMethod is GET or POST.
	VoiceMethod *HTTPMethod `url:"VoiceMethod,omitempty"`
	// VoiceFallbackURL is requested when VoiceURL or its TwiML fails.
	VoiceFallbackURL *string `url:"VoiceFallbackUrl,omitempty"`
	// VoiceFallbackMethod is GET or POST.
	VoiceFallbackMethod *HTTPMethod `url:"VoiceFallbackMethod,omitempty"`
	// VoiceApplicationSID is the [Application] that handles calls in place of
	// the voice URLs. Setting it removes TrunkSID.
	VoiceApplicationSID *string `url:"VoiceApplicationSid,omitempty"`
	// VoiceCallerIDLookup looks up the names of callers, which is charged for
	// each call.
	VoiceCallerIDLookup *bool `url:"VoiceCallerIdLookup,omitempty"`
	// VoiceReceiveMode is voice or fax.
	VoiceReceiveMode *VoiceReceiveMode `url:"VoiceReceiveMode,omitempty"`
	// TrunkSID is the SIP trunk that handles calls. Setting it removes
	// VoiceApplicationSID.
	TrunkSID *string `url:"TrunkSid,omitempty"`

	// SMSURL is requested when a message arrives, unless SMSApplicationSID is
	// set.
	SMSURL *string `url:"SmsUrl,omitempty"`
	// SMSMethod is GET or POST.
	SMSMethod *HTTPMethod `url:"SmsMethod,omitempty"`
	// SMSFallbackURL is requested when SMSURL or its TwiML fails.
	SMSFallbackURL *string `url:"SmsFallbackUrl,omitempty"`
	// SMSFallbackMethod is GET or POST.
	SMSFallbackMethod *HTTPMethod `url:"SmsFallbackMethod,omitempty"`
	// SMSApplicationSID is the [Application] that handles messages in place of
	// the SMS URLs.
	SMSApplicationSID *string `url:"SmsApplicationSid,omitempty"`

	// StatusCallback receives the status of calls to the number.
	StatusCallback *string `url:"StatusCallback,omitempty"`
	// StatusCallbackMethod is GET or POST.
	StatusCallbackMethod *HTTPMethod `url:"StatusCallbackMethod,omitempty"`

	// EmergencyStatus allows or forbids emergency calls from the number.
	EmergencyStatus *EmergencyStatus `url:"EmergencyStatus,omitempty"`
	// EmergencyAddressSID is the address that emergency services receive.
	EmergencyAddressSID *string `url:"EmergencyAddressSid,omitempty"`
}

func (IncomingPhoneNumberUpdateParams) check(r *request) error {
	if r.form.Has("AccountSid") {
		if err := checkSID("AccountSID", r.form.Get("AccountSid"), "AC"); err != nil {
			return err
		}
	}
	return checkFriendlyName(r.form)
}

// IncomingPhoneNumberListParams are the filters of
// [IncomingPhoneNumberService.List] and [IncomingPhoneNumberService.All].
type IncomingPhoneNumberListParams struct {
	// PhoneNumber selects by number or by a part of it, where * matches any
	// digit.
	PhoneNumber string `url:"PhoneNumber,omitempty"`
	// FriendlyName selects numbers of exactly this name.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// Beta is new(false) to leave out numbers that are new to Twilio's
	// platform. Twilio's default is to include them.
	Beta *bool `url:"Beta,omitempty"`
	// Origin selects twilio or hosted numbers.
	Origin PhoneNumberOrigin `url:"Origin,omitempty"`

	// Limit ends the list after so many numbers; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many numbers one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p IncomingPhoneNumberListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// An IncomingPhoneNumberService buys, reads, configures, moves and releases the
// phone numbers of the account that the client acts on.
//
// See
// https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource.
type IncomingPhoneNumberService struct {
	// AssignedAddOns has the add-ons of a number.
	AssignedAddOns *AssignedAddOnService
	// Local buys and lists the account's local numbers.
	Local *IncomingPhoneNumberKindService
	// Mobile buys and lists the account's mobile numbers.
	Mobile *IncomingPhoneNumberKindService
	// TollFree buys and lists the account's toll-free numbers.
	TollFree *IncomingPhoneNumberKindService

	numbers endpoint
}

func (s *IncomingPhoneNumberService) endpoint() endpoint { return orEmpty(s).numbers }

var (
	incomingPhoneNumbers = &route{name: "incoming_phone_numbers",
		path: "/IncomingPhoneNumbers/{sid:PN}", list: "incoming_phone_numbers"}
	incomingLocal    = incomingNumbers("local", "Local")
	incomingMobile   = incomingNumbers("mobile", "Mobile")
	incomingTollFree = incomingNumbers("toll_free", "TollFree")
)

func incomingNumbers(name, segment string) *route {
	return &route{name: "incoming_phone_numbers." + name,
		path: "/IncomingPhoneNumbers/" + segment, list: "incoming_phone_numbers"}
}

// Create buys a number, which Twilio charges for at once. The client never
// retries it once it may have reached Twilio. If the response to the purchase
// of a PhoneNumber is lost, Create checks whether the account owns the number
// now. If it doesn't, or if the purchase was by AreaCode, the error matches
// [ErrOutcomeUnknown]: check with List before you buy another.
//
// Twilio refuses it with [CodePhoneNumberNotAvailable] when someone else has
// bought the number, [CodeInvalidPhoneNumber], [CodeInvalidAreaCode],
// [CodeNoNumberInAreaCode], [CodeTrialAccount], and with
// [CodeAddressSIDRequired], [CodeBundleRequired] and similar codes where a
// regulation requires more.
func (s *IncomingPhoneNumberService) Create(ctx context.Context, params IncomingPhoneNumberCreateParams, opts ...RequestOption) (*IncomingPhoneNumber, error) {
	return buy(ctx, s.endpoint(), params, opts)
}

// buy creates a number. If the outcome of the purchase of a PhoneNumber is
// unknown, it checks whether the account owns the number.
func buy(ctx context.Context, e endpoint, params IncomingPhoneNumberCreateParams, opts []RequestOption) (*IncomingPhoneNumber, error) {
	r := e.request("create", http.MethodPost, params, opts, nil)
	number := new(IncomingPhoneNumber)
	err := r.into(ctx, number)
	phoneNumber := r.form.Get("PhoneNumber")
	if phoneNumber == "" || !errors.Is(err, ErrOutcomeUnknown) {
		return valueOrError(number, err)
	}
	owned, lookErr := e.client.IncomingPhoneNumbers.confirmPurchase(ctx, phoneNumber, withoutOwnOptions(opts))
	if owned != nil && lookErr == nil {
		return owned, nil
	}
	return nil, err
}

// Get reads one number of the account. For a number that has moved to another
// account the error matches [ErrNotFound].
func (s *IncomingPhoneNumberService) Get(ctx context.Context, sid string, opts ...RequestOption) (*IncomingPhoneNumber, error) {
	return send[*IncomingPhoneNumber](ctx, s.endpoint().get(opts, sid))
}

// Update configures a number, or moves it to another account. To move a number
// the client must act on the account that owns it now. VoiceURL, SMSURL and the
// rest of the configuration may have to be set again after a move.
//
// Twilio refuses a move with [CodeTransferCredentials] and similar codes where
// the accounts or the credentials don't allow it, and with
// [CodeAddressSIDRequired], [CodeBundleRequired] and similar codes where
// something of the gaining account is missing.
func (s *IncomingPhoneNumberService) Update(ctx context.Context, sid string, params IncomingPhoneNumberUpdateParams, opts ...RequestOption) (*IncomingPhoneNumber, error) {
	return send[*IncomingPhoneNumber](ctx, s.endpoint().update(params, opts, sid))
}

// Delete releases a number. This is permanent: someone else may buy the number.
func (s *IncomingPhoneNumberService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, sid)
}

// List returns the first page of the numbers that match.
func (s *IncomingPhoneNumberService) List(ctx context.Context, params IncomingPhoneNumberListParams, opts ...RequestOption) (*Page[IncomingPhoneNumber], error) {
	return pageOf[IncomingPhoneNumber](ctx, s.endpoint().query(params, opts))
}

// All iterates over the numbers that match, fetching pages as they are needed.
func (s *IncomingPhoneNumberService) All(ctx context.Context, params IncomingPhoneNumberListParams, opts ...RequestOption) iter.Seq2[*IncomingPhoneNumber, error] {
	return all[*IncomingPhoneNumber](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *IncomingPhoneNumberService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[IncomingPhoneNumber], error) {
	return pageOf[IncomingPhoneNumber](ctx, s.endpoint().resumed(cursor, opts))
}

// An IncomingPhoneNumberKindService buys and lists the account's numbers of one
// kind. [IncomingPhoneNumberService] does everything else, for all kinds.
//
// See
// https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource.
type IncomingPhoneNumberKindService struct{ numbers endpoint }

func (s *IncomingPhoneNumberKindService) endpoint() endpoint { return orEmpty(s).numbers }

// Create buys a number of this kind, as [IncomingPhoneNumberService.Create]
// does. It accepts a PhoneNumber but no AreaCode.
func (s *IncomingPhoneNumberKindService) Create(ctx context.Context, params IncomingPhoneNumberCreateParams, opts ...RequestOption) (*IncomingPhoneNumber, error) {
	return buy(ctx, s.endpoint(), params, opts)
}

// List returns the first page of the numbers of this kind that match.
func (s *IncomingPhoneNumberKindService) List(ctx context.Context, params IncomingPhoneNumberListParams, opts ...RequestOption) (*Page[IncomingPhoneNumber], error) {
	return pageOf[IncomingPhoneNumber](ctx, s.endpoint().query(params, opts))
}

// All iterates over the numbers of this kind that match, fetching pages as they
// are needed.
func (s *IncomingPhoneNumberKindService) All(ctx context.Context, params IncomingPhoneNumberListParams, opts ...RequestOption) iter.Seq2[*IncomingPhoneNumber, error] {
	return all[*IncomingPhoneNumber](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *IncomingPhoneNumberKindService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[IncomingPhoneNumber], error) {
	return pageOf[IncomingPhoneNumber](ctx, s.endpoint().resumed(cursor, opts))
}
