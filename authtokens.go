package twilio

import (
	"context"
	"net/http"
	"time"
)

// An AccountAuthToken is an AuthToken that was made or promoted.
//
// See https://www.twilio.com/docs/iam/api/authtoken.
type AccountAuthToken struct {
	// AccountSID is the account whose token it is: the one that authenticated.
	AccountSID string `json:"account_sid"`
	// AuthToken is the token. That of a secondary token is in the response to
	// [AuthTokenService.CreateSecondary] and never again.
	AuthToken Secret `json:"auth_token" also:"secondary_auth_token"`
	// DateCreated is when the token was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the token was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URL is where the token is.
	URL string `json:"url"`
}

// An AuthTokenService makes, promotes and deletes the secondary AuthToken of
// the account that authenticates. The path names no account: with the main
// account's credentials it is the main account's token that changes. For a
// subaccount, use [Client.WithCredentials] with its own, or
// [AccountService.RotateAuthToken], which does all of a rotation; a client that
// [Client.Subaccount] returned is refused with a [*ParamError].
//
// By default Twilio informs the account's owners of each change by email; pass
// [WithForm] with SuppressEmailNotification=true to prevent that.
//
// See https://www.twilio.com/docs/iam/api/authtoken.
type AuthTokenService struct{ secondary, promotion endpoint }

var (
	secondaryAuthTokens = &route{name: "auth_tokens", path: "https://accounts.twilio.com/v1/AuthTokens/Secondary"}
	authTokenPromotions = &route{name: "auth_tokens", path: "https://accounts.twilio.com/v1/AuthTokens/Promote"}
)

// CreateSecondary creates a second AuthToken. It works at once, and the primary
// one continues to work. Webhooks are signed with the primary one until
// [AuthTokenService.Promote].
//
// The client never retries it once it may have reached Twilio. After an error
// that matches [ErrOutcomeUnknown] there may be a secondary token whose text is
// lost: delete it and create another. Twilio's error for an account that has a
// secondary token already isn't documented.
func (s *AuthTokenService) CreateSecondary(ctx context.Context, opts ...RequestOption) (*AccountAuthToken, error) {
	token := new(AccountAuthToken)
	return valueOrError(token, orEmpty(s).secondary.request("create_secondary", http.MethodPost, nil, opts, nil).into(ctx, token))
}

// DeleteSecondary revokes the secondary token; requests that use it fail from
// then on. If there is none, the error matches [ErrNotFound].
func (s *AuthTokenService) DeleteSecondary(ctx context.Context, opts ...RequestOption) error {
	return orEmpty(s).secondary.request("delete_secondary", http.MethodDelete, nil, opts, nil).do(ctx, deleted)
}

// Promote makes the secondary token the primary one, whose text the response
// has. The former primary token is revoked at once: requests and webhook
// signatures that use it fail. Before you promote the secondary token, store
// it, and let webhook receivers accept it.
//
// The client never retries it once it may have reached Twilio. After an error
// that matches [ErrOutcomeUnknown], read the account with each of the tokens:
// if only one works, it is the primary one.
func (s *AuthTokenService) Promote(ctx context.Context, opts ...RequestOption) (*AccountAuthToken, error) {
	token := new(AccountAuthToken)
	return valueOrError(token, orEmpty(s).promotion.request("promote", http.MethodPost, nil, opts, nil).into(ctx, token))
}
