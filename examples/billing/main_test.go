package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"os"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func Example() {
	ctx := context.Background()
	fmt.Println(stage.Run(ctx, example(), nil, nil, os.Stdout))
	// Output:
	// December 2025 (UTC)
	//
	//     customer  calls  messages  unpriced   total  currency
	//   Lighthouse  0.042    0.0083         0  0.0503       USD
	//     Nautilus     12         0         0      12       JPY
	//     Nautilus  0.056    0.0083         0  0.0643       USD
	//    Submarine   0.07    0.0083         0  0.0783       USD
	//          all                                 12       JPY
	//          all                             0.1929       USD
	// <nil>
}

func TestCSV(t *testing.T) {
	t.Parallel()
	args := []string{"-csv", "-month", "2025-12"}
	var out bytes.Buffer
	if err := stage.Run(t.Context(), example(), args, nil, &out); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 5 || rows[2][2] != "JPY" || rows[2][5] != "12" {
		t.Errorf("got %v, %v", rows, err)
	}
}

func TestNoBillWithoutACustomer(t *testing.T) {
	t.Parallel()
	e := example()
	e.Fake = func(srv *twiliotest.Server) {
		fleet(srv)
		srv.Inject(twiliotest.Fault{
			Path: "/Messages.json", Status: http.StatusForbidden,
		})
	}
	var out bytes.Buffer
	err := stage.Run(t.Context(), e, nil, nil, &out)
	if err == nil || out.Len() > 0 {
		t.Errorf("got error %v and:\n%s", err, &out)
	}
}

// A customer is on the bill even where no call has a price yet.
func TestUnpricedCallsHaveALine(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := WriteCSV(&out, []Customer{
		{Name: "a", Calls: &twilio.Spend{Unpriced: 2}, Messages: &twilio.Spend{}},
		{Name: "b", Calls: &twilio.Spend{}, Messages: &twilio.Spend{}},
		{Name: "c", Calls: &twilio.Spend{}, Messages: &twilio.Spend{
			Unpriced: 1,
			Totals:   map[string]decimal.Decimal{"USD": decimal.NewFromInt(3)},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	want := [][]string{
		{"a", "", "", "0", "0", "0", "2"},
		{"c", "", "USD", "0", "3", "3", "1"},
	}
	if err != nil || !slices.EqualFunc(rows[1:], want, slices.Equal) {
		t.Errorf("got %v, %v", rows, err)
	}
}
