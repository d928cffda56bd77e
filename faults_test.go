package twilio_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// world is what the operations of the matrix work on.
type world struct {
	client        *twilio.Client
	message, call string
	sub           string
}

// A deed is an operation of the matrix. Effects counts what came of it.
type deed struct {
	name    string
	safe    bool // doing it twice is the same as once
	list    bool
	do      func(context.Context, world) error
	effects func(context.Context, world) int // nil where the fake can't tell
}

func count[T any](items func(func(*T, error) bool), match func(*T) bool) (n int) {
	for item, err := range items {
		if err == nil && match(item) {
			n++
		}
	}
	return n
}

func err2[T any](_ T, err error) error { return err }

func yes[T any](*T) bool { return true }

const somePhone = "+14155550123"

func allDeeds() []deed {
	const from, to = "+15005550006", "+14155550100"
	calls := func(ctx context.Context, w world) int {
		return count(w.client.Calls.All(ctx, twilio.CallListParams{}), func(c *twilio.Call) bool { return c.SID != w.call })
	}
	messages := func(ctx context.Context, w world) int {
		return count(w.client.Messages.All(ctx, twilio.MessageListParams{}), yes) - 2
	}
	numbers := func(ctx context.Context, w world) int {
		return count(w.client.IncomingPhoneNumbers.All(ctx, twilio.IncomingPhoneNumberListParams{}), yes)
	}
	under := func(w world, tail string) string {
		return "/2010-04-01/Accounts/" + w.client.AccountSID() + tail
	}
	return []deed{
		{name: "get", safe: true, do: func(ctx context.Context, w world) error { return err2(w.client.Messages.Get(ctx, w.message)) }},
		{name: "list of two pages", safe: true, list: true, do: func(ctx context.Context, w world) error {
			for _, err := range w.client.Messages.All(ctx, twilio.MessageListParams{PageSize: 1}) {
				if err != nil {
					return err
				}
			}
			return nil
		}},
		{name: "Do with GET", safe: true, do: func(ctx context.Context, w world) error {
			return w.client.Do(ctx, http.MethodGet, under(w, "/Balance.json"), nil, &struct{}{})
		}},
		{name: "delete", safe: true, do: func(ctx context.Context, w world) error { return w.client.Messages.Delete(ctx, w.message) },
			effects: func(ctx context.Context, w world) int { return -messages(ctx, w) }},
		{name: "update of an account's status", safe: true, do: func(ctx context.Context, w world) error {
			return err2(w.client.Accounts.Update(ctx, w.sub, twilio.AccountUpdateParams{Status: new(twilio.AccountStatusSuspended)}))
		}, effects: func(ctx context.Context, w world) int {
			return count(w.client.Accounts.All(ctx, twilio.AccountListParams{}), func(a *twilio.Account) bool { return a.Status == twilio.AccountStatusSuspended })
		}},
		{name: "redirect of a call", do: func(ctx context.Context, w world) error {
			return err2(w.client.Calls.Update(ctx, w.call, twilio.CallUpdateParams{URL: new("https://example.com/twiml")}))
		}},
		{name: "create of an account", do: func(ctx context.Context, w world) error {
			return err2(w.client.Accounts.Create(ctx, twilio.AccountCreateParams{FriendlyName: "new"}))
		}, effects: func(ctx context.Context, w world) int {
			return count(w.client.Accounts.All(ctx, twilio.AccountListParams{}), func(a *twilio.Account) bool { return a.FriendlyName == "new" })
		}},
		{name: "create of a call", do: func(ctx context.Context, w world) error {
			return err2(w.client.Calls.Create(ctx, twilio.CallCreateParams{From: from, To: to, URL: "https://example.com/twiml"}))
		}, effects: calls},
		{name: "create of a message", do: func(ctx context.Context, w world) error {
			return err2(w.client.Messages.Create(ctx, twilio.MessageCreateParams{From: from, To: to, Body: "Ahoy"}))
		}, effects: messages},
		{name: "create of a key", do: func(ctx context.Context, w world) error {
			return err2(w.client.Keys.Create(ctx, twilio.KeyCreateParams{FriendlyName: "new"}))
		}, effects: func(ctx context.Context, w world) int {
			return count(w.client.Keys.All(ctx, twilio.KeyListParams{}), yes)
		}},
		{name: "create of an address", do: func(ctx context.Context, w world) error {
			return err2(w.client.Addresses.Create(ctx, twilio.AddressCreateParams{CustomerName: "C", Street: "1 Main St", City: "Oakland", Region: "CA", PostalCode: "94607", ISOCountry: "US"}))
		}, effects: func(ctx context.Context, w world) int {
			return count(w.client.Addresses.All(ctx, twilio.AddressListParams{}), yes)
		}},
		{name: "purchase of a number by AreaCode", do: func(ctx context.Context, w world) error {
			return err2(w.client.IncomingPhoneNumbers.Create(ctx, twilio.IncomingPhoneNumberCreateParams{AreaCode: "415"}))
		}, effects: numbers},
		{name: "purchase of a number by PhoneNumber", do: func(ctx context.Context, w world) error {
			return err2(w.client.IncomingPhoneNumbers.Create(ctx, twilio.IncomingPhoneNumberCreateParams{PhoneNumber: somePhone}))
		}, effects: numbers},
		{name: "Do with POST", do: func(ctx context.Context, w world) error {
			form := url.Values{"From": {from}, "To": {to}, "Body": {"Ahoy"}}
			return w.client.Do(ctx, http.MethodPost, under(w, "/Messages.json"), form, &struct{}{})
		}, effects: messages},
	}
}

