package twilio

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An Option configures a new [Client].
type Option func(*config)

type config struct {
	subaccount *string
	httpClient *http.Client
	wrappers   []func(http.RoundTripper) http.RoundTripper
	insecure   bool
	baseURL    *string
	edge       string
	region     string
	logger     *slog.Logger
	limiter    RateLimiter
	userAgent  string
	maxRetries int
	waitMin    time.Duration
	waitMax    time.Duration
	timeout    time.Duration
}

// A RateLimiter delays requests. The *rate.Limiter of golang.org/x/time/rate is
// one.
type RateLimiter interface {
	// Wait blocks until a request may be sent, or returns an error if ctx is
	// done first.
	Wait(ctx context.Context) error
}

// WithSubaccount makes the client act on a subaccount with its main account's
// credentials, as [Client.Subaccount] does.
func WithSubaccount(sid string) Option { return func(c *config) { c.subaccount = &sid } }

// WithHTTPClient sends requests through a copy of this client: its transport
// (proxies, TLS, tracing), its timeout and its cookie jar. Without a transport
// it uses the SDK's own, which keeps many idle connections to one host.
// Redirects are never followed. The client itself isn't changed.
func WithHTTPClient(client *http.Client) Option { return func(c *config) { c.httpClient = client } }

// WithTransport wraps a RoundTripper around the client's own connections, or
// around the transport of [WithHTTPClient], for metrics, tracing or an audit
// log. Of several, the last is the outermost. It sees each attempt;
// [RequestFromContext] says which request it belongs to. If it fails after
// Twilio was reached, the outcome of a create is unknown.
func WithTransport(wrap func(base http.RoundTripper) http.RoundTripper) Option {
	return func(c *config) { c.wrappers = append(c.wrappers, wrap) }
}

// WithInsecureHTTP allows a [WithBaseURL] of plain http:// to another machine,
// such as a fake in a network of containers. Credentials are then sent
// unencrypted; use made-up ones. Downloads then follow redirects to the same
// host.
func WithInsecureHTTP() Option { return func(c *config) { c.insecure = true } }

// WithBaseURL sends requests to another origin, such as a twiliotest server:
// scheme and host, without a path. Plain http:// is for loopback addresses
// only, since every request carries credentials, unless [WithInsecureHTTP] is
// set. It overrides WithEdge and WithRegion.
func WithBaseURL(origin string) Option { return func(c *config) { c.baseURL = &origin } }

// WithEdge chooses the edge where requests enter Twilio's network, such as
// "dublin". Without WithRegion the region is us1.
//
// See https://www.twilio.com/docs/global-infrastructure/edge-locations.
func WithEdge(edge string) Option { return func(c *config) { c.edge = edge } }

// WithRegion chooses the region that handles requests, such as "ie1". Without
// WithEdge the region's own edge is used. Credentials belong to one region.
func WithRegion(region string) Option { return func(c *config) { c.region = region } }

// WithLogger logs a line for each attempt of a request: operation, account,
// status, attempt, duration and request ID, never a query, a body or a header.
// Attempts without a response, outages, redirects and the statuses 401, 403 and
// 429 are logged as warnings, other 4xx statuses at info level, since a 404 may
// be expected, and successes at debug level. Fields of a success that make no
// sense are logged in a warning of their own.
func WithLogger(logger *slog.Logger) Option { return func(c *config) { c.logger = logger } }

// WithMaxRetries sets how often a request may be retried; 3 by default, 0 for
// never. The package documentation says which requests are retried.
func WithMaxRetries(n int) Option { return func(c *config) { c.maxRetries = n } }

// WithRetryWait sets the bounds of the wait between attempts; 500 ms and 10 s
// by default. The wait is drawn at random below a bound that begins at shortest
// and doubles up to longest. A Retry-After header is honored up to longest;
// beyond it the response is returned as an [*Error] with RetryAfter.
func WithRetryWait(shortest, longest time.Duration) Option {
	return func(c *config) { c.waitMin, c.waitMax = shortest, longest }
}

