package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/operations"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

const (
	acme       = "AC0000000000000000000000000000acce" // the account that the workflows work on
	other      = "AC000000000000000000000000000000be" // the one that gets its numbers, or nothing to do with it
	acmeNumber = "PN00000000000000000000000000000001"
	acmeCall   = "CA00000000000000000000000000000001"
)

// An interceptFunc decides about the nth request, from 1. send passes it on.
type interceptFunc func(n int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error)

// An interceptor is a RoundTripper that passes each request to a function. It
// also makes pages small, so that every list has several.
type interceptor struct {
	srv *twiliotest.Server
	// held says that numbers can't leave a suspended account.
	held bool

	mu        sync.Mutex
	sent      int
	intercept interceptFunc
}

func (g *interceptor) RoundTrip(r *http.Request) (*http.Response, error) {
	g.mu.Lock()
	g.sent++
	n, pass := g.sent, g.intercept
	g.mu.Unlock()
	if query := r.URL.Query(); query.Get("PageSize") == "1000" {
		r = r.Clone(r.Context())
		query.Set("PageSize", "2")
		r.URL.RawQuery = query.Encode()
	}
	send := func() (*http.Response, error) {
		if g.held && r.Method == http.MethodPost && strings.Contains(r.URL.Path, acme+"/IncomingPhoneNumbers/") {
			account, err := g.srv.Client().Accounts.Get(r.Context(), acme)
			if err != nil {
				return nil, err
			}
			if account.Status == twilio.AccountStatusSuspended {
				return respond(http.StatusForbidden, `{"code":20005,"status":403}`)(r)
			}
		}
		return g.srv.Transport().RoundTrip(r)
	}
	if pass == nil {
		return send()
	}
	return pass(n, r, send)
}

func (g *interceptor) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.sent
}

// A customer is a fake with a subaccount that has calls and numbers.
type customer struct {
	t         *testing.T
	srv       *twiliotest.Server
	transport *interceptor
	// client is the main account's, through the transport.
	client *twilio.Client
	// key is an API key of the main account.
	key twilio.Credentials
	// moveTo gets the numbers of closing accounts.
	moveTo string

	mu    sync.Mutex
	vault map[string]*twilio.Key // the key that was saved last, by account
}

func newCustomer(t *testing.T, opts ...twilio.Option) *customer {
	t.Helper()
	srv := twiliotest.NewUnstartedServer()
	w := &customer{t: t, srv: srv, transport: &interceptor{srv: srv}, moveTo: srv.AccountSID}
	w.client = srv.Client(append(opts, twilio.WithHTTPClient(&http.Client{Transport: w.transport}))...)
	srv.AddSubaccounts(twilio.Account{SID: acme, FriendlyName: "Acme"}, twilio.Account{SID: other, FriendlyName: "Other"})
	for i, status := range []twilio.CallStatus{"in-progress", "queued", "ringing", "in-progress", "in-progress", "queued", "completed"} {
		srv.AddCall(acme, twilio.Call{SID: fmt.Sprintf("CA%032d", i+1), From: "+15005550006", To: fmt.Sprintf("+1415555010%d", i), Status: status})
	}
	for i := range 5 {
		srv.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{SID: fmt.Sprintf("PN%032d", i+1), PhoneNumber: fmt.Sprintf("+1415555020%d", i)})
	}
	srv.AddCall(other, twilio.Call{From: "+15005550006", To: "+14155550300", Status: "in-progress"})
	srv.AddPhoneNumber(other, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550301"})
	w.key, _ = srv.AddKey(srv.AccountSID, "key")
	return w
}

// noRetries makes a client send every request once.
var noRetries = twilio.WithMaxRetries(0)

// collect reads a whole list, or ends the test.
func collect[T any](t *testing.T, items func(func(*T, error) bool)) []*T {
	t.Helper()
	var all []*T
	for item, err := range items {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, item)
	}
	return all
}

// numbers are the phone numbers of an account.
func (w *customer) numbers(account string) []string {
	w.t.Helper()
	var numbers []string
	for _, n := range collect(w.t, w.srv.Client().Subaccount(account).IncomingPhoneNumbers.All(w.t.Context(), twilio.IncomingPhoneNumberListParams{})) {
		numbers = append(numbers, n.PhoneNumber)
	}
	slices.Sort(numbers)
	return numbers
}

