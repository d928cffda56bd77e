package consumer

import (
	"context"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

type unlimited struct{}

func (unlimited) Wait(context.Context) error { return nil }

func TestClients(t *testing.T) {
	t.Parallel()
	if err := Clients("AC1", "token", "SK1", "secret", "AC2", unlimited{}); err != nil {
		t.Error(err)
	}
}

func TestStory(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewServer()
	defer srv.Close()
	srv.Advance(time.Minute)
	if err := Story(t.Context(), srv.Client(), srv.Now().AddDate(0, 0, -1), srv.Now().AddDate(0, 0, 1)); err != nil {
		t.Error(err)
	}
	acct, err := srv.Client().Accounts.Get(t.Context(), srv.AccountSID)
	if err != nil {
		t.Fatal(err)
	}
	if err := Untyped(t.Context(), srv.Client(), acct); err != nil {
		t.Error(err)
	}
}

func TestClass(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewServer()
	defer srv.Close()
	client := srv.Client()
	srv.Inject(twiliotest.Fault{Method: "POST", Path: "/Messages.json", Reset: twiliotest.ResetAfter})
	_, err := client.Messages.Create(t.Context(), twilio.MessageCreateParams{From: "+14158141829", To: "+16518675310", Body: "x"})
	if got := Class(err); got != "look before you repeat it" {
		t.Errorf("a lost answer is %q", got)
	}
	if _, err = client.Calls.Get(t.Context(), "CA404"); Class(err) != "not found" {
		t.Errorf("an unknown SID is %q", Class(err))
	}
}
