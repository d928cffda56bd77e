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
	// flow support: FW00000000000000000000000000000001, draft
	// Verify support: VA00000000000000000000000000000001, 6 digits
	// both of Submarine: true
	//
	// and again:
	// flow support: FW00000000000000000000000000000001, draft
	// Verify support: VA00000000000000000000000000000001, 6 digits
	// both of Submarine: true
	// <nil>
}
