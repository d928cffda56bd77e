//go:build unix

package fleet_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetpg"
)

// Programs of PostgreSQL and PgBouncer; .ci/run sets these.
var (
	postgresBin = os.Getenv("FLEET_POSTGRES_BIN")
	pgBouncer   = os.Getenv("FLEET_PGBOUNCER")
)

// A cluster is a PostgreSQL of a test's own.
type cluster struct {
	dir  string
	port int
}

// freePort returns a port for a server. It isn't one of those that the system
// gives to whoever asks for any: the server may not have it for a while.
func freePort(t *testing.T) int {
	t.Helper()
	for range 100 {
		port := 10_000 + rand.N(20_000)
		if l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", port)); err == nil {
			_ = l.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}

// unprivileged returns a folder for a server, and the user that it runs as:
// neither PostgreSQL nor PgBouncer runs as root.
func unprivileged(t *testing.T) (dir string, attr *syscall.SysProcAttr) {
	t.Helper()
	dir, err := os.MkdirTemp("", "fleet") //nolint:usetesting // its parents have to be open to another user
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if os.Getuid() != 0 {
		return dir, nil
	}
	owner, err := user.Lookup("postgres")
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(owner.Uid)
	gid, _ := strconv.Atoi(owner.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	return dir, &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	dir, attr := unprivileged(t)
	c := &cluster{dir: dir, port: freePort(t)}
	run := func(name string, args ...string) {
		cmd := exec.Command(filepath.Join(postgresBin, name), args...)
		cmd.Dir, cmd.SysProcAttr = dir, attr
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	run("initdb", "-D", dir+"/data", "-E", "UTF8", "-A", "trust", "-U", "postgres", "--no-sync")
	t.Cleanup(func() { c.ctl(t, "stop", "-m", "immediate") })
	c.ctl(t, "start")
	return c
}

func (c *cluster) ctl(t *testing.T, args ...string) {
	t.Helper()
	args = append(args, "-w", "-D", c.dir+"/data", "-l", c.dir+"/log",
		"-o", fmt.Sprintf("-p %d -k %s -c listen_addresses=127.0.0.1", c.port, c.dir))
	cmd := exec.Command(filepath.Join(postgresBin, "pg_ctl"), args...)
	cmd.Dir = c.dir
	if os.Getuid() == 0 {
		info, err := os.Stat(c.dir)
		if err != nil {
			t.Fatal(err)
		}
		owner := info.Sys().(*syscall.Stat_t)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}}
	}
	// The server keeps what it inherits, so its output isn't a pipe.
	if err := cmd.Run(); err != nil {
		t.Errorf("pg_ctl %v: %v", args, err)
	}
}

func (c *cluster) dsn() string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", c.port)
}

// While PostgreSQL is down, operations end; when it is back, all goes on.
func TestPostgresStopsAndStarts(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, _ database) {
		if postgresBin == "" {
			return // .ci/run sets it
		}
		c := newCluster(t)
		srv, s := newTwilio(t, 60), newSite(t, 20*time.Millisecond)
		op := visit(s.URL)
		f := openFleet(t, srv, fleetpg.New(newPool(t, c.dsn())), fleet.WithConcurrency(10))
		db := database{"postgres", "fleet"}
		for range 2 {
			startWorker(t, srv, db, s, 4, 10, func(spec *workerSpec) { spec.DSN = c.dsn() })
		}
		if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{}); err != nil {
			t.Fatal(err)
		}
		eventually(t, "they work", func() bool { return s.count() > 10 })
		s.hold()
		eventually(t, "eight operations run", func() bool { return s.inProgress() == 8 })
		stopped := time.Now()
		c.ctl(t, "stop", "-m", "immediate")
		eventually(t, "they have ended", func() bool { return s.inProgress() == 0 })
		if took := time.Since(stopped); took > 30*time.Second { // likewise
			t.Errorf("operations ended %s after PostgreSQL", took)
		}
		s.release()
		begun := s.count()
		pause(t.Context(), t, time.Second, "workers find that PostgreSQL is down")
		if s.count() != begun {
			t.Errorf("%d operations began without PostgreSQL", s.count()-begun)
		}
		c.ctl(t, "start")
		if p := watch(t, f, "run"); p.Done != 60 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
		if _, overlaps := s.most(); len(results(t, f, op, "run")) != 60 || overlaps > 0 {
			t.Errorf("%d at once on one key", overlaps)
		}
	})
}

func startPgBouncer(t *testing.T, mode string) (address string) {
	t.Helper()
	dir, attr := unprivileged(t)
	port := freePort(t)
	host, pgPort, err := net.SplitHostPort(addressOf(t, postgres))
	if err != nil {
		t.Fatal(err)
	}
	config := fmt.Sprintf("[databases]\n* = host=%s port=%s\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\n"+
		"unix_socket_dir =\nauth_type = any\npool_mode = %s\ndefault_pool_size = 20\nignore_startup_parameters = extra_float_digits\n", host, pgPort, port, mode)
	if strings.Contains(postgres, "user=") || strings.Contains(postgres, "@") {
		cfg, err := pgxpool.ParseConfig(postgres)
		if err != nil {
			t.Fatal(err)
		}
		config = strings.Replace(config, "\n[pgbouncer]", " user="+cfg.ConnConfig.User+"\n[pgbouncer]", 1)
	}
	file := filepath.Join(dir, "pgbouncer.ini")
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(pgBouncer, file)
	cmd.Dir, cmd.SysProcAttr = dir, attr
	out := &strings.Builder{}
	cmd.Stderr = out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("PgBouncer:\n%s", out)
		}
	})
	address = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	eventually(t, "PgBouncer listens", func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			err = conn.Close()
		}
		return err == nil
	})
	return address
}

func TestPgBouncer(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, db database) {
		if pgBouncer == "" {
			return // .ci/run sets it
		}
		srv := newTwilio(t, 20)
		for _, mode := range []string{"transaction", "session"} {
			dsn := through(t, postgres, startPgBouncer(t, mode)) + " default_query_exec_mode=exec"
			store := fleetpg.New(newPool(t, dsn), fleetpg.WithSchema(db.name))
			f, err := fleet.Open(t.Context(), srv.Client(), store, quick)
			if mode == "transaction" {
				if err == nil || !strings.Contains(err.Error(), "pool_mode = session") {
					t.Errorf("transaction mode: %v", err)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			var calls tally
			op := echo("echo", &calls)
			work(t, f, 4, op)
			if err := op.Start(t.Context(), f, "run", twilio.AccountListParams{}, "a"); err != nil {
				t.Fatal(err)
			}
			if p := watch(t, f, "run"); p.Done != 20 {
				t.Errorf("session mode: %+v", p)
			}
		}
	})
}
