package twilio

import "time"

// IncomingPhoneNumber is a phone number that the account owns, and how calls and
// messages to it are handled. Twilio bills it by the month, for a suspended
// account too, until it is deleted.
//
// https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
type IncomingPhoneNumber struct {
	// SID names the number: "PN…". It stays the same when the number moves to
	// another account.
	SID string `json:"sid"`
	// AccountSID is the account that owns the number now.
	AccountSID string `json:"account_sid"`
	// PhoneNumber is the number in E.164 form.
	PhoneNumber string `json:"phone_number"`
	// FriendlyName is your own description; the number in national notation
	// unless you gave another.
	FriendlyName string `json:"friendly_name"`
	// Type is the kind of number, such as "local", "mobile" or "toll-free".
	Type string `json:"type"`
	// Status is "in-use", or "new" for one bought with test credentials.
	Status string `json:"status"`
	// Origin is "twilio" for Twilio's own numbers and "hosted" for numbers of
	// another carrier that Twilio handles.
	Origin string `json:"origin"`
	// Beta is true for a number that is new to Twilio's platform.
	Beta bool `json:"beta"`
	// Capabilities says what the number can carry.
	Capabilities Capabilities `json:"capabilities"`
	// APIVersion is the version of the API that incoming calls use.
	APIVersion string `json:"api_version"`

	// AddressRequirements says which address the number has to have. A transfer
	// to another account needs an address of the gaining account where this
	// isn't AddressRequirementNone.
	AddressRequirements AddressRequirement `json:"address_requirements"`
	// AddressSID is the Address ("AD…") that the number has, or empty.
	AddressSID string `json:"address_sid"`
	// BundleSID is the regulatory bundle ("BU…") that the number has, or empty.
	BundleSID string `json:"bundle_sid"`
	// IdentitySID is the identity ("RI…") that the number has, or empty.
	IdentitySID string `json:"identity_sid"`

	// VoiceURL is asked for TwiML when a call comes in, unless
	// VoiceApplicationSID or TrunkSID is set.
	VoiceURL string `json:"voice_url"`
	// VoiceMethod is the HTTP method for VoiceURL: GET or POST.
	VoiceMethod string `json:"voice_method"`
	// VoiceFallbackURL is asked when VoiceURL fails or answers with bad TwiML.
	VoiceFallbackURL string `json:"voice_fallback_url"`
	// VoiceFallbackMethod is the HTTP method for VoiceFallbackURL.
	VoiceFallbackMethod string `json:"voice_fallback_method"`
	// VoiceApplicationSID is the TwiML app ("AP…") that handles calls in place
	// of the voice URLs.
	VoiceApplicationSID string `json:"voice_application_sid"`
	// VoiceCallerIDLookup is true when the names of callers are looked up, which
	// is charged for each call.
	VoiceCallerIDLookup bool `json:"voice_caller_id_lookup"`
	// VoiceReceiveMode says whether incoming calls are taken as voice or fax.
	VoiceReceiveMode VoiceReceiveMode `json:"voice_receive_mode"`
	// TrunkSID is the SIP trunk ("TK…") that handles calls, in place of the
	// voice URLs and applications.
	TrunkSID string `json:"trunk_sid"`

	// SMSURL hears of incoming messages, unless SMSApplicationSID is set.
	SMSURL string `json:"sms_url"`
	// SMSMethod is the HTTP method for SMSURL: GET or POST.
	SMSMethod string `json:"sms_method"`
	// SMSFallbackURL is asked when SMSURL fails or answers with bad TwiML.
	SMSFallbackURL string `json:"sms_fallback_url"`
	// SMSFallbackMethod is the HTTP method for SMSFallbackURL.
	SMSFallbackMethod string `json:"sms_fallback_method"`
	// SMSApplicationSID is the TwiML app ("AP…") that handles messages in place
	// of the SMS URLs.
	SMSApplicationSID string `json:"sms_application_sid"`

	// StatusCallback hears of what becomes of calls to the number.
	StatusCallback string `json:"status_callback"`
	// StatusCallbackMethod is the HTTP method for StatusCallback.
	StatusCallbackMethod string `json:"status_callback_method"`

	// EmergencyStatus says whether emergency calls may be made from the number.
	EmergencyStatus EmergencyStatus `json:"emergency_status"`
	// EmergencyAddressSID is the Address ("AD…") that emergency services are
	// given, or empty.
	EmergencyAddressSID string `json:"emergency_address_sid"`
	// EmergencyAddressStatus is how far the registration of that address has
	// come.
	EmergencyAddressStatus EmergencyAddressStatus `json:"emergency_address_status"`

	// DateCreated is when the account got the number, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the resource last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the path of this resource on the API's host, below the account that
	// owns the number now.
	URI string `json:"uri"`
}

