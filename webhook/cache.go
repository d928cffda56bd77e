package webhook

import (
	"container/list"
	"context"
	"errors"
	"iter"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

const (
	defaultMaxAccounts = 50_000
	defaultMaxAge      = time.Hour
	defaultGrace       = 10 * time.Minute

	// lookUpTimeout bounds a look-up. Twilio waits 15 s for a webhook.
	lookUpTimeout = 10 * time.Second
	// listTimeout bounds reading all accounts, 1,000 a request.
	listTimeout = 2 * time.Minute
	// listEvery is the minimum time between two lists.
	listEvery = 10 * time.Second
	// renewEvery is the minimum age of a token that is looked up again because
	// a signature doesn't match it.
	renewEvery = 10 * time.Second
	// failureAge is how long the failure of a look-up is remembered.
	failureAge = time.Second
	// unknownAge is how long an unknown account is remembered.
	unknownAge = 30 * time.Second
	// maxUnknown bounds how many of them are remembered.
	maxUnknown = 10_000
	// parallelLookUps is how many look-ups run at a time.
	parallelLookUps = 8
	// maxWaiting bounds how many requests wait for look-ups of other requests.
	maxWaiting = 10_000
	// burst is how many seconds' worth of look-ups may come at once.
	burst = 10
)

var (
	errBusy        = errors.New("twilio: too many requests name accounts that aren't cached; raise WithLookUps if Twilio sent them")
	errNoToken     = errors.New("twilio: the account's AuthToken is empty; read it with an AuthToken, not with an API key")
	errInterrupted = errors.New("twilio: looking up an account's AuthToken was interrupted")
	errTimeout     = errors.New("twilio: looking up an account's AuthToken takes too long")
)

// A Cache is a [Tokens] that looks up the AuthTokens of accounts and keeps
// them, up to a number of accounts and an age. [FromMain] and [FromStore]
// return one. It is safe for concurrent use.
//
// A request can name any account until it is verified, so a Cache limits the
// look-ups that forged requests can cause. Concurrent requests about an account
// share a look-up. Look-ups of accounts that aren't in the cache are limited in
// rate, and so are those of an account whose cached tokens a signature doesn't
// match, which is how a [Verifier] notices a rotation that [Cache.Forget]
// wasn't called for. Accounts that don't exist are cached for half a minute,
// and never push out those that do.
type Cache struct {
	lookUpOne func(ctx context.Context, accountSID string) ([]twilio.Secret, error)
	// lookUpAll is nil where the accounts can't be listed.
	lookUpAll func(context.Context) iter.Seq2[*twilio.Account, error]
	owner     string
	cacheOptions
	slots   chan struct{}
	waiting atomic.Int32

	mu       sync.Mutex
	accounts map[string]*list.Element // of knownAccount
	recent   *list.List               // the accounts, last used first
	unknown  map[string]time.Time     // until when
	expiring []string                 // the unknown accounts, oldest first
	running  map[string]*lookUp
	budget   bucket

	listing  chan struct{} // closed when the list that is being read ends
	listed   time.Time     // when the last one ended
	complete bool          // whether it had all accounts
}

// A knownAccount is an account with its tokens.
type knownAccount struct {
	sid      string
	tokens   []twilio.Secret
	former   []formerToken // the last replaced first
	lookedUp time.Time     // zero to look them up again
	failed   time.Time
	failure  error
}

// A formerToken has been replaced, and is accepted for a grace period.
type formerToken struct {
	token twilio.Secret
	until time.Time
}

// valid returns the tokens that are accepted now, the current ones first.
func (a *knownAccount) valid() []twilio.Secret {
	now, valid := time.Now(), slices.Clip(a.tokens)
	for _, f := range a.former {
		if now.Before(f.until) {
			valid = append(valid, f.token)
		}
	}
	return valid
}

// replace sets the current tokens. Former ones that aren't among them are
// accepted for a grace period, the last of them if there are too many.
func (a *knownAccount) replace(former, current []twilio.Secret, grace time.Duration) {
	a.tokens = current
	if slices.EqualFunc(former, current, twilio.Secret.Equal) {
		return
	}
	until := time.Now().Add(grace)
	var kept []formerToken
	for _, token := range former {
		kept = append(kept, formerToken{token, until})
	}
	for _, f := range a.former {
		if !slices.ContainsFunc(former, f.token.Equal) {
			kept = append(kept, f)
		}
	}
	kept = slices.DeleteFunc(kept, func(f formerToken) bool { return slices.ContainsFunc(current, f.token.Equal) })
	a.former = kept[:min(len(kept), maxTokens-len(current))]
}

// A lookUp is a look-up in progress.
type lookUp struct {
	done      chan struct{}
	tokens    []twilio.Secret
	err       error
	forgotten bool // Forget was called in the meantime
}

// A CacheOption configures a [Cache].
type CacheOption func(*cacheOptions)

type cacheOptions struct {
	maxAccounts int
	maxAge      time.Duration
	grace       time.Duration
	perSecond   float64
}

// WithMaxAccounts sets how many accounts are cached; 50,000 by default, which
// takes about 20 MB. Beyond it, the least recently used are dropped. Values
// below 1 count as 1.
func WithMaxAccounts(n int) CacheOption { return func(o *cacheOptions) { o.maxAccounts = max(n, 1) } }

// WithMaxAge sets how long a token is cached; an hour by default. If the next
// look-up fails, requests about the account fail with [ErrUnavailable].
func WithMaxAge(d time.Duration) CacheOption { return func(o *cacheOptions) { o.maxAge = d } }

// WithGrace sets how long a token is accepted after another has replaced it,
// since requests that Twilio signed before may still be under way; 10 minutes
// by default. Set it to zero if tokens are rotated because they leaked.
func WithGrace(d time.Duration) CacheOption { return func(o *cacheOptions) { o.grace = d } }

// WithLookUps limits the look-ups of accounts that aren't cached, per second,
// with bursts of ten times as many. The default is 1 with [FromMain], which
// beyond the limit lists all accounts, at most once in 10 seconds. It is 20
// with [FromStore], which beyond the limit fails with [ErrUnavailable].
func WithLookUps(perSecond float64) CacheOption {
	return func(o *cacheOptions) { o.perSecond = perSecond }
}

func newCache(perSecond float64, opts []CacheOption) *Cache {
	c := &Cache{
		cacheOptions: cacheOptions{defaultMaxAccounts, defaultMaxAge, defaultGrace, perSecond},
		slots:        make(chan struct{}, parallelLookUps),
		accounts:     map[string]*list.Element{},
		recent:       list.New(),
		unknown:      map[string]time.Time{},
		running:      map[string]*lookUp{},
	}
	for _, opt := range opts {
		opt(&c.cacheOptions)
	}
	size := max(1, burst*c.perSecond)
	c.budget = bucket{rate: c.perSecond, size: size, level: size}
	return c
}

// FromStore returns a Cache of the tokens in your own store. The function
// returns the tokens of an account, or an error that matches
// [ErrUnknownAccount]. During a rotation, return both the old and the new
// token, so that no request is refused. Its context ends after 10 seconds, and
// not with the request, since other requests may wait for the same look-up.
func FromStore(store func(ctx context.Context, accountSID string) ([]twilio.Secret, error), opts ...CacheOption) *Cache {
	c := newCache(20, opts)
	c.lookUpOne = store
	return c
}

// FromMain returns a Cache of the tokens of a main account and all its
// subaccounts, which it reads from Twilio with the client. The client's
// credentials have to be the main account's AuthToken, since Twilio doesn't
// show tokens to API keys. With the AuthToken of a subaccount, the Cache has
// only that account.
func FromMain(client *twilio.Client, opts ...CacheOption) *Cache {
	c := newCache(1, opts)
	if client == nil {
		return c // which NewVerifier refuses
	}
	c.owner = client.AccountSID()
	c.lookUpOne = func(ctx context.Context, accountSID string) ([]twilio.Secret, error) {
		account, err := client.Accounts.Get(ctx, accountSID)
		switch {
		case err == nil:
			return []twilio.Secret{account.AuthToken}, nil
		case errors.Is(err, twilio.ErrNotFound), errors.Is(err, twilio.ErrUnauthorized) && readsTokens(ctx, client):
			return nil, ErrUnknownAccount
		default:
			return nil, err
		}
	}
	c.lookUpAll = func(ctx context.Context) iter.Seq2[*twilio.Account, error] {
		return client.Accounts.All(ctx, twilio.AccountListParams{})
	}
	return c
}

// readsTokens reports whether a client can read the token of its own account.
// If so, its credentials are good, and Twilio refuses them for other accounts
// because those aren't the client's.
func readsTokens(ctx context.Context, client *twilio.Client) bool {
	own, err := client.Accounts.Get(ctx, client.AccountSID())
	return err == nil && !own.AuthToken.IsZero()
}

func (c *Cache) check() error {
	if c == nil || c.lookUpOne == nil {
		return &twilio.ParamError{Field: "tokens", Reason: "has neither a client nor a function; pass FromMain a client or FromStore a function"}
	}
	if !(c.perSecond >= 0) { // NaN, too
		return &twilio.ParamError{Field: "WithLookUps", Reason: "is negative or not a number; pass a number of look-ups per second"}
	}
	return nil
}

func (c *Cache) ownerSID() string { return c.owner }

// Forget makes the next request about an account look up its token. Call it
// after a rotation, in each process that has a Cache: otherwise the former
// token is accepted for as long as it is cached, and the new one may be refused
// for up to 10 seconds. After Forget it is accepted for the time of
// [WithGrace].
func (c *Cache) Forget(accountSID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.unknown, accountSID)
	a := c.known(accountSID)
	if a == nil && c.listing != nil {
		a = c.remember(accountSID, nil) // the list may have read the token before the rotation
	}
	if a != nil {
		a.lookedUp, a.failed = time.Time{}, time.Time{}
	}
	if l := c.running[accountSID]; l != nil {
		l.forgotten = true // it may have read the token before the rotation
		delete(c.running, accountSID)
	}
}

