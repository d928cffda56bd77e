package twilio_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// provisionParams have every part.
func provisionParams() twilio.ProvisionParams {
	trigger := alert
	return twilio.ProvisionParams{
		FriendlyName: "New",
		Key:          &twilio.KeyCreateParams{FriendlyName: "backend"},
		Address: &twilio.AddressCreateParams{
			FriendlyName: "office", CustomerName: "Captain Nemo", Street: "375 Beale St",
			City: "San Francisco", Region: "CA", PostalCode: "94105", ISOCountry: "US",
		},
		Trigger: &trigger,
		Number: &twilio.BuyParams{
			Country: "US", Search: twilio.AvailablePhoneNumberListParams{AreaCode: "415"},
			Number: twilio.IncomingPhoneNumberCreateParams{
				FriendlyName: "main line", VoiceURL: "https://example.com/voice", SMSURL: "https://example.com/sms",
			},
		},
	}
}

// provision provisions with the customer's vault, and checks the report.
func (w *customer) provision(ctx context.Context, params twilio.ProvisionParams) error {
	if params.SaveKey == nil {
		params.SaveKey = w.saveKey
	}
	report, err := w.client.Accounts.Provision(ctx, params)
	if err != nil {
		return err
	}
	for part, isThere := range map[string]bool{
		"account": report.Account != nil && report.Account.FriendlyName == params.FriendlyName,
		"key":     (params.Key != nil) == (report.Key != nil),
		"address": (params.Address != nil) == (report.Address != nil),
		"trigger": (params.Trigger != nil) == (report.Trigger != nil),
		"number":  (params.Number != nil) == (report.Number != nil),
	} {
		if !isThere {
			w.t.Errorf("the report is wrong about the %s: %+v", part, report)
		}
	}
	if report.Number != nil && report.Number.VoiceURL != params.Number.Number.VoiceURL {
		w.t.Errorf("the number's calls go to %q", report.Number.VoiceURL)
	}
	return nil
}

// changes are the requests that aren't reads, since the first n.
func (w *customer) changes(n int) []string {
	var sent []string
	for _, r := range w.srv.Requests()[n:] {
		if r.Method != http.MethodGet {
			sent = append(sent, r.Method+" "+r.Path[strings.LastIndexByte(r.Path, '/')+1:])
		}
	}
	return sent
}

func TestProvisionReportsWhatItFindsAndCreates(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	params := provisionParams()
	params.SaveKey = w.saveKey
	all := twilio.ProvisionedParts{Account: true, Key: true, Address: true, Trigger: true, Number: true}
	for _, step := range []struct {
		name             string
		change           func()
		created, updated twilio.ProvisionedParts
		sent             []string // changes
	}{
		{"anew", func() {}, all, twilio.ProvisionedParts{}, []string{
			"POST Accounts.json", "POST Keys.json", "POST key", "POST Addresses.json", "POST Triggers.json", "POST IncomingPhoneNumbers.json"}},
		{"again", func() {}, twilio.ProvisionedParts{}, twilio.ProvisionedParts{}, nil},
		{"other webhooks", func() {
			params.Number.Number.VoiceURL = "https://example.com/v2/voice"
			params.Trigger.CallbackURL = "https://example.com/v2/alert"
		}, twilio.ProvisionedParts{}, twilio.ProvisionedParts{Trigger: true, Number: true}, []string{"POST trigger", "POST number"}},
		{"with what is there", func() { params.Key, params.Address, params.Trigger, params.Number = nil, nil, nil, nil },
			twilio.ProvisionedParts{}, twilio.ProvisionedParts{}, nil},
	} {
		step.change()
		before := len(w.srv.Requests())
		report, err := w.client.Accounts.Provision(t.Context(), params)
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if report.Created != step.created || report.Updated != step.updated {
			t.Errorf("%s: created %+v, updated %+v", step.name, report.Created, report.Updated)
		}
		if (report.Key == nil) != (params.Key == nil) || report.Key != nil && !report.Key.Secret.IsZero() {
			t.Errorf("%s: the key is %+v", step.name, report.Key)
		}
		var sent []string
		for _, change := range w.changes(before) {
			for prefix, kind := range map[string]string{"POST SK": "POST key", "POST UT": "POST trigger", "POST PN": "POST number"} {
				if strings.HasPrefix(change, prefix) {
					change = kind
				}
			}
			sent = append(sent, change)
		}
		if !slices.Equal(sent, step.sent) {
			t.Errorf("%s: sent %q, want %q", step.name, sent, step.sent)
		}
		if params.Number != nil && (report.Number.VoiceURL != params.Number.Number.VoiceURL || report.Number.SMSURL != "https://example.com/sms" ||
			report.Number.AddressSID != report.Address.SID || report.Trigger.CallbackURL != params.Trigger.CallbackURL) {
			t.Errorf("%s: %+v, %+v", step.name, report.Number, report.Trigger)
		}
		if key := w.vault[report.Account.SID]; key.FriendlyName != "backend" || !w.savedKeyWorks(report.Account.SID) {
			t.Errorf("%s: the saved key %s doesn't work", step.name, key.FriendlyName)
		}
	}
}

