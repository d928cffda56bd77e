package twilio_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// TestConfirmedUpdates retries updates whose first attempt took effect without
// a response.
func TestConfirmedUpdates(t *testing.T) {
	t.Parallel()
	const (
		account  = "/2010-04-01/Accounts/" + subSID + ".json"
		call     = "/2010-04-01/Accounts/" + mainSID + "/Calls/" + callSID + ".json"
		number   = "/2010-04-01/Accounts/" + mainSID + "/IncomingPhoneNumbers/" + numberSID + ".json"
		newPlace = "/2010-04-01/Accounts/" + subSID + "/IncomingPhoneNumbers/" + numberSID + ".json"
	)
	closing := func(ctx context.Context, c *twilio.Client) (string, error) {
		a, err := c.Accounts.Update(ctx, subSID, twilio.AccountUpdateParams{Status: new(twilio.AccountStatusClosed)})
		if err != nil {
			return "", err
		}
		return string(a.Status), nil
	}
	ending := func(ctx context.Context, c *twilio.Client) (string, error) {
		call, err := c.Calls.Update(ctx, callSID, twilio.CallUpdateParams{Status: new(twilio.CallStatusCompleted)})
		if err != nil {
			return "", err
		}
		return string(call.Status), nil
	}
	moving := func(ctx context.Context, c *twilio.Client) (string, error) {
		n, err := c.IncomingPhoneNumbers.Update(ctx, numberSID, twilio.IncomingPhoneNumberUpdateParams{AccountSID: new(subSID)})
		if err != nil {
			return "", err
		}
		return n.AccountSID, nil
	}
	for _, tt := range []struct {
		name  string
		run   func(context.Context, *twilio.Client) (string, error)
		steps []step
		paths string
		want  string // or the error's code
		code  int
	}{
		{"closed", closing, []step{connReset, respondError(400, 21479), respond(200, `{"sid":"XX1","status":"closed"}`)},
			"POST " + account + " POST " + account + " GET " + account, "closed", 0},
		{"closed after 503", closing, []step{respond(503, ""), respondError(400, 21479), respond(200, `{"sid":"XX1","status":"closed"}`)},
			"POST " + account + " POST " + account + " GET " + account, "closed", 0},
		{"closed by somebody else before", closing, []step{respondError(400, 21479)}, "POST " + account, "", 21479},
		{"closed by somebody else after 429", closing, []step{respondError(429, 20429), respondError(400, 21479)},
			"POST " + account + " POST " + account, "", 21479},
		{"not closed after all", closing, []step{connReset, respondError(400, 21475), respond(200, `{"sid":"XX1","status":"active"}`)},
			"POST " + account + " POST " + account + " GET " + account, "", 21475},
		{"nobody can tell", closing, []step{connReset, respondError(400, 21479), respondError(401, 20003)},
			"POST " + account + " POST " + account + " GET " + account, "", 21479},
		{"an outage isn't a refusal", closing, repeat(4, respondError(503, 20500)), strings.TrimSpace(strings.Repeat("POST "+account+" ", 4)), "", 20500},
		{"turned away isn't refused", closing, append([]step{connReset}, repeat(3, respondError(429, 20429))...), strings.TrimSpace(strings.Repeat("POST "+account+" ", 4)), "", 20429},
		{"ended", ending, []step{connReset, respondError(400, 21220), respond(200, `{"sid":"XX1","status":"completed"}`)},
			"POST " + call + " POST " + call + " GET " + call, "completed", 0},
		{"ended by itself before", ending, []step{respondError(400, 21220)}, "POST " + call, "", 21220},
		{"ended otherwise", ending, []step{connReset, respondError(400, 21220), respond(200, `{"sid":"XX1","status":"busy"}`)},
			"POST " + call + " POST " + call + " GET " + call, "", 21220},
		{"moved", moving, []step{connReset, respondError(404, 20404), respond(200, `{"sid":"PN1","account_sid":"`+subSID+`"}`)},
			"POST " + number + " POST " + number + " GET " + newPlace, subSID, 0},
		{"never there", moving, []step{respondError(404, 20404)}, "POST " + number, "", 20404},
		{"lost on the way", moving, []step{connReset, respondError(404, 20404), respondError(404, 20404)},
			"POST " + number + " POST " + number + " GET " + newPlace, "", 20404},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newScript(t, tt.steps...)
				got, err := tt.run(t.Context(), newClient(t, s))
				e, _ := errors.AsType[*twilio.Error](err)
				switch {
				case tt.code == 0 && (err != nil || got != tt.want):
					t.Errorf("got %q, %v; want %q", got, err, tt.want)
				case tt.code != 0 && (e == nil || e.Code != tt.code):
					t.Errorf("got %q, %v; want code %d", got, err, tt.code)
				}
				if errors.Is(err, twilio.ErrOutcomeUnknown) {
					t.Errorf("unknown outcome of an update that can be repeated: %v", err)
				}
				var paths []string
				for _, a := range s.sent {
					paths = append(paths, a.Method+" "+a.Path)
				}
				if got := strings.Join(paths, " "); got != tt.paths {
					t.Errorf("sent %s\nwant %s", got, tt.paths)
				}
			})
		})
	}
}

