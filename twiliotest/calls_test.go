package twiliotest_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestCallRunsItsCourse(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	created := a.post(a.main("/Calls.json"), aCall...).ok()
	wants(t, created, "status", "queued", "direction", "outbound-api", "duration", nil, "price", nil, "start_time", nil,
		"end_time", nil, "queue_time", nil, "to", "+16518675310", "to_formatted", "(651) 867-5310", "annotation", nil)
	call := a.main("/Calls/" + str(created, "sid") + ".json")
	for _, step := range []struct {
		wait   time.Duration
		status string
		fields []any
	}{
		{second, "ringing", []any{"queue_time", "1000", "duration", nil}},
		{4 * second, "in-progress", []any{"start_time", "Thu, 15 Jan 2026 12:00:05 +0000", "duration", nil, "end_time", nil}},
		{15 * second, "completed", []any{"duration", "15", "end_time", "Thu, 15 Jan 2026 12:00:20 +0000", "price", nil, "price_unit", "USD"}},
		{29 * second, "completed", []any{"price", nil}},
		{second, "completed", []any{"price", "-0.01400", "price_unit", "USD", "date_updated", "Thu, 15 Jan 2026 12:00:50 +0000"}},
	} {
		a.srv.Advance(step.wait)
		wants(t, a.get(call).ok(), append(step.fields, "status", step.status)...)
	}
}

func TestOneLongStepIsLikeManyShortOnes(t *testing.T) {
	t.Parallel()
	a := newAPI(t, twiliotest.WithCallDuration(61*second))
	call := a.main("/Calls/" + str(a.post(a.main("/Calls.json"), aCall...).ok(), "sid") + ".json")
	a.srv.Advance(time.Hour)
	wants(t, a.get(call).ok(), "status", "completed", "duration", "61", "price", "-0.02800",
		"end_time", "Thu, 15 Jan 2026 12:01:06 +0000")
}

func TestEndingCalls(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		after time.Duration
		to    string
		ok    bool
	}{
		{0, "completed", true},
		{0, "canceled", true},
		{2 * second, "completed", true},
		{2 * second, "canceled", true},
		{6 * second, "completed", true},
		{6 * second, "canceled", false},
		{time.Minute, "completed", false},
		{time.Minute, "canceled", false},
	} {
		a := newAPI(t)
		call := a.main("/Calls/" + str(a.post(a.main("/Calls.json"), aCall...).ok(), "sid") + ".json")
		a.srv.Advance(c.after)
		got := a.post(call, "Status", c.to)
		if !c.ok {
			got.fails(400, 21220)
			continue
		}
		wants(t, got.ok(), "status", c.to)
		a.post(call, "Status", "completed").fails(400, 21220)
		a.srv.Advance(time.Hour)
		wants(t, a.get(call).ok(), "status", c.to)
	}
	a := newAPI(t)
	a.post(a.main("/Calls/CAffffffffffffffffffffffffffffffff.json"), "Status", "completed").fails(404, 20404)
}

func TestCallsCannotBeDeletedWhileTheyRun(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	call := a.main("/Calls/" + str(a.post(a.main("/Calls.json"), aCall...).ok(), "sid") + ".json")
	a.delete(call).fails(409, 20009)
	a.srv.Advance(time.Minute)
	a.delete(call).ok()
	a.delete(call).fails(404, 20404)
	if got := a.get(a.main("/Calls.json")).items(); len(got) != 0 {
		t.Errorf("still listed: %v", got)
	}
}

func TestCallUpdates(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	call := a.main("/Calls/" + str(a.post(a.main("/Calls.json"), aCall...).ok(), "sid") + ".json")
	a.post(call, "Url", "https://example.com/elsewhere").fails(400, 21220)
	a.srv.Advance(6 * second)
	a.post(call, "Url", "https://example.com/elsewhere").ok()
	a.post(call, "Twiml", "<Response/>", "Url", "https://example.com").fails(400, 21205)
	a.post(call, "Url", "nowhere").fails(400, 21205)
	a.post(call, "Status", "busy").fails(400, 20001)
}

