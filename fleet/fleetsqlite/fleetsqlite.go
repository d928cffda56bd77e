// Package fleetsqlite keeps the runs of package fleet in a SQLite file, for one
// process at a time. There is nothing to set up:
//
//	store, err := fleetsqlite.Open("fleet.db")
//	…
//	defer store.Close()
//	f, err := fleet.Open(ctx, client, store)
//
// A second process that opens the file is refused; use package fleetpg for
// several.
package fleetsqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/sqldb"
)

// A Store is a SQLite file. It is safe for concurrent use.
type Store struct {
	owner *sql.DB // holds the lock that keeps other processes away
	store *store
}

// Open opens the file, and creates it if it doesn't exist. Beside it, SQLite
// keeps name-wal, name-shm and, while the store is open, name.lock. If another
// process has the file open, or this one has it open twice, Open returns an
// error. The file must be on a local disk.
//
// The caller should call Close when Work has returned.
func Open(name string) (*Store, error) {
	if name == "" || strings.HasPrefix(name, ":") || strings.ContainsRune(name, 0) {
		return nil, errors.New("fleetsqlite: name is not that of a file; pass a path such as fleet.db")
	}
	name, err := filepath.Abs(name)
	if err != nil {
		return nil, fmt.Errorf("fleetsqlite: %w", err)
	}
	name, err = follow(name)
	if err != nil {
		return nil, fmt.Errorf("fleetsqlite: %w", err)
	}
	owner, err := lock(name)
	if err != nil {
		return nil, err
	}
	s, err := newStore(name)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("fleetsqlite: %w", err), owner.Close())
	}
	return &Store{owner: owner, store: s}, nil
}

// follow returns the file that links lead to, which the lock is beside. A link
// to a file that doesn't exist can't be followed, so the file is made before.
func follow(name string) (string, error) {
	target, err := filepath.EvalSymlinks(name)
	if errors.Is(err, fs.ErrNotExist) {
		var file *os.File
		if file, err = os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644); err == nil { //nolint:gosec // SQLite's permissions
			err = file.Close()
		}
		if err != nil {
			return "", err
		}
		target, err = filepath.EvalSymlinks(name)
	}
	if err != nil {
		return name, nil //nolint:nilerr // SQLite may be able to open it, or says why not
	}
	return target, nil
}

