package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A tokenVault is where a customer's AuthToken is stored, and the fake that it is
// of.
type tokenVault struct {
	t        *testing.T
	srv      *twiliotest.Server
	customer twilio.Account
	saved    twilio.Secret
	seen     []string // tokens that Save was called with
}

func newTokenVault(t *testing.T, opts ...twiliotest.Option) *tokenVault {
	t.Helper()
	srv := twiliotest.NewUnstartedServer(opts...)
	return &tokenVault{t: t, srv: srv, customer: srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})}
}

func (v *tokenVault) save(_ context.Context, token twilio.Secret) error {
	v.saved = token
	v.seen = append(v.seen, token.Reveal())
	return nil
}

// works asks the fake, past all that goes wrong, whether it accepts a token.
func (v *tokenVault) works(token string) bool {
	v.t.Helper()
	if token == "" {
		return false
	}
	own := v.srv.Client().WithCredentials(twilio.AuthToken(v.customer.SID, token))
	_, err := own.Accounts.Get(context.Background(), v.customer.SID)
	if err != nil && !errors.Is(err, twilio.ErrUnauthorized) {
		v.t.Fatal(err)
	}
	return err == nil
}

// primary is the token that the main account can read.
func (v *tokenVault) primary() string {
	v.t.Helper()
	account, err := v.srv.Client().Accounts.Get(context.Background(), v.customer.SID)
	if err != nil {
		v.t.Fatal(err)
	}
	return account.AuthToken.Reveal()
}

// checkAccessible checks what holds at any moment.
func (v *tokenVault) checkAccessible() {
	v.t.Helper()
	if !v.works(v.primary()) {
		v.t.Error("the token that the main account reads doesn't work")
	}
	if _, err := v.srv.Client().Balance.Get(context.Background()); err != nil {
		v.t.Errorf("the main account's own token doesn't work: %v", err)
	}
}

// checkDone checks what holds after a rotation.
func (v *tokenVault) checkDone(account *twilio.Account, err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	v.checkAccessible()
	saved := v.saved.Reveal()
	if !v.works(saved) || v.primary() != saved || account.AuthToken.Reveal() != saved {
		v.t.Error("the token that Save stored last isn't the one in use")
	}
	if v.works(v.customer.AuthToken.Reveal()) {
		v.t.Error("the old token works still")
	}
	for _, token := range v.seen {
		if token != saved && v.works(token) {
			v.t.Error("a token of an earlier run works still")
		}
	}
}

func (v *tokenVault) rotate(ctx context.Context, client *twilio.Client, saved twilio.Secret) (*twilio.Account, error) {
	return client.Accounts.RotateAuthToken(ctx, v.customer.SID, twilio.RotateAuthTokenParams{Save: v.save, Saved: saved})
}

func TestRotateAuthToken(t *testing.T) {
	t.Parallel()
	for name, rules := range map[string]twiliotest.AuthTokenRules{
		"documented":                     {},
		"a secondary is replaced":        {ReplaceSecondary: true},
		"a secondary is a conflict":      {SecondaryExistsStatus: 409, SecondaryExistsCode: 20409},
		"a secondary is forbidden":       {SecondaryExistsStatus: 403, SecondaryExistsCode: 20403},
		"the old token works on briefly": {OldTokenWorks: 20 * time.Second},
	} {
		for _, exists := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/exists=%t", name, exists), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					v := newTokenVault(t, twiliotest.WithClock(time.Now), twiliotest.WithAuthTokenRules(rules))
					client := v.srv.Client()
					if exists {
						must(client.WithCredentials(v.customer.Credentials()).AuthTokens.CreateSecondary(t.Context()))
					}
					old := v.customer.AuthToken.Reveal()
					account, err := client.Accounts.RotateAuthToken(t.Context(), v.customer.SID, twilio.RotateAuthTokenParams{
						Save: func(ctx context.Context, token twilio.Secret) error {
							if !v.works(old) || !v.works(token.Reveal()) || v.primary() != old {
								t.Error("Save is called when it is too late, or with a token that doesn't work")
							}
							return v.save(ctx, token)
						},
					})
					v.checkDone(account, err)
					if len(v.seen) != 1 {
						t.Errorf("Save was called %d times", len(v.seen))
					}
				})
			})
		}
	}
}