// state describes all that a workflow may change.
func (w *customer) state() string {
	w.t.Helper()
	var lines []string
	client, ctx := w.srv.Client(), w.t.Context()
	for _, a := range collect(w.t, client.Accounts.All(ctx, twilio.AccountListParams{})) {
		var calls []string
		for _, c := range collect(w.t, client.Subaccount(a.SID).Calls.All(ctx, twilio.CallListParams{})) {
			calls = append(calls, c.To+" "+string(c.Status))
		}
		slices.Sort(calls)
		lines = append(lines, fmt.Sprintf("%s is %s, has %v, calls %v", a.FriendlyName, a.Status, w.numbers(a.SID), calls), w.setup(a.SID))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// setup describes what provisioning makes of an account.
func (w *customer) setup(account string) string {
	w.t.Helper()
	sub, ctx := w.srv.Client().Subaccount(account), w.t.Context()
	var made []string
	for _, k := range collect(w.t, sub.Keys.All(ctx, twilio.KeyListParams{})) {
		made = append(made, "key "+k.FriendlyName)
	}
	for _, a := range collect(w.t, sub.Addresses.All(ctx, twilio.AddressListParams{})) {
		made = append(made, "address "+a.FriendlyName)
	}
	for _, t := range collect(w.t, sub.Usage.Triggers.All(ctx, twilio.UsageTriggerListParams{})) {
		made = append(made, "trigger "+t.FriendlyName+" to "+t.CallbackURL)
	}
	for _, n := range collect(w.t, sub.IncomingPhoneNumbers.All(ctx, twilio.IncomingPhoneNumberListParams{})) {
		if n.VoiceURL != "" {
			made = append(made, n.PhoneNumber+" to "+n.VoiceURL)
		}
	}
	slices.Sort(made)
	return fmt.Sprintf("%v, saved key works: %t", made, w.savedKeyWorks(account))
}

// saveKey is a SaveKey of Provision.
func (w *customer) saveKey(_ context.Context, account string, key *twilio.Key) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.vault == nil {
		w.vault = map[string]*twilio.Key{}
	}
	w.vault[account] = key
	return nil
}

// savedKeyWorks reports whether the key that was saved last reaches its account.
func (w *customer) savedKeyWorks(account string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	key := w.vault[account]
	if key == nil {
		return false
	}
	own := w.srv.Client().WithCredentials(twilio.APIKey(account, key.SID, key.Secret.Reveal()))
	_, err := own.Calls.List(w.t.Context(), twilio.CallListParams{})
	return err == nil
}

// numberCount counts the numbers of all accounts.
func (w *customer) numberCount() int {
	return len(w.numbers(w.srv.AccountSID)) + len(w.numbers(acme)) + len(w.numbers(other))
}

func (w *customer) status(sid string) twilio.AccountStatus {
	w.t.Helper()
	account, err := w.srv.Client().Accounts.Get(w.t.Context(), sid)
	if err != nil {
		w.t.Fatal(err)
	}
	return account.Status
}

// A workflowCase is a call of a workflow.
type workflowCase struct {
	name string
	run  func(ctx context.Context, w *customer) error
	// releases says that numbers are released on purpose.
	releases bool
	// sibling says that numbers move to the sibling, not to the main account.
	sibling bool
	// held says that numbers can't leave a suspended account.
	held bool
	// alone says that two runs at once aren't promised to end as one does.
	alone bool
}

var workflowCases = []workflowCase{
	{name: "Ensure makes", alone: true, run: func(ctx context.Context, w *customer) error {
		_, _, err := w.client.Accounts.Ensure(ctx, "New")
		return err
	}},
	{name: "Ensure finds", alone: true, run: func(ctx context.Context, w *customer) error {
		account, created, err := w.client.Accounts.Ensure(ctx, "Acme")
		if err == nil && (created || account.SID != acme) {
			w.t.Errorf("Ensure returned %s, created %t", account.SID, created)
		}
		return err
	}},
	{name: "Suspend", run: func(ctx context.Context, w *customer) error {
		_, err := w.client.Accounts.Suspend(ctx, acme, twilio.SuspendParams{EndCalls: true})
		return err
	}},
	{name: "Suspend and Activate", run: func(ctx context.Context, w *customer) error {
		if _, err := w.client.Accounts.Suspend(ctx, acme, twilio.SuspendParams{}); err != nil {
			return err
		}
		_, err := w.client.Accounts.Activate(ctx, acme)
		return err
	}},
	{name: "Close, moving numbers to the main account", run: closeAcme},
	{name: "Close, moving numbers to a sibling", run: closeAcme, sibling: true},
	{name: "Close, where numbers can't leave a suspended account", run: closeAcme, held: true},
	{name: "Close, releasing numbers", releases: true, run: func(ctx context.Context, w *customer) error {
		_, err := w.client.Accounts.Close(ctx, acme, twilio.CloseParams{ReleaseNumbers: true})
		return err
	}},
	{name: "Transfer", sibling: true, run: func(ctx context.Context, w *customer) error {
		number, err := w.client.Subaccount(acme).IncomingPhoneNumbers.Transfer(ctx, acmeNumber, twilio.TransferParams{To: w.moveTo})
		if err == nil && number.AccountSID != w.moveTo {
			w.t.Errorf("the number is said to be at %s", number.AccountSID)
		}
		return err
	}},
	{name: "TransferAll", sibling: true, run: func(ctx context.Context, w *customer) error {
		_, err := w.client.Subaccount(acme).IncomingPhoneNumbers.TransferAll(ctx, twilio.TransferParams{To: w.moveTo})
		return err
	}},
	{name: "End", run: func(ctx context.Context, w *customer) error {
		_, err := w.client.Subaccount(acme).Calls.End(ctx, acmeCall)
		return err
	}},
	{name: "EndAll", run: func(ctx context.Context, w *customer) error {
		_, err := w.client.Subaccount(acme).Calls.EndAll(ctx)
		return err
	}},
	{name: "Usage.Triggers.Ensure makes", alone: true, run: func(ctx context.Context, w *customer) error {
		_, _, err := w.client.Subaccount(acme).Usage.Triggers.Ensure(ctx, alert)
		return err
	}},
	{name: "Provision of everything", alone: true, run: func(ctx context.Context, w *customer) error {
		return w.provision(ctx, provisionParams())
	}},
	{name: "Provision of an account that has numbers", alone: true, run: func(ctx context.Context, w *customer) error {
		params := provisionParams()
		params.FriendlyName, params.Number.Number.FriendlyName = "Acme", ""
		return w.provision(ctx, params)
	}},
}

func closeAcme(ctx context.Context, w *customer) error {
	_, err := w.client.Accounts.Close(ctx, acme, twilio.CloseParams{MoveNumbersTo: w.moveTo})
	return err
}

func (f workflowCase) customer(t *testing.T, opts ...twilio.Option) *customer {
	t.Helper()
	w := newCustomer(t, opts...)
	if f.sibling {
		w.moveTo = other
	}
	w.transport.held = f.held
	return w
}

// endState is the state after a run in which nothing goes wrong.
func (f workflowCase) endState(t *testing.T) string {
	t.Helper()
	w := f.customer(t, noRetries)
	if err := f.run(t.Context(), w); err != nil {
		t.Fatalf("with nothing going wrong: %v", err)
	}
	return w.state()
}

// checkNumbers checks that no number was lost, whatever went wrong.
func (f workflowCase) checkNumbers(t *testing.T, w *customer) {
	t.Helper()
	if w.numberCount() != 6 && !f.releases {
		t.Errorf("a number was lost: %s", w.state())
	}
	if f.releases && w.status(acme) != twilio.AccountStatusClosed && w.numberCount() != 6 {
		t.Errorf("numbers were released before the account was closed: %s", w.state())
	}
}

// A workflow that is killed at any request, before or after its effect, and run
// again ends where an undisturbed run does.
func TestWorkflowsSurviveBeingKilledAnywhere(t *testing.T) {
	t.Parallel()
	for _, f := range workflowCases {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			want := f.endState(t)
			for _, after := range []bool{false, true} {
				for n, dead := 1, true; dead; n++ {
					w := f.customer(t, noRetries)
					w.transport.intercept = func(i int, _ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
						if i < n {
							return send()
						}
						if i == n && after {
							_, _ = send()
						}
						return nil, syscall.ECONNRESET
					}
					err := f.run(t.Context(), w)
					if dead = w.transport.count() >= n; dead && n == 1 && err == nil {
						t.Errorf("no error, but the first request failed")
					}
					f.checkNumbers(t, w)
					for account := range w.vault {
						if !w.savedKeyWorks(account) {
							t.Errorf("the saved key doesn't work after request %d (after its effect: %t)", n, after)
						}
					}
					w.transport.intercept = nil
					if err := f.run(t.Context(), w); err != nil {
						t.Errorf("run again after it was killed at request %d (after its effect: %t): %v", n, after, err)
					}
					if got := w.state(); got != want {
						t.Errorf("killed at request %d (after its effect: %t):\n%s\nwant\n%s", n, after, got, want)
					}
				}
			}
		})
	}
}

