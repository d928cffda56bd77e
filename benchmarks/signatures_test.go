package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/twilio/twilio-go/client"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

const signedAccount = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

// twilioGoIsWrong has the vectors on which Twilio's own library differs from
// what Twilio does, and why.
var twilioGoIsWrong = map[string]string{
	"form-twice":               "it takes only the first value of a name",
	"form-semicolon":           "it can't parse a semicolon",
	"form-own-hash":            "it takes any URL with bodySHA256 for one with a JSON body",
	"form-empty-own-hash":      "it takes any URL with bodySHA256 for one with a JSON body",
	"get-own-hash":             "it looks for the hash of a body that a GET request doesn't have",
	"get-hash":                 "it looks for the hash of a body that a GET request doesn't have",
	"root-without-slash":       "it doesn't know that HTTP adds the slash",
	"root-query-without-slash": "it doesn't know that HTTP adds the slash",
	"root-port-without-slash":  "it doesn't know that HTTP adds the slash",
	"form-as-text":             "it doesn't look at the Content-Type",
	"json-two-hashes":          "it takes the first hash",
	"json-two-hashes-first":    "it takes the first hash",
	"port-ipv6":                "it takes the first colon for the port's",
	"query-apostrophe-escaped": "it tries one spelling",
	"query-apostrophe-bare":    "it tries one spelling",
	"query-apostrophe-port":    "it tries one spelling",
	"get-sip":                  "it tries one spelling",
	"websocket-443":            "it adds port 80 to wss:",
	"websocket-slash":          "it tries one spelling",
	"websocket-slash-port":     "it tries one spelling",
	"user-signed":              "it takes a user name, which Twilio never signs",
	"shared-key":               "it knows HMAC-SHA1 only",
}

// Twilio's library and this one accept the same requests, but for those on
// which Twilio's is known to be wrong.
func TestTwiliosValidatorAgrees(t *testing.T) {
	t.Parallel()
	var vectors []struct {
		ID             string
		Method         string
		URL            string `json:"received_url"`
		ContentType    string `json:"content_type"`
		Body           string
		Token          string `json:"verify_with_token"`
		Signature      string
		ShouldValidate bool `json:"should_validate"`
	}
	text, err := os.ReadFile("../webhook/testdata/vectors.json")
	if err == nil {
		err = json.Unmarshal(text, &vectors)
	}
	if err != nil {
		t.Fatal(err)
	}
	unseen := maps.Clone(twilioGoIsWrong)
	for _, v := range vectors {
		r := httptest.NewRequest(v.Method, v.URL, strings.NewReader(v.Body))
		r.Header.Set("X-Twilio-Signature", v.Signature)
		r.Header.Set("Content-Type", v.ContentType)
		ours := verify(t, r, v.Token)
		if ours != v.ShouldValidate {
			t.Errorf("%s: we say %v", v.ID, ours)
		}
		validator := client.NewRequestValidator(v.Token)
		theirs := validator.ValidateBody(v.URL, []byte(v.Body), v.Signature)
		if _, wrong := twilioGoIsWrong[v.ID]; theirs == ours == wrong {
			t.Errorf("%s: we say %v, they %v, and that they are wrong: %v", v.ID, ours, theirs, wrong)
		}
		delete(unseen, v.ID)
	}
	if len(unseen) > 0 {
		t.Errorf("there is no %v", slices.Sorted(maps.Keys(unseen)))
	}
}

func verify(t *testing.T, r *http.Request, token string) bool {
	t.Helper()
	verifier, err := webhook.NewVerifier(webhook.Static(signedAccount, token),
		webhook.WithAccount(func(*http.Request) string { return signedAccount }))
	if err != nil {
		t.Fatal(err)
	}
	_, err = verifier.Verify(r)
	return err == nil
}

// Whatever is signed here, Twilio's library accepts, and neither of them does
// once a byte has changed.
func TestTwiliosValidatorAcceptsWhatWeSign(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		letters := []rune("aZ09 _.-~%+&=/:;@'é日🚢\n\x00")
		b := make([]rune, random.IntN(12))
		for i := range b {
			b[i] = letters[random.IntN(len(letters))]
		}
		return string(b)
	}
	for i := range 2000 {
		form, query := url.Values{}, url.Values{}
		for n := range random.IntN(8) {
			form.Set(fmt.Sprint(word(), n), word())
			query.Set(fmt.Sprint("q", n), word())
		}
		target := fmt.Sprintf("https://hooks.example.com%s/a/%s?%s", []string{"", ":443", ":8443"}[i%3], url.PathEscape(word()), query.Encode())
		body := form.Encode()
		sign := func(token string) *http.Request {
			r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if err := webhook.Sign(r, token); err != nil {
				t.Fatal(err)
			}
			return r
		}
		validator := client.NewRequestValidator("token")
		for token, want := range map[string]bool{"token": true, "tokem": false} {
			r := sign(token)
			theirs := validator.ValidateBody(target, []byte(body), r.Header.Get("X-Twilio-Signature"))
			if ours := verify(t, r, "token"); ours != want || theirs != want {
				t.Fatalf("%s with %s: we say %v, they %v, want %v", target, body, ours, theirs, want)
			}
		}
	}
}
