package twilio

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

type ugly string

// An uglyItem has a field of every kind that the types of this package have.
type uglyItem struct {
	Text     string              `json:"text"`
	Enum     ugly                `json:"enum"`
	Int      int                 `json:"int"`
	Int64    int64               `json:"int64"`
	Small    int8                `json:"small"`
	Uint     uint                `json:"uint"`
	Float    float64             `json:"float"`
	Float32  float32             `json:"float32"`
	Bool     bool                `json:"bool,omitempty"`
	Time     time.Time           `json:"time"`
	Price    decimal.NullDecimal `json:"price"`
	Amount   decimal.Decimal     `json:"amount"`
	Secret   Secret              `json:"secret"`
	Texts    map[string]string   `json:"texts"`
	Details  map[string]any      `json:"details"`
	Counts   map[ugly]int        `json:"counts"`
	Any      any                 `json:"any"`
	Struct   uglyStruct          `json:"struct"`
	Pointer  *uglyStruct         `json:"pointer"`
	TextPtr  *string             `json:"text_ptr"`
	IntPtr   *int                `json:"int_ptr"`
	List     []string            `json:"list"`
	Structs  []uglyStruct        `json:"structs"`
	Pointers []*uglyStruct       `json:"pointers"`
	Raw      json.RawMessage     `json:"raw"`
	Hidden   string              `json:"-"`
	SMS      bool                `json:"sms" also:"SMS Sms"`
}

type uglyStruct struct {
	N    int         `json:"n"`
	Next *uglyStruct `json:"next"`
}

// julyEvening is the date of the examples in Twilio's documentation.
var julyEvening = time.Date(2015, time.July, 30, 20, 0, 0, 0, time.UTC)

