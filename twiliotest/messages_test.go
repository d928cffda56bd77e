package twiliotest_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

func TestMessageRunsItsCourse(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	created := a.post(a.main("/Messages.json"), append([]string{"Tags", `{"campaign":"spring"}`}, aMessage...)...).ok()
	wants(t, created, "status", "queued", "body", "Ahoy there!", "num_segments", "1", "num_media", "0", "date_sent", nil,
		"price", nil, "price_unit", nil, "error_code", nil, "messaging_service_sid", nil, "direction", "outbound-api")
	wants(t, created["tags"].(object), "campaign", "spring")
	message := a.main("/Messages/" + str(created, "sid") + ".json")
	for _, step := range []struct {
		wait   time.Duration
		status string
		fields []any
	}{
		{second, "sending", []any{"date_sent", nil}},
		{second, "sent", []any{"date_sent", "Thu, 15 Jan 2026 12:00:02 +0000", "price", nil}},
		{second, "delivered", []any{"price", nil}},
		{9 * second, "delivered", []any{"price", "-0.00830", "price_unit", "USD"}},
	} {
		a.srv.Advance(step.wait)
		wants(t, a.get(message).ok(), append(step.fields, "status", step.status)...)
	}
}

func TestSegments(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, c := range []struct {
		body string
		want string
	}{
		{"a", "1"},
		{strings.Repeat("a", 160), "1"},
		{strings.Repeat("a", 161), "2"},
		{strings.Repeat("a", 306), "2"},
		{strings.Repeat("a", 307), "3"},
		{strings.Repeat("€", 80), "1"}, // two places each
		{strings.Repeat("€", 81), "2"},
		{strings.Repeat("ж", 70), "1"},
		{strings.Repeat("ж", 71), "2"},
		{strings.Repeat("ж", 134), "2"},
		{strings.Repeat("ж", 135), "3"},
		{strings.Repeat("👍", 35), "1"}, // two places each
		{strings.Repeat("👍", 36), "2"},
		{strings.Repeat("a", 70) + "ж", "2"},
	} {
		got := a.post(a.main("/Messages.json"), "From", "+14158141829", "To", "+16518675310", "Body", c.body).ok()
		wants(t, got, "num_segments", c.want)
	}
}

func TestMessageRedactionDeletionAndScheduling(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	list := a.main("/Messages.json")
	message := a.main("/Messages/" + str(a.post(list, aMessage...).ok(), "sid") + ".json")
	a.delete(message).fails(409, 20009)
	a.post(message, "Body", "").fails(409, 20009)
	a.srv.Advance(time.Minute)
	a.post(message, "Body", "other").fails(400, 20001)
	a.post(message, "Status", "canceled").fails(409, 30409)
	wants(t, a.post(message, "Body", "").ok(), "body", "")
	a.delete(message).ok()
	a.get(message).fails(404, 20404)

	service := []string{
		"To", "+16518675310", "Body", "later", "MessagingServiceSid", a.srv.AddMessagingService(a.srv.AccountSID),
		"ScheduleType", "fixed", "SendAt", a.srv.Now().Add(time.Hour).Format(time.RFC3339),
	}
	one, two := a.post(list, service...).ok(), a.post(list, service...).ok()
	wants(t, one, "status", "scheduled", "from", nil, "num_segments", "0")
	first, second := a.main("/Messages/"+str(one, "sid")+".json"), a.main("/Messages/"+str(two, "sid")+".json")
	wants(t, a.post(first, "Status", "canceled").ok(), "status", "canceled")
	a.srv.Advance(2 * time.Hour)
	wants(t, a.get(first).ok(), "status", "canceled", "date_sent", nil)
	wants(t, a.get(second).ok(), "status", "delivered", "num_segments", "1")
	if str(a.get(second).ok(), "from") == "" {
		t.Error("the service picked no sender")
	}
	a.post(list, append([]string{"ScheduleType", "fixed"}, aMessage...)...).fails(400, 20001)
}