// wantNothingChanged checks a refusal after which everything is as it was.
func wantNothingChanged(t *testing.T, w *customer, before, field, reason string, err error) {
	t.Helper()
	e, ok := errors.AsType[*twilio.ParamError](err)
	if !ok || e.Field != field || !strings.Contains(e.Reason, reason) || e.Operation == "" {
		t.Errorf("error %v, want one about %s that says %q", err, field, reason)
	}
	if got := w.state(); got != before {
		t.Errorf("a refusal changed\n%s\ninto\n%s", before, got)
	}
	for _, r := range w.srv.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s was sent", r.Method, r.Path)
		}
	}
}

// inBubble runs a test inside of a bubble of synctest, where back-off takes no
// time.
func inBubble(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, f)
	})
}

// attempts numbers the attempts of each request, from 1. Several requests are
// on their way at once.
func attempts() func(*http.Request) int {
	var mu sync.Mutex
	made := map[string]int{}
	return func(r *http.Request) int {
		mu.Lock()
		defer mu.Unlock()
		key := r.Method + " " + r.URL.RequestURI()
		made[key]++
		return made[key]
	}
}

// With retries, faults that end are invisible to the caller of a workflow.
func TestWorkflowsSurviveFaults(t *testing.T) {
	t.Parallel()
	limited := respond(http.StatusTooManyRequests, `{"code":20429,"status":429}`)
	faults := map[string]func() interceptFunc{
		"429 storm": func() interceptFunc {
			attempt := attempts()
			return func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
				if attempt(r)%3 != 0 { // each request needs three attempts
					return limited(r)
				}
				return send()
			}
		},
		"response lost after the effect": func() interceptFunc {
			attempt := attempts()
			return func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
				res, err := send()
				if attempt(r)%2 == 1 {
					return nil, syscall.ECONNRESET
				}
				return res, err
			}
		},
		"response to a change lost after the effect": func() interceptFunc {
			attempt := attempts()
			return func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
				res, err := send()
				if r.Method == http.MethodPost && attempt(r) == 1 {
					return respond(http.StatusBadGateway, "<html>")(r)
				}
				return res, err
			}
		},
	}
	for _, f := range workflowCases {
		for name, fault := range faults {
			inBubble(t, f.name+"/"+name, func(t *testing.T) {
				want := f.endState(t)
				w := f.customer(t)
				w.transport.intercept = fault()
				if err := f.run(t.Context(), w); err != nil {
					t.Error(err)
				}
				if got := w.state(); got != want {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
			})
		}
		inBubble(t, f.name+"/429 for good", func(t *testing.T) {
			want := f.endState(t)
			for n := 1; ; n++ {
				w := f.customer(t)
				w.transport.intercept = func(i int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
					if i < n {
						return send()
					}
					return limited(r)
				}
				err := f.run(t.Context(), w)
				if w.transport.count() < n {
					return
				}
				if !errors.Is(err, twilio.ErrRateLimited) {
					t.Errorf("error %v isn't ErrRateLimited", err)
				}
				f.checkNumbers(t, w)
				w.transport.intercept = nil
				if err := f.run(t.Context(), w); err != nil {
					t.Error(err)
				}
				if got := w.state(); got != want {
					t.Errorf("limited from request %d on:\n%s\nwant\n%s", n, got, want)
				}
			}
		})
	}
}

