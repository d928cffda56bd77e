package twilio_test

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
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A flow is a workflow of the matrix.
type flow struct {
	method string // a key of workflows, or empty
	name   string
	// run returns what it reports, in words, and what of that isn't so.
	run func(ctx context.Context, w *stage) (report string, lies []string, err error)
	// prepare puts more into the fake than small does.
	prepare func(w *stage)

	// What an undisturbed run comes to.
	before, end, report string
	changes             bool
}

// small makes a stage with a customer that has two of everything.
func small(t *testing.T) *stage {
	t.Helper()
	srv := twiliotest.NewUnstartedServer()
	w := &stage{t: t, srv: srv, target: other}
	srv.AddSubaccounts(twilio.Account{SID: acme, FriendlyName: "Acme"}, twilio.Account{SID: other, FriendlyName: "Other"})
	for i, status := range []twilio.CallStatus{"in-progress", "queued"} {
		srv.AddCall(acme, twilio.Call{SID: fmt.Sprintf("CA%032d", i+1), From: fromPhone, To: fmt.Sprintf("+1415555010%d", i), Status: status})
		srv.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{SID: fmt.Sprintf("PN%032d", i+1), PhoneNumber: fmt.Sprintf("+1415555020%d", i)})
	}
	return w
}

// spent adds what there is to pay for.
func spent(w *stage) {
	price := decimal.NewNullDecimal(decimal.RequireFromString("-0.01"))
	for range 2 {
		w.srv.AddCall(acme, twilio.Call{Status: "completed", Price: price, PriceUnit: "USD", StartTime: w.srv.Now(), EndTime: w.srv.Now()})
		w.srv.AddMessage(acme, twilio.Message{Status: "delivered", Price: price, PriceUnit: "USD", DateSent: w.srv.Now()})
	}
}

