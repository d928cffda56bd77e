package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// greeting is the TwiML of the calls, as on Twilio's page.
const greeting = "http://twimlets.com/message" +
	"?Message%5B0%5D=Hello%20from%20your%20subaccount"

// A Walkthrough follows Twilio's page on subaccounts with a subaccount of its
// own, and describes each step.
type Walkthrough struct {
	// Main acts on the main account, with its AuthToken.
	Main *twilio.Client
	// To is the phone number to call and to send messages to.
	To string
	// Out receives the description.
	Out io.Writer
	// Created is called with the new subaccount, for example to store its SID
	// in a database.
	Created func(*twilio.Account) error
	// Now returns the current time.
	Now func() time.Time
	// Wait waits until d has passed or ctx is done.
	Wait func(ctx context.Context, d time.Duration) error

	submarine *twilio.Account
	// sub acts on Submarine, with the main account's credentials.
	sub *twilio.Client
	// from is Submarine's own phone number, and spare the main account's.
	from, spare *twilio.IncomingPhoneNumber
}

// Run takes all steps. At the end, after a failure too, it closes the
// subaccount and releases the phone numbers, so that nothing keeps costing
// money.
func (w *Walkthrough) Run(ctx context.Context) (err error) {
	defer func() {
		ctx, cancel := context.WithTimeout(
			context.WithoutCancel(ctx), 2*time.Minute)
		defer cancel()
		err = errors.Join(err, w.cleanUp(ctx))
	}()
	for _, step := range []struct {
		title string
		run   func(context.Context) error
	}{
		{"Create a subaccount", w.create},
		{"Call and send a message with it", w.use},
		{"Calculate its bill", w.bill},
		{"Suspend it", w.suspend},
		{"Exchange phone numbers", w.exchange},
		{"Close it", w.close},
	} {
		w.printf("\n%s\n", step.title)
		if err := step.run(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (w *Walkthrough) printf(format string, args ...any) {
	fmt.Fprintf(w.Out, format, args...)
}

func (w *Walkthrough) create(ctx context.Context) error {
	created, err := w.Main.Accounts.Create(ctx, twilio.AccountCreateParams{
		FriendlyName: "Submarine",
	})
	if err != nil {
		return err
	}
	w.submarine, w.sub = created, w.Main.Subaccount(created.SID)
	if err := w.Created(created); err != nil {
		return err
	}
	show := func(label string, a *twilio.Account) {
		w.printf("  %-9s  %s %q, %s\n", label, a.SID, a.FriendlyName, a.Status)
	}
	show("created", created)
	w.printf("  AuthToken  prints as %s\n", created.AuthToken)

	got, err := w.Main.Accounts.Get(ctx, created.SID)
	if err != nil {
		return err
	}
	show("by SID", got)
	w.printf("  owner      %s, the main account\n", got.OwnerAccountSID)

	byName := twilio.AccountListParams{FriendlyName: "Submarine"}
	for found, err := range w.Main.Accounts.All(ctx, byName) {
		if err != nil {
			return err
		}
		show("by name", found)
	}
	return nil
}

func (w *Walkthrough) use(ctx context.Context) (err error) {
	if w.from, err = buy(ctx, w.sub); err != nil {
		return err
	}
	w.printf("  bought     %s %s, Submarine\n", w.from.SID, w.from.PhoneNumber)

	own := w.Main.WithCredentials(w.submarine.Credentials())
	var calls []*twilio.Call
	for _, as := range []struct {
		credentials string
		client      *twilio.Client
	}{
		{"main credentials", w.sub},
		{"own credentials", own},
	} {
		call, err := w.call(ctx, as.client)
		if err != nil {
			return err
		}
		calls = append(calls, call)
		w.printf("  called     %s, %s, with %s\n",
			call.SID, call.Status, as.credentials)
		message, err := as.client.Messages.Create(ctx,
			twilio.MessageCreateParams{
				From: w.from.PhoneNumber,
				To:   w.To,
				Body: "Ahoy there!",
			})
		if err != nil {
			return err
		}
		w.printf("  sent       %s, %s, with %s\n",
			message.SID, message.Status, as.credentials)
	}

	_, err = own.Accounts.Get(ctx, w.Main.AccountSID())
	err = w.refused("own credentials on the main account", err)
	if err != nil {
		return err
	}
	key := w.Main.WithCredentials(twilio.APIKey(w.Main.AccountSID(),
		"SK00000000000000000000000000000000", "the secret of a key"))
	_, err = key.Subaccount(w.submarine.SID).Calls.List(ctx,
		twilio.CallListParams{})
	err = w.refused("the main account's API key on the subaccount", err)
	if err != nil {
		return err
	}
	return w.ended(ctx, calls)
}

// bill adds up the calls of a day. Twilio's page speaks of the product of price
// and duration, but the price of a call is the charge for all of it:
// multiplying would overcharge. Prices are negative at Twilio; a bill shows
// charges as positive.
func (w *Walkthrough) bill(ctx context.Context) error {
	today := twilio.CallListParams{StartTime: w.Now()}
	w.printf("  calls that started on %s (UTC); "+
		"a price is for the whole call\n",
		w.Now().UTC().Format(time.DateOnly))
	table := tabwriter.NewWriter(w.Out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "  SID\tstarted\tseconds\tcharge")
	for call, err := range w.sub.Calls.All(ctx, today) {
		if err != nil {
			return err
		}
		fmt.Fprintf(table, "  %s\t%s\t%d\t%s\n", call.SID,
			call.StartTime.Format(time.TimeOnly), call.Duration, charge(call))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	spend, err := w.sub.Calls.Spend(ctx, today)
	if err != nil {
		return err
	}
	w.printf("  %d calls, %d not priced yet; the total in each currency:\n",
		spend.Items, spend.Unpriced)
	for _, currency := range slices.Sorted(maps.Keys(spend.Totals)) {
		w.printf("  %s %s\n", currency, spend.Totals[currency])
	}
	return nil
}

func (w *Walkthrough) suspend(ctx context.Context) error {
	call, err := w.call(ctx, w.sub)
	if err != nil {
		return err
	}
	if err := w.Wait(ctx, 8*time.Second); err != nil {
		return err
	}
	report, err := w.Main.Accounts.Suspend(ctx, w.submarine.SID,
		twilio.SuspendParams{})
	if err != nil {
		return err
	}
	w.printf("  suspended  %s is %s\n",
		report.Account.SID, report.Account.Status)

	_, err = w.call(ctx, w.sub)
	if err := w.refused("a new call", err); err != nil {
		return err
	}
	if call, err = w.sub.Calls.Get(ctx, call.SID); err != nil {
		return err
	}
	w.printf("  continues  %s is %s:\n", call.SID, call.Status)
	w.printf("             suspending an account does not end its calls\n")
	if call, err = w.sub.Calls.End(ctx, call.SID); err != nil {
		return err
	}
	w.printf("  ended      %s is %s\n", call.SID, call.Status)

	account, err := w.Main.Accounts.Activate(ctx, w.submarine.SID)
	if err != nil {
		return err
	}
	w.printf("  activated  %s is %s\n", account.SID, account.Status)
	return nil
}

func (w *Walkthrough) exchange(ctx context.Context) (err error) {
	if w.spare, err = buy(ctx, w.Main); err != nil {
		return err
	}
	w.printf("  bought     %s %s, main account\n",
		w.spare.SID, w.spare.PhoneNumber)
	for _, move := range []struct {
		from, to *twilio.Client
		name     string
	}{
		{w.Main, w.sub, "Submarine"},
		{w.sub, w.Main, "the main account"},
	} {
		number, err := move.from.IncomingPhoneNumbers.Transfer(ctx, w.spare.SID,
			twilio.TransferParams{To: move.to.AccountSID()})
		if err != nil {
			return err
		}
		w.printf("  moved      %s\n", number.SID)
		w.printf("  owner      %s, %s\n", number.AccountSID, move.name)
	}
	return nil
}

func (w *Walkthrough) close(ctx context.Context) error {
	_, err := w.Main.Accounts.Close(ctx, w.submarine.SID, twilio.CloseParams{})
	if err := w.refused("closing it while it owns a number", err); err != nil {
		return err
	}
	report, err := w.Main.Accounts.Close(ctx, w.submarine.SID,
		twilio.CloseParams{ReleaseNumbers: true})
	if err != nil {
		return err
	}
	w.submarine = report.Account
	w.printf("  closed     %s is %s\n", w.submarine.SID, w.submarine.Status)
	w.printf("  released   %d phone number\n", len(report.ReleasedNumbers))

	_, err = w.Main.Accounts.Activate(ctx, w.submarine.SID)
	if err := w.refused("reopening it", err); err != nil {
		return err
	}
	_, err = w.Main.Accounts.Update(ctx, w.Main.AccountSID(),
		twilio.AccountUpdateParams{Status: new(twilio.AccountStatusClosed)})
	if err := w.refused("closing the main account", err); err != nil {
		return err
	}
	history, err := w.sub.Calls.List(ctx, twilio.CallListParams{})
	if err != nil {
		return err
	}
	w.printf("  history    %d calls can still be read\n", len(history.Items))
	return nil
}

// cleanUp closes the subaccount and releases the phone numbers, where that is
// left to do.
func (w *Walkthrough) cleanUp(ctx context.Context) error {
	var errs []error
	if w.spare != nil {
		owner := w.Main
		_, err := owner.IncomingPhoneNumbers.Get(ctx, w.spare.SID)
		if errors.Is(err, twilio.ErrNotFound) {
			owner = w.sub
		}
		errs = append(errs, owner.IncomingPhoneNumbers.Delete(ctx, w.spare.SID))
	}
	if w.submarine != nil && w.submarine.Status != twilio.AccountStatusClosed {
		_, err := w.Main.Accounts.Close(ctx, w.submarine.SID,
			twilio.CloseParams{ReleaseNumbers: true})
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// buy buys a US phone number that can call and send messages, and that requires
// no address.
func buy(
	ctx context.Context, client *twilio.Client,
) (*twilio.IncomingPhoneNumber, error) {
	offers, err := client.AvailablePhoneNumbers.Local.List(ctx, "US",
		twilio.AvailablePhoneNumberListParams{
			VoiceEnabled:              new(true),
			SMSEnabled:                new(true),
			ExcludeAllAddressRequired: true,
			Limit:                     1,
		})
	if err != nil {
		return nil, err
	}
	if len(offers.Items) == 0 {
		return nil, errors.New("no phone number is for sale at the moment")
	}
	return client.IncomingPhoneNumbers.Create(ctx,
		twilio.IncomingPhoneNumberCreateParams{
			PhoneNumber: offers.Items[0].PhoneNumber,
		})
}

func (w *Walkthrough) call(
	ctx context.Context, client *twilio.Client,
) (*twilio.Call, error) {
	return client.Calls.Create(ctx, twilio.CallCreateParams{
		From: w.from.PhoneNumber, To: w.To, URL: greeting,
	})
}

// ended waits until the calls have ended and, most likely, have a price. Twilio
// doesn't say when that is.
func (w *Walkthrough) ended(ctx context.Context, calls []*twilio.Call) error {
	unfinished := []twilio.CallStatus{
		twilio.CallStatusQueued,
		twilio.CallStatusRinging,
		twilio.CallStatusInProgress,
	}
	for _, call := range calls {
		for slices.Contains(unfinished, call.Status) {
			if err := w.Wait(ctx, 2*time.Second); err != nil {
				return err
			}
			var err error
			if call, err = w.sub.Calls.Get(ctx, call.SID); err != nil {
				return err
			}
		}
		w.printf("  ended      %s, %s\n", call.SID, call.Status)
	}
	return w.Wait(ctx, 45*time.Second)
}

// refused describes an error that the walkthrough expects, and returns any
// other.
func (w *Walkthrough) refused(what string, err error) error {
	if e, ok := errors.AsType[*twilio.ParamError](err); ok {
		w.printf("  refused    %s, before sending:\n", what)
		w.printf("%s", indent(e.Field+" "+e.Reason))
		return nil
	}
	e, ok := errors.AsType[*twilio.Error](err)
	if ok && e.StatusCode < 500 {
		w.printf("  refused    %s, by Twilio: %d (code %d)\n",
			what, e.StatusCode, e.Code)
		return nil
	}
	if err == nil {
		return fmt.Errorf("%s was not refused", what)
	}
	return err
}

// indent breaks a text into lines of at most 80 columns, indented by 13.
func indent(text string) string {
	var lines strings.Builder
	line := strings.Repeat(" ", 12)
	for word := range strings.FieldsSeq(text) {
		if len(line)+1+len(word) > 80 {
			lines.WriteString(line + "\n")
			line = strings.Repeat(" ", 12)
		}
		line += " " + word
	}
	return lines.String() + line + "\n"
}

func charge(call *twilio.Call) string {
	if !call.Price.Valid {
		return "not priced yet"
	}
	return strings.ToUpper(call.PriceUnit) + " " +
		call.Price.Decimal.Neg().String()
}
