package twilio_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// The tests in this file are the rules of Twilio's page on subaccounts,
// https://www.twilio.com/docs/iam/api/subaccounts, one test for each.
// CONTRIBUTING.md lists them.

// accountFamily is a main account and two customers.
type accountFamily struct {
	*twiliotest.Server
	main, acme, other *twilio.Client
	// own has Acme's own credentials.
	own *twilio.Client
}

func newAccountFamily(opts ...twiliotest.Option) accountFamily {
	srv := twiliotest.NewUnstartedServer(opts...)
	srv.AddSubaccounts(twilio.Account{SID: acme, FriendlyName: "Acme"}, twilio.Account{SID: other, FriendlyName: "Other"})
	client := srv.Client(noRetries)
	return accountFamily{srv, client, client.Subaccount(acme), client.Subaccount(other), client.WithCredentials(srv.Credentials(acme))}
}

var (
	ruleCall    = twilio.CallCreateParams{From: "+15005550006", To: "+14155550100", URL: "https://example.com/"}
	ruleMessage = twilio.MessageCreateParams{From: "+15005550006", To: "+14155550100", Body: "hello"}
)

// listCalls sends a request to the account that a client acts on.
func listCalls(ctx context.Context, client *twilio.Client) error {
	_, err := client.Calls.List(ctx, twilio.CallListParams{})
	return err
}

// errorCode is Twilio's code of an error, 0 for any other.
func errorCode(err error) int {
	if e, ok := errors.AsType[*twilio.Error](err); ok {
		return e.Code
	}
	return 0
}

// wantParamError checks that an error is a *ParamError about a field.
func wantParamError(t *testing.T, field string, err error) {
	t.Helper()
	if e, ok := errors.AsType[*twilio.ParamError](err); !ok || e.Field != field {
		t.Errorf("error %v, want a refusal of %s", err, field)
	}
}

func TestRule_OneBalanceForAllSubaccounts(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	balance, err := r.main.Balance.Get(t.Context())
	if err != nil || !balance.Balance.Valid || balance.AccountSID != r.AccountSID {
		t.Errorf("main account: %+v, %v", balance, err)
	}
	if balance, err := r.acme.Balance.Get(t.Context()); err != nil || balance.Balance.Valid {
		t.Errorf("subaccount: %+v, %v", balance, err)
	}
}

