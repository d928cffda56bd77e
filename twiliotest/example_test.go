package twiliotest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func Example() {
	ctx := context.Background()
	srv := twiliotest.NewServer()
	defer srv.Close()

	call, err := srv.Client().Calls.Create(ctx, twilio.CallCreateParams{
		From: "+14158141829", To: "+16518675310", URL: "https://example.com/voice",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(call.Status, call.Price.Valid)

	srv.Advance(time.Minute)
	if call, err = srv.Client().Calls.Get(ctx, call.SID); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(call.Status, call.Duration, call.Price.Decimal, call.PriceUnit)
	// Output:
	// queued false
	// completed 15 -0.014 USD
}

func ExampleServer_Inject() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()

	// The subaccount is created, but the response is lost.
	srv.Inject(twiliotest.Fault{Method: "POST", Path: "/Accounts.json", Reset: twiliotest.ResetAfter})
	_, err := client.Accounts.Create(ctx, twilio.AccountCreateParams{FriendlyName: "Submarine"})
	fmt.Println(errors.Is(err, twilio.ErrOutcomeUnknown))

	page, err := client.Accounts.List(ctx, twilio.AccountListParams{FriendlyName: "Submarine"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(page.Items))
	// Output:
	// true
	// 1
}

// A server without a socket serves in memory, also in testing/synctest.
func ExampleNewUnstartedServer() {
	srv := twiliotest.NewUnstartedServer(twiliotest.WithTestCredentials())
	client, err := twilio.NewClient(
		twilio.AuthToken(srv.AccountSID, srv.AuthToken),
		twilio.WithHTTPClient(&http.Client{Transport: srv.Transport()}))
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Messages.Create(context.Background(), twilio.MessageCreateParams{From: "+15005550006", To: "+15005550001", Body: "Ahoy there!"})
	if e, ok := errors.AsType[*twilio.Error](err); ok {
		fmt.Println(e.Code == twilio.CodeInvalidTo)
	}
	// Output: true
}

// A call at each stage of its life.
func ExampleServer_Advance() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer(twiliotest.WithStart(time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)))
	client := srv.Client()
	call, err := client.Calls.Create(ctx, twilio.CallCreateParams{
		From: "+14158141829", To: "+16518675310", URL: "https://example.com/voice",
	})
	for _, d := range []time.Duration{0, time.Second, 4 * time.Second, 15 * time.Second, 30 * time.Second} {
		if err != nil {
			log.Fatal(err)
		}
		srv.Advance(d)
		call, err = client.Calls.Get(ctx, call.SID)
		fmt.Println(srv.Now().Format(time.TimeOnly), call.Status, call.Price.Valid)
	}
	// Output:
	// 12:00:00 queued false
	// 12:00:01 ringing false
	// 12:00:05 in-progress false
	// 12:00:20 completed false
	// 12:00:50 completed true
}

// A history to work on, with any dates, prices and currencies.
func ExampleServer_AddCall() {
	srv := twiliotest.NewUnstartedServer()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	srv.AddPhoneNumber(customer.SID, twilio.IncomingPhoneNumber{PhoneNumber: "+15105647903"})
	srv.AddCall(customer.SID, twilio.Call{
		Status: twilio.CallStatusCompleted, StartTime: time.Date(2018, 1, 15, 9, 0, 0, 0, time.UTC),
		Price: decimal.NewNullDecimal(decimal.RequireFromString("-0.100")), PriceUnit: "JPY",
	})
	srv.AddMessage(customer.SID, twilio.Message{Status: twilio.MessageStatusQueued}) // goes on when the clock does

	page, err := srv.Client().Subaccount(customer.SID).Calls.List(context.Background(),
		twilio.CallListParams{StartTime: time.Date(2018, 1, 15, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(page.Items), page.Items[0].Price.Decimal, page.Items[0].PriceUnit)
	// Output: 1 -0.1 JPY
}

// The requests that the code under test sent.
func ExampleServer_Requests() {
	srv := twiliotest.NewUnstartedServer()
	if _, err := srv.Client().Accounts.Create(context.Background(), twilio.AccountCreateParams{FriendlyName: "Submarine"}); err != nil {
		log.Fatal(err)
	}
	for _, r := range srv.Requests() {
		fmt.Println(r.Method, r.Path, r.Form.Get("FriendlyName"), r.Status)
	}
	// Output: POST /2010-04-01/Accounts.json Submarine 201
}

// Each test begins with the same accounts, which are made once.
func ExampleServer_Snapshot() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer(twiliotest.WithStart(twiliotest.DefaultStart))
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	prepared := srv.Snapshot()

	for range 2 {
		srv.Restore(prepared)
		sub := srv.Client().Subaccount(customer.SID)
		_, err := sub.Messages.Create(ctx, twilio.MessageCreateParams{From: "+14158141829", To: "+16518675310", Body: "Ahoy"})
		if err != nil {
			fmt.Println(err)
			return
		}
		srv.Advance(time.Minute)
		messages, err := sub.Messages.List(ctx, twilio.MessageListParams{})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(len(messages.Items), messages.Items[0].Status, srv.Now().Format(time.TimeOnly))
	}
	// Output:
	// 1 delivered 12:01:00
	// 1 delivered 12:01:00
}

// What comes from a file is added together, or not at all.
func ExampleServer_Seed() {
	srv := twiliotest.NewUnstartedServer()
	err := srv.Seed(&twiliotest.Seed{
		Subaccounts:  []twilio.Account{{FriendlyName: "Submarine"}},
		PhoneNumbers: []twilio.IncomingPhoneNumber{{PhoneNumber: "555-0100"}},
	})
	fmt.Println(err)
	// Output:
	// twiliotest: phone_numbers[0].phone_number is not a phone number such as +14155550100
}