// flows are the workflows, each in one way at least.
func flows() []flow {
	sub := func(w *stage) *twilio.Client { return w.client.Subaccount(acme) }
	return []flow{
		{method: "Accounts.Ensure", name: "Accounts.Ensure, where there is none", run: func(ctx context.Context, w *stage) (string, []string, error) {
			account, created, err := w.client.Accounts.Ensure(ctx, "New")
			if err != nil {
				return "", nil, err
			}
			return fmt.Sprint(account.FriendlyName, created), w.lies(account.Status == w.status(account.SID), "the account's status"), nil
		}},
		{method: "Accounts.Ensure", name: "Accounts.Ensure, where there is one", run: func(ctx context.Context, w *stage) (string, []string, error) {
			account, created, err := w.client.Accounts.Ensure(ctx, "Acme")
			if err != nil {
				return "", nil, err
			}
			return fmt.Sprint(account.SID, created), nil, nil
		}},
		{method: "Accounts.Duplicates", name: "Accounts.Duplicates", run: func(ctx context.Context, w *stage) (string, []string, error) {
			duplicates, err := w.client.Accounts.Duplicates(ctx, "Acme")
			if err != nil {
				return "", w.lies(duplicates == nil, "a part of the accounts"), err
			}
			return fmt.Sprint(duplicates[0].Account.SID, duplicates[0].Holds), nil, nil
		}},
		{method: "Accounts.Suspend", name: "Accounts.Suspend with EndCalls", run: func(ctx context.Context, w *stage) (string, []string, error) {
			report, err := w.client.Accounts.Suspend(ctx, acme, twilio.SuspendParams{EndCalls: true, Concurrency: 1})
			if report == nil {
				return "", nil, err
			}
			return fmt.Sprint(report.Account.Status, callSIDs(report.EndedCalls)),
				append(w.ended(report.EndedCalls), w.lies(report.Account.Status == w.status(acme), "the account's status")...), err
		}},
		{method: "Accounts.Activate", name: "Accounts.Activate", prepare: func(w *stage) {
			_ = must(w.srv.Client().Accounts.Suspend(w.t.Context(), acme, twilio.SuspendParams{}))
		}, run: func(ctx context.Context, w *stage) (string, []string, error) {
			account, err := w.client.Accounts.Activate(ctx, acme)
			if err != nil {
				return "", nil, err
			}
			return string(account.Status), w.lies(account.Status == w.status(acme), "the account's status"), nil
		}},
		{method: "Accounts.Close", name: "Accounts.Close with MoveNumbersTo", run: func(ctx context.Context, w *stage) (string, []string, error) {
			return w.closing(ctx, twilio.CloseParams{MoveNumbersTo: other, Concurrency: 1})
		}},
		{method: "Accounts.Close", name: "Accounts.Close with ReleaseNumbers", run: func(ctx context.Context, w *stage) (string, []string, error) {
			return w.closing(ctx, twilio.CloseParams{ReleaseNumbers: true, Concurrency: 1})
		}},
		{method: "Accounts.ForEach", name: "Accounts.ForEach, reading a list of each account", run: func(ctx context.Context, w *stage) (string, []string, error) {
			var mu sync.Mutex
			visits := map[string]int{}
			told := 0
			err := w.client.Accounts.ForEach(ctx, twilio.AccountListParams{}, twilio.ForEachParams{Concurrency: 1,
				Progress: func(p twilio.ForEachProgress) { told = p.Done }},
				func(ctx context.Context, c *twilio.Client, account *twilio.Account) error {
					mu.Lock()
					visits[account.SID]++
					mu.Unlock()
					_, err := c.Calls.List(ctx, twilio.CallListParams{})
					return err
				})
			lies := w.lies(told == len(visits), "how many accounts are done")
			for _, n := range visits {
				lies = append(lies, w.lies(n == 1, "an account that was visited twice")...)
			}
			return fmt.Sprint(slices.Sorted(maps.Keys(visits))), lies, err
		}},
		{method: "Calls.End", name: "Calls.End", run: func(ctx context.Context, w *stage) (string, []string, error) {
			call, err := sub(w).Calls.End(ctx, ca1)
			if err != nil {
				return "", nil, err
			}
			return fmt.Sprint(call.SID, call.Status), w.ended([]*twilio.Call{call}), nil
		}},
		{method: "Calls.EndAll", name: "Calls.EndAll", run: func(ctx context.Context, w *stage) (string, []string, error) {
			calls, err := sub(w).Calls.EndAll(ctx, twilio.EndAllParams{Concurrency: 1})
			return callSIDs(calls), w.ended(calls), err
		}},
		{method: "Calls.Spend", name: "Calls.Spend", prepare: spent, run: func(ctx context.Context, w *stage) (string, []string, error) {
			sum, err := sub(w).Calls.Spend(ctx, twilio.CallListParams{PageSize: 2})
			return fmt.Sprint(sum), w.lies((sum == nil) == (err != nil), "a part of a sum"), err
		}},
		{method: "Messages.Spend", name: "Messages.Spend", prepare: spent, run: func(ctx context.Context, w *stage) (string, []string, error) {
			sum, err := sub(w).Messages.Spend(ctx, twilio.MessageListParams{PageSize: 1})
			return fmt.Sprint(sum), w.lies((sum == nil) == (err != nil), "a part of a sum"), err
		}},
		{method: "Usage.Reconcile", name: "Usage.Reconcile", prepare: spent, run: func(ctx context.Context, w *stage) (string, []string, error) {
			out, err := sub(w).Usage.Reconcile(ctx, twilio.ReconcileParams{StartDate: w.srv.Now(), EndDate: w.srv.Now()})
			if err != nil {
				return "", w.lies(out == nil, "a part of a comparison"), err
			}
			return out.String(), nil, nil
		}},
		{method: "IncomingPhoneNumbers.Transfer", name: "IncomingPhoneNumbers.Transfer", run: func(ctx context.Context, w *stage) (string, []string, error) {
			number, err := sub(w).IncomingPhoneNumbers.Transfer(ctx, pn1, twilio.TransferParams{To: other})
			if err != nil {
				return "", nil, err
			}
			return number.PhoneNumber, w.moved([]*twilio.IncomingPhoneNumber{number}), nil
		}},
		{method: "IncomingPhoneNumbers.TransferAll", name: "IncomingPhoneNumbers.TransferAll", run: func(ctx context.Context, w *stage) (string, []string, error) {
			report, err := sub(w).IncomingPhoneNumbers.TransferAll(ctx, twilio.TransferParams{To: other, Concurrency: 1})
			return phones(report.Moved), append(w.moved(report.Moved), w.lies(len(report.Failed) == 0 || err != nil, "a failure without an error")...), err
		}},
		{name: "IncomingPhoneNumbers.Create by PhoneNumber", run: func(ctx context.Context, w *stage) (string, []string, error) {
			number, err := sub(w).IncomingPhoneNumbers.Create(ctx, twilio.IncomingPhoneNumberCreateParams{PhoneNumber: buyPhone})
			// The second purchase is refused, where the first had its effect.
			if e, ok := errors.AsType[*twilio.Error](err); ok && e.Code == twilio.CodePhoneNumberNotAvailable {
				return "", w.lies(slices.Contains(w.numbers(acme), buyPhone), "that the number is taken"), nil
			}
			if err != nil {
				return "", nil, err
			}
			return number.PhoneNumber, w.lies(slices.Contains(w.numbers(acme), number.PhoneNumber), "that the number is there"), nil
		}},
	}
}

