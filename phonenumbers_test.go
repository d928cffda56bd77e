package twilio_test

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// TestBuyingANumber checks that a purchase is never retried; instead the client
// looks whether the account owns the number.
func TestBuyingANumber(t *testing.T) {
	t.Parallel()
	const number = "+15005550006"
	for name, tt := range map[string]struct {
		steps   []step
		bought  bool
		unknown bool
	}{
		"owned":            {[]step{connReset, respond(200, `{"incoming_phone_numbers":[{"sid":"PN1","phone_number":"`+number+`"}]}`)}, true, false},
		"not owned":        {[]step{connReset, respond(200, `{"incoming_phone_numbers":[]}`)}, false, true},
		"another is owned": {[]step{connReset, respond(200, `{"incoming_phone_numbers":[{"sid":"PN1","phone_number":"+150055500060"}]}`)}, false, true},
		"can't be seen":    {[]step{connReset, respondError(401, 20003)}, false, true},
		"refused":          {[]step{respondError(400, 21422)}, false, false},
		"turned away":      {[]step{respondError(429, 20429), respond(201, `{"sid":"PN1","phone_number":"`+number+`"}`)}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newScript(t, tt.steps...)
				n, err := newClient(t, s).IncomingPhoneNumbers.Create(t.Context(), twilio.IncomingPhoneNumberCreateParams{PhoneNumber: number})
				if tt.bought != (err == nil && n.PhoneNumber == number) || errors.Is(err, twilio.ErrOutcomeUnknown) != tt.unknown {
					t.Errorf("got %v, %v; want bought %t, unknown %t", n, err, tt.bought, tt.unknown)
				}
				if len(s.sent) > 1 && s.sent[1].Method == http.MethodGet && s.sent[1].Query.Get("PhoneNumber") != number {
					t.Errorf("looked for %v", s.sent[1].Query)
				}
			})
		})
	}
}
