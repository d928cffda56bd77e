// Package golden compares what tests generate with files of the repository. It
// is for tests only: importing it adds the flag -update to a test's program.
package golden

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the files that tests generate")

// Compare compares a text with a file, or rewrites the file if the flag
// -update is set. The command says how to do that.
func Compare(t *testing.T, file, text, command string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(data) == text {
		return
	}
	got, want := strings.Split(text, "\n"), strings.Split(string(data), "\n")
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("%s, gone: %s", file, line)
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("%s, new:  %s", file, line)
		}
	}
	t.Errorf("%s is out of date; if the change is intended, run: %s", file, command)
}
