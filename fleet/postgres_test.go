package fleet_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetpg"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
)

// onPostgres runs a test on PostgreSQL, where there is one.
func onPostgres(t *testing.T, test func(t *testing.T, db database)) {
	t.Helper()
	onEach(t, func(t *testing.T, db database) {
		if db.kind == "postgres" {
			test(t, db)
		}
	})
}

// Four processes under one bound: it is reached, and never exceeded.
func TestProcessesShareTheBound(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, db database) {
		srv, s := newTwilio(t, 200), newSite(t, 20*time.Millisecond)
		op := visit(s.URL)
		const bound = 6
		f := openFleet(t, srv, db.open(t), fleet.WithConcurrency(bound))
		for range 3 {
			startWorker(t, srv, db, s, 4, bound)
		}
		s.hold()
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{}); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the bound is reached", func() bool { return s.inProgress() == bound })
		s.release()
		if p := watch(t, f, "run"); p.Done != 200 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
		if peak, _ := s.most(); peak != bound || s.count() != 200 {
			t.Errorf("%d at once under a bound of %d, and %d visits", peak, bound, s.count())
		}
	})
}

// exec1 runs a statement on the database's schema.
func exec1(t *testing.T, db database, sql string) {
	t.Helper()
	if _, err := newPool(t, postgres).Exec(t.Context(), fmt.Sprintf(sql, db.name)); err != nil {
		t.Fatal(err)
	}
}

func scalar(t *testing.T, db database, sql string) (n int) {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), postgres)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if err := pool.QueryRow(t.Context(), fmt.Sprintf(sql, db.name)).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func oneAccount(t *testing.T, client *twilio.Client, name, sid string) {
	t.Helper()
	var sids []string
	for account, err := range client.Accounts.All(t.Context(), twilio.AccountListParams{FriendlyName: name}) {
		if err != nil {
			t.Fatal(err)
		}
		sids = append(sids, account.SID)
	}
	if len(sids) != 1 || sids[0] != sid {
		t.Errorf("the accounts are %v, and the result is %s", sids, sid)
	}
}

// The same sign-up, started by many at once and killed after its effect at
// Twilio, makes one account.
func TestASignUpThatIsKilledMakesOneAccount(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, db database) {
		srv, s := newTwilio(t, 0), newSite(t, 0)
		signUp := ensure(s.URL)
		store := db.open(t)
		f := openFleet(t, srv, store)
		s.hold()
		workers := []*process{startWorker(t, srv, db, s, 4, 10), startWorker(t, srv, db, s, 4, 10)}
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if err := inTx(t, db, store, func(tx fleet.Tx) error {
					return signUp.StartTx(t.Context(), tx, "customer", fleet.None{})
				}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		eventually(t, "the account is made", func() bool { return s.inProgress() == 1 })
		for _, worker := range workers {
			worker.signal(t, syscall.SIGKILL)
			<-worker.ended
		}
		s.release()
		work(t, f, 4, signUp)
		if p := watch(t, f, "ensure"); p.Done != 1 || p.Total != 1 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
		oneAccount(t, srv.Client(), "customer", results(t, f, signUp, "ensure")["customer"].Result)
	})
}

// Transactions at SERIALIZABLE that start the same key conflict, and the one that
// fails succeeds when it is retried.
func TestSerializableTransactionsThatConflict(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, db database) {
		var calls tally
		op, pool := echo("sign-up", &calls), newPool(t, postgres)
		store := fleetpg.New(pool, fleetpg.WithSchema(db.name))
		f := openFleet(t, newTwilio(t, 0), store)
		begin := func() pgx.Tx {
			tx, err := pool.BeginTx(t.Context(), pgx.TxOptions{IsoLevel: pgx.Serializable})
			if err == nil {
				_, err = tx.Exec(t.Context(), "select from "+db.name+".fleet_items") // its snapshot is taken
			}
			if err != nil {
				t.Fatal(err)
			}
			return tx
		}
		start := func(tx pgx.Tx) error {
			if err := op.StartTx(t.Context(), store.Tx(tx), "customer", "gold"); err != nil {
				return errors.Join(err, tx.Rollback(t.Context()))
			}
			return tx.Commit(t.Context())
		}
		first, second := begin(), begin()
		if err := start(first); err != nil {
			t.Fatal(err)
		}
		err := start(second)
		if e, ok := errors.AsType[*pgconn.PgError](err); !ok || e.Code != "40001" {
			t.Errorf("got %v", err)
		}
		if err := start(begin()); err != nil {
			t.Errorf("retried: %v", err)
		}
		if p := look(t, f, "sign-up"); p.Total != 1 {
			t.Errorf("got %+v", p)
		}
	})
}

