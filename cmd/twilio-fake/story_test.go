package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

// A program that knows nothing of the fake reaches it by HTTPS through the proxy,
// and its service is called like Twilio calls it: signed with the token of the
// customer's own account.
func TestCustomerWritesAndIsAnswered(t *testing.T) {
	t.Parallel()
	const customer = "AC00000000000000000000000000000007"
	dir := t.TempDir()
	seed := filepath.Join(dir, "seed.json")
	if err := os.WriteFile(seed, []byte(`{
		"subaccounts": [{"sid": "`+customer+`", "friendly_name": "Submarine"}],
		"messages": [{"account_sid": "`+customer+`", "from": "+16518675310", "to": "+14155550100",
			"body": "Are you there?", "direction": "inbound", "status": "received", "date_sent": "-48h"}]
	}`), 0o600); err != nil {
		t.Fatal(err)
	}
	p, pool := startSecure(t, "-seed", seed, "-speed", "0")
	client, err := twilio.NewClient(twilio.AuthToken(p.ready.AccountSID, p.ready.AuthToken),
		twilio.WithHTTPClient(throughProxy(t, p, pool)))
	if err != nil {
		t.Fatal(err)
	}
	sub := client.Subaccount(customer)

	// The service replies to its customers, and notes what becomes of messages.
	verifier, err := webhook.NewVerifier(webhook.FromMain(client))
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var statuses []string
	service := http.NewServeMux()
	service.HandleFunc("POST /sms", func(w http.ResponseWriter, r *http.Request) {
		message, err := webhook.ParseMessage(r)
		if err != nil {
			t.Error(err)
			return
		}
		w.Header().Set("Content-Type", "text/xml")
		_, _ = fmt.Fprintf(w, "<Response><Message action=\"/status\">Aye: %s</Message></Response>", message.Body)
	})
	service.HandleFunc("POST /status", func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		statuses = append(statuses, webhook.AccountSID(r.Context())+" "+r.FormValue("MessageStatus"))
	})
	server := httptest.NewServer(verifier.Middleware(service))
	t.Cleanup(server.Close)

	number, err := sub.IncomingPhoneNumbers.Create(t.Context(), twilio.IncomingPhoneNumberCreateParams{
		PhoneNumber: "+14155550100", SMSURL: server.URL + "/sms"})
	if err != nil {
		t.Fatal(err)
	}
	p.control(t, "snapshots", url.Values{"name": {"fresh"}})
	for range 2 { // the second time after a restore
		mu.Lock()
		statuses = nil
		mu.Unlock()
		p.control(t, "inbound_messages", url.Values{"from": {"+16518675310"}, "to": {number.PhoneNumber}, "body": {"Surface!"}})
		p.control(t, "advance", url.Values{"d": {"1m"}})
		messages, err := sub.Messages.List(t.Context(), twilio.MessageListParams{})
		if err != nil {
			t.Fatal(err)
		}
		if len(messages.Items) != 3 || messages.Items[0].Body != "Aye: Surface!" || messages.Items[0].Status != twilio.MessageStatusDelivered {
			t.Errorf("%+v", messages.Items)
		}
		mu.Lock()
		if len(statuses) == 0 || statuses[len(statuses)-1] != customer+" delivered" {
			t.Errorf("the service was told %v", statuses)
		}
		mu.Unlock()
		p.control(t, "restore", url.Values{"name": {"fresh"}})
	}
	messages, err := sub.Messages.List(t.Context(), twilio.MessageListParams{})
	if err != nil || len(messages.Items) != 1 {
		t.Errorf("after the restore: %+v, %v", messages, err)
	}
}
