package twilio_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/lenient"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/operations"
)

// A resource is a type that responses of the API are decoded into.
type resource struct{ t reflect.Type }

// resources has the results of all operations, by name.
func resources() []resource {
	var found []resource
	for _, op := range operations.All {
		if r := (resource{op.Result()}); r.t != nil && !slices.Contains(found, r) {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b resource) int { return strings.Compare(a.t.Name(), b.t.Name()) })
	return found
}

func (r resource) decode(body []byte) (any, error) {
	v := reflect.New(r.t).Interface()
	problems, err := lenient.Unmarshal(body, v)
	return v, firstProblem(problems, err)
}

func (r resource) decodePage(body []byte) ([]any, string, error) {
	page, problems, err := lenient.UnmarshalPage(body, "items", "next_page_uri", r.t)
	return page.Items, page.Next, firstProblem(problems, err)
}

// firstProblem takes a problem for an error.
func firstProblem(problems []*lenient.ValueError, err error) error {
	if err == nil && len(problems) > 0 {
		return problems[0]
	}
	return err
}

// sample returns a response with every member that the type has a field for, as
// the item of a page and alone.
func (r resource) sample() (page, one []byte) {
	one = []byte(sampleJSON(r.t))
	return fmt.Appendf(nil, `{"items":[%s],"next_page_uri":null,"page":0,"uri":"/2010-04-01/x.json"}`, one), one
}

// sampleJSON returns a value of a type as Twilio writes it, with numbers in
// quotes.
func sampleJSON(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[time.Time]():
		return `"Thu, 30 Jul 2015 20:00:00 +0000"`
	case reflect.TypeFor[decimal.NullDecimal]():
		return `"-0.03000"`
	case reflect.TypeFor[twilio.Secret]():
		return `"0123456789abcdef"`
	case reflect.TypeFor[twilio.SubresourceURIs]():
		return `{"calls":"\/ahoy \u2603","queues":"/x/y/Queues.json","sip":"/x/y/SIP.json"}`
	}
	switch t.Kind() {
	case reflect.String:
		return `"ahoy \u2603"`
	case reflect.Bool:
		return "true"
	case reflect.Int, reflect.Float64:
		return `"15"`
	case reflect.Slice:
		return "[" + sampleJSON(t.Elem()) + "]"
	case reflect.Map:
		return `{"calls":` + sampleJSON(t.Elem()) + "}"
	case reflect.Struct:
		var members []string
		for f := range t.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			members = append(members, strconv.Quote(name)+":"+sampleJSON(f.Type))
		}
		return "{" + strings.Join(members, ",") + "}"
	default: // any
		return "null"
	}
}

// TestEveryResourceIsDecoded decodes a response with all fields as
// encoding/json does, alone and as an item of a page.
func TestEveryResourceIsDecoded(t *testing.T) {
	t.Parallel()
	all := resources()
	if len(all) < 15 {
		t.Errorf("only %d resources", len(all))
	}
	for _, r := range all {
		page, one := r.sample()
		compareDecoded(t, r, one)
		v, err := r.decode(one)
		if err != nil {
			t.Errorf("%s: %v", r.t.Name(), err)
			continue
		}
		items, _, err := r.decodePage(page)
		if err != nil || !reflect.DeepEqual(items[0], v) {
			t.Errorf("%s: got %+v on a page, %v, and %+v alone", r.t.Name(), items, err, v)
		}
		own := reflect.New(r.t).Interface()
		if _, ok := own.(json.Unmarshaler); !ok {
			t.Errorf("%s has no UnmarshalJSON; add it to unmarshal.go", r.t.Name())
		} else if err := json.Unmarshal(one, own); err != nil || !reflect.DeepEqual(own, v) {
			t.Errorf("%s: encoding/json reads %+v, %v", r.t.Name(), own, err)
		}
	}
}

