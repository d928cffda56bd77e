package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

func Example() {
	ctx := context.Background()
	fmt.Println(stage.Run(ctx, example(), nil, nil, os.Stdout))
	// Output:
	// +14155550100: Hello
	// +15105647903: Thanks, we have received your message.
	// +15105647903: Ahoy there! (queued, then delivered)
	// +14155550100: Stop
	// +15105647903: the recipient has opted out
	// a forged request: 403
	// <nil>
}

// Two customers have the same endpoint, and their rows have their accounts. A
// recipient who opts out does so for one customer, until START.
func TestCustomersAreKeptApart(t *testing.T) {
	t.Parallel()
	hooks := http.NewServeMux()
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(hooks))
	table := NewTable()
	verifier, err := webhook.NewVerifier(webhook.FromMain(srv.Client()))
	if err != nil {
		t.Fatal(err)
	}
	hooks.Handle("/", NewHandler(verifier, table))
	numbers := []string{"+15105647903", "+15105647904"}
	var subs []*twilio.Client
	for _, number := range numbers {
		account := srv.AddSubaccount(twilio.Account{})
		srv.AddPhoneNumber(account.SID, twilio.IncomingPhoneNumber{
			PhoneNumber: number, SMSURL: "https://hooks.example.com/sms",
		})
		subs = append(subs, srv.Client().Subaccount(account.SID))
	}
	write := func(i int, body string) {
		m := srv.ReceiveMessage(twiliotest.InboundMessage{
			From: phone, To: numbers[i], Body: body,
		})
		row := table.Row(m.SID)
		if row.AccountSID != subs[i].AccountSID() || row.Body != body {
			t.Errorf("%s is stored as %+v", body, row)
		}
	}
	wants := func(i int, want error) {
		t.Helper()
		params := twilio.MessageCreateParams{
			From: numbers[i], To: phone, Body: "Hi",
		}
		_, err := table.Send(t.Context(), subs[i],
			"https://hooks.example.com/status", params)
		if err != want { //nolint:errorlint // as it is
			t.Errorf("customer %d: %v, want %v", i, err, want)
		}
	}
	write(0, "stop")
	write(1, "Hello")
	wants(0, ErrOptedOut)
	wants(1, nil)
	write(0, "START")
	wants(0, nil)
}

// A callback may come before the response to Create, and callbacks in any
// order.
func TestAStatusNeverGoesBackwards(t *testing.T) {
	t.Parallel()
	table := NewTable()
	table.update("SM1", Row{Status: twilio.MessageStatusUndelivered, ErrorCode: 30003})
	table.update("SM1", Row{Status: twilio.MessageStatusQueued, Body: "Ahoy there!"})
	table.update("SM1", Row{Status: twilio.MessageStatusSent})
	want := Row{Status: twilio.MessageStatusUndelivered, ErrorCode: 30003, Body: "Ahoy there!"}
	if row := table.Row("SM1"); row != want {
		t.Errorf("got %+v, want %+v", row, want)
	}
}

// A parameter that can't be read costs its own value alone.
func TestOneOddParameter(t *testing.T) {
	t.Parallel()
	table := NewTable()
	send := func(handle http.HandlerFunc, form url.Values) int {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		handle(w, r)
		return w.Code
	}
	got := send(table.receive, url.Values{"MessageSid": {"SM1"}, "Body": {"Hello"}, "NumSegments": {"many"}})
	if row := table.Row("SM1"); got != 200 || row.Body != "Hello" {
		t.Errorf("%d, %+v", got, row)
	}
	got = send(table.follow, url.Values{"MessageSid": {"SM2"}, "MessageStatus": {"failed"}, "ErrorCode": {"E1"}})
	if row := table.Row("SM2"); got != 204 || row.Status != twilio.MessageStatusFailed {
		t.Errorf("%d, %+v", got, row)
	}
	if got := send(table.receive, nil) + send(table.follow, nil); got != 800 {
		t.Errorf("what isn't a webhook: %d, want 400 twice", got)
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := serve(ctx, "127.0.0.1:0", http.NotFoundHandler())
	if err != nil {
		t.Error(err)
	}
	if serve(t.Context(), "nowhere:-1", nil) == nil {
		t.Error("an address that can't be used is no error")
	}
}
