package twiliotest

import (
	"net/http"
	"time"
)

// DefaultStart is a time for [WithStart], so that the dates in a test's output
// stay the same: noon, UTC, on Thursday, 15 January 2026.
var DefaultStart = time.Date(2026, time.January, 15, 12, 0, 0, 0, time.UTC)

// An Option configures a [Server].
type Option func(*config)

type config struct {
	accountSID, authToken string
	seed                  string
	clock                 func() time.Time
	callDuration          time.Duration
	requestLog            int
	concurrency           int
	sharedConcurrency     bool
	subaccountLimit       int
	autoDelete            bool
	ownedSenders          bool
	subaccountsInPeriods  bool
	anyMessagingService   bool
	inactiveStatus        int
	inactiveCode          int
	secondGrain           bool
	authTokens            AuthTokenRules
	testCredentials       bool
	trial                 bool
	ticking               bool // the clock goes on by itself
	webhooks              http.Handler
	webhookHosts          []string
	webhookRules          WebhookRules
}

func newConfig(opts []Option) config {
	start := time.Now().UTC().Truncate(time.Second) // as dates on the wire
	c := config{
		clock:        func() time.Time { return start },
		callDuration: 15 * time.Second,
		requestLog:   10_000,

		inactiveStatus: http.StatusUnauthorized,
		inactiveCode:   20003,
	}
	for _, opt := range opts {
		opt(&c)
	}
	return c
}

// WithAccount sets the main account's SID and AuthToken. An empty one is
// generated.
func WithAccount(sid, authToken string) Option {
	return func(c *config) { c.accountSID, c.authToken = sid, authToken }
}

// WithSeed varies what the server generates: SIDs, tokens and the random
// numbers of [Fault.Rate]. Two servers with the same seed and start that get
// the same requests return the same responses. Only the first 32 bytes count.
func WithSeed(seed string) Option { return func(c *config) { c.seed = seed } }

// WithStart sets the time on the clock until [Server.Advance] moves it, instead
// of the present. Use it if the test depends on the date, and let the code
// under test use [Server.Now].
func WithStart(start time.Time) Option {
	return func(c *config) { c.clock, c.ticking = func() time.Time { return start }, false }
}

// WithClock makes the server's clock follow another, such as time.Now;
// [Server.Advance] moves it forward from there. The function must be safe for
// concurrent use and never go back.
//
// With a clock that runs by itself, webhooks are delivered in the background as
// they fall due, several at a time. Call [Server.Close] at the end, also for a
// server that was not started: no goroutine is left then.
func WithClock(now func() time.Time) Option {
	return func(c *config) { c.clock, c.ticking = now, true }
}

// WithCallDuration sets the length of an answered call that isn't ended
// earlier, instead of 15 seconds.
func WithCallDuration(d time.Duration) Option { return func(c *config) { c.callDuration = d } }

// WithRequestLog sets how many of the latest requests [Server.Requests]
// returns, instead of 10,000; 0 means none.
func WithRequestLog(n int) Option { return func(c *config) { c.requestLog = n } }

// WithWebhooks makes every webhook URL lead to the handler, whatever its host,
// in memory, also inside a bubble of testing/synctest. The handler sees the
// request as if it had come over the network, signed with the AuthToken of its
// account. It may call the API, and it runs in a goroutine of its own until it
// returns.
//
// If the handler needs the server's client, as one that verifies signatures
// does, pass an http.ServeMux and add the handler to it afterwards.
//
// Without this option webhooks go over sockets, and only URLs on loopback are
// called; see [WithWebhookHosts]. [Server.Deliveries] has the others, too.
func WithWebhooks(handler http.Handler) Option {
	return func(c *config) { c.webhooks = handler }
}

// WithWebhookHosts adds hosts that webhooks may be sent to over the network,
// besides loopback, such as the name of a container; "*" means any host. Their
// certificates must be valid.
func WithWebhookHosts(hosts ...string) Option {
	return func(c *config) { c.webhookHosts = append(c.webhookHosts, hosts...) }
}

