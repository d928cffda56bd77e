package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
)

// What the calls say; it is the example of Twilio's page.
const greeting = "http://twimlets.com/message?Message%5B0%5D=Hello%20from%20your%20subaccount"

// story is the story and the stage that it is set on.
type story struct {
	*stage.Stage
	main *twilio.Client // acts on the main account, with its AuthToken
	to   string         // the phone that is called

	submarine *twilio.Account
	sub       *twilio.Client              // acts on Submarine, with the main account's credentials
	from      *twilio.IncomingPhoneNumber // Submarine's own
	spare     *twilio.IncomingPhoneNumber // the main account's
}

// tell tells it all. Whatever happens, nothing is left that costs money.
func (s *story) tell(ctx context.Context) (err error) {
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Minute)
		defer cancel()
		err = errors.Join(err, s.tidyUp(ctx))
	}()
	for _, chapter := range []struct {
		title string
		tell  func(context.Context) error
	}{
		{"Create a subaccount", s.create},
		{"Call and send a message with it", s.use},
		{"Calculate its bill", s.bill},
		{"Suspend it", s.suspend},
		{"Exchange phone numbers", s.exchange},
		{"Close it", s.close},
	} {
		s.Say("\n%s", chapter.title)
		if err := chapter.tell(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) create(ctx context.Context) error {
	created, err := s.main.Accounts.Create(ctx, twilio.AccountCreateParams{FriendlyName: "Submarine"})
	if err != nil {
		return err
	}
	s.submarine, s.sub = created, s.main.Subaccount(created.SID)
	s.past()
	s.Say("  created    %s %q, %s; its AuthToken prints as %s", created.SID, created.FriendlyName, created.Status, created.AuthToken)

	got, err := s.main.Accounts.Get(ctx, created.SID)
	if err != nil {
		return err
	}
	s.Say("  by SID     %s %q, owned by %s", got.SID, got.FriendlyName, got.OwnerAccountSID)

	for found, err := range s.main.Accounts.All(ctx, twilio.AccountListParams{FriendlyName: "Submarine"}) {
		if err != nil {
			return err
		}
		s.Say("  by name    %s %q, %s", found.SID, found.FriendlyName, found.Status)
	}
	return nil
}

func (s *story) use(ctx context.Context) (err error) {
	if s.from, err = buy(ctx, s.sub); err != nil {
		return err
	}
	s.Say("  bought     %s %s to call from", s.from.SID, s.from.PhoneNumber)

	own := s.main.WithCredentials(s.submarine.Credentials())
	var calls []*twilio.Call
	for _, as := range []struct {
		credentials string
		client      *twilio.Client
	}{
		{"main credentials", s.sub},
		{"its own credentials", own},
	} {
		call, err := s.call(ctx, as.client)
		if err != nil {
			return err
		}
		calls = append(calls, call)
		message, err := as.client.Messages.Create(ctx, twilio.MessageCreateParams{
			From: s.from.PhoneNumber, To: s.to, Body: "Ahoy there!",
		})
		if err != nil {
			return err
		}
		s.Say("  called     %s, %s, with %s", call.SID, call.Status, as.credentials)
		s.Say("  sent       %s, %s, with %s", message.SID, message.Status, as.credentials)
	}

	_, err = own.Accounts.Get(ctx, s.main.AccountSID())
	if err := s.refused("its own credentials on the main account", err); err != nil {
		return err
	}
	key := s.main.WithCredentials(twilio.APIKey(s.main.AccountSID(), "SK00000000000000000000000000000000", "a key of the main account"))
	_, err = key.Subaccount(s.submarine.SID).Calls.List(ctx, twilio.CallListParams{})
	if err := s.refused("an API key of the main account on the subaccount", err); err != nil {
		return err
	}
	return s.ended(ctx, calls)
}

// bill adds up a day. The page speaks of the product of price and duration, but the price of a call is the charge for
// all of it: multiplying would overcharge. Prices are negative at Twilio; a bill shows charges as positive.
func (s *story) bill(ctx context.Context) error {
	today := twilio.CallListParams{StartTime: s.Now()}
	s.Say("  calls that began on %s (UTC); a price is the charge for the whole call", s.Now().UTC().Format(time.DateOnly))
	table := tabwriter.NewWriter(s.Out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "  SID\tbegan\tseconds\tcharge")
	for call, err := range s.sub.Calls.All(ctx, today) {
		if err != nil {
			return err
		}
		fmt.Fprintf(table, "  %s\t%s\t%d\t%s\n", call.SID, call.StartTime.Format(time.TimeOnly), call.Duration, charge(call))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	spend, err := s.sub.Calls.Spend(ctx, today)
	if err != nil {
		return err
	}
	s.Say("  %d calls, %d not priced yet; the sum in each currency:", spend.Items, spend.Unpriced)
	for _, currency := range slices.Sorted(maps.Keys(spend.Totals)) {
		s.Say("  %s %s", currency, spend.Totals[currency])
	}
	return nil
}

func (s *story) suspend(ctx context.Context) error {
	call, err := s.call(ctx, s.sub)
	if err != nil {
		return err
	}
	if err := s.Pass(ctx, 8*time.Second); err != nil {
		return err
	}
	report, err := s.main.Accounts.Suspend(ctx, s.submarine.SID, twilio.SuspendParams{})
	if err != nil {
		return err
	}
	s.Say("  suspended  %s is %s", report.Account.SID, report.Account.Status)

	_, err = s.call(ctx, s.sub)
	if err := s.refused("a new call", err); err != nil {
		return err
	}
	if call, err = s.sub.Calls.Get(ctx, call.SID); err != nil {
		return err
	}
	s.Say("  goes on    %s is %s: a suspension ends no calls", call.SID, call.Status)
	if call, err = s.sub.Calls.End(ctx, call.SID); err != nil {
		return err
	}
	s.Say("  ended      %s is %s", call.SID, call.Status)

	account, err := s.main.Accounts.Activate(ctx, s.submarine.SID)
	if err != nil {
		return err
	}
	s.Say("  activated  %s is %s", account.SID, account.Status)
	return nil
}

func (s *story) exchange(ctx context.Context) (err error) {
	if s.spare, err = buy(ctx, s.main); err != nil {
		return err
	}
	s.Say("  bought     %s %s for the main account", s.spare.SID, s.spare.PhoneNumber)
	for _, move := range []struct {
		from, to *twilio.Client
		name     string
	}{
		{s.main, s.sub, "Submarine"},
		{s.sub, s.main, "the main account"},
	} {
		number, err := move.from.IncomingPhoneNumbers.Transfer(ctx, s.spare.SID, twilio.TransferParams{To: move.to.AccountSID()})
		if err != nil {
			return err
		}
		s.Say("  moved      %s to %s, %s", number.SID, number.AccountSID, move.name)
	}
	return nil
}

func (s *story) close(ctx context.Context) error {
	_, err := s.main.Accounts.Close(ctx, s.submarine.SID, twilio.CloseParams{})
	if err := s.refused("closing it while it owns a number", err); err != nil {
		return err
	}
	report, err := s.main.Accounts.Close(ctx, s.submarine.SID, twilio.CloseParams{ReleaseNumbers: true})
	if err != nil {
		return err
	}
	s.submarine = report.Account
	s.Say("  closed     %s is %s, and %d phone number is released", report.Account.SID, report.Account.Status, len(report.ReleasedNumbers))

	_, err = s.main.Accounts.Activate(ctx, s.submarine.SID)
	if err := s.refused("reopening it", err); err != nil {
		return err
	}
	_, err = s.main.Accounts.Update(ctx, s.main.AccountSID(), twilio.AccountUpdateParams{Status: new(twilio.AccountStatusClosed)})
	if err := s.refused("closing the main account", err); err != nil {
		return err
	}
	history, err := s.sub.Calls.List(ctx, twilio.CallListParams{})
	if err != nil {
		return err
	}
	s.Say("  its past   %d calls can be read still", len(history.Items))
	return nil
}

// tidyUp closes what is open and releases what was bought.
func (s *story) tidyUp(ctx context.Context) error {
	var errs []error
	if s.spare != nil {
		owner := s.main
		if _, err := owner.IncomingPhoneNumbers.Get(ctx, s.spare.SID); errors.Is(err, twilio.ErrNotFound) {
			owner = s.sub
		}
		errs = append(errs, owner.IncomingPhoneNumbers.Delete(ctx, s.spare.SID))
	}
	if s.submarine != nil && s.submarine.Status != twilio.AccountStatusClosed {
		_, err := s.main.Accounts.Close(ctx, s.submarine.SID, twilio.CloseParams{ReleaseNumbers: true})
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// buy buys a US number that can call and send, and needs no address.
func buy(ctx context.Context, client *twilio.Client) (*twilio.IncomingPhoneNumber, error) {
	page, err := client.AvailablePhoneNumbers.Local.List(ctx, "US", twilio.AvailablePhoneNumberListParams{
		VoiceEnabled: new(true), SMSEnabled: new(true), ExcludeAllAddressRequired: true, Limit: 1,
	})
	if err != nil {
		return nil, err
	}
	if len(page.Items) == 0 {
		return nil, errors.New("no number is for sale just now")
	}
	return client.IncomingPhoneNumbers.Create(ctx, twilio.IncomingPhoneNumberCreateParams{PhoneNumber: page.Items[0].PhoneNumber})
}

func (s *story) call(ctx context.Context, client *twilio.Client) (*twilio.Call, error) {
	return client.Calls.Create(ctx, twilio.CallCreateParams{From: s.from.PhoneNumber, To: s.to, URL: greeting})
}

// ended waits until the calls are over and, most likely, priced. Prices come when they come.
func (s *story) ended(ctx context.Context, calls []*twilio.Call) error {
	for _, call := range calls {
		for call.Status == twilio.CallStatusQueued || call.Status == twilio.CallStatusRinging || call.Status == twilio.CallStatusInProgress {
			if err := s.Pass(ctx, 2*time.Second); err != nil {
				return err
			}
			now, err := s.sub.Calls.Get(ctx, call.SID)
			if err != nil {
				return err
			}
			call = now
		}
		s.Say("  over       %s, %s", call.SID, call.Status)
	}
	return s.Pass(ctx, 45*time.Second)
}

// refused says why something was refused, which is what the story expects.
func (s *story) refused(what string, err error) error {
	if refusal, ok := errors.AsType[*twilio.ParamError](err); ok {
		s.Say("  refused    %s, before anything was sent: %s %s", what, refusal.Field, refusal.Reason)
		return nil
	}
	if refusal, ok := errors.AsType[*twilio.Error](err); ok && refusal.StatusCode < 500 {
		s.Say("  refused    %s, by Twilio: %d (code %d)", what, refusal.StatusCode, refusal.Code)
		return nil
	}
	if err == nil {
		return fmt.Errorf("%s should have been refused", what)
	}
	return err
}

func charge(call *twilio.Call) string {
	if !call.Price.Valid {
		return "not priced yet"
	}
	return strings.ToUpper(call.PriceUnit) + " " + call.Price.Decimal.Neg().String()
}
