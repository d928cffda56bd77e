package webhook

import "fmt"

// sentinel makes errors that are constants, which can't be reassigned.
type sentinel string

// Error returns the sentinel's text.
func (s sentinel) Error() string { return string(s) }

// The errors of [Verifier.Verify] match one of these with errors.Is.
const (
	// ErrSignature means that nothing shows that the request comes from Twilio:
	// its signature is missing, or is for another URL, body or token.
	ErrSignature sentinel = "twilio: the webhook's signature doesn't match"
	// ErrUnknownAccount means that the request names no account, or one that
	// isn't yours. A [Tokens] returns it for accounts that it doesn't know.
	ErrUnknownAccount sentinel = "twilio: the webhook's account is unknown"
	// ErrUnavailable means that the request can't be verified at the moment,
	// because looking up the account's tokens has failed.
	ErrUnavailable sentinel = "twilio: the account's AuthToken can't be looked up"
)

// refuse returns an error that matches ErrSignature and has a reason.
func refuse(reason string) error { return fmt.Errorf("%w: %s", ErrSignature, reason) }

// An unavailableError matches ErrUnavailable and its cause. Its text leaves out
// the cause, which may come from a store and quote anything.
type unavailableError struct{ cause error }

func (e *unavailableError) Error() string        { return ErrUnavailable.Error() }
func (e *unavailableError) Is(target error) bool { return target == error(ErrUnavailable) }
func (e *unavailableError) Unwrap() error        { return e.cause }
