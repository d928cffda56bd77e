// Command fleet starts several processes that make as many requests as they
// can, against one fake Twilio with a limit that they don't know, and prints
// how much of the limit they use and how many requests were refused.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/adaptivelimit"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func main() {
	processes := flag.Int("processes", 4, "how many `processes` to start")
	limit := flag.Int("limit", 20, "how many `requests` of an account the fake Twilio accepts at once")
	latency := flag.Duration("latency", 50*time.Millisecond, "how `long` each request takes")
	length := flag.Duration("time", 10*time.Second, "how `long` to make requests")
	unlimited := flag.Bool("unlimited", false, "leave out the limiter, to compare")
	worker := flag.String("worker", "", "be one of the processes, for the fake at this `URL`; the parent sets it")
	begin := flag.Int64("begin", 0, "when a worker begins, in Unix `milliseconds`; the parent sets it")
	flag.Parse()
	var err error
	if *worker != "" {
		err = work(*worker, time.UnixMilli(*begin), *length, *unlimited)
	} else {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		err = run(ctx, *processes, *limit, *latency, *length)
		stop()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

// run starts the processes and counts what the fake served.
func run(ctx context.Context, processes, limit int, latency, length time.Duration) error {
	srv := twiliotest.NewServer(twiliotest.WithConcurrencyLimit(limit), twiliotest.WithRequestLog(1<<20))
	defer srv.Close()
	srv.Inject(twiliotest.Fault{Delay: latency, Times: -1})
	begin := time.Now().Add(2 * time.Second) // once all are ready
	errs := make([]error, processes)
	var workers sync.WaitGroup
	for i := range processes {
		workers.Go(func() {
			// The last argument of a name counts, so that the parent's pass.
			args := append(os.Args[1:len(os.Args):len(os.Args)], "-worker", srv.URL, "-begin", fmt.Sprint(begin.UnixMilli()))
			cmd := exec.CommandContext(ctx, os.Args[0], args...) //nolint:gosec // this program again
			cmd.Stderr = os.Stderr
			cmd.Env = append(os.Environ(), "TWILIO_ACCOUNT_SID="+srv.AccountSID, "TWILIO_AUTH_TOKEN="+srv.AuthToken)
			errs[i] = cmd.Run()
		})
	}
	workers.Wait()
	served, refused := 0, 0
	for _, r := range srv.Requests() {
		if r.Status == http.StatusTooManyRequests {
			refused++
		} else {
			served++
		}
	}
	allowed := float64(limit) * length.Seconds() / latency.Seconds()
	fmt.Printf("%d requests served, %.2f of what the limit allows; %d refused, %.1f %%\n",
		served, float64(served)/allowed, refused, 100*float64(refused)/float64(served+refused))
	return errors.Join(errs...)
}

// work makes requests, 40 at once unless the limiter holds them back.
func work(url string, begin time.Time, length time.Duration, unlimited bool) error {
	opts := []twilio.Option{twilio.WithBaseURL(url)}
	if !unlimited {
		opts = append(opts, twilio.WithTransport(adaptivelimit.New))
	}
	client, err := twilio.NewClientFromEnv(opts...)
	if err != nil {
		return err
	}
	<-time.After(time.Until(begin))
	ctx, cancel := context.WithTimeout(context.Background(), length)
	defer cancel()
	var requests sync.WaitGroup
	for range 40 {
		requests.Go(func() {
			for ctx.Err() == nil {
				if _, err := client.Balance.Get(ctx); err != nil { // the parent counts
					<-time.After(time.Second)
				}
			}
		})
	}
	requests.Wait()
	return nil
}
