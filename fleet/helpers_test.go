package fleet_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetpg"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetsqlite"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// postgres is the database of the tests that need PostgreSQL; empty without.
var postgres = os.Getenv("FLEET_POSTGRES")

// A database is an empty one, for one test.
type database struct {
	kind, name string // SQLite's file or PostgreSQL's schema
}

// databases returns an empty one of each kind that is there.
func databases(t *testing.T) []database {
	t.Helper()
	dbs := []database{{"sqlite", filepath.Join(t.TempDir(), "fleet.db")}}
	if postgres != "" {
		dbs = append(dbs, newSchema(t))
	}
	return dbs
}

func newSchema(t *testing.T) database {
	t.Helper()
	db := database{"postgres", "t_" + strings.ToLower(rand.Text()[:10])}
	t.Cleanup(func() {
		pool := newPool(t, postgres)
		if _, err := pool.Exec(context.Background(), "drop schema if exists "+db.name+" cascade"); err != nil {
			t.Error(err)
		}
	})
	return db
}

func newPool(t *testing.T, dsn string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// onEach runs a test on each kind of database.
func onEach(t *testing.T, test func(t *testing.T, db database)) {
	t.Helper()
	for _, db := range databases(t) {
		t.Run(db.kind, func(t *testing.T) {
			t.Parallel()
			test(t, db)
		})
	}
}

// open opens the database's store.
func (db database) open(t *testing.T) fleet.Store {
	t.Helper()
	if db.kind == "postgres" {
		return fleetpg.New(newPool(t, postgres), fleetpg.WithSchema(db.name))
	}
	store, err := fleetsqlite.Open(db.name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// quick are timings for tests. Two sweeps are no closer than a busy machine may
// take to begin a job that it has fetched: one that seems lost begins once more.
var quick = fleet.WithTimings(fleet.Timings{
	Stop: 10 * time.Second, Sweep: time.Second, Watch: 20 * time.Millisecond,
	Backoff: 10 * time.Millisecond, Busy: 20 * time.Millisecond,
})

// unhurried are sweeps that take no job for lost, however busy the machine is.
var unhurried = fleet.WithTimings(fleet.Timings{Sweep: time.Minute})

func openFleet(t *testing.T, srv *twiliotest.Server, store fleet.Store, opts ...fleet.Option) *fleet.Fleet {
	t.Helper()
	client := srv.Client(twilio.WithRetryWait(time.Millisecond, 5*time.Millisecond))
	opts = append([]fleet.Option{fleet.WithLogger(slog.New(slog.NewTextHandler(outputOf(t), nil)))}, opts...)
	f, err := fleet.Open(t.Context(), client, store, append([]fleet.Option{quick}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// An output is that of a test until it ends. What a worker that couldn't end in
// time logs later would end the program.
type output struct {
	mu sync.Mutex
	io.Writer
}

func outputOf(t *testing.T) *output {
	t.Helper()
	o := &output{Writer: t.Output()}
	t.Cleanup(func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.Writer = io.Discard
	})
	return o
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.Writer.Write(p)
}

// newTwilio returns a fake with n subaccounts.
func newTwilio(t *testing.T, n int, opts ...twiliotest.Option) *twiliotest.Server {
	t.Helper()
	srv := twiliotest.NewServer(append([]twiliotest.Option{twiliotest.WithSeed(rand.Text())}, opts...)...)
	t.Cleanup(srv.Close)
	accounts := make([]twilio.Account, n)
	for i := range accounts {
		accounts[i].FriendlyName = fmt.Sprintf("customer %d", i)
	}
	srv.AddSubaccounts(accounts...)
	return srv
}

// work works in the background until the test ends, or stop is called, which
// returns what Work did.
func work(t *testing.T, f *fleet.Fleet, n int, operations ...fleet.AnyOperation) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- f.Work(ctx, n, operations...) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("Work: %v", err)
		}
	})
	return stop
}

// inTime is how long tests wait for what takes seconds elsewhere: a busy machine
// takes a minute with the race detector.
const inTime = 4 * time.Minute

// watch waits until the run is over.
func watch(t *testing.T, f *fleet.Fleet, run string) (p fleet.Progress) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), inTime)
	defer cancel()
	var err error
	for p, err = range f.Watch(ctx, run) {
		if err != nil {
			t.Fatalf("Watch: %v, at %+v", err, p)
		}
	}
	return p
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), inTime)
	defer cancel()
	for !holds() {
		pause(ctx, t, 10*time.Millisecond, what)
	}
}

func pause(ctx context.Context, t *testing.T, d time.Duration, what string) {
	t.Helper()
	select {
	case <-ctx.Done():
		t.Fatalf("not in time: %s", what)
	case <-time.After(d):
	}
}

// results collects the results of a run by key.
func results[P, R any](t *testing.T, f *fleet.Fleet, op *fleet.Operation[P, R], run string) map[string]fleet.Item[R] {
	t.Helper()
	all := map[string]fleet.Item[R]{}
	for item, err := range op.Results(t.Context(), f, run) {
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := all[item.Key]; twice {
			t.Errorf("two results of %s", item.Key)
		}
		all[item.Key] = item
	}
	return all
}

// tally counts calls by key.
type tally struct {
	mu            sync.Mutex
	calls         map[string]int
	running, peak int
	overlaps      int // calls for a key that was being worked on
	now           map[string]int
}

// begin counts a call; the caller calls the function that it returns at its end.
func (c *tally) begin(key string) (end func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls == nil {
		c.calls, c.now = map[string]int{}, map[string]int{}
	}
	c.calls[key]++
	c.running++
	c.peak = max(c.peak, c.running)
	if c.now[key]++; c.now[key] > 1 {
		c.overlaps++
	}
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.running--
		c.now[key]--
	}
}

func (c *tally) of(key string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls[key]
}

// until waits until there have been so many calls at once, however slow the
// machine is.
func (c *tally) until(ctx context.Context, n int) {
	for {
		if peak, _ := c.most(); peak >= n {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// most returns how many calls there were at once, and how many began for a key
// that was being worked on.
func (c *tally) most() (peak, overlaps int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.peak, c.overlaps
}
