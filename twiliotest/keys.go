package twiliotest

import (
	"strings"
	"unicode/utf8"
)

var keyRoutes = []route{
	{"GET", "/Keys", listKeys("keys"), 200},
	{"POST", "/Keys", notWithStandardKeys(createKey), 201},
	{"GET", "/Keys/{Sid}", notWithStandardKeys(fetchKey), 200},
	{"POST", "/Keys/{Sid}", notWithStandardKeys(updateKey), 200},
	{"DELETE", "/Keys/{Sid}", notWithStandardKeys(deleteKey), 204},
}

// A key is an API key. Only the response to its creation has its secret.
type key struct {
	record
	FriendlyName nullString `json:"friendly_name"`

	Secret string `json:"-"`
	owner  *account
	main   bool    // may manage accounts and keys
	policy *policy // of a restricted key
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
		return nil, rq.inactive(rq.account)
	}
	k := new(key)
	if prob := k.rename(rq.params()); prob != nil {
		return nil, prob
	}
	rq.addKey(rq.account, k)
	return &struct {
		*key
		Secret string `json:"secret"`
	}{k, k.Secret}, nil
}

func (k *key) rename(p *params) *problem {
	if utf8.RuneCountInString(p.Get("FriendlyName")) > maxFriendlyName {
		return fail(70001)
	}
	set(p, "FriendlyName", &k.FriendlyName)
	return nil
}

// lookupKey finds the key that the path names. Keys tell a SID of another kind
// from one that doesn't exist.
func lookupKey(rq *request) (*key, *problem) {
	if !strings.HasPrefix(rq.vars["Sid"], "SK") {
		return nil, failf(70002, "The SID of the key is not valid")
	}
	return lookup[*key](rq)
}

func fetchKey(rq *request) (any, *problem) {
	k, prob := lookupKey(rq)
	if prob != nil {
		return nil, prob
	}
	return k.wire(), nil
}

func updateKey(rq *request) (any, *problem) {
	k, prob := lookupKey(rq)
	if prob != nil {
		return nil, prob
	}
	if prob := k.rename(rq.params()); prob != nil {
		return nil, prob
	}
	k.Updated = at(rq.now)
	return k.wire(), nil
}

func deleteKey(rq *request) (any, *problem) {
	k, prob := lookupKey(rq)
	if prob != nil {
		return nil, prob
	}
	delete(rq.keys, k.SID)
	resourcesOf[*key](rq.account).remove(k)
	return nil, nil
}
