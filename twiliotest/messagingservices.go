package twiliotest

import (
	"slices"
	"unicode/utf8"
)

var messagingServiceRoutes = slices.Concat([]route{
	{"GET", "/v1/Services", listMessagingServices, 200},
	{"POST", "/v1/Services", createMessagingService, 201},
	{"GET", "/v1/Services/{Sid}", fetchMessagingService, 200},
	{"POST", "/v1/Services/{Sid}", updateMessagingService, 200},
	{"DELETE", "/v1/Services/{Sid}", deleteMessagingService, 204},
}, poolNumbers.routes(), poolShortCodes.routes(), poolAlphaSenders.routes())

// A messagingService is a pool of senders.
type messagingService struct {
	record
	AccountSID                string     `json:"account_sid"`
	FriendlyName              string     `json:"friendly_name"`
	InboundRequestURL         nullString `json:"inbound_request_url"`
	InboundMethod             string     `json:"inbound_method"`
	FallbackURL               nullString `json:"fallback_url"`
	FallbackMethod            string     `json:"fallback_method"`
	StatusCallback            nullString `json:"status_callback"`
	StickySender              bool       `json:"sticky_sender"`
	MMSConverter              bool       `json:"mms_converter"`
	SmartEncoding             bool       `json:"smart_encoding"`
	ScanMessageContent        string     `json:"scan_message_content"`
	FallbackToLongCode        bool       `json:"fallback_to_long_code"`
	AreaCodeGeomatch          bool       `json:"area_code_geomatch"`
	SynchronousValidation     bool       `json:"synchronous_validation"`
	ValidityPeriod            int        `json:"validity_period"`
	Usecase                   string     `json:"usecase"`
	USAppToPersonRegistered   bool       `json:"us_app_to_person_registered"`
	UseInboundWebhookOnNumber bool       `json:"use_inbound_webhook_on_number"`

	senders []string // that messages are sent from
	pool    collection[*poolSender]
}

const servicesURL = "https://messaging.twilio.com/v1/Services/"

func (m *messagingService) wire() any {
	at := servicesURL + m.SID
	return &struct {
		*messagingService
		isoDates
		URL   string `json:"url"`
		Links links  `json:"links"`
	}{m, m.isoDates(), at, links{
		"phone_numbers": at + "/PhoneNumbers", "short_codes": at + "/ShortCodes", "alpha_senders": at + "/AlphaSenders",
	}}
}

// AddMessagingService adds a messaging service to an account and returns its
// SID. Messages are sent from the first of the senders, or from the account's
// newest phone number if there are none. Senders that are phone numbers of the
// account are in the service's pool.
func (s *Server) AddMessagingService(accountSID string, senders ...string) (sid string) {
	defer s.state.write()()
	a := s.mustAccount(accountSID)
	service := s.state.newMessagingService(a, "Messaging service")
	service.senders = senders
	for _, phone := range senders {
		if n := s.state.numberOf(a, phone); n != nil {
			service.add(s.state, &poolSender{record: record{SID: n.SID}, kind: poolNumbers, text: phone})
		}
	}
	return service.SID
}

func (s *state) newMessagingService(a *account, name string) *messagingService {
	service := &messagingService{
		AccountSID: a.SID, FriendlyName: name, InboundMethod: "POST", FallbackMethod: "POST",
		StickySender: true, MMSConverter: true, SmartEncoding: true, FallbackToLongCode: true, AreaCodeGeomatch: true,
		ScanMessageContent: "inherit", ValidityPeriod: 36_000, Usecase: "undeclared",
	}
	s.initRecord(&service.record, "MG")
	addTo(a, service)
	return service
}

func listMessagingServices(rq *request) (any, *problem) {
	return list(rq, "services", all[*messagingService])
}

func fetchMessagingService(rq *request) (any, *problem) { return fetch[*messagingService](rq) }

func deleteMessagingService(rq *request) (any, *problem) { return remove[*messagingService](rq) }

func createMessagingService(rq *request) (any, *problem) {
	p := rq.params()
	p.required("FriendlyName", 20001)
	// A draft, so that a request that fails leaves nothing behind.
	if prob := new(messagingService).set(p); prob != nil {
		return nil, prob
	}
	service := rq.newMessagingService(rq.account, p.Get("FriendlyName"))
	if prob := service.set(p); prob != nil {
		return nil, prob
	}
	return service.wire(), nil
}

func updateMessagingService(rq *request) (any, *problem) {
	service, prob := lookup[*messagingService](rq)
	if prob != nil {
		return nil, prob
	}
	changed := *service
	if prob := changed.set(rq.params()); prob != nil {
		return nil, prob
	}
	*service = changed
	service.Updated = at(rq.now)
	return service.wire(), nil
}

// set reads the parameters of a service.
func (m *messagingService) set(p *params) *problem {
	if p.Get("FriendlyName") != "" {
		m.FriendlyName = p.Get("FriendlyName")
	}
	if utf8.RuneCountInString(m.FriendlyName) > maxFriendlyName {
		p.reject(failf(20001, "FriendlyName is longer than 64 characters"))
	}
	setURL(p, "InboundRequestUrl", &m.InboundRequestURL, 20001)
	setMethod(p, "InboundMethod", &m.InboundMethod, 20001)
	setURL(p, "FallbackUrl", &m.FallbackURL, 20001)
	setMethod(p, "FallbackMethod", &m.FallbackMethod, 20001)
	setURL(p, "StatusCallback", &m.StatusCallback, 20001)
	setBool(p, "StickySender", &m.StickySender)
	setBool(p, "MmsConverter", &m.MMSConverter)
	setBool(p, "SmartEncoding", &m.SmartEncoding)
	setBool(p, "FallbackToLongCode", &m.FallbackToLongCode)
	setBool(p, "AreaCodeGeomatch", &m.AreaCodeGeomatch)
	setBool(p, "SynchronousValidation", &m.SynchronousValidation)
	setBool(p, "UseInboundWebhookOnNumber", &m.UseInboundWebhookOnNumber)
	set(p, "Usecase", &m.Usecase)
	if scan := p.oneOf("ScanMessageContent", 20001, "inherit", "enable", "disable"); scan != "" {
		m.ScanMessageContent = scan
	}
	m.ValidityPeriod = p.int("ValidityPeriod", m.ValidityPeriod)
	return p.prob
}

// messagingService reads the messaging service of a message, which must exist.
func (rq *request) messagingService(p *params) nullString {
	sid := p.sid("MessagingServiceSid", "MG", 21705)
	if _, ok := resourcesOf[*messagingService](rq.account).get(sid); sid != "" && !ok && !rq.anyMessagingService {
		p.reject(fail(21701))
	}
	return nullString(sid)
}

// poolSender is the sender that a messaging service picks. An account without
// phone numbers has one of the fake's own.
func (s *state) poolSender(a *account, service nullString) nullString {
	if pool, ok := resourcesOf[*messagingService](a).get(string(service)); ok && len(pool.senders) > 0 {
		return nullString(pool.senders[0])
	}
	if n, ok := resourcesOf[*number](a).newest(); ok {
		return nullString(n.PhoneNumber)
	}
	return "+15005550006"
}