func TestDecodeForms(t *testing.T) {
	t.Parallel()
	price := func(text string) decimal.NullDecimal { return decimal.NewNullDecimal(decimal.RequireFromString(text)) }
	for _, test := range []struct {
		json string
		want uglyItem
	}{
		{`{}`, uglyItem{}},
		{`{"unknown":{"deep":[1,{"x":"]}"}]},"text":"a"}`, uglyItem{Text: "a"}},
		{`{"TEXT":"a","Text":"b"}`, uglyItem{}},
		{`{"text":"a","text":"b"}`, uglyItem{Text: "b"}},
		{"\n { \"text\" :\t\"a\" , \"int\" : 1 } \n", uglyItem{Text: "a", Int: 1}},
		{`{"te\u0078t":"a"}`, uglyItem{Text: "a"}},

		{`{"text":"Ahoy \"there\" \u2603 \ud83d\ude00\n"}`, uglyItem{Text: "Ahoy \"there\" ☃ 😀\n"}},
		{`{"text":15}`, uglyItem{Text: "15"}},
		{`{"text":-0.0300}`, uglyItem{Text: "-0.0300"}},
		{`{"text":true}`, uglyItem{Text: "true"}},
		{`{"text":" a "}`, uglyItem{Text: " a "}},
		{"{\"text\":\"a\xffb\",\"enum\":\"\xc3\"}", uglyItem{Text: "a\uFFFDb", Enum: "\uFFFD"}},
		{`{"text":"a\ud800b"}`, uglyItem{Text: "a\uFFFDb"}},
		{`{"enum":"not-invented-yet"}`, uglyItem{Enum: "not-invented-yet"}},
		{`{"enum":3}`, uglyItem{Enum: "3"}},

		{`{"int":15,"int64":15,"small":15,"uint":15}`, uglyItem{Int: 15, Int64: 15, Small: 15, Uint: 15}},
		{`{"int":"15","int64":"15","small":"15","uint":"15"}`, uglyItem{Int: 15, Int64: 15, Small: 15, Uint: 15}},
		{`{"int":15.0,"int64":"15.0","small":1e2,"uint":"1E3"}`, uglyItem{Int: 15, Int64: 15, Small: 100, Uint: 1000}},
		{`{"int":" 15 ","int64":"+15","small":"-15"}`, uglyItem{Int: 15, Int64: 15, Small: -15}},
		{`{"int64":9223372036854775807,"uint":18446744073709551615}`, uglyItem{Int64: 1<<63 - 1, Uint: 1<<64 - 1}},
		{`{"int64":"-9223372036854775808.0"}`, uglyItem{Int64: -1 << 63}},
		{`{"float":37.84}`, uglyItem{Float: 37.84}},
		{`{"float":"-122.460000"}`, uglyItem{Float: -122.46}},

		{`{"bool":true}`, uglyItem{Bool: true}},
		{`{"bool":"true"}`, uglyItem{Bool: true}},
		{`{"bool":"True"}`, uglyItem{Bool: true}},
		{`{"bool":1}`, uglyItem{Bool: true}},
		{`{"bool":"false"}`, uglyItem{}},
		{`{"sms":true}`, uglyItem{SMS: true}},
		{`{"SMS":true}`, uglyItem{SMS: true}},
		{`{"Sms":true}`, uglyItem{SMS: true}},
		{`{"sMS":true}`, uglyItem{}},

		{`{"time":"Thu, 30 Jul 2015 20:00:00 +0000"}`, uglyItem{Time: julyEvening}},
		{`{"time":"2015-07-30T20:00:00Z"}`, uglyItem{Time: julyEvening}},
		{`{"time":"2015-07-30"}`, uglyItem{Time: julyEvening.Truncate(24 * time.Hour)}},

		{`{"price":"-0.03000"}`, uglyItem{Price: price("-0.03000")}},
		{`{"price":-0.03000}`, uglyItem{Price: price("-0.03000")}},
		{`{"price":2192.84855,"amount":"1e-3"}`, uglyItem{Price: price("2192.84855"), Amount: decimal.New(1, -3)}},
		{`{"price":0}`, uglyItem{Price: price("0")}},
		{`{"price":"123456789012345678901234567890.123456789"}`, uglyItem{Price: price("123456789012345678901234567890.123456789")}},

		{`{"secret":"s"}`, uglyItem{Secret: newSecret("s")}},
		{`{"texts":{"a":"b","c":1,"d":null}}`, uglyItem{Texts: map[string]string{"a": "b", "c": "1", "d": ""}}},
		{`{"texts":{}}`, uglyItem{Texts: map[string]string{}}},
		{`{"details":{"a":[1,"b",null]}}`, uglyItem{Details: map[string]any{"a": []any{1.0, "b", nil}}}},
		{`{"counts":{"a":"1","b":2}}`, uglyItem{Counts: map[ugly]int{"a": 1, "b": 2}}},
		{`{"any":"a"}`, uglyItem{Any: "a"}},
		{`{"any":{"t":{},"t":[]}}`, uglyItem{Any: map[string]any{"t": []any{}}}},
		{`{"struct":{"n":"1","next":{"next":{"n":3}}}}`, uglyItem{Struct: uglyStruct{1, &uglyStruct{0, &uglyStruct{N: 3}}}}},
		{`{"pointer":{"n":1}}`, uglyItem{Pointer: &uglyStruct{N: 1}}},
		{`{"text_ptr":"","int_ptr":"0"}`, uglyItem{TextPtr: new(""), IntPtr: new(0)}},
		{`{"list":["a",1,null]}`, uglyItem{List: []string{"a", "1", ""}}},
		{`{"list":[]}`, uglyItem{List: []string{}}},
		{`{"structs":[{"n":1},null],"pointers":[{"n":1},null]}`, uglyItem{Structs: []uglyStruct{{N: 1}, {}}, Pointers: []*uglyStruct{{N: 1}, nil}}},
		{`{"raw":{"a": 1}}`, uglyItem{Raw: json.RawMessage(`{"a": 1}`)}},
		{`{"Hidden":"a","-":"b"}`, uglyItem{}},
	} {
		var got uglyItem
		if err := decode([]byte(test.json), &got); err != nil {
			t.Errorf("%s: %v", test.json, err)
		} else if !equalItems(got, test.want) {
			t.Errorf("%s: got %+v", test.json, got)
		}
	}
}

func equalItems(a, b uglyItem) bool {
	if !a.Amount.Equal(b.Amount) || a.Amount.Exponent() != b.Amount.Exponent() || a.Secret.Reveal() != b.Secret.Reveal() {
		return false
	}
	a.Amount, b.Amount, a.Secret, b.Secret = decimal.Decimal{}, decimal.Decimal{}, Secret{}, Secret{}
	return reflect.DeepEqual(a, b)
}

