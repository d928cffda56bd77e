// Billing prints what the customers of a fleet spent on calls and messages in a month, as a table or as CSV, in each
// currency by itself. Customers whose subaccount was closed since are on it too; the main account's own use is not.
//
//	go run ./examples/billing
//	go run ./examples/billing -csv
//	go run ./examples/billing -live -month 2026-01 -csv > january.csv
//
// Live it only reads, and costs nothing. It makes two requests or more for each subaccount, eight subaccounts at a time.
package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func main() { stage.Main(billing()) }

func billing() stage.Example {
	var month string
	var asCSV bool
	return stage.Example{
		Name: "billing",
		Live: []string{"read the calls and messages that all subaccounts had in a month; that is free"},
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&month, "month", "", "the `month`, such as 2026-01 (default: the last one), in UTC")
			flags.BoolVar(&asCSV, "csv", false, "print CSV")
		},
		Fake: fleet,
		Run: func(ctx context.Context, st *stage.Stage) error {
			now := st.Now().UTC()
			from := time.Date(now.Year(), now.Month()-1, 1, 0, 0, 0, 0, time.UTC)
			if month != "" {
				var err error
				if from, err = time.Parse("2006-01", month); err != nil {
					return err
				}
			}
			lines, err := bill(ctx, st.Client, from, from.AddDate(0, 1, 0))
			if err != nil {
				return err // a bill that lacks customers looks like a bill
			}
			if asCSV {
				return writeCSV(st.Out, lines)
			}
			st.Say("%s (UTC)\n", from.Format("January 2006"))
			return writeTable(st.Out, lines)
		},
	}
}

// A line is what one customer spent in one currency.
type line struct {
	customer, account string
	currency          string
	calls, messages   decimal.Decimal
	unpriced          int // in all currencies
}

func (l line) total() decimal.Decimal { return l.calls.Add(l.messages) }

// bill goes through the fleet.
func bill(ctx context.Context, client *twilio.Client, from, to time.Time) ([]line, error) {
	var (
		mu    sync.Mutex
		lines []line
	)
	progress, done := bar()
	defer done()
	err := client.Accounts.ForEach(ctx, twilio.AccountListParams{}, twilio.ForEachParams{Concurrency: 8, Progress: progress},
		func(ctx context.Context, sub *twilio.Client, account *twilio.Account) error {
			calls, err := sub.Calls.Spend(ctx, twilio.CallListParams{StartTimeAfter: from, StartTimeBefore: to})
			if err != nil {
				return err
			}
			messages, err := sub.Messages.Spend(ctx, twilio.MessageListParams{DateSentAfter: from, DateSentBefore: to})
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			lines = append(lines, linesOf(account, calls, messages)...)
			return nil
		})
	slices.SortFunc(lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.customer, b.customer), cmp.Compare(a.account, b.account), cmp.Compare(a.currency, b.currency))
	})
	return lines, err
}

func linesOf(account *twilio.Account, calls, messages *twilio.Spend) []line {
	currencies := maps.Clone(calls.Totals)
	if currencies == nil {
		currencies = map[string]decimal.Decimal{}
	}
	maps.Copy(currencies, messages.Totals)
	if unpriced := calls.Unpriced + messages.Unpriced; len(currencies) == 0 && unpriced > 0 {
		return []line{{customer: account.FriendlyName, account: account.SID, unpriced: unpriced}}
	}
	var lines []line
	for currency := range currencies {
		lines = append(lines, line{
			customer: account.FriendlyName, account: account.SID, currency: currency,
			calls: calls.Totals[currency], messages: messages.Totals[currency], unpriced: calls.Unpriced + messages.Unpriced,
		})
	}
	return lines
}

func writeTable(out io.Writer, lines []line) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "customer\tcalls\tmessages\tnot priced yet\ttotal\tin\t")
	totals := map[string]decimal.Decimal{}
	for _, l := range lines {
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%s\t\n", l.customer, l.calls, l.messages, l.unpriced, l.total(), l.currency)
		if l.currency != "" {
			totals[l.currency] = totals[l.currency].Add(l.total())
		}
	}
	for _, currency := range slices.Sorted(maps.Keys(totals)) {
		fmt.Fprintf(table, "all\t\t\t\t%s\t%s\t\n", totals[currency], currency)
	}
	return table.Flush()
}

func writeCSV(out io.Writer, lines []line) error {
	w := csv.NewWriter(out)
	records := [][]string{{"customer", "account", "currency", "calls", "messages", "total", "not_priced_yet"}}
	for _, l := range lines {
		records = append(records, []string{
			l.customer, l.account, l.currency, l.calls.String(), l.messages.String(), l.total().String(), strconv.Itoa(l.unpriced),
		})
	}
	return w.WriteAll(records)
}

// bar shows the progress, where somebody is watching.
func bar() (progress func(twilio.ForEachProgress), done func()) {
	if info, err := os.Stderr.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil, func() {}
	}
	const width = 40
	progress = func(p twilio.ForEachProgress) {
		// Twilio doesn't say how many accounts there are: the bar starts anew after each forty.
		full := (p.Done-1)%width + 1
		fmt.Fprintf(os.Stderr, "\r[%s%s] %d customers, %d failed", strings.Repeat("=", full), strings.Repeat(" ", width-full), p.Done, p.Failed)
	}
	return progress, func() { fmt.Fprint(os.Stderr, "\r\033[K") }
}

// fleet gives the Twilio in memory some customers, and a past.
func fleet(srv *twiliotest.Server) {
	lastMonth := time.Date(2025, 12, 10, 9, 0, 0, 0, time.UTC)
	charge := func(price string) decimal.NullDecimal {
		return decimal.NewNullDecimal(decimal.RequireFromString(price))
	}
	for i, name := range []string{"Lighthouse", "Nautilus", "Submarine"} {
		sid := srv.AddSubaccount(twilio.Account{FriendlyName: name}).SID
		for hour := range 3 + i {
			srv.AddCall(sid, twilio.Call{
				Status: twilio.CallStatusCompleted, StartTime: lastMonth.Add(time.Duration(hour) * time.Hour), Duration: 60,
				Price: charge("-0.014"), PriceUnit: "USD",
			})
		}
		srv.AddMessage(sid, twilio.Message{
			Status: twilio.MessageStatusDelivered, DateSent: lastMonth, NumSegments: 1, Price: charge("-0.0083"), PriceUnit: "usd",
		})
		srv.AddCall(sid, twilio.Call{Status: twilio.CallStatusCompleted, StartTime: lastMonth.AddDate(0, 1, 0), Price: charge("-99"), PriceUnit: "USD"})
		if name == "Nautilus" {
			srv.AddCall(sid, twilio.Call{Status: twilio.CallStatusCompleted, StartTime: lastMonth, Price: charge("-12"), PriceUnit: "JPY"})
		}
	}
}
