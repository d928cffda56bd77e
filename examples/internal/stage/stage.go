// Package stage runs the examples: on the in-memory fake or, with -live, on
// the account that the environment names, after the user has confirmed.
package stage

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// An Example is a program that runs both on the fake and live.
type Example struct {
	// Name is the program's name.
	Name string
	// Live lists what -live does to a real account and what it costs, a line
	// each. The user sees it before confirming.
	Live []string
	// Needs lists the flags that -live requires.
	Needs []string
	// Flags declares the program's flags. It may be nil.
	Flags func(*flag.FlagSet)
	// Webhooks receives the fake's webhooks. It may be nil.
	Webhooks http.Handler
	// Fake prepares the fake. It may be nil.
	Fake func(*twiliotest.Server)
	// Run runs the program.
	Run func(context.Context, *Stage) error
}

// A Stage is what an example runs on.
type Stage struct {
	// Client acts on the main account, with its AuthToken.
	Client *twilio.Client
	// Out receives the program's output.
	Out io.Writer
	// Fake is the in-memory fake, or nil with -live.
	Fake *twiliotest.Server
}

// Printf writes to Out.
func (s *Stage) Printf(format string, args ...any) {
	fmt.Fprintf(s.Out, format, args...)
}

// Now returns the current time, by the fake's clock where there is one.
func (s *Stage) Now() time.Time {
	if s.Fake != nil {
		return s.Fake.Now()
	}
	return time.Now()
}

// Wait waits until d has passed or ctx is done. On the fake it advances the
// clock and returns at once.
func (s *Stage) Wait(ctx context.Context, d time.Duration) error {
	if s.Fake != nil {
		s.Fake.Advance(d)
		return ctx.Err()
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// Main runs an example as a program.
func Main(e Example) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	switch err := Run(ctx, e, os.Args[1:], os.Stdin, os.Stdout); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintf(os.Stderr, "%s: %v\n", e.Name, err)
		os.Exit(1)
	}
}

// Run runs an example with command-line arguments. The options are for the
// client that -live makes.
func Run(
	ctx context.Context, e Example, args []string,
	stdin io.Reader, stdout io.Writer, opts ...twilio.Option,
) error {
	flags := flag.NewFlagSet(e.Name, flag.ContinueOnError)
	live := flags.Bool("live", false, "use the account of TWILIO_ACCOUNT_SID"+
		" and TWILIO_AUTH_TOKEN,\nonce you confirm")
	if e.Flags != nil {
		e.Flags(flags)
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	if !*live {
		fake := []twiliotest.Option{twiliotest.WithStart(twiliotest.DefaultStart)} // so that the output is always the same
		if e.Webhooks != nil {
			fake = append(fake, twiliotest.WithWebhooks(e.Webhooks))
		}
		srv := twiliotest.NewServer(fake...)
		defer srv.Close()
		if e.Fake != nil {
			e.Fake(srv)
		}
		return e.Run(ctx, &Stage{Client: srv.Client(), Out: stdout, Fake: srv})
	}
	for _, name := range e.Needs {
		if flags.Lookup(name).Value.String() == "" {
			return fmt.Errorf("-live needs -%s; set it", name)
		}
	}
	client, err := twilio.NewClientFromEnv(opts...)
	if err != nil {
		return err
	}
	if err := confirm(ctx, client, e.Live, stdin, stdout); err != nil {
		return err
	}
	return e.Run(ctx, &Stage{Client: client, Out: stdout})
}

// confirm says what is about to happen and asks the user whether to go on. The
// end of the input means no.
func confirm(
	ctx context.Context, client *twilio.Client, plan []string,
	stdin io.Reader, stdout io.Writer,
) error {
	account, err := client.Accounts.Get(ctx, client.AccountSID())
	if err != nil {
		return err
	}
	if account.SID != account.OwnerAccountSID || account.AuthToken.IsZero() {
		return errors.New("-live needs the main account's AuthToken;" +
			" set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN to the main" +
			" account's, and unset TWILIO_SUBACCOUNT_SID")
	}
	fmt.Fprintf(stdout, "The live account is %q,\n%s. This program will\n",
		account.FriendlyName, account.SID)
	for _, line := range plan {
		fmt.Fprintf(stdout, "  %s\n", line)
	}
	fmt.Fprint(stdout, "Continue? [y/N] ")
	reply, err := bufio.NewReader(stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch strings.ToLower(strings.TrimSpace(reply)) {
	case "y", "yes":
		return nil
	default:
		return errors.New("not confirmed; nothing was done")
	}
}
