package fleet

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/riverqueue/river"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
)

// A Store keeps runs: [fleetsqlite.Store] or [fleetpg.Store].
//
// [fleetsqlite.Store]: https://pkg.go.dev/github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetsqlite#Store
// [fleetpg.Store]: https://pkg.go.dev/github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetpg#Store
type Store interface {
	// Engine is for this package.
	Engine() engine.Store
}

// A Tx is a transaction of the application's, as the method Tx of a store
// returns it.
type Tx interface{ engine.Tx }

// An Option configures a Fleet.
type Option func(*engine.Config)

// WithConcurrency sets how many operations run at once in all processes
// together; 40 by default. Use the same number in each.
func WithConcurrency(n int) Option { return func(c *engine.Config) { c.Concurrency = n } }

// WithLogger logs what workers do: failed items, lost sessions, jobs that were
// given up by a worker, and each change of the limit that 429 imposes, as
// warnings or at info level; items that are done at debug level. No line has a
// phone number, a secret or Twilio's message.
func WithLogger(logger *slog.Logger) Option { return func(c *engine.Config) { c.Logger = logger } }

// WithTokenStore sets the function that stores an AuthToken that
// [RotateAuthToken] has made, where your programs read it. It is called before
// the token takes the place of the old one, and may be called more than once
// for one account: the token of the last call counts. If it returns an error,
// the old token stays.
func WithTokenStore(save func(ctx context.Context, accountSID string, token twilio.Secret) error) Option {
	return func(c *engine.Config) { c.SaveToken = save }
}

// WithKeyStore sets the function that stores an API key that [Provision] has
// made, whose secret can't be read again. It may be called more than once for
// one account: the key of the last call counts. If it returns an error, the key
// is replaced in the next run.
func WithKeyStore(save func(ctx context.Context, accountSID string, key *twilio.Key) error) Option {
	return func(c *engine.Config) { c.SaveKey = save }
}

// A Fleet starts runs, works on them and says how far they are. It is safe for
// concurrent use.
type Fleet struct {
	client *twilio.Client
	store  engine.Store
	cfg    engine.Config
	// account is the main account. A store belongs to one, since the limit that
	// 429 imposes does.
	account string
}

// Open returns the fleet of the client's main account in a store. It creates the
// store's tables, or brings them up to date.
//
// The client must have the main account's AuthToken. A store belongs to one main
// account: Open refuses the client of another with a [*twilio.ParamError].
func Open(ctx context.Context, client *twilio.Client, store Store, opts ...Option) (*Fleet, error) {
	cfg := engine.Config{
		Concurrency: 40,
		Logger:      slog.New(slog.DiscardHandler),
		StopTimeout: 10 * time.Second,
		Turn:        time.Minute,
		Timeout:     90 * time.Second,
		SweepEvery:  10 * time.Second,
		WatchEvery:  time.Second,
		Backoff:     2 * time.Second,
		SlotWait:    20 * time.Second,
		BusyWait:    time.Second,
	}
	for _, opt := range opts {
		if opt != nil {
			opt(&cfg)
		}
	}
	switch {
	case client == nil || client.AccountSID() == "":
		return nil, paramError("open", "client", "is nil or has no account; make one with twilio.NewClient")
	case store == nil || store.Engine() == nil:
		return nil, paramError("open", "store", "is nil; use fleetsqlite.Open or fleetpg.New")
	case cfg.Concurrency < 1:
		return nil, paramError("open", "WithConcurrency", "is less than 1; set how many operations may run at once")
	case cfg.Logger == nil:
		return nil, paramError("open", "WithLogger", "is nil; pass a logger, or leave the option out")
	}
	f := &Fleet{client: client, store: store.Engine(), cfg: cfg, account: client.AccountSID()}
	if err := f.store.Migrate(ctx); err != nil {
		return nil, fmt.Errorf("fleet: open: %w", err)
	}
	return f, f.claim(ctx)
}

// claim makes the store that of the main account.
func (f *Fleet) claim(ctx context.Context) error {
	_, err := f.store.Exec(ctx, "update ~fleet_meta set account = $1 where account = ''", f.account)
	owner := ""
	if err == nil {
		err = f.store.Query(ctx, "select account from ~fleet_meta", nil, func(scan func(...any) error) error { return scan(&owner) })
	}
	if err != nil {
		return fmt.Errorf("fleet: open: %w", err)
	}
	if owner != f.account {
		return paramError("open", "store", "belongs to the main account "+owner+"; use another file or schema for this one")
	}
	return nil
}