func TestBadCalls(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for code, form := range map[int][]string{
		21201: {"From", "+14158141829", "Url", "https://example.com"},
		21213: {"To", "+14158141829", "Url", "https://example.com"},
		21205: {"To", "+16518675310", "From", "+14158141829"},
		21211: {"To", "somebody", "From", "+14158141829", "Url", "https://example.com"},
		21212: {"To", "+16518675310", "From", "12", "Url", "https://example.com"},
		21206: append([]string{"SendDigits", "five"}, aCall...),
		21218: append([]string{"ApplicationSid", "AC1"}, aCall...),
		21403: append([]string{"Method", "PUT"}, aCall...),
		20001: append([]string{"Record", "perhaps"}, aCall...),
	} {
		a.post(a.main("/Calls.json"), form...).fails(400, code)
	}
	a.post(a.main("/Calls.json"), append([]string{"Twiml", "<Response/>"}, aCall...)...).fails(400, 21205)
	a.post(a.main("/Calls.json"), append([]string{"Url", "https://example.com", "SendDigits", "wW12AD#*"}, aCall...)...).ok()
	for _, to := range []string{"client:ada", "sip:ada@example.com", "(651) 867-5310"} {
		a.post(a.main("/Calls.json"), "To", to, "From", "+14158141829", "Twiml", "<Response/>").ok()
	}
}

func TestOwnedSendersOnly(t *testing.T) {
	t.Parallel()
	a := newAPI(t, twiliotest.WithOwnedSenders())
	sid, _ := a.subaccount("sub")
	a.post(under(sid, "/Calls.json"), aCall...).fails(400, 21210)
	a.post(under(sid, "/Messages.json"), aMessage...).fails(400, 21606)
	a.srv.AddPhoneNumber(a.srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: "+14158141829"})
	a.post(under(sid, "/Calls.json"), aCall...).fails(400, 21210) // the main account's number isn't the subaccount's
	a.post(a.main("/Calls.json"), aCall...).ok()
	a.post(a.main("/Messages.json"), aMessage...).ok()
	a.post(under(sid, "/OutgoingCallerIds.json"), "PhoneNumber", "+14158141829").ok()
	a.srv.Advance(time.Minute)
	a.post(under(sid, "/Calls.json"), aCall...).ok()
}

func TestCallFilters(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	day := func(d, h int) time.Time { return time.Date(2018, 1, d, h, 0, 0, 0, time.UTC) }
	for _, c := range []twilio.Call{
		{SID: sid("CA", 1), StartTime: day(14, 23), EndTime: day(15, 1), From: "+1", To: "+2"},
		{SID: sid("CA", 2), StartTime: day(15, 0), EndTime: day(15, 1), From: "+1", To: "+3"},
		{SID: sid("CA", 3), StartTime: day(15, 23), EndTime: day(16, 1), From: "+2", To: "+3", Status: twilio.CallStatusBusy},
		{SID: sid("CA", 4), StartTime: day(16, 0), EndTime: day(16, 1), From: "+2", To: "+3", ParentCallSID: sid("CA", 1)},
	} {
		a.srv.AddCall(a.srv.AccountSID, c)
	}
	for want, query := range map[string][]string{
		"CA4 CA3 CA2 CA1": nil,
		"CA3 CA2":         {"StartTime", "2018-01-15"},
		"CA4 CA3 CA2":     {"StartTime>", "2018-01-15"},
		"CA1":             {"StartTime<", "2018-01-15"},
		"CA2":             {"StartTime>", "2018-01-15", "StartTime<", "2018-01-16", "From", "+1"},
		"CA2 CA1":         {"EndTime", "2018-01-15"},
		"CA4 CA3":         {"EndTime>", "2018-01-16T00:00:00Z"},
		"CA3":             {"Status", "busy"},
		"CA4":             {"ParentCallSid", sid("CA", 1)},
		"CA4 CA2":         {"To", "+3", "Status", "completed"},
		"":                {"StartTime>", "2018-01-17"},
	} {
		if got := short(a.get(a.main("/Calls.json"), query...).items()); got != want {
			t.Errorf("%v: %s, want %s", query, got, want)
		}
	}
	a.get(a.main("/Calls.json"), "StartTime", ">2018-01-15").fails(400, 20001)
	a.get(a.main("/Calls.json"), "StartTime>", "=2018-01-15").fails(400, 20001)
	a.get(a.main("/Calls.json"), "Status", "bored").fails(400, 20001)

	// By default the filters ignore the time of day.
	hour := []string{"StartTime>", "2018-01-15T12:00:00Z", "StartTime<", "2018-01-16T12:00:00Z"}
	if got := short(a.get(a.main("/Calls.json"), hour...).items()); got != "CA3 CA2" {
		t.Errorf("by the day: %s", got)
	}
	fine := newAPI(t, twiliotest.WithSecondGrain())
	fine.srv.AddCall(fine.srv.AccountSID, twilio.Call{SID: sid("CA", 2), StartTime: day(15, 0)})
	fine.srv.AddCall(fine.srv.AccountSID, twilio.Call{SID: sid("CA", 4), StartTime: day(16, 0)})
	if got := short(fine.get(fine.main("/Calls.json"), hour...).items()); got != "CA4" {
		t.Errorf("by the second: %s", got)
	}
}

