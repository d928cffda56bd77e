package twilio_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A mode says which requests meet a fault.
type mode int

const (
	undisturbed mode = iota // none
	firstOnly               // the first
	each                    // each, the first time that it is sent
	changes                 // all but reads, every time
	everyTime               // all
)

// A run is a client, and a fake at the other end of a network, between which
// something goes wrong.
type run struct {
	srv    *twiliotest.Server
	net    *network
	base   *http.Transport
	client *twilio.Client
	fault  fault
	mode   mode

	mu       sync.Mutex
	met      map[string]bool // requests that have met the fault
	struck   map[string]bool // attempts that have met it at the server
	sent     map[string]int  // attempts, by method
	hosts    map[string]bool
	attempts []func() error // of each one's context: what ended it
	streams  map[*end]uint32
	effects  int // changes that the fake has made
}

type (
	connKey struct{} // the server's end of a connection
	metKey  struct{} // whether an attempt meets the fault
)

// attemptHeader numbers the attempts that meet a fault at the server.
const attemptHeader = "Test-Attempt"

func (m mode) String() string {
	return [...]string{"nothing goes wrong", "the first request meets it", "each request meets it once", "every change meets it", "every request meets it"}[m]
}

// RoundTrip sees an attempt of the client leave, and decides what it meets.
func (x *run) RoundTrip(r *http.Request) (*http.Response, error) {
	x.mu.Lock()
	x.sent[r.Method]++
	x.hosts[r.URL.Host] = true
	x.attempts = append(x.attempts, r.Context().Err)
	key := r.Method + " " + r.URL.RequestURI()
	var met bool
	switch x.mode {
	case undisturbed:
	case firstOnly:
		met = len(x.met) == 0
	case each:
		met = !x.met[key]
	case changes:
		met = r.Method != http.MethodGet
	case everyTime:
		met = true
	}
	if met {
		x.met[key] = true
		r = r.Clone(context.WithValue(r.Context(), metKey{}, true))
		r.Header.Set(attemptHeader, strconv.Itoa(len(x.attempts)))
		if x.fault.expect {
			r.Header.Set("Expect", "100-continue")
		}
	}
	x.mu.Unlock()
	return x.base.RoundTrip(r)
}

// dial makes a connection, or what the fault makes of it.
func (x *run) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if x.fault.far {
		select {
		case <-time.After(5 * time.Second):
		case <-ctx.Done():
			return nil, dialError(ctx.Err())
		}
	}
	switch met, _ := ctx.Value(metKey{}).(bool); {
	case met && x.fault.dial != nil:
		return nil, x.fault.dial(ctx)
	case met && x.fault.peer != nil:
		client, server := x.net.pair()
		if x.fault.room > 0 {
			server.room = x.fault.room
		}
		go x.fault.peer(server)
		return client, nil
	default:
		return x.net.connect(ctx)
	}
}

// strikes reports whether a request meets the fault here, at the server. What
// net/http repeats by itself meets it once where others do.
func (x *run) strikes(r *http.Request) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	attempt := r.Header.Get(attemptHeader)
	again := x.struck[attempt]
	x.struck[attempt] = true
	return x.fault.front != nil && attempt != "" && (!again || x.mode == changes || x.mode == everyTime)
}

// stream is the number of the request that HTTP/2 has on the connection.
func (x *run) stream(conn *end) uint32 {
	x.mu.Lock()
	defer x.mu.Unlock()
	return 2*x.streams[conn] - 1
}

// ServeHTTP is the server.
func (x *run) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x.mu.Lock()
	x.streams[r.Context().Value(connKey{}).(*end)]++
	x.mu.Unlock()
	struck := x.strikes(r)
	if !struck || !x.fault.expect {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	if struck {
		x.fault.front(hit{x, w, r})
		return
	}
	send(w, x.effect(r))
}

// effect lets the fake do what a request asks for.
func (x *run) effect(r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	x.srv.ServeHTTP(rec, r)
	if r.Method != http.MethodGet && rec.Code < 300 {
		x.mu.Lock()
		x.effects++
		x.mu.Unlock()
	}
	return rec
}

