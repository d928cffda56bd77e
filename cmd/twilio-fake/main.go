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
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"regexp"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func main() {
	interrupted, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithCancel(context.Background())
	context.AfterFunc(interrupted, func() {
		stop() // from here on, another signal ends the program at once
		cancel()
	})
	switch err := run(ctx, os.Args[1:], os.LookupEnv, os.Stdout); {
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
stops. It calls the webhooks of numbers, messages and calls as Twilio does,
signed with the account's AuthToken, and obeys their TwiML. URLs must be on
this machine, unless -webhook-hosts allows others.

When it is ready it prints one line of JSON:

  {"url":"http://127.0.0.1:8080","account_sid":"AC…","auth_token":"…"}

Open this URL in a browser to see what the fake holds, and to write and call as
a phone would. Set your client's base URL to it instead of
https://api.twilio.com, and use these credentials. Ctrl-C stops it, and a second
Ctrl-C doesn't wait for requests in progress.

A program that has no setting for the URL needs no change: the URL is also that
of an HTTPS proxy. It serves Twilio's hosts itself, with certificates of a CA
that is made at each start, and refuses all others.

  twilio-fake -ca-file ca.pem
  export HTTPS_PROXY=http://127.0.0.1:8080
  curl --cacert ca.pem -u "$SID:$TOKEN" https://api.twilio.com/2010-04-01/Accounts.json

Node reads the name of the file from NODE_EXTRA_CA_CERTS, Go and Ruby from
SSL_CERT_FILE, Python's requests from REQUESTS_CA_BUNDLE, and PHP from its
setting curl.cainfo. Where Twilio's names can be made to lead here (a network
alias, /etc/hosts), use -tls-addr instead of a proxy.

Each flag can also be set by an environment variable: -call-duration by
TWILIO_FAKE_CALL_DURATION. A flag on the command line wins.

Flags:
`

const usage = `
Time: the server's clock follows the real one, at the speed that -speed sets. A
call is queued for 1 second, rings for 4, lasts -call-duration and has its price
30 seconds after its end. A message is delivered after 3 seconds and has its
price 9 seconds later. Instead of waiting, advance the clock:

  curl -d d=1m http://127.0.0.1:8080/_fake/advance

Control endpoints, below /_fake/, take a form or an object of JSON. What they
don't understand is refused with 400 and changes nothing. In a form, a + has to
be encoded:

  curl --data-urlencode from=+16518675310 --data-urlencode to=+14155550100 \
      -d body=Ahoy http://127.0.0.1:8080/_fake/inbound_messages

%s
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

Seeds: a document of JSON, for -seed or /_fake/seed, has lists of what to add;
all of it is added or nothing. Fields have the names of Twilio's API. Dates are
as in 2026-01-15T12:00:00Z or 2026-01-15, or relative to now: -36h.

  {"subaccounts":   [{"sid": "AC00000000000000000000000000000001",
                      "friendly_name": "Submarine"}],
   "phone_numbers": [{"account_sid": "AC00000000000000000000000000000001",
                      "phone_number": "+14155550100"}],
   "messages":      [{"account_sid": "AC00000000000000000000000000000001",
                      "from": "+16518675310", "to": "+14155550100",
                      "body": "Surface!", "direction": "inbound",
                      "status": "received", "date_sent": "-36h"}],
   "calls":         [{"from": "+14155550101", "to": "+16518675310",
                      "start_time": "-2h", "duration": 90}],
   "usage_records": [{"category": "sms-outbound", "start_date": "2026-01-15",
                      "count": 7, "price": "0.0553"}]}
`

// endpointTable is the list of control endpoints in -help, with the fields of
// those that are explained nowhere else.
func endpointTable() string {
	var b strings.Builder
	for _, e := range index() {
		fmt.Fprintf(&b, "  %-23s %s\n", e.Method+" "+strings.TrimPrefix(e.Path, "/_fake/"), e.About)
		if e.Fields != "" && e.Fields != seedFields && !strings.HasSuffix(e.Path, "/faults") {
			fmt.Fprintf(&b, "  %-23s   fields: %s\n", "", e.Fields)
		}
	}
	return b.String()
}

// run serves until the context ends.
func run(ctx context.Context, args []string, env func(string) (string, bool), stdout io.Writer) error {
	flags := flag.NewFlagSet("twilio-fake", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // main prints the error
	flags.Usage = func() {}
	var (
		addr     = flags.String("addr", "127.0.0.1:8080", "`host:port` to listen on; 0 selects a free port")
		tlsAddr  = flags.String("tls-addr", "", "`host:port` to serve HTTPS on, for Twilio's hosts and localhost (default: only as a proxy)")
		caFile   = flags.String("ca-file", "", "`file` to write the certificate of the CA to, which clients have to trust")
		seed     = flags.String("seed", "", "`file` of JSON with resources to begin with")
		sid      = flags.String("account-sid", "", "`SID` of the main account (default: generated, always the same)")
		token    = flags.String("auth-token", "", "`AuthToken` of the main account (default: generated, always the same)")
		random   = flags.String("random-seed", "", "a `word` that varies the generated SIDs and tokens")
		speed    = flags.Float64("speed", 1, "speed `factor` of the clock: 60 is a minute per second, 0 stops it")
		duration = flags.Duration("call-duration", 15*time.Second, "`length` of an answered call that nobody ends")
		limit    = flags.Int("subaccount-limit", 0, "`number` of subaccounts that may be open (default: no limit)")
		parallel = flags.Int("concurrency-limit", 0, "`number` of concurrent requests above which it responds with 429 (default: no limit)")
		magic    = flags.Bool("test-credentials", false, "treat the credentials as test credentials, with magic phone numbers")
		trial    = flags.Bool("trial", false, "make the main account a trial account")
		expire   = flags.Bool("auto-delete", false, "delete closed subaccounts after 30 days on the clock")
		owned    = flags.Bool("owned-senders", false, "refuse calls and messages from numbers that the account doesn't own")
		webhooks = flags.String("webhook-hosts", "", "`hosts`, separated by commas, that webhooks may go to besides this machine; * is any")
		about    = flags.Bool("version", false, "print the version and exit")
	)
	err := parseFlags(flags, args, env)
	if errors.Is(err, flag.ErrHelp) {
		_, _ = io.WriteString(stdout, introduction)
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		fmt.Fprintf(stdout, usage, endpointTable())
	}
	if err != nil {
		return err
	}
	if *about {
		_, err := fmt.Fprintln(stdout, "twilio-fake", version())
		return err
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
		twiliotest.WithSeed(*random),
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
	hosts := strings.FieldsFunc(*webhooks, func(r rune) bool { return r == ',' || r == ' ' })
	opts = append(opts, twiliotest.WithWebhookHosts(hosts...))
	ca, err := newAuthority()
	if err != nil {
		return err
	}
	a := newApp(ca, func() (*twiliotest.Server, error) {
		fake := twiliotest.NewUnstartedServer(append(opts, twiliotest.WithClock(clock(*speed)))...)
		if *seed == "" {
			return fake, nil
		}
		return fake, seedFile(fake, *seed)
	})
	if err := a.restart(); err != nil {
		return err
	}
	return a.serve(ctx, *addr, *tlsAddr, *caFile, stdout)
}

// parseFlags reads the command line, and from the environment the flags that it
// doesn't set. TWILIO_FAKE_VERSION is left to those who use it for a version of
// the program.
func parseFlags(flags *flag.FlagSet, args []string, env func(string) (string, bool)) error {
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; see -help", flags.Arg(0))
	}
	set := make(map[string]bool)
	flags.Visit(func(f *flag.Flag) { set[f.Name] = true })
	var invalid error
	flags.VisitAll(func(f *flag.Flag) {
		name := "TWILIO_FAKE_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		value, ok := env(name)
		if !ok || set[f.Name] || invalid != nil || f.Name == "version" {
			return
		}
		if err := f.Value.Set(value); err != nil {
			invalid = fmt.Errorf("%s is %q: %w", name, value, err)
		}
	})
	return invalid
}

// version is the one of the module, which go install and go run name@version
// record.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
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
