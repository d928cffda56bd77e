package fleetsqlite_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetsqlite"
)

// A link to a file that is open is that file.
func TestALinkIsTheSameFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store, err := fleetsqlite.Open(filepath.Join(dir, "fleet.db"))
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link.db")
	if err := os.Symlink("fleet.db", link); err != nil {
		t.Fatal(err)
	}
	if _, err := fleetsqlite.Open(link); err == nil || !strings.Contains(err.Error(), "PostgreSQL") {
		t.Errorf("open twice: %v", err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := fleetsqlite.Open(link)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// Also if the file doesn't exist when the link is opened.
func TestALinkToAFileThatDoesNotExist(t *testing.T) {
	t.Parallel()
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink("fleet.db", link); err != nil {
		t.Fatal(err)
	}
	store, err := fleetsqlite.Open(link)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if again, err := fleetsqlite.Open(link); err == nil {
		t.Error("open twice", again.Close())
	}
}

// Names that would mean something else in a URI, and names that can't be opened.
func TestNames(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	odd := filepath.Join(dir, "a?b=c#d%20e ü.db")
	store, err := fleetsqlite.Open(odd)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(odd); err != nil {
		t.Error(err)
	}
	if err := store.Close(); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"", ":memory:", filepath.Join(dir, "a\x00b"), dir, filepath.Join(dir, "none", "fleet.db")} {
		_, err := fleetsqlite.Open(name)
		if err == nil || !strings.HasPrefix(err.Error(), "fleetsqlite: ") {
			t.Errorf("%q: %v", name, err)
		}
	}
}
