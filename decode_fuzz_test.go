package twilio

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

// A reading is a type's two ways through the decoder, which these tests know by
// nothing else.
type reading struct {
	t    reflect.Type
	list string // what holds the items of a page, "" where there are no pages
	one  func(body []byte) (any, error)
	page func(body []byte) ([]any, string, error)
}

func readingOf[T any](list string) reading {
	return reading{
		t: reflect.TypeFor[T](), list: list,
		one: func(body []byte) (any, error) {
			v := new(T)
			err := decode(body, v)
			return v, err
		},
		page: func(body []byte) ([]any, string, error) {
			return decodePage(body, cmp.Or(list, "items"), reflect.TypeFor[T]())
		},
	}
}

// readings has every type that the API's answers are decoded into.
var readings = []reading{
	readingOf[Account]("accounts"),
	readingOf[Address]("addresses"),
	readingOf[AvailablePhoneNumber]("available_phone_numbers"),
	readingOf[AvailablePhoneNumberCountry]("countries"),
	readingOf[Balance](""),
	readingOf[Call]("calls"),
	readingOf[DependentPhoneNumber]("dependent_phone_numbers"),
	readingOf[IncomingPhoneNumber]("incoming_phone_numbers"),
	readingOf[Key]("keys"),
	readingOf[Message]("messages"),
	readingOf[OutgoingCallerID]("outgoing_caller_ids"),
	readingOf[SigningKey]("signing_keys"),
	readingOf[UsageRecord]("usage_records"),
	readingOf[UsageTrigger]("usage_triggers"),
	readingOf[ValidationRequest](""),
	readingOf[errorBody](""),
	readingOf[identified]("items"),
}

// document makes up an answer with every member that the type has a field for: a
// page, or the one thing where there are no pages. one is an item of it.
func (r reading) document() (page, one []byte) {
	one = []byte(made(r.t))
	if r.list == "" {
		return one, one
	}
	return fmt.Appendf(nil, `{"%s":[%s],"next_page_uri":null,"page":0,"uri":"/2010-04-01/x.json"}`, r.list, one), one
}

// made writes a value of a type as Twilio does, numbers and all in quotes.
func made(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[time.Time]():
		return `"Thu, 30 Jul 2015 20:00:00 +0000"`
	case reflect.TypeFor[decimal.NullDecimal]():
		return `"-0.03000"`
	case reflect.TypeFor[Secret]():
		return `"0123456789abcdef"`
	}
	switch t.Kind() {
	case reflect.String:
		return `"ahoy \u2603"`
	case reflect.Bool:
		return "true"
	case reflect.Int, reflect.Float64:
		return `"15"`
	case reflect.Slice:
		return "[" + made(t.Elem()) + "]"
	case reflect.Map:
		return `{"calls":` + made(t.Elem()) + "}"
	case reflect.Struct:
		var members []string
		for f := range t.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			members = append(members, strconv.Quote(name)+":"+made(f.Type))
		}
		return "{" + strings.Join(members, ",") + "}"
	default: // any
		return "null"
	}
}

// TestEveryResourceIsRead: a new resource joins the fuzzing, and an answer is
// read as encoding/json reads it, with nothing left out.
func TestEveryResourceIsRead(t *testing.T) {
	t.Parallel()
	have := map[string]bool{}
	for _, r := range readings {
		have[r.t.Name()] = true
		page, one := r.document()
		agree(t, r, one)
		v, err := r.one(one)
		if err != nil {
			t.Errorf("%s: %v", r.t.Name(), err)
			continue
		}
		if r.list == "" {
			continue
		}
		items, _, err := r.page(page)
		if err != nil || !reflect.DeepEqual(items[0], v) {
			t.Errorf("%s: got %+v on a page, %v, and %+v alone", r.t.Name(), items, err, v)
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`\b(?:create|get|single|list)\[(\w\w+)\]\(ctx`).FindAllSubmatch(source, -1) {
			if !have[string(match[1])] {
				t.Errorf("%s is a resource in %s, and isn't among the readings", match[1], name)
			}
		}
	}
}

