package fleet_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetpg"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetsqlite"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A workerSpec is what a worker process is told.
type workerSpec struct {
	Kind, Name      string // of the database
	DSN             string
	URL, SID, Token string // of the fake
	Site            string // of the site that operations visit
	AtOnce, Bound   int
	Stop            time.Duration
	Until           string // the run with which the worker ends; empty for none
}

// TestMain makes the test's program a worker if it is started as one.
func TestMain(m *testing.M) {
	if spec := os.Getenv("FLEET_TEST_WORKER"); spec != "" {
		if err := workerProcess(spec); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func workerProcess(text string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	var spec workerSpec
	if err := json.Unmarshal([]byte(text), &spec); err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { _, _ = get(context.Background(), spec.Site, "terminated") })
	client, err := twilio.NewClient(twilio.AuthToken(spec.SID, spec.Token), twilio.WithBaseURL(spec.URL),
		twilio.WithRetryWait(time.Millisecond, 5*time.Millisecond))
	if err != nil {
		return err
	}
	var store fleet.Store
	if spec.Kind == "postgres" {
		pool, err := pgxpool.New(ctx, spec.DSN)
		if err != nil {
			return err
		}
		defer pool.Close()
		store = fleetpg.New(pool, fleetpg.WithSchema(spec.Name))
	} else {
		file, err := fleetsqlite.Open(spec.Name)
		if err != nil {
			return err
		}
		defer file.Close()
		store = file
	}
	f, err := fleet.Open(ctx, client, store, quick, fleet.WithConcurrency(spec.Bound),
		fleet.WithTimings(fleet.Timings{Stop: spec.Stop}), fleet.WithLogger(slog.New(slog.NewTextHandler(os.Stderr, nil))))
	if err != nil {
		return err
	}
	if spec.Until != "" {
		go func() {
			defer stop()
			for _, err := range f.Watch(ctx, spec.Until) {
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
				}
			}
		}()
	}
	return f.Work(ctx, spec.AtOnce, visit(spec.Site), pages(spec.Site), ensure(spec.Site), crash(spec.Site), stumble(spec.Site), fleet.Suspend)
}

// A process is a worker in a process of its own.
type process struct {
	*exec.Cmd
	ended chan struct{}
	err   error // once it has ended
	out   strings.Builder
}

// startWorker starts a worker process, which is killed when the test ends.
func startWorker(t *testing.T, srv *twiliotest.Server, db database, s *site, atOnce, bound int, change ...func(*workerSpec)) *process {
	t.Helper()
	spec := workerSpec{Kind: db.kind, Name: db.name, DSN: postgres, URL: srv.URL, SID: srv.AccountSID, Token: srv.AuthToken,
		Site: s.URL, AtOnce: atOnce, Bound: bound}
	for _, c := range change {
		c(&spec)
	}
	text, err := json.Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: exec.Command(os.Args[0]), ended: make(chan struct{})}
	p.Env = append(os.Environ(), "FLEET_TEST_WORKER="+string(text))
	p.Stderr = &p.out
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.err = p.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.signal(t, syscall.SIGKILL)
		<-p.ended
		if t.Failed() {
			t.Logf("worker %d:\n%s", p.Process.Pid, p.out.String())
		}
	})
	return p
}

func (p *process) signal(t *testing.T, sig syscall.Signal) {
	t.Helper()
	if err := p.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Error(err)
	}
}

// A site counts the visits of operations in all processes, and can hold them.
type site struct {
	*httptest.Server
	tally
	delay time.Duration

	mu     sync.Mutex
	held   chan struct{} // while it isn't nil, visits wait until it is closed
	visits []string

	terminated chan struct{} // has an element for each worker that had SIGTERM
}

func newSite(t *testing.T, delay time.Duration) *site {
	t.Helper()
	s := &site{delay: delay, terminated: make(chan struct{}, 10)}
	s.Server = httptest.NewServer(http.HandlerFunc(s.visit))
	t.Cleanup(func() {
		s.release()
		s.Close()
	})
	return s
}

