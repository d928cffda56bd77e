package browsertest

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

var pictures = flag.Bool("pictures", false, "take the pictures in docs/")

// program builds twilio-fake once for all tests.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "twilio-fake")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "twilio-fake")
	out, err := exec.Command("go", "build", "-C", filepath.Join("..", "..", ".."), "-o", path, "./cmd/twilio-fake").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return path, nil
})

// chromium is the browser of all tests, each of which has a tab of its own.
var chromium = sync.OnceValues(func() (ctx context.Context, end func()) {
	allocator, endProcess := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, // in a container, as root
		chromedp.Flag("no-proxy-server", true))...)
	ctx, endBrowser := chromedp.NewContext(allocator)
	return ctx, func() {
		endBrowser()
		endProcess()
	}
})

func TestMain(m *testing.M) {
	flag.Parse()
	ctx, end := chromium()
	if err := chromedp.Do(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	end()
	if path, err := program(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// A fake is the program, whose clock stands still unless it is advanced.
type fake struct {
	URL        string `json:"url"`
	AccountSID string `json:"account_sid"`
	AuthToken  string `json:"auth_token"`

	client *twilio.Client
}

func start(t *testing.T) *fake {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, "-addr", "127.0.0.1:0", "-speed", "0")
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	f := new(fake)
	if err := json.Unmarshal(line, f); err != nil {
		t.Fatal(err)
	}
	if f.client, err = twilio.NewClient(twilio.AuthToken(f.AccountSID, f.AuthToken), twilio.WithBaseURL(f.URL)); err != nil {
		t.Fatal(err)
	}
	return f
}

// control uses a control endpoint.
func (f *fake) control(t *testing.T, path string, form url.Values) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.URL+"/_fake/"+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := new(http.Client).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if body, _ := io.ReadAll(response.Body); response.StatusCode > 299 {
		t.Fatalf("%s: %s %s", path, response.Status, body)
	}
}

const (
	number   = "+14155550100"
	customer = "+16518675310"
)

// application is a service with Twilio's webhooks. It replies to each message
// with what reply returns.
func application(t *testing.T, f *fake, reply func(body string) string) (received func() []url.Values) {
	t.Helper()
	var mu sync.Mutex
	var all []url.Values
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		mu.Lock()
		all = append(all, r.PostForm)
		mu.Unlock()
		w.Header().Set("Content-Type", "text/xml")
		_, _ = io.WriteString(w, reply(r.PostForm.Get("Body")))
	}))
	t.Cleanup(server.Close)
	f.control(t, "phone_numbers", url.Values{"phone_number": {number}, "sms_url": {server.URL + "/sms"}})
	return func() []url.Values {
		mu.Lock()
		defer mu.Unlock()
		return all
	}
}

func echo(body string) string {
	return "<Response><Message>You wrote: " + body + "</Message></Response>"
}

// browser opens a tab. A test fails on an error in its console, as one is when
// the content security policy stops something.
func browser(t *testing.T) context.Context {
	t.Helper()
	parent, _ := chromium()
	ctx, cancel := chromedp.NewContext(parent)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	if err := chromedp.Listen(ctx, func(event any) {
		switch event := event.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("the page's script failed: %v", event.ExceptionDetails)
		case *page.EventJavascriptDialogOpening:
			t.Errorf("a script ran: %s", event.Message)
		}
	}); err != nil {
		t.Fatal(err)
	}
	return ctx
}

func run(t *testing.T, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) { //nolint:revive // the test comes first, as in helpers
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// get runs an action that returns a value.
func get[T any](t *testing.T, ctx context.Context, action chromedp.Action[T]) T { //nolint:revive // the test comes first, as in helpers
	t.Helper()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// appears waits until an element of the selector has the text.
func appears(selector, text string) chromedp.Action[chromedp.Void] {
	script := fmt.Sprintf("Array.from(document.querySelectorAll(%q)).some((e) => e.textContent.includes(%q))", selector, text)
	return holds(script)
}

// holds waits until an expression is true.
func holds(expression string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		if _, err := chromedp.Run(ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(time.Minute), chromedp.WithPollingInterval(50*time.Millisecond))); err != nil {
			return fmt.Errorf("waiting for %s: %w", expression, err)
		}
		return nil
	})
}

