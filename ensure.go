package twilio

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Ensure returns the subaccount of exactly this name that isn't closed, and
// creates it if there is none; created says which. It never returns the main
// account, whatever its name. If several subaccounts have the name, the error
// is a [*DuplicateAccountsError].
//
// A name that begins or ends with white space, or has control characters, is
// refused with a [*ParamError]: Twilio may store it trimmed, so that the next
// run would not find the account and create another.
//
// Running it again after any error creates no second account: if the outcome of
// the create is unknown, Ensure looks for the account, and looks again at the
// beginning of the next run.
//
// Twilio doesn't keep names unique, so two processes that run Ensure for one
// name at the same time may each create an account. Let only one process at a
// time run it, for example with a lock on the customer's row of your database.
// If it has happened, [AccountService.Duplicates] helps to resolve it.
//
// The options apply to each request.
//
// See https://www.twilio.com/docs/iam/api/subaccounts.
func (s *AccountService) Ensure(ctx context.Context, friendlyName string, opts ...RequestOption) (account *Account, created bool, err error) {
	const operation = "accounts.ensure"
	if err := firstError(s.endpoint().ready(), checkComparable("friendlyName", friendlyName), checkLength("friendlyName", friendlyName, 64), checkWorkflowOptions(opts)); err != nil {
		return nil, false, withOperation(operation, err)
	}
	account, created, err = findOrCreate(
		func() (*Account, error) { return s.findByName(ctx, friendlyName, opts) },
		func() (*Account, error) {
			return s.Create(ctx, AccountCreateParams{FriendlyName: friendlyName}, opts...)
		},
	)
	return account, created, withOperation(operation, err)
}

// checkComparable refuses a name that may not come back as it was sent.
func checkComparable(field, name string) error {
	unseen := func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }
	switch {
	case name == "":
		return &ParamError{Field: field, Reason: "is empty; set it, because it is what a later run looks for"}
	case strings.TrimFunc(name, unseen) != name:
		return &ParamError{Field: field, Reason: "begins or ends with white space, which Twilio may remove; trim it"}
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return &ParamError{Field: field, Reason: "has control characters or isn't UTF-8, which Twilio may change; remove them"}
	default:
		return nil
	}
}

// findByName finds the one open subaccount of a name, or nil.
func (s *AccountService) findByName(ctx context.Context, friendlyName string, opts []RequestOption) (*Account, error) {
	var found []*Account
	for account, err := range s.openByName(ctx, friendlyName, opts) {
		if err != nil {
			return nil, err
		}
		found = append(found, account)
	}
	switch len(found) {
	case 0:
		return nil, nil //nolint:nilnil // finding none isn't an error
	case 1:
		return found[0], nil
	default:
		return nil, &DuplicateAccountsError{FriendlyName: friendlyName, Accounts: oldestFirst(found)}
	}
}

// openByName iterates over the open subaccounts of exactly this name.
func (s *AccountService) openByName(ctx context.Context, friendlyName string, opts []RequestOption) iter.Seq2[*Account, error] {
	return func(yield func(*Account, error) bool) {
		for a, err := range s.All(ctx, AccountListParams{FriendlyName: friendlyName}, strictly(opts)...) {
			other := err == nil && (a.FriendlyName != friendlyName || a.Status == AccountStatusClosed || a.SID == a.OwnerAccountSID)
			if !other && !yield(a, err) {
				return
			}
		}
	}
}

func oldestFirst(accounts []*Account) []*Account {
	slices.SortStableFunc(accounts, func(a, b *Account) int {
		return cmp.Or(a.DateCreated.Compare(b.DateCreated), cmp.Compare(a.SID, b.SID))
	})
	return accounts
}

// A DuplicateAccountsError says that several open subaccounts have the name
// that [AccountService.Ensure] was called with. [AccountService.Duplicates]
// says which of them can be closed. It unwraps to a [*ParamError].
type DuplicateAccountsError struct {
	// FriendlyName is the name.
	FriendlyName string
	// Accounts are the subaccounts of this name that aren't closed, oldest
	// first.
	Accounts []*Account
}

// Error names the accounts by their SIDs, and not the customer.
func (e *DuplicateAccountsError) Error() string { return e.paramError().Error() }

