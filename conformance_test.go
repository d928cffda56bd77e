package twilio_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/operations"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// notInSpec are the fields that are on the wire though not in the
// specification.
var notInSpec = map[string]bool{"Call.annotation": true, "Message.tags": true}

// The parts of the specification that these tests read.
type (
	spec struct {
		Paths      map[string]map[string]json.RawMessage
		Components struct{ Schemas map[string]specSchema }

		operations map[string]specOperation
	}
	specOperation struct {
		ID         string `json:"operationId"`
		Parameters []struct {
			Name, In string
			Schema   specSchema
		}
		RequestBody struct {
			Content map[string]struct{ Schema specSchema }
		}
		Responses map[string]struct {
			Content map[string]struct {
				Schema   specSchema
				Examples map[string]struct{ Value json.RawMessage }
			}
		}

		request string // as in operation.request
	}
	specSchema struct {
		Ref, Type, Format, Pattern, Description string
		Enum, Required                          []string
		Properties                              map[string]specSchema
		Items                                   *specSchema
	}
)

// The specification lists the values of some strings in prose alone: "Can be:
// `mono` or `dual` and the default is `mono`."
var (
	listedValues = regexp.MustCompile("[Cc]an be: ?(`[^.]*)")
	listedValue  = regexp.MustCompile("`([a-zA-Z0-9-]+)`")
)

// UnmarshalJSON knows the one member that isn't named like its field, and finds
// enums that are in the description.
func (s *specSchema) UnmarshalJSON(text []byte) error {
	type plain specSchema
	raw := struct {
		*plain
		Ref string `json:"$ref"`
	}{plain: (*plain)(s)}
	if err := json.Unmarshal(text, &raw); err != nil {
		return err
	}
	s.Ref = raw.Ref
	element := s
	if s.Items != nil {
		element = s.Items
	}
	if list := listedValues.FindStringSubmatch(s.Description); list != nil && element.Type == "string" && element.Enum == nil {
		for _, value := range listedValue.FindAllStringSubmatch(list[1], -1) {
			element.Enum = append(element.Enum, value[1])
		}
	}
	return nil
}

var readSpec = sync.OnceValues(func() (*spec, error) {
	text, err := os.ReadFile(os.Getenv("TWILIO_OPENAPI"))
	if err != nil {
		return nil, err
	}
	s := &spec{operations: map[string]specOperation{}}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, err
	}
	for path, members := range s.Paths {
		for method, member := range members {
			if !slices.Contains([]string{"get", "post", "put", "patch", "delete"}, method) {
				continue // servers and the like
			}
			var op specOperation
			if err := json.Unmarshal(member, &op); err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			path := strings.TrimPrefix(strings.TrimSuffix(path, ".json"), "/2010-04-01")
			path = strings.TrimPrefix(path, "/Accounts/{AccountSid}")
			op.request = strings.ToUpper(method) + " " + path
			s.operations[op.ID] = op
		}
	}
	return s, nil
})

// loadSpec returns Twilio's specification, or skips the test where
// TWILIO_OPENAPI doesn't name it.
func loadSpec(t *testing.T) *spec {
	t.Helper()
	if os.Getenv("TWILIO_OPENAPI") == "" {
		t.Skip("TWILIO_OPENAPI doesn't name Twilio's specification; .ci/fetch-openapi fetches it")
	}
	s, err := readSpec()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *spec) resolve(schema specSchema) specSchema {
	if schema.Ref == "" {
		return schema
	}
	return s.Components.Schemas[schema.Ref[strings.LastIndex(schema.Ref, "/")+1:]]
}

// success is the schema of an operation's response, or of the items of its
// list.
func (s *spec) success(op specOperation) (schema specSchema, list string) {
	for status, response := range op.Responses {
		if !strings.HasPrefix(status, "2") {
			continue
		}
		schema = s.resolve(response.Content["application/json"].Schema)
		for name, property := range schema.Properties {
			if property.Type == "array" && strings.HasPrefix(op.ID, "List") {
				return s.resolve(*property.Items), name
			}
		}
	}
	return schema, ""
}