func (f *fake) phonePage() string {
	return f.URL + "/_fake/ui/accounts/" + f.AccountSID + "/phones/" + url.PathEscape(number)
}

func TestMessageArrivesAndItsReplyAppears(t *testing.T) {
	t.Parallel()
	f := start(t)
	received := application(t, f, echo)
	ctx := browser(t)
	run(t, ctx,
		chromedp.Navigate(f.URL+"/"),
		chromedp.Click(`//a[text()="`+number+`"]`),
		chromedp.WaitVisible(chromedp.CSS("#conversation")),
		chromedp.SetValue(chromedp.CSS("#from"), customer),
		chromedp.SendKeys(chromedp.CSS("#body"), "Surface!"),
		chromedp.Click(chromedp.CSS(".compose button")),
		appears("#conversation .theirs .body", "Surface!"),
		appears("#conversation .ours .body", "You wrote: Surface!"),
		appears("#peers", customer),
	)
	if all := received(); len(all) != 1 || all[0].Get("Body") != "Surface!" || all[0].Get("From") != customer {
		t.Errorf("the application received %v", all)
	}

	// What others do appears by itself, and is another status a moment later.
	if _, err := f.client.Messages.Create(t.Context(), twilio.MessageCreateParams{From: number, To: customer, Body: "Dive!"}); err != nil {
		t.Fatal(err)
	}
	run(t, ctx, appears("#conversation .ours .body", "Dive!"), appears("#conversation .ours .status", "queued"))
	f.control(t, "advance", url.Values{"d": {"1m"}})
	run(t, ctx, appears("#conversation li:last-child .status", "delivered"))

	if body := get(t, ctx, chromedp.Value(chromedp.CSS("#body"))); body != "" {
		t.Errorf("the text is still there: %q", body)
	}
}

func TestClockEndsACall(t *testing.T) {
	t.Parallel()
	f := start(t)
	if _, err := f.client.Calls.Create(t.Context(), twilio.CallCreateParams{From: number, To: customer, TwiML: "<Response/>"}); err != nil {
		t.Fatal(err)
	}
	ctx := browser(t)
	run(t, ctx, chromedp.Navigate(f.URL+"/_fake/ui/calls"), appears("#calls .status", "queued"))
	before := get(t, ctx, chromedp.Text(chromedp.CSS("#clock")))
	run(t, ctx,
		chromedp.Click(chromedp.CSS(".clock button")),
		appears("#calls .status", "completed"),
		holds(fmt.Sprintf("document.getElementById('clock').textContent !== %q", before)),
	)
}

// A phone calls, presses a key and hangs up, while the page follows.
func TestCallFromAPhone(t *testing.T) {
	t.Parallel()
	f := start(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		if r.FormValue("Digits") == "1" {
			_, _ = io.WriteString(w, `<Response><Dial>+16518675311</Dial></Response>`)
			return
		}
		_, _ = io.WriteString(w, `<Response><Gather numDigits="1"><Say>Press one</Say></Gather></Response>`)
	}))
	t.Cleanup(server.Close)
	f.control(t, "phone_numbers", url.Values{"phone_number": {number}, "voice_url": {server.URL + "/voice"}})
	ctx := browser(t)
	run(t, ctx,
		chromedp.Navigate(f.phonePage()),
		chromedp.SetValue(chromedp.CSS("#caller"), customer),
		chromedp.Click(`//button[text()="Call"]`),
		appears("#calls .status", "in-progress"),
		chromedp.SendKeys(chromedp.CSS("#calls input[name=digits]"), "1"),
		chromedp.Click(`//button[text()="Press"]`),
	)
	run(t, ctx, chromedp.Navigate(f.URL+"/_fake/ui/calls"), appears("#calls li", "+16518675311"), appears("#calls li", "outbound-dial"),
		chromedp.Click(`//li[contains(., "inbound")]//button[text()="Hang up"]`),
		appears("#calls .status", "completed"),
		holds(`!document.querySelector("#calls button")`), // nobody is left
	)
}

