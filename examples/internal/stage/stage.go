// Package stage is where the examples run: on a Twilio in memory or, with -live, on the account that the environment names,
// after a question.
package stage

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

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// An Example is a program that runs in both places.
type Example struct {
	// Name is the program's name.
	Name string
	// Live says what the program does to a real account and what that costs, a line each. It is shown before the question.
	Live []string
	// Needs names the flags that -live can't do without.
	Needs []string
	// Flags declares the program's flags.
	Flags func(*flag.FlagSet)
	// Fake gets the Twilio in memory ready.
	Fake func(*twiliotest.Server)
	// Run does it.
	Run func(context.Context, *Stage) error
}

// A Stage is what an example has to work with.
type Stage struct {
	// Client acts on the main account, with its AuthToken.
	Client *twilio.Client
	// Out takes what the example has to say.
	Out io.Writer
	// Fake is the Twilio in memory, or nil when it is live.
	Fake *twiliotest.Server
}

// Say prints a line.
func (s *Stage) Say(format string, args ...any) { fmt.Fprintf(s.Out, format+"\n", args...) }

// Now is the time.
func (s *Stage) Now() time.Time {
	if s.Fake != nil {
		return s.Fake.Now()
	}
	return time.Now()
}

// Pass lets time pass: at once in memory, for real when it is live.
func (s *Stage) Pass(ctx context.Context, d time.Duration) error {
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

// Run runs an example. The options are for the client of -live.
func Run(ctx context.Context, e Example, args []string, stdin io.Reader, stdout io.Writer, opts ...twilio.Option) error {
	flags := flag.NewFlagSet(e.Name, flag.ContinueOnError)
	live := flags.Bool("live", false, "use the account of TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, after a question")
	if e.Flags != nil {
		e.Flags(flags)
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	if !*live {
		srv := twiliotest.NewServer()
		defer srv.Close()
		if e.Fake != nil {
			e.Fake(srv)
		}
		return e.Run(ctx, &Stage{Client: srv.Client(), Out: stdout, Fake: srv})
	}
	for _, name := range e.Needs {
		if flags.Lookup(name).Value.String() == "" {
			return errors.New("-live needs -" + name)
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

// confirm says what is about to happen and asks. The end of the input means no.
func confirm(ctx context.Context, client *twilio.Client, plan []string, stdin io.Reader, stdout io.Writer) error {
	account, err := client.Accounts.Get(ctx, client.AccountSID())
	if err != nil {
		return err
	}
	if account.SID != account.OwnerAccountSID || account.AuthToken.IsZero() {
		return errors.New("the environment must have the main account's SID and AuthToken, and no TWILIO_SUBACCOUNT_SID")
	}
	fmt.Fprintf(stdout, "This is live, on the account %q (%s). It is about to\n", account.FriendlyName, account.SID)
	for _, line := range plan {
		fmt.Fprintf(stdout, "  %s\n", line)
	}
	fmt.Fprint(stdout, "Go on? [y/N] ")
	answer, err := bufio.NewReader(stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		return errors.New("not confirmed; nothing was done")
	}
	return nil
}
