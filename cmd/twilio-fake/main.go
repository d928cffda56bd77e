// Twilio-fake serves an in-memory Twilio (package twiliotest) to programs in any language.
//
//	go run ./cmd/twilio-fake -addr 127.0.0.1:8080
//
// When it is ready it prints one line of JSON with its URL and the credentials of its main account, and then nothing
// more. It stops on SIGINT and SIGTERM. Run it with -help for the flags and the control endpoints.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "twilio-fake:", err)
		os.Exit(1)
	}
}

const about = `twilio-fake is a Twilio to develop and test against: the REST API of api.twilio.com/2010-04-01, in memory, with accounts
and subaccounts, phone numbers, calls, messages, keys, addresses and usage. Nothing is called, sent or charged, and all is
forgotten when it stops. Webhooks are not called, and TwiML is not fetched.

When it is ready it prints one line of JSON:

  {"url":"http://127.0.0.1:8080","account_sid":"AC…","auth_token":"…"}

Point your client's base URL there instead of https://api.twilio.com and use these credentials. Stop it with Ctrl-C.

Flags:
`

const control = `
Time: the server's clock follows the real one, at the speed that -speed says. A call is queued for 1 second, rings for 4,
lasts -call-duration and has its price 30 seconds after its end; a message is delivered after 3 seconds and has its price 9
seconds later. Don't wait for that: move the clock.

  curl -d d=1m     http://127.0.0.1:8080/_fake/advance    moves the clock on, and answers with the new time
  curl             http://127.0.0.1:8080/_fake/requests   tells which requests arrived, the latest 10,000

Faults: the next requests that match method and path can be made to go wrong.

  curl -d status=503 -d path=/Calls.json -d times=2          http://127.0.0.1:8080/_fake/faults
  curl -d code=20429 -d header="Retry-After: 1"              http://127.0.0.1:8080/_fake/faults
  curl -d reset=after -d method=POST -d path=/Messages.json  http://127.0.0.1:8080/_fake/faults
  curl -X DELETE                                             http://127.0.0.1:8080/_fake/faults

  method, path      which requests; in path, * stands for any characters
  skip, times       how many pass first, and how many are met (1; -1 means all from now on)
  rate              the probability that a matching request is met
  status, code      the HTTP status, and Twilio's error code
  body, content_type, header
                    the body instead of Twilio's JSON, its type, and a header
  delay             a wait, such as 40s
  after             true: the request has its effect, and then goes wrong
  reset             before or after: the connection breaks, before or after the effect
  truncate          cuts the answer off after so many bytes
`

// run serves until the context ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("twilio-fake", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = io.WriteString(stderr, about)
		flags.PrintDefaults()
		_, _ = io.WriteString(stderr, control)
	}
	var (
		addr     = flags.String("addr", "127.0.0.1:8080", "`host:port` to listen on; port 0 takes a free one")
		sid      = flags.String("account-sid", "", "`SID` of the main account (default: made up, the same at every start)")
		token    = flags.String("auth-token", "", "`token` of the main account (default: made up, the same at every start)")
		seed     = flags.String("seed", "", "a `word` that varies the SIDs and tokens that are made up")
		speed    = flags.Float64("speed", 1, "the clock's speed, as a `factor`: 60 makes a minute of a second, 0 stops it")
		duration = flags.Duration("call-duration", 15*time.Second, "how long an answered call lasts unless it is ended")
		limit    = flags.Int("subaccount-limit", 0, "the `number` of subaccounts that may be open at once; 0 means no limit")
		parallel = flags.Int("concurrency-limit", 0, "the `number` of requests that are served at once before others get 429; 0 means no limit")
		magic    = flags.Bool("test-credentials", false, "make the credentials Twilio's test credentials, with the magic phone numbers")
		trial    = flags.Bool("trial", false, "make the main account a trial account")
		expire   = flags.Bool("auto-delete", false, "delete closed subaccounts after 30 days on the clock")
		owned    = flags.Bool("owned-senders", false, "refuse calls and messages from numbers that the account doesn't have")
	)
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; see -help", flags.Arg(0))
	}
	if *speed < 0 {
		return errors.New("-speed must not be negative")
	}
	opts := []twiliotest.Option{
		twiliotest.WithAccount(*sid, *token),
		twiliotest.WithSeed(*seed),
		twiliotest.WithClock(clock(*speed)),
		twiliotest.WithCallDuration(*duration),
		twiliotest.WithSubaccountLimit(*limit),
		twiliotest.WithConcurrencyLimit(*parallel),
	}
	for _, option := range []struct {
		wanted bool
		opt    twiliotest.Option
	}{
		{*magic, twiliotest.WithTestCredentials()},
		{*trial, twiliotest.WithTrial()},
		{*expire, twiliotest.WithAutoDelete()},
		{*owned, twiliotest.WithOwnedSenders()},
	} {
		if option.wanted {
			opts = append(opts, option.opt)
		}
	}
	return serve(ctx, *addr, twiliotest.NewUnstartedServer(opts...), stdout)
}

// clock follows the real one at another speed, from now on.
func clock(speed float64) func() time.Time {
	start := time.Now()
	return func() time.Time {
		return start.Add(time.Duration(float64(time.Since(start)) * speed))
	}
}

// patience is how long requests have to end when the program is told to stop.
const patience = 3 * time.Second

func serve(ctx context.Context, addr string, fake *twiliotest.Server, stdout io.Writer) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler(fake), ReadHeaderTimeout: time.Minute}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	ready := struct {
		URL        string `json:"url"`
		AccountSID string `json:"account_sid"`
		AuthToken  string `json:"auth_token"`
	}{urlOf(listener.Addr()), fake.AccountSID, fake.AuthToken}
	if err := json.NewEncoder(stdout).Encode(ready); err != nil { //nolint:gosec // to hand the token out is what the line is for
		return errors.Join(err, server.Close())
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return server.Close() // what is still going on, such as a delay of a fault, ends here
	}
	return nil
}

// urlOf is where a client on this machine finds the listener.
func urlOf(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if ip := net.ParseIP(host); err == nil && ip.IsUnspecified() {
		return "http://127.0.0.1:" + port
	}
	return "http://" + addr.String()
}
