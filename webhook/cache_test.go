package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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

// A family is a main account on the fake with one subaccount, and a receiver of
// their webhooks.
type family struct {
	t      *testing.T
	srv    *twiliotest.Server
	sub    twilio.Account
	cache  *webhook.Cache
	verify *webhook.Verifier
}

func newFamily(t *testing.T, opts ...webhook.CacheOption) *family {
	t.Helper()
	srv := twiliotest.NewUnstartedServer()
	f := &family{t: t, srv: srv, sub: srv.AddSubaccount(twilio.Account{})}
	f.cache = webhook.FromMain(srv.Client(twilio.WithMaxRetries(0)), opts...)
	f.verify = newVerifier(t, f.cache)
	return f
}

// status is the status that a webhook about an account meets, signed with a
// token.
func (f *family) status(accountSID, token string) int {
	f.t.Helper()
	r := signed(f.t, hook, token, form(accountSID))
	return record(f.verify, r, func(http.ResponseWriter, *http.Request) {}).Code
}

func (f *family) wants(status int, accountSID, token string) {
	f.t.Helper()
	if got := f.status(accountSID, token); got != status {
		f.t.Errorf("status %d, want %d", got, status)
	}
}

// requests returns how many requests the fake has received since it was last
// asked.
func (f *family) requests() int {
	n := len(f.srv.Requests())
	f.srv.ResetRequests()
	return n
}

func (f *family) wantsRequests(n int) {
	f.t.Helper()
	if got := f.requests(); got != n {
		f.t.Errorf("%d requests to Twilio, want %d", got, n)
	}
}

// rotate gives the subaccount a new token and returns the old one and the new.
func (f *family) rotate() (old, current string) {
	f.t.Helper()
	params := twilio.RotateAuthTokenParams{Save: func(context.Context, twilio.Secret) error { return nil }}
	old = f.sub.AuthToken.Reveal()
	account, err := f.srv.Client().Accounts.RotateAuthToken(f.t.Context(), f.sub.SID, params)
	if err != nil {
		f.t.Fatal(err)
	}
	f.sub = *account
	f.requests()
	return old, account.AuthToken.Reveal()
}

func invented(i int) string { return fmt.Sprintf("AC%032x", i) }

func TestFromMainKnowsTheWholeFamily(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.wants(200, f.sub.SID, f.sub.AuthToken.Reveal())
	f.wants(200, f.srv.AccountSID, f.srv.AuthToken)
	f.wants(403, f.sub.SID, f.srv.AuthToken) // signed with the main account's
	f.wants(403, invented(1), f.srv.AuthToken)
	f.wantsRequests(3)
	for range 10 {
		f.wants(200, f.sub.SID, f.sub.AuthToken.Reveal())
		f.wants(403, invented(1), f.srv.AuthToken)
		f.wants(403, f.sub.SID, "wrong")
	}
	f.wantsRequests(0)
	later := f.srv.AddSubaccount(twilio.Account{})
	f.wants(200, later.SID, later.AuthToken.Reveal())
}

func TestRequestsShareALookUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFamily(t)
		f.srv.Inject(twiliotest.Fault{Path: "/Accounts/", Delay: 3 * time.Second})
		// The request that begins the look-up ends before it.
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var wg sync.WaitGroup
		var ok atomic.Int32
		for i := range 100 {
			r := signed(t, hook, f.sub.AuthToken.Reveal(), form(f.sub.SID))
			if i == 0 {
				r = r.WithContext(ctx)
			}
			wg.Go(func() {
				if _, err := f.verify.Verify(r); err == nil {
					ok.Add(1)
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		if ok.Load() != 100 {
			t.Errorf("%d of 100 requests were verified", ok.Load())
		}
		f.wantsRequests(1)

		// A request that waits ends with its context.
		f.cache.Forget(f.sub.SID)
		f.srv.Inject(twiliotest.Fault{Path: "/Accounts/", Delay: 3 * time.Second})
		wg.Go(func() { f.wants(200, f.sub.SID, f.sub.AuthToken.Reveal()) })
		synctest.Wait()
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		_, err := f.verify.Verify(signed(t, hook, f.sub.AuthToken.Reveal(), form(f.sub.SID)).WithContext(ctx))
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, webhook.ErrUnavailable) || time.Since(began) != time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		wg.Wait()
	})
}

