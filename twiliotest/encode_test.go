package twiliotest_test

import (
	"net/http"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestStringsOfAnyKindAreEncoded(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, body := range []string{`"quoted" \ back`, "two\nlines\ttab", "<b>&</b>", "žluťoučký 👍", "\u2028", "\x00\x1f", "a\xffb"} {
		want := body
		if body == "a\xffb" {
			want = "a\ufffdb" // JSON holds valid UTF-8 only
		}
		m := a.srv.AddMessage(a.srv.AccountSID, twilio.Message{Body: body, From: "+1", To: "+2", Tags: map[string]string{body: body}})
		got := a.get(a.main("/Messages/" + m.SID + ".json")).ok()
		wants(t, got, "body", want)
		wants(t, got["tags"].(object), want, want)
	}
}

//nolint:paralleltest // other tests would be counted
func TestListsTakeFewAllocations(t *testing.T) {
	srv := twiliotest.NewUnstartedServer()
	history(srv, 1000)
	path := "/Accounts/" + srv.AccountSID + "/Calls.json?PageSize=1000"
	client := &http.Client{Transport: srv.Transport()}
	n := testing.AllocsPerRun(5, func() {
		if status, _, _, err := raw(t.Context(), srv, client, http.MethodGet, path); status != http.StatusOK || err != nil {
			t.Error(status, err)
		}
	})
	if n > 15_000 {
		t.Errorf("a list of 1,000 calls takes %.0f allocations", n)
	}
}

func TestDatesAreInRFC2822Form(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, start := range []time.Time{
		time.Date(999, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 2, 29, 23, 59, 59, 999, time.UTC),
		time.Date(9999, 12, 31, 9, 8, 7, 0, time.UTC), time.Date(2026, 6, 5, 0, 0, 0, 0, time.FixedZone("", 5*3600)),
	} {
		call := a.srv.AddCall(a.srv.AccountSID, twilio.Call{StartTime: start})
		wants(t, a.get(a.main("/Calls/"+call.SID+".json")).ok(), "start_time", start.UTC().Format(time.RFC1123Z))
	}
}
