package webhook_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

const accountSID = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

// A vector is a request, and whether Twilio has signed it.
type vector struct {
	ID             string
	Method         string
	URL            string `json:"received_url"`
	ContentType    string `json:"content_type"`
	Body           string
	Token          string `json:"verify_with_token"`
	Signature      string
	ShouldValidate bool `json:"should_validate"`
}

// vectors returns those of testdata, whose signatures were computed by a script
// or published by Twilio, and those of the file that TWILIO_WEBHOOK_VECTORS
// names.
func vectors(t *testing.T) []vector {
	t.Helper()
	var own []vector
	read(t, "testdata/vectors.json", &own)
	if name := os.Getenv("TWILIO_WEBHOOK_VECTORS"); name != "" {
		var more struct{ Vectors []vector }
		read(t, name, &more)
		if len(more.Vectors) == 0 {
			t.Fatalf("%s has no vectors", name)
		}
		own = append(own, more.Vectors...)
	}
	return own
}

func read(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// request returns the vector's request as a server receives it: with the
// absolute URL, or with the path and the Host header.
func (v vector) request(absolute bool) *http.Request {
	target := v.URL
	_, rest, _ := strings.Cut(v.URL, "://")
	host, path, _ := strings.Cut(rest, "/")
	if !absolute {
		target = "/" + path
	}
	r := httptest.NewRequest(v.Method, target, strings.NewReader(v.Body))
	if !absolute {
		r.Host = host
	}
	r.Header.Set("X-Twilio-Signature", v.Signature)
	if v.ContentType != "" {
		r.Header.Set("Content-Type", v.ContentType)
	}
	return r
}

func TestVectors(t *testing.T) {
	t.Parallel()
	for _, v := range vectors(t) {
		t.Run(v.ID, func(t *testing.T) {
			t.Parallel()
			account := webhook.WithAccount(func(*http.Request) string { return accountSID })
			tokens := webhook.Static(accountSID, v.Token)
			verifier, err := webhook.NewVerifier(tokens, account)
			if err != nil {
				t.Fatal(err)
			}
			r := v.request(true)
			if got, err := verifier.Verify(r); (err == nil) != v.ShouldValidate || (got == accountSID) != v.ShouldValidate {
				t.Errorf("of the request's URL: %q, %v; want it to pass: %v", got, err, v.ShouldValidate)
			}
			u, err := url.Parse(v.URL)
			if err != nil {
				t.Fatal(err)
			}
			origin, _, _ := strings.Cut(v.URL, u.Host)
			verifier, err = webhook.NewVerifier(tokens, account, webhook.WithPublicURL(origin+u.Host))
			if err == nil {
				_, err = verifier.Verify(v.request(false))
			}
			if (err == nil) != v.ShouldValidate {
				t.Errorf("of the public URL: %v; want it to pass: %v", err, v.ShouldValidate)
			}
		})
	}
}

