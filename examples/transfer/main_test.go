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
	// refused: it requires an address; making one
	// My Company Line belongs to Submarine now
	// <nil>
}