// However many accounts are invented, Twilio sees a few requests, accounts that
// are known stay so, and those that aren't are found.
func TestInventedAccountsCostNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFamily(t)
		f.wants(200, f.sub.SID, f.sub.AuthToken.Reveal())
		f.requests()
		next := 0
		flood := func(n int) {
			for range n {
				next++
				f.wants(403, invented(next), "wrong")
			}
		}
		flood(5000)
		if n := f.requests(); n > 10 {
			t.Errorf("5,000 invented accounts caused %d requests", n)
		}
		f.wants(200, f.sub.SID, f.sub.AuthToken.Reveal())
		f.wantsRequests(0)

		// An account that is made in the meantime is found with the next list.
		later := f.srv.AddSubaccount(twilio.Account{})
		for range 10 {
			<-time.After(time.Second)
			flood(500)
		}
		f.wants(200, later.SID, later.AuthToken.Reveal())
		if n := f.requests(); n > 12 {
			t.Errorf("ten seconds of invented accounts caused %d requests", n)
		}
	})
}

// While all accounts are listed, others wait for the same list.
func TestRequestsShareAList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFamily(t, webhook.WithLookUps(0))
		f.wants(403, invented(0), "wrong") // the only look-up
		f.requests()
		f.srv.Inject(twiliotest.Fault{Path: "/Accounts.json", Delay: 3 * time.Second})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() { f.wants(403, invented(1+i), "wrong") })
		}
		synctest.Wait()
		for range 50 {
			wg.Go(func() { f.wants(200, f.sub.SID, f.sub.AuthToken.Reveal()) })
		}
		_, err := f.verify.Verify(signed(t, hook, "wrong", form(invented(99))).WithContext(ctx))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a request that ends while it waits: %v", err)
		}
		wg.Wait()
		f.wantsRequests(1)
	})
}

// Twilio is slow while accounts are invented: only so many requests wait, and
// only for so long.
func TestWaitingIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFamily(t, webhook.WithLookUps(0))
		f.wants(403, invented(0), "wrong") // the only look-up
		f.srv.Inject(twiliotest.Fault{Path: "/Accounts.json", Delay: 20 * time.Second})
		var wg sync.WaitGroup
		var refused atomic.Int32
		for i := range 10_000 + 1 + 500 {
			wg.Go(func() {
				if _, err := f.cache.Tokens(t.Context(), invented(1+i)); err == nil {
					t.Error("an invented account has tokens")
				}
				refused.Add(1)
			})
		}
		synctest.Wait()
		if n := refused.Load(); n != 500 {
			t.Errorf("%d of 500 too many are refused at once", n)
		}
		<-time.After(10 * time.Second)
		synctest.Wait()
		if n := refused.Load(); n != 500+10_000 {
			t.Errorf("%d are refused after ten seconds", n)
		}
		wg.Wait()
		f.wants(200, f.sub.SID, f.sub.AuthToken.Reveal()) // the list has it
	})
}