// Capabilities says what a phone number can carry. The API spells the members
// in three ways, depending on the resource; all of them are understood.
type Capabilities struct {
	// Voice is true when the number can take and make calls.
	Voice bool `json:"voice"`
	// SMS is true when the number can send and receive text messages.
	SMS bool `json:"sms"`
	// MMS is true when the number can send and receive media messages.
	MMS bool `json:"mms"`
	// Fax is true when the number can take faxes.
	Fax bool `json:"fax"`
}

// AddressRequirement says which address the owner of a number has to have on
// file with Twilio.
type AddressRequirement string

// A number needs no address, one anywhere in the world, one in its own country,
// or one outside of its own country.
const (
	AddressRequirementNone    AddressRequirement = "none"
	AddressRequirementAny     AddressRequirement = "any"
	AddressRequirementLocal   AddressRequirement = "local"
	AddressRequirementForeign AddressRequirement = "foreign"
)

// EmergencyStatus says whether emergency calls may be made from a number.
type EmergencyStatus string

// Emergency calling is on or off; the API writes these with a capital letter.
const (
	EmergencyStatusActive   EmergencyStatus = "Active"
	EmergencyStatusInactive EmergencyStatus = "Inactive"
)

// EmergencyAddressStatus is how far the registration of a number's emergency
// address has come.
type EmergencyAddressStatus string

// An address is registered or removed in the background, and either may fail.
const (
	EmergencyAddressStatusRegistered            EmergencyAddressStatus = "registered"
	EmergencyAddressStatusUnregistered          EmergencyAddressStatus = "unregistered"
	EmergencyAddressStatusPendingRegistration   EmergencyAddressStatus = "pending-registration"
	EmergencyAddressStatusRegistrationFailure   EmergencyAddressStatus = "registration-failure"
	EmergencyAddressStatusPendingUnregistration EmergencyAddressStatus = "pending-unregistration"
	EmergencyAddressStatusUnregistrationFailure EmergencyAddressStatus = "unregistration-failure"
)

// VoiceReceiveMode says how incoming calls to a number are taken.
type VoiceReceiveMode string

// A call is taken as voice unless the number is set to fax.
const (
	VoiceReceiveModeVoice VoiceReceiveMode = "voice"
	VoiceReceiveModeFax   VoiceReceiveMode = "fax"
)

