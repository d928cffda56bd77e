package twilio_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

var alert = twilio.UsageTriggerCreateParams{
	FriendlyName: "alert", UsageCategory: twilio.UsageCategoryTotalPrice, TriggerBy: twilio.UsageTriggerFieldPrice,
	TriggerValue: "50", Recurring: twilio.UsageTriggerRecurringMonthly, CallbackURL: "https://example.com/alert",
}

// Triggers as Twilio's page on them shows them, in the forms that were seen.
const (
	listedTrigger = `{"sid":"UT1","friendly_name":"alert","usage_category":"totalprice","trigger_by":"price","recurring":"monthly",` +
		`"trigger_value":"50.000000","current_value":"12.5","callback_url":"https://example.com/alert","callback_method":"POST"}`
	unnamedTrigger = `{"sid":"UT2","friendly_name":"Trigger for sms at usage of 1000","usage_category":"sms","trigger_by":"usage","recurring":null,` +
		`"trigger_value":"1000.000000","callback_url":"https://example.com/sms","callback_method":"POST"}`
	otherTrigger = `{"sid":"UT3","friendly_name":"ALERT","usage_category":"calls","trigger_by":"count","recurring":"daily",` +
		`"trigger_value":100,"callback_url":"https://example.com/alert","callback_method":"GET"}`
)

func triggerList(triggers ...string) string {
	return `{"usage_triggers":[` + strings.Join(triggers, ",") + `],"next_page_uri":null,"page":0,"page_size":50}`
}

func TestEnsureTriggerFindsAndUpdates(t *testing.T) {
	t.Parallel()
	unnamed := twilio.UsageTriggerCreateParams{UsageCategory: twilio.UsageCategorySMS, TriggerValue: "1e3", CallbackURL: "https://example.com/sms"}
	for _, tt := range []struct {
		name   string
		params twilio.UsageTriggerCreateParams
		change func(*twilio.UsageTriggerCreateParams)
		want   string // the SID
		sent   string // the form of the update
	}{
		{name: "by name", params: alert, want: "UT1"},
		{name: "another form of the value", params: alert, change: func(p *twilio.UsageTriggerCreateParams) { p.TriggerValue = "50.00" }, want: "UT1"},
		{name: "an offset isn't compared", params: alert, change: func(p *twilio.UsageTriggerCreateParams) { p.TriggerValue = "+30" }, want: "UT1"},
		{name: "by what it watches", params: unnamed, want: "UT2"},
		{name: "by what it watches, said in full", params: unnamed, change: func(p *twilio.UsageTriggerCreateParams) {
			p.TriggerBy, p.Recurring = twilio.UsageTriggerFieldUsage, twilio.UsageTriggerRecurringAllTime
		}, want: "UT2"},
		{name: "another URL", params: alert, change: func(p *twilio.UsageTriggerCreateParams) { p.CallbackURL = "https://example.com/new" },
			want: "UT1", sent: "CallbackUrl=https%3A%2F%2Fexample.com%2Fnew"},
		{name: "another method", params: alert, change: func(p *twilio.UsageTriggerCreateParams) { p.CallbackMethod = "GET" },
			want: "UT1", sent: "CallbackMethod=GET"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.change != nil {
				tt.change(&tt.params)
			}
			steps := []step{respond(200, triggerList(otherTrigger, unnamedTrigger, listedTrigger))}
			if tt.sent != "" {
				steps = append(steps, respond(200, listedTrigger))
			}
			s := newScript(t, steps...)
			trigger, created, err := newClient(t, s).Usage.Triggers.Ensure(t.Context(), tt.params)
			if err != nil || created || trigger.SID != tt.want {
				t.Fatalf("%+v, created %t, %v", trigger, created, err)
			}
			if tt.sent != "" {
				if sent := s.sent[1]; sent.Method != http.MethodPost || sent.Form.Encode() != tt.sent || !strings.HasSuffix(sent.Path, "/UT1.json") {
					t.Errorf("sent %s %s %s", sent.Method, sent.Path, sent.Form.Encode())
				}
			}
		})
	}
}

