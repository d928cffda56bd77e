// Package pglocks holds a worker's locks in a session of PostgreSQL. They are
// free when the session ends: when the process is killed, at once; when its
// machine is gone, once the session's keepalives fail.
package pglocks

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
)

// A Session is a connection that is used for nothing else.
type Session interface {
	engine.Querier
	Close()
}

const (
	// pingEvery is how often the session is checked, and pingTimeout how long
	// that may take. Together they are less than the time in which PostgreSQL
	// notices that the worker is gone (see setUp), so that operations end before
	// another worker can begin them.
	pingEvery    = time.Second
	pingTimeout  = 3 * time.Second
	connectAgain = 500 * time.Millisecond
)

// setUp makes PostgreSQL notice after 11 seconds that the machine is gone, and
// not end the session while the worker is merely stopped.
const setUp = `select set_config('tcp_keepalives_idle', '5', false), set_config('tcp_keepalives_interval', '2', false),
	set_config('tcp_keepalives_count', '3', false), set_config('idle_session_timeout', '0', false),
	set_config('statement_timeout', '0', false)`

// Locks are engine.Locks.
type Locks struct {
	connect func(context.Context) (Session, error)
	store   engine.Store
	account string
	worker  string
	logger  *slog.Logger

	mu      sync.Mutex
	session *session // nil while there is none

	stop  context.CancelFunc
	ended chan struct{}
}

// session is one connection with what is locked in it. PostgreSQL grants a
// session's own locks to it once more, so that it has to know them.
type session struct {
	Session
	mu    sync.Mutex // one statement at a time
	slots []int
	keys  map[string]bool
	held  context.Context //nolint:containedctx // ends with the session
	lose  context.CancelFunc
}

// Open connects and takes the worker's own lock, and connects again whenever
// the session is lost.
func Open(ctx context.Context, store engine.Store, connect func(context.Context) (Session, error), account, worker string, logger *slog.Logger) (*Locks, error) {
	l := &Locks{connect: connect, store: store, account: account, worker: worker, logger: logger, ended: make(chan struct{})}
	first, err := l.begin(ctx)
	if err != nil {
		return nil, err
	}
	l.session = first
	keeping, stop := context.WithCancel(context.WithoutCancel(ctx))
	l.stop = stop
	go l.keep(keeping)
	return l, nil
}

func (l *Locks) begin(ctx context.Context) (*session, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*pingTimeout)
	defer cancel()
	conn, err := l.connect(ctx)
	if err != nil {
		return nil, err
	}
	held, lose := context.WithCancel(context.WithoutCancel(ctx))
	s := &session{Session: conn, keys: map[string]bool{}, held: held, lose: lose}
	_, err = s.Exec(ctx, setUp)
	if err == nil {
		_, err = s.Exec(ctx, "select pg_advisory_lock($1)", l.id("worker", l.worker))
	}
	if err != nil {
		lose()
		conn.Close()
		return nil, err
	}
	return s, nil
}

// keep checks the session, and replaces it when it is lost.
func (l *Locks) keep(ctx context.Context) {
	defer close(l.ended)
	ticker := time.NewTicker(pingEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			if s := l.current(); s != nil {
				l.drop(s)
			}
			return
		case <-ticker.C:
		}
		if s := l.current(); s != nil {
			s.mu.Lock()
			_ = l.do(ctx, s, "select 1", nil, nil) // which drops a session that fails
			s.mu.Unlock()
			continue
		}
		s, err := l.begin(ctx)
		if err != nil {
			l.logger.WarnContext(ctx, "fleet: the worker has no session with PostgreSQL and starts nothing", "error", err)
			ticker.Reset(connectAgain)
			continue
		}
		ticker.Reset(pingEvery)
		l.logger.InfoContext(ctx, "fleet: the worker has a session with PostgreSQL again")
		l.mu.Lock()
		l.session = s
		l.mu.Unlock()
	}
}

func (l *Locks) current() *session {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.session
}

// drop ends a session, and with it the operations whose locks it held.
func (l *Locks) drop(s *session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.session == s {
		l.session = nil
		s.lose()
		s.Close()
	}
}

var errNoSession = errors.New("fleet: the worker has no session with PostgreSQL")

// do runs a query on the session. Any error ends the session: whether it still
// holds its locks isn't known then.
func (l *Locks) do(ctx context.Context, s *session, query string, args []any, row func(scan func(...any) error) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingTimeout)
	defer cancel()
	if row == nil {
		row = func(func(...any) error) error { return nil }
	}
	err := s.Query(ctx, query, args, row)
	if err != nil {
		l.logger.WarnContext(ctx, "fleet: the worker lost its session with PostgreSQL; its operations are canceled and start again", "error", err)
		l.drop(s)
	}
	return err
}

