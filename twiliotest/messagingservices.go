package twiliotest

import "strings"

// A messagingService is a pool of senders. Messaging services have an API on a
// host of its own; here they only exist.
type messagingService struct {
	record
	senders []string
}

func (m *messagingService) wire() any { return m }

// AddMessagingService adds a messaging service to an account and returns its
// SID. Messages are sent from the first of the senders, or from the account's
// newest phone number if there are none.
func (s *Server) AddMessagingService(accountSID string, senders ...string) (sid string) {
	defer s.state.write()()
	a := s.mustAccount(accountSID)
	service := &messagingService{senders: senders}
	s.state.initRecord(&service.record, "MG")
	addTo(a, service)
	return service.SID
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

// An optOut is a recipient who doesn't want messages from a phone number or a
// messaging service.
type optOut struct{ sender, recipient string }

// noteKeyword notes what a message from a recipient asks for: no more messages,
// or messages again.
func (s *state) noteKeyword(a *account, m *message) {
	if m.Direction != "inbound" {
		return
	}
	senders := []string{m.To, string(m.MessagingServiceSID)}
	for service := range resourcesOf[*messagingService](a).all() {
		for _, sender := range service.senders {
			if sender == m.To {
				senders = append(senders, service.SID)
			}
		}
	}
	for _, sender := range senders {
		switch strings.ToUpper(strings.TrimSpace(m.Body)) {
		case "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT":
			s.optOuts[optOut{sender, string(m.From)}] = true
		case "START", "YES", "UNSTOP":
			delete(s.optOuts, optOut{sender, string(m.From)})
		}
	}
}

// optedOut reports whether the recipient doesn't want the message.
func (s *state) optedOut(m *message) bool {
	return s.optOuts[optOut{string(m.From), m.To}] ||
		m.MessagingServiceSID != "" && s.optOuts[optOut{string(m.MessagingServiceSID), m.To}]
}
