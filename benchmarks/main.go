// Command benchmarks compares this SDK with other ways to use Twilio from Go:
// two libraries, net/http with encoding/json, and floors that no library can
// beat. All of them use one stub on a loopback socket, take turns in one run (A
// B C, A B C, …), and are reported as ratios, because such ratios survive a
// slow or busy machine, and absolute times don't.
//
//	go run .                                # every scenario, as a Markdown table
//	go run . -scenario list,get             # some of them
//	go run . -update ../docs/BENCHMARKS.md  # write the table into the document
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant/floor"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant/kevinburke"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant/sdk"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant/twiliogo"
)

// entry is a column of the table. The others are compared with the first.
type entry struct {
	name  string // also of its program under programs
	title string
	new   func(url string) entrant.Entrant
	blind bool // it decodes nothing: a floor, not a way to write a program
}

var entries = []entry{
	{name: "sdk", title: "this SDK", new: sdk.New},
	{name: "encoding-json", title: "net/http + encoding/json", new: floor.JSON},
	{name: "by-hand", title: "hand-written decoder", new: floor.ByHand},
	{name: "drained", title: "body read, not decoded", new: floor.Drain, blind: true},
	{name: "kevinburke", title: release("github.com/kevinburke/twilio-go/v2"), new: kevinburke.New},
	{name: "twilio-go", title: release("github.com/twilio/twilio-go"), new: twiliogo.New},
}

// release names a library with the version that is linked in.
func release(path string) string {
	name := strings.TrimSuffix(strings.TrimPrefix(path, "github.com/"), "/v2")
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == path {
				return name + " " + module.Version
			}
		}
	}
	return name
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "benchmarks:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	var names []string
	for _, s := range scenarios {
		names = append(names, s.name)
	}
	only := flag.String("scenario", "", "measure only these `scenarios`, separated by commas: "+strings.Join(names, ", "))
	rounds := flag.Int("runs", 5, "the `number` of turns of each entrant")
	update := flag.String("update", "", "write the table into this Markdown `file`, between its two markers")
	flag.Parse()

	chosen := scenarios
	if *only != "" {
		if *update != "" {
			return fmt.Errorf("-update writes every scenario; omit -scenario %s", *only)
		}
		wanted := strings.Split(*only, ",")
		for _, name := range wanted {
			if !slices.Contains(names, name) {
				return fmt.Errorf("there is no scenario %q; use %s", name, strings.Join(names, ", "))
			}
		}
		chosen = slices.DeleteFunc(slices.Clone(scenarios), func(s scenario) bool { return !slices.Contains(wanted, s.name) })
	}
	if *rounds < 1 {
		return fmt.Errorf("-runs is %d; set it to 1 or more", *rounds)
	}

	if *update != "" { // fail now, not after the run
		text, err := os.ReadFile(*update)
		if err == nil {
			_, err = between(text, "")
		}
		if err != nil {
			return err
		}
	}

	r, err := newRig()
	if err != nil {
		return err
	}
	defer r.close()
	var rows []row
	for _, s := range chosen {
		more, err := s.run(ctx, r, *rounds)
		if err != nil {
			fmt.Print(table(rows, *rounds)) // these may have taken long
			return fmt.Errorf("%s: %w", s.name, err)
		}
		rows = append(rows, more...)
	}
	text := table(rows, *rounds)
	fmt.Print(text)
	if *update != "" {
		return rewrite(*update, text)
	}
	return nil
}
