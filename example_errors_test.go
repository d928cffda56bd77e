package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExampleError() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	closed := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine", Status: twilio.AccountStatusClosed})

	_, err := client.Accounts.Activate(ctx, closed.SID)
	if e, ok := errors.AsType[*twilio.Error](err); ok && e.Code == twilio.CodeSubaccountClosed {
		fmt.Println("closed permanently:", e.Operation, e.StatusCode, e.Attempts)
	}

	_, err = client.Calls.Get(ctx, "CA00000000000000000000000000000000")
	if errors.Is(err, twilio.ErrNotFound) {
		fmt.Println("no such call")
	}
	// Output:
	// closed permanently: accounts.update 400 1
	// no such call
}

// The response to a create is lost. The message may have been sent: check
// before you retry.
func ExampleTransportError() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	srv.Inject(twiliotest.Fault{Method: http.MethodPost, Path: "/Messages.json", Reset: twiliotest.ResetAfter})

	_, err := client.Messages.Create(ctx, twilio.MessageCreateParams{From: "+14158141829", To: "+16518675310", Body: "Ahoy there!"})
	fmt.Println(errors.Is(err, twilio.ErrOutcomeUnknown))

	sent, err := client.Messages.List(ctx, twilio.MessageListParams{To: "+16518675310"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(sent.Items))
	// Output:
	// true
	// 1
}

func ExampleParamError() {
	srv := twiliotest.NewUnstartedServer()
	_, err := srv.Client().Calls.Create(context.Background(), twilio.CallCreateParams{From: "+14158141829", To: "+16518675310"})
	if e, ok := errors.AsType[*twilio.ParamError](err); ok {
		fmt.Println(e.Operation, e.Field)
	}
	fmt.Println(len(srv.Requests()), "requests sent")
	// Output:
	// calls.create URL
	// 0 requests sent
}
