package twilio_test

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/operations"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// Two customers with the same name are an error that lists them; closed ones
// and the main account don't count.
func TestEnsureTellsNamesApart(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	w.srv.AddSubaccounts(twilio.Account{FriendlyName: "Gone", Status: "closed"}, twilio.Account{SID: subaccountSID(1), FriendlyName: "Twin"})
	for _, name := range []string{"Gone", "Main account"} {
		account, created, err := w.client.Accounts.Ensure(t.Context(), name)
		if err != nil || !created || account.Status != twilio.AccountStatusActive || account.SID == w.srv.AccountSID {
			t.Errorf("%s: %+v, created %t, %v", name, account, created, err)
		}
	}
	if account, created, err := w.client.Accounts.Ensure(t.Context(), "Twin"); err != nil || created || account.SID != subaccountSID(1) {
		t.Errorf("Twin: %+v, created %t, %v", account, created, err)
	}
	w.srv.AddSubaccounts(twilio.Account{SID: subaccountSID(2), FriendlyName: "Twin", Status: "suspended"})
	_, created, err := w.client.Accounts.Ensure(t.Context(), "Twin")
	if e, ok := errors.AsType[*twilio.ParamError](err); !ok || created || !strings.Contains(e.Reason, subaccountSID(1)) || !strings.Contains(e.Reason, subaccountSID(2)) {
		t.Errorf("two of a name: created %t, %v", created, err)
	}
	if e, ok := errors.AsType[*twilio.DuplicateAccountsError](err); !ok || e.FriendlyName != "Twin" || len(e.Accounts) != 2 ||
		e.Accounts[0].SID != subaccountSID(1) || e.Accounts[1].SID != subaccountSID(2) || strings.Contains(err.Error(), "Twin") {
		t.Errorf("two of a name: %T %v", err, err)
	}
}

func TestEnsureRefuses(t *testing.T) {
	t.Parallel()
	testRefusals(t, []refusal{
		{name: "no name", operation: "accounts.ensure", field: "friendlyName", run: func(w *customer) error {
			_, _, err := w.client.Accounts.Ensure(t.Context(), "")
			return err
		}},
		{name: "a long name", operation: "accounts.ensure", field: "friendlyName", run: func(w *customer) error {
			_, _, err := w.client.Accounts.Ensure(t.Context(), strings.Repeat("é", 65))
			return err
		}},
	})
}

// A name that may come back changed would make another account with every run.
func TestEnsureRefusesNamesThatCannotBeCompared(t *testing.T) {
	t.Parallel()
	for _, name := range []string{" Acme", "Acme ", "\tAcme", "Acme\n", "Acme\u00a0", "\u2003Acme", "\u200bAcme", "Acme\ufeff", " ", "Ac\nme", "Ac\x00me", "Acme\x7f", "Ac\xffme"} {
		w := newCustomer(t, noRetries)
		before := w.state()
		_, created, err := w.client.Accounts.Ensure(t.Context(), name)
		wantNothingChanged(t, w, before, "friendlyName", "", err)
		_, dupErr := w.client.Accounts.Duplicates(t.Context(), name)
		wantNothingChanged(t, w, before, "friendlyName", "", dupErr)
		if created || w.transport.count() > 0 {
			t.Errorf("%q: created %t, %d requests", name, created, w.transport.count())
		}
	}
	for _, name := range []string{"Acme, Inc.", "Ac me", "阿克梅", "customer-4711", "Zoë 🚀"} {
		w := newCustomer(t, noRetries)
		for _, want := range []bool{true, false} {
			if _, created, err := w.client.Accounts.Ensure(t.Context(), name); err != nil || created != want {
				t.Errorf("%q: created %t, %v", name, created, err)
			}
		}
	}
}