// inputs are the parameters of an operation that go into query or form, and
// those of them that are required.
func (s *spec) inputs(op specOperation) (inputs map[string]specSchema, required []string) {
	inputs = map[string]specSchema{}
	for _, p := range op.Parameters {
		if p.In == "query" {
			inputs[p.Name] = p.Schema
		}
	}
	form := s.resolve(op.RequestBody.Content["application/x-www-form-urlencoded"].Schema)
	maps.Copy(inputs, form.Properties)
	return inputs, form.Required
}

// anonymous takes the names out of a path's placeholders.
func anonymous(path string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(path, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("{}")
		_, path, _ = strings.Cut(rest, "}")
	}
}

// TestSpecOperations compares the table of operations with the specification. A
// resource that the library covers is covered whole; what it leaves to
// [twilio.Client.Do] are whole resources.
func TestSpecOperations(t *testing.T) {
	t.Parallel()
	s := loadSpec(t)
	covered, resources := map[string]bool{}, map[string]bool{}
	for _, op := range slices.Concat(operations.OfAPI(), operations.Downloads) {
		if op.ID == "" {
			continue
		}
		covered[op.ID] = true
		resources[resourceOf(op.Request)] = true
		got, ok := s.operations[op.ID]
		if !ok {
			t.Errorf("%s isn't in the specification", op.ID)
			continue
		}
		if anonymous(got.request) != anonymous(op.Request) {
			t.Errorf("%s is %s, and in the specification %s", op.ID, op.Request, got.request)
		}
		placeholders := operations.Placeholders(op.Template())
		for _, p := range got.Parameters {
			if p.In != "path" || p.Name == "AccountSid" {
				continue
			}
			kind := placeholders[0].Kind
			placeholders = placeholders[1:]
			if p.Schema.Pattern != "" && !strings.Contains(p.Schema.Pattern, kind) {
				t.Errorf("%s: %s is a %s here, and in the specification like %s", op.ID, p.Name, kind, p.Schema.Pattern)
			}
		}
	}
	left := map[string]int{}
	for id, op := range s.operations {
		resource := resourceOf(op.request)
		switch {
		case covered[id]:
		case resources[resource]:
			t.Errorf("%s (%s) isn't covered, though other operations of its resource are", id, op.request)
		default:
			left[resource]++
		}
	}
	t.Logf("%d operations covered; resources left to Do, with their operations: %v", len(covered), left)
}

// resourceOf is the path of the list that a request is about: without the SID
// at its end, and without the names of placeholders.
func resourceOf(request string) string {
	_, path, _ := strings.Cut(anonymous(request), " ")
	return strings.TrimSuffix(path, "/{}")
}

// jsonFields are a struct's fields by their names in JSON.
func jsonFields(t reflect.Type) map[string]reflect.StructField {
	fields := map[string]reflect.StructField{}
	for f := range t.Fields() {
		if name := f.Tag.Get("json"); name != "" {
			fields[name] = f
		}
	}
	return fields
}

// urlFields are a Params type's fields by their names in a form. A map has as many
// as it can have entries: Parameter1.Name, Parameter1.Value and so on.
func urlFields(t reflect.Type) map[string]reflect.StructField {
	fields := map[string]reflect.StructField{}
	if t == nil {
		return fields
	}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("url"), ",")
		switch {
		case name == "-":
		case f.Type == reflect.TypeFor[map[string]string]():
			for i := range 99 {
				for _, part := range []string{"Name", "Value"} {
					fields[fmt.Sprintf("%s%d.%s", name, i+1, part)] = f
				}
			}
		default:
			fields[name] = f
		}
	}
	return fields
}

// numbered are the names of parameters that the entries of a map become.
var numbered = regexp.MustCompile(`^Parameter\d+\.(Name|Value)$`)

