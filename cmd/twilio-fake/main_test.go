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
	"strings"
	"sync"
	"testing"

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
		AccountSID string `json:"account_sid"`
		AuthToken  string `json:"auth_token"`
	}
}

func start(t *testing.T, args ...string) *process {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.CommandContext(t.Context(), path, append([]string{"-addr", "127.0.0.1:0"}, args...)...)}
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

// control posts a form to a control endpoint and returns the status and the
// body.
func (p *process) control(t *testing.T, method, path string, form url.Values) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, p.ready.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := new(http.Client).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestProgramIsControlledOverHTTP(t *testing.T) {
	t.Parallel()
	p := start(t, "-speed", "0")
	client := p.client(t)
	call, err := client.Calls.Create(t.Context(), twilio.CallCreateParams{From: "+14158141829", To: "+16518675310", TwiML: "<Response/>"})
	if err != nil {
		t.Fatal(err)
	}
	if status, body := p.control(t, "POST", "/_fake/advance", url.Values{"d": {"1m"}}); status != 200 || !strings.Contains(body, "now") {
		t.Errorf("%d %s", status, body)
	}
	if call, err = client.Calls.Get(t.Context(), call.SID); err != nil || call.Status != twilio.CallStatusCompleted || !call.Price.Valid {
		t.Errorf("%+v, %v", call, err)
	}

	fault := url.Values{"status": {"418"}, "method": {"GET"}, "path": {"/Calls.json"}, "times": {"-1"}, "header": {"X-Why: test"}}
	if status, body := p.control(t, "POST", "/_fake/faults", fault); status != 204 {
		t.Errorf("%d %s", status, body)
	}
	var meta twilio.ResponseMeta
	if _, err := client.Calls.List(t.Context(), twilio.CallListParams{}, twilio.WithResponseInto(&meta)); err == nil {
		t.Error("no fault")
	}
	if status, _ := p.control(t, "DELETE", "/_fake/faults", nil); status != 204 {
		t.Error(status)
	}
	if _, err := client.Calls.List(t.Context(), twilio.CallListParams{}); err != nil {
		t.Error(err)
	}
	if status, body := p.control(t, "GET", "/_fake/requests", nil); status != 200 || strings.Count(body, "/Calls.json") < 3 {
		t.Errorf("%d %s", status, body)
	}
	for _, bad := range []url.Values{
		{"status": {"many"}}, {"reset": {"sometimes"}}, {"delay": {"long"}}, {"status": {"99"}}, {"rate": {"5"}}, {"rate": {"NaN"}},
		{"rate": {"-0.1"}}, {"stauts": {"503"}}, {"method": {"get"}}, {"times": {"-2"}}, {"header": {"Retry-After 1"}},
	} {
		if status, body := p.control(t, "POST", "/_fake/faults", bad); status != 400 || body == "" {
			t.Errorf("%v: %d %s", bad, status, body)
		}
	}
	if _, err := client.Calls.List(t.Context(), twilio.CallListParams{}); err != nil {
		t.Errorf("a fault that was refused applied: %v", err)
	}
	for _, bad := range []url.Values{{"d": {"-1m"}}, {"by": {"1m"}}, {"d": {"1m"}, "by": {"1m"}}} {
		if status, _ := p.control(t, "POST", "/_fake/advance", bad); status != 400 {
			t.Errorf("%v: %d", bad, status)
		}
	}
	for _, path := range []string{"//2010-04-01/Accounts.json", "/2010-04-01//Accounts.json", "/2010-04-01/../2010-04-01/Accounts.json"} {
		if status, body := p.control(t, "GET", path, nil); status != 401 || !strings.Contains(body, `"code":20003`) {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}

func TestHelpAndMistakes(t *testing.T) {
	t.Parallel()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	help, err := exec.CommandContext(t.Context(), path, "-help").CombinedOutput()
	if err != nil {
		t.Error(err)
	}
	for _, word := range []string{"-addr", "account_sid", "_fake/advance", "-speed"} {
		if !strings.Contains(string(help), word) {
			t.Errorf("-help doesn't mention %s", word)
		}
	}
	for _, args := range [][]string{
		{"-nonsense"}, {"extra"}, {"-addr", "nowhere:99999"}, {"-speed", "-1"},
		{"-speed", "NaN"}, {"-speed", "+Inf"}, {"-speed", "1e9"}, {"-account-sid", "hello"}, {"-account-sid", "ACXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"},
		{"-call-duration", "-1s"}, {"-subaccount-limit", "-1"}, {"-concurrency-limit", "-1"},
	} {
		if out, err := exec.CommandContext(t.Context(), path, args...).Output(); err == nil || len(out) > 0 {
			t.Errorf("%v: %v, %s", args, err, out)
		}
	}
}
