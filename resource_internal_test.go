package twilio

import (
	"net/url"
	"testing"
)

// TestHasValues checks that an update is confirmed only where everything that
// was sent can be seen.
func TestHasValues(t *testing.T) {
	t.Parallel()
	current := (&Account{FriendlyName: "Submarine", Status: AccountStatusClosed}).current()
	for _, test := range []struct {
		form url.Values
		want bool
	}{
		{url.Values{"Status": {"closed"}}, true},
		{url.Values{"Status": {"closed"}, "FriendlyName": {"Submarine"}}, true},
		{url.Values{"Status": {"closed"}, "FriendlyName": {"Boat"}}, false},
		{url.Values{"Status": {"closed"}, "New": {"x"}}, false},
	} {
		if got := hasValues(current, test.form); got != test.want {
			t.Errorf("%v: %v, want %v", test.form, got, test.want)
		}
	}
}