func TestSeededCallsKeepWhatTheyWereGiven(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	start := time.Date(2019, 10, 18, 17, 2, 0, 0, time.UTC)
	added := a.srv.AddCall(a.srv.AccountSID, twilio.Call{
		StartTime: start, EndTime: start.Add(4 * second), Duration: 4, From: "+13051416799", To: "+13051913581",
		Price: decimal.NewNullDecimal(decimal.RequireFromString("-0.200")), PriceUnit: "JPY", Annotation: "tag", QueueTime: 1000,
	})
	wants(t, a.get(a.main("/Calls/"+added.SID+".json")).ok(), "price", "-0.200", "price_unit", "JPY", "duration", "4",
		"annotation", "tag", "queue_time", "1000", "start_time", "Fri, 18 Oct 2019 17:02:00 +0000", "status", "completed")
	got, err := a.srv.Client().Calls.Get(t.Context(), added.SID)
	if err != nil || !got.Price.Decimal.Equal(added.Price.Decimal) || !got.StartTime.Equal(start) {
		t.Errorf("%+v, %v", got, err)
	}

	running := a.srv.AddCall(a.srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress, From: "+1", To: "+2"})
	a.srv.Advance(15 * second)
	wants(t, a.get(a.main("/Calls/"+running.SID+".json")).ok(), "status", "completed", "duration", "15")
}

func TestTimeLimitCanBeChangedDuringTheCall(t *testing.T) {
	t.Parallel()
	a := newAPI(t, twiliotest.WithCallDuration(time.Minute))
	call := func(limit ...string) string {
		created := a.post(a.main("/Calls.json"), append(limit, aCall...)...).ok()
		a.srv.Advance(10 * second) // 5 of them after the answer
		return a.main("/Calls/" + str(created, "sid") + ".json")
	}
	shortened := call()
	a.post(shortened, "TimeLimit", "8").ok()
	a.srv.Advance(10 * second)
	wants(t, a.get(shortened).ok(), "status", "completed", "duration", "8")
	extended := call("TimeLimit", "8")
	a.post(extended, "TimeLimit", "20").ok()
	a.srv.Advance(10 * second)
	wants(t, a.get(extended).ok(), "status", "in-progress")
	a.srv.Advance(10 * second)
	wants(t, a.get(extended).ok(), "status", "completed", "duration", "20")
}

// Only calls that were answered get a price; the others wait for none.
func TestUnansweredCallsNeverGetAPrice(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	unpriced := map[string]string{}
	for _, status := range []twilio.CallStatus{"busy", "failed", "no-answer", "canceled"} {
		unpriced[string(status)] = a.srv.AddCall(a.srv.AccountSID, twilio.Call{Status: status, From: "+1", To: "+2"}).SID
	}
	for _, status := range []string{"canceled", "completed"} {
		call := str(a.post(a.main("/Calls.json"), aCall...).ok(), "sid")
		a.srv.Advance(2 * second) // it rings
		a.post(a.main("/Calls/"+call+".json"), "Status", status).ok()
		unpriced[status+" while ringing"] = call
	}
	a.srv.Advance(365 * 24 * time.Hour)
	for name, sid := range unpriced {
		call := a.get(a.main("/Calls/" + sid + ".json")).ok()
		if call["price"] != nil {
			t.Errorf("%s: price %v", name, call["price"])
		}
	}
	wants(t, a.usage(a.main("/Usage/Records.json"))["calls"], "count", "6", "usage", "0", "price", "0")
}
