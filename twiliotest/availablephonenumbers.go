package twiliotest

import (
	"math"
	"strconv"
	"strings"
)

var availablePhoneNumberRoutes = []route{
	{"GET", "/AvailablePhoneNumbers", listCountries, 200},
	{"GET", "/AvailablePhoneNumbers/{CountryCode}", fetchCountry, 200},
	{"GET", "/AvailablePhoneNumbers/{CountryCode}/Local", searchNumbers(local), 200},
	{"GET", "/AvailablePhoneNumbers/{CountryCode}/MachineToMachine", searchNumbers(machineToMachine), 200},
	{"GET", "/AvailablePhoneNumbers/{CountryCode}/Mobile", searchNumbers(mobile), 200},
	{"GET", "/AvailablePhoneNumbers/{CountryCode}/National", searchNumbers(national), 200},
	{"GET", "/AvailablePhoneNumbers/{CountryCode}/SharedCost", searchNumbers(sharedCost), 200},
	{"GET", "/AvailablePhoneNumbers/{CountryCode}/TollFree", searchNumbers(tollFree), 200},
	{"GET", "/AvailablePhoneNumbers/{CountryCode}/Voip", searchNumbers(voip), 200},
}

// kindsByPath are the kinds of phone numbers by the last segment of a search's
// path.
var kindsByPath = []struct{ segment, key, kind string }{
	{"Local", "local", local},
	{"TollFree", "toll_free", tollFree},
	{"Mobile", "mobile", mobile},
	{"National", "national", national},
	{"Voip", "voip", voip},
	{"SharedCost", "shared_cost", sharedCost},
	{"MachineToMachine", "machine_to_machine", machineToMachine},
}

// searchSize is how many numbers a search returns unless PageSize is set.
const searchSize = 30

func (p *plan) wire(rq *request) any {
	uri := rq.account.path() + "/AvailablePhoneNumbers/" + p.country
	searches := make(map[string]string)
	for _, by := range kindsByPath {
		if p.offers(by.kind) {
			searches[by.key] = uri + "/" + by.segment + ".json"
		}
	}
	return map[string]any{
		"beta":             p.beta,
		"country":          p.name,
		"country_code":     p.country,
		"subresource_uris": searches,
		"uri":              uri + ".json",
	}
}

func listCountries(rq *request) (any, *problem) {
	countries := make([]any, len(plans))
	for i, p := range plans {
		countries[i] = p.wire(rq)
	}
	return map[string]any{"countries": countries, "uri": root + rq.path + ".json"}, nil
}

func fetchCountry(rq *request) (any, *problem) {
	p := planFor(rq.vars["CountryCode"])
	if p == nil {
		return nil, rq.notFound()
	}
	return p.wire(rq), nil
}

// searchNumbers searches the catalogue. The list has no pages.
func searchNumbers(kind string) handler {
	return func(rq *request) (any, *problem) {
		plan := planFor(rq.vars["CountryCode"])
		if plan == nil || !plan.offers(kind) {
			return nil, rq.notFound()
		}
		p := rq.filters()
		size := min(p.int("PageSize", searchSize), maxPageSize)
		matches := p.search()
		if p.prob != nil {
			return nil, p.prob
		}
		found := []any{}
		for o := range rq.offers(plan, kind, p.Get("AreaCode")) {
			if len(found) == size {
				break
			}
			if matches(o) {
				found = append(found, o.wire())
			}
		}
		return map[string]any{"available_phone_numbers": found, "uri": root + rq.path + ".json"}, nil
	}
}

// search reads the filters of a number search.
func (p *params) search() func(offer) bool {
	contains := pattern(p.Get("Contains"))
	wants := []struct {
		value *bool
		of    func(offer) bool
	}{
		{p.bool("VoiceEnabled"), func(o offer) bool { return o.capabilities().Voice }},
		{p.bool("SmsEnabled"), func(o offer) bool { return o.capabilities().SMS }},
		{p.bool("MmsEnabled"), func(o offer) bool { return o.capabilities().MMS }},
		{p.bool("FaxEnabled"), func(o offer) bool { return o.capabilities().Fax }},
	}
	beta := p.bool("Beta")
	excluded := map[string]*bool{
		"any": p.bool("ExcludeAllAddressRequired"), "local": p.bool("ExcludeLocalAddressRequired"),
		"foreign": p.bool("ExcludeForeignAddressRequired"),
	}
	isTrue := func(b *bool) bool { return b != nil && *b }
	near := p.near()
	return func(o offer) bool {
		for _, want := range wants {
			if want.value != nil && *want.value != want.of(o) {
				return false
			}
		}
		switch requirement := o.plan.address; {
		case requirement != "none" && (isTrue(excluded["any"]) || isTrue(excluded[requirement])):
			return false
		case beta != nil && !*beta && o.plan.beta:
			return false
		}
		return contains(o.phone) && near(o.area)
	}
}

