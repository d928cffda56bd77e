package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"

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

// peakMemory is the largest size that this process has had, in MB; 0 where there
// is no /proc, which is elsewhere than on Linux. Getrusage would do on more
// systems, but counts what the parent had when it started this process.
func peakMemory() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	kB := 0.0
	_, _ = fmt.Sscan(peak, &kB)
	return kB / 1024
}
