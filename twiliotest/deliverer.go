package twiliotest

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

// The limits of a webhook that its URL doesn't override.
const (
	connectTimeout = 5 * time.Second
	readTimeout    = 15 * time.Second
	totalTimeout   = 15 * time.Second
	connectRetries = 1
	maxRedirects   = 10
	maxResponse    = 64 << 10 // bytes
)

// A deliverer makes the requests of webhooks: one policy for all of them. It
// knows nothing of the state.
type deliverer struct {
	transport http.RoundTripper
	inMemory  bool     // every host leads to one handler
	hosts     []string // that may be called besides loopback; * means any
	rules     WebhookRules
}

func newDeliverer(c config) deliverer {
	d := deliverer{hosts: c.webhookHosts, rules: c.webhookRules}
	if c.webhooks != nil {
		d.transport, d.inMemory = &handlerTransport{handler: c.webhooks}, true
		return d
	}
	dialer := new(net.Dialer)
	d.transport = &http.Transport{
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			ctx, cancel := context.WithTimeout(ctx, overridesFrom(ctx).connect)
			defer cancel()
			return dialer.DialContext(ctx, network, addr)
		},
		IdleConnTimeout:     5 * time.Second,
		MaxIdleConnsPerHost: maxSendersInBackground,
	}
	return d
}

// close closes idle connections, or waits until the handlers have returned.
func (w *deliverer) close() {
	switch t := w.transport.(type) {
	case *http.Transport:
		t.CloseIdleConnections()
	case *handlerTransport:
		t.running.Wait()
	}
}

// overrides are what the fragment of a webhook's URL sets, in the manner of
// https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides.
type overrides struct {
	connect, read, total time.Duration
	retries              int
	policy               []string // which failures are retried: 4xx, 5xx, ct, rt or all
}

// parseOverrides reads what it understands of a fragment such as #rc=2&rp=5xx.
// Values out of range are ignored.
func parseOverrides(fragment string) overrides {
	o := overrides{connectTimeout, readTimeout, totalTimeout, connectRetries, []string{"ct"}}
	millis := func(text string, least, most int, to *time.Duration) {
		if n, err := strconv.Atoi(text); err == nil && n >= least && n <= most {
			*to = time.Duration(n) * time.Millisecond
		}
	}
	for pair := range strings.SplitSeq(fragment, "&") {
		key, value, _ := strings.Cut(pair, "=")
		switch key {
		case "ct":
			millis(value, 100, 10_000, &o.connect)
		case "rt":
			millis(value, 100, 15_000, &o.read)
		case "tt":
			millis(value, 100, 15_000, &o.total)
		case "rc":
			if n, err := strconv.Atoi(value); err == nil && n >= 0 && n <= 5 {
				o.retries = n
			}
		case "rp":
			o.policy = strings.Split(value, ",")
		}
	}
	return o
}

type overridesKey struct{}

func overridesFrom(ctx context.Context) overrides {
	o, _ := ctx.Value(overridesKey{}).(overrides)
	return o
}

// A notCalledError is the reason for which a URL isn't called.
type notCalledError string

func (e notCalledError) Error() string { return string(e) }

var (
	errTooManyRedirects = errors.New("too many redirects")
	errInvalidRedirect  = errors.New("the redirect is to neither http nor https")
)

// deliver makes the requests of a webhook and records the result in d.
func (w *deliverer) deliver(ctx context.Context, d *delivery, token string) {
	target, err := url.Parse(d.URL)
	switch {
	case err != nil:
	case d.endless:
		err = notCalledError(fmt.Sprintf("%d webhooks about %s lead to each other while no time passes; "+
			"a handler undoes what another one does", maxCaused, d.SID))
	case d.fault.Lost:
		err = notCalledError("lost by a fault")
	}
	if err != nil {
		d.Error = err.Error()
		return
	}
	o := parseOverrides(target.Fragment)
	user := target.User
	target.User, target.Fragment, target.RawFragment = nil, "", ""
	body := d.params.encode()
	if d.Method == http.MethodGet {
		target.RawQuery = strings.Trim(target.RawQuery+"&"+body, "&")
		body = ""
	}
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, overridesKey{}, o), o.total)
	defer cancel()
	client := &http.Client{
		Transport: &signingTransport{
			deliverer: w, token: token, id: d.ID, user: user, host: target.Host, called: &d.Called,
			portless: d.Kind == WebhookCall && !w.rules.KeepPort,
		},
		Jar:           d.jar,
		CheckRedirect: w.checkRedirect,
	}
	retriesLeft, serverErrorsLeft := o.retries, d.retries
	deadline, _ := ctx.Deadline() // ctx itself may notice it later than the attempt did
	for {
		failure := w.attempt(ctx, client, d, target, body)
		inTime := ctx.Err() == nil && time.Now().Before(deadline)
		switch {
		case failure == "5xx" && serverErrorsLeft > 0:
			serverErrorsLeft--
		case failure != "" && retriesLeft > 0 && inTime && (slices.Contains(o.policy, failure) || slices.Contains(o.policy, "all")):
			retriesLeft--
		default:
			return
		}
	}
}