// WithTimeout limits each attempt, including reading its response; 31 s by
// default, 0 for no limit. Twilio itself gives up after about 30 s: a shorter
// limit here turns slow successes into unknown outcomes.
func WithTimeout(d time.Duration) Option { return func(c *config) { c.timeout = d } }

// WithRateLimiter makes each attempt, retries included, wait for the limiter.
func WithRateLimiter(limiter RateLimiter) Option { return func(c *config) { c.limiter = limiter } }

// WithUserAgent sets the User-Agent header in place of the package's own.
func WithUserAgent(product string) Option { return func(c *config) { c.userAgent = product } }

// edges has the edge of each region, for clients that set only the region.
var edges = map[string]string{
	"au1": "sydney",
	"br1": "sao-paulo",
	"de1": "frankfurt",
	"ie1": "dublin",
	"jp1": "tokyo",
	"jp2": "osaka",
	"sg1": "singapore",
	"us1": "ashburn",
	"us2": "umatilla",
}

// origin returns the scheme and host that requests go to, and the suffix of the
// hosts of other products, which is empty if their requests go to the same
// origin.
func (c *config) origin() (origin *url.URL, suffix string, err error) {
	if c.baseURL != nil {
		origin, err = parseOrigin(*c.baseURL, c.insecure)
		return origin, "", err
	}
	suffix, err = c.hostSuffix()
	return &url.URL{Scheme: "https", Host: "api" + suffix}, suffix, err
}

func (c *config) hostSuffix() (string, error) {
	if c.edge == "" && c.region == "" {
		return ".twilio.com", nil
	}
	edge, region := c.edge, c.region
	if region == "" {
		region = "us1"
	}
	if edge == "" {
		var known bool
		if edge, known = edges[region]; !known {
			return "", &ParamError{Field: "WithRegion", Reason: "is a region whose edge this package doesn't know; set the edge too, with WithEdge"}
		}
	}
	if !isHostLabel(edge) {
		return "", &ParamError{Field: "WithEdge", Reason: "isn't the name of an edge; use one such as dublin"}
	}
	if !isHostLabel(region) {
		return "", &ParamError{Field: "WithRegion", Reason: "isn't the name of a region; use one such as ie1"}
	}
	return "." + edge + "." + region + ".twilio.com", nil
}

