package twilio_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Two customers with the same name are an error that lists them; closed ones and
// the main account don't count.
func TestEnsureTellsNamesApart(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	w.srv.AddSubaccounts(twilio.Account{FriendlyName: "Gone", Status: "closed"}, twilio.Account{SID: subaccountSID(1), FriendlyName: "Twin"})
	for _, name := range []string{"Gone", "Main account"} {
		account, created, err := w.client.Accounts.Ensure(t.Context(), name)
		if err != nil || !created || account.Status != twilio.AccountStatusActive || account.SID == w.srv.AccountSID {
			t.Errorf("%s: %+v, created %t, %v", name, account, created, err)
		}
	}
	if account, created, err := w.client.Accounts.Ensure(t.Context(), "Twin"); err != nil || created || account.SID != subaccountSID(1) {
		t.Errorf("Twin: %+v, created %t, %v", account, created, err)
	}
	w.srv.AddSubaccounts(twilio.Account{SID: subaccountSID(2), FriendlyName: "Twin", Status: "suspended"})
	_, created, err := w.client.Accounts.Ensure(t.Context(), "Twin")
	if e, ok := errors.AsType[*twilio.ParamError](err); !ok || created || !strings.Contains(e.Reason, subaccountSID(1)) || !strings.Contains(e.Reason, subaccountSID(2)) {
		t.Errorf("two of a name: created %t, %v", created, err)
	}
}

func TestEnsureRefuses(t *testing.T) {
	t.Parallel()
	testRefusals(t, []refusal{
		{name: "no name", operation: "accounts.ensure", field: "friendlyName", run: func(w *customer) error {
			_, _, err := w.client.Accounts.Ensure(t.Context(), "")
			return err
		}},
	})
}
