package twilio

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/hashicorp/go-retryablehttp"
)

// An endpoint is a route as one client reaches it.
type endpoint struct {
	_      [0]func() // nobody compares services; this saves the code that would
	client *Client
	*route
}

// orEmpty returns a client or a service, or an empty one in place of nil, which
// refuses every request. The services of a zero Client are nil.
func orEmpty[T any](v *T) *T {
	if v == nil {
		return new(T)
	}
	return v
}

// request is one API request before it is sent.
type request struct {
	endpoint
	operation string
	method    string
	account   string   // the account that it acts on
	args      []string // what the path was filled with
	opts      []RequestOption
	url       *url.URL   // path and query
	form      url.Values // goes into the query of GET and DELETE, into the body otherwise
	config    requestConfig
	// idempotent is true if sending it twice is the same as sending it once.
	idempotent bool
	noRetry    bool
	isUpdate   bool         // see confirmUpdate
	item       reflect.Type // what a list holds
	download   *download
	err        error // why it can't be sent
}

// Optional methods of Params types. They look at the request and not at their
// own fields, which WithForm may replace.
type (
	// validator refuses what Twilio's rules say can't work.
	validator interface{ check(*request) error }
	// retryable says whether sending the request twice is the same as sending
	// it once, where that isn't so by its method.
	retryable interface{ repeatable(*request) bool }
)

// request prepares a request to the endpoint.
func (e endpoint) request(verb, method string, params any, opts []RequestOption, args []string) *request {
	if e.client == nil { // the service of a zero Client
		e.client, e.route = new(Client), &route{name: "client"}
	}
	r := &request{
		endpoint:   e,
		operation:  e.name + "." + verb,
		method:     method,
		account:    e.client.accountSID,
		args:       args,
		opts:       opts,
		config:     newRequestConfig(opts),
		idempotent: method != http.MethodPost || verb == "update", // updates set absolute values
	}
	if e.isRoot() {
		r.account = e.client.credentials.accountSID
	}
	if r.err = r.config.checkTyped(); r.err == nil && verb != "list" {
		r.err = r.config.checkSingle()
	}
	if r.err != nil {
		return r
	}
	if r.url, r.err = e.expand(r.account, args); r.err != nil {
		return r
	}
	if params != nil {
		if r.form, r.err = encode(params); r.err == nil {
			r.err = checkForm(params, r.config.form)
		}
		if r.err != nil {
			return r
		}
	}
	r.form = mergedForm(r.form, r.config.form)
	if p, ok := params.(validator); ok {
		r.err = p.check(r)
	}
	if p, ok := params.(retryable); ok {
		r.idempotent = p.repeatable(r)
	}
	return r
}

// into sends the request and fills v, a pointer, from the response.
func (r *request) into(ctx context.Context, v any) error {
	return r.do(ctx, func(inv *invocation) error { return r.readResource(inv, v) })
}

// do is the one way to Twilio: it sends the request, with retries, and passes a
// success to read, unless that is nil. Everything that it returns is one of the
// four error types.
func (r *request) do(ctx context.Context, read func(*invocation) error) error {
	if err := r.refusal(ctx); err != nil {
		r.config.clearMeta()
		return withOperation(r.operation, err)
	}
	shared := r.client.shared
	inv := &invocation{
		operation:  r.operation,
		account:    r.account,
		idempotent: r.idempotent || r.config.idempotent,
		timeout:    shared.timeout,
		waitMin:    shared.waitMin,
		waitMax:    shared.waitMax,
		download:   r.download,
	}
	if r.config.timeout != nil {
		inv.timeout = *r.config.timeout
	}
	defer shared.transport.release(inv)
	maxRetries := shared.maxRetries
	switch {
	case r.noRetry:
		maxRetries = 0
	case r.config.retries != nil:
		maxRetries = *r.config.retries
	}
	err := inv.do(shared.http, maxRetries, r.http(context.WithValue(ctx, invocationKey{}, inv)))
	if r.config.meta != nil {
		*r.config.meta = newResponseMeta(inv.status, inv.header, inv.attempts)
	}
	switch {
	case err != nil:
		return inv.transportError(withoutURL(err), inv.outcomeUnknown() && !r.idempotent)
	case r.method == http.MethodDelete && inv.maybeAppliedBefore && inv.status == http.StatusNotFound:
		return nil // an attempt whose response was lost deleted it
	case inv.status < 200 || inv.status > 299:
		return inv.apiError(inv.outcomeUnknown() && !r.idempotent)
	case read == nil:
		return nil
	}
	err = read(inv)
	r.report(ctx, inv)
	if hasValue(err) {
		return err
	}
	return inv.transportError(err, !r.idempotent)
}

