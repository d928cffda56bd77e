package twiliotest

import (
	"cmp"
)

var incomingPhoneNumberRoutes = []route{
	{"GET", "/IncomingPhoneNumbers", listNumbers(""), 200},
	{"POST", "/IncomingPhoneNumbers", whileActive(createNumber("")), 201},
	{"GET", "/IncomingPhoneNumbers/Local", listNumbers(local), 200},
	{"POST", "/IncomingPhoneNumbers/Local", whileActive(createNumber(local)), 201},
	{"GET", "/IncomingPhoneNumbers/Mobile", listNumbers(mobile), 200},
	{"POST", "/IncomingPhoneNumbers/Mobile", whileActive(createNumber(mobile)), 201},
	{"GET", "/IncomingPhoneNumbers/TollFree", listNumbers(tollFree), 200},
	{"POST", "/IncomingPhoneNumbers/TollFree", whileActive(createNumber(tollFree)), 201},
	{"GET", "/IncomingPhoneNumbers/{Sid}", fetch[*number], 200},
	{"POST", "/IncomingPhoneNumbers/{Sid}", updateNumber, 200},
	{"DELETE", "/IncomingPhoneNumbers/{Sid}", deleteNumber, 204},
}

// The kinds of phone numbers that can be owned.
const (
	local    = "local"
	mobile   = "mobile"
	tollFree = "toll-free"

	// These can only be searched for.
	machineToMachine = "machine-to-machine"
	national         = "national"
	sharedCost       = "shared-cost"
	voip             = "voip"
)

// capabilities are what a number can carry, as owned numbers spell them.
type capabilities struct {
	Voice bool `json:"voice"`
	SMS   bool `json:"sms"`
	MMS   bool `json:"mms"`
	Fax   bool `json:"fax"`
}

// A number is a phone number that an account owns.
type number struct {
	record
	AccountSID             string       `json:"account_sid"`
	AddressRequirements    string       `json:"address_requirements"`
	AddressSID             nullString   `json:"address_sid"`
	APIVersion             string       `json:"api_version"`
	Beta                   bool         `json:"beta"`
	BundleSID              nullString   `json:"bundle_sid"`
	Capabilities           capabilities `json:"capabilities"`
	EmergencyAddressSID    nullString   `json:"emergency_address_sid"`
	EmergencyAddressStatus string       `json:"emergency_address_status"`
	EmergencyStatus        string       `json:"emergency_status"`
	FriendlyName           string       `json:"friendly_name"`
	IdentitySID            nullString   `json:"identity_sid"`
	Origin                 string       `json:"origin"`
	PhoneNumber            string       `json:"phone_number"`
	SMSApplicationSID      string       `json:"sms_application_sid"`
	SMSFallbackMethod      string       `json:"sms_fallback_method"`
	SMSFallbackURL         string       `json:"sms_fallback_url"`
	SMSMethod              string       `json:"sms_method"`
	SMSURL                 string       `json:"sms_url"`
	Status                 string       `json:"status"`
	StatusCallback         string       `json:"status_callback"`
	StatusCallbackMethod   string       `json:"status_callback_method"`
	TrunkSID               nullString   `json:"trunk_sid"`
	Type                   string       `json:"type"`
	VoiceApplicationSID    string       `json:"voice_application_sid"`
	VoiceCallerIDLookup    bool         `json:"voice_caller_id_lookup"`
	VoiceFallbackMethod    string       `json:"voice_fallback_method"`
	VoiceFallbackURL       nullString   `json:"voice_fallback_url"`
	VoiceMethod            string       `json:"voice_method"`
	VoiceReceiveMode       string       `json:"voice_receive_mode"`
	VoiceURL               nullString   `json:"voice_url"`

	addOns   collection[*addOn]
	months   int // that were charged
	released bool
}

func (n *number) path() string {
	return root + "/Accounts/" + n.AccountSID + "/IncomingPhoneNumbers/" + n.SID
}

