package twiliotest

import "cmp"

// dialConference obeys Dial with a Conference: the call is a participant until it
// hangs up, the conference ends or it is taken out.
func (s *state) dialConference(c *call, e, noun *element) {
	sc := c.script
	conf, live := s.conferences[conferenceName{c.AccountSID, noun.text}]
	if !live {
		conf = &conference{
			FriendlyName: noun.text, maxParticipants: noun.number("maxParticipants", maxParticipants),
			report: noun.subscription(&sc.exchange, "statusCallback"),
		}
	}
	p := &participant{
		StartOnEnter: noun.flag("startConferenceOnEnter", true), EndOnExit: noun.flag("endConferenceOnExit", false),
		Muted: noun.flag("muted", false), Label: nullString(noun.attr("participantLabel")),
	}
	coached := noun.attr("coach")
	p.Coaching, p.CallSIDToCoach = coached != "", nullString(coached)
	_, taken := conf.byCallOrLabel(string(p.Label))
	var code int
	switch {
	case live && conf.participants.len() >= conf.maxParticipants:
		code = 16020
	case !validLabel(string(p.Label)):
		code = 16023
	case taken && p.Label != "":
		code = 16025
	}
	if code != 0 {
		s.log(&sc.exchange, code, logError, problems[code].message)
		s.endDial(c, e, pairs{{"DialCallStatus", "failed"}})
		return
	}
	if !live {
		s.addConference(c.account, conf)
	}
	sc.turn++
	sc.resume = func() { s.endDial(c, e, pairs{{"DialCallStatus", "answered"}, {"DialBridged", "true"}}) }
	if mode := cmp.Or(noun.attr("record"), e.attr("record")); mode == "record-from-start" || mode == "true" {
		p.toRecord = &recording{Source: "Conference", CallSID: nullString(c.SID), report: noun.subscription(&sc.exchange, "recordingStatusCallback")}
	}
	s.addParticipant(conf, p, c)
	if wait := noun.attr("waitUrl"); wait != "" && conf.Status == "init" {
		s.tell(c, hook{sc.resolve(wait), noun.method("waitMethod")}, nil)
	}
}
