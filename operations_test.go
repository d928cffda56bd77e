package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// operations has every operation of the API that the library covers. Wire and
// conformance tests go through it; a new operation is a new line here.
//
// Paths are under the account, but for those that begin with /Accounts. {CA}
// stands for a SID of that kind, {US} for a country.
var operations = []operation{
	{"CreateAccount", "POST /Accounts", "accounts.create", "Accounts.Create"},
	{"FetchAccount", "GET /Accounts/{AC}", "accounts.get", "Accounts.Get"},
	{"UpdateAccount", "POST /Accounts/{AC}", "accounts.update", "Accounts.Update"},
	{"ListAccount", "GET /Accounts", "accounts.list", "Accounts.List"},

	{"CreateAddress", "POST /Addresses", "addresses.create", "Addresses.Create"},
	{"FetchAddress", "GET /Addresses/{AD}", "addresses.get", "Addresses.Get"},
	{"UpdateAddress", "POST /Addresses/{AD}", "addresses.update", "Addresses.Update"},
	{"DeleteAddress", "DELETE /Addresses/{AD}", "addresses.delete", "Addresses.Delete"},
	{"ListAddress", "GET /Addresses", "addresses.list", "Addresses.List"},
	{"ListDependentPhoneNumber", "GET /Addresses/{AD}/DependentPhoneNumbers", "addresses.dependent_phone_numbers.list", "Addresses.DependentPhoneNumbers.List"},

	{"FetchAvailablePhoneNumberCountry", "GET /AvailablePhoneNumbers/{US}", "available_phone_numbers.get", "AvailablePhoneNumbers.Get"},
	{"ListAvailablePhoneNumberCountry", "GET /AvailablePhoneNumbers", "available_phone_numbers.list", "AvailablePhoneNumbers.List"},
	{"ListAvailablePhoneNumberLocal", "GET /AvailablePhoneNumbers/{US}/Local", "available_phone_numbers.local.list", "AvailablePhoneNumbers.Local.List"},
	{"ListAvailablePhoneNumberMachineToMachine", "GET /AvailablePhoneNumbers/{US}/MachineToMachine", "available_phone_numbers.machine_to_machine.list", "AvailablePhoneNumbers.MachineToMachine.List"},
	{"ListAvailablePhoneNumberMobile", "GET /AvailablePhoneNumbers/{US}/Mobile", "available_phone_numbers.mobile.list", "AvailablePhoneNumbers.Mobile.List"},
	{"ListAvailablePhoneNumberNational", "GET /AvailablePhoneNumbers/{US}/National", "available_phone_numbers.national.list", "AvailablePhoneNumbers.National.List"},
	{"ListAvailablePhoneNumberSharedCost", "GET /AvailablePhoneNumbers/{US}/SharedCost", "available_phone_numbers.shared_cost.list", "AvailablePhoneNumbers.SharedCost.List"},
	{"ListAvailablePhoneNumberTollFree", "GET /AvailablePhoneNumbers/{US}/TollFree", "available_phone_numbers.toll_free.list", "AvailablePhoneNumbers.TollFree.List"},
	{"ListAvailablePhoneNumberVoip", "GET /AvailablePhoneNumbers/{US}/Voip", "available_phone_numbers.voip.list", "AvailablePhoneNumbers.Voip.List"},

	{"FetchBalance", "GET /Balance", "balance.get", "Balance.Get"},

	{"CreateCall", "POST /Calls", "calls.create", "Calls.Create"},
	{"FetchCall", "GET /Calls/{CA}", "calls.get", "Calls.Get"},
	{"UpdateCall", "POST /Calls/{CA}", "calls.update", "Calls.Update"},
	{"DeleteCall", "DELETE /Calls/{CA}", "calls.delete", "Calls.Delete"},
	{"ListCall", "GET /Calls", "calls.list", "Calls.List"},

	{"CreateIncomingPhoneNumber", "POST /IncomingPhoneNumbers", "incoming_phone_numbers.create", "IncomingPhoneNumbers.Create"},
	{"FetchIncomingPhoneNumber", "GET /IncomingPhoneNumbers/{PN}", "incoming_phone_numbers.get", "IncomingPhoneNumbers.Get"},
	{"UpdateIncomingPhoneNumber", "POST /IncomingPhoneNumbers/{PN}", "incoming_phone_numbers.update", "IncomingPhoneNumbers.Update"},
	{"DeleteIncomingPhoneNumber", "DELETE /IncomingPhoneNumbers/{PN}", "incoming_phone_numbers.delete", "IncomingPhoneNumbers.Delete"},
	{"ListIncomingPhoneNumber", "GET /IncomingPhoneNumbers", "incoming_phone_numbers.list", "IncomingPhoneNumbers.List"},
	{"CreateIncomingPhoneNumberLocal", "POST /IncomingPhoneNumbers/Local", "incoming_phone_numbers.local.create", "IncomingPhoneNumbers.Local.Create"},
	{"ListIncomingPhoneNumberLocal", "GET /IncomingPhoneNumbers/Local", "incoming_phone_numbers.local.list", "IncomingPhoneNumbers.Local.List"},
	{"CreateIncomingPhoneNumberMobile", "POST /IncomingPhoneNumbers/Mobile", "incoming_phone_numbers.mobile.create", "IncomingPhoneNumbers.Mobile.Create"},
	{"ListIncomingPhoneNumberMobile", "GET /IncomingPhoneNumbers/Mobile", "incoming_phone_numbers.mobile.list", "IncomingPhoneNumbers.Mobile.List"},
	{"CreateIncomingPhoneNumberTollFree", "POST /IncomingPhoneNumbers/TollFree", "incoming_phone_numbers.toll_free.create", "IncomingPhoneNumbers.TollFree.Create"},
	{"ListIncomingPhoneNumberTollFree", "GET /IncomingPhoneNumbers/TollFree", "incoming_phone_numbers.toll_free.list", "IncomingPhoneNumbers.TollFree.List"},

	{"CreateNewKey", "POST /Keys", "keys.create", "Keys.Create"},
	{"FetchKey", "GET /Keys/{SK}", "keys.get", "Keys.Get"},
	{"UpdateKey", "POST /Keys/{SK}", "keys.update", "Keys.Update"},
	{"DeleteKey", "DELETE /Keys/{SK}", "keys.delete", "Keys.Delete"},
	{"ListKey", "GET /Keys", "keys.list", "Keys.List"},

	{"CreateMessage", "POST /Messages", "messages.create", "Messages.Create"},
	{"FetchMessage", "GET /Messages/{SM}", "messages.get", "Messages.Get"},
	{"UpdateMessage", "POST /Messages/{SM}", "messages.update", "Messages.Update"},
	{"DeleteMessage", "DELETE /Messages/{SM}", "messages.delete", "Messages.Delete"},
	{"ListMessage", "GET /Messages", "messages.list", "Messages.List"},

	{"CreateValidationRequest", "POST /OutgoingCallerIds", "validation_requests.create", "OutgoingCallerIDs.Validate"},
	{"FetchOutgoingCallerId", "GET /OutgoingCallerIds/{PN}", "outgoing_caller_ids.get", "OutgoingCallerIDs.Get"},
	{"UpdateOutgoingCallerId", "POST /OutgoingCallerIds/{PN}", "outgoing_caller_ids.update", "OutgoingCallerIDs.Update"},
	{"DeleteOutgoingCallerId", "DELETE /OutgoingCallerIds/{PN}", "outgoing_caller_ids.delete", "OutgoingCallerIDs.Delete"},
	{"ListOutgoingCallerId", "GET /OutgoingCallerIds", "outgoing_caller_ids.list", "OutgoingCallerIDs.List"},

	{"CreateNewSigningKey", "POST /SigningKeys", "signing_keys.create", "SigningKeys.Create"},
	{"FetchSigningKey", "GET /SigningKeys/{SK}", "signing_keys.get", "SigningKeys.Get"},
	{"UpdateSigningKey", "POST /SigningKeys/{SK}", "signing_keys.update", "SigningKeys.Update"},
	{"DeleteSigningKey", "DELETE /SigningKeys/{SK}", "signing_keys.delete", "SigningKeys.Delete"},
	{"ListSigningKey", "GET /SigningKeys", "signing_keys.list", "SigningKeys.List"},

	{"ListUsageRecord", "GET /Usage/Records", "usage.records.list", "Usage.Records.List"},
	{"ListUsageRecordAllTime", "GET /Usage/Records/AllTime", "usage.records.all_time.list", "Usage.Records.AllTime.List"},
	{"ListUsageRecordDaily", "GET /Usage/Records/Daily", "usage.records.daily.list", "Usage.Records.Daily.List"},
	{"ListUsageRecordLastMonth", "GET /Usage/Records/LastMonth", "usage.records.last_month.list", "Usage.Records.LastMonth.List"},
	{"ListUsageRecordMonthly", "GET /Usage/Records/Monthly", "usage.records.monthly.list", "Usage.Records.Monthly.List"},
	{"ListUsageRecordThisMonth", "GET /Usage/Records/ThisMonth", "usage.records.this_month.list", "Usage.Records.ThisMonth.List"},
	{"ListUsageRecordToday", "GET /Usage/Records/Today", "usage.records.today.list", "Usage.Records.Today.List"},
	{"ListUsageRecordYearly", "GET /Usage/Records/Yearly", "usage.records.yearly.list", "Usage.Records.Yearly.List"},
	{"ListUsageRecordYesterday", "GET /Usage/Records/Yesterday", "usage.records.yesterday.list", "Usage.Records.Yesterday.List"},

	{"CreateUsageTrigger", "POST /Usage/Triggers", "usage.triggers.create", "Usage.Triggers.Create"},
	{"FetchUsageTrigger", "GET /Usage/Triggers/{UT}", "usage.triggers.get", "Usage.Triggers.Get"},
	{"UpdateUsageTrigger", "POST /Usage/Triggers/{UT}", "usage.triggers.update", "Usage.Triggers.Update"},
	{"DeleteUsageTrigger", "DELETE /Usage/Triggers/{UT}", "usage.triggers.delete", "Usage.Triggers.Delete"},
	{"ListUsageTrigger", "GET /Usage/Triggers", "usage.triggers.list", "Usage.Triggers.List"},
}

