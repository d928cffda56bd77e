package faults

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/operations"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A workflowCase is a workflow of the matrix.
type workflowCase struct {
	method string // a key of operations.Workflows, or empty
	name   string
	// run returns what the workflow reports, and which of it is false.
	run func(ctx context.Context, cust *customer) (report string, mistakes []string, err error)
	// prepare adds to what newCustomer makes.
	prepare func(cust *customer)

	// The states before and after an undisturbed run, and its report.
	before, want, report string
	changes              bool
	// isConcurrent says that the workflow sends several requests at once.
	isConcurrent bool
}

const (
	acme       = "AC0000000000000000000000000000acce" // the customer
	other      = "AC000000000000000000000000000000be" // who gets its numbers
	acmeNumber = "PN00000000000000000000000000000001"
	acmeCall   = "CA00000000000000000000000000000001"

	acmeBundle    = "BU00000000000000000000000000000001"
	bundledNumber = "PN00000000000000000000000000000009"
)

var alert = twilio.UsageTriggerCreateParams{
	FriendlyName: "alert", UsageCategory: twilio.UsageCategoryTotalPrice, TriggerBy: twilio.UsageTriggerFieldPrice,
	TriggerValue: "50", CallbackURL: "https://example.com/alert",
}

// A customer is a subaccount for the workflows to work on, and its fake.
type customer struct {
	t      *testing.T
	srv    *twiliotest.Server
	client *twilio.Client // the main account's, in a session
	// concurrency is how many requests a workflow may have at once. Their order
	// is that of docs/FAULTS.md with 1; with more, only the rules hold.
	concurrency int

	token, savedToken twilio.Secret // the AuthToken at first, and what a rotation saved
	oldKey            string        // the SID of the key to rotate
	savedKey          *twilio.Key   // what the rotation saved
}

// newCustomer makes a customer that has two calls and two numbers.
func newCustomer(t *testing.T) *customer {
	t.Helper()
	srv := twiliotest.NewUnstartedServer()
	cust := &customer{t: t, srv: srv, concurrency: 1}
	srv.AddSubaccounts(twilio.Account{SID: acme, FriendlyName: "Acme"}, twilio.Account{SID: other, FriendlyName: "Other"})
	for i, status := range []twilio.CallStatus{"in-progress", "queued"} {
		srv.AddCall(acme, twilio.Call{SID: fmt.Sprintf("CA%032d", i+1), From: fromPhone, To: fmt.Sprintf("+1415555010%d", i), Status: status})
		srv.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{SID: fmt.Sprintf("PN%032d", i+1), PhoneNumber: fmt.Sprintf("+1415555020%d", i)})
	}
	return cust
}

// addSpending adds calls and messages with a price.
func addSpending(cust *customer) {
	price := decimal.NewNullDecimal(decimal.RequireFromString("-0.01"))
	for range 2 {
		cust.srv.AddCall(acme, twilio.Call{Status: "completed", Price: price, PriceUnit: "USD", StartTime: cust.srv.Now(), EndTime: cust.srv.Now()})
		cust.srv.AddMessage(acme, twilio.Message{Status: "delivered", Price: price, PriceUnit: "USD", DateSent: cust.srv.Now()})
	}
}

// addRecordings adds recordings with what belongs to them, and messages with
// media.
func addRecordings(cust *customer) {
	for range 2 {
		recording := cust.srv.AddRecording(acme, twilio.Recording{CallSID: acmeCall}).SID
		cust.srv.AddTranscription(acme, twilio.Transcription{RecordingSID: recording})
		result := cust.srv.AddAddOnResult(acme, twilio.AddOnResult{ReferenceSID: recording}).SID
		cust.srv.AddAddOnPayload(acme, twilio.AddOnPayload{AddOnResultSID: result}, []byte("{}"))
		cust.srv.AddMessage(acme, twilio.Message{NumMedia: 2})
	}
}