// A mishap is what goes wrong: in the fake, in front of it, or on the way to it.
type mishap struct {
	name   string
	inject *twiliotest.Fault
	// front answers in place of the fake, which it may let have its effect.
	front http.HandlerFunc
	http2 bool
	dial  func(ctx context.Context, network, addr string) (net.Conn, error)
	// distrust leaves the certificate of the server unknown to the client.
	distrust bool
	goAway   bool
	// untouched says that the request can't have had an effect; then no error
	// may say that its outcome is unknown.
	untouched bool
	listsOnly bool
	timeout   time.Duration
	deadline  time.Duration
	always    bool // not only once
}

// short is long enough for a connection on a busy machine.
const short = 3 * time.Second

func mishaps() []mishap {
	const html, xml = "<html><h1>Sorry</h1></html>", `<?xml version="1.0"?><TwilioResponse/>`
	all := []mishap{
		{name: "connection refused", untouched: true, dial: func(context.Context, string, string) (net.Conn, error) {
			return (&net.Dialer{Timeout: time.Second}).Dial("tcp", "127.0.0.1:1")
		}},
		{name: "DNS failure", untouched: true, dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "api.twilio.com", IsNotFound: true}}
		}},
		{name: "TLS failure: certificate not trusted", untouched: true, distrust: true, http2: true, always: true},
		{name: "reset before the effect", inject: &twiliotest.Fault{Reset: twiliotest.ResetBefore}},
		{name: "reset after the effect", inject: &twiliotest.Fault{Reset: twiliotest.ResetAfter}},
		{name: "time-out before the effect", inject: &twiliotest.Fault{Delay: time.Hour}, timeout: short},
		{name: "time-out after the effect", inject: &twiliotest.Fault{Delay: time.Hour, After: true}, timeout: short},
		{name: "context ends before the effect", inject: &twiliotest.Fault{Delay: time.Hour}, deadline: short, always: true},
		{name: "context ends after the effect", inject: &twiliotest.Fault{Delay: time.Hour, After: true}, deadline: short, always: true},
		{name: "429, Retry-After beyond the context", untouched: true, deadline: 500 * time.Millisecond, always: true,
			inject: &twiliotest.Fault{Status: 429, Code: 20429, Header: http.Header{"Retry-After": {"1"}}}},
		{name: "429, Retry-After beyond the longest wait", untouched: true,
			inject: &twiliotest.Fault{Status: 429, Code: 20429, Header: http.Header{"Retry-After": {"86400"}}}},
		{name: "429, Retry-After a date of a clock that is behind", untouched: true,
			inject: &twiliotest.Fault{Status: 429, Code: 20429, Header: http.Header{"Retry-After": {"Thu, 01 Jan 1970 00:00:00 GMT"}}}},
		{name: "429, Retry-After a date of a clock that is ahead", untouched: true,
			inject: &twiliotest.Fault{Status: 429, Code: 20429, Header: http.Header{"Retry-After": {"Fri, 01 Jan 2100 00:00:00 GMT"}}}},
		{name: "429 with code 20429", untouched: true, inject: &twiliotest.Fault{Status: 429, Code: 20429}},
		{name: "429 with code 21611", untouched: true, inject: &twiliotest.Fault{Status: 429, Code: 21611}},
		{name: "429 without a code", untouched: true, inject: &twiliotest.Fault{Status: 429, NoBody: true}},
		{name: "400", untouched: true, inject: &twiliotest.Fault{Status: 400, Code: 20001}},
		{name: "401", untouched: true, inject: &twiliotest.Fault{Status: 401, Code: 20003}},
		{name: "403", untouched: true, inject: &twiliotest.Fault{Status: 403, Code: 20008}},
		{name: "404", untouched: true, inject: &twiliotest.Fault{Status: 404, Code: 20404}},
		{name: "500 after the effect", inject: &twiliotest.Fault{Status: 500, Code: 20500, After: true}},
		{name: "503 after the effect", inject: &twiliotest.Fault{Status: 503, Body: html, After: true}},
	}
	for _, status := range []int{500, 502, 503, 504} {
		for _, form := range []struct {
			name  string
			fault twiliotest.Fault
		}{{"JSON", twiliotest.Fault{}}, {"HTML", twiliotest.Fault{Body: html}}, {"XML", twiliotest.Fault{Body: xml}}, {"nothing", twiliotest.Fault{NoBody: true}}} {
			form.fault.Status = status
			all = append(all, mishap{name: fmt.Sprintf("%d with %s", status, form.name), inject: &form.fault})
		}
	}
	return append(all,
		mishap{name: "cut-off body", inject: &twiliotest.Fault{Truncate: 20}},
		mishap{name: "Content-Length too large", front: lengthOff(10)},
		mishap{name: "Content-Length too small", front: lengthOff(-10)},
		mishap{name: "endless body", front: stream(bytes.Repeat([]byte(" "), 64<<10), 0)},
		mishap{name: "body in slow drips", front: stream([]byte(" "), 10*time.Millisecond), timeout: short},
		mishap{name: "gzip bomb", listsOnly: true, front: bomb()}, // it costs more than all the others
		mishap{name: "200 with HTML", inject: &twiliotest.Fault{Status: 200, Body: html, After: true}},
		mishap{name: "redirect to another host", untouched: true, inject: &twiliotest.Fault{Status: 307, NoBody: true, Header: http.Header{"Location": {"https://elsewhere.example/"}}}},
		mishap{name: "next_page_uri to another host", listsOnly: true, inject: &twiliotest.Fault{Rewrite: func(body string) string {
			return strings.ReplaceAll(body, `"next_page_uri":"`, `"next_page_uri":"https://elsewhere.example`)
		}}},
		mishap{name: "next_page_uri to itself", listsOnly: true, inject: &twiliotest.Fault{Rewrite: func(body string) string {

			at := strings.LastIndex(body, `"uri":"`)
			own, _, _ := strings.Cut(body[at+len(`"uri":"`):], `"`)
			head, tail, ok := strings.Cut(body, `"next_page_uri":"`)
			if !ok {
				return body
			}
			_, tail, _ = strings.Cut(tail, `"`)
			return head + `"next_page_uri":"` + own + `"` + tail
		}}},
		mishap{name: "HTTP/2: stream reset after the effect", http2: true, front: func(_ http.ResponseWriter, r *http.Request) {
			takeEffect(r)
			panic(http.ErrAbortHandler)
		}},
		mishap{name: "HTTP/2: GOAWAY with the answer", http2: true, front: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Connection", "close")
			fake(r).ServeHTTP(w, r)
		}},
		mishap{name: "HTTP/2: GOAWAY that names the request as never processed", http2: true, goAway: true, untouched: true},
	)
}

