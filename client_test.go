package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/operations"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// TestConcurrency has hundreds of goroutines use one client and its copies,
// each for its own customer, with the main credentials or the customer's. What
// one creates it finds, and nobody else does.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	const customers, each = 40, 6
	srv := twiliotest.NewUnstartedServer(twiliotest.WithAccount(mainSID, mainToken), twiliotest.WithRequestLog(100_000))
	srv.Inject( // so that some requests are retried
		twiliotest.Fault{Method: http.MethodGet, Status: 503, Body: "<html>", Times: -1, Rate: 0.02},
		twiliotest.Fault{Code: 20429, Times: -1, Rate: 0.02},
		twiliotest.Fault{Method: http.MethodGet, Truncate: 50, Times: -1, Rate: 0.02})
	client := srv.Client(twilio.WithRetryWait(0, 0), twilio.WithMaxRetries(9))

	accounts := make([]*twilio.Account, customers)
	for i := range accounts {
		accounts[i] = must(client.Accounts.Create(t.Context(), twilio.AccountCreateParams{FriendlyName: fmt.Sprint("customer ", i)}))
	}
	var wg sync.WaitGroup
	for i, account := range accounts {
		made := make([]string, each)
		var turn sync.WaitGroup
		for j := range each {
			turn.Add(1)
			wg.Go(func() {
				defer turn.Done()
				c := client.Subaccount(account.SID)
				if j%2 == 1 {
					c = client.WithCredentials(account.Credentials())
				}
				to := fmt.Sprintf("+1500555%02d%02d", i, j)
				message, err := c.Messages.Create(t.Context(), twilio.MessageCreateParams{To: to, From: "+15005550006", Body: "Ahoy"})
				if err != nil || message.AccountSID != account.SID || message.To != to {
					t.Errorf("customer %d: %+v, %v", i, message, err)
					return
				}
				made[j] = message.SID
				if got, err := c.Messages.Get(t.Context(), message.SID); err != nil || got.To != to {
					t.Errorf("customer %d: %+v, %v", i, got, err)
				}
				if c.AccountSID() != account.SID || client.AccountSID() != mainSID {
					t.Errorf("acting on %s and %s", c.AccountSID(), client.AccountSID())
				}
			})
		}
		wg.Go(func() {
			turn.Wait()
			c := client.Subaccount(account.SID)
			var found []string
			for message, err := range c.Messages.All(t.Context(), twilio.MessageListParams{PageSize: 2}) {
				if err != nil || message.AccountSID != account.SID {
					t.Errorf("customer %d: %+v, %v", i, message, err)
					return
				}
				found = append(found, message.SID)
			}
			slices.Sort(found)
			slices.Sort(made)
			if !slices.Equal(found, made) {
				t.Errorf("customer %d: found %v, made %v", i, found, made)
			}
			// The customer's own credentials reach nobody else.
			neighbour := accounts[(i+1)%customers].SID
			own := client.WithCredentials(account.Credentials())
			if _, err := own.Subaccount(neighbour).Messages.List(t.Context(), twilio.MessageListParams{}); !errors.Is(err, twilio.ErrUnauthorized) {
				t.Errorf("customer %d reaches its neighbour: %v", i, err)
			}
			name := fmt.Sprint("customer number ", i)
			if renamed, err := client.Accounts.Update(t.Context(), account.SID, twilio.AccountUpdateParams{FriendlyName: &name}); err != nil || renamed.FriendlyName != name {
				t.Errorf("customer %d: %+v, %v", i, renamed, err)
			}
		})
	}
	wg.Wait()

	// The server's own record: who asked, and for whom.
	owners := map[string]bool{mainSID: true}
	for _, account := range accounts {
		owners[account.SID] = true
	}
	for _, r := range srv.Requests() {
		if !owners[r.User] || r.User != mainSID && r.AccountSID != r.User && r.Status < 300 {
			t.Errorf("%s asked for %s %s: %d", r.User, r.Method, r.Path, r.Status)
		}
	}
}

