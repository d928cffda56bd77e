// Package program is the body of the minimal programs under ../programs: each
// links one library and nothing else, so that its build, its size and its
// memory are those of the library.
package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant"
)

// Main runs do with the URL that is the only argument, and prints the count
// that it returns and the peak resident memory of the process in KiB.
func Main(do func(ctx context.Context, url string) (count int, err error)) {
	if err := run(do); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Calls iterates over all calls of the account.
func Calls(library func(url string) entrant.Entrant) func(context.Context, string) (int, error) {
	return func(ctx context.Context, url string) (int, error) {
		calls := 0
		err := library(url).List(ctx, entrant.Query{}, func(func() (entrant.Record, error)) { calls++ })
		return calls, err
	}
}

func run(do func(context.Context, string) (int, error)) error {
	if len(os.Args) != 2 {
		return errors.New("usage: " + os.Args[0] + " URL")
	}
	count, err := do(context.Background(), os.Args[1])
	if err != nil {
		return err
	}
	peak, err := peakKiB()
	if err != nil {
		return err
	}
	fmt.Println(count, peak)
	return nil
}

// peakKiB asks the Linux kernel. What the kernel reports of a child to its
// parent includes memory of the parent, from before the child ran its own
// program.
func peakKiB() (peak int, err error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	_, line, _ := strings.Cut(string(status), "VmHWM:")
	_, err = fmt.Sscan(line, &peak)
	return peak, err
}
