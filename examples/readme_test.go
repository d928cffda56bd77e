package examples_test

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The README's first program runs in an empty module and prints what the README
// says. Its main for a real account, which a test can't run, compiles.
func TestTheProgramOfTheReadme(t *testing.T) {
	t.Parallel()
	readme := string(read(t, filepath.Join("..", "README.md")))
	program := block(t, readme, "go", "package main\n")
	want := block(t, readme, "text", "")
	live := block(t, readme, "go", "func main() {")

	module := emptyModule(t)
	write(t, module, "main.go", []byte(program))
	vet(t, module)
	cmd := exec.CommandContext(t.Context(), "go", "run", ".")
	cmd.Dir = module
	cmd.Env = append(cmd.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if got, err := cmd.Output(); err != nil || string(got) != want {
		t.Errorf("%v, printed\n%s\nwant\n%s\n%s", err, got, want, &stderr)
	}

	main := regexp.MustCompile(`(?s)func main\(\) \{.*?\n\}\n`)
	program = main.ReplaceAllLiteralString(program, live)
	program = strings.Replace(program,
		`"`+sdk+`/twiliotest"`, `"os"`, 1)
	write(t, module, "main.go", []byte(program))
	vet(t, module)
}

// block returns the first fenced block of a language that begins like this.
func block(t *testing.T, text, language, begin string) string {
	t.Helper()
	match := regexp.MustCompile("(?s)\n```" + language + "\n(" +
		regexp.QuoteMeta(begin) + ".*?)```\n").FindStringSubmatch(text)
	if match == nil {
		t.Fatalf("found no block of %s that begins with %q", language, begin)
	}
	return match[1]
}