// TestConfirmationsHaveTheOptions: what a method reads to find out what its
// request did is sent with the caller's options, except for those that are for
// the request alone.
func TestConfirmationsHaveTheOptions(t *testing.T) {
	t.Parallel()
	const service = "MG00000000000000000000000000000001"
	suspend := func(c *twilio.Client, opts []twilio.RequestOption) error {
		_, err := c.Accounts.Update(t.Context(), subSID, twilio.AccountUpdateParams{}, append(opts, twilio.WithForm(url.Values{"Status": {"suspended"}}))...)
		return err
	}
	number := func(c *twilio.Client, opts []twilio.RequestOption) error {
		_, err := c.MessagingServices.PhoneNumbers.Create(t.Context(), service, twilio.MessagingServicePhoneNumberCreateParams{}, append(opts, twilio.WithForm(url.Values{"PhoneNumberSid": {numberSID}}))...)
		return err
	}
	code := func(c *twilio.Client, opts []twilio.RequestOption) error {
		_, err := c.MessagingServices.ShortCodes.Create(t.Context(), service, twilio.MessagingServiceShortCodeCreateParams{ShortCodeSID: "SC00000000000000000000000000000001"}, opts...)
		return err
	}
	sender := func(c *twilio.Client, opts []twilio.RequestOption) error {
		_, err := c.MessagingServices.AlphaSenders.Create(t.Context(), service, twilio.MessagingServiceAlphaSenderCreateParams{AlphaSender: "Acme"}, opts...)
		return err
	}
	purchase := func(c *twilio.Client, opts []twilio.RequestOption) error {
		_, err := c.IncomingPhoneNumbers.Create(t.Context(), twilio.IncomingPhoneNumberCreateParams{PhoneNumber: "+15005550006"},
			append(opts, twilio.WithForm(url.Values{"AddressSid": {"AD1"}}))...)
		return err
	}
	for name, tt := range map[string]struct {
		run    func(*twilio.Client, []twilio.RequestOption) error
		before []step
		status int // of the last of these
	}{
		"an update":       {suspend, []step{connReset, respondError(400, 21475)}, 400},
		"a number":        {number, []step{respondError(409, 21710)}, 409},
		"a short code":    {code, []step{respondError(409, 21710)}, 409},
		"an alpha sender": {sender, []step{respondError(409, 21710)}, 409},
		"a purchase":      {purchase, []step{connReset}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, append(tt.before, connReset, connReset)...)
			var meta twilio.ResponseMeta
			err := tt.run(newClient(t, s, twilio.WithRetryWait(0, 0)),
				[]twilio.RequestOption{twilio.WithHeader("X-Trace", "1"), twilio.WithRequestRetries(1), twilio.WithResponseInto(&meta)})
			if err == nil || meta.StatusCode != tt.status || meta.Attempts != len(tt.before) {
				t.Errorf("got %v, and %+v", err, meta)
			}
			for i, sent := range s.sent {
				if sent.Header.Get("X-Trace") != "1" {
					t.Errorf("request %d has no option", i)
				}
				if sent.Method == http.MethodGet && (sent.Query.Has("Status") || sent.Query.Has("PhoneNumberSid") || sent.Query.Has("AddressSid")) {
					t.Errorf("request %d has the form of another", i)
				}
			}
		})
	}
}

// TestDequeuedMembers takes calls out of a queue and loses the first response.
func TestDequeuedMembers(t *testing.T) {
	t.Parallel()
	const queueSID = "QU00000000000000000000000000000001"
	update := func(t *testing.T, member string, opts []twilio.RequestOption, steps ...step) (*twilio.QueueMember, error) {
		t.Helper()
		var m *twilio.QueueMember
		var err error
		synctest.Test(t, func(t *testing.T) {
			m, err = newClient(t, newScript(t, steps...)).Queues.Members.Update(t.Context(), queueSID, member,
				twilio.QueueMemberUpdateParams{URL: new("https://example.com")}, opts...)
		})
		return m, err
	}
	m, err := update(t, callSID, nil, connReset, respondError(404, 20404))
	if err != nil || *m != (twilio.QueueMember{CallSID: callSID, QueueSID: queueSID}) {
		t.Errorf("gone after a lost response: %+v, %v", m, err)
	}
	if _, err := update(t, callSID, nil, respondError(404, 20404)); !errors.Is(err, twilio.ErrNotFound) {
		t.Errorf("not there: %v", err)
	}
	if _, err := update(t, callSID, nil, connReset, respondError(400, 20001)); err == nil {
		t.Error("a refusal is taken for a success")
	}
	if _, err := update(t, twilio.QueueFront, nil, connReset); !errors.Is(err, twilio.ErrOutcomeUnknown) {
		t.Errorf("front after a lost response: %v", err)
	}
	// The queue may have been empty from the start.
	idempotent := []twilio.RequestOption{twilio.WithIdempotent()}
	if _, err := update(t, twilio.QueueFront, idempotent, connReset, respondError(404, 20404)); !errors.Is(err, twilio.ErrNotFound) {
		t.Errorf("front of an empty queue: %v", err)
	}
}
