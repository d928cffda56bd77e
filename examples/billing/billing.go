package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"sync"
	"text/tabwriter"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// A Customer is one subaccount on a bill.
type Customer struct {
	Name, AccountSID string
	Calls, Messages  *twilio.Spend
}

// unpriced returns how many calls and messages have no price yet.
func (c Customer) unpriced() int {
	return c.Calls.Unpriced + c.Messages.Unpriced
}

// Bill returns what each subaccount spent on calls and messages from a time,
// inclusive, to another, exclusive, in the order of their names. It leaves out
// what Twilio charges for phone numbers, recordings and the like:
// [twilio.UsageService.Bill] has all of it, for whole days. It includes closed
// subaccounts, whose history can still be read, and excludes the main account,
// which the client acts on.
//
// It makes at least two requests for each subaccount, and reads eight
// subaccounts at a time. The progress function is called after each of them; it
// may be nil. An error means no bill: one that lacks customers looks complete.
func Bill(
	ctx context.Context, client *twilio.Client, from, to time.Time,
	progress func(twilio.ForEachProgress),
) ([]Customer, error) {
	var (
		mu        sync.Mutex
		customers []Customer
	)
	read := func(
		ctx context.Context, sub *twilio.Client, account *twilio.Account,
	) error {
		calls, err := sub.Calls.Spend(ctx, twilio.CallListParams{
			StartTimeAfter: from, StartTimeBefore: to,
		})
		if err != nil {
			return err
		}
		messages, err := sub.Messages.Spend(ctx, twilio.MessageListParams{
			DateSentAfter: from, DateSentBefore: to,
		})
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		customers = append(customers, Customer{
			Name:       account.FriendlyName,
			AccountSID: account.SID,
			Calls:      calls,
			Messages:   messages,
		})
		return nil
	}
	err := client.Accounts.ForEach(ctx, twilio.AccountListParams{},
		twilio.ForEachParams{Concurrency: 8, Progress: progress}, read)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(customers, func(a, b Customer) int {
		return cmp.Or(
			cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.AccountSID, b.AccountSID))
	})
	return customers, nil
}

// WriteTable writes a bill as a table, with a line for each customer and
// currency, and the totals.
func WriteTable(w io.Writer, customers []Customer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table,
		"customer\tcalls\tmessages\tunpriced\ttotal\tcurrency\t")
	for _, c := range customers {
		for _, currency := range lines(c) {
			fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%s\t\n", c.Name,
				c.Calls.Totals[currency], c.Messages.Totals[currency],
				c.unpriced(), total(currency, c), currency)
		}
	}
	for _, currency := range currencies(customers...) {
		fmt.Fprintf(table, "all\t\t\t\t%s\t%s\t\n",
			total(currency, customers...), currency)
	}
	return table.Flush()
}

// WriteCSV writes a bill as CSV, with a header, and a record for each customer
// and currency.
func WriteCSV(w io.Writer, customers []Customer) error {
	records := [][]string{{
		"customer", "account", "currency", "calls", "messages", "total",
		"unpriced",
	}}
	for _, c := range customers {
		for _, currency := range lines(c) {
			records = append(records, []string{
				c.Name, c.AccountSID, currency,
				c.Calls.Totals[currency].String(),
				c.Messages.Totals[currency].String(),
				total(currency, c), strconv.Itoa(c.unpriced()),
			})
		}
	}
	return csv.NewWriter(w).WriteAll(records)
}

// lines returns the currencies of a customer's lines: one without a currency
// where nothing has a price yet, and none where there is nothing to bill.
func lines(c Customer) []string {
	if own := currencies(c); len(own) > 0 || c.unpriced() == 0 {
		return own
	}
	return []string{""}
}

// currencies returns the currencies in which the customers spent, sorted.
func currencies(customers ...Customer) []string {
	var all []string
	for _, c := range customers {
		all = slices.AppendSeq(all, maps.Keys(c.Calls.Totals))
		all = slices.AppendSeq(all, maps.Keys(c.Messages.Totals))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// total adds up what the customers spent in a currency.
func total(currency string, customers ...Customer) string {
	var none twilio.Spend
	sum := none.Totals[currency] // zero
	for _, c := range customers {
		sum = sum.Add(c.Calls.Totals[currency])
		sum = sum.Add(c.Messages.Totals[currency])
	}
	return sum.String()
}