func TestMessagesWithMedia(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	created := a.post(a.main("/Messages.json"), "From", "+14158141829", "To", "+16518675310",
		"MediaUrl", "https://example.com/a.png", "MediaUrl", "https://example.com/b.gif").ok()
	wants(t, created, "num_media", "2", "body", "")
	if !strings.HasPrefix(str(created, "sid"), "MM") {
		t.Errorf("sid %s", str(created, "sid"))
	}
	media := a.main("/Messages/" + str(created, "sid") + "/Media")
	if got := column(a.get(media+".json").items(), "content_type"); got != "image/gif image/png" {
		t.Errorf("media: %s", got)
	}
	a.get(media+"/MEffffffffffffffffffffffffffffffff.json").fails(404, 20404)
	a.get(a.main("/Messages/MMffffffffffffffffffffffffffffffff/Media.json")).fails(404, 20404)
	a.srv.Advance(time.Minute)
	wants(t, a.get(a.main("/Messages/"+str(created, "sid")+".json")).ok(), "price", "-0.02000")
}

func TestBadMessages(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for code, form := range map[int][]string{
		21604: {"From", "+14158141829", "Body", "x"},
		21603: {"To", "+14158141829", "Body", "x"},
		21602: {"To", "+16518675310", "From", "+14158141829"},
		21211: {"To", "somebody", "From", "+14158141829", "Body", "x"},
		21212: {"To", "+16518675310", "From", "a name that is far too long", "Body", "x"},
		21617: {"To", "+16518675310", "From", "+14158141829", "Body", strings.Repeat("x", 1601)},
		21620: {"To", "+16518675310", "From", "+14158141829", "MediaUrl", "example.com/a.png"},
		21623: append([]string{"To", "+16518675310", "From", "+14158141829"}, slices.Repeat([]string{"MediaUrl", "https://example.com/a.png"}, 11)...),
	} {
		a.post(a.main("/Messages.json"), form...).fails(400, code)
	}
	a.post(a.main("/Messages.json"), "To", "whatsapp:+16518675310", "From", "whatsapp:+14158141829", "Body", "x").ok()
	untagged := a.post(a.main("/Messages.json"), "To", "+16518675310", "From", "ACME Ltd", "Body", "x").ok()
	if _, ok := untagged["tags"]; ok {
		t.Error("a message without tags has a member for them")
	}
}

func TestMessageFilters(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for i, m := range []twilio.Message{
		{From: "+1", To: "+2"}, {From: "+1", To: "+3"}, {From: "+2", To: "+3"},
	} {
		m.SID = sid("SM", i+1)
		m.DateSent = time.Date(2018, 1, 14+i, 12, 0, 0, 0, time.UTC)
		a.srv.AddMessage(a.srv.AccountSID, m)
	}
	for want, query := range map[string][]string{
		"SM3 SM2 SM1": nil,
		"SM2":         {"DateSent", "2018-01-15"},
		"SM3 SM2":     {"DateSent>", "2018-01-15"},
		"SM1":         {"DateSent<", "2018-01-15"},
		"SM2 SM1":     {"From", "+1"},
		"SM3":         {"From", "+2", "To", "+3"},
	} {
		if got := short(a.get(a.main("/Messages.json"), query...).items()); got != want {
			t.Errorf("%v: %s, want %s", query, got, want)
		}
	}
	a.get(a.main("/Messages.json"), "DateSent", "<2018-01-15").fails(400, 20001)
}

// Whatever was sent or received gets a price, also if it was seeded.
func TestDeliveredMessagesGetAPrice(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for status, priced := range map[twilio.MessageStatus]bool{
		"delivered": true, "undelivered": true, "read": true, "received": true, "sent": true, "failed": false, "canceled": false,
	} {
		m := a.srv.AddMessage(a.srv.AccountSID, twilio.Message{Status: status, From: "+1", To: "+2", Body: "x"})
		a.srv.Advance(time.Hour)
		got := a.get(a.main("/Messages/" + m.SID + ".json")).ok()
		if (got["price"] != nil) != priced {
			t.Errorf("%s: price %v", status, got["price"])
		}
	}
	wants(t, a.usage(a.main("/Usage/Records.json"))["sms"], "count", "5", "price", "0.04150")
}
