package twiliotest

// A key is an API key. Its secret is shown once, in the answer to its creation.
type key struct {
	record
	FriendlyName opt `json:"friendly_name"`

	Secret string `json:"-"`
	owner  *account
	main   bool // may manage accounts and keys, which keys made through the API may not
}

func keysOf(h *holdings) *collection[*key]        { return &h.keys }
func signingKeysOf(h *holdings) *collection[*key] { return &h.signingKeys }

func (k *key) wire() any { return k }

func (s *state) addKey(a *account, to *collection[*key], k *key) {
	s.stampNew(&k.record, "SK")
	if k.Secret == "" {
		k.Secret = s.secret()
	}
	k.owner = a
	s.keys[k.SID] = k
	keep(s, to, k)
}

// notWithKeys lets a handler run for callers other than standard keys.
func notWithKeys(handle handler) handler {
	return func(rq *request) (any, *problem) {
		if rq.caller.isStandardKey() {
			return nil, fail(20003)
		}
		return handle(rq)
	}
}

func listKeys(name string, from func(*holdings) *collection[*key]) handler {
	return notWithKeys(func(rq *request) (any, *problem) { return list(rq, name, from, all) })
}

func createKey(from func(*holdings) *collection[*key]) handler {
	return notWithKeys(func(rq *request) (any, *problem) {
		if rq.account.Status == closed {
			return nil, fail(20003)
		}
		k := &key{FriendlyName: opt(rq.form.Get("FriendlyName"))}
		rq.addKey(rq.account, from(rq.account.hold()), k)
		return struct {
			*key
			Secret string `json:"secret"`
		}{k, k.Secret}, nil
	})
}

func updateKey(from func(*holdings) *collection[*key]) handler {
	return notWithKeys(func(rq *request) (any, *problem) {
		k, bad := lookup(rq, from)
		if bad != nil {
			return nil, bad
		}
		set(rq.params(), "FriendlyName", &k.FriendlyName)
		k.Updated = at(rq.now)
		return k.wire(), nil
	})
}

func deleteKey(from func(*holdings) *collection[*key]) handler {
	return notWithKeys(func(rq *request) (any, *problem) {
		delete(rq.keys, rq.vars["Sid"])
		return remove(from)(rq)
	})
}
