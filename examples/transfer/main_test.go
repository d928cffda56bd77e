package main

import (
	"context"
	"fmt"
	"os"

	stage "github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal"
)

func Example() {
	fmt.Println(stage.Run(context.Background(), example(), nil, nil, os.Stdout))
	// Output:
	// refused: it requires an address; making one
	// My Company Line belongs to Submarine now
	// <nil>
}
