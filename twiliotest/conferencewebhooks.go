package twiliotest

import (
	"slices"
	"strconv"
	"time"
)

// conferenceEvents are the events of a conference, by what a callback selects.
var conferenceEvents = map[string]string{
	"conference-start": "start", "conference-end": "end", "participant-join": "join", "participant-leave": "leave",
	"participant-mute": "mute", "participant-unmute": "mute", "participant-hold": "hold", "participant-unhold": "hold",
	"participant-modify": "modify", "announcement-end": "announcement", "announcement-fail": "announcement",
}

// Why a participant left.
const (
	hungUp          = "participant_hung_up"
	updatedViaAPI   = "participant_updated_via_api"
	addFailed       = "participant_add_failed"
	moderatorEnded  = "moderator_ended_conference"
	leftByEndViaAPI = "conference_ended_via_api"
)

// reportConference tells the status callback of an event, with those of the
// participant if it is about one.
func (s *state) reportConference(c *conference, event string, p *participant, extra pairs) {
	if !c.report.wants(conferenceEvents[event], "start", "end") {
		return
	}
	c.sequence++
	params := pairs{
		{"ConferenceSid", c.SID}, {"FriendlyName", c.FriendlyName}, {"AccountSid", c.AccountSID},
		{"SequenceNumber", strconv.Itoa(c.sequence)}, {"Timestamp", s.now().Format(time.RFC1123Z)},
		{"StatusCallbackEvent", event},
	}
	if p != nil {
		params = slices.Concat(params,
			pairs{{"CallSid", p.call.SID}}, optional("ParticipantLabel", string(p.Label)),
			pairs{
				{"Muted", strconv.FormatBool(p.Muted)}, {"Hold", strconv.FormatBool(p.Hold)}, {"Coaching", strconv.FormatBool(p.Coaching)},
				{"StartConferenceOnEnter", strconv.FormatBool(p.StartOnEnter)}, {"EndConferenceOnExit", strconv.FormatBool(p.EndOnExit)},
			})
	}
	a, ok := s.accounts.get(c.AccountSID)
	if !ok {
		return // it was deleted
	}
	s.send(a, WebhookConference, c.SID, c.report.hook, append(params, extra...))
}

// reportLeave tells that a participant has left, and why.
func (s *state) reportLeave(c *conference, p *participant, reason string) {
	s.reportConference(c, "participant-leave", p, pairs{
		{"ParticipantCallStatus", p.call.Status}, {"ReasonParticipantLeft", reason},
	})
}

// reportEnd tells that a conference has ended.
func (s *state) reportEnd(c *conference, ending *participant) {
	var p pairs
	if ending != nil {
		p = append(pairs{{"CallSidEndingConference", ending.call.SID}}, optional("ParticipantLabelEndingConference", string(ending.Label))...)
	}
	reason := string(c.ReasonConferenceEnded)
	s.reportConference(c, "conference-end", nil, append(p, pairs{{"Reason", reason}, {"ReasonConferenceEnded", reason}}...))
}

// reportChanges tells how a participant differs from what it was.
func (s *state) reportChanges(p *participant, was participant) {
	c := p.conference
	either := func(changed, now bool, yes, no string) {
		switch {
		case changed && now:
			s.reportConference(c, yes, p, nil)
		case changed:
			s.reportConference(c, no, p, nil)
		}
	}
	either(p.Muted != was.Muted, p.Muted, "participant-mute", "participant-unmute")
	either(p.Hold != was.Hold, p.Hold, "participant-hold", "participant-unhold")
	if p.EndOnExit != was.EndOnExit || p.Coaching != was.Coaching || p.CallSIDToCoach != was.CallSIDToCoach {
		s.reportConference(c, "participant-modify", p, nil)
	}
}

// announce asks a URL what to announce, to one participant or to all.
func (s *state) announce(c *conference, p *participant, to hook) {
	a, ok := s.accounts.get(c.AccountSID)
	if !ok || to.url == "" {
		return
	}
	params := pairs{{"ConferenceSid", c.SID}, {"FriendlyName", c.FriendlyName}, {"AccountSid", c.AccountSID}}
	if p != nil {
		params = append(params, [2]string{"CallSid", p.call.SID})
	}
	d := s.send(a, WebhookCall, c.SID, to, params)
	d.then = func(_ time.Time, d *delivery) {
		about := pairs{{"AnnounceUrl", d.URL}}
		if d.failed() {
			s.debug(d, d.ErrorCode, logError, d.Error)
			s.reportConference(c, "announcement-fail", p, append(about, [2]string{"ReasonAnnouncementFailed", d.Error}))
			return
		}
		s.reportConference(c, "announcement-end", p, about)
	}
}