// checkRedirect decides about a redirect. Which method follows one isn't
// documented.
func (w *deliverer) checkRedirect(r *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return errTooManyRedirects
	}
	if r.URL.Scheme != "http" && r.URL.Scheme != "https" {
		return errInvalidRedirect
	}
	if first := via[0]; w.rules.RedirectKeepsMethod && first.Method == http.MethodPost {
		body, err := first.GetBody()
		if err != nil {
			return err
		}
		r.Method, r.Body, r.GetBody, r.ContentLength = first.Method, body, first.GetBody, first.ContentLength
		r.Header.Set("Content-Type", formType)
	}
	return nil
}

const formType = "application/x-www-form-urlencoded"

// attempt makes one request, with its redirects. It returns what kind of a
// failure there was: ct before a connection existed, rt after, 4xx or 5xx.
func (w *deliverer) attempt(ctx context.Context, client *http.Client, d *delivery, target *url.URL, body string) (failure string) {
	ctx, cancel := context.WithTimeout(ctx, overridesFrom(ctx).read)
	defer cancel()
	connected := w.inMemory
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected = true },
	})
	d.Status, d.ContentType, d.Body, d.Error, d.ErrorCode = 0, "", "", "", 0
	r, err := http.NewRequestWithContext(ctx, d.Method, target.String(), strings.NewReader(body))
	if err != nil {
		d.Error, d.ErrorCode = err.Error(), 11100
		return ""
	}
	if d.fault.Reset == ResetBefore {
		d.Called, d.Attempts = true, d.Attempts+1
		d.Error, d.ErrorCode = "the connection was refused by a fault", 11205
		return "ct"
	}
	if d.Method == http.MethodPost {
		r.Header.Set("Content-Type", formType)
	}
	resp, err := client.Do(r)
	if notCalled, ok := errors.AsType[notCalledError](err); ok && !d.Called {
		d.Error = notCalled.Error()
		return ""
	}
	d.Called, d.Attempts = true, d.Attempts+1
	var text []byte
	if err == nil {
		defer func() { _ = resp.Body.Close() }()
		text, err = io.ReadAll(io.LimitReader(resp.Body, maxResponse+1))
		d.Status, d.ContentType = resp.StatusCode, resp.Header.Get("Content-Type")
		d.Body = string(text[:min(len(text), maxResponse)])
	}
	switch {
	case err == nil && d.fault.Reset == ResetAfter:
		err, d.Status, d.ContentType, d.Body = errors.New("the response was lost by a fault"), 0, "", ""
		fallthrough
	case err != nil:
		d.Error, d.ErrorCode = err.Error(), codeOf(err)
		if connected {
			return "rt"
		}
		return "ct"
	case len(text) > maxResponse:
		d.Error, d.ErrorCode = errTooLarge.Error(), 11750
	case resp.StatusCode >= 300:
		d.Error, d.ErrorCode = "the response is "+resp.Status, 11200
		return strconv.Itoa(resp.StatusCode/100) + "xx"
	}
	return ""
}

// codeOf is the code for the error of a request, from Twilio's list of them at
// https://www.twilio.com/docs/api/errors.
func codeOf(err error) int {
	if errors.Is(err, errTooManyRedirects) {
		return 11215
	}
	if errors.Is(err, errInvalidRedirect) {
		return 11216
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return 11210
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return 11235
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return 11236
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return 11237
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return 11220
	}
	return 11205
}

// mayCall returns an error for URLs that the server doesn't call.
func (w *deliverer) mayCall(u *url.URL) error {
	host := u.Hostname()
	ip := net.ParseIP(host)
	switch {
	case strings.Contains(host, "_"):
		return notCalledError("the host has an underscore, which Twilio refuses")
	case w.inMemory, host == "localhost", strings.HasSuffix(host, ".localhost"), ip != nil && ip.IsLoopback(),
		slices.Contains(w.hosts, "*"), slices.Contains(w.hosts, host):
		return nil
	}
	return notCalledError("only loopback is called; WithWebhookHosts, or -webhook-hosts of twilio-fake, allows other hosts")
}

