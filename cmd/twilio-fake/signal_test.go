//go:build unix

package main

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
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

// A page that is open doesn't keep the program from stopping.
func TestProgramStopsWhileSomebodyWatches(t *testing.T) {
	t.Parallel()
	p := start(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.ready.URL+"/_fake/ui/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := new(http.Client).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(response.Body); err != nil {
		t.Errorf("the stream breaks off: %v after %s", err, rest)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// A second interrupt doesn't wait for what is in progress.
func TestSecondInterruptEndsTheProgram(t *testing.T) {
	t.Parallel()
	p := start(t)
	post := func(path string) (*http.Response, error) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.ready.URL+path, nil)
		if err != nil {
			return nil, err
		}
		return new(http.Client).Do(r)
	}
	response, err := post("/_fake/faults?delay=1h&method=POST")
	if err != nil || response.StatusCode != http.StatusNoContent {
		t.Fatal(response, err)
	}
	_ = response.Body.Close()
	done := make(chan error, 1)
	go func() { // a request that doesn't end by itself
		response, err := post("/2010-04-01/Accounts.json")
		if err == nil {
			_ = response.Body.Close()
		}
		done <- err
	}()
	for { // until it has arrived: the fault is used up
		response, err := http.Get(p.ready.URL + "/_fake/faults")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if strings.TrimSpace(string(body)) == "[]" {
			break
		}
	}
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	for { // until the first interrupt has arrived: it no longer listens
		conn, err := net.Dial("tcp", strings.TrimPrefix(p.ready.URL, "http://"))
		if err != nil {
			break
		}
		_ = conn.Close()
	}
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	var ended *exec.ExitError
	if err := p.cmd.Wait(); !errors.As(err, &ended) || !ended.Sys().(syscall.WaitStatus).Signaled() {
		t.Errorf("got %v, want an end by the signal", err)
	}
	if err := <-done; err == nil {
		t.Error("the request was responded to")
	}
}
