package twilio_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// addSpending adds calls and messages of a day, in two currencies.
func addSpending(w *customer) {
	for i := range 7 {
		price := decimal.NewNullDecimal(decimal.New(-int64(i), -5))
		at := w.srv.Now().Add(-time.Duration(i) * time.Second)
		w.srv.AddCall(acme, twilio.Call{Status: "completed", Price: price, PriceUnit: "USD", Duration: i, StartTime: at, EndTime: at})
		w.srv.AddMessage(acme, twilio.Message{Status: "delivered", Price: price, PriceUnit: []string{"USD", "EUR"}[i%2], NumSegments: i, DateSent: at})
	}
}

var errKilled = errors.New("killed")

// sums are the sums that WithCheckpoints makes resumable. The customer's pages
// have two items.
var sums = map[string]func(ctx context.Context, w *customer, opts ...twilio.RequestOption) (any, error){
	"Calls.Spend": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) (any, error) {
		return w.client.Subaccount(acme).Calls.Spend(ctx, twilio.CallListParams{}, opts...)
	},
	"Calls.Spend with a Limit": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) (any, error) {
		return w.client.Subaccount(acme).Calls.Spend(ctx, twilio.CallListParams{Limit: 5, PageSize: 2}, opts...)
	},
	"Messages.Spend with a form": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) (any, error) {
		opts = append(opts, twilio.WithForm(map[string][]string{"PageSize": {"3"}}))
		return w.client.Subaccount(acme).Messages.Spend(ctx, twilio.MessageListParams{}, opts...)
	},
	"Usage.Bill": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) (any, error) {
		return w.client.Subaccount(acme).Usage.Bill(ctx, twilio.BillParams{StartDate: w.srv.Now(), EndDate: w.srv.Now()}, opts...)
	},
	"Usage.Reconcile": func(ctx context.Context, w *customer, opts ...twilio.RequestOption) (any, error) {
		return w.client.Subaccount(acme).Usage.Reconcile(ctx, twilio.ReconcileParams{StartDate: w.srv.Now(), EndDate: w.srv.Now()}, opts...)
	},
}

// A sum that is killed after any page, before or after its state is saved, and
// resumed is the sum of an undisturbed run.
func TestSumsGoOnFromAnyCheckpoint(t *testing.T) {
	t.Parallel()
	for name, sum := range sums {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newCustomer(t)
			addSpending(w)
			want, err := sum(t.Context(), w)
			if err != nil {
				t.Fatal(err)
			}
			for _, isSaved := range []bool{true, false} {
				for killAt := 1; ; killAt++ {
					var state json.RawMessage
					saves := 0
					save := func(_ context.Context, s json.RawMessage) error {
						if saves++; saves != killAt || isSaved {
							state = slices.Clone(s)
						}
						if saves == killAt {
							return errKilled
						}
						return nil
					}
					got, err := sum(t.Context(), w, twilio.WithCheckpoints(nil, save))
					if err == nil {
						if killAt < 3 || fmt.Sprint(got) != fmt.Sprint(want) {
							t.Errorf("with %d checkpoints: %v, want %v", killAt-1, got, want)
						}
						break
					}
					if !errors.Is(err, errKilled) {
						t.Fatal(err)
					}
					before := w.transport.count()
					got, err = sum(t.Context(), w, twilio.WithCheckpoints(state, save))
					if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
						t.Errorf("killed at page %d, saved %t: %v, %v, want %v", killAt, isSaved, got, err, want)
					}
					resumed := w.transport.count() - before
					got, err = sum(t.Context(), w, twilio.WithCheckpoints(state, save))
					if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
						t.Errorf("once it is whole: %v, %v, want %v", got, err, want)
					}
					if again := w.transport.count() - before - resumed; again > 1 { // of usage records
						t.Errorf("%d requests for a sum that is whole", again)
					}
				}
			}
		})
	}
}

