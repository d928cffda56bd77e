package twilio

import (
	"reflect"
	"testing"
)

// TestIdentities: the body of an error isn't taken for a resource that has no
// sid and a status.
func TestIdentities(t *testing.T) {
	t.Parallel()
	type participant struct {
		CallSID string `json:"call_sid"`
		Status  string `json:"status"`
	}
	id := identityOf(reflect.TypeFor[participant]())
	for v, want := range map[participant]bool{{}: false, {Status: "404"}: false, {CallSID: "CA1"}: true, {CallSID: "CA1", Status: "x"}: true} {
		if got := id.isIn(reflect.ValueOf(v)); got != want {
			t.Errorf("%+v: %t", v, got)
		}
	}
}