// FuzzResources decodes what may be a response into every resource, alone and
// on a page, and compares the result with that of encoding/json.
func FuzzResources(f *testing.F) {
	const strange = `{"sid":3,"price":1e999999999,"duration":"\ud800","date_created":"\u0000","capabilities":{"SMS":"true","sms":[]},` +
		`"subresource_uris":{"a":null,"a":true},"sid":"` + "\xff\xe2\x98" + `","status":"x","status":null}`
	all := resources()
	for i, r := range all {
		page, one := r.sample()
		f.Add(uint8(i), one, []byte(strange))
		f.Add(uint8(i), page, one)
		f.Add(uint8(i), bytes.ReplaceAll(one, []byte(`"`), []byte(`\u0022`)), []byte(`{}`))
		f.Add(uint8(i), one[:len(one)*2/3], []byte(`[]`))
	}
	for _, r := range all { // what is allocated once isn't measured
		_, _ = r.decode([]byte("{}"))
	}
	f.Fuzz(func(t *testing.T, which uint8, a, b []byte) {
		r := all[int(which)%len(all)]
		var alone []any
		for _, body := range [][]byte{a, b} {
			keep := bytes.Clone(body)
			v, err := r.decodeMeasured(t, body, r.decode)
			isDecodeError(t, err)
			if err == nil && !json.Valid(body) {
				t.Errorf("%v: no error for what isn't JSON", r.t)
			}
			if err == nil && strings.HasPrefix(strings.TrimSpace(string(body)), "{") {
				alone = append(alone, v)
			}
			_, err = r.decodeMeasured(t, body, func(body []byte) (any, error) {
				items, _, err := r.decodePage(body)
				return items, err
			})
			isDecodeError(t, err)
			if !bytes.Equal(body, keep) {
				t.Fatalf("%v: the body was changed", r.t)
			}
			compareDecoded(t, r, body)
		}
		if len(alone) < 2 {
			return
		}
		// Other items of a page don't change the result.
		page := fmt.Appendf(nil, `{"next_page_uri":"/x","%s":[%s,%s,%s,%s]}`, "items", a, b, b, a)
		items, next, err := r.decodePage(page)
		if err != nil || next != "/x" || !reflect.DeepEqual(items, []any{alone[0], alone[1], alone[1], alone[0]}) {
			t.Errorf("%v: got %+v, %q, %v\nfor %s", r.t, items, next, err, page)
		}
	})
}

// FuzzValues compares what a text means for a field with encoding/json,
// math/big and time: in a string and, where it is valid JSON, by itself.
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
		call, number := resource{reflect.TypeFor[twilio.Call]()}, resource{reflect.TypeFor[twilio.AvailablePhoneNumber]()}
		account := resource{reflect.TypeFor[twilio.Account]()}
		for _, value := range []string{string(quoted), text} {
			for _, name := range []string{"sid", "price", "duration", "start_time", "subresource_uris"} {
				compareDecoded(t, call, []byte(`{"`+name+`":`+value+`}`))
			}
			for _, name := range []string{"latitude", "beta", "capabilities"} {
				compareDecoded(t, number, []byte(`{"`+name+`":`+value+`}`))
			}
			compareDecoded(t, account, []byte(`{"auth_token":`+value+`,"subresource_uris":{"a":`+value+`}}`))
		}
	})
}

func isDecodeError(t *testing.T, err error) {
	t.Helper()
	_, problem := errors.AsType[*lenient.ValueError](err)
	if _, fatal := errors.AsType[*lenient.Error](err); err != nil && !problem && !fatal {
		t.Errorf("%T: %v", err, err)
	}
}

// decodeMeasured decodes a body and checks that what it allocates is in
// proportion to the body. An empty item of a list is three bytes, and takes the
// size of its type.
func (r resource) decodeMeasured(t *testing.T, body []byte, read func([]byte) (any, error)) (v any, err error) {
	t.Helper()
	got, most := twilio.Allocated(func() { v, err = read(body) }), 64<<10+uint64(len(body))*uint64(64+r.t.Size()/2)
	if got > most {
		t.Errorf("%d bytes allocated for %d", got, len(body))
	}
	return v, err
}

