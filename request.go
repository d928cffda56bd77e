package twilio

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"

	"github.com/hashicorp/go-retryablehttp"
)

// request is one API request before it is sent.
type request struct {
	operation string
	method    string
	account   string
	url       *url.URL   // path and query
	form      url.Values // goes into the query of GET and DELETE, into the body otherwise
	safe      bool       // doing it twice is the same as once
}

// do is the one way to Twilio: it sends the request, with retries, and hands the
// body of a success to read, unless that is nil. Everything that it returns is
// one of the three error types.
func (c *Client) do(ctx context.Context, req *request, set settings, read func(body []byte) error) error {
	if err := firstOf(c.invalid, set.err, checkContext(ctx)); err != nil {
		return refuse(req.operation, err)
	}
	x := &exchange{operation: req.operation, account: req.account, repeat: req.safe || set.idempotent}
	rt := c.core.http.HTTPClient.Transport.(*transport)
	defer rt.release(x)

	// The body was read and closed by the transport.
	_, err := c.core.http.Do(c.newHTTPRequest(context.WithValue(ctx, exchangeKey{}, x), req, set)) //nolint:bodyclose // see above
	if set.meta != nil {
		*set.meta = newResponseMeta(x.status, x.header, x.attempts)
	}
	switch {
	case err != nil:
		return x.transportError(withoutURL(err), x.unknown() && !req.safe)
	case req.method == http.MethodDelete && x.lost && x.status == http.StatusNotFound:
		return nil // an attempt whose answer was lost did the work
	case x.status < 200 || x.status > 299:
		return x.apiError(x.unknown() && !req.safe)
	case read == nil:
		return nil
	}
	if err := read(x.body.Bytes()); err != nil {
		return x.transportError(err, !req.safe)
	}
	return nil
}

func checkContext(ctx context.Context) error {
	if ctx == nil {
		return &ParamError{Field: "ctx", Reason: "is nil; give context.Background() where there is none"}
	}
	return nil
}

func (c *Client) newHTTPRequest(ctx context.Context, req *request, set settings) *retryablehttp.Request {
	target := *c.core.origin
	target.Path, target.RawPath, target.RawQuery = req.url.Path, req.url.RawPath, req.url.RawQuery
	form := req.form
	if set.form != nil {
		form = maps.Clone(form)
		if form == nil {
			form = url.Values{}
		}
		maps.Copy(form, set.form)
	}
	header := make(http.Header, 4+len(set.header))
	header["Accept"] = []string{"application/json"}
	header["User-Agent"] = []string{c.core.userAgent}
	maps.Copy(header, set.header)

	body := ""
	switch {
	case req.method != http.MethodGet && req.method != http.MethodDelete:
		body = form.Encode()
		header["Content-Type"] = []string{"application/x-www-form-urlencoded"}
	case len(form) > 0 && target.RawQuery != "":
		target.RawQuery += "&" + form.Encode()
	case len(form) > 0:
		target.RawQuery = form.Encode()
	}
	r := (&http.Request{Method: req.method, URL: &target, Host: target.Host, Header: header}).WithContext(ctx)
	r.SetBasicAuth(c.credentials.user(), c.credentials.secret.Reveal())
	out := &retryablehttp.Request{Request: r}
	if body != "" {
		// It fails only for bodies that have to be read first.
		_ = out.SetBody([]byte(body))
	}
	return out
}

// refuse gives an error of this side its operation.
func refuse(operation string, err error) error {
	if e, ok := errors.AsType[*ParamError](err); ok && e.Operation == "" {
		e = new(*e)
		e.Operation = operation
		return e
	}
	return err
}

func (x *exchange) transportError(err error, outcomeUnknown bool) error {
	return &TransportError{
		Operation:      x.operation,
		AccountSID:     x.account,
		RequestID:      x.header.Get("Twilio-Request-Id"),
		Attempts:       x.attempts,
		cause:          &err,
		outcomeUnknown: outcomeUnknown,
	}
}

func (x *exchange) apiError(outcomeUnknown bool) error {
	details, _ := x.answer.Details.(map[string]any)
	return &Error{
		Operation:      x.operation,
		AccountSID:     x.account,
		StatusCode:     x.status,
		Code:           x.answer.Code,
		Message:        x.answer.Message,
		MoreInfo:       x.answer.MoreInfo,
		Details:        details,
		RequestID:      x.header.Get("Twilio-Request-Id"),
		RetryAfter:     retryAfter(x.header),
		Attempts:       x.attempts,
		outcomeUnknown: outcomeUnknown,
		repeated:       x.lost,
	}
}
