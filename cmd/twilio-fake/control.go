package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// An endpoint controls the fake. What it reads from its input decides what can
// be set. Its handler returns a value to encode, or noContent.
type endpoint struct {
	method, path string
	fields       string // for people
	about        string
	handle       func(a *app, in *input) (any, error)
}

// seedFields stand for those of a seed, in the index.
const seedFields = "see POST seed"

// endpoints are those that take a form or JSON. They are in the index, and in
// -help.
func endpoints() []endpoint {
	return []endpoint{
		{"GET", "health", "", "whether it serves, and the time on its clock", health},
		{"POST", "advance", "d", "advances the clock by a duration such as 90s, 1m or 24h", advance},
		{"GET", "requests", "", "the latest 10,000 requests, oldest first", listRequests},
		{"DELETE", "requests", "", "forgets them", forgetRequests},
		{"GET", "faults", "", "the faults that are not used up", listFaults},
		{"POST", "faults", strings.Join(faultFields, " "), "makes the next requests that match go wrong", addFault},
		{"DELETE", "faults", "", "ends all faults", clearFaults},
		{"POST", "subaccounts", seedFields, "adds a subaccount", addOne("subaccounts")},
		{"POST", "phone_numbers", seedFields, "adds a phone number", addOne("phone_numbers")},
		{"POST", "messages", seedFields, "adds a message of any date, direction and status", addOne("messages")},
		{"POST", "calls", seedFields, "adds a call of any date, direction and status", addOne("calls")},
		{"POST", "usage_records", seedFields, "adds usage of a day", addOne("usage_records")},
		{"POST", "inbound_messages", "from to body media profile_name account_sid", "a phone writes to a number", receiveMessage},
		{"POST", "inbound_calls", "from to digits caller_name forwarded_from account_sid", "a phone calls a number", receiveCall},
		{"POST", "press", "call_sid digits", "presses keys in a call", press},
		{"POST", "hang_up", "call_sid", "the other side of a call hangs up", hangUp},
		{"POST", "outcomes", strings.Join(outcomeFields, " "), "how messages and calls to a number end", setOutcome},
		{"GET", "webhooks", "", "the latest 10,000 webhooks, with the responses", listWebhooks},
		{"POST", "resend", "id", "sends a webhook again", resend},
		{"GET", "webhook_faults", "", "the faults of webhooks that are not used up", listWebhookFaults},
		{"POST", "webhook_faults", strings.Join(webhookFaultFields, " "), "makes the next webhooks that match go wrong", addWebhookFault},
		{"DELETE", "webhook_faults", "", "ends all faults of webhooks", clearWebhookFaults},
		{"POST", "reset", "", "starts again, with the flags and the file of -seed", reset},
		{"GET", "snapshots", "", "the names of the snapshots", listSnapshots},
		{"POST", "snapshots", "name", "keeps a snapshot of everything, with the clock and the faults", takeSnapshot},
		{"DELETE", "snapshots", "name", "forgets a snapshot", forgetSnapshot},
		{"POST", "restore", "name", "returns to a snapshot, as often as needed", restore},
	}
}

// control serves the endpoints below /_fake/. Web pages of other sites can't
// use it: the fake listens where a browser reaches it, and asks for no password.
func (a *app) control() http.Handler {
	mux := http.NewServeMux()
	for _, e := range endpoints() {
		mux.HandleFunc(e.method+" /_fake/"+e.path, func(w http.ResponseWriter, r *http.Request) {
			in, err := readInput(w, r)
			if err != nil {
				badRequest(w, err)
				return
			}
			body, err := e.handle(a, in)
			if err != nil {
				badRequest(w, err)
				return
			}
			respond(w, body)
		})
	}
	a.addPage(mux)
	mux.HandleFunc("GET /_fake/ca.pem", a.caFile)
	mux.HandleFunc("POST /_fake/seed", a.seed)
	protection := http.NewCrossOriginProtection()
	return onlyPrivateHosts(protection.Handler(mux))
}