// compareDecoded compares the decoder with encoding/json. It encodes the
// document again, so that each name is there once: then both succeed or both
// fail.
func compareDecoded(t *testing.T, r resource, body []byte) {
	t.Helper()
	reader := json.NewDecoder(bytes.NewReader(body))
	reader.UseNumber()
	var document any
	if reader.Decode(&document) != nil || reader.More() || !json.Valid(body) {
		return
	}
	if v, err := r.decode(body); err == nil && isObject(document) {
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
	v, err := r.decode(again)
	if !isObject(document) {
		if err == nil {
			t.Errorf("%v: no error for %s", r.t, again)
		}
		return
	}
	switch want := matches(document, reflect.ValueOf(v).Elem()); {
	case errors.Is(want, errMeaningless) && err == nil:
		t.Errorf("%v: no error, but %v\nin %s", r.t, want, again)
	case errors.Is(want, errMeaningless):
	case err != nil:
		t.Errorf("%v: %v\nin %s", r.t, err, again)
	case want != nil:
		t.Errorf("%v: %v\nin %s", r.t, want, again)
	}
}

func isObject(value any) bool { _, ok := value.(map[string]any); return ok }

// errMeaningless says that a value means nothing for a field.
var errMeaningless = errors.New("is nonsense")

var numeral = regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$`)

// matches is the decoder's contract, written for clarity and not for speed: a
// field holds what encoding/json has decoded.
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
	case *twilio.Secret:
		text := want.Reveal()
		return matches(value, reflect.ValueOf(&text).Elem())
	case *twilio.SubresourceURIs:
		var paths map[string]string
		if !want.Equal(twilio.SubresourceURIs{}) {
			paths = maps.Collect(want.All())
		}
		for name, path := range paths {
			if want.Get(name) != path {
				return fmt.Errorf("Get(%q) is %q, and %q by All", name, want.Get(name), path)
			}
		}
		return matches(value, reflect.ValueOf(&paths).Elem())
	case *time.Time:
		switch {
		case blank:
			return errorIf(!want.IsZero(), differs)
		case !isText:
			return errMeaningless
		}
		for _, layout := range []string{time.RFC1123Z, "Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 GMT", time.RFC3339, time.DateOnly} {
			if at, err := time.Parse(layout, text); err == nil {
				return errorIf(!want.Equal(at), differs)
			}
		}
		return errMeaningless
	case *decimal.NullDecimal:
		if blank {
			return errorIf(want.Valid, differs)
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
			return errMeaningless
		case value == nil:
			return errorIf(got.String() != "", differs)
		}
		return errorIf(got.String() != fmt.Sprint(value), differs)
	case reflect.Bool:
		switch {
		case blank:
			return errorIf(got.Bool(), differs)
		case value == true, value == false:
			return errorIf(got.Bool() != value, differs)
		}
		switch strings.ToLower(text) {
		case "1", "t", "true":
			return errorIf(!got.Bool(), differs)
		case "0", "f", "false":
			return errorIf(got.Bool(), differs)
		}
		return errMeaningless
	case reflect.Int, reflect.Float64:
		if blank {
			return errorIf(!got.IsZero(), differs)
		}
		n, exponent, err := rational(text)
		switch f, tooLarge := strconv.ParseFloat(text, 64); {
		case got.Kind() == reflect.Float64 && len(text) <= 1000 && numeral.MatchString(text) && tooLarge == nil:
			return errorIf(got.Float() != f, differs)
		case err != nil, exponent > 20, exponent < -1000, !n.IsInt(), !n.Num().IsInt64(), got.Kind() == reflect.Float64:
			return errMeaningless
		}
		return errorIf(n.Num().Int64() != got.Int(), differs)
	case reflect.Interface: // whatever encoding/json makes of it
		var want any
		if err := json.Unmarshal(must(json.Marshal(value)), &want); err != nil {
			return errMeaningless
		}
		return errorIf(!reflect.DeepEqual(got.Interface(), want), differs)
	case reflect.Slice:
		if nothing && !isList {
			return errorIf(!got.IsNil(), differs)
		} else if !isList {
			return errMeaningless
		}
		for i, value := range list {
			elem := reflect.New(got.Type().Elem()).Elem()
			if i < got.Len() {
				elem.Set(got.Index(i))
			}
			if err := matches(value, elem); err != nil {
				return err
			}
		}
		return errorIf(got.IsNil() || got.Len() != len(list), differs)
	case reflect.Map:
		if nothing {
			return errorIf(!got.IsNil(), differs)
		} else if !isObject {
			return errMeaningless
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
		return errorIf(got.Len() != len(object), differs)
	case reflect.Struct:
		if nothing {
			return errorIf(!got.IsZero(), differs)
		} else if !isObject {
			return errMeaningless
		}
		return matchesFields(object, got)
	}
	return fmt.Errorf("a field of type %v: say what is read into it", got.Type())
}

// matchesFields looks for nonsense in all fields before it says that one
// differs.
func matchesFields(object map[string]any, got reflect.Value) (differs error) {
	names := slices.Sorted(maps.Keys(object)) // as they are in the document
	for field := range got.Type().Fields() {
		var value any
		for _, name := range names {
			if name != field.Tag.Get("json") && !slices.Contains(strings.Fields(field.Tag.Get("also")), name) {
				continue
			}
			value = object[name]
			if errors.Is(matches(value, reflect.New(field.Type).Elem()), errMeaningless) {
				return errMeaningless
			}
		}
		if err := matches(value, got.FieldByIndex(field.Index)); err != nil && differs == nil {
			differs = fmt.Errorf("%s: %w", field.Name, err)
		}
	}
	return differs
}

func errorIf(wrong bool, err error) error {
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
		return nil, 0, errMeaningless
	}
	digits, e, scientific := strings.Cut(strings.ToLower(text), "e")
	if scientific {
		if exponent, err = strconv.Atoi(e); err != nil {
			return nil, 0, errMeaningless
		}
	}
	_, fraction, _ := strings.Cut(digits, ".")
	if exponent -= len(fraction); exponent < -10000 || exponent > 10000 {
		return nil, 0, errMeaningless
	}
	n, ok := new(big.Rat).SetString(text)
	return n, exponent, errorIf(!ok, errMeaningless)
}

// TestHostileDocuments checks that no document makes the decoder allocate more
// than in proportion to its size.
//
//nolint:paralleltest // measures memory
func TestHostileDocuments(t *testing.T) {
	const size = 100 << 10
	fill := func(start, again, end string) string { return start + strings.Repeat(again, size/len(again)) + end }
	all := resources()
	members := func(form func(name string) string) string { // with the names that resources have
		var texts []string
		for _, r := range all {
			for field := range r.t.Fields() {
				name := field.Tag.Get("json")
				texts = append(texts, form(name), `{"`+name+`":{"`+name+`":`)
			}
		}
		return "[" + strings.Join(texts, ",")
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
		for _, r := range all {
			_, _ = r.decode([]byte("{}")) // what is allocated once isn't measured
			for how, document := range map[string]string{
				"alone":      item,
				"on a page":  `{"` + "items" + `":[` + item + `]}`,
				"as a place": `{"` + "items" + `":[],"next_page_uri":` + item + `}`,
			} {
				t.Run(name+"/"+r.t.Name()+"/"+how, func(t *testing.T) {
					read := r.decode
					if how != "alone" {
						read = func(body []byte) (any, error) { items, _, err := r.decodePage(body); return items, err }
					}
					_, err := r.decodeMeasured(t, []byte(document), read)
					isDecodeError(t, err)
				})
			}
		}
	}
}