// Unwrap returns the same as a [*ParamError].
func (e *DuplicateAccountsError) Unwrap() error { return e.paramError() }

// LogValue makes slog print the error as a group, without the name.
func (e *DuplicateAccountsError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("operation", "accounts.ensure"), slog.Any("accounts", e.sids()))
}

func (e *DuplicateAccountsError) sids() (sids []string) {
	for _, account := range e.Accounts {
		sids = append(sids, account.SID)
	}
	return sids
}

func (e *DuplicateAccountsError) paramError() *ParamError {
	return &ParamError{Operation: "accounts.ensure", Field: "friendlyName", Reason: fmt.Sprintf(
		"names %d open subaccounts (%s; oldest first); close or rename all but one, see Duplicates", len(e.Accounts), joinSIDs(e.sids()))}
}

// A DuplicateAccount is one of several open subaccounts with the same name.
type DuplicateAccount struct {
	// Account is the subaccount.
	Account *Account
	// Holds names what the account has or has done: "calls", "messages", "phone
	// numbers", "short codes", "addresses", "applications", "caller IDs",
	// "keys", "usage triggers", "queues", "recordings", "SIP domains". Empty
	// for an account that has none of these.
	Holds []string
	// CanClose is true if the account holds nothing and another is the one to
	// keep: the oldest that holds something, or else the oldest.
	CanClose bool
}

// Duplicates returns the open subaccounts of exactly this name, oldest first,
// with the reasons not to close each. It changes nothing. To resolve a
// [*DuplicateAccountsError], close those that can be closed:
//
//	duplicates, err := client.Accounts.Duplicates(ctx, name)
//	…
//	for _, d := range duplicates {
//		if d.CanClose {
//			_, err = client.Accounts.Close(ctx, d.Account.SID, twilio.CloseParams{})
//			…
//		}
//	}
//
// Make sure that no process is setting up one of them at the moment. If several
// hold something, Duplicates can't choose: move what they hold, or rename all
// but one.
//
// It makes 12 requests for each account, besides the list of accounts. It
// doesn't look for what isn't in this API, such as messaging services and
// Studio flows, or for settings made in Twilio's Console. The options apply to
// each request.
func (s *AccountService) Duplicates(ctx context.Context, friendlyName string, opts ...RequestOption) ([]DuplicateAccount, error) {
	const operation = "accounts.duplicates"
	if err := firstError(s.endpoint().ready(), checkComparable("friendlyName", friendlyName), checkWorkflowOptions(opts)); err != nil {
		return nil, withOperation(operation, err)
	}
	var accounts []*Account
	for account, err := range s.openByName(ctx, friendlyName, opts) {
		if err != nil {
			return nil, err
		}
		accounts = append(accounts, account)
	}
	duplicates := make([]DuplicateAccount, len(accounts))
	keep := 0
	for i, account := range oldestFirst(accounts) {
		holds, err := s.endpoint().client.Subaccount(account.SID).holds(ctx, opts)
		if err != nil {
			return nil, err
		}
		duplicates[i] = DuplicateAccount{Account: account, Holds: holds}
		if len(holds) > 0 && len(duplicates[keep].Holds) == 0 {
			keep = i
		}
	}
	for i := range duplicates {
		duplicates[i].CanClose = i != keep && len(duplicates[i].Holds) == 0
	}
	return duplicates, nil
}

// holds names what the client's account has.
func (c *Client) holds(ctx context.Context, opts []RequestOption) (names []string, err error) {
	for _, resource := range []struct {
		name string
		*route
	}{
		{"calls", calls},
		{"messages", messages},
		{"phone numbers", incomingPhoneNumbers},
		{"short codes", shortCodes},
		{"addresses", addresses},
		{"applications", applications},
		{"caller IDs", outgoingCallerIDs},
		{"keys", keys}, // SigningKeys lists the same
		{"usage triggers", usageTriggers},
		{"queues", queues},
		{"recordings", recordings},
		{"SIP domains", sipDomains},
	} {
		page, err := pageOf[identified](ctx, endpoint{client: c, route: resource.route}.query(limited{1}, opts))
		if err != nil {
			return nil, err
		}
		if len(page.Items) > 0 {
			names = append(names, resource.name)
		}
	}
	return names, nil
}
