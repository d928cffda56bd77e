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

// A pool has senders of three kinds, each of which it has once.
func TestMessagingServicePools(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	created := a.post(messaging, "FriendlyName", "one", "InboundRequestUrl", "https://example.com/sms", "StickySender", "false").ok()
	wants(t, created, "friendly_name", "one", "sticky_sender", false, "smart_encoding", true, "inbound_method", "POST",
		"fallback_url", nil, "date_created", "2026-01-15T12:00:00Z", "account_sid", a.srv.AccountSID)
	one := messaging + "/" + str(created, "sid")
	two := messaging + "/" + str(a.post(messaging, "FriendlyName", "two").ok(), "sid")
	number := a.srv.AddPhoneNumber(a.srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: "+14158141829"})

	added := a.post(one+"/PhoneNumbers", "PhoneNumberSid", number.SID)
	if wants(t, added.ok(), "sid", number.SID, "phone_number", "+14158141829", "url", one+"/PhoneNumbers/"+number.SID); added.status != 201 {
		t.Errorf("status %d", added.status)
	}
	a.post(one+"/PhoneNumbers", "PhoneNumberSid", number.SID).fails(400, 21710)
	a.post(two+"/PhoneNumbers", "PhoneNumberSid", number.SID).fails(400, 21712)
	a.post(one+"/PhoneNumbers", "PhoneNumberSid", sid("PN", 1)).fails(404, 20404)
	a.post(one+"/ShortCodes", "ShortCodeSid", sid("SC", 1)).ok()
	alpha := str(a.post(one+"/AlphaSenders", "AlphaSender", "Acme").ok(), "sid")
	a.post(one+"/AlphaSenders", "AlphaSender", "Acme").fails(400, 21710)
	a.post(two+"/AlphaSenders", "AlphaSender", "Acme").ok()
	a.post(one+"/AlphaSenders", "AlphaSender", "Acme Incorporated").fails(400, 20001)
	for _, kind := range []string{"/PhoneNumbers", "/ShortCodes", "/AlphaSenders"} {
		if got := a.get(one + kind).items(); len(got) != 1 {
			t.Errorf("%s: %d senders", kind, len(got))
		}
	}
	a.get(one+"/PhoneNumbers/"+alpha).fails(404, 20404)

	// Messages are sent from the pool.
	sent := a.post(a.main("/Messages.json"), "MessagingServiceSid", str(created, "sid"), "To", "+16518675310", "Body", "x").ok()
	a.srv.Advance(time.Minute)
	wants(t, a.get(a.main("/Messages/"+str(sent, "sid")+".json")).ok(), "from", "+14158141829")

	if got := a.delete(one + "/PhoneNumbers/" + number.SID); got.status != 204 {
		t.Errorf("status %d", got.status)
	}
	a.post(two+"/PhoneNumbers", "PhoneNumberSid", number.SID).ok()
	a.post(one, "ScanMessageContent", "disable", "FriendlyName", "").ok()
	wants(t, a.get(one).ok(), "scan_message_content", "disable", "friendly_name", "one")
	a.post(one, "InboundRequestUrl", "nowhere").fails(400, 20001)
	a.post(messaging).fails(400, 20001)
	a.delete(one)
	a.get(one).fails(404, 20404)
}
