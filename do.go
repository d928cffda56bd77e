package twilio

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"path"
	"reflect"
	"strings"
)

// Do sends a request that this package has no type for, to any of Twilio's
// hosts. The path is that of a resource of this API, such as a value of
// SubresourceURIs, or the URL of a resource of another product, such as
// "https://studio.twilio.com/v2/Flows". The form goes into the query of a GET
// or DELETE and into the body otherwise. If out is a pointer, Do fills it from
// the response's JSON; an [io.Writer] receives the body as it arrives, whatever
// its size; nil discards it. A field that makes no sense is left zero and is a
// [*DecodeError].
//
// A client that acts on a subaccount refuses paths of other accounts. On the
// hosts of other products, credentials act on their own account, so a client
// that acts on a subaccount with the main account's credentials is refused: use
// [Client.WithCredentials] with the subaccount's own. Edge and region apply to
// all hosts. With [WithBaseURL] all requests go to that origin, and the Host
// header names the product's host.
//
// GET, PUT and DELETE are retried like reads. POST and PATCH are retried like
// creates unless [WithIdempotent] is set. PUT and PATCH are for other products;
// [WithJSON] sends JSON to those that don't accept forms.
//
// A download follows up to 5 redirects to https, without credentials. It is
// retried only until the first byte is written. Its time limit restarts
// whenever data arrives.
func (c *Client) Do(ctx context.Context, method, path string, form url.Values, out any, opts ...RequestOption) error {
	r := &request{
		endpoint:   endpoint{client: c},
		operation:  "do",
		method:     method,
		account:    c.accountSID,
		config:     newRequestConfig(opts),
		idempotent: method != http.MethodPost && method != http.MethodPatch,
	}
	r.form = mergedForm(cloneForm(form), r.config.form)
	writer, isDownload := out.(io.Writer)
	r.url, r.err = c.checkPath(path)
	r.err = firstError(r.err, r.checkMethod(), r.config.checkSingle(), r.config.checkUntyped(r))
	if out != nil && (isNil(out) || !isDownload && reflect.TypeOf(out).Kind() != reflect.Pointer) {
		r.err = firstError(r.err, &ParamError{Field: "out", Reason: "isn't a pointer to fill; pass one, an io.Writer, or nil"})
	}
	if isDownload {
		r.download = &download{to: writer, progress: r.config.progress}
	}
	if r.refusal(ctx) == nil {
		r.operation = operationLabel(method, r.url)
	}
	if out == nil || isDownload {
		return r.do(ctx, nil)
	}
	return r.do(ctx, func(inv *invocation) error {
		if inv.body.Len() == 0 { // 204: there is nothing to fill out from
			return nil
		}
		return inv.readInto(out)
	})
}

func (r *request) checkMethod() error {
	switch r.method {
	case http.MethodGet, http.MethodDelete, http.MethodPost:
		return nil
	case http.MethodPut, http.MethodPatch:
		if r.url != nil && r.url.Host != "" {
			return nil
		}
	}
	return &ParamError{Field: "method", Reason: "isn't GET, POST or DELETE, nor PUT or PATCH on the host of a product; use one of them"}
}

// checkPath parses a path that the caller has built. The URL that it returns
// has a host only if that isn't the API's.
func (c *Client) checkPath(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, &ParamError{Field: "path", Reason: "can't be parsed; pass a path of the API or the URL of a Twilio product"}
	case u.User != nil || u.Opaque != "" || u.Fragment != "" || u.Scheme != "" && u.Scheme != "https" || (u.Scheme == "") != (u.Host == ""):
		return nil, &ParamError{Field: "path", Reason: "isn't a path of the API, nor an https URL of Twilio's without user and fragment; pass one of them"}
	case path.Clean(u.Path) != u.Path || strings.Contains(u.Path, "\\"):
		return nil, &ParamError{Field: "path", Reason: "isn't plain; leave out dots and empty parts"}
	}
	if product, err := c.product(u.Host); err != nil || product != "api" {
		return &url.URL{Host: product + ".twilio.com", Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery}, err
	}
	return u, c.checkAPIPath(u)
}

// checkHost refuses a host of another product where the credentials would act
// on another account than the one that the client acts on.
func (r *request) checkHost() error {
	if r.url == nil || r.url.Host == "" || r.client.accountSID == r.client.credentials.accountSID {
		return nil
	}
	field := "Subaccount"
	if r.route == nil || r.path == "" { // the caller has chosen the host
		field = "path"
	}
	return &ParamError{Field: field, Reason: "can't be reached: on the host of a product credentials act on their own account, " +
		"which isn't the one that this client acts on; use WithCredentials with the subaccount's own credentials"}
}

// checkAPIPath takes off the host of a URL of the API and refuses other
// accounts.
func (c *Client) checkAPIPath(u *url.URL) error {
	u.Scheme, u.Host = "", ""
	rest, ok := strings.CutPrefix(u.EscapedPath(), apiRoot+"/")
	if !ok {
		return &ParamError{Field: "path", Reason: "isn't a path of the API; use one that begins with " + apiRoot + "/"}
	}
	// An escape could hide the account.
	head, rest, _ := strings.Cut(rest, "/")
	account, _, _ := strings.Cut(rest, "/")
	if strings.Contains(head+account, "%") {
		return &ParamError{Field: "path", Reason: "isn't plain; leave out escapes in front of the account"}
	}
	account = strings.TrimSuffix(account, ".json")
	switch {
	case !strings.EqualFold(head, "Accounts") || account == "" || account == c.accountSID:
		return nil
	case c.credentials.isKey():
		return errMainKey()
	case c.accountSID != c.credentials.accountSID:
		return &ParamError{Field: "path", Reason: "names another account than the one that this client acts on; use a client of that account"}
	default:
		return nil
	}
}

// product returns the product that a host belongs to: "studio" for
// studio.twilio.com, and "api" for no host.
func (c *Client) product(host string) (string, error) {
	if host == "" {
		return "api", nil
	}
	host = strings.ToLower(host)
	for _, suffix := range []string{".twilio.com", c.suffix()} {
		if product, ok := strings.CutSuffix(host, suffix); ok && suffix != "" && isHostLabel(product) {
			return product, nil
		}
	}
	return "", &ParamError{Field: "path", Reason: "is on a host that isn't one of Twilio's products, such as studio.twilio.com; edge and region belong to the client"}
}

func (c *Client) suffix() string {
	if c.shared == nil {
		return ""
	}
	return c.shared.suffix
}

// operationLabel names a request by its method and path, with {} for every
// segment that isn't the name of a resource, which has only letters and begins
// with a capital. It becomes a label of metrics, so it must not identify a
// customer.
func operationLabel(method string, u *url.URL) string {
	segments := strings.Split(strings.TrimPrefix(strings.TrimSuffix(u.Path, ".json"), apiRoot), "/")
	for i, segment := range segments {
		isName := segment != "" && segment[0] <= 'Z' && strings.Trim(segment, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
		isVersion := i == 1 && len(segment) > 1 && segment[0] == 'v' && strings.Trim(segment[1:], "0123456789") == ""
		if segment != "" && !isName && !isVersion {
			segments[i] = "{}"
		}
	}
	return "do " + method + " " + u.Host + strings.Join(segments, "/")
}
