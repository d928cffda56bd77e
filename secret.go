package twilio

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
	"sync"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/lenient"
)

const redacted = "[redacted]"

// A Secret is a credential: an AuthToken or an API key's secret. Only
// [Secret.Reveal] returns its text. Every verb of package fmt, slog and text
// encoders print "[redacted]", and JSON has null. Printers that inspect values
// themselves, such as those of testing libraries, find it encrypted.
//
// The zero Secret is empty. Two Secrets can't be compared with ==; use
// [Secret.Equal] or reflect.DeepEqual.
//
// To store a Secret, pass the result of Reveal directly to the store; to read
// it back, pass a *Secret to Scan of database/sql, or use [NewSecret].
type Secret struct {
	_ [0]func() // keeps == from comparing the pointers
	// A pointer, because package fmt calls no methods on unexported fields: a
	// string here would be printed raw by %+v of any struct that holds a
	// Secret.
	sealed *sealedText
}

// A sealedText is an encrypted string, because some printers follow pointers
// and look into unexported fields. The same text is always sealed the same way,
// so that values with the same secrets are deeply equal.
type sealedText struct{ iv, sealed string }

// sealingKeys are random for each process. They protect what is printed, not
// the memory of the process.
var sealingKeys = sync.OnceValue(func() (keys struct{ block, mac [16]byte }) {
	_, _ = rand.Read(keys.block[:]) // it never fails
	_, _ = rand.Read(keys.mac[:])
	return keys
})

// seal encrypts a text with an initialization vector derived from the text, as
// SIV mode (RFC 5297) does.
func seal(text string) *sealedText {
	keys := sealingKeys()
	mac := hmac.New(sha256.New, keys.mac[:])
	_, _ = io.WriteString(mac, text)
	s := &sealedText{iv: string(mac.Sum(nil)[:aes.BlockSize]), sealed: text}
	s.sealed = s.crypt()
	return s
}

// crypt encrypts a text, or decrypts an encrypted one.
func (s *sealedText) crypt() string {
	keys := sealingKeys()
	block, err := aes.NewCipher(keys.block[:])
	if err != nil {
		return "" // never: the key has its length
	}
	text := []byte(s.sealed)
	cipher.NewCTR(block, []byte(s.iv)).XORKeyStream(text, text)
	return string(text)
}

// NewSecret makes a Secret from its text. An empty text makes the zero Secret.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{sealed: seal(text)}
}

// Reveal returns the text. Keep it out of logs.
func (s Secret) Reveal() string {
	if s.sealed == nil {
		return ""
	}
	return s.sealed.crypt()
}

// IsZero reports whether there is no text. Twilio leaves tokens blank for
// callers that authenticate with an API key.
func (s Secret) IsZero() bool { return s.sealed == nil }

// Equal reports whether two Secrets have the same text. The time that it takes
// depends on nothing but their length.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

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

// UnmarshalJSON reads the text from a JSON string; null is the zero Secret.
func (s *Secret) UnmarshalJSON(data []byte) error {
	var text string
	problems, err := lenient.Unmarshal(data, &text)
	if err == nil && len(problems) > 0 {
		err = problems[0]
	}
	if err != nil {
		return &DecodeError{Fields: []FieldError{{Problem: safeDescription(err)}}}
	}
	return s.UnmarshalText([]byte(text))
}

// UnmarshalText reads the text. It turns "[redacted]", which MarshalText
// writes, into the zero Secret.
func (s *Secret) UnmarshalText(text []byte) error {
	if *s = NewSecret(string(text)); string(text) == redacted {
		*s = Secret{}
	}
	return nil
}

// Scan reads the text from a column of a database, so that your code never
// holds it as a string: a *Secret is a Scanner of database/sql. NULL is the
// zero Secret.
func (s *Secret) Scan(column any) error {
	switch text := column.(type) {
	case nil:
		*s = Secret{}
	case string:
		return s.UnmarshalText([]byte(text))
	case []byte:
		return s.UnmarshalText(text)
	default:
		return safeError(fmt.Sprintf("twilio: can't read a Secret from a column of type %T; use a column of text", column))
	}
	return nil
}
