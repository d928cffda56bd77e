package twiliotest

import (
	"cmp"
	"reflect"
	"slices"
	"time"
	"unicode/utf8"
)

const (
	active    = "active"
	suspended = "suspended"
	closed    = "closed"

	maxFriendlyName = 64
	retention       = 30 * 24 * time.Hour // of a closed account's data, with WithAutoDelete
)

var accountRoutes = []route{
	{"GET", "/Accounts", notWithStandardKeys(listAccounts), 200},
	{"POST", "/Accounts", notWithStandardKeys(createAccount), 201},
	{"GET", "/Accounts/{Sid}", notWithStandardKeys(fetchAccount), 200},
	{"POST", "/Accounts/{Sid}", notWithStandardKeys(updateAccount), 200},
}

// An account is the main account or one of its subaccounts.
type account struct {
	record
	FriendlyName string `json:"friendly_name"`
	Status       string `json:"status"`
	Type         string `json:"type"`
	Owner        string `json:"owner_account_sid"`

	token              string
	secondary          *secondaryToken
	formerToken        string // the primary token before this one
	formerUntil        time.Time
	dialingInheritance bool
	suspendedByTwilio  bool    // which the API can't undo
	debugger           string  // the URL that is told of errors and warnings
	usageWatched       bool    // by its triggers, which an event compares it with
	ledger             *ledger // nil until something was used

	// resources are the collections of what the account has, by the type of the
	// resource; nil for the many accounts of a large fleet that have nothing.
	resources map[reflect.Type]any
}

func (a *account) active() bool { return a.Status == active }
func (a *account) isMain() bool { return a.Owner == a.SID }
func (a *account) path() string { return root + "/Accounts/" + a.SID }

// operates reports whether an account can call, send and receive, which it
// can't while it or the main account is suspended or closed.
func (s *state) operates(a *account) bool { return a.active() && s.main.active() }

// addAccount stores an account; the first is the main account.
func (s *state) addAccount(a *account) {
	s.initRecord(&a.record, "AC")
	a.Status = cmp.Or(a.Status, active)
	a.Type = cmp.Or(a.Type, "Full")
	if s.trial {
		a.Type = "Trial"
	}
	a.Owner = s.main.SID
	a.token = cmp.Or(a.token, s.authToken())
	s.accounts.add(a)
	s.byName[a.FriendlyName] = append(s.byName[a.FriendlyName], a)
	if a.Status != closed && a != s.main {
		s.openSubaccounts++
	}
}

func (s *state) renameAccount(a *account, name string) {
	s.forgetName(a)
	a.FriendlyName = name
	s.byName[name] = append(s.byName[name], a)
}

func (s *state) forgetName(a *account) {
	left := slices.DeleteFunc(s.byName[a.FriendlyName], func(b *account) bool { return a == b })
	if len(left) == 0 {
		delete(s.byName, a.FriendlyName)
		return
	}
	s.byName[a.FriendlyName] = left
}

// closeAccount closes a subaccount: its phone numbers are released, everything
// else remains readable.
func (s *state) closeAccount(a *account, now time.Time) {
	a.Status = closed
	s.openSubaccounts--
	for n := range resourcesOf[*number](a).all() {
		delete(s.owned, n.PhoneNumber)
		n.released = true
	}
	delete(a.resources, reflect.TypeFor[*number]())
	if s.autoDelete {
		s.after(now, retention, func(time.Time) { s.deleteAccount(a) })
	}
}

func (s *state) deleteAccount(a *account) {
	for key := range resourcesOf[*key](a).all() {
		delete(s.keys, key.SID)
	}
	for d := range resourcesOf[*sipDomain](a).all() {
		s.forgetSIPDomain(d)
	}
	s.forgetName(a)
	s.accounts.remove(a)
}

// wire is the account as its AuthToken sees it. An API key doesn't see the
// token.
func (a *account) wire() any { return a.view(a.token) }

func (a *account) view(token string) any {
	path := a.path()
	return &struct {
		*account
		AuthToken       string       `json:"auth_token"`
		SubresourceURIs subresources `json:"subresource_uris"`
		URI             string       `json:"uri"`
	}{a, token, subresources{path, accountSubresources}, path + ".json"}
}

