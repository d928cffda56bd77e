package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"os"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func Example() {
	fmt.Println(stage.Run(context.Background(), billing(), nil, nil, os.Stdout))
	// Output:
	// December 2025 (UTC)
	//
	//     customer  calls  messages  not priced yet   total   in
	//   Lighthouse  0.042    0.0083               0  0.0503  USD
	//     Nautilus     12         0               0      12  JPY
	//     Nautilus  0.056    0.0083               0  0.0643  USD
	//    Submarine   0.07    0.0083               0  0.0783  USD
	//          all                                       12  JPY
	//          all                                   0.1929  USD
	// <nil>
}

func TestCSV(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := stage.Run(t.Context(), billing(), []string{"-csv", "-month", "2025-12"}, nil, &out); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 5 || rows[2][2] != "JPY" || rows[2][5] != "12" {
		t.Errorf("got %v, %v", rows, err)
	}
}

func TestNoBillWithoutACustomer(t *testing.T) {
	t.Parallel()
	e := billing()
	e.Fake = func(srv *twiliotest.Server) {
		fleet(srv)
		srv.Inject(twiliotest.Fault{Path: "/Messages.json", Status: http.StatusForbidden})
	}
	var out bytes.Buffer
	if err := stage.Run(t.Context(), e, nil, nil, &out); err == nil || out.Len() > 0 {
		t.Errorf("got error %v and:\n%s", err, &out)
	}
}
