package twilio

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"path"
	"reflect"
	"runtime"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// Version is the version of this package.
const Version = "0.1.0"

const apiRoot = "/2010-04-01"

// Client speaks to Twilio's REST API with one set of credentials, on one
// account. It is safe for concurrent use and never changes; [Client.Subaccount]
// and [Client.WithCredentials] make cheap copies that share its connections and
// limits. Printing it prints no secret.
type Client struct {
	Accounts              *AccountService
	Addresses             *AddressService
	AvailablePhoneNumbers *AvailablePhoneNumberService
	Balance               *BalanceService
	Calls                 *CallService
	IncomingPhoneNumbers  *IncomingPhoneNumberService
	Keys                  *KeyService
	Messages              *MessageService
	OutgoingCallerIDs     *OutgoingCallerIDService
	SigningKeys           *SigningKeyService
	Usage                 *UsageService

	shared      *shared
	credentials Credentials
	accountSID  string
	invalid     error // why no request can be made; each one returns it
}

// shared is what the copies of a client share.
type shared struct {
	origin    *url.URL
	http      *retryablehttp.Client
	transport *transport // at the bottom of http
	userAgent string
}

// NewClient makes a client. It acts on the account of the credentials unless
// [WithSubaccount] says otherwise. A [*ParamError] says what is wrong with the
// credentials or an option; nothing is sent.
func NewClient(cred Credentials, opts ...Option) (*Client, error) {
	cfg := config{
		maxRetries: 3,
		waitMin:    500 * time.Millisecond,
		waitMax:    10 * time.Second,
		timeout:    31 * time.Second, // a little longer than Twilio's own limit
		userAgent:  "twilio-subaccounts-go/" + Version + " (" + runtime.GOOS + " " + runtime.GOARCH + ") " + runtime.Version(),
	}
	for _, opt := range opts {
		if opt != nil {
			opt(&cfg)
		}
	}
	if err := firstError(cred.check(), cfg.check()); err != nil {
		return nil, err
	}
	origin, err := cfg.origin()
	if err != nil {
		return nil, err
	}
	http, transport := newRetryClient(&cfg)
	client := newClient(&shared{origin, http, transport, cfg.userAgent}, cred, cred.accountSID)
	if cfg.subaccount != nil {
		client = client.Subaccount(*cfg.subaccount)
	}
	if client.invalid != nil {
		return nil, client.invalid
	}
	return client, nil
}

// Subaccount returns a client that acts on a subaccount with the credentials
// that c has, which must be the main account's AuthToken. It shares c's
// connections and limits. A SID that can't be one makes every request of the
// copy a [*ParamError].
func (c *Client) Subaccount(sid string) *Client {
	sub := newClient(c.shared, c.credentials, sid)
	sub.invalid = c.invalid
	if sub.invalid == nil {
		sub.invalid = checkSID("Subaccount", sid, "AC")
	}
	if sub.invalid == nil && c.credentials.isKey() && sid != c.credentials.accountSID {
		sub.invalid = errMainKey()
	}
	return sub
}

func errMainKey() error {
	return &ParamError{Field: "Subaccount",
		Reason: "can't be reached with another account's API key; use the main account's AuthToken, or the subaccount's own credentials"}
}

// WithCredentials returns a client that authenticates with other credentials
// and acts on their account. It shares c's connections and limits.
// Credentials that are incomplete make every request of the copy a
// [*ParamError].
func (c *Client) WithCredentials(cred Credentials) *Client {
	own := newClient(c.shared, cred, cred.accountSID)
	own.invalid = cred.check()
	return own
}

// AccountSID is the account that requests act on. Accounts always speaks to
// the credentials' own.
func (c *Client) AccountSID() string { return c.accountSID }

// String names the account that the client acts on, and no secret.
func (c *Client) String() string { return "twilio.Client(" + c.accountSID + ")" }

// GoString is String, for %#v.
func (c *Client) GoString() string { return c.String() }

// LogValue makes slog print what String says.
func (c *Client) LogValue() slog.Value { return slog.StringValue(c.String()) }

// CloseIdleConnections closes the connections that no request is using, as the
// method of [http.Client] does. Copies of the client share them.
func (c *Client) CloseIdleConnections() {
	if c.shared != nil {
		c.shared.transport.closeIdleConnections()
	}
}

// Do makes a request that has no type here yet. The path is relative to the
// API's host, such as a value of SubresourceURIs; form goes into the query of a
// GET or DELETE and into the body of a POST; out is filled from the answer's
// JSON unless it is nil. A client that was given a subaccount refuses paths of
// other accounts.
//
// GET and DELETE are repeated as safe; POST only with [WithIdempotent].
func (c *Client) Do(ctx context.Context, method, path string, form url.Values, out any, opts ...RequestOption) error {
	r := &request{
		endpoint:   endpoint{client: c},
		operation:  "do",
		method:     method,
		account:    c.accountSID,
		config:     newRequestConfig(opts),
		idempotent: method != http.MethodPost,
	}
	r.form = maps.Clone(form)
	if r.form == nil {
		r.form = url.Values{}
	}
	maps.Copy(r.form, r.config.form)
	r.url, r.err = c.checkPath(path)
	switch method {
	case http.MethodGet, http.MethodDelete, http.MethodPost:
	default:
		r.err = &ParamError{Field: "method", Reason: "isn't GET, POST or DELETE"}
	}
	if out == nil {
		return r.do(ctx, nil)
	}
	if v := reflect.ValueOf(out); v.Kind() != reflect.Pointer || v.IsNil() {
		r.err = firstError(r.err, &ParamError{Field: "out", Reason: "isn't a pointer to fill; pass one, or nil"})
	}
	return r.do(ctx, func(body []byte) error {
		if len(body) == 0 { // 204: there is nothing to fill out from
			return nil
		}
		return decode(body, out)
	})
}

// checkPath takes apart a path that isn't built here: one of Do.
func (c *Client) checkPath(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, &ParamError{Field: "path", Reason: "isn't a path"}
	case u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(u.Path, apiRoot+"/"):
		return nil, &ParamError{Field: "path", Reason: "isn't a path of the API; give one that begins with " + apiRoot + "/"}
	case u.RawPath != "" || u.Fragment != "" || path.Clean(u.Path) != u.Path:
		return nil, &ParamError{Field: "path", Reason: "isn't plain; leave out dots, escapes, fragments and empty parts"}
	}
	if account, ok := strings.CutPrefix(u.Path, apiRoot+"/Accounts/"); ok {
		account, _, _ = strings.Cut(account, "/")
		account = strings.TrimSuffix(account, ".json")
		switch {
		case account == c.accountSID:
		case c.credentials.isKey():
			return nil, errMainKey()
		case c.accountSID != c.credentials.accountSID:
			return nil, &ParamError{Field: "path", Reason: "names another account than the one that this client acts on"}
		}
	}
	return u, nil
}