// workflows are the methods of services that are built from operations, with the
// kind of SID that they take, if they take one.
var workflows = map[string]string{
	"Accounts.Activate": "{AC}", "Accounts.Close": "{AC}", "Accounts.Duplicates": "", "Accounts.Ensure": "", "Accounts.ForEach": "", "Accounts.Suspend": "{AC}",
	"Calls.End": "{CA}", "Calls.EndAll": "", "Calls.Spend": "", "Messages.Spend": "", "Usage.Reconcile": "",
	"IncomingPhoneNumbers.Transfer": "{PN}", "IncomingPhoneNumbers.TransferAll": "",
}

// refusedFields are those of a Params type that one of its operations doesn't
// take, and refuses.
var refusedFields = map[string][]string{
	"CreateIncomingPhoneNumberLocal":    {"AreaCode"},
	"CreateIncomingPhoneNumberMobile":   {"AreaCode"},
	"CreateIncomingPhoneNumberTollFree": {"AreaCode"},
}

// alternatives has the fields to leave out of params that are filled to the
// brim, where fields exclude each other: each element makes params that pass.
var alternatives = map[string][][]string{
	"CallCreateParams":                {{"TwiML", "ApplicationSID"}, {"URL", "ApplicationSID"}, {"URL", "TwiML"}},
	"CallUpdateParams":                {{"TwiML"}, {"URL"}},
	"CallListParams":                  {{"StartTime", "EndTime"}, {"StartTimeAfter", "StartTimeBefore", "EndTimeAfter", "EndTimeBefore"}},
	"IncomingPhoneNumberCreateParams": {{"AreaCode"}, {"PhoneNumber"}},
	"MessageListParams":               {{"DateSent"}, {"DateSentAfter", "DateSentBefore"}},
}

