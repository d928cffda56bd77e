package twiliotest_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

const (
	ours   = "+15105647903"
	theirs = "+14158141829"
)

// A receiver keeps the webhooks that it gets, and responds with what is set for
// their paths.
type receiver struct {
	mu        sync.Mutex
	got       []hookRequest
	responses map[string]func(w http.ResponseWriter, r *http.Request)
}

// A hookRequest is a webhook as it came in.
type hookRequest struct {
	*http.Request
	body string
}

func (h *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	h.mu.Lock()
	h.got = append(h.got, hookRequest{r, string(body)})
	respond := h.responses[r.URL.Path]
	h.mu.Unlock()
	if respond != nil {
		respond(w, r)
	}
}

// on sets the TwiML of a path.
func (h *receiver) on(path, twiml string) {
	h.handle(path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		_, _ = io.WriteString(w, twiml)
	})
}

func (h *receiver) handle(path string, respond func(w http.ResponseWriter, r *http.Request)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.responses == nil {
		h.responses = make(map[string]func(http.ResponseWriter, *http.Request))
	}
	h.responses[path] = respond
}

// values are the values of a parameter in the webhooks to a path.
func (h *receiver) values(path, name string) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var values []string
	for _, r := range h.got {
		if r.URL.Path == path {
			values = append(values, valuesOf(r).Get(name))
		}
	}
	return values
}

func wantEqual[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestAdvanceReportsTheStatusOfMessages(t *testing.T) {
	t.Parallel()
	h := new(receiver)
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(h))
	srv.SetOutcome(twiliotest.Outcome{To: theirs, MessageStatus: twilio.MessageStatusUndelivered, ErrorCode: 30003})
	client := srv.Client()
	var sent []time.Time
	h.handle("/status", func(_ http.ResponseWriter, r *http.Request) {
		sent = append(sent, srv.Now())
		// The callback may ask the API, which knows the status already.
		m, err := client.Messages.Get(context.Background(), r.FormValue("MessageSid"))
		if err != nil || string(m.Status) != r.FormValue("MessageStatus") {
			t.Errorf("in the callback for %s: %+v, %v", r.FormValue("MessageStatus"), m, err)
		}
	})
	start := srv.Now()
	m, err := client.Messages.Create(t.Context(), twilio.MessageCreateParams{
		From: ours, To: theirs, Body: "Ahoy", StatusCallback: "https://example.com/status",
	})
	if err != nil {
		t.Fatal(err)
	}
	srv.Advance(time.Minute)
	wantEqual(t, "statuses", h.values("/status", "MessageStatus"), []string{"sent", "undelivered"})
	wantEqual(t, "codes", h.values("/status", "ErrorCode"), []string{"", "30003"})
	wantEqual(t, "SIDs", h.values("/status", "MessageSid"), []string{m.SID, m.SID})
	wantEqual(t, "times", sent, []time.Time{start.Add(2 * time.Second), start.Add(3 * time.Second)})
	if got := srv.Now(); !got.Equal(start.Add(time.Minute)) {
		t.Errorf("the clock is at %v", got)
	}
	deliveries := srv.Deliveries()
	if len(deliveries) != 2 {
		t.Fatalf("%d deliveries", len(deliveries))
	}
	if d := deliveries[1]; d.Kind != twiliotest.WebhookMessageStatus || d.SID != m.SID || d.AccountSID != srv.AccountSID ||
		!d.Called || d.Attempts != 1 || d.Status != 200 || d.Method != http.MethodPost || d.Form.Get("MessageStatus") != "undelivered" ||
		!d.Time.Equal(start.Add(3*time.Second)) {
		t.Errorf("delivery: %+v", d)
	}
}

// The primary token signs, before and after a rotation.
func TestWebhooksAreSignedWithThePrimaryToken(t *testing.T) {
	t.Parallel()
	h := new(receiver)
	srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(h))
	client := srv.Client()
	signedWith := func(token twilio.Secret) {
		t.Helper()
		h.got = nil
		if _, err := client.Messages.Create(t.Context(), twilio.MessageCreateParams{
			From: ours, To: theirs, Body: "Ahoy", StatusCallback: "https://example.com/status",
		}); err != nil {
			t.Fatal(err)
		}
		srv.Advance(time.Minute)
		for _, r := range h.got {
			if got, want := r.Header.Get("X-Twilio-Signature"), webhook.Signature("https://example.com/status", valuesOf(r), token); got != want {
				t.Errorf("signature %s, want %s", got, want)
			}
		}
		if len(h.got) != 2 {
			t.Errorf("%d webhooks", len(h.got))
		}
	}
	signedWith(twilio.NewSecret(srv.AuthToken))
	second, err := client.AuthTokens.CreateSecondary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	signedWith(twilio.NewSecret(srv.AuthToken))
	if _, err := client.AuthTokens.Promote(t.Context()); err != nil {
		t.Fatal(err)
	}
	client = client.WithCredentials(twilio.AuthToken(srv.AccountSID, second.AuthToken.Reveal()))
	signedWith(second.AuthToken)
}

// Over a socket only loopback is called, unless an option says otherwise.
func TestWebhooksOverSockets(t *testing.T) {
	t.Parallel()
	h := new(receiver)
	app := httptest.NewServer(h)
	defer app.Close()
	srv := twiliotest.NewServer()
	defer srv.Close()
	for _, to := range []string{app.URL + "/status", "https://example.com/status"} {
		if _, err := srv.Client().Messages.Create(t.Context(), twilio.MessageCreateParams{
			From: ours, To: theirs, Body: "Ahoy", StatusCallback: to,
		}); err != nil {
			t.Fatal(err)
		}
	}
	srv.Advance(time.Minute)
	wantEqual(t, "statuses", h.values("/status", "MessageStatus"), []string{"sent", "delivered"})
	called := 0
	for _, d := range srv.Deliveries() {
		if d.Called {
			called++
		} else if d.URL != "https://example.com/status" || d.Attempts != 0 || d.Error == "" {
			t.Errorf("not called: %+v", d)
		}
	}
	if called != 2 || len(srv.Deliveries()) != 4 {
		t.Errorf("%d of %d were called", called, len(srv.Deliveries()))
	}
}

// With a clock that goes on by itself webhooks come as they fall due.
func TestWebhooksInSynctest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := new(receiver)
		srv := twiliotest.NewUnstartedServer(twiliotest.WithClock(time.Now), twiliotest.WithWebhooks(h))
		defer srv.Close()
		if _, err := srv.Client().Messages.Create(t.Context(), twilio.MessageCreateParams{
			From: ours, To: theirs, Body: "Ahoy", StatusCallback: "https://example.com/status",
		}); err != nil {
			t.Fatal(err)
		}
		for _, want := range [][]string{nil, {"sent"}, {"sent", "delivered"}} {
			time.Sleep(time.Second) //nolint:forbidigo // it takes no time in a bubble
			synctest.Wait()
			wantEqual(t, fmt.Sprint("after ", len(want)+1, " s"), h.values("/status", "MessageStatus"), want)
		}
	})
}

func valuesOf(r hookRequest) url.Values {
	values := r.URL.Query()
	form, _ := url.ParseQuery(r.body)
	maps.Copy(values, form)
	return values
}
