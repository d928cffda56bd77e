package twilio_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// TestIAMKeys: a key belongs to the client's own account unless the params name
// another, and a policy makes no key with all permissions by mistake.
func TestIAMKeys(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	client, ctx := srv.Client(), t.Context()
	customer := srv.AddSubaccount(twilio.Account{})
	own := client.WithCredentials(customer.Credentials())
	policy := twilio.IAMPolicy{Allow: []string{"/twilio/messaging/messages/read"}}

	if _, err := own.IAM.Keys.Create(ctx, twilio.IAMKeyCreateParams{Policy: policy}); !isParamError(err, "KeyType") {
		t.Errorf("a policy for a standard key: %v", err)
	}
	created, err := own.IAM.Keys.Create(ctx, twilio.IAMKeyCreateParams{KeyType: twilio.IAMKeyTypeRestricted, Policy: policy})
	if err != nil || !slices.Equal(created.Policy.Allow, policy.Allow) || created.Secret.IsZero() {
		t.Fatalf("got %+v, %v", created, err)
	}
	updated, err := own.IAM.Keys.Update(ctx, created.SID, twilio.IAMKeyUpdateParams{Policy: &twilio.IAMPolicy{}})
	if err != nil || updated.Policy.IsZero() || len(updated.Policy.Allow) > 0 {
		t.Errorf("a policy that allows nothing: %+v, %v", updated, err)
	}
	for params, want := range map[twilio.IAMKeyListParams]int{{}: 0, {AccountSID: customer.SID}: 1} {
		n := 0
		for _, err := range client.IAM.Keys.All(ctx, params) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != want {
			t.Errorf("%+v: %d keys, want %d", params, n, want)
		}
	}
	_, err = own.IAM.Keys.Create(ctx, twilio.IAMKeyCreateParams{KeyType: twilio.IAMKeyTypeRestricted, Policy: twilio.IAMPolicy{Allow: []string{"x"}}})
	if e, ok := errors.AsType[*twilio.Error](err); !ok || e.Code != twilio.CodeBadRequest {
		t.Errorf("a permission that doesn't exist: %v", err)
	}
}
