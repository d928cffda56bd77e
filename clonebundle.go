package twilio

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// A bundleCloner clones the regulatory bundles of one account into another, each
// once, also for numbers that move at the same time.
type bundleCloner struct {
	opts []RequestOption
	// from and to return clients with the own credentials of the two accounts,
	// on which the hosts of products act.
	from, to func(context.Context) (*Client, error)
	target   string

	mu   sync.Mutex
	made map[string]*bundleClone // by the SID of the original
}

// A bundleClone is a clone that is made when it is first needed.
type bundleClone struct {
	once sync.Once
	sid  string
	err  error
}

func newBundleCloner(from, to *Client, opts []RequestOption) *bundleCloner {
	return &bundleCloner{
		opts: opts, target: to.accountSID, made: map[string]*bundleClone{},
		from: from.withOwnCredentials(opts), to: to.withOwnCredentials(opts),
	}
}

// withOwnCredentials returns a function that reads the own credentials of the
// client's account with those of the main account, once.
func (c *Client) withOwnCredentials(opts []RequestOption) func(context.Context) (*Client, error) {
	var (
		once sync.Once
		own  = c
		err  error
	)
	return func(ctx context.Context) (*Client, error) {
		once.Do(func() {
			if c.accountSID == c.credentials.accountSID {
				return
			}
			var account *Account
			if account, err = c.Accounts.Get(ctx, c.accountSID, opts...); err == nil {
				own = c.WithCredentials(account.Credentials())
			}
		})
		return own, err
	}
}

// of returns the SID of the clone of a bundle.
func (c *bundleCloner) of(ctx context.Context, original string) (string, error) {
	c.mu.Lock()
	clone := entry(c.made, original)
	c.mu.Unlock()
	clone.once.Do(func() { clone.sid, clone.err = c.ensure(ctx, original) })
	return clone.sid, clone.err
}

// ensure finds the clone that an earlier run has made, or makes it.
func (c *bundleCloner) ensure(ctx context.Context, original string) (string, error) {
	clone, err := c.find(ctx, original)
	if clone == nil && err == nil {
		clone, err = c.make(ctx, original)
	}
	if errors.Is(err, ErrOutcomeUnknown) {
		if found, lookErr := c.find(ctx, original); found != nil && lookErr == nil {
			clone, err = found, nil
		}
	}
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
// clones are approved at once; it decides itself about states other than those
// of a review.
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
