package twilio

import (
	"errors"
	"net/url"
	"path"
	"strings"
	"testing"
)

// FuzzCheckSID checks that an accepted SID is one segment of the path.
func FuzzCheckSID(f *testing.F) {
	for _, sid := range []string{"CA00000000000000000000000000000001", "CAXXXX", "CA", "", "SM1", "CA/../../Messages/SM1", "CA1?x=1", "CA%2f", "CA1\n", "CA\u0661", "CA1#", "CA.."} {
		f.Add(sid)
	}
	f.Fuzz(func(t *testing.T, sid string) {
		if err := checkSID("sid", sid, "CA"); err != nil {
			if sid != "" && strings.Contains(err.Error(), sid) && len(sid) > 4 {
				t.Errorf("%q is quoted: %v", sid, err)
			}
			return
		}
		u, err := url.Parse(apiRoot + "/Accounts/" + fuzzAccount + "/Calls/" + sid + ".json")
		if err != nil || path.Base(u.Path) != sid+".json" || path.Clean(u.Path) != u.Path || u.RawPath != "" || u.RawQuery != "" || u.Fragment != "" {
			t.Errorf("%q makes %v, %v", sid, u, err)
		}
	})
}

func TestExpand(t *testing.T) {
	t.Parallel()
	const account = "AC00000000000000000000000000000001"
	for _, test := range []struct {
		route *route
		args  []string
		want  string // below the API's root
	}{
		{accounts, nil, "/Accounts.json"},
		{accounts, []string{"AC2"}, "/Accounts/AC2.json"},
		{balances, nil, "/Accounts/" + account + "/Balance.json"},
		{messages, []string{"MM1"}, "/Accounts/" + account + "/Messages/MM1.json"},
		{availableLocal, []string{"us"}, "/Accounts/" + account + "/AvailablePhoneNumbers/US/Local.json"},
		{participants, []string{"CF1"}, "/Accounts/" + account + "/Conferences/CF1/Participants.json"},
		{participants, []string{"CF1", "CA1"}, "/Accounts/" + account + "/Conferences/CF1/Participants/CA1.json"},
		{participants, []string{"CF1", "the boss/50%?"}, "/Accounts/" + account + "/Conferences/CF1/Participants/the%20boss%2F50%25%3F.json"},
		{newParticipants, []string{"CF1"}, "/Accounts/" + account + "/Conferences/CF1/Participants.json"},
		{newParticipants, []string{"team 42/é"}, "/Accounts/" + account + "/Conferences/team%2042%2F%C3%A9/Participants.json"},
		{participants, []string{"CF1", "..."}, "/Accounts/" + account + "/Conferences/CF1/Participants/....json"},
	} {
		u, err := test.route.expand(account, test.args)
		if err != nil {
			t.Errorf("%s with %q: %v", test.route.path, test.args, err)
			continue
		}
		if got := u.RequestURI(); got != apiRoot+test.want {
			t.Errorf("%s with %q is %s, want %s", test.route.path, test.args, got, apiRoot+test.want)
		}
	}
	for _, test := range []struct {
		args  []string
		field string
	}{
		{[]string{""}, "conferenceSID"},
		{[]string{"CA1"}, "conferenceSID"},
		{[]string{"CF1/x"}, "conferenceSID"},
		{[]string{"CF1", ""}, "callSID"},
		{[]string{"CF1", "."}, "callSID"},
		{[]string{"CF1", ".."}, "callSID"},
	} {
		u, err := participants.expand(account, test.args)
		if e, ok := errors.AsType[*ParamError](err); !ok || e.Field != test.field {
			t.Errorf("%q made %v, %v; want a refusal of %s", test.args, u, err, test.field)
		}
	}
}
