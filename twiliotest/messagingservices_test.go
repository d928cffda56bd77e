package twiliotest_test

import (
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestMessagingServicesMustExist(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sub, _ := a.subaccount("sub")
	service := a.srv.AddMessagingService(a.srv.AccountSID, "+14155550100", "+14155550101")
	send := func(a *api, account, service string) reply {
		return a.post(under(account, "/Messages.json"), "MessagingServiceSid", service, "To", "+16518675310", "Body", "x")
	}
	sent := send(a, a.srv.AccountSID, service).ok()
	wants(t, sent, "status", "accepted", "from", nil)
	a.srv.Advance(time.Minute)
	wants(t, a.get(a.main("/Messages/"+str(sent, "sid")+".json")).ok(), "status", "delivered", "from", "+14155550100")
	send(a, sub, service).fails(400, 21701) // it is another account's
	send(a, a.srv.AccountSID, sid("MG", 1)).fails(400, 21701)
	send(a, a.srv.AccountSID, "MG1").fails(400, 21705)

	lenient := newAPI(t, twiliotest.WithAnyMessagingService())
	send(lenient, lenient.srv.AccountSID, sid("MG", 1)).ok()
}

// Who writes STOP gets no more messages from that sender until START.
func TestOptOutsAreRemembered(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	service := a.srv.AddMessagingService(a.srv.AccountSID, "+14158141829")
	receive := func(body string) {
		a.srv.AddMessage(a.srv.AccountSID, twilio.Message{
			Direction: "inbound", Status: "received", From: "+16518675310", To: "+14158141829", Body: body,
		})
	}
	send := func(from, to string) reply {
		key := "From"
		if from == service {
			key = "MessagingServiceSid"
		}
		return a.post(a.main("/Messages.json"), key, from, "To", to, "Body", "x")
	}
	scheduled := a.post(a.main("/Messages.json"), "MessagingServiceSid", service, "To", "+16518675310", "Body", "x",
		"ScheduleType", "fixed", "SendAt", a.srv.Now().Add(time.Hour).Format(time.RFC3339)).ok()
	receive("please stop")
	send("+14158141829", "+16518675310").ok()
	for _, stop := range []string{"STOP", " stop\n", "Unsubscribe"} {
		receive(stop)
		send("+14158141829", "+16518675310").fails(400, 21610)
		send(service, "+16518675310").fails(400, 21610)
		send("+14158141829", "+16518675311").ok() // another recipient
		send("+14155550100", "+16518675310").ok() // another sender
		receive("START")
		send("+14158141829", "+16518675310").ok()
	}
	receive("STOP")
	a.srv.Advance(2 * time.Hour)
	wants(t, a.get(a.main("/Messages/"+str(scheduled, "sid")+".json")).ok(), "status", "failed", "error_code", 21610.0)
}