func isHostLabel(s string) bool {
	return s != "" && len(s) <= 63 && strings.Trim(s, "-") == s && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// isHost reports whether net/http can send a host unchanged.
func isHost(host string) bool {
	return len(host) <= 255 && !strings.ContainsFunc(host, func(r rune) bool { return !isSIDRune(r) && !strings.ContainsRune(".:[]", r) })
}

func parseOrigin(raw string, insecure bool) (*url.URL, error) {
	refuse := func(reason string) (*url.URL, error) { return nil, &ParamError{Field: "WithBaseURL", Reason: reason} }
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return refuse("isn't a URL; use one such as https://api.twilio.com")
	case u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return refuse("isn't an http or https URL with a host; use one such as https://api.twilio.com")
	case !isHost(u.Host):
		return refuse("has a host that isn't plain ASCII; use the form of the name that DNS knows (xn--…)")
	case u.User != nil:
		return refuse("has a user name; pass credentials to NewClient")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return refuse("has more than scheme and host; remove the path and the query")
	case u.Scheme == "http" && !insecure && !isLoopback(u.Hostname()):
		return refuse("is plain http to a host that isn't this machine; use https, since each request carries credentials, or WithInsecureHTTP for a fake")
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (c *config) check() error {
	negative := func(option string) error {
		return &ParamError{Field: option, Reason: "is negative; use 0 or more"}
	}
	switch {
	case c.maxRetries < 0:
		return negative("WithMaxRetries")
	case c.timeout < 0:
		return negative("WithTimeout")
	case c.waitMin < 0:
		return negative("WithRetryWait")
	case slices.ContainsFunc(c.wrappers, func(wrap func(http.RoundTripper) http.RoundTripper) bool { return wrap == nil }):
		return &ParamError{Field: "WithTransport", Reason: "is nil; pass a function that returns a RoundTripper"}
	case c.limiter != nil && isNil(c.limiter):
		return &ParamError{Field: "WithRateLimiter", Reason: "is a nil pointer or function; pass a limiter, or leave the option out"}
	case c.httpClient != nil && c.httpClient.Transport != nil && isNil(c.httpClient.Transport):
		return &ParamError{Field: "WithHTTPClient", Reason: "has a Transport that is a nil pointer or function; set one, or leave it nil"}
	case hasControl(c.userAgent):
		return &ParamError{Field: "WithUserAgent", Reason: "has a line break or another control character; remove it"}
	case len(c.userAgent) > maxHeaderSize:
		return &ParamError{Field: "WithUserAgent", Reason: "has more than 8 KiB; shorten it"}
	case c.waitMax < c.waitMin:
		return &ParamError{Field: "WithRetryWait", Reason: "has a longest wait below its shortest; swap them"}
	default:
		return nil
	}
}

// isNil reports whether a value is nil, or an interface with a nil pointer or
// function in it, which would panic when it is used.
func isNil(v any) bool {
	r := reflect.ValueOf(v)
	return v == nil || (r.Kind() == reflect.Pointer || r.Kind() == reflect.Func) && r.IsNil()
}

// A RequestOption changes one request. It can change neither the host nor the
// credentials. You can make an option once and use it for many requests at the
// same time. A method refuses an option that doesn't apply to it with a
// [*ParamError].
type RequestOption func(*requestConfig)

// requestConfig is what request options change.
type requestConfig struct {
	meta       *ResponseMeta
	idempotent bool
	form       url.Values
	json       []byte
	header     http.Header
	headerSize int
	timeout    *time.Duration
	retries    *int
	progress   func(written, total int64)
	err        error
	strict     bool // about every field

	lookahead   int
	parallelism int
	forAll      string // an option that only a method that reads all pages can honor
	anyOrder    bool   // a divided list may yield pages in the order of arrival

	checkpoints *checkpoints
	// afterPage is called once all items of a page have been yielded, with the
	// cursor of the next one.
	afterPage func(next string) error
}

func newRequestConfig(opts []RequestOption) requestConfig {
	c := requestConfig{lookahead: 1}
	for _, opt := range opts {
		if opt != nil {
			opt(&c)
		}
	}
	return c
}

// clearMeta says that there is no response.
func (c *requestConfig) clearMeta() {
	if c.meta != nil {
		*c.meta = ResponseMeta{}
	}
}

// refuse notes the first option that is wrong.
func (c *requestConfig) refuse(option, reason string) {
	if c.err == nil {
		c.err = &ParamError{Field: option, Reason: reason}
	}
}

// checkSingle refuses options that apply to several pages.
func (c *requestConfig) checkSingle() error {
	if c.forAll == "" {
		return nil
	}
	return &ParamError{Field: c.forAll, Reason: "doesn't apply here; use it with methods that read all pages of a list, such as All"}
}

// checkTyped refuses options that only Do accepts.
func (c *requestConfig) checkTyped() error {
	if c.json == nil {
		return nil
	}
	return &ParamError{Field: "WithJSON", Reason: "doesn't apply here; use it with Client.Do"}
}

// checkUntyped refuses options that contradict each other or the call of Do.
func (c *requestConfig) checkUntyped(r *request) error {
	switch {
	case c.json != nil && (r.method == http.MethodGet || r.method == http.MethodDelete):
		return &ParamError{Field: "WithJSON", Reason: "doesn't apply here; a GET or DELETE has no body"}
	case c.json != nil && len(r.form) > 0:
		return &ParamError{Field: "WithJSON", Reason: "is set beside a form; pass one of them"}
	default:
		return nil
	}
}

// checkWorkflowOptions refuses options that can't be applied to each request of
// a workflow. Call it whatever else is wrong: it also says in a ResponseMeta
// that there is no response.
func checkWorkflowOptions(opts []RequestOption) error {
	c := newRequestConfig(opts)
	c.clearMeta()
	option := c.forAll
	switch {
	case c.err != nil:
		return c.err
	case c.form != nil:
		option = "WithForm"
	case c.json != nil:
		option = "WithJSON"
	case c.idempotent:
		option = "WithIdempotent"
	case c.meta != nil:
		option = "WithResponseInto"
	case c.progress != nil:
		option = "WithProgress"
	case c.checkpoints != nil:
		option = "WithCheckpoints"
	}
	if option == "" {
		return nil
	}
	return &ParamError{Field: option, Reason: "doesn't apply here; a workflow sends requests of several kinds, and accepts only options that apply to each of them, such as WithHeader"}
}

// A ResponseMeta describes a response; see [WithResponseInto].
type ResponseMeta struct {
	// StatusCode is the HTTP status, or 0 without a response.
	StatusCode int
	// Header is the response's header.
	Header http.Header
	// RequestID is Twilio's ID of the request (RQ…), which its support asks
	// for.
	RequestID string
	// ConcurrentRequests is how many requests of the account Twilio was
	// processing, this one included; 0 if it didn't say.
	ConcurrentRequests int
	// Duration is how long Twilio took for the request; 0 if it didn't say.
	Duration time.Duration
	// Attempts is how often the request was sent.
	Attempts int
	// Unreadable are the fields of a success that make no sense and are zero in
	// the value.
	Unreadable []FieldError
}

func newResponseMeta(status int, header http.Header, attempts int) ResponseMeta {
	concurrent, _ := strconv.Atoi(header.Get("Twilio-Concurrent-Requests"))
	duration, _ := parseSeconds(header.Get("Twilio-Request-Duration"))
	return ResponseMeta{
		StatusCode:         status,
		Header:             header,
		RequestID:          header.Get("Twilio-Request-Id"),
		ConcurrentRequests: max(0, concurrent),
		Duration:           duration,
		Attempts:           attempts,
	}
}

// WithResponseInto fills meta from the response, whether it is a success or an
// error. On a list it describes the page that was delivered last.
func WithResponseInto(meta *ResponseMeta) RequestOption {
	return func(c *requestConfig) { c.meta = meta }
}

// WithIdempotent says that doing this request twice does no harm, so that it is
// retried like a read. Only the caller can know that.
func WithIdempotent() RequestOption {
	return func(c *requestConfig) { c.idempotent = true }
}

// WithForm sends parameters that have no field yet: in the body of a create or
// update, in the query otherwise. They replace fields of the same name, and a
// name without values removes that parameter. Of several forms the last wins.
// Several values of a parameter that takes one are refused with a
// [*ParamError].
//
// Methods check what is sent, forms included.
func WithForm(form url.Values) RequestOption {
	form = cloneForm(form)
	return func(c *requestConfig) {
		if c.form == nil {
			c.form = url.Values{}
		}
		maps.Copy(c.form, form)
	}
}

func cloneForm(form url.Values) url.Values {
	clone := make(url.Values, len(form))
	for name, values := range form {
		clone[name] = slices.Clone(values)
	}
	return clone
}

// mergedForm merges the parameters of WithForm into a form, which may be nil.
func mergedForm(form, over url.Values) url.Values {
	if form == nil && len(over) > 0 {
		form = url.Values{}
	}
	for name, values := range over {
		if len(values) == 0 {
			delete(form, name)
			continue
		}
		form[name] = values
	}
	return form
}

// WithJSON sends a JSON document as the body, for those of Twilio's products
// that don't accept forms; see [Client.Do].
func WithJSON(body any) RequestOption {
	text, err := json.Marshal(body)
	return func(c *requestConfig) {
		if c.json = text; err != nil {
			c.refuse("WithJSON", "can't be encoded as JSON; pass a value that json.Marshal accepts")
		}
	}
}

// WithRequestTimeout is [WithTimeout] for one request: it limits each attempt,
// 0 for no limit.
func WithRequestTimeout(d time.Duration) RequestOption {
	return func(c *requestConfig) {
		if c.timeout = &d; d < 0 {
			c.refuse("WithRequestTimeout", "is negative; use 0 or more")
		}
	}
}

// WithRequestRetries is [WithMaxRetries] for one request.
func WithRequestRetries(n int) RequestOption {
	return func(c *requestConfig) {
		if c.retries = &n; n < 0 {
			c.refuse("WithRequestRetries", "is negative; use 0 or more")
		}
	}
}

// WithProgress sets a function that is called after each part of a download,
// with how many bytes were written, and how many there are in all or -1 if
// Twilio doesn't say. The download waits for it.
func WithProgress(progress func(written, total int64)) RequestOption {
	return func(c *requestConfig) { c.progress = progress }
}

// maxHeaderSize bounds what WithHeader and WithUserAgent add to a request, in
// bytes: HTTP/2 refuses larger headers once it has a connection, when it is too
// late to say that nothing was sent.
const maxHeaderSize = 8 << 10

// WithHeader adds a header. It refuses headers that carry credentials, choose
// the host, frame the body, manage the connection or make net/http retry on its
// own, values that HTTP can't carry, such as one with a line break, and more
// than 8 KiB in all.
func WithHeader(key, value string) RequestOption {
	// net/http would refuse these only while sending, which looks like a create
	// whose outcome is unknown.
	key = textproto.CanonicalMIMEHeaderKey(key)
	reason := ""
	switch key {
	case "Authorization", "Proxy-Authorization", "Cookie", "Host",
		"Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding", "Accept-Encoding",
		"Connection", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Upgrade",
		"Idempotency-Key", "X-Idempotency-Key":
		reason = "can't set " + key + ", which belongs to the client"
	}
	switch {
	case key == "" || strings.ContainsFunc(key, func(r rune) bool { return !isTokenRune(r) }):
		reason = "has a key that can't be the name of a header"
	case hasControl(value):
		reason = "has a line break or another control character in its value"
	}
	return func(c *requestConfig) {
		c.headerSize += len(key) + len(value)
		switch {
		case reason != "":
			c.refuse("WithHeader", reason)
			return
		case c.headerSize > maxHeaderSize:
			c.refuse("WithHeader", "adds more than 8 KiB to the request; send less")
			return
		case c.header == nil:
			c.header = http.Header{}
		}
		c.header.Set(key, value)
	}
}

// hasControl reports whether text has a character that a header can't have.
func hasControl(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// maxPagesAhead bounds WithLookahead and WithParallelism. A page of 1,000 items
// takes more than a megabyte.
const maxPagesAhead = 1000

// WithLookahead sets how many pages All fetches ahead while the caller works on
// the current one: 1 by default, 0 for none, 1000 at most. It begins once the
// caller has gone through the first page, never goes past Limit, and ends when
// the caller stops. An error on a page ahead is returned when the caller gets
// there.
func WithLookahead(pages int) RequestOption {
	return func(c *requestConfig) {
		c.lookahead, c.forAll = pages, "WithLookahead"
		if pages < 0 || pages > maxPagesAhead {
			c.refuse("WithLookahead", "isn't between 0 and 1000")
		}
	}
}

// WithParallelism makes All, and the sums that are built on it, read up to n
// pages of calls or messages at once, 1 to 1000. The list needs both ends of a
// range of StartTime or DateSent, or is refused with a [*ParamError]. The range
// is divided into UTC days, or into groups of days that hold little.
//
// A list is divided only if its first page shows that several pages must
// follow; that page is then read again. A shorter list makes the same requests
// as without this option, and so does a list with a Limit.
//
// The days come newest first, by StartTime or DateSent; within a day, items
// come in Twilio's order. Where that is the order of StartTime or DateSent, the
// whole list is the one that comes without this option. Spend, Reconcile and
// Bill need no order, and process pages as they arrive.
//
// At most n pages are in memory. In an ordered list, a day's pages can only be
// read one after the other, so days that hold many more than n pages gain
// little; a sum reads n days at once whatever they hold. WithLookahead has no
// effect on a list that is divided.
func WithParallelism(n int) RequestOption {
	return func(c *requestConfig) {
		c.parallelism, c.forAll = n, "WithParallelism"
		if n < 1 || n > maxPagesAhead {
			c.refuse("WithParallelism", "isn't between 1 and 1000")
		}
	}
}

// isTokenRune reports whether a header's name may have a character.
func isTokenRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}
