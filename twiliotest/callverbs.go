package twiliotest

import (
	"cmp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A callVerb obeys a verb of TwiML. It returns true if it takes time or leads
// elsewhere; something else then goes on with the call.
type callVerb func(s *state, c *call, e *element) (waits bool)

// newCallVerbs returns the verbs of TwiML for calls.
func newCallVerbs() map[string]callVerb {
	return map[string]callVerb{
		"Connect":  (*state).stay,
		"Dial":     (*state).dial,
		"Enqueue":  (*state).enqueueCall,
		"Gather":   (*state).gather,
		"Hangup":   (*state).hangUp,
		"Leave":    (*state).leaveQueue,
		"Pause":    (*state).makeSound,
		"Pay":      (*state).pass,
		"Play":     (*state).makeSound,
		"Prompt":   (*state).pass,
		"Record":   (*state).record,
		"Redirect": (*state).redirectTo,
		"Refer":    (*state).pass,
		"Reject":   (*state).rejectLate,
		"Say":      (*state).makeSound,
		"Sms":      (*state).sendFromCall,
		"Start":    (*state).pass,
		"Stop":     (*state).pass,
	}
}

// How long the sound of a verb takes.
const (
	charactersPerSecond = 15
	soundTime           = 5 * time.Second // whose length isn't known
)

// soundOf is how long a verb that makes sound takes: speech by its length, and
// any sound file the same time.
func soundOf(e *element) time.Duration {
	switch e.name {
	case "Say":
		seconds := (utf8.RuneCountInString(e.allText()) + charactersPerSecond - 1) / charactersPerSecond
		return e.repeated(time.Duration(seconds) * time.Second)
	case "Play":
		if e.text == "" { // it plays the tones of digits
			return e.repeated(time.Second)
		}
		return e.repeated(soundTime)
	case "Pause":
		return e.seconds("length", 1)
	}
	return 0
}

// repeated is how long a sound takes that is made as often as loop says. Without
// an end it is made for as long as anybody listens.
func (e *element) repeated(once time.Duration) time.Duration {
	n := e.number("loop", 1)
	if n == 0 {
		return maxTalk
	}
	return min(maxTalk, once*time.Duration(min(n, maxLoops)))
}

// maxLoops keeps a product of durations from overflowing.
const maxLoops = 1000

// allText is the text of an element and of the elements in it.
func (e *element) allText() string {
	texts := []string{e.text}
	for _, child := range e.children {
		texts = append(texts, child.allText())
	}
	return strings.Join(texts, "")
}

// seconds is an attribute with a number of seconds.
func (e *element) seconds(name string, missing int) time.Duration {
	return time.Duration(e.number(name, missing)) * time.Second
}

// number is an attribute with a whole number of at least 0.
func (e *element) number(name string, missing int) int {
	n, err := strconv.Atoi(e.attr(name))
	if err != nil || n < 0 {
		return missing
	}
	return min(n, maxNumber)
}

// maxNumber is more than any attribute may have: a week, in seconds.
const maxNumber = 7 * 24 * 60 * 60

// flag is an attribute that is true or false.
func (e *element) flag(name string, missing bool) bool {
	value, err := strconv.ParseBool(e.attr(name))
	if err != nil {
		return missing
	}
	return value
}

// makeSound obeys Say, Play and Pause.
func (s *state) makeSound(c *call, e *element) bool { return s.waitAndStep(c, soundOf(e)) }

// hangUp obeys Hangup.
func (s *state) hangUp(c *call, _ *element) bool {
	s.endCall(c, "completed", s.now())
	return true
}

// rejectLate obeys Reject, which can't reject a call that was answered.
func (s *state) rejectLate(c *call, e *element) bool {
	s.log(&c.script.exchange, 12200, logWarning, "Schema validation warning: Reject has to be the first verb")
	return s.hangUp(c, e)
}

// reject ends an incoming call that was not answered, which costs nothing.
func (s *state) reject(c *call, e *element) {
	status := "no-answer"
	if e.attr("reason") == "busy" {
		status = "busy"
	}
	s.endCall(c, status, s.now())
}

// redirectTo obeys Redirect.
func (s *state) redirectTo(c *call, e *element) bool {
	s.consult(c, hook{c.script.resolve(e.text), e.method("method")}, nil)
	return true
}

// sendFromCall obeys Sms, which sends a message during a call.
func (s *state) sendFromCall(c *call, e *element) bool {
	ours, theirs := c.To, c.From
	if c.Direction != "inbound" {
		ours, theirs = theirs, ours
	}
	m := &message{
		To: normalize(cmp.Or(e.attr("to"), theirs)), From: nullString(normalize(cmp.Or(e.attr("from"), ours))), Body: e.text,
		Status: "queued", Direction: "outbound-call", NumSegments: countSegments(e.text),
		status: postTo(c.script.resolve(e.attr("statusCallback"))),
	}
	switch {
	case !isRecipient(m.To):
		s.log(&c.script.exchange, 14101, logWarning, "The Sms's 'to' is not valid")
	case m.Body == "":
		s.log(&c.script.exchange, 14103, logWarning, "The Sms has no body")
	case !s.operates(c.account):
	case s.optedOut(m):
		s.log(&c.script.exchange, unsubscribed, logError, messageErrors[unsubscribed])
	default:
		s.addMessage(c.account, m)
	}
	if action := e.attr("action"); action != "" {
		s.consult(c, hook{c.script.resolve(action), e.method("method")}, pairs{{"SmsSid", m.SID}, {"SmsStatus", m.Status}})
		return true
	}
	return false
}

// stay obeys a verb that the fake has no other end for than that of the call,
// such as Connect.
func (s *state) stay(c *call, _ *element) bool {
	c.script.turn++
	return true
}

// pass obeys a verb that has no effect in the fake, such as Start.
func (s *state) pass(*call, *element) bool { return false }
