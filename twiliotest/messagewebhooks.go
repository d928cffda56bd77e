package twiliotest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
)

// messageErrors are what messages that failed say beside their code.
var messageErrors = map[int]string{
	accountSuspended: "Account suspended",
	unsubscribed:     "Attempt to send to unsubscribed recipient",
	30003:            "Unreachable destination handset",
	30004:            "Message blocked",
	30005:            "Unknown destination handset",
	30006:            "Landline or unreachable carrier",
	30007:            "Carrier violation",
	30008:            "Unknown error",
}

// fail ends a message; a code of 0 is none.
func (m *message) fail(status string, code int) {
	m.Status = status
	if code != 0 {
		m.ErrorCode, m.ErrorMessage = &code, nullString(messageErrors[code])
	}
}

// messageStatusCallback is where the status of a message goes that doesn't say
// so itself.
func (s *state) messageStatusCallback(a *account, applicationSID string, serviceSID nullString) string {
	if app, ok := resourcesOf[*application](a).get(applicationSID); ok && app.MessageStatusCallback != "" {
		return string(app.MessageStatusCallback)
	}
	if service, ok := resourcesOf[*messagingService](a).get(string(serviceSID)); ok {
		return string(service.StatusCallback)
	}
	return ""
}

// reported are the statuses that a callback tells. The first one of a message,
// which its create returns, isn't among them.
var reported = []string{"queued", "sent", "failed", "delivered", "undelivered", "read", "canceled"}

// reportMessage tells the status callback that a message no longer has the
// status that it had.
func (s *state) reportMessage(m *message, was string) {
	if m.Status == was || !slices.Contains(reported, m.Status) {
		return
	}
	var failure, received string
	if m.ErrorCode != nil {
		failure = strconv.Itoa(*m.ErrorCode)
	}
	if m.Status == "delivered" || m.Status == "undelivered" {
		received = m.Updated.Format("0601021504")
	}
	s.send(m.account, WebhookMessageStatus, m.SID, m.status, slices.Concat(
		optional("ErrorCode", failure),
		optional("RawDlrDoneDate", received),
		pairs{{"SmsSid", m.SID}, {"SmsStatus", m.Status}, {"MessageStatus", m.Status}, {"To", m.To}},
		optional("MessagingServiceSid", string(m.MessagingServiceSID)),
		pairs{
			{"MessageSid", m.SID}, {"AccountSid", m.AccountSID}, {"From", string(m.From)},
			{"ApiVersion", m.APIVersion},
		},
	))
}

// inboundHooks are where an incoming message goes, and where if that fails: to
// its messaging service, its number's application or its number.
func (s *state) inboundHooks(m *message) (primary, fallback hook) {
	a := m.account
	n := s.numberOf(a, numberIn(m.To))
	service, ok := resourcesOf[*messagingService](a).get(string(m.MessagingServiceSID))
	if ok && service.InboundRequestURL != "" && !service.UseInboundWebhookOnNumber {
		return hook{string(service.InboundRequestURL), service.InboundMethod}, hook{string(service.FallbackURL), service.FallbackMethod}
	}
	if n == nil {
		return s.shortCodeHooks(a, m.To)
	}
	if app, ok := resourcesOf[*application](a).get(n.SMSApplicationSID); ok {
		return hook{string(app.SMSURL), app.SMSMethod}, hook{string(app.SMSFallbackURL), app.SMSFallbackMethod}
	}
	return hook{n.SMSURL, n.SMSMethod}, hook{n.SMSFallbackURL, n.SMSFallbackMethod}
}

// askAboutMessage sends an incoming message to its URL and obeys the response.
func (s *state) askAboutMessage(m *message) {
	primary, fallback := s.inboundHooks(m)
	x := &exchange{account: m.account, sid: m.SID, kind: WebhookMessage, fallback: fallback}
	x.params = func() pairs { return s.inboundParams(m) }
	x.obey = func(doc *document) { s.reply(m, x, doc) }
	x.ask(s, primary, nil)
}

