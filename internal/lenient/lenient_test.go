package lenient

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
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

// secret takes texts.
type secret string

func (s *secret) UnmarshalText(text []byte) error {
	if *s = ""; len(text) > 0 {
		*s = secret("<" + string(text) + ">")
	}
	return nil
}

// decode is Unmarshal for those who take a problem for an error.
func decode(body []byte, v any) error {
	problems, err := Unmarshal(body, v)
	if err == nil && len(problems) > 0 {
		return problems[0]
	}
	return err
}

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
	Secret   secret              `json:"secret"`
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

		{`{"secret":"s"}`, uglyItem{Secret: "<s>"}},
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
	if !a.Amount.Equal(b.Amount) || a.Amount.Exponent() != b.Amount.Exponent() {
		return false
	}
	a.Amount, b.Amount = decimal.Decimal{}, decimal.Decimal{}
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
				Price: decimal.NewNullDecimal(decimal.New(1, 0)), Amount: decimal.New(1, 0), Secret: "x",
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
		_, problem := errors.AsType[*ValueError](err)
		if _, fatal := errors.AsType[*Error](err); !problem && !fatal {
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
		if err := decode([]byte(body), new(uglyItem)); !errors.Is(err, ErrEmpty) {
			t.Errorf("%q: got %v", body, err)
		}
	}
	const whole = `{"text":"aé\n","int":-15,"structs":[{"n":null}],"bool":true}`
	for n := 1; n < len(whole); n++ {
		err := decode([]byte(whole[:n]), new(uglyItem))
		if !errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, ErrEmpty) {
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
	if !errors.Is(err, errLower) || err.Error() != "texts[1]: doesn't fit the Go type lenient.upper" {
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
	const nothing = -1 // an item that is none
	for _, test := range []struct {
		json     string
		want     []int
		next     string
		problems string
		err      string
	}{
		{`{"page":0,"calls":[{"n":1},{"n":"2"}],"next_page_uri":"/2010-04-01/x?Page=1\u0026PageToken=PT"}`, []int{1, 2}, "/2010-04-01/x?Page=1&PageToken=PT", "", ""},
		{`{"next_page_uri":"/y","calls":[{"n":1}]}`, []int{1}, "/y", "", ""},
		{`{"calls":[{"n":1}],"next_page_uri":null,"num_pages":1,"total":1,"last_page_uri":"/z"}`, []int{1}, "", "", ""},
		{`{"calls":[{"n":1}],"uri":"/x"}`, []int{1}, "", "", ""},
		{`{"calls":[],"meta":{"next_page_url":"/m"}}`, nil, "/m", "", ""},
		{`{"calls":[],"meta":{"next_page_url":null},"next_page_uri":"/y"}`, nil, "/y", "", ""},
		{`{"calls":[],"next_page_uri":"/y","meta":{"next_page_url":null}}`, nil, "/y", "", ""},
		{`{"calls":[],"next_page_uri":"","meta":{"next_page_url":"/m"}}`, nil, "/m", "", ""},
		{`{"calls":[],"meta":{"next_page_url":"/m"},"next_page_uri":null}`, nil, "/m", "", ""},
		{`{"calls":[],"meta":[],"next_page_uri":"/y"}`, nil, "/y", "", ""},
		{`{"calls":[],"meta":7}`, nil, "", "", "meta: want an object, got a number that is not one"},
		{`{"calls":[]}`, nil, "", "", ""},
		{"{\"calls\":[{\"n\":1},{\"x\":\"\xff\"}]}", []int{1, 0}, "", "", ""},
		{`{"calls":[{"n":1},null,{"n":3}]}`, []int{1, nothing, 3}, "", "calls[1]: want an item of the list, got nothing (1)", ""},
		{`{"calls":["x",17,[{}],{"n":4}]}`, []int{nothing, nothing, nothing, 4}, "", "calls[0]: want an object, got a string that is not one (0)" +
			"; calls[1]: want an object, got a number that is not one (1); calls[2]: want an object, got an array (2)", ""},
		{`{"calls":[{},{},{},{"n":"x"},{"n":5}]}`, []int{0, 0, 0, 0, 5}, "", "calls[3].n: want a whole number, got a string that is not one (3)", ""},
		{`{"calls":[{"n":1},{"next":{"next":{"n":[]}},"n":2}]}`, []int{1, 2}, "", "calls[1].next.next.n: want a whole number, got an array (1)", ""},
		{`{"calls":[null],"calls":[{"n":1}]}`, []int{1}, "", "", ""},
		{`{"calls":[{"n":1}],"calls":null}`, nil, "", "", "calls: want a list, but the document has none"},
		{`{"calls":null,"next_page_uri":""}`, nil, "", "", "calls: want a list, but the document has none"},
		{`{"calls":""}`, nil, "", "", "calls: want a list, but the document has none"},
		{`{"messages":[]}`, nil, "", "", "calls: want a list, but the document has none"},
		{`{}`, nil, "", "", "calls: want a list, but the document has none"},
		{`{"code":20404,"message":"no","status":404}`, nil, "", "", "calls: want a list, but the document has none"},
		{`null`, nil, "", "", "calls: want a list, but the document has none"},
		{`[]`, nil, "", "", "calls: want a list, but the document has none"},
		{`[{"n":1}]`, nil, "", "", "want an object with a list, got an array"},
		{`{"calls":{"n":1}}`, nil, "", "", "calls: want a list, got an object"},
		{`{"calls":[],"next_page_uri":{}}`, nil, "", "", "next_page_uri: want a string, got an object"},
		{`{"calls":[{"n":1}]`, nil, "", "", "the document is cut off"},
		{`{"calls":[]}]`, nil, "", "", "not JSON from byte 12 on"},
		{``, nil, "", "", "the document is empty"},
	} {
		items, next, problems, err := decodePageOf[uglyStruct]([]byte(test.json), "calls")
		var got []int
		for _, item := range items {
			if item == nil {
				item = &uglyStruct{N: nothing}
			}
			got = append(got, item.N)
		}
		var texts []string
		for _, p := range problems {
			texts = append(texts, fmt.Sprintf("%v (%d)", p, p.Item))
		}
		text := ""
		if err != nil {
			text = err.Error()
		}
		if text != test.err || !slices.Equal(got, test.want) || next != test.next || strings.Join(texts, "; ") != test.problems {
			t.Errorf("%s: got %v, %q, %q, %v", test.json, got, next, texts, err)
		}
	}
}

// What makes no sense leaves its own field zero, and nothing else.
func TestNonsenseVoidsOneField(t *testing.T) {
	t.Parallel()
	got := uglyItem{Int: 1, Time: julyEvening, TextPtr: new("x"), Price: decimal.NewNullDecimal(decimal.New(1, 0))}
	problems, err := Unmarshal([]byte(`{"text":"a","int":"x","time":[],"price":"y","text_ptr":{},"texts":{"a":[],"b":"c"},`+
		`"list":["a",{},"b"],"structs":[{"n":1},7,{"n":{}},{"n":4}],"counts":{"a":"x","b":2},"days":3,"enum":"e"}`), &got)
	want := uglyItem{
		Text: "a", Texts: map[string]string{"a": "", "b": "c"}, List: []string{"a", "", "b"},
		Structs: []uglyStruct{{N: 1}, {}, {}, {N: 4}}, Counts: map[ugly]int{"a": 0, "b": 2}, Enum: "e",
	}
	if err != nil || !equalItems(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	var paths, types []string
	for _, p := range problems {
		paths = append(paths, p.Path)
		types = append(types, p.Type.String())
	}
	if want := []string{"int", "time", "price", "text_ptr", "texts.*", "list[1]", "structs[1]", "structs[2].n", "counts.*"}; !slices.Equal(paths, want) {
		t.Errorf("got %q", paths)
	}
	if want := []string{"int", "time.Time", "decimal.NullDecimal", "*string", "string", "string", "lenient.uglyStruct", "int", "int"}; !slices.Equal(types, want) {
		t.Errorf("got %q", types)
	}
}

// Of a struct that isn't there at all nothing is of use.
func TestDecodeNoObject(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"null", `""`, "[]", "17", `"x"`, "[{}]"} {
		if _, err := Unmarshal([]byte(body), new(uglyStruct)); !isOurs(err) {
			t.Errorf("%s: got %v", body, err)
		}
	}
	if _, err := Unmarshal([]byte("null"), new(map[string]string)); err != nil {
		t.Error(err)
	}
}

// A path doesn't grow with the document's depth.
func TestPathsAreBounded(t *testing.T) {
	t.Parallel()
	const depth = 2000
	problems, err := Unmarshal([]byte(strings.Repeat(`{"next":`, depth)+`{"n":[]}`+strings.Repeat("}", depth)), new(uglyStruct))
	if err != nil || len(problems) != 1 || len(problems[0].Path) > 2*maxPath {
		t.Errorf("got %v, %v", problems, err)
	}
}

// decodePageOf is UnmarshalPage with a type.
func decodePageOf[T any](body []byte, list string) (items []*T, next string, problems []*ValueError, err error) {
	page, problems, err := UnmarshalPage(body, list, "next_page_uri meta.next_page_url", reflect.TypeFor[T]())
	for _, item := range page.Items {
		v, _ := item.(*T)
		items = append(items, v)
	}
	return items, page.Next, problems, err
}

// Items expect the members of the item before; they may have others.
func TestDecodePageOfDifferentItems(t *testing.T) {
	t.Parallel()
	items, _, _, err := decodePageOf[uglyItem]([]byte(`{"x":[{"text":"a","int":1,"texts":{"k":"1"}},
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

// Who keeps a string of one item mustn't keep the page in memory: not much more
// than the item for a long text, and nothing else for an identifier, a number
// or a name.
//
//nolint:paralleltest // measures memory
func TestDecodedStringsAreNotThePage(t *testing.T) {
	const pages, items = 20, 1000
	var page strings.Builder
	for i := range items {
		fmt.Fprintf(&page, `,{"text":"CA%032d","enum":"completed","list":["%s"]}`, i, strings.Repeat("x", 500))
	}
	body := []byte(`{"x":[` + page.String()[1:] + `]}`)
	for name, test := range map[string]struct {
		text func(*uglyItem) string
		most int64 // bytes for each item
	}{
		"identifier": {func(item *uglyItem) string { return item.Text }, 48 + 8},
		"state":      {func(item *uglyItem) string { return string(item.Enum) }, 8},
		"one in 10, long": {func(item *uglyItem) string {
			if strings.HasSuffix(item.Text, "7") {
				return item.List[0]
			}
			return ""
		}, 8 + maxTextSize/10},
	} {
		kept := make([]string, 0, pages*items)
		before := heapInUse()
		for range pages {
			items, _, _, err := decodePageOf[uglyItem](body, "x")
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range items {
				kept = append(kept, test.text(item))
			}
		}
		if got := (heapInUse() - before) / (pages * items); got > test.most {
			t.Errorf("%s: a kept string takes %d bytes, want at most %d", name, got, test.most)
		}
		runtime.KeepAlive(kept)
	}
}

// heapInUse is what is reachable. A sync.Pool keeps what it holds through one
// collection, so that only an emptied pool weighs the same twice.
func heapInUse() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
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
		for _, v := range []any{new(uglyItem), new(any)} {
			var err error
			allocationsInProportion(t, body, func() { _, err = Unmarshal(body, v) })
			if err != nil && !isOurs(err) {
				t.Errorf("%T: %v", err, err)
			}
			if err == nil && !json.Valid(body) {
				t.Errorf("%T: no error for what isn't JSON", v)
			}
		}
		items, _, _, err := decodePageOf[uglyItem](body, "x")
		if err != nil && (!isOurs(err) || items != nil) {
			t.Errorf("%T: %v", err, err)
		}
		if !bytes.Equal(body, keep) {
			t.Error("the body was changed")
		}
	})
}
