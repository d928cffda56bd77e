package webhook

import (
	"context"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Tokens is where a [Verifier] finds the AuthTokens of an account: [FromMain],
// [FromStore], [Static] or a type of your own.
type Tokens interface {
	// Tokens returns the AuthTokens with which Twilio may have signed a request
	// about the account, at most four. The error matches [ErrUnknownAccount] if
	// the account isn't yours; after any other, the request is refused for now.
	// The SID is what the request says: it may be anything.
	Tokens(ctx context.Context, accountSID string) ([]twilio.Secret, error)
}

// TokensFunc is a function as [Tokens]. It is called for every request,
// whichever account the request names, so use it for what is in memory;
// [FromStore] limits and caches look-ups.
type TokensFunc func(ctx context.Context, accountSID string) ([]twilio.Secret, error)

// Tokens calls f.
func (f TokensFunc) Tokens(ctx context.Context, accountSID string) ([]twilio.Secret, error) {
	return f(ctx, accountSID)
}

func (f TokensFunc) check() error {
	if f == nil {
		return &twilio.ParamError{Field: "tokens", Reason: "is a nil TokensFunc; pass a function"}
	}
	return nil
}

// Static is the tokens of one account, such as the one whose credentials your
// program has. Pass the primary AuthToken first, and during a rotation the
// secondary one. A request that names no account is verified as this account's.
func Static[T Token](accountSID string, tokens ...T) Tokens {
	s := static{accountSID: accountSID}
	for _, token := range tokens {
		s.tokens = append(s.tokens, secretOf(token))
	}
	return s
}

type static struct {
	accountSID string
	tokens     []twilio.Secret
}

func (s static) Tokens(_ context.Context, accountSID string) ([]twilio.Secret, error) {
	if accountSID != s.accountSID {
		return nil, ErrUnknownAccount
	}
	return s.tokens, nil
}