// begin makes a run, inside of a bubble. The client has its default settings,
// and net/http's transport those that the client gives its own.
func begin(t *testing.T, srv *twiliotest.Server, f fault) (x *run, stop func()) {
	t.Helper()
	x = &run{srv: srv, net: newNetwork(), fault: f, met: map[string]bool{}, struck: map[string]bool{}, sent: map[string]int{},
		hosts: map[string]bool{}, streams: map[*end]uint32{}}
	base := &http.Transport{
		DialContext:           x.dial,
		MaxIdleConns:          100,
		MaxIdleConnsPerHost:   100,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		// The limit is 10 MB otherwise, which are many for so many answers.
		MaxResponseHeaderBytes: 8 << 10,
		DisableKeepAlives:      f.dial != nil || f.peer != nil, // so that every attempt makes a connection
		Protocols:              new(http.Protocols),
	}
	base.Protocols.SetHTTP1(!f.http2)
	base.Protocols.SetUnencryptedHTTP2(f.http2)
	x.base = base
	opts := []twilio.Option{twilio.WithHTTPClient(&http.Client{Transport: x})}
	server := &http.Server{
		Handler:   x,
		ErrorLog:  log.New(io.Discard, "", 0),
		Protocols: base.Protocols,
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, endOf(conn))
		},
	}
	var listener net.Listener = x.net
	if f.tls == nil {
		opts = append(opts, twilio.WithBaseURL("http://127.0.0.1"))
	} else {
		base.TLSClientConfig = f.tls.clientConfig()
		listener = tls.NewListener(x.net, f.tls.serverConfig())
	}
	var err error
	if x.client, err = twilio.NewClient(twilio.AuthToken(srv.AccountSID, srv.AuthToken), opts...); err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	return x, func() {
		base.CloseIdleConnections()
		_ = server.Close()
	}
}

func endOf(conn net.Conn) *end {
	if c, ok := conn.(*tls.Conn); ok {
		conn = c.NetConn()
	}
	return conn.(*end)
}

// kind is what an operation does.
type kind int

const (
	reading kind = iota
	listing
	creating
	updating
	deleting
	working
)

func (k kind) String() string {
	return [...]string{"reads", "lists of two pages", "creates", "updates", "deletes", "workflows"}[k]
}

// A deed is an operation of the matrix.
type deed struct {
	name string
	kind kind
	// repeatable says that doing it twice is the same as once.
	repeatable bool
	onceOnly   bool   // the second of two is refused, though nothing is left to do
	paged      bool   // it has more than one page
	method     string // of HTTP
	// prepare puts what it needs into the fake, and returns the SIDs that it takes.
	prepare func(srv *twiliotest.Server) []string
	do      func(ctx context.Context, c *twilio.Client, args []string) error
	// held counts what there is of the things that it makes or removes, where
	// they can be listed.
	held func(c *twilio.Client) int
}

const (
	fromPhone = "+15005550006"
	toPhone   = "+14155550100"
	buyPhone  = "+14155550123"
)

// arguments are the params of the operations that make or change something.
var arguments = map[string]any{
	"Accounts.Create":                      twilio.AccountCreateParams{FriendlyName: "new"},
	"Accounts.Update":                      twilio.AccountUpdateParams{Status: new(twilio.AccountStatusSuspended)},
	"Addresses.Create":                     someAddress,
	"Addresses.Update":                     twilio.AddressUpdateParams{CustomerName: new("new")},
	"Calls.Create":                         twilio.CallCreateParams{From: fromPhone, To: toPhone, URL: "https://example.com/twiml"},
	"Calls.Update":                         twilio.CallUpdateParams{Status: new(twilio.CallStatusCompleted)},
	"IncomingPhoneNumbers.Create":          twilio.IncomingPhoneNumberCreateParams{AreaCode: "415"},
	"IncomingPhoneNumbers.Update":          twilio.IncomingPhoneNumberUpdateParams{FriendlyName: new("new")},
	"IncomingPhoneNumbers.Local.Create":    twilio.IncomingPhoneNumberCreateParams{PhoneNumber: buyPhone},
	"IncomingPhoneNumbers.Mobile.Create":   twilio.IncomingPhoneNumberCreateParams{PhoneNumber: buyPhone},
	"IncomingPhoneNumbers.TollFree.Create": twilio.IncomingPhoneNumberCreateParams{PhoneNumber: "+18885550123"},
	"Keys.Create":                          twilio.KeyCreateParams{FriendlyName: "new"},
	"Keys.Update":                          twilio.KeyUpdateParams{FriendlyName: new("new")},
	"Messages.Create":                      twilio.MessageCreateParams{From: fromPhone, To: toPhone, Body: "Ahoy"},
	"Messages.Update":                      twilio.MessageUpdateParams{Body: new("")},
	"OutgoingCallerIDs.Validate":           twilio.ValidationRequestParams{PhoneNumber: buyPhone},
	"OutgoingCallerIDs.Update":             twilio.OutgoingCallerIDUpdateParams{FriendlyName: new("new")},
	"SigningKeys.Create":                   twilio.SigningKeyCreateParams{FriendlyName: "new"},
	"SigningKeys.Update":                   twilio.SigningKeyUpdateParams{FriendlyName: new("new")},
	"Usage.Triggers.Create":                someTrigger,
	"Usage.Triggers.Update":                twilio.UsageTriggerUpdateParams{FriendlyName: new("new")},
}

