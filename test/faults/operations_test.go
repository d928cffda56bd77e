package faults

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/operations"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// kind is what an operation does.
type kind int

const (
	reading kind = iota
	listing
	creating
	updating
	deleting
	workflow
)

func (k kind) String() string {
	return [...]string{"reads", "lists of two pages", "creates", "updates", "deletes", "workflows"}[k]
}

// An operationCase is an operation of the matrix.
type operationCase struct {
	name       string
	kind       kind
	httpMethod string
	hasPages   bool

	// idempotent says that doing it twice is the same as doing it once.
	idempotent bool
	// secondRefused says that Twilio refuses the second of two, though the
	// first one has done all that was asked for.
	secondRefused bool

	// prepare puts what it needs into the fake, and returns its SIDs.
	prepare func(srv *twiliotest.Server) []string
	call    func(ctx context.Context, c *twilio.Client, sids []string) error
	// count counts what there is of the things that it makes or removes. It is
	// nil where they can't be listed.
	count func(c *twilio.Client, sids []string) int
}

// newCase makes a case of an operation, with params in place of the table's.
func newCase(op operations.Operation, name string, params any) operationCase {
	method := op.Method
	c := operationCase{name: name, httpMethod: op.HTTPMethod(), hasPages: op.IsPaged(), prepare: op.PrepareArgs}
	switch {
	case op.Verb() == "List":
		c.kind = listing
		if c.hasPages {
			method = op.Sibling("All")
		}
	case op.Verb() == "Update":
		c.kind = updating
	case c.httpMethod == http.MethodDelete:
		c.kind = deleting
	case c.httpMethod == http.MethodPost:
		c.kind = creating
	}
	c.idempotent = c.kind != creating
	value := reflect.ValueOf(params)
	if t := op.ParamsType(); t != nil && params == nil {
		value = reflect.New(t).Elem()
		if size := value.FieldByName("PageSize"); size.IsValid() {
			size.SetInt(1)
			value.FieldByName("Limit").SetInt(2)
		}
	}
	c.call = func(ctx context.Context, c *twilio.Client, sids []string) error {
		_, err := operations.Invoke(ctx, operations.Method(c, method), sids, value)
		return err
	}
	if c.kind == creating || c.kind == deleting {
		c.count = counter(op)
	}
	return c
}

// counter counts what an operation makes or removes, by the list of its
// service. It is nil if that has none.
func counter(op operations.Operation) func(*twilio.Client, []string) int {
	all := op.Sibling("All")
	if op.Method == "OutgoingCallerIDs.Validate" || !operations.HasMethod(all) {
		return nil // a validation makes a caller ID only when its call is answered
	}
	parents := len(operations.Placeholders(operations.Named(op.Sibling("List")).Template()))
	return func(c *twilio.Client, sids []string) int {
		items, _ := operations.Invoke(context.Background(), operations.Method(c, all), sids[:parents], reflect.Value{})
		return len(items.([]any))
	}
}

