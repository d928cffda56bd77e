package main

import (
	"context"
	"fmt"
	"os"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
)

func Example() {
	fmt.Println(stage.Run(context.Background(), provision(), nil, nil, os.Stdout))
	// Output:
	// account  customer-4711, active (new: true)
	// key      backend, its secret is [redacted]
	// address  head office, San Francisco
	// number   +14152654321, calls go to https://example.com/voice
	//
	// and once more:
	// account  customer-4711, active (new: false)
	// key      backend is there
	// address  head office is there
	// number   +14152654321 is there
	// <nil>
}