// TestConcurrentCopies uses one client while copies of it are made.
func TestConcurrentCopies(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	wrong := 0
	rt := roundTripper(func(r *http.Request) (*http.Response, error) {
		user, _, _ := r.BasicAuth()
		// The test's context says which account and user the request is meant
		// for.
		if want, _ := r.Context().Value(expectedTarget{}).(expectedTarget); user != want.user || !strings.Contains(r.URL.Path, "/"+want.account+"/") {
			mu.Lock()
			wrong++
			mu.Unlock()
		}
		return respond(200, `{"calls":[]}`)(r)
	})
	client := newClient(t, rt)
	var wg sync.WaitGroup
	for i := range 300 {
		wg.Go(func() {
			sid, other := fmt.Sprintf("AC%032d", 1000+i), fmt.Sprintf("AC%032d", 5000+i)
			for want, c := range map[expectedTarget]*twilio.Client{
				{mainSID, mainSID}: client,
				{mainSID, sid}:     client.Subaccount(sid),
				{mainSID, other}:   client.Subaccount(sid).Subaccount(other),
				{other, other}:     client.Subaccount(sid).WithCredentials(twilio.AuthToken(other, "t")),
				{keySID, sid}:      client.WithCredentials(twilio.APIKey(sid, keySID, "s")),
			} {
				ctx := context.WithValue(t.Context(), expectedTarget{}, want)
				if _, err := c.Calls.List(ctx, twilio.CallListParams{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if wrong > 0 {
		t.Errorf("%d requests went for another account or as another user", wrong)
	}
}

// expectedTarget is the key and the value of a context.
type expectedTarget struct{ user, account string }

// TestNoGoroutineIsLeft looks for goroutines of a client's connections.
func TestNoGoroutineIsLeft(t *testing.T) {
	t.Parallel()
	// Goroutines inherit the label, so that those of other tests don't count.
	pprof.Do(t.Context(), pprof.Labels("test", t.Name()), func(ctx context.Context) {
		srv := twiliotest.NewServer(twiliotest.WithAccount(mainSID, mainToken))
		client := srv.Client()
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if _, err := client.Accounts.Create(ctx, twilio.AccountCreateParams{}); err != nil {
					t.Error(err)
				}
				n := 0
				for _, err := range client.Accounts.All(ctx, twilio.AccountListParams{PageSize: 1}) {
					if err != nil {
						t.Error(err)
					}
					if n++; n == 2 { // the next page is being fetched
						break
					}
				}
				gone, cancel := context.WithCancel(ctx)
				cancel()
				if _, err := client.Accounts.Get(gone, mainSID); !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if goroutinesOf(t.Name()) == "" {
			t.Error("idle connections should have goroutines, or this test sees none")
		}
		client.CloseIdleConnections()
		srv.Close()
	})
	var left string
	eventually(func() bool { left = goroutinesOf(t.Name()); return left == "" })
	if left != "" {
		t.Errorf("goroutines are left:\n%s", left)
	}
}

// goroutinesOf returns the stacks of goroutines that descend from a test.
func goroutinesOf(name string) string {
	var b strings.Builder
	if err := pprof.Lookup("goroutine").WriteTo(&b, 1); err != nil {
		return err.Error()
	}
	var left []string
	for record := range strings.SplitSeq(b.String(), "\n\n") {
		if strings.Contains(record, fmt.Sprintf("%q:%q", "test", name)) {
			left = append(left, record)
		}
	}
	return strings.Join(left, "\n\n")
}

// TestAccountsThatCantBeReached calls every operation with a main account's API
// key on a subaccount, and on what isn't an account.
func TestAccountsThatCantBeReached(t *testing.T) {
	t.Parallel()
	w := newMockAPI(t)
	key := w.client(twilio.APIKey(mainSID, keySID, keySecret))
	if _, err := twilio.NewClient(twilio.APIKey(mainSID, keySID, keySecret), twilio.WithSubaccount(subSID)); err == nil {
		t.Error("a key with WithSubaccount makes a client")
	} else {
		wantRefusal(t, w, err, "", "Subaccount")
	}
	for name, c := range map[string]*twilio.Client{
		"key": key.Subaccount(subSID), "key, twice": key.Subaccount(subSID).Subaccount(mainSID),
		"empty": w.mainClient().Subaccount(""), "another kind": w.mainClient().Subaccount("PNcanary"), "a path": w.mainClient().Subaccount("AC/../canary"),
		"own credentials, then a key's": w.mainClient().WithCredentials(twilio.APIKey(subSID, keySID, keySecret)).Subaccount(mainSID),
	} {
		for _, op := range operations.All {
			_, err := operations.Invoke(t.Context(), operations.Method(c, op.Method), op.Args(), op.FilledParams()[0])
			wantRefusal(t, w, err, op.Name, "Subaccount", "canary")
		}
		wantRefusal(t, w, c.Do(t.Context(), "GET", "/2010-04-01/Accounts.json", nil, nil), "do", "Subaccount", "canary")
		if t.Failed() {
			t.Fatalf("with %s", name)
		}
	}
	for field, cred := range map[string]twilio.Credentials{
		"accountSID": {}, "AuthToken": (&twilio.Account{SID: subSID}).Credentials(), "keySID": twilio.APIKey(subSID, "canary", keySecret),
	} {
		_, err := w.mainClient().WithCredentials(cred).Balance.Get(t.Context())
		wantRefusal(t, w, err, "balance.get", field, "canary")
	}

	// A key reaches its own account.
	w.respondToAll(200, anyResource)
	if _, err := key.Subaccount(mainSID).Balance.Get(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestPathsOfDo(t *testing.T) {
	t.Parallel()
	w, c := newSilentAPI(t)
	sub, key := c.Subaccount(subSID), w.client(twilio.APIKey(mainSID, keySID, keySecret))
	const other = "AC00000000000000000000000000000009"
	for _, path := range []string{
		"", "/", "canary", "/canary", "//canary.example/2010-04-01/x.json", "https://canary.example/2010-04-01/x.json", "http://api.twilio.com/2010-04-01/x.json", "https://api.dublin.ie1.twilio.com/2010-04-01/x.json",
		"//canary@api.twilio.com/2010-04-01/x.json", "/2010-04-01", "/2010-04-01x/canary", "/2010-04-01/../canary.json", "/2010-04-01/Accounts/./canary.json",
		"/2010-04-01/Accounts/" + subSID + "/../" + other + "/canary.json", "/2010-04-01/Accounts/%2e%2e/canary.json", "/2010-04-01/Accounts%2F" + other + "/canary.json",
		"/2010-04-01//Accounts/" + other + "/canary.json", "/2010-04-01/Accounts.json#canary", "/2010-04-01/%zzcanary", "/2010-04-01/canary/",
	} {
		for _, client := range []*twilio.Client{c, sub} {
			wantRefusal(t, w, client.Do(t.Context(), "GET", path, nil, nil), "do", "path", "canary")
		}
	}
	for _, path := range []string{mainSID + ".json", other + "/Calls.json", other, subSID + "x/Calls.json", subSID + ";x/Calls.json", mainSID + "/Calls.json?x=" + subSID} {
		wantRefusal(t, w, sub.Do(t.Context(), "GET", "/2010-04-01/Accounts/"+path, nil, nil), "do", "path", "Calls", other)
	}
	wantRefusal(t, w, sub.Do(t.Context(), "GET", "/2010-04-01/accounts/"+other+"/Calls.json", nil, nil), "do", "path", other)
	wantRefusal(t, w, key.Do(t.Context(), "GET", "/2010-04-01/Accounts/"+subSID+"/Calls.json", nil, nil), "do", "Subaccount", subSID)
}

func TestNewClientRefusals(t *testing.T) {
	t.Parallel()
	good := twilio.AuthToken(mainSID, mainToken)
	type options = []twilio.Option
	for _, test := range []struct {
		field string
		cred  twilio.Credentials
		opts  options
	}{
		{"accountSID", twilio.Credentials{}, nil},
		{"accountSID", twilio.AuthToken("", "canary"), nil},
		{"accountSID", twilio.AuthToken("SKcanary", "canary"), nil},
		{"accountSID", twilio.AuthToken("canary@example.com", "canary"), nil},
		{"accountSID", twilio.AuthToken("AC/../canary", "canary"), nil},
		{"accountSID", twilio.AuthToken("ACcanary:x", "canary"), nil},
		{"accountSID", twilio.AuthToken(mainSID+"\n", "canary"), nil},
		{"AuthToken", twilio.AuthToken(mainSID, ""), nil},
		{"AuthToken", twilio.AuthToken(mainSID, "canary\n"), nil},
		{"AuthToken", twilio.AuthToken(mainSID, " canary"), nil},
		{"keySID", twilio.APIKey(mainSID, "ACcanary", "canary"), nil},
		{"keySID", twilio.APIKey(mainSID, "SKcanary:", "canary"), nil},
		{"keySecret", twilio.APIKey(mainSID, keySID, ""), nil},
		{"keySecret", twilio.APIKey(mainSID, keySID, "canary "), nil},
		{"Subaccount", good, options{twilio.WithSubaccount("")}},
		{"Subaccount", good, options{twilio.WithSubaccount("canary")}},
		{"WithMaxRetries", good, options{twilio.WithMaxRetries(-1)}},
		{"WithTimeout", good, options{twilio.WithTimeout(-time.Second)}},
		{"WithRetryWait", good, options{twilio.WithRetryWait(-time.Second, time.Second)}},
		{"WithRetryWait", good, options{twilio.WithRetryWait(2*time.Second, time.Second)}},
		{"WithRegion", good, options{twilio.WithRegion("canary1")}}, // whose edge isn't known
		{"WithRegion", good, options{twilio.WithEdge("dublin"), twilio.WithRegion("ie1.canary")}},
		{"WithRegion", good, options{twilio.WithEdge("dublin"), twilio.WithRegion("IE1canary")}},
		{"WithEdge", good, options{twilio.WithEdge("canary.example")}},
		{"WithEdge", good, options{twilio.WithEdge("canary/")}},
		{"WithEdge", good, options{twilio.WithEdge("canary@x")}},
		{"WithEdge", good, options{twilio.WithEdge("canary\n")}},
		{"WithEdge", good, options{twilio.WithEdge("canary:1"), twilio.WithRegion("us1")}},
	} {
		c, err := twilio.NewClient(test.cred, test.opts...)
		if c != nil {
			t.Errorf("%s: there is a client beside the error", test.field)
		}
		wantRefusal(t, nil, err, "", test.field, "canary")
	}
	for _, origin := range []string{
		"", "http://canary.example", "http://10.0.0.1", "http://[::2]", "http://0.0.0.0:80", "http://127.0.0.1.canary.example", "http://localhost.canary.example",
		"http://127.0.0.1@canary.example", "http://canary@127.0.0.1", "https://canary:canary@api.twilio.com", "https://api.twilio.com/canary",
		"https://api.twilio.com?canary", "https://api.twilio.com#canary", "https://", "https:///canary", "https:canary", "ftp://canary", "//canary.example",
		"canary.example", "canary.example:443", "https://canary:port", "https://[canary", "https://can\nary", " https://canary.example", "unix:///canary",
	} {
		_, err := twilio.NewClient(good, twilio.WithBaseURL(origin))
		if wantRefusal(t, nil, err, "", "WithBaseURL", "canary"); t.Failed() {
			t.Fatalf("with %s", origin)
		}
	}
}

// TestCopiesShareNothingThatChanges uses a client and copies of it in turn:
// each has its own account and credentials.
func TestCopiesShareNothingThatChanges(t *testing.T) {
	t.Parallel()
	w := newMockAPI(t)
	w.respondToAll(200, anyResource)
	c := w.mainClient()
	sub, own := c.Subaccount(subSID), c.WithCredentials(twilio.AuthToken(subSID, subToken))
	var got []string
	for _, client := range []*twilio.Client{c, sub, own, sub.Subaccount(mainSID), sub, c} {
		if _, err := client.Balance.Get(t.Context()); err != nil {
			t.Fatal(err)
		}
		sent := w.request()
		user, secret := sent.credentials()
		got = append(got, user+":"+secret+" "+strings.Split(sent.path, "/")[3])
	}
	m, s := mainSID+":"+mainToken+" ", subSID+":"+subToken+" "
	if want := []string{m + mainSID, m + subSID, s + subSID, m + mainSID, m + subSID, m + mainSID}; !slices.Equal(got, want) {
		t.Errorf("spoke as and on\n%v\nwant\n%v", got, want)
	}
}

func TestDoRefuses(t *testing.T) {
	t.Parallel()
	w, client := newSilentAPI(t)
	const path = "/2010-04-01/Accounts.json"
	wantRefusal(t, w, client.Do(t.Context(), "PUT", path, nil, nil), "do", "method")
	wantRefusal(t, w, client.Do(t.Context(), "get", path, nil, nil), "do", "method")
	wantRefusal(t, w, client.Do(t.Context(), "GET", path, nil, twilio.Call{}), "do", "out")
	wantRefusal(t, w, client.Do(t.Context(), "GET", path, nil, (*twilio.Account)(nil)), "do", "out")
	wantRefusal(t, w, client.Do(t.Context(), "GET", path, nil, (*strings.Builder)(nil)), "do", "out")
	wantRefusal(t, w, client.Do(t.Context(), "GET", path, nil, writerFunc(nil)), "do", "out")
}

// TestZeroClient says what is wrong with a client or service that NewClient
// didn't make.
func TestZeroClient(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	zero := new(twilio.Client)
	zero.CloseIdleConnections()
	_ = zero.String()
	_, get := new(twilio.CallService).Get(ctx, callSID)
	_, list := new(twilio.MessageService).List(ctx, twilio.MessageListParams{})
	var all error
	for _, all = range new(twilio.CallService).All(ctx, twilio.CallListParams{}) {
	}
	_, bill := zero.Usage.Bill(ctx, twilio.BillParams{})
	_, reconcile := new(twilio.UsageService).Reconcile(ctx, twilio.ReconcileParams{})
	_, sub := zero.Subaccount(subSID).Calls.Get(ctx, callSID)
	_, own := zero.WithCredentials(twilio.AuthToken(mainSID, mainToken)).Balance.Get(ctx)
	for name, err := range map[string]error{"Do": zero.Do(ctx, "GET", "/2010-04-01/Accounts.json", nil, nil),
		"Get": get, "List": list, "All": all, "Bill": bill, "Reconcile": reconcile, "Subaccount": sub, "WithCredentials": own} {
		if e, ok := errors.AsType[*twilio.ParamError](err); !ok || e.Field != "Client" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestClientWithTransport(t *testing.T) {
	t.Parallel()
	script := newScript(t, respond(200, `{"sid":"`+mainSID+`"}`), respond(200, `{"sid":"`+mainSID+`"}`))
	client := newClient(t, script)
	var seen []string
	wrapped := client.WithTransport(func(base http.RoundTripper) http.RoundTripper {
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			info, _ := twilio.RequestFromContext(r.Context())
			seen = append(seen, info.Operation)
			return base.RoundTrip(r)
		})
	})
	for _, c := range []*twilio.Client{wrapped, client} {
		if _, err := c.Accounts.Get(t.Context(), mainSID); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != 1 || seen[0] != "accounts.get" {
		t.Errorf("the RoundTripper saw %v; it belongs to the copy", seen)
	}
	for _, wrap := range []func(http.RoundTripper) http.RoundTripper{nil, func(http.RoundTripper) http.RoundTripper { return nil }} {
		_, err := client.WithTransport(wrap).Accounts.Get(t.Context(), mainSID)
		if e, ok := errors.AsType[*twilio.ParamError](err); !ok || e.Field != "WithTransport" {
			t.Errorf("got %v", err)
		}
	}
}