// Tokens returns an account's tokens, the current one first. See [Tokens] for
// its errors.
func (c *Cache) Tokens(ctx context.Context, accountSID string) ([]twilio.Secret, error) {
	if !isAccountSID(accountSID) {
		return nil, ErrUnknownAccount
	}
	tokens, err := c.get(ctx, accountSID, c.maxAge)
	return slices.Clone(tokens), err // the caller may change them
}

// isAccountSID reports whether a string has the form of an account's SID.
// Nothing else is looked up or cached. Twilio's own are in lower case; its
// specification allows upper case as well.
func isAccountSID(sid string) bool {
	digits, ok := strings.CutPrefix(sid, "AC")
	return ok && len(digits) == 32 && strings.Trim(digits, "0123456789abcdefABCDEF") == ""
}

// renew looks an account's tokens up again, unless that was done recently.
func (c *Cache) renew(ctx context.Context, accountSID string) ([]twilio.Secret, error) {
	c.mu.Lock()
	a := c.known(accountSID)
	old := a != nil && time.Since(a.lookedUp) >= renewEvery
	affordable := old && c.budget.take()
	c.mu.Unlock()
	switch {
	case affordable:
		return c.get(ctx, accountSID, renewEvery)
	case old && c.lookUpAll != nil:
		return c.fromList(ctx, accountSID)
	default:
		return nil, nil
	}
}

