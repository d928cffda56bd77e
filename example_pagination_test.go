package twilio_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/shopspring/decimal"
	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExampleWithLookahead() {
	srv := twiliotest.NewUnstartedServer()
	for range 5 {
		srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusCompleted})
	}
	n := 0
	for _, err := range srv.Client().Calls.All(context.Background(), twilio.CallListParams{PageSize: 2}, twilio.WithLookahead(2)) {
		if err != nil {
			log.Fatal(err)
		}
		n++
	}
	fmt.Println(n)
	// Output: 5
}

func ExampleWithParallelism() {
	srv := twiliotest.NewUnstartedServer()
	for day := range 30 {
		srv.AddMessage(srv.AccountSID, twilio.Message{
			Status: twilio.MessageStatusDelivered, DateSent: time.Date(2026, 1, 1+day, 9, 30, 0, 0, time.UTC), NumSegments: 2,
		})
	}
	spend, err := srv.Client().Messages.Spend(context.Background(), twilio.MessageListParams{
		DateSentAfter:  time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		DateSentBefore: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC),
	}, twilio.WithParallelism(8))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(spend.Items, spend.Segments)
	// Output: 30 60
}

// Resume and Page.All iterate over the rest of a list.
func ExamplePage_All() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	for range 5 {
		srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusCompleted})
	}
	client := srv.Client()
	page, err := client.Calls.List(ctx, twilio.CallListParams{PageSize: 2})
	if err != nil {
		log.Fatal(err)
	}

	page, err = client.Calls.Resume(ctx, page.Cursor())
	if err != nil {
		log.Fatal(err)
	}
	n := 0
	for _, err := range page.All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		n++
	}
	fmt.Println(n)
	// Output: 3
}

func ExamplePage_Next() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	for range 5 {
		srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusCompleted})
	}
	page, err := srv.Client().Calls.List(ctx, twilio.CallListParams{PageSize: 2})
	for err == nil {
		fmt.Println(len(page.Items))
		if !page.HasNext() {
			break
		}
		page, err = page.Next(ctx)
	}
	fmt.Println(err)
	// Output:
	// 2
	// 2
	// 1
	// <nil>
}

// A cursor is a string. Store it, and continue tomorrow or in another process.
func ExamplePage_Cursor() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	for range 5 {
		srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusCompleted})
	}
	client := srv.Client()
	page, err := client.Calls.List(ctx, twilio.CallListParams{PageSize: 3})
	if err != nil {
		log.Fatal(err)
	}
	cursor := page.Cursor()

	page, err = client.Calls.Resume(ctx, cursor)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(page.Items), page.HasNext())
	// Output: 2 false
}

// A list that fails on its second page: what was read is kept, and the error
// says where to continue.
func ExampleError_cursor() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	for range 5 {
		srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusCompleted})
	}
	client := srv.Client(twilio.WithMaxRetries(0))
	srv.Inject(twiliotest.Fault{Path: "/Calls.json", Skip: 1, Status: http.StatusServiceUnavailable})

	var read []string
	var cursor string
	for call, err := range client.Calls.All(ctx, twilio.CallListParams{PageSize: 3}) {
		if e, ok := errors.AsType[*twilio.Error](err); ok {
			cursor = e.Cursor
			break
		}
		read = append(read, call.SID)
	}
	page, err := client.Calls.Resume(ctx, cursor)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(read), "and", len(page.Items))
	// Output: 3 and 2
}

// A bill of many pages goes on where it stopped, in another process, too.
func ExampleWithCheckpoints() {
	srv := twiliotest.NewServer()
	defer srv.Close()
	for range 5 {
		srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusCompleted,
			Price: decimal.NewNullDecimal(decimal.RequireFromString("-0.013")), PriceUnit: "USD"})
	}
	var saved json.RawMessage // in a database
	spend := func(ctx context.Context) (*twilio.Spend, error) {
		return srv.Client().Calls.Spend(ctx, twilio.CallListParams{PageSize: 2},
			twilio.WithCheckpoints(saved, func(_ context.Context, state json.RawMessage) error {
				saved = state
				return nil
			}))
	}

	srv.Inject(twiliotest.Fault{Path: "/Calls.json", Skip: 2, Times: 1, Status: http.StatusForbidden})
	_, err := spend(context.Background())
	fmt.Println("stopped:", err != nil)
	sum, err := spend(context.Background())
	if err != nil {
		panic(err)
	}
	fmt.Println(sum.Items, "calls,", sum.Totals["USD"], "USD")
	// Output:
	// stopped: true
	// 5 calls, 0.065 USD
}