// What a trigger watches can't be changed, and several triggers are no choice.
func TestEnsureTriggerRefusesOtherTriggers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		field, reason string
		listed        []string
		change        func(*twilio.UsageTriggerCreateParams)
	}{
		{"UsageCategory", "UT1", []string{listedTrigger}, func(p *twilio.UsageTriggerCreateParams) { p.UsageCategory = twilio.UsageCategoryCalls }},
		{"TriggerBy", "UT1", []string{listedTrigger}, func(p *twilio.UsageTriggerCreateParams) { p.TriggerBy = "" }},
		{"Recurring", "UT1", []string{listedTrigger}, func(p *twilio.UsageTriggerCreateParams) { p.Recurring = "" }},
		{"TriggerValue", "UT1", []string{listedTrigger}, func(p *twilio.UsageTriggerCreateParams) { p.TriggerValue = "50.01" }},
		{"FriendlyName", "2 triggers is meant (UT1, UT9)", []string{strings.Replace(listedTrigger, "UT1", "UT9", 1), listedTrigger},
			func(*twilio.UsageTriggerCreateParams) {}},
	} {
		t.Run(tt.field, func(t *testing.T) {
			t.Parallel()
			params := alert
			tt.change(&params)
			trigger, created, err := newClient(t, newScript(t, respond(200, triggerList(tt.listed...)))).Usage.Triggers.Ensure(t.Context(), params)
			e, ok := errors.AsType[*twilio.ParamError](err)
			if trigger != nil || created || !ok || e.Field != tt.field || !strings.Contains(e.Reason, tt.reason) || e.Operation != "usage.triggers.ensure" {
				t.Errorf("%+v, created %t, %v", trigger, created, err)
			}
		})
	}
}

func TestEnsureTriggerRefusesParams(t *testing.T) {
	t.Parallel()
	ensure := func(change func(*twilio.UsageTriggerCreateParams), opts ...twilio.RequestOption) func(*customer) error {
		return func(w *customer) error {
			params := alert
			change(&params)
			_, _, err := w.client.Subaccount(acme).Usage.Triggers.Ensure(t.Context(), params, opts...)
			return err
		}
	}
	const operation = "usage.triggers.ensure"
	testRefusals(t, []refusal{
		{name: "no URL", operation: operation, field: "CallbackURL", run: ensure(func(p *twilio.UsageTriggerCreateParams) { p.CallbackURL = "" })},
		{name: "no number", operation: operation, field: "TriggerValue", reason: "decimal",
			run: ensure(func(p *twilio.UsageTriggerCreateParams) { p.TriggerValue = "canary" })},
		{name: "an enormous number", operation: operation, field: "TriggerValue", reason: "decimal",
			run: ensure(func(p *twilio.UsageTriggerCreateParams) { p.TriggerValue = "1e999999999" })},
		{name: "an offset without a name", operation: operation, field: "FriendlyName", reason: "found again",
			run: ensure(func(p *twilio.UsageTriggerCreateParams) { p.TriggerValue, p.FriendlyName = "+30", "" })},
		{name: "a name with a space", operation: operation, field: "FriendlyName", reason: "trim",
			run: ensure(func(p *twilio.UsageTriggerCreateParams) { p.FriendlyName = "canary " })},
		{name: "idempotent", operation: operation, field: "WithIdempotent", reason: "workflow",
			run: ensure(func(*twilio.UsageTriggerCreateParams) {}, twilio.WithIdempotent())},
	})
}

// A response that is lost doesn't lead to a second trigger.
func TestEnsureTriggerLooksAfterAnUnknownOutcome(t *testing.T) {
	t.Parallel()
	s := newScript(t, respond(200, triggerList(otherTrigger)), connReset, respond(200, triggerList(otherTrigger, listedTrigger)))
	trigger, created, err := newClient(t, s).Usage.Triggers.Ensure(t.Context(), alert)
	if err != nil || !created || trigger.SID != "UT1" {
		t.Errorf("%+v, created %t, %v", trigger, created, err)
	}
	s = newScript(t, respond(200, triggerList()), connReset, respond(200, triggerList()))
	trigger, created, err = newClient(t, s).Usage.Triggers.Ensure(t.Context(), alert)
	if !errors.Is(err, twilio.ErrOutcomeUnknown) || created || trigger != nil {
		t.Errorf("%+v, created %t, %v", trigger, created, err)
	}
}

// A value that can't be read is no reason to create another trigger.
func TestEnsureTriggerWithUnreadableTriggers(t *testing.T) {
	t.Parallel()
	s := newScript(t, respond(200, triggerList(strings.Replace(listedTrigger, `"alert"`, `{"a":1}`, 1))))
	trigger, created, err := newClient(t, s).Usage.Triggers.Ensure(t.Context(), alert)
	if err == nil || created || trigger != nil {
		t.Errorf("%+v, created %t, %v", trigger, created, err)
	}
}