func (s *site) visit(w http.ResponseWriter, r *http.Request) {
	key, what, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if key == "terminated" {
		s.terminated <- struct{}{}
		return
	}
	end := s.begin(key)
	defer end()
	s.mu.Lock()
	held := s.held
	s.visits = append(s.visits, key+" "+what)
	s.mu.Unlock()
	if held != nil {
		select {
		case <-held:
		case <-r.Context().Done():
			return
		}
	}
	select {
	case <-time.After(s.delay):
	case <-r.Context().Done():
	}
	fmt.Fprint(w, "seen ", key)
}

// hold makes visits wait until release.
func (s *site) hold() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = make(chan struct{})
}

func (s *site) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held != nil {
		close(s.held)
		s.held = nil
	}
}

func (s *site) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.visits)
}

func (s *site) inProgress() int {
	s.tally.mu.Lock()
	defer s.tally.mu.Unlock()
	return s.running
}

func get(ctx context.Context, parts ...string) (string, error) {
	address, err := url.JoinPath(parts[0], parts[1:]...)
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	res, err := http.DefaultClient.Do(req) //nolint:forbidigo // each process is a test's
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return string(body), err
}

// visit visits the site once for an account.
func visit(site string) *fleet.Operation[fleet.None, string] {
	return fleet.Define("visit", func(ctx context.Context, j *fleet.Job[fleet.None]) (string, error) {
		return get(ctx, site, j.Key)
	})
}

// pages visits the site for each page of a bill, with a checkpoint behind it.
func pages(site string) *fleet.Operation[int, int] {
	type state struct{ Page, Sum int }
	return fleet.Define("pages", func(ctx context.Context, j *fleet.Job[int]) (int, error) {
		var s state
		if err := j.Resume(&s); err != nil {
			return 0, err
		}
		for s.Page < j.Params {
			if _, err := get(ctx, site, j.Key, fmt.Sprint(s.Page)); err != nil {
				return 0, err
			}
			s.Sum += s.Page
			s.Page++
			if s.Page%5 == 0 {
				if err := j.Checkpoint(ctx, s); err != nil {
					return 0, err
				}
			}
		}
		return s.Sum, nil
	})
}

// ensure makes the account of a customer, as a sign-up does, and visits the site
// after that.
func ensure(site string) *fleet.Operation[fleet.None, string] {
	return fleet.Define("ensure", func(ctx context.Context, j *fleet.Job[fleet.None]) (string, error) {
		account, _, err := j.Client.Accounts.Ensure(ctx, j.Key)
		if err != nil {
			return "", err
		}
		_, err = get(ctx, site, j.Key)
		return account.SID, err
	})
}

// kill -9 in the middle: everything is recorded once, and only what was running
// is done again.
func TestAWorkerIsKilled(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		srv, s := newTwilio(t, 100), newSite(t, 10*time.Millisecond)
		op := visit(s.URL)
		startRun(t, srv, db, func(f *fleet.Fleet) error {
			return op.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.None{})
		})
		const slots = 4
		first := startWorker(t, srv, db, s, slots, slots)
		eventually(t, "the first worker works", func() bool { return s.count() > 30 })
		first.signal(t, syscall.SIGKILL)
		<-first.ended
		killed := time.Now()
		f := openFleet(t, srv, db.open(t), fleet.WithConcurrency(slots))
		work(t, f, slots, op)
		if p := watch(t, f, "run"); p.Done != 100 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
		t.Logf("over %s after the kill", time.Since(killed).Round(time.Millisecond))
		got := results(t, f, op, "run")
		for key, item := range got {
			if item.Err != nil || item.Result != "seen "+key {
				t.Errorf("got %+v", item)
			}
		}
		// What ran, and what had run and wasn't recorded: at most all that the worker
		// had, which a busy disk makes wait.
		if again := s.count() - 100; len(got) != 100 || again > 3*slots {
			t.Errorf("%d results, and %d visits too many; there were %d slots", len(got), again, slots)
		}
	})
}

