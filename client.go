package twilio

import (
	"log/slog"
	"net/http"
	"net/url"
	"runtime"
	"time"
)

// Version is the version of this package.
const Version = "0.1.0"

const apiRoot = "/2010-04-01"

// A Client sends requests to Twilio's REST API with one set of credentials, on
// one account. It is safe for concurrent use and never changes;
// [Client.Subaccount] and [Client.WithCredentials] make cheap copies that share
// its connections and limits. Printing it prints no secret.
type Client struct {
	Accounts              *AccountService              // subaccounts: create, provision, suspend, close, visit all
	Addresses             *AddressService              // postal addresses that phone numbers require
	Applications          *ApplicationService          // sets of webhook URLs
	AuthorizedConnectApps *AuthorizedConnectAppService // Connect apps that may act in the account
	AuthTokens            *AuthTokenService            // secondary AuthTokens
	AvailablePhoneNumbers *AvailablePhoneNumberService // phone numbers for sale
	Balance               *BalanceService              // the money that is left
	Calls                 *CallService                 // calls, what belongs to them, and what they cost
	Conferences           *ConferenceService           // conferences and their participants
	ConnectApps           *ConnectAppService           // the account's own Connect apps
	IAM                   *IAMService                  // API keys, restricted ones too
	IncomingPhoneNumbers  *IncomingPhoneNumberService  // owned phone numbers: buy, configure, move, release
	Keys                  *KeyService                  // API keys, and their rotation
	Messages              *MessageService              // messages, their media, and what they cost
	MessagingServices     *MessagingServiceService     // pools of senders
	Notifications         *NotificationService         // errors and warnings that Twilio logged
	OutgoingCallerIDs     *OutgoingCallerIDService     // verified caller IDs
	Queues                *QueueService                // queues of calls
	Recordings            *RecordingService            // recordings: read, download, erase
	Regulatory            *RegulatoryService           // regulatory bundles
	ShortCodes            *ShortCodeService            // short codes
	SigningKeys           *SigningKeyService           // API keys in an older resource; use Keys
	SIP                   *SIPService                  // SIP domains, credentials and IP addresses
	Tokens                *TokenService                // credentials for STUN and TURN servers
	Transcriptions        *TranscriptionService        // transcriptions of recordings
	Usage                 *UsageService                // bills, usage records and usage triggers
	VoiceSettings         *VoiceSettingsService        // settings for calls

	shared        *shared
	credentials   Credentials
	authorization func() string // returns the header of the credentials
	accountSID    string
	invalid       error // why no request can be made; each one returns it
}

// shared is what the copies of a client share.
type shared struct {
	origin     *url.URL
	suffix     string       // of the products' hosts; empty if all requests go to origin
	http       *http.Client // for one attempt
	transport  *transport   // at the bottom of http
	userAgent  string
	timeout    time.Duration
	maxRetries int
	waitMin    time.Duration
	waitMax    time.Duration
}

// NewClient returns a client. It acts on the account of the credentials unless
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
	origin, suffix, err := cfg.origin()
	if err != nil {
		return nil, err
	}
	single, transport := newHTTPClient(&cfg)
	if isNil(transport.base) {
		return nil, &ParamError{Field: "WithTransport", Reason: "returned nil; return a RoundTripper"}
	}
	client := newClient(&shared{
		origin:     origin,
		suffix:     suffix,
		http:       single,
		transport:  transport,
		userAgent:  cfg.userAgent,
		timeout:    cfg.timeout,
		maxRetries: cfg.maxRetries,
		waitMin:    cfg.waitMin,
		waitMax:    cfg.waitMax,
	}, cred, cred.authorization(), cred.accountSID)
	if cfg.subaccount != nil {
		client = client.Subaccount(*cfg.subaccount)
	}
	if client.invalid != nil {
		return nil, client.invalid
	}
	return client, nil
}

// Subaccount returns a client that acts on a subaccount with c's credentials,
// which must be the main account's AuthToken. It shares c's connections and
// limits. If the SID isn't valid, every request of the copy returns a
// [*ParamError].
func (c *Client) Subaccount(sid string) *Client {
	sub := newClient(c.shared, c.credentials, c.authorization, sid)
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
// and acts on their account. It shares c's connections and limits. If the
// credentials are incomplete, every request of the copy returns a
// [*ParamError].
func (c *Client) WithCredentials(cred Credentials) *Client {
	own := newClient(c.shared, cred, cred.authorization(), cred.accountSID)
	own.invalid = cred.check()
	return own
}

// WithTransport returns a client whose attempts go through one more
// RoundTripper, as with the option [WithTransport]. It shares c's connections
// and limits; c itself isn't changed. If wrap is nil or returns nil, every
// request of the copy returns a [*ParamError].
func (c *Client) WithTransport(wrap func(base http.RoundTripper) http.RoundTripper) *Client {
	if c.shared == nil {
		return c
	}
	shared, single, transport := *c.shared, *c.shared.http, c.shared.transport.wrapped(wrap)
	single.Transport = transport
	shared.http, shared.transport = &single, transport
	wrapped := newClient(&shared, c.credentials, c.authorization, c.accountSID)
	wrapped.invalid = c.invalid
	if isNil(transport.base) && wrapped.invalid == nil {
		wrapped.invalid = &ParamError{Field: "WithTransport", Reason: "is nil or returned nil; pass a function that returns a RoundTripper"}
	}
	return wrapped
}

// check returns why no request can be made.
func (c *Client) check() error {
	if c.shared == nil {
		return errZeroClient()
	}
	return c.invalid
}

// AccountSID returns the account that requests act on, except those of
// Accounts, which always act on the credentials' own account.
func (c *Client) AccountSID() string { return c.accountSID }

// String names the account that the client acts on, and no secret.
func (c *Client) String() string { return "twilio.Client(" + c.accountSID + ")" }

// GoString returns String, for %#v.
func (c *Client) GoString() string { return c.String() }

// LogValue makes slog print String.
func (c *Client) LogValue() slog.Value { return slog.StringValue(c.String()) }

// CloseIdleConnections closes the connections that no request is using, as the
// method of [http.Client] does. Copies of the client share them.
func (c *Client) CloseIdleConnections() {
	if c.shared != nil {
		c.shared.transport.closeIdleConnections()
	}
}
