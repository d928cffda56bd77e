// Twilio-fake serves an in-memory Twilio (package twiliotest) to programs in
// any language.
//
//	go run ./cmd/twilio-fake -addr 127.0.0.1:8080
//
// When it is ready it prints one line of JSON with its URL and the credentials
// of its main account, and then nothing more. It stops on SIGINT and SIGTERM.
// Run it with -help for the flags and the control endpoints.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"os/signal"
	"regexp"
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

const introduction = `twilio-fake is a Twilio to develop and test against: the REST API of
api.twilio.com/2010-04-01 in memory, with accounts and subaccounts, phone
numbers, calls, conferences, messages, applications, keys, addresses and usage.
It makes no real calls, sends and charges nothing, and saves nothing when it
stops. It calls no webhooks and fetches no TwiML.

When it is ready it prints one line of JSON:

  {"url":"http://127.0.0.1:8080","account_sid":"AC…","auth_token":"…"}

Set your client's base URL to this URL instead of https://api.twilio.com, and
use these credentials. Stop it with Ctrl-C.

Flags:
`

const endpoints = `
Time: the server's clock follows the real one, at the speed that -speed sets. A
call is queued for 1 second, rings for 4, lasts -call-duration and has its price
30 seconds after its end. A message is delivered after 3 seconds and has its
price 9 seconds later. Instead of waiting, advance the clock.

  curl -d d=1m http://127.0.0.1:8080/_fake/advance
      advances the clock and returns the new time
  curl http://127.0.0.1:8080/_fake/requests
      returns the latest 10,000 requests

Faults: make the next requests that match a method and path go wrong.

  curl -d status=503 -d path=/Calls.json -d times=2 \
      http://127.0.0.1:8080/_fake/faults
  curl -d code=20429 -d header="Retry-After: 1" \
      http://127.0.0.1:8080/_fake/faults
  curl -d reset=after -d method=POST -d path=/Messages.json \
      http://127.0.0.1:8080/_fake/faults
  curl -X DELETE http://127.0.0.1:8080/_fake/faults

  method, path   which requests; in path, * stands for any characters
  skip, times    how many pass first, and how many the fault applies to
                 (default 1; -1 means all from now on)
  rate           the probability that it applies to a matching request
  status, code   the HTTP status, and Twilio's error code
  body, content_type
                 the body instead of Twilio's JSON, and its type
  header         a header of the response
  delay          a wait, such as 40s
  after          true: the request has its effect, then goes wrong
  reset          before or after: the connection breaks before or after the
                 effect
  truncate       cuts the response off after so many bytes
`

// run serves until the context ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("twilio-fake", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = io.WriteString(stderr, introduction)
		flags.PrintDefaults()
		_, _ = io.WriteString(stderr, endpoints)
	}
	var (
		addr     = flags.String("addr", "127.0.0.1:8080", "`host:port` to listen on; 0 selects a free port")
		sid      = flags.String("account-sid", "", "`SID` of the main account (default: generated, always the same)")
		token    = flags.String("auth-token", "", "`AuthToken` of the main account (default: generated, always the same)")
		seed     = flags.String("seed", "", "a `word` that varies the generated SIDs and tokens")
		speed    = flags.Float64("speed", 1, "speed `factor` of the clock: 60 is a minute per second, 0 stops it")
		duration = flags.Duration("call-duration", 15*time.Second, "`length` of an answered call that nobody ends")
		limit    = flags.Int("subaccount-limit", 0, "`number` of subaccounts that may be open (default: no limit)")
		parallel = flags.Int("concurrency-limit", 0, "`number` of concurrent requests above which it responds with 429")
		magic    = flags.Bool("test-credentials", false, "treat the credentials as test credentials, with magic phone numbers")
		trial    = flags.Bool("trial", false, "make the main account a trial account")
		expire   = flags.Bool("auto-delete", false, "delete closed subaccounts after 30 days on the clock")
		owned    = flags.Bool("owned-senders", false, "refuse calls and messages from numbers that the account doesn't own")
	)
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; see -help", flags.Arg(0))
	}
	switch {
	case !(*speed >= 0 && *speed <= maxSpeed): // so that NaN is refused, too
		return fmt.Errorf("-speed is %v; use 0 to %d", *speed, maxSpeed)
	case *sid != "" && !accountSID.MatchString(*sid):
		return fmt.Errorf("-account-sid is %q; use AC and 32 hexadecimal digits", *sid)
	case *duration < 0:
		return fmt.Errorf("-call-duration is %v; use 0s or more", *duration)
	case *limit < 0:
		return fmt.Errorf("-subaccount-limit is %d; use 0 or more", *limit)
	case *parallel < 0:
		return fmt.Errorf("-concurrency-limit is %d; use 0 or more", *parallel)
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

var accountSID = regexp.MustCompile(`^AC[0-9a-fA-F]{32}$`)

// maxSpeed is a year in half a minute.
const maxSpeed = 1_000_000

// clock follows the real one at another speed, from now on. It stops where a
// duration ends, after 292 years.
func clock(speed float64) func() time.Time {
	start := time.Now()
	return func() time.Time {
		elapsed := float64(time.Since(start)) * speed
		if elapsed >= math.MaxInt64 {
			elapsed = math.Nextafter(math.MaxInt64, 0)
		}
		return start.Add(time.Duration(elapsed))
	}
}

// shutdownTimeout is how long requests have to finish when the program stops.
const shutdownTimeout = 3 * time.Second

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
	if err := json.NewEncoder(stdout).Encode(ready); err != nil { //nolint:gosec // printing the token is the purpose of the line
		return errors.Join(err, server.Close())
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return server.Close() // ends what is still in progress, such as the delay of a fault
	}
	return nil
}

// urlOf returns the URL at which a client on this machine reaches the listener.
func urlOf(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if ip := net.ParseIP(host); err == nil && ip.IsUnspecified() {
		return "http://127.0.0.1:" + port
	}
	return "http://" + addr.String()
}