// A killer ends a run at a request of it, before or after its effect: nothing that
// the run does afterwards reaches Twilio.
type killer struct {
	base   http.RoundTripper
	kill   context.CancelFunc
	at     int // 0 for never
	after  bool
	sent   int
	killed bool
}

func (k *killer) RoundTrip(r *http.Request) (*http.Response, error) {
	if k.killed {
		return nil, syscall.ECONNREFUSED
	}
	if k.sent++; k.sent == k.at {
		if k.after {
			if res, err := k.base.RoundTrip(r); err == nil {
				_ = res.Body.Close()
			}
		}
		k.killed = true
		k.kill()
		return nil, syscall.ECONNRESET
	}
	return k.base.RoundTrip(r)
}

// TestRotateAuthTokenKilledAnywhere ends a rotation at each of its requests, and
// runs it again, with what was saved and without.
func TestRotateAuthTokenKilledAnywhere(t *testing.T) {
	t.Parallel()
	requests := 0
	for at := 0; at <= requests; at++ {
		for _, after := range []bool{false, true} {
			for _, exists := range []bool{false, true} {
				for _, withSaved := range []bool{false, true} {
					v := newTokenVault(t)
					if exists {
						must(v.srv.Client().WithCredentials(v.customer.Credentials()).AuthTokens.CreateSecondary(t.Context()))
					}
					ctx, kill := context.WithCancel(t.Context())
					k := &killer{base: v.srv.Transport(), kill: kill, at: at, after: after}
					account, err := v.rotate(ctx, newClientOf(t, v.srv, k), twilio.Secret{})
					kill()
					if at == 0 {
						v.checkDone(account, err)
						requests = max(requests, k.sent)
						continue
					}
					if k.killed != (err != nil) {
						t.Fatalf("killed %t, and the error is %v", k.killed, err)
					}
					v.checkAccessible()
					var saved twilio.Secret
					if withSaved {
						saved = v.saved
					}
					account, err = v.rotate(t.Context(), newClientOf(t, v.srv, v.srv.Transport()), saved)
					if v.checkDone(account, err); t.Failed() {
						t.Fatalf("killed at request %d, after its effect: %t; a secondary existed: %t; with Saved: %t", at, after, exists, withSaved)
					}
				}
			}
		}
	}
	if requests < 8 {
		t.Errorf("a rotation takes %d requests", requests)
	}
}

// newClientOf makes a client of the fake's main account, by way of a RoundTripper.
func newClientOf(t *testing.T, srv *twiliotest.Server, rt http.RoundTripper) *twilio.Client {
	t.Helper()
	return srv.Client(twilio.WithHTTPClient(&http.Client{Transport: rt}), twilio.WithRetryWait(0, 0))
}

// TestRotateAuthTokenMeetsFaults has something go wrong with each request of a
// rotation, once and for good, and runs it again.
func TestRotateAuthTokenMeetsFaults(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]twiliotest.Fault{
		"reset before":       {Reset: twiliotest.ResetBefore},
		"reset after":        {Reset: twiliotest.ResetAfter},
		"500 after":          {Status: 500, After: true},
		"503":                {Status: 503, Body: "<html>"},
		"429":                {Status: 429, Code: 20429},
		"429 of another":     {Status: 429, Code: 21611},
		"401":                {Status: 401, Code: 20003},
		"401 after":          {Status: 401, Code: 20003, After: true},
		"404":                {Status: 404, Code: 20404},
		"404 after":          {Status: 404, Code: 20404, After: true},
		"400":                {Status: 400, Code: 20001},
		"400 after":          {Status: 400, Code: 20001, After: true},
		"302":                {Status: 302, Header: http.Header{"Location": {"https://example.com"}}},
		"cut off":            {Truncate: 10},
		"empty":              {Status: 200, Body: "{}", After: true},
		"nothing":            {Status: 200, NoBody: true, After: true},
		"not JSON":           {Status: 200, Body: "ahoy", After: true},
		"of another account": {Rewrite: func(body string) string { return strings.ReplaceAll(body, `"account_sid":"AC`, `"account_sid":"ACx`) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for skip := range 14 {
				for _, times := range []int{1, -1} {
					synctest.Test(t, func(t *testing.T) {
						v := newTokenVault(t, twiliotest.WithClock(time.Now))
						client := newClientOf(t, v.srv, v.srv.Transport())
						fault := fault
						fault.Skip, fault.Times = skip, times
						v.srv.Inject(fault)
						account, err := v.rotate(t.Context(), client, twilio.Secret{})
						v.srv.ClearFaults()
						v.checkAccessible()
						if err != nil {
							account, err = v.rotate(t.Context(), client, v.saved)
						}
						v.checkDone(account, err)
					})
					if t.Failed() {
						t.Fatalf("after %d requests, %d times", skip, times)
					}
				}
			}
		})
	}
}