func (n *number) wire() any {
	return &struct {
		*number
		SubresourceURIs subresources `json:"subresource_uris"`
		URI             string       `json:"uri"`
	}{n, subresources{n.path(), numberSubresources}, n.path() + ".json"}
}

var numberSubresources = []subresource{{"assigned_add_ons", "/AssignedAddOns.json"}}

// newNumber returns a number as it is right after its purchase.
func newNumber(phone string) *number {
	n := &number{PhoneNumber: phone}
	n.complete()
	return n
}

// complete fills in what every number has.
func (n *number) complete() {
	if plan, kind := planOf(n.PhoneNumber); plan != nil {
		n.Type = cmp.Or(n.Type, kind)
		n.AddressRequirements = cmp.Or(n.AddressRequirements, plan.address)
		if n.Capabilities == (capabilities{}) {
			n.Capabilities = plan.capabilities(n.Type)
		}
	}
	if n.Capabilities == (capabilities{}) {
		n.Capabilities = capabilities{Voice: true, SMS: true}
	}
	n.APIVersion = cmp.Or(n.APIVersion, apiVersion)
	n.AddressRequirements = cmp.Or(n.AddressRequirements, "none")
	n.EmergencyAddressStatus = cmp.Or(n.EmergencyAddressStatus, "unregistered")
	n.EmergencyStatus = cmp.Or(n.EmergencyStatus, "Inactive")
	n.FriendlyName = cmp.Or(n.FriendlyName, display(n.PhoneNumber))
	n.Origin = cmp.Or(n.Origin, "twilio")
	n.Status = cmp.Or(n.Status, "in-use")
	n.Type = cmp.Or(n.Type, local)
	n.VoiceReceiveMode = cmp.Or(n.VoiceReceiveMode, "voice")
	for _, method := range []*string{
		&n.VoiceMethod, &n.VoiceFallbackMethod, &n.SMSMethod, &n.SMSFallbackMethod, &n.StatusCallbackMethod,
	} {
		*method = cmp.Or(*method, "POST")
	}
}

func (s *state) addNumber(a *account, n *number) {
	s.initRecord(&n.record, "PN")
	n.AccountSID = a.SID
	addTo(a, n)
	s.owned[n.PhoneNumber] = n
	s.rent(n, s.now())
}

// numberOf returns the account's phone number in E.164 form, or nil if another
// account has it or none.
func (s *state) numberOf(a *account, phone string) *number {
	if n := s.owned[phone]; n != nil && n.AccountSID == a.SID {
		return n
	}
	return nil
}

// configure sets the parameters that create and update share. AddressSid,
// BundleSid and IdentitySid are left to the caller, who knows in which account
// they must be.
func (n *number) configure(p *params) {
	set(p, "FriendlyName", &n.FriendlyName)
	set(p, "ApiVersion", &n.APIVersion)
	setURL(p, "VoiceUrl", &n.VoiceURL, 21402)
	setMethod(p, "VoiceMethod", &n.VoiceMethod, 21403)
	setURL(p, "VoiceFallbackUrl", &n.VoiceFallbackURL, 21402)
	setMethod(p, "VoiceFallbackMethod", &n.VoiceFallbackMethod, 21403)
	setBool(p, "VoiceCallerIdLookup", &n.VoiceCallerIDLookup)
	setURL(p, "SmsUrl", &n.SMSURL, 21402)
	setMethod(p, "SmsMethod", &n.SMSMethod, 21403)
	setURL(p, "SmsFallbackUrl", &n.SMSFallbackURL, 21402)
	setMethod(p, "SmsFallbackMethod", &n.SMSFallbackMethod, 21403)
	p.fallback("VoiceFallbackUrl", string(n.VoiceURL), 21405)
	p.fallback("SmsFallbackUrl", n.SMSURL, 21406)
	setURL(p, "StatusCallback", &n.StatusCallback, 21402)
	setMethod(p, "StatusCallbackMethod", &n.StatusCallbackMethod, 21403)
	if mode := p.oneOf("VoiceReceiveMode", 20001, "voice", "fax"); mode != "" {
		n.VoiceReceiveMode = mode
	}
	if status := p.oneOf("EmergencyStatus", 20001, "Active", "Inactive"); status != "" {
		n.EmergencyStatus = status
	}
	for _, sid := range []struct{ key, prefix string }{
		{"TrunkSid", "TK"}, {"EmergencyAddressSid", "AD"}, {"AddressSid", "AD"},
		{"BundleSid", "BU"}, {"IdentitySid", "RI"},
	} {
		p.sid(sid.key, sid.prefix, 20001)
	}
	set(p, "SmsApplicationSid", &n.SMSApplicationSID)
	set(p, "TrunkSid", &n.TrunkSID)
	set(p, "VoiceApplicationSid", &n.VoiceApplicationSID)
	if p.Get("VoiceApplicationSid") != "" {
		n.TrunkSID = "" // the application takes the trunk's place
	}
	if p.Has("EmergencyAddressSid") {
		set(p, "EmergencyAddressSid", &n.EmergencyAddressSID)
		n.EmergencyAddressStatus = "unregistered"
		if n.EmergencyAddressSID != "" {
			n.EmergencyAddressStatus = "registered"
		}
	}
}

