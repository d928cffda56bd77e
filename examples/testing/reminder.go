package main

import (
	"context"
	"errors"
	"fmt"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// A Reminder reminds the patients of a customer of their appointments, with
// messages from the customer's subaccount.
type Reminder struct {
	// Twilio acts on the main account. It needs no interface: tests connect it
	// to the in-memory fake.
	Twilio *twilio.Client
}

// ErrPaused means that the customer's account is suspended or closed.
var ErrPaused = errors.New("the customer's account is suspended or closed")

// Remind sends a reminder once, and returns the message's SID. The text names
// the appointment, so that no two reminders of a patient are the same.
func (r *Reminder) Remind(
	ctx context.Context, customerSID, from, to, text string,
) (messageSID string, err error) {
	sub := r.Twilio.Subaccount(customerSID)
	message, err := sub.Messages.Create(ctx, twilio.MessageCreateParams{
		From: from, To: to, Body: text,
	})
	switch {
	case err == nil:
		return message.SID, nil
	case errors.Is(err, twilio.ErrOutcomeUnknown):
		// Twilio may have sent it: look, so that no patient is reminded twice.
		return r.find(ctx, sub, from, to, text, err)
	case errors.Is(err, twilio.ErrUnauthorized),
		errors.Is(err, twilio.ErrForbidden):
		account, lookErr := r.Twilio.Accounts.Get(ctx, customerSID)
		if lookErr == nil && account.Status != twilio.AccountStatusActive {
			return "", ErrPaused
		}
	}
	return "", fmt.Errorf("remind: %w", err)
}

func (r *Reminder) find(
	ctx context.Context, sub *twilio.Client, from, to, text string, cause error,
) (messageSID string, err error) {
	filter := twilio.MessageListParams{From: from, To: to, Limit: 20}
	for message, err := range sub.Messages.All(ctx, filter) {
		if err != nil {
			break
		}
		if message.Body == text {
			return message.SID, nil
		}
	}
	return "", fmt.Errorf("remind: %w", cause)
}