// An operation is one of the API.
type operation struct {
	id      string // in Twilio's specification
	request string // method and path
	name    string // in errors and logs
	method  string // of the client
}

const (
	mainSID   = "AC00000000000000000000000000000001"
	subSID    = "AC00000000000000000000000000000002"
	mainToken = "main-token"
	subToken  = "sub-token"
	keySID    = "SK00000000000000000000000000000001"
	keySecret = "key-secret"
)

var placeholder = regexp.MustCompile(`\{([A-Z]{2})\}`)

// example returns what a placeholder stands for.
func example(placeholder string) string {
	kind := strings.Trim(placeholder, "{}")
	if kind == "US" {
		return kind
	}
	return kind + "0123456789abcdef0123456789abcdef"
}

func (op operation) verb() string { return op.method[strings.LastIndex(op.method, ".")+1:] }

// sibling names another method of the operation's service.
func (op operation) sibling(verb string) string {
	return strings.TrimSuffix(op.method, op.verb()) + verb
}

func (op operation) httpMethod() string { method, _, _ := strings.Cut(op.request, " "); return method }

func (op operation) template() string { _, path, _ := strings.Cut(op.request, " "); return path }

func (op operation) isRoot() bool { return strings.HasPrefix(op.template(), "/Accounts") }

// path is the whole path of the request for an account.
func (op operation) path(account string) string {
	path := placeholder.ReplaceAllStringFunc(op.template(), example)
	if !op.isRoot() {
		path = "/Accounts/" + account + path
	}
	return "/2010-04-01" + path + ".json"
}