// get returns an account's tokens, looked up no longer than maxAge ago.
func (c *Cache) get(ctx context.Context, accountSID string, maxAge time.Duration) ([]twilio.Secret, error) {
	c.mu.Lock()
	a := c.known(accountSID)
	switch {
	case a != nil && time.Since(a.lookedUp) < maxAge:
		defer c.mu.Unlock()
		return a.valid(), nil
	case a != nil && time.Since(a.failed) < failureAge:
		defer c.mu.Unlock()
		return nil, a.failure
	case time.Now().Before(c.unknown[accountSID]):
		defer c.mu.Unlock()
		return nil, ErrUnknownAccount
	}
	if l := c.running[accountSID]; l != nil {
		c.mu.Unlock()
		if err := c.wait(ctx, l.done); err != nil {
			return nil, err
		}
		return l.tokens, l.err
	}
	if a == nil && !c.budget.take() {
		c.mu.Unlock()
		return c.fromList(ctx, accountSID)
	}
	l := &lookUp{done: make(chan struct{}), err: errInterrupted}
	c.running[accountSID] = l
	c.mu.Unlock()
	c.run(ctx, accountSID, l)
	return l.tokens, l.err
}

// run looks an account up for every request that waits for it. If the store
// panics, they get errInterrupted.
func (c *Cache) run(ctx context.Context, accountSID string, l *lookUp) {
	defer close(l.done)
	defer c.finish(accountSID, l)
	l.tokens, l.err = c.lookUp(ctx, accountSID)
}

