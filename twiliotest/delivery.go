package twiliotest

import (
	"context"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// A WebhookKind is what a webhook is about.
type WebhookKind string

// The kinds of webhooks.
const (
	WebhookMessage       WebhookKind = "message"        // a message has arrived; the response is TwiML
	WebhookMessageStatus WebhookKind = "message-status" // a message has another status
	WebhookCall          WebhookKind = "call"           // a call needs TwiML
	WebhookCallStatus    WebhookKind = "call-status"    // a call has made progress or ended
	WebhookMachine       WebhookKind = "machine"        // who answered a call: a person or a machine
	WebhookRecording     WebhookKind = "recording"      // a recording has begun or ended
	WebhookTranscription WebhookKind = "transcription"  // a recording was transcribed
	WebhookConference    WebhookKind = "conference"     // a conference or a participant has changed
	WebhookCallerID      WebhookKind = "caller-id"      // the validation of a caller ID has ended
	WebhookUsageTrigger  WebhookKind = "usage-trigger"  // a usage trigger has fired
	WebhookDebugger      WebhookKind = "debugger"       // an error or a warning was logged
)

var webhookKinds = []WebhookKind{
	WebhookMessage, WebhookMessageStatus, WebhookCall, WebhookCallStatus, WebhookMachine, WebhookRecording,
	WebhookTranscription, WebhookConference, WebhookCallerID, WebhookUsageTrigger, WebhookDebugger,
}

// A Delivery is a webhook that the server has sent, or would have sent; see
// [Server.Deliveries].
type Delivery struct {
	// ID is the I-Twilio-Idempotency-Token: retries of a delivery, and a second
	// copy of it, have the same.
	ID string
	// Time is when it was sent, on the server's clock, in UTC.
	Time time.Time
	Kind WebhookKind
	// AccountSID is the account whose AuthToken signs it.
	AccountSID string
	// SID is what it is about: a message, a call, a conference, a recording, a
	// usage trigger, a caller ID or a notification.
	SID string
	// Method is GET or POST.
	Method string
	// URL is where it goes, as it was configured.
	URL string
	// Form has the parameters, also of a GET.
	Form url.Values
	// Called is false if no request was made, because the URL isn't one that
	// the server may call ([WithWebhooks], [WithWebhookHosts]), or because a
	// [WebhookFault] lost it.
	Called bool
	// Attempts is how many requests were made.
	Attempts int
	// Status is the HTTP status of the last response; 0 means none.
	Status int
	// ContentType and Body are those of the last response; Body is cut off
	// after 64 KiB.
	ContentType, Body string
	// Error says why it was not called or has failed, or is empty.
	Error string
	// ErrorCode is Twilio's code for the failure, such as 11200; 0 means none.
	ErrorCode int
}

// A hook is where a webhook goes. Without a URL there is none.
type hook struct{ url, method string }

// pairs are the parameters of a webhook, in the order in which they are sent.
type pairs [][2]string

func (p pairs) encode() string {
	var b strings.Builder
	for i, pair := range p {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(pair[0]))
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(pair[1]))
	}
	return b.String()
}

func (p pairs) values() url.Values {
	values := make(url.Values, len(p))
	for _, pair := range p {
		values.Add(pair[0], pair[1])
	}
	return values
}

// optional is the parameter, or none if it is empty.
func optional(name, value string) pairs {
	if value == "" {
		return nil
	}
	return pairs{{name, value}}
}

// A delivery is a webhook on its way.
type delivery struct {
	Delivery
	account *account
	params  pairs
	jar     http.CookieJar // nil for webhooks that keep no cookies
	retries int            // of responses with 5xx, which only usage triggers have
	fault   WebhookFault
	begun   uint64 // how many webhooks were begun when it was put into the outbox
	endless bool   // it is not called, since there were too many at once

	// then does what the response says. It is nil for webhooks whose response
	// doesn't matter.
	then func(now time.Time, d *delivery)
}

// failed reports whether a webhook that was called has not succeeded.
func (d *delivery) failed() bool { return d.Called && d.Error != "" }

// send puts a webhook into the outbox, unless it has no URL.
func (s *state) send(a *account, kind WebhookKind, sid string, to hook, params pairs) *delivery {
	d := &delivery{
		Delivery: Delivery{
			ID: s.idempotencyToken(), Time: s.now(), Kind: kind, AccountSID: a.SID, SID: sid,
			Method: to.method, URL: to.url, Form: params.values(),
		},
		account: a, params: params,
	}
	if d.Method == "" {
		d.Method = http.MethodPost
	}
	if to.url != "" {
		s.dispatch(d)
	}
	return d
}

// dispatch puts a webhook into the outbox, now or when its fault lets it.
func (s *state) dispatch(d *delivery) {
	d.fault = s.webhookFaults.match(d)
	push := func(now time.Time) {
		d.Time, d.begun = now, s.traffic.begun
		s.outbox = append(s.outbox, d)
		if d.fault.Twice {
			again := *d
			again.then, again.fault = nil, WebhookFault{}
			s.outbox = append(s.outbox, &again)
		}
	}
	if d.fault.Delay > 0 {
		s.after(s.now(), d.fault.Delay, push)
		return
	}
	push(d.Time)
}

// traffic is the webhooks that are under way. A snapshot leaves it as it is.
type traffic struct {
	busy     map[string]bool               // what one is under way for
	begun    uint64                        // how many there were
	underWay map[uint64]context.CancelFunc // by their number
	returned sync.Cond                     // one is no longer under way
	restored int                           // how often the state went back to a snapshot
}

// cancel ends what is under way.
func (t *traffic) cancel() {
	for _, cancel := range t.underWay {
		cancel()
	}
}

