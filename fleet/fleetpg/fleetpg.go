// Package fleetpg keeps the runs of package fleet in PostgreSQL, for any number
// of processes on any number of machines:
//
//	pool, err := pgxpool.New(ctx, "postgres://…")
//	…
//	f, err := fleet.Open(ctx, client, fleetpg.New(pool))
//
// Everything is in a schema of its own, "fleet" by default. PostgreSQL 14 or
// newer is required.
//
// The pool's transactions should be READ COMMITTED by default, as PostgreSQL's
// are: with a stricter level, single statements can fail because of others, and
// operations run again.
//
// Workers hold locks in a session and listen for new jobs, so the pool has to
// reach PostgreSQL directly, or through PgBouncer in session mode. Open refuses
// PgBouncer in transaction mode.
package fleetpg

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/pglocks"
)

// A Store is a schema of a PostgreSQL database. It is safe for concurrent use.
type Store struct{ store *store }

// An Option configures a Store.
type Option func(*store)

// WithSchema sets the schema, for one that is shared by several main accounts'
// fleets in one database; "fleet" by default. It consists of lower-case letters,
// digits and underscores, at most 41 of them. It must not be the application's own schema: River tables
// there would be taken for the application's.
func WithSchema(name string) Option { return func(s *store) { s.schema = name } }

// New returns a store. The pool stays the caller's, and can be the one that the
// application uses; it needs at least 4 connections, and each call of Work opens
// one more beside it.
func New(pool *pgxpool.Pool, opts ...Option) *Store {
	s := &store{pool: pool, schema: "fleet", driver: riverpgxv5.New(pool)}
	for _, opt := range opts {
		if opt != nil {
			opt(s)
		}
	}
	s.replace = strings.NewReplacer("~", s.quoted()+".")
	s.inserter, s.invalid = river.NewClient(s.driver, &river.Config{Schema: s.schema, Logger: slog.New(slog.DiscardHandler)})
	return &Store{s}
}

// Tx is a transaction of the pool's database, for StartTx of an operation.
func (s *Store) Tx(tx pgx.Tx) fleet.Tx {
	if s == nil || tx == nil {
		return nil // which StartTx refuses
	}
	return s.store.tx(tx)
}

// Engine is for package fleet.
func (s *Store) Engine() engine.Store {
	if s == nil || s.store == nil {
		return nil // which fleet.Open refuses
	}
	return s.store
}

type store struct {
	pool    *pgxpool.Pool
	schema  string
	replace *strings.Replacer

	driver   *riverpgxv5.Driver
	inserter *river.Client[pgx.Tx]
	invalid  error // why there is no inserter
}

var pgDialect = &engine.Dialect{
	InsertItems: `insert into ~fleet_items (run, key, state, failures, job)
		select $1, e ->> 0, 'pending', 0, (e ->> 1)::bigint from json_array_elements($2::json) e
		on conflict do nothing`,
	RecordItems: `with results as materialized (
			select run, key, e ->> 2 as result, (e ->> 3)::bigint as ended_at
			from json_array_elements($1::json) e join ~fleet_items on run = (e ->> 0)::bigint and key = e ->> 1
			where state in ('pending', 'canceled') order by run, key for update of fleet_items
		)
		update ~fleet_items i set state = 'done', result = r.result, error = null, ended_at = r.ended_at
		from results r where i.run = r.run and i.key = r.key`,
	ForUpdate:       "for update",
	CancelRequested: "metadata ? 'cancel_attempted_at'",
	LastWorker:      "attempted_by[array_upper(attempted_by, 1)]",
}

func (s *store) Dialect() *engine.Dialect { return pgDialect }

func (s *store) querier(h handle) querier { return querier{h, s.replace} }

func (s *store) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	return s.querier(s.pool).Exec(ctx, sql, args...)
}

func (s *store) Query(ctx context.Context, sql string, args []any, row func(scan func(...any) error) error) error {
	return s.querier(s.pool).Query(ctx, sql, args, row)
}

// Tx sets the isolation, which may be stricter by default: a result that can't
// be serialized isn't recorded, and its operation runs again.
func (s *store) Tx(ctx context.Context, do func(engine.Tx) error) error {
	return pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error { return do(s.tx(tx)) })
}

// quoted is the schema in a statement; its name may be one of SQL's words.
func (s *store) quoted() string { return pgx.Identifier{s.schema}.Sanitize() }

