package webhook

import (
	"context"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// A Verifier checks that requests come from Twilio, and for which account. It
// is safe for concurrent use.
//
// A signature covers the URL that is configured at Twilio and the body: the
// parameters of a form, or the hash of any other body. It covers neither the
// method, nor the headers, nor the time. A recorded request can be replayed, so
// handle requests idempotently.
type Verifier struct {
	tokens  Tokens
	public  *address // target is a prefix of the path
	account func(*http.Request) string
	maxBody int64
	logger  *slog.Logger
}

// An Option configures a [Verifier].
type Option func(*options)

type options struct {
	publicURL *string
	account   func(*http.Request) string
	maxBody   int64
	logger    *slog.Logger
}

// WithPublicURL sets the scheme and host of the URLs that are configured at
// Twilio, such as "https://hooks.example.com", and their port if they have one.
// If it has a path, the path is prepended to the request's, for proxies that
// strip it.
//
// Set it if the application is behind a proxy, and to refuse signatures that
// Twilio made for another host. Without it, the URL is taken from the
// connection and the Host header. X-Forwarded headers are never used, since
// anyone can send them.
func WithPublicURL(url string) Option { return func(o *options) { o.publicURL = &url } }

// WithAccount sets a function that returns the SID of the account that a
// request is about, for webhooks without the parameter AccountSid: those with a
// JSON body, and WebSockets. Take it from the URL, which is signed:
//
//	webhook.WithAccount(func(r *http.Request) string { return r.PathValue("account") })
//
// If the function returns "", the parameter AccountSid is used. The SID is
// checked like any other. The function may read the request's body.
func WithAccount(account func(*http.Request) string) Option {
	return func(o *options) { o.account = account }
}

// WithMaxBody sets the size of the largest body that is accepted, in bytes; 1
// MiB by default.
func WithMaxBody(bytes int64) Option { return func(o *options) { o.maxBody = bytes } }

// WithLogger logs why [Verifier.Middleware] rejects a request: at level Info if
// the request is at fault, at level Warn if its tokens can't be looked up. No
// part of the request is logged.
func WithLogger(logger *slog.Logger) Option { return func(o *options) { o.logger = logger } }

// NewVerifier returns a Verifier. The error is a [*twilio.ParamError] that
// names the argument or option at fault.
func NewVerifier(tokens Tokens, opts ...Option) (*Verifier, error) {
	o := options{maxBody: 1 << 20, logger: slog.New(slog.DiscardHandler)}
	for _, opt := range opts {
		opt(&o)
	}
	switch {
	case tokens == nil:
		return nil, &twilio.ParamError{Field: "tokens", Reason: "is nil; pass FromMain, FromStore or Static"}
	case o.maxBody < 1:
		return nil, &twilio.ParamError{Field: "WithMaxBody", Reason: "is less than 1; pass a number of bytes"}
	case o.logger == nil:
		return nil, &twilio.ParamError{Field: "WithLogger", Reason: "is nil; pass a logger or leave the option out"}
	}
	if source, ok := tokens.(interface{ check() error }); ok {
		if err := source.check(); err != nil {
			return nil, err
		}
	}
	v := &Verifier{tokens: tokens, account: o.account, maxBody: o.maxBody, logger: o.logger}
	if o.publicURL != nil {
		public, err := parsePublicURL(*o.publicURL)
		if err != nil {
			return nil, err
		}
		v.public = public
	}
	return v, nil
}

func (s static) check() error {
	if s.accountSID == "" {
		return &twilio.ParamError{Field: "accountSID", Reason: "is empty; pass the SID of the tokens' account"}
	}
	if len(s.tokens) == 0 || len(s.tokens) > maxTokens {
		return &twilio.ParamError{Field: "tokens", Reason: "has none or more than four; pass the account's AuthToken, and during a rotation both"}
	}
	for _, token := range s.tokens {
		if token.IsZero() {
			return &twilio.ParamError{Field: "tokens", Reason: "contains an empty token; pass the account's AuthToken"}
		}
	}
	return nil
}

func parsePublicURL(text string) (*address, error) {
	fail := func(reason string) (*address, error) {
		return nil, &twilio.ParamError{Field: "WithPublicURL", Reason: reason}
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		return fail(`is not a URL; pass scheme and host, such as "https://hooks.example.com"`)
	case u.User != nil:
		return fail("has a user name, which Twilio doesn't sign; leave it out")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return fail("has a query or fragment; pass scheme and host")
	}
	switch u.Scheme {
	case "http", "https", "ws", "wss":
	default:
		return fail("has a scheme other than https, http, wss and ws; use one of them")
	}
	// The case of the host is part of what is signed.
	return &address{scheme: u.Scheme, host: u.Host, target: strings.TrimRight(u.EscapedPath(), "/")}, nil
}

// maxTokens bounds how many tokens an account has at a time.
const maxTokens = 4

// Verify checks that Twilio signed a request with the token of the account that
// the request is about, and returns that account's SID. Call it before anything
// else reads the body; the body can be read again afterwards.
//
// The error matches [ErrSignature], [ErrUnknownAccount] or [ErrUnavailable].
// Its text has no part of the request.
func (v *Verifier) Verify(r *http.Request) (accountSID string, err error) {
	c, err := v.read(r)
	if err != nil {
		return "", err
	}
	if c.accountSID == "" {
		return "", ErrUnknownAccount
	}
	tokens, err := v.lookUp(r.Context(), c)
	if err != nil {
		return "", err
	}
	ok := c.signedWith(tokens)
	if renewer, can := v.tokens.(renewer); can && !ok {
		// The token may have been rotated by another process.
		if tokens, err = renewer.renew(r.Context(), c.accountSID); err != nil {
			return "", unavailable(err)
		}
		ok = c.signedWith(tokens)
	}
	switch {
	case ok:
		return c.accountSID, nil
	case r.Header.Get("X-Twilio-Webhooks-Signature-Settings") != "":
		return "", refuse("it is made with the shared key of a webhook rule; have the source of tokens return that key")
	default:
		return "", refuse("it is for another URL, body or AuthToken; behind a proxy, set WithPublicURL")
	}
}

// A renewer is a source that caches tokens and can look for newer ones. It
// returns none if they were looked up a short time ago.
type renewer interface {
	renew(ctx context.Context, accountSID string) ([]twilio.Secret, error)
}

// A parent is a source that knows the account that owns the others.
type parent interface{ ownerSID() string }

// lookUp returns the tokens with which a request may be signed.
func (v *Verifier) lookUp(ctx context.Context, c *claim) ([]twilio.Secret, error) {
	tokens, err := v.usableTokens(ctx, c.accountSID)
	// Twilio doesn't say whose token signs the debugger's webhook about a
	// subaccount: the subaccount's, or that of the main account, which receives
	// it.
	if p, ok := v.tokens.(parent); ok && err == nil && c.parentSID != "" && c.parentSID == p.ownerSID() {
		var owners []twilio.Secret
		owners, err = v.usableTokens(ctx, c.parentSID)
		tokens = append(tokens, owners...)
	}
	return tokens, err
}

func (v *Verifier) usableTokens(ctx context.Context, accountSID string) ([]twilio.Secret, error) {
	tokens, err := v.tokens.Tokens(ctx, accountSID)
	switch usable := usable(tokens); {
	case err != nil:
		return nil, unavailable(err)
	case len(tokens) == 0:
		return nil, ErrUnknownAccount
	case len(usable) == 0:
		return nil, unavailable(errNoToken)
	default:
		return usable, nil
	}
}

// usable returns the tokens without the empty ones, with which anyone can sign.
func usable(tokens []twilio.Secret) []twilio.Secret {
	usable := slices.DeleteFunc(slices.Clone(tokens), twilio.Secret.IsZero)
	return usable[:min(len(usable), maxTokens)]
}

// unavailable turns the error of a source into the error of Verify.
func unavailable(err error) error {
	if errors.Is(err, ErrUnknownAccount) {
		return ErrUnknownAccount
	}
	return &unavailableError{err}
}

// A claim is a request's signature, what it covers, and the accounts that the
// request names.
type claim struct {
	accountSID, parentSID string
	signature             string
	algorithm             algorithm
	urls                  [candidates]string
	params                string // what is signed after the URL
}

// read returns the claim of a request.
func (v *Verifier) read(r *http.Request) (*claim, error) {
	signatures := r.Header.Values(signatureHeader)
	if len(signatures) != 1 {
		return nil, refuse("the header is missing or sent twice")
	}
	c := &claim{signature: signatures[0]}
	var ok bool
	if c.algorithm, ok = algorithmOf(c.signature); !ok {
		return nil, refuse("it has the wrong length")
	}
	if len(r.PostForm) > 0 || r.MultipartForm != nil {
		return nil, refuse("the form is parsed already; verify the request first")
	}
	a, err := v.address(r)
	if err != nil {
		return nil, refuse(err.Error())
	}
	c.urls = a.candidates(r)
	body, err := readBody(r, v.maxBody)
	if err != nil {
		return nil, refuse(err.Error())
	}
	var form []param
	switch {
	case isForm(r):
		if form, err = parsePairs(string(body)); err != nil {
			return nil, refuse(err.Error())
		}
		c.params = joinParams(form)
	case needsHash(r, a.query(), body):
		return nil, refuse("it doesn't cover the body")
	}
	if v.account != nil {
		c.accountSID = v.account(r)
		restoreBody(r, body)
	}
	if c.accountSID != "" {
		return c, nil
	}
	return c, c.identify(v.tokens, form, a.query())
}

// address returns the URL that Twilio requested.
func (v *Verifier) address(r *http.Request) (address, error) {
	if r.URL.User != nil || r.URL.Fragment != "" {
		return address{}, errTarget // a server never receives them
	}
	a, err := addressOf(r)
	if err != nil || v.public == nil {
		return a, err
	}
	a.scheme, a.host = v.public.scheme, v.public.host
	a.target = v.public.target + a.target
	if isUpgrade(r) {
		a.scheme = webSocketScheme(a.scheme)
	}
	return a, nil
}

// identify sets the accounts that a request names, in its form or its URL.
func (c *claim) identify(tokens Tokens, form []param, query string) error {
	// A query that can't be parsed names no account.
	inURL, _ := parsePairs(query)
	for _, params := range [][]param{form, inURL} {
		for _, p := range params {
			switch {
			case p.name == "ParentAccountSid":
				c.parentSID = p.value
			case p.name != "AccountSid" || p.value == c.accountSID:
			case c.accountSID != "":
				return refuse("the request names two accounts")
			default:
				c.accountSID = p.value
			}
		}
		if c.accountSID != "" {
			return nil
		}
	}
	if s, ok := tokens.(static); ok {
		c.accountSID = s.accountSID
	}
	return nil
}

// signedWith reports whether the signature was made with one of the tokens. It
// computes every candidate, even after a match, and compares in constant time.
func (c *claim) signedWith(tokens []twilio.Secret) bool {
	matches := 0
	for _, token := range tokens {
		mac := newMAC(c.algorithm, token.Reveal())
		for _, url := range c.urls {
			want := sign(mac, url, c.params)
			matches += subtle.ConstantTimeCompare([]byte(want), []byte(c.signature))
		}
	}
	return matches > 0
}

// Middleware returns a handler that verifies requests, and passes those that
// come from Twilio to next, which can read the body again and has the account
// from [AccountSID]. It rejects all others with an empty response: status 503
// if the account's tokens can't be looked up, so that Twilio may retry, and 403
// otherwise.
//
// It reads the whole body first, so set a ReadTimeout on the [http.Server].
func (v *Verifier) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		accountSID, err := v.Verify(r)
		if err == nil {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), accountKey{}, accountSID)))
			return
		}
		status, level := http.StatusForbidden, slog.LevelInfo
		if errors.Is(err, ErrUnavailable) {
			status, level = http.StatusServiceUnavailable, slog.LevelWarn
		}
		v.logger.LogAttrs(r.Context(), level, "webhook refused", slog.Int("status", status), slog.String("reason", err.Error()))
		w.WriteHeader(status)
	})
}

type accountKey struct{}

// AccountSID returns the SID of the account that [Verifier.Middleware]
// verified, from the context of the request, and "" without the middleware. It
// is the parameter AccountSid unless [WithAccount] set another.
func AccountSID(ctx context.Context) string {
	accountSID, _ := ctx.Value(accountKey{}).(string)
	return accountSID
}
