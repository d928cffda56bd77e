package twilio

import (
	"context"

	"github.com/shopspring/decimal"
)

// Balance is what is left of an account's money.
//
// See https://support.twilio.com/hc/en-us/articles/360025294494.
type Balance struct {
	// AccountSID is the account that the money belongs to.
	AccountSID string `json:"account_sid"`
	// Balance is the amount left, in Currency. What was used in the last minutes
	// may not be subtracted yet.
	Balance decimal.NullDecimal `json:"balance"`
	// Currency is an ISO 4217 code such as USD.
	Currency string `json:"currency"`
}

// BalanceService reads the balance of the account that the client acts on.
//
// See https://support.twilio.com/hc/en-us/articles/360025294494.
type BalanceService struct{ balance endpoint }

var balances = &route{name: "balance", path: "/Balance"}

// Get reads the balance. Only the main account has one: all subaccounts use it
// up.
func (s *BalanceService) Get(ctx context.Context, opts ...RequestOption) (*Balance, error) {
	return get[Balance](ctx, s.balance, opts)
}
