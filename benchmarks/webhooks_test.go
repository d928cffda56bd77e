package main

import (
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/webhookrows"
	official "github.com/twilio/twilio-go/client"
)

// TestOfficialValidatorAcceptsTheFake puts every kind of webhook that the fake
// sends to the validator of Twilio's own library.
func TestOfficialValidatorAcceptsTheFake(t *testing.T) {
	t.Parallel()
	for _, row := range webhookrows.Rows() {
		t.Run(row.Name, func(t *testing.T) {
			t.Parallel()
			type hook struct {
				url, signature string
				params         map[string]string
			}
			var got []hook
			fake, err := row.Run(t.Context(), http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				form, _ := url.ParseQuery(string(body))
				h := hook{"https://" + r.Host + r.URL.String(), r.Header.Get("X-Twilio-Signature"), make(map[string]string)}
				for name := range form {
					h.params[name] = form.Get(name)
				}
				got = append(got, h)
			}))
			if err != nil {
				t.Fatal(err)
			}
			var sid string
			for _, d := range fake.Deliveries() {
				if d.URL == webhookrows.URL {
					sid = d.AccountSID
				}
			}
			account, err := fake.Client().Accounts.Get(t.Context(), sid)
			if err != nil || len(got) == 0 {
				t.Fatalf("%d webhooks, %v", len(got), err)
			}
			validator := official.NewRequestValidator(account.AuthToken.Reveal())
			other := official.NewRequestValidator(fake.AuthToken + "x")
			for _, h := range got {
				if !validator.Validate(h.url, h.params, h.signature) {
					t.Errorf("refused: %s %v", h.url, h.params)
				}
				if other.Validate(h.url, h.params, h.signature) {
					t.Error("another token's signature was accepted")
				}
			}
		})
	}
}
