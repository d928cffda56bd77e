// Package program is the body of the minimal programs under ../programs: each links one library and nothing else,
// so that its build, its size and its memory are that library's.
package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant"
)

// Main goes through all calls of the account at the URL that is the only argument, and prints how many there were
// and the most memory, in KiB, that the process ever had resident.
func Main(library func(url string) entrant.Entrant) {
	if err := run(library); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(library func(url string) entrant.Entrant) error {
	if len(os.Args) != 2 {
		return errors.New("usage: " + os.Args[0] + " URL")
	}
	calls := 0
	count := func(func() (entrant.Record, error)) { calls++ }
	if err := library(os.Args[1]).List(context.Background(), entrant.Query{}, count); err != nil {
		return err
	}
	peak, err := peakKiB()
	if err != nil {
		return err
	}
	fmt.Println(calls, peak)
	return nil
}

// peakKiB asks the kernel of Linux: what it says of a child to its parent counts the memory of the parent before
// the child became a program of its own.
func peakKiB() (peak int, err error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	_, line, _ := strings.Cut(string(status), "VmHWM:")
	_, err = fmt.Sscan(line, &peak)
	return peak, err
}
