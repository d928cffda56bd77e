// Inbound is one endpoint for the phone numbers of all customers: it verifies
// that a request comes from Twilio and which account it is about, replies to
// messages, respects STOP, and keeps the status of messages that were sent. The
// file to copy is inbound.go.
//
//	go run ./examples/inbound
//	go run ./examples/inbound -live -url https://hooks.example.com -addr :8080
//
// Live, it serves the webhooks of your numbers whose SmsUrl is that of -url
// with /sms at the end, until you interrupt it. Each reply costs a message.
package main

import (
	"context"
	"errors"
	"flag"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

const (
	number = "+15105647903" // the customer's
	phone  = "+14155550100" // of somebody who writes to the customer
)

func main() { stage.Main(example()) }

func example() stage.Example {
	var base, addr, account string
	hooks := http.NewServeMux()
	return stage.Example{
		Name: "inbound",
		Live: []string{
			"serve webhooks at -addr until you interrupt it; each message that",
			"somebody writes to a number with the SmsUrl -url/sms gets a reply,",
			"which costs a message",
		},
		Needs: []string{"url"},
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&base, "url", "", "`URL` under which Twilio reaches this program")
			flags.StringVar(&addr, "addr", ":8080", "`address` to listen at")
		},
		Webhooks: hooks,
		Fake: func(srv *twiliotest.Server) {
			base = "https://hooks.example.com"
			account = srv.AddSubaccount(twilio.Account{
				FriendlyName: "Submarine",
			}).SID
			srv.AddPhoneNumber(account, twilio.IncomingPhoneNumber{
				PhoneNumber: number, SMSURL: base + "/sms",
			})
		},
		Run: func(ctx context.Context, st *stage.Stage) error {
			verifier, err := webhook.NewVerifier(webhook.FromMain(st.Client),
				webhook.WithPublicURL(base))
			if err != nil {
				return err
			}
			table := NewTable()
			handler := NewHandler(verifier, table)
			if st.Fake == nil {
				return serve(ctx, addr, handler)
			}
			hooks.Handle("/", handler)
			return converse(ctx, st, handler, table, account, base+"/status")
		},
	}
}

// converse has somebody write to the customer, and the customer write back.
func converse(
	ctx context.Context, st *stage.Stage, handler http.Handler,
	table *Table, account, statusURL string,
) error {
	sub := st.Client.Subaccount(account)
	send := twilio.MessageCreateParams{
		From: number, To: phone, Body: "Ahoy there!",
	}
	written := st.Fake.ReceiveMessage(twiliotest.InboundMessage{
		From: phone, To: number, Body: "Hello",
	})
	st.Printf("%s: %s\n", phone, table.Row(written.SID).Body)
	reply, err := newest(ctx, sub)
	if err != nil {
		return err
	}
	st.Printf("%s: %s\n", number, reply.Body)

	sid, err := table.Send(ctx, sub, statusURL, send)
	if err != nil {
		return err
	}
	st.Printf("%s: %s (%s", number, send.Body, table.Row(sid).Status)
	if err := st.Wait(ctx, time.Minute); err != nil {
		return err
	}
	st.Printf(", then %s)\n", table.Row(sid).Status)

	st.Fake.ReceiveMessage(twiliotest.InboundMessage{
		From: phone, To: number, Body: "Stop",
	})
	_, err = table.Send(ctx, sub, statusURL, send)
	st.Printf("%s: Stop\n%s: %v\n", phone, number, err)

	// Somebody who knows the account's SID pretends to be Twilio.
	form := url.Values{"AccountSid": {account}, "MessageSid": {sid},
		"MessageStatus": {"failed"}}
	forged, err := http.NewRequestWithContext(ctx, http.MethodPost, statusURL,
		strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	forged.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if err := webhook.Sign(forged, "a guess"); err != nil {
		return err
	}
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, forged)
	st.Printf("a forged request: %d\n", response.Code)
	return nil
}

// newest returns the latest message of an account.
func newest(
	ctx context.Context, sub *twilio.Client,
) (*twilio.Message, error) {
	for message, err := range sub.Messages.All(ctx, twilio.MessageListParams{}) {
		return message, err
	}
	return nil, errors.New("there is no reply")
}

// serve serves webhooks until ctx is done.
func serve(ctx context.Context, addr string, handler http.Handler) error {
	server := &http.Server{
		Addr: addr, Handler: handler, ReadTimeout: 15 * time.Second,
	}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