// workflowCases has the workflows, each in at least one variant.
func workflowCases() []workflowCase {
	sub := func(cust *customer) *twilio.Client { return cust.client.Subaccount(acme) }
	return []workflowCase{
		{method: "Accounts.Ensure", name: "Accounts.Ensure, where there is none", run: func(ctx context.Context, cust *customer) (string, []string, error) {
			account, created, err := cust.client.Accounts.Ensure(ctx, "New")
			if err != nil {
				return "", nil, err
			}
			return fmt.Sprint(account.FriendlyName, created), cust.claim(account.Status == cust.status(account.SID), "the account's status"), nil
		}},
		{method: "Accounts.Ensure", name: "Accounts.Ensure, where there is one", run: func(ctx context.Context, cust *customer) (string, []string, error) {
			account, created, err := cust.client.Accounts.Ensure(ctx, "Acme")
			if err != nil {
				return "", nil, err
			}
			return fmt.Sprint(account.SID, created), nil, nil
		}},
		{method: "Accounts.Duplicates", name: "Accounts.Duplicates", run: func(ctx context.Context, cust *customer) (string, []string, error) {
			duplicates, err := cust.client.Accounts.Duplicates(ctx, "Acme")
			if err != nil {
				return "", cust.claim(duplicates == nil, "a part of the accounts"), err
			}
			return fmt.Sprint(duplicates[0].Account.SID, duplicates[0].Holds), nil, nil
		}},
		{method: "Accounts.Suspend", isConcurrent: true, name: "Accounts.Suspend with EndCalls", run: func(ctx context.Context, cust *customer) (string, []string, error) {
			report, err := cust.client.Accounts.Suspend(ctx, acme, twilio.SuspendParams{EndCalls: true, Concurrency: cust.concurrency})
			if report == nil {
				return "", nil, err
			}
			return fmt.Sprint(report.Account.Status, callList(report.EndedCalls)),
				append(cust.checkEnded(report.EndedCalls), cust.claim(report.Account.Status == cust.status(acme), "the account's status")...), err
		}},
		{method: "Accounts.Activate", name: "Accounts.Activate", prepare: func(cust *customer) {
			_ = must(cust.srv.Client().Accounts.Suspend(cust.t.Context(), acme, twilio.SuspendParams{}))
		}, run: func(ctx context.Context, cust *customer) (string, []string, error) {
			account, err := cust.client.Accounts.Activate(ctx, acme)
			if err != nil {
				return "", nil, err
			}
			return string(account.Status), cust.claim(account.Status == cust.status(acme), "the account's status"), nil
		}},
		{method: "Accounts.Close", isConcurrent: true, name: "Accounts.Close with MoveNumbersTo", run: func(ctx context.Context, cust *customer) (string, []string, error) {
			return cust.closeAccount(ctx, twilio.CloseParams{MoveNumbersTo: other, Concurrency: cust.concurrency})
		}},
		{method: "Accounts.Close", isConcurrent: true, name: "Accounts.Close with ReleaseNumbers", run: func(ctx context.Context, cust *customer) (string, []string, error) {
			return cust.closeAccount(ctx, twilio.CloseParams{ReleaseNumbers: true, Concurrency: cust.concurrency})
		}},
		{method: "Accounts.ForEach", isConcurrent: true, name: "Accounts.ForEach, reading a list of each account", run: func(ctx context.Context, cust *customer) (string, []string, error) {
			var mu sync.Mutex
			visits := map[string]int{}
			told := 0
			err := cust.client.Accounts.ForEach(ctx, twilio.AccountListParams{}, twilio.ForEachParams{Concurrency: cust.concurrency,
				Progress: func(p twilio.ForEachProgress) { told = p.Done }},
				func(ctx context.Context, c *twilio.Client, account *twilio.Account) error {
					mu.Lock()
					visits[account.SID]++
					mu.Unlock()
					_, err := c.Calls.List(ctx, twilio.CallListParams{})
					return err
				})
			mistakes := cust.claim(told == len(visits), "how many accounts are done")
			for _, n := range visits {
				mistakes = append(mistakes, cust.claim(n == 1, "an account that was visited twice")...)
			}
			return fmt.Sprint(slices.Sorted(maps.Keys(visits))), mistakes, err
		}},
		{method: "Accounts.RotateAuthToken", name: "Accounts.RotateAuthToken", prepare: func(cust *customer) {
			cust.token = must(cust.srv.Client().Accounts.Get(cust.t.Context(), acme)).AuthToken
		}, run: func(ctx context.Context, cust *customer) (string, []string, error) {
			account, err := cust.client.Accounts.RotateAuthToken(ctx, acme, twilio.RotateAuthTokenParams{
				Saved: cust.savedToken,
				Save:  func(_ context.Context, token twilio.Secret) error { cust.savedToken = token; return nil },
			})
			if err != nil {
				return "", cust.claim(cust.tokenWorks(), "a token that works"), err
			}
			return account.SID, cust.claim(account.AuthToken.Reveal() == cust.savedToken.Reveal() && cust.tokenWorks(), "the token"), nil
		}},
		{method: "Keys.Rotate", name: "Keys.Rotate", prepare: func(cust *customer) {
			cust.oldKey = must(cust.srv.Client().Subaccount(acme).Keys.Create(cust.t.Context(), twilio.KeyCreateParams{FriendlyName: "billing"})).SID
		}, run: func(ctx context.Context, cust *customer) (string, []string, error) {
			params := twilio.KeyRotateParams{Save: func(_ context.Context, key *twilio.Key) error { cust.savedKey = key; return nil }}
			if cust.savedKey != nil {
				params.Saved = cust.savedKey.SID
			}
			key, err := sub(cust).Keys.Rotate(ctx, cust.oldKey, params)
			if err != nil {
				return "", nil, err
			}
			return key.FriendlyName, cust.claim(key.SID == cust.savedKey.SID, "the key"), nil
		}},
		{method: "Calls.End", name: "Calls.End", run: func(ctx context.Context, cust *customer) (string, []string, error) {
			call, err := sub(cust).Calls.End(ctx, acmeCall)
			if err != nil {
				return "", nil, err
			}
			return fmt.Sprint(call.SID, call.Status), cust.checkEnded([]*twilio.Call{call}), nil
		}},
		{method: "Calls.EndAll", isConcurrent: true, name: "Calls.EndAll", run: func(ctx context.Context, cust *customer) (string, []string, error) {
			calls, err := sub(cust).Calls.EndAll(ctx, twilio.EndAllParams{Concurrency: cust.concurrency})
			return callList(calls), cust.checkEnded(calls), err
		}},
		{method: "Calls.Spend", name: "Calls.Spend", prepare: addSpending, run: func(ctx context.Context, cust *customer) (string, []string, error) {
			sum, err := sub(cust).Calls.Spend(ctx, twilio.CallListParams{PageSize: 2})
			return fmt.Sprint(sum), cust.claim((sum == nil) == (err != nil), "a part of a sum"), err
		}},
		{method: "Messages.Spend", name: "Messages.Spend", prepare: addSpending, run: func(ctx context.Context, cust *customer) (string, []string, error) {
			sum, err := sub(cust).Messages.Spend(ctx, twilio.MessageListParams{PageSize: 1})
			return fmt.Sprint(sum), cust.claim((sum == nil) == (err != nil), "a part of a sum"), err
		}},
		{method: "Usage.Bill", name: "Usage.Bill", prepare: addSpending, run: func(ctx context.Context, cust *customer) (string, []string, error) {
			bill, err := sub(cust).Usage.Bill(ctx, twilio.BillParams{StartDate: cust.srv.Now(), EndDate: cust.srv.Now()})
			if err != nil {
				return "", cust.claim(bill == nil, "a part of a bill"), err
			}
			return bill.String(), nil, nil
		}},
		{method: "Usage.Reconcile", name: "Usage.Reconcile", prepare: addSpending, run: func(ctx context.Context, cust *customer) (string, []string, error) {
			out, err := sub(cust).Usage.Reconcile(ctx, twilio.ReconcileParams{StartDate: cust.srv.Now(), EndDate: cust.srv.Now()})
			if err != nil {
				return "", cust.claim(out == nil, "a part of a comparison"), err
			}
			return out.String(), nil, nil
		}},
		{method: "Recordings.Erase", isConcurrent: true, name: "Recordings.Erase", prepare: addRecordings, run: func(ctx context.Context, cust *customer) (string, []string, error) {
			report, err := sub(cust).Recordings.Erase(ctx, twilio.RecordingListParams{}, twilio.EraseParams{Confirm: true, Concurrency: cust.concurrency})
			return cust.checkErased(report, err, func(ctx context.Context, sid string) error {
				_, err := cust.srv.Client().Subaccount(acme).Recordings.Get(ctx, sid, twilio.RecordingGetParams{})
				return err
			})
		}},
		{method: "Messages.Erase", isConcurrent: true, name: "Messages.Erase", prepare: addRecordings, run: func(ctx context.Context, cust *customer) (string, []string, error) {
			report, err := sub(cust).Messages.Erase(ctx, twilio.MessageListParams{}, twilio.EraseParams{Confirm: true, Concurrency: cust.concurrency})
			return cust.checkErased(report, err, func(ctx context.Context, sid string) error {
				_, err := cust.srv.Client().Subaccount(acme).Messages.Get(ctx, sid)
				return err
			})
		}},
		{method: "IncomingPhoneNumbers.Transfer", name: "IncomingPhoneNumbers.Transfer", run: func(ctx context.Context, cust *customer) (string, []string, error) {
			number, err := sub(cust).IncomingPhoneNumbers.Transfer(ctx, acmeNumber, twilio.TransferParams{To: other})
			if err != nil {
				return "", nil, err
			}
			return number.PhoneNumber, cust.checkMoved([]*twilio.IncomingPhoneNumber{number}), nil
		}},
		{method: "IncomingPhoneNumbers.Transfer", name: "IncomingPhoneNumbers.Transfer with CloneBundle", prepare: func(cust *customer) {
			cust.srv.AddBundle(acme, twilio.Bundle{SID: acmeBundle})
			cust.srv.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{SID: bundledNumber, PhoneNumber: "+14155550209", BundleSID: acmeBundle})
		}, run: func(ctx context.Context, cust *customer) (string, []string, error) {
			number, err := sub(cust).IncomingPhoneNumbers.Transfer(ctx, bundledNumber, twilio.TransferParams{To: other, CloneBundle: true})
			if err != nil {
				return "", nil, err
			}
			return number.PhoneNumber, append(cust.checkMoved([]*twilio.IncomingPhoneNumber{number}), cust.claim(number.BundleSID != acmeBundle, "the clone")...), nil
		}},
		{method: "IncomingPhoneNumbers.TransferAll", isConcurrent: true, name: "IncomingPhoneNumbers.TransferAll", run: func(ctx context.Context, cust *customer) (string, []string, error) {
			report, err := sub(cust).IncomingPhoneNumbers.TransferAll(ctx, twilio.TransferParams{To: other, Concurrency: cust.concurrency})
			return phoneList(report.Moved), append(cust.checkMoved(report.Moved), cust.claim(len(report.Failed) == 0 || err != nil, "a failure without an error")...), err
		}},
		{method: "IncomingPhoneNumbers.Buy", name: "IncomingPhoneNumbers.Buy, unless there is a number of the name", run: func(ctx context.Context, cust *customer) (string, []string, error) {
			const name = "main line"
			for number, err := range sub(cust).IncomingPhoneNumbers.All(ctx, twilio.IncomingPhoneNumberListParams{FriendlyName: name}) {
				if err != nil {
					return "", nil, err
				}
				return number.PhoneNumber, nil, nil
			}
			number, err := sub(cust).IncomingPhoneNumbers.Buy(ctx, twilio.BuyParams{Country: "US",
				Number: twilio.IncomingPhoneNumberCreateParams{FriendlyName: name}})
			if err != nil {
				return "", cust.claim(number == nil, "a number beside an error"), err
			}
			return number.PhoneNumber, cust.claim(slices.Contains(cust.numbers(acme), number.PhoneNumber), "that the number is there"), nil
		}},
		{method: "Usage.Triggers.Ensure", name: "Usage.Triggers.Ensure, where there is none", run: func(ctx context.Context, cust *customer) (string, []string, error) {
			trigger, _, err := sub(cust).Usage.Triggers.Ensure(ctx, alert)
			if err != nil {
				return "", cust.claim(trigger == nil, "a trigger beside an error"), err
			}
			return trigger.FriendlyName, nil, nil
		}},
		{method: "Accounts.Provision", name: "Accounts.Provision of everything", run: func(ctx context.Context, cust *customer) (string, []string, error) {
			report, err := cust.client.Accounts.Provision(ctx, twilio.ProvisionParams{
				FriendlyName: "New",
				Key:          &twilio.KeyCreateParams{FriendlyName: "backend"},
				SaveKey:      func(_ context.Context, _ string, key *twilio.Key) error { cust.savedKey = key; return nil },
				Address: &twilio.AddressCreateParams{FriendlyName: "office", CustomerName: "Nemo", Street: "375 Beale St",
					City: "San Francisco", Region: "CA", PostalCode: "94105", ISOCountry: "US"},
				Trigger: &alert,
				Number:  &twilio.BuyParams{Country: "US", Number: twilio.IncomingPhoneNumberCreateParams{FriendlyName: "main line"}},
			})
			if err != nil {
				return "", cust.claim(report.Account == nil || report.Account.Status == cust.status(report.Account.SID), "the account"), err
			}
			own := cust.srv.Client().WithCredentials(twilio.APIKey(report.Account.SID, cust.savedKey.SID, cust.savedKey.Secret.Reveal()))
			_, keyErr := own.Calls.List(cust.t.Context(), twilio.CallListParams{})
			return fmt.Sprint(report.Key.FriendlyName, report.Address.FriendlyName, report.Trigger.FriendlyName, report.Number.PhoneNumber),
				append(cust.claim(keyErr == nil && report.Key.SID == cust.savedKey.SID, "the key"),
					cust.claim(slices.Contains(cust.numbers(report.Account.SID), report.Number.PhoneNumber), "the number")...), nil
		}},
		{name: "IncomingPhoneNumbers.Create by PhoneNumber", run: func(ctx context.Context, cust *customer) (string, []string, error) {
			number, err := sub(cust).IncomingPhoneNumbers.Create(ctx, twilio.IncomingPhoneNumberCreateParams{PhoneNumber: availablePhone})
			// The second purchase is refused, where the first had its effect.
			if e, ok := errors.AsType[*twilio.Error](err); ok && e.Code == twilio.CodePhoneNumberNotAvailable {
				return "", cust.claim(slices.Contains(cust.numbers(acme), availablePhone), "that the number is taken"), nil
			}
			if err != nil {
				return "", nil, err
			}
			return number.PhoneNumber, cust.claim(slices.Contains(cust.numbers(acme), number.PhoneNumber), "that the number is there"), nil
		}},
	}
}

