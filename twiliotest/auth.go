package twiliotest

// A caller is the owner of a request's credentials: an account by its AuthToken
// or by one of its API keys.
type caller struct {
	account *account
	key     *key // nil for the AuthToken
}

// authenticate finds the owner of a user name and a password. It refuses the
// credentials of accounts that aren't active, and of subaccounts whose main
// account isn't.
func (s *state) authenticate(user, password string) (caller, *problem) {
	var c caller
	if key, ok := s.keys[user]; ok && key.Secret == password {
		c = caller{key.owner, key}
	} else if account, ok := s.accounts.get(user); ok && s.accepts(account, password) {
		c = caller{account, nil}
	}
	switch {
	case c.account == nil:
		return caller{}, fail(20003)
	case !s.main.active():
		return caller{}, s.inactive(s.main)
	case !c.account.active():
		return caller{}, s.inactive(c.account)
	}
	return c, nil
}

// inactive is the problem of an account that is suspended or closed.
func (s *state) inactive(a *account) *problem {
	p := failf(s.inactiveCode, "The account is %s", a.Status)
	p.Status = s.inactiveStatus
	return p
}

// isMain reports whether these are the main account's SID and AuthToken, which
// reach all subaccounts.
func (c caller) isMain() bool { return c.account.isMain() && c.key == nil }

// accountFor finds the account that a path names, if the caller may act on it:
// the main AuthToken on every account, all other credentials on their own.
func (s *state) accountFor(c caller, sid string) (*account, *problem) {
	if c.account.SID == sid {
		return c.account, nil
	}
	if !c.isMain() {
		return nil, fail(20003)
	}
	account, ok := s.accounts.get(sid)
	if !ok {
		return nil, fail(20404)
	}
	return account, nil
}

// isStandardKey reports whether the credentials are an API key that was created
// through the API: such a key reaches neither Accounts nor Keys.
func (c caller) isStandardKey() bool { return c.key != nil && !c.key.main }

// notWithStandardKeys lets a handler run for callers other than standard keys.
func notWithStandardKeys(handle handler) handler {
	return func(rq *request) (any, *problem) {
		if rq.caller.isStandardKey() {
			return nil, fail(20003)
		}
		return handle(rq)
	}
}
