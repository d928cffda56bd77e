package twilio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// RotateAuthTokenParams say how [AccountService.RotateAuthToken] goes about it.
type RotateAuthTokenParams struct {
	// Save stores the new AuthToken where it is used from then on. It is required,
	// and is called before the token takes the place of the old one; both work
	// then. When it fails, the old token stays. It may be called more than once, in
	// one run or several: the token of the last call counts.
	Save func(ctx context.Context, token Secret) error
	// Saved is the token that Save stored in an earlier run that didn't finish. The
	// rotation goes on with it if it works still; without it, it begins anew, with
	// another token. Leave it empty to rotate once more.
	Saved Secret
	// SuppressEmail keeps Twilio from telling the account's owners by mail.
	SuppressEmail bool
	// RevocationWait is how long to wait until Twilio refuses the old token; 0
	// means a minute.
	RevocationWait time.Duration
}

func (p RotateAuthTokenParams) check() error {
	switch {
	case p.Save == nil:
		return &ParamError{Field: "Save", Reason: "is nil; pass a function that stores the new AuthToken"}
	case p.RevocationWait < 0:
		return &ParamError{Field: "RevocationWait", Reason: "is negative"}
	default:
		return nil
	}
}

// RotateAuthToken replaces the AuthToken of a subaccount. It makes a secondary
// token, makes sure that it works, has Save store it, promotes it with the
// subaccount's own credentials, and returns the account once Twilio knows the new
// token and refuses the old one. The main account's own token is never touched.
//
// It can be stopped anywhere, and run again: at any moment a token works that the
// main account can read with [AccountService.Get], and after success it is the one
// that Save stored last. A secondary token that exists already is deleted, unless
// it is Saved. Run one rotation of an account at a time.
//
// The client must have the main account's AuthToken, and the subaccount must be
// active, or it is a [*ParamError]. An error of Save comes wrapped. If the old
// token still works after RevocationWait, the account comes with an error that is
// [ErrOldAuthToken].
//
// Webhooks are signed with the new token as soon as it is promoted: let receivers
// accept both for some minutes. By what Twilio documents, API keys aren't affected.
// The options apply to each request.
//
// For a fleet:
//
//	err := client.Accounts.ForEach(ctx, twilio.AccountListParams{Status: twilio.AccountStatusActive}, twilio.ForEachParams{},
//		func(ctx context.Context, _ *twilio.Client, account *twilio.Account) error {
//			_, err := client.Accounts.RotateAuthToken(ctx, account.SID, twilio.RotateAuthTokenParams{Save: …})
//			return err
//		})
//
// See https://www.twilio.com/docs/iam/api/authtoken.
func (s *AccountService) RotateAuthToken(ctx context.Context, sid string, params RotateAuthTokenParams, opts ...RequestOption) (*Account, error) {
	if _, err := s.subaccount(rotateOperation, sid); err != nil {
		return nil, err
	}
	if err := firstError(params.check(), checkWorkflowOptions(opts)); err != nil {
		return nil, withOperation(rotateOperation, err)
	}
	account, err := s.Get(ctx, sid, opts...)
	if err != nil {
		return nil, err
	}
	r := &tokenRotation{RotateAuthTokenParams: params, accounts: s, sid: sid, opts: opts, old: account.AuthToken}
	if err := r.checkAccount(account); err != nil {
		return nil, err
	}
	if r.Saved.Equal(r.old) { // it was promoted, and what was before isn't known
		return valueOrError(account, r.verify(ctx, r.Saved))
	}
	if err := r.prepare(ctx); err != nil {
		return nil, err
	}
	if err := r.save(ctx, r.new); err != nil {
		return nil, err
	}
	if err := r.promote(ctx); err != nil {
		return nil, err
	}
	return r.finish(ctx)
}

const rotateOperation = "accounts.rotate_auth_token"

// tokenRotation is one rotation of an AuthToken.
type tokenRotation struct {
	RotateAuthTokenParams
	accounts *AccountService
	sid      string
	opts     []RequestOption
	old, new Secret
}

// checkAccount refuses accounts whose token can't be rotated.
func (r *tokenRotation) checkAccount(account *Account) error {
	refuse := func(field, reason string) error {
		return &ParamError{Operation: rotateOperation, Field: field, Reason: reason}
	}
	switch {
	case account.SID != r.sid:
		return r.failed("Twilio returned another account than the one that was asked for")
	case account.OwnerAccountSID == account.SID:
		return refuse("sid", "is a main account, whose token isn't rotated here; pass a subaccount's SID")
	case account.Status != AccountStatusActive:
		return refuse("sid", "is an account that isn't active, so that Twilio refuses its own credentials; activate it first")
	case account.AuthToken.IsZero():
		return refuse("credentials", "can't read the account's AuthToken; use the main account's AuthToken")
	default:
		return nil
	}
}

