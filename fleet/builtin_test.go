package fleet_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetsqlite"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// run starts a run of a built-in operation and returns its results.
func run[P, R any](t *testing.T, f *fleet.Fleet, op *fleet.Operation[P, R], accounts twilio.AccountListParams, params P) map[string]fleet.Item[R] {
	t.Helper()
	id := "run of " + op.Name()
	if err := op.Start(t.Context(), f, id, accounts, params); err != nil {
		t.Fatal(err)
	}
	watch(t, f, id)
	return results(t, f, op, id)
}

func TestSuspendActivateAndClose(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		srv := newTwilio(t, 0)
		busy := srv.AddSubaccount(twilio.Account{FriendlyName: "busy"}).SID
		call := srv.AddCall(busy, twilio.Call{Status: twilio.CallStatusInProgress, From: "+14155550100", To: "+14155550123"})
		rich := srv.AddSubaccount(twilio.Account{FriendlyName: "rich"}).SID
		number := srv.AddPhoneNumber(rich, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550100"})
		f := openFleet(t, srv, db.open(t))
		work(t, f, 4, fleet.Suspend, fleet.Activate, fleet.Close)

		got := run(t, f, fleet.Suspend, twilio.AccountListParams{}, twilio.SuspendParams{EndCalls: true})
		if len(got) != 2 || got[rich].Result.Status != twilio.AccountStatusSuspended ||
			!slices.Equal(got[busy].Result.EndedCalls, []string{call.SID}) {
			t.Errorf("Suspend: %+v", got)
		}
		activated := run(t, f, fleet.Activate, twilio.AccountListParams{Status: twilio.AccountStatusSuspended}, fleet.None{})
		if len(activated) != 2 || activated[busy].Result != twilio.AccountStatusActive {
			t.Errorf("Activate: %+v", activated)
		}
		closed := run(t, f, fleet.Close, twilio.AccountListParams{}, twilio.CloseParams{})
		if e, ok := errors.AsType[*fleet.ItemError](closed[rich].Err); !ok || !strings.Contains(e.Text, "ReleaseNumbers") {
			t.Errorf("Close of an account with a number: %+v", closed[rich])
		}
		if closed[busy].Err != nil || closed[busy].Result.Status != twilio.AccountStatusClosed {
			t.Errorf("Close: %+v", closed[busy])
		}
		if err := f.Delete(t.Context(), "run of close"); err != nil {
			t.Fatal(err)
		}
		closed = run(t, f, fleet.Close, twilio.AccountListParams{Status: twilio.AccountStatusActive}, twilio.CloseParams{ReleaseNumbers: true})
		if len(closed) != 1 || !slices.Equal(closed[rich].Result.ReleasedNumbers, []string{number.SID}) {
			t.Errorf("Close that releases: %+v", closed)
		}
	})
}

// addDay adds a call and a message of a day to an account.
func addDay(srv *twiliotest.Server, account string, day time.Time, price string) {
	cost := decimal.NewNullDecimal(decimal.RequireFromString(price).Neg())
	srv.AddCall(account, twilio.Call{Status: twilio.CallStatusCompleted, StartTime: day, EndTime: day.Add(time.Minute),
		Duration: 60, Price: cost, PriceUnit: "USD", From: "+14155550100", To: "+14155550123"})
	srv.AddMessage(account, twilio.Message{Status: twilio.MessageStatusDelivered, DateSent: day, NumSegments: 2,
		Price: cost, PriceUnit: "USD", From: "+14155550100", To: "+14155550123"})
}

func TestSpendAndBills(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		start := time.Date(2026, 10, 15, 12, 0, 0, 0, time.UTC)
		srv := newTwilio(t, 0, twiliotest.WithStart(start.AddDate(0, 1, 0)))
		var sids []string
		for i := range 5 {
			sid := srv.AddSubaccount(twilio.Account{FriendlyName: fmt.Sprint(i)}).SID
			sids = append(sids, sid)
			for day := range 3 {
				addDay(srv, sid, start.AddDate(0, 0, day), fmt.Sprintf("0.0%d", i+1))
			}
		}
		days := fleet.Days{From: start, To: start.AddDate(0, 0, 1)} // two of the three
		f := openFleet(t, srv, db.open(t))
		work(t, f, 4, fleet.MessageSpend, fleet.CallSpend, fleet.Bill)
		messages := run(t, f, fleet.MessageSpend, twilio.AccountListParams{}, days)
		calls := run(t, f, fleet.CallSpend, twilio.AccountListParams{}, days)
		bills := run(t, f, fleet.Bill, twilio.AccountListParams{}, days)
		for i, sid := range sids {
			want := decimal.New(int64(2*(i+1)), -2)
			sub := srv.Client().Subaccount(sid)
			bill, err := sub.Usage.Bill(t.Context(), twilio.BillParams{StartDate: days.From, EndDate: days.To})
			if err != nil {
				t.Fatal(err)
			}
			if item := messages[sid]; item.Err != nil || item.Result.Items != 2 || item.Result.Segments != 4 || !item.Result.Totals["USD"].Equal(want) {
				t.Errorf("messages of %d: %+v", i, item)
			}
			if item := calls[sid]; item.Err != nil || item.Result.Items != 2 || item.Result.Duration != 2*time.Minute || !item.Result.Totals["USD"].Equal(want) {
				t.Errorf("calls of %d: %+v", i, item)
			}
			if item := bills[sid]; item.Err != nil || item.Result.String() != bill.String() || len(item.Result.Lines) == 0 {
				t.Errorf("bill of %d: %v\n%v\nwant\n%v", i, item.Err, item.Result, bill)
			}
		}
	})
}