// Null, "" and a missing member are the same thing, whatever the kind, and
// leave nothing of what was in the field before.
func TestDecodeNothing(t *testing.T) {
	t.Parallel()
	for field := range reflect.TypeFor[uglyItem]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		forms := []string{"null", `""`, `" "`}
		switch {
		case name == "-":
			continue
		case name == "any" || name == "raw" || name == "text_ptr":
			forms = forms[:0] // have a use for "", and for null in part
		case name == "text" || name == "enum" || name == "secret":
			forms = forms[:2]
		case field.Type.Kind() == reflect.Map || field.Type.Kind() == reflect.Slice || name == "struct" || name == "pointer":
			forms = forms[:2]
			if name == "details" || name == "texts" || name == "struct" || name == "pointer" {
				forms = append(forms, "[]", "[ ]")
			}
		}
		for _, form := range forms {
			got := uglyItem{
				Text: "x", Enum: "x", Int: 1, Int64: 1, Small: 1, Uint: 1, Float: 1, Float32: 1, Bool: true, Time: julyEvening,
				Price: decimal.NewNullDecimal(decimal.New(1, 0)), Amount: decimal.New(1, 0), Secret: newSecret("x"),
				Texts: map[string]string{"x": "x"}, Details: map[string]any{"x": "x"}, Counts: map[ugly]int{"x": 1},
				Struct: uglyStruct{N: 1}, Pointer: &uglyStruct{}, IntPtr: new(1), List: []string{"x"},
				Structs: []uglyStruct{{}}, Pointers: []*uglyStruct{{}}, SMS: true,
			}
			if err := decode([]byte(`{"`+name+`":`+form+`}`), &got); err != nil {
				t.Errorf("%s: %s: %v", name, form, err)
			} else if v := reflect.ValueOf(got).FieldByIndex(field.Index); !v.IsZero() {
				t.Errorf("%s: %s: got %v", name, form, v)
			}
		}
	}
}

// Nonsense is an error that names the field and keeps the value to itself.
func TestDecodeNonsense(t *testing.T) {
	t.Parallel()
	const canary = "+15005550006"
	for _, test := range []struct{ json, want string }{
		{`{"text":{"a":"` + canary + `"}}`, "text: want a string, got an object"},
		{`{"text":["` + canary + `"]}`, "text: want a string, got an array"},
		{`{"secret":{}}`, "secret: want a string, got an object"},
		{`{"int":"abc"}`, "int: want a whole number, got a string that is not one"},
		{`{"int":15.5}`, "int: want a whole number, got a number that is not one"},
		{`{"int":"+1 500 555"}`, "int: want a whole number, got a string that is not one"},
		{`{"int":true}`, "int: want a whole number, got true or false"},
		{`{"int":{}}`, "int: want a whole number, got an object"},
		{`{"int":9223372036854775808}`, "int: want a whole number, got a number that is not one"},
		{`{"int":1e999999999}`, "int: want a whole number, got a number that is not one"},
		{`{"small":128}`, "small: want a whole number, got a number that is not one"},
		{`{"uint":-1}`, "uint: want a whole number that isn't negative, got a number that is not one"},
		{`{"float":"Inf"}`, "float: want a number, got a string that is not one"},
		{`{"float":"0x10"}`, "float: want a number, got a string that is not one"},
		{`{"float":1e999}`, "float: want a number, got a number that is not one"},
		{`{"float32":1e300}`, "float32: want a number, got a number that is not one"},
		{`{"bool":"yes"}`, "bool: want true or false, got a string that is not one"},
		{`{"bool":2}`, "bool: want true or false, got a number that is not one"},
		{`{"time":"` + canary + `"}`, "time: want a date, got a string that is not one"},
		{`{"time":1438286400}`, "time: want a date, got a number that is not one"},
		{`{"time":true}`, "time: want a date, got true or false"},
		{`{"price":"` + canary + `x"}`, "price: want a decimal number, got a string that is not one"},
		{`{"price":"NaN"}`, "price: want a decimal number, got a string that is not one"},
		{`{"price":1e999999999}`, "price: want a decimal number, got a number that is not one"},
		{`{"price":"1e-99999"}`, "price: want a decimal number, got a string that is not one"},
		{`{"price":` + strings.Repeat("1", 2000) + `}`, "price: want a decimal number, got a number that is not one"},
		{`{"price":[]}`, "price: want a decimal number, got an array"},
		{`{"texts":"a"}`, "texts: want an object, got a string that is not one"},
		{`{"texts":["a"]}`, "texts: want an object, got an array"},
		{`{"texts":{"` + canary + `":{}}}`, "texts.*: want a string, got an object"},
		{`{"counts":{"` + canary + `":"x"}}`, "counts.*: want a whole number, got a string that is not one"},
		{`{"list":{}}`, "list: want a list, got an object"},
		{`{"list":["a",[]]}`, "list[1]: want a string, got an array"},
		{`{"structs":[{},{"next":{"n":"x"}}]}`, "structs[1].next.n: want a whole number, got a string that is not one"},
		{`{"pointer":3}`, "pointer: want an object, got a number that is not one"},
		{`[1]`, "want an object, got an array"},
		{`"<html>"`, "want an object, got a string that is not one"},
		{`{} {}`, "want one document, got something after it"},
		{`{}x`, "not JSON from byte 2 on"},
		{`<html>` + canary, "not JSON from byte 0 on"},
		{`{"text":"a","text" "b"}`, "not JSON from byte 19 on"},
		{`{"text":"` + canary, "the document is cut off"},
		{`{"text":"a",`, "the document is cut off"},
		{strings.Repeat(`{"pointer":{"next":`, 1) + strings.Repeat(`{"next":`, 20000), "not JSON from byte"},
		{`{"unknown":` + strings.Repeat(`[`, 20000), "not JSON from byte"},
	} {
		var got uglyItem
		err := decode([]byte(test.json), &got)
		if _, ok := errors.AsType[*decodeError](err); !ok {
			t.Errorf("%.80s: got %v", test.json, err)
			continue
		}
		if !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%.80s: got %v\nwant %s", test.json, err, test.want)
		}
		if strings.Contains(err.Error(), canary) {
			t.Errorf("%.80s: the error quotes the value: %v", test.json, err)
		}
	}
}