// Configuration that the params leave out stays as it is.
func TestProvisionLeavesAloneWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	number := w.srv.AddPhoneNumber(other, twilio.IncomingPhoneNumber{
		PhoneNumber: "+14155550399", FriendlyName: "main line", VoiceURL: "https://example.com/old", StatusCallback: "https://example.com/status"})
	params := provisionParams()
	params.FriendlyName = "Other"
	if err := w.provision(t.Context(), params); err != nil {
		t.Fatal(err)
	}
	got, err := w.client.Subaccount(other).IncomingPhoneNumbers.Get(t.Context(), number.SID)
	if err != nil || got.VoiceURL != "https://example.com/voice" || got.StatusCallback != "https://example.com/status" || got.AddressSID != "" {
		t.Errorf("%+v, %v", got, err)
	}
	if numbers := w.numbers(other); len(numbers) != 2 {
		t.Errorf("it has %v", numbers)
	}
}

// A key whose secret may be lost is replaced, and works until another is saved.
func TestProvisionReplacesAKeyThatWasNotSaved(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	full := errors.New("the vault is full")
	params := provisionParams()
	params.SaveKey = func(_ context.Context, _ string, key *twilio.Key) error {
		if key.Secret.IsZero() {
			t.Error("the key has no secret")
		}
		return full
	}
	report, err := w.client.Accounts.Provision(t.Context(), params)
	if !errors.Is(err, full) || report.Account == nil || report.Key != nil || report.Created.Key || report.Number != nil {
		t.Fatalf("%+v, %v", report, err)
	}
	lost := collect(t, w.client.Subaccount(report.Account.SID).Keys.All(t.Context(), twilio.KeyListParams{}))
	if len(lost) != 1 || lost[0].FriendlyName != "backend (unsaved)" {
		t.Fatalf("the account has the keys %+v", lost)
	}
	params.SaveKey = func(ctx context.Context, account string, key *twilio.Key) error {
		if _, err := w.client.Subaccount(account).Keys.Get(ctx, lost[0].SID); err != nil {
			t.Errorf("the key was revoked before another was saved: %v", err)
		}
		return w.saveKey(ctx, account, key)
	}
	report, err = w.client.Accounts.Provision(t.Context(), params)
	if err != nil || !report.Created.Key || report.Key.FriendlyName != "backend" || !w.savedKeyWorks(report.Account.SID) {
		t.Fatalf("%+v, %v", report, err)
	}
	keys := collect(t, w.client.Subaccount(report.Account.SID).Keys.All(t.Context(), twilio.KeyListParams{}))
	if len(keys) != 1 || keys[0].SID != report.Key.SID {
		t.Errorf("the account has the keys %+v", keys)
	}
}

// A run beside this one takes its key for lost. Since this one's SaveKey may
// have been the last, it has to save a key that works.
func TestProvisionSavesAnotherKeyWhereARunBesideItRevokesTheFirst(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	params := provisionParams()
	params.FriendlyName, params.Number = "Acme", nil
	saves := 0
	params.SaveKey = func(ctx context.Context, account string, key *twilio.Key) error {
		if saves++; saves < 3 {
			if err := w.srv.Client().Subaccount(account).Keys.Delete(ctx, key.SID); err != nil {
				t.Error(err)
			}
		}
		return w.saveKey(ctx, account, key)
	}
	if err := w.provision(t.Context(), params); err != nil || saves != 3 || !w.savedKeyWorks(acme) {
		t.Errorf("%d keys were saved, the last works: %t; %v", saves, w.savedKeyWorks(acme), err)
	}
	// It doesn't go on for ever.
	params.Key.FriendlyName, saves = "web", 0
	params.SaveKey = func(ctx context.Context, account string, key *twilio.Key) error {
		saves++
		return w.srv.Client().Subaccount(account).Keys.Delete(ctx, key.SID)
	}
	report, err := w.client.Accounts.Provision(t.Context(), params)
	if e, ok := err.(*twilio.Error); !ok || !errors.Is(e, twilio.ErrNotFound) || saves != 10 || report.Key != nil { //nolint:errorlint // what it is
		t.Errorf("%T %v, after %d keys", err, err, saves)
	}
}

