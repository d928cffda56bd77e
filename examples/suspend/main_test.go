package main

import (
	"context"
	"fmt"
	"os"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
)

func Example() {
	fmt.Println(stage.Run(context.Background(), example(), nil, nil, os.Stdout))
	// Output:
	// Submarine is suspended, and 2 calls have ended
	// Submarine is active
	// <nil>
}
