package twilio

import (
	"cmp"
	"context"
)

// An AvailablePhoneNumberCountry is a country in which Twilio sells numbers.
//
// See
// https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource.
type AvailablePhoneNumberCountry struct {
	// CountryCode is the country's ISO 3166-1 code, two capital letters.
	CountryCode string `json:"country_code"`
	// Country is the country's name in English.
	Country string `json:"country"`
	// Beta is true when all of the country's numbers are new to Twilio's
	// platform.
	Beta bool `json:"beta"`
	// SubresourceURIs has the paths of the kinds of numbers that the country
	// has, by name ("local", "toll_free", "mobile", …). Twilio responds with
	// 404 to a search for any other kind.
	SubresourceURIs SubresourceURIs `json:"subresource_uris"`
	// URI is the country's own path.
	URI string `json:"uri"`
}

// An AvailablePhoneNumber is a number that [IncomingPhoneNumberService.Create]
// can buy. Nothing reserves it until then.
//
// See
// https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource.
type AvailablePhoneNumber struct {
	// PhoneNumber is the number in E.164 form.
	PhoneNumber string `json:"phone_number"`
	// FriendlyName is the number in a form for display.
	FriendlyName string `json:"friendly_name"`
	// ISOCountry is the ISO 3166-1 code of the number's country.
	ISOCountry string `json:"iso_country"`
	// Region is the state or province, as two letters (US and Canada only).
	Region string `json:"region"`
	// Locality is the city.
	Locality string `json:"locality"`
	// PostalCode is the postal or ZIP code (US and Canada only).
	PostalCode string `json:"postal_code"`
	// RateCenter is the telephone rate center (US and Canada only).
	RateCenter string `json:"rate_center"`
	// LATA is the local access and transport area (US and Canada only).
	LATA string `json:"lata"`
	// Latitude is in degrees, north positive (US and Canada only). Elsewhere
	// both Latitude and Longitude are 0.
	Latitude float64 `json:"latitude"`
	// Longitude is in degrees, east positive (US and Canada only).
	Longitude float64 `json:"longitude"`
	// AddressRequirements says which address the buyer must have on file.
	AddressRequirements AddressRequirement `json:"address_requirements"`
	// Beta is true for a number that is new to Twilio's platform.
	Beta bool `json:"beta"`
	// Capabilities says what the number can carry.
	Capabilities Capabilities `json:"capabilities"`
}

// AvailablePhoneNumberCountryListParams are the parameters of
// [AvailablePhoneNumberService.List].
type AvailablePhoneNumberCountryListParams struct {
	// Limit ends the list after so many countries; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many countries to ask for, 1 to 1000. Zero lets the
	// client choose. There is no second page.
	PageSize int `url:"PageSize,omitempty"`
}

func (p AvailablePhoneNumberCountryListParams) paging() (limit, pageSize int) {
	return p.Limit, p.PageSize
}

// AvailablePhoneNumberListParams are the filters of
// [AvailablePhoneNumberKindService.List]. The zero value has none.
type AvailablePhoneNumberListParams struct {
	// AreaCode selects by area code, three digits (US and Canada only).
	AreaCode string `url:"AreaCode,omitempty"`
	// Contains is a pattern of 2 to 16 digits and Latin letters, where a letter
	// means its digit on a phone's keypad. At the start or end of the pattern
	// "*" matches one digit and "%" any number of digits. A leading "+" anchors
	// the pattern to the start of the number, a trailing "$" to its end.
	Contains string `url:"Contains,omitempty"`

	// SMSEnabled selects by whether the number has SMS; nil selects both.
	SMSEnabled *bool `url:"SmsEnabled,omitempty"`
	// MMSEnabled selects by whether the number has MMS; nil selects both.
	MMSEnabled *bool `url:"MmsEnabled,omitempty"`
	// VoiceEnabled selects by whether the number has calls; nil selects both.
	VoiceEnabled *bool `url:"VoiceEnabled,omitempty"`
	// FaxEnabled selects by whether the number has fax; nil selects both.
	FaxEnabled *bool `url:"FaxEnabled,omitempty"`

	// ExcludeAllAddressRequired leaves out numbers that require an address.
	ExcludeAllAddressRequired bool `url:"ExcludeAllAddressRequired,omitempty"`
	// ExcludeLocalAddressRequired leaves out numbers that require an address in
	// their own country.
	ExcludeLocalAddressRequired bool `url:"ExcludeLocalAddressRequired,omitempty"`
	// ExcludeForeignAddressRequired leaves out numbers that require an address
	// outside their own country.
	ExcludeForeignAddressRequired bool `url:"ExcludeForeignAddressRequired,omitempty"`
	// Beta is new(false) to leave out numbers that are new to Twilio's
	// platform. Twilio's default is to include them.
	Beta *bool `url:"Beta,omitempty"`

	// NearNumber selects numbers near this one, in E.164 form, within Distance
	// (US and Canada only).
	NearNumber string `url:"NearNumber,omitempty"`
	// NearLatLong selects numbers near a place, within Distance. The place is
	// "latitude,longitude" in degrees, such as "37.84,-122.46" (US and Canada
	// only).
	NearLatLong string `url:"NearLatLong,omitempty"`
	// Distance goes with NearNumber or NearLatLong, in miles: 25 by default, at
	// most 500.
	Distance int `url:"Distance,omitempty"`
	// InPostalCode is a postal code, or a phone number with that postal code
	// (US and Canada only).
	InPostalCode string `url:"InPostalCode,omitempty"`
	// InRegion is a state or province, or a phone number in it (US and Canada
	// only).
	InRegion string `url:"InRegion,omitempty"`
	// InRateCenter is a rate center, or a phone number in it. It requires
	// InLATA (US and Canada only).
	InRateCenter string `url:"InRateCenter,omitempty"`
	// InLATA is a local access and transport area, or a phone number in it (US
	// and Canada only).
	InLATA string `url:"InLata,omitempty"`
	// InLocality is a city, or a phone number in it.
	InLocality string `url:"InLocality,omitempty"`

	// Limit ends the list after so many numbers; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many numbers to ask for, 1 to 1000. Zero means Limit, or
	// 50 without one. There is no second page, and Twilio may return fewer
	// numbers than it has.
	PageSize int `url:"PageSize,omitempty"`
}

