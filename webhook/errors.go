package webhook

import "fmt"

// sentinel makes errors that are constants, which can't be reassigned.
type sentinel string

// Error returns the sentinel's text.
func (s sentinel) Error() string { return string(s) }

// Sentinels that errors.Is finds in the errors of [Verifier.Verify].
const (
	// ErrSignature matches the errors of requests that can't be shown to be
	// Twilio's: the signature is missing or is for another URL, body or token.
	ErrSignature sentinel = "twilio: the webhook's signature doesn't match"
	// ErrUnknownAccount matches the errors of requests that name no account, or
	// one that isn't yours. Sources of tokens return it.
	ErrUnknownAccount sentinel = "twilio: the webhook's account is unknown"
	// ErrUnavailable matches the errors of requests that can't be verified for
	// now, because the account's tokens can't be looked up.
	ErrUnavailable sentinel = "twilio: the account's AuthToken can't be looked up"
)

// refuse returns an error that matches ErrSignature and says why.
func refuse(reason string) error { return fmt.Errorf("%w: %s", ErrSignature, reason) }

// An unavailableError matches ErrUnavailable. Its text leaves out the cause,
// which may be of a store and quote anything.
type unavailableError struct{ cause error }

func (e *unavailableError) Error() string        { return ErrUnavailable.Error() }
func (e *unavailableError) Is(target error) bool { return target == error(ErrUnavailable) }
func (e *unavailableError) Unwrap() error        { return e.cause }
