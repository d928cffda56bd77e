package main

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

const (
	from = "+14158141829"
	to   = "+16518675310"
	text = "Your appointment is tomorrow at nine."
)

// setUp returns an in-memory fake with one customer. The fake has no socket, so
// that it works in a synctest bubble too.
func setUp(
	t *testing.T, opts ...twiliotest.Option,
) (*twiliotest.Server, *Reminder, twilio.Account) {
	t.Helper()
	srv := twiliotest.NewUnstartedServer(opts...)
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Dr. Aronnax"})
	return srv, &Reminder{Twilio: srv.Client()}, customer
}

// sent returns the messages that the customer's account has sent.
func sent(
	t *testing.T, srv *twiliotest.Server, customerSID string,
) []*twilio.Message {
	t.Helper()
	sub := srv.Client().Subaccount(customerSID)
	page, err := sub.Messages.List(t.Context(), twilio.MessageListParams{})
	if err != nil {
		t.Fatal(err)
	}
	return page.Items
}

func TestRemindSendsFromTheCustomersAccount(t *testing.T) {
	t.Parallel()
	srv, reminder, customer := setUp(t)
	_, err := reminder.Remind(t.Context(), customer.SID, from, to, text)
	if err != nil {
		t.Fatal(err)
	}
	srv.Advance(time.Minute) // the message is sent and delivered
	messages := sent(t, srv, customer.SID)
	if len(messages) != 1 || messages[0].Body != text ||
		messages[0].Status != twilio.MessageStatusDelivered {
		t.Errorf("got %v", messages)
	}
}

// A response that is lost after the effect must not lead to a second message.
func TestRemindNeverRemindsTwice(t *testing.T) {
	t.Parallel()
	srv, reminder, customer := setUp(t)
	srv.Inject(twiliotest.Fault{
		Method: http.MethodPost,
		Path:   "/Messages.json",
		Reset:  twiliotest.ResetAfter,
	})

	sid, err := reminder.Remind(t.Context(), customer.SID, from, to, text)
	if err != nil {
		t.Fatal(err)
	}
	messages := sent(t, srv, customer.SID)
	if len(messages) != 1 || messages[0].SID != sid {
		t.Errorf("got %v", messages)
	}
}

func TestRemindReportsAnUnknownOutcome(t *testing.T) {
	t.Parallel()
	srv, reminder, customer := setUp(t)
	srv.Inject(twiliotest.Fault{
		Method: http.MethodPost,
		Path:   "/Messages.json",
		Reset:  twiliotest.ResetBefore,
	})

	_, err := reminder.Remind(t.Context(), customer.SID, from, to, text)
	if !errors.Is(err, twilio.ErrOutcomeUnknown) {
		t.Errorf("got %v", err)
	}
}

// Twilio documents several errors for accounts that aren't active.
func TestRemindReportsASuspendedCustomer(t *testing.T) {
	t.Parallel()
	for status, code := range map[int]int{
		http.StatusUnauthorized: twilio.CodeUnauthorized,
		http.StatusForbidden:    twilio.CodeAccountNotActive,
	} {
		srv, reminder, customer := setUp(t,
			twiliotest.WithInactiveAccounts(status, code))
		srv.SetStatus(customer.SID, twilio.AccountStatusSuspended)

		_, err := reminder.Remind(t.Context(), customer.SID, from, to, text)
		if !errors.Is(err, ErrPaused) {
			t.Errorf("%d: got %v", status, err)
		}
	}
}

// Twilio refuses three attempts. In the bubble the waits between the attempts
// take no time.
func TestRemindRetriesARateLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, reminder, customer := setUp(t)
		srv.Inject(twiliotest.Fault{
			Path:   "/Messages.json",
			Code:   twilio.CodeTooManyRequests,
			Header: http.Header{"Retry-After": {"5"}},
			Times:  3,
		})
		start := time.Now()
		_, err := reminder.Remind(t.Context(), customer.SID, from, to, text)
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took < 15*time.Second {
			t.Errorf("took %v, less than Retry-After asks for", took)
		}
	})
}
