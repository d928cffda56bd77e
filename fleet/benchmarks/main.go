// Benchmarks measures package fleet: how it compares with ForEach, how it scales
// over processes, how well it keeps its bound and Twilio's limit, and what a
// killed worker costs.
//
//	FLEET_POSTGRES=postgres://… go run ./benchmarks
//
// prints a table. Without FLEET_POSTGRES, it measures SQLite alone. Each figure is
// the median of -rounds rounds, in which the variants take turns.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetpg"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetsqlite"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

const workerEnv = "FLEET_BENCHMARK_WORKER"

var (
	rounds = flag.Int("rounds", 3, "how many rounds")
	only   = flag.String("only", "", "run only the measurements whose name has this in it")
	many   = flag.Int("many", 100_000, "how many accounts the largest run has")
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	if spec := os.Getenv(workerEnv); spec != "" {
		err = worker(ctx, spec)
	} else {
		flag.Parse()
		err = measure(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// get reads the account: one request.
var get = fleet.Define("get", func(ctx context.Context, j *fleet.Job[fleet.None]) (string, error) {
	account, err := j.Client.Accounts.Get(ctx, j.Key)
	if err != nil {
		return "", err
	}
	return account.FriendlyName, nil
})

// nothing does nothing.
var nothing = fleet.Define("nothing", func(context.Context, *fleet.Job[fleet.None]) (fleet.None, error) {
	return fleet.None{}, nil
})

// pages reads the account ten times, with a checkpoint behind each.
var pages = fleet.Define("pages", func(ctx context.Context, j *fleet.Job[fleet.None]) (int, error) {
	page := 0
	if err := j.Resume(&page); err != nil {
		return 0, err
	}
	for page < 10 {
		if _, err := j.Client.Accounts.Get(ctx, j.Key); err != nil {
			return 0, err
		}
		page++
		if err := j.Checkpoint(ctx, page); err != nil {
			return 0, err
		}
	}
	return page, nil
})

// A spec is what a worker process is told.
type spec struct {
	Database, Schema string // Schema is empty for a file
	URL, SID, Token  string
	AtOnce, Bound    int
	WholeRun         bool // and not only work
}

func (s spec) open(ctx context.Context) (f *fleet.Fleet, closed func(), err error) {
	client, err := twilio.NewClient(twilio.AuthToken(s.SID, s.Token), twilio.WithBaseURL(s.URL))
	if err != nil {
		return nil, nil, err
	}
	var store fleet.Store
	if s.Schema != "" {
		pool, err := pgxpool.New(ctx, s.Database)
		if err != nil {
			return nil, nil, err
		}
		store, closed = fleetpg.New(pool, fleetpg.WithSchema(s.Schema)), pool.Close
	} else {
		file, err := fleetsqlite.Open(s.Database)
		if err != nil {
			return nil, nil, err
		}
		store, closed = file, func() { _ = file.Close() }
	}
	f, err = fleet.Open(ctx, client, store, fleet.WithConcurrency(s.Bound))
	return f, closed, err
}

func worker(ctx context.Context, text string) error {
	var s spec
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return err
	}
	f, closed, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer closed()
	if s.WholeRun {
		return wholeRun(ctx, f, s)
	}
	return f.Work(ctx, s.AtOnce, get, nothing, pages)
}

// A rig is a fake Twilio and an empty database.
type rig struct {
	spec
	srv     *twiliotest.Server
	fleet   *fleet.Fleet
	workers []*exec.Cmd
	cleanup []func()

	running, peak, requests atomic.Int64
	limit, refused          atomic.Int64 // of requests at once; 0 for none
}

// newRig makes a fake of n accounts whose requests take so long.
func newRig(kind string, n int, delay time.Duration, bound int) (*rig, error) {
	r := &rig{}
	r.srv = twiliotest.NewUnstartedServer(twiliotest.WithSeed(rand.Text()), twiliotest.WithRequestLog(100_000))
	accounts := make([]twilio.Account, n)
	for i := range accounts {
		accounts[i].FriendlyName = fmt.Sprintf("customer %d", i)
	}
	r.srv.AddSubaccounts(accounts...)
	if delay > 0 {
		r.srv.Inject(twiliotest.Fault{Path: "/Accounts/AC*.json", Delay: delay, Times: -1})
	}
	r.serve()
	r.spec = spec{URL: r.URL, SID: r.srv.AccountSID, Token: r.srv.AuthToken, Bound: bound}
	if kind == "sqlite" {
		dir, err := os.MkdirTemp("", "fleet")
		if err != nil {
			return nil, err
		}
		r.Database = filepath.Join(dir, "fleet.db")
		r.cleanup = append(r.cleanup, func() { _ = os.RemoveAll(dir) })
	} else {
		r.Database, r.Schema = os.Getenv("FLEET_POSTGRES"), "bench_"+strings.ToLower(rand.Text()[:10])
		r.cleanup = append(r.cleanup, func() {
			if pool, err := pgxpool.New(context.Background(), r.Database); err == nil {
				_, _ = pool.Exec(context.Background(), "drop schema if exists "+r.Schema+" cascade")
				pool.Close()
			}
		})
	}
	return r, nil
}

// serve serves the fake, and counts the requests for single accounts.
func (r *rig) serve() {
	listener := newListener()
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if strings.Contains(req.URL.Path, "/Accounts/AC") {
			r.requests.Add(1)
			for now := r.running.Add(1); ; {
				peak := r.peak.Load()
				if now <= peak || r.peak.CompareAndSwap(peak, now) {
					break
				}
			}
			defer r.running.Add(-1)
			if limit := r.limit.Load(); limit > 0 && r.running.Load() > limit {
				r.refused.Add(1)
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusTooManyRequests)
				fmt.Fprint(w, `{"code":20429,"message":"Too many requests","status":429}`)
				return
			}
		}
		r.srv.ServeHTTP(w, req)
	}), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	r.URL = "http://" + listener.Addr().String()
	r.cleanup = append(r.cleanup, func() { _ = server.Close() })
}

