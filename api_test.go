package twilio_test

import (
	"bytes"
	"flag"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// update rewrites the files that tests generate and compare: api.txt and
// docs/FAULTS.md.
var update = flag.Bool("update", false, "rewrite the files that tests compare with")

// TestAPI compares the exported surface with api.txt, so that changing it is a
// decision that a reader of the change sees.
func TestAPI(t *testing.T) {
	t.Parallel()
	var api strings.Builder
	api.WriteString("What users can write. Rewrite this file with: go test -run '^TestAPI$' -update .\n")
	for _, dir := range []string{".", "twiliotest"} {
		api.WriteString("\n# " + path.Join("github.com/twilio-subaccounts/twilio-subaccounts-go", dir) + "\n\n")
		for _, decl := range surface(t, dir) {
			api.WriteString(decl + "\n")
		}
	}
	golden(t, "api.txt", api.String())
}

// golden compares a text with a file, or rewrites the file.
func golden(t *testing.T, name, text string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if text == string(want) {
		return
	}
	had, have := strings.Split(string(want), "\n"), strings.Split(text, "\n")
	for _, line := range had {
		if !slices.Contains(have, line) {
			t.Errorf("%s, gone:  %s", name, line)
		}
	}
	for _, line := range have {
		if !slices.Contains(had, line) {
			t.Errorf("%s, new:   %s", name, line)
		}
	}
	t.Errorf("%s is out of date; if that is meant: go test -run '^%s$' -update .", name, t.Name())
}

// surface lists the exported declarations of a package, without comments and
// bodies.
func surface(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	var decls []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.FileExports(file)
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				d.Body = nil
				if ofUnexported(d) {
					continue
				}
			case *ast.GenDecl:
				if d.Tok == token.IMPORT {
					continue
				}
			}
			var b bytes.Buffer
			if err := format.Node(&b, set, decl); err != nil {
				t.Fatal(err)
			}
			// Blank lines are where comments and unexported fields were.
			lines := slices.DeleteFunc(strings.Split(b.String(), "\n"), func(line string) bool { return strings.TrimSpace(line) == "" })
			decls = append(decls, strings.Join(lines, "\n"))
		}
	}
	slices.Sort(decls)
	return decls
}

// ofUnexported reports whether a method belongs to a type that users can't name.
func ofUnexported(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return false
	}
	receiver := d.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	if generic, ok := receiver.(*ast.IndexExpr); ok {
		receiver = generic.X
	}
	name, ok := receiver.(*ast.Ident)
	return ok && !name.IsExported()
}
