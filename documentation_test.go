package twilio_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Reading a list from an object is alike for all services, and examples of
// printing show nothing.
var withoutExample = regexp.MustCompile(`^(\w+Service_(Get|List|All|Resume|Update|Delete)|\w+_(String|GoString|LogValue|Error|Is|Unwrap|Timeout|Format|MarshalJSON|MarshalText|IsZero|Reveal|AccountSID|HasNext))$`)

func TestEveryEntryPointHasAnExample(t *testing.T) {
	t.Parallel()
	examples := map[string]bool{}
	var entries []string
	services := map[string]bool{}
	for _, f := range parse(t) {
		for _, decl := range f.Decls {
			switch fn, ok := decl.(*ast.FuncDecl); {
			case !ok || !fn.Name.IsExported():
			case strings.HasPrefix(fn.Name.Name, "Example"):
				name := strings.TrimPrefix(fn.Name.Name, "Example")
				examples[name] = true
				services[strings.Split(name, "_")[0]] = true
			case f.Name.Name != "twilio" || strings.HasPrefix(fn.Name.Name, "Test") || strings.HasPrefix(fn.Name.Name, "Fuzz"):
			case fn.Recv == nil:
				entries = append(entries, fn.Name.Name)
			default:
				if receiver := receiverName(fn); ast.IsExported(receiver) {
					entries = append(entries, receiver+"_"+fn.Name.Name)
				}
			}
		}
	}
	if len(entries) < 100 {
		t.Fatalf("found only %d entry points", len(entries))
	}
	for _, entry := range entries {
		if !examples[entry] && !withoutExample.MatchString(entry) {
			t.Errorf("there is no Example%s", entry)
		}
		if service, _, _ := strings.Cut(entry, "_"); strings.HasSuffix(service, "Service") && !services[service] {
			t.Errorf("no example uses %s", service)
			services[service] = true
		}
	}
}

func parse(t *testing.T) []*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

func receiverName(fn *ast.FuncDecl) string {
	receiver := fn.Recv.List[0].Type
	if pointer, ok := receiver.(*ast.StarExpr); ok {
		receiver = pointer.X
	}
	if generic, ok := receiver.(*ast.IndexExpr); ok {
		receiver = generic.X
	}
	if name, ok := receiver.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}