// closeAccount closes the customer's account and checks the report.
func (cust *customer) closeAccount(ctx context.Context, params twilio.CloseParams) (string, []string, error) {
	report, err := cust.client.Accounts.Close(ctx, acme, params)
	if report == nil {
		return "", nil, err
	}
	status := cust.status(acme)
	mistakes := slices.Concat(cust.checkEnded(report.EndedCalls), cust.checkMoved(report.MovedNumbers),
		cust.claim(report.Account.Status != "closed" || status == "closed", "that it is closed"),
		cust.claim(len(report.ReleasedNumbers) == 0 || status == "closed", "numbers that are said to be released"),
		cust.claim(status != "closed" || err == nil || report.Account.Status != "closed", "a failure beside a success"))
	return fmt.Sprint(report.Account.Status, callList(report.EndedCalls), phoneList(report.MovedNumbers), phoneList(report.ReleasedNumbers)), mistakes, err
}

// claim returns what a report says, if it is false.
func (cust *customer) claim(so bool, what string) []string {
	if so {
		return nil
	}
	return []string{"the report is wrong about " + what}
}

// checkEnded checks that calls have ended as reported.
func (cust *customer) checkEnded(calls []*twilio.Call) (mistakes []string) {
	for _, call := range calls {
		now := must(cust.srv.Client().Subaccount(acme).Calls.Get(cust.t.Context(), call.SID))
		mistakes = append(mistakes, cust.claim(now.Status == "completed" && now.Status == call.Status, "a call")...)
	}
	return mistakes
}

