package twilio

import (
	"testing"
)

// TestSubaccountAllocations counts what a client for one more account costs.
//
//nolint:paralleltest // counts allocations
func TestSubaccountAllocations(t *testing.T) {
	client, err := NewClient(AuthToken("AC00000000000000000000000000000001", "token"))
	if err != nil {
		t.Fatal(err)
	}
	var sub *Client
	if n := testing.AllocsPerRun(100, func() { sub = client.Subaccount("AC00000000000000000000000000000002") }); n > 3 {
		t.Errorf("Subaccount makes %v allocations, want at most 3", n)
	}
	if sub.Calls.calls.client != sub {
		t.Error("a service of the copy belongs to another client")
	}
}