// What is promised for runs at once, though they should be one after the other:
// the saved key works, and one number is bought where all see the same offers.
func TestProvisionAtOnce(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	params := provisionParams()
	params.FriendlyName, params.Trigger = "Acme", nil
	const runs = 20
	var searched atomic.Int32
	all := make(chan struct{}) // closed once all runs have seen the offers
	w.transport.intercept = func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/IncomingPhoneNumbers.json") {
			select {
			case <-all:
			case <-r.Context().Done():
			}
		}
		res, err := send()
		if strings.Contains(r.URL.Path, "/AvailablePhoneNumbers/") && searched.Add(1) == runs {
			close(all)
		}
		return res, err
	}
	var running sync.WaitGroup
	for range runs {
		running.Go(func() {
			if err := w.provision(t.Context(), params); err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
	if !w.savedKeyWorks(acme) {
		t.Error("the key that was saved last doesn't work")
	}
	if numbers := w.numbers(acme); len(numbers) != 6 {
		t.Errorf("it has the numbers %v, want one more than before", numbers)
	}
	for _, key := range collect(t, w.client.Subaccount(acme).Keys.All(t.Context(), twilio.KeyListParams{})) {
		if key.FriendlyName != "backend" {
			t.Errorf("there is a key %q", key.FriendlyName)
		}
	}
}

// A run beside this one has bought the first offer for the same account. Twilio
// may refuse the purchase of a number that the account already owns.
func TestProvisionFindsTheNumberOfARunBesideIt(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	params := provisionParams()
	params.FriendlyName = "Acme"
	purchases := 0
	w.transport.intercept = func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/IncomingPhoneNumbers.json") {
			return send()
		}
		purchases++
		if _, err := send(); err != nil {
			return nil, err
		}
		return respond(http.StatusBadRequest, `{"code":21422,"status":400}`)(r)
	}
	if err := w.provision(t.Context(), params); err != nil || purchases != 1 || len(w.numbers(acme)) != 6 {
		t.Errorf("%d purchases, numbers %v; %v", purchases, w.numbers(acme), err)
	}
}

// Creates whose outcome is unknown are looked for before anything is created
// twice, in the same run.
func TestProvisionWithLostResponses(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		for _, resource := range []string{"/Keys.json", "/Addresses.json", "/Triggers.json", "/IncomingPhoneNumbers.json"} {
			t.Run(fmt.Sprint(resource[1:], " after the effect ", after), func(t *testing.T) {
				t.Parallel()
				w := newCustomer(t, noRetries)
				lost := false
				w.transport.intercept = func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
					if lost || r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, resource) {
						return send()
					}
					lost = true
					if after {
						_, _ = send()
					}
					return nil, syscall.ECONNRESET
				}
				params := provisionParams()
				err := w.provision(t.Context(), params)
				looksOnly := !after && (resource == "/Addresses.json" || resource == "/Triggers.json")
				if looksOnly != errors.Is(err, twilio.ErrOutcomeUnknown) || !looksOnly && err != nil {
					t.Errorf("%v", err)
				}
				if err := w.provision(t.Context(), params); err != nil {
					t.Error(err)
				}
				account, _, err := w.client.Accounts.Ensure(t.Context(), "New")
				if err != nil {
					t.Fatal(err)
				}
				want := "[+14152654321 to https://example.com/voice address office key backend trigger alert to https://example.com/alert], saved key works: true"
				if got := w.setup(account.SID); got != want {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
			})
		}
	}
}

