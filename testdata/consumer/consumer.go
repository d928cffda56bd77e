// Package consumer uses the library as its users do. It isn't changed when the
// library is: what stands here has to compile and work for as long as the major
// version stays the same. New abilities are added below.
package consumer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Clients makes a client in each of the ways that there are.
func Clients(accountSID, authToken, keySID, keySecret, subSID string, limiter twilio.RateLimiter) error {
	main, err := twilio.NewClient(twilio.AuthToken(accountSID, authToken))
	if err != nil {
		return err
	}
	if _, err := twilio.NewClient(twilio.APIKey(accountSID, keySID, keySecret)); err != nil {
		return err
	}
	var cred twilio.Credentials = twilio.AuthToken(accountSID, authToken)
	opts := []twilio.Option{
		twilio.WithSubaccount(subSID), twilio.WithHTTPClient(&http.Client{}), twilio.WithBaseURL("https://api.twilio.com"),
		twilio.WithEdge("dublin"), twilio.WithRegion("ie1"), twilio.WithLogger(slog.Default()), twilio.WithMaxRetries(2),
		twilio.WithRetryWait(time.Second, time.Minute), twilio.WithTimeout(time.Minute), twilio.WithRateLimiter(limiter),
		twilio.WithUserAgent("consumer/1"),
	}
	if _, err := twilio.NewClient(cred, opts...); err != nil {
		return err
	}
	if _, err := twilio.NewClientFromEnv(twilio.WithMaxRetries(0)); err == nil {
		return errors.New("the environment isn't empty")
	}
	var sub *twilio.Client = main.Subaccount(subSID)
	if sub.AccountSID() != subSID {
		return errors.New("acts on another account")
	}
	main.CloseIdleConnections()
	return nil
}

// Story is a customer's whole life: provision, act, bill, suspend, move, close.
func Story(ctx context.Context, client *twilio.Client, from, to time.Time) error {
	acct, err := client.Accounts.Create(ctx, twilio.AccountCreateParams{FriendlyName: "Submarine"})
	if err != nil {
		return err
	}
	if acct, err = client.Accounts.Get(ctx, acct.SID); err != nil {
		return err
	}
	var created bool
	if acct, created, err = client.Accounts.Ensure(ctx, "Submarine"); err != nil || created {
		return fmt.Errorf("created %t: %w", created, err)
	}
	sub, own := client.Subaccount(acct.SID), client.WithCredentials(acct.Credentials())

	var meta twilio.ResponseMeta
	call, err := sub.Calls.Create(ctx, twilio.CallCreateParams{From: "+14158141829", To: "+16518675310", URL: "https://example.com/twiml"}, twilio.WithResponseInto(&meta))
	if err != nil || meta.StatusCode != http.StatusCreated || meta.Attempts != 1 || meta.RequestID == "" {
		return fmt.Errorf("call: %w", err)
	}
	msg, err := own.Messages.Create(ctx, twilio.MessageCreateParams{From: "+14158141829", To: "+16518675310", Body: "Ahoy there!"})
	if err != nil {
		return err
	}
	if msg, err = sub.Messages.Get(ctx, msg.SID, twilio.WithHeader("X-Trace", "1")); err != nil {
		return err
	}
	for call, err := range sub.Calls.All(ctx, twilio.CallListParams{StartTimeAfter: from, StartTimeBefore: to}) {
		if err != nil {
			return err
		}
		_ = fmt.Sprintln(call.SID, call.StartTime, call.Price.Decimal, call.PriceUnit)
	}
	if err := pages(ctx, sub); err != nil {
		return err
	}

	num, err := client.IncomingPhoneNumbers.Create(ctx, twilio.IncomingPhoneNumberCreateParams{PhoneNumber: "+14155550123"})
	if err != nil {
		return err
	}
	if num, err = client.IncomingPhoneNumbers.Update(ctx, num.SID, twilio.IncomingPhoneNumberUpdateParams{AccountSID: new(acct.SID)}); err != nil {
		return err
	}
	if num, err = sub.IncomingPhoneNumbers.Update(ctx, num.SID, twilio.IncomingPhoneNumberUpdateParams{VoiceURL: new("")}); err != nil {
		return err
	}
	if _, err = sub.IncomingPhoneNumbers.Transfer(ctx, num.SID, twilio.TransferParams{To: client.AccountSID()}); err != nil {
		return err
	}
	if _, err := client.IncomingPhoneNumbers.Transfer(ctx, num.SID, twilio.TransferParams{To: acct.SID}); err != nil {
		return err
	}

	spend, err := sub.Calls.Spend(ctx, twilio.CallListParams{StartTimeAfter: from, StartTimeBefore: to})
	if err != nil || spend.Items < 0 || spend.Totals == nil && spend.Items > spend.Unpriced {
		return fmt.Errorf("spend: %w", err)
	}
	each := twilio.ForEachParams{Concurrency: 2, Progress: func(p twilio.ForEachProgress) { _ = p.Done }}
	err = client.Accounts.ForEach(ctx, twilio.AccountListParams{Status: twilio.AccountStatusActive}, each,
		func(ctx context.Context, sub *twilio.Client, _ *twilio.Account) error {
			_, err := sub.Messages.Spend(ctx, twilio.MessageListParams{})
			return err
		})
	if err != nil {
		return err
	}

	if call, err = sub.Calls.End(ctx, call.SID); err != nil || call.Status != twilio.CallStatusCompleted && call.Status != twilio.CallStatusCanceled {
		return fmt.Errorf("end: %w", err)
	}
	suspended, err := client.Accounts.Suspend(ctx, acct.SID, twilio.SuspendParams{EndCalls: true})
	if err != nil || suspended.Account.Status != twilio.AccountStatusSuspended {
		return fmt.Errorf("suspend: %w", err)
	}
	if _, err := client.Accounts.Activate(ctx, acct.SID); err != nil {
		return err
	}
	if acct, err = client.Accounts.Update(ctx, acct.SID, twilio.AccountUpdateParams{Status: new(twilio.AccountStatusSuspended)}); err != nil {
		return err
	}
	report, err := client.Accounts.Close(ctx, acct.SID, twilio.CloseParams{MoveNumbersTo: client.AccountSID()})
	if err != nil || len(report.MovedNumbers) != 1 || report.Account.Status != twilio.AccountStatusClosed {
		return fmt.Errorf("close: %w", err)
	}
	_, err = client.Accounts.Activate(ctx, acct.SID)
	if e, ok := errors.AsType[*twilio.Error](err); !ok || e.Code != twilio.CodeSubaccountClosed {
		return fmt.Errorf("activate: %w", err)
	}
	return nil
}

