package twilio

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Ensure returns the subaccount of exactly this name that isn't closed, and
// makes it if there is none; created says which. It never takes the main
// account for a customer's, whatever its name. Two subaccounts of the name are a
// [*ParamError] that lists their SIDs.
//
// Running it again after any error makes no second account: where the outcome
// of a creation is unknown it looks before it goes on, and once more at the
// beginning of the next run.
//
// Twilio keeps no names unique, so that two processes that run it for one name
// at the same moment can both find nothing and both create. To be safe, let one
// process at a time do it: hold a lock of your database on the customer's row,
// say.
func (s *AccountService) Ensure(ctx context.Context, friendlyName string) (account *Account, created bool, err error) {
	const operation = "accounts.ensure"
	if err := required("friendlyName", friendlyName); err != nil {
		return nil, false, withOperation(operation, err)
	}
	account, found, err := s.findByName(ctx, friendlyName)
	if found || err != nil {
		return account, false, withOperation(operation, err)
	}
	account, err = s.Create(ctx, AccountCreateParams{FriendlyName: friendlyName})
	if errors.Is(err, ErrOutcomeUnknown) {
		if account, found, lookErr := s.findByName(ctx, friendlyName); found && lookErr == nil {
			return account, true, nil
		}
	}
	return account, err == nil, err
}

// findByName finds the one open subaccount of a name.
func (s *AccountService) findByName(ctx context.Context, friendlyName string) (account *Account, found bool, err error) {
	var sids []string
	for a, err := range s.All(ctx, AccountListParams{FriendlyName: friendlyName}, withStrictFields()) {
		if err != nil {
			return nil, false, err
		}
		if a.FriendlyName == friendlyName && a.Status != AccountStatusClosed && a.SID != a.OwnerAccountSID {
			account = a
			sids = append(sids, a.SID)
		}
	}
	if len(sids) > 1 {
		return nil, false, &ParamError{Field: "friendlyName",
			Reason: fmt.Sprintf("names %d open subaccounts (%s); rename or close all but one", len(sids), strings.Join(sids, ", "))}
	}
	return account, len(sids) == 1, nil
}