var (
	someAddress = twilio.AddressCreateParams{CustomerName: "C", Street: "1 Main St", City: "Oakland", Region: "CA", PostalCode: "94607", ISOCountry: "US"}
	someTrigger = twilio.UsageTriggerCreateParams{CallbackURL: "https://example.com/", TriggerValue: "+30", UsageCategory: twilio.UsageCategoryCalls}
)

// prepared puts two things that an operation works on into the fake, and
// returns the SID of the first.
func prepared(srv *twiliotest.Server, method string) (sid string) {
	ctx, client := context.Background(), srv.Client()
	service, _, _ := strings.Cut(method, ".")
	for range 2 {
		var next string
		switch service {
		case "Accounts":
			next = acme
			if sid != "" {
				next = other
			}
			srv.AddSubaccounts(twilio.Account{SID: next, FriendlyName: "sub"})
		case "Addresses":
			next = srv.AddAddress(srv.AccountSID, twilio.Address{CustomerName: "C"}).SID
			if sid == "" && method == "Addresses.DependentPhoneNumbers.List" {
				srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{AddressSID: next})
				srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{AddressSID: next})
			}
		case "Calls":
			status := twilio.CallStatusInProgress
			if method == "Calls.Delete" {
				status = twilio.CallStatusCompleted
			}
			next = srv.AddCall(srv.AccountSID, twilio.Call{Status: status}).SID
		case "IncomingPhoneNumbers":
			next = srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{}).SID
		case "Keys":
			next = must(client.Keys.Create(ctx, twilio.KeyCreateParams{})).SID
		case "Messages", "Do":
			next = srv.AddMessage(srv.AccountSID, twilio.Message{Status: twilio.MessageStatusDelivered}).SID
		case "OutgoingCallerIDs":
			srv.AddCallerID(srv.AccountSID, toPhone)
			next = must(client.OutgoingCallerIDs.List(ctx, twilio.OutgoingCallerIDListParams{})).Items[0].SID
		case "SigningKeys":
			next = must(client.SigningKeys.Create(ctx, twilio.SigningKeyCreateParams{})).SID
		case "Usage":
			next = must(client.Usage.Triggers.Create(ctx, someTrigger)).SID
		}
		if sid == "" {
			sid = next
		}
	}
	return sid
}