// TestRotateAuthTokenSaveFails: what Save couldn't store isn't put in force.
func TestRotateAuthTokenSaveFails(t *testing.T) {
	t.Parallel()
	v := newTokenVault(t)
	client, old := v.srv.Client(), v.customer.AuthToken.Reveal()
	full := errors.New("disk full")
	account, err := client.Accounts.RotateAuthToken(t.Context(), v.customer.SID, twilio.RotateAuthTokenParams{
		Save: func(context.Context, twilio.Secret) error { return full },
	})
	if account != nil || !errors.Is(err, full) {
		t.Errorf("got %v, %v", account, err)
	}
	if v.primary() != old || !v.works(old) {
		t.Error("the old token was replaced")
	}
	account, err = v.rotate(t.Context(), client, twilio.Secret{})
	v.checkDone(account, err)
}

// TestRotateAuthTokenOldTokenWorksOn: a token that leaked and works on is told of.
func TestRotateAuthTokenOldTokenWorksOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := newTokenVault(t, twiliotest.WithClock(time.Now), twiliotest.WithAuthTokenRules(twiliotest.AuthTokenRules{OldTokenWorks: time.Hour}))
		begin := time.Now()
		account, err := v.rotate(t.Context(), v.srv.Client(), twilio.Secret{})
		took := time.Since(begin)
		e, ok := errors.AsType[*twilio.TransportError](err)
		if !ok || !errors.Is(err, twilio.ErrOldAuthToken) || errors.Is(err, twilio.ErrOutcomeUnknown) || !strings.Contains(e.Error(), "old AuthToken") {
			t.Errorf("got %v", err)
		}
		if account == nil || account.AuthToken.Reveal() != v.saved.Reveal() || !v.works(v.saved.Reveal()) {
			t.Error("the new token isn't in force")
		}
		if took < 40*time.Second || took > time.Minute {
			t.Errorf("took %v, want about a minute", took)
		}

		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		begin = time.Now()
		v = newTokenVault(t, twiliotest.WithClock(time.Now), twiliotest.WithAuthTokenRules(twiliotest.AuthTokenRules{OldTokenWorks: time.Hour}))
		if _, err := v.rotate(ctx, v.srv.Client(), twilio.Secret{}); !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != 5*time.Second {
			t.Errorf("got %v after %v, want the context's end to count", err, time.Since(begin))
		}
	})
}

