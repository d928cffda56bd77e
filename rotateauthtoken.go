package twilio

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// RotateAuthTokenParams are the parameters of [AccountService.RotateAuthToken].
type RotateAuthTokenParams struct {
	// Save stores the new AuthToken, for use from then on. It is required. It
	// is called before the token replaces the old one, while both work; if it
	// fails, the old token stays. Twilio refuses the old token soon after Save
	// returns: to rotate without downtime, return only once every program that
	// authenticates with this token uses the new one. Save may be called more
	// than once, in one run or several: the token of the last call is the one
	// that works.
	Save func(ctx context.Context, token Secret) error
	// Saved is the token that Save stored in an earlier run that didn't finish.
	// The rotation continues with it if it still works; otherwise it starts
	// over with another token. Leave it empty for a new rotation.
	Saved Secret
	// SuppressEmail keeps Twilio from informing the account's owners by email.
	SuppressEmail bool
	// RevocationWait is how long to wait until Twilio refuses the old token; a
	// minute by default.
	RevocationWait time.Duration
}

func (p RotateAuthTokenParams) check() error {
	switch {
	case p.Save == nil:
		return &ParamError{Field: "Save", Reason: "is nil; pass a function that stores the new AuthToken"}
	case p.RevocationWait < 0:
		return &ParamError{Field: "RevocationWait", Reason: "is negative; use 0 or more"}
	default:
		return nil
	}
}

// RotateAuthToken replaces the AuthToken of a subaccount. It makes a secondary
// token, makes sure that it works, has Save store it, promotes it with the
// subaccount's own credentials, and returns the account once Twilio knows the
// new token and refuses the old one. The main account's own token is never
// touched.
//
// You can run it again wherever it was stopped: at any time the main account
// can read a working token with [AccountService.Get], and after success it is
// the one that Save stored last. A secondary token that exists already is
// deleted, unless it is Saved. Run one rotation of an account at a time.
//
// The client must have the main account's AuthToken, and the subaccount must be
// active; otherwise the error is a [*ParamError]. An error from Save is
// returned wrapped. If the old token still works after RevocationWait, the
// account is returned with an error that matches [ErrOldAuthToken].
//
// Webhooks are signed with the new token as soon as it is promoted: let
// receivers accept both for some minutes, as a Cache of package webhook does
// after its Forget. According to Twilio's documentation, API keys aren't
// affected. The options apply to each request.
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
	if _, err := s.subaccount(rotateOperation, sid, opts); err != nil {
		return nil, err
	}
	if err := params.check(); err != nil {
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
	if r.Saved.Equal(r.old) { // it was promoted; the token before it isn't known
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
		return r.failed("Twilio returned another account than the requested one")
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
		// There may be one from an earlier run, or from this run with its
		// response lost, whose text can't be read.
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

// mayExist reports whether there may be a secondary token after an error from
// CreateSecondary. Twilio doesn't document the error for a second one.
func mayExist(err error) bool {
	if errors.Is(err, ErrOutcomeUnknown) {
		return true
	}
	e, ok := errors.AsType[*Error](err)
	return ok && e.StatusCode >= 400 && e.StatusCode < 500 && e.StatusCode != http.StatusUnauthorized && !errors.Is(e, ErrRateLimited)
}

func (r *tokenRotation) save(ctx context.Context, token Secret) error {
	if err := r.Save(ctx, token); err != nil {
		return callbackError(rotateOperation, "Save", err)
	}
	return nil
}

// promote promotes the secondary token. Unless that is known to have failed, it
// checks which token is the primary one.
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
		// The token that Twilio shows may be outdated, but not what it accepts.
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

// finish waits until Twilio no longer shows the old token and refuses it.
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
			if !account.AuthToken.Equal(r.new) { // another process rotated it too
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
		return r.failed("Twilio returned no AuthToken of the requested account")
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
	return newTransportError(rotateOperation, r.sid, err)
}
