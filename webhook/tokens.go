package webhook

import (
	"context"
	"slices"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Tokens is a source of AuthTokens for a [Verifier]: [FromMain], [FromStore],
// [Static], or your own.
type Tokens interface {
	// Tokens returns the AuthTokens with which Twilio may sign requests about
	// an account, at most four. The error matches [ErrUnknownAccount] if the
	// account isn't yours; any other error means that the look-up failed. The
	// SID comes from a request that isn't verified yet: it may be any text.
	Tokens(ctx context.Context, accountSID string) ([]twilio.Secret, error)
}

// A TokensFunc is a function that serves as a [Tokens]. It is called for every
// request, including forged ones, so use it for tokens in memory; [FromStore]
// caches and limits look-ups.
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

// Static returns the tokens of one account. Pass its primary AuthToken, and
// during a rotation the secondary one too. A request that names no account is
// verified as one of this account.
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
	return slices.Clone(s.tokens), nil
}
