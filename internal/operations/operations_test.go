package operations

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// TestEveryMethodIsListed finds methods of services that none of All, Downloads
// and Workflows has, which no test of all operations would see.
func TestEveryMethodIsListed(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, op := range slices.Concat(All, Downloads) {
		known[op.Method] = true
		if op.Verb() == "List" {
			known[op.Sibling("All")], known[op.Sibling("Resume")] = true, true
		}
		if !Method(client, op.Method).IsValid() {
			t.Errorf("%s: there is no method %s", op.ID, op.Method)
		}
	}
	for _, name := range MethodNames() {
		if _, isWorkflow := Workflows[name]; !isWorkflow && !known[name] {
			t.Errorf("%s is in none of All, Downloads and Workflows", name)
		}
	}
}

// TestOperationsSucceed prepares the fake for each operation and calls it: a
// row has all SIDs and params that its operation needs.
func TestOperationsSucceed(t *testing.T) {
	t.Parallel()
	for _, op := range slices.Concat(All, Downloads) {
		t.Run(op.Method, func(t *testing.T) {
			t.Parallel()
			srv := twiliotest.NewUnstartedServer()
			args := op.PrepareArgs(srv)
			for i, p := range Placeholders(op.Template()) {
				if p.Kind != "*" && p.Kind != "ISO" && !strings.Contains(p.Kind, args[i][:2]) {
					t.Errorf("%s is %s, want a SID of the kind %s", p.Name, args[i], p.Kind)
				}
			}
			result, err := Invoke(t.Context(), Method(srv.Client(), op.Method), args, reflect.ValueOf(op.Params))
			if err != nil {
				t.Fatal(err)
			}
			if op.IsPaged() && reflect.ValueOf(result).Elem().FieldByName("Items").Len() < 2 {
				t.Error("fewer than two items: a list needs two pages of one")
			}
		})
	}
}
