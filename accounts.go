package twilio

import (
	"context"
	"iter"
	"time"
)

// An AccountStatus is the state of an account. The set is open: a value that is
// not among the constants passes through.
type AccountStatus string

// The states of an account. Active and suspended change into each other;
// closed is permanent.
const (
	AccountStatusActive    AccountStatus = "active"
	AccountStatusSuspended AccountStatus = "suspended"
	AccountStatusClosed    AccountStatus = "closed"
)

// An AccountType tells trial accounts from paying ones.
type AccountType string

// The types of an account.
const (
	AccountTypeTrial AccountType = "Trial"
	AccountTypeFull  AccountType = "Full"
)

// An Account is a Twilio account: the main account, or a subaccount that it
// owns.
//
// See https://www.twilio.com/docs/iam/api/account and
// https://www.twilio.com/docs/iam/api/subaccounts.
type Account struct {
	// SID identifies the account: AC and 32 hex digits.
	SID string `json:"sid"`
	// OwnerAccountSID is the main account's SID. The main account owns itself.
	OwnerAccountSID string `json:"owner_account_sid"`
	// FriendlyName is a description, at most 64 characters. It need not be
	// unique.
	FriendlyName string `json:"friendly_name"`
	// Status is active, suspended or closed.
	Status AccountStatus `json:"status"`
	// Type is Trial or Full.
	Type AccountType `json:"type"`
	// AuthToken is the account's password for the API. It is empty when the
	// request was authenticated with an API key.
	AuthToken Secret `json:"auth_token"`
	// DateCreated is when the account was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the account was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// SubresourceURIs has the paths of what the account holds, by name
	// ("calls", "recordings", …). [Client.Do] accepts them unchanged.
	SubresourceURIs SubresourceURIs `json:"subresource_uris"`
	// URI is the account's own path.
	URI string `json:"uri"`
}

// Credentials returns the account's own SID and AuthToken, which reach this
// account and nothing else. If the account was read with an API key, Twilio
// left the token out of its response, and requests made with the credentials
// are refused with a [*ParamError].
func (a *Account) Credentials() Credentials {
	return AuthToken(a.SID, a.AuthToken.Reveal())
}

func (a *Account) current() map[string]string {
	return map[string]string{"FriendlyName": a.FriendlyName, "Status": string(a.Status)}
}

// AccountCreateParams are the parameters of [AccountService.Create].
type AccountCreateParams struct {
	// FriendlyName describes the account, in at most 64 characters. The
	// customer's key in your own database is a good choice. Twilio's default is
	// "SubAccount Created at {date and time}".
	FriendlyName string `url:"FriendlyName,omitempty"`
}

func (AccountCreateParams) check(r *request) error { return checkFriendlyName(r.form) }

// AccountUpdateParams are the parameters of [AccountService.Update]. A nil
// field leaves its value unchanged.
type AccountUpdateParams struct {
	// FriendlyName describes the account, in at most 64 characters.
	FriendlyName *string `url:"FriendlyName,omitempty"`
	// Status suspends, reactivates or closes the account. Closing releases its
	// phone numbers and can't be undone.
	Status *AccountStatus `url:"Status,omitempty"`
}

func (AccountUpdateParams) check(r *request) error {
	if status := r.form.Get("Status"); r.form.Has("Status") && status != string(AccountStatusActive) && r.args[0] == r.account {
		return &ParamError{Field: "Status", Reason: "can't suspend or close the account that the credentials belong to; pass a subaccount's SID"}
	}
	return checkFriendlyName(r.form)
}

// AccountListParams are the filters of [AccountService.List] and
// [AccountService.All].
type AccountListParams struct {
	// FriendlyName selects accounts of exactly this name.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// Status selects accounts in this state.
	Status AccountStatus `url:"Status,omitempty"`
	// Limit ends the list after so many accounts; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many accounts one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p AccountListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// An AccountService creates, reads and updates the accounts that belong to the
// client's credentials. It always uses the credentials' own account, whichever
// subaccount [Client.Subaccount] has selected.
//
// See https://www.twilio.com/docs/iam/api/subaccounts.
type AccountService struct{ accounts endpoint }

func (s *AccountService) endpoint() endpoint { return orEmpty(s).accounts }

var accounts = &route{name: "accounts", path: "/Accounts/{sid:AC}", list: "accounts"}

// Create creates a subaccount. The client never retries it once it may have
// reached Twilio: after an error that matches [ErrOutcomeUnknown], check with
// List whether the account exists before you create another.
//
// Twilio refuses it with [CodeTooManySubaccounts] at the limit (1,000; trial
// accounts: 1), and with [CodeSubaccountNotAllowed] for a subaccount's own
// credentials.
func (s *AccountService) Create(ctx context.Context, params AccountCreateParams, opts ...RequestOption) (*Account, error) {
	return send[*Account](ctx, s.endpoint().create(params, opts))
}

// Get reads one account, the main account or a subaccount.
func (s *AccountService) Get(ctx context.Context, sid string, opts ...RequestOption) (*Account, error) {
	return send[*Account](ctx, s.endpoint().get(opts, sid))
}

// Update renames an account or changes its status. Changing the status requires
// the main account's credentials. The main account itself can be neither
// suspended nor closed: the client refuses that with a [*ParamError].
//
// Suspending doesn't end calls in progress, and phone numbers keep costing
// money. Closing is permanent and releases every phone number at once.
//
// Twilio refuses to change a closed account with [CodeSubaccountClosed].
func (s *AccountService) Update(ctx context.Context, sid string, params AccountUpdateParams, opts ...RequestOption) (*Account, error) {
	return send[*Account](ctx, s.endpoint().update(params, opts, sid))
}

// List returns the first page of the accounts that match, which may include the
// main account.
func (s *AccountService) List(ctx context.Context, params AccountListParams, opts ...RequestOption) (*Page[Account], error) {
	return pageOf[Account](ctx, s.endpoint().query(params, opts))
}

// All iterates over the accounts that match, which may include the main
// account, fetching pages as they are needed.
func (s *AccountService) All(ctx context.Context, params AccountListParams, opts ...RequestOption) iter.Seq2[*Account, error] {
	return all[*Account](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *AccountService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[Account], error) {
	return pageOf[Account](ctx, s.endpoint().resumed(cursor, opts))
}