// schemaName is what every statement of River's can hold.
var schemaName = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,40}$`)

// migrationLock keeps processes that start together from migrating at once.
const migrationLock = 0x666c656574 // "fleet"

func (s *store) Migrate(ctx context.Context) error {
	if s.pool == nil {
		return errors.New("fleetpg: the pool is nil; make one with pgxpool.New")
	}
	if !schemaName.MatchString(s.schema) || s.schema == "public" {
		return errors.New("fleetpg: WithSchema needs a name of its own, of lower-case letters, digits and underscores, that isn't public")
	}
	if s.invalid != nil {
		return s.invalid
	}
	if s.pool.Config().MaxConns < 4 {
		return errors.New("fleetpg: the pool has fewer than 4 connections; set MaxConns or pool_max_conns")
	}
	if err := s.checkSessions(ctx); err != nil {
		return err
	}
	// Beside the pool: those that wait for the lock would otherwise hold the
	// connections that the one that has it needs.
	lock, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer closeConn(lock) //nolint:contextcheck // whatever ended
	if _, err := lock.Exec(ctx, "select pg_advisory_lock($1)", migrationLock); err != nil {
		return err
	}
	schema, tables := false, false
	err = s.Query(ctx, "select to_regnamespace($1) is not null, to_regclass($1 || '.fleet_meta') is not null", []any{s.schema},
		func(scan func(...any) error) error { return scan(&schema, &tables) })
	if err == nil && !schema {
		_, err = s.Exec(ctx, "create schema "+s.quoted())
	}
	if err != nil {
		return err
	}
	migrator, err := rivermigrate.New(s.driver, &rivermigrate.Config{Schema: s.schema, Logger: slog.New(slog.DiscardHandler)})
	if err == nil {
		_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	}
	if err != nil {
		return err
	}
	return s.Tx(ctx, func(tx engine.Tx) error {
		return engine.Migrate(ctx, tx, tables, "bigint generated always as identity primary key")
	})
}

// checkSessions refuses a pooler that changes the connection's session between
// transactions: while one connection has a transaction open, it may neither be
// in the session of another, nor make that one move.
func (s *store) checkSessions(ctx context.Context) error {
	first, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer closeConn(first) //nolint:contextcheck // whatever ended
	second, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer closeConn(second) //nolint:contextcheck // whatever ended
	pid := func(conn *pgx.Conn) (pid int) {
		if err == nil {
			err = conn.QueryRow(ctx, "select pg_backend_pid()", pgx.QueryExecModeSimpleProtocol).Scan(&pid)
		}
		return pid
	}
	before := pid(first)
	if err == nil {
		_, err = second.Exec(ctx, "begin", pgx.QueryExecModeSimpleProtocol)
	}
	during := pid(second)
	after := pid(first)
	if err != nil {
		return err
	}
	if before == during || before != after {
		return errors.New("fleetpg: the pool reaches PostgreSQL through a pooler in transaction mode," +
			" in which locks and notifications get lost; connect directly, or set pool_mode = session in PgBouncer")
	}
	return nil
}

// connect opens a connection beside the pool, under a name that pg_stat_activity
// shows. It calls what the pool calls, which may set a password or a role.
func (s *store) connect(ctx context.Context) (*pgx.Conn, error) {
	pool := s.pool.Config()
	if pool.BeforeConnect != nil {
		if err := pool.BeforeConnect(ctx, pool.ConnConfig); err != nil {
			return nil, err
		}
	}
	pool.ConnConfig.RuntimeParams["application_name"] = "fleet worker (" + s.schema + ")"
	conn, err := pgx.ConnectConfig(ctx, pool.ConnConfig)
	if err != nil {
		return nil, err
	}
	if pool.AfterConnect != nil {
		if err := pool.AfterConnect(ctx, conn); err != nil {
			closeConn(conn) //nolint:contextcheck // whatever ended
			return nil, err
		}
	}
	return conn, nil
}

// closeConn closes a connection, and doesn't wait long for one that is stuck.
func closeConn(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second) //nolint:forbidigo // it is closed whatever ended
	defer cancel()
	_ = conn.Close(ctx)
}

func (s *store) Client(cfg *river.Config) (engine.Client, error) {
	cfg.Schema = s.schema
	return river.NewClient(s.driver, cfg)
}

func (s *store) Locks(ctx context.Context, mainAccount, worker string, logger *slog.Logger) (engine.Locks, error) {
	return pglocks.Open(ctx, s, func(ctx context.Context) (pglocks.Session, error) {
		conn, err := s.connect(ctx)
		if err != nil {
			return nil, err
		}
		return &session{s.querier(conn), conn}, nil
	}, mainAccount, worker, logger)
}

type session struct {
	querier
	conn *pgx.Conn
}

func (s *session) Close() { closeConn(s.conn) }

func (s *store) tx(tx pgx.Tx) *txn { return &txn{s.querier(tx), s, tx} }

type txn struct {
	querier
	store *store
	tx    pgx.Tx
}

func (t *txn) Dialect() *engine.Dialect { return pgDialect }

func (t *txn) Insert(ctx context.Context, jobs []river.InsertManyParams) ([]int64, error) {
	if t.store.invalid != nil {
		return nil, t.store.invalid
	}
	inserted, err := t.store.inserter.InsertManyTx(ctx, t.tx, jobs)
	ids := make([]int64, len(inserted))
	for i, job := range inserted {
		ids[i] = job.Job.ID
	}
	return ids, err
}

func (t *txn) Complete(ctx context.Context, jobs []int64) error {
	return engine.Complete(ctx, t.store.driver.UnwrapExecutor(t.tx), t.store.schema, jobs)
}

// A handle is a pool, a connection or a transaction.
type handle interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// A querier is an engine.Querier.
type querier struct {
	handle  handle
	replace *strings.Replacer
}

func (q querier) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	tag, err := q.handle.Exec(ctx, q.replace.Replace(sql), args...)
	return tag.RowsAffected(), err
}

func (q querier) Query(ctx context.Context, sql string, args []any, row func(scan func(...any) error) error) error {
	rows, err := q.handle.Query(ctx, q.replace.Replace(sql), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
