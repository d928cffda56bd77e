package twilio

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/shopspring/decimal"
)

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
	if err := firstError(s.checkDays(params), oneRange("Date", time.Time{}, first, last)); err != nil {
		return nil, withOperation("usage.reconcile", err)
	}
	client := s.Records.records.client
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
