package twiliotest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// params are the parameters of every webhook about a call.
func (c *call) params() pairs {
	from, to := placeOf(c.From), placeOf(c.To)
	status := c.Status
	p := pairs{
		{"Called", c.To}, {"ToState", to.region}, {"CallerCountry", from.country}, {"Direction", c.Direction},
		{"CallerState", from.region}, {"ToZip", to.zip}, {"CallSid", c.SID}, {"To", c.To}, {"CallerZip", from.zip},
		{"ToCountry", to.country}, {"ApiVersion", c.APIVersion}, {"CalledZip", to.zip}, {"CalledCity", to.city},
		{"CallStatus", status}, {"From", c.From}, {"AccountSid", c.AccountSID}, {"CalledCountry", to.country},
		{"CallerCity", from.city}, {"Caller", c.From}, {"FromCountry", from.country}, {"ToCity", to.city},
		{"FromCity", from.city}, {"CalledState", to.region}, {"FromZip", from.zip}, {"FromState", from.region},
	}
	var application string
	if c.script != nil {
		application = c.script.applicationSID
	}
	return slices.Concat(p,
		optional("ParentCallSid", string(c.ParentCallSID)),
		optional("ForwardedFrom", string(c.ForwardedFrom)),
		optional("CallerName", string(c.CallerName)),
		optional("AnsweredBy", string(c.AnsweredBy)),
		optional("ApplicationSid", application),
	)
}

// reportCall tells the status callback of an event: initiated, ringing, answered
// or completed.
func (s *state) reportCall(c *call, event string) {
	if c.script == nil || !c.script.progress.wants(event, "completed") {
		return
	}
	sc, p := c.script, c.params()
	if event == "initiated" {
		i := slices.Index(p, [2]string{"CallStatus", c.Status})
		p[i][1] = event
	}
	if event == "completed" {
		p = append(p, s.endParams(c)...)
	}
	p = append(p, pairs{
		{"Timestamp", s.now().Format(time.RFC1123Z)}, {"CallbackSource", "call-progress-events"},
		{"SequenceNumber", strconv.Itoa(sc.sequence)},
	}...)
	sc.sequence++
	slices.SortStableFunc(p, func(a, b [2]string) int { return cmp.Compare(statusPlace(a[0]), statusPlace(b[0])) })
	s.send(c.account, WebhookCallStatus, c.SID, sc.progress.hook, p)
}

// statusParams is the order in which Twilio has been seen to send the parameters
// of a call's status, which isn't that of a request for TwiML.
var statusParams = []string{
	"Called", "ToState", "CallerCountry", "Direction", "Timestamp", "CallbackSource", "SipResponseCode", "CallerState", "ToZip",
	"SequenceNumber", "To", "CallSid", "ToCountry", "CallerZip", "CalledZip", "ApiVersion", "CallStatus", "CalledCity", "Duration",
	"From", "CallDuration", "AccountSid", "CalledCountry", "CallerCity", "ToCity", "FromCountry", "Caller", "FromCity",
	"CalledState", "FromZip", "AnsweredBy", "FromState",
}

// statusPlace is the place of a parameter among those of a call's status. Those
// that no example has come last.
func statusPlace(name string) int {
	if i := slices.Index(statusParams, name); i >= 0 {
		return i
	}
	return len(statusParams)
}

// endParams are those of a call that has ended. Duration is in minutes, and
// CallDuration in seconds.
func (s *state) endParams(c *call) pairs {
	p := pairs{{"CallDuration", strconv.Itoa(int(c.Duration))}}
	if !(c.Direction == "inbound" && s.webhookRules.SecondsOnly) {
		minutes := (int(c.Duration) + 59) / 60
		p = append(pairs{{"Duration", strconv.Itoa(minutes)}}, p...)
	}
	switch {
	case c.Direction == "inbound": // Twilio is the one who responds
	case c.answered:
		p = append(p, [2]string{"SipResponseCode", "200"})
	case c.Status == "busy":
		p = append(p, [2]string{"SipResponseCode", "486"})
	}
	if i := slices.IndexFunc(c.recordings, func(r *recording) bool { return r.Source == "OutboundAPI" }); i >= 0 {
		r := c.recordings[i]
		p = append(p, pairs{
			{"RecordingUrl", apiOrigin + r.path()}, {"RecordingSid", r.SID},
			{"RecordingDuration", strconv.Itoa(int(r.heard / time.Second))},
		}...)
	}
	return p
}

// reportMachine tells who answered a call that detects machines while it goes on.
func (s *state) reportMachine(c *call) {
	s.send(c.account, WebhookMachine, c.SID, c.script.machine, pairs{
		{"CallSid", c.SID}, {"AccountSid", c.AccountSID}, {"AnsweredBy", c.answeredBy(s)},
		{"MachineDetectionDuration", strconv.Itoa(int(machineDetectionTime.Milliseconds()))},
	})
}

// machineDetectionTime is how long it takes to detect a machine.
const machineDetectionTime = 3 * time.Second

// readHooks reads the parameters of a call that say what it does and who is
// told.
func (rq *request) readHooks(c *call, p *params) {
	sc := newScript(c)
	sc.progress = p.subscription("StatusCallback")
	sc.first, sc.twiml = hook{p.Get("Url"), p.Get("Method")}, p.Get("Twiml")
	sc.fallback = hook{p.Get("FallbackUrl"), p.Get("FallbackMethod")}
	if app, ok := resourcesOf[*application](rq.account).get(p.Get("ApplicationSid")); ok {
		sc.useApplication(app)
	}
	if p.Get("MachineDetection") != "" {
		sc.detects = true
		if async := p.bool("AsyncAmd"); async != nil && *async {
			sc.machine = hook{p.Get("AsyncAmdStatusCallback"), p.Get("AsyncAmdStatusCallbackMethod")}
			sc.async = true
		}
	}
	sc.ringFor = time.Duration(p.int("Timeout", int(defaultRing/time.Second))) * time.Second
	c.script = sc
}

// updateHooks reads the same parameters of an update.
func (rq *request) updateHooks(c *call, p *params) {
	if p.Get("StatusCallback") != "" {
		rq.scriptOf(c).progress = p.subscription("StatusCallback")
	}
	if p.Get("FallbackUrl") != "" {
		rq.scriptOf(c).fallback = hook{p.Get("FallbackUrl"), p.Get("FallbackMethod")}
	}
}

// useApplication makes an application's URLs those of the call, in place of its
// own.
func (sc *script) useApplication(app *application) {
	sc.applicationSID = app.SID
	sc.first = hook{string(app.VoiceURL), app.VoiceMethod}
	sc.fallback = hook{string(app.VoiceFallbackURL), app.VoiceFallbackMethod}
	sc.progress = subscription{hook: hook{string(app.StatusCallback), app.StatusCallbackMethod}}
}

// useNumber makes the URLs of a phone number, or of its application, those of an
// incoming call.
func (sc *script) useNumber(n *number) {
	if n == nil {
		return
	}
	if app, ok := resourcesOf[*application](sc.account).get(n.VoiceApplicationSID); ok {
		sc.useApplication(app)
		return
	}
	sc.first = hook{string(n.VoiceURL), n.VoiceMethod}
	sc.fallback = hook{string(n.VoiceFallbackURL), n.VoiceFallbackMethod}
	sc.progress = subscription{hook: hook{n.StatusCallback, n.StatusCallbackMethod}}
}

// postTo is a hook that is called by POST.
func postTo(url string) hook { return hook{url, http.MethodPost} }
