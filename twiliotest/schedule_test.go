package twiliotest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

// Two hundred customers write and are called back at once, over sockets, each
// with the signature of its own account.
func TestManyAccountsAreCalledBack(t *testing.T) {
	t.Parallel()
	const customers = 200
	var mu sync.Mutex
	tokens := make(map[string]twilio.Secret)
	statuses := make(map[string][]string) // by message
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := r.Header.Get("X-Twilio-Signature")
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		account := r.PostForm.Get("AccountSid")
		mu.Lock()
		defer mu.Unlock()
		if want := webhook.Signature("http://"+r.Host+r.RequestURI, r.PostForm, tokens[account]); got != want {
			t.Errorf("%s: the signature isn't that of %s", r.URL, account)
		}
		if r.URL.Path == "/sms" {
			_, _ = io.WriteString(w, `<Response><Message statusCallback="/status">Thanks</Message></Response>`)
			return
		}
		sid := r.PostForm.Get("MessageSid")
		statuses[sid] = append(statuses[sid], r.PostForm.Get("MessageStatus"))
	}))
	defer app.Close()
	srv := twiliotest.NewServer(twiliotest.WithClock(time.Now))
	defer srv.Close()
	numbers := make(map[string]string)
	for i := range customers {
		sub := srv.AddSubaccount(twilio.Account{FriendlyName: fmt.Sprint("customer ", i)})
		numbers[sub.SID] = fmt.Sprintf("+1415555%04d", i)
		srv.AddPhoneNumber(sub.SID, twilio.IncomingPhoneNumber{PhoneNumber: numbers[sub.SID], SMSURL: app.URL + "/sms"})
		tokens[sub.SID] = sub.AuthToken
	}
	var wait sync.WaitGroup
	for sid, number := range numbers {
		wait.Go(func() {
			srv.ReceiveMessage(twiliotest.InboundMessage{From: theirs, To: number, Body: "Hello"})
			if _, err := srv.Client().Subaccount(sid).Messages.Create(t.Context(), twilio.MessageCreateParams{
				From: number, To: theirs, Body: "Ahoy", StatusCallback: app.URL + "/status",
			}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	srv.Advance(time.Minute) // and doesn't return before
	mu.Lock()
	defer mu.Unlock()
	if len(statuses) != 2*customers {
		t.Errorf("%d messages were reported", len(statuses))
	}
	for sid, got := range statuses {
		if !slices.Equal(got, []string{"sent", "delivered"}) {
			t.Errorf("%s: %v", sid, got)
		}
	}
}

// A handler may call anything that the test may.
func TestHandlersCallTheServer(t *testing.T) {
	t.Parallel()
	var srv *twiliotest.Server
	var seen []string
	h := new(receiver)
	h.handle("/status", func(_ http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.FormValue("Body")+r.FormValue("MessageStatus"))
		if len(seen) > 1 {
			return
		}
		if _, err := srv.Client().Messages.Create(context.Background(), twilio.MessageCreateParams{
			From: ours, To: theirs, Body: "again", StatusCallback: "https://example.com/second",
		}); err != nil {
			t.Error(err)
		}
		srv.Deliveries()
		srv.Advance(10 * time.Second)
		// What is about the message that the handler is told of comes later.
		if len(seen) != 1 || len(h.values("/second", "MessageSid")) != 2 {
			t.Errorf("within the handler: %v, %v", seen, h.values("/second", "MessageStatus"))
		}
	})
	srv = twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(h), twiliotest.WithStart(twiliotest.DefaultStart))
	if _, err := srv.Client().Messages.Create(t.Context(), twilio.MessageCreateParams{
		From: ours, To: theirs, Body: "first", StatusCallback: "https://example.com/status",
	}); err != nil {
		t.Fatal(err)
	}
	srv.Advance(time.Minute)
	if !slices.Equal(seen, []string{"sent", "delivered"}) {
		t.Errorf("seen: %v", seen)
	}
	if got := srv.Now().Sub(twiliotest.DefaultStart); got != 70*time.Second {
		t.Errorf("the clock moved by %v", got)
	}
}

// While a handler takes its time, the server goes on with all else.
func TestDeliveriesDoNotBlockTheServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var slow atomic.Int32
		h := new(receiver)
		h.handle("/slow", func(_ http.ResponseWriter, r *http.Request) {
			slow.Add(1)
			<-r.Context().Done()
		})
		srv := twiliotest.NewUnstartedServer(twiliotest.WithClock(time.Now), twiliotest.WithWebhooks(h))
		send := func(path string) {
			if _, err := srv.Client().Messages.Create(t.Context(), twilio.MessageCreateParams{
				From: ours, To: theirs, Body: "Ahoy", StatusCallback: "https://example.com" + path,
			}); err != nil {
				t.Fatal(err)
			}
		}
		send("/slow")
		send("/quick")
		time.Sleep(4 * time.Second) //nolint:forbidigo // it takes no time in a bubble
		synctest.Wait()
		if got := h.values("/quick", "MessageStatus"); !slices.Equal(got, []string{"sent", "delivered"}) || slow.Load() != 1 {
			t.Errorf("quick: %v, slow: %d", got, slow.Load())
		}
		srv.Close() // ends the slow one, and sends no more
		send("/quick")
		time.Sleep(time.Minute) //nolint:forbidigo // it takes no time in a bubble
		synctest.Wait()
		if len(h.values("/quick", "MessageStatus")) != 2 || slow.Load() != 1 {
			t.Errorf("after Close: %v, %d", h.values("/quick", "MessageStatus"), slow.Load())
		}
	})
}

