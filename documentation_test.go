package twilio_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// These are the same for all services, or print something that an example
// can't show.
var withoutExample = regexp.MustCompile(`^(\w+Service_(Get|List|All|Resume|Update|Delete)|\w+_(String|GoString|LogValue|Error|Is|Unwrap|Timeout|Format|(Unm|M)arshalJSON|(Unm|M)arshalText|EncodeValues|Equal|Scan|IsZero|Reveal|AccountSID|KeySID|HasNext))$`)

func TestEveryEntryPointHasAnExample(t *testing.T) {
	t.Parallel()
	examples := map[string]bool{}
	var entries []string
	services := map[string]bool{}
	for name, f := range parsePackage(t) {
		for _, decl := range f.Decls {
			switch fn, ok := decl.(*ast.FuncDecl); {
			case !ok || !fn.Name.IsExported():
			case strings.HasPrefix(fn.Name.Name, "Example"):
				name := strings.TrimPrefix(fn.Name.Name, "Example")
				examples[name] = true
				services[strings.Split(name, "_")[0]] = true
			case strings.HasSuffix(name, "_test.go"):
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
		if service, _, _ := strings.Cut(entry, "_"); strings.HasSuffix(service, "Service") && service != "MessagingService" && !services[service] {
			t.Errorf("no example uses %s", service)
			services[service] = true
		}
	}
}

// parsePackage parses all files of the package, tests included.
func parsePackage(t *testing.T) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, name := range names {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = f
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

// snippetDeclarations has the variables that the README's snippets use.
const snippetDeclarations = `package readme

import (
	"context"
	"io"
	"net/http"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

var (
	ctx                   context.Context
	client, sub, own      *twilio.Client
	acct, other           *twilio.Account
	accountSID, authToken string
	numberSID             string
	recordingSID          string
	sender, phone         string
	cursor, recordingPath string
	file                  io.Writer
	recordings, flows     any
	err, errGone          error
	voiceURL              string
	yesterday, from, to   time.Time
	first, last           time.Time

	mux       *http.ServeMux
	store     func(accountSID, from, body string)
	save      func(name string, totals any) error
	lookFirst func(context.Context) error
	notify    func(ctx context.Context, client *twilio.Client, customerSID string) error
	vault     func(ctx context.Context, accountSID, keySID, secret string) error
)
`

// snippetImports has the packages that snippets use without importing them.
var snippetImports = map[string]string{
	"context": "context", "errors": "errors", "fmt": "fmt", "http": "net/http", "testing": "testing", "time": "time",
	"twilio":     "github.com/twilio-subaccounts/twilio-subaccounts-go",
	"twiliotest": "github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest",
	"webhook":    "github.com/twilio-subaccounts/twilio-subaccounts-go/webhook",
}

var (
	// programBlock is a whole program, or another main for it. A test beside
	// the examples runs these.
	programBlock = regexp.MustCompile(`^(package main\n|func main\(\))`)
	// excerptBlock is a part of a file, which its first line names.
	excerptBlock = regexp.MustCompile(`^// (\S+\.go)\n`)
)

// readmeBlocks returns the README's blocks of Go.
func readmeBlocks(t *testing.T) []string {
	t.Helper()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, match := range regexp.MustCompile("(?s)\n```go\n(.*?)```").
		FindAllStringSubmatch(string(readme), -1) {
		blocks = append(blocks, match[1])
	}
	return blocks
}

// An excerpt is what the file has, which is compiled and tested in its module.
func TestExcerptsInTheReadmeAreUpToDate(t *testing.T) {
	t.Parallel()
	excerpts := 0
	for _, block := range readmeBlocks(t) {
		name := excerptBlock.FindStringSubmatch(block)
		if name == nil {
			continue
		}
		excerpts++
		source, err := os.ReadFile(filepath.FromSlash(name[1]))
		if err != nil {
			t.Error(err)
			continue
		}
		if !strings.Contains(string(source), strings.TrimPrefix(block, name[0])) {
			t.Errorf("%s doesn't contain what the README shows of it", name[1])
		}
	}
	if excerpts == 0 {
		t.Error("found no excerpt")
	}
}

// Every other block of Go in the README compiles, as a part of a function that
// returns an error or as a declaration.
func TestSnippetsOfTheReadmeCompile(t *testing.T) {
	t.Parallel()
	blocks := slices.DeleteFunc(readmeBlocks(t), func(code string) bool {
		return programBlock.MatchString(code) || excerptBlock.MatchString(code)
	})
	if len(blocks) < 5 {
		t.Fatalf("found only %d snippets", len(blocks))
	}
	// The files exist for the compiler only, in a folder of the module.
	dir, err := filepath.Abs("readme_snippets")
	if err != nil {
		t.Fatal(err)
	}
	scratch := t.TempDir()
	replace := map[string]string{}
	add := func(name, source string) {
		if err := os.WriteFile(filepath.Join(scratch, name), []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(dir, name)] = filepath.Join(scratch, name)
	}
	add("given.go", snippetDeclarations)
	for i, block := range blocks {
		add(fmt.Sprintf("snippet%d.go", i), snippetFile(t, i, block))
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	add("overlay.json", string(overlay))
	build := exec.CommandContext(t.Context(), "go", "build", "-overlay", filepath.Join(scratch, "overlay.json"), "./readme_snippets")
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// snippetFile makes a file of a block.
func snippetFile(t *testing.T, number int, code string) string {
	t.Helper()
	var imports strings.Builder
	for name, path := range snippetImports {
		if regexp.MustCompile(`\b` + name + `\.[A-Z]`).MatchString(code) {
			fmt.Fprintf(&imports, "import %s %q\n", name, path)
		}
	}
	line := fmt.Sprintf("//line README.md.snippet%d:1\n", number+1)
	head := "package readme\n" + imports.String()
	if strings.HasPrefix(code, "func ") {
		return head + line + code
	}
	body := func(end string) string {
		return fmt.Sprintf("%s\nfunc snippet%d() error {\n%s%s%s\n}\n", head, number, line, code, end)
	}
	f, err := parser.ParseFile(token.NewFileSet(), "README.md", body("return nil"), parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	// A snippet need not use what it declares.
	var end strings.Builder
	for _, decl := range f.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		for _, statement := range fn.Body.List {
			if assign, ok := statement.(*ast.AssignStmt); ok && assign.Tok == token.DEFINE {
				for _, name := range assign.Lhs {
					fmt.Fprintf(&end, "_ = %s\n", name)
				}
			}
		}
	}
	return body(end.String() + "return nil")
}
