package fleet

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// sentinel makes errors that are constants.
type sentinel string

// Error returns the sentinel's text.
func (s sentinel) Error() string { return string(s) }

// Sentinels that errors.Is finds in the errors of this package.
const (
	// ErrNoRun matches errors about a run that doesn't exist.
	ErrNoRun sentinel = "fleet: there is no such run"
	// ErrRunExists matches the error of Start when the run exists with another
	// operation or other params.
	ErrRunExists sentinel = "fleet: the run exists with another operation, filter or params"
	// ErrCanceled matches the error of an item that was canceled before it was
	// done.
	ErrCanceled sentinel = "fleet: canceled"
	// errTurnEnded ends an operation that continues at its checkpoint.
	errTurnEnded sentinel = "fleet: the turn has ended; return this error, and the operation continues at its checkpoint"
	// errSuperseded ends an operation that another worker has taken over.
	errSuperseded sentinel = "fleet: another worker has taken over"
)

// errGoexit is the end of an operation that neither returned nor panicked.
const errGoexit sentinel = "fleet: the operation was ended by runtime.Goexit, which t.FailNow and t.SkipNow call"

// Causes for which an operation's context ends. None counts as a failure.
const (
	errLimited     sentinel = "fleet: Twilio responded with 429"
	errSessionLost sentinel = "fleet: the session with the database was lost"
)

// An ItemError is the error of an item that failed permanently.
type ItemError struct {
	// Key is the item's key.
	Key string
	// Text is the text of the operation's last error. It may have Twilio's own
	// message.
	Text string
}

// Error names the item and says what went wrong.
func (e *ItemError) Error() string { return e.Key + ": " + e.Text }

// LogValue leaves out the text, which may quote a phone number.
func (e *ItemError) LogValue() slog.Value { return slog.GroupValue(slog.String("key", e.Key)) }

// A PlanError says that the list of a run's accounts couldn't be read. Retry
// continues it.
type PlanError struct {
	// Run is the run.
	Run string
	// Text is the text of the error.
	Text string
}

// Error names the run and says what went wrong.
func (e *PlanError) Error() string {
	return fmt.Sprintf("fleet: run %q: the list of accounts failed: %s", e.Run, e.Text)
}

// paramError says that a parameter is wrong; nothing was done.
func paramError(operation, field, reason string) error {
	return &twilio.ParamError{Operation: "fleet." + operation, Field: field, Reason: reason}
}

// isFinal reports whether another attempt can't succeed.
func isFinal(err error) bool {
	if _, ok := errors.AsType[*twilio.ParamError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*twilio.PanicError](err); ok || errors.Is(err, errGoexit) || errors.Is(err, errDied) {
		return true
	}
	e, ok := errors.AsType[*twilio.Error](err)
	return ok && e.StatusCode >= 400 && e.StatusCode < 500 &&
		e.StatusCode != http.StatusTooManyRequests && e.StatusCode != http.StatusRequestTimeout
}

// logText is what may be printed of an error: not Twilio's message.
func logText(err error) string {
	type logged interface {
		error
		slog.LogValuer
	}
	if e, ok := errors.AsType[logged](err); ok {
		return e.LogValue().Resolve().String()
	}
	return err.Error()
}

// validText is a text that every database can hold.
func validText(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}
