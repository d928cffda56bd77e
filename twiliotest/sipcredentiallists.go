package twiliotest

import (
	"strings"
	"unicode/utf8"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

var sipCredentialListRoutes = []route{
	{"GET", "/SIP/CredentialLists", listSIPCredentialLists, 200},
	{"POST", "/SIP/CredentialLists", createSIPCredentialList, 201},
	{"GET", "/SIP/CredentialLists/{Sid}", fetch[*sipCredentialList], 200},
	{"POST", "/SIP/CredentialLists/{Sid}", updateSIPCredentialList, 200},
	{"DELETE", "/SIP/CredentialLists/{Sid}", deleteSIPCredentialList, 204},
	{"GET", "/SIP/CredentialLists/{CredentialListSid}/Credentials", listSIPCredentials, 200},
	{"POST", "/SIP/CredentialLists/{CredentialListSid}/Credentials", createSIPCredential, 201},
	{"GET", "/SIP/CredentialLists/{CredentialListSid}/Credentials/{Sid}", fetchSIPCredential, 200},
	{"POST", "/SIP/CredentialLists/{CredentialListSid}/Credentials/{Sid}", updateSIPCredential, 200},
	{"DELETE", "/SIP/CredentialLists/{CredentialListSid}/Credentials/{Sid}", deleteSIPCredential, 204},
}

const (
	maxSIPCredentialLists = 100
	maxSIPCredentials     = 1000 // of a list
	maxSIPUsername        = 32
	minSIPPassword        = 12
)

// A sipCredentialList is a list of user names and passwords.
type sipCredentialList struct {
	record
	AccountSID   string `json:"account_sid"`
	FriendlyName string `json:"friendly_name"`

	credentials collection[*sipCredential]
}

func (l *sipCredentialList) kind() string        { return "CredentialList" }
func (l *sipCredentialList) name() string        { return l.FriendlyName }
func (l *sipCredentialList) sipListPath() string { return "/CredentialListMappings" }

func (l *sipCredentialList) path() string {
	return root + "/Accounts/" + l.AccountSID + "/SIP/CredentialLists/" + l.SID
}

func (l *sipCredentialList) wire() any {
	return &struct {
		*sipCredentialList
		SubresourceURIs subresources `json:"subresource_uris"`
		URI             string       `json:"uri"`
	}{l, subresources{l.path(), []subresource{{"credentials", "/Credentials.json"}}}, l.path() + ".json"}
}

// A sipCredential is a user name. Nobody asks for its password, so that none is
// kept.
type sipCredential struct {
	record
	AccountSID        string `json:"account_sid"`
	CredentialListSID string `json:"credential_list_sid"`
	Username          string `json:"username"`

	list *sipCredentialList
}

func (c *sipCredential) wire() any {
	return &struct {
		*sipCredential
		URI string `json:"uri"`
	}{c, c.list.path() + "/Credentials/" + c.SID + ".json"}
}

// AddSIPCredentialList adds an empty list of SIP credentials to an account and
// returns it. It uses the fields SID, FriendlyName, DateCreated and
// DateUpdated.
func (s *Server) AddSIPCredentialList(accountSID string, l twilio.SIPCredentialList) *twilio.SIPCredentialList {
	return added[twilio.SIPCredentialList](s, func() resource {
		stored := &sipCredentialList{
			record:       record{SID: l.SID, Created: at(l.DateCreated), Updated: at(l.DateUpdated)},
			FriendlyName: l.FriendlyName,
		}
		s.state.addSIPCredentialList(s.mustAccount(accountSID), stored)
		return stored
	})
}

func (s *state) addSIPCredentialList(to *account, l *sipCredentialList) {
	s.initRecord(&l.record, "CL")
	l.AccountSID = to.SID
	addTo(to, l)
}

func listSIPCredentialLists(rq *request) (any, *problem) {
	return list(rq, "credential_lists", all[*sipCredentialList])
}

// sipListName reads the name of a list, which no other of its kind has.
func sipListName[T sipList](rq *request, longest, taken int, sid string) (string, *problem) {
	name := rq.params().Get("FriendlyName")
	if name == "" || utf8.RuneCountInString(name) > longest {
		return "", failf(20001, "FriendlyName must have 1 to %d characters", longest)
	}
	for other := range resourcesOf[T](rq.account).all() {
		if other.name() == name && other.meta().SID != sid {
			return "", fail(taken)
		}
	}
	return name, nil
}

func createSIPCredentialList(rq *request) (any, *problem) {
	name, prob := sipListName[*sipCredentialList](rq, maxFriendlyName, 21240, "")
	switch {
	case prob != nil:
		return nil, prob
	case rq.account.Status == closed:
		return nil, rq.inactive(rq.account)
	case resourcesOf[*sipCredentialList](rq.account).len() >= maxSIPCredentialLists:
		return nil, fail(21239)
	}
	l := &sipCredentialList{FriendlyName: name}
	rq.addSIPCredentialList(rq.account, l)
	return l.wire(), nil
}

func updateSIPCredentialList(rq *request) (any, *problem) {
	l, prob := lookup[*sipCredentialList](rq)
	if prob != nil {
		return nil, prob
	}
	name, prob := sipListName[*sipCredentialList](rq, maxFriendlyName, 21240, l.SID)
	if prob != nil {
		return nil, prob
	}
	l.FriendlyName, l.Updated = name, at(rq.now)
	return l.wire(), nil
}

func deleteSIPCredentialList(rq *request) (any, *problem) {
	if rq.account.isMapped(rq.vars["Sid"]) {
		return nil, fail(21241)
	}
	return remove[*sipCredentialList](rq)
}

func lookupSIPCredentialList(rq *request) (*sipCredentialList, *problem) {
	return lookupBy[*sipCredentialList](rq, "CredentialListSid")
}

func lookupSIPCredential(rq *request) (*sipCredential, *problem) {
	l, prob := lookupSIPCredentialList(rq)
	if prob != nil {
		return nil, prob
	}
	c, ok := l.credentials.get(rq.vars["Sid"])
	if !ok {
		return nil, rq.notFound()
	}
	return c, nil
}

func listSIPCredentials(rq *request) (any, *problem) {
	l, prob := lookupSIPCredentialList(rq)
	if prob != nil {
		return nil, prob
	}
	return page(rq, "credentials", &l.credentials, all[*sipCredential], (*sipCredential).wire)
}

// checkSIPPassword refuses passwords that are too weak.
func checkSIPPassword(p *params) {
	const digits = "0123456789"
	password := p.Get("Password")
	if utf8.RuneCountInString(password) < minSIPPassword || !strings.ContainsAny(password, digits) ||
		strings.ToUpper(password) == password || strings.ToLower(password) == password {
		p.reject(failf(20001, "Password must have at least %d characters, a digit, and upper and lower case letters", minSIPPassword))
	}
}

func createSIPCredential(rq *request) (any, *problem) {
	l, prob := lookupSIPCredentialList(rq)
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	name := p.Get("Username")
	if name == "" || utf8.RuneCountInString(name) > maxSIPUsername {
		p.reject(failf(20001, "Username must have 1 to %d characters", maxSIPUsername))
	}
	checkSIPPassword(p)
	for c := range l.credentials.all() {
		if c.Username == name {
			p.reject(failf(20001, "Username is in the list already"))
		}
	}
	switch {
	case p.prob != nil:
		return nil, p.prob
	case l.credentials.len() >= maxSIPCredentials:
		return nil, fail(21242)
	}
	c := &sipCredential{AccountSID: l.AccountSID, CredentialListSID: l.SID, Username: name, list: l}
	rq.initRecord(&c.record, "CR")
	l.credentials.add(c)
	return c.wire(), nil
}

func fetchSIPCredential(rq *request) (any, *problem) {
	c, prob := lookupSIPCredential(rq)
	if prob != nil {
		return nil, prob
	}
	return c.wire(), nil
}

func updateSIPCredential(rq *request) (any, *problem) {
	c, prob := lookupSIPCredential(rq)
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	if p.Has("Password") {
		checkSIPPassword(p)
	}
	if p.prob != nil {
		return nil, p.prob
	}
	c.Updated = at(rq.now)
	return c.wire(), nil
}

func deleteSIPCredential(rq *request) (any, *problem) {
	c, prob := lookupSIPCredential(rq)
	if prob != nil {
		return nil, prob
	}
	c.list.credentials.remove(c)
	return nil, nil
}