func TestAListThatFailsIsNoReasonToRefuse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFamily(t, webhook.WithLookUps(0))
		f.wants(403, invented(0), "wrong")
		f.srv.Inject(twiliotest.Fault{Path: "/Accounts.json", Status: 500, Times: -1})
		f.wants(503, f.sub.SID, f.sub.AuthToken.Reveal())
		f.requests()
		f.wants(503, f.sub.SID, f.sub.AuthToken.Reveal())
		f.wantsRequests(0)
		f.srv.ClearFaults()
		<-time.After(10 * time.Second)
		f.wants(200, f.sub.SID, f.sub.AuthToken.Reveal())
		f.wantsRequests(1)

		// Nor is one with more accounts than are remembered.
		f = newFamily(t, webhook.WithLookUps(0), webhook.WithMaxAccounts(1))
		f.wants(403, invented(0), "wrong")
		f.wants(503, invented(1), "wrong")

		// Nor does it push out an account that is known.
		f = newFamily(t, webhook.WithMaxAccounts(2))
		for range 5 {
			f.srv.AddSubaccount(twilio.Account{})
		}
		f.wants(200, f.sub.SID, f.sub.AuthToken.Reveal())
		for i := range 20 {
			f.status(invented(i), "wrong")
		}
		f.requests()
		f.wants(200, f.sub.SID, f.sub.AuthToken.Reveal())
		f.wantsRequests(0)
	})
}

func TestBothTokensPassAfterARotation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFamily(t, webhook.WithGrace(5*time.Minute))
		f.wants(200, f.sub.SID, f.sub.AuthToken.Reveal())
		old, current := f.rotate()
		f.cache.Forget(f.sub.SID)
		f.wants(200, f.sub.SID, old)
		f.wants(200, f.sub.SID, current)
		f.wantsRequests(1)
		<-time.After(5*time.Minute - time.Second)
		f.wants(200, f.sub.SID, old)
		<-time.After(time.Second)
		f.wants(403, f.sub.SID, old)
		f.wants(200, f.sub.SID, current)

		// Each of several rotations within a grace period has its own.
		first := f.sub.AuthToken.Reveal()
		_, second := f.rotate()
		f.cache.Forget(f.sub.SID)
		f.wants(200, f.sub.SID, second)
		<-time.After(3 * time.Minute)
		_, third := f.rotate()
		f.cache.Forget(f.sub.SID)
		f.wants(200, f.sub.SID, third)
		f.wants(200, f.sub.SID, second)
		f.wants(200, f.sub.SID, first)
		<-time.After(2 * time.Minute)
		f.wants(403, f.sub.SID, first)
		f.wants(200, f.sub.SID, second)
		<-time.After(3 * time.Minute)
		f.wants(403, f.sub.SID, second)
		f.wants(200, f.sub.SID, third)

		// The number of tokens has a limit, which leaves out the oldest.
		tokens := []string{third}
		for range 5 {
			_, current := f.rotate()
			f.cache.Forget(f.sub.SID)
			f.wants(200, f.sub.SID, current)
			tokens = append(tokens, current)
		}
		for i, token := range tokens {
			want := 200
			if i < len(tokens)-4 {
				want = 403
			}
			f.wants(want, f.sub.SID, token)
		}

		// A token that has leaked is refused at once.
		f = newFamily(t, webhook.WithGrace(0))
		f.wants(200, f.sub.SID, f.sub.AuthToken.Reveal())
		old, current = f.rotate()
		f.cache.Forget(f.sub.SID)
		f.wants(403, f.sub.SID, old)
		f.wants(200, f.sub.SID, current)
	})
}

// Another process may have rotated the token.
func TestANewTokenIsNoticed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFamily(t)
		f.wants(200, f.sub.SID, f.sub.AuthToken.Reveal())
		<-time.After(30 * time.Second)
		old, current := f.rotate()
		f.wants(200, f.sub.SID, old) // no reason to look it up
		f.wantsRequests(0)
		f.wants(200, f.sub.SID, current)
		f.wants(200, f.sub.SID, old)
		f.wantsRequests(1)

		// Signatures that match nothing cause a look-up every ten seconds.
		for range 600 {
			<-time.After(100 * time.Millisecond)
			f.wants(403, f.sub.SID, "wrong")
		}
		f.wantsRequests(6)
		<-time.After(time.Minute)
		f.srv.Inject(twiliotest.Fault{Path: "/Accounts/", Status: 503})
		f.wants(503, f.sub.SID, "wrong")
	})
}