// FuzzResources reads what may be an answer into every type that answers are
// read into, alone and on a page, and compares with encoding/json.
func FuzzResources(f *testing.F) {
	const strange = `{"sid":3,"price":1e999999999,"duration":"\ud800","date_created":"\u0000","capabilities":{"SMS":"true","sms":[]},` +
		`"subresource_uris":{"a":null,"a":true},"sid":"` + "\xff\xe2\x98" + `","status":"x","status":null}`
	for i, r := range readings {
		page, one := r.document()
		f.Add(uint8(i), one, []byte(strange))
		f.Add(uint8(i), page, one)
		f.Add(uint8(i), bytes.ReplaceAll(one, []byte(`"`), []byte(`\u0022`)), []byte(`{}`))
		f.Add(uint8(i), one[:len(one)*2/3], []byte(`[]`))
	}
	for _, r := range readings { // what is made once isn't measured
		_, _ = r.one([]byte("{}"))
	}
	f.Fuzz(func(t *testing.T, which uint8, a, b []byte) {
		r := readings[int(which)%len(readings)]
		var alone []any
		for _, body := range [][]byte{a, b} {
			keep := bytes.Clone(body)
			v, err := r.inProportion(t, body, r.one)
			isDecodeError(t, err)
			if err == nil && !json.Valid(body) {
				t.Errorf("%v: no error for what isn't JSON", r.t)
			}
			if err == nil && strings.HasPrefix(strings.TrimSpace(string(body)), "{") {
				alone = append(alone, v)
			}
			_, err = r.inProportion(t, body, func(body []byte) (any, error) {
				items, _, err := r.page(body)
				return items, err
			})
			isDecodeError(t, err)
			if !bytes.Equal(body, keep) {
				t.Fatalf("%v: the body was changed", r.t)
			}
			agree(t, r, body)
		}
		if len(alone) < 2 {
			return
		}
		// What stands beside an item on a page makes nothing else of it.
		page := fmt.Appendf(nil, `{"next_page_uri":"/x","%s":[%s,%s,%s,%s]}`, cmp.Or(r.list, "items"), a, b, b, a)
		items, next, err := r.page(page)
		if err != nil || next != "/x" || !reflect.DeepEqual(items, []any{alone[0], alone[1], alone[1], alone[0]}) {
			t.Errorf("%v: got %+v, %q, %v\nfor %s", r.t, items, next, err, page)
		}
	})
}

// FuzzValues: a text means the same for a field as encoding/json, math/big and
// package time say, in a string and, where it is a value of JSON, by itself.
func FuzzValues(f *testing.F) {
	for _, text := range []string{
		"-0.03000", "+30", "1e-5", "1E3", "2192.84855", "1e999999999", "1e-999999999", "0e30", ".5", "5.", ".-5", "--1", "1_000", "0x10", "1/2", "Inf", "NaN", "\u22121",
		"9223372036854775807", "9223372036854775808", "-9223372036854775808.0", "123456789012345678901234567890", strings.Repeat("9", 1001), "0." + strings.Repeat("0", 998) + "1",
		"Thu, 30 Jul 2015 20:00:00 +0000", "Thu, 30 Jul 2015 20:00:00 GMT", "30 Jul 2015 20:00:00 -0700", "2015-07-30T20:00:00.5Z", "2015-07-30", "2015-02-30", "Tue, 29 Feb 2000 23:59:59 +0000",
		"true", "TRUE", "f", "1", "yes", "", " ", "null", "{}", "[]", "\xff", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\t1\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, value := range []string{string(quoted), text} {
			for _, name := range []string{"sid", "price", "duration", "start_time", "subresource_uris"} {
				agree(t, readingOf[Call]("calls"), []byte(`{"`+name+`":`+value+`}`))
			}
			for _, name := range []string{"latitude", "beta", "capabilities"} {
				agree(t, readingOf[AvailablePhoneNumber](""), []byte(`{"`+name+`":`+value+`}`))
			}
			agree(t, readingOf[Account](""), []byte(`{"auth_token":`+value+`,"subresource_uris":{"a":`+value+`}}`))
		}
	})
}

func isDecodeError(t *testing.T, err error) {
	t.Helper()
	if _, ok := errors.AsType[*decodeError](err); err != nil && !ok {
		t.Errorf("%T: %v", err, err)
	}
}

// inProportion reads a body and measures what that allocates: a multiple of the
// body's size, whatever is in it. An empty item of a list is three bytes, and
// takes the size of its type.
func (r reading) inProportion(t *testing.T, body []byte, read func([]byte) (any, error)) (v any, err error) {
	t.Helper()
	got, most := allocated(func() { v, err = read(body) }), 64<<10+uint64(len(body))*uint64(64+r.t.Size()/2)
	if got > most {
		t.Errorf("%d bytes allocated for %d", got, len(body))
	}
	return v, err
}

