package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// workflow is something that only the SDK does, several requests at once, with
// the fake Twilio of twiliotest on a socket: what it does changes the account.
type workflow func(context.Context) ([]float64, error)

func (w workflow) measure(ctx context.Context, _ *rig, of entry) ([]float64, error) {
	if of.name != entries[0].name {
		return nil, nil
	}
	return w(ctx)
}

// latency is how long each response of the fake takes.
const latency = 20 * time.Millisecond

// prepared is a fake with something for a workflow to do.
type prepared func(srv *twiliotest.Server)

// serve starts a fake whose responses take a while.
func serve(prepare prepared) *twiliotest.Server {
	srv := twiliotest.NewServer()
	prepare(srv)
	srv.Inject(twiliotest.Fault{Delay: latency, Times: -1})
	return srv
}

// compare returns the time of a workflow as a ratio to that of the same, one
// request after another, and how many requests it sends for each item.
func compare(prepare prepared, items int, run func(ctx context.Context, client *twilio.Client, concurrency int) (int, error)) workflow {
	return func(ctx context.Context) ([]float64, error) {
		var took [2]time.Duration
		var requests int
		for i, concurrency := range []int{1, 0} {
			srv := serve(prepare)
			start := time.Now()
			done, err := run(ctx, srv.Client(), concurrency)
			took[i], requests = time.Since(start), len(srv.Requests())
			srv.Close()
			if err != nil {
				return nil, err
			}
			if done != items {
				return nil, fmt.Errorf("%d done, want %d", done, items)
			}
		}
		return []float64{took[1].Seconds() / took[0].Seconds(), float64(requests) / float64(items)}, nil
	}
}

// endAll ends calls in progress, 8 at once by default.
var endAll = compare(func(srv *twiliotest.Server) {
	for range 200 {
		srv.AddCall(srv.AccountSID, twilio.Call{From: "+15005550006", To: "+14155550100", Status: twilio.CallStatusInProgress})
	}
}, 200, func(ctx context.Context, client *twilio.Client, concurrency int) (int, error) {
	ended, err := client.Calls.EndAll(ctx, twilio.EndAllParams{Concurrency: concurrency})
	return len(ended), err
})

const heir = "AC000000000000000000000000000000be"

// transferAll moves numbers, 8 at once by default.
var transferAll = compare(func(srv *twiliotest.Server) {
	srv.AddSubaccounts(twilio.Account{SID: heir})
	for i := range 1000 {
		srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: fmt.Sprintf("+1415555%04d", i)})
	}
}, 1000, func(ctx context.Context, client *twilio.Client, concurrency int) (int, error) {
	report, err := client.IncomingPhoneNumbers.TransferAll(ctx, twilio.TransferParams{To: heir, Concurrency: concurrency})
	return len(report.Moved), err
})

// billedDays are the days of a bill, which have billedPages pages each.
const (
	billedDays     = 10
	billedPages    = 20
	billedPageSize = 50
)

// billPages is a bill of many pages, 10 at once, compared with one page after
// another.
func billPages(ctx context.Context) ([]float64, error) {
	srv := serve(func(srv *twiliotest.Server) {
		price := decimal.NewNullDecimal(decimal.RequireFromString("-0.01"))
		for day := range billedDays {
			for i := range billedPages * billedPageSize {
				at := today().AddDate(0, 0, -day).Add(time.Duration(i) * time.Second)
				srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusCompleted, Price: price, PriceUnit: "USD", StartTime: at, EndTime: at})
			}
		}
	})
	defer srv.Close()
	var took [2]time.Duration
	for i, opt := range []twilio.RequestOption{twilio.WithLookahead(0), twilio.WithParallelism(10)} {
		start := time.Now()
		sum, err := srv.Client().Calls.Spend(ctx, twilio.CallListParams{PageSize: billedPageSize,
			StartTimeAfter: today().AddDate(0, 0, 1-billedDays), StartTimeBefore: today().AddDate(0, 0, 1)}, opt)
		took[i] = time.Since(start)
		if err != nil {
			return nil, err
		}
		if sum.Items != billedDays*billedPages*billedPageSize {
			return nil, fmt.Errorf("%d calls in the bill", sum.Items)
		}
	}
	return []float64{took[1].Seconds() / took[0].Seconds()}, nil
}

func today() time.Time { return time.Now().UTC().Truncate(24 * time.Hour) }

// billFleet is the bills of many customers with a call each, whose pages may be
// read at once: as many requests as without, since no list is worth dividing.
func billFleet(ctx context.Context) ([]float64, error) {
	const customers = 1000
	srv := twiliotest.NewServer()
	defer srv.Close()
	for i := range customers {
		sid := fmt.Sprintf("AC%032d", i)
		srv.AddSubaccounts(twilio.Account{SID: sid})
		srv.AddCall(sid, twilio.Call{Status: twilio.CallStatusCompleted, StartTime: today(), EndTime: today()})
	}
	var requests [2]int
	for i, opts := range [][]twilio.RequestOption{nil, {twilio.WithParallelism(10)}} {
		before := len(srv.Requests())
		err := srv.Client().Accounts.ForEach(ctx, twilio.AccountListParams{}, twilio.ForEachParams{},
			func(ctx context.Context, sub *twilio.Client, _ *twilio.Account) error {
				bill, err := sub.Usage.Bill(ctx, twilio.BillParams{StartDate: today().AddDate(0, 0, -30), EndDate: today()}, opts...)
				if err == nil && bill.AccountSID != sub.AccountSID() {
					err = errors.New("the bill of another account")
				}
				return err
			})
		if err != nil {
			return nil, err
		}
		requests[i] = len(srv.Requests()) - before
	}
	return []float64{float64(requests[1]) / float64(requests[0])}, nil
}

// busyWorkers is how much of their time the workers of ForEach work, where one
// account in 500 takes a hundred times as long as the others.
func busyWorkers(ctx context.Context) ([]float64, error) {
	const accounts, workers, quick = 5000, 8, 10 * time.Millisecond
	srv := serve(func(srv *twiliotest.Server) {
		for range accounts {
			srv.AddSubaccounts(twilio.Account{})
		}
	})
	defer srv.Close()
	var visited, worked atomic.Int64
	start := time.Now()
	err := srv.Client().Accounts.ForEach(ctx, twilio.AccountListParams{}, twilio.ForEachParams{Concurrency: workers},
		func(context.Context, *twilio.Client, *twilio.Account) error {
			begun, work := time.Now(), quick
			if visited.Add(1)%500 == 1 {
				work *= 100
			}
			time.Sleep(work)
			worked.Add(int64(time.Since(begun)))
			return nil
		})
	if err == nil && visited.Load() != accounts {
		err = fmt.Errorf("visited %d accounts", visited.Load())
	}
	return []float64{float64(worked.Load()) / float64(workers*time.Since(start))}, err
}