type fakeKey struct{}

// fake is the server that stands behind a front.
func fake(r *http.Request) http.Handler { return r.Context().Value(fakeKey{}).(*twiliotest.Server) }

// takeEffect lets the fake do what the request asks for, and keeps the answer.
func takeEffect(r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	fake(r).ServeHTTP(rec, r)
	return rec
}

// lengthOff answers with a Content-Length that isn't the body's.
func lengthOff(by int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		rec := takeEffect(r)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		body := rec.Body.Bytes()
		if rec.Code == http.StatusNoContent { // which has no length to get wrong
			fmt.Fprint(conn, "HTTP/1.1 204 No Content\r\n\r\n")
			return
		}
		fmt.Fprintf(conn, "HTTP/1.1 %d x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", rec.Code, len(body)+by, body)
	}
}

// stream answers for ever, a piece at a time.
func stream(piece []byte, pause time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		takeEffect(r)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusOK)
		for {
			if _, err := w.Write(piece); err != nil || http.NewResponseController(w).Flush() != nil {
				return
			}
			select {
			case <-time.After(pause):
			case <-r.Context().Done():
				return
			}
		}
	}
}

// bomb answers with 40 MB in 40 kB.
func bomb() http.HandlerFunc {
	packed := sync.OnceValue(func() []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write(bytes.Repeat([]byte(" "), 40<<20))
		_ = z.Close()
		return b.Bytes()
	})
	return func(w http.ResponseWriter, r *http.Request) {
		takeEffect(r)
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed())
	}
}