// args are the strings that the method takes.
func (op operation) args() []string {
	args := placeholder.FindAllString(op.template(), -1)
	for i, a := range args {
		args[i] = example(a)
	}
	return args
}

// params is the type of the method's params, nil if it takes none.
func (op operation) params() reflect.Type { return paramsOf(methodOf(twilioClient, op.method)) }

func paramsOf(method reflect.Value) reflect.Type {
	for in := range method.Type().Ins() {
		if in.Kind() == reflect.Struct && strings.HasSuffix(in.Name(), "Params") {
			return in
		}
	}
	return nil
}

// filled returns params with every field that the operation takes, more than
// once where fields exclude each other, and an invalid value if it takes none.
func (op operation) filled() []reflect.Value {
	t := op.params()
	if t == nil {
		return []reflect.Value{{}}
	}
	var all []reflect.Value
	for _, without := range append(alternatives[t.Name()], nil) {
		if without == nil && len(all) > 0 {
			break
		}
		params := fill(t)
		for _, field := range without {
			params.FieldByName(field).SetZero()
		}
		if !slices.ContainsFunc(refusedFields[op.id], func(field string) bool { return !params.FieldByName(field).IsZero() }) {
			all = append(all, params)
		}
	}
	return all
}

// result is the type of what the method returns, or of the items of its page;
// nil if it returns an error only.
func (op operation) result() reflect.Type {
	t := methodOf(twilioClient, op.method).Type()
	if t.NumOut() == 1 {
		return nil
	}
	out := t.Out(0).Elem()
	if items, ok := out.FieldByName("Items"); ok {
		return items.Type.Elem().Elem()
	}
	return out
}

// twilioClient is one to look at types with.
var twilioClient = must(twilio.NewClient(twilio.AuthToken(mainSID, mainToken)))

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// methodOf returns a method of a client's services by its name, such as
// "Usage.Records.Daily.List".
func methodOf(c *twilio.Client, name string) reflect.Value {
	v := reflect.ValueOf(c)
	path := strings.Split(name, ".")
	for _, field := range path[:len(path)-1] {
		v = v.Elem().FieldByName(field)
	}
	return v.MethodByName(path[len(path)-1])
}

// methodNames has the methods of all of a client's services.
func methodNames(c *twilio.Client) []string {
	var names []string
	var walk func(v reflect.Value, prefix string)
	walk = func(v reflect.Value, prefix string) {
		for field, value := range v.Elem().Fields() {
			if !field.IsExported() {
				continue
			}
			for method := range value.Methods() {
				names = append(names, prefix+field.Name+"."+method.Name)
			}
			walk(value, prefix+field.Name+".")
		}
	}
	walk(reflect.ValueOf(c), "")
	return names
}

