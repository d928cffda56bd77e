package twilio_test

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/golden"
)

// TestAPI compares the exported surface with api.txt, so that changing it is a
// decision that a reader of the change sees.
func TestAPI(t *testing.T) {
	t.Parallel()
	var api strings.Builder
	api.WriteString("What users can write. Rewrite this file with: go test -run '^TestAPI$' -update .\n")
	for _, dir := range []string{".", "twiliotest", "webhook"} {
		api.WriteString("\n# " + path.Join("github.com/twilio-subaccounts/twilio-subaccounts-go", dir) + "\n\n")
		for _, decl := range surface(t, dir) {
			api.WriteString(decl + "\n")
		}
	}
	golden.Compare(t, "api.txt", api.String(), "go test -run '^TestAPI$' -update .")
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

// ofUnexported reports whether a method belongs to a type that users can't
// name.
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
