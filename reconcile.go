package twilio

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/shopspring/decimal"
)

// ReconcileParams are the parameters of [UsageService.Reconcile].
type ReconcileParams struct {
	// StartDate is the first day, in UTC; its time of day is dropped.
	StartDate time.Time
	// EndDate is the last day, in UTC, all of it; its time of day is dropped.
	EndDate time.Time
}

// A Reconciliation compares the sums of calls and messages with Twilio's usage
// records.
type Reconciliation struct {
	// StartDate and EndDate are the first and the last day, at midnight UTC.
	StartDate, EndDate time.Time
	// Lines has one line for each kind of item, channel, direction and currency
	// that has items or charges, sorted by these.
	Lines []ReconciliationLine
}

// A ReconciliationLine is one kind of item in one currency.
type ReconciliationLine struct {
	// Kind is "calls" or "messages".
	Kind string
	// Channel is "voice" (the phone network), "sip", "client" or "trunking" for
	// calls, and "sms", "mms", "whatsapp", "rcs" or another prefix of
	// addresses, such as "messenger", for messages. If Twilio charges a
	// channel's items only in a wider category, they are on the line of that
	// one: "voice" or "channels".
	Channel string
	// Direction is "inbound" or "outbound". It is empty for charges that Twilio
	// doesn't divide by direction, such as those for features; items have one,
	// unless Twilio charges a channel without directions.
	Direction string
	// Currency is an ISO 4217 code in capital letters. Items without one count
	// in the account's; it is empty only if that isn't known.
	Currency string
	// Items is how many items there were on this line, and Unpriced how many of
	// them can still get a price; see [Spend].
	Items, Unpriced int
	// Sum is what the items add up to. Charges are positive.
	Sum decimal.Decimal
	// Official is what the usage records say, positive for charges.
	Official decimal.Decimal
	// Difference is Official minus Sum: positive if Twilio bills more than the
	// items show.
	Difference decimal.Decimal
}

// String formats the reconciliation as a table.
func (r *Reconciliation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s to %s (UTC)\n", r.StartDate.Format(time.DateOnly), r.EndDate.Format(time.DateOnly))
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "kind\tchannel\tdirection\tcurrency\titems\tunpriced\titems' sum\tusage records\tdifference\t")
	for _, l := range r.Lines {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%d\t%s\t%s\t%s\t\n",
			l.Kind, l.Channel, l.Direction, l.Currency, l.Items, l.Unpriced, l.Sum, l.Official, l.Difference)
	}
	_ = w.Flush() // a strings.Builder never fails
	return b.String()
}

// Reconcile compares the sums of calls and messages with the usage records of
// the same days, by channel and direction, for the account that the client acts
// on, without its subaccounts. Usage records are the official figure. They are
// minutes behind, and include charges that calls and messages don't show.
//
// Usage categories nest in ways that Twilio doesn't publish;
// [UsageService.Bill] says what is assumed. No charge is on two lines.
//
// See https://www.twilio.com/docs/usage/api/usage-record.
func (s *UsageService) Reconcile(ctx context.Context, params ReconcileParams, opts ...RequestOption) (*Reconciliation, error) {
	l, err := s.ledger(ctx, "usage.reconcile", params.StartDate, params.EndDate, opts)
	if err != nil {
		return nil, err
	}
	out := &Reconciliation{StartDate: l.first, EndDate: l.last}
	official := l.official()
	for key := range official {
		entry(l.items, key)
	}
	for key, t := range l.items {
		out.Lines = append(out.Lines, ReconciliationLine{
			Kind: key.of.kind, Channel: key.of.name, Direction: key.of.direction, Currency: key.currency,
			Items: t.items, Unpriced: t.unpriced, Sum: t.sum,
			Official: official[key], Difference: official[key].Sub(t.sum),
		})
	}
	slices.SortStableFunc(out.Lines, func(a, b ReconciliationLine) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Channel, b.Channel),
			cmp.Compare(a.Direction, b.Direction), cmp.Compare(a.Currency, b.Currency))
	})
	return out, nil
}
