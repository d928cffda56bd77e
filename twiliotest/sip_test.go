package twiliotest_test

import (
	"fmt"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func (a *api) create(path string, form ...string) string {
	a.t.Helper()
	return str(a.post(a.main("/SIP"+path+".json"), form...).ok(), "sid")
}

func TestSIPDomains(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	domains := a.main("/SIP/Domains.json")
	made := a.post(domains, "DomainName", "Acme-1.sip.twilio.com").ok()
	wants(t, made, "auth_type", "", "secure", false, "sip_registration", false, "emergency_calling_enabled", false,
		"voice_url", nil, "voice_method", "POST")

	_, sub := a.subaccount("other")
	for name, code := range map[string]int{
		"acme-1.sip.twilio.com": 21232, "acme.example.com": 21231, ".sip.twilio.com": 21231, "a b.sip.twilio.com": 21231, "": 21231,
	} {
		sub.post(under(sub.user, "/SIP/Domains.json"), "DomainName", name).fails(400, code)
	}
	item := a.main("/SIP/Domains/" + str(made, "sid") + ".json")
	a.post(item, "DomainName", "acme-1.sip.twilio.com", "VoiceUrl", "ftp://x").fails(400, 21402)
	a.post(item, "DomainName", "acme-2.sip.twilio.com", "SipRegistration", "true").ok()
	sub.post(under(sub.user, "/SIP/Domains.json"), "DomainName", "acme-1.sip.twilio.com").ok()
	a.post(item, "DomainName", "acme-1.sip.twilio.com").fails(400, 21232)
	a.delete(item).ok()
	for i := range 100 {
		a.post(domains, "DomainName", fmt.Sprintf("acme-%d.sip.twilio.com", i+2)).ok()
	}
	a.post(domains, "DomainName", "one-more.sip.twilio.com").fails(400, 21230)
}

// The name of a domain is taken until its account is deleted.
func TestSIPDomainsOfDeletedAccounts(t *testing.T) {
	t.Parallel()
	a := newAPI(t, twiliotest.WithAutoDelete())
	sid, sub := a.subaccount("short-lived")
	sub.post(under(sid, "/SIP/Domains.json"), "DomainName", "acme.sip.twilio.com").ok()
	a.post("/Accounts/"+sid+".json", "Status", "closed").ok()
	a.post(a.main("/SIP/Domains.json"), "DomainName", "acme.sip.twilio.com").fails(400, 21232)
	a.srv.Advance(31 * 24 * time.Hour)
	a.post(a.main("/SIP/Domains.json"), "DomainName", "acme.sip.twilio.com").ok()
}

// Calls have two paths to one store, and registrations a store of their own.
func TestSIPMappings(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	credentials := a.create("/CredentialLists", "FriendlyName", "phones")
	addresses := a.create("/IpAccessControlLists", "FriendlyName", "office")
	domain := "/Domains/" + a.create("/Domains", "DomainName", "acme.sip.twilio.com")
	authType := func(want string) {
		t.Helper()
		wants(t, a.get(a.main("/SIP"+domain+".json")).ok(), "auth_type", want)
	}
	items := func(path string) int { return len(a.get(a.main("/SIP" + domain + path + ".json")).items()) }

	a.create(domain+"/IpAccessControlListMappings", "IpAccessControlListSid", addresses)
	authType("IP_ACL")
	again := a.post(a.main("/SIP"+domain+"/Auth/Calls/IpAccessControlListMappings.json"), "IpAccessControlListSid", addresses)
	again.fails(400, 21231)
	wants(t, again.body, "message", "IpAccessControlList already associated with this domain")
	a.create(domain+"/Auth/Calls/CredentialListMappings", "CredentialListSid", credentials)
	authType("CREDENTIAL_LIST,IP_ACL")
	a.create(domain+"/Auth/Registrations/CredentialListMappings", "CredentialListSid", credentials)
	for _, path := range []string{"/IpAccessControlListMappings", "/Auth/Calls/IpAccessControlListMappings", "/CredentialListMappings",
		"/Auth/Calls/CredentialListMappings", "/Auth/Registrations/CredentialListMappings"} {
		if n := items(path); n != 1 {
			t.Errorf("%s has %d mappings", path, n)
		}
	}

	a.delete(a.main("/SIP/IpAccessControlLists/"+addresses+".json")).fails(400, 21236)
	a.delete(a.main("/SIP" + domain + "/Auth/Calls/IpAccessControlListMappings/" + addresses + ".json")).ok()
	authType("CREDENTIAL_LIST")
	a.delete(a.main("/SIP/IpAccessControlLists/" + addresses + ".json")).ok()
	a.delete(a.main("/SIP" + domain + "/CredentialListMappings/" + credentials + ".json")).ok()
	authType("")
	a.delete(a.main("/SIP/CredentialLists/"+credentials+".json")).fails(400, 21241) // registrations use it
	a.delete(a.main("/SIP" + domain + ".json")).ok()
	a.delete(a.main("/SIP/CredentialLists/" + credentials + ".json")).ok()
	a.post(a.main("/SIP"+domain+"/CredentialListMappings.json"), "CredentialListSid", credentials).fails(404, 20404)
}

func TestSIPCredentials(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	lists := a.main("/SIP/CredentialLists.json")
	list := str(a.post(lists, "FriendlyName", "phones").ok(), "sid")
	a.post(lists, "FriendlyName", "phones").fails(400, 21240)
	a.post(lists, "FriendlyName", "").fails(400, 20001)
	a.post(a.main("/SIP/CredentialLists/"+list+".json"), "FriendlyName", "phones").ok()

	credentials := a.main("/SIP/CredentialLists/" + list + "/Credentials.json")
	a.post(credentials, "Username", "ada", "Password", "IWasAtSignal2018").ok()
	for _, password := range []string{"", "Signal2018", "iwasatsignal2018", "IWASATSIGNAL2018", "IWasAtSignal"} {
		a.post(credentials, "Username", "bob", "Password", password).fails(400, 20001)
	}
	for _, r := range a.srv.Requests() {
		if p := r.Form.Get("Password"); p != "" && p != "[redacted]" {
			t.Errorf("the log has the password %s", p)
		}
	}
	for i := range 999 {
		a.post(credentials, "Username", fmt.Sprint(i), "Password", "IWasAtSignal2018").ok()
	}
	a.post(credentials, "Username", "one more", "Password", "IWasAtSignal2018").fails(400, 21242)
	for i := range 99 {
		a.post(lists, "FriendlyName", fmt.Sprint(i)).ok()
	}
	a.post(lists, "FriendlyName", "one more").fails(400, 21239)
}

func TestSIPIPAddresses(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	lists := a.main("/SIP/IpAccessControlLists.json")
	list := str(a.post(lists, "FriendlyName", "office").ok(), "sid")
	a.post(lists, "FriendlyName", "office").fails(400, 21235)
	addresses := a.main("/SIP/IpAccessControlLists/" + list + "/IpAddresses.json")
	wants(t, a.post(addresses, "FriendlyName", "gateway", "IpAddress", "192.0.2.1").ok(), "cidr_prefix_length", 32.0)
	for _, ip := range []string{"", "192.0.2", "2001:db8::1"} {
		a.post(addresses, "FriendlyName", "gateway", "IpAddress", ip).fails(400, 20001)
	}
	a.post(addresses, "FriendlyName", "gateway", "IpAddress", "192.0.2.1", "CidrPrefixLength", "33").fails(400, 20001)
	for range 99 {
		a.post(addresses, "FriendlyName", "gateway", "IpAddress", "192.0.2.1").ok()
	}
	a.post(addresses, "FriendlyName", "gateway", "IpAddress", "192.0.2.1").fails(400, 21237)
	for i := range 999 {
		a.srv.AddSIPIPAccessControlList(a.srv.AccountSID, twilio.SIPIPAccessControlList{FriendlyName: fmt.Sprint(i)})
	}
	a.post(lists, "FriendlyName", "one more").fails(400, 21255)
}
