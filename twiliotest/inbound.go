package twiliotest

import (
	"slices"
	"strings"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// An InboundMessage is a message from a phone; see [Server.ReceiveMessage].
type InboundMessage struct {
	// From is who writes: a phone number in E.164 form, or an address such as
	// whatsapp:+14155550100.
	From string
	// To is a phone number or a short code that an account has. That of an
	// address such as whatsapp:+15105647903 is the phone number in it.
	To string
	// Body is the text.
	Body string
	// Media are the names of the files that come along. The extension says
	// which picture each is: .jpeg, .png or .gif.
	Media []string
	// AccountSID is the account that receives the message; empty means the one
	// that has To.
	AccountSID string
	// ProfileName is the sender's name over a channel such as WhatsApp.
	ProfileName string
}

// ReceiveMessage delivers a message to an account, as if a phone had sent it,
// and returns it. The URL of its messaging service, of its number's application
// or of its number is called, and the TwiML of the response is obeyed, before
// ReceiveMessage returns. STOP, START and HELP have their effects; see
// [Server]. An account that is suspended or closed, or whose main account is,
// receives nothing: ReceiveMessage returns nil then.
//
// A To that no account has is a mistake of the test, and panics, unless
// AccountSID is set; [Server.Owner] tells.
func (s *Server) ReceiveMessage(in InboundMessage) *twilio.Message {
	begun := s.state.begun()
	received := added[twilio.Message](s, func() resource {
		a := s.receiver(in.To, in.AccountSID)
		if !s.state.operates(a) {
			return nil
		}
		m := &message{
			From: nullString(normalize(in.From)), To: normalize(in.To), Body: in.Body,
			NumMedia: intString(len(in.Media)), profileName: in.ProfileName,
		}
		s.state.arrive(a, m, in.Media)
		return m
	})
	s.state.settle(begun)
	return received
}

// arrive lets a message with files arrive at an account.
func (s *state) arrive(a *account, m *message, files []string) {
	m.Status, m.Direction, m.DateSent = "received", "inbound", at(s.now())
	m.NumSegments, m.MessagingServiceSID = countSegments(m.Body), serviceOf(a, m.To)
	s.addMessage(a, m)
	for _, file := range files {
		s.addMedia(m, file)
	}
	s.askAboutMessage(m)
}

// passOn lets a message that was delivered arrive at its recipient, if that is
// another phone number which an account has.
func (s *state) passOn(m *message) {
	n := s.owned[m.To]
	if s.webhookRules.OneWay || n == nil || !n.Capabilities.SMS || string(m.From) == m.To {
		return
	}
	a, _ := s.accounts.get(n.AccountSID)
	if !s.operates(a) {
		return
	}
	var files []string
	for file := range m.media.all() {
		files = append(files, file.link)
	}
	s.arrive(a, &message{From: m.From, To: m.To, Body: m.Body, NumMedia: m.NumMedia}, files)
}

// serviceOf is the messaging service in whose pool a sender is, or empty.
func serviceOf(a *account, sender string) nullString {
	for service := range resourcesOf[*messagingService](a).all() {
		if slices.Contains(service.senders, sender) {
			return nullString(service.SID)
		}
	}
	return ""
}

// receiver is the account that what is sent to an address reaches.
func (s *Server) receiver(to, accountSID string) *account {
	if accountSID == "" {
		accountSID = s.state.owner(to)
	}
	if accountSID == "" {
		panic("twiliotest: no account has " + to + "; add the phone number or set AccountSID")
	}
	return s.mustAccount(accountSID)
}

// owner is the SID of the account that has a phone number or a short code, or
// empty.
func (s *state) owner(address string) string {
	address = normalize(address)
	if n := s.owned[numberIn(address)]; n != nil {
		return n.AccountSID
	}
	if !shortCode.MatchString(address) {
		return ""
	}
	for a := range s.accounts.all() {
		for c := range resourcesOf[*ownedShortCode](a).all() {
			if c.ShortCode == address {
				return a.SID
			}
		}
	}
	return ""
}

// Owner returns the SID of the account that has a phone number or a short code,
// or an empty string if none has.
func (s *Server) Owner(address string) (accountSID string) {
	defer s.state.read()()
	return s.state.owner(address)
}

// An InboundCall is a call from a phone; see [Server.ReceiveCall].
type InboundCall struct {
	// From is who calls: a phone number in E.164 form, or an address such as
	// sip:someone@example.com.
	From string
	// To is a phone number that an account has.
	To string
	// Digits are the keys that the caller presses, one after the other, as soon
	// as a Gather or a Record listens: 0 to 9, * and #. See also [Server.Press].
	Digits string
	// AccountSID is the account that receives the call; empty means the one
	// that has To.
	AccountSID string
	// CallerName is the name of the caller, for a number with
	// VoiceCallerIdLookup.
	CallerName string
	// ForwardedFrom is the number that forwarded the call.
	ForwardedFrom string
}

// ReceiveCall places a call to an account, as if a phone had dialed, and
// returns it as it is afterwards: its phone number's VoiceUrl, or that of the
// number's application, is called, and the TwiML of the response is obeyed
// until it takes time, before ReceiveCall returns. Without a URL that can be
// called, the call rings for 4 seconds and is answered. The caller hangs up
// after [WithCallDuration], unless an [Outcome] for From sets another time or
// [Server.HangUp] is called. An account that is suspended or closed, or whose
// main account is, receives no calls: ReceiveCall returns nil then.
//
// A To that no account has is a mistake of the test, and panics, unless
// AccountSID is set. So do Digits that are no keys.
func (s *Server) ReceiveCall(in InboundCall) *twilio.Call {
	begun := s.state.begun()
	if strings.Trim(in.Digits, keys) != "" {
		panic("twiliotest: InboundCall.Digits has a character that is no key; use 0 to 9, * and #")
	}
	var received *call
	arrive := func() resource {
		a := s.receiver(in.To, in.AccountSID)
		if !s.state.operates(a) {
			return nil
		}
		n := s.state.numberOf(a, normalize(in.To))
		c := &call{
			From: normalize(in.From), To: normalize(in.To), Status: "ringing", Direction: "inbound", Duration: unsetInt,
			QueueTime: 0, StartTime: at(s.state.now()), PriceUnit: "USD", ForwardedFrom: nullString(in.ForwardedFrom),
		}
		c.account = a
		if n != nil {
			c.PhoneNumberSID = nullString(n.SID)
			if n.VoiceCallerIDLookup {
				c.CallerName = nullString(in.CallerName)
			}
		}
		sc := newScript(c)
		sc.account, sc.keys = a, in.Digits
		sc.useNumber(n)
		sc.asking = sc.first.url != ""
		c.script = sc
		s.state.addCall(a, c)
		if sc.asking {
			s.state.begin(c)
		}
		received = c
		return c
	}
	if added[twilio.Call](s, arrive) == nil {
		return nil
	}
	s.state.settle(begun)
	return added[twilio.Call](s, func() resource { return received })
}
