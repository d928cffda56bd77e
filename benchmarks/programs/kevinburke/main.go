// Command kevinburke iterates over an account's calls with
// kevinburke/twilio-go.
package main

import (
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant/kevinburke"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/program"
)

func main() { program.Main(program.Calls(kevinburke.New)) }
