package twiliotest

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// The life of a message: it is queued, sending, sent and delivered, one step
// apart, and gets a price.
const (
	messageStep         = time.Second
	messagePricingDelay = 10 * time.Second

	segmentPrice = "-0.00830"
	channelPrice = "-0.00500" // of a message over a channel such as WhatsApp
	mediaPrice   = "-0.02000" // of a message with any number of media

	maxMessageBody   = 1600
	unsubscribed     = 21610 // the error of messages that the recipient doesn't want
	accountSuspended = 30002 // the error of messages that were not sent in time
)

var messageRoutes = []route{
	{"GET", "/Messages", listMessages, 200},
	{"POST", "/Messages", whileActive(createMessage), 201},
	{"GET", "/Messages/{Sid}", fetch[*message], 200},
	{"POST", "/Messages/{Sid}", updateMessage, 200},
	{"DELETE", "/Messages/{Sid}", deleteMessage, 204},
	{"POST", "/Messages/{MessageSid}/Feedback", createFeedback, 200},
}

type message struct {
	record
	AccountSID          string            `json:"account_sid"`
	APIVersion          string            `json:"api_version"`
	Body                string            `json:"body"`
	DateSent            timestamp         `json:"date_sent"`
	Direction           string            `json:"direction"`
	ErrorCode           *int              `json:"error_code"`
	ErrorMessage        nullString        `json:"error_message"`
	From                nullString        `json:"from"`
	MessagingServiceSID nullString        `json:"messaging_service_sid"`
	NumMedia            intString         `json:"num_media"`
	NumSegments         intString         `json:"num_segments"`
	Price               money             `json:"price"`
	PriceUnit           nullString        `json:"price_unit"`
	Status              string            `json:"status"`
	Tags                map[string]string `json:"tags,omitempty"`
	To                  string            `json:"to"`

	account *account
	sendAt  time.Time
	counted bool // as usage
	media   collection[*media]
	status  hook // that is told of its status

	profileName string // of a sender over a channel
}

func (m *message) path() string { return root + "/Accounts/" + m.AccountSID + "/Messages/" + m.SID }

func (m *message) wire() any {
	return &struct {
		*message
		SubresourceURIs subresources `json:"subresource_uris"`
		URI             string       `json:"uri"`
	}{m, subresources{m.path(), messageSubresources}, m.path() + ".json"}
}

var messageSubresources = []subresource{{"feedback", "/Feedback.json"}, {"media", "/Media.json"}}

// finished reports whether nothing more happens to the message but its price.
func (m *message) finished() bool {
	switch m.Status {
	case "accepted", "scheduled", "queued", "sending", "receiving":
		return false
	}
	return true
}

// addMessage stores a message and starts its life, or continues it from the
// status that it was seeded with.
func (s *state) addMessage(a *account, m *message) {
	prefix := "SM"
	if m.NumMedia > 0 {
		prefix = "MM"
	}
	s.initRecord(&m.record, prefix)
	m.AccountSID = a.SID
	m.APIVersion = apiVersion
	m.account = a
	addTo(a, m)
	s.countMessage(m)
	s.noteKeyword(a, m)
	s.continueMessage(a, m, s.now())
}

// continueMessage schedules what happens to the message next.
func (s *state) continueMessage(a *account, m *message, now time.Time) {
	was := m.Status
	step := func(d time.Duration, status string) {
		s.after(now, d, func(now time.Time) {
			if m.Status == was { // and was not canceled in the meantime
				m.Status, m.Updated = status, at(now)
				if status == "delivered" {
					s.passOn(m)
				}
				s.continueMessage(a, m, now)
				s.reportMessage(m, was)
			}
		})
	}
	switch m.Status {
	case "scheduled":
		step(m.sendAt.Sub(now), "queued")
	case "accepted":
		step(messageStep, "queued")
	case "queued":
		if m.From == "" {
			m.From = s.poolSender(a, m.MessagingServiceSID)
		}
		m.NumSegments = max(m.NumSegments, countSegments(m.Body))
		step(messageStep, "sending")
	case "sending":
		switch outcome := s.outcomes[m.To]; {
		case !s.operates(a):
			m.fail("failed", accountSuspended)
		case s.optedOut(m): // in the meantime
			m.fail("failed", unsubscribed)
		case outcome.MessageStatus == twilio.MessageStatusFailed:
			m.fail("failed", outcome.ErrorCode)
		default:
			step(messageStep, "sent")
		}
	case "sent":
		if m.DateSent.IsZero() {
			m.DateSent = at(now)
		}
		s.countMessage(m)
		switch outcome := s.outcomes[m.To]; outcome.MessageStatus {
		case twilio.MessageStatusSent: // and nothing more is heard of it
		case twilio.MessageStatusUndelivered:
			s.after(now, messageStep, func(now time.Time) {
				m.fail("undelivered", outcome.ErrorCode)
				m.Updated = at(now)
				s.reportMessage(m, "sent")
			})
		default:
			step(messageStep, "delivered")
		}
		s.after(now, messagePricingDelay, func(now time.Time) { s.chargeMessage(m, now) })
	case "delivered", "read", "received", "undelivered": // from the beginning, if seeded
		if m.Status == "delivered" && s.outcomes[m.To].MessageStatus == twilio.MessageStatusRead {
			step(messageStep, "read")
		}
		s.after(now, messagePricingDelay, func(now time.Time) { s.chargeMessage(m, now) })
	}
}

