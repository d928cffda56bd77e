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

// sentinel makes errors that are constants, which can't be reassigned.
type sentinel string

// Error returns the sentinel's text.
func (s sentinel) Error() string { return string(s) }

// Sentinels that errors.Is finds in the errors of this package.
const (
	// ErrUnauthorized matches responses with status 401: wrong credentials,
	// credentials that don't reach the account, a suspended or closed account.
	ErrUnauthorized sentinel = "twilio: unauthorized"
	// ErrForbidden matches responses with status 403: something that the
	// credentials or the account may not do.
	ErrForbidden sentinel = "twilio: forbidden"
	// ErrNotFound matches responses with status 404: an unknown SID, or the
	// right SID under the wrong account.
	ErrNotFound sentinel = "twilio: not found"
	// ErrRateLimited matches responses with status 429 that say that there were
	// too many requests. A sender's full queue ([CodeSenderQueueFull]) has
	// status 429 too, and is not this.
	ErrRateLimited sentinel = "twilio: rate limited"
	// ErrOutcomeUnknown matches errors of requests that must not be retried
	// blindly and that may or may not have taken effect, such as a create whose
	// response was lost. Check before you retry.
	ErrOutcomeUnknown sentinel = "twilio: outcome unknown"
	// ErrNoPhoneNumber matches errors of [IncomingPhoneNumberService.Buy] when
	// no number that matches the search can be bought: there is none, or others
	// have bought them in the meantime.
	ErrNoPhoneNumber sentinel = "twilio: no phone number is for sale"
	// ErrOldAuthToken matches errors of [AccountService.RotateAuthToken] when
	// the new AuthToken works, and Twilio still accepts or shows the old one.
	ErrOldAuthToken sentinel = "twilio: the old AuthToken is still accepted" //nolint:gosec // a text, not a token
)

// Error codes that callers of this package have reason to distinguish. Each is
// named for what it means in Twilio's dictionary. See
// https://www.twilio.com/docs/api/errors.
const (
	CodeInvalidParameter = 20001 // a parameter that is unknown, missing or can't be read, such as a date filter
	CodeUnauthorized     = 20003 // wrong credentials, or credentials that don't reach this far
	CodePageSizeTooLarge = 20007
	CodeTestCredentials  = 20008 // a resource that test credentials can't use
	CodeDeleteUnfinished = 20009 // a call or message that is still in progress
	CodeForbidden        = 20403
	CodeNotFound         = 20404
	CodeTooManyRequests  = 20429 // always safe to retry
	CodeInternalError    = 20500
	CodeInvalidPageToken = 21481
	CodeValidationFailed = 70001 // such as a key's name of more than 64 characters
	CodeBadRequest       = 70002 // such as a SID of the wrong kind, or a page without its PageToken
	CodeMissingGrant     = 70051 // a restricted key lacks the permission
)

// Error codes of accounts and their transfers of numbers. Which of the first
// three a suspended account's request meets differs from product to product.
const (
	CodeAccountDisabled         = 10001
	CodeAccountNotActive        = 20005
	CodeAccountSuspended        = 90010
	CodeInvalidFriendlyName     = 20002
	CodeSubaccountNotAllowed    = 21101 // a subaccount can't hold subaccounts
	CodeTrialAccount            = 21404 // the number isn't available to a trial account
	CodeInvalidAccountStatus    = 21475
	CodeParentSuspended         = 21476
	CodeParentAccountStatus     = 21477 // a main account's status can't be changed
	CodeSuspendedByTwilio       = 21478
	CodeSubaccountClosed        = 21479 // permanent
	CodeTooManySubaccounts      = 21480
	CodeTransferInvalidAccount  = 21470
	CodeTransferNoSuchAccount   = 21471
	CodeTransferInactiveAccount = 21472
	CodeTransferUnrelated       = 21473 // neither parent nor child of the owner
	CodeTransferCredentials     = 21474 // only the main account's credentials transfer numbers
)