// Delete waits for a transaction that has added to the run, and then refuses: a
// sign-up that is committed isn't lost.
func TestDeleteWaitsForASignUp(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, db database) {
		var calls tally
		op, pool := echo("sign-up", &calls), newPool(t, postgres)
		store := fleetpg.New(pool, fleetpg.WithSchema(db.name))
		f := openFleet(t, newTwilio(t, 0), store)
		stop := work(t, f, 1, op)
		if err := inTx(t, db, store, func(tx fleet.Tx) error { return op.StartTx(t.Context(), tx, "one", "gold") }); err != nil {
			t.Fatal(err)
		}
		watch(t, f, "sign-up")
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		tx, err := pool.Begin(t.Context())
		if err == nil {
			err = op.StartTx(t.Context(), store.Tx(tx), "two", "gold")
		}
		if err != nil {
			t.Fatal(err)
		}
		deleted := make(chan error, 1)
		go func() { deleted <- f.Delete(t.Context(), "sign-up") }()
		eventually(t, "Delete waits", func() bool {
			return scalar(t, db, "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%%%s\".fleet_runs%%'") == 1
		})
		if err := tx.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		if e, ok := errors.AsType[*twilio.ParamError](<-deleted); !ok || e.Field != "run" {
			t.Errorf("Delete: %v", e)
		}
		if p := look(t, f, "sign-up"); p.Total != 2 || p.Done != 1 {
			t.Errorf("got %+v", p)
		}
	})
}

// If two operations run after all, because the session with the locks is gone
// and the first ignores its context, the result that comes first stays.
func TestTheFirstResultWins(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, db database) {
		srv, store := newTwilio(t, 1), db.open(t)
		f, g := openFleet(t, srv, store), openFleet(t, srv, store)
		begun, release, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
		slow := fleet.Define("op", func(context.Context, *fleet.Job[fleet.None]) (string, error) {
			close(begun)
			<-release
			defer close(ended)
			return "slow", nil
		})
		fast := fleet.Define("op", func(context.Context, *fleet.Job[fleet.None]) (string, error) { return "fast", nil })
		stop := work(t, f, 1, slow)
		if err := slow.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{}); err != nil {
			t.Fatal(err)
		}
		<-begun
		exec1(t, db, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'fleet worker (%s)'")
		exec1(t, db, "update %s.river_job set state = 'available' where state = 'running'")
		stopFast := work(t, g, 1, fast)
		watch(t, f, "run")
		if err := stopFast(); err != nil {
			t.Error(err)
		}
		close(release)
		<-ended
		if err := stop(); err != nil { // the slow one has recorded what it could
			t.Error(err)
		}
		for _, item := range results(t, f, slow, "run") {
			if item.Result != "fast" || item.Err != nil {
				t.Errorf("got %+v", item)
			}
		}
	})
}

// A job that River has ended, or that is gone, doesn't leave its item pending.
func TestItemsWithoutALiveJobAreSwept(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, db database) {
		var calls tally
		op := echo("echo", &calls)
		f := openFleet(t, newTwilio(t, 9), db.open(t))
		none := echo("none", &calls)
		stop := work(t, f, 1, none) // which plans
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, ""); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the list is read", func() bool { return look(t, f, "run").Planned })
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		for _, change := range []string{
			"delete from %s.river_job where queue = 'echo' and id %% 3 = 0",
			"update %s.river_job set state = 'discarded', finalized_at = now() where queue = 'echo' and id %% 3 = 1",
			"update %s.river_job set state = 'running', attempted_by = '{somebody}', attempted_at = now() where queue = 'echo' and id %% 3 = 2",
		} {
			exec1(t, db, change)
		}
		work(t, f, 2, op)
		if p := watch(t, f, "run"); p.Done != 9 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
		for key := range results(t, f, op, "run") {
			if calls.of(key) != 1 {
				t.Errorf("%s: %d calls", key, calls.of(key))
			}
		}
	})
}

