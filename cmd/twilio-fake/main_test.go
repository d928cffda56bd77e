package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// program builds the program once for all tests.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "twilio-fake")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "twilio-fake.exe") // Windows runs no other name
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		_, _ = os.Stderr.Write(out)
	}
	return path, err
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := program(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// A process is the running program.
type process struct {
	cmd   *exec.Cmd
	lines *bufio.Reader
	ready struct {
		URL        string `json:"url"`
		TLSURL     string `json:"tls_url"`
		AccountSID string `json:"account_sid"`
		AuthToken  string `json:"auth_token"`
	}
}

func mustProgram(t *testing.T) string {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func start(t *testing.T, args ...string) *process {
	t.Helper()
	return startWith(t, nil, args...)
}

// startWith starts the program with variables of the environment.
func startWith(t *testing.T, env map[string]string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.CommandContext(t.Context(), mustProgram(t), append([]string{"-addr", "127.0.0.1:0"}, args...)...)}
	p.cmd.Env = os.Environ()
	for name, value := range env {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	p.cmd.Stderr = os.Stderr
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// Canceling the context alone would leave it running for a moment, possibly
	// longer than the tests run.
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait() // an error where the test has waited
	})
	p.lines = bufio.NewReader(stdout)
	line, err := p.lines.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(line, &p.ready); err != nil {
		t.Fatalf("%v in %s", err, line)
	}
	return p
}

func (p *process) client(t *testing.T) *twilio.Client {
	t.Helper()
	client, err := twilio.NewClient(twilio.AuthToken(p.ready.AccountSID, p.ready.AuthToken), twilio.WithBaseURL(p.ready.URL))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestHelpAndVersion(t *testing.T) {
	t.Parallel()
	path := mustProgram(t)
	for flag, words := range map[string][]string{
		"-help":    {"-addr", "account_sid", "_fake/advance", "-speed", "POST snapshots", "fields: from to body media", "GET ca.pem", "HTTPS_PROXY", "TWILIO_FAKE_"},
		"-version": {"twilio-fake "},
	} {
		out, err := exec.CommandContext(t.Context(), path, flag).Output()
		if err != nil {
			t.Errorf("%s: %v", flag, err)
		}
		for _, word := range words {
			if !strings.Contains(string(out), word) {
				t.Errorf("%s prints no %s to the standard output", flag, word)
			}
		}
	}
}

func TestMistakesOnTheCommandLine(t *testing.T) {
	t.Parallel()
	path := mustProgram(t)
	dir := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	for _, mistake := range []struct {
		word string // in what it prints
		args []string
		env  string
	}{
		{"-nonsense", []string{"-nonsense"}, ""},
		{`"extra"`, []string{"extra"}, ""},
		{"99999", []string{"-addr", "nowhere:99999"}, ""},
		{"99999", []string{"-addr", "127.0.0.1:0", "-tls-addr", "nowhere:99999"}, ""},
		{"-speed", []string{"-speed", "-1"}, ""},
		{"-speed", []string{"-speed", "NaN"}, ""},
		{"-speed", []string{"-speed", "+Inf"}, ""},
		{"-speed", []string{"-speed", "1e9"}, ""},
		{"-account-sid", []string{"-account-sid", "hello"}, ""},
		{"-account-sid", []string{"-account-sid", "ACXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"}, ""},
		{"-call-duration", []string{"-call-duration", "-1s"}, ""},
		{"-subaccount-limit", []string{"-subaccount-limit", "-1"}, ""},
		{"-concurrency-limit", []string{"-concurrency-limit", "-1"}, ""},
		{"TWILIO_FAKE_SPEED", nil, "TWILIO_FAKE_SPEED=fast"},
		{"-speed", nil, "TWILIO_FAKE_SPEED=-1"},
		{"ca.pem", []string{"-ca-file", filepath.Join(dir, "none", "ca.pem")}, ""},
		{"none.json", []string{"-seed", filepath.Join(dir, "none.json")}, ""},
		{"messages[0]: \"form\"", []string{"-seed", file("misspelt.json", `{"messages":[{"form":"+14155550100"}]}`)}, ""},
		{"calls[0].from", []string{"-seed", file("invalid.json", `{"calls":[{"from":"me","to":"+14155550100"}]}`)}, ""},
	} {
		cmd := exec.CommandContext(t.Context(), path, mistake.args...)
		cmd.Env = append(os.Environ(), mistake.env)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		if out, err := cmd.Output(); err == nil || len(out) > 0 || !strings.Contains(stderr.String(), mistake.word) {
			t.Errorf("%v %s: %v, %s, %s", mistake.args, mistake.env, err, out, stderr.String())
		}
	}
}

// Clients of a program that runs go on trusting it.
func TestASecondProgramLeavesTheCAOfTheFirst(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "ca.pem")
	first := start(t, "-ca-file", file)
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	taken := strings.TrimPrefix(first.ready.URL, "http://")
	out, err := exec.CommandContext(t.Context(), mustProgram(t), "-addr", taken, "-ca-file", file).CombinedOutput()
	if err == nil || !strings.Contains(string(out), taken) {
		t.Errorf("a second program on the same address: %v, %s", err, out)
	}
	if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
		t.Errorf("the file has changed, and %v", err)
	}
}