// Twenty runs at once on one account end where one does.
func TestWorkflowsAtOnce(t *testing.T) {
	t.Parallel()
	for _, f := range workflowCases {
		if f.held {
			continue // one would suspend the account while another has activated it
		}
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			want := f.endState(t)
			w := f.customer(t, noRetries)
			var running sync.WaitGroup
			var lock sync.Mutex // as the documentation of Ensure and Provision says
			for range 20 {
				running.Go(func() {
					if f.alone {
						lock.Lock()
						defer lock.Unlock()
					}
					if err := f.run(t.Context(), w); err != nil {
						t.Error(err)
					}
				})
			}
			running.Wait()
			if got := w.state(); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// All workflows at once, in any order: whatever they make of the account, no
// number is lost, and Close finishes the job afterwards.
func TestDifferentWorkflowsAtOnce(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	var running sync.WaitGroup
	for range 3 {
		for _, f := range workflowCases {
			if !f.releases && !f.alone {
				running.Go(func() { _ = f.run(t.Context(), w) }) // they may well refuse, after one that closed the account
			}
		}
	}
	running.Wait()
	if w.numberCount() != 6 {
		t.Errorf("a number was lost: %s", w.state())
	}
	if err := closeAcme(t.Context(), w); err != nil {
		t.Error(err)
	}
	if w.numberCount() != 6 || len(w.numbers(acme)) != 0 || w.status(acme) != twilio.AccountStatusClosed {
		t.Errorf("after Close: %s", w.state())
	}
}

// callsWithOptions calls each workflow that takes options for all its requests;
// those that read a list take more, and are tested with it.
var callsWithOptions = map[string]func(ctx context.Context, w *customer, opts ...twilio.RequestOption) error{
	"Accounts.Ensure": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) error {
		_, _, err := w.client.Accounts.Ensure(ctx, "New", opts...)
		return err
	},
	"Accounts.Duplicates": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) error {
		_, err := w.client.Accounts.Duplicates(ctx, "Acme", opts...)
		return err
	},
	"Accounts.Suspend": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) error {
		_, err := w.client.Accounts.Suspend(ctx, acme, twilio.SuspendParams{EndCalls: true}, opts...)
		return err
	},
	"Accounts.Activate": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) error {
		if _, err := w.srv.Client().Accounts.Suspend(ctx, acme, twilio.SuspendParams{}); err != nil {
			return err
		}
		_, err := w.client.Accounts.Activate(ctx, acme, opts...)
		return err
	},
	"Accounts.Close": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) error {
		addBundled(w, acme)
		w.transport.held = true // it activates the account once more
		_, err := w.client.Accounts.Close(ctx, acme, twilio.CloseParams{MoveNumbersTo: other, CloneBundle: true, ClearWebhooks: true}, opts...)
		return err
	},
	"Accounts.ForEach": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) error {
		return w.client.Accounts.ForEach(ctx, twilio.AccountListParams{}, twilio.ForEachParams{},
			func(context.Context, *twilio.Client, *twilio.Account) error { return nil }, opts...)
	},
	"Accounts.RotateAuthToken": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) error {
		_, err := w.client.Accounts.RotateAuthToken(ctx, acme, twilio.RotateAuthTokenParams{
			SuppressEmail: true, Save: func(context.Context, twilio.Secret) error { return nil },
		}, opts...)
		return err
	},
	"Keys.Rotate": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) error {
		keys := w.srv.Client().Subaccount(acme).Keys
		key, err := keys.Create(ctx, twilio.KeyCreateParams{FriendlyName: "billing"})
		if err != nil {
			return err
		}
		if _, err := keys.Create(ctx, twilio.KeyCreateParams{FriendlyName: "rotation of " + key.SID}); err != nil {
			return err
		}
		_, err = w.client.Subaccount(acme).Keys.Rotate(ctx, key.SID, twilio.KeyRotateParams{
			Save: func(context.Context, *twilio.Key) error { return nil },
		}, opts...)
		return err
	},
	"Accounts.Provision": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) error {
		params := provisionParams()
		params.SaveKey = w.saveKey
		_, err := w.client.Accounts.Provision(ctx, params, opts...)
		return err
	},
	"IncomingPhoneNumbers.Buy": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) error {
		_, err := w.client.Subaccount(acme).IncomingPhoneNumbers.Buy(ctx, twilio.BuyParams{Country: "US"}, opts...)
		return err
	},
	"Usage.Triggers.Ensure": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) error {
		_, _, err := w.client.Subaccount(acme).Usage.Triggers.Ensure(ctx, *provisionParams().Trigger, opts...)
		return err
	},
	"Calls.End": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) error {
		_, err := w.client.Subaccount(acme).Calls.End(ctx, acmeCall, opts...)
		return err
	},
	"Calls.EndAll": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) error {
		all := []twilio.EndAllOption{twilio.EndAllParams{Concurrency: 2}}
		for _, opt := range opts {
			all = append(all, opt)
		}
		_, err := w.client.Subaccount(acme).Calls.EndAll(ctx, all...)
		return err
	},
	"IncomingPhoneNumbers.Transfer": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) error {
		_, err := w.client.Subaccount(acme).IncomingPhoneNumbers.Transfer(ctx, addBundled(w, acme).SID,
			twilio.TransferParams{To: other, CloneBundle: true, ClearWebhooks: true}, opts...)
		return err
	},
	"IncomingPhoneNumbers.TransferAll": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) error {
		addBundled(w, acme)
		_, err := w.client.Subaccount(acme).IncomingPhoneNumbers.TransferAll(ctx, twilio.TransferParams{To: other, CloneBundle: true}, opts...)
		return err
	},
}

