package webhook

import (
	"context"
	"fmt"
	"testing"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Strangers take a bounded part of the memory, and none of that of others.
func TestStrangersAreBounded(t *testing.T) {
	t.Parallel()
	known := fmt.Sprintf("AC%032x", 0)
	c := FromStore(func(_ context.Context, sid string) ([]twilio.Secret, error) {
		if sid != known {
			return nil, ErrUnknownAccount
		}
		return []twilio.Secret{twilio.NewSecret("token")}, nil
	}, WithLookUps(1e9), WithMaxAccounts(10))
	for i := range 5 * maxUnknown {
		_, _ = c.Tokens(t.Context(), fmt.Sprintf("AC%032x", i))
	}
	if len(c.unknown) != maxUnknown || len(c.expiring) != maxUnknown || cap(c.expiring) > 3*maxUnknown {
		t.Errorf("%d strangers are remembered, in a list of %d (%d)", len(c.unknown), len(c.expiring), cap(c.expiring))
	}
	if c.known(known) == nil || len(c.accounts) != 1 || len(c.running) != 0 {
		t.Errorf("%d accounts are known and %d are looked up", len(c.accounts), len(c.running))
	}
}