// A cell is what came of a deed in a mishap.
type cell struct {
	err     error
	sent    map[string]int
	effects int
	took    time.Duration
	open    int64 // connections that are left
}

// watch counts requests and connections.
type watch struct {
	base *http.Transport
	open atomic.Int64
	mu   sync.Mutex
	sent map[string]int
	host map[string]bool
}

func (w *watch) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.sent[r.Method]++
	w.host[r.URL.Host] = true
	w.mu.Unlock()
	return w.base.RoundTrip(r)
}

func (w *watch) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	w.open.Add(1)
	return watchedConn{conn, sync.OnceFunc(func() { w.open.Add(-1) })}, nil
}

type watchedConn struct {
	net.Conn
	closed func()
}

func (c watchedConn) Close() error {
	c.closed()
	return c.Conn.Close()
}

// suffer runs a deed in a mishap, on a server of its own.
func suffer(t *testing.T, d deed, m mishap, once bool) cell {
	t.Helper()
	srv := twiliotest.NewUnstartedServer()
	w := world{
		message: srv.AddMessage(srv.AccountSID, twilio.Message{Status: twilio.MessageStatusDelivered}).SID,
		call:    srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress}).SID,
		sub:     srv.AddSubaccount(twilio.Account{FriendlyName: "sub"}).SID,
	}
	srv.AddMessage(srv.AccountSID, twilio.Message{Status: twilio.MessageStatusDelivered})
	if m.inject != nil {
		fault := *m.inject
		if !once {
			fault.Times = -1
		}
		srv.Inject(fault)
	}
	var hits atomic.Int64
	ts := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		r = r.WithContext(context.WithValue(r.Context(), fakeKey{}, srv))
		if m.front != nil && (hits.Add(1) == 1 || !once) {
			m.front(rw, r)
			return
		}
		srv.ServeHTTP(rw, r)
	}))
	ts.Config.ErrorLog = log.New(io.Discard, "", 0)
	ts.EnableHTTP2 = m.http2
	var raw sync.WaitGroup
	if m.goAway {
		ts.Listener = &goAwayListener{Listener: ts.Listener, config: func() *tls.Config { return ts.TLS }, serving: &raw}
	}
	if m.http2 {
		ts.StartTLS()
	} else {
		ts.Start()
	}
	defer raw.Wait()
	defer ts.Close()

	base := &http.Transport{ForceAttemptHTTP2: m.http2, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	if m.http2 && !m.distrust {
		base.TLSClientConfig = ts.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	}
	watched := &watch{base: base, sent: map[string]int{}, host: map[string]bool{}}
	var dials atomic.Int64
	base.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if m.dial != nil && (dials.Add(1) == 1 || !once) {
			return m.dial(ctx, network, addr)
		}
		return watched.dial(ctx, network, addr)
	}
	opts := []twilio.Option{twilio.WithBaseURL(ts.URL), twilio.WithHTTPClient(&http.Client{Transport: watched}), twilio.WithRetryWait(time.Millisecond, 2*time.Second)}
	if m.deadline == 0 {
		opts = append(opts, twilio.WithRetryWait(0, time.Millisecond))
	}
	if m.timeout > 0 {
		opts = append(opts, twilio.WithTimeout(m.timeout))
	}
	client, err := twilio.NewClient(twilio.AuthToken(srv.AccountSID, srv.AuthToken), opts...)
	if err != nil {
		t.Error(err)
		return cell{}
	}
	w.client = client
	ctx := t.Context()
	if m.deadline > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, m.deadline)
		defer cancel()
	}
	start := time.Now()
	c := cell{}
	pprof.Do(ctx, pprof.Labels("mishap", t.Name()), func(ctx context.Context) { c.err = d.do(ctx, w) })
	c.took = time.Since(start)
	client.CloseIdleConnections()
	base.CloseIdleConnections()
	eventually(func() bool { return watched.open.Load() == 0 })
	c.open = watched.open.Load()
	c.sent = watched.sent
	if len(watched.host) > 1 {
		t.Errorf("%s: requests went to %d hosts", d.name, len(watched.host))
	}
	srv.ClearFaults()
	w.client = srv.Client()
	if d.effects != nil {
		c.effects = d.effects(t.Context(), w)
	}
	return c
}