// TestRotateAuthTokenRefusals: what isn't a subaccount's token to rotate is left
// alone.
func TestRotateAuthTokenRefusals(t *testing.T) {
	t.Parallel()
	v := newTokenVault(t)
	client, sid := v.srv.Client(), v.customer.SID
	suspended := v.srv.AddSubaccount(twilio.Account{Status: twilio.AccountStatusSuspended})
	key, _ := v.srv.AddKey(v.srv.AccountSID, "main")
	own := client.WithCredentials(v.customer.Credentials())
	save := twilio.RotateAuthTokenParams{Save: v.save}
	for _, test := range []struct {
		field  string
		client *twilio.Client
		sid    string
		params twilio.RotateAuthTokenParams
	}{
		{"sid", client, v.srv.AccountSID, save},
		{"sid", own, sid, save},
		{"sid", client, suspended.SID, save},
		{"sid", client, "PN1", save},
		{"Subaccount", client.WithCredentials(key), sid, save},
		{"Save", client, sid, twilio.RotateAuthTokenParams{}},
		{"RevocationWait", client, sid, twilio.RotateAuthTokenParams{Save: v.save, RevocationWait: -1}},
	} {
		_, err := test.client.Accounts.RotateAuthToken(t.Context(), test.sid, test.params)
		e, ok := errors.AsType[*twilio.ParamError](err)
		if !ok || e.Field != test.field || e.Operation != "accounts.rotate_auth_token" {
			t.Errorf("%s: got %v", test.field, err)
		}
	}
	if _, err := own.Accounts.RotateAuthToken(t.Context(), v.srv.AccountSID, save); !errors.Is(err, twilio.ErrUnauthorized) {
		t.Errorf("the main account's token, by a subaccount: %v", err)
	}
	for _, sent := range v.srv.Requests() {
		if sent.Method != http.MethodGet {
			t.Errorf("sent %s %s", sent.Method, sent.Path)
		}
	}
	if len(v.seen) > 0 {
		t.Error("Save was called")
	}
}

// TestRotateAuthTokensOfAFleet rotates the tokens of many accounts at once.
func TestRotateAuthTokensOfAFleet(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	old := map[string]string{}
	for range 20 {
		account := srv.AddSubaccount(twilio.Account{})
		old[account.SID] = account.AuthToken.Reveal()
	}
	client := srv.Client()
	var mu sync.Mutex
	saved := map[string]string{}
	err := client.Accounts.ForEach(t.Context(), twilio.AccountListParams{}, twilio.ForEachParams{}, func(ctx context.Context, _ *twilio.Client, account *twilio.Account) error {
		_, err := client.Accounts.RotateAuthToken(ctx, account.SID, twilio.RotateAuthTokenParams{Save: func(_ context.Context, token twilio.Secret) error {
			mu.Lock()
			defer mu.Unlock()
			saved[account.SID] = token.Reveal()
			return nil
		}})
		return err
	})
	if err != nil || len(saved) != len(old) {
		t.Fatalf("%d of %d were saved: %v", len(saved), len(old), err)
	}
	for account, err := range client.Accounts.All(t.Context(), twilio.AccountListParams{}) {
		if err != nil {
			t.Fatal(err)
		}
		if token := account.AuthToken.Reveal(); token != saved[account.SID] && account.SID != srv.AccountSID || token == old[account.SID] {
			t.Errorf("%s has another token than was saved", account.SID)
		}
	}
}

// TestRotateAuthTokenSuppressesEmail: each change that Twilio would write about
// says so.
func TestRotateAuthTokenSuppressesEmail(t *testing.T) {
	t.Parallel()
	for _, suppress := range []bool{false, true} {
		v := newTokenVault(t)
		_, err := v.srv.Client().Accounts.RotateAuthToken(t.Context(), v.customer.SID, twilio.RotateAuthTokenParams{Save: v.save, SuppressEmail: suppress})
		if err != nil {
			t.Fatal(err)
		}
		changes := slices.DeleteFunc(v.srv.Requests(), func(r twiliotest.Request) bool { return r.Method == http.MethodGet })
		if len(changes) != 2 {
			t.Errorf("%d changes, want two", len(changes))
		}
		for _, change := range changes {
			if got := change.Form.Get("SuppressEmailNotification"); (got == "true") != suppress {
				t.Errorf("%s says %q", change.Path, got)
			}
		}
	}
}

