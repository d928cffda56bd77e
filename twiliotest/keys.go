package twiliotest

var keyRoutes = []route{
	{"GET", "/Keys", listKeys("keys"), 200},
	{"POST", "/Keys", notWithStandardKeys(createKey), 201},
	{"GET", "/Keys/{Sid}", notWithStandardKeys(fetch[*key]), 200},
	{"POST", "/Keys/{Sid}", notWithStandardKeys(updateKey), 200},
	{"DELETE", "/Keys/{Sid}", notWithStandardKeys(deleteKey), 204},
}

// A key is an API key. Only the response to its creation has its secret.
type key struct {
	record
	FriendlyName nullString `json:"friendly_name"`

	Secret string `json:"-"`
	owner  *account
	main   bool // may manage accounts and keys
}

func (k *key) wire() any { return k }

func (s *state) addKey(a *account, k *key) {
	s.initRecord(&k.record, "SK")
	if k.Secret == "" {
		k.Secret = s.secret()
	}
	k.owner = a
	s.keys[k.SID] = k
	addTo(a, k)
}

func listKeys(name string) handler {
	return notWithStandardKeys(func(rq *request) (any, *problem) { return list(rq, name, all[*key]) })
}

func createKey(rq *request) (any, *problem) {
	if rq.account.Status == closed {
		return nil, fail(20003)
	}
	k := &key{FriendlyName: nullString(rq.form.Get("FriendlyName"))}
	rq.addKey(rq.account, k)
	return &struct {
		*key
		Secret string `json:"secret"`
	}{k, k.Secret}, nil
}

func updateKey(rq *request) (any, *problem) {
	k, prob := lookup[*key](rq)
	if prob != nil {
		return nil, prob
	}
	set(rq.params(), "FriendlyName", &k.FriendlyName)
	k.Updated = at(rq.now)
	return k.wire(), nil
}

func deleteKey(rq *request) (any, *problem) {
	k, prob := lookup[*key](rq)
	if prob != nil {
		return nil, prob
	}
	delete(rq.keys, k.SID)
	resourcesOf[*key](rq.account).remove(k)
	return nil, nil
}
