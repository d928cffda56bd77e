package webhook_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

// The example of https://www.twilio.com/docs/usage/security.
func TestSignIsTheDocumentedAlgorithm(t *testing.T) {
	t.Parallel()
	const address, want = "https://example.com/myapp.php?foo=1&bar=2", "L/OH5YylLD5NRKLltdqwSvS0BnU="
	form := url.Values{"Digits": {"1234"}, "To": {"+18005551212"}, "From": {"+14158675310"}, "Caller": {"+14158675310"}, "CallSid": {"CA1234567890ABCDE"}}
	r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if err := webhook.Sign(r, "12345"); err != nil {
		t.Fatal(err)
	}
	if got := r.Header.Get("X-Twilio-Signature"); got != want {
		t.Errorf("Sign: %s, want %s", got, want)
	}
	if got := webhook.Signature(address, form, "12345"); got != want {
		t.Errorf("Signature: %s, want %s", got, want)
	}
	configured := strings.Replace(address, "://", "://user:p@ss@", 1) + "#rc=2"
	if got := webhook.Signature(configured, form, "12345"); got != want {
		t.Errorf("Signature of the URL with a password and overrides: %s, want %s", got, want)
	}
	if r.PostFormValue("Digits") != "1234" {
		t.Error("the body can't be read after Sign")
	}
}