// applications checks that a number's applications belong to its owner.
func (p *params) applications(owner *account) {
	p.application("VoiceApplicationSid", owner, 21420)
	p.application("SmsApplicationSid", owner, 21420)
}

// checkAddress checks that the number has the address that it requires, in the
// account that is to own it.
func (n *number) checkAddress(a *account) *problem {
	if n.AddressSID == "" {
		switch n.AddressRequirements {
		case "none":
			return nil
		case "local":
			return fail(21615)
		}
		return fail(21631)
	}
	address, ok := resourcesOf[*address](a).get(string(n.AddressSID))
	if !ok {
		return failf(21628, "The address %s does not exist in the account that is to own the number", n.AddressSID)
	}
	plan, _ := planOf(n.PhoneNumber)
	isLocal := plan != nil && plan.country == address.ISOCountry
	switch {
	case n.AddressRequirements == "local" && !isLocal:
		return fail(21615)
	case n.AddressRequirements == "foreign" && isLocal:
		return failf(21627, "This phone number requires an address outside of its country")
	}
	return nil
}

func listNumbers(kind string) handler {
	return func(rq *request) (any, *problem) {
		p := rq.filters()
		name, origin := p.Get("FriendlyName"), p.Get("Origin")
		beta := p.bool("Beta")
		matches := pattern(p.Get("PhoneNumber"))
		if p.prob != nil {
			return nil, p.prob
		}
		return list(rq, "incoming_phone_numbers", func(n *number) bool {
			return (kind == "" || n.Type == kind) && (name == "" || n.FriendlyName == name) &&
				(origin == "" || n.Origin == origin) && (beta == nil || n.Beta == *beta) && matches(n.PhoneNumber)
		})
	}
}

func createNumber(kind string) handler {
	return func(rq *request) (any, *problem) {
		p := rq.params()
		owned := rq.owned[normalize(p.Get("PhoneNumber"))]
		if owned != nil && owned.AccountSID == rq.account.SID && (kind == "" || kind == owned.Type) {
			return rq.configureNumber(owned) // as an update would
		}
		phone, prob := rq.selectNumber(p, kind)
		if prob != nil {
			return nil, prob
		}
		n := newNumber(phone)
		n.Type = cmp.Or(kind, n.Type)
		n.configure(p)
		set(p, "AddressSid", &n.AddressSID)
		set(p, "BundleSid", &n.BundleSID)
		set(p, "IdentitySid", &n.IdentitySID)
		p.applications(rq.account)
		if p.prob != nil {
			return nil, p.prob
		}
		if prob := n.checkAddress(rq.account); prob != nil {
			return nil, prob
		}
		if rq.trial && resourcesOf[*number](rq.account).len() > 0 {
			return nil, fail(21404)
		}
		rq.addNumber(rq.account, n)
		return n.wire(), nil
	}
}

