package twiliotest

import (
	"strings"
	"time"
)

// gather obeys Gather: it collects keys, or speech, while its own verbs are
// heard and for some time after.
func (s *state) gather(c *call, e *element) bool {
	sc := c.script
	var prompt time.Duration
	for _, child := range e.children {
		if _, ok := s.callVerbs[child.name]; !ok {
			s.warnOfVerb(&sc.exchange, child)
		}
		prompt += soundOf(child)
	}
	timeout := e.seconds("timeout", 5)
	finish, named := e.attrs["finishOnKey"]
	if !named {
		finish = "#"
	}
	input := e.attr("input")
	most := e.number("numDigits", 0)
	sc.gathered = ""
	var listen func()
	listen = func() {
		if sc.speech != "" && strings.Contains(input, "speech") {
			words := sc.speech
			sc.speech = ""
			s.act(c, e, pairs{{"SpeechResult", words}, {"Confidence", "0.9"}})
			return
		}
		for sc.keys != "" && (input == "" || strings.Contains(input, "dtmf")) {
			key := sc.keys[:1]
			sc.keys = sc.keys[1:]
			if finish != "" && strings.Contains(finish, key) {
				s.act(c, e, pairs{{"FinishedOnKey", key}, {"Digits", sc.gathered}, {"msg", "Gather End"}})
				return
			}
			if sc.gathered += key; len(sc.gathered) == most {
				s.act(c, e, pairs{{"FinishedOnKey", ""}, {"Digits", sc.gathered}, {"msg", "Gather End"}})
				return
			}
		}
		d := timeout
		if sc.gathered == "" {
			d += prompt
		}
		s.wait(c, d, func() {
			if sc.gathered == "" && !e.flag("actionOnEmptyResult", false) {
				s.step(c)
				return
			}
			s.act(c, e, pairs{{"Digits", sc.gathered}, {"FinishedOnKey", ""}, {"msg", "Gather End"}})
		})
		sc.heard = listen
	}
	listen()
	return true
}

// act asks the action of a verb what comes next, which is the document's own URL
// unless the verb names another.
func (s *state) act(c *call, e *element, result pairs) {
	to := hook{c.script.resolve(e.attr("action")), e.method("method")}
	if to.url == "" && c.script.last != nil {
		to.url = c.script.last.URL
	}
	if to.url == "" { // the TwiML came with the call
		s.step(c)
		return
	}
	s.consult(c, to, result)
}
