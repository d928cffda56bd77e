package twilio

import (
	"context"

	"github.com/shopspring/decimal"
)

// A Balance is the money that an account has left.
//
// See https://support.twilio.com/hc/en-us/articles/360025294494.
type Balance struct {
	// AccountSID is the account that the money belongs to.
	AccountSID string `json:"account_sid"`
	// Balance is the amount left, in Currency. Twilio may not have subtracted
	// the usage of the last few minutes yet.
	Balance decimal.NullDecimal `json:"balance"`
	// Currency is an ISO 4217 code such as USD.
	Currency string `json:"currency"`
}

// A BalanceService reads the balance of the account that the client acts on.
//
// See https://support.twilio.com/hc/en-us/articles/360025294494.
type BalanceService struct{ balance endpoint }

func (s *BalanceService) endpoint() endpoint { return orEmpty(s).balance }

var balances = &route{name: "balance", path: "/Balance"}

// Get reads the balance. Only the main account has one, which all of its
// subaccounts share.
func (s *BalanceService) Get(ctx context.Context, opts ...RequestOption) (*Balance, error) {
	return send[*Balance](ctx, s.endpoint().get(opts))
}
