package examples_test

import (
	"bytes"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const sdk = "github.com/twilio-subaccounts/twilio-subaccounts-go"

// Everything in an example's folder but main.go and the tests is to be copied.
// It builds as it stands in a module that has only the SDK.
func TestExamplesCanBeCopied(t *testing.T) {
	t.Parallel()
	programs, err := filepath.Glob("*/main.go")
	if err != nil || len(programs) < 9 {
		t.Fatalf("found the examples %v, and the error %v", programs, err)
	}
	for _, program := range programs {
		dir := filepath.Dir(program)
		if dir == "fleet" {
			continue // it starts the example of another module
		}
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			module := emptyModule(t)
			sources := sourcesToCopy(t, dir)
			for _, source := range sources {
				checkImports(t, source)
				write(t, module, filepath.Base(source), read(t, source))
			}
			write(t, module, "main.go", []byte("package main\n\nfunc main() {}\n"))
			vet(t, module)
		})
	}
}

func sourcesToCopy(t *testing.T, dir string) []string {
	t.Helper()
	sources, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	sources = slices.DeleteFunc(sources, func(name string) bool {
		return filepath.Base(name) == "main.go" ||
			strings.HasSuffix(name, "_test.go")
	})
	if len(sources) == 0 {
		t.Fatal("there is no file to copy; main.go is not one")
	}
	return sources
}

// checkImports is needed since the module's go.mod has what the SDK needs.
func checkImports(t *testing.T, source string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), source, nil,
		parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		// In the standard library no path begins with a domain name.
		first, _, _ := strings.Cut(path, "/")
		if path != sdk && path != sdk+"/webhook" && strings.Contains(first, ".") {
			t.Errorf("%s imports %s; it may import the SDK and the standard"+
				" library only", source, path)
		}
	}
}

// emptyModule returns the folder of a module that requires the SDK from this
// checkout, in the versions of the checkout's go.mod and go.sum.
func emptyModule(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	goMod, ok := bytes.CutPrefix(read(t, filepath.Join(root, "go.mod")),
		[]byte("module "+sdk+"\n"))
	if !ok {
		t.Fatalf("go.mod doesn't begin with module %s", sdk)
	}
	module := t.TempDir()
	write(t, module, "go.mod", fmt.Appendf(nil,
		"module example.com/copied\n%s\nrequire %s v0.0.0\nreplace %[2]s => %q\n",
		goMod, sdk, root))
	write(t, module, "go.sum", read(t, filepath.Join(root, "go.sum")))
	return module
}

// vet compiles a module, without linking it, and looks for mistakes.
func vet(t *testing.T, module string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "vet", ".")
	cmd.Dir = module
	cmd.Env = append(cmd.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func write(t *testing.T, dir, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
}
