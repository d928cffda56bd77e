package main

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// The browser's own view of the page is tested in browsertest.

// html requests a page as a browser does.
func (a *testApp) html(t *testing.T, path string) (int, string, http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	response, err := new(http.Client).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var body strings.Builder
	if _, err := bufio.NewReader(response.Body).WriteTo(&body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, body.String(), response.Header
}

var pagePaths = []string{"/", "/_fake", "/_fake/", "/_fake/ui/calls", "/_fake/ui/webhooks", "/_fake/ui/faults", "/_fake/ui/requests"}

func TestPageIsStrict(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for _, path := range pagePaths {
		status, body, header := a.html(t, path)
		policy := header.Get("Content-Security-Policy")
		if status != 200 || !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "script-src 'self';") ||
			strings.Contains(policy, "unsafe") || header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", path, status, header)
		}
		if strings.Contains(body, a.fake().AuthToken) {
			t.Errorf("%s shows the AuthToken", path)
		}
	}
}

func TestPageLeavesNoTrace(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.fake().Inject(twiliotest.Fault{Status: 500})
	a.fake().SetStatus(a.fake().AccountSID, twilio.AccountStatusSuspended)
	for _, path := range append(pagePaths, "/_fake/ui/accounts/"+a.fake().AccountSID) {
		if status, body, _ := a.html(t, path); status != 200 {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if all := a.fake().Requests(); len(all) != 0 || len(a.fake().Faults()) != 1 {
		t.Errorf("the page made requests: %+v", all)
	}
}

func TestPageOfWhatDoesNotExist(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for _, sid := range []string{"AC00000000000000000000000000000000", "nothing", "%3Cscript%3E"} {
		for _, path := range []string{"/_fake/ui/accounts/" + sid, "/_fake/ui/accounts/" + sid + "/phones/x"} {
			if status, body, _ := a.html(t, path); status != 404 || strings.Contains(body, "<script>") {
				t.Errorf("%s: %d %s", path, status, body)
			}
		}
	}
	if status, _, _ := a.html(t, "/_fake/ui/accounts/"+a.fake().AccountSID+"/phones/x"); status != 200 {
		t.Errorf("a phone without messages: %d", status)
	}
}

// A form leads back to the page that it is on, and nowhere else.
func TestPageForms(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for back, want := range map[string]string{
		"/_fake/ui/calls": "/_fake/ui/calls", "https://example.com/": "/_fake/", "//example.com/_fake/": "/_fake/", "": "/_fake/",
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.url+"/_fake/ui/post/advance",
			strings.NewReader(url.Values{"d": {"1m"}, "back": {back}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		response, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if got := response.Header.Get("Location"); response.StatusCode != http.StatusSeeOther || got != want {
			t.Errorf("from %q: %d to %q, want %q", back, response.StatusCode, got, want)
		}
	}
	if status, body := a.form(t, "POST", "/_fake/ui/post/advance", url.Values{"d": {"soon"}}); status != 400 || !strings.Contains(body, "d must") {
		t.Errorf("%d %s", status, body)
	}
	for _, path := range []string{"post/advance", "post/reset", "delete/faults", "accounts/" + a.fake().AccountSID + "/token"} {
		if status, _ := a.send(t, "POST", "/_fake/ui/"+path, "", "Sec-Fetch-Site", "cross-site"); status != 403 {
			t.Errorf("another site may use %s: %d", path, status)
		}
	}
}

// events reads server-sent events until one has the name.
func nextEvent(t *testing.T, events *bufio.Scanner, name string) {
	t.Helper()
	for events.Scan() {
		if events.Text() == "event: "+name {
			return
		}
	}
	t.Fatalf("no event %s: %v", name, events.Err())
}

func TestEvents(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, a.url+"/_fake/ui/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := new(http.Client).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if got := response.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("Content-Type is %q", got)
	}
	events := bufio.NewScanner(response.Body)
	nextEvent(t, events, "change") // what there is
	nextEvent(t, events, "tick")
	for range 2 {
		a.fake().AddSubaccount(twilio.Account{})
		nextEvent(t, events, "change")
	}
	if status, body := a.form(t, "POST", "/_fake/reset", nil); status != 204 {
		t.Fatal(status, body)
	}
	nextEvent(t, events, "change")
	a.fake().AddSubaccount(twilio.Account{})
	nextEvent(t, events, "change")
}

// A stalledClient is the connection of a client that may not read.
type stalledClient struct {
	*httptest.ResponseRecorder
	deadline time.Time
}

func (c *stalledClient) SetWriteDeadline(at time.Time) error {
	c.deadline = at
	return nil
}

func (c *stalledClient) Write([]byte) (int, error) { return 0, os.ErrDeadlineExceeded }

// A client that doesn't read its events is left, so that it keeps nothing here.
func TestEventsOfAClientThatDoesNotRead(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	client := &stalledClient{ResponseRecorder: httptest.NewRecorder()}
	a.events(client, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/_fake/ui/events", nil))
	if wait := time.Until(client.deadline); wait <= 0 || wait > time.Minute {
		t.Errorf("a write may take %v", wait)
	}
}
