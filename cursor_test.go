package twilio_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/operations"
)

// TestForeignCursors refuses cursors that the client didn't make, and sends
// nothing.
func TestForeignCursors(t *testing.T) {
	t.Parallel()
	encode := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	const one = `"ranges":[{"after":"2026-01-01T00:00:00Z"}]`
	for name, cursor := range map[string]string{
		"nothing":                "",
		"not base64":             "!?",
		"not JSON":               encode("hello"),
		"JSON of another kind":   encode(`[]`),
		"another host":           encode(`{"list":"calls","uri":"https://evil.example` + callsPath + `","left":-1}`),
		"another host, short":    encode(`{"list":"calls","uri":"//evil.example` + callsPath + `","left":-1}`),
		"another list":           encode(`{"list":"messages","uri":"` + callsPath + `","left":-1}`),
		"another path":           encode(`{"list":"calls","uri":"/2010-04-01/Accounts.json","left":-1}`),
		"another account":        encode(`{"list":"calls","uri":"` + strings.Replace(callsPath, mainSID, subSID, 1) + `","left":-1}`),
		"too few ranges":         encode(`{"list":"calls","uri":"` + callsPath + `","left":-1,` + one + `}`),
		"too few ranges to come": encode(`{"list":"calls","uri":"` + callsPath + `","left":-1,"then":{"uri":"` + callsPath + `",` + one + `}}`),
		"another host to come":   encode(`{"list":"calls","uri":"` + callsPath + `","left":-1,"then":{"uri":"https://evil.example` + callsPath + `"}}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if page, err := newClient(t, newScript(t)).Calls.Resume(t.Context(), cursor); !isParamError(err, "cursor") {
				t.Errorf("got %v, %v", page, err)
			}
		})
	}
	t.Run("ranges of a list without dates", func(t *testing.T) {
		t.Parallel()
		cursor := encode(`{"list":"accounts","uri":"/2010-04-01/Accounts.json","left":-1,` + one + `}`)
		if page, err := newClient(t, newScript(t)).Accounts.Resume(t.Context(), cursor); !isParamError(err, "cursor") {
			t.Errorf("got %v, %v", page, err)
		}
	})
	t.Run("a subaccount's cursor", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, respondPage(strings.Replace(callsPath, mainSID, subSID, 1)+"?Page=1", "CA1"))
		client := newClient(t, s)
		page, err := client.Subaccount(subSID).Calls.List(t.Context(), twilio.CallListParams{})
		if err != nil || page.Cursor() == "" {
			t.Fatal(page, err)
		}
		if _, err := client.Calls.Resume(t.Context(), page.Cursor()); !isParamError(err, "cursor") {
			t.Errorf("resumed on another account: %v", err)
		}
	})
}

// TestCursors resumes every list with cursors that aren't its own.
func TestCursors(t *testing.T) {
	t.Parallel()
	encode := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	cursor := func(list, uri string) string { return encode(fmt.Sprintf(`{"list":%q,"uri":%q,"left":-1}`, list, uri)) }
	const query = "?PageToken=canary"
	for _, op := range operations.All {
		if op.Verb() != "List" || !operations.HasMethod(op.Sibling("Resume")) {
			continue
		}
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			w, c := newSilentAPI(t)
			c = c.Subaccount(subSID)
			if op.IsProduct() {
				c = w.ownClient()
			}
			list, path := strings.TrimSuffix(op.Name, ".list"), op.Path(subSID)
			bad := map[string]string{
				"empty": "", "text": "canary", "a URI": path + query, "JSON": cursor(list, path+query)[:20],
				"an empty object": encode("{}"), "null": encode("null"), "not an object": encode(`"canary"`), "not JSON": encode("canary"),
				"no list":          cursor("", path+query),
				"another list":     cursor("canary", path+query),
				"another path":     cursor(list, "/2010-04-01/Accounts/"+subSID+"/canary.json"+query),
				"a path below":     cursor(list, strings.TrimSuffix(path, ".json")+"/canary.json"+query),
				"a path above":     cursor(list, path+"/../canary.json"+query),
				"another host":     cursor(list, "https://canary.example"+path+query),
				"the same host":    cursor(list, "https://api.twilio.com"+path+query),
				"a host by itself": cursor(list, "//canary.example"+path+query),
				"a user":           cursor(list, "//canary@api.twilio.com"+path+query),
				"no URI":           cursor(list, "%zzcanary"),
				"opaque":           cursor(list, "canary:"+path),
			}
			bad["another path after this one"] = encode(fmt.Sprintf(`{"list":%q,"uri":%q,"left":-1,"then":{"uri":%q}}`, list, path+query, "/2010-04-01/Accounts/"+mainSID+"/canary.json"))
			if !op.IsRoot() {
				bad["another account"] = cursor(list, op.Path(mainSID)+query)
			}
			for name, text := range bad {
				_, err := operations.Invoke(t.Context(), operations.Method(c, op.Sibling("Resume")), append(op.Args(), text), reflect.Value{})
				if wantRefusal(t, w, err, op.Name, "cursor", "canary"); t.Failed() {
					t.Fatalf("with %s", name)
				}
			}
			w.respondTo("GET", op.URL(subSID), 200, emptyPage(op.URL(subSID)))
			result, err := operations.Invoke(t.Context(), operations.Method(c, op.Sibling("Resume")), append(op.Args(), cursor(list, path+query)), reflect.Value{})
			if err != nil {
				t.Fatal(err)
			}
			w.requests()
			page := reflect.ValueOf(result)
			if cursor := page.MethodByName("Cursor").Call(nil)[0].String(); cursor != "" {
				t.Errorf("the last page has the cursor %s", cursor)
			}
			_, err = operations.Invoke(t.Context(), page.MethodByName("Next"), nil, reflect.Value{})
			wantRefusal(t, w, err, "", "Next") // a Page of the caller's own making has no operation to name
		})
	}
}

// FuzzCursor checks that a malformed cursor is refused and that any other stays
// on the list and the account that it is resumed on.
func FuzzCursor(f *testing.F) {
	encode := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	for _, uri := range []string{callsPath + "?Page=1&PageToken=PA1", "https://elsewhere.example" + callsPath, "//elsewhere.example" + callsPath,
		"%", callsPath + "/../x", callsPath + "#x"} {
		for _, left := range []int{-1, 0} {
			f.Add(encode(fmt.Sprintf(`{"list":"calls","uri":%q,"left":%d}`, uri, left)))
		}
	}
	f.Add("")
	f.Add("bm90IEpTT04")
	f.Add("e30")
	for _, raw := range []string{
		`{"list":"calls","uri":"` + callsPath + `","left":-9,"ranges":[{}]}`,
		`{"list":"calls","uri":"` + callsPath + `","left":1,"ranges":[{},{"after":"2026-01-01T00:00:00Z"}],"then":{"uri":"` + callsPath + `","ranges":[{},{}]}}`,
		`{"list":"calls","uri":"` + callsPath + `","then":{"uri":"//elsewhere.example"}}`,
	} {
		f.Add(encode(raw))
	}
	f.Fuzz(func(t *testing.T, text string) {
		client := clientResponding(t, func(r *http.Request) (int, string) {
			if r.URL.Scheme != "https" || r.URL.Host != "api.twilio.com" || r.URL.Path != callsPath {
				t.Errorf("%q leads to %v", text, r.URL)
			}
			return http.StatusOK, `{"calls":[{"sid":"CA1","start_time":"Thu, 30 Jul 2015 20:00:00 +0000"}]}`
		})
		page, err := client.Calls.Resume(t.Context(), text)
		if _, ok := errors.AsType[*twilio.ParamError](err); err != nil && !ok {
			t.Errorf("%T for %q: %v", err, text, err)
		}
		if err == nil && page.HasNext() != (page.Cursor() != "") {
			t.Errorf("%q: %v, but the cursor is %q", text, page.HasNext(), page.Cursor())
		}
	})
}