func TestFlagsFromTheEnvironment(t *testing.T) {
	t.Parallel()
	env := map[string]string{
		"TWILIO_FAKE_ACCOUNT_SID": "AC00000000000000000000000000000001",
		"TWILIO_FAKE_AUTH_TOKEN":  "environment",
		"TWILIO_FAKE_VERSION":     "1.2.3", // of an image, perhaps
	}
	p := startWith(t, env, "-auth-token", "flag")
	if p.ready.AccountSID != "AC00000000000000000000000000000001" || p.ready.AuthToken != "flag" {
		t.Errorf("%+v", p.ready)
	}
}

func TestWebhookHosts(t *testing.T) {
	t.Parallel()
	p := start(t, "-webhook-hosts", "app.invalid, 0.0.0.0")
	p.control(t, "phone_numbers", url.Values{"phone_number": {"+14155550100"}, "sms_url": {"http://0.0.0.0:9/"}})
	p.control(t, "inbound_messages", url.Values{"from": {"+16518675310"}, "to": {"+14155550100"}})
	_, body, err := get(t, new(http.Client), p.ready.URL+"/_fake/webhooks")
	if err != nil || !strings.Contains(body, `"Called":true`) {
		t.Errorf("%s, %v", body, err)
	}
}

func TestSeedFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "seed.json")
	help, err := exec.CommandContext(t.Context(), mustProgram(t), "-help").Output()
	if err != nil {
		t.Fatal(err)
	}
	example := regexp.MustCompile(`(?s)\n  (\{"subaccounts".*)$`).FindSubmatch(help) // the one of -help
	if example == nil {
		t.Fatal("-help has no seed")
	}
	if err := os.WriteFile(file, example[1], 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, "-seed", file)
	customer := p.client(t).Subaccount("AC00000000000000000000000000000001")
	messages, err := customer.Messages.List(t.Context(), twilio.MessageListParams{})
	if err != nil || len(messages.Items) != 1 || messages.Items[0].Body != "Surface!" || time.Since(messages.Items[0].DateSent) < 35*time.Hour {
		t.Errorf("%+v, %v", messages, err)
	}
	numbers, err := customer.IncomingPhoneNumbers.List(t.Context(), twilio.IncomingPhoneNumberListParams{})
	if err != nil || len(numbers.Items) != 1 {
		t.Errorf("%+v, %v", numbers, err)
	}
	calls, err := p.client(t).Calls.List(t.Context(), twilio.CallListParams{})
	if err != nil || len(calls.Items) != 1 || calls.Items[0].Duration != 90 {
		t.Errorf("%+v, %v", calls, err)
	}
}

// The Dockerfile builds the program without cgo, since its image has no C
// library.
func TestBuildCommandOfTheDockerfile(t *testing.T) {
	t.Parallel()
	dockerfile, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	build := regexp.MustCompile(`(?m)^RUN (CGO_ENABLED=0) (go build .*) -o /twilio-fake (\./cmd/twilio-fake)$`).FindSubmatch(dockerfile)
	if build == nil {
		t.Fatal("no build command")
	}
	out := filepath.Join(t.TempDir(), "twilio-fake.exe")
	args := append(strings.Fields(string(build[2]))[1:], "-o", out, string(build[3]))
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = filepath.Join("..", "..")
	cmd.Env = append(os.Environ(), string(build[1]))
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if text, err := exec.CommandContext(t.Context(), out, "-version").Output(); err != nil || !strings.HasPrefix(string(text), "twilio-fake ") {
		t.Errorf("%s, %v", text, err)
	}
}

// control uses a control endpoint.
func (p *process) control(t *testing.T, path string, form url.Values) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.ready.URL+"/_fake/"+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := new(http.Client).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if body, err := io.ReadAll(response.Body); err != nil || response.StatusCode > 299 {
		t.Fatalf("%s: %s %s, %v", path, response.Status, body, err)
	}
}