// IncomingPhoneNumberCreateParams says which number to buy, and how it is set
// up. Exactly one of PhoneNumber and AreaCode is required.
type IncomingPhoneNumberCreateParams struct {
	// PhoneNumber buys this very number, in E.164 form, as
	// AvailablePhoneNumbers found it.
	PhoneNumber string `url:"PhoneNumber,omitempty"`
	// AreaCode buys any number that is free in an area of the US or Canada:
	// three digits. The Local, Mobile and TollFree services don't take it.
	AreaCode string `url:"AreaCode,omitempty"`
	// FriendlyName describes the number, in at most 64 characters. The default
	// is the number in national notation.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// APIVersion is the version of the API for incoming calls. The default is
	// "2010-04-01".
	APIVersion string `url:"ApiVersion,omitempty"`

	// AddressSID is the Address ("AD…") that some countries require. It has to
	// belong to the account that buys the number.
	AddressSID string `url:"AddressSid,omitempty"`
	// BundleSID is the regulatory bundle ("BU…") that some countries require.
	BundleSID string `url:"BundleSid,omitempty"`
	// IdentitySID is the identity ("RI…") that some countries require.
	IdentitySID string `url:"IdentitySid,omitempty"`

	// VoiceURL is asked for TwiML when a call comes in, unless
	// VoiceApplicationSID or TrunkSID is set.
	VoiceURL string `url:"VoiceUrl,omitempty"`
	// VoiceMethod is GET or POST, the default.
	VoiceMethod string `url:"VoiceMethod,omitempty"`
	// VoiceFallbackURL is asked when VoiceURL fails or answers with bad TwiML.
	VoiceFallbackURL string `url:"VoiceFallbackUrl,omitempty"`
	// VoiceFallbackMethod is GET or POST, the default.
	VoiceFallbackMethod string `url:"VoiceFallbackMethod,omitempty"`
	// VoiceApplicationSID is the TwiML app ("AP…") that handles calls in place
	// of the voice URLs. It excludes TrunkSID.
	VoiceApplicationSID string `url:"VoiceApplicationSid,omitempty"`
	// VoiceCallerIDLookup looks up the names of callers, which is charged for
	// each call.
	VoiceCallerIDLookup bool `url:"VoiceCallerIdLookup,omitempty"`
	// VoiceReceiveMode takes incoming calls as voice, the default, or fax.
	VoiceReceiveMode VoiceReceiveMode `url:"VoiceReceiveMode,omitempty"`
	// TrunkSID is the SIP trunk ("TK…") that handles calls. It excludes
	// VoiceApplicationSID.
	TrunkSID string `url:"TrunkSid,omitempty"`

	// SMSURL hears of incoming messages, unless SMSApplicationSID is set.
	SMSURL string `url:"SmsUrl,omitempty"`
	// SMSMethod is GET or POST, the default.
	SMSMethod string `url:"SmsMethod,omitempty"`
	// SMSFallbackURL is asked when SMSURL fails or answers with bad TwiML.
	SMSFallbackURL string `url:"SmsFallbackUrl,omitempty"`
	// SMSFallbackMethod is GET or POST, the default.
	SMSFallbackMethod string `url:"SmsFallbackMethod,omitempty"`
	// SMSApplicationSID is the TwiML app ("AP…") that handles messages in place
	// of the SMS URLs.
	SMSApplicationSID string `url:"SmsApplicationSid,omitempty"`

	// StatusCallback hears of what becomes of calls to the number.
	StatusCallback string `url:"StatusCallback,omitempty"`
	// StatusCallbackMethod is GET or POST, the default.
	StatusCallbackMethod string `url:"StatusCallbackMethod,omitempty"`

	// EmergencyStatus allows emergency calls from the number.
	EmergencyStatus EmergencyStatus `url:"EmergencyStatus,omitempty"`
	// EmergencyAddressSID is the Address ("AD…") that emergency services are
	// given.
	EmergencyAddressSID string `url:"EmergencyAddressSid,omitempty"`
}

