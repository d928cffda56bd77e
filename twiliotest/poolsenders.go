package twiliotest

import (
	"slices"
)

// A poolKind is a kind of senders in the pool of a messaging service.
type poolKind struct {
	path, key   string
	prefix      string
	parameter   string // of a create
	field       string // that has the text that recipients see
	hasOwnSIDs  bool   // in place of those of what is added
	countryCode string
}

var (
	poolNumbers = &poolKind{path: "/PhoneNumbers", key: "phone_numbers", prefix: "PN",
		parameter: "PhoneNumberSid", field: "phone_number", countryCode: "US"}
	poolShortCodes = &poolKind{path: "/ShortCodes", key: "short_codes", prefix: "SC",
		parameter: "ShortCodeSid", field: "short_code", countryCode: "US"}
	poolAlphaSenders = &poolKind{path: "/AlphaSenders", key: "alpha_senders", prefix: "AI",
		parameter: "AlphaSender", field: "alpha_sender", hasOwnSIDs: true}
)

// maxSenders is how many senders a pool can have.
const maxSenders = 400

// A poolSender is a sender in the pool of a messaging service.
type poolSender struct {
	record
	kind    *poolKind
	text    string
	service *messagingService
}

func (p *poolSender) wire() any {
	dates := p.isoDates()
	body := map[string]any{
		"sid":          p.SID,
		"account_sid":  p.service.AccountSID,
		"service_sid":  p.service.SID,
		p.kind.field:   p.text,
		"capabilities": []any{"SMS", "MMS"},
		"date_created": dates.Created,
		"date_updated": dates.Updated,
		"url":          servicesURL + p.service.SID + p.kind.path + "/" + p.SID,
	}
	if p.kind.countryCode != "" {
		body["country_code"] = p.kind.countryCode
	}
	return body
}

// add puts a sender into the pool.
func (m *messagingService) add(s *state, sender *poolSender) {
	sender.service = m
	s.initRecord(&sender.record, sender.kind.prefix)
	m.pool.add(sender)
}

func (k *poolKind) routes() []route {
	list := "/v1/Services/{ServiceSid}" + k.path
	return []route{
		{"GET", list, k.list, 200},
		{"POST", list, k.create, 201},
		{"GET", list + "/{Sid}", k.fetch, 200},
		{"DELETE", list + "/{Sid}", k.remove, 204},
	}
}

func (k *poolKind) list(rq *request) (any, *problem) {
	service, prob := lookupBy[*messagingService](rq, "ServiceSid")
	if prob != nil {
		return nil, prob
	}
	return page(rq, k.key, &service.pool, func(p *poolSender) bool { return p.kind == k }, (*poolSender).wire)
}

func (k *poolKind) lookup(rq *request) (*messagingService, *poolSender, *problem) {
	service, prob := lookupBy[*messagingService](rq, "ServiceSid")
	if prob != nil {
		return nil, nil, prob
	}
	sender, ok := service.pool.get(rq.vars["Sid"])
	if !ok || sender.kind != k {
		return nil, nil, rq.notFound()
	}
	return service, sender, nil
}

func (k *poolKind) fetch(rq *request) (any, *problem) {
	_, sender, prob := k.lookup(rq)
	if prob != nil {
		return nil, prob
	}
	return sender.wire(), nil
}

func (k *poolKind) remove(rq *request) (any, *problem) {
	service, sender, prob := k.lookup(rq)
	if prob != nil {
		return nil, prob
	}
	service.pool.remove(sender)
	service.senders = slices.DeleteFunc(service.senders, func(phone string) bool { return phone == sender.text })
	return nil, nil
}

func (k *poolKind) create(rq *request) (any, *problem) {
	service, prob := lookupBy[*messagingService](rq, "ServiceSid")
	if prob != nil {
		return nil, prob
	}
	sender, prob := k.read(rq)
	if prob != nil {
		return nil, prob
	}
	for other := range resourcesOf[*messagingService](rq.account).all() {
		for there := range other.pool.all() {
			switch {
			case there.kind != k || there.text != sender.text:
			case other == service:
				return nil, fail(21710)
			case !k.hasOwnSIDs:
				return nil, fail(21712)
			}
		}
	}
	if service.pool.len() >= maxSenders {
		return nil, fail(21714)
	}
	service.add(rq.state, sender)
	service.senders = append(service.senders, sender.text)
	return sender.wire(), nil
}

// read reads the parameter of a create. Short codes have made-up numbers: any SID
// is one.
func (k *poolKind) read(rq *request) (*poolSender, *problem) {
	p := rq.params()
	sender := &poolSender{kind: k}
	if k.hasOwnSIDs {
		sender.text = p.required(k.parameter, 20001)
		if len(sender.text) > 11 {
			p.reject(failf(20001, "%s is longer than 11 characters", k.parameter))
		}
		return sender, p.prob
	}
	p.required(k.parameter, 20001)
	sender.SID = p.sid(k.parameter, k.prefix, 20001)
	if p.prob != nil {
		return nil, p.prob
	}
	sender.text = "9" + sender.SID[len(sender.SID)-4:]
	if k == poolNumbers {
		number, ok := resourcesOf[*number](rq.account).get(sender.SID)
		if !ok {
			return nil, failf(20404, "The phone number was not found")
		}
		sender.text = number.PhoneNumber
	}
	return sender, nil
}
