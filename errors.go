package twilio

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/lenient"
)

// sentinel makes errors that are constants, so that nobody can reassign them.
type sentinel string

// Error returns the sentinel's text.
func (s sentinel) Error() string { return string(s) }

// What errors.Is finds in the errors of this package.
const (
	// ErrUnauthorized matches responses with status 401: wrong credentials,
	// credentials that don't reach the account, a suspended or closed account.
	ErrUnauthorized sentinel = "twilio: unauthorized"
	// ErrForbidden matches responses with status 403.
	ErrForbidden sentinel = "twilio: forbidden"
	// ErrNotFound matches responses with status 404: an unknown SID, or the right
	// SID under the wrong account.
	ErrNotFound sentinel = "twilio: not found"
	// ErrRateLimited matches responses with status 429 that say that there were
	// too many requests. A sender's full queue ([CodeSenderQueueFull]) has status
	// 429 too, and is not this.
	ErrRateLimited sentinel = "twilio: rate limited"
	// ErrOutcomeUnknown matches errors of requests that must not be retried
	// blindly and that may or may not have taken effect, such as a create whose
	// response was lost. Look before you retry it.
	ErrOutcomeUnknown sentinel = "twilio: outcome unknown"
)

// Twilio's error codes that callers of this package have reason to tell apart.
// See https://www.twilio.com/docs/api/errors.
const (
	CodeInvalidDate             = 20001 // a parameter that can't be read, such as a date filter
	CodeInvalidFriendlyName     = 20002
	CodeUnauthorized            = 20003 // wrong credentials, or credentials that don't reach this far
	CodeTestCredentials         = 20008 // a resource that test credentials can't use
	CodeDeleteUnfinished        = 20009 // a call or message that is still under way
	CodeNotFound                = 20404
	CodeTooManyRequests         = 20429 // always safe to retry
	CodeInternalError           = 20500
	CodeSubaccountNotAllowed    = 21101 // a subaccount can't hold subaccounts
	CodeInvalidURL              = 21205
	CodeInvalidTo               = 21211
	CodeInvalidFrom             = 21212
	CodeCallNotInProgress       = 21220 // the call is in no state for that; it may have ended
	CodeGeoPermission           = 21408 // messages to that region aren't enabled
	CodeTrialAccount            = 21404 // a trial account can't do that
	CodeInvalidPhoneNumber      = 21421
	CodePhoneNumberNotAvailable = 21422
	CodeInvalidAreaCode         = 21451
	CodeNoNumberInAreaCode      = 21452
	CodeTransferInvalidAccount  = 21470
	CodeTransferNoSuchAccount   = 21471
	CodeTransferInactiveAccount = 21472
	CodeTransferUnrelated       = 21473 // neither parent nor child of the owner
	CodeTransferCredentials     = 21474 // only the main account's credentials transfer numbers
	CodeInvalidAccountStatus    = 21475
	CodeParentSuspended         = 21476
	CodeParentAccountStatus     = 21477 // a main account's status can't be changed
	CodeSuspendedByTwilio       = 21478
	CodeSubaccountClosed        = 21479 // closed for ever
	CodeTooManySubaccounts      = 21480
	CodeNotSMSCapable           = 21606 // the sender isn't a number of the account that can send
	CodeUnsubscribed            = 21610
	CodeSenderQueueFull         = 21611 // answered with 429, and not helped by retrying at once
	CodeUnroutable              = 21612
	CodeAddressRequired         = 21615
	CodeLocalAddressRequired    = 21613
	CodeAnyAddressRequired      = 21631
	CodeBundleRequired          = 21649
	CodeIdentityRequired        = 21650
	CodeIdentityInvalid         = 21651
	CodeHostedNumber            = 22121 // a hosted number can't move
	CodePageTokenRequired       = 70002
)

