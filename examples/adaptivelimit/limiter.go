package adaptivelimit

import (
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/adaptivelimiter"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

const (
	// initialLimit and maxLimit bound the requests of one process to an account.
	initialLimit, maxLimit = 2, 200

	// probation is how long after a 429 a process tries one request more.
	probation = 30 * time.Second

	// target is the part of the ceiling to use: processes change their limits
	// at the same time, without knowing of each other.
	target = 0.96

	// penalty is how long a request that got a 429 keeps its place, by the time
	// that a request took that was served. Without it the next one in the queue
	// would get a 429 at once, and so on.
	penalty = 2

	// maxAccounts bounds how many accounts are remembered. One that is
	// forgotten starts over.
	maxAccounts = 1000
)

// A Transport limits how many requests of each account are in progress.
type Transport struct {
	base http.RoundTripper

	mu       sync.Mutex
	accounts map[string]*account
}

// New is an argument of twilio.WithTransport.
func New(base http.RoundTripper) http.RoundTripper {
	return &Transport{base: base, accounts: map[string]*account{}}
}

// RoundTrip waits until there is room for a request of the account.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	info, _ := twilio.RequestFromContext(r.Context())
	a := t.enter(info.AccountSID)
	defer t.leave(a)
	permit, err := a.limiter.AcquirePermit(r.Context())
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	res, err := t.base.RoundTrip(r)
	switch {
	case err != nil:
		permit.Drop()
		return nil, err
	case res.StatusCode == http.StatusTooManyRequests:
		wait(r, penalty*a.refused(concurrent(res)))
		permit.Drop()
	default:
		a.served(concurrent(res), time.Since(begun))
		permit.Record()
	}
	return res, nil
}

// concurrent is how many requests of the account were in progress, those of
// other processes included; 0 if Twilio doesn't say.
func concurrent(res *http.Response) float64 {
	n, _ := strconv.Atoi(res.Header.Get("Twilio-Concurrent-Requests"))
	return float64(n)
}

func wait(r *http.Request, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}

func (t *Transport) enter(sid string) *account {
	t.mu.Lock()
	defer t.mu.Unlock()
	a := t.accounts[sid]
	if a == nil {
		t.makeRoom()
		a = newAccount()
		t.accounts[sid] = a
	}
	a.requests++
	return a
}

// makeRoom forgets an account that has no requests.
func (t *Transport) makeRoom() {
	if len(t.accounts) < maxAccounts {
		return
	}
	for sid, a := range t.accounts {
		if a.requests == 0 {
			delete(t.accounts, sid)
			return
		}
	}
}

func (t *Transport) leave(a *account) {
	t.mu.Lock()
	defer t.mu.Unlock()
	a.requests--
}

// An account is what a process knows of the limit of an account.
type account struct {
	limiter  adaptivelimiter.AdaptiveLimiter[any]
	requests int // in progress or waiting; guarded by the Transport

	mu      sync.Mutex
	ceiling float64       // how many requests of all processes Twilio accepts
	since   time.Time     // when the ceiling was last changed
	peak    float64       // the most that were in progress since the last update
	took    time.Duration // by the last request that was served
}

func newAccount() *account {
	a := &account{ceiling: math.Inf(1)}
	a.limiter = adaptivelimiter.NewBuilder[any]().
		WithLimits(1, maxLimit, initialLimit).
		WithRecentWindow(100*time.Millisecond, time.Second, 5).
		WithMaxLimitFunc(a.share).
		Build()
	return a
}

// served notes how many requests were in progress when one was accepted, and
// how long it took.
func (a *account) served(concurrent float64, took time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.peak = max(a.peak, concurrent)
	a.took = took
}

// refused lowers the ceiling to what was in progress besides a refused request,
// and returns how long a request takes that is served.
func (a *account) refused(concurrent float64) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	if concurrent == 0 { // without the header there is only this process
		concurrent = float64(a.limiter.Inflight())
	}
	a.peak = max(a.peak, concurrent)
	a.ceiling, a.since = max(1, min(a.ceiling, concurrent-1)), time.Now()
	return a.took
}

// share is how many requests this process may have at once: the part of the
// ceiling that it has of all requests in progress, and twice as many as now
// while no ceiling is known. The limiter calls it when it updates its limit.
func (a *account) share(inflight int) float64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	if time.Since(a.since) > probation {
		a.ceiling, a.since = a.ceiling+1, time.Now()
	}
	mine := float64(inflight)
	all := max(a.peak, mine)
	a.peak = 0
	// The limiter rounds down. With small shares, that would leave a part of
	// the ceiling unused.
	return max(1, mine*min(2, target*a.ceiling/max(1, all))+rand.Float64())
}
