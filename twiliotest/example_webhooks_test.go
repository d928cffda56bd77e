package twiliotest_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// The handler under test gets every webhook, whatever its host.
func ExampleWithWebhooks() {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /status", func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println(r.FormValue("MessageStatus"))
	})
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(mux))
	_, err := srv.Client().Messages.Create(context.Background(), twilio.MessageCreateParams{
		From: "+15105647903", To: "+14158141829", Body: "Ahoy!", StatusCallback: "https://hooks.example.com/status",
	})
	if err != nil {
		log.Fatal(err)
	}
	srv.Advance(time.Minute)
	// Output:
	// sent
	// delivered
}

// A customer's customer writes and gets a reply.
func ExampleServer_ReceiveMessage() {
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, "<Response><Message>You said %s</Message></Response>", r.FormValue("Body"))
	})))
	srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: "+15105647903", SMSURL: "https://hooks.example.com/sms"})

	srv.ReceiveMessage(twiliotest.InboundMessage{From: "+14158141829", To: "+15105647903", Body: "Ahoy!"})
	for m, err := range srv.Client().Messages.All(context.Background(), twilio.MessageListParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(m.Direction, m.Body)
	}
	// Output:
	// outbound-reply You said Ahoy!
	// inbound Ahoy!
}

// A caller presses a key, and is connected with somebody who is busy.
func ExampleServer_ReceiveCall() {
	mux := http.NewServeMux()
	twiml := func(path, verbs string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			fmt.Printf("%s?%s\n", path, r.FormValue("Digits")+r.FormValue("DialCallStatus"))
			_, _ = fmt.Fprintf(w, "<Response>%s</Response>", verbs)
		})
	}
	twiml("/voice", `<Gather numDigits="1" action="/menu"><Say>Press 1 for sales</Say></Gather>`)
	twiml("/menu", `<Dial action="/dialed">+16518675310</Dial>`)
	twiml("/dialed", `<Say>Please call later</Say>`)
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(mux))
	srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: "+15105647903", VoiceURL: "https://hooks.example.com/voice"})
	srv.SetOutcome(twiliotest.Outcome{To: "+16518675310", CallStatus: twilio.CallStatusBusy})

	call := srv.ReceiveCall(twiliotest.InboundCall{From: "+14158141829", To: "+15105647903", Digits: "1"})
	srv.Advance(time.Minute)
	call, err := srv.Client().Calls.Get(context.Background(), call.SID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.Status, call.Duration)
	// Output:
	// /voice?
	// /menu?1
	// /dialed?busy
	// completed 7
}

// A message that doesn't arrive.
func ExampleServer_SetOutcome() {
	srv := twiliotest.NewUnstartedServer()
	srv.SetOutcome(twiliotest.Outcome{To: "+14158141829", MessageStatus: twilio.MessageStatusUndelivered, ErrorCode: 30003})
	m, err := srv.Client().Messages.Create(context.Background(), twilio.MessageCreateParams{
		From: "+15105647903", To: "+14158141829", Body: "Ahoy!",
	})
	if err != nil {
		log.Fatal(err)
	}
	srv.Advance(time.Minute)
	if m, err = srv.Client().Messages.Get(context.Background(), m.SID); err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Status, m.ErrorCode)
	// Output: undelivered 30003
}

// What was sent, and what wasn't, since nothing but loopback is called over
// sockets.
func ExampleServer_Deliveries() {
	srv := twiliotest.NewUnstartedServer()
	_, err := srv.Client().Messages.Create(context.Background(), twilio.MessageCreateParams{
		From: "+15105647903", To: "+14158141829", Body: "Ahoy!", StatusCallback: "https://hooks.example.com/status",
	})
	if err != nil {
		log.Fatal(err)
	}
	srv.Advance(time.Minute)
	for _, d := range srv.Deliveries() {
		fmt.Println(d.Kind, d.URL, d.Form.Get("MessageStatus"), d.Called)
	}
	// Output:
	// message-status https://hooks.example.com/status sent false
	// message-status https://hooks.example.com/status delivered false
}

// Twilio doesn't promise the order of callbacks: sent arrives after delivered,
// and that twice.
func ExampleServer_InjectWebhook() {
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println(r.FormValue("MessageStatus"))
	})))
	srv.InjectWebhook(
		twiliotest.WebhookFault{Kind: twiliotest.WebhookMessageStatus, Delay: 5 * time.Second},
		twiliotest.WebhookFault{Kind: twiliotest.WebhookMessageStatus, Twice: true},
	)
	_, err := srv.Client().Messages.Create(context.Background(), twilio.MessageCreateParams{
		From: "+15105647903", To: "+14158141829", Body: "Ahoy!", StatusCallback: "https://hooks.example.com/status",
	})
	if err != nil {
		log.Fatal(err)
	}
	srv.Advance(time.Minute)
	// Output:
	// delivered
	// delivered
	// sent
}
