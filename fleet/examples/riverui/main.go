// Riverui shows the jobs of a fleet in a browser:
//
//	go run -C fleet/examples/riverui . -db /path/to/fleet.db
//	go run -C fleet/examples/riverui . -postgres postgres://… -schema fleet
//
// It has no login: it listens on the loopback interface unless -listen says
// otherwise. It is a module of its own, so that users of package fleet don't
// inherit what it requires.
package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	_ "modernc.org/sqlite"
	"riverqueue.com/riverui"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	db := flag.String("db", "", "`file` of fleetsqlite")
	postgres := flag.String("postgres", "", "`URL` of fleetpg's database")
	schema := flag.String("schema", "fleet", "`name` of fleetpg's schema")
	listen := flag.String("listen", "127.0.0.1:8081", "`address` to listen on")
	flag.Parse()
	if err := run(ctx, *db, *postgres, *schema, *listen); err != nil {
		fmt.Fprintln(os.Stderr, "riverui:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, db, postgres, schema, listen string) error {
	var (
		handler *riverui.Handler
		err     error
	)
	switch {
	case db != "":
		var file *sql.DB
		if file, err = openFile(db); err != nil {
			return err
		}
		defer file.Close()
		handler, err = newHandler(riversqlite.New(file), "")
	case postgres != "":
		var pool *pgxpool.Pool
		if pool, err = pgxpool.New(ctx, postgres); err != nil {
			return err
		}
		defer pool.Close()
		handler, err = newHandler(riverpgxv5.New(pool), schema)
	default:
		return errors.New("set -db or -postgres")
	}
	if err == nil {
		err = handler.Start(ctx)
	}
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", listener.Addr())
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// openFile opens a file that exists. A worker may have it open too.
func openFile(name string) (*sql.DB, error) {
	if _, err := os.Stat(name); err != nil {
		return nil, err
	}
	name, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(name),
		RawQuery: "_txlock=immediate&_pragma=busy_timeout(10000)"}).String())
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

func newHandler[TTx any](driver riverdriver.Driver[TTx], schema string) (*riverui.Handler, error) {
	logger := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	client, err := river.NewClient(driver, &river.Config{Schema: schema, Logger: logger})
	if err != nil {
		return nil, err
	}
	return riverui.NewHandler(&riverui.HandlerOpts{Endpoints: riverui.NewEndpoints(client, nil), Logger: logger})
}
