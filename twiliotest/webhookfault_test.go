package twiliotest_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestWebhookFaults(t *testing.T) {
	t.Parallel()
	const status = twiliotest.WebhookMessageStatus
	for _, test := range []struct {
		name     string
		faults   []twiliotest.WebhookFault
		arrived  string // statuses
		attempts string // of the deliveries
	}{
		{"none", nil, "[sent delivered]", "[1 1]"},
		{"lost", []twiliotest.WebhookFault{{Kind: status, Lost: true}}, "[delivered]", "[0 1]"},
		{"late", []twiliotest.WebhookFault{{Kind: status, Delay: 5 * time.Second}}, "[delivered sent]", "[1 1]"},
		{"twice", []twiliotest.WebhookFault{{URL: "/stat*s", Twice: true, Times: -1}}, "[sent sent delivered delivered]", "[1 1 1 1]"},
		{"second lost", []twiliotest.WebhookFault{{Skip: 1, Lost: true}}, "[sent]", "[1 0]"},
		{"no connection", []twiliotest.WebhookFault{{Reset: twiliotest.ResetBefore}}, "[delivered]", "[2 1]"},
		{"no response", []twiliotest.WebhookFault{{Reset: twiliotest.ResetAfter}}, "[sent delivered]", "[1 1]"},
		{"another kind", []twiliotest.WebhookFault{{Kind: twiliotest.WebhookCall, Lost: true}}, "[sent delivered]", "[1 1]"},
		{"another URL", []twiliotest.WebhookFault{{URL: "/other", Lost: true}}, "[sent delivered]", "[1 1]"},
	} {
		h := new(receiver)
		srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(h))
		srv.InjectWebhook(test.faults...)
		if _, err := srv.Client().Messages.Create(t.Context(), twilio.MessageCreateParams{
			From: ours, To: theirs, Body: "Ahoy", StatusCallback: "https://example.com/status",
		}); err != nil {
			t.Fatal(err)
		}
		srv.Advance(time.Minute)
		if got := fmt.Sprint(h.values("/status", "MessageStatus")); got != test.arrived {
			t.Errorf("%s: %s arrived, want %s", test.name, got, test.arrived)
		}
		var attempts []int
		ids := make(map[string]bool)
		for _, d := range srv.Deliveries() {
			attempts = append(attempts, d.Attempts)
			ids[d.ID] = true
		}
		if fmt.Sprint(attempts) != test.attempts || len(ids) != 2 {
			t.Errorf("%s: attempts %v, want %s; %d tokens", test.name, attempts, test.attempts, len(ids))
		}
	}
}

func TestWebhookFaultsAtRandom(t *testing.T) {
	t.Parallel()
	h := new(receiver)
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(h))
	srv.InjectWebhook(twiliotest.WebhookFault{Rate: 0.5, Times: -1, Lost: true})
	send := func() {
		for range 100 {
			if _, err := srv.Client().Messages.Create(t.Context(), twilio.MessageCreateParams{
				From: ours, To: theirs, Body: "Ahoy", StatusCallback: "https://example.com/status",
			}); err != nil {
				t.Fatal(err)
			}
		}
		srv.Advance(time.Minute)
	}
	send()
	if n := len(h.values("/status", "MessageSid")); n < 60 || n > 140 {
		t.Errorf("%d of 200 arrived", n)
	}
	srv.ClearWebhookFaults()
	h.got = nil
	send()
	if n := len(h.values("/status", "MessageSid")); n != 200 {
		t.Errorf("%d of 200 arrived without faults", n)
	}
}

func TestWebhookFaultsAreChecked(t *testing.T) {
	t.Parallel()
	for field, fault := range map[string]twiliotest.WebhookFault{
		"Skip": {Skip: -1}, "Times": {Times: -2}, "Rate": {Rate: math.NaN()}, "Delay": {Delay: -1}, "Reset": {Reset: 3},
	} {
		if err := fault.Validate(); err == nil || !strings.Contains(err.Error(), "WebhookFault."+field+" ") {
			t.Errorf("%s: %v", field, err)
		}
	}
	for field, outcome := range map[string]twiliotest.Outcome{
		"To": {}, "MessageStatus": {To: theirs, MessageStatus: "queued"}, "ErrorCode": {To: theirs, ErrorCode: 30003},
		"CallStatus": {To: theirs, CallStatus: "ringing"}, "HangUpAfter": {To: theirs, HangUpAfter: -1}, "Digits": {To: theirs, Digits: "A"},
	} {
		if err := outcome.Validate(); err == nil || !strings.Contains(err.Error(), "Outcome."+field+" ") {
			t.Errorf("%s: %v", field, err)
		}
	}
	panics := func(f func()) (text string) {
		defer func() { text = fmt.Sprint(recover()) }()
		f()
		return ""
	}
	srv := twiliotest.NewUnstartedServer()
	texts := []string{
		panics(func() { srv.InjectWebhook(twiliotest.WebhookFault{Skip: -1}) }),
		panics(func() { srv.SetOutcome(twiliotest.Outcome{}) }),
		panics(func() { srv.ReceiveMessage(twiliotest.InboundMessage{From: theirs, To: ours}) }),
		panics(func() { srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours}) }),
		panics(func() {
			srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours, AccountSID: srv.AccountSID, Digits: "x"})
		}),
		panics(func() { srv.SetDebugger(srv.AccountSID, "nowhere") }),
	}
	if i := slices.IndexFunc(texts, func(text string) bool { return !strings.HasPrefix(text, "twiliotest: ") }); i >= 0 {
		t.Errorf("%d: %q", i, texts[i])
	}
}