// Nothing that anybody can send makes a script run.
func TestScriptsDoNotRun(t *testing.T) {
	t.Parallel()
	f := start(t)
	attack := `<script>alert(1)</script><img src=x onerror=alert(2)>"><svg onload=alert(3)>` + "`${alert(4)}`" + `{{alert(5)}}`
	application(t, f, func(string) string {
		return "<Response><!-- " + attack + " --><Message>" + "&lt;script&gt;alert(6)&lt;/script&gt;" + "</Message></Response>"
	})
	acct, err := f.client.Accounts.Create(t.Context(), twilio.AccountCreateParams{FriendlyName: `<img src=x onerror=alert(7)>`})
	if err != nil {
		t.Fatal(err)
	}
	f.control(t, "inbound_messages", url.Values{"from": {customer}, "to": {number}, "body": {attack}})
	f.control(t, "faults", url.Values{"path": {attack}, "status": {"500"}})
	ctx := browser(t)
	for _, path := range []string{
		f.URL + "/_fake/", f.phonePage(), f.phonePage() + "?with=" + url.QueryEscape(attack), f.URL + "/_fake/ui/accounts/" + acct.SID,
		f.URL + "/_fake/ui/webhooks", f.URL + "/_fake/ui/faults", f.URL + "/_fake/ui/requests",
		f.URL + "/_fake/ui/accounts/" + f.AccountSID + "/phones/" + url.PathEscape(attack),
		f.URL + "/_fake/ui/accounts/" + url.PathEscape(attack),
	} {
		run(t, ctx, chromedp.Navigate(path), chromedp.WaitVisible(chromedp.CSS("h1")))
		scripts := get(t, ctx, chromedp.Evaluate[int](`document.querySelectorAll("script:not([src]), img, svg, [onerror], [onload]").length`))
		if scripts != 0 {
			t.Errorf("%s has %d elements of the attack", path, scripts)
		}
	}
	// The same when it appears by itself.
	run(t, ctx, chromedp.Navigate(f.phonePage()), chromedp.WaitVisible(chromedp.CSS("#conversation li")))
	f.control(t, "inbound_messages", url.Values{"from": {customer}, "to": {number}, "body": {attack + "live"}})
	run(t, ctx, appears("#conversation .theirs .body", attack+"live"))

	// And the browser would refuse it, even if it were in the page.
	ran := get(t, ctx, chromedp.Evaluate[bool](`(() => {
		const script = document.createElement("script");
		script.textContent = "window.ran = true";
		document.body.append(script);
		return Boolean(window.ran);
	})()`))
	if ran {
		t.Error("the content security policy lets inline scripts run")
	}
}

func TestKeyboardAlone(t *testing.T) {
	t.Parallel()
	f := start(t)
	application(t, f, echo)
	ctx := browser(t)
	focus := func() string {
		t.Helper()
		return get(t, ctx, chromedp.Evaluate[string](`document.activeElement.id || document.activeElement.textContent.trim()`))
	}
	// until presses a key until something has the focus.
	until := func(key, want string) {
		t.Helper()
		for range 60 {
			if focus() == want {
				return
			}
			run(t, ctx, chromedp.KeyEvent(key))
		}
		t.Fatalf("the keyboard doesn't reach %q", want)
	}
	run(t, ctx, chromedp.Navigate(f.URL+"/_fake/"), chromedp.WaitVisible(chromedp.CSS("h1")), chromedp.KeyEvent(kb.Tab))
	if got := focus(); got != "Skip to the content" {
		t.Errorf("the first stop is %q", got)
	}
	run(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(kb.Tab, number)
	run(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS("#conversation")))
	until(kb.Tab, "body")
	run(t, ctx, chromedp.KeyEvent("Ahoy"))
	until(kb.Tab, "Send")
	run(t, ctx, chromedp.KeyEvent(" "), appears("#conversation .ours .body", "You wrote: Ahoy"))
	if got := focus(); got != "Send" {
		t.Errorf("after sending, %q has the focus", got)
	}
}