// operationCases has all operations, with the variants of them that fare
// differently, and Client.Do.
func operationCases() []operationCase {
	var cases []operationCase
	for _, op := range operations.All {
		c := newCase(op, op.Method, op.Params)
		var variants []operationCase
		switch op.Method {
		case "Accounts.Update":
			variants = append(variants, newCase(op, op.Method+" of the FriendlyName",
				twilio.AccountUpdateParams{FriendlyName: new("new")}))
		case "MessagingServices.PhoneNumbers.Create", "MessagingServices.ShortCodes.Create", "MessagingServices.AlphaSenders.Create":
			c.idempotent, c.secondRefused = true, true // a sender that is there already
		case "Regulatory.Bundles.Clone":
			c.count = nil // the clone is another account's
		case "Tokens.Create":
			c.idempotent = true // a second token does no harm
		case "Calls.Update":
			c.secondRefused = true // a call that has ended can't be ended
			byURL := newCase(op, op.Method+" with a URL", twilio.CallUpdateParams{URL: new("https://example.com/twiml")})
			byTwiML := newCase(op, op.Method+" with TwiML", twilio.CallUpdateParams{TwiML: new("<Response/>")})
			byURL.idempotent, byTwiML.idempotent = false, false // the call begins the TwiML anew
			variants = append(variants, byURL, byTwiML)
		case "Conferences.Update":
			c.secondRefused = true // a conference that has ended can't be ended
			announcement := newCase(op, op.Method+" with an AnnounceURL",
				twilio.ConferenceUpdateParams{AnnounceURL: new("https://example.com/twiml")})
			announcement.idempotent = false // it is heard again
			variants = append(variants, announcement)
		case "Conferences.Participants.Update":
			announcement := newCase(op, op.Method+" with an AnnounceURL",
				twilio.ParticipantUpdateParams{AnnounceURL: new("https://example.com/twiml")})
			announcement.idempotent = false // it is heard again
			variants = append(variants, announcement)
		case "Calls.Payments.Create":
			c.idempotent = true // it has an IdempotencyKey
		case "Calls.UserDefinedMessages.Create":
			keyed := newCase(op, op.Method+" with an IdempotencyKey",
				twilio.UserDefinedMessageCreateParams{Content: "{}", IdempotencyKey: "1"})
			keyed.idempotent = true
			variants = append(variants, keyed)
		case "Calls.UserDefinedMessageSubscriptions.Create":
			keyed := newCase(op, op.Method+" with an IdempotencyKey",
				twilio.UserDefinedMessageSubscriptionCreateParams{Callback: "https://example.com/", IdempotencyKey: "1"})
			keyed.idempotent = true
			variants = append(variants, keyed)
		case "Queues.Members.Update":
			front := newCase(op, op.Method+" of the front", op.Params)
			front.idempotent = false // the second takes out another call
			front.prepare = func(srv *twiliotest.Server) []string {
				return append(op.PrepareArgs(srv)[:1], twilio.QueueFront)
			}
			variants = append(variants, front)
		case "Calls.Recordings.Update":
			c.secondRefused = true // a recording that was stopped can't be stopped
			current := newCase(op, op.Method+" of the current one", op.Params)
			current.idempotent = false // by the second time it may be another
			current.prepare = func(srv *twiliotest.Server) []string {
				return []string{op.PrepareArgs(srv)[0], twilio.RecordingCurrent}
			}
			variants = append(variants, current)
		case "Messages.Feedback.Create":
			c.idempotent = true // the same outcome told twice is the same
		case "IncomingPhoneNumbers.Create":
			c.name += " by AreaCode"
			variants = append(variants, newCase(op, op.Method+" by PhoneNumber",
				twilio.IncomingPhoneNumberCreateParams{PhoneNumber: availablePhone}))
		}
		cases = append(append(cases, c), variants...)
	}
	message := operations.Named("Messages.Get")
	do := func(method string, kind kind, path func(sid string) string, form url.Values) operationCase {
		return operationCase{name: "Do " + method, kind: kind, httpMethod: method, idempotent: kind != creating,
			prepare: message.PrepareArgs,
			call: func(ctx context.Context, c *twilio.Client, sids []string) error {
				return c.Do(ctx, method, "/2010-04-01/Accounts/"+c.AccountSID()+path(sids[0]), form, &struct{}{})
			},
		}
	}
	return append(cases,
		do("GET", reading, func(string) string { return "/Balance.json" }, nil),
		do("POST", creating, func(string) string { return "/Messages.json" },
			url.Values{"From": {fromPhone}, "To": {toPhone}, "Body": {"Ahoy"}}),
		do("DELETE", deleting, func(sid string) string { return "/Messages/" + sid + ".json" }, nil))
}

const (
	fromPhone      = "+15005550006"
	toPhone        = "+14155550100"
	availablePhone = "+14155550123"
)

// isRepresentative says who meets the faults that cost too much for all.
func (c operationCase) isRepresentative() bool {
	return c.name == "Accounts.Get" || c.name == "Accounts.Create"
}

// A result is what came of an operation that met a fault.
type result struct {
	err      error
	sent     map[string]int
	effects  int
	added    int // to what count counts
	took     time.Duration
	problems []string // rules that were broken on the way
}