// Somebody who knows accounts of yours, and forges their signatures, can't keep
// a new token from being noticed.
func TestForgeriesDoNotHideANewToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFamily(t)
		f.wants(200, f.sub.SID, f.sub.AuthToken.Reveal())
		var others []twilio.Account
		for range 50 {
			others = append(others, f.srv.AddSubaccount(twilio.Account{}))
		}
		forge := func(seconds int) {
			for range seconds {
				<-time.After(time.Second)
				for _, a := range others {
					f.wants(403, a.SID, "wrong")
				}
			}
		}
		forge(30)
		_, current := f.rotate()
		forge(10)
		f.wants(200, f.sub.SID, current)
		if n := f.requests(); n > 10+2 {
			t.Errorf("ten seconds of forgeries caused %d requests", n)
		}
	})
}

// A look-up that was under way when Forget was called may have read the token
// before the rotation.
func TestForgetDuringALookUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var reads []string
		store := func(ctx context.Context, _ string) ([]twilio.Secret, error) {
			mu.Lock()
			read := fmt.Sprint("token", len(reads))
			reads = append(reads, read)
			mu.Unlock()
			<-time.After(time.Second)
			return []twilio.Secret{twilio.NewSecret(read)}, ctx.Err()
		}
		f := &family{t: t, cache: webhook.FromStore(store)}
		f.verify = newVerifier(t, f.cache)
		var wg sync.WaitGroup
		wg.Go(func() { f.wants(200, accountSID, "token0") })
		synctest.Wait()
		f.cache.Forget(accountSID)
		f.wants(200, accountSID, "token1")
		wg.Wait()
		f.wants(200, accountSID, "token1")
		f.wants(200, accountSID, "token0")
		if len(reads) != 2 {
			t.Errorf("%d look-ups", len(reads))
		}
	})
}

// A look-up that was under way when Forget was called says nothing of an account
// that has been made since, nor does its failure.
func TestForgetDuringALookUpThatFails(t *testing.T) {
	t.Parallel()
	for _, failure := range []error{webhook.ErrUnknownAccount, errors.New("the store is down")} {
		synctest.Test(t, func(t *testing.T) {
			var lookUps atomic.Int32
			f := &family{t: t, cache: webhook.FromStore(func(context.Context, string) ([]twilio.Secret, error) {
				if lookUps.Add(1) == 1 {
					<-time.After(time.Second)
					return nil, failure
				}
				return []twilio.Secret{twilio.NewSecret(token)}, nil
			})}
			f.verify = newVerifier(t, f.cache)
			var wg sync.WaitGroup
			wg.Go(func() {
				if _, err := f.cache.Tokens(t.Context(), accountSID); !errors.Is(err, failure) {
					t.Errorf("the first look-up: %v", err)
				}
			})
			synctest.Wait()
			f.cache.Forget(accountSID)
			f.wants(200, accountSID, token)
			wg.Wait()
			f.wants(200, accountSID, token)
			if n := lookUps.Load(); n != 2 {
				t.Errorf("%d look-ups", n)
			}
		})
	}
}

// Nor does a list that was under way have the token of an account that wasn't
// cached when Forget was called.
func TestForgetDuringAList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFamily(t, webhook.WithLookUps(0), webhook.WithGrace(0))
		f.wants(403, invented(0), "wrong") // the only look-up
		f.srv.Inject(twiliotest.Fault{Path: "/Accounts.json", Delay: 3 * time.Second, After: true})
		var wg sync.WaitGroup
		wg.Go(func() { f.wants(403, invented(1), "wrong") })
		synctest.Wait()
		sid, leaked := f.sub.SID, f.sub.AuthToken.Reveal()
		wg.Go(func() { f.wants(403, sid, leaked) }) // waits for the list
		synctest.Wait()
		old, current := f.rotate()
		f.cache.Forget(f.sub.SID)
		wg.Wait()
		f.wants(403, f.sub.SID, old)
		f.wants(200, f.sub.SID, current)
		f.wantsRequests(2) // the list and a look-up
	})
}

