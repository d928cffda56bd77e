package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

type args struct {
	Key string `json:"key"`
}

func (args) Kind() string { return "fleet" }

func TestJobsAreShown(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "fleet.db")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := openFile(name)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	migrator, err := rivermigrate.New(riversqlite.New(db), nil)
	if err == nil {
		_, err = migrator.Migrate(t.Context(), rivermigrate.DirectionUp, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	client, err := river.NewClient(riversqlite.New(db), &river.Config{})
	if err == nil {
		_, err = client.Insert(t.Context(), args{Key: "customer 1"}, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	handler, err := newHandler(riversqlite.New(db), "")
	if err == nil {
		err = handler.Start(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/": "<html", "/api/jobs?state=available": "customer 1"} {
		res := httptest.NewRecorder()
		handler.ServeHTTP(res, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if res.Code != http.StatusOK || !strings.Contains(res.Body.String(), want) {
			t.Errorf("%s: %d %.200s", path, res.Code, res.Body)
		}
	}
}
