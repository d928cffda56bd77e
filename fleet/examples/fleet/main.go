// Fleet makes the bills of 1,000 subaccounts in a durable run, and writes them
// as CSV:
//
//	go run ./examples/fleet
//
// Twilio is an in-memory fake, and the run is in a SQLite file: there is nothing
// to set up. End the program with Ctrl-C and start it again with the same -dir,
// and it goes on where it was. With -postgres the run is in PostgreSQL instead.
package main

import (
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetpg"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetsqlite"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out *os.File) error {
	flags := flag.NewFlagSet("fleet", flag.ContinueOnError)
	accounts := flags.Int("accounts", 1000, "how many subaccounts the fake Twilio has")
	atOnce := flags.Int("at-once", 16, "how many bills are made at once")
	dir := flags.String("dir", "", "`folder` for fleet.db and bills.csv (default a new one)")
	postgres := flags.String("postgres", "", "`URL` of a PostgreSQL database to use instead of fleet.db")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *dir == "" {
		var err error
		if *dir, err = os.MkdirTemp("", "fleet"); err != nil {
			return err
		}
	}
	store, closeStore, err := open(ctx, *dir, *postgres)
	if err != nil {
		return err
	}
	defer closeStore()
	srv := newTwilio(*accounts) //nolint:contextcheck // the fake has no contexts
	defer srv.Close()

	// From here on, it is what a program of yours does.
	f, err := fleet.Open(ctx, srv.Client(), store,
		fleet.WithConcurrency(*atOnce), fleet.WithLogger(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))))
	if err != nil {
		return err
	}
	working, stopWork := context.WithCancel(ctx)
	worked := make(chan error, 1)
	go func() { worked <- f.Work(working, *atOnce, fleet.Bill) }()

	const id = "bills-2026-10"
	err = fleet.Bill.Start(ctx, f, id, twilio.AccountListParams{}, october)
	if err == nil {
		err = watch(ctx, out, f, id)
	}
	stopWork()
	if err = errors.Join(err, <-worked); err != nil {
		return err
	}
	return report(ctx, out, f, id, filepath.Join(*dir, "bills.csv"), *postgres, filepath.Join(*dir, "fleet.db"))
}

func open(ctx context.Context, dir, postgres string) (store fleet.Store, closeStore func(), err error) {
	if postgres == "" {
		file, err := fleetsqlite.Open(filepath.Join(dir, "fleet.db"))
		if err != nil {
			return nil, nil, err
		}
		return file, func() { _ = file.Close() }, nil
	}
	pool, err := pgxpool.New(ctx, postgres)
	if err != nil {
		return nil, nil, err
	}
	return fleetpg.New(pool), pool.Close, nil
}

// watch shows how far the run is: as a bar on a terminal, or else as lines.
func watch(ctx context.Context, out *os.File, f *fleet.Fleet, run string) error {
	info, err := out.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	begin := time.Now()
	for p, err := range f.Watch(ctx, run) {
		if err != nil {
			return err
		}
		const width = 40
		done := 0
		if p.Total > 0 {
			done = width * p.Done / p.Total
		}
		line := fmt.Sprintf("[%s%s] %d of %d, %d failed, %s", strings.Repeat("#", done), strings.Repeat(".", width-done),
			p.Done, p.Total, p.Failed, time.Since(begin).Round(100*time.Millisecond))
		if terminal {
			line = "\r" + line
		}
		if !terminal || p.Over() {
			line += "\n"
		}
		fmt.Fprint(out, line)
	}
	return nil
}

// report writes the bills, and says where they are.
func report(ctx context.Context, out io.Writer, f *fleet.Fleet, run, name, postgres, db string) error {
	file, err := os.Create(name) //nolint:gosec // in the folder that the user chose
	if err != nil {
		return err
	}
	defer file.Close()
	w := csv.NewWriter(file)
	total, failed := map[string]decimal.Decimal{}, 0
	_ = w.Write([]string{"account_sid", "lines", "currency", "total"})
	for item, err := range fleet.Bill.Results(ctx, f, run) {
		if err != nil {
			return err
		}
		if item.Err != nil {
			failed++
			continue
		}
		for _, currency := range slices.Sorted(maps.Keys(item.Result.Totals)) {
			amount := item.Result.Totals[currency]
			total[currency] = total[currency].Add(amount)
			_ = w.Write([]string{item.Key, strconv.Itoa(len(item.Result.Lines)), currency, amount.String()})
		}
	}
	w.Flush()
	if err := errors.Join(w.Error(), file.Close()); err != nil {
		return err
	}
	for _, currency := range slices.Sorted(maps.Keys(total)) {
		fmt.Fprintf(out, "total    %s %s\n", total[currency], currency)
	}
	fmt.Fprintf(out, "failed   %d\nbills    %s\n", failed, name)
	flag := "-db " + db
	if postgres != "" {
		flag = "-postgres URL"
	}
	fmt.Fprintf(out, "riverui  go run -C fleet/examples/riverui . %s\n", flag)
	return nil
}

var (
	october = fleet.Days{From: date(2026, time.October, 1), To: date(2026, time.October, 31)}
	today   = date(2026, time.November, 2)
)

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// newTwilio returns a fake whose subaccounts have sent some messages. Started
// again, it is the same.
func newTwilio(accounts int) *twiliotest.Server {
	srv := twiliotest.NewServer(twiliotest.WithStart(today), twiliotest.WithRequestLog(0))
	for i := range accounts {
		account := srv.AddSubaccount(twilio.Account{FriendlyName: fmt.Sprintf("customer %04d", i)})
		messages := make([]twilio.Message, i%5)
		for n := range messages {
			messages[n] = twilio.Message{
				From: "+14155550100", To: "+14155550123", Status: twilio.MessageStatusDelivered,
				DateSent: october.From.AddDate(0, 0, n), NumSegments: 1,
				Price: decimal.NewNullDecimal(decimal.New(-79, -4)), PriceUnit: "USD",
			}
		}
		srv.AddMessages(account.SID, messages...)
	}
	return srv
}
