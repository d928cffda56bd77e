package twiliotest

// A caller is who the credentials of a request belong to: an account by its token, or by one of its API keys.
type caller struct {
	account *account
	key     *key // nil for the token
}

// authenticate finds the owner of a user name and a password. Credentials of an account that isn't active are refused,
// and so are those of subaccounts whose main account isn't.
func (s *state) authenticate(user, password string) (caller, *problem) {
	var who caller
	if key, ok := s.keys[user]; ok && key.Secret == password {
		who = caller{key.owner, key}
	} else if account, ok := s.accounts.get(user); ok && account.token == password {
		who = caller{account, nil}
	}
	if who.account == nil || !who.account.active() || !s.main.active() {
		return caller{}, fail(20003)
	}
	return who, nil
}

// isMain reports whether these are the main account's SID and AuthToken, which rule the subaccounts.
func (c caller) isMain() bool { return c.account.isMain() && c.key == nil }

// reach finds the account that a path names, if the caller may act on it: the main token on every account, all other
// credentials on their own account.
func (s *state) reach(who caller, sid string) (*account, *problem) {
	if who.account.SID == sid {
		return who.account, nil
	}
	if !who.isMain() {
		return nil, fail(20003)
	}
	account, ok := s.accounts.get(sid)
	if !ok {
		return nil, fail(20404)
	}
	return account, nil
}

// isStandardKey reports whether the credentials are an API key that was made through the API: such a key can manage
// neither accounts nor keys.
func (c caller) isStandardKey() bool { return c.key != nil && !c.key.main }
