package twiliotest_test

import (
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// What the callback of a call's status says, for each way in which a call ends.
func TestCallStatusCallbacks(t *testing.T) {
	t.Parallel()
	cancel := func(after time.Duration, status string) func(*line, *twilio.Call) {
		return func(l *line, c *twilio.Call) {
			l.srv.Advance(after)
			if _, err := l.client.Calls.Update(l.Context(), c.SID, twilio.CallUpdateParams{Status: new(twilio.CallStatus(status))}); err != nil {
				l.Fatal(err)
			}
		}
	}
	nothing := func(*line, *twilio.Call) {}
	for _, test := range []struct {
		name    string
		outcome twiliotest.Outcome
		then    func(*line, *twilio.Call)

		statuses, sequence, seconds, minutes, sip string
	}{
		{
			"answered", twiliotest.Outcome{HangUpAfter: 61 * time.Second}, nothing,
			"[initiated ringing in-progress completed]", "[0 1 2 3]", "[   61]", "[   2]", "[   200]",
		},
		{
			"busy", twiliotest.Outcome{CallStatus: "busy"}, nothing,
			"[initiated ringing busy]", "[0 1 2]", "[  0]", "[  0]", "[  486]",
		},
		{
			"no answer", twiliotest.Outcome{CallStatus: "no-answer"}, nothing,
			"[initiated ringing no-answer]", "[0 1 2]", "[  0]", "[  0]", "[  ]",
		},
		{"failed", twiliotest.Outcome{CallStatus: "failed"}, nothing, "[failed]", "[0]", "[0]", "[0]", "[]"},
		{"canceled while queued", twiliotest.Outcome{}, cancel(0, "canceled"), "[]", "[]", "[]", "[]", "[]"},
		{
			"canceled while ringing", twiliotest.Outcome{}, cancel(2*time.Second, "canceled"),
			"[initiated ringing canceled]", "[0 1 2]", "[  0]", "[  0]", "[  ]",
		},
		{
			"ended over the API", twiliotest.Outcome{}, cancel(15*time.Second, "completed"),
			"[initiated ringing in-progress completed]", "[0 1 2 3]", "[   10]", "[   1]", "[   200]",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := newLine(t)
			test.outcome.To = theirs
			l.srv.SetOutcome(test.outcome)
			c := l.call(`<Response><Pause length="90"/></Response>`)
			test.then(l, c)
			l.srv.Advance(10 * time.Minute)
			for name, want := range map[string]string{
				"CallStatus": test.statuses, "SequenceNumber": test.sequence, "CallDuration": test.seconds,
				"Duration": test.minutes, "SipResponseCode": test.sip,
			} {
				l.wants(name, l.values("/progress", name), want)
			}
		})
	}
}

// Without StatusCallbackEvent, and for a phone number, only the end is told.
func TestOnlyTheEndOfACallIsToldByDefault(t *testing.T) {
	t.Parallel()
	for _, rules := range []twiliotest.WebhookRules{{}, {SecondsOnly: true}} {
		l := newLine(t, twiliotest.WithWebhookRules(rules))
		l.call(`<Response><Pause length="9"/></Response>`, func(p *twilio.CallCreateParams) { p.StatusCallbackEvent = nil })
		l.srv.Advance(time.Minute)
		l.wants("statuses", l.values("/progress", "CallStatus"), "[completed]")
		l.wants("minutes", l.values("/progress", "Duration"), "[1]")
		l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
		l.srv.Advance(time.Minute)
		l.wants("statuses", l.values("/ended", "CallStatus"), "[completed]")
		l.wants("seconds", l.values("/ended", "CallDuration"), "[9]")
		l.wants("SIP", l.values("/ended", "SipResponseCode"), "[]")
		if rules.SecondsOnly {
			l.wants("minutes", l.values("/ended", "Duration"), "[]")
		} else {
			l.wants("minutes", l.values("/ended", "Duration"), "[1]")
		}
	}
}

// An application's URLs are in place of those of the call, which Twilio ignores.
func TestTheApplicationOfACallIsTold(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.on("/app", `<Response><Pause length="9"/></Response>`)
	app, err := l.client.Applications.Create(t.Context(), twilio.ApplicationCreateParams{
		VoiceURL: "https://example.com/app", StatusCallback: "https://example.com/told",
	})
	if err != nil {
		t.Fatal(err)
	}
	l.call("", func(p *twilio.CallCreateParams) { p.URL, p.ApplicationSID = "", app.SID })
	l.srv.Advance(time.Minute)
	l.wants("the application's", l.values("/told", "CallStatus"), "[completed]")
	l.wants("the call's own", l.values("/progress", "CallStatus"), "[]")
}