// invoke calls a method: with the strings where it takes some, with params,
// or their zero value, where it takes them. Of an iterator it returns what was
// yielded.
func invoke(ctx context.Context, method reflect.Value, args []string, params reflect.Value) (result any, err error) {
	var in []reflect.Value
	for t := range method.Type().Ins() {
		switch {
		case t == reflect.TypeFor[context.Context]():
			in = append(in, reflect.ValueOf(ctx))
		case t == reflect.TypeFor[[]twilio.RequestOption](): // none
		case t.Kind() == reflect.String && len(args) > 0:
			in = append(in, reflect.ValueOf(args[0]))
			args = args[1:]
		case params.IsValid() && t == params.Type():
			in = append(in, params)
		default:
			in = append(in, reflect.Zero(t))
		}
	}
	out := method.Call(in)
	if seq := out[0]; seq.Kind() == reflect.Func {
		var items []any
		for item, e := range seq.Seq2() {
			items = append(items, item.Interface())
			err, _ = reflect.TypeAssert[error](e)
		}
		return items, err
	}
	err, _ = reflect.TypeAssert[error](out[len(out)-1])
	return out[0].Interface(), err
}

// someTime is a time of which the day in UTC is another.
var someTime = time.Date(2026, time.March, 1, 23, 30, 0, 0, time.FixedZone("", -5*60*60))

// fill returns params with every field set, to values that pass the checks and
// that a form must escape.
func fill(t reflect.Type) reflect.Value {
	params := reflect.New(t).Elem()
	for field, value := range params.Fields() {
		if value.Kind() == reflect.Pointer {
			value.Set(reflect.New(field.Type.Elem()))
			value = value.Elem()
			if value.Kind() == reflect.Bool {
				continue // a pointer to false is what a plain bool can't say
			}
		}
		switch {
		case value.Type() == reflect.TypeFor[time.Time]():
			at := someTime
			if strings.HasSuffix(field.Name, "Before") {
				at = at.AddDate(0, 0, 2)
			}
			value.Set(reflect.ValueOf(at))
		case field.Name == "AccountSID":
			value.SetString(subSID)
		case field.Name == "ISOCountry":
			value.SetString("US")
		case value.Kind() == reflect.String:
			value.SetString("a " + field.Name + " +&=%<é")
		case value.Kind() == reflect.Bool:
			value.SetBool(true)
		case value.CanInt():
			value.SetInt(42)
		case value.CanFloat():
			value.SetFloat(0.25)
		case value.Kind() == reflect.Slice && value.Type().Elem().Kind() == reflect.String:
			for _, text := range []string{"b " + field.Name, "a&" + field.Name} {
				value.Set(reflect.Append(value, reflect.ValueOf(text).Convert(value.Type().Elem())))
			}
		default:
			panic(fmt.Sprintf("%v.%s: don't know how to fill a %v", t, field.Name, field.Type))
		}
	}
	return params
}

// wantForm says how params must look on the wire, without the help of what the
// library encodes them with.
func wantForm(params reflect.Value) url.Values {
	form := url.Values{}
	if !params.IsValid() {
		return form
	}
	for field, value := range params.Fields() {
		key, option, _ := strings.Cut(field.Tag.Get("url"), ",")
		if key == "-" || option == "omitempty" && value.IsZero() {
			continue
		}
		if value.Kind() == reflect.Pointer {
			value = value.Elem()
		}
		if value.Kind() == reflect.Slice {
			for _, v := range value.Seq2() {
				form.Add(key, v.String())
			}
			continue
		}
		form.Set(key, wantText(key, field.Tag.Get("layout"), value))
	}
	return form
}

func wantText(key, layout string, value reflect.Value) string {
	switch v := value.Interface().(type) {
	case time.Time:
		if layout == "" {
			return v.UTC().Format("2006-01-02T15:04:05Z")
		}
		if strings.HasSuffix(key, "<") {
			v = v.AddDate(0, 0, 1) // the whole last day
		}
		return v.UTC().Format(layout)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

// wire answers a client as it is told, and remembers what it was sent. What it
// has no answer for fails the test.
type wire struct {
	t    *testing.T
	mock *httpmock.MockTransport

	mu   sync.Mutex
	sent []sentRequest
}

type sentRequest struct {
	operation, method, origin, path string
	rawQuery                        string
	query, form                     url.Values
	header                          http.Header
}

// credentials are what the request authenticates with.
func (s sentRequest) credentials() (user, secret string) {
	user, secret, _ = (&http.Request{Header: s.header}).BasicAuth()
	return user, secret
}

func newWire(t *testing.T) *wire {
	t.Helper()
	w := &wire{t: t, mock: httpmock.NewMockTransport()}
	w.mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		t.Errorf("sent what nobody expects: %s %s", r.Method, r.URL)
		return nil, errors.New("no answer for this")
	})
	return w
}

