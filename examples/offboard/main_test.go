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
	// calls ended: 1, numbers moved: 1, not moved: 1; Submarine is suspended
	//   A line stays where it is
	// It failed, and nothing is lost. Once more:
	//   calls ended: 0, numbers moved: 1, not moved: 0; Submarine is closed
	// <nil>
}
