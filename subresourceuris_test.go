package twilio_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

func subresourceURIs(t *testing.T, text string) twilio.SubresourceURIs {
	t.Helper()
	var uris twilio.SubresourceURIs
	if err := json.Unmarshal([]byte(text), &uris); err != nil {
		t.Fatal(err)
	}
	return uris
}

// TestSubresourceURIs: whatever form Twilio's object has, the paths are those
// that encoding/json reads, and are written again.
func TestSubresourceURIs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]map[string]string{
		`{}`:                          {},
		`{"calls":"/a/b/Calls.json"}`: {"calls": "/a/b/Calls.json"},
		`{"a":"/x/A.json", "b":"/x/B.json","c":"/x","d":"x/x/x"}`: {"a": "/x/A.json", "b": "/x/B.json", "c": "/x", "d": "x/x/x"},
		`{"/x/a":"/x/A.json","b":"https://example.com/x/B"}`:      {"/x/a": "/x/A.json", "b": "https://example.com/x/B"},
		`{"a":"\/x\/A.json","\u0062":"/x/\u0042.json"}`:           {"a": "/x/A.json", "b": "/x/B.json"},
		`{"a":"/\u0000/A","b":"/\u0000/B"}`:                       {"a": "/\x00/A", "b": "/\x00/B"},
		`{"a":null,"b":7,"c":true,"d":""}`:                        {"a": "", "b": "7", "c": "true", "d": ""},
		`{"a":"/x/1","a":"/x/2"}`:                                 {"a": "/x/2"},
		`{"a":"{[","b":"/"}`:                                      {"a": "{[", "b": "/"},
		"{\"a\":\"/\xff/A\"}":                                     {"a": "/\uFFFD/A"},
	} {
		uris := subresourceURIs(t, text)
		if got := maps.Collect(uris.All()); !maps.Equal(got, want) {
			t.Errorf("%s: got %q", text, got)
		}
		for name, path := range want {
			if got := uris.Get(name); got != path {
				t.Errorf("%s: %s is %q", text, name, got)
			}
		}
		if got := uris.Get("none"); got != "" {
			t.Errorf("%s: none is %q", text, got)
		}
		stored, err := json.Marshal(uris)
		if err != nil {
			t.Fatal(err)
		}
		if got := maps.Collect(subresourceURIs(t, string(stored)).All()); !maps.Equal(got, want) {
			t.Errorf("%s: %s holds %q", text, stored, got)
		}
	}
	for name := range subresourceURIs(t, `{"b":"/x/B","a":"/x/A"}`).All() {
		if name != "b" {
			t.Errorf("the first is %s", name)
		}
		break
	}
}

// TestSubresourceURIsAreEqual by their paths, however they are written.
func TestSubresourceURIsAreEqual(t *testing.T) {
	t.Parallel()
	uris := subresourceURIs(t, `{"a":"/x/A","b":"/x/B"}`)
	for text, want := range map[string]bool{
		`{"a":"/x/A","b":"/x/B"}`: true, ` { "b":"\/x\/B", "a":"/x/A" }`: true,
		`{"a":"/x/A"}`: false, `{"a":"/x/A","b":"/y/B"}`: false, `{"a":"/x/A","c":"/x/B"}`: false, `{}`: false, `null`: false,
	} {
		other := subresourceURIs(t, text)
		if uris.Equal(other) != want || other.Equal(uris) != want {
			t.Errorf("%s: equal is %t", text, !want)
		}
	}
}

// TestNoSubresourceURIs: there are none in the zero value, which is null in
// JSON.
func TestNoSubresourceURIs(t *testing.T) {
	t.Parallel()
	none := subresourceURIs(t, "null")
	if text, err := json.Marshal(twilio.Call{}.SubresourceURIs); err != nil || string(text) != "null" || !none.Equal(twilio.SubresourceURIs{}) {
		t.Errorf("got %s, %v", text, err)
	}
	if none.Get("calls") != "" || len(maps.Collect(none.All())) != 0 {
		t.Errorf("got %v", none)
	}
}

// TestOddSubresourceURIs: a path that makes no sense costs that path.
func TestOddSubresourceURIs(t *testing.T) {
	t.Parallel()
	var call twilio.Call
	err := json.Unmarshal([]byte(`{"sid":"CA1","subresource_uris":{"a":{"x":"/x/y"},"b":"/x/B","c":[1]}}`), &call)
	e, ok := errors.AsType[*twilio.DecodeError](err)
	want := []twilio.FieldError{
		{Path: "subresource_uris.*", Problem: "want a string, got an object"},
		{Path: "subresource_uris.*", Problem: "want a string, got an array"},
	}
	if !ok || !slices.Equal(e.Fields, want) {
		t.Errorf("got %v", err)
	}
	if got := maps.Collect(call.SubresourceURIs.All()); !maps.Equal(got, map[string]string{"a": "", "b": "/x/B", "c": ""}) {
		t.Errorf("got %q", got)
	}
	if text, err := json.Marshal(call.SubresourceURIs); err != nil || string(text) != `{"a":"","b":"/x/B","c":""}` {
		t.Errorf("got %s, %v", text, err)
	}
	for _, text := range []string{`17`, `"x"`, `["x"]`, `true`} {
		if err := json.Unmarshal([]byte(text), &call.SubresourceURIs); err == nil {
			t.Errorf("%s: no error", text)
		}
	}
}

// TestSubresourceURIsAreNotPrinted by any verb, alone or in a resource.
func TestSubresourceURIsAreNotPrinted(t *testing.T) {
	t.Parallel()
	call := twilio.Call{SubresourceURIs: subresourceURIs(t, `{"canary":"/canary/A","b":"/canary/B"}`)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		for _, v := range []any{call, &call, call.SubresourceURIs, &call.SubresourceURIs} {
			text := fmt.Sprintf(verb, v)
			if strings.Contains(text, "canary") || !strings.Contains(text, "twilio.SubresourceURIs(2 paths)") {
				t.Errorf("%s: %s", verb, text)
			}
		}
	}
}