// A signingTransport sends each request of a webhook, also those that follow a
// redirect, with Twilio's headers and its signature.
type signingTransport struct {
	*deliverer
	token, id string
	user      *url.Userinfo // of the URL, for the host that the URL names
	host      string
	called    *bool // whether any request was made
	portless  bool  // the port of an https URL isn't signed
}

// RoundTrip sends a request, and sends it once more with the user's credentials if
// the server asks for them.
func (t *signingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := t.mayCall(r.URL); err != nil {
		return nil, err
	}
	*t.called = true
	ctx := r.Context()
	r = r.Clone(ctx) // a RoundTripper leaves its request as it is
	r.Header.Set("Accept", "*/*")
	r.Header.Set("User-Agent", "TwilioProxy/1.1")
	r.Header.Set("I-Twilio-Idempotency-Token", t.id)
	r.Header.Set("X-Home-Region", "us1")
	r.Header.Del("Referer") // which net/http adds to a redirect
	if err := t.sign(r); err != nil {
		return nil, err
	}
	resp, err := t.transport.RoundTrip(r)
	if err != nil || resp.StatusCode != http.StatusUnauthorized || t.user == nil || r.URL.Host != t.host {
		return resp, err
	}
	authorization := authorize(resp.Header.Values("WWW-Authenticate"), t.user, r)
	if authorization == "" {
		return resp, nil
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxResponse))
	_ = resp.Body.Close()
	again := r.Clone(ctx)
	if r.GetBody != nil {
		if again.Body, err = r.GetBody(); err != nil {
			return nil, err
		}
	}
	again.Header.Set("Authorization", authorization)
	return t.transport.RoundTrip(again)
}

// sign signs a request that is about to be sent.
func (t *signingTransport) sign(r *http.Request) error {
	if !t.portless || r.URL.Scheme != "https" || r.URL.Port() == "" {
		return webhook.Sign(r, t.token)
	}
	signed := r.Clone(r.Context())
	signed.URL.Host = strings.TrimSuffix(r.URL.Host, ":"+r.URL.Port())
	signed.Host = signed.URL.Host
	if r.GetBody != nil {
		body, err := r.GetBody()
		if err != nil {
			return err
		}
		signed.Body = body
	}
	err := webhook.Sign(signed, t.token)
	r.Header.Set(signatureHeader, signed.Header.Get(signatureHeader))
	return err
}

const signatureHeader = "X-Twilio-Signature"

// A handlerTransport serves webhooks in memory.
type handlerTransport struct {
	handler http.Handler
	running sync.WaitGroup
}

// RoundTrip runs the handler until it returns or the request's time is up.
func (t *handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	in.RequestURI, in.Host, in.RemoteAddr = r.URL.RequestURI(), r.URL.Host, "127.0.0.1:0"
	in.URL.Scheme, in.URL.Host = "", ""
	if r.URL.Scheme == "https" {
		in.TLS = &tls.ConnectionState{HandshakeComplete: true}
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := &memoryWriter{header: make(http.Header)}
	failed := make(chan error, 1)
	t.running.Go(func() {
		err := errors.New("the handler ended its goroutine")
		defer func() {
			if v := recover(); v != nil {
				err = fmt.Errorf("the handler panicked: %v", v)
			}
			failed <- err
		}()
		t.handler.ServeHTTP(w, in)
		err = nil
	})
	select {
	case err := <-failed:
		if err != nil {
			return nil, err
		}
	case <-r.Context().Done():
		return nil, context.Cause(r.Context())
	}
	w.WriteHeader(http.StatusOK)
	return &http.Response{
		Status:     strconv.Itoa(w.status) + " " + http.StatusText(w.status),
		StatusCode: w.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, ContentLength: int64(w.body.Len()),
		Body: io.NopCloser(&w.body), Request: r,
	}, nil
}

// A memoryWriter keeps a response, or as much of it as is read.
type memoryWriter struct {
	header, sent http.Header
	status       int
	body         bytes.Buffer
}

func (w *memoryWriter) Header() http.Header { return w.header }

func (w *memoryWriter) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status, w.sent = status, w.header.Clone()
	}
}

func (w *memoryWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		if w.header.Get("Content-Type") == "" {
			w.header.Set("Content-Type", http.DetectContentType(p))
		}
		w.WriteHeader(http.StatusOK)
	}
	kept, _ := w.body.Write(p[:min(len(p), maxResponse+1-w.body.Len())])
	if kept < len(p) {
		return kept, errTooLarge
	}
	return kept, nil
}

// Flush sends the header; the body is handed over as a whole.
func (w *memoryWriter) Flush() { w.WriteHeader(http.StatusOK) }

// errTooLarge is returned to a handler that keeps on writing. Over a network its
// connection would be closed.
var errTooLarge = errors.New("the response is larger than 64 KiB")
