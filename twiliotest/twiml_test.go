package twiliotest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Whatever a document says, Advance comes to an end, with the call's and in
// bounded time, and what is wrong with it is logged.
func TestHostileTwiML(t *testing.T) {
	t.Parallel()
	response := func(verbs string) string { return "<Response>" + verbs + "</Response>" }
	for _, test := range []struct{ name, twiml, codes string }{
		{"deep", response(strings.Repeat("<a>", 9000) + strings.Repeat("</a>", 9000)), "[12200]"},
		{"deep text", response(strings.Repeat("<Say>", 5000) + "Hi" + strings.Repeat("</Say>", 5000)), "[]"},
		{"entities", `<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>` + response("<Say>&b;</Say>"), "[12100]"},
		{"an external document", `<!DOCTYPE r SYSTEM "file:///etc/passwd">` + response("<Say>Hi</Say>"), "[]"},
		{"many unknown verbs", response(strings.Repeat("<a/>", 10_000)), "[12200]"},
		{"many Dials", response(strings.Repeat("<Dial>x</Dial>", 4000)), "[13223]"},
		{"many Leaves", response(strings.Repeat("<Leave/>", 7000)), "[]"},
		{"many Gathers", response(strings.Repeat(`<Gather timeout="0"/>`, 3000)), "[]"},
		{"many Numbers", response("<Dial>" + strings.Repeat("<Number>+16518675310</Number>", 2000) + "</Dial>"), "[]"},
		{"a huge attribute", response(`<Say voice="` + strings.Repeat("a", 60_000) + `">Hi</Say>`), "[]"},
		{"many attributes", response("<Say " + strings.Repeat(`a="1" `, 9000) + "/>"), "[]"},
		{"numbers without a bound", response(`<Say loop="99999999999999999999">Hi</Say><Pause length="99999999999"/><Play loop="0"/>`), "[]"},
		{"numbers that are none", response(`<Pause length="-1"/><Dial timeout="1e9" timeLimit="x">+16518675310</Dial>`), "[]"},
		{"a zero byte", response("<Say>\x00</Say>"), "[12100]"},
		{"Redirect to itself", response(`<Redirect>/voice</Redirect>`), "[11215]"},
		{"Redirect after nothing", response(`<Pause length="0"/><Redirect>/voice</Redirect>`), "[11215]"},
		{"Redirect after a pause", response(`<Pause/><Redirect>/voice</Redirect>`), "[]"},
		{"Gather to itself", response(`<Gather timeout="0" action="/voice" actionOnEmptyResult="true"/>`), "[11215]"},
		{"Record to itself", response(`<Record maxLength="0"/>`), "[11215]"},
		{"Dial to itself", response(`<Dial action="/voice">x</Dial>`), "[11215 13223]"},
		{"Dial of its own number", response(`<Dial timeout="1"><Number url="/voice">` + ours + `</Number></Dial>`), "[]"},
		{"Enqueue while it waits", response(`<Enqueue waitUrl="/voice">q</Enqueue>`), "[11215]"},
		{"Enqueue to itself", response(`<Enqueue waitUrl="/leave" action="/voice">q</Enqueue>`), "[11215]"},
		{"Sms to itself", response(`<Sms action="/voice">Hi</Sms>`), "[11215]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := newLine(t)
			l.on("/leave", `<Response><Leave/></Response>`)
			c := l.call(test.twiml)
			l.srv.Advance(5 * time.Hour)
			l.wants("status", l.get(c.SID).Status, twilio.CallStatusCompleted)
			codes := l.codes()
			slices.Sort(codes)
			l.wants("codes", fmt.Sprint(slices.Compact(codes)), test.codes)
		})
	}
}