// A proxy forwards connections, until it is told not to.
type proxy struct {
	net.Listener
	to string

	mu     sync.Mutex
	frozen chan struct{} // while it isn't nil, nothing is forwarded until it is closed
	conns  []net.Conn
}

func newProxy(t *testing.T, to string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{Listener: l, to: to}
	t.Cleanup(func() {
		p.thaw()
		_ = l.Close()
		p.cut()
	})
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go p.forward(in)
		}
	}()
	return p
}

func (p *proxy) forward(in net.Conn) {
	p.wait()
	out, err := net.Dial("tcp", p.to)
	if err != nil {
		_ = in.Close()
		return
	}
	p.mu.Lock()
	p.conns = append(p.conns, in, out)
	p.mu.Unlock()
	for _, pair := range [][2]net.Conn{{in, out}, {out, in}} {
		go func() {
			buf := make([]byte, 32<<10)
			for {
				n, err := pair[0].Read(buf)
				p.wait()
				if err != nil {
					_ = pair[1].Close()
					return
				}
				if _, err := pair[1].Write(buf[:n]); err != nil {
					return
				}
			}
		}()
	}
}

func (p *proxy) wait() {
	p.mu.Lock()
	frozen := p.frozen
	p.mu.Unlock()
	if frozen != nil {
		<-frozen
	}
}

// freeze makes the proxy forward nothing, as a network does that is partitioned.
func (p *proxy) freeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.frozen = make(chan struct{})
}

func (p *proxy) thaw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.frozen != nil {
		close(p.frozen)
		p.frozen = nil
	}
}

// cut ends the connections, as keepalives do in a partition.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		_ = c.Close()
	}
	p.conns = nil
}

// through returns the DSN of the same database at another address.
func through(t *testing.T, dsn, address string) string {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("host=%s port=%s user=%s password='%s' dbname=%s sslmode=disable", host, port,
		cfg.ConnConfig.User, cfg.ConnConfig.Password, cfg.ConnConfig.Database)
}

func addressOf(t *testing.T, dsn string) string {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	return net.JoinHostPort(cfg.ConnConfig.Host, strconv.Itoa(int(cfg.ConnConfig.Port)))
}

// A worker that is cut off from the database ends its operations before another
// begins them, and works again when it is reachable.
func TestAPartition(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, db database) {
		srv, s := newTwilio(t, 8), newSite(t, 0)
		p := newProxy(t, addressOf(t, postgres))
		op := visit(s.URL)
		f := openFleet(t, srv, db.open(t))
		s.hold()
		startWorker(t, srv, db, s, 4, 10, func(spec *workerSpec) { spec.DSN = through(t, postgres, p.Addr().String()) })
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{}); err != nil {
			t.Fatal(err)
		}
		eventually(t, "four operations run", func() bool { return s.inProgress() == 4 })
		p.freeze()
		frozen := time.Now()
		eventually(t, "they have ended", func() bool { return s.inProgress() == 0 })
		if took := time.Since(frozen); took > 30*time.Second { // without the session's check, 90
			t.Errorf("operations ended %s after the partition began", took)
		}
		work(t, f, 4, op)
		p.cut()
		eventually(t, "another worker has them", func() bool { return s.inProgress() == 4 })
		s.release()
		if p := watch(t, f, "run"); p.Done != 8 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
		if _, overlaps := s.most(); overlaps > 0 {
			t.Errorf("%d operations at once on one key", overlaps)
		}
		p.thaw()
		s.hold()
		if err := op.Start(t.Context(), f, "again", twilio.AccountListParams{}, fleet.None{}); err != nil {
			t.Fatal(err)
		}
		eventually(t, "both workers work", func() bool { return s.inProgress() == 8 })
		s.release()
		watch(t, f, "again")
	})
}