func newStore(name string) (*store, error) {
	const options = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)"
	// SQLite has one writer at a time. A transaction that reads before it writes
	// would fail where another has written in between, so each is one that
	// writes from the beginning.
	db, err := open(name, 1, options+"&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	// Readers don't wait for the writer.
	readers, err := open(name, 4, options+"&_pragma=query_only(ON)")
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s := &store{
		Querier: sqldb.Querier{Handle: db, Replace: dialect}, db: db,
		readers: sqldb.Querier{Handle: readers, Replace: dialect}, readDB: readers,
		driver: riversqlite.New(db), memory: engine.NewMemory(),
	}
	if s.inserter, err = river.NewClient(s.driver, &river.Config{Logger: slog.New(slog.DiscardHandler)}); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// dialect turns statements into SQLite's.
var dialect = strings.NewReplacer("~", "", "$1", "?1", "$2", "?2", "$3", "?3", "$4", "?4", "$5", "?5", "$6", "?6", "$7", "?7")

func open(name string, connections int, options string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(name), RawQuery: options}).String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	if err := db.Ping(); err != nil { //nolint:noctx // Open takes no context, and waits for nothing
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

// lock takes the lock on a file of its own, so that other programs can still
// read the database. SQLite's own lock works on every system, and goes with the
// process.
func lock(name string) (*sql.DB, error) {
	owner, err := open(name+".lock", 1, "_pragma=busy_timeout(0)&_pragma=locking_mode(EXCLUSIVE)&_pragma=journal_mode(MEMORY)")
	if err == nil {
		_, err = owner.Exec("begin exclusive; create table if not exists lock (held integer); commit") //nolint:noctx // see open
	}
	if err == nil {
		return owner, nil
	}
	if owner != nil {
		_ = owner.Close()
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok && e.Code()&0xff == sqlite3.SQLITE_BUSY {
		return nil, fmt.Errorf("fleetsqlite: another process has %s open; a SQLite file is for one process at a time,"+
			" so use PostgreSQL (package fleetpg) for several", filepath.Base(name))
	}
	return nil, fmt.Errorf("fleetsqlite: %w", err)
}

// Close closes the file. Call it once Work has returned.
func (s *Store) Close() error { return errors.Join(s.store.close(), s.owner.Close()) }

// DB is the open file, for tables of the application's own, which transactions
// of [Store.Tx] change together with runs. It has a single connection: end a
// transaction before using DB otherwise.
func (s *Store) DB() *sql.DB { return s.store.db }

// Tx is a transaction of DB, for StartTx of an operation.
func (s *Store) Tx(tx *sql.Tx) fleet.Tx {
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
	sqldb.Querier
	db       *sql.DB
	readDB   *sql.DB
	readers  sqldb.Querier
	driver   *riversqlite.Driver
	inserter *river.Client[*sql.Tx]
	memory   *engine.Memory

	migrating sync.Mutex
}

var sqliteDialect = &engine.Dialect{
	InsertItems: `insert into ~fleet_items (run, key, state, failures, job)
		select $1, json_extract(value, '$[0]'), 'pending', 0, json_extract(value, '$[1]') from json_each($2) where true
		on conflict do nothing`,
	RecordItems: `update ~fleet_items as i set state = 'done', result = json_extract(e.value, '$[2]'), error = null, ended_at = json_extract(e.value, '$[3]')
		from json_each($1) e
		where i.run = json_extract(e.value, '$[0]') and i.key = json_extract(e.value, '$[1]') and state in ('pending', 'canceled')`,
	CancelRequested: "json_extract(metadata, '$.cancel_attempted_at') is not null",
	LastWorker:      "json_extract(attempted_by, '$[#-1]')",
}

func (s *store) close() error { return errors.Join(s.readDB.Close(), s.db.Close()) }

func (s *store) Query(ctx context.Context, query string, args []any, row func(scan func(...any) error) error) error {
	return s.readers.Query(ctx, query, args, row)
}

func (s *store) Dialect() *engine.Dialect { return sqliteDialect }

func (s *store) Tx(ctx context.Context, do func(engine.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it does nothing
	if err := do(s.tx(tx)); err != nil {
		return err
	}
	return tx.Commit()
}

func (s *store) Migrate(ctx context.Context) error {
	// River's migrations would be applied twice.
	s.migrating.Lock()
	defer s.migrating.Unlock()
	migrator, err := rivermigrate.New(s.driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err == nil {
		_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	}
	if err != nil {
		return err
	}
	return s.Tx(ctx, func(tx engine.Tx) error {
		exists := false
		err := tx.Query(ctx, "select count(*) > 0 from sqlite_master where name = 'fleet_meta'", nil,
			func(scan func(...any) error) error { return scan(&exists) })
		if err != nil {
			return err
		}
		return engine.Migrate(ctx, tx, exists, "integer primary key autoincrement")
	})
}

func (s *store) Client(cfg *river.Config) (engine.Client, error) {
	return river.NewClient(workDriver{s.driver, s.readers}, cfg)
}

func (s *store) Locks(_ context.Context, _, worker string, _ *slog.Logger) (engine.Locks, error) {
	return s.memory.Join(worker), nil
}

func (s *store) tx(tx *sql.Tx) *txn {
	return &txn{sqldb.Querier{Handle: tx, Replace: dialect}, s, tx}
}

type txn struct {
	sqldb.Querier
	store *store
	tx    *sql.Tx
}

func (t *txn) Dialect() *engine.Dialect { return sqliteDialect }

func (t *txn) Insert(ctx context.Context, jobs []river.InsertManyParams) ([]int64, error) {
	inserted, err := t.store.inserter.InsertManyTx(ctx, t.tx, jobs)
	ids := make([]int64, len(inserted))
	for i, job := range inserted {
		ids[i] = job.Job.ID
	}
	return ids, err
}

func (t *txn) Complete(ctx context.Context, jobs []int64) error {
	return engine.Complete(ctx, t.store.driver.UnwrapExecutor(t.tx), "", jobs)
}