// IncomingPhoneNumberUpdateParams changes a number. Nil leaves a setting as it
// is, and new("") clears it.
type IncomingPhoneNumberUpdateParams struct {
	// AccountSID moves the number to another account ("AC…"): from the main
	// account to a subaccount, back, or between two subaccounts. It takes the
	// main account's auth token, and, where AddressRequirements or regulation
	// ask for them, the AddressSID, BundleSID and IdentitySID of the gaining
	// account.
	// https://www.twilio.com/docs/iam/api/subaccounts#exchanging-numbers
	AccountSID *string `url:"AccountSid,omitempty"`
	// FriendlyName describes the number, in at most 64 characters.
	FriendlyName *string `url:"FriendlyName,omitempty"`
	// APIVersion is the version of the API for incoming calls.
	APIVersion *string `url:"ApiVersion,omitempty"`

	// AddressSID is the Address ("AD…") that some countries require.
	AddressSID *string `url:"AddressSid,omitempty"`
	// BundleSID is the regulatory bundle ("BU…") that some countries require.
	BundleSID *string `url:"BundleSid,omitempty"`
	// IdentitySID is the identity ("RI…") that some countries require.
	IdentitySID *string `url:"IdentitySid,omitempty"`

	// VoiceURL is asked for TwiML when a call comes in, unless
	// VoiceApplicationSID or TrunkSID is set.
	VoiceURL *string `url:"VoiceUrl,omitempty"`
	// VoiceMethod is GET or POST.
	VoiceMethod *string `url:"VoiceMethod,omitempty"`
	// VoiceFallbackURL is asked when VoiceURL fails or answers with bad TwiML.
	VoiceFallbackURL *string `url:"VoiceFallbackUrl,omitempty"`
	// VoiceFallbackMethod is GET or POST.
	VoiceFallbackMethod *string `url:"VoiceFallbackMethod,omitempty"`
	// VoiceApplicationSID is the TwiML app ("AP…") that handles calls in place
	// of the voice URLs. Setting it removes TrunkSID.
	VoiceApplicationSID *string `url:"VoiceApplicationSid,omitempty"`
	// VoiceCallerIDLookup looks up the names of callers, which is charged for
	// each call.
	VoiceCallerIDLookup *bool `url:"VoiceCallerIdLookup,omitempty"`
	// VoiceReceiveMode takes incoming calls as voice or fax.
	VoiceReceiveMode *VoiceReceiveMode `url:"VoiceReceiveMode,omitempty"`
	// TrunkSID is the SIP trunk ("TK…") that handles calls. Setting it removes
	// VoiceApplicationSID.
	TrunkSID *string `url:"TrunkSid,omitempty"`

	// SMSURL hears of incoming messages, unless SMSApplicationSID is set.
	SMSURL *string `url:"SmsUrl,omitempty"`
	// SMSMethod is GET or POST.
	SMSMethod *string `url:"SmsMethod,omitempty"`
	// SMSFallbackURL is asked when SMSURL fails or answers with bad TwiML.
	SMSFallbackURL *string `url:"SmsFallbackUrl,omitempty"`
	// SMSFallbackMethod is GET or POST.
	SMSFallbackMethod *string `url:"SmsFallbackMethod,omitempty"`
	// SMSApplicationSID is the TwiML app ("AP…") that handles messages in place
	// of the SMS URLs.
	SMSApplicationSID *string `url:"SmsApplicationSid,omitempty"`

	// StatusCallback hears of what becomes of calls to the number.
	StatusCallback *string `url:"StatusCallback,omitempty"`
	// StatusCallbackMethod is GET or POST.
	StatusCallbackMethod *string `url:"StatusCallbackMethod,omitempty"`

	// EmergencyStatus allows or forbids emergency calls from the number.
	EmergencyStatus *EmergencyStatus `url:"EmergencyStatus,omitempty"`
	// EmergencyAddressSID is the Address ("AD…") that emergency services are
	// given.
	EmergencyAddressSID *string `url:"EmergencyAddressSid,omitempty"`
}

// IncomingPhoneNumberListParams selects numbers. The zero value selects all.
type IncomingPhoneNumberListParams struct {
	// PhoneNumber selects by number, or by a part of it; "*" stands for any
	// digit.
	PhoneNumber string `url:"PhoneNumber,omitempty"`
	// FriendlyName selects by exactly that name.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// Beta leaves out numbers that are new to Twilio's platform when it is
	// new(false); nil, like new(true), includes them.
	Beta *bool `url:"Beta,omitempty"`
	// Origin selects "twilio" or "hosted" numbers. Empty selects both.
	Origin string `url:"Origin,omitempty"`

	// Limit ends the iteration of All after that many numbers. 0 means no limit.
	Limit int `url:"-"`
	// PageSize is how many numbers a page holds, at most 1000.
	PageSize int `url:"PageSize,omitempty"`
}