// wait waits for the look-up of another request.
func (c *Cache) wait(ctx context.Context, done <-chan struct{}) error {
	defer c.waiting.Add(-1)
	if c.waiting.Add(1) > maxWaiting {
		return errBusy
	}
	ctx, cancel := context.WithTimeoutCause(ctx, lookUpTimeout, errTimeout)
	defer cancel()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// lookUp looks an account up once a slot is free. Other requests may wait for
// the result, so it doesn't end with the request that started it.
func (c *Cache) lookUp(ctx context.Context, accountSID string) ([]twilio.Secret, error) {
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), lookUpTimeout, errTimeout)
	defer cancel()
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return nil, errTimeout
	}
	tokens, err := c.lookUpOne(ctx, accountSID)
	switch {
	case err != nil:
		return nil, err
	case len(tokens) == 0:
		return nil, ErrUnknownAccount
	case len(usable(tokens)) == 0:
		return nil, errNoToken
	default:
		return usable(tokens), nil
	}
}

// finish stores the result of a look-up.
func (c *Cache) finish(accountSID string, l *lookUp) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running[accountSID] == l {
		delete(c.running, accountSID)
	}
	a := c.known(accountSID)
	switch {
	case l.err != nil && l.forgotten: // the look-up after Forget decides
	case l.err == nil && !l.forgotten:
		l.tokens = c.remember(accountSID, l.tokens).valid()
	case l.err == nil && a == nil:
		c.remember(accountSID, l.tokens).lookedUp = time.Time{}
	case l.err == nil:
		a.replace(l.tokens, a.tokens, c.grace) // they may be from before the rotation
	case errors.Is(l.err, ErrUnknownAccount):
		c.drop(accountSID)
		c.rememberUnknown(accountSID)
	case a != nil:
		a.failed, a.failure = time.Now(), l.err
	}
}

// known returns a cached account, or nil.
func (c *Cache) known(accountSID string) *knownAccount {
	element := c.accounts[accountSID]
	if element == nil {
		return nil
	}
	c.recent.MoveToFront(element)
	a, _ := element.Value.(*knownAccount)
	return a
}

func (c *Cache) drop(accountSID string) {
	if element := c.accounts[accountSID]; element != nil {
		c.recent.Remove(element)
		delete(c.accounts, accountSID)
	}
}