func TestTokensHaveAnAge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFamily(t, webhook.WithMaxAge(time.Minute))
		own := f.sub.AuthToken.Reveal()
		f.wants(200, f.sub.SID, own)
		<-time.After(time.Minute - time.Second)
		f.wants(200, f.sub.SID, own)
		f.wantsRequests(1)
		<-time.After(time.Second)
		f.srv.Inject(twiliotest.Fault{Path: "/Accounts/", Status: 503})
		for range 10 {
			f.wants(503, f.sub.SID, own) // the failure is remembered for a second
		}
		f.wantsRequests(1)
		<-time.After(time.Second)
		f.wants(200, f.sub.SID, own)
		f.wantsRequests(1)
		// A stranger is remembered for 30 seconds.
		f.wants(403, invented(1), own)
		<-time.After(30*time.Second - 1)
		f.wants(403, invented(1), own)
		f.wantsRequests(1)
		<-time.After(time.Nanosecond)
		f.wants(403, invented(1), own)
		f.wantsRequests(1)
	})
}

func TestALookUpHasATimeLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFamily(t)
		f.srv.Inject(twiliotest.Fault{Path: "/Accounts/", Delay: time.Hour})
		began := time.Now()
		f.wants(503, f.sub.SID, f.sub.AuthToken.Reveal())
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("it took %v", took)
		}
		f.wants(200, f.sub.SID, f.sub.AuthToken.Reveal())
	})
}

func TestAPIKeysSeeNoTokens(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	key, _ := f.srv.AddKey(f.srv.AccountSID, "")
	f.verify = newVerifier(t, webhook.FromMain(f.srv.Client().WithCredentials(key)))
	for range 20 {
		f.wants(503, f.sub.SID, "")
	}
}

func TestOwnCredentialsAreASource(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.verify = newVerifier(t, webhook.FromMain(f.srv.Client().WithCredentials(f.sub.Credentials())))
	f.wants(200, f.sub.SID, f.sub.AuthToken.Reveal())
	f.wants(403, f.srv.AccountSID, f.srv.AuthToken)
	f.wants(403, invented(1), f.sub.AuthToken.Reveal())
}

// Twilio may refuse the credentials for accounts of others, too. That says
// nothing of the account unless the credentials are good.
func TestAccountsThatTheCredentialsDoNotReach(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	f.srv.Inject(twiliotest.Fault{Path: "/Accounts/" + invented(1), Status: 401, Times: -1})
	f.wants(403, invented(1), f.sub.AuthToken.Reveal())
	f.requests()
	f.wants(403, invented(1), f.sub.AuthToken.Reveal())
	f.wantsRequests(0) // it is remembered

	f.srv.Inject(twiliotest.Fault{Path: "/Accounts/", Status: 401, Times: -1})
	f.wants(503, f.sub.SID, f.sub.AuthToken.Reveal())
	f.srv.ClearFaults()
	f.wants(200, f.sub.SID, f.sub.AuthToken.Reveal())
}

// Twilio's documentation doesn't say whose token signs the debugger's webhook
// about a subaccount.
func TestTheDebuggerMayUseTheMainAccountsToken(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	other := f.srv.AddSubaccount(twilio.Account{})
	send := func(parent, token string) error {
		sid, err := f.verify.Verify(signed(t, hook, token, form(f.sub.SID, "ParentAccountSid", parent)))
		if err == nil && sid != f.sub.SID {
			t.Errorf("verified for %s", sid)
		}
		return err
	}
	if err := errors.Join(send(f.srv.AccountSID, f.srv.AuthToken), send(f.srv.AccountSID, f.sub.AuthToken.Reveal())); err != nil {
		t.Error(err)
	}
	if send(other.SID, other.AuthToken.Reveal()) == nil {
		t.Error("a customer's own token signs for another customer")
	}
}