// meanings are the types of fields whose form in the specification, a string
// mostly, says less than their meaning.
var meanings = map[string]reflect.Type{
	"duration": reflect.TypeFor[int](), "queue_time": reflect.TypeFor[int](), "count": reflect.TypeFor[int](),
	"num_media": reflect.TypeFor[int](), "num_segments": reflect.TypeFor[int](),
	"price": reflect.TypeFor[decimal.NullDecimal](), "balance": reflect.TypeFor[decimal.NullDecimal](),
	"usage": reflect.TypeFor[decimal.NullDecimal](), "current_value": reflect.TypeFor[decimal.NullDecimal](),
	"trigger_value": reflect.TypeFor[decimal.NullDecimal](),
	"as_of":         reflect.TypeFor[time.Time](),
	"auth_token":    reflect.TypeFor[twilio.Secret](), "secondary_auth_token": reflect.TypeFor[twilio.Secret](), "secret": reflect.TypeFor[twilio.Secret](),
	"password": reflect.TypeFor[twilio.Secret](), "credential": reflect.TypeFor[twilio.Secret](),
	"ttl":      reflect.TypeFor[int](),
	"Password": reflect.TypeFor[twilio.Secret](), "SipAuthPassword": reflect.TypeFor[twilio.Secret](),
	"capabilities": reflect.TypeFor[twilio.Capabilities](),
	"AreaCode":     reflect.TypeFor[string](), // an integer to search by and a string to buy by
	"error_code":   reflect.TypeFor[int](), "log": reflect.TypeFor[int](),
	"configuration": reflect.TypeFor[map[string]any](),
	"request":       reflect.TypeFor[twilio.CallLogRequest](), "response": reflect.TypeFor[twilio.CallLogResponse](),
	"ChargeAmount": reflect.TypeFor[decimal.NullDecimal](), "Confirmation": reflect.TypeFor[bool](),
	"Parameter":          reflect.TypeFor[string](), // JSON text
	"ApiVersion":         reflect.TypeFor[string](), // the version of what is called, not a choice
	"policy":             reflect.TypeFor[twilio.IAMPolicy](),
	"auth_type":          reflect.TypeFor[string](), // several, separated by commas
	"encryption_details": reflect.TypeFor[map[string]string](),
}

// fits reports whether a Go type can hold what the specification says.
func (s *spec) fits(name string, schema specSchema, t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if meaning, ok := meanings[name]; ok && schema.Type != "array" {
		return t == meaning
	}
	if numbered.MatchString(name) {
		return t == reflect.TypeFor[map[string]string]()
	}
	schema = s.resolve(schema)
	switch {
	case len(schema.Enum) > 0:
		return t.Kind() == reflect.String && t != reflect.TypeFor[string]()
	case schema.Type == "array":
		return t.Kind() == reflect.Slice && s.fits("", *schema.Items, t.Elem())
	case strings.HasPrefix(schema.Format, "date"):
		return t == reflect.TypeFor[time.Time]()
	case len(schema.Properties) > 0: // an object within
		fields := jsonFields(t)
		for name, property := range schema.Properties {
			if field, ok := fields[name]; !ok || !s.fits(name, property, field.Type) {
				return false
			}
		}
		return true
	case schema.Format == "uri-map":
		return t == reflect.TypeFor[twilio.SubresourceURIs]()
	}
	switch schema.Type {
	case "string":
		return t.Kind() == reflect.String
	case "integer":
		return t.Kind() == reflect.Int
	case "number":
		return t.Kind() == reflect.Float64
	case "boolean":
		return t.Kind() == reflect.Bool
	default:
		return false
	}
}

func TestSpecFields(t *testing.T) {
	t.Parallel()
	s := loadSpec(t)
	known := map[reflect.Type]map[string]bool{}
	for _, op := range operations.OfAPI() {
		result := op.Result()
		schema, _ := s.success(s.operations[op.ID])
		if result == nil {
			if len(schema.Properties) > 0 {
				t.Errorf("%s answers with %v, which is dropped", op.ID, slices.Sorted(maps.Keys(schema.Properties)))
			}
			continue
		}
		if len(schema.Properties) == 0 {
			t.Errorf("%s: no schema found", op.ID)
		}
		if known[result] == nil {
			known[result] = map[string]bool{}
		}
		fields := jsonFields(result)
		for name, property := range schema.Properties {
			known[result][name] = true
			field, ok := fields[name]
			switch {
			case !ok:
				t.Errorf("%s: %s has no field for %s", op.ID, result.Name(), name)
			case !s.fits(name, property, field.Type):
				t.Errorf("%s: %s.%s is a %v, and in the specification %+v", op.ID, result.Name(), field.Name, field.Type, property)
			}
		}
	}
	seen := map[string]bool{}
	for result, properties := range known {
		for f := range result.Fields() {
			name := f.Tag.Get("json")
			if properties[name] {
				continue
			}
			seen[result.Name()+"."+name] = true
			if !notInSpec[result.Name()+"."+name] {
				t.Errorf("%s.%s (%q) isn't in the specification", result.Name(), f.Name, name)
			}
		}
	}
	if !maps.Equal(seen, notInSpec) {
		t.Errorf("beyond the specification are %v, want %v", seen, notInSpec)
	}
}

