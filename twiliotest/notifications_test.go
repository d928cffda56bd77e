package twiliotest_test

import (
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

func TestNotifications(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	noon := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	for i, code := range []int{11200, 14107, 21609} {
		a.srv.AddNotification(a.srv.AccountSID, twilio.Notification{
			ErrorCode: code, Log: i % 2, MessageDate: noon.AddDate(0, 0, i), DateCreated: noon.AddDate(0, 1, i), ResponseBody: "sorry",
		})
	}
	list := a.main("/Notifications.json")
	for _, test := range []struct {
		want  string
		query []string
	}{
		{"21609 14107 11200", nil},
		{"21609 11200", []string{"Log", "0"}},
		{"14107", []string{"Log", "1"}},
		{"14107", []string{"MessageDate", "2026-03-02"}},
		{"21609 14107", []string{"MessageDate>", "2026-03-02"}},
		{"11200", []string{"MessageDate<", "2026-03-02"}},
	} {
		if got := column(a.get(list, test.query...).items(), "error_code"); got != test.want {
			t.Errorf("%v: %s, want %s", test.query, got, test.want)
		}
	}
	a.get(list, "Log", "2").fails(400, 20001)
	item := a.get(list).items()[0]
	if _, there := item["response_body"]; there {
		t.Error("a list has the body of a response")
	}
	wants(t, a.get(str(item, "uri")).ok(), "response_body", "sorry")
}