func TestProvisionRefusals(t *testing.T) {
	t.Parallel()
	const operation = "accounts.provision"
	provision := func(change func(*twilio.ProvisionParams), opts ...twilio.RequestOption) func(*customer) error {
		return func(w *customer) error {
			params := provisionParams()
			params.SaveKey = w.saveKey
			change(&params)
			_, err := w.client.Accounts.Provision(t.Context(), params, opts...)
			return err
		}
	}
	unchanged := func(*twilio.ProvisionParams) {}
	testRefusals(t, []refusal{
		{name: "no name", operation: operation, field: "FriendlyName", reason: "empty",
			run: provision(func(p *twilio.ProvisionParams) { p.FriendlyName = "" })},
		{name: "name with a space", operation: operation, field: "FriendlyName", reason: "trim",
			run: provision(func(p *twilio.ProvisionParams) { p.FriendlyName = "canary " })},
		{name: "long name", operation: operation, field: "FriendlyName", reason: "accepts 64",
			run: provision(func(p *twilio.ProvisionParams) { p.FriendlyName = strings.Repeat("k", 65) })},
		{name: "no SaveKey", operation: operation, field: "SaveKey", reason: "nil",
			run: provision(func(p *twilio.ProvisionParams) { p.SaveKey = nil })},
		{name: "key without a name", operation: operation, field: "Key.FriendlyName", reason: "empty",
			run: provision(func(p *twilio.ProvisionParams) { p.Key.FriendlyName = "" })},
		{name: "long name of a key", operation: operation, field: "Key.FriendlyName", reason: "accepts 54",
			run: provision(func(p *twilio.ProvisionParams) { p.Key.FriendlyName = strings.Repeat("k", 55) })},
		{name: "address without a name", operation: operation, field: "Address.FriendlyName", reason: "empty",
			run: provision(func(p *twilio.ProvisionParams) { p.Address.FriendlyName = "" })},
		{name: "address without a city", operation: operation, field: "City", reason: "empty",
			run: provision(func(p *twilio.ProvisionParams) { p.Address.City = "" })},
		{name: "trigger without a value", operation: "usage.triggers.ensure", field: "TriggerValue", reason: "empty",
			run: provision(func(p *twilio.ProvisionParams) { p.Trigger.TriggerValue = "" })},
		{name: "number of no country", operation: "incoming_phone_numbers.buy", field: "Country", reason: "ISO",
			run: provision(func(p *twilio.ProvisionParams) { p.Number.Country = "canary" })},
		{name: "number with a space in its name", operation: operation, field: "Number.FriendlyName", reason: "trim",
			run: provision(func(p *twilio.ProvisionParams) { p.Number.Number.FriendlyName = " canary" })},
		{name: "a form", operation: operation, field: "WithForm", reason: "workflow",
			run: provision(unchanged, twilio.WithForm(map[string][]string{"A": {"canary"}}))},
		{name: "an API key", operation: operation, field: "credentials", reason: "AuthToken",
			prepare: func(w *customer) { w.client = w.keyClient() }, run: provision(unchanged)},
		{name: "a suspended account", operation: operation, field: "FriendlyName", reason: "activate", afterReads: true,
			prepare: func(w *customer) { w.srv.SetStatus(acme, twilio.AccountStatusSuspended) },
			run:     provision(func(p *twilio.ProvisionParams) { p.FriendlyName = "Acme" })},
	})
}

// Options reach every request.
func TestProvisionPassesOptionsOn(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	sent := 0
	w.transport.intercept = func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		sent++
		if r.Header.Get("X-Trace") != "4711" {
			t.Errorf("%s %s is without the header", r.Method, r.URL.Path)
		}
		return send()
	}
	params := provisionParams()
	params.SaveKey = w.saveKey
	for _, change := range []string{"", "https://example.com/v2"} {
		if change != "" {
			params.Number.Number.VoiceURL, params.Trigger.CallbackURL = change, change
		}
		if _, err := w.client.Accounts.Provision(t.Context(), params, twilio.WithHeader("X-Trace", "4711")); err != nil {
			t.Fatal(err)
		}
	}
	if sent < 15 {
		t.Errorf("only %d requests", sent)
	}
}