// Error codes of phone numbers.
const (
	CodeInvalidPhoneNumber      = 21421
	CodePhoneNumberNotAvailable = 21422
	CodeInvalidAreaCode         = 21451
	CodeNoNumberInAreaCode      = 21452
	CodeAddressRequired         = 21613 // the account has no address on file
	CodeLocalAddressRequired    = 21615
	CodeInvalidAddress          = 21628
	CodeAddressSuggested        = 21629 // the address is invalid, and a similar one is valid
	CodeAddressSIDRequired      = 21631 // the request has to name an address that meets the requirements
	CodeBundleRequired          = 21649
	CodeIdentityRequired        = 21650
	CodeDocumentInsufficient    = 21651 // a document doesn't meet the regulation
	CodeHostedNumber            = 22121 // a hosted number can't move
)

// Error codes of calls.
const (
	CodeInvalidURL        = 21205
	CodeFromNotVerified   = 21210
	CodeInvalidTo         = 21211 // of messages too
	CodeInvalidFrom       = 21212 // of messages too
	CodeToUnreachable     = 21214
	CodeCallGeoPermission = 21215 // calls to that region aren't enabled
	CodeCallBlocked       = 21216
	CodeToNotValid        = 21217
	CodeCallToNotVerified = 21219 // a trial account calls verified numbers only
	CodeCallNotInProgress = 21220 // the call is in no state for that; it may have ended
	CodeCallQueueFull     = 22005
)

// Error codes of messages, when they are created.
const (
	CodeGeoPermission            = 21408 // messages to that region aren't enabled
	CodeBodyRequired             = 21602
	CodeSenderRequired           = 21603
	CodeNotSMSCapable            = 21606 // the sender isn't a number of the account that can send
	CodeToNotVerified            = 21608 // a trial account writes to verified numbers only
	CodeInvalidStatusCallback    = 21609
	CodeUnsubscribed             = 21610
	CodeSenderQueueFull          = 21611 // has status 429, and retrying at once doesn't help
	CodeUnroutable               = 21612
	CodeToNotMobile              = 21614
	CodeBodyTooLong              = 21617 // more than 1,600 characters
	CodeContentRequired          = 21619 // neither a body, nor media, nor a template
	CodeToLandline               = 21635
	CodeSenderOfOtherAccount     = 21660
	CodeMessagingServiceNotFound = 21701
	CodeMessagingServiceNoSender = 21703
	CodeMessagingServiceEmpty    = 21704
	CodeNumberInMessagingService = 21710 // the sender is in this messaging service already
	CodeNumberInOtherService     = 21712 // the sender is in another messaging service
	CodeMessagingServiceFull     = 21714
	CodeDailyMessageLimit        = 63038 // of the account
)

// Error codes of deliveries, which are in [Message].ErrorCode.
const (
	CodeDeliveryQueueOverflow      = 30001
	CodeDeliveryAccountSuspended   = 30002 // between creating the message and sending it
	CodeDeliveryUnreachable        = 30003
	CodeDeliveryBlocked            = 30004
	CodeDeliveryUnknownHandset     = 30005
	CodeDeliveryLandline           = 30006 // or a carrier that can't be reached
	CodeDeliveryFiltered           = 30007
	CodeDeliveryUnknown            = 30008
	CodeDeliveryPriceTooHigh       = 30010 // above the message's MaxPrice
	CodeDeliveryCarrierCongestion  = 30017
	CodeDeliveryRateLimited        = 30022 // US A2P 10DLC
	CodeDeliveryDailyCap           = 30023 // US A2P 10DLC
	CodeDeliveryTollFreeUnverified = 30032
	CodeDeliveryCampaignSuspended  = 30033 // US A2P 10DLC
	CodeDeliveryUnregisteredNumber = 30034 // US A2P 10DLC
	CodeDeliveryNumberNotReady     = 30035 // US A2P 10DLC: the number is still being registered
	CodeDeliveryExpired            = 30036 // the message's ValidityPeriod is over
)

