package main

import (
	"context"
	"errors"
	"fmt"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Reminder is a service of yours: it reminds a customer's patients of their appointments, from the customer's subaccount.
type Reminder struct {
	// Twilio acts on the main account. Nothing here is an interface: tests put a Twilio in memory behind it.
	Twilio *twilio.Client
}

// ErrPaused says that the customer's account is suspended or closed.
var ErrPaused = errors.New("the customer's account is paused")

// Remind sends a reminder, once. The text names the appointment, so that no two reminders of a patient are alike.
func (r *Reminder) Remind(ctx context.Context, customerSID, from, to, text string) (messageSID string, err error) {
	sub := r.Twilio.Subaccount(customerSID)
	message, err := sub.Messages.Create(ctx, twilio.MessageCreateParams{From: from, To: to, Body: text})
	switch {
	case err == nil:
		return message.SID, nil
	case errors.Is(err, twilio.ErrOutcomeUnknown):
		// It may be on its way: look, so that nobody is reminded twice.
		return r.find(ctx, sub, from, to, text, err)
	case errors.Is(err, twilio.ErrUnauthorized):
		account, lookErr := r.Twilio.Accounts.Get(ctx, customerSID)
		if lookErr == nil && account.Status != twilio.AccountStatusActive {
			return "", ErrPaused
		}
	}
	return "", fmt.Errorf("remind: %w", err)
}

func (r *Reminder) find(ctx context.Context, sub *twilio.Client, from, to, text string, cause error) (string, error) {
	for message, err := range sub.Messages.All(ctx, twilio.MessageListParams{From: from, To: to, Limit: 20}) {
		if err != nil {
			break
		}
		if message.Body == text {
			return message.SID, nil
		}
	}
	return "", fmt.Errorf("remind: %w", cause)
}
