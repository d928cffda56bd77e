package twiliotest_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/webhookrows"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// Every kind of webhook, from every URL that can be configured.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	kinds := make(map[twiliotest.WebhookKind]bool)
	for _, row := range webhookrows.Rows() {
		kinds[row.Kind] = true
		t.Run(row.Name, func(t *testing.T) {
			t.Parallel()
			var first *http.Request
			var body string
			fake, err := row.Run(t.Context(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if first == nil {
					text, _ := io.ReadAll(r.Body)
					first, body = r, string(text)
				}
				w.Header().Set("Content-Type", "text/xml")
				_, _ = io.WriteString(w, "<Response/>")
			}))
			if err != nil {
				t.Fatal(err)
			}
			var d twiliotest.Delivery
			for _, d = range fake.Deliveries() {
				if d.URL == webhookrows.URL {
					break
				}
			}
			if first == nil || d.Kind != row.Kind || !d.Called || d.Status != 200 {
				t.Fatalf("called: %v, delivery: %+v", first != nil, d)
			}
			query, _ := strings.CutPrefix(first.URL.RawQuery, "customer=7")
			sent := body
			if first.Method == http.MethodGet {
				sent = strings.TrimPrefix(query, "&")
			}
			var names []string
			for pair := range strings.SplitSeq(sent, "&") {
				name, _, _ := strings.Cut(pair, "=")
				names = append(names, name)
			}
			if got := strings.Join(names, " "); got != row.Params {
				t.Errorf("parameters:\n got %s\nwant %s", got, row.Params)
			}
			form, _ := url.ParseQuery(sent)
			header := first.Header
			if header.Get("User-Agent") != "TwilioProxy/1.1" || header.Get("Accept") != "*/*" || len(header.Get("I-Twilio-Idempotency-Token")) != 36 ||
				header.Get("I-Twilio-Idempotency-Token") != d.ID || header.Get("X-Home-Region") != "us1" {
				t.Errorf("headers: %v", header)
			}
			if form.Get("AccountSid") == "" {
				t.Error("no AccountSid")
			}
			account, err := fake.Client().Accounts.Get(t.Context(), d.AccountSID)
			if err != nil {
				t.Fatal(err)
			}
			signed := "https://" + first.Host + first.URL.String()
			if first.Method == http.MethodPost {
				for _, name := range slices.Sorted(slices.Values(names)) {
					signed += name + form.Get(name)
				}
			}
			mac := hmac.New(sha1.New, []byte(account.AuthToken.Reveal()))
			_, _ = io.WriteString(mac, signed)
			if want := base64.StdEncoding.EncodeToString(mac.Sum(nil)); header.Get("X-Twilio-Signature") != want {
				t.Errorf("signature %q, want %q of %s", header.Get("X-Twilio-Signature"), want, signed)
			}
		})
	}
	for _, kind := range []twiliotest.WebhookKind{
		twiliotest.WebhookMessage, twiliotest.WebhookMessageStatus, twiliotest.WebhookCall, twiliotest.WebhookCallStatus, twiliotest.WebhookMachine,
		twiliotest.WebhookRecording, twiliotest.WebhookTranscription, twiliotest.WebhookConference, twiliotest.WebhookCallerID,
		twiliotest.WebhookUsageTrigger, twiliotest.WebhookDebugger,
	} {
		if !kinds[kind] {
			t.Errorf("the table has no row for %s", kind)
		}
	}
}
