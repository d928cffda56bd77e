package twilio

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/shopspring/decimal"
)

// Spend is what a list of calls or messages cost.
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

// ReconcileParams are the days of a bill.
type ReconcileParams struct {
	// StartDate is the first day, in UTC.
	StartDate time.Time
	// EndDate is the last day, in UTC, all of it.
	EndDate time.Time
}

// Reconciliation compares what items add up to with what Twilio's usage records
// say.
type Reconciliation struct {
	// StartDate and EndDate are the first and the last day, at midnight UTC.
	StartDate, EndDate time.Time
	// Lines has one line for each kind of item and currency.
	Lines []ReconciliationLine
}

// ReconciliationLine is one kind of item in one currency.
type ReconciliationLine struct {
	// Kind is "calls" or "messages".
	Kind string
	// Currency is an ISO 4217 code in capital letters.
	Currency string
	// Items and Unpriced count the items of the kind, in all currencies.
	Items, Unpriced int
	// Sum is what the items add up to.
	Sum decimal.Decimal
	// Official is what the usage records say.
	Official decimal.Decimal
	// Difference is Official less Sum: positive where Twilio bills more than the
	// items show.
	Difference decimal.Decimal
}

// String is a table for people.
func (r *Reconciliation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s to %s (UTC)\n", r.StartDate.Format(time.DateOnly), r.EndDate.Format(time.DateOnly))
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "kind\tcurrency\titems\tunpriced\titems' sum\tusage records\tdifference\t")
	for _, l := range r.Lines {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%s\t%s\t%s\t\n", l.Kind, l.Currency, l.Items, l.Unpriced, l.Sum, l.Official, l.Difference)
	}
	_ = w.Flush() // a strings.Builder takes everything
	return b.String()
}

// Reconcile compares the sums of calls and messages with the usage records of
// the same days, for the account that the client acts on, without its
// subaccounts. Usage records are the official figure. They run behind by
// minutes, and hold charges that calls and messages don't show.
func (s *UsageService) Reconcile(ctx context.Context, params ReconcileParams, opts ...RequestOption) (*Reconciliation, error) {
	first, last := params.StartDate.UTC().Truncate(24*time.Hour), params.EndDate.UTC().Truncate(24*time.Hour)
	if err := firstOf(s.checkDays(params), oneRange("Date", time.Time{}, first, last)); err != nil {
		return nil, refuse("usage.reconcile", err)
	}
	client := s.Records.client
	end := last.AddDate(0, 0, 1)
	calls, err := client.Calls.Spend(ctx, CallListParams{StartTimeAfter: first, StartTimeBefore: end}, opts...)
	if err != nil {
		return nil, err
	}
	messages, err := client.Messages.Spend(ctx, MessageListParams{DateSentAfter: first, DateSentBefore: end}, opts...)
	if err != nil {
		return nil, err
	}
	out := &Reconciliation{StartDate: first, EndDate: last}
	for _, kind := range []struct {
		name       string
		sum        *Spend
		categories []UsageCategory
	}{
		{"calls", calls, []UsageCategory{UsageCategoryCalls}},
		{"messages", messages, []UsageCategory{UsageCategorySMS, UsageCategoryMMS}},
	} {
		official := map[string]decimal.Decimal{}
		for _, category := range kind.categories {
			for record, err := range s.Records.All(ctx, UsageRecordListParams{Category: category, StartDate: first, EndDate: last}) {
				if err != nil {
					return nil, err
				}
				if record.Price.Valid {
					currency := strings.ToUpper(record.PriceUnit)
					official[currency] = official[currency].Add(record.Price.Decimal)
				}
			}
		}
		currencies := maps.Clone(official)
		maps.Copy(currencies, kind.sum.Totals)
		for _, currency := range slices.Sorted(maps.Keys(currencies)) {
			out.Lines = append(out.Lines, ReconciliationLine{
				Kind: kind.name, Currency: currency,
				Items: kind.sum.Items, Unpriced: kind.sum.Unpriced,
				Sum: kind.sum.Totals[currency], Official: official[currency],
				Difference: official[currency].Sub(kind.sum.Totals[currency]),
			})
		}
	}
	return out, nil
}

func (s *UsageService) checkDays(p ReconcileParams) error {
	switch {
	case p.StartDate.IsZero():
		return &ParamError{Field: "StartDate", Reason: "is empty; give the first day"}
	case p.EndDate.IsZero():
		return &ParamError{Field: "EndDate", Reason: "is empty; give the last day"}
	default:
		return nil
	}
}
