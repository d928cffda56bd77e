package main

import (
	"context"
	"fmt"
	"os"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
)

func Example() {
	ctx := context.Background()
	fmt.Println(stage.Run(ctx, example(), nil, nil, os.Stdout))
	// Output:
	// 50 dollars a month: 0.00 USD so far
	//   not reached yet
	// 50 dollars a month: 58.80 USD so far
	//   reached: Twilio requests https://example.com/alert
	// <nil>
}