// goAwayListener gives its first connection an end by GOAWAY, which says that no
// stream was processed.
type goAwayListener struct {
	net.Listener
	config  func() *tls.Config
	serving *sync.WaitGroup
	first   sync.Once
}

func (l *goAwayListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		mine := false
		if err == nil {
			l.first.Do(func() { mine = true })
		}
		if !mine {
			return conn, err
		}
		l.serving.Go(func() { goAway(tls.Server(conn, l.config())) })
	}
}

func goAway(conn net.Conn) {
	defer conn.Close()
	frame := func(kind byte, payload ...byte) {
		head := binary.BigEndian.AppendUint32(nil, uint32(len(payload))<<8|uint32(kind))
		_, _ = conn.Write(append(append(head, 0, 0, 0, 0, 0), payload...))
	}
	if _, err := io.CopyN(io.Discard, conn, int64(len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))); err != nil {
		return
	}
	frame(4) // SETTINGS
	head := make([]byte, 9)
	for {
		if _, err := io.ReadFull(conn, head); err != nil {
			return
		}
		if _, err := io.CopyN(io.Discard, conn, int64(binary.BigEndian.Uint32(head)>>8)); err != nil {
			return
		}
		if head[3] == 1 { // HEADERS: a request
			frame(7, 0, 0, 0, 0, 0, 0, 0, 0)
		}
	}
}

// eventually waits for something that is about to happen.
func eventually(happened func() bool) bool {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for range 2500 {
		if happened() {
			return true
		}
		<-tick.C
	}
	return happened()
}

// String is the row of the table.
func (c cell) String() string {
	var sent []string
	for _, method := range []string{"POST", "GET", "DELETE"} {
		if n := c.sent[method]; n > 0 {
			sent = append(sent, fmt.Sprintf("%d × %s", n, method))
		}
	}
	got, unknown := "success", ""
	if c.err != nil {
		got = "`*TransportError`"
		if e, ok := errors.AsType[*twilio.Error](c.err); ok {
			got = fmt.Sprintf("`*Error` %d", e.StatusCode)
		}
		for _, s := range []struct {
			err  error
			name string
		}{{twilio.ErrUnauthorized, "ErrUnauthorized"}, {twilio.ErrForbidden, "ErrForbidden"}, {twilio.ErrNotFound, "ErrNotFound"}, {twilio.ErrRateLimited, "ErrRateLimited"}, {context.DeadlineExceeded, "context.DeadlineExceeded"}} {
			if errors.Is(c.err, s.err) {
				got += ", `" + s.name + "`"
			}
		}
		unknown = "no"
		if errors.Is(c.err, twilio.ErrOutcomeUnknown) {
			unknown = "**yes**"
		}
	}
	return fmt.Sprintf("%s | %s | %s", strings.Join(sent, ", "), got, unknown)
}