func (w *stage) closing(ctx context.Context, params twilio.CloseParams) (string, []string, error) {
	report, err := w.client.Accounts.Close(ctx, acme, params)
	if report == nil {
		return "", nil, err
	}
	status := w.status(acme)
	lies := slices.Concat(w.ended(report.EndedCalls), w.moved(report.MovedNumbers),
		w.lies(report.Account.Status != "closed" || status == "closed", "that it is closed"),
		w.lies(len(report.ReleasedNumbers) == 0 || status == "closed", "numbers that are said to be released"),
		w.lies(status != "closed" || err == nil || report.Account.Status != "closed", "a failure beside a success"))
	return fmt.Sprint(report.Account.Status, callSIDs(report.EndedCalls), phones(report.MovedNumbers), phones(report.ReleasedNumbers)), lies, err
}

// lies names what a report says that isn't so.
func (w *stage) lies(so bool, what string) []string {
	if so {
		return nil
	}
	return []string{"the report is wrong about " + what}
}

// ended checks that calls which are said to have ended have.
func (w *stage) ended(calls []*twilio.Call) (lies []string) {
	for _, call := range calls {
		now := must(w.srv.Client().Subaccount(acme).Calls.Get(w.t.Context(), call.SID))
		lies = append(lies, w.lies(now.Status == "completed" && now.Status == call.Status, "a call")...)
	}
	return lies
}

// moved checks that numbers which are said to have moved have.
func (w *stage) moved(numbers []*twilio.IncomingPhoneNumber) (lies []string) {
	for _, number := range numbers {
		lies = append(lies, w.lies(slices.Contains(w.numbers(other), number.PhoneNumber), "a number that has moved")...)
	}
	return lies
}

func callSIDs(calls []*twilio.Call) string {
	return fmt.Sprint(slices.Sorted(slices.Values(sidsOf(calls))))
}

func phones(numbers []*twilio.IncomingPhoneNumber) string {
	var all []string
	for _, number := range numbers {
		all = append(all, number.PhoneNumber)
	}
	slices.Sort(all)
	return fmt.Sprint(all)
}

// begin puts the flow on a stage of its own, at the end of a network.
func (f *flow) begin(t *testing.T, met fault) (w *stage, x *run, stop func()) {
	t.Helper()
	w = small(t)
	if f.prepare != nil {
		f.prepare(w)
	}
	x, stop = begin(t, w.srv, met)
	w.client = x.client
	return w, x, stop
}