// refusal returns why the request can't be sent.
func (r *request) refusal(ctx context.Context) error {
	err := firstError(r.client.check(), r.config.err, checkContext(ctx), r.err, r.checkHost())
	if err == nil && r.config.progress != nil && r.download == nil {
		err = &ParamError{Field: "WithProgress", Reason: "doesn't apply here; use it with a download, or with Client.Do and an io.Writer"}
	}
	if err == nil && r.config.checkpoints != nil {
		err = &ParamError{Field: "WithCheckpoints", Reason: "doesn't apply here; use it with Spend, Reconcile and Bill"}
	}
	return err
}

func checkContext(ctx context.Context) error {
	if ctx == nil {
		return &ParamError{Field: "ctx", Reason: "is nil; pass context.Background() if there is none"}
	}
	return nil
}

// http returns the request as net/http knows it.
func (r *request) http(ctx context.Context) *retryablehttp.Request {
	shared := r.client.shared
	target, host := shared.target(r.url)
	target.Path, target.RawPath, target.RawQuery = r.url.Path, r.url.RawPath, r.url.RawQuery
	// One array has all values, to save an allocation for each header.
	values := &[...]string{"application/json", shared.userAgent, r.client.authorization(), "application/x-www-form-urlencoded"}
	if r.download != nil {
		values[0] = "*/*"
	}
	if r.config.json != nil {
		values[3] = "application/json"
	}
	header := make(http.Header, len(values)+len(r.config.header))
	header["Accept"], header["User-Agent"] = values[0:1:1], values[1:2:2]
	maps.Copy(header, r.config.header)
	header["Authorization"] = values[2:3:3]

	body := ""
	switch {
	case r.config.json != nil:
		body = string(r.config.json)
		header["Content-Type"] = values[3:4:4]
	case r.method != http.MethodGet && r.method != http.MethodDelete:
		body = r.form.Encode()
		header["Content-Type"] = values[3:4:4]
	case len(r.form) > 0 && target.RawQuery != "":
		target.RawQuery += "&" + r.form.Encode()
	case len(r.form) > 0:
		target.RawQuery = r.form.Encode()
	}
	// A space would end the URL in the request line.
	target.RawQuery = strings.ReplaceAll(target.RawQuery, " ", "%20")
	std := (&http.Request{Method: r.method, URL: &target, Host: host, Header: header}).WithContext(ctx)
	out := &retryablehttp.Request{Request: std}
	if body != "" {
		// It fails only for bodies that have to be read first.
		_ = out.SetBody([]byte(body))
	}
	return out
}

// target returns where a request goes, without path and query, and its Host
// header.
func (s *shared) target(u *url.URL) (target url.URL, host string) {
	target = *s.origin
	switch {
	case u.Host == "":
	case s.suffix == "": // all products are at the one origin
		return target, u.Host
	default:
		product, _, _ := strings.Cut(u.Host, ".")
		target.Host = product + s.suffix
	}
	return target, target.Host
}

// withOperation names the operation in a ParamError that doesn't know it.
func withOperation(operation string, err error) error {
	if e, ok := errors.AsType[*ParamError](err); ok && e.Operation == "" {
		e = new(*e)
		e.Operation = operation
		return e
	}
	return err
}