// deedOf makes a deed of an operation.
func deedOf(op operation, name string, params any) deed {
	method, verb := op.method, op.verb()
	d := deed{name: name, method: op.httpMethod(), repeatable: op.httpMethod() != http.MethodPost}
	switch {
	case verb == "List":
		d.kind = listing
		if methodOf(twilioClient, op.sibling("All")).IsValid() { // or the list has no pages
			method, d.paged = op.sibling("All"), true
		}
	case verb == "Update":
		d.kind, d.repeatable = updating, true
	case op.httpMethod() == http.MethodDelete:
		d.kind = deleting
	case op.httpMethod() == http.MethodPost:
		d.kind = creating
	}
	given := reflect.ValueOf(params)
	if t := op.params(); t != nil && params == nil {
		given = reflect.New(t).Elem()
		if size := given.FieldByName("PageSize"); size.IsValid() {
			size.SetInt(1)
			given.FieldByName("Limit").SetInt(2)
		}
	}
	d.prepare = func(srv *twiliotest.Server) []string {
		sid := prepared(srv, op.method)
		if strings.Contains(op.template(), "{US}") {
			sid = "US"
		}
		return []string{sid}
	}
	d.do = func(ctx context.Context, c *twilio.Client, args []string) error {
		if len(op.args()) == 0 {
			args = nil
		}
		_, err := invoke(ctx, methodOf(c, method), args, given)
		return err
	}
	if (d.kind == creating || d.kind == deleting) && methodOf(twilioClient, op.sibling("All")).IsValid() && op.verb() != "Validate" {
		d.held = func(c *twilio.Client) int {
			items, _ := invoke(context.Background(), methodOf(c, op.sibling("All")), nil, reflect.Value{})
			return len(items.([]any))
		}
	}
	return d
}

// deeds are all operations, and the variants of them that fare differently.
func deeds() []deed {
	var all []deed
	variant := func(method, what string, params any) {
		at := slices.IndexFunc(operations, func(op operation) bool { return op.method == method })
		all = append(all, deedOf(operations[at], method+" "+what, params))
	}
	for _, op := range operations {
		all = append(all, deedOf(op, op.method, arguments[op.method]))
		switch op.method {
		case "Calls.Update":
			variant(op.method, "with a URL", twilio.CallUpdateParams{URL: new("https://example.com/twiml")})
			all[len(all)-1].repeatable = false
			variant(op.method, "with TwiML", twilio.CallUpdateParams{TwiML: new("<Response/>")})
			all[len(all)-1].repeatable = false
			all[len(all)-3].onceOnly = true
		case "IncomingPhoneNumbers.Create":
			all[len(all)-1].name += " by AreaCode"
			variant(op.method, "by PhoneNumber", twilio.IncomingPhoneNumberCreateParams{PhoneNumber: buyPhone})
		}
	}
	do := func(method string, kind kind, path func(sid string) string, form url.Values) {
		all = append(all, deed{name: "Do " + method, kind: kind, method: method, repeatable: kind != creating,
			prepare: func(srv *twiliotest.Server) []string { return []string{prepared(srv, "Do")} },
			do: func(ctx context.Context, c *twilio.Client, args []string) error {
				return c.Do(ctx, method, "/2010-04-01/Accounts/"+c.AccountSID()+path(args[0]), form, &struct{}{})
			},
		})
	}
	do("GET", reading, func(string) string { return "/Balance.json" }, nil)
	do("POST", creating, func(string) string { return "/Messages.json" }, url.Values{"From": {fromPhone}, "To": {toPhone}, "Body": {"Ahoy"}})
	do("DELETE", deleting, func(sid string) string { return "/Messages/" + sid + ".json" }, nil)
	return all
}

// A cell is what came of an operation that met a fault.
type cell struct {
	err     error
	sent    map[string]int
	effects int
	held    int // more than before
	took    time.Duration
	trouble []string // what was seen on the way that breaks the rules
}

// suffer lets an operation meet a fault, in a bubble of its own. What outlives
// the run is a deadlock of the bubble, and so is a call that hangs for good.
func (d deed) suffer(t *testing.T, f fault, m mode) (c cell) {
	t.Helper()
	defer c.deadlocked()
	synctest.Test(t, func(t *testing.T) {
		srv := twiliotest.NewUnstartedServer()
		args := d.prepare(srv)
		direct := srv.Client()
		if d.held != nil {
			c.held = -d.held(direct)
		}
		x, stop := begin(t, srv, f)
		defer stop()
		if f.warm {
			if _, err := x.client.Balance.Get(t.Context()); err != nil {
				t.Error(err)
			}
			clear(x.sent)
		}
		x.mode = m
		c.took, c.err = x.within(t.Context(), func(ctx context.Context) error { return d.do(ctx, x.client, args) })
		c.trouble = x.left()
		c.sent, c.effects = x.sent, x.effects
		if d.held != nil {
			c.held += d.held(direct)
		}
	})
	return c
}

