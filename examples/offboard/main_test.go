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
	// Submarine is suspended; calls ended: 1, numbers moved: 1, not moved: 1
	//   A line was not moved
	// It failed, and nothing is lost. Again:
	// Submarine is closed; calls ended: 0, numbers moved: 1, not moved: 0
	// <nil>
}
