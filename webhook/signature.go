package webhook

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Twilio signs with HMAC-SHA1
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// signatureHeader has the signature of a request.
const signatureHeader = "X-Twilio-Signature"

// bodyHash is the query parameter with the hash of a body that isn't a form.
const bodyHash = "bodySHA256"

// A Token is an AuthToken: the Secret of a [twilio.Account], or its text.
type Token interface{ string | twilio.Secret }

func secretOf[T Token](token T) twilio.Secret {
	switch t := any(token).(type) {
	case twilio.Secret:
		return t
	case string:
		return twilio.NewSecret(t)
	default:
		return twilio.Secret{} // never: a Token is one of them
	}
}

// Signature returns the signature that Twilio sends in the header
// X-Twilio-Signature for a request to a URL. The URL's user name, password and
// fragment are left out, as Twilio does. The form is the body of a POST
// request; pass nil for other methods and other bodies. To sign a request, use
// [Sign].
func Signature[T Token](url string, form url.Values, token T) string {
	var params []param
	for name, values := range form {
		for _, value := range values {
			params = append(params, param{name, value})
		}
	}
	return sign(newMAC(algorithmSHA1, secretOf(token).Reveal()), signedPart(url), joinParams(params))
}

// signedPart returns a URL without its user name, password and fragment.
func signedPart(url string) string {
	url, _, _ = strings.Cut(url, "#")
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		return url
	}
	host := rest
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		host = rest[:i]
	}
	return scheme + "://" + rest[strings.LastIndexByte(host, '@')+1:]
}

// Sign signs a request the way Twilio does, for tests of a handler. The request
// is one that is about to be sent, or one that [net/http/httptest.NewRequest]
// returned for an absolute URL. Sign sets the header X-Twilio-Signature and, if
// the body isn't a form, adds its hash to the URL as the parameter bodySHA256.
// It fails if the body or its form can't be read.
func Sign[T Token](r *http.Request, token T) error {
	url, params, err := toSign(r)
	if err != nil {
		return fmt.Errorf("twilio: can't sign the webhook: %w", err)
	}
	r.Header.Set(signatureHeader, sign(newMAC(algorithmSHA1, secretOf(token).Reveal()), url, params))
	return nil
}

// toSign returns what the signature of a request covers. If the body isn't a
// form, it first adds the body's hash to the URL.
func toSign(r *http.Request) (url, params string, err error) {
	body, err := readBody(r, -1)
	if err != nil {
		return "", "", err
	}
	a, err := addressOf(r)
	if err != nil {
		return "", "", err
	}
	switch {
	case isForm(r):
		pairs, err := parsePairs(string(body))
		return a.String(), joinParams(pairs), err
	case needsHash(r, a.query(), body):
		addToQuery(r, bodyHash+"="+hashOf(body))
		a, err = addressOf(r)
	}
	return a.String(), "", err
}

// addToQuery adds a parameter to the end of a request's URL.
func addToQuery(r *http.Request, param string) {
	separator := "?"
	if r.URL.RawQuery != "" || r.URL.ForceQuery {
		separator = "&"
	}
	if r.RequestURI != "" {
		r.RequestURI += separator + param
	}
	r.URL.RawQuery = strings.TrimPrefix(r.URL.RawQuery+"&"+param, "&")
}

// An algorithm is how a request is signed.
type algorithm int

const (
	// algorithmSHA1 is what Twilio signs with.
	algorithmSHA1 algorithm = iota
	// algorithmSHA256 is what a webhook rule with a shared key may choose.
	algorithmSHA256
)

// algorithmOf returns the algorithm that makes signatures of this length.
func algorithmOf(signature string) (algorithm, bool) {
	switch len(signature) {
	case base64.StdEncoding.EncodedLen(sha1.Size):
		return algorithmSHA1, true
	case base64.StdEncoding.EncodedLen(sha256.Size):
		return algorithmSHA256, true
	default:
		return 0, false
	}
}

// newMAC returns the keyed hash that makes signatures.
func newMAC(with algorithm, key string) hash.Hash {
	if with == algorithmSHA256 {
		return hmac.New(sha256.New, []byte(key))
	}
	return hmac.New(sha1.New, []byte(key))
}

// sign returns the signature of a URL and the parameters after it.
func sign(mac hash.Hash, url, params string) string {
	mac.Reset()
	_, _ = io.WriteString(mac, url)
	_, _ = io.WriteString(mac, params)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// A param is a parameter of a form, or of a query.
type param struct{ name, value string }

// maxParams bounds the memory that a body of many short pairs takes. net/url
// has the same limit.
const maxParams = 10_000

var (
	errTooManyParams = errors.New("the request has too many parameters")
	errEncoding      = errors.New("the form has an invalid escape")
)

// parsePairs decodes a form or a query. Unlike [url.ParseQuery] it accepts
// semicolons, which are signed as a part of the value.
func parsePairs(text string) ([]param, error) {
	if strings.Count(text, "&") >= maxParams {
		return nil, errTooManyParams
	}
	var params []param
	for pair := range strings.SplitSeq(text, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, errName := url.QueryUnescape(name)
		value, errValue := url.QueryUnescape(value)
		if errName != nil || errValue != nil {
			return nil, errEncoding
		}
		params = append(params, param{name, value})
	}
	return params, nil
}

// joinParams returns what a signature covers of a form: its parameters, sorted
// by the bytes of name and value, without duplicates or separators.
func joinParams(params []param) string {
	slices.SortFunc(params, func(a, b param) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return strings.Compare(a.value, b.value)
	})
	var text strings.Builder
	for _, p := range slices.Compact(params) {
		text.WriteString(p.name)
		text.WriteString(p.value)
	}
	return text.String()
}

// isForm reports whether the Content-Type is that of a form. The parameter
// bodySHA256 doesn't decide: the URL of a form may have one of its own.
func isForm(r *http.Request) bool {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return mediaType == "application/x-www-form-urlencoded" && (err == nil || errors.Is(err, mime.ErrInvalidMediaParameter))
}

func hashOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// needsHash reports whether a query lacks the hash of a body that isn't a form.
// An empty body needs none, but if there is a hash, it has to match, except in
// a GET.
func needsHash(r *http.Request, query string, body []byte) bool {
	hash, ok := lastHash(query)
	if len(body) == 0 && (!ok || r.Method == http.MethodGet) {
		return false
	}
	return !hmac.Equal([]byte(hash), []byte(hashOf(body)))
}

// lastHash returns the hash that Twilio added to a query: the last parameter of
// that name.
func lastHash(query string) (hash string, ok bool) {
	for pair := range strings.SplitSeq(query, "&") {
		if name, value, found := strings.Cut(pair, "="); found && name == bodyHash {
			hash, ok = value, true
		}
	}
	return hash, ok
}