var accountSubresources = []subresource{
	{"addresses", "/Addresses.json"},
	{"applications", "/Applications.json"},
	{"authorized_connect_apps", "/AuthorizedConnectApps.json"},
	{"available_phone_numbers", "/AvailablePhoneNumbers.json"},
	{"balance", "/Balance.json"},
	{"calls", "/Calls.json"},
	{"conferences", "/Conferences.json"},
	{"connect_apps", "/ConnectApps.json"},
	{"incoming_phone_numbers", "/IncomingPhoneNumbers.json"},
	{"keys", "/Keys.json"},
	{"messages", "/Messages.json"},
	{"notifications", "/Notifications.json"},
	{"outgoing_caller_ids", "/OutgoingCallerIds.json"},
	{"queues", "/Queues.json"},
	{"recordings", "/Recordings.json"},
	{"short_codes", "/SMS/ShortCodes.json"},
	{"signing_keys", "/SigningKeys.json"},
	{"sip", "/SIP.json"},
	{"transcriptions", "/Transcriptions.json"},
	{"usage", "/Usage.json"},
}

// accountView is the account as the caller sees it.
func (rq *request) accountView(a *account) any {
	if rq.caller.key != nil {
		return a.view("")
	}
	return a.wire()
}

// targetAccount finds the account that an Accounts path names. Here, and only
// here, a main key of the main account reaches the subaccounts.
func (rq *request) targetAccount() (*account, *problem) {
	sid := rq.vars["Sid"]
	if !rq.caller.account.isMain() {
		return rq.accountFor(rq.caller, sid)
	}
	a, ok := rq.accounts.get(sid)
	if !ok {
		return nil, fail(20404)
	}
	return a, nil
}

func listAccounts(rq *request) (any, *problem) {
	p := rq.filters()
	status := p.oneOf("Status", 20001, active, suspended, closed)
	if p.prob != nil {
		return nil, p.prob
	}
	from := &rq.accounts
	if name := p.Get("FriendlyName"); name != "" {
		from = new(collection[*account])
		for _, a := range rq.byName[name] {
			from.add(a)
		}
	}
	match := func(a *account) bool {
		return (status == "" || a.Status == status) && (rq.caller.account.isMain() || a == rq.caller.account)
	}
	return page(rq, "accounts", from, match, rq.accountView)
}

func fetchAccount(rq *request) (any, *problem) {
	a, prob := rq.targetAccount()
	if prob != nil {
		return nil, prob
	}
	return rq.accountView(a), nil
}

func createAccount(rq *request) (any, *problem) {
	switch p := rq.params(); {
	case !rq.caller.account.isMain():
		return nil, fail(21101)
	case utf8.RuneCountInString(p.Get("FriendlyName")) > maxFriendlyName:
		return nil, fail(20002)
	}
	limit := rq.subaccountLimit
	if rq.trial {
		limit = 1
	}
	if limit > 0 && rq.openSubaccounts >= limit {
		return nil, fail(21480)
	}
	a := &account{FriendlyName: cmp.Or(
		rq.form.Get("FriendlyName"), rq.now.Format("SubAccount Created at 2006-01-02 03:04 PM"))}
	rq.addAccount(a)
	return rq.accountView(a), nil
}

func updateAccount(rq *request) (any, *problem) {
	a, prob := rq.targetAccount()
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	name, status := p.Get("FriendlyName"), p.oneOf("Status", 21475, active, suspended, closed)
	if utf8.RuneCountInString(name) > maxFriendlyName {
		p.reject(fail(20002))
	}
	switch {
	case status == "":
	case !rq.caller.account.isMain():
		p.reject(fail(20003))
	case a.isMain():
		p.reject(fail(21477))
	case a.Status == closed:
		p.reject(fail(21479))
	case a.suspendedByTwilio && status == active:
		p.reject(fail(21478))
	}
	if p.prob != nil {
		return nil, p.prob
	}
	if name != "" {
		rq.renameAccount(a, name)
	}
	switch status {
	case active, suspended:
		a.Status = status
	case closed:
		rq.closeAccount(a, rq.now)
	}
	a.Updated = at(rq.now)
	return rq.accountView(a), nil
}
