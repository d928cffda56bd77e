// Billing prints what the customers of a fleet spent on calls and messages in a
// month, as a table or as CSV, each currency on its own. It includes customers
// whose subaccount was closed since, and excludes the main account's own use.
// The file to copy is billing.go. For the whole bill of a customer, phone
// numbers and recordings included, use Usage.Bill of the SDK.
//
//	go run ./examples/billing
//	go run ./examples/billing -csv
//	go run ./examples/billing -live -month 2026-01
//
// Live, it only reads, and is free.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func main() { stage.Main(example()) }

func example() stage.Example {
	var month string
	var asCSV bool
	return stage.Example{
		Name: "billing",
		Live: []string{
			"read the calls and messages of a month in all subaccounts;",
			"that is free",
		},
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&month, "month", "",
				"`month` in UTC, such as 2026-01; last month by default")
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
			progress, done := progressBar()
			bill, err := Bill(ctx, st.Client, from, from.AddDate(0, 1, 0), progress)
			done()
			if err != nil {
				return err
			}
			if asCSV {
				return WriteCSV(st.Out, bill)
			}
			st.Printf("%s (UTC)\n\n", from.Format("January 2006"))
			return WriteTable(st.Out, bill)
		},
	}
}

// progressBar shows the progress where stderr is a terminal.
func progressBar() (progress func(twilio.ForEachProgress), done func()) {
	info, err := os.Stderr.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil, func() {}
	}
	const width = 40
	progress = func(p twilio.ForEachProgress) {
		// Twilio doesn't say how many accounts there are: after each 40 the bar
		// starts again.
		full := (p.Done-1)%width + 1
		fmt.Fprintf(os.Stderr, "\r[%s%s] %d done, %d failed",
			strings.Repeat("=", full), strings.Repeat(" ", width-full),
			p.Done, p.Failed)
	}
	return progress, func() { fmt.Fprint(os.Stderr, "\r\033[K") }
}

// fleet adds customers and their history to the fake.
func fleet(srv *twiliotest.Server) {
	lastMonth := time.Date(2025, 12, 10, 9, 0, 0, 0, time.UTC)
	call := func(account string, start time.Time, price, currency string) {
		srv.AddCall(account, twilio.Call{
			Status:    twilio.CallStatusCompleted,
			StartTime: start,
			Duration:  60,
			Price:     decimal.NewNullDecimal(decimal.RequireFromString(price)),
			PriceUnit: currency,
		})
	}
	for i, name := range []string{"Lighthouse", "Nautilus", "Submarine"} {
		sid := srv.AddSubaccount(twilio.Account{FriendlyName: name}).SID
		for hour := range 3 + i {
			start := lastMonth.Add(time.Duration(hour) * time.Hour)
			call(sid, start, "-0.014", "USD")
		}
		call(sid, lastMonth.AddDate(0, 1, 0), "-99", "USD")
		if name == "Nautilus" {
			call(sid, lastMonth, "-12", "JPY")
		}
		srv.AddMessage(sid, twilio.Message{
			Status:      twilio.MessageStatusDelivered,
			DateSent:    lastMonth,
			NumSegments: 1,
			Price:       decimal.NewNullDecimal(decimal.RequireFromString("-0.0083")),
			PriceUnit:   "usd",
		})
	}
}
