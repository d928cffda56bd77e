package twiliotest

import "strings"

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
		switch keywordOf(m.Body) {
		case "STOP":
			s.optOuts[optOut{sender, string(m.From)}] = true
		case "START":
			delete(s.optOuts, optOut{sender, string(m.From)})
		}
	}
}

// keywordOf is what a message asks for: STOP for no more messages, START for
// messages again, HELP, or nothing.
func keywordOf(body string) string {
	switch strings.ToUpper(strings.TrimSpace(body)) {
	case "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT":
		return "STOP"
	case "START", "YES", "UNSTOP":
		return "START"
	case "HELP", "INFO":
		return "HELP"
	}
	return ""
}

// optedOut reports whether the recipient doesn't want the message.
func (s *state) optedOut(m *message) bool {
	return s.optOuts[optOut{string(m.From), m.To}] ||
		m.MessagingServiceSID != "" && s.optOuts[optOut{string(m.MessagingServiceSID), m.To}]
}