func TestSpecParameters(t *testing.T) {
	t.Parallel()
	s := loadSpec(t)
	// Page and PageToken are in Twilio's own links between pages, and a Cursor
	// stands for them.
	leftOut := []string{"Page", "PageToken"}
	for _, op := range operations.OfAPI() {
		inputs, required := s.inputs(s.operations[op.ID])
		fields := urlFields(op.ParamsType())
		for name, schema := range inputs {
			field, ok := fields[name]
			switch {
			case slices.Contains(leftOut, name):
				if ok {
					t.Errorf("%s: %s is there, and left out on purpose", op.ID, name)
				}
			case !ok:
				t.Errorf("%s has no parameter %s", op.ID, name)
			case !s.fits(name, schema, field.Type):
				t.Errorf("%s: %s is a %v, and in the specification %+v", op.ID, field.Name, field.Type, schema)
			}
		}
		for name, field := range fields {
			if _, ok := inputs[name]; !ok && !slices.Contains(op.RefusedFields(), field.Name) {
				t.Errorf("%s: %s isn't in the specification", op.ID, name)
			}
		}
		w := newMockAPI(t)
		for _, name := range required {
			params := op.FilledParams()[0]
			params.FieldByName(fields[name].Name).SetZero()
			_, err := operations.Invoke(t.Context(), operations.Method(w.mainClient(), op.Method), op.Args(), params)
			wantRefusal(t, w, err, op.Name, fields[name].Name)
		}
		for _, name := range op.RefusedFields() {
			params := op.FilledParams()[0]
			params.FieldByName(name).SetString("415")
			_, err := operations.Invoke(t.Context(), operations.Method(w.mainClient(), op.Method), op.Args(), params)
			wantRefusal(t, w, err, op.Name, name, "415")
		}
	}
}

// TestSpecExamples responds with the specification's own examples, and looks
// for each of their values where it belongs.
func TestSpecExamples(t *testing.T) {
	t.Parallel()
	s := loadSpec(t)
	for _, op := range operations.OfAPI() {
		_, list := s.success(s.operations[op.ID])
		count := 0
		for status, response := range s.operations[op.ID].Responses {
			for name, example := range response.Content["application/json"].Examples {
				count++
				t.Run(op.ID+"/"+name, func(t *testing.T) {
					t.Parallel()
					w := newMockAPI(t)
					w.respondTo(op.HTTPMethod(), op.Path(mainSID), must(strconv.Atoi(status)), func(url.Values) string { return string(example.Value) })
					params := op.FilledParams()[0]
					if op.Verb() == "List" {
						params.SetZero() // ranges would drop items
					}
					result, err := operations.Invoke(t.Context(), operations.Method(w.mainClient(), op.Method), op.Args(), params)
					if err != nil {
						t.Fatal(err)
					}
					want := readJSON(t, example.Value)
					if list == "" {
						compareJSON(t, "", want, reflect.ValueOf(result))
						return
					}
					page := want.(map[string]any)
					compareJSON(t, list, page[list], reflect.ValueOf(result).Elem().FieldByName("Items"))
					next, _ := page["next_page_uri"].(string)
					if got := result.(interface{ HasNext() bool }).HasNext(); got != (next != "") {
						t.Errorf("HasNext is %t, and next_page_uri %q", got, next)
					}
				})
			}
		}
		if count == 0 && op.Verb() != "Delete" {
			t.Errorf("%s has no example", op.ID)
		}
	}
}