// category is the usage category of the message. Channels have categories of
// their own, beside those of SMS and MMS.
func (m *message) category() string {
	direction := directionSuffix(m.Direction)
	switch channel, _, _ := strings.Cut(m.To, ":"); {
	case channel == "whatsapp":
		return "channels-whatsapp-" + direction
	case channel == "messenger", channel == "facebook":
		return "channels-messaging-" + direction
	case channel == "rcs" && direction == "inbound":
		return "usage-rcs-messages-inbound"
	case channel == "rcs":
		return "usage-rcs-basic-messages-outbound"
	case m.NumMedia > 0:
		return "mms-" + direction
	}
	return "sms-" + direction
}

// isText reports whether the message is an SMS, which is billed by segments.
func (m *message) isText() bool { return strings.HasPrefix(m.category(), "sms-") }

// countMessage counts a message as usage, once it was sent.
func (s *state) countMessage(m *message) {
	if m.counted || m.DateSent.IsZero() {
		return
	}
	m.counted = true
	used := amounts{1, decimalOf(1), charge(m.Price, m.PriceUnit)}
	if m.isText() {
		used.usage = decimalOf(int64(m.NumSegments))
	}
	s.bill(m.account, m.DateSent.Time, m.category(), used)
}

// chargeMessage sets the price of a message, unless it has one.
func (s *state) chargeMessage(m *message, now time.Time) {
	if m.Price.Valid {
		return
	}
	price := usd(channelPrice)
	switch {
	case m.isText():
		price = usd(segmentPrice)
		price.Decimal = price.Decimal.Mul(decimalOf(int64(m.NumSegments)))
	case m.NumMedia > 0:
		price = usd(mediaPrice)
	}
	m.Price, m.PriceUnit, m.Updated = price, cmp.Or(m.PriceUnit, "USD"), at(now)
	s.bill(m.account, m.DateSent.Time, m.category(), amounts{price: charge(m.Price, m.PriceUnit)})
}

// gsm7 are the characters of a message that take 7 bits each; those of
// gsm7Extended take two places (3GPP TS 23.038, sections 6.2.1 and 6.2.1.1).
const (
	gsm7 = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsm7Extended = "\f^{}\\[~]|€"
)

// countSegments returns the number of parts in which a text is sent and billed:
// 160 characters of GSM-7 in a single part or 153 in each of several, 70 and 67
// of UCS-2.
func countSegments(body string) intString {
	length, alone, inCompany := 0, 160, 153
	for _, r := range body {
		switch {
		case strings.ContainsRune(gsm7, r):
			length++
		case strings.ContainsRune(gsm7Extended, r):
			length += 2
		default:
			return parts(len(utf16.Encode([]rune(body))), 70, 67)
		}
	}
	return parts(length, alone, inCompany)
}

func parts(length, alone, inCompany int) intString {
	if length <= alone {
		return 1
	}
	return intString((length + inCompany - 1) / inCompany)
}

func listMessages(rq *request) (any, *problem) {
	p := rq.filters()
	to, from := normalize(p.Get("To")), nullString(normalize(p.Get("From")))
	sent := p.dateFilter("DateSent", rq.secondGrain)
	if p.prob != nil {
		return nil, p.prob
	}
	return list(rq, "messages", func(m *message) bool {
		return (to == "" || m.To == to) && (from == "" || m.From == from) && sent.holds(m.DateSent.Time)
	})
}