// An Error is Twilio's response when it isn't a success: any status but 2xx,
// with a body of JSON, XML, HTML, text or nothing.
type Error struct {
	// Operation names the operation, such as "calls.create".
	Operation string
	// AccountSID is the account that the request acted on.
	AccountSID string
	// StatusCode is the status of the HTTP response.
	StatusCode int
	// Code is Twilio's own code, 0 if the response had none.
	Code int
	// Message is the API's own text, as it came, up to 4 KiB. It may quote
	// parameters, phone numbers included.
	Message string
	// MoreInfo is a link to the code's documentation.
	MoreInfo string
	// Details is what some responses add: the object "details", or the lists
	// "params" or "errors" under that name; nil for most.
	Details map[string]any
	// RequestID is Twilio's ID of the request (RQ…), which its support asks
	// for.
	RequestID string
	// RetryAfter is how long Twilio asked to wait, 0 if it didn't say.
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
// other things that Twilio says with status 429. A body whose code is the
// status says no more than the status.
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

// A TransportError says that there was no complete response: the connection
// failed or broke, the time limit passed, the context ended, or a success had a
// body that isn't the resource.
type TransportError struct {
	// Operation names the operation, such as "calls.create".
	Operation string
	// AccountSID is the account that the request acted on.
	AccountSID string
	// RequestID is Twilio's ID of the request, if a response began.
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
// context.DeadlineExceeded, or io.ErrUnexpectedEOF.
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

// Timeout reports whether the time limit passed, as for net.Error.
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

// safeDescription describes a cause in words that are safe to print. It uses
// the text of an error only if that is known to be harmless: HTTP clients quote
// URLs in their errors, and a caller's RoundTripper may quote anything.
func safeDescription(err error) string {
	if e, ok := errors.AsType[*downloadError](err); ok {
		return e.Error()
	}
	if e, ok := errors.AsType[safeError](err); ok {
		return string(e)
	}
	if e, ok := errors.AsType[sentinel](err); ok {
		return strings.TrimPrefix(string(e), "twilio: ")
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

// withoutURL removes the method and URL, query included, that net/http wraps
// around an error. A RoundTripper that uses an http.Client wraps them around it
// once more.
func withoutURL(err error) error {
	for {
		e, ok := err.(*url.Error) //nolint:errorlint // what is around the error, not inside it
		if !ok {
			return err
		}
		err = e.Err
	}
}

// A ParamError says that the client refused a request, and didn't send it. A
// workflow may have sent others before; unless its documentation says so, it
// has changed nothing.
type ParamError struct {
	// Operation names the operation, such as "calls.create"; it is empty for
	// errors of NewClient.
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

// newTransportError is the error of an operation that ended without a request.
func newTransportError(operation, account string, err error) error {
	return (&invocation{operation: operation, account: account}).transportError(err, false)
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

// joinErrors is errors.Join, except that slog prints the result without the
// API's messages.
func joinErrors(errs ...error) error {
	if err := errors.Join(errs...); err != nil {
		return &joinedError{err}
	}
	return nil
}

type joinedError struct{ error }

// Unwrap returns the errors.
func (e *joinedError) Unwrap() []error {
	return e.error.(interface{ Unwrap() []error }).Unwrap()
}

// maxLogged bounds how many errors of a group slog prints.
const maxLogged = 5

// LogValue makes slog print how many errors there are, and the first of them.
func (e *joinedError) LogValue() slog.Value {
	errs := e.Unwrap()
	attrs := []slog.Attr{slog.Int("count", len(errs))}
	for i, err := range errs[:min(len(errs), maxLogged)] {
		attrs = append(attrs, slog.Attr{Key: strconv.Itoa(i + 1), Value: logValue(err)})
	}
	return slog.GroupValue(attrs...)
}

// logValue is what slog prints of an error that may wrap one of this package,
// whose text may quote a phone number.
func logValue(err error) slog.Value {
	if e, ok := errors.AsType[slogError](err); ok {
		return e.LogValue()
	}
	return slog.StringValue(fmt.Sprint(err)) // nil, where a test made the error up
}

type slogError interface {
	error
	slog.LogValuer
}
