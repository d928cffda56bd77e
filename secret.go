package twilio

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is a text that opens an account: an AuthToken or an API key's secret.
// Only [Secret.Reveal] gives it away. Every verb of package fmt, slog and text
// encoders print "[redacted]", and JSON has null.
//
// The zero Secret is empty. Two Secrets can't be compared with ==; compare
// what Reveal returns.
type Secret struct {
	_ [0]func() // keeps == from comparing the pointers
	// A pointer, because package fmt calls no methods on unexported fields: a
	// string here would be printed raw by %+v of any struct that holds a Secret.
	text *string
}

func newSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{text: &text}
}

// Reveal returns the text. Keep it out of logs.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero reports whether there is no text. Twilio leaves tokens blank for
// callers that authenticate with an API key.
func (s Secret) IsZero() bool { return s.text == nil }

// String returns "[redacted]".
func (s Secret) String() string { return redacted }

// Format writes "[redacted]" whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue makes slog print "[redacted]".
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON returns null, so that a stored or logged struct holds no token.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// MarshalText returns "[redacted]", for encoders other than JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
