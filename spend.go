package twilio

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Spend is what a list of calls or messages cost.
//
// The records of a closed account can be read for 30 days; then Twilio deletes
// them with the account, where automatic deletion is on. Bill it before.
type Spend struct {
	// Items is how many calls or messages there were.
	Items int
	// Unpriced is how many of them have no price yet. Their charges are missing
	// from Totals: ask again later.
	Unpriced int
	// Duration is the length of all the calls together.
	Duration time.Duration
	// Segments is how many segments all the messages had together.
	Segments int
	// Totals has the exact sum in each currency, by its ISO 4217 code in capital
	// letters. Charges are positive here, where Twilio's prices are negative.
	Totals map[string]decimal.Decimal
}

func (s *Spend) add(price decimal.NullDecimal, currency string) {
	s.Items++
	if !price.Valid {
		s.Unpriced++
		return
	}
	if s.Totals == nil {
		s.Totals = map[string]decimal.Decimal{}
	}
	currency = strings.ToUpper(currency)
	s.Totals[currency] = s.Totals[currency].Sub(price.Decimal)
}

// Spend adds up what the calls that match cost, in each currency by itself.
//
// Twilio's page on subaccounts speaks of "the product of price and duration".
// By the definition of the field, Price is the charge for the whole call
// already, and multiplying it would bill a call of ten minutes six hundredfold:
// so this sums prices.
//
// The official figure, with charges that aren't on the call itself, is that of
// [UsageService]; [UsageService.Reconcile] compares the two.
func (s *CallService) Spend(ctx context.Context, params CallListParams, opts ...RequestOption) (*Spend, error) {
	return spend(s.All(ctx, params, opts...), func(sum *Spend, call *Call) {
		sum.Duration += time.Duration(call.Duration) * time.Second
		sum.add(call.Price, call.PriceUnit)
	})
}

// Spend adds up what the messages that match cost, in each currency by itself.
// Price is the charge for the whole message, all its segments included.
func (s *MessageService) Spend(ctx context.Context, params MessageListParams, opts ...RequestOption) (*Spend, error) {
	return spend(s.All(ctx, params, opts...), func(sum *Spend, message *Message) {
		sum.Segments += message.NumSegments
		sum.add(message.Price, message.PriceUnit)
	})
}

// spend adds up a list. An error in the middle gives no sum: a part of a bill
// looks like a bill.
func spend[T any](items iter.Seq2[*T, error], add func(*Spend, *T)) (*Spend, error) {
	sum := &Spend{}
	for item, err := range items {
		if err != nil {
			return nil, err
		}
		add(sum, item)
	}
	return sum, nil
}