// deadlocked takes the panic of a bubble down.
func (c *cell) deadlocked() {
	if p := recover(); p != nil {
		c.trouble = append(c.trouble, fmt.Sprint(p))
	}
}

// within runs something under the context that the fault asks for.
func (x *run) within(ctx context.Context, do func(context.Context) error) (took time.Duration, err error) {
	if x.fault.deadline > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, x.fault.deadline)
		defer cancel()
	}
	begin := time.Now()
	err = do(ctx)
	return time.Since(begin), err
}

// left says what a run has left behind, at the moment of its end.
func (x *run) left() (trouble []string) {
	for _, ended := range x.attempts {
		if ended() == nil {
			trouble = append(trouble, "the context of an attempt is never canceled")
		}
	}
	if len(x.hosts) > 1 {
		trouble = append(trouble, fmt.Sprintf("requests went to %d hosts", len(x.hosts)))
	}
	x.client.CloseIdleConnections()
	// A dial that ends in the moment in which its request gives up leaves a
	// connection that is idle only now.
	for range 2 {
		x.base.CloseIdleConnections()
		synctest.Wait()
	}
	if open := x.net.open.Load(); open > 0 {
		trouble = append(trouble, fmt.Sprintf("%d connections are left", open))
	}
	return trouble
}

// longest is how long a call may take that nobody limits: four attempts of 31 s,
// and the longest waits between them, twice over where it looks afterwards.
const longest = 2 * (4*31 + 3*20) * time.Second

// check holds the cell to the rules.
func (c *cell) check(t *testing.T, d deed, f fault, m mode) {
	t.Helper()
	rule := func(kept bool, text string, args ...any) {
		t.Helper()
		if !kept {
			t.Errorf("%s, where %s: %s (%s, %d effects, error: %v)", d.name, m, fmt.Sprintf(text, args...), requests(c.sent), c.effects, c.err)
		}
	}
	for _, trouble := range c.trouble {
		rule(false, "%s", trouble)
	}
	unknown := errors.Is(c.err, twilio.ErrOutcomeUnknown)
	limit := cmp.Or(f.deadline, longest)
	rule(typed(c.err), "an error without a type")
	rule(c.took <= limit, "took %v, more than %v", c.took, limit)
	rule(d.repeatable || c.effects <= 1, "done %d times", c.effects)
	rule(d.kind <= listing || c.err != nil || c.effects > 0, "a success without its effect")
	rule(d.held == nil || d.kind == creating && c.held == c.effects || d.kind == deleting && c.held == -c.effects,
		"%d are held after %d effects", c.held, c.effects)
	if d.repeatable {
		rule(!unknown, "an outcome is unknown that can be had by asking again")
	} else if c.err != nil {
		rule(unknown || f.harmless, "an outcome is said to be known that isn't")
		rule(!unknown || !f.harmless, "an outcome is said to be unknown that can't be other than none")
		rule(f.harmless || c.sent[http.MethodPost] == 1, "sent again although it may have taken effect")
	}
	answer, isAnswer := errors.AsType[*twilio.Error](c.err)
	_, isBroken := errors.AsType[*twilio.TransportError](c.err)
	// Where the first of two took effect and looking fails, too, what the fake
	// says to the second is all that there is.
	second := isAnswer && answer.StatusCode == http.StatusBadRequest && c.effects > 0 && d.onceOnly
	rule(m == undisturbed || c.err == nil || f.deadline > 0 || second || isAnswer == (f.status > 0), "an error of the wrong type")
	rule(!isAnswer || second || f.status == answer.StatusCode, "the error has another status than the answer")
	rule(m != undisturbed || c.err == nil, "it fails with nothing going wrong")
	if isAnswer && d.kind != listing {
		rule(answer.Attempts == c.sent[d.method], "the error speaks of %d attempts", answer.Attempts)
	} else if e, _ := errors.AsType[*twilio.TransportError](c.err); isBroken && d.kind != listing {
		rule(e.Attempts == c.sent[d.method], "the error speaks of %d attempts", e.Attempts)
	}
}

