package twiliotest

var addressRoutes = []route{
	{"GET", "/Addresses", listAddresses, 200},
	{"POST", "/Addresses", createAddress, 201},
	{"GET", "/Addresses/{Sid}", fetch[*address], 200},
	{"POST", "/Addresses/{Sid}", updateAddress, 200},
	{"DELETE", "/Addresses/{Sid}", deleteAddress, 204},
	{"GET", "/Addresses/{AddressSid}/DependentPhoneNumbers", listDependentNumbers, 200},
}

// An address is a postal address, which the phone numbers of some countries
// need.
type address struct {
	record
	AccountSID       string     `json:"account_sid"`
	City             string     `json:"city"`
	CustomerName     string     `json:"customer_name"`
	EmergencyEnabled bool       `json:"emergency_enabled"`
	FriendlyName     nullString `json:"friendly_name"`
	ISOCountry       string     `json:"iso_country"`
	PostalCode       string     `json:"postal_code"`
	Region           string     `json:"region"`
	Street           string     `json:"street"`
	StreetSecondary  nullString `json:"street_secondary"`
	Validated        bool       `json:"validated"`
	Verified         bool       `json:"verified"`
}

func (a *address) wire() any {
	return &struct {
		*address
		URI string `json:"uri"`
	}{a, root + "/Accounts/" + a.AccountSID + "/Addresses/" + a.SID + ".json"}
}

func (s *state) addAddress(to *account, a *address) {
	s.initRecord(&a.record, "AD")
	a.AccountSID = to.SID
	addTo(to, a)
}

// apply sets the parameters that create and update share.
func (a *address) apply(p *params) {
	set(p, "FriendlyName", &a.FriendlyName)
	set(p, "StreetSecondary", &a.StreetSecondary)
	setBool(p, "EmergencyEnabled", &a.EmergencyEnabled)
	p.bool("AutoCorrectAddress")
	for key, to := range map[string]*string{
		"CustomerName": &a.CustomerName, "Street": &a.Street, "City": &a.City, "Region": &a.Region,
		"PostalCode": &a.PostalCode,
	} {
		if value := p.Get(key); value != "" {
			*to = value
		}
	}
}

func listAddresses(rq *request) (any, *problem) {
	p := rq.filters()
	customer, name, country := p.Get("CustomerName"), nullString(p.Get("FriendlyName")), p.Get("IsoCountry")
	emergency := p.bool("EmergencyEnabled")
	if p.prob != nil {
		return nil, p.prob
	}
	return list(rq, "addresses", func(a *address) bool {
		return (customer == "" || a.CustomerName == customer) && (name == "" || a.FriendlyName == name) &&
			(country == "" || a.ISOCountry == country) && (emergency == nil || a.EmergencyEnabled == *emergency)
	})
}

func createAddress(rq *request) (any, *problem) {
	p := rq.params()
	for _, key := range []string{"CustomerName", "Street", "City", "Region", "PostalCode", "IsoCountry"} {
		if p.Get(key) == "" {
			p.reject(failf(21628, "%s is required", key))
		}
	}
	a := &address{ISOCountry: p.Get("IsoCountry"), Validated: true}
	if len(a.ISOCountry) != 2 {
		p.reject(failf(21628, "IsoCountry must be two letters"))
	}
	a.apply(p)
	if rq.account.Status == closed {
		p.reject(rq.inactive(rq.account))
	}
	if p.prob != nil {
		return nil, p.prob
	}
	rq.addAddress(rq.account, a)
	return a.wire(), nil
}

func updateAddress(rq *request) (any, *problem) {
	a, prob := lookup[*address](rq)
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	next := *a
	next.apply(p)
	if p.prob != nil {
		return nil, p.prob
	}
	next.Updated = at(rq.now)
	*a = next
	return a.wire(), nil
}

func deleteAddress(rq *request) (any, *problem) {
	a, prob := lookup[*address](rq)
	if prob != nil {
		return nil, prob
	}
	for n := range resourcesOf[*number](rq.account).all() {
		if n.usesAddress(a) {
			return nil, failf(21628, "The address is in use by a phone number")
		}
	}
	return remove[*address](rq)
}

// usesAddress reports whether the number depends on the address.
func (n *number) usesAddress(a *address) bool {
	return string(n.AddressSID) == a.SID || string(n.EmergencyAddressSID) == a.SID
}

func listDependentNumbers(rq *request) (any, *problem) {
	a, prob := lookupBy[*address](rq, "AddressSid")
	if prob != nil {
		return nil, prob
	}
	match := func(n *number) bool { return n.usesAddress(a) }
	numbers := resourcesOf[*number](rq.account)
	return page(rq, "dependent_phone_numbers", numbers, match, (*number).dependentView)
}

// dependentView is the number in the list of those that depend on an address,
// which spells capabilities differently.
func (n *number) dependentView() any {
	can := n.Capabilities
	return &struct {
		*number
		Capabilities map[string]bool `json:"capabilities"`
		URI          string          `json:"uri"`
	}{n, map[string]bool{"Voice": can.Voice, "SMS": can.SMS, "MMS": can.MMS}, n.path() + ".json"}
}