// A sum that is interrupted after each page is the same.
func TestASumGoesOnAtItsCheckpoint(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		start := time.Date(2026, 10, 15, 12, 0, 0, 0, time.UTC)
		srv := newTwilio(t, 0, twiliotest.WithStart(start.AddDate(0, 1, 0)))
		sid := srv.AddSubaccount(twilio.Account{}).SID
		for i := range 2500 {
			addDay(srv, sid, start.Add(time.Duration(i)*time.Second), "0.01")
		}
		f := openFleet(t, srv, db.open(t), fleet.WithTimings(fleet.Timings{Turn: time.Millisecond}))
		work(t, f, 1, fleet.CallSpend)
		srv.ResetRequests()
		item := run(t, f, fleet.CallSpend, twilio.AccountListParams{}, fleet.Days{From: start, To: start})[sid]
		if item.Err != nil || item.Result.Items != 2500 || !item.Result.Totals["USD"].Equal(decimal.New(25, 0)) {
			t.Errorf("got %+v", item)
		}
		pages := 0
		for _, r := range srv.Requests() {
			if strings.HasSuffix(r.Path, "/Calls.json") {
				pages++
			}
		}
		// Three pages, and the one ahead of each turn's last.
		if pages > 6 {
			t.Errorf("%d pages were requested", pages)
		}
	})
}

func TestDaysThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	f := openFleet(t, newTwilio(t, 0), database{"sqlite", t.TempDir() + "/fleet.db"}.open(t))
	day := time.Date(2026, 10, 15, 12, 0, 0, 0, time.UTC)
	for _, days := range []fleet.Days{{}, {From: day}, {To: day}, {From: day, To: day.AddDate(0, 0, -1)}} {
		err := fleet.Bill.Start(t.Context(), f, "run", twilio.AccountListParams{}, days)
		if _, ok := errors.AsType[*twilio.ParamError](err); !ok {
			t.Errorf("%v: %v", days, err)
		}
	}
	err := fleet.RotateAuthToken.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.RotateParams{RevocationWait: -1})
	if _, ok := errors.AsType[*twilio.ParamError](err); !ok {
		t.Errorf("a negative wait: %v", err)
	}
	if runs, err := f.Runs(t.Context()); err != nil || len(runs) != 0 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
	// The time of day, and the zone it is in, make no other days.
	if err := fleet.Bill.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.Days{From: day, To: day}); err != nil {
		t.Fatal(err)
	}
	same := day.Add(time.Hour).In(time.FixedZone("", 3600))
	if err := fleet.Bill.Start(t.Context(), f, "run", twilio.AccountListParams{}, fleet.Days{From: same, To: same}); err != nil {
		t.Error(err)
	}
}

// A vault is where a program keeps its secrets.
type vault struct {
	mu     sync.Mutex
	tokens map[string]twilio.Secret
}

func (v *vault) save(_ context.Context, account string, token twilio.Secret) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.tokens == nil {
		v.tokens = map[string]twilio.Secret{}
	}
	v.tokens[account] = token
	return nil
}

// Every token works that is in the vault, and none is in the database.
func TestRotateAuthToken(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		srv := newTwilio(t, 5)
		var v vault
		store := db.open(t)
		f := openFleet(t, srv, store, fleet.WithTokenStore(v.save))
		work(t, f, 2, fleet.RotateAuthToken)
		old := map[string]string{}
		for account, err := range srv.Client().Accounts.All(t.Context(), twilio.AccountListParams{}) {
			if err != nil {
				t.Fatal(err)
			}
			old[account.SID] = account.AuthToken.Reveal()
		}
		got := run(t, f, fleet.RotateAuthToken, twilio.AccountListParams{Status: twilio.AccountStatusActive}, fleet.RotateParams{})
		v.mu.Lock()
		defer v.mu.Unlock()
		if len(got) != 5 || len(v.tokens) != 5 {
			t.Fatalf("%d results, %d tokens", len(got), len(v.tokens))
		}
		content := contentOf(t, db, store)
		for sid, item := range got {
			token := v.tokens[sid].Reveal()
			if item.Err != nil || token == old[sid] {
				t.Errorf("got %+v", item)
			}
			if _, err := srv.Client().WithCredentials(twilio.AuthToken(sid, token)).Balance.Get(t.Context()); err != nil {
				t.Errorf("the new token: %v", err)
			}
			for _, secret := range []string{token, old[sid]} {
				if strings.Contains(content, secret) {
					t.Error("a token is in the database")
				}
			}
			if !strings.Contains(content, sid) {
				t.Error("the content isn't that of the database")
			}
		}
	})
}