func TestFromStore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var lookUps int
		upper := "AC" + strings.ToUpper(accountSID[2:]) // allowed by Twilio's specification
		store := func(_ context.Context, sid string) ([]twilio.Secret, error) {
			lookUps++
			switch {
			case sid == accountSID, sid == upper:
				return []twilio.Secret{twilio.NewSecret(token), twilio.NewSecret("secondary")}, nil
			case lookUps%2 == 0:
				return nil, fmt.Errorf("no row: %w", webhook.ErrUnknownAccount)
			default:
				return nil, nil
			}
		}
		f := &family{t: t, cache: webhook.FromStore(store, webhook.WithLookUps(5))}
		f.verify = newVerifier(t, f.cache)
		f.wants(200, accountSID, token)
		f.wants(200, accountSID, "secondary")
		f.wants(403, accountSID, "")
		f.wants(200, upper, token)
		for i := range 48 {
			f.wants(403, invented(i), token)
			f.wants(403, invented(i), token)
		}
		if lookUps != 50 {
			t.Errorf("%d look-ups, want 50", lookUps)
		}
		for i := range 1000 {
			f.wants(503, invented(1000+i), token)
		}
		f.wants(403, "AC"+invented(1), token) // not a SID: no look-up, and no limit
		f.wants(200, accountSID, token)
		if lookUps != 50 {
			t.Errorf("%d look-ups beyond the limit", lookUps-50)
		}
		<-time.After(time.Second)
		for i := range 6 {
			f.wants([]int{403, 503}[i/5], invented(2000+i), token)
		}
	})
}

func TestTheLeastRecentlyUsedAccountGoesFirst(t *testing.T) {
	t.Parallel()
	var lookUps []string
	store := func(_ context.Context, sid string) ([]twilio.Secret, error) {
		lookUps = append(lookUps, sid[33:])
		return []twilio.Secret{twilio.NewSecret(token)}, nil
	}
	f := &family{t: t, cache: webhook.FromStore(store, webhook.WithMaxAccounts(2))}
	f.verify = newVerifier(t, f.cache)
	for _, i := range []int{1, 2, 1, 3, 1, 2, 1} {
		f.wants(200, invented(i), token)
	}
	if got := fmt.Sprint(lookUps); got != "[1 2 3 2]" {
		t.Errorf("look-ups of %s", got)
	}
}

// A caller may keep the tokens that it gets, and change them.
func TestTokensBelongToTheCaller(t *testing.T) {
	t.Parallel()
	cache := webhook.FromStore(func(context.Context, string) ([]twilio.Secret, error) {
		return []twilio.Secret{twilio.NewSecret(token)}, nil
	})
	for name, source := range map[string]webhook.Tokens{"a cache": cache, "static tokens": webhook.Static(accountSID, token)} {
		v := newVerifier(t, source)
		for range 3 {
			tokens, err := source.Tokens(t.Context(), accountSID)
			if err != nil {
				t.Fatal(err)
			}
			clear(tokens)
			if _, err := v.Verify(signed(t, hook, token, form(accountSID))); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestAStoreThatPanics(t *testing.T) {
	t.Parallel()
	first := true
	cache := webhook.FromStore(func(context.Context, string) ([]twilio.Secret, error) {
		if first {
			first = false
			panic("store")
		}
		return []twilio.Secret{twilio.NewSecret(token)}, nil
	})
	func() {
		defer func() {
			if recover() != "store" {
				t.Error("the panic is lost")
			}
		}()
		_, _ = cache.Tokens(t.Context(), accountSID)
	}()
	if tokens, err := cache.Tokens(t.Context(), accountSID); err != nil || len(tokens) != 1 {
		t.Errorf("afterwards: %v, %v", tokens, err)
	}
}