// client makes a client of the wire.
func (w *wire) client(cred twilio.Credentials, opts ...twilio.Option) *twilio.Client {
	w.t.Helper()
	c, err := twilio.NewClient(cred, append(opts, w.transport(), twilio.WithMaxRetries(0))...)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// transport makes a client's requests end here.
func (w *wire) transport() twilio.Option {
	return twilio.WithHTTPClient(&http.Client{Transport: w.mock})
}

// main makes a client of the main account.
func (w *wire) main() *twilio.Client {
	w.t.Helper()
	return w.client(twilio.AuthToken(mainSID, mainToken))
}

// answer sets the answer to a method and path, whatever the query.
func (w *wire) answer(method, path string, status int, body func(query url.Values) string) {
	w.mock.RegisterResponder(method, "https://api.twilio.com"+path, w.respond(status, body))
}

// answerAll sets the answer to everything.
func (w *wire) answerAll(status int, body string) {
	w.mock.RegisterNoResponder(w.respond(status, func(url.Values) string { return body }))
}

func (w *wire) respond(status int, body func(query url.Values) string) httpmock.Responder {
	return func(r *http.Request) (*http.Response, error) {
		s := sentRequest{
			operation: twilio.OperationFromContext(r.Context()),
			method:    r.Method, origin: r.URL.Scheme + "://" + r.URL.Host, path: r.URL.EscapedPath(),
			rawQuery: r.URL.RawQuery, query: r.URL.Query(), form: url.Values{}, header: r.Header.Clone(),
		}
		if r.Body != nil {
			text, err := io.ReadAll(r.Body)
			if err == nil {
				s.form, err = url.ParseQuery(string(text))
			}
			if err != nil {
				w.t.Errorf("body of %s %s: %v", s.method, s.path, err)
			}
		}
		w.mu.Lock()
		w.sent = append(w.sent, s)
		w.mu.Unlock()
		return httpmock.NewStringResponse(status, body(s.query)), nil
	}
}

// take returns what was sent since the last time.
func (w *wire) take() []sentRequest {
	w.mu.Lock()
	defer w.mu.Unlock()
	sent := w.sent
	w.sent = nil
	return sent
}

// one returns the one request that was sent since the last time.
func (w *wire) one() sentRequest {
	w.t.Helper()
	sent := w.take()
	if len(sent) != 1 {
		w.t.Fatalf("sent %d requests, want one", len(sent))
	}
	return sent[0]
}

// refused checks that an error is a refusal on this side that names a field and
// doesn't quote what it refuses, and that nothing was sent.
func refused(t *testing.T, w *wire, err error, operation, field string, quotes ...string) {
	t.Helper()
	if w != nil {
		if sent := w.take(); len(sent) > 0 {
			t.Errorf("sent %s %s", sent[0].method, sent[0].path)
		}
	}
	e, ok := errors.AsType[*twilio.ParamError](err)
	if !ok {
		t.Errorf("error %v, want a *ParamError about %s", err, field)
		return
	}
	if e.Operation != operation || e.Field != field || e.Reason == "" {
		t.Errorf("refused %s %s: %q\nwant    %s %s", e.Operation, e.Field, e.Reason, operation, field)
	}
	for _, quote := range quotes {
		if quote != "" && strings.Contains(err.Error(), quote) {
			t.Errorf("error %q quotes %q", err, quote)
		}
	}
}

// TestEveryMethodIsListed finds the methods of services that neither operations
// nor workflows know, which no test here would look at.
func TestEveryMethodIsListed(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, op := range operations {
		known[op.method] = true
		if op.verb() == "List" {
			known[op.sibling("All")], known[op.sibling("Resume")] = true, true
		}
		if !methodOf(twilioClient, op.method).IsValid() {
			t.Errorf("%s: there is no method %s", op.id, op.method)
		}
	}
	for _, name := range methodNames(twilioClient) {
		if _, workflow := workflows[name]; !workflow && !known[name] {
			t.Errorf("%s is in neither operations nor workflows", name)
		}
	}
}