// An Error is Twilio's response when it isn't a success: any status but 2xx, with
// a body of JSON, XML, HTML, text or nothing.
type Error struct {
	// Operation is what was asked for, such as "calls.create".
	Operation string
	// AccountSID is the account that the request acted on.
	AccountSID string
	// StatusCode is the status of the HTTP response.
	StatusCode int
	// Code is Twilio's own code, 0 where the response had none.
	Code int
	// Message is the API's own text, as it came, up to 4 KiB. It may quote
	// parameters, phone numbers included.
	Message string
	// MoreInfo is a link to the code's documentation.
	MoreInfo string
	// Details is what some responses say beyond that: the object "details", or
	// the lists "params" or "errors" under that name; nil for most.
	Details map[string]any
	// RequestID is Twilio's name for the request (RQ…), for its support.
	RequestID string
	// RetryAfter is how long Twilio asked to wait, 0 where it didn't say.
	RetryAfter time.Duration
	// Attempts is how often the request was sent.
	Attempts int
	// Cursor is where a list that failed continues, for Resume. It holds the
	// list's filters, so it is kept out of JSON and logs.
	Cursor string `json:"-"`

	outcomeUnknown bool
	// maybeAppliedBefore says that an earlier attempt may have taken effect.
	maybeAppliedBefore bool
}

// Error says what failed, with the API's own message.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "twilio: %s: %d", e.Operation, e.StatusCode)
	if e.Code != 0 {
		fmt.Fprintf(&b, " (code %d)", e.Code)
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	} else if text := http.StatusText(e.StatusCode); text != "" {
		b.WriteString(": " + text)
	}
	b.WriteString(errorSuffix(e.RequestID, e.Attempts, e.outcomeUnknown))
	return b.String()
}

// errorSuffix is the end of an error's text.
func errorSuffix(requestID string, attempts int, outcomeUnknown bool) string {
	var s string
	if outcomeUnknown {
		s += "; outcome unknown, look before you retry it"
	}
	if attempts > 1 {
		s += " (" + strconv.Itoa(attempts) + " attempts)"
	}
	if requestID != "" {
		s += " [" + requestID + "]"
	}
	return s
}

// Is makes errors.Is find the sentinels.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrUnauthorized:
		return e.StatusCode == http.StatusUnauthorized
	case ErrForbidden:
		return e.StatusCode == http.StatusForbidden
	case ErrNotFound:
		return e.StatusCode == http.StatusNotFound
	case ErrRateLimited:
		return rateLimited(e.StatusCode, e.Code)
	case ErrOutcomeUnknown:
		return e.outcomeUnknown
	default:
		return false
	}
}

// rateLimited tells "too many requests", which is never processed, from the
// other things that Twilio says with status 429. A body whose code is the status
// says no more than the status.
func rateLimited(status, code int) bool {
	return status == http.StatusTooManyRequests && (code == 0 || code == status || code == CodeTooManyRequests)
}

// LogValue makes slog print the error as a group, without the API's message,
// which may quote a phone number.
func (e *Error) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("operation", e.Operation),
		slog.String("account", e.AccountSID),
		slog.Int("status", e.StatusCode),
		slog.Int("code", e.Code),
		slog.String("request_id", e.RequestID),
		slog.Int("attempts", e.Attempts),
		slog.Bool("outcome_unknown", e.outcomeUnknown),
	)
}

// A TransportError says that there was no whole response that could be
// understood: the connection failed or broke, the time was up, the context was
// canceled, or a success came with a body that isn't the resource.
type TransportError struct {
	// Operation is what was asked for, such as "calls.create".
	Operation string
	// AccountSID is the account that the request acted on.
	AccountSID string
	// RequestID is Twilio's name for the request, where a response began.
	RequestID string
	// Attempts is how often the request was sent.
	Attempts int
	// Cursor is where a list that failed continues, for Resume. It holds the
	// list's filters, so it is kept out of JSON and logs.
	Cursor string `json:"-"`

	// A pointer to an interface, which no verb of package fmt follows: the text
	// may hold a URL, with a phone number in the query.
	cause          *error
	outcomeUnknown bool
}

// Error says what failed, without URL, query or body.
func (e *TransportError) Error() string {
	return "twilio: " + e.Operation + ": " + safeDescription(e.Unwrap()) + errorSuffix(e.RequestID, e.Attempts, e.outcomeUnknown)
}

// Unwrap returns the cause: errors.Is finds context.Canceled,
// context.DeadlineExceeded, io.ErrUnexpectedEOF and the like.
func (e *TransportError) Unwrap() error {
	if e.cause == nil { // one that a test made up
		return nil
	}
	return *e.cause
}

