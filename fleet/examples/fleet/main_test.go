package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The program makes every bill, and started again with the same folder it finds
// the run over.
func TestBills(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for range 2 {
		out, err := os.Create(filepath.Join(dir, "out"))
		if err != nil {
			t.Fatal(err)
		}
		if err := run(t.Context(), []string{"-accounts", "30", "-dir", dir}, out); err != nil {
			t.Fatal(err)
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(out.Name())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "30 of 30, 0 failed") || !strings.Contains(string(text), "total    0.474 USD") {
			t.Errorf("got:\n%s", text)
		}
		file, err := os.Open(filepath.Join(dir, "bills.csv"))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(file).ReadAll()
		if err != nil || len(rows) != 1+24 { // every fifth has no message
			t.Errorf("%d rows, %v", len(rows), err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
