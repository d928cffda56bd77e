//go:build unix

package main

import (
	"io"
	"os"
	"syscall"
	"testing"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Windows has no signals that one process can send to another.
func TestProgramServesUntilItIsTold(t *testing.T) {
	t.Parallel()
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		p := start(t, "-account-sid", "AC00000000000000000000000000000001", "-auth-token", "secret")
		if p.ready.AccountSID != "AC00000000000000000000000000000001" || p.ready.AuthToken != "secret" {
			t.Errorf("%+v", p.ready)
		}
		if _, err := p.client(t).Accounts.Create(t.Context(), twilio.AccountCreateParams{FriendlyName: "Submarine"}); err != nil {
			t.Error(err)
		}
		if err := p.cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		rest, err := io.ReadAll(p.lines)
		if err != nil || len(rest) > 0 {
			t.Errorf("after the first line: %q, %v", rest, err)
		}
		if err := p.cmd.Wait(); err != nil {
			t.Errorf("%v: %v", signal, err)
		}
	}
}
