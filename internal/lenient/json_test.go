package lenient

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// documents have each rule of JSON's grammar, kept and broken.
var documents = []string{
	`{}`, `[]`, `""`, `0`, `-0`, `1`, `-1.5e+3`, `1E-2`, `10.01`, `true`, `false`, `null`,
	` [ 1 , 2 ] `, "\t{\r\n\"a\" : [ ] , \"b\":{}}\n", `[[],[[]],{"a":{"b":[]}}]`, `{"a":1,"a":2}`, `{"":""}`,
	`"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"`, `"\ud800"`, `"\ud800\n"`, `"aaaaaaaa\"aaaaaaaa"`, `"é☃😀"`, "\"\x7f\"", "\"\xff\"", "\"\xff\\n\"",
	``, ` `, `{`, `[`, `"`, `"a`, `"a\`, `"a\"`, `{"`, `{"a`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `[1`, `[1,`, `}`, `]`, `,`, `:`,
	`{]`, `[}`, `{"a"}`, `{"a",}`, `{"a":1,}`, `{,}`, `{"a":}`, `{:1}`, `{a:1}`, `{1:1}`, `{"a" 1}`, `{"a":1 "b":2}`, `{"a":1,,"b":2}`,
	`[,]`, `[1,]`, `[,1]`, `[1 2]`, `[1,,2]`, `[1:2]`, `{}{}`, `[] []`, `1 2`, `nullx`, `nul`, `n`, `tru`, `truee`, `True`, `NULL`, `undefined`, `NaN`,
	`01`, `-`, `-a`, `+1`, `.5`, `5.`, `1e`, `1e+`, `1.e1`, `0x10`, `1_000`, `--1`, `1-1`, `Infinity`,
	`'a'`, `"\a"`, `"\u12"`, `"\u12g4"`, `"\x41"`, "\"a\nb\"", "\"aaaaaaaaaaaa\x00\"", "\"\x1f\"", "\"aaaaaaa\t\"", "\x00", "[\x00]", "{}\x00", "\ufeff{}", "[1\v]", "[1\u00a0]",
}

// TestGrammar: what is JSON is decided as encoding/json decides it, inside
// whatever it stands, also where nothing is kept.
func TestGrammar(t *testing.T) {
	t.Parallel()
	places := []string{"%", `[%]`, `{"a":%}`, `{"a":[1,%,"b"]}`, `{"list":[%]}`, `{"texts":{"a":%}}`, `{"x":[{"unknown":%},{"unknown":%}]}`}
	for field := range reflect.TypeFor[uglyItem]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		places = append(places, `{"`+name+`":%}`, `{"x":[{"`+name+`":null},{"`+name+`":%},{"`+name+`":%}]}`)
	}
	for _, document := range documents {
		for _, around := range places {
			checkGrammar(t, []byte(strings.ReplaceAll(around, "%", document)))
		}
	}
	checkGrammar(t, []byte("["+strings.Repeat("[],{},", maxDepth)+"0]")) // side by side isn't deep
	for _, depth := range []int{maxDepth - 1, maxDepth, maxDepth + 1} {
		checkGrammar(t, []byte(strings.Repeat("[", depth)+strings.Repeat("]", depth)))
		checkGrammar(t, []byte(strings.Repeat(`{"a":`, depth)+"1"+strings.Repeat("}", depth)))
	}
}

func checkGrammar(t *testing.T, body []byte) {
	t.Helper()
	r := &reader{body: body}
	err := r.skip()
	if r.next(); err == nil && r.at != len(body) {
		err = errSyntax
	}
	if valid := json.Valid(body); (err == nil) != valid {
		t.Errorf("%.80q: got %v, want valid: %t", body, err, valid)
	}
	for _, v := range []any{new(any), new(map[string]any), new(uglyItem)} {
		if _, err := Unmarshal(body, v); err == nil && !json.Valid(body) {
			t.Errorf("%.80q: no error for a %T", body, v)
		}
	}
	if _, _, err := UnmarshalPage(body, "x", "next", reflect.TypeFor[uglyItem]()); err == nil && !json.Valid(body) {
		t.Errorf("%.80q: no error for a page", body)
	}
	// Strings mean what they mean to encoding/json.
	var got, want string
	if json.Unmarshal(body, &want) == nil && body[0] == '"' {
		if err := decode(body, &got); err != nil || got != want {
			t.Errorf("%.80q: got %q, %v", body, got, err)
		}
	}
}

// FuzzGrammar compares with encoding/json what is JSON, and what its strings
// mean.
func FuzzGrammar(f *testing.F) {
	for _, document := range documents {
		f.Add([]byte(document))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		checkGrammar(t, body)
		page := bytes.Join([][]byte{[]byte(`{"x":[{"text":`), []byte(`,"list":[]},{"text":`), []byte(`,"list":[]}]}`)}, body)
		checkGrammar(t, page)
	})
}
