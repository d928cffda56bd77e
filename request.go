package twilio

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"reflect"

	"github.com/hashicorp/go-retryablehttp"
)

// An endpoint is a route as one client reaches it.
type endpoint struct {
	client *Client
	*route
	item reflect.Type // what its lists hold; set by the verb that knows it
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
	// idempotent says that sending it twice is the same as sending it once.
	idempotent bool
	err        error // why it can't be sent
}

// What a Params type may say of itself beyond its fields. All are optional. They
// are asked about the request and not about their own fields, which WithForm may
// replace.
type (
	// validator refuses what Twilio's rules say can't work.
	validator interface{ check(*request) error }
	// retryable says whether sending the request twice is the same as sending it
	// once, where that isn't so by its method.
	retryable interface{ repeatable(*request) bool }
)

// request prepares a request to the endpoint.
func (e endpoint) request(verb, method string, params any, opts []RequestOption, args []string) *request {
	if err := e.ready(); err != nil {
		return &request{operation: verb, err: err} // do says so
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
	if r.url, r.err = e.expand(r.account, args); r.err != nil {
		return r
	}
	if r.form, r.err = encode(params); r.err != nil {
		return r
	}
	maps.Copy(r.form, r.config.form)
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
	return r.do(ctx, func(body []byte) error { return decode(body, v) })
}

// do is the one way to Twilio: it sends the request, with retries, and passes the
// body of a success to read, unless that is nil. Everything that it returns is
// one of the three error types.
func (r *request) do(ctx context.Context, read func(body []byte) error) error {
	if err := r.ready(); err != nil {
		return withOperation(r.operation, err)
	}
	if err := firstError(r.client.invalid, r.config.err, checkContext(ctx), r.err); err != nil {
		return withOperation(r.operation, err)
	}
	inv := &invocation{operation: r.operation, account: r.account, idempotent: r.idempotent || r.config.idempotent}
	shared := r.client.shared
	defer shared.transport.release(inv)

	// The body was read and closed by the transport.
	_, err := shared.http.Do(r.http(context.WithValue(ctx, invocationKey{}, inv))) //nolint:bodyclose // see above
	if r.config.meta != nil {
		*r.config.meta = newResponseMeta(inv.status, inv.header, inv.attempts)
	}
	switch {
	case err != nil:
		return inv.transportError(withoutURL(err), inv.outcomeUnknown() && !r.idempotent)
	case r.method == http.MethodDelete && inv.maybeAppliedBefore && inv.status == http.StatusNotFound:
		return nil // an attempt whose response was lost did the work
	case inv.status < 200 || inv.status > 299:
		return inv.apiError(inv.outcomeUnknown() && !r.idempotent)
	case read == nil:
		return nil
	}
	if err := read(inv.body.Bytes()); err != nil {
		return inv.transportError(err, !r.idempotent)
	}
	return nil
}

func checkContext(ctx context.Context) error {
	if ctx == nil {
		return &ParamError{Field: "ctx", Reason: "is nil; pass context.Background() where there is none"}
	}
	return nil
}

// http returns the request as net/http knows it.
func (r *request) http(ctx context.Context) *retryablehttp.Request {
	shared, credentials := r.client.shared, r.client.credentials
	target := *shared.origin
	target.Path, target.RawPath, target.RawQuery = r.url.Path, r.url.RawPath, r.url.RawQuery
	header := make(http.Header, 4+len(r.config.header))
	header["Accept"] = []string{"application/json"}
	header["User-Agent"] = []string{shared.userAgent}
	maps.Copy(header, r.config.header)

	body := ""
	switch {
	case r.method != http.MethodGet && r.method != http.MethodDelete:
		body = r.form.Encode()
		header["Content-Type"] = []string{"application/x-www-form-urlencoded"}
	case len(r.form) > 0 && target.RawQuery != "":
		target.RawQuery += "&" + r.form.Encode()
	case len(r.form) > 0:
		target.RawQuery = r.form.Encode()
	}
	std := (&http.Request{Method: r.method, URL: &target, Host: target.Host, Header: header}).WithContext(ctx)
	std.SetBasicAuth(credentials.user(), credentials.secret.Reveal())
	out := &retryablehttp.Request{Request: std}
	if body != "" {
		// It fails only for bodies that have to be read first.
		_ = out.SetBody([]byte(body))
	}
	return out
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