// A schema may have the name of one of SQL's words.
func TestASchemaNamedLikeAWord(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, _ database) {
		pool := newPool(t, postgres)
		t.Cleanup(func() {
			if _, err := pool.Exec(context.Background(), `drop schema if exists "select" cascade`); err != nil {
				t.Error(err)
			}
		})
		f := openFleet(t, newTwilio(t, 2), fleetpg.New(pool, fleetpg.WithSchema("select")))
		var calls tally
		op := echo("echo", &calls)
		work(t, f, 2, op)
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, ""); err != nil {
			t.Fatal(err)
		}
		if p := watch(t, f, "run"); p.Done != 2 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
	})
}

// Several main accounts' fleets can be opened at once on one small pool.
func TestSchemasThatAreOpenedAtOnce(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, _ database) {
		pool := newPool(t, postgres+"&pool_max_conns=4")
		ctx, cancel := context.WithTimeout(t.Context(), inTime)
		defer cancel()
		errs := make([]error, 8)
		var wg sync.WaitGroup
		for i := range errs {
			store := fleetpg.New(pool, fleetpg.WithSchema(newSchema(t).name))
			client := newTwilio(t, 0).Client()
			wg.Go(func() { errs[i] = openErr(ctx, client, store) })
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
	})
}

// The connections beside the pool are made as the pool's are, whose functions
// may set a password that changes, or a role.
func TestConnectionsAreMadeAsThePoolsAre(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, db database) {
		cfg, err := pgxpool.ParseConfig(postgres)
		if err != nil {
			t.Fatal(err)
		}
		user := cfg.ConnConfig.User
		cfg.ConnConfig.User = "nobody"
		cfg.BeforeConnect = func(_ context.Context, cfg *pgx.ConnConfig) error {
			cfg.User = user
			return nil
		}
		var refused error
		cfg.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
			name := ""
			if err := conn.QueryRow(ctx, "show application_name").Scan(&name); err != nil || !strings.HasPrefix(name, "fleet worker") {
				return err
			}
			return refused
		}
		pool, err := pgxpool.NewWithConfig(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(pool.Close)
		client, store := newTwilio(t, 0).Client(), fleetpg.New(pool, fleetpg.WithSchema(db.name))
		if err := openErr(t.Context(), client, store); err != nil {
			t.Errorf("BeforeConnect: %v", err)
		}
		refused = errors.New("no role")
		if err := openErr(t.Context(), client, store); !errors.Is(err, refused) {
			t.Errorf("AfterConnect: %v", err)
		}
	})
}

// Results are recorded at READ COMMITTED, whatever the pool's default is.
func TestTheIsolationOfAPool(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, _ database) {
		store := fleetpg.New(newPool(t, postgres+"&default_transaction_isolation=serializable"))
		level := ""
		err := store.Engine().Tx(t.Context(), func(tx engine.Tx) error {
			return tx.Query(t.Context(), "show transaction_isolation", nil, func(scan func(...any) error) error { return scan(&level) })
		})
		if err != nil || level != "read committed" {
			t.Errorf("%q, %v", level, err)
		}
	})
}

// Cancel and Retry change many items while results are written, in the same
// order: otherwise PostgreSQL ends some of them as deadlocks.
func TestCancelAndRetryBesideResults(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, db database) {
		var log bytes.Buffer
		logger := fleet.WithLogger(slog.New(slog.NewTextHandler(&log, nil)))
		srv := newTwilio(t, 2000)
		var calls tally
		op := echo("echo", &calls)
		var f *fleet.Fleet
		var stops []func() error
		for range 3 {
			f = openFleet(t, srv, db.open(t), logger)
			stops = append(stops, work(t, f, 16, op))
		}
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{PageSize: 1000}, strings.Repeat("x", 100)); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the list is read", func() bool { return look(t, f, "run").Planned })
		for range 10 {
			if err := errors.Join(f.Cancel(t.Context(), "run"), f.Retry(t.Context(), "run")); err != nil {
				t.Error(err)
			}
			before := look(t, f, "run").Done
			eventually(t, "results are written", func() bool { p := look(t, f, "run"); return p.Over() || p.Done > before+5 })
		}
		if p := watch(t, f, "run"); p.Done != 2000 || p.Failed+p.Canceled != 0 {
			t.Errorf("got %+v", p)
		}
		for _, stop := range stops {
			if err := stop(); err != nil {
				t.Error(err)
			}
		}
		if text := log.String(); strings.Contains(text, "deadlock") {
			t.Error(text)
		}
	})
}
