// Fleet runs the example of the module fleet, which makes the bills of 1,000
// subaccounts in a durable run: examples/fleet there is the program to read.
//
//	go run ./examples/fleet
//
// It is a module of its own, so that users of the SDK don't inherit what it
// requires. This program starts it, with the same arguments.
package main

import (
	"fmt"
	"os"
	"os/exec"
)

func main() {
	// Ctrl-C reaches the example too, which ends by itself.
	cmd := exec.Command("go", append([]string{"run", "-C", "fleet", "./examples/fleet"}, os.Args[1:]...)...) //nolint:gosec,noctx // the caller's own arguments
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", err, "(run it from the root of the repository)")
		os.Exit(1)
	}
}