func TestNarrowScreen(t *testing.T) {
	t.Parallel()
	f := start(t)
	application(t, f, echo)
	long := strings.Repeat("W", 300)
	f.control(t, "inbound_messages", url.Values{"from": {customer}, "to": {number}, "body": {long}})
	if _, err := f.client.Calls.Create(t.Context(), twilio.CallCreateParams{From: number, To: customer, TwiML: "<Response/>"}); err != nil {
		t.Fatal(err)
	}
	ctx := browser(t)
	run(t, ctx, chromedp.EmulateViewport(320, 640, chromedp.EmulateMobile))
	for _, path := range []string{
		f.URL + "/_fake/", f.URL + "/_fake/ui/accounts/" + f.AccountSID, f.phonePage(), f.URL + "/_fake/ui/calls",
		f.URL + "/_fake/ui/webhooks", f.URL + "/_fake/ui/faults", f.URL + "/_fake/ui/requests",
	} {
		run(t, ctx, chromedp.Navigate(path), chromedp.WaitVisible(chromedp.CSS("h1")))
		width := get(t, ctx, chromedp.Evaluate[int](`(() => {
			for (const details of document.querySelectorAll("details")) details.open = true;
			return document.documentElement.scrollWidth;
		})()`))
		if width > 320 {
			t.Errorf("%s is %d pixels wide", path, width)
		}
	}
}

func TestWebhookIsSentAgain(t *testing.T) {
	t.Parallel()
	f := start(t)
	received := application(t, f, echo)
	f.control(t, "inbound_messages", url.Values{"from": {customer}, "to": {number}, "body": {"Surface!"}})
	run(t, browser(t),
		chromedp.Navigate(f.URL+"/_fake/ui/webhooks"),
		appears("#webhooks .url", "/sms"),
		chromedp.Click(chromedp.CSS("#webhooks summary")),
		appears("#webhooks details[open] dd", "Surface!"),
		appears("#webhooks details[open] pre", "You wrote"),
		chromedp.Click(chromedp.CSS("#webhooks button")),
		holds(`document.querySelectorAll("#webhooks > li").length === 2`),
		appears("#webhooks details[open] dd", "Surface!"), // it stays open
	)
	if all := received(); len(all) != 2 {
		t.Errorf("the application received %v", all)
	}
}

func TestFaultsAndRequests(t *testing.T) {
	t.Parallel()
	f := start(t)
	ctx := browser(t)
	run(t, ctx,
		chromedp.Navigate(f.URL+"/_fake/ui/faults"),
		chromedp.WaitVisible(chromedp.CSS("#no-faults")),
		chromedp.SetValue(chromedp.CSS("#times"), "many"),
		chromedp.Click(chromedp.CSS(".grid button")),
		appears("#notice", "times"),
		chromedp.SetValue(chromedp.CSS("#times"), "1"),
		chromedp.SetValue(chromedp.CSS("#status"), "418"),
		chromedp.Click(chromedp.CSS(".grid button")),
		appears("#faults .card", "418"),
		chromedp.SetValue(chromedp.CSS("#webhook-url"), "/status"),
		chromedp.Click(`//h2[@id="add-webhook-fault"]/..//button`),
		appears("#faults .card", "webhook to /status: lost"),
		chromedp.Click(`//button[text()="End faults of webhooks"]`),
		holds(`document.querySelectorAll("#faults .card").length === 1`),
	)
	if _, err := f.client.Messages.List(t.Context(), twilio.MessageListParams{}); err == nil {
		t.Error("no fault")
	}
	run(t, ctx,
		chromedp.Navigate(f.URL+"/_fake/ui/requests"),
		appears("#requests .status", "418"),
	)
	if _, err := f.client.Calls.List(t.Context(), twilio.CallListParams{}); err != nil {
		t.Fatal(err)
	}
	run(t, ctx, appears("#requests .url", "/Calls.json"))
}

func TestTokenIsShownWhenAsked(t *testing.T) {
	t.Parallel()
	f := start(t)
	ctx := browser(t)
	run(t, ctx, chromedp.Navigate(f.URL+"/_fake/ui/accounts/"+f.AccountSID))
	if strings.Contains(get(t, ctx, chromedp.OuterHTML(chromedp.CSS("html"))), f.AuthToken) {
		t.Error("the token is shown to everybody")
	}
	run(t, ctx, chromedp.Click(`//button[text()="Show the AuthToken"]`), chromedp.WaitVisible(chromedp.CSS("#token")))
	if token := get(t, ctx, chromedp.Text(chromedp.CSS("#token"))); token != f.AuthToken {
		t.Errorf("the token is %q", token)
	}
}

