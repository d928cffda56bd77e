// Command twilio-go iterates over an account's calls with twilio-go.
package main

import (
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant/twiliogo"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/program"
)

func main() { program.Main(program.Calls(twiliogo.New)) }