// A bill of 200 pages that is killed at page 124 reads the other 76, also while
// the list shifts.
func TestSpendGoesOnAtItsPage(t *testing.T) {
	t.Parallel()
	const calls, size = 200_000, 1000
	list := &shifting{calls: calls, each: 150}
	client := newClient(t, list)
	var state json.RawMessage
	pages, killAt := 0, 124
	save := func(_ context.Context, s json.RawMessage) error {
		state = slices.Clone(s)
		if pages++; pages == killAt {
			return errKilled
		}
		if len(s) > 25_000 {
			t.Errorf("a state of %d bytes", len(s))
		}
		return nil
	}
	sum := func() (*twilio.Spend, error) {
		return client.Calls.Spend(t.Context(), twilio.CallListParams{PageSize: size}, twilio.WithLookahead(0), twilio.WithCheckpoints(state, save))
	}
	if spend, err := sum(); spend != nil || !errors.Is(err, errKilled) {
		t.Fatalf("%v, %v", spend, err)
	}
	spend, err := sum()
	if err != nil || spend.Items != calls || spend.Totals["USD"].String() != "2000" {
		t.Errorf("%+v, %v; want %d calls once", spend, err, calls)
	}
	if list.requests != pages {
		t.Errorf("%d requests for %d pages", list.requests, pages)
	}
}

func TestCheckpointsAreRefused(t *testing.T) {
	t.Parallel()
	var state json.RawMessage
	save := func(_ context.Context, s json.RawMessage) error {
		state = slices.Clone(s)
		return nil
	}
	client, ctx := newClient(t, newScript(t, respond(http.StatusOK, `{"calls":[{"sid":"CA1","price":"-1","price_unit":"USD"}]}`))), t.Context()
	if _, err := client.Calls.Spend(ctx, twilio.CallListParams{To: "+15005550006"}, twilio.WithCheckpoints(nil, save)); err != nil {
		t.Fatal(err)
	}
	spend := func(params twilio.CallListParams, opts ...twilio.RequestOption) error {
		_, err := client.Calls.Spend(ctx, params, opts...)
		return err
	}
	same := twilio.CallListParams{To: "+15005550006"}
	with := func(state string) twilio.RequestOption { return twilio.WithCheckpoints(json.RawMessage(state), save) }
	for name, c := range map[string]struct {
		err   error
		field string
	}{
		"other params": {spend(twilio.CallListParams{}, with(string(state))), "WithCheckpoints"},
		"another form": {spend(same, with(string(state)), twilio.WithForm(map[string][]string{"To": {"x"}})), "WithCheckpoints"},
		"another account": {func() error {
			_, err := client.Subaccount(acme).Calls.Spend(ctx, same, with(string(state)))
			return err
		}(), "WithCheckpoints"},
		"another sum": {func() error {
			_, err := client.Messages.Spend(ctx, twilio.MessageListParams{To: same.To}, with(string(state)))
			return err
		}(), "WithCheckpoints"},
		"not JSON":        {spend(same, with("{")), "WithCheckpoints"},
		"null":            {spend(same, with("null")), "WithCheckpoints"},
		"no sum":          {spend(same, with(strings.Replace(string(state), `"sum":{`, `"sum":null,"x":{`, 1))), "WithCheckpoints"},
		"no lists":        {spend(same, with(strings.Replace(string(state), `"lists":{`, `"lists":null,"x":{`, 1))), "WithCheckpoints"},
		"no function":     {spend(same, twilio.WithCheckpoints(nil, nil)), "WithCheckpoints"},
		"in parallel":     {spend(same, with(""), twilio.WithParallelism(2)), "WithParallelism"},
		"a time too late": {spend(twilio.CallListParams{StartTimeBefore: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, with("")), "params"},
		"a single call":   {func() error { _, err := client.Calls.Get(ctx, callSID, with("")); return err }(), "WithCheckpoints"},
		"a list":          {func() error { _, err := client.Calls.List(ctx, same, with("")); return err }(), "WithCheckpoints"},
		"Do":              {client.Do(ctx, "GET", "/2010-04-01/Accounts.json", nil, nil, with("")), "WithCheckpoints"},
	} {
		if e, ok := errors.AsType[*twilio.ParamError](c.err); !ok || e.Field != c.field || e.Operation == "" {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	// A state that was tampered with does no harm.
	for _, lists := range []string{`{"calls":null}`, `{"calls":{"cursor":"x"}}`, `{"calls":{"recent":"AAAA"}}`, `[]`} {
		_, tail, _ := strings.Cut(string(state), `"lists":`)
		text := strings.Replace(string(state), tail, lists+"}", 1)
		_, err := newClient(t, fixedLists{}).Calls.Spend(ctx, same, with(text))
		if _, refused := errors.AsType[*twilio.ParamError](err); err != nil && !refused {
			t.Errorf("%s: %v", lists, err)
		}
	}
}