// Without a place for the tokens, nothing is rotated, and other operations work.
func TestRotateAuthTokenNeedsAStore(t *testing.T) {
	t.Parallel()
	srv := newTwilio(t, 1)
	f := openFleet(t, srv, database{"sqlite", t.TempDir() + "/fleet.db"}.open(t))
	work(t, f, 1, fleet.RotateAuthToken, fleet.Activate)
	run(t, f, fleet.Activate, twilio.AccountListParams{}, fleet.None{})
	before := len(srv.Requests())
	for _, item := range run(t, f, fleet.RotateAuthToken, twilio.AccountListParams{}, fleet.RotateParams{}) {
		if item.Err == nil || !strings.Contains(item.Err.Error(), "WithTokenStore") {
			t.Errorf("got %v", item.Err)
		}
	}
	if sent := srv.Requests()[before:]; len(sent) != 1 { // the list of accounts
		t.Errorf("sent %+v", sent)
	}
}

// contentOf returns all rows of all tables as text.
func contentOf(t *testing.T, db database, store fleet.Store) string {
	t.Helper()
	var content strings.Builder
	tables := []string{"fleet_meta", "fleet_runs", "fleet_items", "fleet_limit", "river_job", "river_queue", "river_leader"}
	switch store := store.(type) {
	case *fleetsqlite.Store:
		for _, table := range tables {
			rows, err := store.DB().QueryContext(t.Context(), "select * from "+table)
			if err != nil {
				t.Fatal(err)
			}
			write(t, &content, rows)
		}
	default:
		pool := newPool(t, postgres)
		for _, table := range tables {
			var text *string
			if err := pool.QueryRow(t.Context(), "select string_agg(to_json(x)::text, ' ') from "+db.name+"."+table+" x").Scan(&text); err != nil {
				t.Fatal(err)
			}
			if text != nil {
				content.WriteString(*text)
			}
		}
	}
	return content.String()
}

func write(t *testing.T, out *strings.Builder, rows *sql.Rows) {
	t.Helper()
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(sql.RawBytes)
		}
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		for _, v := range values {
			fmt.Fprintf(out, "%s ", *v.(*sql.RawBytes))
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// A sign-up with all that a customer needs.
func TestProvision(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db database) {
		srv := newTwilio(t, 0)
		var mu sync.Mutex
		secrets := map[string]string{}
		store := db.open(t)
		f := openFleet(t, srv, store, fleet.WithKeyStore(func(_ context.Context, account string, key *twilio.Key) error {
			mu.Lock()
			defer mu.Unlock()
			secrets[account] = key.Secret.Reveal()
			return nil
		}))
		work(t, f, 4, fleet.Provision)
		params := twilio.ProvisionParams{
			Key:    &twilio.KeyCreateParams{FriendlyName: "backend"},
			Number: &twilio.BuyParams{Country: "US"},
		}
		for _, customer := range []string{"customer 1", "customer 2"} {
			if err := inTx(t, db, store, func(tx fleet.Tx) error {
				return fleet.Provision.StartTx(t.Context(), tx, customer, params)
			}); err != nil {
				t.Fatal(err)
			}
		}
		if p := watch(t, f, "provision"); p.Done != 2 || p.Failed != 0 {
			t.Errorf("got %+v", p)
		}
		got := results(t, f, fleet.Provision, "provision")
		if !slices.Equal(slices.Sorted(maps.Keys(got)), []string{"customer 1", "customer 2"}) {
			t.Fatalf("got %+v", got)
		}
		content := contentOf(t, db, store)
		mu.Lock()
		defer mu.Unlock()
		for customer, item := range got {
			oneAccount(t, srv.Client(), customer, item.Result.AccountSID)
			number, err := srv.Client().Subaccount(item.Result.AccountSID).IncomingPhoneNumbers.Get(t.Context(), item.Result.NumberSID)
			if err != nil || number.AccountSID != item.Result.AccountSID {
				t.Errorf("the number: %+v, %v", number, err)
			}
			secret := secrets[item.Result.AccountSID]
			if secret == "" || item.Result.KeySID == "" || strings.Contains(content, secret) {
				t.Errorf("the key: %+v, saved %t", item.Result, secret != "")
			}
		}
	})
}

// Results stay readable: what is stored is decoded into the same.
func TestResultsAreEncodable(t *testing.T) {
	t.Parallel()
	want := twilio.Spend{Items: 3, Unpriced: 1, Duration: time.Hour, Segments: 4, Totals: map[string]decimal.Decimal{"USD": decimal.New(125, -2)}}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got twilio.Spend
	if err := json.Unmarshal(text, &got); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %+v, %v", text, got, err)
	}
}