// idempotencyToken returns a UUID.
func (s *state) idempotencyToken() string {
	var b [16]byte
	_, _ = s.webhookIDs.Read(b[:])       // never fails
	b[6], b[8] = b[6]&15|64, b[8]&63|128 // a UUID, version 4
	text := hex.EncodeToString(b[:])
	return strings.Join([]string{text[:8], text[8:12], text[12:16], text[16:20], text[20:]}, "-")
}

// nextDelivery is the index in the outbox of the first webhook that may be
// delivered now, or -1. Those about one thing go out one after the other.
func (s *state) nextDelivery() int {
	return slices.IndexFunc(s.outbox, func(d *delivery) bool { return !s.traffic.busy[d.SID] })
}

// takeDelivery removes the next webhook from the outbox, or returns nil if none
// may be delivered now.
func (s *state) takeDelivery() *delivery {
	i := s.nextDelivery()
	if i < 0 {
		return nil
	}
	d := s.outbox[i]
	s.outbox = slices.Delete(s.outbox, i, i+1)
	return d
}

// A moment is a time during which the clock stands still. It counts the webhooks
// that were caused by others in the meantime, by what they are about. Handlers
// that undo what each other does cause them without an end.
type moment struct {
	begun  uint64 // how many webhooks there were before
	caused map[string]int
}

// maxCaused is how many of them are delivered.
const maxCaused = 1000

func (s *state) moment() *moment { return &moment{s.traffic.begun, make(map[string]int)} }

// count counts a webhook that is about to be delivered, and reports whether
// there were too many.
func (m *moment) count(d *delivery) (endless bool) {
	if d.begun <= m.begun {
		return false
	}
	m.caused[d.SID]++
	return m.caused[d.SID] > maxCaused
}

// deliverAll delivers what is in the outbox, and waits for what others took from
// it after the begun-th. Whoever calls it may itself be a webhook, which can't
// wait for those that were under way before it.
func (s *state) deliverAll(begun uint64, m *moment) {
	for {
		if d := s.takeDelivery(); d != nil {
			if m.count(d) {
				notCalled := *d // a snapshot may have the other
				notCalled.endless = true
				d = &notCalled
			}
			s.deliver(d)
			continue
		}
		later := false
		for n := range s.traffic.underWay {
			later = later || n > begun
		}
		if !later {
			return
		}
		s.traffic.returned.Wait()
	}
}

// deliver makes the requests of a webhook, during which the state is unlocked,
// and does what the response says.
func (s *state) deliver(taken *delivery) {
	if s.background.closed {
		return
	}
	sent := *taken // a snapshot may have the other
	d := &sent
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s.traffic.begun++
	n, restored := s.traffic.begun, s.traffic.restored
	s.traffic.underWay[n], s.traffic.busy[d.SID] = cancel, true
	token := d.account.token
	s.unlock()
	s.deliverer.deliver(ctx, d, token)
	s.mu.Lock()
	delete(s.traffic.underWay, n)
	delete(s.traffic.busy, d.SID)
	defer s.traffic.returned.Broadcast()
	if s.traffic.restored != restored {
		return // what it was about is no longer so
	}
	then := d.then
	d.then, d.jar = nil, nil // the log keeps no more than it needs
	s.deliveries.add(d)
	switch {
	case then != nil:
		then(s.now(), d)
	case d.failed() && d.Kind != WebhookDebugger:
		s.debug(d, d.ErrorCode, logError, d.Error)
	}
}

// deliveryLog is a ring of the latest deliveries.
type deliveryLog struct {
	size   int
	ring   []*delivery
	oldest int // an index, once the ring is full
}

// all returns the deliveries, oldest first.
func (l *deliveryLog) all() []*delivery {
	return slices.Concat(l.ring[l.oldest:], l.ring[:l.oldest])
}

func (l *deliveryLog) add(d *delivery) {
	if len(l.ring) < l.size {
		l.ring = append(l.ring, d)
	} else if l.size > 0 {
		l.ring[l.oldest] = d
		l.oldest = (l.oldest + 1) % l.size
	}
}

// Deliveries returns the webhooks that the server has sent, in the order of the
// responses, and those that it would have sent: the latest 10,000, or as many
// as [WithRequestLog] sets.
func (s *Server) Deliveries() []Delivery {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	logged := s.state.deliveries.all()
	deliveries := make([]Delivery, len(logged))
	for i, d := range logged {
		deliveries[i] = d.Delivery
	}
	return deliveries
}

// Resend sends a webhook from [Server.Deliveries] again, as a retry with the
// same ID, and returns when it was delivered. It reports whether there is such
// a webhook. One about a message that has arrived is a new webhook, whose
// response is obeyed. What other responses say is ignored.
func (s *Server) Resend(id string) bool {
	begun := s.state.begun()
	found := s.state.resend(id)
	s.state.settle(begun)
	return found
}

func (s *state) resend(id string) bool {
	defer s.write()()
	logged := s.deliveries.all()
	i := slices.IndexFunc(logged, func(d *delivery) bool { return d.ID == id })
	if i < 0 {
		return false
	}
	d := logged[i]
	if m, ok := resourcesOf[*message](d.account).get(d.SID); ok && d.Kind == WebhookMessage {
		s.askAboutMessage(m)
		return true
	}
	s.dispatch(&delivery{
		Delivery: Delivery{
			ID: d.ID, Time: s.now(), Kind: d.Kind, AccountSID: d.AccountSID, SID: d.SID,
			Method: d.Method, URL: d.URL, Form: d.Form,
		},
		account: d.account, params: d.params,
	})
	return true
}
