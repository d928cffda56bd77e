// Quickstart tells the story of Twilio's page on subaccounts, in the order of that page
// (https://www.twilio.com/docs/iam/api/subaccounts): a subaccount named Submarine is created, calls, sends, is billed,
// suspended, reactivated, gets a phone number from the main account and gives it back, and is closed.
//
//	go run ./examples/quickstart
//
// runs it on a Twilio in memory: nothing is called, sent or charged, and nothing needs to be set up.
//
//	go run ./examples/quickstart -live -to +1…
//
// runs it on the main account of TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, after a question. It creates one subaccount,
// buys two US phone numbers (about 1.15 USD each), makes three calls of a minute or less (0.014 USD each) and sends two
// messages (about 0.01 USD each) to the phone of -to, which should be yours: about 2.40 USD by Twilio's list prices for
// the United States. In the end, and after a failure, the subaccount is closed and the phone numbers are released.
// US carriers block messages from numbers that aren't registered (A2P 10DLC); they are sent, and charged, all the same.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	switch err := run(ctx, os.Args[1:], os.Stdin, os.Stdout); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer, opts ...twilio.Option) error {
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the account of TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, and spend its money, after a question")
	to := flags.String("to", "", "with -live: the phone `number` to call and write to, in E.164 form; yours")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if !*live {
		srv := twiliotest.NewServer()
		defer srv.Close()
		fmt.Fprintln(stdout, "On a Twilio in memory: nothing is called, sent or charged.")
		return newStory(srv, stdout).tell(ctx)
	}
	if *to == "" {
		return errors.New("-live needs -to, the phone number to call and write to")
	}
	client, err := twilio.NewClientFromEnv(opts...)
	if err != nil {
		return err
	}
	if err := confirm(ctx, client, stdin, stdout); err != nil {
		return err
	}
	s := &story{out: stdout, main: client, to: *to, now: time.Now, pass: wait, seed: func(string) {}}
	return s.tell(ctx)
}

// newStory sets the story on a Twilio in memory, with a phone number that nobody has.
func newStory(srv *twiliotest.Server, out io.Writer) *story {
	return &story{
		out:  out,
		main: srv.Client(),
		to:   "+16518675310",
		now:  srv.Now,
		pass: func(_ context.Context, d time.Duration) error {
			srv.Advance(d)
			return nil
		},
		// Twilio's own sample has a call that is charged in another currency.
		seed: func(accountSID string) {
			srv.AddCall(accountSID, twilio.Call{
				Status: twilio.CallStatusCompleted, StartTime: srv.Now().Add(-time.Hour), Duration: 3,
				Price: decimal.NewNullDecimal(decimal.RequireFromString("-0.100")), PriceUnit: "JPY",
			})
		},
	}
}

// confirm says what is about to happen and asks. The end of the input means no.
func confirm(ctx context.Context, client *twilio.Client, stdin io.Reader, stdout io.Writer) error {
	account, err := client.Accounts.Get(ctx, client.AccountSID())
	if err != nil {
		return err
	}
	if account.SID != account.OwnerAccountSID || account.AuthToken.IsZero() {
		return errors.New("the environment must have the main account's SID and AuthToken, and no TWILIO_SUBACCOUNT_SID")
	}
	fmt.Fprintf(stdout, `This is live, on the account %q (%s). It is about to
  create a subaccount "Submarine", and close it in the end
  buy 2 US phone numbers (about 1.15 USD each), and release them in the end
  make 3 calls (0.014 USD a minute each) and send 2 messages (about 0.01 USD each) to the phone of -to
That costs about 2.40 USD. Go on? [y/N] `, account.FriendlyName, account.SID)
	answer, err := bufio.NewReader(stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		return errors.New("not confirmed; nothing was created")
	}
	return nil
}

// wait lets real time pass.
func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