// prepare finds or makes the secondary token, and makes sure that it works.
func (r *tokenRotation) prepare(ctx context.Context) error {
	if !r.Saved.IsZero() {
		works, err := r.works(ctx, r.Saved)
		if r.new = r.Saved; works || err != nil {
			return err
		}
	}
	tokens := r.own(r.old).AuthTokens
	token, err := tokens.CreateSecondary(ctx, r.tokenOptions()...)
	if mayExist(err) {
		// One of an earlier run, or of this one, with its response lost, is in the
		// way, and its text can't be read.
		if err := tokens.DeleteSecondary(ctx, r.tokenOptions()...); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		token, err = tokens.CreateSecondary(ctx, r.tokenOptions()...)
	}
	if err != nil {
		return err
	}
	if err := r.checkOwner(token); err != nil {
		return err
	}
	r.new = token.AuthToken
	return r.verify(ctx, r.new)
}

// mayExist reports whether an error of CreateSecondary leaves it open that there
// is a secondary token. Twilio doesn't document with which error it refuses a
// second one.
func mayExist(err error) bool {
	if errors.Is(err, ErrOutcomeUnknown) {
		return true
	}
	e, ok := errors.AsType[*Error](err)
	return ok && e.StatusCode >= 400 && e.StatusCode < 500 && e.StatusCode != http.StatusUnauthorized && !errors.Is(e, ErrRateLimited)
}

func (r *tokenRotation) save(ctx context.Context, token Secret) error {
	if err := r.Save(ctx, token); err != nil {
		return fmt.Errorf("twilio: %s: Save: %w", rotateOperation, err)
	}
	return nil
}

// promote promotes the secondary token. Where that isn't known to have failed, it
// looks which token is the primary one.
func (r *tokenRotation) promote(ctx context.Context) (err error) {
	for range 2 {
		var token *AccountAuthToken
		if token, err = r.own(r.old).AuthTokens.Promote(ctx, r.tokenOptions()...); err == nil {
			return r.checkOwner(token)
		}
		account, lookErr := r.accounts.Get(ctx, r.sid, r.opts...)
		if lookErr != nil {
			return err
		}
		if !account.AuthToken.Equal(r.old) {
			return nil
		}
		// What Twilio shows may be late. What it accepts isn't.
		if works, lookErr := r.works(ctx, r.old); lookErr != nil {
			return err
		} else if !works {
			return r.verify(ctx, r.new)
		}
		if !errors.Is(err, ErrOutcomeUnknown) {
			return err
		}
	}
	return err
}

// finish waits until Twilio shows another token than the old one, and refuses that.
func (r *tokenRotation) finish(ctx context.Context) (*Account, error) {
	limit := r.RevocationWait
	if limit == 0 {
		limit = time.Minute
	}
	deadline := time.Now().Add(limit)
	for wait := time.Second; ; wait = min(2*wait, 10*time.Second) {
		account, err := r.accounts.Get(ctx, r.sid, r.opts...)
		if err != nil {
			return nil, err
		}
		oldWorks, err := r.works(ctx, r.old)
		if err != nil {
			return nil, err
		}
		if !oldWorks && !account.AuthToken.Equal(r.old) {
			if !account.AuthToken.Equal(r.new) { // somebody else rotated it, too
				if err := r.save(ctx, account.AuthToken); err != nil {
					return nil, err
				}
			}
			return valueOrError(account, r.verify(ctx, account.AuthToken))
		}
		if time.Now().Add(wait).After(deadline) {
			return account, r.failure(ErrOldAuthToken)
		}
		if err := pause(ctx, wait); err != nil {
			return nil, r.failure(err)
		}
	}
}

// own returns a client with the subaccount's own credentials.
func (r *tokenRotation) own(token Secret) *Client {
	return r.accounts.accounts.client.WithCredentials(AuthToken(r.sid, token.Reveal()))
}

// works reports whether Twilio accepts a token.
func (r *tokenRotation) works(ctx context.Context, token Secret) (bool, error) {
	_, err := r.own(token).Accounts.Get(ctx, r.sid, r.opts...)
	if errors.Is(err, ErrUnauthorized) || errors.Is(err, ErrForbidden) {
		return false, nil
	}
	if hasValue(err) { // of a response, though a field of it may make no sense
		return true, nil
	}
	return false, err
}

// verify fails unless Twilio accepts a token.
func (r *tokenRotation) verify(ctx context.Context, token Secret) error {
	works, err := r.works(ctx, token)
	if err == nil && !works {
		err = r.failed("Twilio refuses the new AuthToken")
	}
	return err
}

// checkOwner refuses a token of another account than the one that is meant.
func (r *tokenRotation) checkOwner(token *AccountAuthToken) error {
	if token.AccountSID != r.sid || token.AuthToken.IsZero() {
		return r.failed("Twilio returned no AuthToken of the account that was asked for")
	}
	return nil
}

// tokenOptions are the options of requests that change the tokens.
func (r *tokenRotation) tokenOptions() []RequestOption {
	if !r.SuppressEmail {
		return r.opts
	}
	return append(slices.Clip(r.opts), WithForm(url.Values{"SuppressEmailNotification": {"true"}}))
}

func (r *tokenRotation) failed(text string) error { return r.failure(safeError(text)) }

func (r *tokenRotation) failure(err error) error {
	inv := &invocation{operation: rotateOperation, account: r.sid}
	return inv.transportError(err, false)
}

// pause waits, for as long as the context allows.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