// rehearse finds out what an undisturbed run comes to.
func (f *flow) rehearse(t *testing.T) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w, x, stop := f.begin(t, fault{})
		defer stop()
		f.before = w.shape()
		for range 2 { // where it has been, it ends, too
			report, lies, err := f.run(t.Context(), w)
			if err != nil || len(lies) > 0 {
				t.Error(lies, err)
			}
			if end := w.shape(); f.end == "" {
				f.report, f.end, f.changes = report, end, x.effects > 0
			} else if end != f.end {
				t.Errorf("run again it ends at\n%s\nwant\n%s", end, f.end)
			}
		}
	})
}

// TestEveryWorkflowMeetsEveryFault finds the workflows that TestFaults doesn't
// know.
func TestEveryWorkflowMeetsEveryFault(t *testing.T) {
	t.Parallel()
	all := flows()
	for method := range workflows {
		if !slices.ContainsFunc(all, func(f flow) bool { return f.method == method }) {
			t.Errorf("%s meets no fault; it needs an entry in flows", method)
		}
	}
}

// shape is all that a flow may change, in words.
func (w *stage) shape() string {
	client, ctx := w.srv.Client(), w.t.Context()
	var lines []string
	for call, err := range client.Subaccount(acme).Calls.All(ctx, twilio.CallListParams{}) {
		lines = append(lines, must(call, err).SID+" "+string(call.Status))
	}
	for account, err := range client.Accounts.All(ctx, twilio.AccountListParams{FriendlyName: "New"}) {
		lines = append(lines, must(account, err).FriendlyName+" "+string(account.Status))
	}
	slices.Sort(lines)
	return fmt.Sprintf("%s, %v, numbers %v and %v", w.status(acme), lines, w.numbers(acme), w.numbers(other))
}

// An outcome is what came of a workflow that met a fault.
type outcome struct {
	text string
	sent map[string]int
}

// suffer lets a workflow meet a fault, and then runs it again without.
func (f *flow) suffer(t *testing.T, met fault, m mode) (o outcome) {
	t.Helper()
	var trouble []string
	rule := func(kept bool, text string, args ...any) {
		if !kept {
			trouble = append(trouble, fmt.Sprintf(text, args...))
		}
	}
	defer func() {
		t.Helper()
		if p := recover(); p != nil {
			rule(false, "%v", p)
		}
		for _, text := range trouble {
			t.Errorf("%s, where %s: %s (%s)", f.name, m, text, o.text)
		}
	}()
	synctest.Test(t, func(t *testing.T) {
		w, x, stop := f.begin(t, met)
		defer stop()
		x.mode = m
		var (
			report string
			lies   []string
		)
		took, err := x.within(t.Context(), func(ctx context.Context) (err error) {
			report, lies, err = f.run(ctx, w)
			return err
		})
		trouble = append(lies, x.left()...)
		shape := f.end
		if f.changes {
			shape = w.shape()
		}
		rule(typed(err), "an error without a type: %v", err)
		rule(met.deadline == 0 || took <= met.deadline, "took %v, more than %v", took, met.deadline)
		rule(took < time.Hour, "took %v", took)
		rule(err == nil || !met.harmless || !errors.Is(err, twilio.ErrOutcomeUnknown), "an outcome is said to be unknown that can't be other than none: %v", err)
		rule(f.changes || x.effects == 0, "something has changed")
		rule(strings.Count(shape, "New ") <= 1, "an account was made twice")

		o.sent = maps.Clone(x.sent)
		o.text = got(err) + ", " + requests(x.sent)
		switch {
		case !f.changes:
		case shape == f.end:
			o.text += ", done"
		case shape == f.before:
			o.text += ", not done"
		default:
			o.text += ", done in part"
		}

		if err == nil {
			rule(shape == f.end, "a success that ends at\n%s\nwant\n%s", shape, f.end)
			rule(report == f.report, "a success that reports %s\nwant %s", report, f.report)
			return // another run would do what the second one of rehearse did
		}
		x.mode = undisturbed
		_, lies, err = f.run(t.Context(), w)
		trouble = append(trouble, lies...)
		rule(err == nil, "run again: %v", err)
		if f.changes {
			shape = w.shape()
			rule(shape == f.end, "run again it ends at\n%s\nwant\n%s", shape, f.end)
		}
	})
	return o
}