func TestPageOfAnAccountThatIsGone(t *testing.T) {
	t.Parallel()
	f := start(t)
	acct, err := f.client.Accounts.Create(t.Context(), twilio.AccountCreateParams{FriendlyName: "Submarine"})
	if err != nil {
		t.Fatal(err)
	}
	ctx := browser(t)
	run(t, ctx, chromedp.Navigate(f.URL+"/_fake/ui/accounts/"+acct.SID), chromedp.WaitVisible(chromedp.CSS("#phones")))
	f.control(t, "reset", nil)
	run(t, ctx, appears("#notice", "There is no such account"))
}

// Every control has a label, and every page a main landmark and one heading of
// the first level.
func TestAccessibleNames(t *testing.T) {
	t.Parallel()
	f := start(t)
	application(t, f, echo)
	f.control(t, "inbound_messages", url.Values{"from": {customer}, "to": {number}, "body": {"Surface!"}})
	ctx := browser(t)
	for _, path := range []string{
		f.URL + "/_fake/", f.URL + "/_fake/ui/accounts/" + f.AccountSID, f.phonePage(), f.URL + "/_fake/ui/calls",
		f.URL + "/_fake/ui/webhooks", f.URL + "/_fake/ui/faults", f.URL + "/_fake/ui/requests",
	} {
		run(t, ctx, chromedp.Navigate(path), chromedp.WaitVisible(chromedp.CSS("h1")))
		missing := get(t, ctx, chromedp.Evaluate[[]string](`(() => {
			const missing = [];
			for (const e of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
				if (!e.labels.length && !e.ariaLabel) missing.push(e.outerHTML);
			}
			for (const e of document.querySelectorAll("button, a")) if (!e.textContent.trim()) missing.push(e.outerHTML);
			if (document.querySelectorAll("main").length !== 1) missing.push("main");
			if (document.querySelectorAll("h1").length !== 1) missing.push("h1");
			const ids = Array.from(document.querySelectorAll("[id]"), (e) => e.id);
			if (new Set(ids).size !== ids.length) missing.push("ids that are unique");
			return missing;
		})()`))
		if len(missing) > 0 {
			t.Errorf("%s lacks %v", path, missing)
		}
	}
}

// The pictures in the README, in light and in dark.
func TestPictures(t *testing.T) {
	t.Parallel()
	f := start(t)
	application(t, f, echo)
	f.control(t, "inbound_messages", url.Values{"from": {customer}, "to": {number}, "body": {"Surface!"}})
	f.control(t, "advance", url.Values{"d": {"1m"}})
	f.control(t, "inbound_messages", url.Values{"from": {customer}, "to": {number}, "body": {"How deep are we?"}})
	f.control(t, "inbound_messages", url.Values{"from": {"+14155550199"}, "to": {number}, "body": {"Ahoy"}})
	f.control(t, "advance", url.Values{"d": {"2s"}})
	backgrounds := make(map[string]bool)
	for _, scheme := range []string{"light", "dark"} {
		ctx := browser(t)
		run(t, ctx, chromedp.EmulateViewport(900, 800))
		media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
		if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
			t.Fatal(err)
		}
		run(t, ctx,
			chromedp.Navigate(f.phonePage()+"?with="+url.QueryEscape(customer)),
			appears("#conversation .ours .body", "How deep"),
		)
		backgrounds[get(t, ctx, chromedp.Evaluate[string](`getComputedStyle(document.body).backgroundColor`))] = true
		if *pictures {
			png := get(t, ctx, chromedp.CaptureScreenshot())
			name := filepath.Join("..", "..", "..", "docs", "twilio-fake-"+scheme+".png")
			if err := os.WriteFile(name, png, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(backgrounds) != 2 {
		t.Errorf("light and dark have the same background, %v", backgrounds)
	}
}