// The background keeps pace with a clock that is faster than the real one.
func TestBackgroundFollowsAFastClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		h := new(receiver)
		srv := twiliotest.NewUnstartedServer(twiliotest.WithWebhooks(h), twiliotest.WithClock(func() time.Time {
			return start.Add(60 * time.Since(start))
		}))
		defer srv.Close()
		time.Sleep(time.Second) //nolint:forbidigo // it takes no time in a bubble
		if _, err := srv.Client().Messages.Create(t.Context(), twilio.MessageCreateParams{
			From: ours, To: theirs, Body: "Ahoy", StatusCallback: "https://example.com/status",
		}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Second) //nolint:forbidigo // it takes no time in a bubble
		synctest.Wait()
		if got := h.values("/status", "MessageStatus"); !slices.Equal(got, []string{"sent", "delivered"}) {
			t.Errorf("statuses: %v", got)
		}
	})
}

func TestWaitForChange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := twiliotest.NewUnstartedServer()
		seen, err := srv.WaitForChange(t.Context(), 0)
		if err != nil || seen == 0 {
			t.Errorf("at first: %d, %v", seen, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		next := make(chan uint64)
		go func() {
			n, _ := srv.WaitForChange(ctx, seen)
			next <- n
		}()
		synctest.Wait()
		if _, err := srv.Client().Accounts.List(t.Context(), twilio.AccountListParams{}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		select {
		case <-next:
			t.Error("a read is no change")
		default:
		}
		srv.AddSubaccount(twilio.Account{})
		if n := <-next; n <= seen {
			t.Errorf("%d after %d", n, seen)
		}
		cancel()
		seen, _ = srv.WaitForChange(t.Context(), 0)
		if _, err := srv.WaitForChange(ctx, seen); err == nil {
			t.Error("a canceled context isn't an error")
		}
	})
}

// Handlers that call everything, while several goroutines move the clock, neither
// block nor leave a goroutine behind.
func TestHandlersInterfereFromEverywhere(t *testing.T) {
	t.Parallel()
	for range 3 {
		synctest.Test(t, func(t *testing.T) {
			l := newLine(t)
			l.handle("/voice", func(w http.ResponseWriter, _ *http.Request) {
				l.srv.Advance(0)
				_, _ = io.WriteString(w, `<Response><Gather/><Dial><Conference statusCallback="/conference" statusCallbackEvent="start end join leave">Room</Conference></Dial></Response>`)
			})
			l.handle("/progress", func(http.ResponseWriter, *http.Request) {
				l.srv.Advance(time.Second)
				l.srv.SetOutcome(twiliotest.Outcome{To: theirs, CallStatus: "busy"})
				l.srv.SetOutcome(twiliotest.Outcome{To: theirs})
			})
			l.handle("/conference", func(_ http.ResponseWriter, r *http.Request) {
				if _, err := l.client.Messages.Create(r.Context(), twilio.MessageCreateParams{
					From: ours, To: "+16518675310", Body: "x", StatusCallback: "https://example.com/status",
				}); err != nil {
					t.Error(err)
				}
				l.srv.Advance(time.Second)
				l.srv.Press(r.FormValue("CallSid"), "1")
				l.srv.HangUp(r.FormValue("CallSid"))
			})
			l.handle("/status", func(_ http.ResponseWriter, r *http.Request) {
				_ = l.client.Messages.Delete(r.Context(), r.FormValue("MessageSid")) // some time too early, or for the second time
				l.srv.ReceiveMessage(twiliotest.InboundMessage{From: theirs, To: ours, Body: "STOP"})
				l.srv.Resend(r.Header.Get("I-Twilio-Idempotency-Token"))
			})
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					for range 5 {
						l.call("")
						l.srv.Advance(3 * time.Second)
						l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
					}
				})
			}
			wg.Wait()
			l.srv.Advance(time.Hour)
			for c, err := range l.client.Calls.All(t.Context(), twilio.CallListParams{}) {
				if err != nil || c.Status != twilio.CallStatusCompleted && c.Status != twilio.CallStatusBusy {
					t.Errorf("a call: %+v, %v", c, err)
				}
			}
			if n := len(l.values("/conference", "CallSid")); n == 0 || len(l.values("/status", "MessageSid")) == 0 {
				t.Errorf("%d events of conferences", n)
			}
		})
	}
}

// Two servers with the same seed and start send the same webhooks.
func TestDeliveriesAreDeterministic(t *testing.T) {
	t.Parallel()
	run := func() string {
		l := newLine(t, twiliotest.WithSeed("x"), twiliotest.WithAccount("AC"+strings.Repeat("a", 32), "token"))
		l.on("/voice", `<Response><Dial><Conference record="record-from-start" recordingStatusCallback="/recorded" statusCallback="/conference"
			statusCallbackEvent="start end join leave">Room</Conference></Dial></Response>`)
		l.srv.InjectWebhook(twiliotest.WebhookFault{Kind: twiliotest.WebhookMessageStatus, Rate: 0.3, Times: -1, Delay: 3 * time.Second})
		for i := range 10 {
			l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
			l.call("")
			if _, err := l.client.Messages.Create(t.Context(), twilio.MessageCreateParams{
				From: ours, To: fmt.Sprintf("+1415814%04d", i), Body: "x", StatusCallback: "https://example.com/status",
			}); err != nil {
				t.Fatal(err)
			}
			l.srv.Advance(time.Second)
		}
		l.srv.Advance(time.Hour)
		return fmt.Sprintf("%+v", l.srv.Deliveries())
	}
	first := run()
	for range 3 {
		if second := run(); second != first {
			t.Error("the deliveries differ")
		}
	}
	if n := strings.Count(first, "MessageStatus:[delivered]"); n != 10 {
		t.Errorf("%d messages were delivered", n)
	}
}