// Is makes errors.Is find ErrOutcomeUnknown.
func (e *TransportError) Is(target error) bool {
	return target == ErrOutcomeUnknown && e.outcomeUnknown
}

// Timeout reports whether the time was up, as net.Error has it.
func (e *TransportError) Timeout() bool {
	if errors.Is(e.Unwrap(), context.DeadlineExceeded) {
		return true
	}
	t, ok := errors.AsType[net.Error](e.Unwrap())
	return ok && t.Timeout()
}

// LogValue makes slog print the error as a group.
func (e *TransportError) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("operation", e.Operation),
		slog.String("account", e.AccountSID),
		slog.String("error", safeDescription(e.Unwrap())),
		slog.String("request_id", e.RequestID),
		slog.Int("attempts", e.Attempts),
		slog.Bool("outcome_unknown", e.outcomeUnknown),
	)
}

// safeError is a cause whose text is ours, so that it can be shown.
type safeError string

// Error returns the text.
func (e safeError) Error() string { return string(e) }

// safeDescription puts a cause in words that are safe to print. The text of an error
// that isn't known to be harmless isn't used: the errors of HTTP clients quote
// URLs, and those of somebody's RoundTripper may quote anything.
func safeDescription(err error) string {
	if e, ok := errors.AsType[*downloadError](err); ok {
		return e.Error()
	}
	if e, ok := errors.AsType[safeError](err); ok {
		return string(e)
	}
	if e, ok := errors.AsType[*lenient.Error](err); ok {
		return e.Error()
	}
	if e, ok := errors.AsType[*lenient.ValueError](err); ok {
		return e.Error()
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		if e.IsTimeout {
			return "the host's name wasn't resolved in time"
		}
		return "the host's name can't be resolved"
	}
	if e, ok := errors.AsType[syscall.Errno](err); ok {
		return e.Error()
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return fmt.Sprintf("the server's certificate isn't trusted (%T)", e.Err)
	}
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, io.ErrUnexpectedEOF, io.EOF, net.ErrClosed} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		return "timed out"
	}
	return fmt.Sprintf("request failed (%T)", err)
}

// withoutURL takes off what net/http puts around an error: method and URL, the
// query included. A RoundTripper that has an http.Client inside puts them around
// it once more.
func withoutURL(err error) error {
	for {
		e, ok := err.(*url.Error) //nolint:errorlint // what is around the error, not inside of it
		if !ok {
			return err
		}
		err = e.Err
	}
}

// A ParamError says that the request was refused here, before it was sent. A
// workflow may have read something by then, and has changed nothing.
type ParamError struct {
	// Operation is what was asked for, such as "calls.create"; empty for errors
	// of NewClient.
	Operation string
	// Field is the parameter, argument or option at fault.
	Field string
	// Reason says what is wrong with it and what to do. It never quotes the
	// value.
	Reason string
}

// Error says which field is at fault and what to do.
func (e *ParamError) Error() string {
	s := "twilio: "
	if e.Operation != "" {
		s += e.Operation + ": "
	}
	return s + e.Field + " " + e.Reason
}

// LogValue makes slog print the error as a group.
func (e *ParamError) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("operation", e.Operation),
		slog.String("field", e.Field),
		slog.String("reason", e.Reason),
	)
}

func (inv *invocation) transportError(err error, outcomeUnknown bool) error {
	return &TransportError{
		Operation:      inv.operation,
		AccountSID:     inv.account,
		RequestID:      inv.header.Get("Twilio-Request-Id"),
		Attempts:       inv.attempts,
		cause:          &err,
		outcomeUnknown: outcomeUnknown,
	}
}

func (inv *invocation) apiError(outcomeUnknown bool) error {
	return &Error{
		Operation:          inv.operation,
		AccountSID:         inv.account,
		StatusCode:         inv.status,
		Code:               inv.fault.code,
		Message:            inv.fault.message,
		MoreInfo:           inv.fault.moreInfo,
		Details:            inv.fault.details,
		RequestID:          inv.header.Get("Twilio-Request-Id"),
		RetryAfter:         retryAfter(inv.header),
		Attempts:           inv.attempts,
		outcomeUnknown:     outcomeUnknown,
		maybeAppliedBefore: inv.maybeAppliedBefore,
	}
}