// Options of a workflow apply to each of its requests. One that can't is
// refused, and nothing is sent.
func TestWorkflowsApplyOptionsToEachRequest(t *testing.T) {
	t.Parallel()
	takesMore := []string{"Calls.Spend", "Messages.Spend", "Messages.Erase", "Recordings.Erase", "Usage.Bill", "Usage.Reconcile"}
	for name := range operations.Workflows {
		call := callsWithOptions[name]
		if call == nil {
			if !slices.Contains(takesMore, name) {
				t.Errorf("%s isn't called with options", name)
			}
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newCustomer(t)
				var mu sync.Mutex
				var without []string
				w.transport.intercept = func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
					if r.Header.Get("X-Reason") != "audit" {
						mu.Lock()
						without = append(without, r.Method+" "+r.URL.Path)
						mu.Unlock()
					}
					return send()
				}
				if err := call(t.Context(), w, twilio.WithHeader("X-Reason", "audit")); err != nil || len(without) > 0 || w.transport.count() == 0 {
					t.Errorf("%d requests, without the header %q; error %v", w.transport.count(), without, err)
				}
			})
			for field, opt := range map[string]twilio.RequestOption{
				"WithForm":           twilio.WithForm(url.Values{"x": {"y"}}),
				"WithJSON":           twilio.WithJSON("x"),
				"WithIdempotent":     twilio.WithIdempotent(),
				"WithResponseInto":   twilio.WithResponseInto(&twilio.ResponseMeta{}),
				"WithProgress":       twilio.WithProgress(func(_, _ int64) {}),
				"WithLookahead":      twilio.WithLookahead(2),
				"WithParallelism":    twilio.WithParallelism(2),
				"WithRequestRetries": twilio.WithRequestRetries(-1),
			} {
				w := newCustomer(t)
				err := call(t.Context(), w, opt)
				if e, ok := errors.AsType[*twilio.ParamError](err); !ok || e.Field != field || e.Operation == "" || w.transport.count() > 0 {
					t.Errorf("%s: %d requests, %v", field, w.transport.count(), err)
				}
			}
		})
	}
}