// checkErased checks that what is said to be erased is gone, and what is said to
// remain isn't.
func (cust *customer) checkErased(report *twilio.EraseReport, err error, get func(ctx context.Context, sid string) error) (string, []string, error) {
	if report == nil {
		return "", nil, err
	}
	mistakes := slices.Concat(
		cust.claim(len(report.Found) == len(report.Erased)+len(report.Remaining), "what it found"),
		cust.claim(len(report.Remaining) == 0 || err != nil, "a failure without an error"))
	for _, sid := range report.Erased {
		mistakes = append(mistakes, cust.claim(errors.Is(get(cust.t.Context(), sid), twilio.ErrNotFound), "something that is erased")...)
	}
	return fmt.Sprint(len(report.Remaining), " remain"), mistakes, err
}

// checkMoved checks that numbers have moved as reported.
func (cust *customer) checkMoved(numbers []*twilio.IncomingPhoneNumber) (mistakes []string) {
	for _, number := range numbers {
		mistakes = append(mistakes, cust.claim(slices.Contains(cust.numbers(other), number.PhoneNumber), "a number that has moved")...)
	}
	return mistakes
}

// tokenWorks reports whether the token that the main account can read works.
func (cust *customer) tokenWorks() bool {
	client, ctx := cust.srv.Client(), cust.t.Context()
	account := must(client.Accounts.Get(ctx, acme))
	_, err := client.WithCredentials(account.Credentials()).Balance.Get(ctx)
	return err == nil
}