func readJSON(t *testing.T, text []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// compareJSON checks that a Go value has what a JSON value says.
func compareJSON(t *testing.T, at string, want any, got reflect.Value) {
	t.Helper()
	if got.Kind() == reflect.Pointer {
		got = got.Elem()
	}
	if want == nil {
		if !got.IsZero() {
			t.Errorf("%s is %v, want nothing", at, got)
		}
		return
	}
	text := fmt.Sprint(want)
	equal := false
	switch v := got.Interface().(type) {
	case time.Time:
		for _, layout := range []string{time.RFC1123Z, time.RFC3339, time.DateOnly} {
			if at, err := time.Parse(layout, text); err == nil {
				equal = v.Equal(at) && v.Location() == time.UTC
			}
		}
		equal = equal || text == "" && v.IsZero()
	case decimal.NullDecimal:
		d, err := decimal.NewFromString(text)
		equal = err == nil && v.Valid && v.Decimal.Equal(d) || text == "" && !v.Valid
	case twilio.Secret:
		equal = v.Reveal() == text
	case twilio.SubresourceURIs:
		compareJSON(t, at, want, reflect.ValueOf(maps.Collect(v.All())))
		return
	case map[string]string:
		for name, value := range want.(map[string]any) {
			compareJSON(t, at+"."+name, value, reflect.ValueOf(v[name]))
		}
		equal = len(v) == len(want.(map[string]any))
	case map[string]any:
		equal = bytes.Equal(must(json.Marshal(v)), must(json.Marshal(want)))
	case twilio.Capabilities:
		named := map[string]bool{}
		for name, value := range want.(map[string]any) {
			named[strings.ToLower(name)], _ = value.(bool)
		}
		equal = v == twilio.Capabilities{Voice: named["voice"], SMS: named["sms"], MMS: named["mms"], Fax: named["fax"]}
	default:
		switch got.Kind() {
		case reflect.Struct:
			fields := jsonFields(got.Type())
			members := want.(map[string]any)
			for name, value := range members {
				field, ok := fields[name]
				if !ok {
					t.Errorf("%s: %v has no field for %s", at, got.Type(), name)
					continue
				}
				compareJSON(t, at+"."+name, value, got.FieldByIndex(field.Index))
			}
			for name, field := range fields {
				if _, ok := members[name]; !ok && !got.FieldByIndex(field.Index).IsZero() {
					t.Errorf("%s.%s is %v, and not in the example", at, name, got.FieldByIndex(field.Index))
				}
			}
			return
		case reflect.Slice:
			items := want.([]any)
			if got.Len() != len(items) {
				t.Fatalf("%s has %d items, want %d", at, got.Len(), len(items))
			}
			for i, item := range items {
				compareJSON(t, fmt.Sprintf("%s[%d]", at, i), item, got.Index(i))
			}
			return
		case reflect.Float64:
			f, err := strconv.ParseFloat(text, 64)
			equal = err == nil && f == got.Float()
		default:
			equal = fmt.Sprint(got.Interface()) == text
		}
	}
	if !equal {
		t.Errorf("%s is %v, want %s", at, got, text)
	}
}

// declarations are the package's, read from its source: reflection can't list
// constants or types.
type declarations struct {
	constants map[string][]string // the values of typed string constants, by type
	params    []string            // the types whose name ends with Params
}

var readSource = sync.OnceValues(func() (declarations, error) {
	d := declarations{constants: map[string][]string{}}
	files, err := filepath.Glob("*.go")
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, parseErr := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		err = errors.Join(err, parseErr)
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				if strings.HasSuffix(n.Name.Name, "Params") && n.Name.IsExported() {
					d.params = append(d.params, n.Name.Name)
				}
			case *ast.ValueSpec:
				of, typed := n.Type.(*ast.Ident)
				for _, value := range n.Values {
					if lit, ok := value.(*ast.BasicLit); ok && typed && lit.Kind == token.STRING {
						text, unquoteErr := strconv.Unquote(lit.Value)
						err = errors.Join(err, unquoteErr)
						d.constants[of.Name] = append(d.constants[of.Name], text)
					}
				}
			}
			return true
		})
	}
	return d, err
})

