package twiliotest

import (
	"net/netip"
	"unicode/utf8"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

var sipIPListRoutes = []route{
	{"GET", "/SIP/IpAccessControlLists", listSIPIPLists, 200},
	{"POST", "/SIP/IpAccessControlLists", createSIPIPList, 201},
	{"GET", "/SIP/IpAccessControlLists/{Sid}", fetch[*sipIPList], 200},
	{"POST", "/SIP/IpAccessControlLists/{Sid}", updateSIPIPList, 200},
	{"DELETE", "/SIP/IpAccessControlLists/{Sid}", deleteSIPIPList, 204},
	{"GET", "/SIP/IpAccessControlLists/{IpAccessControlListSid}/IpAddresses", listSIPIPAddresses, 200},
	{"POST", "/SIP/IpAccessControlLists/{IpAccessControlListSid}/IpAddresses", createSIPIPAddress, 201},
	{"GET", "/SIP/IpAccessControlLists/{IpAccessControlListSid}/IpAddresses/{Sid}", fetchSIPIPAddress, 200},
	{"POST", "/SIP/IpAccessControlLists/{IpAccessControlListSid}/IpAddresses/{Sid}", updateSIPIPAddress, 200},
	{"DELETE", "/SIP/IpAccessControlLists/{IpAccessControlListSid}/IpAddresses/{Sid}", deleteSIPIPAddress, 204},
}

const (
	maxSIPIPLists     = 1000
	maxSIPIPAddresses = 100 // of a list
	maxSIPIPName      = 255
)

// A sipIPList is a list of IP addresses.
type sipIPList struct {
	record
	AccountSID   string `json:"account_sid"`
	FriendlyName string `json:"friendly_name"`

	addresses collection[*sipIPAddress]
}

func (l *sipIPList) kind() string        { return "IpAccessControlList" }
func (l *sipIPList) name() string        { return l.FriendlyName }
func (l *sipIPList) sipListPath() string { return "/IpAccessControlListMappings" }

func (l *sipIPList) path() string {
	return root + "/Accounts/" + l.AccountSID + "/SIP/IpAccessControlLists/" + l.SID
}

func (l *sipIPList) wire() any {
	return &struct {
		*sipIPList
		SubresourceURIs subresources `json:"subresource_uris"`
		URI             string       `json:"uri"`
	}{l, subresources{l.path(), []subresource{{"ip_addresses", "/IpAddresses.json"}}}, l.path() + ".json"}
}

// A sipIPAddress is an IP address or a range of them.
type sipIPAddress struct {
	record
	AccountSID             string `json:"account_sid"`
	CIDRPrefixLength       int    `json:"cidr_prefix_length"`
	FriendlyName           string `json:"friendly_name"`
	IPAccessControlListSID string `json:"ip_access_control_list_sid"`
	IPAddress              string `json:"ip_address"`

	list *sipIPList
}

func (a *sipIPAddress) wire() any {
	return &struct {
		*sipIPAddress
		URI string `json:"uri"`
	}{a, a.list.path() + "/IpAddresses/" + a.SID + ".json"}
}

// apply sets the parameters that create and update share.
func (a *sipIPAddress) apply(p *params) {
	set(p, "FriendlyName", &a.FriendlyName)
	set(p, "IpAddress", &a.IPAddress)
	a.CIDRPrefixLength = p.int("CidrPrefixLength", a.CIDRPrefixLength)
	if a.FriendlyName == "" || utf8.RuneCountInString(a.FriendlyName) > maxSIPIPName {
		p.reject(failf(20001, "FriendlyName must have 1 to %d characters", maxSIPIPName))
	}
	if ip, err := netip.ParseAddr(a.IPAddress); err != nil || !ip.Is4() {
		p.reject(failf(20001, "IpAddress must be an IPv4 address"))
	}
	if a.CIDRPrefixLength > 32 {
		p.reject(failf(20001, "CidrPrefixLength must be at most 32"))
	}
}

// AddSIPIPAccessControlList adds an empty list of IP addresses to an account
// and returns it. It uses the fields SID, FriendlyName, DateCreated and
// DateUpdated.
func (s *Server) AddSIPIPAccessControlList(accountSID string, l twilio.SIPIPAccessControlList) *twilio.SIPIPAccessControlList {
	return added[twilio.SIPIPAccessControlList](s, func() resource {
		stored := &sipIPList{
			record:       record{SID: l.SID, Created: at(l.DateCreated), Updated: at(l.DateUpdated)},
			FriendlyName: l.FriendlyName,
		}
		s.state.addSIPIPList(s.mustAccount(accountSID), stored)
		return stored
	})
}

func (s *state) addSIPIPList(to *account, l *sipIPList) {
	s.initRecord(&l.record, "AL")
	l.AccountSID = to.SID
	addTo(to, l)
}

func listSIPIPLists(rq *request) (any, *problem) {
	return list(rq, "ip_access_control_lists", all[*sipIPList])
}

func createSIPIPList(rq *request) (any, *problem) {
	name, prob := sipListName[*sipIPList](rq, maxSIPIPName, 21235, "")
	switch {
	case prob != nil:
		return nil, prob
	case rq.account.Status == closed:
		return nil, rq.inactive(rq.account)
	case resourcesOf[*sipIPList](rq.account).len() >= maxSIPIPLists:
		return nil, fail(21255)
	}
	l := &sipIPList{FriendlyName: name}
	rq.addSIPIPList(rq.account, l)
	return l.wire(), nil
}

func updateSIPIPList(rq *request) (any, *problem) {
	l, prob := lookup[*sipIPList](rq)
	if prob != nil {
		return nil, prob
	}
	name, prob := sipListName[*sipIPList](rq, maxSIPIPName, 21235, l.SID)
	if prob != nil {
		return nil, prob
	}
	l.FriendlyName, l.Updated = name, at(rq.now)
	return l.wire(), nil
}

func deleteSIPIPList(rq *request) (any, *problem) {
	if rq.account.isMapped(rq.vars["Sid"]) {
		return nil, fail(21236)
	}
	return remove[*sipIPList](rq)
}

func lookupSIPIPList(rq *request) (*sipIPList, *problem) {
	return lookupBy[*sipIPList](rq, "IpAccessControlListSid")
}

func lookupSIPIPAddress(rq *request) (*sipIPAddress, *problem) {
	l, prob := lookupSIPIPList(rq)
	if prob != nil {
		return nil, prob
	}
	a, ok := l.addresses.get(rq.vars["Sid"])
	if !ok {
		return nil, rq.notFound()
	}
	return a, nil
}

func listSIPIPAddresses(rq *request) (any, *problem) {
	l, prob := lookupSIPIPList(rq)
	if prob != nil {
		return nil, prob
	}
	return page(rq, "ip_addresses", &l.addresses, all[*sipIPAddress], (*sipIPAddress).wire)
}

func createSIPIPAddress(rq *request) (any, *problem) {
	l, prob := lookupSIPIPList(rq)
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	a := &sipIPAddress{AccountSID: l.AccountSID, IPAccessControlListSID: l.SID, CIDRPrefixLength: 32, list: l}
	a.apply(p)
	switch {
	case p.prob != nil:
		return nil, p.prob
	case l.addresses.len() >= maxSIPIPAddresses:
		return nil, fail(21237)
	}
	rq.initRecord(&a.record, "IP")
	l.addresses.add(a)
	return a.wire(), nil
}

func fetchSIPIPAddress(rq *request) (any, *problem) {
	a, prob := lookupSIPIPAddress(rq)
	if prob != nil {
		return nil, prob
	}
	return a.wire(), nil
}

func updateSIPIPAddress(rq *request) (any, *problem) {
	a, prob := lookupSIPIPAddress(rq)
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

func deleteSIPIPAddress(rq *request) (any, *problem) {
	a, prob := lookupSIPIPAddress(rq)
	if prob != nil {
		return nil, prob
	}
	a.list.addresses.remove(a)
	return nil, nil
}