// A refusal is a call of a workflow that the client refuses.
type refusal struct {
	name, operation, field string
	reason                 string // a part of it
	afterReads             bool   // it reads before it refuses
	prepare                func(*customer)
	run                    func(*customer) error
}

// testRefusals checks that calls are refused as they should be: nothing
// changes, and nothing is sent unless the refusal depends on it.
func testRefusals(t *testing.T, refusals []refusal) {
	t.Helper()
	for _, r := range refusals {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			w := newCustomer(t, noRetries)
			if r.prepare != nil {
				r.prepare(w)
			}
			before, already := w.state(), len(w.srv.Requests())
			err := r.run(w)
			sent := w.srv.Requests()[already:]
			e, ok := errors.AsType[*twilio.ParamError](err)
			if !ok || e.Operation != r.operation || e.Field != r.field || e.Reason == "" || !strings.Contains(e.Reason, r.reason) {
				t.Errorf("error %v, want one of %s about %s that says %q", err, r.operation, r.field, r.reason)
			} else if strings.Contains(err.Error(), "canary") {
				t.Errorf("the error quotes what it refuses: %v", err)
			}
			if got := w.state(); got != before {
				t.Errorf("a refusal changed\n%s\ninto\n%s", before, got)
			}
			for _, request := range sent {
				if request.Method != http.MethodGet || !r.afterReads {
					t.Errorf("%s %s was sent", request.Method, request.Path)
				}
			}
		})
	}
}

// ownClient has the customer's own credentials.
func (w *customer) ownClient() *twilio.Client {
	return w.client.WithCredentials(w.srv.Credentials(acme))
}

// keyClient has an API key of the main account.
func (w *customer) keyClient() *twilio.Client {
	return w.client.WithCredentials(w.key)
}
