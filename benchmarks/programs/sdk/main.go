// Command sdk iterates over an account's calls with this SDK.
package main

import (
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant/sdk"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/program"
)

func main() { program.Main(program.Calls(sdk.New)) }