// remember stores the tokens that an account has now.
func (c *Cache) remember(accountSID string, tokens []twilio.Secret) *knownAccount {
	now := time.Now()
	a := c.known(accountSID)
	if a == nil {
		a = &knownAccount{sid: accountSID, tokens: tokens}
		c.accounts[accountSID] = c.recent.PushFront(a)
	}
	a.replace(a.tokens, tokens, c.grace)
	a.lookedUp, a.failure = now, nil
	delete(c.unknown, accountSID)
	for len(c.accounts) > c.maxAccounts {
		if last, ok := c.recent.Back().Value.(*knownAccount); ok {
			c.drop(last.sid)
		}
	}
	return a
}

func (c *Cache) rememberUnknown(accountSID string) {
	now := time.Now()
	for len(c.expiring) > 0 && (len(c.expiring) >= maxUnknown || !now.Before(c.unknown[c.expiring[0]])) {
		delete(c.unknown, c.expiring[0])
		c.expiring = c.expiring[1:]
	}
	c.unknown[accountSID] = now.Add(unknownAge)
	c.expiring = append(c.expiring, accountSID)
}

// fromList returns the tokens of an account while there are too many to look up
// one by one. Instead it lists all existing accounts from time to time, however
// many others are named by requests.
func (c *Cache) fromList(ctx context.Context, accountSID string) ([]twilio.Secret, error) {
	if c.lookUpAll == nil {
		return nil, errBusy
	}
	c.mu.Lock()
	listing := c.listing
	due := listing == nil && (c.listed.IsZero() || time.Since(c.listed) >= listEvery)
	if due {
		c.listing = make(chan struct{})
	}
	c.mu.Unlock()
	var err error
	switch {
	case due:
		c.list(ctx)
	case listing != nil:
		err = c.wait(ctx, listing)
	}
	c.mu.Lock()
	a := c.known(accountSID)
	if a != nil && a.lookedUp.IsZero() { // it was forgotten in the meantime
		c.mu.Unlock()
		return c.get(ctx, accountSID, c.maxAge)
	}
	defer c.mu.Unlock()
	switch {
	case a != nil:
		return a.valid(), nil
	case err != nil:
		return nil, err
	case c.complete:
		return nil, ErrUnknownAccount
	default:
		return nil, errBusy
	}
}

// list reads all accounts with their tokens.
func (c *Cache) list(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), listTimeout)
	defer cancel()
	complete := false
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		close(c.listing)
		c.listing, c.listed, c.complete = nil, time.Now(), complete
	}()
	complete = c.rememberAll(c.lookUpAll(ctx))
}

// rememberAll reads a list of accounts, and reports whether it could remember
// all of them.
func (c *Cache) rememberAll(accounts iter.Seq2[*twilio.Account, error]) (complete bool) {
	began := time.Now()
	complete = true
	for account, err := range accounts {
		switch {
		case err != nil:
			return false
		case account.AuthToken.IsZero():
			complete = complete && account.Status == twilio.AccountStatusClosed
		case !c.rememberListed(account, began):
			return false
		}
	}
	return complete
}

// rememberListed stores the token of an account from a list that began at the
// given time. It reports false if the cache is full: forged requests can cause
// a list, so it must not push out accounts that are in use.
func (c *Cache) rememberListed(account *twilio.Account, began time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.known(account.SID)
	switch {
	case a == nil && len(c.accounts) >= c.maxAccounts:
		return false
	case a != nil && (a.lookedUp.IsZero() || !a.lookedUp.Before(began)):
		return true // what was looked up or forgotten in the meantime is newer
	}
	c.remember(account.SID, []twilio.Secret{account.AuthToken})
	return true
}

// A bucket limits a rate: it fills up over time, and each use takes one unit.
type bucket struct {
	rate, size, level float64
	filled            time.Time
}

// take takes a unit, and reports whether there was one.
func (b *bucket) take() bool {
	now := time.Now()
	if !b.filled.IsZero() {
		b.level = math.Min(b.size, b.level+now.Sub(b.filled).Seconds()*b.rate)
	}
	b.filled = now
	if b.level < 1 {
		return false
	}
	b.level--
	return true
}
