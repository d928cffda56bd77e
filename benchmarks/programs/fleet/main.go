// Command fleet fetches one call of each subaccount with this SDK.
package main

import (
	"context"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant/sdk"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/program"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/stub"
)

func main() {
	program.Main(func(ctx context.Context, url string) (int, error) {
		return sdk.Fleet(ctx, url, stub.Call(0, 0).SID, 10)
	})
}
