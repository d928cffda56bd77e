package twiliotest_test

import (
	"fmt"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestRequestsAreRemembered(t *testing.T) {
	t.Parallel()
	a := newAPI(t, twiliotest.WithRequestLog(3))
	for i := range 5 {
		a.get(a.main("/Calls.json"), "To", fmt.Sprint(i))
	}
	got := a.srv.Requests()
	if len(got) != 3 || got[0].Query.Get("To") != "2" || got[2].Query.Get("To") != "4" {
		t.Errorf("%+v", got)
	}
	a.srv.ResetRequests()
	a.post(a.main("/Calls.json"), "SipAuthPassword", "hush", "To", "+1")
	got = a.srv.Requests()
	if len(got) != 1 || got[0].Method != http.MethodPost || got[0].User != a.srv.AccountSID || got[0].AccountSID != a.srv.AccountSID ||
		got[0].Status != 400 || got[0].Form.Get("To") != "+1" || got[0].Form.Get("SipAuthPassword") == "hush" {
		t.Errorf("%+v", got)
	}
}

func TestClockOptions(t *testing.T) {
	t.Parallel()
	start := time.Date(2018, 1, 15, 0, 0, 0, 0, time.UTC)
	srv := twiliotest.NewUnstartedServer(twiliotest.WithStart(start))
	srv.Advance(time.Hour)
	srv.Advance(-time.Hour)
	if got := srv.Now(); !got.Equal(start.Add(time.Hour)) {
		t.Error(got)
	}
	synctest.Test(t, func(t *testing.T) {
		srv := twiliotest.NewUnstartedServer(twiliotest.WithClock(time.Now))
		client := srv.Client()
		call, err := client.Calls.Create(t.Context(), twilio.CallCreateParams{From: "+14158141829", To: "+16518675310", TwiML: "<Response/>"})
		if err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Minute)
		if call, err = client.Calls.Get(t.Context(), call.SID); err != nil || call.Status != twilio.CallStatusCompleted || !call.Price.Valid {
			t.Errorf("%+v, %v", call, err)
		}
	})
}

// Code that asks for the last 24 hours finds what just happened.
func TestClockBeginsAtThePresentAndStandsStill(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		<-time.After(time.Hour + 300*time.Millisecond)
		present := time.Now().UTC()
		srv := twiliotest.NewUnstartedServer()
		<-time.After(time.Minute)
		if got := srv.Now(); !got.Equal(present.Truncate(time.Second)) {
			t.Errorf("the clock says %v, want %v", got, present)
		}
		srv.Advance(time.Minute)
		if got := srv.Now(); !got.Equal(present.Truncate(time.Second).Add(time.Minute)) {
			t.Errorf("a minute later the clock says %v", got)
		}
	})
}

func TestClockDoesNotOverflow(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for range 3 {
		a.srv.Advance(1_000_000 * time.Hour)
	}
	if got, want := a.srv.Now(), twiliotest.DefaultStart.AddDate(0, 0, 125_000); !got.Equal(want) {
		t.Errorf("after 125,000 days it is %v, want %v", got, want)
	}
	wants(t, a.post(a.main("/Calls.json"), aCall...).ok(), "date_created", a.srv.Now().Format(time.RFC1123Z))
	for range 40 {
		a.srv.Advance(1<<63 - 1)
	}
	if got := a.srv.Now(); got.Year() != 9999 {
		t.Errorf("the clock goes on to %v", got)
	}
}

func TestServersAreReproducible(t *testing.T) {
	t.Parallel()
	create := func(opts ...twiliotest.Option) string {
		a := newAPI(t, opts...)
		return a.srv.AccountSID + str(a.post("/Accounts.json").ok(), "auth_token")
	}
	if one, two := create(), create(); one != two {
		t.Error("two servers with one seed differ")
	}
	if create() == create(twiliotest.WithSeed("other")) {
		t.Error("another seed makes the same")
	}
	srv := twiliotest.NewUnstartedServer(twiliotest.WithAccount("AC00000000000000000000000000000001", "secret"))
	if srv.AccountSID != "AC00000000000000000000000000000001" || srv.AuthToken != "secret" {
		t.Error(srv.AccountSID)
	}
}

// A form that is too large is refused and not cut.
func TestRequestsAreBounded(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	whole := strings.Repeat("x", 1<<20-len("Unknown="))
	a.post(a.main("/Keys.json"), "Unknown", whole).ok()
	got := a.post(a.main("/Keys.json"), "Unknown", whole+"x")
	if got.status != http.StatusRequestEntityTooLarge || !strings.Contains(str(got.body, "message"), "1 MiB") {
		t.Errorf("%d %v", got.status, got.body)
	}
	if got := len(a.get(a.main("/Keys.json")).items()); got != 1 {
		t.Errorf("%d keys, want 1", got)
	}
}

// Clients other than net/url leave a semicolon as it is.
func TestSemicolonsInForms(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	form := strings.NewReader("To=%2B16518675310&From=%2B14158141829&Body=a;b=c%3B")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.srv.URL+"/2010-04-01"+a.main("/Messages.json"), form)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(a.srv.AccountSID, a.srv.AuthToken)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := a.srv.Transport().RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	messages := a.get(a.main("/Messages.json")).items()
	if resp.StatusCode != http.StatusCreated || column(messages, "body") != "a;b=c;" {
		t.Errorf("%s: %v", resp.Status, messages)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewServer()
	defer srv.Close()
	client := srv.Client()
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			ctx := t.Context()
			acct, err := client.Accounts.Create(ctx, twilio.AccountCreateParams{FriendlyName: fmt.Sprint(i)})
			if err != nil {
				t.Error(err)
				return
			}
			sub := client.Subaccount(acct.SID)
			for range 5 {
				if _, err := sub.Calls.Create(ctx, twilio.CallCreateParams{From: "+14158141829", To: "+16518675310", TwiML: "<Response/>"}); err != nil {
					t.Error(err)
				}
				srv.Advance(time.Second)
				srv.AddMessage(acct.SID, twilio.Message{Body: "x", From: "+1", To: "+2", Status: twilio.MessageStatusQueued})
				srv.Inject(twiliotest.Fault{Path: "/nowhere", Status: 500})
				n := 0
				for _, err := range sub.Calls.All(ctx, twilio.CallListParams{PageSize: 2}) {
					if n++; err != nil {
						t.Error(err)
						return
					}
				}
				_ = srv.Requests()
				_ = srv.Now()
			}
		})
	}
	wg.Wait()
}

func TestCloseBreaksOffWhatIsOpen(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewServer()
	sent := make(chan struct{})
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		WroteRequest: func(httptrace.WroteRequestInfo) { close(sent) },
	})
	srv.Inject(twiliotest.Fault{Delay: time.Hour})
	failed := make(chan error)
	go func() {
		_, _, _, err := raw(ctx, srv, &http.Client{Transport: &http.Transport{}}, "GET", "/Accounts.json")
		failed <- err
	}()
	<-sent
	srv.Close()
	if err := <-failed; err == nil {
		t.Error("a request outlived its server")
	}
}