// onlyPrivateHosts refuses requests to names that a stranger could make lead
// here (DNS rebinding), as a page of theirs would be of the same origin.
func onlyPrivateHosts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isPrivate(hostName(r.Host)) {
			http.Error(w, "use an IP address, localhost or a name without dots instead of "+strconv.Quote(r.Host), http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isPrivate(host string) bool {
	if net.ParseIP(strings.Trim(host, "[]")) != nil || !strings.Contains(host, ".") {
		return true
	}
	return slices.ContainsFunc([]string{".localhost", ".internal", ".local", ".test"},
		func(suffix string) bool { return strings.HasSuffix(host, suffix) })
}

func badRequest(w http.ResponseWriter, err error) {
	http.Error(w, err.Error(), http.StatusBadRequest)
}

// noContent is an empty response.
type noContent struct{}

func respond(w http.ResponseWriter, body any) {
	if _, empty := body.(noContent); empty {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body) // fails only when the client is gone
}

// An entry is a line of the index.
type entry struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Fields string `json:"fields,omitempty"`
	About  string `json:"about"`
}

func index() []entry {
	all := []entry{
		{"GET", "/_fake/", "", "this index; in a browser, the page"},
		{"GET", "/_fake/ca.pem", "", "the certificate of the CA to trust"},
		{"POST", "/_fake/seed", strings.Join(slices.Sorted(maps.Keys(seedKinds)), " "), "adds all of a document of JSON, or nothing"},
	}
	for _, e := range endpoints() {
		all = append(all, entry{e.method, "/_fake/" + e.path, e.fields, e.about})
	}
	return all
}

// index says what is here.
func (a *app) index(w http.ResponseWriter, _ *http.Request) {
	respond(w, map[string]any{"version": version(), "now": a.fake().Now(), "account_sid": a.fake().AccountSID, "endpoints": index()})
}

func (a *app) caFile(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/x-pem-file")
	_, _ = w.Write(a.ca.pem())
}

func health(a *app, in *input) (any, error) {
	return map[string]any{"status": "ok", "now": a.fake().Now()}, in.finish()
}

func advance(a *app, in *input) (any, error) {
	d, invalid := time.ParseDuration(in.text("d"))
	if invalid != nil || d < 0 {
		in.refuse(errors.New("d must be a duration such as 90s, 1m or 24h"))
	}
	if err := in.finish(); err != nil {
		return nil, err
	}
	a.fake().Advance(d)
	return map[string]any{"now": a.fake().Now()}, nil
}

func listRequests(a *app, in *input) (any, error) {
	all := a.fake().Requests()
	if all == nil {
		all = []twiliotest.Request{}
	}
	return all, in.finish()
}

func forgetRequests(a *app, in *input) (any, error) {
	if err := in.finish(); err != nil {
		return nil, err
	}
	a.fake().ResetRequests()
	return noContent{}, nil
}

// seed adds a document. A form can't hold one.
func (a *app) seed(w http.ResponseWriter, r *http.Request) {
	body, isJSON, err := readBody(w, r)
	if err == nil && (!isJSON || r.URL.RawQuery != "") {
		err = errors.New("send the seed as JSON, with Content-Type: application/json and no query")
	}
	if err != nil {
		badRequest(w, err)
		return
	}
	fake := a.fake()
	seed, err := readSeed(body, fake.Now())
	if err != nil {
		badRequest(w, err)
		return
	}
	if err := fake.Seed(seed); err != nil {
		badRequest(w, plainError(err))
		return
	}
	respond(w, noContent{})
}

// addOne adds a resource of a kind and returns its SID and, for a subaccount,
// its token.
func addOne(kind string) func(a *app, in *input) (any, error) {
	return func(a *app, in *input) (any, error) {
		fake, seed := a.fake(), new(twiliotest.Seed)
		seedKinds[kind](in, fake.Now(), seed)
		if err := in.finish(); err != nil {
			return nil, err
		}
		if err := fake.Seed(seed); err != nil {
			return nil, errors.New(strings.TrimPrefix(plainError(err).Error(), kind+"[0]."))
		}
		return added(fake, seed), nil
	}
}

// added says what a seed of one resource has added.
func added(fake *twiliotest.Server, seed *twiliotest.Seed) any {
	switch {
	case len(seed.Subaccounts) > 0:
		sid := seed.Subaccounts[0].SID
		return map[string]string{"sid": sid, "auth_token": fake.Credentials(sid).Secret().Reveal()}
	case len(seed.PhoneNumbers) > 0:
		return map[string]string{"sid": seed.PhoneNumbers[0].SID}
	case len(seed.Messages) > 0:
		return map[string]string{"sid": seed.Messages[0].SID}
	case len(seed.Calls) > 0:
		return map[string]string{"sid": seed.Calls[0].SID}
	}
	return noContent{}
}

func listFaults(a *app, in *input) (any, error) {
	type fault struct {
		Method      string      `json:"method,omitempty"`
		Path        string      `json:"path,omitempty"`
		Skip        int         `json:"skip,omitempty"`
		Times       int         `json:"times"`
		Rate        float64     `json:"rate,omitempty"`
		Delay       string      `json:"delay,omitempty"`
		After       bool        `json:"after,omitempty"`
		Reset       string      `json:"reset,omitempty"`
		Status      int         `json:"status,omitempty"`
		Code        int         `json:"code,omitempty"`
		Body        string      `json:"body,omitempty"`
		ContentType string      `json:"content_type,omitempty"`
		Header      http.Header `json:"header,omitempty"`
		Truncate    int         `json:"truncate,omitempty"`
	}
	all := []fault{}
	for _, f := range a.fake().Faults() {
		one := fault{
			Method: f.Method, Path: f.Path, Skip: f.Skip, Times: f.Times, Rate: f.Rate, After: f.After,
			Reset: resets[f.Reset], Status: f.Status, Code: f.Code, Body: f.Body, ContentType: f.ContentType,
			Header: f.Header, Truncate: f.Truncate,
		}
		if f.Delay > 0 {
			one.Delay = f.Delay.String()
		}
		all = append(all, one)
	}
	return all, in.finish()
}

func clearFaults(a *app, in *input) (any, error) {
	if err := in.finish(); err != nil {
		return nil, err
	}
	a.fake().ClearFaults()
	return noContent{}, nil
}

var faultFields = []string{
	"method", "path", "skip", "times", "rate", "delay", "after", "reset", "status", "code", "body", "content_type",
	"header", "truncate",
}

var resets = map[twiliotest.When]string{twiliotest.ResetBefore: "before", twiliotest.ResetAfter: "after"}

func addFault(a *app, in *input) (any, error) {
	fault := twiliotest.Fault{Method: in.text("method"), Path: in.text("path"), Body: in.text("body")}
	parse(in, "skip", &fault.Skip, parseWhole)
	parse(in, "times", &fault.Times, parseTimes)
	parse(in, "rate", &fault.Rate, parseRate)
	parse(in, "delay", &fault.Delay, parseDuration)
	parse(in, "after", &fault.After, parseBool)
	parse(in, "reset", &fault.Reset, parseReset)
	parse(in, "status", &fault.Status, parseWhole)
	parse(in, "code", &fault.Code, parseWhole)
	parse(in, "content_type", &fault.ContentType, parseContentType)
	parse(in, "header", &fault.Header, parseHeader)
	parse(in, "truncate", &fault.Truncate, parseWhole)
	if err := in.finish(); err != nil {
		return nil, err
	}
	if err := fault.Validate(); err != nil {
		return nil, fieldError(err)
	}
	if fault.Status == 0 && fault.Code == 0 && fault.Body == "" && fault.Delay == 0 && fault.Reset == twiliotest.ResetNever &&
		fault.Header == nil && fault.Truncate == 0 {
		return nil, errors.New("nothing would go wrong; set status, code, body, delay, reset, header or truncate")
	}
	a.fake().Inject(fault)
	return noContent{}, nil
}

// parseTimes reads how many requests a fault applies to, for which 0 would mean
// one in Go.
func parseTimes(text string) (int, error) {
	times, err := parseWhole(text)
	if err == nil && times == 0 {
		err = errors.New("0 is none; use 1 or more, or -1 for all")
	}
	return times, err
}

// parseRate reads the probability of a fault, for which 0 would mean always in
// Go.
func parseRate(text string) (float64, error) {
	rate, err := parseNumber(text)
	if err == nil && rate == 0 {
		err = errors.New("0 is never; use a probability above 0 and up to 1")
	}
	return rate, err
}

// headerLine is a line of an HTTP header, with a name as RFC 9110 allows it.
var headerLine = regexp.MustCompile("^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([ -~]*)$")

func parseHeader(text string) (http.Header, error) {
	line := headerLine.FindStringSubmatch(text)
	if line == nil {
		return nil, fmt.Errorf("%q is not a header such as Retry-After: 1", text)
	}
	return http.Header{http.CanonicalHeaderKey(line[1]): {line[2]}}, nil
}

func parseContentType(text string) (string, error) {
	if _, _, err := mime.ParseMediaType(text); err != nil {
		return "", fmt.Errorf("%q is not a media type such as text/html", text)
	}
	return text, nil
}

func parseReset(text string) (twiliotest.When, error) {
	for when, name := range resets {
		if text == name {
			return when, nil
		}
	}
	return twiliotest.ResetNever, fmt.Errorf("%q is neither before nor after", text)
}

var (
	goField       = regexp.MustCompile(`\b(?:WebhookFault|Fault|Outcome)\.(\w+)`)
	newWord       = regexp.MustCompile(`([a-z])([A-Z])`)
	errNoReceiver = errors.New("to: no account has this number; add it, or set account_sid")
	errInactive   = errors.New("to: its account, or the main account, is suspended or closed, and receives nothing")
)

// fieldError names the field of an error as the input does.
func fieldError(err error) error {
	return errors.New(goField.ReplaceAllStringFunc(plainError(err).Error(), func(field string) string {
		_, name, _ := strings.Cut(field, ".")
		return strings.ToLower(newWord.ReplaceAllString(name, "${1}_${2}"))
	}))
}

var outcomeFields = []string{
	"to", "message_status", "error_code", "call_status", "answered_by", "hang_up_after", "digits", "speech",
}

func setOutcome(a *app, in *input) (any, error) {
	var o twiliotest.Outcome
	setText(in, "to", &o.To)
	setText(in, "message_status", &o.MessageStatus)
	setText(in, "call_status", &o.CallStatus)
	setText(in, "answered_by", &o.AnsweredBy)
	setText(in, "digits", &o.Digits)
	setText(in, "speech", &o.Speech)
	parse(in, "error_code", &o.ErrorCode, parseWhole)
	parse(in, "hang_up_after", &o.HangUpAfter, parseDuration)
	if err := in.finish(); err != nil {
		return nil, err
	}
	if err := o.Validate(); err != nil {
		return nil, fieldError(err)
	}
	a.fake().SetOutcome(o)
	return noContent{}, nil
}

// checkEnds checks who sends from a phone, and who receives it.
func checkEnds(fake *twiliotest.Server, in *input, from, to, accountSID string) {
	if from == "" {
		in.refuse(errors.New("from is empty; set the number of the phone"))
	}
	if to == "" {
		in.refuse(errors.New("to is empty; set a number of the account"))
	}
	if accountSID == "" && fake.Owner(to) == "" {
		in.refuse(errNoReceiver)
	}
	if accountSID != "" && !fake.HasAccount(accountSID) {
		in.refuse(errors.New("account_sid names no account"))
	}
}

func receiveMessage(a *app, in *input) (any, error) {
	var m twiliotest.InboundMessage
	setText(in, "from", &m.From)
	setText(in, "to", &m.To)
	setText(in, "body", &m.Body)
	setText(in, "profile_name", &m.ProfileName)
	setText(in, "account_sid", &m.AccountSID)
	parse(in, "media", &m.Media, parseMedia)
	fake := a.fake()
	checkEnds(fake, in, m.From, m.To, m.AccountSID)
	if err := in.finish(); err != nil {
		return nil, err
	}
	received := fake.ReceiveMessage(m)
	if received == nil {
		return nil, errInactive
	}
	return map[string]string{"sid": received.SID}, nil
}

// parseMedia reads names of files, separated by commas.
func parseMedia(text string) ([]string, error) {
	names := strings.Split(text, ",")
	if len(names) > maxMedia || slices.Contains(names, "") {
		return nil, fmt.Errorf("%q is not a list of up to %d names, such as a.png,b.jpeg", text, maxMedia)
	}
	return names, nil
}

// maxMedia is how many files a message can have.
const maxMedia = 10

func receiveCall(a *app, in *input) (any, error) {
	var c twiliotest.InboundCall
	setText(in, "from", &c.From)
	setText(in, "to", &c.To)
	setText(in, "digits", &c.Digits)
	setText(in, "caller_name", &c.CallerName)
	setText(in, "forwarded_from", &c.ForwardedFrom)
	setText(in, "account_sid", &c.AccountSID)
	if !areKeys(c.Digits) {
		in.refuse(errors.New("digits has a character that is not a key; use 0 to 9, * and #"))
	}
	fake := a.fake()
	checkEnds(fake, in, c.From, c.To, c.AccountSID)
	if err := in.finish(); err != nil {
		return nil, err
	}
	received := fake.ReceiveCall(c)
	if received == nil {
		return nil, errInactive
	}
	return map[string]string{"sid": received.SID}, nil
}

// callOf reads the SID of a call that somebody can still do something in.
func callOf(in *input) string {
	sid := in.text("call_sid")
	if sid == "" {
		in.refuse(errors.New("call_sid is empty; set that of a call in progress"))
	}
	return sid
}

// errNoCall is the error of a call that is over, or never was.
var errNoCall = errors.New("call_sid: there is no such call in progress")

func press(a *app, in *input) (any, error) {
	sid, digits := callOf(in), in.text("digits")
	if digits == "" || !areKeys(digits) {
		in.refuse(errors.New("digits must be 0 to 9, * and #"))
	}
	if err := in.finish(); err != nil {
		return nil, err
	}
	if !a.fake().Press(sid, digits) {
		return nil, errNoCall
	}
	return noContent{}, nil
}

func hangUp(a *app, in *input) (any, error) {
	sid := callOf(in)
	if err := in.finish(); err != nil {
		return nil, err
	}
	if !a.fake().HangUp(sid) {
		return nil, errNoCall
	}
	return noContent{}, nil
}

// areKeys reports whether all of a text can be pressed on a telephone.
func areKeys(digits string) bool { return strings.Trim(digits, "0123456789*#") == "" }

func listWebhooks(a *app, in *input) (any, error) {
	all := a.fake().Deliveries()
	if all == nil {
		all = []twiliotest.Delivery{}
	}
	return all, in.finish()
}

func resend(a *app, in *input) (any, error) {
	id := in.text("id")
	if err := in.finish(); err != nil {
		return nil, err
	}
	if !a.fake().Resend(id) {
		return nil, fmt.Errorf("id: there is no webhook %q", id)
	}
	return noContent{}, nil
}

var webhookFaultFields = []string{"kind", "url", "skip", "times", "rate", "lost", "delay", "twice", "reset"}

func addWebhookFault(a *app, in *input) (any, error) {
	var fault twiliotest.WebhookFault
	setText(in, "kind", &fault.Kind)
	setText(in, "url", &fault.URL)
	parse(in, "skip", &fault.Skip, parseWhole)
	parse(in, "times", &fault.Times, parseTimes)
	parse(in, "rate", &fault.Rate, parseRate)
	parse(in, "lost", &fault.Lost, parseBool)
	parse(in, "delay", &fault.Delay, parseDuration)
	parse(in, "twice", &fault.Twice, parseBool)
	parse(in, "reset", &fault.Reset, parseReset)
	if err := in.finish(); err != nil {
		return nil, err
	}
	if err := fault.Validate(); err != nil {
		return nil, fieldError(err)
	}
	if !fault.Lost && !fault.Twice && fault.Delay == 0 && fault.Reset == twiliotest.ResetNever {
		return nil, errors.New("nothing would go wrong; set lost, twice, delay or reset")
	}
	a.fake().InjectWebhook(fault)
	return noContent{}, nil
}

func listWebhookFaults(a *app, in *input) (any, error) {
	type fault struct {
		Kind  twiliotest.WebhookKind `json:"kind,omitempty"`
		URL   string                 `json:"url,omitempty"`
		Skip  int                    `json:"skip,omitempty"`
		Times int                    `json:"times"`
		Rate  float64                `json:"rate,omitempty"`
		Lost  bool                   `json:"lost,omitempty"`
		Delay string                 `json:"delay,omitempty"`
		Twice bool                   `json:"twice,omitempty"`
		Reset string                 `json:"reset,omitempty"`
	}
	all := []fault{}
	for _, f := range a.fake().WebhookFaults() {
		one := fault{
			Kind: f.Kind, URL: f.URL, Skip: f.Skip, Times: f.Times, Rate: f.Rate, Lost: f.Lost, Twice: f.Twice, Reset: resets[f.Reset],
		}
		if f.Delay > 0 {
			one.Delay = f.Delay.String()
		}
		all = append(all, one)
	}
	return all, in.finish()
}

func clearWebhookFaults(a *app, in *input) (any, error) {
	if err := in.finish(); err != nil {
		return nil, err
	}
	a.fake().ClearWebhookFaults()
	return noContent{}, nil
}

func reset(a *app, in *input) (any, error) {
	if err := in.finish(); err != nil {
		return nil, err
	}
	return noContent{}, a.restart()
}

const maxSnapshots = 100

var snapshotName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

func listSnapshots(a *app, in *input) (any, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	names := slices.Sorted(maps.Keys(a.snapshots))
	if names == nil {
		names = []string{}
	}
	return names, in.finish()
}

func takeSnapshot(a *app, in *input) (any, error) {
	name := in.text("name")
	if !snapshotName.MatchString(name) {
		in.refuse(errors.New("name must be 1 to 64 letters, digits, dots, dashes and underscores"))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, known := a.snapshots[name]; !known && len(a.snapshots) >= maxSnapshots {
		in.refuse(fmt.Errorf("name: there are %d snapshots; delete one first", maxSnapshots))
	}
	if err := in.finish(); err != nil {
		return nil, err
	}
	a.snapshots[name] = a.fake().Snapshot()
	return noContent{}, nil
}

// snapshotOf reads the name of a snapshot that exists. The caller holds the lock.
func snapshotOf(a *app, in *input) (name string, kept *twiliotest.Snapshot, err error) {
	name = in.text("name")
	kept, ok := a.snapshots[name]
	if !ok {
		in.refuse(fmt.Errorf("name: there is no snapshot %q", name))
	}
	return name, kept, in.finish()
}

func forgetSnapshot(a *app, in *input) (any, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	name, _, err := snapshotOf(a, in)
	if err != nil {
		return nil, err
	}
	delete(a.snapshots, name)
	return noContent{}, nil
}

func restore(a *app, in *input) (any, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, kept, err := snapshotOf(a, in)
	if err != nil {
		return nil, err
	}
	a.fake().Restore(kept)
	return map[string]any{"now": a.fake().Now()}, nil
}