func TestDecodeEmptyAndCutOff(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", " \r\n"} {
		if err := decode([]byte(body), new(uglyItem)); !errors.Is(err, errEmptyDocument) {
			t.Errorf("%q: got %v", body, err)
		}
	}
	const whole = `{"text":"aé\n","int":-15,"structs":[{"n":null}],"bool":true}`
	for n := 1; n < len(whole); n++ {
		err := decode([]byte(whole[:n]), new(uglyItem))
		if !errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errEmptyDocument) {
			t.Errorf("%s: got %v", whole[:n], err)
		}
	}
}

// What users hand to Client.Do.
func TestDecodeIntoUserTypes(t *testing.T) {
	t.Parallel()
	type Base struct {
		SID     string    `json:"sid"`
		Created time.Time `json:"date_created"`
	}
	type recording struct {
		Base
		SID      int           `json:"sid"` // hides the one in Base
		Duration time.Duration `json:"duration"`
		Channels [2]int        `json:"channels"`
		Days     [1]time.Time  `json:"days"`
		Text     upper         `json:"text"`
		Body     []byte        `json:"body"`
		Plain    string
		private  string //nolint:unused // as users have, and nothing may set
	}
	var got recording
	err := decode([]byte(`{"sid":"7","date_created":"Thu, 30 Jul 2015 20:00:00 +0000","duration":"3","channels":[1,2],
		"days":["Thu, 30 Jul 2015 20:00:00 +0000"],"text":"abc","body":"YWhveQ==","Plain":"p","private":"x"}`), &got)
	want := recording{
		Base: Base{Created: julyEvening}, SID: 7, Duration: 3, Channels: [2]int{1, 2}, Days: [1]time.Time{julyEvening},
		Text: "ABC", Body: []byte("ahoy"), Plain: "p",
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}

	var loose any
	if err := decode([]byte(`{"a":[1,null]}`), &loose); err != nil || !reflect.DeepEqual(loose, map[string]any{"a": []any{1.0, nil}}) {
		t.Errorf("got %v, %v", loose, err)
	}
	var dates map[string]time.Time
	if err := decode([]byte(`{"a":"2015-07-30","b":""}`), &dates); err != nil || !maps.Equal(dates, map[string]time.Time{"a": julyEvening.Truncate(24 * time.Hour), "b": {}}) {
		t.Errorf("got %v, %v", dates, err)
	}
	var raw json.RawMessage
	if err := decode([]byte(` [1, 2] `), &raw); err != nil || string(raw) != "[1, 2]" {
		t.Errorf("got %s, %v", raw, err)
	}
	var texts []string
	if err := decode([]byte(`["a"]`), &texts); err != nil || !slices.Equal(texts, []string{"a"}) {
		t.Errorf("got %v, %v", texts, err)
	}

	var own struct {
		Texts []upper `json:"texts"`
	}
	err = decode([]byte(`{"texts":["a","+15005550006"]}`), &own)
	if !errors.Is(err, errLower) || err.Error() != "texts[1]: doesn't fit the Go type twilio.upper" {
		t.Errorf("got %v", err)
	}
	type hidden struct{ Text string }
	var pointed struct {
		*Base
		*hidden // nobody but its package can set it

		Own    *upper      `json:"own"`
		Counts map[int]int `json:"counts"`
	}
	if err := decode([]byte(`{"counts":{"1":2},"Text":"x","own":null}`), &pointed); err != nil || pointed.Base != nil || pointed.hidden != nil || pointed.Own != nil || pointed.Counts[1] != 2 {
		t.Errorf("got %+v, %v", pointed, err)
	}
	if err := decode([]byte(`{"date_created":"2015-07-30","sid":3}`), &pointed); err != nil || pointed.SID != "3" || pointed.Created.IsZero() {
		t.Errorf("got %+v, %v", pointed, err)
	}
	if err := decode([]byte(`{"counts":{"1":5005550006.5}}`), &pointed); err == nil || err.Error() != "counts: doesn't fit the Go type map[int]int" || errors.Unwrap(err) != nil {
		t.Errorf("got %v", err)
	}
	var self Embedded
	if err := decode([]byte(`{"n":1}`), &self); err != nil || self.N != 1 {
		t.Errorf("got %+v, %v", self, err)
	}
	var short struct {
		Days [1]time.Time `json:"days"`
	}
	if err := decode([]byte(`{"days":["",""]}`), &short); err == nil || err.Error() != "days: want a list of at most 1, got more" {
		t.Errorf("got %v", err)
	}
	if err := decode([]byte(`{"days":["+15005550006"]}`), &short); err == nil || err.Error() != "days[0]: want a date, got a string that is not one" {
		t.Errorf("got %v", err)
	}
	for _, v := range []any{nil, recording{}, (*recording)(nil), 3} {
		if err := decode([]byte(`{}`), v); err == nil {
			t.Errorf("no error for %T", v)
		}
	}
}