// selectNumber returns the number to buy: the one that the request names, or
// any in the area code. Every well-formed number in a country of the catalogue
// is for sale unless an account owns it, so that tests can choose their
// numbers.
func (rq *request) selectNumber(p *params, kind string) (string, *problem) {
	phone, area := normalize(p.Get("PhoneNumber")), p.Get("AreaCode")
	if kind != "" && phone == "" || (phone == "") == (area == "") {
		return "", failf(21421, "Exactly one of PhoneNumber and AreaCode is required")
	}
	if area != "" {
		return rq.firstInAreaCode(area)
	}
	plan, actual := planOf(phone)
	switch {
	case !isPhoneNumber(phone), phone == magic+"1":
		return "", failf(21421, "%s is not a valid phone number", phone)
	case plan == nil, rq.owned[phone] != nil, phone == magic+"0", actual != kind && plan.offers(kind):
		return "", failf(21422, "%s is not available", phone)
	}
	return phone, nil
}

func updateNumber(rq *request) (any, *problem) {
	n, prob := lookup[*number](rq)
	if prob != nil {
		return nil, prob
	}
	return rq.configureNumber(n)
}

// configureNumber changes the configuration of a number or its owner.
func (rq *request) configureNumber(n *number) (any, *problem) {
	p := rq.params()
	next := *n
	next.configure(p)
	owner := rq.account
	if to := p.Get("AccountSid"); to != "" && to != owner.SID {
		var prob *problem
		if owner, prob = rq.newOwner(to); prob != nil {
			return nil, prob
		}
		if prob := next.detach(p); prob != nil {
			return nil, prob
		}
	}
	set(p, "AddressSid", &next.AddressSID)
	set(p, "BundleSid", &next.BundleSID)
	set(p, "IdentitySid", &next.IdentitySID)
	p.applications(owner)
	if p.prob != nil {
		return nil, p.prob
	}
	if p.Get("BundleSid") != "" {
		if prob := rq.checkBundle(next.BundleSID, owner); prob != nil {
			return nil, prob
		}
	}
	if owner != rq.account || p.Has("AddressSid") {
		if prob := next.checkAddress(owner); prob != nil {
			return nil, prob
		}
	}
	next.Updated = at(rq.now)
	*n = next
	if owner != rq.account {
		resourcesOf[*number](rq.account).remove(n)
		n.AccountSID = owner.SID
		addTo(owner, n)
	}
	return n.wire(), nil
}

// newOwner finds the account that a number is to move to.
func (rq *request) newOwner(sid string) (*account, *problem) {
	if !rq.caller.isMain() {
		return nil, fail(21474)
	}
	if !isSID(sid, "AC") {
		return nil, fail(21470)
	}
	a, ok := rq.accounts.get(sid)
	if !ok {
		return nil, fail(21471)
	}
	if !a.active() {
		return nil, fail(21472)
	}
	return a, nil
}

// detach clears what can't move with a number, and requires a bundle and an
// identity of the new account if the number has one in the old.
func (n *number) detach(p *params) *problem {
	switch {
	case n.Origin == "hosted":
		return fail(22121)
	case n.BundleSID != "" && p.Get("BundleSid") == "":
		return fail(21649)
	case n.IdentitySID != "" && p.Get("IdentitySid") == "":
		return fail(21650)
	}
	n.AddressSID, n.BundleSID, n.IdentitySID = "", "", ""
	n.EmergencyAddressSID, n.EmergencyAddressStatus, n.EmergencyStatus = "", "unregistered", "Inactive"
	return nil
}

func deleteNumber(rq *request) (any, *problem) {
	n, prob := lookup[*number](rq)
	if prob != nil {
		return nil, prob
	}
	delete(rq.owned, n.PhoneNumber)
	n.released = true
	return remove[*number](rq)
}
