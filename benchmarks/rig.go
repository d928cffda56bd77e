package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/stub"
)

// rig is what the scenarios share: the stub, and a folder for what they build.
type rig struct {
	stub *stub.Server
	dir  string
}

func newRig() (*rig, error) {
	server, err := stub.Start(days)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "benchmarks")
	if err != nil {
		server.Close()
		return nil, err
	}
	return &rig{stub: server, dir: dir}, nil
}

func (r *rig) close() {
	r.stub.Close()
	_ = os.RemoveAll(r.dir)
}

// exec runs an entrant's program on the stub, and builds it the first time.
func (r *rig) exec(ctx context.Context, program string) ([]byte, error) {
	binary := filepath.Join(r.dir, program)
	if _, err := os.Stat(binary); errors.Is(err, os.ErrNotExist) {
		if _, _, err := command(ctx, "", "go", "build", "-o", binary, "./programs/"+program); err != nil {
			return nil, err
		}
	}
	out, _, err := command(ctx, "", binary, r.stub.URL)
	return out, err
}

// command runs a program and returns what it prints, and the CPU time that it
// and its children took. The go command works without cgo, so that no C
// compiler has a part in what is measured, and with the user's build cache
// unless cache names another.
func command(ctx context.Context, cache, name string, args ...string) ([]byte, time.Duration, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if cache != "" {
		cmd.Env = append(cmd.Env, "GOCACHE="+cache)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, 0, fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, &stderr)
	}
	return out, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}