// typed reports whether an error is one of the package's through and through:
// all that is joined in it, too.
func typed(err error) bool {
	switch e := err.(type) { //nolint:errorlint // what the error is, not what is in it
	case nil, *twilio.Error, *twilio.TransportError, *twilio.ParamError:
		return true
	case interface{ Unwrap() []error }:
		return !slices.ContainsFunc(e.Unwrap(), func(err error) bool { return !typed(err) })
	default:
		inner := errors.Unwrap(err)
		return inner != nil && typed(inner)
	}
}

// got is what the caller gets, in words.
func got(err error) string {
	if err == nil {
		return "success"
	}
	text := "`*TransportError`"
	if _, ok := errors.AsType[*twilio.Error](err); ok {
		text = "`*Error`"
	}
	for _, s := range []struct {
		err  error
		name string
	}{{twilio.ErrUnauthorized, "ErrUnauthorized"}, {twilio.ErrForbidden, "ErrForbidden"}, {twilio.ErrNotFound, "ErrNotFound"}, {twilio.ErrRateLimited, "ErrRateLimited"}, {context.DeadlineExceeded, "DeadlineExceeded"}} {
		if errors.Is(err, s.err) {
			text += " `" + s.name + "`"
		}
	}
	if errors.Is(err, twilio.ErrOutcomeUnknown) {
		text += ", **unknown**"
	}
	return text
}

// requests is what was sent, in words.
func requests(sent map[string]int) string {
	var parts []string
	for _, method := range []string{http.MethodPost, http.MethodGet, http.MethodDelete} {
		if n := sent[method]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, method))
		}
	}
	return strings.Join(parts, " + ")
}

// text is the cell of the table.
func (c *cell) text(d deed) string {
	text := got(c.err) + ", " + requests(c.sent)
	switch {
	case d.kind <= listing:
	case c.effects == 0:
		text += ", not done"
	default:
		text += ", done"
	}
	return text
}

// TestFaults meets every operation and every workflow with every fault, and
// writes down what came of it.
func TestFaults(t *testing.T) {
	// There is little on the heap at a time, and much that comes and goes.
	defer debug.SetGCPercent(debug.SetGCPercent(800))
	all, ds, fs := faults(), deeds(), flows()
	operations, workflows := newTable(all, firstOnly, everyTime), newTable(all, each, changes, everyTime)
	for _, d := range ds {
		operations.add(d.name, d.kind)
		t.Run("undisturbed/"+d.name, func(t *testing.T) { c := d.suffer(t, fault{}, undisturbed); c.check(t, d, fault{}, undisturbed) })
	}
	for i := range fs {
		workflows.add(fs[i].name, working)
		t.Run("undisturbed/"+fs[i].name, func(t *testing.T) { fs[i].rehearse(t) })
	}
	t.Run("met", func(t *testing.T) {
		for i, f := range all {
			t.Run(f.name, func(t *testing.T) {
				t.Parallel()
				for j, d := range ds {
					if f.lists && !d.paged || f.heavy && !d.spared() {
						continue
					}
					c := d.suffer(t, f, everyTime)
					c.check(t, d, f, everyTime)
					operations.set(i, j, everyTime, c.text(d))
					if !f.first(c.sent) {
						c = d.suffer(t, f, firstOnly)
						c.check(t, d, f, firstOnly)
					}
					operations.set(i, j, firstOnly, c.text(d))
				}
				for j, w := range fs {
					if f.lists || f.heavy {
						continue
					}
					c := w.suffer(t, f, everyTime)
					workflows.set(i, j, everyTime, c.text)
					if !f.first(c.sent) {
						c = w.suffer(t, f, each)
					}
					workflows.set(i, j, each, c.text)
					workflows.set(i, j, changes, "as without")
					if w.changes {
						workflows.set(i, j, changes, w.suffer(t, f, changes).text)
					}
				}
			})
		}
	})
	if !t.Failed() {
		golden(t, "docs/FAULTS.md", document(operations, workflows))
	}
}

// first reports whether there was no second request, so that it makes no
// difference how many would have met the fault. What net/http sends again by
// itself isn't seen here.
func (f fault) first(sent map[string]int) bool {
	n := 0
	for _, times := range sent {
		n += times
	}
	return n == 1 && !f.http2
}

// spared says who meets the faults that cost too much for all.
func (d deed) spared() bool { return d.name == "Accounts.Get" || d.name == "Accounts.Create" }
