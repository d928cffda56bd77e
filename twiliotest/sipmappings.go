package twiliotest

import "slices"

// The mappings for calls have two paths each, of which Auth/Calls is the newer.
var sipMappingRoutes = slices.Concat(
	sipMappings[*sipCredentialList]("/CredentialListMappings", "credential_list_mappings", "CredentialListSid",
		(*sipDomain).credentialsForCalls, (*sipMapping).wire),
	sipMappings[*sipIPList]("/IpAccessControlListMappings", "ip_access_control_list_mappings", "IpAccessControlListSid",
		(*sipDomain).addressesForCalls, (*sipMapping).wire),
	sipMappings[*sipCredentialList]("/Auth/Calls/CredentialListMappings", "contents", "CredentialListSid",
		(*sipDomain).credentialsForCalls, (*sipMapping).authWire),
	sipMappings[*sipIPList]("/Auth/Calls/IpAccessControlListMappings", "contents", "IpAccessControlListSid",
		(*sipDomain).addressesForCalls, (*sipMapping).authWire),
	sipMappings[*sipCredentialList]("/Auth/Registrations/CredentialListMappings", "contents", "CredentialListSid",
		(*sipDomain).credentialsForRegistrations, (*sipMapping).authWire),
)

func (d *sipDomain) credentialsForCalls() *collection[*sipMapping] { return &d.callCredentials }
func (d *sipDomain) addressesForCalls() *collection[*sipMapping]   { return &d.callAddresses }
func (d *sipDomain) credentialsForRegistrations() *collection[*sipMapping] {
	return &d.registrationCredentials
}

// mappings are all that a list can be mapped by.
func (d *sipDomain) mappings() []*collection[*sipMapping] {
	return []*collection[*sipMapping]{&d.callCredentials, &d.callAddresses, &d.registrationCredentials}
}

// A sipList is a list that can be mapped to a domain.
type sipList interface {
	resource
	kind() string
	name() string
	sipListPath() string
}

// A sipMapping says that a domain uses a list. It has the SID of the list.
type sipMapping struct {
	record

	domain *sipDomain
	list   sipList
}

func (m *sipMapping) wire() any {
	path := m.domain.path() + m.list.sipListPath() + "/" + m.SID + ".json"
	return &struct {
		*sipMapping
		AccountSID   string `json:"account_sid"`
		DomainSID    string `json:"domain_sid"`
		FriendlyName string `json:"friendly_name"`
		URI          string `json:"uri"`
	}{m, m.domain.AccountSID, m.domain.SID, m.list.name(), path}
}

// authWire is the mapping below Auth.
func (m *sipMapping) authWire() any {
	return &struct {
		*sipMapping
		AccountSID   string `json:"account_sid"`
		FriendlyName string `json:"friendly_name"`
	}{m, m.domain.AccountSID, m.list.name()}
}

// isMapped reports whether a domain of the account uses the list.
func (a *account) isMapped(sid string) bool {
	for d := range resourcesOf[*sipDomain](a).all() {
		for _, mappings := range d.mappings() {
			if _, ok := mappings.get(sid); ok {
				return true
			}
		}
	}
	return false
}

// sipMappings returns the routes of one kind of mapping: of lists of the type
// T, which param names, in the collection of a domain that in returns.
func sipMappings[T sipList](
	path, key, param string, in func(*sipDomain) *collection[*sipMapping], view func(*sipMapping) any,
) []route {
	domain := func(rq *request) (*sipDomain, *problem) { return lookupBy[*sipDomain](rq, "DomainSid") }
	one := func(rq *request) (*sipDomain, *sipMapping, *problem) {
		d, prob := domain(rq)
		if prob != nil {
			return nil, nil, prob
		}
		m, ok := in(d).get(rq.vars["Sid"])
		if !ok {
			return nil, nil, rq.notFound()
		}
		return d, m, nil
	}
	list := func(rq *request) (any, *problem) {
		d, prob := domain(rq)
		if prob != nil {
			return nil, prob
		}
		return page(rq, key, in(d), all[*sipMapping], view)
	}
	create := func(rq *request) (any, *problem) {
		d, prob := domain(rq)
		if prob != nil {
			return nil, prob
		}
		l, ok := resourcesOf[T](rq.account).get(rq.params().Get(param))
		if !ok {
			return nil, failf(20001, "%s is not a list of the account", param)
		}
		if _, ok := in(d).get(l.meta().SID); ok {
			return nil, failf(21231, "%s already associated with this domain", l.kind())
		}
		m := &sipMapping{record: record{SID: l.meta().SID}, domain: d, list: l}
		rq.initRecord(&m.record, "")
		in(d).add(m)
		return view(m), nil
	}
	fetch := func(rq *request) (any, *problem) {
		_, m, prob := one(rq)
		if prob != nil {
			return nil, prob
		}
		return view(m), nil
	}
	remove := func(rq *request) (any, *problem) {
		d, m, prob := one(rq)
		if prob != nil {
			return nil, prob
		}
		in(d).remove(m)
		return nil, nil
	}
	path = "/SIP/Domains/{DomainSid}" + path
	return []route{
		{"GET", path, list, 200},
		{"POST", path, create, 201},
		{"GET", path + "/{Sid}", fetch, 200},
		{"DELETE", path + "/{Sid}", remove, 204},
	}
}