// startRun starts a run and closes the database again.
func startRun(t *testing.T, srv *twiliotest.Server, db database, start func(*fleet.Fleet) error) {
	t.Helper()
	if db.kind == "postgres" {
		if err := start(openFleet(t, srv, db.open(t))); err != nil {
			t.Fatal(err)
		}
		return
	}
	store, err := fleetsqlite.Open(db.name)
	if err != nil {
		t.Fatal(err)
	}
	err = start(openFleet(t, srv, store))
	if err = errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
}

// A long operation goes on at its checkpoint in another process.
func TestAWorkerIsKilledInTheMiddleOfABill(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		srv, s := newTwilio(t, 1), newSite(t, 5*time.Millisecond)
		op := pages(s.URL)
		startRun(t, srv, db, func(f *fleet.Fleet) error {
			return op.Start(t.Context(), f, "run", twilio.AccountListParams{}, 100)
		})
		first := startWorker(t, srv, db, s, 1, 4)
		eventually(t, "the first worker is at page 63", func() bool { return s.count() > 63 })
		first.signal(t, syscall.SIGKILL)
		<-first.ended
		f := openFleet(t, srv, db.open(t))
		work(t, f, 1, op)
		watch(t, f, "run")
		for _, item := range results(t, f, op, "run") {
			if item.Err != nil || item.Result != 100*99/2 {
				t.Errorf("got %+v", item)
			}
		}
		if again := s.count() - 100; again < 0 || again > 5 {
			t.Errorf("%d pages were read again; a checkpoint is every 5", again)
		}
	})
}

// A list goes on behind its last page that was recorded.
func TestAWorkerIsKilledWhilePlanning(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		srv, s := newTwilio(t, 200), newSite(t, 0)
		srv.Inject(twiliotest.Fault{Path: "/Accounts.json", Delay: 50 * time.Millisecond, Times: -1})
		op := visit(s.URL)
		startRun(t, srv, db, func(f *fleet.Fleet) error {
			return op.Start(t.Context(), f, "run", twilio.AccountListParams{PageSize: 10}, fleet.None{})
		})
		lists := func() (n int) {
			for _, r := range srv.Requests() {
				if strings.HasSuffix(r.Path, "/Accounts.json") {
					n++
				}
			}
			return n
		}
		first := startWorker(t, srv, db, s, 2, 4)
		eventually(t, "the first worker lists", func() bool { return lists() > 8 })
		first.signal(t, syscall.SIGKILL)
		<-first.ended
		f := openFleet(t, srv, db.open(t))
		work(t, f, 4, op)
		if p := watch(t, f, "run"); p.Total != 200 || p.Done != 200 {
			t.Errorf("got %+v", p)
		}
		if n := lists(); n > 21+2 { // 200 accounts and the main one are 21 pages
			t.Errorf("%d pages were requested", n)
		}
	})
}

func TestASecondProcessOnOneFileIsRefused(t *testing.T) {
	t.Parallel()
	srv, s := newTwilio(t, 1), newSite(t, 0)
	db := database{"sqlite", t.TempDir() + "/fleet.db"}
	store, err := fleetsqlite.Open(db.name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fleetsqlite.Open(db.name); err == nil || !strings.Contains(err.Error(), "PostgreSQL") {
		t.Errorf("opened twice in one process: %v", err)
	}
	second := startWorker(t, srv, db, s, 1, 1)
	<-second.ended
	if out := second.out.String(); second.err == nil || !strings.Contains(out, "another process has fleet.db open") ||
		!strings.Contains(out, "use PostgreSQL") {
		t.Errorf("the second process: %v, %s", second.err, out)
	}
	if err := visit(s.URL).Start(t.Context(), openFleet(t, srv, store), "run", twilio.AccountListParams{}, fleet.None{}); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	third := startWorker(t, srv, db, s, 1, 1)
	eventually(t, "a process works on the file that is closed", func() bool { return s.count() == 1 })
	if _, err := fleetsqlite.Open(db.name); err == nil {
		t.Error("opened beside the third process")
	}
	third.signal(t, syscall.SIGKILL)
	<-third.ended
	db.open(t) // the lock went with the process
}
