// Command by-hand iterates over an account's calls with net/http and a decoder
// written for the stub's bytes.
package main

import (
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant/floor"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/program"
)

func main() { program.Main(program.Calls(floor.ByHand)) }