func pages(ctx context.Context, sub *twilio.Client) error {
	for range 3 {
		if _, err := sub.Messages.Create(ctx, twilio.MessageCreateParams{From: "+14158141829", To: "+16518675310", Body: "Ahoy"}); err != nil {
			return err
		}
	}
	var page *twilio.Page[twilio.Message]
	page, err := sub.Messages.List(ctx, twilio.MessageListParams{PageSize: 1})
	if err != nil {
		return err
	}
	cursor := page.Cursor()
	if page, err = page.Next(ctx); err != nil {
		return err
	}
	again, err := sub.Messages.Resume(ctx, cursor)
	if err != nil || !again.HasNext() || again.Items[0].SID != page.Items[0].SID {
		return fmt.Errorf("resume: %w", err)
	}
	return nil
}

// Untyped reads what has no type yet.
func Untyped(ctx context.Context, client *twilio.Client, acct *twilio.Account) error {
	var out struct {
		Recordings []any `json:"recordings"`
	}
	return client.Do(ctx, http.MethodGet, acct.SubresourceURIs.Get("recordings"), url.Values{"PageSize": {"1"}}, &out)
}

// Class tells errors apart in the ways that there are.
func Class(err error) string {
	refused, isRefused := errors.AsType[*twilio.ParamError](err)
	broken, isBroken := errors.AsType[*twilio.TransportError](err)
	answer, isAnswer := errors.AsType[*twilio.Error](err)
	switch {
	case errors.Is(err, twilio.ErrOutcomeUnknown):
		return "look before you repeat it"
	case errors.Is(err, twilio.ErrNotFound):
		return "not found"
	case errors.Is(err, twilio.ErrUnauthorized), errors.Is(err, twilio.ErrForbidden):
		return "denied"
	case errors.Is(err, twilio.ErrRateLimited):
		return "later: " + answer.RetryAfter.String()
	case isRefused:
		return refused.Field + " " + refused.Reason
	case isBroken:
		return fmt.Sprint(broken.Operation, broken.Attempts, broken.Timeout(), broken.Cursor)
	case isAnswer:
		return fmt.Sprint(answer.StatusCode, answer.Code, answer.Message, answer.RequestID)
	default:
		return ""
	}
}