// meet runs the operation in a bubble of its own, where requests meet a fault.
// What outlives the run is a deadlock of the bubble, and so is a call that
// hangs for good.
func (c operationCase) meet(t *testing.T, f fault, e exposure) (res result) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			res.problems = append(res.problems, fmt.Sprint(p))
		}
	}()
	synctest.Test(t, func(t *testing.T) {
		srv := twiliotest.NewUnstartedServer()
		sids := c.prepare(srv)
		direct := srv.Client()
		if c.count != nil {
			res.added = -c.count(direct, sids)
		}
		s, stop := newSession(t, srv, f)
		defer stop()
		if f.reuse {
			if _, err := s.client.Balance.Get(t.Context()); err != nil {
				t.Error(err)
			}
			clear(s.sent)
			s.requests = nil
		}
		s.exposure = e
		res.took, res.err = s.withDeadline(t.Context(), func(ctx context.Context) error { return c.call(ctx, s.client, sids) })
		res.problems = s.leftovers()
		if c.kind != listing {
			res.problems = append(res.problems, s.changedRetries(c.httpMethod)...)
		}
		res.sent, res.effects = s.sent, s.effects
		if c.count != nil {
			res.added += c.count(direct, sids)
		}
	})
	return res
}

// longestCall is how long a call may take that nobody limits: four attempts of
// 31 s and the longest waits between them, twice if it looks afterwards.
const longestCall = 2 * (4*31 + 3*20) * time.Second

// check holds the result to the rules.
func (res *result) check(t *testing.T, c operationCase, f fault, e exposure) {
	t.Helper()
	rule := func(kept bool, text string, args ...any) {
		t.Helper()
		if !kept {
			t.Errorf("%s, fault %s: %s (%s, %d effects, error: %v)", c.name, e, fmt.Sprintf(text, args...),
				requestsText(res.sent), res.effects, res.err)
		}
	}
	for _, problem := range res.problems {
		rule(false, "%s", problem)
	}
	unknown := errors.Is(res.err, twilio.ErrOutcomeUnknown)
	limit := cmp.Or(f.deadline, longestCall)
	rule(isTyped(res.err), "an error without a type")
	rule(res.took <= limit, "took %v, more than %v", res.took, limit)
	rule(c.idempotent || res.effects <= 1, "done %d times", res.effects)
	rule(c.kind <= listing || res.err != nil || res.effects > 0, "a success without its effect")
	rule(c.count == nil || c.kind == creating && res.added == res.effects || c.kind == deleting && res.added == -res.effects,
		"%d more are there after %d effects", res.added, res.effects)
	if c.idempotent {
		rule(!unknown, "an outcome is unknown that can be had by asking again")
	} else if res.err != nil {
		rule(unknown || f.noEffect, "an outcome is said to be known that isn't")
		rule(!unknown || !f.noEffect, "an outcome is said to be unknown that can't be other than none")
		rule(f.noEffect || res.sent[http.MethodPost] == 1, "sent again although it may have taken effect")
	}
	rule(res.err == nil || strings.Contains(res.err.Error(), "outcome unknown") == unknown,
		"the error's text doesn't say what its type does about the outcome")
	apiErr, isAPI := errors.AsType[*twilio.Error](res.err)
	transportErr, isTransport := errors.AsType[*twilio.TransportError](res.err)
	// Where the first of two took effect and looking fails, too, what the fake
	// says to the second is all that there is.
	second := isAPI && apiErr.StatusCode == http.StatusBadRequest && res.effects > 0 && c.secondRefused
	rule(e == undisturbed || res.err == nil || f.deadline > 0 || second || isAPI == (f.status > 0), "an error of the wrong type")
	rule(!isAPI || second || f.status == apiErr.StatusCode, "the error has another status than the response")
	rule(e != undisturbed || res.err == nil, "it fails with nothing going wrong")
	if c.kind == listing {
		return // an error of a list speaks of one page
	}
	attempts := res.sent[c.httpMethod]
	switch {
	case isAPI:
		rule(apiErr.Attempts == attempts, "the error speaks of %d attempts", apiErr.Attempts)
	case isTransport:
		rule(transportErr.Attempts == attempts, "the error speaks of %d attempts", transportErr.Attempts)
	}
}

// text is the cell of the table.
func (res *result) text(c operationCase) string {
	text := errorText(res.err) + ", " + requestsText(res.sent)
	switch {
	case c.kind <= listing:
	case res.effects == 0:
		text += ", not done"
	default:
		text += ", done"
	}
	return text
}
