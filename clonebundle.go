package twilio

import (
	"context"
	"fmt"
	"sync"
)

// A bundleCloner clones the regulatory bundles of one account into another,
// each once, even for numbers that move at the same time.
type bundleCloner struct {
	opts []RequestOption
	// from and to return clients with the two accounts' own credentials, since
	// requests to other hosts act on the account that authenticates.
	from, to func(context.Context) (*Client, error)
	target   string

	mu   sync.Mutex
	made map[string]*lazy[string] // SIDs of clones, by that of the original
}

func newBundleCloner(from, to *Client, opts []RequestOption) *bundleCloner {
	return &bundleCloner{
		opts: opts, target: to.accountSID, made: map[string]*lazy[string]{},
		from: from.withOwnCredentials(opts), to: to.withOwnCredentials(opts),
	}
}

// withOwnCredentials returns a function that returns a client with the
// account's own credentials. It reads them once, with those of the main
// account.
func (c *Client) withOwnCredentials(opts []RequestOption) func(context.Context) (*Client, error) {
	own := newLazy[*Client]()
	return func(ctx context.Context) (*Client, error) {
		if c.accountSID == c.credentials.accountSID {
			return c, nil
		}
		return own.get(func() (*Client, error) {
			account, err := c.Accounts.Get(ctx, c.accountSID, opts...)
			if err != nil {
				return nil, err
			}
			return c.WithCredentials(account.Credentials()), nil
		})
	}
}

// of returns the SID of the clone of a bundle.
func (c *bundleCloner) of(ctx context.Context, original string) (string, error) {
	c.mu.Lock()
	clone := c.made[original]
	if clone == nil {
		clone = newLazy[string]()
		c.made[original] = clone
	}
	c.mu.Unlock()
	return clone.get(func() (string, error) { return c.ensure(ctx, original) })
}

// A lazy is a value that is made when it is first needed. Unlike with a
// sync.Once, it can still be made after a panic, and testing/synctest counts
// goroutines that wait for it as blocked.
type lazy[T any] struct {
	lock   chan struct{} // holds one value
	isMade bool
	value  T
	err    error
}

func newLazy[T any]() *lazy[T] { return &lazy[T]{lock: make(chan struct{}, 1)} }

func (o *lazy[T]) get(do func() (T, error)) (T, error) {
	o.lock <- struct{}{}
	defer func() { <-o.lock }()
	if !o.isMade {
		o.value, o.err = do()
		o.isMade = true
	}
	return o.value, o.err
}

// ensure finds the clone that an earlier run has made, or makes it.
func (c *bundleCloner) ensure(ctx context.Context, original string) (string, error) {
	clone, _, err := findOrCreate(
		func() (*Bundle, error) { return c.find(ctx, original) },
		func() (*Bundle, error) { return c.make(ctx, original) },
	)
	if err == nil {
		err = clone.checkClone(c.target)
	}
	if err != nil {
		return "", err
	}
	return clone.SID, nil
}

func cloneName(original string) string { return "clone of " + original }

// find returns the clone of an earlier run, or nil: an approved one, if there
// are several.
func (c *bundleCloner) find(ctx context.Context, original string) (found *Bundle, err error) {
	to, err := c.to(ctx)
	if err != nil {
		return nil, err
	}
	for bundle, err := range to.Regulatory.Bundles.All(ctx, BundleListParams{FriendlyName: cloneName(original)}, c.opts...) {
		if err != nil {
			return nil, err
		}
		if bundle.FriendlyName == cloneName(original) && (found == nil || found.checkClone(c.target) != nil) {
			found = bundle
		}
	}
	return found, nil
}

func (c *bundleCloner) make(ctx context.Context, original string) (*Bundle, error) {
	from, err := c.from(ctx)
	if err != nil {
		return nil, err
	}
	return from.Regulatory.Bundles.Clone(ctx, original, BundleCloneParams{TargetAccountSID: c.target, FriendlyName: cloneName(original)}, c.opts...)
}

// checkClone refuses a clone that no number can use. Twilio documents that
// clones are approved at once; states other than those of a review are for
// Twilio to refuse.
func (b *Bundle) checkClone(owner string) error {
	reason := ""
	switch b.Status {
	case BundleStatusDraft, BundleStatusPendingReview, BundleStatusInReview:
		reason = "isn't approved yet (" + string(b.Status) + "); run this again once it is"
	case BundleStatusTwilioRejected:
		reason = "was rejected by Twilio; correct it, or set BundleSID to another"
	case BundleStatusTwilioApproved, BundleStatusProvisionallyApproved:
	}
	if b.AccountSID != "" && b.AccountSID != owner {
		reason = "belongs to another account; set BundleSID to a bundle of the account that gets the number"
	}
	if reason == "" {
		return nil
	}
	return &ParamError{Operation: transferOperation, Field: "CloneBundle", Reason: fmt.Sprintf("has the clone %s, which %s", b.SID, reason)}
}