// Params and report can be stored as JSON; the report has no secret in it.
func TestProvisionAsJSON(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	params := provisionParams()
	params.SaveKey = w.saveKey
	text, err := json.Marshal(params)
	if err != nil {
		t.Fatal(err)
	}
	var again twilio.ProvisionParams
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	params.SaveKey = nil
	if !reflect.DeepEqual(again, params) {
		t.Errorf("got %s\nfrom %s", text, fmt.Sprint(params))
	}
	again.SaveKey = w.saveKey
	report, err := w.client.Accounts.Provision(t.Context(), again)
	if err != nil {
		t.Fatal(err)
	}
	text, err = json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	printed := fmt.Sprintf("%s %+v %#v", text, report, report)
	for _, secret := range []string{report.Account.AuthToken.Reveal(), w.vault[report.Account.SID].Secret.Reveal()} {
		if secret == "" || strings.Contains(printed, secret) {
			t.Errorf("a secret is missing or printed in %s", text)
		}
	}
	var restored twilio.ProvisionReport
	if err := json.Unmarshal(text, &restored); err != nil {
		t.Fatal(err)
	}
	if restored.Number.PhoneNumber != report.Number.PhoneNumber || !restored.Created.Number || restored.Key.SID != report.Key.SID ||
		!restored.Trigger.TriggerValue.Decimal.Equal(report.Trigger.TriggerValue.Decimal) {
		t.Errorf("%+v", restored)
	}
}

// A number that requires an address is bought with the customer's.
func TestProvisionWithARequiredAddress(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	params := provisionParams()
	params.Key, params.Trigger = nil, nil
	params.Address.ISOCountry, params.Address.Region, params.Address.City, params.Address.PostalCode = "DE", "Berlin", "Berlin", "10115"
	params.Number = &twilio.BuyParams{Country: "DE"}
	report, err := srv.Client().Accounts.Provision(t.Context(), params)
	if err != nil || report.Number.AddressRequirements == twilio.AddressRequirementNone || report.Number.AddressSID != report.Address.SID {
		t.Fatalf("%+v, %v", report, err)
	}
}

// Responses as Twilio's documentation and specification have them, with null,
// empty and missing fields: Provision finds what there is, and sends only what
// differs.
func TestProvisionReadsTwiliosResponses(t *testing.T) {
	t.Parallel()
	s := newScript(t,
		respond(200, `{"accounts":[{"sid":"`+mainSID+`","owner_account_sid":"`+mainSID+`","friendly_name":"New","status":"active"},
			{"sid":"`+subSID+`","owner_account_sid":"`+mainSID+`","friendly_name":"New","status":"active","auth_token":"","type":"Full"}],"next_page_uri":null}`),
		respond(200, `{"keys":[{"sid":"SK1","friendly_name":null,"date_created":"Mon, 13 Jun 2016 22:50:08 +0000"},
			{"sid":"SK2","friendly_name":"backend","date_created":"Mon, 13 Jun 2016 22:50:08 +0000"}],"next_page_uri":null}`),
		respond(200, `{"addresses":[{"sid":"AD1","friendly_name":"office","street_secondary":null,"iso_country":"US","validated":false}],"next_page_uri":null}`),
		respond(200, triggerList(listedTrigger)),
		respond(200, `{"incoming_phone_numbers":[{"sid":"PN1","account_sid":"`+subSID+`","phone_number":"+14155550001","friendly_name":"main line","status":"in-use",
			"voice_url":"https://example.com/voice","voice_method":"POST","sms_url":"","sms_application_sid":null,"voice_caller_id_lookup":null,
			"address_sid":"","bundle_sid":null,"emergency_status":"Inactive","trunk_sid":null,"capabilities":{"voice":true,"sms":true,"mms":false,"fax":false}}],"next_page_uri":null}`),
		respond(200, `{"sid":"PN1","account_sid":"`+subSID+`","phone_number":"+14155550001","friendly_name":"main line","sms_url":"https://example.com/sms"}`),
	)
	params := provisionParams()
	params.SaveKey = func(context.Context, string, *twilio.Key) error { return errors.New("there is nothing to save") }
	report, err := newClient(t, s).Accounts.Provision(t.Context(), params)
	if err != nil {
		t.Fatal(err)
	}
	if report.Created != (twilio.ProvisionedParts{}) || report.Updated != (twilio.ProvisionedParts{Number: true}) ||
		report.Account.SID != subSID || report.Key.SID != "SK2" || report.Address.SID != "AD1" || report.Trigger.SID != "UT1" || report.Number.SID != "PN1" {
		t.Errorf("%+v", report)
	}
	update := s.sent[len(s.sent)-1]
	if update.Path != "/2010-04-01/Accounts/"+subSID+"/IncomingPhoneNumbers/PN1.json" || update.Form.Encode() != "SmsUrl=https%3A%2F%2Fexample.com%2Fsms" {
		t.Errorf("sent %s %s", update.Path, update.Form.Encode())
	}
	if query := s.sent[4].Query; query.Get("FriendlyName") != "main line" {
		t.Errorf("listed numbers with %v", query)
	}
}