func createMessage(rq *request) (any, *problem) {
	p := rq.params()
	m := &message{
		To: normalize(p.required("To", 21604)), From: nullString(normalize(p.Get("From"))),
		Body: p.Get("Body"), Status: "queued", Direction: "outbound-api",
		MessagingServiceSID: rq.messagingService(p),
	}
	setURL(p, "StatusCallback", &m.status.url, 21609)
	scheduled := p.oneOf("ScheduleType", 20001, "fixed") != ""
	sendAt, dated := p.date("SendAt")
	switch {
	case !isRecipient(m.To):
		p.reject(failf(21211, "The 'To' number %s is not a valid phone number", m.To))
	case m.From == "" && m.MessagingServiceSID == "":
		p.reject(failf(21603, "A 'From' phone number or a MessagingServiceSid is required"))
	case m.From != "" && !isSender(string(m.From)):
		p.reject(failf(21212, "The 'From' number %s is not a valid phone number or sender", m.From))
	case m.Body == "" && len(p.Values["MediaUrl"]) == 0 && p.Get("ContentSid") == "":
		p.reject(fail(21602))
	case len(p.Values["MediaUrl"]) > maxMedia:
		p.reject(fail(21623))
	case slices.ContainsFunc(p.Values["MediaUrl"], func(media string) bool { return !isURL(media) }):
		p.reject(fail(21620))
	case utf8.RuneCountInString(m.Body) > maxMessageBody:
		p.reject(fail(21617))
	case scheduled && (!dated || !sendAt.After(rq.now)):
		p.reject(failf(20001, "SendAt must be a time in the future"))
	case p.Get("Tags") != "" && json.Unmarshal([]byte(p.Get("Tags")), &m.Tags) != nil:
		p.reject(failf(20001, "Tags must be a JSON object of strings"))
	}
	if p.prob != nil {
		return nil, p.prob
	}
	if rq.ownedSenders && isPhoneNumber(string(m.From)) && rq.numberOf(rq.account, string(m.From)) == nil {
		return nil, fail(21606)
	}
	if rq.trial && !rq.account.verified(m.To) {
		return nil, fail(21608)
	}
	if rq.optedOut(m) {
		return nil, fail(unsubscribed)
	}
	switch {
	case m.MessagingServiceSID == "": // without a service the schedule is ignored
		m.NumSegments = countSegments(m.Body)
	case scheduled:
		m.Status, m.sendAt = "scheduled", sendAt
	default:
		m.Status = "accepted"
	}
	m.NumMedia = intString(len(p.Values["MediaUrl"]))
	m.status.url = cmp.Or(m.status.url, rq.messageStatusCallback(rq.account, p.Get("ApplicationSid"), m.MessagingServiceSID))
	rq.addMessage(rq.account, m)
	for _, link := range p.Values["MediaUrl"] {
		rq.addMedia(m, link)
	}
	return m.wire(), nil
}

func updateMessage(rq *request) (any, *problem) {
	m, prob := lookup[*message](rq)
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	status := p.oneOf("Status", 20001, "canceled")
	switch {
	case p.Get("Body") != "":
		p.reject(failf(20001, "Body can only be emptied"))
	case status != "" && m.Status != "scheduled":
		p.reject(fail(30409))
	case status == "" && p.Has("Body") && !m.finished():
		p.reject(fail(20009))
	}
	if p.prob != nil {
		return nil, p.prob
	}
	if status != "" {
		m.Status = status
		rq.reportMessage(m, "scheduled")
	}
	set(p, "Body", &m.Body)
	m.Updated = at(rq.now)
	return m.wire(), nil
}

func deleteMessage(rq *request) (any, *problem) {
	if m, prob := lookup[*message](rq); prob == nil && !m.finished() {
		return nil, fail(20009)
	}
	return remove[*message](rq)
}

func createFeedback(rq *request) (any, *problem) {
	m, prob := lookupBy[*message](rq, "MessageSid")
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	outcome := cmp.Or(p.oneOf("Outcome", 20001, "confirmed", "unconfirmed"), "confirmed")
	if p.prob != nil {
		return nil, p.prob
	}
	return map[string]any{
		"account_sid":  m.AccountSID,
		"message_sid":  m.SID,
		"outcome":      outcome,
		"date_created": at(rq.now),
		"date_updated": at(rq.now),
		"uri":          m.path() + "/Feedback.json",
	}, nil
}