// open opens the fleet in this process.
func (r *rig) open(ctx context.Context) error {
	f, closed, err := r.spec.open(ctx)
	if err == nil {
		r.fleet = f
		r.cleanup = append(r.cleanup, closed)
	}
	return err
}

// start starts a worker process.
func (r *rig) start(ctx context.Context, atOnce int) error {
	s := r.spec
	s.AtOnce = atOnce
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), workerEnv+"="+string(text))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	r.workers = append(r.workers, cmd)
	return nil
}

func (r *rig) close() {
	for _, cmd := range r.workers {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	for _, do := range slices.Backward(r.cleanup) {
		do()
	}
}

// work works in this process until the function that it returns is called.
func (r *rig) work(ctx context.Context, atOnce int) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- r.fleet.Work(ctx, atOnce, get, nothing, pages) }()
	return func() {
		cancel()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			fmt.Fprintln(os.Stderr, err)
		}
	}
}

// run starts a run and returns how long it took, from Start to its last result.
func run[P, R any](ctx context.Context, r *rig, op *fleet.Operation[P, R], params P) (time.Duration, error) {
	return runFrom(ctx, r, time.Now(), op, params)
}

func runFrom[P, R any](ctx context.Context, r *rig, begin time.Time, op *fleet.Operation[P, R], params P) (time.Duration, error) {
	if err := op.Start(ctx, r.fleet, "run", twilio.AccountListParams{}, params); err != nil {
		return 0, err
	}
	for p, err := range r.fleet.Watch(ctx, "run") {
		if err != nil {
			return 0, err
		}
		if p.Failed > 0 {
			return 0, fmt.Errorf("%d items failed", p.Failed)
		}
	}
	end := begin
	for item, err := range op.Results(ctx, r.fleet, "run") {
		if err != nil {
			return 0, err
		}
		if item.EndedAt.After(end) {
			end = item.EndedAt
		}
	}
	return end.Sub(begin), nil
}

// warm waits until the workers have started: a run of its own is over.
func (r *rig) warm(ctx context.Context) error {
	if err := nothing.Start(ctx, r.fleet, "warm", twilio.AccountListParams{Limit: 8}, fleet.None{}); err != nil {
		return err
	}
	for _, err := range r.fleet.Watch(ctx, "warm") {
		if err != nil {
			return err
		}
	}
	select {
	case <-time.After(time.Second):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
