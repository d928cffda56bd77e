package twiliotest

import (
	"strings"
	"unicode/utf8"
)

var sipDomainRoutes = []route{
	{"GET", "/SIP/Domains", listSIPDomains, 200},
	{"POST", "/SIP/Domains", createSIPDomain, 201},
	{"GET", "/SIP/Domains/{Sid}", fetch[*sipDomain], 200},
	{"POST", "/SIP/Domains/{Sid}", updateSIPDomain, 200},
	{"DELETE", "/SIP/Domains/{Sid}", deleteSIPDomain, 204},
}

const (
	maxSIPDomains   = 100
	sipDomainSuffix = ".sip.twilio.com"
)

// A sipDomain is a name that receives SIP calls. The lists that are mapped to
// it for calls say who may send them.
type sipDomain struct {
	record
	AccountSID                string     `json:"account_sid"`
	APIVersion                string     `json:"api_version"`
	BYOCTrunkSID              nullString `json:"byoc_trunk_sid"`
	DomainName                string     `json:"domain_name"`
	EmergencyCallerSID        nullString `json:"emergency_caller_sid"`
	EmergencyCallingEnabled   bool       `json:"emergency_calling_enabled"`
	FriendlyName              nullString `json:"friendly_name"`
	Secure                    bool       `json:"secure"`
	SIPRegistration           bool       `json:"sip_registration"`
	VoiceFallbackMethod       string     `json:"voice_fallback_method"`
	VoiceFallbackURL          nullString `json:"voice_fallback_url"`
	VoiceMethod               string     `json:"voice_method"`
	VoiceStatusCallbackMethod string     `json:"voice_status_callback_method"`
	VoiceStatusCallbackURL    nullString `json:"voice_status_callback_url"`
	VoiceURL                  nullString `json:"voice_url"`

	// The lists that are mapped for calls, by either path, and for
	// registrations.
	callCredentials, callAddresses, registrationCredentials collection[*sipMapping]
}

func (d *sipDomain) path() string {
	return root + "/Accounts/" + d.AccountSID + "/SIP/Domains/" + d.SID
}

func (d *sipDomain) wire() any {
	return &struct {
		*sipDomain
		AuthType        string       `json:"auth_type"`
		SubresourceURIs subresources `json:"subresource_uris"`
		URI             string       `json:"uri"`
	}{d, d.authType(), subresources{d.path(), sipDomainSubresources}, d.path() + ".json"}
}

var sipDomainSubresources = []subresource{
	{"credential_list_mappings", "/CredentialListMappings.json"},
	{"ip_access_control_list_mappings", "/IpAccessControlListMappings.json"},
}

// authType names what callers authenticate with, in alphabetical order.
func (d *sipDomain) authType() string {
	var types []string
	if d.callCredentials.len() > 0 {
		types = append(types, "CREDENTIAL_LIST")
	}
	if d.callAddresses.len() > 0 {
		types = append(types, "IP_ACL")
	}
	return strings.Join(types, ",")
}

// apply sets the parameters that create and update share.
func (d *sipDomain) apply(p *params) {
	set(p, "DomainName", &d.DomainName)
	label, ok := strings.CutSuffix(d.DomainName, sipDomainSuffix)
	if !ok || label == "" || strings.Trim(label, lettersAndDigits+"-") != "" {
		p.reject(fail(21231))
	}
	set(p, "FriendlyName", &d.FriendlyName)
	if utf8.RuneCountInString(string(d.FriendlyName)) > maxFriendlyName {
		p.reject(failf(20001, "FriendlyName must have at most %d characters", maxFriendlyName))
	}
	setURL(p, "VoiceUrl", &d.VoiceURL, 21402)
	setMethod(p, "VoiceMethod", &d.VoiceMethod, 21403)
	setURL(p, "VoiceFallbackUrl", &d.VoiceFallbackURL, 21402)
	setMethod(p, "VoiceFallbackMethod", &d.VoiceFallbackMethod, 21403)
	setURL(p, "VoiceStatusCallbackUrl", &d.VoiceStatusCallbackURL, 21402)
	setMethod(p, "VoiceStatusCallbackMethod", &d.VoiceStatusCallbackMethod, 21403)
	setBool(p, "SipRegistration", &d.SIPRegistration)
	setBool(p, "Secure", &d.Secure)
	setBool(p, "EmergencyCallingEnabled", &d.EmergencyCallingEnabled)
	p.sid("EmergencyCallerSid", "PN", 20001)
	set(p, "EmergencyCallerSid", &d.EmergencyCallerSID)
	p.sid("ByocTrunkSid", "BY", 20001)
	set(p, "ByocTrunkSid", &d.BYOCTrunkSID)
}

func listSIPDomains(rq *request) (any, *problem) { return list(rq, "domains", all[*sipDomain]) }

func createSIPDomain(rq *request) (any, *problem) {
	p := rq.params()
	d := &sipDomain{
		AccountSID: rq.account.SID, APIVersion: apiVersion,
		VoiceMethod: "POST", VoiceFallbackMethod: "POST", VoiceStatusCallbackMethod: "POST",
	}
	d.apply(p)
	switch {
	case p.prob != nil:
		return nil, p.prob
	case rq.account.Status == closed:
		return nil, rq.inactive(rq.account)
	case resourcesOf[*sipDomain](rq.account).len() >= maxSIPDomains:
		return nil, fail(21230)
	case rq.sipDomains[strings.ToLower(d.DomainName)] != nil:
		return nil, sipDomainExists(d.DomainName)
	}
	rq.initRecord(&d.record, "SD")
	rq.sipDomains[strings.ToLower(d.DomainName)] = d
	addTo(rq.account, d)
	return d.wire(), nil
}

func sipDomainExists(name string) *problem { return failf(21232, "Domain %s already exists.", name) }

func updateSIPDomain(rq *request) (any, *problem) {
	d, prob := lookup[*sipDomain](rq)
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	next := *d
	next.apply(p)
	if p.prob != nil {
		return nil, p.prob
	}
	if owner := rq.sipDomains[strings.ToLower(next.DomainName)]; owner != nil && owner != d {
		return nil, sipDomainExists(next.DomainName)
	}
	rq.forgetSIPDomain(d)
	next.Updated = at(rq.now)
	*d = next
	rq.sipDomains[strings.ToLower(d.DomainName)] = d
	return d.wire(), nil
}

func deleteSIPDomain(rq *request) (any, *problem) {
	if d, prob := lookup[*sipDomain](rq); prob == nil {
		rq.forgetSIPDomain(d)
	}
	return remove[*sipDomain](rq)
}

// forgetSIPDomain frees the name of a domain.
func (s *state) forgetSIPDomain(d *sipDomain) { delete(s.sipDomains, strings.ToLower(d.DomainName)) }