// near reads the filters on where a number is. They exclude numbers whose place
// isn't known.
func (p *params) near() func(*area) bool {
	type check struct {
		want string
		of   func(*area) string
	}
	checks := []check{
		{p.Get("InRegion"), func(a *area) string { return a.region }},
		{p.Get("InLocality"), func(a *area) string { return a.locality }},
		{p.Get("InPostalCode"), func(a *area) string { return a.postalCode }},
		{p.Get("InLata"), func(a *area) string { return a.lata }},
		{p.Get("InRateCenter"), func(a *area) string { return a.rateCenter() }},
	}
	distance := float64(p.int("Distance", 25))
	center := p.center()
	return func(a *area) bool {
		for _, check := range checks {
			if check.want != "" && (a == nil || !strings.EqualFold(check.want, check.of(a))) {
				return false
			}
		}
		return center == nil || a != nil && miles(*center, a.point()) <= distance
	}
}

type point struct{ latitude, longitude float64 }

// center reads the point that a search is around: NearLatLong, or the place of
// NearNumber.
func (p *params) center() *point {
	if number := p.Get("NearNumber"); number != "" {
		a := areaOf(strings.TrimPrefix(normalize(number), "+1"))
		if a == nil {
			p.reject(failf(20001, "NearNumber is not a North American number"))
			return nil
		}
		return new(a.point())
	}
	value := p.Get("NearLatLong")
	if value == "" {
		return nil
	}
	latitude, longitude, _ := strings.Cut(value, ",")
	lat, err1 := strconv.ParseFloat(strings.TrimSpace(latitude), 64)
	long, err2 := strconv.ParseFloat(strings.TrimSpace(longitude), 64)
	if err1 != nil || err2 != nil {
		p.reject(failf(20001, "NearLatLong must be latitude,longitude"))
	}
	return &point{lat, long}
}

func (a *area) point() point {
	lat, _ := strconv.ParseFloat(a.latitude, 64) // the table holds valid numbers
	long, _ := strconv.ParseFloat(a.longitude, 64)
	return point{lat, long}
}

func (a *area) rateCenter() string { return strings.ToUpper(a.locality) }

// miles is the distance between two places that are not far apart.
func miles(a, b point) float64 {
	const perDegree = 69
	north := (a.latitude - b.latitude) * perDegree
	east := (a.longitude - b.longitude) * perDegree * math.Cos(a.latitude*math.Pi/180)
	return math.Hypot(north, east)
}

func (o offer) capabilities() capabilities { return o.plan.capabilities(o.kind) }

// wire is the number in a search, which spells capabilities differently from
// owned numbers.
func (o offer) wire() any {
	where := area{}
	if o.area != nil {
		where = *o.area
	}
	can := o.capabilities()
	return &struct {
		AddressRequirements string          `json:"address_requirements"`
		Beta                bool            `json:"beta"`
		Capabilities        map[string]bool `json:"capabilities"`
		FriendlyName        string          `json:"friendly_name"`
		ISOCountry          string          `json:"iso_country"`
		LATA                nullString      `json:"lata"`
		Latitude            nullString      `json:"latitude"`
		Locality            nullString      `json:"locality"`
		Longitude           nullString      `json:"longitude"`
		PhoneNumber         string          `json:"phone_number"`
		PostalCode          nullString      `json:"postal_code"`
		RateCenter          nullString      `json:"rate_center"`
		Region              nullString      `json:"region"`
	}{
		o.plan.address, o.plan.beta,
		map[string]bool{"voice": can.Voice, "SMS": can.SMS, "MMS": can.MMS, "fax": can.Fax},
		display(o.phone), o.plan.country, nullString(where.lata),
		nullString(where.latitude), nullString(where.locality), nullString(where.longitude),
		o.phone, nullString(where.postalCode), nullString(where.rateCenter()), nullString(where.region),
	}
}