// Which of several accounts can be closed follows from what they hold and from
// their age.
func TestDuplicates(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	byAge := []string{1: subaccountSID(2), 2: subaccountSID(3), 3: subaccountSID(1)}
	for _, c := range []struct {
		hold     map[int]string // what each holds, by age
		canClose []int
	}{
		{nil, []int{2, 3}},
		{map[int]string{2: "phone numbers"}, []int{1, 3}},
		{map[int]string{1: "calls"}, []int{2, 3}},
		{map[int]string{3: "messages"}, []int{1, 2}},
		{map[int]string{3: "keys"}, []int{1, 2}},
		{map[int]string{3: "addresses"}, []int{1, 2}},
		{map[int]string{3: "applications"}, []int{1, 2}},
		{map[int]string{3: "caller IDs"}, []int{1, 2}},
		{map[int]string{3: "short codes"}, []int{1, 2}},
		{map[int]string{3: "queues"}, []int{1, 2}},
		{map[int]string{3: "recordings"}, []int{1, 2}},
		{map[int]string{3: "SIP domains"}, []int{1, 2}},
		{map[int]string{1: "calls", 2: "messages", 3: "keys"}, nil},
	} {
		srv := twiliotest.NewUnstartedServer()
		srv.AddSubaccounts( // not in the order of their age
			twilio.Account{SID: byAge[2], FriendlyName: "Twin", DateCreated: day(2)},
			twilio.Account{SID: byAge[3], FriendlyName: "Twin", DateCreated: day(3), Status: "suspended"},
			twilio.Account{SID: byAge[1], FriendlyName: "Twin", DateCreated: day(1)},
			twilio.Account{SID: subaccountSID(4), FriendlyName: "Twin", DateCreated: day(1), Status: "closed"},
			twilio.Account{SID: subaccountSID(5), FriendlyName: "twin", DateCreated: day(1)})
		short := ""
		for n, what := range c.hold {
			switch sid := byAge[n]; what {
			case "phone numbers":
				srv.AddPhoneNumber(sid, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550100"})
			case "calls":
				srv.AddCall(sid, twilio.Call{Status: "completed"})
			case "messages":
				srv.AddMessage(sid, twilio.Message{Status: "delivered"})
			case "keys":
				srv.AddKey(sid, "key")
			case "addresses":
				srv.AddAddress(sid, twilio.Address{CustomerName: "Other", Street: "1 Main St", City: "Springfield", Region: "IL", PostalCode: "62701"})
			case "applications":
				if _, err := srv.Client().Subaccount(sid).Applications.Create(t.Context(), twilio.ApplicationCreateParams{}); err != nil {
					t.Fatal(err)
				}
			case "caller IDs":
				srv.AddCallerID(sid, "+14155550101")
			case "short codes":
				short = sid
			case "queues":
				if _, err := srv.Client().Subaccount(sid).Queues.Create(t.Context(), twilio.QueueCreateParams{FriendlyName: "support"}); err != nil {
					t.Fatal(err)
				}
			case "recordings":
				srv.AddRecording(sid, twilio.Recording{})
			case "SIP domains":
				params := twilio.SIPDomainCreateParams{DomainName: "twin.sip.twilio.com"}
				if _, err := srv.Client().Subaccount(sid).SIP.Domains.Create(t.Context(), params); err != nil {
					t.Fatal(err)
				}
			}
		}
		client := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: &slowNetwork{srv: srv, meet: func(r *http.Request) (*http.Response, error) {
			if short != "" && strings.HasSuffix(r.URL.Path, short+"/SMS/ShortCodes.json") {
				return respond(http.StatusOK, `{"short_codes":[{"sid":"SC00000000000000000000000000000001"}]}`)(r)
			}
			return nil, nil
		}}}))
		duplicates, err := client.Accounts.Duplicates(t.Context(), "Twin")
		if err != nil || len(duplicates) != 3 {
			t.Fatalf("%v: %+v, %v", c.hold, duplicates, err)
		}
		var canClose []int
		for i, d := range duplicates {
			if d.Account.SID != byAge[i+1] || !slices.Equal(d.Holds, slices.DeleteFunc([]string{c.hold[i+1]}, func(s string) bool { return s == "" })) {
				t.Errorf("%v: %s holds %v", c.hold, d.Account.SID, d.Holds)
			}
			if d.CanClose {
				canClose = append(canClose, i+1)
			}
		}
		if !slices.Equal(canClose, c.canClose) {
			t.Errorf("%v: %v can be closed, want %v", c.hold, canClose, c.canClose)
		}
	}
}

