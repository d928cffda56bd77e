package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

// One handler receives the messages of all subaccounts. Here the fake sends
// them, signed with the customer's own token.
func Example() {
	mux := http.NewServeMux()
	srv := twiliotest.NewServer(twiliotest.WithWebhooks(mux))
	defer srv.Close()
	customer := srv.AddSubaccount(twilio.Account{})
	srv.AddPhoneNumber(customer.SID, twilio.IncomingPhoneNumber{
		PhoneNumber: "+15105647903", SMSURL: "https://hooks.example.com/sms",
	})

	client := srv.Client() // of the main account
	verifier, err := webhook.NewVerifier(webhook.FromMain(client), webhook.WithPublicURL("https://hooks.example.com"))
	if err != nil {
		fmt.Println(err)
		return
	}
	mux.Handle("POST /sms", verifier.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		message, err := webhook.ParseMessage(r)
		if message == nil { // beside a message, err is about one of its parameters
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		fmt.Println("the customer's:", webhook.AccountSID(r.Context()) == customer.SID)
		fmt.Println(message.Body)
		w.Header().Set("Content-Type", "text/xml")
		_, _ = w.Write([]byte("<Response/>"))
	})))

	srv.ReceiveMessage(twiliotest.InboundMessage{From: "+14155550100", To: "+15105647903", Body: "Ahoy there!"})
	// Output:
	// the customer's: true
	// Ahoy there!
}

const (
	customerSID   = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	customerToken = "0123456789abcdef0123456789abcdef"
)

// message is a request as Twilio sends it for a message, without its signature.
func message(accountSID string) *http.Request {
	form := url.Values{"AccountSid": {accountSID}, "MessageSid": {"SM1"}, "Body": {"Ahoy there!"}}
	r := httptest.NewRequest(http.MethodPost, "https://hooks.example.com/sms", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// Sign makes requests to test a handler with.
func ExampleSign() {
	verifier, err := webhook.NewVerifier(webhook.Static(customerSID, customerToken))
	if err != nil {
		fmt.Println(err)
		return
	}
	handler := verifier.Middleware(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	}))
	for _, token := range []string{customerToken, "another"} {
		r := message(customerSID)
		if err := webhook.Sign(r, token); err != nil {
			fmt.Println(err)
			return
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		fmt.Println(w.Code)
	}
	// Output:
	// 204
	// 403
}

func ExampleSignature() {
	form := url.Values{
		"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675310"}, "Digits": {"1234"},
		"From": {"+14158675310"}, "To": {"+18005551212"},
	}
	fmt.Println(webhook.Signature("https://example.com/myapp.php?foo=1&bar=2", form, "12345"))
	// Output: L/OH5YylLD5NRKLltdqwSvS0BnU=
}

// Verify says why a request is rejected.
func ExampleVerifier_Verify() {
	verifier, err := webhook.NewVerifier(webhook.Static(customerSID, customerToken))
	if err != nil {
		fmt.Println(err)
		return
	}
	good, stranger, unsigned := message(customerSID), message("ACbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"), message(customerSID)
	_ = webhook.Sign(good, customerToken)
	_ = webhook.Sign(stranger, customerToken)
	for _, r := range []*http.Request{good, stranger, unsigned} {
		accountSID, err := verifier.Verify(r)
		switch {
		case err == nil:
			fmt.Println("from Twilio, about", accountSID)
		case errors.Is(err, webhook.ErrUnavailable):
			fmt.Println("try again later")
		default:
			fmt.Println(err)
		}
	}
	// Output:
	// from Twilio, about ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
	// twilio: the webhook's account is unknown
	// twilio: the webhook's signature doesn't match: the header is missing or sent twice
}

// The path of a webhook with a JSON body names the account.
func ExampleWithAccount() {
	tokens := webhook.Static(customerSID, customerToken)
	verifier, err := webhook.NewVerifier(tokens, webhook.WithAccount(func(r *http.Request) string { return r.PathValue("account") }))
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("POST /events/{account}", verifier.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println(webhook.AccountSID(r.Context()))
	})))
	r := httptest.NewRequest(http.MethodPost, "https://hooks.example.com/events/"+customerSID, strings.NewReader(`[{"type": "com.twilio.messaging.message.sent"}]`))
	r.Header.Set("Content-Type", "application/json")
	_ = webhook.Sign(r, customerToken)
	mux.ServeHTTP(httptest.NewRecorder(), r)
	// Output: ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
}

// The tokens are in your own store, and one is rotated.
func ExampleFromStore() {
	vault := map[string]string{customerSID: customerToken}
	tokens := webhook.FromStore(func(_ context.Context, accountSID string) ([]twilio.Secret, error) {
		token, ok := vault[accountSID]
		if !ok {
			return nil, webhook.ErrUnknownAccount
		}
		return []twilio.Secret{twilio.NewSecret(token)}, nil
	})
	verifier, err := webhook.NewVerifier(tokens)
	if err != nil {
		fmt.Println(err)
		return
	}
	verify := func(token string) {
		r := message(customerSID)
		_ = webhook.Sign(r, token)
		_, err := verifier.Verify(r)
		fmt.Println(err)
	}
	verify(customerToken)
	vault[customerSID] = "the next" // a rotation
	tokens.Forget(customerSID)
	verify("the next")
	verify(customerToken) // for ten minutes
	// Output:
	// <nil>
	// <nil>
	// <nil>
}

// Two callbacks arrive in the wrong order.
func ExampleLater() {
	var row twilio.MessageStatus
	for _, status := range []twilio.MessageStatus{"delivered", "sent", "queued"} {
		row = webhook.Later(row, status)
	}
	fmt.Println(row)
	// Output: delivered
}

// A call of 49 seconds is charged as one minute.
func ExampleParseCallStatus() {
	form := url.Values{"CallSid": {"CA1"}, "CallStatus": {"completed"}, "CallDuration": {"49"}, "Duration": {"1"}, "SequenceNumber": {"3"}}
	r := httptest.NewRequest(http.MethodPost, "https://hooks.example.com/status", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	call, err := webhook.ParseCallStatus(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s after %d s, charged as %d min\n", call.Status, call.DurationSeconds, call.DurationMinutes)
	// Output: completed after 49 s, charged as 1 min
}
