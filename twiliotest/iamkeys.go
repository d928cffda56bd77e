package twiliotest

import (
	"encoding/json"
	"strings"
)

var iamKeyRoutes = []route{
	{"GET", "/v1/Keys", notWithStandardKeys(listIAMKeys), 200},
	{"POST", "/v1/Keys", notWithStandardKeys(createIAMKey), 201},
	{"GET", "/v1/Keys/{Sid}", notWithStandardKeys(fetchIAMKey), 200},
	{"POST", "/v1/Keys/{Sid}", notWithStandardKeys(updateIAMKey), 200},
	{"DELETE", "/v1/Keys/{Sid}", notWithStandardKeys(deleteIAMKey), 204},
}

// A policy is what a restricted key may do.
type policy struct {
	Allow []string `json:"allow"`
}

const maxPermissions = 100

// policy reads the parameter of that name.
func (p *params) policy(key string) *policy {
	if p.Get(key) == "" {
		return nil
	}
	read := new(policy)
	if json.Unmarshal([]byte(p.Get(key)), read) != nil || len(read.Allow) > maxPermissions {
		p.reject(failf(70002, "The policy is not valid"))
	}
	for _, permission := range read.Allow {
		if !strings.HasPrefix(permission, "/twilio/") {
			p.reject(failf(70002, "The policy has a permission that does not exist"))
		}
	}
	return read
}

func (k *key) iamItem() any {
	item := &struct {
		*key
		Flags []string `json:"flags,omitempty"`
	}{key: k}
	if k.policy == nil {
		item.Flags = []string{"rest_api", "signing"}
	}
	return item
}

func (k *key) iamWire() any {
	return &struct {
		*key
		Policy *policy `json:"policy"`
	}{k, k.policy}
}

// keyOwner is the account that a parameter names.
func (rq *request) keyOwner(p *params) (*account, *problem) {
	sid := p.required("AccountSid", 20001)
	if p.prob != nil {
		return nil, p.prob
	}
	return rq.accountFor(rq.caller, sid)
}

func listIAMKeys(rq *request) (any, *problem) {
	owner, prob := rq.keyOwner(rq.filters())
	if prob != nil {
		return nil, prob
	}
	return page(rq, "keys", resourcesOf[*key](owner), all[*key], (*key).iamItem)
}

func createIAMKey(rq *request) (any, *problem) {
	p := rq.params()
	owner, prob := rq.keyOwner(p)
	if prob != nil {
		return nil, prob
	}
	k := new(key)
	if p.oneOf("KeyType", 20001, "restricted") != "" {
		k.policy = p.policy("Policy")
		if k.policy == nil {
			p.reject(failf(20001, "A restricted key needs a Policy"))
		}
	}
	if prob := k.rename(p); prob != nil {
		return nil, prob
	}
	if p.prob != nil {
		return nil, p.prob
	}
	rq.addKey(owner, k)
	return &struct {
		*key
		Policy *policy `json:"policy"`
		Secret string  `json:"secret"`
	}{k, k.policy, k.Secret}, nil
}

// lookupIAMKey finds the key that the path names, if the caller may act on its
// account.
func lookupIAMKey(rq *request) (*key, *problem) {
	if !strings.HasPrefix(rq.vars["Sid"], "SK") {
		return nil, failf(70002, "The SID of the key is not valid")
	}
	k, ok := rq.keys[rq.vars["Sid"]]
	if !ok || k.owner != rq.account && !rq.caller.isMain() {
		return nil, rq.notFound()
	}
	return k, nil
}

func fetchIAMKey(rq *request) (any, *problem) {
	k, prob := lookupIAMKey(rq)
	if prob != nil {
		return nil, prob
	}
	return k.iamWire(), nil
}

func updateIAMKey(rq *request) (any, *problem) {
	k, prob := lookupIAMKey(rq)
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	replaced := p.policy("Policy")
	if replaced != nil && k.policy == nil {
		p.reject(failf(20001, "A standard key has no Policy"))
	}
	if p.prob != nil {
		return nil, p.prob
	}
	if prob := k.rename(p); prob != nil {
		return nil, prob
	}
	if replaced != nil {
		k.policy = replaced
	}
	k.Updated = at(rq.now)
	return k.iamWire(), nil
}

func deleteIAMKey(rq *request) (any, *problem) {
	k, prob := lookupIAMKey(rq)
	if prob != nil {
		return nil, prob
	}
	delete(rq.keys, k.SID)
	resourcesOf[*key](k.owner).remove(k)
	return nil, nil
}