// Two runs that both find nothing create two accounts; what Duplicates returns
// is the way out, and Ensure works again.
func TestEnsureRacesAndRecovers(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	w.transport.intercept = func(n int, _ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		if n == 2 { // it has looked, and is about to create
			w.srv.AddSubaccount(twilio.Account{FriendlyName: "New"})
		}
		return send()
	}
	ours, created, err := w.client.Accounts.Ensure(t.Context(), "New")
	if err != nil || !created {
		t.Fatalf("created %t, %v", created, err)
	}
	w.srv.AddMessage(ours.SID, twilio.Message{Status: "delivered"})
	_, _, err = w.client.Accounts.Ensure(t.Context(), "New")
	e, ok := errors.AsType[*twilio.DuplicateAccountsError](err)
	if !ok || len(e.Accounts) != 2 {
		t.Fatalf("%v", err)
	}
	duplicates, err := w.client.Accounts.Duplicates(t.Context(), e.FriendlyName)
	for _, d := range duplicates {
		if d.CanClose {
			_, closeErr := w.client.Accounts.Close(t.Context(), d.Account.SID, twilio.CloseParams{})
			err = errors.Join(err, closeErr)
		}
	}
	left, created, ensureErr := w.client.Accounts.Ensure(t.Context(), "New")
	if err != nil || ensureErr != nil || created || left.SID != ours.SID {
		t.Errorf("%v, %v: created %t, %+v", err, ensureErr, created, left)
	}
}

// The zero Client says what it is; so do the services of a client that nobody
// made.
func TestWorkflowsOfTheZeroClient(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	var zero twilio.Client
	sub := zero.Subaccount(acme)
	zero.CloseIdleConnections()
	for name, err := range map[string]error{
		"Ensure":              second(second2(zero.Accounts.Ensure(ctx, "x"))),
		"Duplicates":          second(zero.Accounts.Duplicates(ctx, "x")),
		"Suspend":             second(zero.Accounts.Suspend(ctx, acme, twilio.SuspendParams{})),
		"Activate":            second(zero.Accounts.Activate(ctx, acme)),
		"Close":               second(zero.Accounts.Close(ctx, acme, twilio.CloseParams{})),
		"ForEach":             zero.Accounts.ForEach(ctx, twilio.AccountListParams{}, twilio.ForEachParams{}, nil),
		"End":                 second(zero.Calls.End(ctx, acmeCall)),
		"EndAll":              second(zero.Calls.EndAll(ctx)),
		"Transfer":            second(zero.IncomingPhoneNumbers.Transfer(ctx, acmeNumber, twilio.TransferParams{To: acme})),
		"TransferAll":         second(zero.IncomingPhoneNumbers.TransferAll(ctx, twilio.TransferParams{To: acme})),
		"Do":                  zero.Do(ctx, "GET", "/2010-04-01/Accounts.json", nil, nil),
		"Calls.Get of a copy": second(sub.Calls.Get(ctx, acmeCall)),
		"Close of a copy":     second(sub.Accounts.Close(ctx, acme, twilio.CloseParams{})),
		"Get of no client's":  second(new(twilio.CallService).Get(ctx, acmeCall)),
		"End of no client's":  second(new(twilio.CallService).End(ctx, acmeCall)),
	} {
		if e, ok := errors.AsType[*twilio.ParamError](err); !ok || e.Field != "Client" || !strings.Contains(e.Reason, "NewClient") || e.Operation == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if text := fmt.Sprint(&zero); text != "twilio.Client()" {
		t.Errorf("%s", text)
	}
}

// Every method of a zero Client's services, which are nil, says so too.
func TestServicesOfTheZeroClient(t *testing.T) {
	t.Parallel()
	for _, name := range operations.MethodNames() {
		_, err := operations.Invoke(t.Context(), operations.NilMethod(name), nil, reflect.Value{})
		if e, ok := errors.AsType[*twilio.ParamError](err); !ok || e.Field != "Client" || e.Operation == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func second2[T, U any](_ T, second U, err error) (U, error) { return second, err }
