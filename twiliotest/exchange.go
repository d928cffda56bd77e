package twiliotest

import (
	"net/http"
	"strconv"
	"time"
)

// An exchange is a conversation with an application about a message or a call.
// Each response is TwiML, and may lead to the next request.
type exchange struct {
	account  *account
	sid      string // of the message or the call
	kind     WebhookKind
	fallback hook
	jar      http.CookieJar
	call     *call // nil for a message

	params func() pairs    // of a request about it
	obey   func(*document) // does what the response says
	failed func()          // without a fallback, if the response can't be had; nil for a message
	silent func()          // if the URL isn't one that is called; may be nil

	generation int       // of what is asked; responses to an earlier one come too late
	last       *delivery // the one whose response is obeyed
	since      time.Time // when a call asked for the first of the documents that are counted
	documents  int       // how many were asked for
}

// maxDocuments is how many documents may follow the first one about a message,
// or about a call within a second.
const maxDocuments = 100

// ask requests TwiML, with what is to be sent beside the parameters of the
// message or the call.
func (x *exchange) ask(s *state, to hook, extra pairs) {
	x.request(s, to, extra, x.fallback)
}

func (x *exchange) request(s *state, to hook, extra pairs, fallback hook) {
	if x.endless(s.now()) {
		s.logEndless(x)
		return
	}
	d := s.send(x.account, x.kind, x.sid, to, append(x.params(), extra...))
	d.jar = x.jar
	generation := x.generation
	d.then = func(_ time.Time, d *delivery) {
		if x.generation != generation {
			return
		}
		x.last = d
		doc, fault := x.read(d)
		switch {
		case !d.Called:
			if x.silent != nil {
				x.silent()
			}
		case fault == nil:
			x.obey(doc)
		default:
			s.log(x, fault.code, logError, fault.text)
			if fallback.url != "" {
				x.request(s, fallback, pairs{{"ErrorCode", strconv.Itoa(fault.code)}, {"ErrorUrl", d.URL}}, hook{})
			} else if x.failed != nil {
				x.failed()
			}
		}
	}
	if to.url == "" && x.silent != nil {
		x.silent()
	}
}

// endless counts a document that is asked for, and reports whether there were too
// many: they lead to each other.
func (x *exchange) endless(now time.Time) bool {
	if x.call != nil && now.Sub(x.since) > time.Second {
		x.since, x.documents = now, 0
	}
	x.documents++
	return x.documents > maxDocuments+1
}

// logEndless tells the debugger that there were too many documents, and gives up.
func (s *state) logEndless(x *exchange) {
	if x.call == nil {
		s.log(x, 14106, logWarning, "Document retrieval limit reached")
		return
	}
	s.log(x, 11215, logError, "The documents lead to each other without an end")
	x.failed()
}

// read reads the response to a request.
func (x *exchange) read(d *delivery) (*document, *documentError) {
	switch {
	case d.Error != "":
		return nil, &documentError{d.ErrorCode, d.Error}
	case d.Status == http.StatusNoContent && x.call == nil:
		return new(document), nil
	case x.call == nil:
		return documentOf(d, "Message")
	}
	return documentOf(d, "Say")
}

// resolve is a URL in the document that is being obeyed.
func (x *exchange) resolve(ref string) string {
	if x.last == nil {
		return ref
	}
	return resolveURL(x.last.URL, ref)
}

// warnOfVerb tells the debugger of an element that TwiML doesn't have, or not
// there.
func (s *state) warnOfVerb(x *exchange, e *element) {
	if _, ofCalls := s.callVerbs[e.name]; ofCalls && x.call == nil {
		s.log(x, 14110, logWarning, "Invalid verb for an SMS reply: "+e.name)
		return
	}
	s.log(x, 12200, logWarning, "Schema validation warning: the element "+e.name+" is not known here")
}

// log tells the debugger of an error in what an application wants.
func (s *state) log(x *exchange, code int, level logLevel, text string) {
	d := x.last
	if d == nil { // of TwiML that came with the call
		d = &delivery{Delivery: Delivery{AccountSID: x.account.SID, SID: x.sid, Method: http.MethodPost}, account: x.account}
	}
	s.debug(d, code, level, text)
}