// throttled returns the client whose requests report a 429 to their operation.
func (f *Fleet) throttled() *twilio.Client {
	return f.client.WithTransport(func(base http.RoundTripper) http.RoundTripper { return &throttle{base} })
}

// Work runs operations, n of them at once, until ctx is done; call it on as many
// machines as you like. Items of other operations are left to other workers.
//
// Once ctx is done, nothing is started. Operations have 10 seconds to finish, or
// to reach a checkpoint; then their context ends, and other workers can start
// them at once. Work returns nil after all of them have returned, or an error if
// some ignore their context.
func (f *Fleet) Work(ctx context.Context, n int, operations ...AnyOperation) error {
	byName, err := checkWork(n, operations)
	if err != nil {
		return err
	}
	id := workerID()
	locks, err := f.store.Locks(ctx, f.account, id, f.cfg.Logger)
	if err != nil {
		return notStarted(ctx, err)
	}
	defer locks.Close()
	w := newWorker(f, id, n, byName, locks, ctx.Done())
	workers := river.NewWorkers()
	river.AddWorker(workers, w)
	queues := map[string]river.QueueConfig{}
	for name := range byName {
		// As many again wait for a slot inside, and have their results written, or
		// the time that these take would show.
		queues[name] = river.QueueConfig{MaxWorkers: min(3*n, river.QueueNumWorkersMax)}
	}
	client, err := f.store.Client(&river.Config{
		ID:                   id,
		Queues:               queues,
		Workers:              workers,
		Logger:               slog.New(riverLog{f.cfg.Logger.Handler()}),
		Plugins:              f.cfg.Plugins,
		FetchCooldown:        10 * time.Millisecond,
		JobTimeout:           jobTimeout,
		RescueStuckJobsAfter: jobTimeout + 15*time.Second,
		RetryPolicy:          backoff(f.cfg.Backoff),
		SoftStopTimeout:      f.cfg.StopTimeout,
	})
	if err == nil {
		// River ends with the context, in the way that SoftStopTimeout says.
		err = client.Start(ctx)
	}
	if err != nil {
		return notStarted(ctx, err)
	}
	f.cfg.Logger.InfoContext(ctx, "fleet: working", "worker", id, "at_once", n)
	w.sweep(ctx) // until ctx is done
	select {
	case <-client.Stopped():
		f.cfg.Logger.InfoContext(ctx, "fleet: stopped working", "worker", id)
		return nil
	case <-time.After(f.cfg.StopTimeout + stopGrace):
		return fmt.Errorf("fleet: work: %d operations ignore that their context has ended", w.running.Load())
	}
}

// stopGrace is how long operations have to return once their context has ended,
// and their jobs to be put back, before Work gives up.
const stopGrace = 10 * time.Second

// notStarted is the error of Work when it couldn't begin. If ctx ended first,
// there is none.
func notStarted(ctx context.Context, err error) error {
	select {
	case <-ctx.Done():
		return nil
	default:
		return fmt.Errorf("fleet: work: %w", err)
	}
}

// jobTimeout is how long River lets a job run: an operation, and the waits before
// it. River starts a job again that has been running for longer, which it looks
// for each half minute.
const jobTimeout = 2 * time.Minute

func checkWork(n int, operations []AnyOperation) (map[string]AnyOperation, error) {
	if n < 1 {
		return nil, paramError("work", "n", "is less than 1; set how many operations to run at once")
	}
	byName := map[string]AnyOperation{planning.name: planning}
	for _, op := range operations {
		if op == nil {
			return nil, paramError("work", "operations", "has one that is nil; use Define")
		}
		if err := op.check(); err != nil {
			return nil, err
		}
		if byName[op.Name()] != nil {
			return nil, paramError("work", "operations", fmt.Sprintf("has two of the name %q; rename one", op.Name()))
		}
		byName[op.Name()] = op
	}
	return byName, nil
}

// workerID tells workers apart, by the machine's name where it has one.
func workerID() string {
	host, _ := os.Hostname()
	return fmt.Sprintf("%.60s-%d-%s", cmp.Or(host, "worker"), os.Getpid(), rand.Text()[:8])
}

// riverLog passes on what River logs as warnings or errors.
type riverLog struct{ slog.Handler }

// Enabled leaves out the levels at which River describes what it does.
func (h riverLog) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}