// status is that of an account.
func (cust *customer) status(sid string) twilio.AccountStatus {
	return must(cust.srv.Client().Accounts.Get(cust.t.Context(), sid)).Status
}

// numbers are the phone numbers of an account, in order.
func (cust *customer) numbers(sid string) []string {
	numbers := cust.srv.Client().Subaccount(sid).IncomingPhoneNumbers
	var found []string
	for number, err := range numbers.All(cust.t.Context(), twilio.IncomingPhoneNumberListParams{}) {
		found = append(found, must(number, err).PhoneNumber)
	}
	slices.Sort(found)
	return found
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// callList is the SIDs of calls in order.
func callList(calls []*twilio.Call) string {
	var sids []string
	for _, call := range calls {
		sids = append(sids, call.SID)
	}
	slices.Sort(sids)
	return fmt.Sprint(sids)
}

// phoneList is the phone numbers in order.
func phoneList(numbers []*twilio.IncomingPhoneNumber) string {
	var all []string
	for _, number := range numbers {
		all = append(all, number.PhoneNumber)
	}
	slices.Sort(all)
	return fmt.Sprint(all)
}

// begin starts a session with a new customer.
func (c *workflowCase) begin(t *testing.T, met fault) (cust *customer, s *session, stop func()) {
	t.Helper()
	cust = newCustomer(t)
	if c.prepare != nil {
		c.prepare(cust)
	}
	s, stop = newSession(t, cust.srv, met)
	cust.client = s.client
	return cust, s, stop
}

// runUndisturbed runs the workflow without a fault and keeps its results.
func (c *workflowCase) runUndisturbed(t *testing.T) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		cust, s, stop := c.begin(t, fault{})
		defer stop()
		c.before = cust.state()
		for range 2 { // a second run changes nothing
			report, mistakes, err := c.run(t.Context(), cust)
			if err != nil || len(mistakes) > 0 {
				t.Error(mistakes, err)
			}
			if end := cust.state(); c.want == "" {
				c.report, c.want, c.changes = report, end, s.effects > 0
			} else if end != c.want {
				t.Errorf("run again it ends at\n%s\nwant\n%s", end, c.want)
			}
		}
	})
}