// TestRotateAuthTokenLostResponses: what happened is found out in the same run.
func TestRotateAuthTokenLostResponses(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/AuthTokens/Secondary", "/AuthTokens/Promote"} {
		for name, fault := range map[string]twiliotest.Fault{
			"before": {Reset: twiliotest.ResetBefore}, "after": {Reset: twiliotest.ResetAfter}, "500": {Status: 500}, "500 after": {Status: 500, After: true},
		} {
			v := newTokenVault(t)
			fault.Path, fault.Method = path, http.MethodPost
			v.srv.Inject(fault)
			account, err := v.rotate(t.Context(), newClientOf(t, v.srv, v.srv.Transport()), twilio.Secret{})
			if v.checkDone(account, err); len(v.seen) != 1 {
				t.Errorf("%s, %s: Save was called %d times", path, name, len(v.seen))
			}
		}
	}
}

// TestRotateAuthTokenOfTheWrongAccount: a token that isn't the subaccount's is
// neither stored nor promoted.
func TestRotateAuthTokenOfTheWrongAccount(t *testing.T) {
	t.Parallel()
	v := newTokenVault(t)
	v.srv.Inject(twiliotest.Fault{Path: "/AuthTokens/Secondary", Rewrite: func(body string) string {
		return strings.ReplaceAll(body, v.customer.SID, v.srv.AccountSID)
	}})
	_, err := v.rotate(t.Context(), v.srv.Client(), twilio.Secret{})
	if _, ok := errors.AsType[*twilio.TransportError](err); !ok || len(v.seen) > 0 {
		t.Errorf("got %v, with %d tokens saved", err, len(v.seen))
	}
	for _, sent := range v.srv.Requests() {
		if strings.HasSuffix(sent.Path, "/Promote") {
			t.Error("a token was promoted")
		}
	}
}

// TestRotateAuthTokenGoesOnWithSaved: the token of an earlier run is promoted, and
// one that was promoted already isn't rotated again.
func TestRotateAuthTokenGoesOnWithSaved(t *testing.T) {
	t.Parallel()
	v := newTokenVault(t)
	client := v.srv.Client()
	v.srv.Inject(twiliotest.Fault{Path: "/AuthTokens/Promote", Status: 429, Code: 21611})
	if _, err := v.rotate(t.Context(), client, twilio.Secret{}); err == nil {
		t.Fatal("no error")
	}
	saved := v.saved
	for range 2 {
		account, err := v.rotate(t.Context(), client, saved)
		if v.checkDone(account, err); v.primary() != saved.Reveal() {
			t.Error("another token was made")
		}
	}
	account, err := v.rotate(t.Context(), client, twilio.Secret{})
	if v.checkDone(account, err); v.primary() == saved.Reveal() {
		t.Error("the token wasn't rotated once more")
	}
}

// TestRotateAuthTokenByTwo has another process rotate the token at the same time:
// Save gets the token that is in force in the end.
func TestRotateAuthTokenByTwo(t *testing.T) {
	t.Parallel()
	v := newTokenVault(t)
	client, other := v.srv.Client(), &tokenVault{t: t, srv: v.srv, customer: v.customer}
	meanwhile := true
	account, err := client.Accounts.RotateAuthToken(t.Context(), v.customer.SID, twilio.RotateAuthTokenParams{
		Save: func(ctx context.Context, token twilio.Secret) error {
			if meanwhile {
				meanwhile = false
				if _, err := other.rotate(ctx, client, twilio.Secret{}); err != nil {
					t.Error(err)
				}
			}
			return v.save(ctx, token)
		},
	})
	v.checkDone(account, err)
}

// TestRotateAuthTokenIsShownLate: what Twilio accepts counts where it still shows
// the old token.
func TestRotateAuthTokenIsShownLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := newTokenVault(t, twiliotest.WithClock(time.Now))
		v.srv.Inject(twiliotest.Fault{Path: "/Promote", Reset: twiliotest.ResetAfter},
			twiliotest.Fault{Path: "/Accounts/" + v.customer.SID + ".json", Skip: 2, Times: 5, Rewrite: func(body string) string {
				return strings.ReplaceAll(body, v.saved.Reveal(), v.customer.AuthToken.Reveal())
			}})
		account, err := v.rotate(t.Context(), v.srv.Client(), twilio.Secret{})
		v.checkDone(account, err)
	})
}