// WebhookRules are what Twilio's documentation leaves open about webhooks. The
// zero value is what is said or seen most often.
type WebhookRules struct {
	// RedirectKeepsMethod makes a POST stay one, with its parameters, when it is
	// redirected with the status 301, 302 or 303. Otherwise a GET without them
	// follows, as with browsers.
	RedirectKeepsMethod bool
	// KeepPort signs the requests for a call's TwiML with the port of an https
	// URL. Otherwise the port is left out of what is signed, as Twilio has been
	// seen to do there, and with no other webhook.
	KeepPort bool
	// AdvancedOptOut adds OptOutType to incoming messages that ask for no more
	// messages, for messages again, or for help.
	AdvancedOptOut bool
	// SecondsOnly leaves Duration, in minutes, out of the status callback of a
	// phone number, which then has CallDuration alone.
	SecondsOnly bool
	// DebuggerOwnToken signs the debugger's webhook for a subaccount with that
	// subaccount's AuthToken, also where the main account configured it.
	DebuggerOwnToken bool
	// OneWay keeps messages to a phone number that an account has from arriving
	// there. Otherwise that account receives such a message once it is delivered,
	// as in [Server.ReceiveMessage]: a resource of its own, whose webhook is
	// called.
	OneWay bool
}

// WithWebhookRules sets how webhooks behave where that isn't documented.
func WithWebhookRules(rules WebhookRules) Option {
	return func(c *config) { c.webhookRules = rules }
}

// WithConcurrencyLimit makes the server respond with 429 and code 20429 to
// requests that arrive while n others of the same account are in progress: of
// the account in the path or, without one, of the credentials' user. The header
// Twilio-Concurrent-Requests has the same count.
func WithConcurrencyLimit(n int) Option { return func(c *config) { c.concurrency = n } }

// WithSharedConcurrency makes all accounts share the limit of
// [WithConcurrencyLimit] and its count. Twilio documents that the limit is an
// account's, and not whether a subaccount has one of its own.
func WithSharedConcurrency() Option { return func(c *config) { c.sharedConcurrency = true } }

// WithSubaccountLimit sets how many subaccounts may be open; closed ones don't
// count. Twilio's own limit is 1,000 until its support raises it. Without this
// option there is none, except with [WithTrial].
func WithSubaccountLimit(n int) Option { return func(c *config) { c.subaccountLimit = n } }

// WithAutoDelete deletes closed subaccounts, with all their data, 30 days after
// they were closed. Twilio does this for main accounts created since July 2018
// unless they opt out; without the option they remain.
func WithAutoDelete() Option { return func(c *config) { c.autoDelete = true } }

// WithOwnedSenders makes the server check senders as Twilio does: a call must
// be from a phone number that the account owns or has verified (else 21210),
// and a message from one that it owns (else 21606). Without the option any
// well-formed sender is accepted, so that tests need not seed one.
func WithOwnedSenders() Option { return func(c *config) { c.ownedSenders = true } }

// WithSecondGrain makes the filters StartTime<, StartTime>, EndTime<, EndTime>,
// DateSent< and DateSent> honor the time of day. Without the option they
// compare dates only. Twilio doesn't document what it does; correct code works
// with both.
func WithSecondGrain() Option { return func(c *config) { c.secondGrain = true } }

// WithAnyMessagingService makes the server accept messages from messaging
// services that don't exist, so that tests need not add them. Without the
// option they fail with code 21701; see [Server.AddMessagingService].
func WithAnyMessagingService() Option {
	return func(c *config) { c.anyMessagingService = true }
}

// WithInactiveAccounts sets the HTTP status and code of requests with the
// credentials of a suspended or closed account, and of what such an account
// can't do, instead of 401 and 20003. Twilio also lists the codes 20005, 10001
// and 90010 for accounts that are not active, without saying when it uses
// which; correct code works with all of them.
func WithInactiveAccounts(status, code int) Option {
	return func(c *config) { c.inactiveStatus, c.inactiveCode = status, code }
}

// WithSubaccountsInPeriods makes the usage records of Today, Yesterday,
// ThisMonth and LastMonth honor IncludeSubaccounts, as Twilio's reference says
// of all lists. Without the option they are those of the account alone, which
// is what Twilio has been seen to return.
func WithSubaccountsInPeriods() Option {
	return func(c *config) { c.subaccountsInPeriods = true }
}

// WithTestCredentials makes the main account's credentials Twilio's test
// credentials: they can buy phone numbers, send messages and make calls, none
// of which has an effect, and the magic phone numbers select the response.
// Everything else fails with 403 and code 20008. See
// https://www.twilio.com/docs/iam/test-credentials.
func WithTestCredentials() Option { return func(c *config) { c.testCredentials = true } }

// WithTrial makes the main account a trial account: one subaccount, one phone
// number, and calls and messages to verified numbers only.
func WithTrial() Option { return func(c *config) { c.trial = true } }