// Embedded embeds itself, as Go allows.
type Embedded struct {
	*Embedded
	N int `json:"n"`
}

// upper decodes itself. It wants a letter first.
type upper string

var errLower = errors.New("no letter")

func (u *upper) UnmarshalText(text []byte) error {
	if text[0] < 'a' {
		return errLower
	}
	*u = upper(bytes.ToUpper(text))
	return nil
}

func TestDecodePage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		json string
		want []int
		next string
		err  string
	}{
		{`{"page":0,"calls":[{"n":1},{"n":"2"}],"next_page_uri":"/2010-04-01/x?Page=1\u0026PageToken=PT"}`, []int{1, 2}, "/2010-04-01/x?Page=1&PageToken=PT", ""},
		{`{"next_page_uri":"/y","calls":[{"n":1}]}`, []int{1}, "/y", ""},
		{`{"calls":[{"n":1}],"next_page_uri":null,"num_pages":1,"total":1,"last_page_uri":"/z"}`, []int{1}, "", ""},
		{`{"calls":[{"n":1}],"uri":"/x"}`, []int{1}, "", ""},
		{`{"calls":[]}`, nil, "", ""},
		{`{"calls":null,"next_page_uri":""}`, nil, "", ""},
		{"{\"calls\":[{\"n\":1},{\"x\":\"\xff\"}]}", []int{1, 0}, "", ""},
		{`{"messages":[]}`, nil, "", "calls: want a list, but the document has none"},
		{`null`, nil, "", "calls: want a list, but the document has none"},
		{`[{"n":1}]`, nil, "", "want an object with a list, got an array"},
		{`{"calls":{"n":1}}`, nil, "", "calls: want a list, got an object"},
		{`{"calls":[{"n":1},null]}`, nil, "", "calls[1]: want an item of the list, got nothing"},
		{`{"calls":[{},{},{},{"n":"x"}]}`, nil, "", "calls[3].n: want a whole number, got a string that is not one"},
		{`{"calls":[],"next_page_uri":{}}`, nil, "", "next_page_uri: want a string, got an object"},
		{`{"calls":[{"n":1}]`, nil, "", "the document is cut off"},
		{`{"calls":[]}]`, nil, "", "not JSON from byte 12 on"},
		{``, nil, "", "the document is empty"},
	} {
		items, next, err := decodePageOf[uglyStruct]([]byte(test.json), "calls")
		var got []int
		for _, item := range items {
			got = append(got, item.N)
		}
		text := ""
		if err != nil {
			text = err.Error()
		}
		if text != test.err || !slices.Equal(got, test.want) || next != test.next {
			t.Errorf("%s: got %v, %q, %v", test.json, got, next, err)
		}
	}
}