// acquire takes the first free slot, and then the lock of the key. Each part is
// materialized, or the planner may call pg_try_advisory_lock for rows that
// another condition excludes, whose locks then leak.
const acquire = `
with lim as materialized (
	select value, ceiling, epoch, raise_at, (extract(epoch from clock_timestamp()) * 1000)::bigint as at from ~fleet_limit
), free as materialized (
	select s from lim, generate_series(1, least($1::int, lim.value)) s where s <> all ($3::int[])
), slot as materialized (
	select s from free where pg_try_advisory_lock($2::int, s) limit 1
), granted as materialized (
	select s, pg_try_advisory_lock($4::bigint) as key from slot
)
select lim.*, coalesce(s, 0), coalesce(key, false) from lim left join granted on true`

// TryAcquire implements engine.Locks.
func (l *Locks) TryAcquire(ctx context.Context, bound int, key string) (engine.Grant, error) {
	s := l.current()
	if s == nil {
		return engine.Grant{}, errNoSession
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	grant := engine.Grant{Key: key, Held: s.held}
	if s.keys[key] {
		grant.KeyBusy = true
		return grant, nil
	}
	hasKey := false
	err := l.do(ctx, s, acquire, []any{bound, l.class(), intArray(s.slots), l.id("key", key)}, func(scan func(...any) error) error {
		return scan(&grant.Limit.Value, &grant.Limit.Ceiling, &grant.Limit.Epoch, &grant.Limit.RaiseAt, &grant.Now, &grant.Slot, &hasKey)
	})
	switch {
	case err != nil:
		return engine.Grant{}, err
	case grant.Slot == 0:
		return grant, nil
	case !hasKey:
		err = l.do(ctx, s, "select pg_advisory_unlock($1::int, $2::int)", []any{l.class(), grant.Slot}, nil)
		grant.Slot, grant.KeyBusy = 0, true
		return grant, err
	default:
		s.slots = append(s.slots, grant.Slot)
		s.keys[key] = true
		return grant, nil
	}
}

// Release implements engine.Locks.
func (l *Locks) Release(grant engine.Grant) {
	s := l.current()
	if s == nil || s.held != grant.Held {
		return // its locks went with their session
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slots = slices.DeleteFunc(s.slots, func(slot int) bool { return slot == grant.Slot })
	delete(s.keys, grant.Key)
	_ = l.do(context.Background(), s, "select pg_advisory_unlock($1::int, $2::int), pg_advisory_unlock($3::bigint)", //nolint:forbidigo // locks are freed whatever ended
		[]any{l.class(), grant.Slot, l.id("key", grant.Key)}, nil)
}

// UpdateLimit implements engine.Locks.
func (l *Locks) UpdateLimit(ctx context.Context, change func(engine.Limit, int64) engine.Limit) error {
	return l.store.Tx(ctx, func(tx engine.Tx) error {
		var old engine.Limit
		var now int64
		err := tx.Query(ctx, `select value, ceiling, epoch, raise_at, (extract(epoch from clock_timestamp()) * 1000)::bigint
			from ~fleet_limit for update`, nil, func(scan func(...any) error) error {
			return scan(&old.Value, &old.Ceiling, &old.Epoch, &old.RaiseAt, &now)
		})
		if err != nil {
			return err
		}
		changed := change(old, now)
		_, err = tx.Exec(ctx, "update ~fleet_limit set value = $1, ceiling = $2, epoch = $3, raise_at = $4",
			changed.Value, changed.Ceiling, changed.Epoch, changed.RaiseAt)
		return err
	})
}

// Alive implements engine.Locks.
func (l *Locks) Alive(ctx context.Context, workers []string) (map[string]bool, error) {
	byID := map[int64]string{}
	for _, worker := range workers {
		byID[l.id("worker", worker)] = worker
	}
	alive := map[string]bool{}
	err := l.store.Query(ctx, `select (classid::bigint << 32) | objid::bigint from pg_locks
		where locktype = 'advisory' and objsubid = 1 and granted
		and database = (select oid from pg_database where datname = current_database())`, nil,
		func(scan func(...any) error) error {
			var id int64
			err := scan(&id)
			if worker, ok := byID[id]; ok {
				alive[worker] = true
			}
			return err
		})
	return alive, err
}

// Close implements engine.Locks.
func (l *Locks) Close() {
	l.stop()
	<-l.ended
}

// id is an advisory lock's key. All stores of a main account in one database
// share its locks.
func (l *Locks) id(what, name string) int64 {
	sum := sha256.Sum256([]byte(l.account + "\x00" + what + "\x00" + name))
	return int64(binary.BigEndian.Uint64(sum[:8])) //nolint:gosec // any 64 bits will do
}

// class is the first half of the key of a slot's lock.
func (l *Locks) class() int32 {
	return int32(l.id("slots", "")) //nolint:gosec // any 32 bits will do
}

// intArray formats an int[].
func intArray(values []int) string {
	text := []byte{'{'}
	for i, v := range values {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendInt(text, int64(v), 10)
	}
	return string(append(text, '}'))
}