// inboundParams are the parameters of an incoming message, in the order in which
// Twilio has been seen to send them.
func (s *state) inboundParams(m *message) pairs {
	from, to := placeOf(string(m.From)), placeOf(m.To)
	var optOutType string
	if s.webhookRules.AdvancedOptOut {
		optOutType = keywordOf(m.Body)
	}
	p := pairs{{"ToCountry", to.country}, {"ToState", to.region}, {"SmsMessageSid", m.SID}, {"NumMedia", strconv.Itoa(int(m.NumMedia))},
		{"ToCity", to.city}, {"FromZip", from.zip}, {"SmsSid", m.SID}, {"FromState", from.region}, {"SmsStatus", m.Status},
		{"FromCity", from.city}, {"Body", m.Body}, {"FromCountry", from.country}, {"To", m.To}}
	if channel.MatchString(m.To) {
		p = pairs{{"SmsMessageSid", m.SID}, {"NumMedia", strconv.Itoa(int(m.NumMedia))}, {"ProfileName", m.profileName},
			{"MessageType", m.kindOfContent()}, {"SmsSid", m.SID}, {"WaId", digitsOf(string(m.From))}, {"SmsStatus", m.Status}, {"Body", m.Body}, {"To", m.To}}
	}
	p = append(p, optional("OptOutType", optOutType)...)
	p = append(p, optional("MessagingServiceSid", string(m.MessagingServiceSID))...)
	if !channel.MatchString(m.To) {
		p = append(p, [2]string{"ToZip", to.zip})
	}
	p = append(p, pairs{{"NumSegments", strconv.Itoa(int(m.NumSegments))}}...)
	if channel.MatchString(m.To) {
		p = append(p, [2]string{"ReferralNumMedia", "0"})
	}
	p = append(p, pairs{{"MessageSid", m.SID}, {"AccountSid", m.AccountSID}, {"From", string(m.From)}, {"ApiVersion", m.APIVersion}}...)
	n := 0
	for file := range m.media.all() {
		i := strconv.Itoa(n)
		p = append(p, [2]string{"MediaContentType" + i, file.ContentType}, [2]string{"MediaUrl" + i, apiOrigin + m.path() + "/Media/" + file.SID})
		n++
	}
	return p
}

// apiOrigin is where the fake's documents say that they are.
const apiOrigin = "https://api.twilio.com"

// kindOfContent is the MessageType of a message over a channel.
func (m *message) kindOfContent() string {
	if m.NumMedia > 0 {
		return "image"
	}
	return "text"
}

// shortCodeHooks are where messages to one of the account's short codes go.
func (s *state) shortCodeHooks(a *account, code string) (primary, fallback hook) {
	for sc := range resourcesOf[*ownedShortCode](a).all() {
		if sc.ShortCode == code {
			return hook{string(sc.SMSURL), sc.SMSMethod}, hook{string(sc.SMSFallbackURL), sc.SMSFallbackMethod}
		}
	}
	return hook{}, hook{}
}

// reply obeys the TwiML for a message.
func (s *state) reply(m *message, x *exchange, doc *document) {
	for _, e := range doc.verbs {
		if verb, ok := s.messageVerbs[e.name]; !ok {
			s.warnOfVerb(x, e)
		} else if verb(s, m, x, e) {
			return
		}
	}
}

// A messageVerb obeys a verb of TwiML about a message. It returns true if the verb
// is the last to be obeyed.
type messageVerb func(s *state, m *message, x *exchange, e *element) (last bool)

// newMessageVerbs returns the verbs of TwiML for messages.
func newMessageVerbs() map[string]messageVerb {
	return map[string]messageVerb{
		"Message":  (*state).replyWithMessage,
		"Redirect": (*state).redirectMessage,
	}
}

// replyWithMessage obeys Message: it sends one, to the sender unless it says
// otherwise.
func (s *state) replyWithMessage(m *message, x *exchange, e *element) bool {
	reply := &message{
		To: normalize(cmp.Or(e.attr("to"), string(m.From))), From: nullString(normalize(cmp.Or(e.attr("from"), m.To))),
		Status: "queued", Direction: "outbound-reply",
		MessagingServiceSID: m.MessagingServiceSID,
		status:              hook{x.resolve(cmp.Or(e.attr("statusCallback"), e.attr("action"))), cmp.Or(e.attr("method"), http.MethodPost)},
	}
	var links []string
	reply.Body = e.text
	for _, child := range e.children {
		switch child.name {
		case "Body":
			reply.Body += child.text
		case "Media":
			links = append(links, child.text)
		default:
			s.warnOfVerb(x, child)
		}
	}
	reply.status.url = cmp.Or(reply.status.url, s.messageStatusCallback(m.account, "", m.MessagingServiceSID))
	reply.NumMedia, reply.NumSegments = intString(len(links)), countSegments(reply.Body)
	switch {
	case reply.Body == "" && len(links) == 0:
		s.log(x, 14103, logWarning, "The Message has neither a body nor media")
	case !isRecipient(reply.To):
		s.log(x, 14101, logWarning, "The Message's 'to' is not valid")
	case !isSender(string(reply.From)):
		s.log(x, 14102, logWarning, "The Message's 'from' is not valid")
	case !s.operates(m.account):
	case s.optedOut(reply):
		s.log(x, unsubscribed, logError, messageErrors[unsubscribed])
	default:
		s.addMessage(m.account, reply)
		for _, link := range links {
			s.addMedia(reply, link)
		}
	}
	return false
}

// redirectMessage obeys Redirect.
func (s *state) redirectMessage(_ *message, x *exchange, e *element) bool {
	x.ask(s, hook{x.resolve(e.text), cmp.Or(e.attr("method"), http.MethodPost)}, nil)
	return true
}
