package twiliotest

import (
	"strings"
	"time"
)

// speechTime is how long the other side speaks to a Record.
const speechTime = 5 * time.Second

// record obeys Record: it records for as long as the other side speaks, until a
// key is pressed or the call ends.
func (s *state) record(c *call, e *element) bool {
	sc := c.script
	r := &recording{Source: "RecordVerb", report: e.subscription(&sc.exchange, "recordingStatusCallback")}
	s.recordCall(c, r, s.now())
	end := func(key string) {
		sc.abandon = nil
		s.stopRecording(r, s.now())
		s.transcribeRecord(c, r, e)
		result := append(r.resultParams(), optional("Digits", key)...)
		if c.finished() { // what the action says comes too late
			s.tell(c, hook{sc.resolve(e.attr("action")), e.method("method")}, result)
			return
		}
		s.act(c, e, result)
	}
	sc.abandon = func() { end("hangup") }
	s.wait(c, min(speechTime, e.seconds("maxLength", 3600)), func() { end("") })
	finish, named := e.attrs["finishOnKey"]
	if !named {
		finish = keys
	}
	sc.heard = func() {
		for sc.keys != "" {
			key := sc.keys[:1]
			sc.keys = sc.keys[1:]
			if strings.Contains(finish, key) {
				end(key)
				return
			}
		}
	}
	return true
}

// transcribeRecord makes the text of a recording, if the verb asks for it.
func (s *state) transcribeRecord(c *call, r *recording, e *element) {
	callback := c.script.resolve(e.attr("transcribeCallback"))
	if callback == "" && !e.flag("transcribe", false) {
		return
	}
	t := &transcription{RecordingSID: r.SID, Duration: intString(r.heard / time.Second)}
	s.addTranscription(c.account, t)
	s.after(s.now(), transcribingTime, func(time.Time) {
		s.send(c.account, WebhookTranscription, t.SID, postTo(callback), append(c.params(), pairs{
			{"TranscriptionSid", t.SID}, {"TranscriptionText", string(t.Text)}, {"TranscriptionStatus", t.Status},
			{"TranscriptionUrl", apiOrigin + root + "/Accounts/" + t.AccountSID + "/Transcriptions/" + t.SID},
			{"RecordingSid", r.SID}, {"RecordingUrl", apiOrigin + r.path()},
		}...))
	})
}