// decodePageOf is decodePage with a type.
func decodePageOf[T any](body []byte, list string) (items []*T, nextPageURI string, err error) {
	untyped, next, err := decodePage(body, list, reflect.TypeFor[T]())
	for _, item := range untyped {
		items = append(items, item.(*T))
	}
	return items, next, err
}

// Items expect the members of the item before; they may have others.
func TestDecodePageOfDifferentItems(t *testing.T) {
	t.Parallel()
	items, _, err := decodePageOf[uglyItem]([]byte(`{"x":[{"text":"a","int":1,"texts":{"k":"1"}},
		{"new":0,"int":2,"text":"b","texts":{"l":"2","k":"3"}},{"texts":{},"text":"c"},{"sms":true,"SMS":false,"sms":true,"int":4}]}`), "x")
	want := []uglyItem{
		{Text: "a", Int: 1, Texts: map[string]string{"k": "1"}}, {Text: "b", Int: 2, Texts: map[string]string{"l": "2", "k": "3"}},
		{Text: "c", Texts: map[string]string{}}, {SMS: true, Int: 4},
	}
	if err != nil || len(items) != len(want) {
		t.Fatal(items, err)
	}
	for i, item := range items {
		if !equalItems(*item, want[i]) {
			t.Errorf("%d: got %+v", i, *item)
		}
	}
}

// Who keeps a string of one item mustn't keep the page in memory.
//
//nolint:paralleltest // measures memory
func TestDecodedStringsAreNotThePage(t *testing.T) {
	const pages, size = 20, 1 << 20
	item := `{"text":"` + strings.Repeat("x", 100) + `"},`
	body := []byte(`{"x":[` + strings.TrimSuffix(strings.Repeat(item, size/len(item)), ",") + `]}`)
	kept := make([]string, pages)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range kept {
		items, _, err := decodePageOf[uglyStructWithText](body, "x")
		if err != nil {
			t.Fatal(err)
		}
		kept[i] = items[i].Text
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > size/2 {
		t.Errorf("%d strings of 100 bytes keep %d bytes", pages, grown)
	}
	runtime.KeepAlive(kept)
}

type uglyStructWithText struct {
	Text string `json:"text"`
}

// What is allocated is in proportion to the body: no exponent, depth, name or
// date makes more of a few bytes.
func allocationsInProportion(t *testing.T, body []byte, decode func()) {
	t.Helper()
	// An item in a list can be empty, so its type's size counts for 3 bytes.
	if got, most := allocated(decode), uint64(1<<20+2000*len(body)); got > most {
		t.Errorf("%d bytes allocated for %d", got, len(body))
	}
}

// allocated is how many bytes a function allocates.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"text":"a\u0041","int":"15","price":"-0.03","time":"Thu, 30 Jul 2015 20:00:00 +0000","texts":{"a":"b"},"list":["a"]}`,
		`{"x":[{"structs":[{"n":1.0}],"pointer":{"next":{"n":"1e3"}},"any":[{}],"counts":{"a":1}},{"SMS":"true"}],"next_page_uri":"/x"}`,
		`{"price":1e9999,"int":1e9999,"uint":"1e-9999","float":"1e308"}`,
		"{\"text\":\"\xff\",\"raw\":[null],\"secret\":\"s\"}", `{"texts":[]}`, `""`, `null`, `[[[[`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		keep := bytes.Clone(body)
		for _, v := range []any{new(uglyItem), new(Call), new(Account), new(Message), new(IncomingPhoneNumber), new(AvailablePhoneNumber), new(UsageRecord), new(any)} {
			var err error
			allocationsInProportion(t, body, func() { err = decode(body, v) })
			if _, ok := errors.AsType[*decodeError](err); err != nil && !ok {
				t.Errorf("%T: %v", err, err)
			}
			if err == nil && !json.Valid(body) {
				t.Errorf("%T: no error for what isn't JSON", v)
			}
		}
		items, _, err := decodePageOf[uglyItem](body, "x")
		if _, ok := errors.AsType[*decodeError](err); err != nil && (!ok || items != nil) {
			t.Errorf("%T: %v", err, err)
		}
		if !bytes.Equal(body, keep) {
			t.Error("the body was changed")
		}
	})
}