// agree compares what the decoder makes of a body with what encoding/json has
// read. Of that the document is written anew, so that it has each name once:
// then both have to take it or both not.
func agree(t *testing.T, r reading, body []byte) {
	t.Helper()
	reader := json.NewDecoder(bytes.NewReader(body))
	reader.UseNumber()
	var document any
	if reader.Decode(&document) != nil || reader.More() || !json.Valid(body) || r.t == reflect.TypeFor[errorBody]() {
		return
	}
	if v, err := r.one(body); err == nil && isObject(document) {
		for field := range r.t.Fields() { // a struct in it may be there twice
			if field.Type.Kind() != reflect.String {
				continue
			}
			if err := matches(document.(map[string]any)[field.Tag.Get("json")], reflect.ValueOf(v).Elem().FieldByIndex(field.Index)); err != nil {
				t.Errorf("%v: %s: %v\nin %s", r.t, field.Name, err, body)
			}
		}
	}
	again, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	v, err := r.one(again)
	switch want := matches(document, reflect.ValueOf(v).Elem()); {
	case errors.Is(want, errNonsense) && err == nil:
		t.Errorf("%v: no error, but %v\nin %s", r.t, want, again)
	case errors.Is(want, errNonsense):
	case err != nil:
		t.Errorf("%v: %v\nin %s", r.t, err, again)
	case want != nil:
		t.Errorf("%v: %v\nin %s", r.t, want, again)
	}
}

func isObject(value any) bool { _, ok := value.(map[string]any); return ok }

// errNonsense says that a value means nothing for a field.
var errNonsense = errors.New("is nonsense")

