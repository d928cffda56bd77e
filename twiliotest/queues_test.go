package twiliotest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// caller adds a call in progress and returns its SID.
func (a *api) caller() string {
	a.t.Helper()
	return a.srv.AddCall(a.srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress}).SID
}

func TestQueueIsFirstInFirstOut(t *testing.T) {
	t.Parallel()
	a := newAPI(t, twiliotest.WithCallDuration(time.Hour))
	calls := []string{a.caller(), a.caller(), a.caller(), a.caller()}
	var queue string
	for _, call := range calls {
		queue = a.main("/Queues/" + a.srv.Enqueue(a.srv.AccountSID, "support", call).QueueSID)
		a.srv.Advance(10 * second)
	}
	waiting := func(want ...string) {
		t.Helper()
		var got []string
		next := queue + "/Members.json?PageSize=1"
		for place := 1; next != ""; place++ {
			page := a.get(next)
			for _, m := range page.items() {
				wants(t, m, "position", float64(place))
				got = append(got, str(m, "call_sid"))
			}
			next, _ = page.body["next_page_uri"].(string)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("waiting: %v, want %v", got, want)
		}
		wants(t, a.get(queue+".json").ok(), "current_size", float64(len(want)))
	}
	waiting(calls...)
	wants(t, a.get(queue+".json").ok(), "friendly_name", "support", "max_size", 1000.0, "average_wait_time", 25.0)
	wants(t, a.get(queue+"/Members/Front.json").ok(), "call_sid", calls[0], "wait_time", 40.0)

	wants(t, a.post(queue+"/Members/Front.json", "Url", "https://example.com").ok(), "call_sid", calls[0], "position", 1.0)
	waiting(calls[1:]...)
	wants(t, a.post(queue+"/Members/"+calls[2]+".json", "Url", "https://example.com").ok(), "position", 2.0)
	a.post(queue+"/Members/"+calls[2]+".json", "Url", "https://example.com").fails(404, 20404)
	waiting(calls[1], calls[3])
	a.delete(queue+".json").fails(400, 20001)

	// Who hangs up or is sent elsewhere leaves, and the empty queue stays.
	a.post(a.main("/Calls/"+calls[1]+".json"), "Status", "completed").ok()
	a.post(a.main("/Calls/"+calls[3]+".json"), "Url", "https://example.com").ok()
	waiting()
	a.get(queue+"/Members/Front.json").fails(404, 20404)
	a.delete(queue + ".json").ok()
	a.get(queue+".json").fails(404, 20404)
}

func TestQueueLimits(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	queues := a.main("/Queues.json")
	for _, form := range [][]string{
		nil, {"FriendlyName", strings.Repeat("é", 65)}, {"FriendlyName", "q", "MaxSize", "5001"}, {"FriendlyName", "q", "MaxSize", "x"},
	} {
		a.post(queues, form...).fails(400, 20001)
	}
	queue := a.post(queues, "FriendlyName", "support", "MaxSize", "1").ok()
	if m := a.srv.Enqueue(a.srv.AccountSID, "support", a.caller()); m == nil || m.QueueSID != queue["sid"] {
		t.Errorf("the queue of that name wasn't used: %+v", m)
	}
	second := a.caller()
	if m := a.srv.Enqueue(a.srv.AccountSID, "support", second); m != nil {
		t.Errorf("a full queue took another call: %+v", m)
	}
	a.post(a.main("/Queues/"+str(queue, "sid")+".json"), "MaxSize", "2").ok()
	if m := a.srv.Enqueue(a.srv.AccountSID, "support", second); m == nil || m.Position != 2 {
		t.Errorf("a larger queue took no other call: %+v", m)
	}
	a.post(a.main("/Queues/"+str(queue, "sid")+"/Members/Front.json")).fails(400, 21205)
}
