package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The README's first program in each other language runs on the fake, wherever
// that language is installed.
func TestProgramsOfTheReadmeInOtherLanguages(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	p := start(t)
	for _, language := range []struct {
		block string
		run   []string // reads the program from its input
		check []string // succeeds where the language has what the program needs
	}{
		{"js", []string{"node", "--input-type=module"},
			[]string{"node", "-e", "process.exit(globalThis.fetch ? 0 : 1)"}},
		{"python", []string{"python3", "-"}, []string{"python3", "-c", ""}},
		{"ruby", []string{"ruby", "-"}, []string{"ruby", "-e", ""}},
		{"php", []string{"php"},
			[]string{"php", "-r", "exit((int) !extension_loaded('curl'));"}},
	} {
		block := regexp.MustCompile("(?s)\n```" + language.block + "\n(.*?)```\n").
			FindStringSubmatch(string(readme))
		if block == nil {
			t.Errorf("the README has no program in %s", language.block)
			continue
		}
		check := exec.CommandContext(t.Context(), language.check[0], language.check[1:]...)
		if check.Run() != nil {
			t.Logf("%s isn't installed", language.block)
			continue
		}
		cmd := exec.CommandContext(t.Context(), language.run[0], language.run[1:]...)
		cmd.Stdin = strings.NewReader(block[1])
		cmd.Env = append(cmd.Environ(), "TWILIO_BASE_URL="+p.ready.URL,
			"TWILIO_ACCOUNT_SID="+p.ready.AccountSID,
			"TWILIO_AUTH_TOKEN="+p.ready.AuthToken,
			"NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
		out, err := cmd.CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != "201 Submarine" {
			t.Errorf("%s: %v, printed %s", language.block, err, out)
		}
	}
}