// TestEveryWorkflowMeetsEveryFault finds workflows that TestFaults leaves out.
func TestEveryWorkflowMeetsEveryFault(t *testing.T) {
	t.Parallel()
	all := workflowCases()
	for method := range operations.Workflows {
		if !slices.ContainsFunc(all, func(c workflowCase) bool { return c.method == method }) {
			t.Errorf("%s meets no fault; add it to workflowCases", method)
		}
	}
}

// state describes all that a workflow may change.
func (cust *customer) state() string {
	client, ctx := cust.srv.Client(), cust.t.Context()
	var lines []string
	for call, err := range client.Subaccount(acme).Calls.All(ctx, twilio.CallListParams{}) {
		lines = append(lines, must(call, err).SID+" "+string(call.Status))
	}
	for account, err := range client.Accounts.All(ctx, twilio.AccountListParams{FriendlyName: "New"}) {
		lines = append(lines, must(account, err).FriendlyName+" "+string(account.Status)+cust.setup(account.SID))
	}
	for key, err := range client.Subaccount(acme).Keys.All(ctx, twilio.KeyListParams{}) {
		lines = append(lines, fmt.Sprintf("key %s, new %t", must(key, err).FriendlyName, key.SID != cust.oldKey))
	}
	if !cust.token.IsZero() {
		isNew := must(client.Accounts.Get(ctx, acme)).AuthToken.Reveal() != cust.token.Reveal()
		lines = append(lines, fmt.Sprintf("token is new: %t", isNew))
	}
	heir := client.WithCredentials(cust.srv.Credentials(other))
	for bundle, err := range heir.Regulatory.Bundles.All(ctx, twilio.BundleListParams{}) {
		lines = append(lines, must(bundle, err).FriendlyName)
	}
	sub := client.Subaccount(acme)
	for recording, err := range sub.Recordings.All(ctx, twilio.RecordingListParams{}) {
		lines = append(lines, must(recording, err).SID)
	}
	for text, err := range sub.Transcriptions.All(ctx, twilio.TranscriptionListParams{}) {
		lines = append(lines, must(text, err).SID)
	}
	for message, err := range sub.Messages.All(ctx, twilio.MessageListParams{}) {
		lines = append(lines, must(message, err).SID)
		for file, err := range sub.Messages.Media.All(ctx, message.SID, twilio.MediaListParams{}) {
			lines = append(lines, must(file, err).SID)
		}
	}
	for trigger, err := range sub.Usage.Triggers.All(ctx, twilio.UsageTriggerListParams{}) {
		lines = append(lines, "trigger "+must(trigger, err).FriendlyName)
	}
	slices.Sort(lines)
	return fmt.Sprintf("%s, %v, numbers %v and %v", cust.status(acme), lines, cust.numbers(acme), cust.numbers(other))
}

