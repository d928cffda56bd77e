// Package engine is what package fleet and its stores agree on. River appears
// here and in the stores, and nowhere in what they export.
package engine

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Config is what the options of fleet.Open set.
type Config struct {
	// Concurrency bounds the operations that run at once in all processes.
	Concurrency int
	Logger      *slog.Logger
	Plugins     []rivertype.Plugin
	// SaveToken stores the AuthTokens that rotations make, and SaveKey the API
	// keys of customers.
	SaveToken func(ctx context.Context, accountSID string, token twilio.Secret) error
	SaveKey   func(ctx context.Context, accountSID string, key *twilio.Key) error

	// The rest is shortened by tests.
	StopTimeout time.Duration // until operations are canceled at the end of Work
	Turn        time.Duration // after which a checkpoint ends the operation's turn
	Timeout     time.Duration // of a call of an operation
	SweepEvery  time.Duration
	WatchEvery  time.Duration
	Backoff     time.Duration // after the first failure; it doubles
	SlotWait    time.Duration // for a slot, before the job goes back to the queue
	BusyWait    time.Duration // while another operation works on the key
}

// Kind is the kind of every job. A leader that doesn't know a job's kind
// discards it when its worker died, so operations differ by queue instead.
const Kind = "fleet"

// Args are the arguments of a job. They can be read in the database and in
// riverui, so they hold no parameters.
type Args struct {
	Run       int64  `json:"run"`
	RunID     string `json:"run_id"`
	Operation string `json:"operation"`
	Key       string `json:"key"`
}

// Kind implements river.JobArgs.
func (Args) Kind() string { return Kind }

// A Querier runs statements. Their parameters are $1, $2, …, and ~ stands for
// the schema of the tables.
type Querier interface {
	// Exec returns the number of rows that changed.
	Exec(ctx context.Context, sql string, args ...any) (int64, error)
	// Query calls row for each row, with a function that scans its columns.
	Query(ctx context.Context, sql string, args []any, row func(scan func(...any) error) error) error
}

// A Tx is a transaction.
type Tx interface {
	Querier
	// Insert adds jobs and returns their IDs, in the same order.
	Insert(ctx context.Context, jobs []river.InsertManyParams) ([]int64, error)
	// Complete ends jobs. Those that aren't running any more stay as they are.
	Complete(ctx context.Context, jobs []int64) error
	Dialect() *Dialect
}

// A Store is a database.
type Store interface {
	Querier
	// Tx runs do in a transaction, and commits it unless do fails.
	Tx(ctx context.Context, do func(Tx) error) error
	// Migrate creates the tables, or brings them up to date.
	Migrate(ctx context.Context) error
	// Client returns a River client that works jobs.
	Client(cfg *river.Config) (Client, error)
	// Locks begins a session that holds the locks of a worker until Close.
	Locks(ctx context.Context, mainAccount, worker string, logger *slog.Logger) (Locks, error)
	Dialect() *Dialect
}

// A Client is a River client.
type Client interface {
	Start(ctx context.Context) error
	Stopped() <-chan struct{}
}

// Locks are the locks of one worker. They are free once its session ends,
// however it ends.
type Locks interface {
	// TryAcquire takes the lock of the key and one of the slots, of which there
	// are bound or fewer. It doesn't wait.
	TryAcquire(ctx context.Context, bound int, key string) (Grant, error)
	Release(Grant)
	// UpdateLimit replaces the limit on slots.
	UpdateLimit(ctx context.Context, change func(l Limit, now int64) Limit) error
	// Alive returns those of the workers whose session lives.
	Alive(ctx context.Context, workers []string) (map[string]bool, error)
	Close()
}

// A Grant is a slot and the lock of a key.
type Grant struct {
	Key  string
	Slot int // from 1; 0 if none was free
	// KeyBusy is true if another operation has the key; then there is no slot.
	KeyBusy bool
	// Limit is the limit on slots, and Now the time, in milliseconds, by which
	// it is raised.
	Limit Limit
	Now   int64
	// Held is done when the session ends.
	Held context.Context //nolint:containedctx // what it belongs to isn't a call
}

// A Dialect is what differs between databases.
type Dialect struct {
	// InsertItems inserts the items of the run $1 from $2, a JSON array of [key,
	// job ID], and leaves those alone that exist.
	InsertItems string
	// RecordItems makes items done that aren't over, or were canceled, from $1, a
	// JSON array of [run, key, result, time].
	RecordItems string
	// ForUpdate ends a query that locks its rows, in their order. Transactions
	// that change several items lock them in the order of their keys.
	ForUpdate string
	// CancelRequested is true of a row of river_job that somebody has canceled
	// while it was running.
	CancelRequested string
	// LastWorker is the ID of the client that last worked on a row of river_job.
	LastWorker string
}

// Complete ends jobs in a transaction of River's, as river.JobCompleteTx does
// with one.
func Complete(ctx context.Context, tx riverdriver.ExecutorTx, schema string, jobs []int64) error {
	now := time.Now()
	n := len(jobs)
	_, err := tx.JobSetStateIfRunningMany(ctx, &riverdriver.JobSetStateIfRunningManyParams{
		ID:              jobs,
		Attempt:         make([]*int, n),
		ErrData:         make([][]byte, n),
		FinalizedAt:     slices.Repeat([]*time.Time{&now}, n),
		MetadataDoMerge: make([]bool, n),
		MetadataUpdates: make([][]byte, n),
		ScheduledAt:     make([]*time.Time, n),
		Schema:          schema,
		State:           slices.Repeat([]rivertype.JobState{rivertype.JobStateCompleted}, n),
	})
	return err
}