func loadSource(t *testing.T) declarations {
	t.Helper()
	d, err := readSource()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestSpecEnums compares the constants of each enum type with the values of all
// the enums in the specification that it stands for.
func TestSpecEnums(t *testing.T) {
	t.Parallel()
	s := loadSpec(t)
	values := map[string]map[string]bool{
		// Beside the list, the description has those of Elastic SIP Trunking.
		"CallDirection": {"trunking-originating": true, "trunking-terminating": true},
	}
	var learn func(schema specSchema, t reflect.Type)
	learn = func(schema specSchema, t reflect.Type) {
		if t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if schema = s.resolve(schema); schema.Items != nil {
			learn(*schema.Items, t)
			return
		}
		if t.Kind() != reflect.String || t == reflect.TypeFor[string]() || len(schema.Enum) == 0 {
			return
		}
		if values[t.Name()] == nil {
			values[t.Name()] = map[string]bool{}
		}
		for _, value := range schema.Enum {
			values[t.Name()][value] = true
		}
	}
	for _, op := range operations.OfAPI() {
		if result := op.Result(); result != nil {
			schema, _ := s.success(s.operations[op.ID])
			for name, field := range jsonFields(result) {
				learn(schema.Properties[name], field.Type)
			}
		}
		inputs, _ := s.inputs(s.operations[op.ID])
		for name, field := range urlFields(op.ParamsType()) {
			learn(inputs[name], field.Type)
		}
	}
	source := loadSource(t)
	for name, want := range values {
		got := map[string]bool{}
		for _, value := range source.constants[name] {
			got[value] = true
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s has constants for %v\nand the specification %v", name, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
		}
	}
	if len(values) < 15 {
		t.Errorf("only %d enums found", len(values))
	}
}

// A productOperation is a line's part of testdata/products.txt.
type productOperation struct {
	request          string // as in operation.Request
	inputs, required []string
	statuses         []string
	list             string
	members          map[string]specSchema // of the response, or of an item of the list
}

// loadProducts reads what Twilio's specifications of other hosts say of the
// operations that have types here.
func loadProducts(t *testing.T) []productOperation {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "products.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var found []productOperation
	origin, ofPath := "", 0
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if section, ok := strings.CutPrefix(line, "## "); ok {
			product, _, _ := strings.Cut(section, "_")
			origin = "https://" + product + ".twilio.com"
		}
		if members, ok := strings.CutPrefix(line, "= "); ok {
			method, list, named := strings.Cut(members, " ")
			if !named {
				method, list = "", members
			}
			for i := range found[ofPath:] {
				if op := &found[ofPath+i]; strings.HasPrefix(op.request, method) {
					op.members = productMembers(list)
				}
			}
		}
		if !strings.HasPrefix(line, "/") {
			continue
		}
		ofPath = len(found)
		path, methods, _ := strings.Cut(line, " | ")
		for text := range strings.SplitSeq(methods, " | ") {
			if strings.HasPrefix(text, "-") {
				continue
			}
			words := strings.Fields(text)
			op := productOperation{request: words[0] + " " + origin + path}
			for _, word := range words[1:] {
				switch list, isList := strings.CutPrefix(word, "→"); {
				case isList:
					op.list = list
				case word[0] == '?' || word[0] == '(':
					for name := range strings.SplitSeq(strings.Trim(word, "?()"), ",") {
						name, required := strings.CutSuffix(name, "*")
						op.inputs = append(op.inputs, name)
						if required {
							op.required = append(op.required, name)
						}
					}
				default:
					op.statuses = strings.Split(word, "/")
				}
			}
			found = append(found, op)
		}
	}
	return found
}

// productMembers reads name:type(values),name:type(values),…
func productMembers(list string) map[string]specSchema {
	members := map[string]specSchema{}
	for member := range strings.SplitSeq(list, ",") {
		member, values, enum := strings.Cut(strings.TrimSuffix(member, ")"), "(")
		name, kind, _ := strings.Cut(member, ":")
		schema := specSchema{Type: cmp.Or(kind, "string")}
		switch kind {
		case "date-time":
			schema.Format = kind
		case "array":
			schema.Items = &specSchema{Type: "string"}
		case "object":
			schema.Format = "uri-map"
		}
		if enum {
			schema.Enum = strings.Split(values, "|")
		}
		members[name] = schema
	}
	return members
}

// allJSONFields are a struct's fields by all the names that responses may have
// them under.
func allJSONFields(t reflect.Type) map[string]reflect.StructField {
	fields := jsonFields(t)
	for f := range t.Fields() {
		for name := range strings.FieldsSeq(f.Tag.Get("also")) {
			fields[name] = f
		}
	}
	return fields
}

