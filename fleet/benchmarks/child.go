package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
)

// A childResult is what a process that makes a whole run prints.
type childResult struct{ Seconds, MB float64 }

// child makes a run in a process of its own, 40 at once.
func (r *rig) child(ctx context.Context) (result childResult, err error) {
	s := r.spec
	s.AtOnce, s.WholeRun = 40, true
	text, err := json.Marshal(s)
	if err != nil {
		return result, err
	}
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), workerEnv+"="+string(text))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return result, err
	}
	return result, json.Unmarshal(out, &result)
}

// wholeRun is what the child does.
func wholeRun(ctx context.Context, f *fleet.Fleet, s spec) error {
	r := &rig{spec: s, fleet: f}
	stop := r.work(ctx, s.AtOnce)
	if err := r.warm(ctx); err != nil {
		return err
	}
	took, err := run(ctx, r, nothing, fleet.None{})
	if err != nil {
		return err
	}
	stop()
	text, err := json.Marshal(childResult{Seconds: took.Seconds(), MB: peakMemory()})
	fmt.Println(string(text))
	return err
}