func TestRule_SuspendingTheMainAccountSuspendsItsSubaccounts(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	r.SetStatus(r.AccountSID, twilio.AccountStatusSuspended)
	for name, client := range map[string]*twilio.Client{"main": r.main, "through main": r.acme, "own": r.own} {
		if err := listCalls(t.Context(), client); !errors.Is(err, twilio.ErrUnauthorized) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRule_MainCredentialsReachEverySubaccount(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	for _, client := range []*twilio.Client{r.main, r.acme, r.other} {
		if err := listCalls(t.Context(), client); err != nil {
			t.Errorf("%v: %v", client, err)
		}
	}
}

func TestRule_MainCredentialsActOnTheSubaccountThatIsGivenAsTheThird(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	client := r.Client(twilio.WithSubaccount(acme))
	call, err := client.Calls.Create(t.Context(), ruleCall)
	if err != nil || call.AccountSID != acme {
		t.Errorf("%+v, %v", call, err)
	}
	if sent := r.Requests()[0]; sent.User != r.AccountSID || sent.AccountSID != acme {
		t.Errorf("sent by %s to %s", sent.User, sent.AccountSID)
	}
}

func TestRule_SubaccountCredentialsReachOnlyThatSubaccount(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	if err := listCalls(t.Context(), r.own); err != nil {
		t.Error(err)
	}
	for _, sid := range []string{r.AccountSID, other} {
		if err := listCalls(t.Context(), r.own.Subaccount(sid)); errorCode(err) != twilio.CodeUnauthorized {
			t.Errorf("%s: %v", sid, err)
		}
	}
}

func TestRule_SubaccountAPIKeysReachTheirSubaccount(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	key, err := r.acme.Keys.Create(t.Context(), twilio.KeyCreateParams{FriendlyName: "service"})
	if err != nil {
		t.Fatal(err)
	}
	client := r.main.WithCredentials(twilio.APIKey(acme, key.SID, key.Secret.Reveal()))
	if err := listCalls(t.Context(), client); err != nil {
		t.Error(err)
	}
	wantParamError(t, "Subaccount", listCalls(t.Context(), client.Subaccount(other)))
}

func TestRule_MainAPIKeysReachOnlyTheMainAccount(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	cred, _ := r.AddKey(r.AccountSID, "main")
	client := r.main.WithCredentials(cred)
	if err := listCalls(t.Context(), client); err != nil {
		t.Error(err)
	}
	wantParamError(t, "Subaccount", listCalls(t.Context(), client.Subaccount(acme)))
	wantParamError(t, "Subaccount", client.Do(t.Context(), http.MethodGet, "/2010-04-01/Accounts/"+acme+"/Calls.json", nil, nil))
}

func TestRule_OtherHostsTakeOtherCredentials(t *testing.T) {
	t.Parallel()
	script := newScript(t, respond(200, "{}")) // for the one request that may be sent
	client := newClient(t, script).Subaccount(subSID)
	for _, path := range []string{"https://studio.twilio.com/v2/Flows", "//taskrouter.twilio.com/2010-04-01/x", "/v2/Flows"} {
		wantParamError(t, "path", client.Do(t.Context(), http.MethodGet, path, nil, nil))
	}
	own := client.WithCredentials(twilio.AuthToken(subSID, subToken))
	if err := own.Do(t.Context(), http.MethodGet, "https://studio.twilio.com/v2/Flows", nil, nil); err != nil {
		t.Error(err)
	}
}

func TestRule_FriendlyNameIsOptional(t *testing.T) {
	t.Parallel()
	r := newAccountFamily(twiliotest.WithStart(twiliotest.DefaultStart))
	named, err := r.main.Accounts.Create(t.Context(), twilio.AccountCreateParams{FriendlyName: "Submarine"})
	if err != nil || named.FriendlyName != "Submarine" || named.OwnerAccountSID != r.AccountSID || named.Status != twilio.AccountStatusActive {
		t.Errorf("%+v, %v", named, err)
	}
	unnamed, err := r.main.Accounts.Create(t.Context(), twilio.AccountCreateParams{})
	if err != nil || unnamed.FriendlyName != "SubAccount Created at 2026-01-15 12:00 PM" {
		t.Errorf("%+v, %v", unnamed, err)
	}
	if form := r.Requests()[1].Form; form.Has("FriendlyName") {
		t.Errorf("sent %v", form)
	}
}

func TestRule_SubaccountsAreFoundBySIDAndByFriendlyName(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	if account, err := r.main.Accounts.Get(t.Context(), acme); err != nil || account.FriendlyName != "Acme" {
		t.Errorf("%+v, %v", account, err)
	}
	found := collect(t, r.main.Accounts.All(t.Context(), twilio.AccountListParams{FriendlyName: "Acme"}))
	if len(found) != 1 || found[0].SID != acme {
		t.Errorf("by name: %v", found)
	}
}

func TestRule_SubaccountsDoNotAffectEachOther(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	call, err := r.acme.Calls.Create(t.Context(), ruleCall)
	if err != nil {
		t.Fatal(err)
	}
	for _, client := range []*twilio.Client{r.main, r.other} {
		if _, err := client.Calls.Get(t.Context(), call.SID); !errors.Is(err, twilio.ErrNotFound) {
			t.Errorf("%v: %v", client, err)
		}
		if calls := collect(t, client.Calls.All(t.Context(), twilio.CallListParams{})); len(calls) != 0 {
			t.Errorf("%v lists %d calls", client, len(calls))
		}
	}
}

func TestRule_SubaccountsCallAndSendWithTheirOwnCredentials(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	call, err := r.own.Calls.Create(t.Context(), ruleCall)
	if err != nil || call.AccountSID != acme {
		t.Errorf("%+v, %v", call, err)
	}
	message, err := r.own.Messages.Create(t.Context(), ruleMessage)
	if err != nil || message.AccountSID != acme {
		t.Errorf("%+v, %v", message, err)
	}
	for _, sent := range r.Requests() {
		if sent.User != acme {
			t.Errorf("%s was sent by %s", sent.Path, sent.User)
		}
	}
}

// The page says "the product of price and duration". The price is that of the
// whole call, so that the product would bill this one at 600 times its price.
func TestRule_BillsAddUpPricesAndDoNotMultiplyThemByDuration(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	for range 2 {
		r.AddCall(acme, twilio.Call{Status: "completed", Duration: 600, StartTime: billedDay, Price: nullDecimal(t, "-0.14"), PriceUnit: "USD"})
	}
	sum, err := r.acme.Calls.Spend(t.Context(), twilio.CallListParams{})
	if err != nil || sum.Totals["USD"].String() != "0.28" || sum.Duration != 20*time.Minute {
		t.Errorf("%+v, %v", sum, err)
	}
}

func TestRule_StartTimeSelectsADayAndInequalitiesASpan(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	day := time.Date(2018, time.January, 15, 0, 0, 0, 0, time.UTC)
	for _, start := range []time.Time{day.Add(-time.Second), day, day.Add(24*time.Hour - time.Second), day.AddDate(0, 0, 1)} {
		r.AddCall(acme, twilio.Call{Status: "completed", StartTime: start, EndTime: start})
	}
	for name, c := range map[string]struct {
		params twilio.CallListParams
		want   int
	}{
		"day":           {twilio.CallListParams{StartTime: day}, 2},
		"from":          {twilio.CallListParams{StartTimeAfter: day}, 3},
		"before":        {twilio.CallListParams{StartTimeBefore: day}, 1},
		"span":          {twilio.CallListParams{StartTimeAfter: day, StartTimeBefore: day.AddDate(0, 0, 1)}, 2},
		"span of ends":  {twilio.CallListParams{EndTimeAfter: day, EndTimeBefore: day.AddDate(0, 0, 1)}, 2},
		"ends on a day": {twilio.CallListParams{EndTime: day}, 2},
	} {
		if got := collect(t, r.acme.Calls.All(t.Context(), c.params)); len(got) != c.want {
			t.Errorf("%s: %d calls, want %d", name, len(got), c.want)
		}
	}
}

func TestRule_SuspendedAccountsNeitherCallNorSend(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	if _, err := r.main.Accounts.Suspend(t.Context(), acme, twilio.SuspendParams{}); err != nil {
		t.Fatal(err)
	}
	for name, client := range map[string]*twilio.Client{"through main": r.acme, "own": r.own} {
		_, callErr := client.Calls.Create(t.Context(), ruleCall)
		_, messageErr := client.Messages.Create(t.Context(), ruleMessage)
		if !errors.Is(callErr, twilio.ErrUnauthorized) || !errors.Is(messageErr, twilio.ErrUnauthorized) {
			t.Errorf("%s: call %v, message %v", name, callErr, messageErr)
		}
	}
}

func TestRule_SuspendedAccountsPayForTheirNumbers(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	r.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550200"})
	if _, err := r.main.Accounts.Suspend(t.Context(), acme, twilio.SuspendParams{}); err != nil {
		t.Fatal(err)
	}
	r.Advance(40 * 24 * time.Hour)
	records := collect(t, r.acme.Usage.Records.All(t.Context(), twilio.UsageRecordListParams{Category: twilio.UsageCategoryPhoneNumbers}))
	if len(records) != 1 || records[0].Price.Decimal.String() != "2.3" {
		t.Errorf("two months' rent is %+v", records)
	}
}

func TestRule_SuspendingDoesNotEndCallsInProgress(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	call := r.AddCall(acme, twilio.Call{Status: "in-progress"})
	report, err := r.main.Accounts.Suspend(t.Context(), acme, twilio.SuspendParams{})
	if err != nil || len(report.EndedCalls) != 0 {
		t.Errorf("%+v, %v", report, err)
	}
	if now, err := r.acme.Calls.Get(t.Context(), call.SID); err != nil || now.Status != twilio.CallStatusInProgress {
		t.Errorf("%+v, %v", now, err)
	}
	// EndCalls does it, by making their status completed.
	report, err = r.main.Accounts.Suspend(t.Context(), acme, twilio.SuspendParams{EndCalls: true})
	if err != nil || len(report.EndedCalls) != 1 || report.EndedCalls[0].Status != twilio.CallStatusCompleted {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestRule_ActivatingRestoresASuspendedAccount(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	number := r.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550200"})
	if _, err := r.main.Accounts.Suspend(t.Context(), acme, twilio.SuspendParams{}); err != nil {
		t.Fatal(err)
	}
	if account, err := r.main.Accounts.Activate(t.Context(), acme); err != nil || account.Status != twilio.AccountStatusActive {
		t.Errorf("%+v, %v", account, err)
	}
	if _, err := r.own.Calls.Create(t.Context(), ruleCall); err != nil {
		t.Error(err)
	}
	if _, err := r.own.IncomingPhoneNumbers.Get(t.Context(), number.SID); err != nil {
		t.Error(err)
	}
}

func TestRule_OnlyMainCredentialsChangeAStatus(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	_, suspendErr := r.own.Accounts.Suspend(t.Context(), acme, twilio.SuspendParams{})
	wantParamError(t, "sid", suspendErr)
	_, closeErr := r.own.Accounts.Close(t.Context(), acme, twilio.CloseParams{})
	wantParamError(t, "sid", closeErr)
	// Twilio refuses what the client lets through.
	_, siblingErr := r.own.Accounts.Suspend(t.Context(), other, twilio.SuspendParams{})
	if errorCode(siblingErr) != twilio.CodeUnauthorized {
		t.Error(siblingErr)
	}
}

func TestRule_TheMainAccountCanBeNeitherSuspendedNorClosed(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	for _, status := range []twilio.AccountStatus{twilio.AccountStatusSuspended, twilio.AccountStatusClosed} {
		_, err := r.main.Accounts.Update(t.Context(), r.AccountSID, twilio.AccountUpdateParams{Status: &status})
		wantParamError(t, "Status", err)
	}
	_, suspendErr := r.main.Accounts.Suspend(t.Context(), r.AccountSID, twilio.SuspendParams{})
	wantParamError(t, "sid", suspendErr)
	_, closeErr := r.main.Accounts.Close(t.Context(), r.AccountSID, twilio.CloseParams{})
	wantParamError(t, "sid", closeErr)
	if len(r.Requests()) != 0 {
		t.Errorf("sent %v", r.Requests())
	}
}

func TestRule_ClosingIsPermanent(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	if _, err := r.main.Accounts.Close(t.Context(), acme, twilio.CloseParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.main.Accounts.Activate(t.Context(), acme); errorCode(err) != twilio.CodeSubaccountClosed {
		t.Error(err)
	}
	if _, err := r.acme.Calls.Create(t.Context(), ruleCall); !errors.Is(err, twilio.ErrUnauthorized) {
		t.Error(err)
	}
	if err := listCalls(t.Context(), r.own); !errors.Is(err, twilio.ErrUnauthorized) {
		t.Error(err)
	}
}

func TestRule_ClosingReleasesAllNumbers(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	number := r.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550200"})
	_, err := r.main.Accounts.Close(t.Context(), acme, twilio.CloseParams{})
	wantParamError(t, "MoveNumbersTo", err) // not by accident
	report, err := r.main.Accounts.Close(t.Context(), acme, twilio.CloseParams{ReleaseNumbers: true})
	if err != nil || len(report.ReleasedNumbers) != 1 || report.ReleasedNumbers[0].SID != number.SID {
		t.Errorf("%+v, %v", report, err)
	}
	// Anybody can have it now.
	if _, err := r.other.IncomingPhoneNumbers.Create(t.Context(), twilio.IncomingPhoneNumberCreateParams{PhoneNumber: number.PhoneNumber}); err != nil {
		t.Error(err)
	}
}

func TestRule_NumbersThatAreMovedBeforeClosingAreKept(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	number := r.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550200"})
	if _, err := r.main.Accounts.Close(t.Context(), acme, twilio.CloseParams{MoveNumbersTo: r.AccountSID}); err != nil {
		t.Fatal(err)
	}
	if kept, err := r.main.IncomingPhoneNumbers.Get(t.Context(), number.SID); err != nil || kept.PhoneNumber != number.PhoneNumber {
		t.Errorf("%+v, %v", kept, err)
	}
}

func TestRule_ClosedAccountsAreListedWithTheirHistory(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]twiliotest.Option{"kept": nil, "deleted after 30 days": {twiliotest.WithAutoDelete()}} {
		r := newAccountFamily(opts...)
		call := r.AddCall(acme, twilio.Call{Status: "completed"})
		if _, err := r.main.Accounts.Close(t.Context(), acme, twilio.CloseParams{}); err != nil {
			t.Fatal(err)
		}
		look := func() (listed int, err error) {
			listed = len(collect(t, r.main.Accounts.All(t.Context(), twilio.AccountListParams{Status: twilio.AccountStatusClosed})))
			_, err = r.acme.Calls.Get(t.Context(), call.SID)
			return listed, err
		}
		r.Advance(30*24*time.Hour - time.Second)
		if listed, err := look(); listed != 1 || err != nil {
			t.Errorf("%s: %d listed, %v", name, listed, err)
		}
		r.Advance(2 * time.Second)
		want := 1 - len(opts)
		if listed, err := look(); listed != want || (err == nil) != (want == 1) {
			t.Errorf("%s, after 30 days: %d listed, %v", name, listed, err)
		}
	}
}

func TestRule_NumbersMoveBetweenAllAccountsOfAFamily(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	number := r.AddPhoneNumber(r.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550200"})
	from := r.main
	for _, to := range []*twilio.Client{r.acme, r.other, r.main} {
		moved, err := from.IncomingPhoneNumbers.Transfer(t.Context(), number.SID, twilio.TransferParams{To: to.AccountSID()})
		if err != nil || moved.AccountSID != to.AccountSID() || moved.PhoneNumber != number.PhoneNumber {
			t.Errorf("%v to %v: %+v, %v", from, to, moved, err)
		}
		if _, err := from.IncomingPhoneNumbers.Get(t.Context(), number.SID); !errors.Is(err, twilio.ErrNotFound) {
			t.Errorf("%v still has it: %v", from, err)
		}
		if numbers := collect(t, to.IncomingPhoneNumbers.All(t.Context(), twilio.IncomingPhoneNumberListParams{})); len(numbers) != 1 {
			t.Errorf("%v lists %d numbers", to, len(numbers))
		}
		from = to
	}
}

func TestRule_OnlyMainCredentialsMoveNumbers(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	number := r.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550200"})
	_, err := r.own.IncomingPhoneNumbers.Transfer(t.Context(), number.SID, twilio.TransferParams{To: other})
	wantParamError(t, "credentials", err)
	_, err = r.own.IncomingPhoneNumbers.Update(t.Context(), number.SID, twilio.IncomingPhoneNumberUpdateParams{AccountSID: new(other)})
	if errorCode(err) != twilio.CodeTransferCredentials {
		t.Error(err)
	}
}

func TestRule_NumbersWithAddressRequirementsNeedAnAddressOfTheNewAccount(t *testing.T) {
	t.Parallel()
	r := newAccountFamily()
	number := r.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550200", AddressRequirements: "any"})
	_, err := r.acme.IncomingPhoneNumbers.Transfer(t.Context(), number.SID, twilio.TransferParams{To: other})
	wantParamError(t, "AddressSID", err)
	address := twilio.Address{CustomerName: "A", Street: "1 Main St", City: "Springfield", Region: "IL", PostalCode: "62701"}
	losing, gaining := r.AddAddress(acme, address), r.AddAddress(other, address)
	if _, err := r.acme.IncomingPhoneNumbers.Transfer(t.Context(), number.SID, twilio.TransferParams{To: other, AddressSID: losing.SID}); errorCode(err) == 0 {
		t.Errorf("with an address of the losing account: %v", err)
	}
	moved, err := r.acme.IncomingPhoneNumbers.Transfer(t.Context(), number.SID, twilio.TransferParams{To: other, AddressSID: gaining.SID})
	if err != nil || moved.AddressSID != gaining.SID {
		t.Errorf("%+v, %v", moved, err)
	}
}

// The table in CONTRIBUTING.md has the tests of this file, all of them and no
// others.
func TestRulesAreListed(t *testing.T) {
	t.Parallel()
	names := func(file, before, after string) map[string]bool {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]bool{}
		for _, m := range regexp.MustCompile(before+`(TestRule_\w+)`+after).FindAllStringSubmatch(string(text), -1) {
			found[m[1]] = true
		}
		return found
	}
	tests, listed := names("rules_test.go", `func `, `\(`), names("CONTRIBUTING.md", "`", "`")
	for name := range tests {
		if !listed[name] {
			t.Errorf("%s isn't listed", name)
		}
	}
	for name := range listed {
		if !tests[name] {
			t.Errorf("%s is listed, but there is no such test", name)
		}
	}
}