// check holds a cell to the rules.
func (c cell) check(t *testing.T, d deed, m mishap) {
	t.Helper()
	unknown := errors.Is(c.err, twilio.ErrOutcomeUnknown)
	bad := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s: "+format+" (%v, %d effects, error %v)", append(append([]any{d.name}, args...), c, c.effects, c.err)...)
	}
	_, isAnswer := errors.AsType[*twilio.Error](c.err)
	_, isBroken := errors.AsType[*twilio.TransportError](c.err)
	switch {
	case c.err != nil && !isAnswer && !isBroken:
		bad("an error without a type")
	case c.effects > 1:
		bad("done twice")
	case c.err == nil && d.effects != nil && c.effects != 1:
		bad("a success without its effect")
	case unknown && d.safe:
		bad("an outcome is unknown that can be had by asking again")
	case unknown && m.untouched:
		bad("an outcome is unknown that can't be other than none")
	case c.err != nil && !unknown && !d.safe && c.effects > 0:
		bad("an effect that the caller isn't told of")
	case !d.safe && !m.untouched && c.sent["POST"] > 1:
		bad("sent again although it may have taken effect")
	case c.open != 0:
		bad("%d connections left", c.open)
	case m.deadline > 0 && c.took > m.deadline+5*time.Second:
		bad("outlived its context by %v", c.took-m.deadline)
	}
}

// TestFaults meets every kind of operation with every fault, and writes down what
// came of it.
func TestFaults(t *testing.T) {
	var all []mishap
	var titles []string
	for _, m := range mishaps() {
		if m.goAway { // net/http goes on by itself, with pauses that grow
			all, titles = append(all, m), append(titles, m.name+", once")
			continue
		}
		if !m.always {
			all, titles = append(all, m), append(titles, m.name+", once")
		}
		m.always = true
		all, titles = append(all, m), append(titles, m.name)
	}
	deeds := allDeeds()
	cells := make([][]cell, len(all)) // by mishap, then by deed
	t.Run("all", func(t *testing.T) {
		for i, m := range all {
			cells[i] = make([]cell, len(deeds))
			t.Run(titles[i], func(t *testing.T) {
				t.Parallel()
				var wait sync.WaitGroup
				for j, d := range deeds {
					if m.listsOnly && !d.list {
						continue
					}
					wait.Go(func() {
						cells[i][j] = suffer(t, d, m, !m.always)
						cells[i][j].check(t, d, m)
					})
				}
				wait.Wait()
				var left string
				eventually(func() bool { left = labelled(t.Name()); return left == "" })
				if left != "" {
					t.Errorf("goroutines are left:\n%s", left)
				}
			})
		}
	})
	if !t.Failed() {
		golden(t, "docs/FAULTS.md", table(deeds, titles, cells))
	}
}

// labelled returns the stacks of goroutines that descend from a mishap.
func labelled(name string) string {
	var b strings.Builder
	if err := pprof.Lookup("goroutine").WriteTo(&b, 1); err != nil {
		return err.Error()
	}
	var left []string
	for record := range strings.SplitSeq(b.String(), "\n\n") {
		if strings.Contains(record, fmt.Sprintf("%q:%q", "mishap", name)) {
			left = append(left, record)
		}
	}
	return strings.Join(left, "\n\n")
}

// table puts operations that fare alike into one section.
func table(deeds []deed, titles []string, cells [][]cell) string {
	type section struct {
		names []string
		rows  string
	}
	var sections []*section
	for j, d := range deeds {
		var b strings.Builder
		for i, title := range titles {
			c := cells[i][j]
			if c.sent == nil {
				continue
			}
			effects := "n/a"
			if d.effects != nil {
				effects = fmt.Sprint(c.effects)
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", title, c, effects)
		}
		at := slices.IndexFunc(sections, func(s *section) bool { return s.rows == b.String() })
		if at < 0 {
			at = len(sections)
			sections = append(sections, &section{rows: b.String()})
		}
		sections[at].names = append(sections[at].names, d.name)
	}
	var b strings.Builder
	b.WriteString(`# What becomes of a request when something fails

Written by ` + "`TestFaults`" + `, which fails when it doesn't hold any more. Rewrite it with:

    go test -run '^TestFaults$' -update .

Each row is one operation of a client with 3 retries. The fault meets every request of it, or, where the row says
*once*, the first only. *Unknown* is whether the error matches ` + "`ErrOutcomeUnknown`" + `, *effects* is how often the
in-memory Twilio did what was asked for (n/a: nothing to do, or nothing that can be counted). In all of them no create is
done twice, every error is a ` + "`*Error` or a `*TransportError`" + `, and neither a goroutine nor a connection is left.
`)
	for _, s := range sections {
		fmt.Fprintf(&b, "\n## %s\n\n| fault | sent | got | unknown | effects |\n|---|---|---|---|---|\n%s", strings.Join(s.names, "; "), s.rows)
	}
	return b.String()
}