// setup describes what provisioning makes of an account.
func (cust *customer) setup(sid string) string {
	sub, ctx := cust.srv.Client().Subaccount(sid), cust.t.Context()
	var names []string
	for key, err := range sub.Keys.All(ctx, twilio.KeyListParams{}) {
		names = append(names, must(key, err).FriendlyName)
	}
	for address, err := range sub.Addresses.All(ctx, twilio.AddressListParams{}) {
		names = append(names, must(address, err).FriendlyName)
	}
	for trigger, err := range sub.Usage.Triggers.All(ctx, twilio.UsageTriggerListParams{}) {
		names = append(names, must(trigger, err).FriendlyName)
	}
	return fmt.Sprint(names, cust.numbers(sid))
}

// A workflowResult is what came of a workflow that met a fault.
type workflowResult struct {
	text string
	sent map[string]int
}

// meet runs a workflow whose requests, up to so many at once, meet a fault, then
// without the fault.
func (c *workflowCase) meet(t *testing.T, met fault, e exposure, concurrency int) (res workflowResult) {
	t.Helper()
	var problems []string
	rule := func(kept bool, text string, args ...any) {
		if !kept {
			problems = append(problems, fmt.Sprintf(text, args...))
		}
	}
	defer func() {
		t.Helper()
		if p := recover(); p != nil {
			rule(false, "%v", p)
		}
		for _, text := range problems {
			t.Errorf("%s, %d at once, fault %s: %s (%s)", c.name, concurrency, e, text, res.text)
		}
	}()
	synctest.Test(t, func(t *testing.T) {
		cust, s, stop := c.begin(t, met)
		defer stop()
		cust.concurrency = concurrency
		s.exposure = e
		var (
			report   string
			mistakes []string
		)
		took, err := s.withDeadline(t.Context(), func(ctx context.Context) (err error) {
			report, mistakes, err = c.run(ctx, cust)
			return err
		})
		problems = append(mistakes, s.leftovers()...)
		state := c.want
		if c.changes {
			state = cust.state()
		}
		rule(isTyped(err), "an error without a type: %v", err)
		rule(met.deadline == 0 || took <= met.deadline, "took %v, more than %v", took, met.deadline)
		rule(took < time.Hour, "took %v", took)
		rule(err == nil || !met.noEffect || !errors.Is(err, twilio.ErrOutcomeUnknown), "an outcome is said to be unknown that can't be other than none: %v", err)
		rule(c.changes || s.effects == 0, "something has changed")
		rule(strings.Count(state, "New ") <= 1, "an account was made twice")

		res.sent = maps.Clone(s.sent)
		res.text = errorText(err) + ", " + requestsText(s.sent)
		switch {
		case !c.changes:
		case state == c.want:
			res.text += ", done"
		case state == c.before:
			res.text += ", not done"
		default:
			res.text += ", done in part"
		}

		if err == nil {
			rule(state == c.want, "a success that ends at\n%s\nwant\n%s", state, c.want)
			rule(report == c.report, "a success that reports %s\nwant %s", report, c.report)
			return // another run would do what the second undisturbed one did
		}
		s.exposure = undisturbed
		_, mistakes, err = c.run(t.Context(), cust)
		problems = append(problems, mistakes...)
		rule(err == nil, "run again: %v", err)
		if c.changes {
			state = cust.state()
			rule(state == c.want, "run again it ends at\n%s\nwant\n%s", state, c.want)
		}
	})
	return res
}