func (AvailablePhoneNumberListParams) check(r *request) error {
	distance := r.form.Get("Distance")
	switch {
	case distance != "" && r.form.Get("NearNumber") == "" && r.form.Get("NearLatLong") == "":
		return &ParamError{Field: "Distance", Reason: "is set without NearNumber or NearLatLong; set the place to measure from"}
	case r.form.Get("InRateCenter") != "" && r.form.Get("InLata") == "":
		return &ParamError{Field: "InLATA", Reason: "is empty though InRateCenter is set; set both"}
	default:
		return inRange("Distance", number(distance), 0, 500)
	}
}

// paging asks for enough numbers to choose from, since there are no further
// pages.
func (p AvailablePhoneNumberListParams) paging() (limit, pageSize int) {
	return p.Limit, cmp.Or(p.PageSize, min(p.Limit, maxPageSize), 50)
}

// An AvailablePhoneNumberService finds phone numbers to buy, for the account
// that the client acts on: first a country, then a kind of number that it has.
// Twilio responds with 404 to a search for a kind that the country doesn't
// have.
//
// See
// https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource.
type AvailablePhoneNumberService struct {
	// Local finds numbers of a city or region.
	Local *AvailablePhoneNumberKindService
	// TollFree finds numbers that cost the caller nothing.
	TollFree *AvailablePhoneNumberKindService
	// Mobile finds mobile numbers.
	Mobile *AvailablePhoneNumberKindService
	// National finds numbers of a whole country.
	National *AvailablePhoneNumberKindService
	// Voip finds numbers of a country's range for Internet telephony.
	Voip *AvailablePhoneNumberKindService
	// SharedCost finds numbers whose cost the caller and the owner share.
	SharedCost *AvailablePhoneNumberKindService
	// MachineToMachine finds numbers for devices.
	MachineToMachine *AvailablePhoneNumberKindService

	countries endpoint
}

func (s *AvailablePhoneNumberService) endpoint() endpoint { return orEmpty(s).countries }

var availablePhoneNumberCountries = &route{name: "available_phone_numbers",
	path: "/AvailablePhoneNumbers/{country:ISO}", list: "countries"}

// Get reads one country by its ISO 3166-1 code, such as "US".
func (s *AvailablePhoneNumberService) Get(ctx context.Context, country string, opts ...RequestOption) (*AvailablePhoneNumberCountry, error) {
	return send[*AvailablePhoneNumberCountry](ctx, s.endpoint().get(opts, country))
}

// List returns the countries in which Twilio has numbers, all on one page.
func (s *AvailablePhoneNumberService) List(ctx context.Context, params AvailablePhoneNumberCountryListParams, opts ...RequestOption) (*Page[AvailablePhoneNumberCountry], error) {
	return pageOf[AvailablePhoneNumberCountry](ctx, s.endpoint().query(params, opts))
}

// An AvailablePhoneNumberKindService finds numbers of one kind to buy.
//
// See
// https://www.twilio.com/docs/phone-numbers/api/availablephonenumberlocal-resource
// for local numbers; the other kinds work alike.
type AvailablePhoneNumberKindService struct{ numbers endpoint }

func (s *AvailablePhoneNumberKindService) endpoint() endpoint { return orEmpty(s).numbers }

var (
	availableLocal            = availableNumbers("local", "Local")
	availableTollFree         = availableNumbers("toll_free", "TollFree")
	availableMobile           = availableNumbers("mobile", "Mobile")
	availableNational         = availableNumbers("national", "National")
	availableVoip             = availableNumbers("voip", "Voip")
	availableSharedCost       = availableNumbers("shared_cost", "SharedCost")
	availableMachineToMachine = availableNumbers("machine_to_machine", "MachineToMachine")
)

func availableNumbers(name, segment string) *route {
	return &route{name: "available_phone_numbers." + name,
		path: "/AvailablePhoneNumbers/{country:ISO}/" + segment, list: "available_phone_numbers"}
}

// List returns numbers of this kind in a country, named by its ISO 3166-1 code,
// such as "US". They are all on one page, which isn't everything that Twilio
// has: search again, or more narrowly, for others.
func (s *AvailablePhoneNumberKindService) List(ctx context.Context, country string, params AvailablePhoneNumberListParams, opts ...RequestOption) (*Page[AvailablePhoneNumber], error) {
	return pageOf[AvailablePhoneNumber](ctx, s.endpoint().query(params, opts, country))
}