// TestProductFields compares the types of other hosts' resources with what
// Twilio's own library knows of them.
func TestProductFields(t *testing.T) {
	t.Parallel()
	specified := map[string]map[string]specSchema{}
	for _, op := range loadProducts(t) {
		specified[anonymous(op.request)] = op.members
	}
	source := loadSource(t)
	known := map[reflect.Type]map[string]bool{}
	for _, op := range operations.All {
		if !op.IsProduct() || op.Result() == nil {
			continue
		}
		result := op.Result()
		if known[result] == nil {
			known[result] = map[string]bool{}
		}
		fields := allJSONFields(result)
		for name, schema := range specified[anonymous(op.Request)] {
			known[result][name] = true
			field, ok := fields[name]
			switch {
			case !ok:
				t.Errorf("%s: %s has no field for %s", op.ID, result.Name(), name)
				continue
			case !(*spec)(nil).fits(name, schema, field.Type):
				t.Errorf("%s: %s.%s is a %v, want one for %+v", op.ID, result.Name(), field.Name, field.Type, schema)
			}
			constants := slices.Sorted(slices.Values(source.constants[field.Type.Name()]))
			if schema.Enum != nil && !slices.Equal(constants, slices.Sorted(slices.Values(schema.Enum))) {
				t.Errorf("%v has constants for %v, want %v", field.Type, constants, schema.Enum)
			}
		}
	}
	for result, members := range known {
		for name := range allJSONFields(result) {
			if !members[name] {
				t.Errorf("%s has a field for %s, which no response has", result.Name(), name)
			}
		}
	}
}

// TestProductOperations compares the operations on other hosts, and the fake's,
// with what Twilio's specifications say.
func TestProductOperations(t *testing.T) {
	t.Parallel()
	specified := map[string]productOperation{}
	for _, op := range loadProducts(t) {
		specified[anonymous(op.request)] = op
	}
	for _, op := range operations.All {
		if !op.IsProduct() {
			continue
		}
		want, ok := specified[anonymous(op.Request)]
		if !ok {
			t.Errorf("%s isn't specified", op.Request)
			continue
		}
		delete(specified, anonymous(op.Request))
		fields := urlFields(op.ParamsType())
		delete(fields, "PageSize")
		if got := slices.Sorted(maps.Keys(fields)); !slices.Equal(got, slices.Sorted(slices.Values(want.inputs))) {
			t.Errorf("%s takes %v, want %v", op.ID, got, want.inputs)
		}
		w := newMockAPI(t)
		for _, name := range want.required {
			if name == "AccountSid" {
				continue // the client's own by default: see TestWireZeroParams
			}
			params := op.FilledParams()[0]
			params.FieldByName(fields[name].Name).SetZero()
			_, err := operations.Invoke(t.Context(), operations.Method(w.mainClient(), op.Method), op.Args(), params)
			wantRefusal(t, w, err, op.Name, fields[name].Name)
		}
		if want.list != "" {
			w.respondTo("GET", op.URL(mainSID), 200, func(url.Values) string { return `{"meta":{},"` + want.list + `":[]}` })
			if _, err := operations.Invoke(t.Context(), operations.Method(w.mainClient(), op.Method), op.Args(), reflect.Value{}); err != nil {
				t.Errorf("%s: %v", op.ID, err)
			}
		}
		srv := twiliotest.NewUnstartedServer()
		args := op.PrepareArgs(srv)
		status, body := "", map[string]any{}
		c := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			res, err := srv.Transport().RoundTrip(r)
			if err == nil {
				status = strconv.Itoa(res.StatusCode)
				text := must(io.ReadAll(res.Body))
				res.Body = io.NopCloser(bytes.NewReader(text))
				if len(text) > 0 {
					err = json.Unmarshal(text, &body)
				}
			}
			return res, err
		})}))
		if _, err := operations.Invoke(t.Context(), operations.Method(c, op.Method), args, reflect.ValueOf(op.Params)); err != nil {
			t.Errorf("%s: %v", op.ID, err)
		}
		statuses := want.statuses
		if len(statuses) == 0 {
			statuses = []string{map[string]string{"GET": "200", "DELETE": "204"}[op.HTTPMethod()]}
		}
		if !slices.Contains(statuses, status) {
			t.Errorf("%s: the fake responds with %s, want one of %v", op.ID, status, statuses)
		}
		if want.list != "" {
			body = body[want.list].([]any)[0].(map[string]any)
		}
		if got := slices.Sorted(maps.Keys(body)); len(got) > 0 && !slices.Equal(got, slices.Sorted(maps.Keys(want.members))) {
			t.Errorf("%s: the fake responds with %v, want %v", op.ID, got, slices.Sorted(maps.Keys(want.members)))
		}
	}
	for request := range specified {
		t.Errorf("%s has no type here", request)
	}
}
