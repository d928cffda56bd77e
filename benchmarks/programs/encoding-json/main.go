// Command encoding-json iterates over an account's calls with net/http and
// encoding/json.
package main

import (
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant/floor"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/program"
)

func main() { program.Main(program.Calls(floor.JSON)) }