var numeral = regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$`)

// matches is the decoder's contract, written once more, for clearness and not
// for speed: what encoding/json has read is what the field holds.
func matches(value any, got reflect.Value) error {
	text, isText := value.(string)
	number, isNumber := value.(json.Number)
	object, isObject := value.(map[string]any)
	list, isList := value.([]any)
	nothing := value == nil || isText && text == "" || isList && len(list) == 0
	blank := value == nil || isText && strings.TrimSpace(text) == ""
	if isNumber {
		text = string(number)
	}
	text = strings.TrimSpace(text)
	differs := fmt.Errorf("%#v is read as %v", value, got)

	switch want := got.Addr().Interface().(type) {
	case *Secret:
		text := want.Reveal()
		return matches(value, reflect.ValueOf(&text).Elem())
	case *time.Time:
		switch {
		case blank:
			return when(!want.IsZero(), differs)
		case !isText:
			return errNonsense
		}
		for _, layout := range []string{time.RFC1123Z, "Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 GMT", time.RFC3339, time.DateOnly} {
			if at, err := time.Parse(layout, text); err == nil {
				return when(!want.Equal(at), differs)
			}
		}
		return errNonsense
	case *decimal.NullDecimal:
		if blank {
			return when(want.Valid, differs)
		}
		if n, _, err := rational(text); err != nil {
			return err
		} else if !want.Valid || want.Decimal.Rat().Cmp(n) != 0 {
			return differs
		}
		return nil
	}
	switch got.Kind() {
	case reflect.String:
		switch {
		case isObject || isList:
			return errNonsense
		case value == nil:
			return when(got.String() != "", differs)
		}
		return when(got.String() != fmt.Sprint(value), differs)
	case reflect.Bool:
		switch {
		case blank:
			return when(got.Bool(), differs)
		case value == true, value == false:
			return when(got.Bool() != value, differs)
		}
		switch strings.ToLower(text) {
		case "1", "t", "true":
			return when(!got.Bool(), differs)
		case "0", "f", "false":
			return when(got.Bool(), differs)
		}
		return errNonsense
	case reflect.Int, reflect.Float64:
		if blank {
			return when(!got.IsZero(), differs)
		}
		n, exponent, err := rational(text)
		switch f, tooLarge := strconv.ParseFloat(text, 64); {
		case got.Kind() == reflect.Float64 && len(text) <= 1000 && numeral.MatchString(text) && tooLarge == nil:
			return when(got.Float() != f, differs)
		case err != nil, exponent > 20, exponent < -1000, !n.IsInt(), !n.Num().IsInt64(), got.Kind() == reflect.Float64:
			return errNonsense
		}
		return when(n.Num().Int64() != got.Int(), differs)
	case reflect.Map:
		if nothing {
			return when(!got.IsNil(), differs)
		} else if !isObject {
			return errNonsense
		}
		for name, value := range object {
			elem := reflect.New(got.Type().Elem()).Elem()
			if v := got.MapIndex(reflect.ValueOf(name)); v.IsValid() {
				elem.Set(v)
			}
			if err := matches(value, elem); err != nil {
				return err
			}
		}
		return when(got.Len() != len(object), differs)
	case reflect.Struct:
		if nothing {
			return when(!got.IsZero(), differs)
		} else if !isObject {
			return errNonsense
		}
		return matchesFields(object, got)
	}
	return fmt.Errorf("a field of type %v: say what is read into it", got.Type())
}

// matchesFields looks for nonsense in all fields before it says that one differs.
func matchesFields(object map[string]any, got reflect.Value) (differs error) {
	names := slices.Sorted(maps.Keys(object)) // as they are in the document
	for field := range got.Type().Fields() {
		var value any
		for _, name := range names {
			if name != field.Tag.Get("json") && !slices.Contains(strings.Fields(field.Tag.Get("also")), name) {
				continue
			}
			value = object[name]
			if errors.Is(matches(value, reflect.New(field.Type).Elem()), errNonsense) {
				return errNonsense
			}
		}
		if err := matches(value, got.FieldByIndex(field.Index)); err != nil && differs == nil {
			differs = fmt.Errorf("%s: %w", field.Name, err)
		}
	}
	return differs
}

func when(wrong bool, err error) error {
	if wrong {
		return err
	}
	return nil
}

// rational reads a number exactly, and says how far its last digit is from the
// point. Numbers of more than a thousand digits, or ten thousand zeros, are
// nonsense.
func rational(text string) (n *big.Rat, exponent int, err error) {
	text = strings.Replace(text, "\u2212", "-", 1) // a minus too
	if !numeral.MatchString(text) || len(text) > 1000 {
		return nil, 0, errNonsense
	}
	digits, e, scientific := strings.Cut(strings.ToLower(text), "e")
	if scientific {
		if exponent, err = strconv.Atoi(e); err != nil {
			return nil, 0, errNonsense
		}
	}
	_, fraction, _ := strings.Cut(digits, ".")
	if exponent -= len(fraction); exponent < -10000 || exponent > 10000 {
		return nil, 0, errNonsense
	}
	n, ok := new(big.Rat).SetString(text)
	return n, exponent, when(!ok, errNonsense)
}

// TestHostileDocuments: what a document looks like doesn't make the decoder
// allocate more than in proportion to its size.
//
//nolint:paralleltest // measures memory
func TestHostileDocuments(t *testing.T) {
	const size = 100 << 10
	fill := func(start, again, end string) string { return start + strings.Repeat(again, size/len(again)) + end }
	members := func(form func(name string) string) string { // of the names that our types have
		var all []string
		for _, r := range readings {
			for field := range r.t.Fields() {
				name := field.Tag.Get("json")
				all = append(all, form(name), `{"`+name+`":{"`+name+`":`)
			}
		}
		return "[" + strings.Join(all, ",")
	}
	for name, item := range map[string]string{
		"brackets":             fill("", "[", ""),
		"braces":               fill("", `{"a":`, ""),
		"nested in the map":    fill(`{"subresource_uris":`, `{"subresource_uris":`, ""),
		"nested and closed":    `{"details":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "}",
		"digits of money":      fill(`{"price":`, "1", "}"),
		"digits in a string":   fill(`{"price":"0.`, "1", `"}`),
		"digits of a count":    fill(`{"code":`, "1", `,"duration":1}`),
		"zeros":                fill(`{"duration":"0.`, "0", `"}`),
		"exponent":             `{"price":1e999999999,"balance":1e999999999,"duration":1e999999999,"code":1e999999999}`,
		"exponent in a string": `{"price":"1e-999999999","balance":"1e-999999999","duration":"1e-999999999","latitude":"1e-999999999"}`,
		"the same name":        fill("{", `"sid":"x",`, `"sid":""}`),
		"the same map":         fill("{", `"subresource_uris":{"a":""},`, `"sid":""}`),
		"empty names":          fill(`{"subresource_uris":{`, `"":"",`, `"":""}}`),
		"one-letter names":     fill(`{"subresource_uris":{`, `"a":"","b":"","c":"","d":"",`, `"":""}}`),
		"escapes":              fill(`{"sid":"`, `\u0000`, `"}`),
		"lone surrogates":      fill(`{"sid":"`, `\ud800`, `"}`),
		"not Unicode":          fill(`{"sid":"`, "\xff", `"}`),
		"not Unicode in names": fill(`{`, "\"\xff\":1,", `"sid":1}`),
		"white space":          fill(`{`, " \n", `}`),
		"a long date":          fill(`{"date_created":"`, "Thu, ", `"}`),
		"members that end":     members(func(name string) string { return `{"` + name + `":` }),
		"empty items":          fill("", "{},", "{}"),
		"items with a map":     fill("", `{"subresource_uris":{"":""}},`, "{}"),
		"items of one letter":  fill("", `{"sid":"x"},`, "{}"),
		"details":              fill(`{"details":[`, `{},`, `{}]}`),
	} {
		for _, r := range readings {
			_, _ = r.one([]byte("{}")) // what is made once isn't measured
			for how, document := range map[string]string{
				"alone":      item,
				"on a page":  `{"` + cmp.Or(r.list, "items") + `":[` + item + `]}`,
				"as a place": `{"` + cmp.Or(r.list, "items") + `":[],"next_page_uri":` + item + `}`,
			} {
				t.Run(name+"/"+r.t.Name()+"/"+how, func(t *testing.T) {
					read := r.one
					if how != "alone" {
						read = func(body []byte) (any, error) { items, _, err := r.page(body); return items, err }
					}
					_, err := r.inProportion(t, []byte(document), read)
					isDecodeError(t, err)
				})
			}
		}
	}
}
